"""Two tables as matrices that a tree model reads."""

from collections import Counter

import numpy as np


def joint_matrix(real, synthetic, *, max_levels=250):
    """Both tables as float matrices with one meaning of each code.

    Parameters
    ----------
    real, synthetic : Table of n_real and of n_synthetic rows, with the same columns
    max_levels : int, default=250
        Codes a column; `HistGradientBoostingClassifier` takes at most its ``max_bins``.

    Returns
    -------
    A : ndarray of float64, shape (n_real, n_columns)
        Numbers as they are; levels as codes by falling frequency in both tables together; NaN in gaps. Where
        there are too many levels, the rare ones share a code with those that are as rare.
    B : ndarray of float64, shape (n_synthetic, n_columns)
    categorical : ndarray of bool, shape (n_columns,)
    """
    categorical = np.array([column.kind == "categorical" for column in real.columns])
    pairs = [
        _codes(a, b, max_levels) if is_categorical else (_numbers(a), _numbers(b))
        for a, b, is_categorical in zip(real.columns, synthetic.columns, categorical, strict=True)
    ]
    return np.column_stack([a for a, _ in pairs]), np.column_stack([b for _, b in pairs]), categorical


def _numbers(column):
    return np.where(column.missing, np.nan, column.values.astype(np.float64))


def _codes(a, b, max_levels):
    counts = Counter(a.values.tolist()) + Counter(b.values.tolist())
    counts.pop(None, None)
    # Ties in an order that does not know which table a level came from.
    ranked = sorted(counts, key=lambda level: (-counts[level], repr(level)))
    own = max_levels if len(ranked) <= max_levels else max_levels * 4 // 5
    code = {level: rank if rank < own else own - 1 + counts[level] for rank, level in enumerate(ranked)}
    code[None] = np.nan
    codes = (np.array([code[level] for level in column.values.tolist()], dtype=np.float64) for column in (a, b))
    return [np.minimum(column, max_levels - 1) for column in codes]
