"""Which levels of a column are alike: what the other columns say of them."""

from __future__ import annotations

import numpy as np

from ._columns import MAX_ONE_HOT, CategoricalColumn, NumericColumn, codes_of
from ._encoded import encode

# A level's own mean counts against this many rows of the column's mean.
PRIOR_ROWS = 5.0


class Profiles:
    """The columns of a table as numbers that levels can be compared by.

    Parameters
    ----------
    columns : sequence of Column
        Of one table. Numbers count by their rank, levels as one-hot; columns of more than 100 levels say nothing.
    """

    def __init__(self, columns):
        said = [(position, column, _encoder(column)) for position, column in enumerate(columns)]
        said = [(position, column, encoder) for position, column, encoder in said if encoder is not None]
        self._encoded = encode([encoder for *_, encoder in said], [column for _, column, _ in said])
        # The column that each span is of.
        self._owners = [position for position, _, encoder in said for _ in encoder.pieces]

    def of_levels(self, position, column, levels):
        """Profiles of `levels` in the column at `position`: what the other columns say.

        Returns
        -------
        ndarray of shape (n_levels, width)
            Mean of the other columns, drawn towards their overall mean where few rows hold the level.
        """
        present = ~column.missing
        codes = codes_of(column.values[present], levels)
        counts = np.bincount(codes, minlength=len(levels))[:, None]
        everyone = np.zeros(len(present), dtype=np.int64)
        sums = [
            _sums(codes, len(levels), values[present], width)
            - counts * _sums(everyone, 1, values, width) / len(everyone)
            for owner, values, width in self._spans()
            if owner != position
        ]
        return np.column_stack([*sums, np.empty((len(levels), 0))]) / (counts + PRIOR_ROWS)

    def _spans(self):
        """Of each span its column's position, its values (n,) and its width."""
        codes = iter(self._encoded.codes.numpy().T)
        numbers = zip(self._encoded.low.numpy().T, self._encoded.high.numpy().T, strict=True)
        for owner, span in zip(self._owners, self._encoded.spec.spans, strict=True):
            yield owner, next(codes) if span.kind == "categorical" else sum(next(numbers)) / 2, span.width


def _encoder(column):
    """What encodes a column that says something of others; None for one that does not."""
    if column.missing.all():
        return None
    if column.kind == "numeric":
        return NumericColumn(column, min_frequency=1)
    encoder = CategoricalColumn(column)
    return encoder if len(encoder.levels) <= MAX_ONE_HOT else None


def _sums(codes, n_levels, values, width):
    """Sums of a span's unfolded rows over the rows of each level, shape (n_levels, width)."""
    if values.dtype.kind == "f":
        return np.bincount(codes, weights=values, minlength=n_levels)[:, None]
    return np.bincount(codes * width + values, minlength=n_levels * width).reshape(n_levels, width)


def line_order(profiles, counts):
    """The order of levels along the direction in which their profiles differ most, shape (n_levels,)."""
    if not profiles.shape[1]:
        return np.argsort(-counts, kind="stable")
    weighted = profiles * np.sqrt(counts)[:, None]
    _, directions = np.linalg.eigh(weighted.T @ weighted)
    direction = directions[:, -1]
    # An eigenvector's sign is arbitrary; this one is the same on every machine.
    direction = direction * np.sign(direction[np.abs(direction).argmax()])
    return np.argsort(profiles @ direction, kind="stable")


def nearest(profiles, rare, common):
    """For each rare level the common one with the nearest profile, shape (n_rare,)."""
    a, b = profiles[rare], profiles[common]
    distance = (a**2).sum(1)[:, None] - 2 * a @ b.T + (b**2).sum(1)
    return common[distance.argmin(1)]
