"""Find out what a column of text is: the manner that writes its own values back as they were."""

from collections import Counter

import numpy as np

from skgan._text_values import find_style

from ._manners import SPELLINGS, SWAPPED, Booleans, CategoryTexts, Floats, Styled, Texts, Wholes, written_floats

# Texts that stand for a missing value in a column of numbers or dates, however many there are.
MISSING_WORDS = frozenset(
    "NA N/A n/a na NaN nan NULL Null null None none NIL nil \\N #N/A #NA #NULL! #DIV/0! #VALUE! - -- \u2013 ? . .. "
    "missing k.A.".split(" ")
)
# A text of one's own for missing values is held by this many rows at least.
MIN_ROWS = 5
WANTED = ("text", "number", "date", "category")
DECIMALS = ("auto", ".", ",")
# Distinct texts from which on numbers without anything else are looked for first.
MANY = 1000
# How many digits dates without separators have.
DIGITS_OF_DATES = {6, 8, 10, 12, 14}
INT64 = np.iinfo(np.int64)
LONGEST_INT = 19
LEAVE = "leave its type out"


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
        raise ValueError(f"it cannot be read as a date, for example {next(iter(counts))!r}; {LEAVE}")
    if wanted == "number" and all(text.isascii() and text.isdigit() and len(text) < LONGEST_INT for text in counts):
        return Wholes(width=min(map(len, counts)))
    plain = _plain(counts)
    if wanted == "number" and not isinstance(plain, Wholes | Floats):
        longest = max(counts, key=len)
        n_digits = len(longest.removeprefix("-"))
        if n_digits >= LONGEST_INT and longest.isascii() and longest.removeprefix("-").isdigit():
            raise ValueError(
                f"it has whole numbers of {n_digits} digits, such as {longest}, and a number holds 18 of them exactly; "
                "write them in a larger unit, or leave its type out to have them as texts, which generated rows copy"
            )
        raise ValueError(f"it cannot be read as a number, for example {next(iter(counts))!r}; {LEAVE}")
    return plain


def _styled(texts, counts, n_missing, day_first, decimal, wanted):
    """The style that all or nearly all texts fit, and how missing values are written; None if there is none."""
    words = {text for text in counts if _is_empty(text)}
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
    # What few rows hold, such as a note instead of a price, is not written into other rows.
    spelled = {text: n for text, n in spelled.items() if text is None or _is_empty(text) or n >= MIN_ROWS}
    missing = max(spelled, key=spelled.get)
    return Styled(style, missing, swapped)


def _is_empty(text):
    """Whether a text usually means a missing value."""
    return text in MISSING_WORDS or not text.strip()


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
