"""Similarity of the categories of a column, measured by the values of the other columns."""

from __future__ import annotations

import numpy as np

from ._columns import MAX_ONE_HOT, CategoricalColumn, NumericColumn, codes_of
from ._encoded import encode

# The mean of a category is shrunk as if this many more rows had the column's overall mean.
PRIOR_ROWS = 5.0


class Profiles:
    """The columns of a table as numbers, by which categories of another column are compared.

    Parameters
    ----------
    columns : sequence of Column
        Of one table. Numbers are used as ranks and categories as one-hot. Columns of more than 100 categories are not
        used.
    """

    def __init__(self, columns):
        used = [(position, column, _encoder(column)) for position, column in enumerate(columns)]
        used = [(position, column, encoder) for position, column, encoder in used if encoder is not None]
        self._encoded = encode([encoder for *_, encoder in used], [column for _, column, _ in used])
        # The column of each span.
        self._owners = [position for position, _, encoder in used for _ in encoder.pieces]

    def of_categories(self, position, column, categories):
        """Profiles of `categories` in the column at `position`, by the other columns.

        Returns
        -------
        ndarray of shape (n_categories, width)
            Mean of the other columns, shrunk towards their overall mean if few rows hold the category.
        """
        present = ~column.missing
        codes = codes_of(column.values[present], categories)
        counts = np.bincount(codes, minlength=len(categories))[:, None]
        all_rows = np.zeros(len(present), dtype=np.int64)
        sums = [
            _sums(codes, len(categories), values[present], width)
            - counts * _sums(all_rows, 1, values, width) / len(all_rows)
            for owner, values, width in self._spans()
            if owner != position
        ]
        return np.column_stack([*sums, np.empty((len(categories), 0))]) / (counts + PRIOR_ROWS)

    def _spans(self):
        """The column's position, the values (n,) and the width of each span."""
        codes = iter(self._encoded.codes.numpy().T)
        numbers = zip(self._encoded.low.numpy().T, self._encoded.high.numpy().T, strict=True)
        for owner, span in zip(self._owners, self._encoded.spec.spans, strict=True):
            yield owner, next(codes) if span.kind == "categorical" else sum(next(numbers)) / 2, span.width


def _encoder(column):
    """The encoder of a column; None for one that profiles do not use."""
    if column.missing.all():
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


def line_order(profiles, counts):
    """The order of categories along the direction in which their profiles differ most, shape (n_categories,)."""
    if not profiles.shape[1]:
        return np.argsort(-counts, kind="stable")
    weighted = profiles * np.sqrt(counts)[:, None]
    _, directions = np.linalg.eigh(weighted.T @ weighted)
    direction = directions[:, -1]
    # An eigenvector's sign is arbitrary; this one is the same on every machine.
    direction = direction * np.sign(direction[np.abs(direction).argmax()])
    return np.argsort(profiles @ direction, kind="stable")


def nearest(profiles, rare, common):
    """The common category with the nearest profile to each rare one, shape (n_rare,)."""
    a, b = profiles[rare], profiles[common]
    distance = (a**2).sum(1)[:, None] - 2 * a @ b.T + (b**2).sum(1)
    return common[distance.argmin(1)]
