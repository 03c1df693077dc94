"""Rows from a sampler, conditional or not."""

from skgan._random import generator_of


def draw_rows(sampler, n_samples, *, y=None, random_state=0):
    """Draw synthetic rows from a sampler, without the targets that a conditional sampler returns too.

    Parameters
    ----------
    sampler : object
        A fitted object with ``sample(n_samples, random_state=...)``.
    n_samples : int
        Not used if `y` is given.
    y : array-like of shape (n,), default=None
        Targets to draw rows for, one row per target.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    array or frame of shape (n, n_columns)
    """
    if not hasattr(sampler, "sample"):
        raise TypeError(f"{type(sampler).__name__} has no method sample; pass a fitted sampler.")
    if y is None:
        drawn = sampler.sample(n_samples, random_state=random_state)
    else:
        drawn = sampler.sample(y=y, random_state=random_state)
    return drawn[0] if isinstance(drawn, tuple) else drawn


def n_rows_of(X):
    """Number of rows of a frame, an array, a list or a Table."""
    if hasattr(X, "n_rows"):
        return X.n_rows
    return X.shape[0] if hasattr(X, "shape") else len(X)


def whole_seed(random_state):
    """An integer seed from `random_state`; a generator is advanced by one draw."""
    return int(generator_of(random_state).integers(2**31))
