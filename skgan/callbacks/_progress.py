"""Progress on the terminal."""

from __future__ import annotations

import sys
import time

from ._base import Callback


class Progress(Callback):
    """A line on stderr every few seconds, from the second second on.

    Parameters
    ----------
    verbose : int
        0 is silent, 1 a line every 10 seconds, 2 and above a line every second.
    """

    def __init__(self, verbose):
        self.verbose = verbose

    def on_run_begin(self, run):
        self._start = time.monotonic()
        self._next = self._start + 2.0

    def on_step_end(self, run):
        now = time.monotonic()
        if self.verbose and now >= self._next:
            self._next = now + (10.0 if self.verbose == 1 else 1.0)
            values = ", ".join(f"{name} loss {float(loss):.3f}" for name, loss in run.losses.items())
            print(f"skgan: step {run.n_iter} of {run.max_iter}, {now - self._start:.0f} s, {values}", file=sys.stderr)
