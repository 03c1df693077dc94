"""y as what a generator is conditioned on, and as something that can be drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from skgan._spec import DataSpec
from skgan._state import Array, Flag, ListOf, Part, Word, demand, inside, read_values

from ._check_form import written_and_read
from ._columns import CategoricalColumn, NumericColumn, OrderedColumn, levels_at
from ._encoded import Encoded
from ._table import TableEncoder

# Whole numbers of more distinct values than this are amounts, not classes.
MAX_CLASSES = 50
# Several targets are drawn together by cells; an amount is cut into this many.
N_BINS = 16

TARGET_TYPES = {
    "auto": lambda column, is_time: column.kind == "categorical" or (not is_time and _few_whole_numbers(column)),
    "classes": lambda column, is_time: True,
    "continuous": lambda column, is_time: False,
}

RULES = {
    "target_type": Word(tuple(TARGET_TYPES)),
    "is_class": ListOf(Flag(), 1),
    "dtypes": ListOf(Word(("<f8", "<i8", ">f8", ">i8", "|O"))),
    "encoder": Part(TableEncoder),
    "cells": Array("i", (None, None), 0),
    "cell_counts": Array("i", (None,), 1, 2**40),
}


@dataclass(frozen=True)
class Conditions:
    """Conditions of n rows.

    Parameters
    ----------
    encoded : Encoded
        What the networks see, kept small.
    features : ndarray of uint8, shape (n, n_targets)
        What the trees see.
    """

    encoded: Encoded
    features: np.ndarray

    @classmethod
    def none(cls, n):
        """No condition at all, n times."""
        return cls(Encoded.empty(n, DataSpec()), np.empty((n, 0), dtype=np.uint8))

    @property
    def tensor(self):
        """The conditions as networks read them, a float32 tensor of shape (n, condition_dim)."""
        return self.encoded.middle()

    def __len__(self):
        return len(self.features)

    def __getitem__(self, rows):
        return Conditions(self.encoded[rows], self.features[rows])


class ConditionEncoder:
    """Targets to conditions, and new targets drawn as in training.

    Parameters
    ----------
    target_type : {"auto", "classes", "continuous"}
        "auto": whole numbers of at most 50 distinct values, and all that is no number, are classes.
    min_frequency : int
        Amounts that fewer rows hold are never stored.

    Attributes
    ----------
    is_class_ : list of bool
        One a target.
    spec_ : DataSpec
        The layout of the codes.
    cells_, cell_counts_ : ndarray of shapes (n_cells, n_targets) and (n_cells,)
        Combinations of classes and of bins of amounts, and how many rows hold each.
    """

    def __init__(self, *, target_type, min_frequency):
        self.target_type = target_type
        self.min_frequency = min_frequency

    def fit(self, table):
        for column in table.columns:
            if column.missing.any():
                raise ValueError(
                    f"y has {int(column.missing.sum())} missing values in {column.describe()}; a condition must be "
                    "known: drop those rows, or fill them with a label of their own."
                )
            if self.target_type == "continuous" and column.kind == "categorical":
                raise ValueError(
                    f"target_type='continuous' needs numbers, but {column.describe()} of y holds labels such as "
                    f"{column.values[0]!r}; use target_type='classes' or 'auto'."
                )
        is_class = TARGET_TYPES[self.target_type]
        pairs = zip(table.columns, table.form.times, strict=True)
        self.is_class_ = [bool(is_class(column, is_time)) for column, is_time in pairs]
        self.dtypes_ = [column.values.dtype.str for column in table.columns]
        levelled = self.levelled(table)
        self.encoder_ = TableEncoder(min_frequency=self.min_frequency, derive=False).fit(levelled)
        self.ordered_ = self.encoder_.ordered_
        self.spec_ = self.encoder_.spec_
        cells = np.column_stack(
            [self._cell(encoder, column) for encoder, column in self._pairs(levelled)]
        )
        self.cells_, self.cell_counts_ = np.unique(cells, axis=0, return_counts=True)
        return self

    @property
    def n_bins(self):
        return N_BINS if len(self.is_class_) > 1 else 1

    def labels(self, position):
        """The classes of the target at `position`, as its column holds them."""
        levels = np.empty(len(self.encoder_.columns_[position].levels), dtype=object)
        levels[:] = self.encoder_.columns_[position].levels
        return levels.astype(self.dtypes_[position])

    def encode(self, table):
        """Conditions of the rows of a target table; an unknown label is a ``ValueError`` that lists the known."""
        levelled = self.levelled(table)
        for encoder, column in self._pairs(levelled):
            if column.missing.any():
                raise ValueError(f"y has missing values in {column.describe()}; each row needs a condition.")
            _check_known(encoder, column)
        return Conditions(self.encoder_.encode(levelled), self.encoder_.features(levelled))

    def is_known(self, table):
        """Whether all classes of a row of a target table were in training, bool (n_rows,)."""
        known = np.ones(table.n_rows, dtype=bool)
        for encoder, column in self._pairs(self.levelled(table)):
            if isinstance(encoder, CategoricalColumn | OrderedColumn):
                # What is missing is no class, and is refused elsewhere.
                known &= column.missing | (encoder.codes(column.values) >= 0)
        return known

    def beyond(self, table):
        """Continuous targets of which rows of a target table lie far beyond those in training.

        Yields
        ------
        position : int
            Of the target.
        values : ndarray of shape (n,)
            Those beyond, n >= 1.
        limits : ndarray of shape (2,)
            The least and the greatest value that stand for them.
        """
        for position, (encoder, column) in enumerate(self._pairs(self.levelled(table))):
            if not isinstance(encoder, CategoricalColumn | OrderedColumn):
                values = column.values[~column.missing].astype(encoder.dtype)
                values = values[encoder.quantiles.is_beyond(values)]
                if len(values):
                    yield position, values, encoder.quantiles.range()

    def draw(self, n, rng):
        """n targets drawn as in training: a list of (values, missing), one a target."""
        cells = self.cells_[rng.choice(len(self.cells_), n, p=self.cell_counts_ / self.cell_counts_.sum())]
        places = rng.random((n, len(self.is_class_)))
        drawn = []
        for position, encoder in enumerate(self.encoder_.columns_):
            if isinstance(encoder, CategoricalColumn | OrderedColumn):
                values = levels_at(encoder.levels, cells[:, position])
            else:
                values = encoder.quantiles.value((cells[:, position] + places[:, position]) / self.n_bins)
            drawn.append((values.astype(self.dtypes_[position]), np.zeros(n, dtype=bool)))
        return drawn

    def _pairs(self, levelled):
        return zip(self.encoder_.columns_, levelled.columns, strict=True)

    def levelled(self, table):
        """The table with the numbers that are classes turned into labels."""
        columns = [
            replace(column, kind="categorical", values=_as_objects(column.values)) if is_class else column
            for column, is_class in zip(table.columns, self.is_class_, strict=True)
        ]
        return replace(table, columns=tuple(columns))

    def _cell(self, encoder, column):
        if isinstance(encoder, CategoricalColumn | OrderedColumn):
            return encoder.codes(column.values)
        low, high = encoder.quantiles.interval(column.values)
        return np.minimum((low + high) / 2 * self.n_bins, self.n_bins - 1).astype(np.int64)

    def get_state(self):
        """The fitted encoder as a tree of words, numbers and arrays."""
        return {
            "target_type": self.target_type,
            "is_class": self.is_class_,
            "dtypes": self.dtypes_,
            "encoder": self.encoder_.get_state(),
            "cells": self.cells_,
            "cell_counts": self.cell_counts_,
        }

    @classmethod
    def from_state(cls, state):
        """The encoder that `get_state` described; a `BrokenFileError` says which rule is broken."""
        with inside(cls.__name__):
            values = read_values(state, RULES)
            encoder = values["encoder"]
            fitted = cls(target_type=values["target_type"], min_frequency=encoder.min_frequency)
            fitted.is_class_, fitted.dtypes_, fitted.encoder_ = values["is_class"], values["dtypes"], encoder
            fitted.ordered_, fitted.spec_ = encoder.ordered_, encoder.spec_
            fitted.cells_, fitted.cell_counts_ = values["cells"], values["cell_counts"]
            fitted._check()
        return fitted

    def _check(self):
        columns = self.encoder_.columns_
        n_targets = len(columns)
        lengths = {len(self.is_class_), len(self.dtypes_)}
        demand(lengths == {n_targets}, "is_class and dtypes", "have one entry per target")
        targets = zip(columns, self.is_class_, self.dtypes_, strict=True)
        for number, (column, is_class, dtype) in enumerate(targets):
            kinds = CategoricalColumn | OrderedColumn if is_class else NumericColumn
            demand(isinstance(column, kinds), f"is_class[{number}]", "say of what kind the column is")
            demand(not column.has_gaps, f"encoder.columns[{number}].has_gaps", "be False, since each target is known")
            demand(is_class or column.dtype == dtype, f"dtypes[{number}]", "be that of the column")
        shape = (len(self.cell_counts_), n_targets)
        demand(self.cells_.shape == shape, "cells", "have one row for each of cell_counts")
        sizes = [self.n_bins if isinstance(column, NumericColumn) else len(column.levels) for column in columns]
        demand(shape[0] and (self.cells_ < sizes).all(), "cells", f"be less than {sizes}, in one or more rows")

    def check_form(self, form):
        """Refuse a form, read from a file, that cannot hold the targets, or gives others back."""
        pairs = zip(self.encoder_.extremes(), self.dtypes_, strict=True)
        self.encode(written_and_read(form, [(values.astype(dtype), missing) for (values, missing), dtype in pairs]))


def _few_whole_numbers(column):
    values = column.values[~column.missing]
    whole = values.dtype.kind == "i" or bool((values == np.rint(values)).all())
    return whole and len(np.unique(values)) <= MAX_CLASSES


def _as_objects(values):
    objects = np.empty(len(values), dtype=object)
    objects[:] = values.tolist()
    return objects


def _check_known(encoder, column):
    if not isinstance(encoder, CategoricalColumn | OrderedColumn):
        return
    unknown = [level for level in dict.fromkeys(column.values) if encoder.codes([level])[0] < 0]
    if unknown:
        known = ", ".join(repr(level) for level in sorted(encoder.levels, key=str)[:50])
        more = f" and {len(encoder.levels) - 50} more" if len(encoder.levels) > 50 else ""
        raise ValueError(
            f"y holds {unknown[0]!r} in {column.describe()}, which was not in training; ask for one of the known: "
            f"{known}{more}."
        )
