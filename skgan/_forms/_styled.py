"""Columns of text that are read as numbers or times: the codec that writes them back in the column's own style."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from skgan._state import ListOf, Number, Text, demand, inside
from skgan._text_values import Style, find_style, is_missing_word, style_from_state

from ._eager import Eager
from ._objects import Objects
from ._pandas import CODECS, Cast, codec_from_state, codec_state
from ._pandas import Text as PandasText
from ._plain import NUMBER, Plain, fit_integers

# Columns with at most so many distinct texts hold categories.
MAX_CATEGORIES = 10
# A text without a value ("n/a") that fewer rows hold may be anything, and is neither stored nor written.
MIN_EXCEPTIONAL = 5
# So many texts without a single value are another column than that of the fit.
MANY_TEXTS = 10
# What is looked at first of a long column.
N_ROWS, N_DISTINCT = 20_000, 1000
# Which codecs write any text. Dtypes of categories are left out: they declare the texts that they can hold.
ARROW_TEXT = ("string[pyarrow]", "large_string[pyarrow]")
WRITES_TEXT = {
    Plain: lambda codec: codec.dtype.kind == "U",
    Objects: lambda codec: codec.what == "categories" and not codec.detail,
    PandasText: lambda codec: True,
    Eager: lambda codec: codec.word == "String",
    Cast: lambda codec: str(codec.dtype) in ARROW_TEXT and writes_text(codec.inner),
}


def writes_text(codec):
    """Whether a column of this codec can hold any text."""
    return WRITES_TEXT.get(type(codec), lambda codec: False)(codec)


@dataclass(frozen=True, eq=False)
class Styled:
    """Codec of a column of text whose values are numbers or times.

    Attributes
    ----------
    style : Style
    inner : object
        The codec of the texts.
    exceptions : tuple of str
        Training texts without a value, such as "n/a".
    exception_shares : tuple of float
        Their shares of the rows without a value; the others are missing.
    n_before : int
        How many rows without a value were written before those that are to be written.
    """

    style: Style = field(repr=False)
    inner: object
    exceptions: tuple = ()
    exception_shares: tuple = ()
    n_before: int = field(default=0, repr=False)

    def __eq__(self, other):
        return type(other) is Styled and self.get_state() == other.get_state()

    @property
    def dtype(self):
        return getattr(self.inner, "dtype", np.dtype(object))

    @property
    def scale(self):
        return str(self.style.dtype) if self.style.dtype.kind == "M" else NUMBER

    def parse(self, texts, where):
        """Texts (n,), None where missing, as plain numbers with the mask of those without a value.

        Raises
        ------
        ValueError
            If there are many texts, of which none has a value.
        """
        values, exceptional = self.style.parse(texts)
        missing = np.isnan(values)
        if missing.all() and exceptional.sum() >= MANY_TEXTS:
            strange = next((text for text in texts[exceptional] if text not in self.exceptions), None)
            if strange is not None:
                raise ValueError(
                    f"{where} holds {strange!r}, but was {self.style.name} when it was fitted; pass texts of this kind."
                )
        values = values.view(np.int64) if values.dtype.kind == "M" else values
        return np.where(missing, 0, values), missing

    def decode(self, values, missing):
        is_time = self.style.dtype.kind == "M"
        texts = self.style.format(fit_integers(values, np.int64).view(self.style.dtype) if is_time else values)
        texts[missing] = None
        self._place_exceptions(texts, np.flatnonzero(missing))
        if isinstance(self.inner, Plain):
            # Fixed-width text would be cut off.
            longest = max(map(len, texts), default=1)
            return Plain(np.promote_types(self.inner.dtype, f"U{longest}")).decode(texts, np.zeros_like(missing))
        return self.inner.decode(texts, np.array([text is None for text in texts], dtype=bool))

    def _place_exceptions(self, texts, places):
        """Write the exceptions, in their shares, at places (n_missing,) of texts."""
        left, first = 1.0, self.n_before
        for exception, share in zip(self.exceptions, self.exception_shares, strict=True):
            part = min(1.0, share / left) if left > 0 else 1.0
            chosen = _spread(first, first + len(places), part)
            texts[places[chosen]] = exception
            places, left, first = places[~chosen], left - share, first - int(_n_spread(first, part))
        if isinstance(self.inner, Plain) and self.exceptions:
            # What rounding of shares has left; an array of text has no missing values.
            texts[places] = self.exceptions[0]

    def get_state(self):
        return {"style": self.style.get_state(), "inner": codec_state(self.inner)} | {
            name: getattr(self, name) for name in EXCEPTION
        }

    @classmethod
    def from_state(cls, state):
        with inside("text style"):
            values = {name: rule.read(name, state[name]) for name, rule in EXCEPTION.items()}
            exceptions, shares = tuple(values["exceptions"]), tuple(values["exception_shares"])
            style, inner = style_from_state(state["style"]), codec_from_state(state["inner"])
            demand(writes_text(inner), "inner", "be the codec of a column of text")
            demand(len(exceptions) == len(shares), "exception_shares", "be as many as exceptions")
            demand(sum(shares) < 1 + TOLERANCE, "exception_shares", "be at most 1 together")
            fits = not style.parse(np.array(exceptions, dtype=object)).exceptional.all()
            demand(not fits, "exceptions", "have no value")
        return cls(style, inner, exceptions, shares)


EXCEPTION = {"exceptions": ListOf(Text(), 0, 20), "exception_shares": ListOf(Number(0, 1), 0, 20)}
# Of the sum of shares.
TOLERANCE = 1e-9
# Added here, because a codec around another one needs the table itself.
CODECS["styled"] = Styled


def _spread(start, stop, share):
    """Which of the rows from number `start` to before `stop` are those of a share, evenly spread: bool (n,)."""
    return np.diff(_n_spread(np.arange(start, stop + 1), share)) > 0


def _n_spread(n, share):
    """How many of the first n rows `_spread` chooses."""
    return np.floor(n * share + 0.5)


def style_of(values, codec):
    """The style of a column of text; a part of a long column is looked at first.

    Parameters
    ----------
    values : ndarray of object, shape (n,)
        None where missing.
    codec : object
        Of the column.

    Returns
    -------
    Style or None
        None if the column is no text, holds few distinct texts, or holds no numbers or times.
    """
    if not writes_text(codec):
        return None
    some = values[:: max(1, len(values) // N_ROWS)]
    codes, distinct = pd.factorize(some)
    distinct = distinct[:N_DISTINCT]
    n_with_digits = sum(isinstance(text, str) and any(map(str.isdigit, text)) for text in distinct)
    # All numbers and times have a digit.
    if len(distinct) <= MAX_CATEGORIES or 2 * n_with_digits < len(distinct):
        return None
    some = some[codes < N_DISTINCT]
    style = find_style(some)
    return style if style is None or len(some) == len(values) else find_style(values)


def styled(values, codec):
    """Read a column of text, given as in `style_of`, as numbers or times where it holds these.

    Returns
    -------
    tuple of (values, missing, Styled), or None
        As `style_of`.
    """
    style = style_of(values, codec)
    if style is None:
        return None
    counts = _counts_of_exceptions(style, values)
    n_without = int(style.parse(values).exceptional.sum() + pd.isna(values).sum())
    if isinstance(codec, Plain) and n_without:
        # An array of text has no missing values.
        counts = counts or {"": 1}
        n_without = sum(counts.values())
    # What does not fit is not kept: it may be anything.
    style.exceptions = []
    codec = Styled(style, codec, tuple(counts), tuple(count / n_without for count in counts.values()))
    return *codec.parse(values, "it"), codec


def _counts_of_exceptions(style, values):
    """How many rows hold each text without a value that is kept: the commonest, and words for missing values."""
    kept = [text for i, text in enumerate(style.exceptions) if i == 0 or is_missing_word(text)]
    counts = {text: int((values == text).sum()) for text in kept}
    return {text: count for text, count in counts.items() if count >= MIN_EXCEPTIONAL}
