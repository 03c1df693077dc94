"""Schedules: functions of the progress of a run in [0, 1], without state."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Cosine:
    """Cosine decay from `start` to `end`, constant up to a progress of `hold` [1]_.

    References
    ----------
    .. [1] Loshchilov and Hutter, "SGDR: Stochastic gradient descent with warm restarts", ICLR 2017, eq. 5.
    """

    start: float = 1.0
    end: float = 0.0
    hold: float = 0.0

    def __call__(self, progress: float) -> float:
        share = (progress - self.hold) / (1.0 - self.hold) if progress > self.hold else 0.0
        return self.end + (self.start - self.end) * 0.5 * (1.0 + math.cos(math.pi * share))
