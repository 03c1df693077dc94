"""Show the progress of a fit: its phase, the share that is done, and the time that is left."""

from __future__ import annotations

import time

from skgan._counted import counted

from ._base import Callback
from ._moments import share_done
from ._screen import screen

# Seconds of training before anything is shown.
DELAY = 2.0
# Seconds between two readings of the losses, each of which synchronises with the device.
SECONDS = {1: 10.0, 2: 1.0}


class Progress(Callback):
    """Shows reading, training and refining, and says at the end how long the fit took.

    In a terminal and in a notebook this is a bar of tqdm, or without tqdm one line that is written anew; elsewhere,
    lines on stderr at most every ten seconds.

    Parameters
    ----------
    verbose : int
        0 shows nothing. 1 reads the losses every 10 seconds, 2 and above every second.
    """

    def __init__(self, verbose):
        self.verbose = int(verbose)
        self._start = time.monotonic()
        self._screen = screen() if self.verbose else None

    def reading(self):
        self._show("reading", None)

    def on_run_begin(self, run):
        self._run_start, self._done_before = time.monotonic(), run.n_iter / run.max_iter
        self._next = self._next_losses = self._run_start + DELAY
        self._losses = ""

    def on_step_end(self, run):
        if self._screen is None:
            return
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self._screen.seconds
        if now >= self._next_losses:
            self._next_losses = now + SECONDS[min(self.verbose, 2)]
            self._losses = "".join(f", {name} loss {float(loss):.3f}" for name, loss in run.losses.items())
            if run.scores.values:
                self._losses += f", held-out score {run.scores.values[-1]:.3f}"
        share = share_done(run)
        left = _left(now - self._run_start, share - self._done_before, 1 - share)
        self._show("training", share, f"{left}step {run.n_iter:,}{self._losses}")

    def on_run_end(self, run):
        self._show("refining", None)

    def say(self, text):
        """Show a line that stays."""
        if self._screen is not None:
            self._screen.say(text)

    def end(self, run, refined):
        """Say what the fit did; a warning says so if it did nothing."""
        if run.n_iter == 0:
            return
        took = _duration(time.monotonic() - self._start)
        self.say(f"skgan: fitted in {took}: {counted(run.n_iter, 'step')}, {'refined' if refined else 'not refined'}")

    def close(self):
        """Leave no unfinished line behind, whatever became of the fit."""
        if self._screen is not None:
            self._screen.close()

    def _show(self, phase, share, details=""):
        if self._screen is not None:
            self._screen.show(phase, share, details)


def _left(seconds, done, to_do):
    """The time left as text, if what is done took this many seconds."""
    return f"{_duration(seconds * to_do / done)} left, " if done > 0 else ""


def _duration(seconds):
    """A number of seconds in the units that people use."""
    minutes, rest = divmod(round(seconds), 60)
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if minutes == 0:
        return f"{rest} s"
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
