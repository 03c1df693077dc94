"""Marginal calibration: map each generated numeric column back to a uniform distribution."""

from __future__ import annotations

import numpy as np

from skgan._state import Array, ListOf, Stateful, Whole, ascends, demand

N_KNOTS = 513


class Calibration(Stateful):
    """The probability integral transform of every uniform column of generated rows.

    A generator gets the distribution of a column nearly right. Applying the empirical distribution function of
    generated rows makes it uniform, and keeps the order of the rows and so the dependence between columns.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, width)
        Generated, encoded rows.
    index : sequence of int
        The uniform columns.

    Attributes
    ----------
    knots : ndarray of shape (n_uniform, n_knots)
        Quantiles of each generated column.
    """

    STATE = {"index": ListOf(Whole()), "knots": Array("f", (None, None))}

    def __init__(self, rows, index):
        self.index = [int(i) for i in index]
        levels = np.linspace(0, 1, N_KNOTS)
        self.knots = np.stack([np.quantile(rows[:, i], levels) for i in self.index] or [np.empty(0)])

    def complete(self):
        # Without uniform columns there is one empty row of knots.
        shape = (len(self.index), N_KNOTS) if self.index else (1, 0)
        demand(self.knots.shape == shape, "knots", f"have the shape {shape}, one row per column of index")
        demand(ascends(self.knots), "knots", "ascend")

    def apply(self, rows):
        """Calibrated copy of encoded rows."""
        rows = rows.copy()
        levels = np.linspace(-1, 1, N_KNOTS)
        for i, knots in zip(self.index, self.knots, strict=False):
            rows[:, i] = np.interp(rows[:, i], knots, levels)
        return rows
