"""Feature extractors: tables or images become matrices of features, between whose rows distances are meaningful."""

import numpy as np

from skgan._forms import Table, read_tables
from skgan._registry import resolve

from ._classifier_features import classifier_features
from ._components import principal_components
from ._images import check_images_only, is_stack, read_images
from ._random_features import random_features
from ._scales import SCALES, points


def extract(
    X_real,
    *others,
    features="auto",
    names=("X_synthetic",),
    real_name="X_real",
    y_real=None,
    y_name="y_real",
    categorical_features="from_dtype",
    channel_axis=None,
    random_state=0,
):
    """Turn real rows, and other rows, into matrices of features.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), stack of images (n_real, height, width[, channels]), or \
            Table
    *others : the same, of any number of rows
    features : {"auto", "raw", "ranks", "minmax", "standard", "pca", "random", "classifier"} or callable, \
            default="auto"
        "auto" is "raw" for numeric arrays of two dimensions without missing values, "ranks" for other tables and
        "random" for stacks of images.

        - "raw": the numbers of a table, unchanged.
        - "ranks", "minmax", "standard": numbers as their rank among the real values (0 to 1), scaled by the real
          minimum and maximum, or standardised by the real values. Two rows that differ only in one category are 1
          apart. A missing value lies in the middle of the scale, 1 away along an axis of its own.
        - "pca": the principal components of the real rows that hold 95 % of the variance, at most 64.
        - "random": the outputs of three networks with random weights, 64 each.
        - "classifier": the 64 outputs before the last layer of a network that is trained to predict y_real.

        The last three take tables and images. A callable maps X to an array of shape (n, n_features). It is given X as
        it is, but images with their channels on the last axis if channel_axis=1.
    names : tuple of str, default=("X_synthetic",)
        The names of the others in error messages.
    real_name : str, default="X_real"
        The name of X_real in error messages.
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    y_name : str, default="y_real"
        The name of y_real in error messages.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns of tables that hold categories, beside those whose dtype says so: a boolean mask, positions or names.
    channel_axis : {None, 1, 3, -1}, default=None
        For images with four dimensions, the axis of the channels. None is an axis of 1, 3 or 4.
    random_state : int, Generator, RandomState or None, default=0
        For features="pca", "random" and "classifier".

    Returns
    -------
    list of ndarray of float32 or float64, shape (n, n_features)
        One matrix for X_real and one for each of the others.

    Raises
    ------
    ValueError, TypeError
        Rows that cannot be read; the message names them.
    """
    check_images_only(channel_axis, X_real, real_name)
    sets, names = [X_real, *others], (real_name, *names)
    if callable(features):
        return _called(features, _channels_last(sets, names) if channel_axis == 1 else sets, names)
    word = natural(X_real) if isinstance(features, str) and features == "auto" else features
    make = resolve("features", word, FEATURES, also="'auto', or a callable")
    return make(
        sets,
        names=names,
        y_real=y_real,
        y_name=y_name,
        categorical_features=categorical_features,
        channel_axis=channel_axis,
        random_state=random_state,
    )


def natural(X):
    """The features that "auto" stands for."""
    if isinstance(X, Table) or hasattr(X, "columns") or hasattr(X, "schema"):
        return "ranks"
    if is_stack(X):
        return "random"
    array = np.asarray(X)
    is_numeric = array.dtype.kind in "fiu" and not np.isnan(array.astype(np.float64)).any()
    return "raw" if is_numeric else "ranks"


def _channels_last(stacks, names):
    """Stacks of shape (n, n_channels, height, width) as (n, height, width, n_channels)."""
    stacks = read_images(*stacks, names=names, min_side=1, channel_axis=1)
    return [np.moveaxis(stack, 1, -1) for stack in stacks]


def _called(function, sets, names):
    """The results of the user's own function, checked."""
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
                f"features must map {name} to a matrix of shape {expected}, with one row per row of {name} and as many "
                f"features as for {names[0]}, got {matrix.shape}."
            )
    return matrices


def _raw(sets, *, names, categorical_features, **_):
    """Numbers, unchanged."""
    tables = _tables(sets, names, categorical_features)
    return [_plain(table, name) for table, name in zip(tables, names, strict=True)]


def _tables(sets, names, categorical_features):
    """Rows as tables; `names` are those of all sets."""
    return read_tables(*sets, real_name=names[0], names=names[1:], categorical_features=categorical_features)


def _plain(table, name):
    for column in table.columns:
        if column.kind == "categorical" or column.missing.any():
            found = "categories" if column.kind == "categorical" else "missing values"
            raise ValueError(
                f"Column {column.name!r} of {name} holds {found}, but features='raw' needs numbers without missing "
                "values; use features='ranks'."
            )
    return np.column_stack([column.values for column in table.columns]).astype(np.float64)


def _scaled(word):
    """Rows as `points` on one of the SCALES."""

    def make(sets, *, names, categorical_features, **_):
        return points(_tables(sets, names, categorical_features), word)

    return make


FEATURES = {
    "raw": _raw,
    **{word: _scaled(word) for word in SCALES},
    "pca": principal_components,
    "random": random_features,
    "classifier": classifier_features,
}
