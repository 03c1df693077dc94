"""Doubts about numbers: the mark in 45.710 may be one of decimals or of thousands."""

import re

from ._manners import Floats, Styled

# One mark, and three digits behind it.
EITHER = re.compile(r"[-+]?[1-9][0-9]{0,2}([.,])[0-9]{3}")
UNMARKED = re.compile(r"[-+]?[0-9]{1,3}")


def decimal_doubt(columns, manners):
    """Sentences where columns have numbers like 45.710 while another has decimal commas: none or one.

    Parameters
    ----------
    columns : dict of str to list of n str and None
    manners : dict
        How they are read.
    """
    with_commas = [name for name, texts in columns.items() if _has_decimal_comma(texts, manners.get(name))]
    others = {name: texts for name, texts in columns.items() if name not in with_commas}
    either = {name: found for name, texts in others.items() if (found := _either(texts, manners.get(name)))}
    if not with_commas or not either:
        return []
    text, value = next(iter(either.values()))
    subject = f"column{'s' * (len(either) > 1)} {', '.join(map(repr, either))}"
    return [
        f"{subject} may have marks of decimals or of thousands: {text} is read as {value:g}, but column "
        f"{with_commas[0]!r} has decimal commas; pass decimal=',' to read all columns so"
    ]


def _has_decimal_comma(texts, manner):
    is_comma = isinstance(manner, Styled) and getattr(manner.style, "decimal_mark", None) == ","
    return is_comma and any("," in text for text in texts if text)


def _either(texts, manner):
    """A text of a column whose marks can be of decimals or of thousands, and its value; None if there is none.

    Points of thousands go well with decimal commas.
    """
    if not isinstance(manner, Floats | Styled):
        return None
    known = [text for text in texts if text and any(map(str.isdigit, text))]
    marked = [text for text in known if EITHER.fullmatch(text)]
    if not marked or not all(EITHER.fullmatch(text) or UNMARKED.fullmatch(text) for text in known):
        return None
    value = manner.read(marked[:1])[0]
    return None if "." in marked[0] and value != float(marked[0]) else (marked[0], value)
