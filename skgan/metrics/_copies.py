"""Rows that are training rows, and values that give one of them away."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ._holdout import NAMES, given
from ._read import read_tables


class UniqueValues(NamedTuple):
    """What `unique_value_share` returns."""

    synthetic: float
    holdout: float | None


def exact_copies(X_real, X_synthetic, *, categorical_features="from_dtype"):
    """Share of synthetic rows that equal a training row in every column, gaps included.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns)
        The rows that the sampler was fitted on.
    X_synthetic : the same, of any number of rows
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.

    Returns
    -------
    float
        In [0, 1]; lower is better. Ideal is the share of fresh rows, such as ``exact_copies(X_real, X_holdout)``, which
        is 0 only where rows are all different.

    Notes
    -----
    With training rows x and m synthetic rows y,

    .. math:: \\frac{1}{m} \\sum_j [\\exists i: y_j = x_i].

    Nothing is rounded: a number that is off by its last digit is no copy; `near_copies` sees it.

    References
    ----------
    M. Platzer and T. Reutterer (2021). Holdout-based empirical assessment of mixed-type synthetic data. Frontiers in
    Big Data 4.

    Examples
    --------
    >>> from skgan.metrics import exact_copies
    >>> X_real = [[1.0, "a"], [2.0, "b"], [float("nan"), "b"]]
    >>> exact_copies(X_real, [[1.0, "a"], [1.0, "b"], [float("nan"), "b"], [2.0, "b"]])
    0.75
    """
    train, synthetic = read_tables(X_real, X_synthetic, categorical_features=categorical_features)
    keys = _row_keys(train.above(synthetic))
    return float(np.isin(keys[train.n_rows :], keys[: train.n_rows]).mean())


def repeated_rows(X):
    """Share of rows that equal another one: `exact_copies` of each beside all others."""
    [table] = read_tables(X, names=())
    keys = _row_keys(table)
    return float((np.bincount(keys)[keys] > 1).mean())


def _row_keys(table):
    """Whole numbers (n_rows,) from 0, which are equal where rows are."""
    keys = np.zeros(table.n_rows, dtype=np.int64)
    for column in table.columns:
        codes, levels = pd.factorize(column.values)
        codes = np.where(column.missing, len(levels), codes)
        # Renumbered with each column, so that keys stay below n_rows * n_levels, which int64 holds.
        _, keys = np.unique(keys * (len(levels) + 1) + codes, return_inverse=True)
    return keys


def unique_value_share(X_real, X_synthetic, X_holdout=None, *, categorical_features="from_dtype"):
    """Share of numeric cells that hold a value which exactly one training row holds in that column.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns)
        The rows that the sampler was fitted on; at least one column is numeric.
    X_synthetic : the same, of any number of rows
    X_holdout : the same, of any number of rows, default=None
        Rows of the same origin that the sampler has not seen.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.

    Returns
    -------
    UniqueValues
        ``synthetic`` and ``holdout`` (None without X_holdout), in [0, 1]. Ideal is a synthetic share near the held-out
        one; well above it, values that single out a training row are given away.

    Raises
    ------
    ValueError
        Where X_real has no numeric column.

    Notes
    -----
    With training rows x, and the cells :math:`y_{jc}` of numeric columns c that are no gaps,

    .. math:: \\mathrm{mean}_{jc} [\\#\\{i: x_{ic} = y_{jc}\\} = 1],

    and 0 where all are gaps. A value that singles out need not be in a copied row: an income that only one person has,
    beside any age, is enough to say that the person is there. Numbers so coarse that most are
    shared say little. Dates count as numbers.

    References
    ----------
    M. Giomi et al. (2023). A unified framework for quantifying privacy risk in synthetic data. PoPETs 2023(2).
    (Singling out.)

    Examples
    --------
    >>> from skgan.metrics import unique_value_share
    >>> unique_value_share([[1.0], [2.0], [2.0], [3.5]], [[1.0], [2.0], [3.5], [4.0]], [[2.0], [5.0]])
    UniqueValues(synthetic=0.5, holdout=0.0)
    """
    others = given(X_synthetic, X_holdout)
    train, *asked = read_tables(X_real, *others, names=NAMES[: len(others)], categorical_features=categorical_features)
    unique = _values_held(train, 1)
    if not unique:
        raise ValueError("X_real has no numeric column, and this is a measure of numeric columns; leave it out.")
    synthetic, holdout = [_share_found(table, unique) for table in asked] + [None] * (2 - len(asked))
    return UniqueValues(synthetic, holdout)


def values_held_twice(X):
    """`unique_value_share` of each row beside all others: the share of numbers that one more row holds."""
    [table] = read_tables(X, names=())
    return _share_found(table, _values_held(table, 2))


def _known(column):
    """The numbers of a column that are no gaps."""
    return column.values[~column.missing]


def _values_held(table, times):
    """The values that so many rows hold, of each numeric column: a dict by position."""
    held = {}
    for j, column in enumerate(table.columns):
        if column.kind == "numeric":
            values, counts = np.unique(_known(column), return_counts=True)
            held[j] = values[counts == times]
    return held


def _share_found(table, held):
    """Share of known cells that hold one of the values of their column, as `_values_held` gives them."""
    found = np.concatenate([np.isin(_known(table.columns[j]), values) for j, values in held.items()])
    return float(found.mean()) if len(found) else 0.0
