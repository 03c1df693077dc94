"""Columns of text: what each one is recognised as, its values, and these values as text in the column's own manner."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from skgan._text_values import find_style

# Texts that stand for a missing value in a column of numbers or dates, however many there are.
MISSING_WORDS = frozenset(
    "NA N/A n/a na NaN nan NULL Null null None none NIL nil \\N #N/A #NA #NULL! #DIV/0! #VALUE! - -- \u2013 ? . .. "
    "missing k.A. k. A.".split(" ")
)
WANTED = ("text", "number", "date", "category")
DECIMALS = ("auto", ".", ",")
SWAPPED = str.maketrans(",.", ".,")
# Distinct texts from which on numbers without anything else are looked for first.
MANY = 1000
# How many digits dates without separators have.
DIGITS_OF_DATES = {6, 8, 10, 12, 14}
# What pandas makes of text.
TEXT = pd.Series([""]).dtype
INT64 = np.iinfo(np.int64)
LONGEST_INT = 19
# How False and True are spelled.
SPELLINGS = (("False", "True"), ("FALSE", "TRUE"), ("false", "true"))
# Styles whose names are no news: these columns are read as everybody expects.
PLAIN = ("a number", "a whole number")


@dataclass(frozen=True)
class Texts:
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
class Plain:
    """Numbers without anything else; `words` are the texts that mean a missing one."""

    missing: str | None = None
    words: frozenset = frozenset()
    ambiguous = False

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

    def read(self, texts):
        return integers([None if text is None else int(text) for text in self.known(texts)])

    def write(self, column):
        return [f"{value:0{self.width}d}" for value in column.astype("int64").tolist()]


@dataclass(frozen=True)
class Floats(Plain):
    """Numbers with so many decimals; None is as many as Python writes."""

    decimals: int | None = None

    def read(self, texts):
        return np.array([np.nan if text is None else float(text) for text in self.known(texts)])

    def write(self, column):
        return written_floats(column.astype("float64").tolist(), self.decimals)


def written_floats(values, decimals):
    return list(map(repr if decimals is None else f"{{:.{decimals}f}}".format, values))


@dataclass(frozen=True)
class Booleans:
    """True and False, with the spelling of each."""

    spelling: tuple
    missing: str | None = None
    recognised = None
    ambiguous = False

    def read(self, texts):
        values = pd.array([None if text is None else text == self.spelling[True] for text in texts], dtype="boolean")
        return values if values.isna().any() else values.to_numpy(dtype=bool)

    def write(self, column):
        return [self.spelling[bool(value)] for value in column]


@dataclass(frozen=True)
class Styled:
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

    @property
    def recognised(self):
        exceptions = list(map(self._swap, self.style.exceptions))
        if self.missing and self.missing not in exceptions:
            exceptions.insert(0, self.missing)
        if self.style.name in PLAIN and not exceptions and not self.swapped:
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


def find_manner(texts, *, infer_types=True, day_first=None, decimal="auto", wanted=None):
    """Find out what a column of text is.

    Parameters
    ----------
    texts : list of n str, None where missing
    infer_types, day_first, decimal
        See `read_table`.
    wanted : {"text", "number", "date", "category"} or None, default=None
        What the column must be; None finds it out.

    Returns
    -------
    Texts, Wholes, Floats, Booleans or Styled
    """
    counts = Counter(texts)
    n_missing = counts.pop(None, 0)
    if wanted in ("text", "category"):
        return {"text": Texts, "category": CategoryTexts}[wanted]()
    if not counts:
        return Floats()
    if infer_types or wanted:
        manner = _styled(texts, counts, n_missing, day_first, decimal, wanted)
        if manner is not None:
            return manner
    if wanted == "date":
        raise ValueError(f"it cannot be read as a date, for example {next(iter(counts))!r}")
    if wanted == "number" and all(text.isascii() and text.isdigit() and len(text) < LONGEST_INT for text in counts):
        return Wholes(width=min(map(len, counts)))
    plain = _plain(counts)
    if wanted == "number" and not isinstance(plain, Wholes | Floats):
        raise ValueError(f"it cannot be read as a number, for example {next(iter(counts))!r}")
    return plain


def _styled(texts, counts, n_missing, day_first, decimal, wanted):
    """The style that all or nearly all texts fit, and how missing values are written; None if there is none."""
    words = {text for text in counts if text in MISSING_WORDS or not text.strip()}
    if wanted:
        words |= {text for text in counts if not any(character.isdigit() for character in text)}
    if len(words) == len(counts):
        return None
    spelled = {text: counts[text] for text in words} | {None: n_missing}
    if wanted != "date" and len(counts) > MANY:
        manner = _many_numbers(counts.keys() - words, decimal, max(spelled, key=spelled.get), frozenset(words))
        if manner is not None:
            return manner
    known = [None if text in words else text for text in texts] if words else texts
    style, swapped = _with_decimal(known, day_first, decimal)
    is_date = style is not None and style.dtype.kind == "M"
    if style is None or (wanted == "number" and is_date) or (wanted == "date" and not is_date):
        return None
    others = {text.translate(SWAPPED) if swapped else text for text in style.exceptions}
    spelled |= {text: counts[text] for text in counts if text in others}
    missing = max(spelled, key=spelled.get)
    return Styled(style, missing, swapped)


def _many_numbers(texts, decimal, missing, words):
    """The manner of many distinct numbers without anything else, which is found much faster than a style; or None."""
    texts = list(texts)
    lengths = set(map(len, texts))
    if all(map(_is_whole, texts)) and not (len(lengths) == 1 and lengths <= DIGITS_OF_DATES):
        return Wholes(missing, words)
    if decimal == "," or not all(map(str.isascii, texts)):
        return None
    try:
        values = list(map(float, texts))
    except ValueError:
        return None
    if not np.isfinite(values).all():
        return None
    for decimals in (None, len(texts[0].partition(".")[2])):
        if written_floats(values, decimals) == texts:
            return Floats(missing, words, decimals)
    return None


def _with_decimal(texts, day_first, decimal):
    """The style of texts where `decimal` is the mark of decimals, and whether points and commas were exchanged."""
    style = find_style(np.array(texts, dtype=object), day_first=day_first)
    mark = getattr(style, "decimal_mark", None)
    if decimal == "auto" or mark is None or decimal == mark == ",":
        return style, False
    if decimal == ",":
        exchanged = np.array([None if text is None else text.translate(SWAPPED) for text in texts], dtype=object)
        other = find_style(exchanged, day_first=day_first)
        is_number = getattr(other, "decimal_mark", None) == "."
        return (other, True) if is_number else (None, False)
    return (style, False) if mark == "." else (None, False)


def _plain(counts):
    """What Python itself reads and writes back alike; else text."""
    texts = list(counts)
    if all(map(_is_whole, texts)):
        return Wholes()
    if all(map(_is_float, texts)):
        return Floats()
    for spelling in SPELLINGS:
        if set(texts) <= set(spelling):
            return Booleans(spelling)
    return Texts()


def _is_whole(text):
    if len(text) > LONGEST_INT + 1 or not text.isascii() or not text.removeprefix("-").isdigit():
        return False
    return str(int(text)) == text and INT64.min <= int(text) <= INT64.max


def _is_float(text):
    try:
        return repr(float(text)) == text and np.isfinite(float(text))
    except ValueError:
        return False


@dataclass(frozen=True)
class Typed:
    """Values that have a type in the file already; only missing ones may be written as a text."""

    missing: str | None = None
    recognised: str | None = None
    ambiguous = False


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
    return not pd.api.types.is_numeric_dtype(column) and all(isinstance(value, str) for value in column)


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
