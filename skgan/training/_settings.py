"""Settings of torch that are the whole process's, changed while a block runs and given back after it."""

from __future__ import annotations

import threading
from contextlib import contextmanager, nullcontext

import torch


class Borrowed:
    """A context manager that changes one setting; of blocks side by side, the last to end gives it back.

    Parameters
    ----------
    read, write : callable
        ``read() -> value`` and ``write(value)``.
    value : object
        What the setting is inside.
    """

    def __init__(self, read, write, value):
        self.read, self.write, self.value = read, write, value
        self._lock = threading.Lock()
        self._n_inside = 0

    @contextmanager
    def __call__(self):
        with self._lock:
            if self._n_inside == 0:
                self._before = self.read()
            self._n_inside += 1
            self.write(self.value)
        try:
            yield
        finally:
            with self._lock:
                self._n_inside -= 1
                if self._n_inside == 0:
                    self.write(self._before)


def _read_precision():
    try:
        return torch.get_float32_matmul_precision()
    except RuntimeError:
        # The caller has set precision backend by backend, and that stays as it is.
        return None


def _write_precision(precision):
    if _has_matrix_units() and _read_precision() is not None and precision is not None:
        torch.set_float32_matmul_precision(precision)


def _has_matrix_units():
    """Whether products of rounded factors are several times faster here: CUDA's tensor cores, Intel's AMX."""
    on_cpu = getattr(torch.cpu, "_is_amx_tile_supported", None)
    return torch.cuda.is_available() or bool(on_cpu and on_cpu())


def _read_deterministic():
    return torch.backends.cudnn.deterministic


def _write_deterministic(value):
    torch.backends.cudnn.deterministic = value


# More threads wait for each other longer than small networks work.
one_thread = Borrowed(torch.get_num_threads, torch.set_num_threads, 1)
# Factors of matrix products rounded to bfloat16 (TF32 on CUDA), sums in single precision, where that is faster.
rounded_products = Borrowed(_read_precision, _write_precision, "medium")
# Convolutions on CUDA that give the same to the last bit.
same_convolutions = Borrowed(_read_deterministic, _write_deterministic, True)


@contextmanager
def own_settings(*, rounded=True):
    """The settings of torch that fits and samples run under; the caller's come back afterwards.

    Parameters
    ----------
    rounded : bool, default=True
        Whether factors of matrix products may be rounded.
    """
    with one_thread(), rounded_products() if rounded else nullcontext(), same_convolutions():
        # The caller may have switched gradients off.
        with torch.inference_mode(False), torch.enable_grad():
            yield
