"""Warn of a run that limited time ends far from its last step: as soon as its pace is known, or else at its end."""

from __future__ import annotations

from sklearn.exceptions import ConvergenceWarning

from skgan._warnings import warn
from skgan.callbacks import Callback

# A run that limited time ends before this share of its steps is too short to trust.
ENOUGH = 0.5
# The pace is known after this many steps or this share of the time, whichever is later. The first steps are slow.
KNOWN_AFTER, KNOWN_AFTER_SHARE, SLOW_STEPS = 20, 0.02, 5


class Pace(Callback):
    """Warns once of a run whose time allows fewer than half of its steps.

    It reads nothing but the seconds that the run has measured, so that no device is waited for.

    Parameters
    ----------
    max_time : float or None
        Of the fit; with None there is no warning.
    share : float
        The share of the time after preparation that training gets.
    left : callable
        ``left()``: the seconds that the fit has left.
    """

    def __init__(self, max_time, share, left):
        self.max_time, self.share, self.left = max_time, share, left
        self._has_warned = False

    def on_run_begin(self, run):
        self._first, self._begin = run.n_iter, run.seconds
        self._end = self._begin + self.left() * self.share

    def on_step_end(self, run):
        if self.max_time is None or self._has_warned:
            return
        n_steps = run.n_iter - self._first
        if n_steps == SLOW_STEPS:
            self._after_slow_steps = run.seconds
        if n_steps < KNOWN_AFTER or run.seconds - self._begin < KNOWN_AFTER_SHARE * self.max_time:
            return
        seconds_per_step = (run.seconds - self._after_slow_steps) / (n_steps - SLOW_STEPS)
        to_come = (self._end - run.seconds) / max(seconds_per_step, 1e-9)
        self._warn_if_short(run, run.n_iter + to_come, seconds_per_step, "allows about {} of {} steps ({:.0%})")

    def warn_at_the_end(self, run):
        """Warn of a run that the time ended too early, unless this was said before."""
        if self.max_time is not None and not (self._has_warned or run.stopped or run.diverged):
            said = "ended the training after {} of {} steps ({:.0%})"
            self._warn_if_short(run, run.n_iter, run.seconds / run.n_iter, said)

    def _warn_if_short(self, run, n_steps, seconds_per_step, said):
        if n_steps >= ENOUGH * run.max_iter:
            return
        self._has_warned = True
        missing = (run.max_iter - n_steps) * seconds_per_step
        needed = self.max_time + missing / self.share
        warn(
            f"max_time={self.max_time} {said.format(int(n_steps), run.max_iter, n_steps / run.max_iter)}, so the rows "
            f"may be little more than noise. A full run needs about max_time={needed:.0f}.",
            ConvergenceWarning,
        )
