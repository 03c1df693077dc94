"""Encode targets y as the conditions of a generator, and draw new targets."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace

import numpy as np

from skgan._spec import DataSpec
from skgan._state import Array, Flag, ListOf, Part, Word, demand, inside, read_values

from ._check_form import written_and_read
from ._columns import CategoricalColumn, NumericColumn, categories_at
from ._continued import continued
from ._encoded import Encoded
from ._grouped import EmbeddedColumn, GroupedColumn
from ._table import TableEncoder

# Whole numbers with more distinct values than this are a continuous target, not classes.
MAX_CLASSES = 50
# Several targets are drawn together by cells; a continuous target is cut into this many bins.
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
        The input of the networks, in compact form.
    features : ndarray of uint8, shape (n, n_targets)
        The input of the trees.
    classes : ndarray of int32, shape (n, n_targets_of_many_classes)
        The class of each target that has too many for a one-hot.
    """

    encoded: Encoded
    features: np.ndarray
    classes: np.ndarray

    @classmethod
    def none(cls, n):
        """n rows without conditions."""
        return cls(Encoded.empty(n, DataSpec()), np.empty((n, 0), dtype=np.uint8), np.empty((n, 0), dtype=np.int32))

    @property
    def tensor(self):
        """The conditions as networks read them, a float32 tensor of shape (n, condition_dim)."""
        return self.encoded.middle()

    def __len__(self):
        return len(self.features)

    def __getitem__(self, rows):
        return Conditions(self.encoded[rows], self.features[rows], self.classes[rows])


class ConditionEncoder:
    """Encode targets as conditions, and draw new targets from their distribution in training.

    Parameters
    ----------
    target_type : {"auto", "classes", "continuous"}
        "auto": values that are not numbers, and whole numbers with at most 50 distinct values, are classes.
    min_frequency : int
        Continuous values that fewer rows hold are never stored.

    Attributes
    ----------
    is_class_ : list of bool
        One per target.
    spec_ : DataSpec
        The layout of the codes.
    cells_, cell_counts_ : ndarray of shapes (n_cells, n_targets) and (n_cells,)
        Combinations of classes and of bins of continuous targets, and the number of rows with each.
    """

    def __init__(self, *, target_type, min_frequency):
        self.target_type = target_type
        self.min_frequency = min_frequency

    def fit(self, table, profiles=None):
        """Fit to a table of targets; `profiles` is a function without arguments that returns `Profiles` of the rows."""
        _check_present(table)
        for column in table.columns:
            if self.target_type == "continuous" and column.kind == "categorical":
                raise ValueError(
                    f"target_type='continuous' needs numbers, but {column.describe()} of y holds labels such as "
                    f"{column.values[0]!r}; use target_type='classes' or 'auto'."
                )
        is_class = TARGET_TYPES[self.target_type]
        pairs = zip(table.columns, table.form.times, strict=True)
        self.is_class_ = [bool(is_class(column, is_time)) for column, is_time in pairs]
        self.dtypes_ = [column.values.dtype.str for column in table.columns]
        labelled = self.with_class_labels(table)
        self.encoder_ = TableEncoder(min_frequency=self.min_frequency, derive=False).fit_targets(labelled, profiles)
        return self._fitted(labelled)

    def _fitted(self, labelled):
        """Take note of what follows from the encoder and the table of targets."""
        self.ordered_ = self.encoder_.ordered_
        self.spec_ = self.encoder_.spec_
        cells = np.column_stack(
            [self._cell(encoder, column) for encoder, column in self._pairs(labelled)]
        )
        self.cells_, self.cell_counts_ = np.unique(cells, axis=0, return_counts=True)
        return self

    def continued(self, table, data):
        """An encoder of the targets of a fit that goes on: known classes are kept.

        Parameters
        ----------
        table : Table
            The new targets.
        data : table or images
            The rows that have them.

        Returns
        -------
        encoder : ConditionEncoder
        origin : list of int
            For each tensor column of a condition, the former one; -1 for a new one.
        """
        _check_present(table)
        encoder = copy.copy(self)
        labelled = self.with_class_labels(table)
        encoder.encoder_, origin = continued(self.encoder_, labelled, self.min_frequency, data)
        parts = zip(self.dtypes_, table.columns, encoder.encoder_.columns_, strict=True)
        encoder.dtypes_ = [_joined_dtype(*part) for part in parts]
        return encoder._fitted(labelled), origin

    @property
    def n_bins(self):
        return N_BINS if len(self.is_class_) > 1 else 1

    def labels(self, position):
        """The classes of the target at `position`, in the dtype of its column."""
        categories = np.empty(len(self.encoder_.columns_[position].categories), dtype=object)
        categories[:] = self.encoder_.columns_[position].categories
        return categories.astype(self.dtypes_[position])

    def encode(self, table):
        """Conditions of the rows of a target table; an unknown label is a ``ValueError`` that lists the known ones."""
        labelled = self.with_class_labels(table)
        for encoder, column in self._pairs(labelled):
            if column.missing.any():
                raise ValueError(f"y has missing values in {column.describe()}; each row needs a condition.")
            _check_known(encoder, column)
        many = [encoder.codes(column.values) for encoder, column in self._pairs(labelled) if _is_embedded(encoder)]
        classes = np.stack(many, axis=1).astype(np.int32) if many else np.empty((table.n_rows, 0), dtype=np.int32)
        return Conditions(self.encoder_.encode(labelled), self.encoder_.features(labelled), classes)

    @property
    def n_classes(self):
        """How many classes each target of many classes has, a list."""
        return [len(encoder.categories) for encoder in self.encoder_.columns_ if _is_embedded(encoder)]

    def is_known(self, table):
        """Whether all classes of a row of a target table were in training, bool (n_rows,)."""
        known = np.ones(table.n_rows, dtype=bool)
        for encoder, column in self._pairs(self.with_class_labels(table)):
            if isinstance(encoder, CategoricalColumn | GroupedColumn):
                # Missing targets are refused elsewhere.
                known &= column.missing | (encoder.codes(column.values) >= 0)
        return known

    def beyond(self, table):
        """Find continuous targets with values far outside the range of training.

        Yields
        ------
        position : int
            Of the target.
        values : ndarray of shape (n,)
            The values outside, n >= 1.
        limits : ndarray of shape (2,)
            The lowest and highest value used instead of them.
        """
        for position, (encoder, column) in enumerate(self._pairs(self.with_class_labels(table))):
            if not isinstance(encoder, CategoricalColumn | GroupedColumn):
                values = column.values[~column.missing].astype(encoder.dtype)
                values = values[encoder.quantiles.is_beyond(values)]
                if len(values):
                    yield position, values, encoder.quantiles.range()

    def draw(self, n, rng):
        """Draw n targets from their distribution in training: a list of (values, missing), one per target."""
        cells = self.cells_[rng.choice(len(self.cells_), n, p=self.cell_counts_ / self.cell_counts_.sum())]
        positions = rng.random((n, len(self.is_class_)))
        drawn = []
        for position, encoder in enumerate(self.encoder_.columns_):
            if isinstance(encoder, CategoricalColumn | GroupedColumn):
                values = categories_at(encoder.categories, cells[:, position])
            else:
                values = encoder.quantiles.value((cells[:, position] + positions[:, position]) / self.n_bins)
            drawn.append((values.astype(self.dtypes_[position]), np.zeros(n, dtype=bool)))
        return drawn

    def _pairs(self, labelled):
        return zip(self.encoder_.columns_, labelled.columns, strict=True)

    def with_class_labels(self, table):
        """The table with numeric targets that are classes converted to labels."""
        columns = [
            replace(column, kind="categorical", values=_as_objects(column.values)) if is_class else column
            for column, is_class in zip(table.columns, self.is_class_, strict=True)
        ]
        return replace(table, columns=tuple(columns))

    def _cell(self, encoder, column):
        if isinstance(encoder, CategoricalColumn | GroupedColumn):
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
            kinds = CategoricalColumn | GroupedColumn if is_class else NumericColumn
            demand(isinstance(column, kinds), f"is_class[{number}]", "be True for a column of classes, else False")
            name = f"encoder.columns[{number}].has_missing"
            demand(not column.has_missing, name, "be False, since targets are known")
            demand(is_class or column.dtype == dtype, f"dtypes[{number}]", "be that of the column")
        shape = (len(self.cell_counts_), n_targets)
        demand(self.cells_.shape == shape, "cells", "have one row for each of cell_counts")
        sizes = [self.n_bins if isinstance(column, NumericColumn) else len(column.categories) for column in columns]
        demand(shape[0] and (self.cells_ < sizes).all(), "cells", f"be less than {sizes}, in one or more rows")

    def check_form(self, form):
        """Refuse a form, read from a file, that cannot hold the targets or changes them."""
        for table in written_and_read(form, self.extremes()):
            self.encode(table)

    def extremes(self):
        """A list of (values, missing), one per target, in the dtype that it has."""
        pairs = zip(self.encoder_.extremes(), self.dtypes_, strict=True)
        return [(values.astype(dtype), missing) for (values, missing), dtype in pairs]


def _check_present(table):
    for column in table.columns:
        if column.missing.any():
            raise ValueError(
                f"y has {int(column.missing.sum())} missing values in {column.describe()}; a condition must be "
                "known: drop those rows, or give them a label of their own."
            )


def _joined_dtype(dtype, column, encoder):
    """The dtype of former and of new targets."""
    if isinstance(encoder, NumericColumn):
        return encoder.dtype
    return dtype if column.kind == "categorical" else np.promote_types(dtype, column.values.dtype).str


def _is_embedded(encoder):
    return isinstance(encoder, EmbeddedColumn)


def _few_whole_numbers(column):
    values = column.values[~column.missing]
    whole = values.dtype.kind == "i" or bool((values == np.rint(values)).all())
    return whole and len(np.unique(values)) <= MAX_CLASSES


def _as_objects(values):
    objects = np.empty(len(values), dtype=object)
    objects[:] = values.tolist()
    return objects


def _check_known(encoder, column):
    if not isinstance(encoder, CategoricalColumn | GroupedColumn):
        return
    unknown = [value for value in dict.fromkeys(column.values) if encoder.codes([value])[0] < 0]
    if unknown:
        known = ", ".join(repr(category) for category in sorted(encoder.categories, key=str)[:50])
        more = f" and {len(encoder.categories) - 50} more" if len(encoder.categories) > 50 else ""
        raise ValueError(
            f"y holds {unknown[0]!r} in {column.describe()}, which was not in training; use one of the known labels: "
            f"{known}{more}."
        )
