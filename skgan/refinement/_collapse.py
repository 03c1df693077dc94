"""A cheap check whether a generator makes the same few rows again and again."""

from __future__ import annotations

import numpy as np

# Rows that are compared.
N_ROWS = 1000
# Generated rows may hold this share of the distinct rows that as many real ones hold.
MIN_DISTINCT = 0.2
# A column's effective number of values may fall to this share of the real one.
MIN_VARIETY = 0.2


def collapse(real, generated):
    """What has collapsed, as the beginning of a sentence, or None.

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
    # A single column may be hard; most of them are lost only together.
    if lost > len(pairs) / 2:
        return f"{lost} of {len(pairs)} columns hold nearly one value only"
    return None


def _variety(codes):
    """The effective number of values: one over the probability that two rows agree (Simpson's index)."""
    shares = np.bincount(codes, minlength=256) / len(codes)
    return 1 / np.square(shares).sum()
