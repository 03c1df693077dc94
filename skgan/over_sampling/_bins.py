"""Intervals of a continuous target, which are treated as classes."""

from __future__ import annotations

import numpy as np

from skgan._validation import is_whole


def binned(y, bins):
    """The interval number or label of each value of y."""
    if callable(bins):
        labels = np.asarray(bins(y))
        if labels.shape != y.shape:
            raise ValueError(f"bins(y) has the shape {labels.shape}; return one label for each of the {len(y)} values.")
        return labels
    if isinstance(bins, str):
        raise ValueError(f"bins={bins!r} is a string; pass a number of intervals, edges or a function.")
    if is_whole(bins):
        if bins < 2:
            raise ValueError(f"bins={bins} must be at least 2; pass a number of intervals, edges or a function.")
        edges = np.linspace(y.min(), y.max(), bins + 1)[1:-1]
    else:
        edges = np.asarray(bins, dtype=float)
        if edges.ndim != 1 or not len(edges) or not (np.diff(edges) > 0).all():
            raise ValueError(f"The edges bins={bins!r} must increase; pass a number of intervals, edges or a function.")
    return np.digitize(y, edges)
