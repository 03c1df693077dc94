"""Which levels of a column are alike: what the other columns say of them."""

from __future__ import annotations

import numpy as np

from ._columns import MAX_ONE_HOT, CategoricalColumn, NumericColumn, codes_of

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
        self._blocks = [_block(column) for column in columns]

    def of_levels(self, position, column, levels):
        """Profiles of `levels` in the column at `position`: what the other columns say.

        Returns
        -------
        ndarray of shape (n_levels, width)
            Mean of the other columns, drawn towards their overall mean where few rows hold the level.
        """
        present = ~column.missing
        codes = codes_of(column.values[present], levels)
        counts = np.bincount(codes, minlength=len(levels))
        others = [block for place, block in enumerate(self._blocks) if place != position]
        others = np.column_stack([*others, np.empty((len(present), 0))])
        sums = np.zeros((len(levels), others.shape[1]))
        np.add.at(sums, codes, others[present] - others.mean(0))
        return sums / (counts + PRIOR_ROWS)[:, None]


def _block(column):
    n = len(column.missing)
    if column.missing.all():
        return np.empty((n, 0))
    if column.kind == "numeric":
        encoder = NumericColumn(column, min_frequency=1)
    else:
        encoder = CategoricalColumn(column)
        if len(encoder.levels) > MAX_ONE_HOT:
            return np.empty((n, 0))
    low, high = encoder.encode(column.values, column.missing)
    return (low + high) / 2


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
