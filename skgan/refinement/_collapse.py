"""A cheap check whether a generator repeats the same few rows."""

from __future__ import annotations

import numpy as np

# Rows that are compared.
N_ROWS = 1000
# Generated rows must hold at least this share of the number of distinct real rows.
MIN_DISTINCT = 0.2
# A column's effective number of values must be at least this share of that in the real rows.
MIN_VARIETY = 0.2


def collapse(real, generated):
    """A description of the collapse for a message, or None if there is none.

    Parameters
    ----------
    real, generated : ndarray of uint8, shape (n_rows, n_columns)
        Codes of rows.
    """
    n = min(len(real), len(generated), N_ROWS)
    distinct_real, distinct = (len(np.unique(rows[:n], axis=0)) for rows in (real, generated))
    if distinct < MIN_DISTINCT * distinct_real:
        return f"of {n} generated rows only {distinct} are distinct, and {distinct_real} of as many real ones"
    pairs = list(zip(real.T, generated.T, strict=True))
    lost = sum(_variety(made) < MIN_VARIETY * _variety(true) for true, made in pairs)
    # A single column may just be hard to learn; only a collapse affects most columns.
    if lost > len(pairs) / 2:
        return f"{lost} of {len(pairs)} columns hold nearly one value only"
    return None


def _variety(codes):
    """The effective number of values: one over the probability that two rows agree (Simpson's index)."""
    shares = np.bincount(codes, minlength=256) / len(codes)
    return 1 / np.square(shares).sum()
