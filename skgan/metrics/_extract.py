"""Feature extractors: X of any kind to matrices in which distances mean something."""

import numpy as np

from skgan._forms import Table
from skgan._registry import resolve

from ._classifier_features import classifier_features
from ._components import principal_components
from ._images import is_stack
from ._random_features import random_features
from ._read import read_tables
from ._scales import SCALES, points


def extract(
    X_real,
    *others,
    features="auto",
    names=("X_synthetic",),
    y_real=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """Real rows, and others, as matrices of features.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), stack of images (n_real, height, width[, channels]), or \
            Table
    *others : the same, of any number of rows
    features : word of FEATURES, "auto" or callable, default="auto"
        "auto" takes a numeric array of two dimensions for features and leaves it as it is ("raw"), puts frames, and
        arrays with gaps or text, on the scale of "ranks", and shows stacks of images to "random" networks. "pca",
        "random" and "classifier" take tables and images. A callable maps what it is given to an array of shape
        (n, n_features).
    names : tuple of str, default=("X_synthetic",)
        What messages call the others.
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        As in `read_tables`.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    list of ndarray of float32 or float64, shape (n, n_features)
        One for X_real and one for each of the others.

    Raises
    ------
    ValueError, TypeError
        What cannot be read; the message names it.
    """
    sets = [X_real, *others]
    if callable(features):
        return _called(features, sets, ("X_real", *names))
    word = natural(X_real) if isinstance(features, str) and features == "auto" else features
    make = resolve("features", word, FEATURES, also="'auto', or a callable")
    return make(sets, names=names, y_real=y_real, categorical_features=categorical_features, random_state=random_state)


def natural(X):
    """The word for what X looks like."""
    if isinstance(X, Table) or hasattr(X, "columns") or hasattr(X, "schema"):
        return "ranks"
    if is_stack(X):
        return "random"
    array = np.asarray(X)
    is_numeric = array.dtype.kind in "fiu" and not np.isnan(array.astype(np.float64)).any()
    return "raw" if is_numeric else "ranks"


def _called(function, sets, names):
    """What the caller's own function makes of each set."""
    matrices = [np.asarray(function(X)) for X in sets]
    for X, matrix, name in zip(sets, matrices, names, strict=True):
        if matrix.ndim != 2 or matrix.dtype.kind not in "fiu" or not np.isfinite(matrix).all():
            raise ValueError(
                f"features must map {name} to a matrix of finite numbers, shape (n, n_features), got dtype "
                f"{matrix.dtype} and shape {matrix.shape}."
            )
        expected = (X.n_rows if isinstance(X, Table) else len(X), matrices[0].shape[1])
        if matrix.shape != expected:
            raise ValueError(
                f"features must map {name} to a matrix of shape {expected}, one row for each of its rows and as many "
                f"features as X_real has, got {matrix.shape}."
            )
    return matrices


def _raw(sets, *, names, categorical_features, **_):
    """Numbers as they are."""
    tables = read_tables(*sets, names=names, categorical_features=categorical_features)
    return [_plain(table, name) for table, name in zip(tables, ("X_real", *names), strict=True)]


def _plain(table, name):
    for column in table.columns:
        if column.kind == "categorical" or column.missing.any():
            held = "levels" if column.kind == "categorical" else "gaps"
            raise ValueError(
                f"Column {column.name!r} of {name} holds {held}, and features='raw' takes numbers as they are; use "
                "features='ranks'."
            )
    return np.column_stack([column.values for column in table.columns]).astype(np.float64)


def _scaled(word):
    """Rows as `points` on one of the SCALES."""

    def make(sets, *, names, categorical_features, **_):
        return points(read_tables(*sets, names=names, categorical_features=categorical_features), word)

    return make


FEATURES = {
    "raw": _raw,
    **{word: _scaled(word) for word in SCALES},
    "pca": principal_components,
    "random": random_features,
    "classifier": classifier_features,
}
