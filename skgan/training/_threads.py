"""Run a function on several threads in parallel."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import joblib
from joblib.parallel import get_active_backend

from skgan._forked import is_forked
from skgan._torch_settings import use_one_thread

# A batch has two parts, so that more threads would be idle.
MAX_THREADS = 2


class ThreadMap:
    """Applies a function to several items: every n-th on this thread, the others on threads of a pool.

    torch and NumPy release the GIL while they compute, so that threads are enough and no data are copied. Waiting
    threads sleep, unlike those of OpenMP, and so lose little time if another process uses the cores.

    Parameters
    ----------
    n_threads : int, default=1
        Number of threads, including this one.
    pool : concurrent.futures.Executor or None, default=None
        The other threads.
    """

    def __init__(self, n_threads=1, pool=None):
        self._n_threads, self._pool = n_threads, pool

    def map(self, function, items):
        """``[function(item) for item in items]``, in this order."""
        items = list(items)
        shares = [items[k :: self._n_threads] for k in range(min(self._n_threads, len(items)))]
        waiting = [self._pool.submit(_each, function, share) for share in shares[1:]]
        found = [None] * len(items)
        try:
            found[:: self._n_threads] = _each(function, shares[0]) if shares else []
        finally:
            # After an error on this thread, wait until the others no longer use the caller's data.
            for future in waiting:
                future.exception()
        for k, future in enumerate(waiting, start=1):
            found[k :: self._n_threads] = future.result()
        return found


def _each(function, items):
    return [function(item) for item in items]


def count_threads(n_jobs=None):
    """How many threads to use: at most two, because more would be idle.

    Parameters
    ----------
    n_jobs : int or None, default=None
        As in joblib: -1 is one per core. None is one per core too, but one inside a joblib worker, because other
        workers use the other cores. A forked process has one thread.
    """
    if is_forked():
        # Some libraries of matrix products crash now and then where two threads first enter them after a fork.
        return 1
    if n_jobs is not None:
        return min(MAX_THREADS, joblib.effective_n_jobs(n_jobs))
    backend, _ = get_active_backend()
    return 1 if backend.nesting_level else min(MAX_THREADS, joblib.cpu_count())


@contextmanager
def threads(n_jobs=None):
    """A `ThreadMap`. Results do not depend on the number of threads."""
    n_threads = count_threads(n_jobs)
    if n_threads == 1:
        yield ThreadMap()
        return
    # torch's number of threads is a setting of each thread, which new threads do not inherit.
    with ThreadPoolExecutor(n_threads - 1, thread_name_prefix="skgan", initializer=use_one_thread) as pool:
        yield ThreadMap(n_threads, pool)
