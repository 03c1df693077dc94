"""Similarity of the categories of a column, measured by the values of the other columns."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn.functional import adaptive_avg_pool2d

from skgan._forms import Column, Table

from ._columns import MAX_ONE_HOT, CategoricalColumn, NumericColumn, codes_of
from ._encoded import encode

# The mean of a category is shrunk as if this many more rows had the column's overall mean.
PRIOR_ROWS = 5.0
# Categories are compared along this many directions, found among random projections on at most MAX_SKETCH numbers.
N_COORDINATES, MAX_SKETCH = 16, 64
# With more categories per row than this, most categories have a single row, which says too little of them.
MAX_CATEGORY_SHARE = 0.5
# Images are compared by the mean brightness of this many cells per side.
N_CELLS = 8
# The most numbers of profiles held at once.
MAX_NUMBERS = 2**20


class Profiles:
    """The columns of a table as numbers, by which categories of another column are compared.

    Parameters
    ----------
    columns : sequence of Column
        Of one table. Numbers are used as ranks and categories as one-hot. Columns of more than 100 categories are not
        used, and neither are those that are not learned.
    """

    def __init__(self, columns):
        used = [(position, column, _encoder(column)) for position, column in enumerate(columns)]
        used = [(position, column, encoder) for position, column, encoder in used if encoder is not None]
        self._encoded = encode([encoder for *_, encoder in used], [column for _, column, _ in used])
        # The column of each span.
        self._owners = [position for position, _, encoder in used for _ in encoder.pieces]
        n_rows = len(columns[0].missing) if columns else 0
        all_rows = np.zeros(n_rows, dtype=np.int64)
        self._overall = [_sums(all_rows, 1, values, width) / n_rows for _, values, width in self._spans()]

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
            _sums(codes, n_categories, values[rows], width) - counts * overall
            for (owner, values, width), overall in zip(self._spans(), self._overall, strict=True)
            if owner != position
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
        width = sum(span for owner, _, span in self._spans() if owner != position)
        project = _projection(width)
        chunk = max(1, MAX_NUMBERS // max(1, width))
        pieces = []
        for first in range(0, len(categories), chunk):
            last = min(first + chunk, len(categories))
            rows = order[starts[first] : starts[last]]
            profiles = self._means(codes[rows] - first, last - first, present[rows], position)
            pieces.append((profiles @ project).astype(np.float32))
        return np.concatenate(pieces)

    def _spans(self):
        """The column's position, the values (n,) and the width of each span."""
        codes = iter(self._encoded.codes.numpy().T)
        numbers = zip(self._encoded.low.numpy().T, self._encoded.high.numpy().T, strict=True)
        for owner, span in zip(self._owners, self._encoded.spec.spans, strict=True):
            yield owner, next(codes) if span.kind == "categorical" else sum(next(numbers)) / 2, span.width


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


def _encoder(column):
    """The encoder of a column; None for one that profiles do not use."""
    if column.missing.all() or not column.is_learned:
        return None
    if column.kind == "numeric":
        return NumericColumn(column, min_frequency=1)
    encoder = CategoricalColumn(column)
    return encoder if len(encoder.categories) <= MAX_ONE_HOT else None


def _sums(codes, n_categories, values, width):
    """Sums of a span's expanded rows over the rows of each category, shape (n_categories, width)."""
    if values.dtype.kind == "f":
        return np.bincount(codes, weights=values, minlength=n_categories)[:, None]
    return np.bincount(codes * width + values, minlength=n_categories * width).reshape(n_categories, width)


def nearest(profiles, rare, common):
    """The common category with the nearest profile to each rare one, shape (n_rare,)."""
    a, b = profiles[rare], profiles[common]
    distance = (a**2).sum(1)[:, None] - 2 * a @ b.T + (b**2).sum(1)
    return common[distance.argmin(1)]
