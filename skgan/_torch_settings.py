"""Change settings of torch during skgan's computations, and restore them."""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import torch

from ._forked import after_fork, one_openmp_thread_if_forked

# Device types that may have autocast.
DEVICE_TYPES = ("cpu", "cuda", "mps", "xpu")


# An interrupt at the wrong moment can leave a lock locked. After this many seconds, threads continue without it.
PATIENCE = 1.0


@contextmanager
def _held(lock):
    locked = lock.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if locked:
            lock.release()


@dataclass(frozen=True, eq=False)
class _Block:
    """One use of a `ProcessSetting`."""

    thread: int


class ProcessSetting:
    """A context manager that changes a setting of the whole process; the last of concurrent blocks restores it.

    Parameters
    ----------
    read, write : callable
        ``read() -> value`` and ``write(value)``.
    value : object
        The setting inside the block.
    """

    def __init__(self, read, write, value):
        self.read, self.write, self.value = read, write, value
        # Reentrant, because the garbage collector may close an abandoned block while this thread holds it.
        self._lock = threading.RLock()
        self._inside = set()

    def forget_other_threads(self):
        """In a forked process: only the blocks of the thread that forked go on."""
        self._lock = threading.RLock()
        left_behind = {block for block in self._inside if block.thread != threading.get_ident()}
        self._inside -= left_behind
        if left_behind and not self._inside:
            self.write(self._before)

    @contextmanager
    def __call__(self):
        block = _Block(threading.get_ident())
        try:
            try:
                self._enter(block)
                yield
            finally:
                self._leave(block)
        finally:
            # Does nothing, unless an interrupt or an error stopped the first attempt.
            try:
                self._leave(block)
            finally:
                self._inside.discard(block)

    def _enter(self, block):
        with _held(self._lock):
            if not self._inside:
                self._before = self.read()
            self._inside.add(block)
            self.write(self.value)

    def _leave(self, block):
        with _held(self._lock):
            if self._inside == {block}:
                self.write(self._before)
            self._inside.discard(block)


@contextmanager
def one_thread():
    """Limit torch to one thread for the calling thread; other threads are not affected.

    With small networks, more threads spend more time on synchronisation than they save.
    """
    with _held(_COUNTING):
        before = torch.get_num_threads()
    if before == 1:
        yield
        return
    try:
        try:
            use_one_thread()
            yield
        finally:
            torch.set_num_threads(before)
    finally:
        # Again, because an interrupt may have stopped the first attempt.
        torch.set_num_threads(before)


# A thread that starts while another one is inside `use_one_thread` must not read the temporary number.
_COUNTING = threading.RLock()


def use_one_thread():
    """Limit torch to one thread for the calling thread, permanently."""
    with _held(_COUNTING):
        before = torch.get_num_threads()
        if before == 1:
            return
        torch.set_num_threads(1)
        # New threads use the number that any thread set last, so that a helper thread resets it.
        helper = threading.Thread(target=torch.set_num_threads, args=(before,))
        helper.start()
        helper.join()


def _read_precision():
    try:
        return torch.get_float32_matmul_precision()
    except RuntimeError:
        # The caller has set the precision of each backend, which is not changed.
        return None


def _write_precision(precision):
    if _has_matrix_units() and _read_precision() is not None and precision is not None:
        torch.set_float32_matmul_precision(precision)


def _has_matrix_units():
    """Whether this machine has fast matrix products at reduced precision: CUDA's tensor cores or Intel's AMX."""
    on_cpu = getattr(torch.cpu, "_is_amx_tile_supported", None)
    return torch.cuda.is_available() or bool(on_cpu and on_cpu())


def _read_deterministic():
    return torch.backends.cudnn.deterministic


def _write_deterministic(value):
    torch.backends.cudnn.deterministic = value


# Factors of matrix products are rounded to bfloat16 (TF32 on CUDA), sums are in single precision.
fast_matmul = ProcessSetting(_read_precision, _write_precision, "medium")
# Convolutions on CUDA give bit-identical results each time.
deterministic_convolutions = ProcessSetting(_read_deterministic, _write_deterministic, True)
single_precision = ProcessSetting(torch.get_default_dtype, torch.set_default_dtype, torch.float32)


@after_fork
def _forget_other_threads():
    global _COUNTING
    _COUNTING = threading.RLock()
    for setting in (fast_matmul, deterministic_convolutions, single_precision):
        setting.forget_other_threads()


def plain_tensors():
    """A context in which torch has its default settings, whatever the caller's are.

    New tensors are float32 and on the CPU by default, autocast is off, and gradients can be computed. Except for the
    dtype, these are settings of the calling thread; new threads start with the defaults.
    """
    return _all_of(
        single_precision(),
        one_openmp_thread_if_forked(),
        *_without_autocast(),
        *_on_the_cpu(),
        torch.inference_mode(False),
        torch.enable_grad(),
    )


def own_settings(*, rounded=True):
    """The context in which samplers are fitted and draw rows, whatever the caller's settings are.

    Parameters
    ----------
    rounded : bool, default=True
        Whether factors of matrix products may be rounded. Results then depend a little on the number of rows.
    """
    return _all_of(one_thread(), deterministic_convolutions(), plain_tensors(), *([fast_matmul()] if rounded else []))


@contextmanager
def _all_of(*contexts):
    stack = ExitStack()
    try:
        try:
            for context in contexts:
                stack.enter_context(context)
            yield
        finally:
            stack.close()
    finally:
        # Does nothing, unless an interrupt stopped the first attempt.
        stack.close()


def _without_autocast():
    available = filter(torch.amp.is_autocast_available, DEVICE_TYPES)
    return [torch.autocast(kind, enabled=False) for kind in available if torch.is_autocast_enabled(kind)]


def _on_the_cpu():
    # A device context slows down each call of torch, so that it is only used if needed.
    return [] if torch.empty(0).device.type == "cpu" else [torch.device("cpu")]
