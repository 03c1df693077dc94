"""Manners: how a column of text is read as values, and how values are written as text again."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from skgan._state import Flag, ListOf, Maybe, Rule, Stateful, Text, Whole
from skgan._text_values import style_from_state

SWAPPED = str.maketrans(",.", ".,")
# What pandas makes of text.
TEXT = pd.Series([""]).dtype
# How False and True are spelled.
SPELLINGS = (("False", "True"), ("FALSE", "TRUE"), ("false", "true"))
# Styles whose names are no news: these columns are read as everybody expects.
COMMON = ("a number", "a whole number")


# No cell that Excel or a database writes has more digits.
MAX_DIGITS = 400


class WordsRule(Rule):
    """A frozenset of texts."""

    def __str__(self):
        return "a list of texts"

    def allows(self, value):
        return isinstance(value, list) and all(isinstance(text, str) for text in value)

    def read(self, name, value):
        return frozenset(super().read(name, value))

    def state_of(self, value):
        return sorted(value)


class StyleRule(Rule):
    """A style of `skgan._text_values`."""

    def __str__(self):
        return "the state of a style"

    def allows(self, value):
        return isinstance(value, dict)

    def read(self, name, value):
        return style_from_state(super().read(name, value))

    def state_of(self, value):
        return value.get_state()


@dataclass(frozen=True)
class Texts(Stateful):
    """Text that stays text.

    Every manner has these attributes and methods.

    Attributes
    ----------
    recognised : str or None
        What is told about the column; None if there is nothing to tell.
    ambiguous : bool
        Whether the column leaves open which number of a date is the day.
    missing : str or None
        How missing values are written.
    """

    missing: str | None = None
    recognised = None
    ambiguous = False
    STATE = {"missing": Maybe(Text())}

    def read(self, texts):
        """Texts (n,), None where missing, as a pandas array (n,)."""
        return pd.array(texts, dtype=TEXT)

    def write(self, column):
        """A Series (n,) without missing values as a list of n str."""
        return list(map(str, column))


class CategoryTexts(Texts):
    """Text that the user declared to be categories."""

    def read(self, texts):
        return pd.Categorical(texts)


@dataclass(frozen=True)
class Plain(Stateful):
    """Numbers without anything else; `words` are the texts that mean a missing one."""

    missing: str | None = None
    words: frozenset = frozenset()
    ambiguous = False
    STATE = {"missing": Maybe(Text()), "words": WordsRule()}

    @property
    def recognised(self):
        return f'a number ("{self.missing or min(self.words)}" means missing)' if self.words else None

    def known(self, texts):
        """The texts with None for those that mean a missing value."""
        return [None if text in self.words else text for text in texts] if self.words else texts


@dataclass(frozen=True)
class Wholes(Plain):
    """Whole numbers, with zeros before those that are shorter than `width`."""

    width: int = 1
    STATE = {**Plain.STATE, "width": Whole(0, MAX_DIGITS)}

    def read(self, texts):
        return integers([None if text is None else int(text) for text in self.known(texts)])

    def write(self, column):
        return [f"{value:0{self.width}d}" for value in column.astype("int64").tolist()]


@dataclass(frozen=True)
class Floats(Plain):
    """Numbers with so many decimals; None is as many as Python writes."""

    decimals: int | None = None
    STATE = {**Plain.STATE, "decimals": Maybe(Whole(0, MAX_DIGITS))}

    def read(self, texts):
        return np.array([np.nan if text is None else float(text) for text in self.known(texts)])

    def write(self, column):
        return written_floats(column.astype("float64").tolist(), self.decimals)


def written_floats(values, decimals):
    return list(map(repr if decimals is None else f"{{:.{decimals}f}}".format, values))


@dataclass(frozen=True)
class Booleans(Stateful):
    """True and False, with the spelling of each."""

    spelling: tuple
    missing: str | None = None
    recognised = None
    ambiguous = False
    STATE = {"spelling": ListOf(Text(), 2, 2), "missing": Maybe(Text())}

    def read(self, texts):
        values = pd.array([None if text is None else text == self.spelling[True] for text in texts], dtype="boolean")
        return values if values.isna().any() else values.to_numpy(dtype=bool)

    def write(self, column):
        return [self.spelling[bool(value)] for value in column]


@dataclass(frozen=True)
class Styled(Stateful):
    """Numbers, dates or times in the style of the column.

    Attributes
    ----------
    style : Style
    swapped : bool
        Whether points and commas are exchanged before the style reads, and after it wrote.
    """

    style: object
    missing: str | None = None
    swapped: bool = False
    STATE = {"style": StyleRule(), "missing": Maybe(Text()), "swapped": Flag()}

    @property
    def recognised(self):
        exceptions = list(map(self._swap, self.style.exceptions))
        if self.missing and self.missing not in exceptions:
            exceptions.insert(0, self.missing)
        if self.style.name in COMMON and not exceptions and not self.swapped:
            return None
        said = "a number with a decimal comma" if self.swapped else self.style.name
        return f'{said} ("{exceptions[0]}" means missing)' if exceptions else said

    @property
    def ambiguous(self):
        return self.style.ambiguous

    def read(self, texts):
        texts = [None if text is None else self._swap(text) for text in texts]
        values = self.style.parse(np.array(texts, dtype=object)).values
        if values.dtype.kind == "f" and self._is_whole:
            return integers([None if np.isnan(value) else int(value) for value in values.tolist()])
        return values

    @property
    def _is_whole(self):
        return getattr(self.style, "whole", False)

    def write(self, column):
        values = column.to_numpy() if self.style.dtype.kind == "M" else column.to_numpy(dtype=np.float64)
        return [self._swap(text) for text in self.style.format(values)]

    def _swap(self, text):
        return text.translate(SWAPPED) if self.swapped else text


def integers(values):
    """Integers (n,), None where missing: int64, or Int64 if any is missing."""
    values = pd.array(values, dtype="Int64")
    return values if values.isna().any() else values.to_numpy(dtype=np.int64)


@dataclass(frozen=True)
class Typed(Stateful):
    """Values that have a type in the file already; only missing ones may be written as a text."""

    missing: str | None = None
    recognised: str | None = None
    ambiguous = False
    STATE = {"missing": Maybe(Text()), "recognised": Maybe(Text())}


MANNERS = {
    "texts": Texts,
    "categories": CategoryTexts,
    "whole numbers": Wholes,
    "numbers": Floats,
    "booleans": Booleans,
    "style": Styled,
    "typed": Typed,
}


def texts_of(column, manner):
    """A column as text in its manner.

    Parameters
    ----------
    column : Series of shape (n,)
    manner : Texts, Wholes, Floats, Booleans, Styled or None
        None, and one that is made for values of another type, write values as pandas shows them.

    Returns
    -------
    list of n str, None where a missing value is an empty cell
    """
    known = column.notna().to_numpy()
    present = column[known]
    texts = np.full(len(column), None, dtype=object)
    if _holds_text(present):
        texts[known] = list(map(str, present))
        return texts.tolist()
    if manner is not None:
        texts[:] = manner.missing
    texts[known] = manner.write(present) if _suits(manner, present) else present.astype(str).tolist()
    return texts.tolist()


def _holds_text(column):
    if not len(column) or pd.api.types.is_numeric_dtype(column):
        return False
    return all(isinstance(value, str) for value in column)


def _suits(manner, column):
    """Whether a manner can write values of this dtype."""
    if isinstance(manner, Styled) and manner.style.dtype.kind == "M":
        return isinstance(column.dtype, np.dtype) and column.dtype.kind == "M"
    if isinstance(manner, Booleans):
        return pd.api.types.is_bool_dtype(column)
    is_number = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if isinstance(manner, Wholes):
        return is_number and not pd.api.types.is_float_dtype(column)
    return isinstance(manner, Floats | Styled) and is_number
