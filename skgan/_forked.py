"""What a forked process must do: its parent's threads do not exist in it, and their locks and pools stay behind."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager

_here = {"is_forked": False}


def after_fork(function):
    """Call ``function()`` in each forked process, right after the fork; returns the function."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=function)
    return function


@after_fork
def _note():
    _here["is_forked"] = True


class Lock:
    """A lock for a ``with`` statement that a forked process finds open, whoever held it. It is never freed."""

    def __init__(self):
        self._renew()
        after_fork(self._renew)

    def _renew(self):
        self._lock = threading.Lock()

    def __enter__(self):
        self._lock.acquire()

    def __exit__(self, *error):
        self._lock.release()


def is_forked():
    """Whether this process was forked from one that had imported skgan."""
    return _here["is_forked"]


@contextmanager
def one_openmp_thread_if_forked():
    """Limit OpenMP to one thread in a forked process.

    GNU's OpenMP waits for the threads that it had before the fork. They do not exist any more, so it would never go on.
    """
    if not is_forked():
        yield
        return
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="openmp"):
        yield
