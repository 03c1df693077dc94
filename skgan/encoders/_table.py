"""A table as tensors: each column by its own kind, side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch

from skgan._spec import DataSpec

from ._columns import COLUMNS, MAX_ONE_HOT, CategoricalColumn, EmptyColumn, NumericColumn, OrderedColumn, codes_of
from ._profiles import Profiles, line_order


class TableEncoder:
    """Tables to tensors and back.

    Parameters
    ----------
    min_frequency : int
        Numbers that fewer rows hold are drawn between their neighbours and never stored.

    Attributes
    ----------
    columns_ : list
        One fitted column encoder a column.
    spec_ : DataSpec
        The layout of an encoded row.
    ordered_ : ndarray of bool, shape (n_columns,)
        Which columns' `features` are ordered numbers; the others are level codes.
    """

    def __init__(self, *, min_frequency):
        self.min_frequency = min_frequency

    def fit(self, table):
        profiles = None
        columns = []
        for position, column in enumerate(table.columns):
            kind = EmptyColumn if self._is_one_rare_number(column) else self._kind(column)
            if kind is OrderedColumn:
                profiles = profiles or Profiles(table.columns)
                columns.append(OrderedColumn(column, _levels_on_a_line(column, position, profiles)))
            elif kind is NumericColumn:
                columns.append(NumericColumn(column, min_frequency=self.min_frequency))
            else:
                columns.append(kind(column))
        return self._set_columns(columns)

    def _is_one_rare_number(self, column):
        """Whether all that is known of a number column is one value in a few rows, which would give them away."""
        known = column.values[~column.missing]
        few = column.missing.any() and 0 < len(known) < self.min_frequency
        return bool(few and column.kind == "numeric" and (known == known[0]).all())

    @staticmethod
    def _kind(column):
        if column.missing.all():
            return EmptyColumn
        if column.kind == "numeric":
            return NumericColumn
        n_levels = len(pd.unique(column.values[~column.missing]))
        return OrderedColumn if n_levels > MAX_ONE_HOT else CategoricalColumn

    def _set_columns(self, columns):
        self.columns_ = columns
        self.ordered_ = np.array([column.ordered for column in columns])
        pieces = [column.pieces for column in columns]
        self.spec_ = DataSpec.from_pieces([piece for column in pieces for piece in column])
        widths = [sum(width for _, width, _ in column) for column in pieces]
        self._cuts = np.cumsum(widths)[:-1]
        return self

    def encode(self, table):
        """The interval that each value stands for: two float32 tensors of shape (n_rows, spec_.width)."""
        intervals = [
            encoder.encode(column.values, column.missing)
            for encoder, column in zip(self.columns_, table.columns, strict=True)
        ]
        # Cast column by column: a wide one-hot in double precision would be the largest thing in memory.
        low, high = (
            np.column_stack([end.astype(np.float32, copy=False) for end in ends])
            for ends in zip(*intervals, strict=True)
        )
        return torch.from_numpy(low), torch.from_numpy(high)

    def decode(self, rows):
        """Encoded rows, ndarray of shape (n_rows, spec_.width), to a list of (values, missing), one a column."""
        blocks = np.split(rows, self._cuts, axis=1)
        return [encoder.decode(block) for encoder, block in zip(self.columns_, blocks, strict=True)]

    def features(self, columns):
        """What trees see of (values, missing) columns: uint8 of shape (n_rows, n_columns), the same for same rows."""
        pairs = zip(self.columns_, columns, strict=True)
        return np.column_stack([encoder.features(values, missing) for encoder, (values, missing) in pairs])

    def get_state(self):
        kinds = {encoder: word for word, encoder in COLUMNS.items()}
        return {
            "min_frequency": self.min_frequency,
            "columns": [{"kind": kinds[type(column)], **column.get_state()} for column in self.columns_],
        }

    @classmethod
    def from_state(cls, state):
        encoder = cls(min_frequency=state["min_frequency"])
        return encoder._set_columns([COLUMNS[column["kind"]].from_state(column) for column in state["columns"]])


def _levels_on_a_line(column, position, profiles):
    levels = sorted(pd.unique(column.values[~column.missing]), key=lambda level: (type(level).__name__, str(level)))
    counts = np.bincount(codes_of(column.values[~column.missing], levels), minlength=len(levels))
    return [levels[code] for code in line_order(profiles.of_levels(position, column, levels), counts)]
