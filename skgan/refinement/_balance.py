"""Of rows that may all be kept, so many that together have the marginals of the training rows."""

from __future__ import annotations

import numpy as np

from skgan._state import Array, Stateful, demand

from ._raking import in_bins

# Rows that change places at a time: few, since each of them moves what the others should mend.
SWAPS = 8
MAX_SWEEPS = 60


class Balance(Stateful):
    """Balanced sampling: rows chosen such that the share of each bin of each column is that of the training rows [1]_.

    Rows drawn one by one have the right marginals on average, and each sample of n misses them by about
    ``n ** -0.5``. Which of some rows to leave out is free, and serves to bring a sample nearer.

    Parameters
    ----------
    real : ndarray of uint8, shape (n_rows, n_columns)
        Codes of training rows.
    ordered : ndarray of bool, shape (n_columns,)
        Which columns are numbers.

    Attributes
    ----------
    shares : ndarray of shape (n_columns, 256)
        Of the training rows, by bin.
    bins : ndarray of uint8, shape (n_columns, 256)
        The bin of each code.

    References
    ----------
    .. [1] Deville and Tillé, "Efficient balanced sampling: the cube method", Biometrika 91(4), 2004, section 2.
    """

    STATE = {"shares": Array("f", (None, 256), 0, 1), "bins": Array("u", (None, 256), 0, 255)}

    def __init__(self, real, ordered):
        self.bins = in_bins(ordered)
        columns = zip(self.bins, real.T, strict=True)
        self.shares = np.stack([np.bincount(table[codes], minlength=256) for table, codes in columns]) / len(real)

    def complete(self):
        demand(len(self.shares) == len(self.bins), "shares", "have as many rows as bins")
        demand(np.allclose(self.shares.sum(1), 1), "shares", "add up to 1 in each column")

    def check_columns(self, ordered):
        """Compare with the columns of an encoder, which are `ordered` or not: bool of shape (n_columns,)."""
        same = np.array_equal(self.bins, in_bins(ordered))
        demand(same, "Balance: bins", f"be those of the columns, {len(ordered)} of them")

    def choose(self, features, n):
        """Which n of the rows of `features`, uint8 of shape (n_rows, n_columns or more): positions, ascending.

        Begins with the first n, and lets those that their bins have most to spare of change places with those whose
        bins need them most, while the squared misses of all bins, each over its size, become fewer.
        """
        n_columns = len(self.bins)
        places = np.arange(n_columns) * 256 + self.bins[np.arange(n_columns), features[:, :n_columns]]
        targets = n * self.shares.ravel()
        weights = 1 / (targets + 1)
        inside, outside = np.arange(n), np.arange(n, len(features))
        counts = np.bincount(places[:n].ravel(), minlength=targets.size)
        miss = _miss(counts - targets, weights)
        swaps = min(SWAPS, len(outside))
        for _ in range(MAX_SWEEPS):
            if not swaps:
                break
            gain = (counts - targets) * weights
            leave = _largest(gain[places[inside]].sum(1), swaps)
            enter = _largest(-gain[places[outside]].sum(1), swaps)
            change = np.bincount(places[outside[enter]].ravel(), minlength=targets.size)
            change -= np.bincount(places[inside[leave]].ravel(), minlength=targets.size)
            changed = _miss(counts + change - targets, weights)
            if changed >= miss:
                # Too many at a time overshoot.
                swaps //= 2
                continue
            counts, miss = counts + change, changed
            inside[leave], outside[enter] = outside[enter], inside[leave]
        return np.sort(inside)


def _miss(difference, weights):
    return float((difference * difference * weights).sum())


def _largest(values, n):
    return np.argpartition(-values, n - 1)[:n]
