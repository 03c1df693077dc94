"""Similarity of the categories of a column, measured by the values of the other columns."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch.nn.functional import adaptive_avg_pool2d

from skgan._forms import Column, Table

from ._columns import MAX_ONE_HOT, CategoricalColumn, NumericColumn, codes_of, distinct_categories
from ._encoded import encode

# The mean of a category is shrunk as if this many more rows had the column's overall mean.
PRIOR_ROWS = 5.0
# Categories are compared along this many directions, found among random projections on at most MAX_SKETCH numbers.
N_COORDINATES, MAX_SKETCH = 16, 64
# With more categories per row than this, most categories have a single row, which says too little of them.
MAX_CATEGORY_SHARE = 0.5
# How often the vectors of many categories are replaced by better ones.
N_ITERATIONS = 2
# Images are compared by the mean brightness of this many cells per side.
N_CELLS = 8
# The most numbers of profiles held at once.
MAX_NUMBERS = 2**20


class Profiles:
    """The columns of a table as numbers, by which categories of another column are compared.

    Parameters
    ----------
    columns : sequence of Column
        Of one table. Numbers are used as ranks and categories as one-hot. Columns that are not learned are not used,
        and neither are those of nearly as many categories as rows.

    Notes
    -----
    With more than 100 categories, each stands for a vector, at first a random one. With several such columns, their
    vectors are replaced by coordinates that these vectors give, and so on: categories of one column are alike if they
    occur with alike ones of another. This is a power iteration for the singular vectors of the table of counts [1]_.

    References
    ----------
    .. [1] Halko, Martinsson and Tropp, "Finding structure with randomness", SIAM Review 53(2), 2011, algorithm 4.4.
    """

    def __init__(self, columns):
        self._n_rows = len(columns[0].missing) if columns else 0
        self._set_spans([span for position, column in enumerate(columns) for span in _spans_of(position, column)])
        if sum(isinstance(span, _Vectors) for span in self._spans) > 1:
            for _ in range(N_ITERATIONS):
                self._set_spans([self._with_coordinates(span, columns) for span in self._spans])

    def _set_spans(self, spans):
        self._spans = spans
        all_rows, same = np.arange(self._n_rows), np.zeros(self._n_rows, dtype=np.int64)
        self._overall = [span.sums(same, 1, all_rows) / self._n_rows for span in spans]

    def _with_coordinates(self, span, columns):
        """A span of many categories with their coordinates as vectors; any other span as it was."""
        if not isinstance(span, _Vectors):
            return span
        coordinates = self.coordinates(columns[span.owner], span.categories, span.owner)
        length = np.sqrt((coordinates**2).sum(axis=1).mean())
        return replace(span, vectors=coordinates / max(length, 1e-12))

    def of_categories(self, position, column, categories):
        """Profiles of `categories` in the column at `position`, by the other columns.

        Returns
        -------
        ndarray of shape (n_categories, width)
            Mean of the other columns, shrunk towards their overall mean if few rows hold the category.
        """
        present = np.flatnonzero(~column.missing)
        return self._means(codes_of(column.values[present], categories), len(categories), present, position)

    def _means(self, codes, n_categories, rows, position):
        """Profiles of the categories 0 to n_categories - 1, which are the `codes` of these rows."""
        counts = np.bincount(codes, minlength=n_categories)[:, None]
        sums = [
            span.sums(codes, n_categories, rows) - counts * overall
            for span, overall in zip(self._spans, self._overall, strict=True)
            if span.owner != position
        ]
        return np.column_stack([*sums, np.empty((n_categories, 0))]) / (counts + PRIOR_ROWS)

    def coordinates(self, column, categories, position=None):
        """Coordinates of `categories` of a column, by which similar ones are near each other.

        They are the profiles along the directions in which these differ most.

        Parameters
        ----------
        column : Column
        categories : list
        position : int, default=None
            Of the column in the table; None for one that is not part of it.

        Returns
        -------
        float32 ndarray of shape (n_categories, n_coordinates)
            All zero where nearly every row has a category of its own, so that profiles say nothing.
        """
        codes = codes_of(column.values[~column.missing], categories)
        if len(categories) > MAX_CATEGORY_SHARE * len(codes):
            return np.zeros((len(categories), 0), dtype=np.float32)
        sketch = self._sketch(column, categories, position)
        weighted = sketch * np.sqrt(np.bincount(codes, minlength=len(categories)))[:, None]
        _, directions = np.linalg.eigh(weighted.T.astype(np.float64) @ weighted)
        return sketch @ directions[:, : -N_COORDINATES - 1 : -1].astype(np.float32)

    def _sketch(self, column, categories, position):
        """Profiles projected at random on few numbers, for some of the categories at a time: memory stays small."""
        present = np.flatnonzero(~column.missing)
        codes = codes_of(column.values[present], categories)
        order = np.argsort(codes, kind="stable")
        starts = np.searchsorted(codes[order], np.arange(len(categories) + 1))
        width = sum(span.width for span in self._spans if span.owner != position)
        project = _projection(width)
        chunk = max(1, MAX_NUMBERS // max(1, width))
        pieces = []
        for first in range(0, len(categories), chunk):
            last = min(first + chunk, len(categories))
            rows = order[starts[first] : starts[last]]
            profiles = self._means(codes[rows] - first, last - first, present[rows], position)
            pieces.append((profiles @ project).astype(np.float32))
        return np.concatenate(pieces)


def profiles_of(data):
    """`Profiles` of the rows of a table; of images, their brightness in coarse cells is compared."""
    if isinstance(data, Table):
        return Profiles(data.columns)
    cells = [
        adaptive_avg_pool2d(torch.from_numpy(chunk.astype(np.float32)), N_CELLS).flatten(1).numpy()
        for chunk in data.chunks()
    ]
    known = np.zeros(data.n_rows, dtype=bool)
    numbers = np.concatenate(cells).T.astype(np.float64)
    return Profiles([Column(position, "numeric", values, known) for position, values in enumerate(numbers)])


def _projection(width):
    """A random matrix (width, MAX_SKETCH) that about keeps distances; the identity for narrow profiles.

    Johnson and Lindenstrauss, "Extensions of Lipschitz mappings into a Hilbert space", 1984; with Gaussian entries.
    """
    if width <= MAX_SKETCH:
        return np.eye(width)
    return np.random.default_rng(0).normal(scale=MAX_SKETCH**-0.5, size=(width, MAX_SKETCH))


def _spans_of(position, column):
    """What profiles use of the column at `position`, a list of spans."""
    if column.missing.all() or not column.is_learned:
        return []
    if column.kind == "numeric":
        encoder = NumericColumn(column, min_frequency=1)
    else:
        encoder = CategoricalColumn(column)
        n_categories, n_known = len(encoder.categories), int((~column.missing).sum())
        if n_categories > MAX_ONE_HOT:
            is_useful = n_categories <= MAX_CATEGORY_SHARE * n_known
            categories = distinct_categories(column)
            vectors = np.random.default_rng(0).normal(scale=MAX_SKETCH**-0.5, size=(n_categories, MAX_SKETCH))
            return [_Vectors(position, codes_of(column.values, categories), categories, vectors)] if is_useful else []
    encoded = encode([encoder], [column])
    codes, numbers = iter(encoded.codes.numpy().T), zip(encoded.low.numpy().T, encoded.high.numpy().T, strict=True)
    return [
        _OneHot(position, next(codes), span.width) if span.kind == "categorical" else _Number(position, *next(numbers))
        for span in encoded.spec.spans
    ]


@dataclass(frozen=True)
class _OneHot:
    """Codes (n_rows,) of the categories of the column `owner`."""

    owner: int
    codes: np.ndarray
    width: int

    def sums(self, groups, n_groups, rows):
        """Sums over the `rows` of each group, shape (n_groups, width); `groups` has the group of each of them."""
        cells = groups * self.width + self.codes[rows]
        return np.bincount(cells, minlength=n_groups * self.width).reshape(n_groups, self.width)


@dataclass(frozen=True)
class _Number:
    """Intervals (n_rows,) of the numbers of the column `owner`."""

    owner: int
    low: np.ndarray
    high: np.ndarray
    width = 1

    def sums(self, groups, n_groups, rows):
        return np.bincount(groups, weights=(self.low[rows] + self.high[rows]) / 2, minlength=n_groups)[:, None]


@dataclass(frozen=True)
class _Vectors:
    """Codes (n_rows,) of the many categories of the column `owner`, and a vector (n_categories, width) for each.

    With random vectors, distances of means are about those of one-hot codes, as for `_projection`.
    """

    owner: int
    codes: np.ndarray
    categories: list
    vectors: np.ndarray

    @property
    def width(self):
        return self.vectors.shape[1]

    def sums(self, groups, n_groups, rows):
        codes = self.codes[rows]
        # A missing value has the code -1.
        known = [np.append(part, 0.0)[codes] for part in self.vectors.T]
        return np.column_stack([np.bincount(groups, weights=part, minlength=n_groups) for part in known])


def nearest(profiles, rare, common):
    """The common category with the nearest profile to each rare one, shape (n_rare,)."""
    a, b = profiles[rare], profiles[common]
    distance = (a**2).sum(1)[:, None] - 2 * a @ b.T + (b**2).sum(1)
    return common[distance.argmin(1)]
