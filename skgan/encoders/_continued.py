"""The encoder of a fit that goes on: new rows, in the layout of the former fit with what is new behind it.

Numbers are ranks among the new rows, and categories have the frequencies of these, as in any fit. So the range and the
marginals of generated rows are those of the new rows, while a tensor column keeps what it stood for: the rank in this
column, this category. Categories that the new rows lack are kept, and hardly ever generated.
"""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pandas as pd

from ._columns import CategoricalColumn, EmptyColumn, NumericColumn, codes_of
from ._derived import DerivedColumn
from ._grouped import EmbeddedColumn, GroupedColumn
from ._identifier import IdentifierColumn
from ._profiles import Profiles, nearest, profiles_of
from ._table import TableEncoder
from ._text import TextColumn

# The share of the rows that is supposed of what they do not have: logarithms need one.
LEAST_SHARE = 1e-6


def continued(former, table, min_frequency, data=None):
    """Fit an encoder to new rows of the table that another encoder was fitted to.

    Parameters
    ----------
    former : TableEncoder
    table : Table
        The new rows; columns that are not learned are marked.
    min_frequency : int
    data : table or images, default=None
        For targets, the rows whose targets `table` holds: new classes are compared by them.

    Returns
    -------
    encoder : TableEncoder
    origin : list of int
        For each tensor column, that of `former` which stood for the same; -1 for a new one.
    """
    fits = _Continued(former, table, min_frequency, data)
    columns, origin, start = [None] * len(table.columns), [None] * len(table.columns), 0
    starts = []
    for old in former.columns_:
        starts.append(start)
        start += sum(width for _, width, _ in old.pieces)
    # Derived columns need the encoders of their sources.
    for position in sorted(range(len(columns)), key=lambda j: isinstance(former.columns_[j], DerivedColumn)):
        columns[position], local = fits.column(position, columns)
        origin[position] = [starts[position] + place if place >= 0 else -1 for place in local]
    encoder = TableEncoder(min_frequency=min_frequency, derive=former.derive)._set_columns(columns)
    return encoder, [place for places in origin for place in places]


class _Continued:
    """Fits one column after another."""

    def __init__(self, former, table, min_frequency, data):
        self.former, self.columns, self.min_frequency, self.data = former, table.columns, min_frequency, data
        derived = [column for column in former.columns_ if isinstance(column, DerivedColumn)]
        self.sources = {column.position for column in derived}

    def column(self, position, encoders):
        """The encoder of a column, and the former tensor column of each of its own, counted from the first one."""
        old, column = self.former.columns_[position], self.columns[position]
        if isinstance(old, DerivedColumn):
            found = _derived(old, column, self.columns[old.position], encoders[old.position], self.min_frequency)
            return self._anew(column, position) if found is None else (found, range(_width(found)))
        if isinstance(old, EmptyColumn):
            return (old, [0]) if column.missing.all() else self._anew(column, position)
        if isinstance(old, GroupedColumn):
            return self._grouped(old, column, position)
        return FITS[type(old)](old, column, self._min_frequency_of(position))

    def _min_frequency_of(self, position):
        """Values of a source of other columns are known from the former fit, where no row had one of its own."""
        old, column = self.former.columns_[position], self.columns[position]
        if position not in self.sources or not isinstance(old, NumericColumn):
            return self.min_frequency
        is_known = np.isin(column.values[~column.missing], old.quantiles.atoms)
        return 1 if is_known.all() else self.min_frequency

    def _anew(self, column, position):
        """An encoder as in a first fit, none of whose tensor columns there was before."""
        table_encoder = TableEncoder(min_frequency=self.min_frequency, derive=False)
        kind = table_encoder._kind(column)
        if kind is NumericColumn:
            encoder = NumericColumn(column, min_frequency=self.min_frequency)
        elif kind is GroupedColumn:
            encoder = table_encoder.grouped(column, Profiles(self.columns), position)
        else:
            encoder = kind(column)
        return encoder, [-1] * _width(encoder)

    def _grouped(self, old, column, position):
        return _grouped(old, column, lambda categories: self._profiles(column, categories, position))

    def _profiles(self, column, categories, position):
        """Profiles of categories of a column, by the other columns, or of a target by the rows that have it."""
        if self.data is None:
            return Profiles(self.columns).of_categories(position, column, categories)
        return profiles_of(self.data).of_categories(None, column, categories)


def _width(encoder):
    return sum(width for _, width, _ in encoder.pieces)


def _numeric(old, column, min_frequency):
    if np.dtype(old.dtype).kind == "f":
        # They may all be whole this time.
        column = replace(column, values=column.values.astype(np.float64))
    known = column.values[~column.missing]
    is_told = len(known) >= min_frequency or not column.missing.any() or len(np.unique(known)) > 1
    if len(known) and is_told:
        encoder = NumericColumn(column, min_frequency=min_frequency)
    else:
        # As in a first fit, a value that few rows have is not stored.
        encoder = copy.copy(old)
        encoder.has_missing, encoder.missing_share = True, min(float(column.missing.mean()), 1 - LEAST_SHARE)
    _keep_missing(encoder, old)
    return encoder, [0, *_missing_origin(encoder, old, 1)]


def _keep_missing(encoder, old):
    """Keep the tensor columns of missing values where the new rows have none."""
    if old.has_missing and not encoder.has_missing:
        encoder.has_missing, encoder.missing_share = True, LEAST_SHARE


def _missing_origin(encoder, old, start):
    return [] if not encoder.has_missing else [start, start + 1] if old.has_missing else [-1, -1]


def _categorical(old, column, min_frequency):
    known = column.values[~column.missing]
    new = pd.Series(known[old.codes(known) < 0], dtype=object).value_counts(sort=True).index.tolist()
    encoder = copy.copy(old)
    encoder.categories = [*old.categories, *new]
    encoder.has_missing = old.has_missing or bool(column.missing.any())
    counts = np.bincount(encoder.codes(known), minlength=len(encoder.categories))
    counts = np.array([*counts, *([column.missing.sum()] if encoder.has_missing else [])], dtype=np.float64)
    counts = _at_least(counts)
    encoder.log_frequencies = tuple(np.log(counts / counts.sum()).tolist())
    origin = [*range(len(old.categories)), *[-1] * len(new)]
    if encoder.has_missing:
        origin.append(len(old.categories) if old.has_missing else -1)
    return encoder, origin


def _at_least(counts):
    """Numbers of rows, none of which is zero."""
    return np.maximum(counts, LEAST_SHARE * max(counts.sum(), 1.0))


def _identifiers(old, column, min_frequency):
    encoder = copy.copy(old)
    encoder.identifier = old.identifier.knowing(column.values[~column.missing])
    encoder.missing_share, encoder.has_missing = float(column.missing.mean()), bool(column.missing.any())
    encoder.missing_share = min(encoder.missing_share, 1 - LEAST_SHARE)
    _keep_missing(encoder, old)
    return encoder, _missing_origin(encoder, old, 0)


FITS = {
    NumericColumn: _numeric,
    CategoricalColumn: _categorical,
    TextColumn: _categorical,
    IdentifierColumn: _identifiers,
}


def _grouped(old, column, profiles):
    """Each new category joins the group of the known one whose rows are most similar, and stands beside it."""
    known = column.values[~column.missing]
    counts = pd.Series(known, dtype=object).value_counts()
    present = counts.index.tolist()
    new = [category for category in present if old.codes([category])[0] < 0]
    order = {category: [category] for category in old.categories}
    if new:
        found = old.codes(present)
        common, rare = np.flatnonzero(found >= 0), np.flatnonzero(found < 0)
        beside = nearest(profiles(present), rare, common) if len(common) else [None] * len(rare)
        for place, near in zip(rare, beside, strict=True):
            order[old.categories[-1] if near is None else present[near]].append(present[place])
    encoder = copy.copy(old)
    encoder.categories = [category for together in order.values() for category in together]
    n_before = np.concatenate([[0], np.cumsum([len(together) for together in order.values()])])
    encoder.starts = n_before[old.starts].tolist()
    rows = _at_least(np.array([counts.get(category, 0) for category in encoder.categories], dtype=np.float64))
    below = np.cumsum(rows)
    encoder.edges = np.concatenate([[0.0], below / below[-1]])
    encoder.has_missing, encoder.missing_share = bool(column.missing.any()), float(column.missing.mean())
    _keep_missing(encoder, old)
    n_groups, origin = len(old.starts), list(range(len(old.starts)))
    if encoder.has_missing:
        origin.append(n_groups if old.has_missing else -1)
    rest = n_groups + old.has_missing
    if isinstance(old, EmbeddedColumn):
        owners = np.repeat(np.arange(len(old.categories)), np.diff(n_before))
        encoder.coordinates = old.coordinates[owners]
        origin += range(rest, rest + 1 + old.coordinates.shape[1])
    else:
        origin.append(rest)
    encoder.complete()
    return encoder, origin


def _derived(old, column, source, source_encoder, min_frequency):
    """The rule of a derived column with the categories that its source has now; None if the new rows break it."""
    known, known_missing = source_encoder.extremes()
    categories = list(dict.fromkeys(known[~known_missing].tolist()))
    codes = np.where(source.missing, len(categories), codes_of(source.values, categories))
    former = codes_of(np.array([*categories, None], dtype=object)[:-1], old.categories)
    if known_missing.any():
        former = np.append(former, len(old.categories) if len(old.values) > len(old.categories) else -1)
    present, first = np.unique(codes, return_index=True)
    rows = np.full(len(former), -1)
    if present[0] < 0 or present[-1] >= len(former):
        return None
    rows[present] = first
    if ((former < 0) & (rows < 0)).any() or old.values.dtype.kind != column.values.dtype.kind:
        return None
    if column.kind == "numeric" and _is_rare(column, rows[former < 0], min_frequency):
        return None
    encoder = copy.copy(old)
    encoder.categories = categories
    values, missing = (np.concatenate(pair) for pair in ((old.values, column.values), (old.missing, column.missing)))
    places = np.where(former >= 0, former, len(old.values) + rows)
    encoder.values, encoder.missing = values[places], missing[places]
    return encoder if _holds(encoder, column, source) else None


def _is_rare(column, rows, min_frequency):
    """Whether one of the numbers at these rows is held by fewer than `min_frequency` rows."""
    same = (column.values[:, None] == column.values[rows]) & ~column.missing[:, None]
    return bool((same.sum(axis=0)[~column.missing[rows]] < min_frequency).any())


def _holds(encoder, column, source):
    """Whether each row follows the rule or is one of its exceptions."""
    pair = source.values, source.missing
    if encoder.log_frequencies:
        [codes] = encoder.encode(column.values, column.missing, pair)
        return bool((codes >= 0).all())
    values, missing = encoder._by_rule(*pair)
    same = (values == column.values) | missing
    return bool((same & (missing == column.missing)).all())


def categories_in(encoder):
    """The categories that the encoder of a column knows, a set; None where it has none that are learned."""
    is_learned = isinstance(encoder, CategoricalColumn | GroupedColumn) and not isinstance(encoder, TextColumn)
    return set(encoder.categories) if is_learned else None
