"""What all styles share: distinct texts are read once, and values are written back in the column's own manner."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from skgan._state import ListOf, Stateful, Text, demand, inside

from ._shapes import Shapes

MAX_EXCEPTIONS = 20
# Longer texts are no numbers or dates, and are left out before any pattern is tried.
LONGEST = 64
# Values that every style must write and read.
SAMPLES = {
    "f": np.array([-1234567.891, -1, 0, 0.25, 1, 59, 3723.5, 1e6]),
    "M": np.array(["1999-12-31T23:59:59.5", "2024-01-02", "2031-09-05T12:34:56"], dtype="M8[us]"),
}


class Parsed(NamedTuple):
    """What `Style.parse` returns.

    Attributes
    ----------
    values : ndarray of shape (n,)
        float64 with nan, or datetime64 with NaT, for missing texts and for texts that do not fit.
    exceptional : ndarray of bool, shape (n,)
        Which texts are not missing, but do not fit the style.
    """

    values: np.ndarray
    exceptional: np.ndarray


class Style(Stateful):
    """How a column of text writes its numbers or times.

    Subclasses define ``read(texts)``, from a list of n str to values (n,), which are nan or NaT where a text does not
    fit; ``write(values)``, from values (n,), none of them missing, to a list of n str; ``name``, a short description
    for messages; and ``cure_for(column)``, a pandas expression that converts the column of this name of a frame ``df``.

    Attributes
    ----------
    kind : str
        The key of the class in `STYLES`.
    exceptions : list of str
        The most frequent texts of the training column that do not fit, at most 20, most frequent first.
    ambiguous : bool
        Whether the column left open which part of its dates is the day.
    dtype : numpy dtype
        Of parsed values.
    """

    STATE = {"exceptions": ListOf(Text(), 0, MAX_EXCEPTIONS)}
    ambiguous = False
    dtype = np.dtype(np.float64)

    def parse(self, texts):
        """Read texts.

        Parameters
        ----------
        texts : array or Series of shape (n,)
            str and missing values.

        Returns
        -------
        Parsed
            ``(values, exceptional)``.
        """
        codes, distinct = distinct_of(texts)
        read = self.read_many(Shapes(readable(distinct)))
        # The last entry is that of missing texts, whose code is -1.
        values = np.concatenate([read, self.missing_value(1)])[codes]
        return Parsed(values, np.isnan(values) & (codes >= 0))

    def format(self, values):
        """Write values in the style of the column.

        Parameters
        ----------
        values : array or Series of shape (n,)
            Numbers or datetimes. What the style cannot write (a fourth decimal, the year 20000) is rounded or moved to
            the nearest value that it can write.

        Returns
        -------
        ndarray of object, shape (n,)
            str, and None for missing and infinite values.
        """
        values = np.asarray(values, dtype=self.dtype)
        known = ~np.isnat(values) if self.dtype.kind == "M" else np.isfinite(values)
        texts = np.full(len(values), None, dtype=object)
        texts[known] = self.write(values[known])
        return texts

    def read_many(self, shapes):
        """As `read`, of the texts of `Shapes`; subclasses may read all texts of one shape together."""
        return self.read(shapes.texts)

    def rewrite(self, texts, values):
        """`values`, which were read from `texts`, as text again: equal to `texts` if the style is right."""
        return self.write(values)

    def settle_ambiguity(self, is_tied, day_first):
        """Note that another style fits the column as well."""

    def is_refuted_by(self, texts):
        """Whether texts that do not fit show that those that fit are something else."""
        return False

    @classmethod
    def from_state(cls, state):
        style = super().from_state(state)
        with inside(cls.__name__):
            texts = style.write(SAMPLES[style.dtype.kind].astype(style.dtype))
            demand(not np.isnan(style.read(texts)).any(), "the style", "read what it writes")
        return style

    def missing_value(self, n):
        return np.full(n, "NaT" if self.dtype.kind == "M" else np.nan, dtype=self.dtype)

    @property
    def cure(self):
        """How to convert a column named "column" in pandas."""
        return self.cure_for("column")


def distinct_of(texts):
    """Codes (n,), -1 for missing values, and the distinct values that they number, in order of appearance."""
    return pd.factorize(np.asarray(texts, dtype=object))


def readable(texts):
    """The texts, as a list, with an empty one, which fits no style, for objects that are no text and for long texts."""
    return [text if isinstance(text, str) and len(text) <= LONGEST else "" for text in texts]


def most_frequent(items, weights):
    """The item with the largest total weight, the first of equals; None if there are none."""
    totals = totals_of(items, weights)
    return max(totals, key=totals.get) if totals else None


def totals_of(items, weights):
    """The total weight of each distinct item: a dict."""
    totals = {}
    for item, weight in zip(items, weights, strict=True):
        totals[item] = totals.get(item, 0) + weight
    return totals


def quoted(text):
    """`text` in double quotes, as Python source."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def series(column):
    """The source of a column of a frame ``df``."""
    return f"df[{quoted(column)}]" if isinstance(column, str) else f"df[{column!r}]"


def coerced(style):
    """The argument that makes exceptions missing, where there are any."""
    return ', errors="coerce"' if style.exceptions else ""
