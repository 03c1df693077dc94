"""Two hands that work side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import joblib

from skgan._torch_settings import use_one_thread

MAX_HANDS = 2


class Crew:
    """Applies a function to several things: every n-th on this thread, the others on threads of their own.

    torch and NumPy let Python's lock go while they compute, so threads need no copies of anything. They wait for each
    other asleep, unlike those of OpenMP, and so lose little where another process wants the cores.

    Parameters
    ----------
    n_hands : int
        How many work, this thread among them.
    pool : concurrent.futures.Executor or None
        Where the others work.
    """

    def __init__(self, n_hands=1, pool=None):
        self._n_hands, self._pool = n_hands, pool

    def map(self, function, things):
        """``[function(thing) for thing in things]``, in that order whoever ends first."""
        things = list(things)
        shares = [things[k :: self._n_hands] for k in range(min(self._n_hands, len(things)))]
        waiting = [self._pool.submit(_each, function, share) for share in shares[1:]]
        found = [None] * len(things)
        try:
            found[:: self._n_hands] = _each(function, shares[0]) if shares else []
        finally:
            # An error on this thread must not leave the others at work on what the caller takes back.
            for future in waiting:
                future.exception()
        for k, future in enumerate(waiting, start=1):
            found[k :: self._n_hands] = future.result()
        return found


def _each(function, things):
    return [function(thing) for thing in things]


@contextmanager
def crew():
    """As many hands as there are cores, two at most: what they make does not depend on how many they are."""
    n_hands = min(MAX_HANDS, joblib.cpu_count())
    if n_hands == 1:
        yield Crew()
        return
    # torch counts its threads thread by thread, and a new one does not know that its parent uses one.
    with ThreadPoolExecutor(n_hands - 1, thread_name_prefix="skgan", initializer=use_one_thread) as pool:
        yield Crew(n_hands, pool)
