"""One class per kind of column: values <-> tensor columns.

Each column knows its `pieces` (what it writes into the layout), `encode` (values to what stands for them in each
piece: the code of a category, the interval of a number), `decode` (rows to values), `features` (values to small whole
numbers, for trees) and `row_features` (the same of the values that rows stand for, without making them). Rows are
(n, width); missing values travel as a boolean mask beside the values.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from skgan._state import Array, Flag, Levels, ListOf, Number, Part, Stateful, Word, ascends, demand

from ._quantiles import Quantiles

# Categories beyond this many would make a one-hot too wide.
MAX_ONE_HOT = 100
# Trees see at most this many codes per column; the last is for missing values, the one before for all rare categories.
N_CODES = 255
MISSING_CODE = N_CODES - 1
RARE_CODE = N_CODES - 2


class NumericColumn(Stateful):
    """Numbers by their place in the column's own distribution, uniform on [-1, 1]; missing values by a flag."""

    STATE = {
        "quantiles": Part(Quantiles),
        "has_gaps": Flag(),
        "gap_share": Number(0, 1),
        "dtype": Word(("<f8", "<i8", ">f8", ">i8")),
    }
    ordered = True

    def __init__(self, column, *, min_frequency):
        present = column.values[~column.missing]
        self.quantiles = Quantiles(present, min_frequency)
        self.gap_share = float(column.missing.mean())
        self.has_gaps = bool(column.missing.any())
        self.dtype = column.values.dtype.str

    @property
    def pieces(self):
        return [("uniform", 1, ()), *_missing_pieces(self)]

    def encode(self, values, missing):
        low, high = self.quantiles.interval(values.astype(self.dtype))
        # A missing value could be any number.
        low, high = np.where(missing, 0.0, low), np.where(missing, 1.0, high)
        return [(2 * low - 1, 2 * high - 1), *_missing_codes(self, missing)]

    def decode(self, rows):
        values = self.quantiles.value((rows[:, 0].astype(np.float64) + 1) / 2)
        return values, _missing_in(self, rows)

    def features(self, values, missing):
        low, high = self.quantiles.interval(values.astype(self.dtype))
        return _places((low + high) / 2, missing)

    def row_features(self, rows):
        return _places(self.quantiles.middle((rows[:, 0].astype(np.float64) + 1) / 2), _missing_in(self, rows))

    def complete(self):
        _check_gaps(self)
        kind = "i" if self.quantiles.grid.whole else "f"
        demand(np.dtype(self.dtype).kind == kind, "dtype", f"be of the kind {kind!r} that the grid says")

    def extremes(self):
        """(values, missing): the lowest and the highest value, all that are held often, and a gap if there are any."""
        return _with_gap(self, self.quantiles.extremes())


class EmptyColumn(Stateful):
    """Nothing but missing values: one tensor column that is always 1."""

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
        return np.where(missing, MISSING_CODE, RARE_CODE).astype(np.uint8)

    def row_features(self, rows):
        return np.full(len(rows), MISSING_CODE, dtype=np.uint8)

    def extremes(self):
        """(values, missing) of one gap."""
        return self.decode(np.ones((1, 1)))


class CategoricalColumn(Stateful):
    """Categories as one-hot, most frequent first; missing values are a category of their own."""

    STATE = {
        "levels": Levels(),
        "has_gaps": Flag(),
        "log_frequencies": ListOf(Number(high=0), 1),
    }
    ordered = False

    def __init__(self, column):
        codes, levels = pd.factorize(column.values[~column.missing])
        counts = np.bincount(codes, minlength=len(levels))
        order = np.argsort(-counts, kind="stable")
        self.levels = [levels[code] for code in order]
        self.has_gaps = bool(column.missing.any())
        counts = [*counts[order], *([column.missing.sum()] if self.has_gaps else [])]
        self.log_frequencies = tuple(np.log(np.array(counts) / len(column.missing)).tolist())

    @property
    def pieces(self):
        return [("categorical", len(self.log_frequencies), self.log_frequencies)]

    def codes(self, values):
        """Position of each value among the categories, -1 for an unknown one."""
        return codes_of(values, self.levels)

    def encode(self, values, missing):
        return [np.where(missing, len(self.levels) if self.has_gaps else -1, self.codes(values))]

    def decode(self, rows):
        codes = rows.argmax(1)
        return levels_at(self.levels, codes), codes == len(self.levels)

    def features(self, values, missing):
        codes = self.codes(values)
        codes = np.where(codes < 0, RARE_CODE, np.minimum(codes, RARE_CODE))
        return np.where(missing, MISSING_CODE, codes).astype(np.uint8)

    def row_features(self, rows):
        codes = rows.argmax(1)
        return np.where(codes == len(self.levels), MISSING_CODE, np.minimum(codes, RARE_CODE)).astype(np.uint8)

    def complete(self):
        n_codes = len(self.levels) + self.has_gaps
        demand(len(self.log_frequencies) == n_codes, "log_frequencies", "have one number for each level and the gap")
        demand(np.isclose(np.exp(self.log_frequencies).sum(), 1), "log_frequencies", "be of shares that add up to 1")

    def extremes(self):
        """(values, missing): all levels, and a gap if there are any."""
        return _with_gap(self, levels_at(self.levels, np.arange(len(self.levels))))


class OrderedColumn(Stateful):
    """Many categories laid on one line, in an order in which neighbours are alike; missing values by a flag.

    Each category is a step of the line as wide as its share of the rows: frequencies are kept, memory is one tensor
    column whatever the number of categories, and how a category depends on other columns is kept along this line only.

    Parameters
    ----------
    column : Column
        What was read.
    levels : list
        All categories, in their order on the line.
    """

    STATE = {
        "levels": Levels(),
        "edges": Array("f", (None,), 0, 1),
        "has_gaps": Flag(),
        "gap_share": Number(0, 1),
    }
    ordered = True

    def __init__(self, column, levels):
        self.levels = list(levels)
        counts = np.bincount(codes_of(column.values[~column.missing], self.levels), minlength=len(self.levels))
        self.edges = np.concatenate([[0.0], np.cumsum(counts) / counts.sum()])
        self.gap_share = float(column.missing.mean())
        self.has_gaps = bool(column.missing.any())

    @property
    def pieces(self):
        return [("uniform", 1, ()), *_missing_pieces(self)]

    def codes(self, values):
        """Position of each value on the line, -1 for an unknown one."""
        return codes_of(values, self.levels)

    def _interval(self, values, missing):
        codes = self.codes(values)
        unknown = missing | (codes < 0)
        return np.where(unknown, 0.0, self.edges[codes]), np.where(unknown, 1.0, self.edges[codes + 1])

    def encode(self, values, missing):
        low, high = self._interval(values, missing)
        return [(2 * low - 1, 2 * high - 1), *_missing_codes(self, missing)]

    def _row_codes(self, rows):
        rank = (rows[:, 0].astype(np.float64) + 1) / 2
        return (np.searchsorted(self.edges, rank, side="right") - 1).clip(0, len(self.levels) - 1)

    def decode(self, rows):
        missing = _missing_in(self, rows)
        return levels_at(self.levels, np.where(missing, len(self.levels), self._row_codes(rows))), missing

    def features(self, values, missing):
        low, high = self._interval(values, missing)
        return _places((low + high) / 2, missing)

    def row_features(self, rows):
        codes = self._row_codes(rows)
        return _places((self.edges[codes] + self.edges[codes + 1]) / 2, _missing_in(self, rows))

    def complete(self):
        _check_gaps(self)
        demand(len(self.edges) == len(self.levels) + 1 > 1, "edges", "have one number more than there are levels")
        ends = self.edges[0] == 0 and np.isclose(self.edges[-1], 1)
        demand(ends and ascends(self.edges), "edges", "ascend from 0 to 1")

    def extremes(self):
        """(values, missing): all levels, and a gap if there are any."""
        return _with_gap(self, levels_at(self.levels, np.arange(len(self.levels))))


def codes_of(values, levels):
    """The position of each value in `levels`, -1 where it is none of them."""
    position = {level: code for code, level in enumerate(levels)}
    codes, distinct = pd.factorize(np.asarray(values, dtype=object))
    table = np.array([*(position.get(level, -1) for level in distinct), -1], dtype=np.int64)
    return table[codes]


def levels_at(levels, codes):
    """The categories at `codes`, an object array; codes past the last one (missing values) give None."""
    table = np.empty(len(levels) + 1, dtype=object)
    table[:-1] = levels
    return table[np.minimum(codes, len(levels))]


def _places(middle, missing):
    """Codes of places in [0, 1]."""
    return np.where(missing, MISSING_CODE, middle * (RARE_CODE - 0.001)).astype(np.uint8)


def _missing_pieces(column):
    if not column.has_gaps:
        return []
    return [("categorical", 2, (float(np.log(1 - column.gap_share)), float(np.log(column.gap_share))))]


def _check_gaps(column):
    holds = 0 < column.gap_share < 1 if column.has_gaps else column.gap_share == 0
    demand(holds, "gap_share", "lie between 0 and 1 where has_gaps is True, and be 0 where it is not")


def _with_gap(column, values):
    """(values, missing) of some values, and of one gap where the column has any."""
    if not column.has_gaps:
        return values, np.zeros(len(values), dtype=bool)
    gap = np.array([None if values.dtype == object else 0], dtype=values.dtype)
    return np.concatenate([values, gap]), np.arange(len(values) + 1) == len(values)


def _missing_codes(column, missing):
    return [missing.astype(np.int8)] if column.has_gaps else []


def _missing_in(column, rows):
    return rows[:, 2] > rows[:, 1] if column.has_gaps else np.zeros(len(rows), dtype=bool)
