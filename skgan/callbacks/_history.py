"""The record of a run."""

from __future__ import annotations

import time

import pandas as pd

from ._base import Callback

MAX_ROWS = 2000


class History(Callback):
    """Losses and seconds, step by step.

    Parameters
    ----------
    players : sequence of str
        Whose losses are told.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns step, seconds and one ``{player}_loss`` a player; one row a step. Of a run of more than 2,000 steps
        every second row is left out, and again at each doubling.
    """

    def __init__(self, players):
        self._players = players

    def on_fit_begin(self, max_iter):
        self._every = 1
        self._start = time.monotonic()
        self._rows = []

    def on_step_end(self, n_iter, losses):
        if n_iter % self._every == 0:
            # The losses stay tensors until the end: reading one waits for the device.
            self._rows.append((n_iter, time.monotonic() - self._start, losses))
        if len(self._rows) > MAX_ROWS:
            self._rows = self._rows[1::2]
            self._every *= 2

    def on_fit_end(self):
        columns = {"step": [step for step, _, _ in self._rows], "seconds": [seconds for _, seconds, _ in self._rows]}
        for name in self._players:
            columns[f"{name}_loss"] = [float(losses[name]) for _, _, losses in self._rows]
        self.table = pd.DataFrame(columns).astype({name: "int64" if name == "step" else "float64" for name in columns})
        del self._rows
