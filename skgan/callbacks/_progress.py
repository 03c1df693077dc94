"""Show the progress of a run: a bar if tqdm is installed, else lines on stderr."""

from __future__ import annotations

import sys
import time

from ._base import Callback

# Seconds before anything is shown.
DELAY = 2.0
# Seconds between two readings of the losses, each of which synchronises with the device.
SECONDS = {1: 10.0, 2: 1.0}


class Progress(Callback):
    """A progress bar of tqdm, or without tqdm a line on stderr every few seconds. Runs of up to two seconds show none.

    Parameters
    ----------
    verbose : int
        0 shows nothing. 1 updates the losses every 10 seconds, 2 and above every second; the bar moves more often.
    """

    def __init__(self, verbose):
        self.verbose = int(verbose)

    def on_run_begin(self, run):
        self._start = time.monotonic()
        self._next = self._start + DELAY
        self._display = _display(run.max_iter) if self.verbose else None

    def on_step_end(self, run):
        if self._display is None:
            return
        self._display.move(run.n_iter)
        now = time.monotonic()
        if now >= self._next:
            self._next = now + SECONDS[min(self.verbose, 2)]
            shown = {name: f"{float(loss):.3f}" for name, loss in run.losses.items()}
            self._display.show(run.n_iter, now - self._start, shown)

    def on_run_end(self, run):
        if self._display is not None:
            self._display.close()


def _display(max_iter):
    try:
        # A widget in notebooks, text elsewhere.
        from tqdm.auto import tqdm
    except ImportError:
        return _Lines(max_iter)
    return _Bar(tqdm(total=max_iter, desc="skgan", unit="step", delay=DELAY))


class _Bar:
    def __init__(self, bar):
        self._bar = bar

    def move(self, n_iter):
        self._bar.update(n_iter - self._bar.n)

    def show(self, n_iter, seconds, losses):
        self._bar.set_postfix({f"{name} loss": loss for name, loss in losses.items()}, refresh=False)

    def close(self):
        self._bar.close()


class _Lines:
    def __init__(self, max_iter):
        self._max_iter = max_iter

    def move(self, n_iter):
        """Does nothing, because lines contain the step."""

    def show(self, n_iter, seconds, losses):
        values = ", ".join(f"{name} loss {loss}" for name, loss in losses.items())
        print(f"skgan: step {n_iter} of {self._max_iter}, {seconds:.0f} s, {values}", file=sys.stderr)

    def close(self):
        """Does nothing, because lines are complete."""
