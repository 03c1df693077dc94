"""Choose a sample of acceptable rows whose marginals are those of the training rows."""

from __future__ import annotations

import numpy as np

from skgan._state import Array, Stateful, demand

from ._raking import in_bins

# Rows exchanged at a time: few, because each exchange changes the deviations that the others should correct.
SWAPS = 8
MAX_SWEEPS = 60


class Balance(Stateful):
    """Balanced sampling: choose rows so that each bin of each column has its share in the training rows [1]_.

    Independently drawn rows have the right marginals on average, but those of a sample of n deviate by about
    ``n ** -0.5``. With more candidates than needed, the choice of rows reduces the deviation.

    Parameters
    ----------
    real : ndarray of uint8, shape (n_rows, n_columns)
        Features of training rows.
    ordered : ndarray of bool, shape (n_columns,)
        Which columns are numbers.

    Attributes
    ----------
    shares : ndarray of shape (n_columns, 256)
        Shares of the training rows, by bin.
    bins : ndarray of uint8, shape (n_columns, 256)
        The bin of each feature value.

    References
    ----------
    .. [1] Deville and Tillé, "Efficient balanced sampling: the cube method", Biometrika 91(4), 2004, section 2.
    """

    STATE = {"shares": Array("f", (None, 256), 0, 1), "bins": Array("u", (None, 256), 0, 255)}

    def __init__(self, real, ordered):
        self.bins = in_bins(ordered)
        columns = zip(self.bins, real.T, strict=True)
        self.shares = np.stack([np.bincount(table[column], minlength=256) for table, column in columns]) / len(real)

    def complete(self):
        demand(len(self.shares) == len(self.bins), "shares", "have as many rows as bins")
        demand(np.allclose(self.shares.sum(1), 1), "shares", "add up to 1 in each column")

    def check_columns(self, ordered):
        """Check against `ordered`, bool of shape (n_columns,): which columns of the encoder are ordered."""
        same = np.array_equal(self.bins, in_bins(ordered))
        demand(same, "Balance: bins", f"be those of the columns, {len(ordered)} of them")

    def choose(self, features, n):
        """Choose n rows of `features`, uint8 of shape (n_rows, n_columns or more): their positions, ascending.

        Starts with the first n rows. Repeatedly exchanges the rows of the most overfull bins for rows of the bins that
        lack most, as long as the sum of squared deviations of all bins, each divided by the bin's size, decreases.
        """
        n_columns = len(self.bins)
        cells = np.arange(n_columns) * 256 + self.bins[np.arange(n_columns), features[:, :n_columns]]
        targets = n * self.shares.ravel()
        weights = 1 / (targets + 1)
        inside, outside = np.arange(n), np.arange(n, len(features))
        counts = np.bincount(cells[:n].ravel(), minlength=targets.size)
        deviation = _deviation(counts - targets, weights)
        swaps = min(SWAPS, len(outside))
        for _ in range(MAX_SWEEPS):
            if not swaps:
                break
            excess = (counts - targets) * weights
            leave = _largest(excess[cells[inside]].sum(1), swaps)
            enter = _largest(-excess[cells[outside]].sum(1), swaps)
            change = np.bincount(cells[outside[enter]].ravel(), minlength=targets.size)
            change -= np.bincount(cells[inside[leave]].ravel(), minlength=targets.size)
            changed = _deviation(counts + change - targets, weights)
            if changed >= deviation:
                # Too many exchanges at a time overshoot.
                swaps //= 2
                continue
            counts, deviation = counts + change, changed
            inside[leave], outside[enter] = outside[enter], inside[leave]
        return np.sort(inside)


def _deviation(difference, weights):
    return float((difference * difference * weights).sum())


def _largest(values, n):
    return np.argpartition(-values, n - 1)[:n]
