"""Settings of torch: changed inside a block, restored after it, whatever is raised and whoever else is inside."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch

from skgan import _torch_settings
from skgan._torch_settings import (
    ProcessSetting,
    deterministic_convolutions,
    fast_matmul,
    one_thread,
    own_settings,
    plain_tensors,
)
from skgan.training import threads

ROOT = Path(__file__).parents[1]


class Setting:
    """A made-up setting, and all that was written to it."""

    def __init__(self, value="the caller's"):
        self.value, self.written = value, []

    def read(self):
        return self.value

    def write(self, value):
        self.value = value
        self.written.append(value)


@pytest.fixture
def setting():
    return Setting()


@pytest.fixture
def changed(setting):
    return ProcessSetting(setting.read, setting.write, "ours")


def test_the_setting_is_ours_inside_and_the_callers_after(setting, changed):
    with changed():
        assert setting.value == "ours"
        with changed():
            assert setting.value == "ours"
        assert setting.value == "ours"
    assert setting.value == "the caller's"


def test_the_caller_may_change_it_between_two_blocks(setting, changed):
    with changed():
        pass
    setting.value = "another"
    with changed():
        assert setting.value == "ours"
    assert setting.value == "another"


def test_an_error_inside_restores_it(setting, changed):
    with pytest.raises(ZeroDivisionError), changed():
        with pytest.raises(KeyError), changed():
            raise KeyError
        assert setting.value == "ours"
        raise ZeroDivisionError
    assert setting.value == "the caller's"


@pytest.mark.parametrize("first_in_leaves_first", [True, False])
def test_the_last_of_concurrent_blocks_restores_it(setting, changed, first_in_leaves_first):
    entered, leave, left = ([threading.Event() for _ in range(2)] for _ in range(3))

    def stay(number):
        with changed():
            entered[number].set()
            leave[number].wait(10)
        left[number].set()

    threads = [threading.Thread(target=stay, args=(number,)) for number in range(2)]
    for thread, event in zip(threads, entered):
        thread.start()
        assert event.wait(10)
    order = [0, 1] if first_in_leaves_first else [1, 0]
    for number, expected in zip(order, ("ours", "the caller's")):
        assert setting.value == "ours"
        leave[number].set()
        assert left[number].wait(10)
        assert setting.value == expected
    assert setting.written == ["ours", "ours", "the caller's"]


@pytest.fixture
def three_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


def test_one_thread_restores_the_callers_setting(three_threads):
    with one_thread():
        assert torch.get_num_threads() == 1
        with one_thread():
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 3


def test_one_thread_restores_after_an_error(three_threads):
    with pytest.raises(ZeroDivisionError), one_thread():
        raise ZeroDivisionError
    assert torch.get_num_threads() == 3


def in_new_thread(function):
    """What the function returns when another thread calls it."""
    found = []
    thread = threading.Thread(target=lambda: found.append(function()))
    thread.start()
    thread.join(10)
    return found[0]


def test_each_of_concurrent_threads_gets_its_own_number_back(three_threads):
    inside, seen = threading.Barrier(4), []

    def fit(turn):
        with one_thread():
            inside.wait(10)
            seen.append(torch.get_num_threads())
            left[turn - 1].wait(10) if turn else None
            # Some of the threads have left and others are still inside: here it is one thread in any case.
            seen.append(torch.get_num_threads())
        after.append(torch.get_num_threads())
        left[turn].set()

    left, after = [threading.Event() for _ in range(4)], []
    threads = [threading.Thread(target=fit, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert seen == [1] * 8
    assert after == [3] * 4
    assert torch.get_num_threads() == in_new_thread(torch.get_num_threads) == 3


def test_a_thread_that_starts_meanwhile_keeps_the_callers_number(three_threads):
    with one_thread():
        assert in_new_thread(torch.get_num_threads) == 3
        with one_thread():
            pass
        assert torch.get_num_threads() == 1
        assert in_new_thread(torch.get_num_threads) == 3


def test_the_first_to_leave_gets_its_number_back_at_once(three_threads):
    entered, leave = threading.Event(), threading.Event()

    def stay():
        with one_thread():
            entered.set()
            leave.wait(10)
        return torch.get_num_threads()

    with one_thread():
        found = []
        other = threading.Thread(target=lambda: found.append(stay()))
        other.start()
        assert entered.wait(10)
    assert torch.get_num_threads() == 3
    leave.set()
    other.join(10)
    assert found == [3]


def test_each_thread_of_a_pool_computes_alone(monkeypatch, three_threads):
    monkeypatch.setattr("joblib.cpu_count", lambda: 2)
    with one_thread(), threads() as pool:
        found = pool.map(lambda _: (threading.get_ident(), torch.get_num_threads()), range(2))
    assert found[0][0] != found[1][0]
    assert [number for _, number in found] == [1, 1]
    assert in_new_thread(torch.get_num_threads) == 3


@pytest.fixture(params=["highest", "high"])
def callers_precision(request):
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(request.param)
    yield request.param
    torch.set_float32_matmul_precision(before)


def test_products_are_rounded_where_that_is_faster(monkeypatch, callers_precision):
    monkeypatch.setattr(_torch_settings, "_has_matrix_units", lambda: True)
    with fast_matmul():
        assert torch.get_float32_matmul_precision() == "medium"
        with fast_matmul():
            assert torch.get_float32_matmul_precision() == "medium"
        assert torch.get_float32_matmul_precision() == "medium"
    assert torch.get_float32_matmul_precision() == callers_precision


def test_products_are_rounded_nowhere_else(monkeypatch, callers_precision):
    monkeypatch.setattr(_torch_settings, "_has_matrix_units", lambda: False)
    with fast_matmul():
        assert torch.get_float32_matmul_precision() == callers_precision
    assert torch.get_float32_matmul_precision() == callers_precision


@pytest.mark.parametrize("cuda", [True, False])
@pytest.mark.parametrize("amx", [True, False, None])
def test_where_products_are_faster(monkeypatch, cuda, amx):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    if amx is None:  # an older torch
        monkeypatch.delattr(torch.cpu, "_is_amx_tile_supported", raising=False)
    else:
        monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx, raising=False)
    assert _torch_settings._has_matrix_units() is (cuda or bool(amx))


BACKEND_BY_BACKEND = """
import torch
from skgan import _torch_settings

_torch_settings._has_matrix_units = lambda: True
backends = torch.backends.mkldnn.matmul, torch.backends.cuda.matmul
backends[0].fp32_precision = "bf16"
shown = [[backend.fp32_precision for backend in backends]]
with _torch_settings.fast_matmul():
    shown.append([backend.fp32_precision for backend in backends])
shown.append([backend.fp32_precision for backend in backends])
print(*shown[0], *shown[1], *shown[2])
"""


@pytest.mark.skipif(
    not hasattr(getattr(torch.backends.mkldnn, "matmul", None), "fp32_precision"), reason="torch has one setting"
)
def test_a_caller_who_sets_precision_backend_by_backend_is_left_alone():
    # In a process of its own: torch keeps to the way in which precision was set.
    command = [sys.executable, "-c", BACKEND_BY_BACKEND]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
    before, inside, after = np.array_split(done.stdout.split()[-6:], 3)
    assert before[0] == "bf16"
    assert list(before) == list(inside) == list(after)


# Whatever is raised, wherever ----------------------------------------------------------------------------------


class Failing(Setting):
    """A setting whose n-th call of `read` or `write` fails, after it was written."""

    def __init__(self, method, number):
        super().__init__()
        self.fails, self.number = method, number

    def _count(self, method):
        self.number -= method == self.fails
        if method == self.fails and self.number == 0:
            raise OSError(method)

    def read(self):
        self._count("read")
        return super().read()

    def write(self, value):
        super().write(value)
        self._count("write")


@pytest.mark.parametrize(("method", "number"), [("read", 1), ("write", 1), ("write", 2)])
def test_a_setting_that_fails_is_restored_and_can_be_changed_again(method, number):
    setting = Failing(method, number)
    changed = ProcessSetting(setting.read, setting.write, "ours")
    with pytest.raises(OSError, match=method), changed():
        assert setting.value == "ours"
    assert setting.value == "the caller's"
    setting.value = "another"
    with changed():
        assert setting.value == "ours"
    assert setting.value == "another"


def test_a_setting_that_cannot_be_restored_says_so_and_does_not_count_as_inside(setting):
    def write(value):
        if value != "ours":
            raise OSError("read-only")
        setting.write(value)

    changed = ProcessSetting(setting.read, write, "ours")
    for _ in range(2):
        with pytest.raises(OSError, match="read-only"), changed():
            pass
        setting.value = "the caller's"
    assert not changed._inside


@pytest.mark.parametrize("way", ["close", "forget"])
def test_a_generator_that_is_left_open_restores_it(setting, changed, three_threads, way):
    def steps():
        with changed(), one_thread():
            yield setting.value, torch.get_num_threads()

    started = steps()
    assert next(started) == ("ours", 1)
    if way == "close":
        started.close()
    del started
    assert (setting.value, torch.get_num_threads()) == ("the caller's", 3)


def state():
    """All that blocks of skgan change."""
    return {
        "threads": torch.get_num_threads(),
        "threads of a new thread": in_new_thread(torch.get_num_threads),
        "dtype": torch.get_default_dtype(),
        "device": torch.empty(0).device.type,
        "autocast": torch.is_autocast_enabled("cpu"),
        "gradients": torch.is_grad_enabled(),
        "inference": torch.is_inference_mode_enabled(),
        "products": torch.get_float32_matmul_precision(),
        "convolutions": torch.backends.cudnn.deterministic,
    }


OURS = {
    "threads": 1,
    "threads of a new thread": 3,
    "dtype": torch.float32,
    "device": "cpu",
    "autocast": False,
    "gradients": True,
    "inference": False,
    "products": "medium",
    "convolutions": True,
}


@pytest.fixture
def all_of_the_callers(monkeypatch, three_threads):
    """Everything set otherwise than skgan wants it."""
    monkeypatch.setattr(_torch_settings, "_has_matrix_units", lambda: True)
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")
    with torch.autocast("cpu"), torch.inference_mode():
        yield state()
    torch.set_default_device(None)
    torch.set_default_dtype(torch.float32)


def test_own_settings_replace_all_of_the_callers_and_restore_them(all_of_the_callers):
    assert all(all_of_the_callers[name] != OURS[name] for name in OURS if name != "threads of a new thread")
    with own_settings():
        assert state() == OURS
        with own_settings():
            assert state() == OURS
        assert state() == OURS
        with own_settings(rounded=False):
            assert state() == OURS
    assert state() == all_of_the_callers
    with own_settings(rounded=False):
        assert state() == {**OURS, "products": "highest"}
    assert state() == all_of_the_callers


def test_plain_tensors_leave_the_number_of_threads(all_of_the_callers):
    names = ("dtype", "device", "autocast", "gradients", "inference")
    with plain_tensors():
        assert state() == {**all_of_the_callers, **{name: OURS[name] for name in names}}
    assert state() == all_of_the_callers


def test_own_settings_hold_in_the_threads_of_a_pool(monkeypatch, all_of_the_callers):
    monkeypatch.setattr("joblib.cpu_count", lambda: 2)

    def seen(_):
        return threading.get_ident(), torch.empty(0), torch.ones(2, 2) @ torch.ones(2, 2), torch.get_num_threads()

    with own_settings(), threads() as pool:
        found = pool.map(seen, range(2))
    assert found[0][0] != found[1][0]
    for _, empty, product, n_threads in found:
        assert (empty.device.type, empty.dtype, product.dtype, n_threads) == ("cpu", torch.float32, torch.float32, 1)


class Interrupt(BaseException):
    """Stands for Ctrl-C."""


@contextmanager
def interrupted_at(number, of):
    """Raise `Interrupt` before the n-th line that is run of a module; tells how many lines were run."""
    lines = []

    def trace(frame, event, _):
        if frame.f_code.co_filename != of.__file__:
            return None
        if event == "line":
            lines.append(f"{frame.f_code.co_name}:{frame.f_lineno}")
            if len(lines) == number:
                raise Interrupt(lines[-1])
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield lines
    finally:
        sys.settrace(before)


@pytest.fixture
def fresh_locks(monkeypatch):
    """An interrupt may leave a lock locked for ever, which the tests after this one must not wait for."""
    monkeypatch.setattr(_torch_settings, "_COUNTING", threading.RLock())
    for setting in (_torch_settings.fast_matmul, deterministic_convolutions, _torch_settings.single_precision):
        monkeypatch.setattr(setting, "_lock", threading.RLock())


def test_a_lock_that_an_interrupt_left_locked_does_not_stop_other_threads(monkeypatch, fresh_locks):
    monkeypatch.setattr(_torch_settings, "PATIENCE", 0.01)
    _torch_settings._COUNTING.acquire()
    _torch_settings.fast_matmul._lock.acquire()

    def compute():
        with own_settings():
            return torch.get_num_threads()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(compute).result(timeout=30) == 1


def where_interrupted(block, number):
    """The line at which a block was interrupted, None where it has fewer lines."""
    try:
        with interrupted_at(number, _torch_settings), block():
            pass
    except Interrupt as interrupt:
        return str(interrupt)
    return None


@pytest.mark.parametrize("block", [own_settings, one_thread, fast_matmul, deterministic_convolutions, plain_tensors])
def test_an_interrupt_at_any_line_restores_all(all_of_the_callers, block, fresh_locks):
    number, left_over = 1, []
    while (where := where_interrupted(block, number)) is not None:
        if state() != all_of_the_callers:
            left_over.append(where)
        number += 1
    assert left_over == []
    assert number > 10
