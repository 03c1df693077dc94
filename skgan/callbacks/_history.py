"""The record of a run."""

from __future__ import annotations

import time

import pandas as pd

from ._base import Callback


class History(Callback):
    """Losses and seconds, step by step.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns step, seconds and one ``{player}_loss`` a player; one row a step, or evenly spread steps where the
        run has more than 1,000.
    """

    def on_fit_begin(self, max_iter):
        self._every = max(1, -(-max_iter // 1000))
        self._start = time.monotonic()
        self._rows = []
        self.table = pd.DataFrame({"step": pd.Series(dtype="int64"), "seconds": pd.Series(dtype="float64")})

    def on_step_end(self, n_iter, losses):
        if n_iter % self._every == 0:
            self._rows.append((n_iter, time.monotonic() - self._start, losses))

    def on_fit_end(self):
        rows = [
            {"step": step, "seconds": seconds, **{f"{name}_loss": float(loss) for name, loss in losses.items()}}
            for step, seconds, losses in self._rows
        ]
        if rows:
            self.table = pd.DataFrame(rows)
        del self._rows
