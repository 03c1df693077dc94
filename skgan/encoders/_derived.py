"""Columns that another column decides: a code and its name, a district and its region."""

from __future__ import annotations

import numpy as np
import pandas as pd

from skgan._state import Array, Levels, Rule, Stateful, Whole, demand

from ._columns import MAX_ONE_HOT, codes_of

# So many rows would have to disagree, were the two columns independent, before agreement is taken for a rule.
MIN_CHANCES = 50
# A rule is looked for among so many rows first.
GLANCE = 1000


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
    """A column that writes nothing: each level of its source decides it.

    What always agrees in the data then agrees in every generated row, and the networks have less to learn.

    Parameters
    ----------
    column, source : Column
        What is decided, and what decides it.
    position : int
        Of the source in the table.
    """

    STATE = {
        "position": Whole(),
        "levels": Levels(),
        "values": Values(),
        "missing": Array("b", (None,)),
    }
    ordered = False
    pieces = ()

    def __init__(self, column, source, position):
        self.position = position
        codes, levels = _coded(source)
        first = np.unique(codes, return_index=True)[1]
        self.levels = list(levels)
        self.values, self.missing = column.values[first], column.missing[first]

    def encode(self, values, missing):
        return []

    def derive(self, values, missing):
        """The (values, missing) that those of the source, shape (n,) each, decide."""
        codes = codes_of(values, self.levels)
        # A gap of the source is the level after all others, where it has one.
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
            gaps = np.array([value is None for value in self.values])
            demand((gaps == self.missing).all(), "values", "be None just where they are missing")

    def check_source(self, source):
        """Compare with the column encoder of the source: there must be a value for each of its levels, and its gap."""
        values, missing = source.extremes()
        known = list(dict.fromkeys(values[~missing].tolist()))
        demand(
            len(known) == len(self.levels) and set(known) == set(self.levels),
            "levels",
            f"be those of the column at position {self.position}",
        )
        demand(len(self.values) == len(known) + missing.any(), "values", "have one entry for each level and the gap")

    def extremes(self):
        """(values, missing): all that the source decides."""
        return self.values, self.missing


def find_derived(columns, min_frequency):
    """Which columns another one decides.

    Both have at most 100 levels, gaps among them, and numbers are held by `min_frequency` rows or more, so that the
    rule gives away no row.

    Returns
    -------
    dict of int to int
        The position of the source of each derived column; no source is itself derived.
    """
    coded = {i: _coded(column) for i, column in enumerate(columns) if _is_discrete(column, min_frequency)}
    codes = {i: found for i, (found, _) in coded.items()}
    sizes = {i: int(found.max()) + 1 for i, found in codes.items()}
    codes = {i: found for i, found in codes.items() if sizes[i] > 1}
    glance = np.array([found[:: max(1, len(found) // GLANCE)] for found in codes.values()])
    row_of = dict(zip(codes, range(len(codes)), strict=True))
    derived, sources = {}, set()
    # Levels say more than numbers, and the finer column decides the coarser.
    for source in sorted(codes, key=lambda i: (columns[i].kind == "numeric", -sizes[i], i)):
        if source in derived:
            continue
        likely = _decided(glance[row_of[source]], glance)
        for other, found in codes.items():
            free = other != source and other not in derived and other not in sources
            if free and likely[row_of[other]] and _is_rule(codes[source], found, sizes[source]):
                derived[other] = source
                sources.add(source)
    return derived


def _coded(column):
    """Codes (n,) of a column, a gap last, and its levels without the gap."""
    codes, levels = pd.factorize(column.values)
    codes[column.missing] = -1
    seen = np.flatnonzero(np.bincount(codes[codes >= 0], minlength=len(levels)))
    dense = np.full(len(levels) + 1, len(seen), dtype=np.min_scalar_type(len(seen)))
    dense[seen] = np.arange(len(seen))
    return dense[codes], [levels[code] for code in seen]


def _is_discrete(column, min_frequency):
    known = column.values[~column.missing]
    if not len(known) or len(pd.unique(known[:: max(1, len(known) // GLANCE)])) > MAX_ONE_HOT:
        return False
    # Not by a Series, which would make Arrow's text of objects.
    counts = np.bincount(pd.factorize(known)[0])
    return len(counts) <= MAX_ONE_HOT and (column.kind != "numeric" or counts.min() >= min_frequency)


def _decided(source, others):
    """Which of `others`, shape (n_columns, n), has one value wherever `source`, shape (n,), has one."""
    levels, first, codes = np.unique(source, return_index=True, return_inverse=True)
    return (others[:, first[codes]] == others).all(1)


def _is_rule(source, other, n_levels):
    shares = np.bincount(other) / len(other)
    chances = (len(other) - n_levels) * (1 - (shares**2).sum())
    return chances >= MIN_CHANCES and bool(_decided(source, other[None])[0])
