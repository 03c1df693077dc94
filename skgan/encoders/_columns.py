"""One class per kind of column: values <-> tensor columns.

Each column has `pieces` (its part of the layout), `encode` (values to category codes or number intervals, one array or
pair per piece), `decode` (rows to values), `features` (values to small whole numbers, for trees) and `row_features`
(`features` of decoded rows, without decoding them). Rows have shape (n, width). Missing values are given by a boolean
mask beside the values.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from skgan._state import Categories, Flag, ListOf, Number, Part, Stateful, Word, demand

from ._quantiles import Quantiles

# Categories beyond this many would make a one-hot too wide.
MAX_ONE_HOT = 100
# Trees get at most this many feature values per column: the last for missing values, the one before for all rare
# categories.
N_FEATURE_VALUES = 255
MISSING_FEATURE = N_FEATURE_VALUES - 1
RARE_FEATURE = N_FEATURE_VALUES - 2


class NumericColumn(Stateful):
    """Numbers as quantile ranks in their column, scaled to [-1, 1]; missing values as a category of their own."""

    STATE = {
        "quantiles": Part(Quantiles),
        "has_missing": Flag(),
        "missing_share": Number(0, 1),
        "dtype": Word(("<f8", "<i8", ">f8", ">i8")),
    }
    ordered = True

    def __init__(self, column, *, min_frequency):
        present = column.values[~column.missing]
        self.quantiles = Quantiles(present, min_frequency)
        self.missing_share = float(column.missing.mean())
        self.has_missing = bool(column.missing.any())
        self.dtype = column.values.dtype.str

    @property
    def pieces(self):
        return [("uniform", 1, ()), *missing_pieces(self)]

    def encode(self, values, missing):
        low, high = self.quantiles.interval(values.astype(self.dtype))
        # A missing value could be any number.
        low, high = np.where(missing, 0.0, low), np.where(missing, 1.0, high)
        return [(2 * low - 1, 2 * high - 1), *missing_codes(self, missing)]

    def decode(self, rows):
        values = self.quantiles.value((rows[:, 0].astype(np.float64) + 1) / 2)
        return values, _missing_in(self, rows)

    def features(self, values, missing):
        low, high = self.quantiles.interval(values.astype(self.dtype))
        return _rank_features((low + high) / 2, missing)

    def row_features(self, rows):
        return _rank_features(self.quantiles.middle((rows[:, 0].astype(np.float64) + 1) / 2), _missing_in(self, rows))

    def complete(self):
        check_missing(self)
        kind = "i" if self.quantiles.grid.whole else "f"
        demand(np.dtype(self.dtype).kind == kind, "dtype", f"have the kind {kind!r} of the grid")

    def extremes(self):
        """(values, missing): the lowest, highest and frequent values, and a missing one if there are any."""
        return with_missing(self, self.quantiles.extremes())


class EmptyColumn(Stateful):
    """A column of missing values only: one tensor column that is always 1."""

    STATE = {"dtype": Word(("<f8", "<i8", ">f8", ">i8", "|O"))}
    ordered = False

    def __init__(self, column):
        self.dtype = column.values.dtype.str

    @property
    def pieces(self):
        return [("categorical", 1, (0.0,))]

    def encode(self, values, missing):
        return [np.zeros(len(missing), dtype=np.int8)]

    def decode(self, rows):
        values = np.zeros(len(rows), dtype=self.dtype)
        return np.full(len(rows), None) if values.dtype == object else values, np.ones(len(rows), dtype=bool)

    def features(self, values, missing):
        return np.where(missing, MISSING_FEATURE, RARE_FEATURE).astype(np.uint8)

    def row_features(self, rows):
        return np.full(len(rows), MISSING_FEATURE, dtype=np.uint8)

    def extremes(self):
        """(values, missing) of one missing value."""
        return self.decode(np.ones((1, 1)))


class CategoricalColumn(Stateful):
    """Categories as one-hot, most frequent first; missing values are a category of their own."""

    STATE = {
        "categories": Categories(),
        "has_missing": Flag(),
        "log_frequencies": ListOf(Number(high=0), 1),
    }
    ordered = False

    def __init__(self, column):
        codes, categories = pd.factorize(column.values[~column.missing])
        counts = np.bincount(codes, minlength=len(categories))
        order = np.argsort(-counts, kind="stable")
        self.categories = [categories[code] for code in order]
        self.has_missing = bool(column.missing.any())
        counts = [*counts[order], *([column.missing.sum()] if self.has_missing else [])]
        self.log_frequencies = tuple(np.log(np.array(counts) / len(column.missing)).tolist())

    @property
    def pieces(self):
        return [("categorical", len(self.log_frequencies), self.log_frequencies)]

    def codes(self, values):
        """Position of each value among the categories, -1 for an unknown one."""
        return codes_of(values, self.categories)

    def encode(self, values, missing):
        return [np.where(missing, len(self.categories) if self.has_missing else -1, self.codes(values))]

    def decode(self, rows):
        codes = rows.argmax(1)
        return categories_at(self.categories, codes), codes == len(self.categories)

    def features(self, values, missing):
        codes = self.codes(values)
        codes = np.where(codes < 0, RARE_FEATURE, np.minimum(codes, RARE_FEATURE))
        return np.where(missing, MISSING_FEATURE, codes).astype(np.uint8)

    def row_features(self, rows):
        codes = rows.argmax(1)
        return np.where(codes == len(self.categories), MISSING_FEATURE, np.minimum(codes, RARE_FEATURE)).astype(
            np.uint8
        )

    def complete(self):
        n_codes = len(self.categories) + self.has_missing
        fits = len(self.log_frequencies) == n_codes
        demand(fits, "log_frequencies", f"have one number for each of {n_codes} categories")
        adds_up = np.isclose(np.exp(self.log_frequencies).sum(), 1)
        demand(adds_up, "log_frequencies", "be logs of shares that add up to 1")

    def extremes(self):
        """(values, missing): all categories, and a missing value if there are any."""
        return with_missing(self, categories_at(self.categories, np.arange(len(self.categories))))


def distinct_categories(column):
    """The categories of a column in an order that does not depend on that of the rows."""
    return sorted(pd.unique(column.values[~column.missing]), key=lambda value: (type(value).__name__, str(value)))


def codes_of(values, categories):
    """The position of each value in `categories`, -1 for an unknown value."""
    position = {category: code for code, category in enumerate(categories)}
    codes, distinct = pd.factorize(np.asarray(values, dtype=object))
    table = np.array([*(position.get(category, -1) for category in distinct), -1], dtype=np.int64)
    return table[codes]


def categories_at(categories, codes):
    """The categories at `codes`, an object array; codes past the last one (missing values) give None."""
    table = np.empty(len(categories) + 1, dtype=object)
    table[:-1] = categories
    return table[np.minimum(codes, len(categories))]


def _rank_features(middle, missing):
    """Features of quantile ranks in [0, 1], shape (n,)."""
    return np.where(missing, MISSING_FEATURE, middle * (RARE_FEATURE - 0.001)).astype(np.uint8)


def missing_pieces(column):
    if not column.has_missing:
        return []
    return [("categorical", 2, (float(np.log(1 - column.missing_share)), float(np.log(column.missing_share))))]


def check_missing(column):
    is_valid = 0 < column.missing_share < 1 if column.has_missing else column.missing_share == 0
    demand(is_valid, "missing_share", "be between 0 and 1 if has_missing is True, and 0 if it is False")


def with_missing(column, values):
    """(values, missing) of `values`, and of one missing value if the column has any."""
    if not column.has_missing:
        return values, np.zeros(len(values), dtype=bool)
    placeholder = np.array([None if values.dtype == object else 0], dtype=values.dtype)
    return np.concatenate([values, placeholder]), np.arange(len(values) + 1) == len(values)


def missing_codes(column, missing):
    return [missing.astype(np.int8)] if column.has_missing else []


def _missing_in(column, rows):
    return rows[:, 2] > rows[:, 1] if column.has_missing else np.zeros(len(rows), dtype=bool)
