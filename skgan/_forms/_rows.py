"""Convert, select and concatenate rows of X of any kind."""

import narwhals as nw
import numpy as np
import pandas as pd

from ._images import as_stack


def as_rows(X):
    """X itself if it has a shape; lists of rows or images as an array, of objects if numbers and text are mixed."""
    X = as_stack(X)
    if hasattr(X, "shape"):
        return X
    rows = np.asarray(X)
    return np.asarray(X, dtype=object) if rows.dtype.kind in "US" else rows


def rows_taken(X, rows):
    """Select the rows at these positions.

    Parameters
    ----------
    X : array, frame or series
    rows : ndarray of int

    Returns
    -------
    array, frame or series
        Of X's kind.
    """
    native = _frame_or_series(X)
    return X[rows] if native is X else native[rows].to_native()


def without_columns(X, names, n_columns=None):
    """Leave out columns.

    Parameters
    ----------
    X : array or frame
    names : list
        Labels of columns of a frame, of which X may have some; positions in an array.
    n_columns : int, default=None
        An array with another number of columns is returned unchanged.

    Returns
    -------
    array or frame
        Of X's kind.
    """
    native = _frame_or_series(X)
    if isinstance(X, pd.DataFrame):
        return X.loc[:, [label not in names for label in X.columns.tolist()]]
    if native is not X:
        return native.drop([name for name in names if name in native.columns]).to_native()
    X = as_rows(X)
    return X if n_columns not in (None, *X.shape[1:]) else np.delete(X, names, axis=1)


def rows_below(X, X_new):
    """Concatenate the rows of X and X_new; a pandas index is reset.

    Parameters
    ----------
    X, X_new : array or frame
        Of one kind, with the same columns.

    Returns
    -------
    array or frame
        Of the same kind.

    Raises
    ------
    TypeError
        If one is a frame and the other is not.
    """
    native = _frame_or_series(X)
    if (native is X) != (_frame_or_series(X_new) is X_new):
        raise TypeError(
            f"rows of the sampler are a {type(X_new).__name__}, but X is a {type(X).__name__}; pass X as an array, or "
            "a sampler that returns rows of the type of X, such as those of skgan."
        )
    if isinstance(X, pd.DataFrame):
        return pd.concat([X, X_new], ignore_index=True)
    if native is X:
        return np.concatenate([X, X_new])
    return nw.concat([native, nw.from_native(X_new)], how="vertical").to_native()


def _frame_or_series(X):
    """X as a frame or series of narwhals; X itself if it is neither."""
    return nw.from_native(X, pass_through=True, eager_only=True, allow_series=True)
