"""Columns of identifiers: networks learn only where they are missing, and new identifiers are made for each call."""

from __future__ import annotations

import numpy as np

from skgan._identifiers import Identifier
from skgan._random import numpy_stream
from skgan._state import Flag, Number, Part, Stateful, Word, demand

from ._columns import MISSING_FEATURE, check_missing, missing_codes, missing_pieces, with_missing

# How many new identifiers are written when a form is checked.
N_CHECKED = 20


class IdentifierColumn(Stateful):
    """Identifiers say nothing about a row, so that none is encoded; missing values, if there are any, are a one-hot.

    Parameters
    ----------
    column : Column
        ``replaced_by`` is its `Identifier`.
    """

    STATE = {
        "identifier": Part(Identifier),
        "has_missing": Flag(),
        "missing_share": Number(0, 1),
        "dtype": Word(("<f8", "<i8", ">f8", ">i8", "|O")),
    }
    ordered = False

    def __init__(self, column):
        self.identifier = column.replaced_by
        self.missing_share = float(column.missing.mean())
        self.has_missing = bool(column.missing.any())
        self.dtype = column.values.dtype.str

    @property
    def pieces(self):
        return missing_pieces(self)

    def encode(self, values, missing):
        return missing_codes(self, missing)

    def decode(self, rows):
        """(values, missing), with placeholders that are not missing; `generate` makes the identifiers."""
        missing = rows[:, 1] > rows[:, 0] if self.has_missing else np.zeros(len(rows), dtype=bool)
        return np.zeros(len(rows), dtype=self.dtype), missing

    def new(self, seed, position):
        """A stream of new identifiers for the column at `position` of the table; `generate` takes them from it."""
        return self.identifier.new(numpy_stream(seed, "identifier", position))

    def generate(self, missing, new):
        """(values, missing) with a new identifier for each row.

        Parameters
        ----------
        missing : ndarray of bool, shape (n,)
        new : NewIdentifiers
            Of `new`. A missing value uses one up, so that the identifier of a row does not depend on other rows.
        """
        values = self._written(new.take(len(missing)))
        values[missing] = None if values.dtype == object else 0
        return values, missing

    def _written(self, identifiers):
        return np.asarray(identifiers).astype(self.dtype)

    def features(self, values, missing):
        return np.where(missing, MISSING_FEATURE, 0).astype(np.uint8)

    def row_features(self, rows):
        return self.features(*self.decode(rows))

    def complete(self):
        check_missing(self)
        kind = self.identifier.form.holds
        demand((self.dtype == "|O") == (kind == "texts"), "dtype", f"be one of {kind}, as the identifier's form")

    def extremes(self):
        """(values, missing): some new identifiers, and a missing value if there are any."""
        return with_missing(self, self._written(self.identifier.generate(N_CHECKED, np.random.default_rng(0))))
