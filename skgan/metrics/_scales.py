"""Tables as points: numbers on one scale, categories as corners, so that distances between rows are meaningful."""

from collections import Counter

import numpy as np

# Up to this number, each category has an axis of its own; more categories share this many axes.
MAX_AXES = 64
# Norm of a corner: two rows that differ in one category are 1 apart.
CORNER = 0.5**0.5
# Scaled numbers are clipped to this, so that squared distances stay finite in single precision.
FARTHEST = 1e6


def points(tables, scale):
    """Rows as points of one space.

    Parameters
    ----------
    tables : list of Table
        The first one holds the real rows, which set the scales.
    scale : {"ranks", "minmax", "standard"}
        A number becomes its rank in the real column (0 to 1), is scaled by the real minimum and maximum, or is
        standardised by the real mean and standard deviation. A missing value lies in the middle of the scale, 1 away
        along an axis of its own.

    Returns
    -------
    list of ndarray of float32, shape (n, n_axes)
        One array per table. A category is a corner of a simplex: two rows that differ in one category are 1 apart. More
        than 64 categories are random directions along 64 axes, which are about 1 apart.
    """
    blocks = [
        _corners(columns) if columns[0].kind == "categorical" else _numbers(columns, SCALES[scale])
        for columns in zip(*(table.columns for table in tables), strict=True)
    ]
    return [np.concatenate([block[i] for block in blocks], axis=1) for i in range(len(tables))]


def _numbers(columns, scale):
    """One column of every table, as arrays of shape (n, 1), or (n, 2) where values are missing."""
    known = columns[0].values[~columns[0].missing].astype(np.float64)
    scaled = scale(np.sort(known) if len(known) else np.zeros(1))
    has_missing = any(column.missing.any() for column in columns)
    arrays = []
    for column in columns:
        numbers = np.where(column.missing, scaled.middle, scaled(column.values.astype(np.float64)))
        axes = [numbers, column.missing] if has_missing else [numbers]
        arrays.append(np.column_stack(axes).astype(np.float32))
    return arrays


def _corners(columns):
    counts = Counter()
    for column in columns:
        counts.update(column.values.tolist())
    categories = sorted(counts, key=lambda category: (-counts[category], repr(category)))
    code = {category: position for position, category in enumerate(categories)}
    corner = _directions(len(categories))
    return [corner[[code[category] for category in column.values.tolist()]] for column in columns]


def _directions(n_categories):
    """Vectors of norm sqrt(1/2), shape (n_categories, n_axes), which are orthogonal where there are enough axes."""
    if n_categories <= MAX_AXES:
        return CORNER * np.eye(n_categories, dtype=np.float32)
    random = np.random.default_rng(0).standard_normal((n_categories, MAX_AXES), dtype=np.float32)
    return CORNER * random / np.linalg.norm(random, axis=1, keepdims=True)


class Ranks:
    """The real column's distribution function, linear between its values."""

    middle = 0.5

    def __init__(self, known):
        # In units of about the largest number, because slopes between the smallest floats would be infinite.
        _, self._exponent = np.frexp(np.abs(known).max())
        self._values, first, count = np.unique(self._in_units(known), return_index=True, return_counts=True)
        self._ranks = (first + count / 2) / len(known)

    def __call__(self, values):
        return np.clip(np.interp(self._in_units(values), self._values, self._ranks, left=0.0, right=1.0), 0.0, 1.0)

    def _in_units(self, values):
        with np.errstate(over="ignore"):
            return np.ldexp(values, -self._exponent)


class Linear:
    """The difference to an origin divided by a width, both computed from the real column."""

    def __init__(self, known):
        # In units of the largest number, so that no sum overflows.
        self._unit = np.abs(known).max() or 1.0
        self._origin, width = self.origin_and_width(known / self._unit)
        # A smaller width comes from rounding of a constant.
        self._width = width if width > 1e-12 else 1.0 / self._unit

    def __call__(self, values):
        with np.errstate(over="ignore"):
            return np.clip((values / self._unit - self._origin) / self._width, -FARTHEST, FARTHEST)


class MinMax(Linear):
    """The position between the smallest and the largest real value."""

    middle = 0.5

    def origin_and_width(self, known):
        return known[0], known[-1] - known[0]


class Standard(Linear):
    """The difference to the real mean in real standard deviations."""

    middle = 0.0

    def origin_and_width(self, known):
        return known.mean(), known.std()


SCALES = {"ranks": Ranks, "minmax": MinMax, "standard": Standard}
