"""A cheap check whether a generator repeats the same few rows."""

from __future__ import annotations

import numpy as np

# Rows that are compared.
N_ROWS = 1000
# Generated rows must hold at least this share of the number of distinct real rows.
MIN_DISTINCT = 0.2
# A column has lost its variety where its effective number of values, less one, falls below this share of the real one.
# Columns that nearly always hold one value, in real rows too, are not compared.
MIN_VARIETY, COMPARED_FROM = 0.1, 1.5
# A generator has collapsed where this share of the columns has lost its variety: a single one may be hard to learn.
MAX_LOST = 0.2


def collapse(real, generated):
    """A description of the collapse for a message, or None if there is none.

    Parameters
    ----------
    real, generated : ndarray of uint8, shape (n_rows, n_columns)
        Features of rows.
    """
    n = min(len(real), len(generated), N_ROWS)
    distinct_real, distinct = (len(np.unique(rows[:n], axis=0)) for rows in (real, generated))
    if distinct < MIN_DISTINCT * distinct_real:
        return f"of {n} generated rows only {distinct} are distinct, and {distinct_real} of as many real ones"
    varieties = [(_variety(true), _variety(made)) for true, made in zip(real.T, generated.T, strict=True)]
    compared = [(true, made) for true, made in varieties if true >= COMPARED_FROM]
    lost = sum(made - 1 < MIN_VARIETY * (true - 1) for true, made in compared)
    if lost > MAX_LOST * len(compared):
        return f"{lost} of {len(varieties)} columns hold nearly one value only"
    return None


def _variety(features):
    """The effective number of values: one over the probability that two rows agree (Simpson's index)."""
    shares = np.bincount(features, minlength=256) / len(features)
    return 1 / np.square(shares).sum()
