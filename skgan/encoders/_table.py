"""Encode tables as tensors, each column by an encoder of its kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from skgan._spec import DataSpec
from skgan._state import ListOf, Rule, Whole, Word, demand, inside, read_values

from ._check_form import written_and_read
from ._columns import MAX_ONE_HOT, CategoricalColumn, EmptyColumn, NumericColumn, distinct_categories
from ._derived import DerivedColumn, find_derived
from ._encoded import encode
from ._grouped import EmbeddedColumn, GroupedColumn
from ._identifier import IdentifierColumn
from ._profiles import Profiles
from ._text import TEXT, TextColumn, hidden

COLUMNS = {
    "numeric": NumericColumn,
    "categorical": CategoricalColumn,
    "grouped": GroupedColumn,
    "embedded": EmbeddedColumn,
    "derived": DerivedColumn,
    "empty": EmptyColumn,
    "identifier": IdentifierColumn,
    "text": TextColumn,
}


class ColumnState(Rule):
    """A column encoder, of the class that its state names."""

    def __str__(self):
        return "the state of a column encoder"

    def read(self, name, value):
        with inside(name):
            word = read_values(value, {"kind": Word(tuple(COLUMNS))})["kind"]
            return COLUMNS[word].from_state(value)

    def state_of(self, value):
        word = next(word for word, encoder in COLUMNS.items() if encoder is type(value))
        return {"kind": word, **value.get_state()}


RULES = {"min_frequency": Whole(1), "columns": ListOf(ColumnState(), 1)}


class TableEncoder:
    """Encode tables as tensors, and decode them.

    Parameters
    ----------
    min_frequency : int
        Numbers that fewer rows hold are never stored, and are decoded as interpolated values.
    derive : bool, default=True
        Whether a column that is a function of another one is left out of encoded rows and computed from that one.

    Attributes
    ----------
    columns_ : list
        One fitted column encoder per column.
    spec_ : DataSpec
        The layout of an encoded row.
    ordered_ : ndarray of bool, shape (n_columns,)
        Which columns' `features` are ordered numbers and not category codes.
    """

    modality = "table"

    def __init__(self, *, min_frequency, derive=True):
        self.min_frequency = min_frequency
        self.derive = derive

    def fit(self, table):
        profiles = None
        columns = []
        sources = find_derived(table.columns, self.min_frequency) if self.derive else {}
        for position, column in enumerate(table.columns):
            if position in sources:
                source = sources[position]
                columns.append(DerivedColumn(column, table.columns[source], source))
                continue
            kind = self._kind(column)
            if kind is GroupedColumn:
                profiles = profiles or Profiles(table.columns)
                columns.append(self.grouped(column, profiles, position))
            elif kind is NumericColumn:
                columns.append(NumericColumn(column, min_frequency=self.min_frequency))
            else:
                columns.append(kind(column))
        return self._set_columns(columns)

    def grouped(self, column, profiles, position):
        """The encoder of a column of many categories, which are compared by the `Profiles` of the table."""
        categories = distinct_categories(column)
        return GroupedColumn(column, categories, profiles.coordinates(column, categories, position))

    def fit_targets(self, table, profiles):
        """Fit to targets: as `fit`, but many classes get coordinates by the rows that have them.

        Parameters
        ----------
        table : Table
        profiles : callable or None
            Returns the `Profiles` of the rows; it is called only if a target has many classes.
        """
        self.fit(table)
        many = [position for position, column in enumerate(self.columns_) if isinstance(column, GroupedColumn)]
        if profiles is None or not many:
            return self
        compared, columns = profiles(), list(self.columns_)
        for position in many:
            column = table.columns[position]
            categories = distinct_categories(column)
            columns[position] = EmbeddedColumn(column, categories, compared.coordinates(column, categories))
        return self._set_columns(columns)

    def _kind(self, column):
        if column.missing.all() or (column.is_learned and self._is_one_rare_number(column)):
            return EmptyColumn
        if not column.is_learned:
            return TextColumn if column.replaced_by is TEXT else IdentifierColumn
        if column.kind == "numeric":
            return NumericColumn
        n_categories = len(pd.unique(column.values[~column.missing]))
        return GroupedColumn if n_categories > MAX_ONE_HOT else CategoricalColumn

    def _is_one_rare_number(self, column):
        """Whether a numeric column has one known value in a few rows only, which it would reveal."""
        known = column.values[~column.missing]
        few = column.missing.any() and 0 < len(known) < self.min_frequency
        return bool(few and column.kind == "numeric" and (known == known[0]).all())

    def _set_columns(self, columns):
        self.columns_ = columns
        self.ordered_ = np.array([column.ordered for column in columns])
        pieces = [column.pieces for column in columns]
        self.spec_ = DataSpec.from_pieces([piece for column in pieces for piece in column])
        widths = [sum(width for _, width, _ in column) for column in pieces]
        self._cuts = np.cumsum(widths)[:-1]
        return self

    def encode(self, table):
        """The rows of a table, `Encoded`."""
        return encode(self.columns_, table.columns)

    def decode(self, rows):
        """Encoded rows, ndarray of shape (n_rows, spec_.width), to a list of (values, missing), one per column."""
        blocks = np.split(rows, self._cuts, axis=1)
        pairs = list(zip(self.columns_, blocks, strict=True))
        columns = [None if _is_derived(encoder) else encoder.decode(block) for encoder, block in pairs]
        for position, encoder in enumerate(self.columns_):
            if _is_derived(encoder):
                columns[position] = encoder.derive(blocks[position], columns[encoder.position])
        return columns

    @property
    def identifiers(self):
        """The encoders of identifiers, a dict by the column's position."""
        return {j: encoder for j, encoder in enumerate(self.columns_) if isinstance(encoder, IdentifierColumn)}

    @property
    def texts(self):
        """The positions of columns of free text, of which no text is shown."""
        return [j for j, encoder in enumerate(self.columns_) if isinstance(encoder, TextColumn)]

    def features(self, table):
        """A table as input of trees: uint8 of shape (n_rows, n_columns), equal for equal rows."""
        pairs = zip(self.columns_, table.columns, strict=True)
        return np.column_stack([encoder.features(column.values, column.missing) for encoder, column in pairs])

    def judged(self, table):
        """The rows as a `Table` without identifiers and free text, for a classifier of real against generated rows."""
        texts, identifiers = self.texts, self.identifiers
        columns = tuple(hidden(column) if j in texts else column for j, column in enumerate(table.columns))
        table = replace(table, columns=columns)
        return table.select([j for j in range(len(columns)) if j not in identifiers]) if identifiers else table

    def row_features(self, rows):
        """`features` of decoded rows, given encoded ones: ndarray of shape (n_rows, spec_.width)."""
        blocks = np.split(rows, self._cuts, axis=1)
        pairs = zip(self.columns_, blocks, strict=True)
        return np.column_stack([encoder.row_features(block) for encoder, block in pairs])

    def get_state(self):
        """The fitted encoder as a tree of words, numbers and arrays."""
        return {
            "min_frequency": self.min_frequency,
            "columns": RULES["columns"].state_of(self.columns_),
        }

    @classmethod
    def from_state(cls, state):
        """The encoder that `get_state` described; a `BrokenFileError` says which column contradicts which rule."""
        with inside(cls.__name__):
            values = read_values(state, RULES)
            _check_sources(values["columns"])
            encoder = cls(min_frequency=values["min_frequency"])._set_columns(values["columns"])
            demand(encoder.spec_.width, "columns", "have one that is learned")
            return encoder

    def check_form(self, form):
        """Refuse a form, read from a file, that cannot hold the values that this encoder decodes."""
        extremes = self.extremes()
        for _ in written_and_read(form, extremes):
            pass
        for position in self.identifiers:
            values, missing = extremes[position]
            # Numbers may be rounded without being refused, but identifiers are kept to the last digit.
            holds = form.columns[position].holds(values[~missing])
            demand(holds, f"columns[{position}]", "have a dtype that holds the identifiers of the encoder")

    def extremes(self):
        """A list of (values, missing), one per column, as the `extremes` of its column encoder."""
        return [column.extremes() for column in self.columns_]


def _check_sources(columns):
    for number, column in enumerate(columns):
        if not _is_derived(column):
            continue
        with inside(f"columns[{number}]"):
            found = column.position < len(columns) and not _is_derived(columns[column.position])
            demand(found, "position", "be that of a column that is not itself derived")
            learned = not isinstance(columns[column.position], IdentifierColumn)
            demand(learned, "position", "be that of a column that holds no identifiers")
            column.check_source(columns[column.position])


def _is_derived(encoder):
    return isinstance(encoder, DerivedColumn)
