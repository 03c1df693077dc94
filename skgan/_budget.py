"""The time that a fit may take."""

from __future__ import annotations

import math
import time


class Budget:
    """Seconds of wall-clock time, counted from the moment the budget is made.

    Parameters
    ----------
    max_time : float or None, default=None
        None is no limit.
    """

    def __init__(self, max_time=None):
        self.max_time = max_time
        self.start = time.monotonic()

    def left(self):
        """Seconds that are left, negative once the time is over, infinite without a limit."""
        return math.inf if self.max_time is None else self.start + self.max_time - time.monotonic()

    def deadline(self, share=1.0):
        """The moment, in seconds of `time.monotonic`, when this share of what is left will be over.

        None without a limit; a moment that has passed once the time is over.
        """
        return None if self.max_time is None else time.monotonic() + self.left() * share

    def rows_affordable(self, rows_per_second):
        """How many rows can be worked on in the time that is left."""
        return rows_per_second * self.left()
