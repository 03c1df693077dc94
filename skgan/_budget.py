"""The time limit of a fit."""

from __future__ import annotations

import math
import time


class Budget:
    """A limit of wall-clock time, counted from the creation of the object.

    Parameters
    ----------
    max_time : float or None, default=None
        Seconds; None is no limit.
    """

    def __init__(self, max_time=None):
        self.max_time = max_time
        self.start = time.monotonic()

    @classmethod
    def with_left(cls, max_time, seconds):
        """A limit of which some time is used up already: `seconds` are left."""
        budget = cls(max_time)
        if max_time is not None:
            budget.start += seconds - max_time
        return budget

    def left(self):
        """Seconds left: negative after the limit, infinite without one."""
        return math.inf if self.max_time is None else self.start + self.max_time - time.monotonic()

    def allows(self, seconds):
        """Whether what takes this long can be done in the time that is left."""
        return seconds <= self.left()

    def deadline(self, share=1.0):
        """The time, in seconds of `time.monotonic`, at which this share of the time left will be over.

        None without a limit. After the limit, it is in the past.
        """
        return None if self.max_time is None else time.monotonic() + self.left() * share

    def rows_affordable(self, rows_per_second):
        """How many rows can be processed in the time that is left."""
        return rows_per_second * self.left()
