"""Work on several threads side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import joblib
from joblib.parallel import get_active_backend

from skgan._torch_settings import use_one_thread

# A batch is cut into two parts, so more threads would have nothing to do.
MAX_THREADS = 2


class ThreadMap:
    """Applies a function to several items: every n-th on this thread, the others on threads of a pool.

    torch and NumPy release the GIL while they compute, so that nothing needs to be copied. Waiting threads sleep,
    unlike those of OpenMP, and so lose little time where another process uses the cores.

    Parameters
    ----------
    n_threads : int, default=1
        How many threads work, this one included.
    pool : concurrent.futures.Executor or None, default=None
        The other threads.
    """

    def __init__(self, n_threads=1, pool=None):
        self._n_threads, self._pool = n_threads, pool

    def map(self, function, items):
        """``[function(item) for item in items]``, in that order whichever thread ends first."""
        items = list(items)
        shares = [items[k :: self._n_threads] for k in range(min(self._n_threads, len(items)))]
        waiting = [self._pool.submit(_each, function, share) for share in shares[1:]]
        found = [None] * len(items)
        try:
            found[:: self._n_threads] = _each(function, shares[0]) if shares else []
        finally:
            # After an error on this thread the others must not go on working on what the caller takes back.
            for future in waiting:
                future.exception()
        for k, future in enumerate(waiting, start=1):
            found[k :: self._n_threads] = future.result()
        return found


def _each(function, items):
    return [function(item) for item in items]


def count_threads(n_jobs=None):
    """How many threads to use: at most two, since no more are of use.

    Parameters
    ----------
    n_jobs : int or None, default=None
        As in joblib: -1 is one per core. None is one per core too, but a single one inside of a joblib worker, whose
        siblings use the other cores.
    """
    if n_jobs is not None:
        return min(MAX_THREADS, joblib.effective_n_jobs(n_jobs))
    backend, _ = get_active_backend()
    return 1 if backend.nesting_level else min(MAX_THREADS, joblib.cpu_count())


@contextmanager
def threads(n_jobs=None):
    """A `ThreadMap`. What it computes does not depend on how many threads there are."""
    n_threads = count_threads(n_jobs)
    if n_threads == 1:
        yield ThreadMap()
        return
    # torch counts its threads thread by thread, and a new one does not know that its parent uses one.
    with ThreadPoolExecutor(n_threads - 1, thread_name_prefix="skgan", initializer=use_one_thread) as pool:
        yield ThreadMap(n_threads, pool)
