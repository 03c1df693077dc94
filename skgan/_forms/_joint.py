"""Convert two tables to matrices that a tree model can be fitted to."""

from collections import Counter

import numpy as np


def joint_matrix(real, synthetic, *, max_categories=250):
    """Both tables as float matrices with common category codes.

    Parameters
    ----------
    real, synthetic : Table of n_real and of n_synthetic rows, with the same columns
    max_categories : int, default=250
        At most this many codes per column; `HistGradientBoostingClassifier` takes at most its ``max_bins``.

    Returns
    -------
    A : ndarray of float64, shape (n_real, n_columns)
        Numbers unchanged; categories as codes by decreasing frequency in both tables together; NaN for missing values.
        If there are too many categories, rare ones that are equally frequent share a code.
    B : ndarray of float64, shape (n_synthetic, n_columns)
    categorical : ndarray of bool, shape (n_columns,)
    """
    categorical = np.array([column.kind == "categorical" for column in real.columns])
    pairs = [
        _codes(a, b, max_categories) if is_categorical else (_numbers(a), _numbers(b))
        for a, b, is_categorical in zip(real.columns, synthetic.columns, categorical, strict=True)
    ]
    return np.column_stack([a for a, _ in pairs]), np.column_stack([b for _, b in pairs]), categorical


def _numbers(column):
    return np.where(column.missing, np.nan, column.values.astype(np.float64))


def _codes(a, b, max_categories):
    counts = Counter(a.values.tolist()) + Counter(b.values.tolist())
    counts.pop(None, None)
    # Equally frequent categories are sorted by their text, so that codes do not reveal the table.
    ranked = sorted(counts, key=lambda category: (-counts[category], repr(category)))
    n_own = max_categories if len(ranked) <= max_categories else max_categories * 4 // 5
    code = {
        category: rank if rank < n_own else n_own - 1 + counts[category] for rank, category in enumerate(ranked)
    }
    code[None] = np.nan
    codes = (np.array([code[category] for category in column.values.tolist()], dtype=np.float64) for column in (a, b))
    return [np.minimum(column, max_categories - 1) for column in codes]
