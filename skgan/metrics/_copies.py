"""Synthetic rows that equal training rows, and values that identify one of these."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from skgan._forms import read_tables

from ._points import named

# A column counts if this share of its rows have values of their own, and this share of the steps between its smallest
# and its largest value are taken: held-out rows take the others.
DISTINCT, DENSE = 0.95, 0.5


class UniqueValues(NamedTuple):
    """The result of `unique_value_share`."""

    synthetic: float
    holdout: float | None


def exact_copies(X_real, X_synthetic, *, categorical_features="from_dtype"):
    """Share of synthetic rows that equal a training row in every column, missing values included.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), or Table
        The rows that the sampler was fitted on.
    X_synthetic : the same, of any number of rows
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so: a boolean mask, positions or names.

    Returns
    -------
    float
        In [0, 1]; lower is better. The ideal is the share of fresh real rows, such as
        ``exact_copies(X_real, X_holdout)``, which is 0 only where all real rows are different.

    Notes
    -----
    With training rows x and m synthetic rows y, the share is

    .. math:: \\frac{1}{m} \\sum_j [\\exists i: y_j = x_i].

    Nothing is rounded: a row whose number differs in the last digit is not a copy. `near_copies` detects such rows.

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
    """Share of rows of X that equal another row of X: `exact_copies` of each row beside all other rows."""
    [table] = read_tables(X, names=())
    keys = _row_keys(table)
    return float((np.bincount(keys)[keys] > 1).mean())


def _row_keys(table):
    """Integers (n_rows,) from 0, which are equal where rows are equal."""
    keys = np.zeros(table.n_rows, dtype=np.int64)
    for column in table.columns:
        codes, categories = pd.factorize(column.values)
        codes = np.where(column.missing, len(categories), codes)
        # Renumbered after each column, so that keys stay below n_rows * n_categories, which int64 holds.
        _, keys = np.unique(keys * (len(categories) + 1) + codes, return_inverse=True)
    return keys


def unique_value_share(X_real, X_synthetic, X_holdout=None, *, categorical_features="from_dtype"):
    """Share of numeric cells whose value occurs in exactly one training row.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), or Table
        The rows that the sampler was fitted on; at least one column is numeric.
    X_synthetic : the same, of any number of rows
    X_holdout : the same, of any number of rows, default=None
        Real rows that the sampler was not fitted on.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so: a boolean mask, positions or names.

    Returns
    -------
    UniqueValues
        ``synthetic`` and ``holdout`` (None without X_holdout), in [0, 1]. Ideally the synthetic share is about the
        held-out share. Where it is much larger, synthetic rows reveal values that identify a training row.

    Raises
    ------
    ValueError
        X_real has no numeric column.

    Notes
    -----
    With training rows x, and the cells :math:`y_{jc}` of numeric columns c that are not missing, the share is

    .. math:: \\mathrm{mean}_{jc} [\\#\\{i: x_{ic} = y_{jc}\\} = 1],

    and 0 where all cells are missing. A value can identify someone in a row that is no copy: an income that only one
    person has reveals, beside any age, that this person is in the data. Numbers so coarse that most of them are shared
    say little. Dates count as numbers.

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
    others = named(X_synthetic, X_holdout)
    names = tuple(others)
    train, *tables = read_tables(X_real, *others.values(), names=names, categorical_features=categorical_features)
    unique = _values_that_occur(train, 1)
    if not unique:
        raise ValueError("X_real has no numeric column, but unique_value_share needs one; do not compute it here.")
    synthetic, holdout = [_share_among(table, unique) for table in tables] + [None] * (2 - len(tables))
    return UniqueValues(synthetic, holdout)


def values_held_twice(X):
    """Share of numeric cells of X whose value occurs in exactly one other row.

    This is `unique_value_share` of each row beside all other rows.
    """
    [table] = read_tables(X, names=())
    return _share_among(table, _values_that_occur(table, 2))


def tells_of_rows(column):
    """Whether a value of a column may tell that a row with it exists: it is numeric, and does not simply count.

    Of a column that counts (each hour of a year), each value between the first and the last one occurs: any new row has
    the value of a real row.
    """
    if column.kind != "numeric":
        return False
    values = np.unique(_known(column))
    if len(values) < 2 or len(values) < DISTINCT * column.missing.size:
        return True
    steps = np.diff(values)
    multiples = steps / steps.min()
    return not (np.allclose(multiples, np.rint(multiples), rtol=1e-6) and len(values) >= DENSE * (multiples.sum() + 1))


def _known(column):
    """The values of a column that are not missing."""
    return column.values[~column.missing]


def _values_that_occur(table, times):
    """The values that occur in exactly this many rows, of each numeric column: a dict by the column's position."""
    found = {}
    for j, column in enumerate(table.columns):
        if column.kind == "numeric":
            values, counts = np.unique(_known(column), return_counts=True)
            found[j] = values[counts == times]
    return found


def _share_among(table, values_of):
    """Share of known cells that are among the values of their column, which `_values_that_occur` returns."""
    is_among = np.concatenate([np.isin(_known(table.columns[j]), values) for j, values in values_of.items()])
    return float(is_among.mean()) if len(is_among) else 0.0
