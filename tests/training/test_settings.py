"""Settings of the whole process: changed inside, given back after, whoever else is inside."""

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import torch

from skgan.training import _settings, one_thread, rounded_products
from skgan.training._settings import Borrowed

ROOT = Path(__file__).parents[2]


class Setting:
    """A setting of its own, and all that was written to it."""

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
def borrowed(setting):
    return Borrowed(setting.read, setting.write, "ours")


def test_the_setting_is_ours_inside_and_the_callers_after(setting, borrowed):
    with borrowed():
        assert setting.value == "ours"
        with borrowed():
            assert setting.value == "ours"
        assert setting.value == "ours"
    assert setting.value == "the caller's"


def test_the_caller_may_change_it_between_two_blocks(setting, borrowed):
    with borrowed():
        pass
    setting.value = "another"
    with borrowed():
        assert setting.value == "ours"
    assert setting.value == "another"


def test_an_error_inside_gives_it_back(setting, borrowed):
    with pytest.raises(ZeroDivisionError), borrowed():
        with pytest.raises(KeyError), borrowed():
            raise KeyError
        assert setting.value == "ours"
        raise ZeroDivisionError
    assert setting.value == "the caller's"


@pytest.mark.parametrize("first_in_leaves_first", [True, False])
def test_the_last_of_blocks_side_by_side_gives_it_back(setting, borrowed, first_in_leaves_first):
    entered, leave, left = ([threading.Event() for _ in range(2)] for _ in range(3))

    def stay(number):
        with borrowed():
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


def test_one_thread_side_by_side(three_threads):
    inside, seen = threading.Barrier(4), []

    def fit(turn):
        with one_thread():
            inside.wait(10)
            seen.append(torch.get_num_threads())
            left[turn - 1].wait(10) if turn else None
            # The others have left or are still inside: here it is one thread all the same.
            seen.append(torch.get_num_threads())
        left[turn].set()

    left = [threading.Event() for _ in range(4)]
    threads = [threading.Thread(target=fit, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert seen == [1] * 8
    assert torch.get_num_threads() == 3
    fresh = []
    late = threading.Thread(target=lambda: fresh.append((torch.ones(2).sum(), torch.get_num_threads())[1]))
    late.start()
    late.join(10)
    assert fresh == [3]


@pytest.fixture(params=["highest", "high"])
def callers_precision(request):
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(request.param)
    yield request.param
    torch.set_float32_matmul_precision(before)


def test_products_are_rounded_where_that_is_faster(monkeypatch, callers_precision):
    monkeypatch.setattr(_settings, "_has_matrix_units", lambda: True)
    with rounded_products():
        assert torch.get_float32_matmul_precision() == "medium"
        with rounded_products():
            assert torch.get_float32_matmul_precision() == "medium"
        assert torch.get_float32_matmul_precision() == "medium"
    assert torch.get_float32_matmul_precision() == callers_precision


def test_products_are_rounded_nowhere_else(monkeypatch, callers_precision):
    monkeypatch.setattr(_settings, "_has_matrix_units", lambda: False)
    with rounded_products():
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
    assert _settings._has_matrix_units() is (cuda or bool(amx))


BACKEND_BY_BACKEND = """
import torch
from skgan.training import _settings, rounded_products

_settings._has_matrix_units = lambda: True
backends = torch.backends.mkldnn.matmul, torch.backends.cuda.matmul
backends[0].fp32_precision = "bf16"
shown = [[backend.fp32_precision for backend in backends]]
with rounded_products():
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
