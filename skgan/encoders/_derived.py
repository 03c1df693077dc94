"""Columns that are a function of another column: a code and its name, a district and its region."""

from __future__ import annotations

import numpy as np
import pandas as pd

from skgan._state import Array, Categories, ListOf, Number, Rule, Stateful, Whole, demand

from ._columns import MAX_ONE_HOT, codes_of

# Two columns are related by a rule only if at least this many rows would break it were the columns independent.
MIN_CHANCES = 50
# A rule may have this share of exceptions among those rows.
EXCEPTION_SHARE = 0.01
# A candidate rule is first checked on this many rows.
GLANCE = 1000
# And before that on this many pairs of rows, then on four times as many, a few of which may be exceptions.
FEW_PAIRS, FEW_EXCEPTIONS = 8, 2


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
    """A column that is a function of another one, its source, with few exceptions or none.

    Without exceptions it needs no tensor columns: a rule that always holds in the data holds in every generated row,
    and the networks have less to learn. With exceptions it is a one-hot: the rule holds, or one of the exceptional
    values takes its place.

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
        "exceptions": Values(),
        "exceptions_missing": Array("b", (None,)),
        "log_frequencies": ListOf(Number(high=0)),
    }
    ordered = False

    def __init__(self, column, source, position):
        self.position = position
        codes, categories = _coded(source)
        others = _coded(column)[0]
        usual = _usual(codes, others)
        self.categories = list(categories)
        first = np.unique(others, return_index=True)[1]
        self.values, self.missing = column.values[first][usual], column.missing[first][usual]
        exceptional = others[others != usual[codes]]
        found, counts = np.unique(exceptional, return_counts=True)
        self.exceptions, self.exceptions_missing = column.values[first][found], column.missing[first][found]
        shares = np.array([len(others) - counts.sum(), *counts]) / len(others)
        self.log_frequencies = tuple(np.log(shares).tolist()) if len(found) else ()

    @property
    def pieces(self):
        n_codes = len(self.log_frequencies)
        return [("categorical", n_codes, self.log_frequencies)] if n_codes else []

    def encode(self, values, missing, source):
        """Codes of the exceptions, of rows whose source has the (values, missing) of `source`."""
        if not self.log_frequencies:
            return []
        by_rule, rule_missing = self._by_rule(*source)
        kept = (missing & rule_missing) | (~missing & ~rule_missing & (values == by_rule))
        codes = np.full(len(values), -1)
        for code, (value, is_missing) in enumerate(zip(self.exceptions, self.exceptions_missing, strict=True), start=1):
            codes[missing if is_missing else ~missing & (values == value)] = code
        return [np.where(kept, 0, codes)]

    def derive(self, rows, source):
        """(values, missing) of encoded rows (n, width) whose source has the (values, missing) of `source`."""
        values, missing = self._by_rule(*source)
        if not self.log_frequencies:
            return values, missing
        codes = rows.argmax(1) - 1
        values = np.where(codes < 0, values, self.exceptions[codes])
        return values, np.where(codes < 0, missing, self.exceptions_missing[codes])

    def _by_rule(self, values, missing):
        codes = codes_of(values, self.categories)
        # A missing value of the source is coded after all its categories.
        codes = np.where(missing, len(self.values) - 1, codes)
        return self.values[codes], self.missing[codes]

    def features(self, values, missing):
        return np.zeros(len(missing), dtype=np.uint8)

    def row_features(self, rows):
        return np.zeros(len(rows), dtype=np.uint8)

    def complete(self):
        demand(len(self.values) > 0, "values", "be one or more")
        for name, flags in (("values", "missing"), ("exceptions", "exceptions_missing")):
            values, missing = getattr(self, name), getattr(self, flags)
            demand(len(values) == len(missing), flags, f"have one entry for each of the {name}")
            if values.dtype == object:
                is_none = np.array([value is None for value in values], dtype=bool)
                demand((is_none == missing).all(), name, "be None exactly where they are missing")
        n_codes = len(self.exceptions) + 1 if len(self.exceptions) else 0
        fits = len(self.log_frequencies) == n_codes
        demand(fits, "log_frequencies", "have one number for the rule and each exception")
        adds_up = not n_codes or np.isclose(np.exp(self.log_frequencies).sum(), 1)
        demand(adds_up, "log_frequencies", "be logs of shares that add up to 1")
        same = not n_codes or self.exceptions.dtype == self.values.dtype
        demand(same, "exceptions", "have the dtype of the values")

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
        """(values, missing): all values of the rule, and the exceptions."""
        values = np.concatenate([self.values, self.exceptions]) if len(self.exceptions) else self.values
        return values, np.concatenate([self.missing, self.exceptions_missing])


def find_derived(columns, min_frequency):
    """Find the columns that are functions of another one, with few exceptions or none.

    A numeric column has at most 100 distinct values here, each held by `min_frequency` rows or more, so that the rule
    reveals no single row; and it has no exceptions. Missing values are one more value.

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
        for other in map(positions.__getitem__, _mostly_decided(glance[source], glances)):
            free = other != source and other not in derived and other not in sources
            share = EXCEPTION_SHARE if columns[other].kind == "categorical" else 0.0
            if free and _is_rule(codes[source], codes[other], sizes[source], share):
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
    if not column.is_learned:
        return False
    known = column.values[~column.missing]
    if column.kind == "categorical":
        return len(known) > 0
    step = len(known) // GLANCE
    if not len(known) or (step > 1 and len(pd.unique(known[::step])) > MAX_ONE_HOT):
        return False
    counts = np.bincount(pd.factorize(known)[0])
    return len(counts) <= MAX_ONE_HOT and counts.min() >= min_frequency


def _mostly_decided(source, others):
    """The positions of those of `others`, shape (n, n_columns), that may be functions of `source`, shape (n,).

    Rows of the same category are compared with the first and the last of it, one of which may be an exception: few rows
    at first, which rule out most columns.
    """
    _, first, codes = np.unique(source, return_index=True, return_inverse=True)
    last = len(source) - 1 - np.unique(source[::-1], return_index=True)[1]
    rows = np.flatnonzero(first[codes] != np.arange(len(source)))
    first, last = first[codes[rows]], last[codes[rows]]
    left, start, n = np.arange(others.shape[1]), 0, FEW_PAIRS
    while start < len(rows) and len(left):
        pairs = slice(start, start + n)
        shown = others[rows[pairs]]
        differ = (shown != others[first[pairs]]) & (shown != others[last[pairs]])
        kept = differ.sum(0) <= FEW_EXCEPTIONS + 2 * EXCEPTION_SHARE * n
        left, others = left[kept], others[:, kept]
        start, n = start + n, 4 * n
    return left


def _usual(source, other):
    """The most frequent code of `other` for each code of `source`, both of shape (n,); the lowest of equals."""
    n_codes = int(other.max()) + 1
    pairs, counts = np.unique(source.astype(np.int64) * n_codes + other, return_counts=True)
    order = np.lexsort((-counts, pairs // n_codes))
    first = np.unique(pairs[order] // n_codes, return_index=True)[1]
    return pairs[order][first] % n_codes


def _is_rule(source, other, n_categories, exception_share):
    shares = np.bincount(other) / len(other)
    # Rows that would break the rule were the columns independent.
    chances = (len(other) - n_categories) * (1 - (shares**2).sum())
    if chances < MIN_CHANCES:
        return False
    n_exceptions = (_usual(source, other)[source] != other).sum()
    return bool(n_exceptions <= exception_share * chances)
