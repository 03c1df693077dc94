"""Tables as points: numbers on one scale, levels as corners, so that distances between rows mean something."""

from collections import Counter

import numpy as np

# Up to so many levels, each has an axis of its own; more of them share as many axes.
MAX_AXES = 64
# Two rows that differ in one level are 1 apart.
CORNER = 0.5**0.5
# No number lies farther out, in spreads: squares of distances stay finite in single precision.
FARTHEST = 1e6


def points(tables, scale):
    """Rows as points of one space.

    Parameters
    ----------
    tables : list of Table
        The real rows come first: they say what the scale of a number is.
    scale : {"ranks", "minmax", "standard"}
        A number becomes its place in the real column (0 to 1), its place between the real extremes, or its distance
        from the real mean in standard deviations. A gap lies in the middle, 1 away along an axis of its own.

    Returns
    -------
    list of ndarray of float32, shape (n, n_axes)
        One a table. A level is a corner of a simplex: two rows that differ in one level are 1 apart (of more than 64
        levels, about 1: they are random directions in 64 axes).
    """
    blocks = [
        _corners(columns) if columns[0].kind == "categorical" else _numbers(columns, SCALES[scale])
        for columns in zip(*(table.columns for table in tables), strict=True)
    ]
    return [np.concatenate([block[i] for block in blocks], axis=1) for i in range(len(tables))]


def _numbers(columns, scale):
    """One column in every table, as arrays of shape (n, 1), or (n, 2) where there are gaps."""
    known = columns[0].values[~columns[0].missing].astype(np.float64)
    place = scale(np.sort(known) if len(known) else np.zeros(1))
    has_gaps = any(column.missing.any() for column in columns)
    placed = []
    for column in columns:
        numbers = np.where(column.missing, place.middle, place(column.values.astype(np.float64)))
        axes = [numbers, column.missing] if has_gaps else [numbers]
        placed.append(np.column_stack(axes).astype(np.float32))
    return placed


def _corners(columns):
    counts = Counter()
    for column in columns:
        counts.update(column.values.tolist())
    levels = sorted(counts, key=lambda level: (-counts[level], repr(level)))
    code = {level: position for position, level in enumerate(levels)}
    corner = _directions(len(levels))
    return [corner[[code[level] for level in column.values.tolist()]] for column in columns]


def _directions(n_levels):
    """Vectors of length sqrt(1/2), shape (n_levels, n_axes): orthogonal where there are axes enough."""
    if n_levels <= MAX_AXES:
        return CORNER * np.eye(n_levels, dtype=np.float32)
    random = np.random.default_rng(0).standard_normal((n_levels, MAX_AXES), dtype=np.float32)
    return CORNER * random / np.linalg.norm(random, axis=1, keepdims=True)


class Ranks:
    """The place in the real column's distribution function, between ties and neighbours in a straight line."""

    middle = 0.5

    def __init__(self, known):
        # In units of about the largest number: between the smallest ones there are, no slope is finite.
        _, self._exponent = np.frexp(np.abs(known).max())
        self._values, first, count = np.unique(self._in_units(known), return_index=True, return_counts=True)
        self._places = (first + count / 2) / len(known)

    def __call__(self, values):
        return np.clip(np.interp(self._in_units(values), self._values, self._places, left=0.0, right=1.0), 0.0, 1.0)

    def _in_units(self, values):
        with np.errstate(over="ignore"):
            return np.ldexp(values, -self._exponent)


class Linear:
    """The distance from an origin in units of a spread, both of the real column."""

    def __init__(self, known):
        # In units of the largest number, so that no sum of numbers overflows.
        self._unit = np.abs(known).max() or 1.0
        self._origin, spread = self.origin_and_spread(known / self._unit)
        # What rounding leaves of a constant is no spread.
        self._spread = spread if spread > 1e-12 else 1.0 / self._unit

    def __call__(self, values):
        with np.errstate(over="ignore"):
            return np.clip((values / self._unit - self._origin) / self._spread, -FARTHEST, FARTHEST)


class MinMax(Linear):
    """The place between the smallest and the largest real value."""

    middle = 0.5

    def origin_and_spread(self, known):
        return known[0], known[-1] - known[0]


class Standard(Linear):
    """The distance from the real mean in real standard deviations."""

    middle = 0.0

    def origin_and_spread(self, known):
        return known.mean(), known.std()


SCALES = {"ranks": Ranks, "minmax": MinMax, "standard": Standard}
