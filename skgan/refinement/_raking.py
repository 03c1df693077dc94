"""Correct marginals: one weight per column and feature value, so that weighted rows have the real marginals."""

from __future__ import annotations

import numpy as np

from skgan._state import Array, Stateful, demand

N_SWEEPS = 12
# Numbers are compared in bins of this many feature values, about 3 % of the rows.
BIN = 8
# Rows added to the count of each bin, so that chance in rare bins does not change weights much.
PRIOR_ROWS = 5.0
MAX_LOG_WEIGHT = 1.0


class Raking(Stateful):
    """Iterative proportional fitting of generated rows to the real marginals [1]_.

    Rejection by the density ratio shifts the marginals of columns that were calibrated before. Raking restores them
    with the least change of the dependence between columns.

    Parameters
    ----------
    real, generated : ndarray of uint8, shapes (n_real, n_columns) and (n_generated, n_columns)
        Features.
    ordered : ndarray of bool, shape (n_columns,)
        Which columns are numbers.

    Attributes
    ----------
    log_weights : ndarray of shape (n_columns, 256)

    References
    ----------
    .. [1] Deming and Stephan, "On a least squares adjustment of a sampled frequency table when the expected marginal
       totals are known", The Annals of Mathematical Statistics 11(4), 1940, section 5.
    """

    STATE = {"log_weights": Array("f", (None, 256), -MAX_LOG_WEIGHT, MAX_LOG_WEIGHT)}

    def __init__(self, real, generated, ordered):
        bins = in_bins(ordered)
        self.log_weights = np.zeros((len(ordered), 256))
        binned = np.column_stack([table[column] for table, column in zip(bins, generated.T, strict=True)])
        n = len(generated)
        targets = [
            np.bincount(table[column], minlength=256) * (n / len(real)) + PRIOR_ROWS
            for table, column in zip(bins, real.T, strict=True)
        ]
        total = np.zeros(n)
        for _ in range(N_SWEEPS):
            for column, target in enumerate(targets):
                weights = np.exp(total)
                held = np.bincount(binned[:, column], weights=weights * (n / weights.sum()), minlength=256)
                before = self.log_weights[column]
                after = (before + np.log(target / (held + PRIOR_ROWS))).clip(-MAX_LOG_WEIGHT, MAX_LOG_WEIGHT)
                total += (after - before)[binned[:, column]]
                self.log_weights[column] = after
        self.log_weights = np.take_along_axis(self.log_weights, bins, axis=1)

    def check_columns(self, ordered):
        """Check against `ordered`, bool of shape (n_columns,): which columns of the encoder are ordered."""
        fits = len(self.log_weights) == len(ordered)
        demand(fits, "Raking: log_weights", f"have one row for each of {len(ordered)} columns")

    def log_ratio(self, features):
        """The log weight of each row of `features`, uint8 of shape (n_rows, n_columns or more)."""
        return sum(table[column] for table, column in zip(self.log_weights, features.T, strict=False))


def in_bins(ordered):
    """The bin of each feature value of each column, uint8 of shape (n_columns, 256). Each category has its own bin."""
    return np.where(ordered[:, None], np.arange(256) // BIN * BIN, np.arange(256)).astype(np.uint8)
