"""When something is due during a run."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass

from skgan._validation import is_whole


def share_done(run):
    """The share of the run that is over after the last step, in [0, 1], by steps or by time."""
    return min(max(run.progress, run.n_iter / run.max_iter), 1.0)


def is_limited_by_time(run):
    """Whether it is the time that will end the run, and not the number of steps."""
    return run.progress > run.n_iter / run.max_iter


@dataclass(frozen=True)
class Every:
    """A number of steps, or a share of the run; a rule for `check_option`."""

    def __str__(self):
        return "a whole number of steps of at least 1, or a share of the run, a float above 0 and up to 1"

    def allows(self, value):
        if is_whole(value):
            return value >= 1
        return isinstance(value, numbers.Real) and not isinstance(value, bool) and 0 < value <= 1


class Moments:
    """Moments of a run at regular distances.

    Parameters
    ----------
    every : int or float
        The distance: an int is a number of steps, a float a share of the run.
    run : Run
        Before its next step.
    """

    def __init__(self, every, run):
        self.every = every
        self._n_passed = self._count(run)

    def passed(self, run):
        """Whether the run passed such a moment since the last call."""
        before, self._n_passed = self._n_passed, self._count(run)
        return self._n_passed > before

    def _count(self, run):
        return n_passed(self.every, run.n_iter, share_done(run))


def n_passed(every, step, share):
    """How many moments there are up to a step, after which a share of the run is over."""
    # Ten steps of 0.1 are less than 1 in floats.
    return step // every if is_whole(every) else math.floor(share / every + 1e-9)
