"""Columns that are a function of another column: a code and its name, a district and its region."""

from __future__ import annotations

import numpy as np
import pandas as pd

from skgan._state import Array, Categories, Rule, Stateful, Whole, demand

from ._columns import MAX_ONE_HOT, codes_of

# Two columns are related by a rule only if at least this many rows would break it were the columns independent.
MIN_CHANCES = 50
# A candidate rule is first checked on this many rows.
GLANCE = 1000
# And before that on this many pairs of rows, then on four times as many.
FEW_PAIRS = 8


class Values(Rule):
    """Plain values of a column: finite numbers in an array, or a list of other values."""

    def __str__(self):
        return "an array of finite numbers, or a list"

    def allows(self, value):
        return isinstance(value, list) or Array("fi", (None,)).allows(value)

    def read(self, name, value):
        value = super().read(name, value)
        return np.array([*value, None], dtype=object)[:-1] if isinstance(value, list) else value

    def state_of(self, value):
        return value.tolist() if value.dtype == object else value


class DerivedColumn(Stateful):
    """A column that is a function of another one, its source, and so needs no tensor columns.

    A rule that always holds in the data then holds in every generated row, and the networks have less to learn.

    Parameters
    ----------
    column, source : Column
        The derived column, and the one that determines it.
    position : int
        Of the source in the table.
    """

    STATE = {
        "position": Whole(),
        "categories": Categories(),
        "values": Values(),
        "missing": Array("b", (None,)),
    }
    ordered = False
    pieces = ()

    def __init__(self, column, source, position):
        self.position = position
        codes, categories = _coded(source)
        first = np.unique(codes, return_index=True)[1]
        self.categories = list(categories)
        self.values, self.missing = column.values[first], column.missing[first]

    def encode(self, values, missing):
        return []

    def derive(self, values, missing):
        """(values, missing) computed from those of the source, of shape (n,) each."""
        codes = codes_of(values, self.categories)
        # A missing value of the source is coded after all its categories.
        codes = np.where(missing, len(self.values) - 1, codes)
        return self.values[codes], self.missing[codes]

    def features(self, values, missing):
        return np.zeros(len(missing), dtype=np.uint8)

    def row_features(self, rows):
        return np.zeros(len(rows), dtype=np.uint8)

    def complete(self):
        n_values = len(self.values)
        demand(0 < n_values == len(self.missing), "missing", "have one entry for each of one or more values")
        if self.values.dtype == object:
            is_none = np.array([value is None for value in self.values])
            demand((is_none == self.missing).all(), "values", "be None exactly where they are missing")

    def check_source(self, source):
        """Check that there is a value for each category of the source's encoder, and for its missing values."""
        values, missing = source.extremes()
        known = list(dict.fromkeys(values[~missing].tolist()))
        demand(
            len(known) == len(self.categories) and set(known) == set(self.categories),
            "categories",
            f"be those of the column at position {self.position}",
        )
        demand(len(self.values) == len(known) + missing.any(), "values", "have one entry per category of the source")

    def extremes(self):
        """(values, missing): all values of the rule."""
        return self.values, self.missing


def find_derived(columns, min_frequency):
    """Find the columns that are functions of another one.

    Both columns have at most 100 distinct values, missing values counted as one of them. Each number is held by
    `min_frequency` rows or more, so that the rule reveals no single row.

    Returns
    -------
    dict of int to int
        The position of the source of each derived column; no source is itself derived.
    """
    coded = {i: _coded(column) for i, column in enumerate(columns) if _is_discrete(column, min_frequency)}
    codes = {i: found for i, (found, _) in coded.items()}
    sizes = {i: int(found.max()) + 1 for i, found in codes.items()}
    codes = {i: found for i, found in codes.items() if sizes[i] > 1}
    positions, glance = list(codes), {i: found[:: max(1, len(found) // GLANCE)] for i, found in codes.items()}
    # One line per row of the table, so that few rows of all columns can be compared at a time.
    glances = np.array(list(glance.values())).T.copy()
    derived, sources = {}, set()
    # Categorical columns are better sources than numeric ones, and finer columns than coarser ones.
    for source in sorted(codes, key=lambda i: (columns[i].kind == "numeric", -sizes[i], i)):
        if source in derived:
            continue
        for other in map(positions.__getitem__, _decided(glance[source], glances)):
            free = other != source and other not in derived and other not in sources
            if free and _is_rule(codes[source], codes[other], sizes[source]):
                derived[other] = source
                sources.add(source)
    return derived


def _coded(column):
    """Codes (n,) of a column, the highest for missing values, and its categories without these."""
    codes, categories = pd.factorize(column.values)
    codes[column.missing] = -1
    seen = np.flatnonzero(np.bincount(codes[codes >= 0], minlength=len(categories)))
    dense = np.full(len(categories) + 1, len(seen), dtype=np.min_scalar_type(len(seen)))
    dense[seen] = np.arange(len(seen))
    return dense[codes], [categories[code] for code in seen]


def _is_discrete(column, min_frequency):
    known = column.values[~column.missing]
    step = len(known) // GLANCE
    if not len(known) or (step > 1 and len(pd.unique(known[::step])) > MAX_ONE_HOT):
        return False
    # Not with a Series, which would convert objects to Arrow's text.
    counts = np.bincount(pd.factorize(known)[0])
    return len(counts) <= MAX_ONE_HOT and (column.kind != "numeric" or counts.min() >= min_frequency)


def _decided(source, others):
    """The positions of those of `others`, shape (n, n_columns), that are functions of `source`, shape (n,).

    Rows of the same category are compared with the first of it: few rows at first, which rule out most columns.
    """
    _, first, codes = np.unique(source, return_index=True, return_inverse=True)
    rows = np.flatnonzero(first[codes] != np.arange(len(source)))
    first = first[codes[rows]]
    left, start, n = np.arange(others.shape[1]), 0, FEW_PAIRS
    while start < len(rows) and len(left):
        pairs = slice(start, start + n)
        same = (others[rows[pairs]] == others[first[pairs]]).all(0)
        left, others = left[same], others[:, same]
        start, n = start + n, 4 * n
    return left


def _is_rule(source, other, n_categories):
    shares = np.bincount(other) / len(other)
    chances = (len(other) - n_categories) * (1 - (shares**2).sum())
    return chances >= MIN_CHANCES and len(_decided(source, other[:, None])) == 1
