"""Objects as categories: text, numbers and bools unchanged, other hashable objects represented by their text."""

import datetime
import decimal
import uuid
from enum import Enum

import numpy as np
import pandas as pd

from ._plain import complex_numbers, infinite, objects

PLAIN_CATEGORIES = (str, bool, int, float, bytes)
# Other objects that a file can hold as categories; also tuples of objects that it can hold.
SAVABLE = {
    *(type(None), complex, uuid.UUID, decimal.Decimal, datetime.date, datetime.datetime, datetime.time),
    *(datetime.timedelta, pd.Timestamp, pd.Timedelta, pd.Period, np.datetime64, np.timedelta64),
}


def plain_categories(values, where):
    """Objects (n,) as plain categories: Python str, bool, int, float or bytes.

    Any other hashable object (a UUID, a tuple, an Enum member) is one category, represented by its text.

    Returns
    -------
    categories : ndarray of object, shape (n,)
    wholes : tuple or None
        The distinct objects that are represented by their text; None if there are none.
    """
    types = set(map(type, values))
    if len(types) < 2 and types <= set(PLAIN_CATEGORIES):
        return values, None
    values = [_python_scalar(value) for value in values]
    is_whole = [type(value) not in PLAIN_CATEGORIES for value in values]
    plain = [value for value, whole in zip(values, is_whole, strict=True) if not whole]
    _check_types_differ(plain, where)
    if not any(is_whole):
        return objects(values), None
    texts = _texts_of([value for value, whole in zip(values, is_whole, strict=True) if whole], set(plain), where)
    categories = [
        texts[type(value), value] if whole else value for value, whole in zip(values, is_whole, strict=True)
    ]
    return objects(categories), tuple(value for _, value in texts)


def category_of(value):
    """The plain category of an object of any type."""
    scalar = _python_scalar(value)
    return scalar if type(scalar) in PLAIN_CATEGORIES else str(scalar)


def _texts_of(wholes, plain, where):
    """The text of each distinct object: a dict of (type, object) to str."""
    texts, known = {}, {}
    for value in wholes:
        _check_is_one_value(value, where)
        if (type(value), value) in texts:
            continue
        text = str(value)
        other = text if text in plain else known.setdefault(text, value)
        if other is not value:
            raise ValueError(
                f"{where} holds both {other!r} and {value!r}, which differ but have the same text; convert the column "
                "to text or numbers."
            )
        texts[type(value), value] = text
    return texts


def _check_is_one_value(value, where):
    """Refuse an object that cannot be a category."""
    kind = type(value).__name__
    if isinstance(value, complex):
        raise ValueError(complex_numbers(where))
    is_array = hasattr(type(value), "__array__") and not isinstance(value, np.generic)
    try:
        hash(value)
    except TypeError:
        is_array = True
    if is_array:
        raise TypeError(
            f"{where} holds a {kind}, but a cell of this argument must be one value, such as a string or a "
            "number; spread it over "
            "columns of one value each, or convert the column with astype(str). A tuple would be "
            "kept whole, as a category."
        )


def _check_types_differ(plain, where):
    """Refuse categories that compare equal but differ in type, and infinity."""
    twins = {}
    for value in plain:
        twin = twins.setdefault(value, value)
        if type(twin) is not type(value):
            raise ValueError(
                f"{where} holds both {twin!r} and {value!r}, which compare equal but differ in type; "
                "convert the column to one type."
            )
    if any(isinstance(value, float) and np.isinf(value) for value in twins):
        raise ValueError(infinite(where))


def check_savable(wholes):
    """Refuse objects that a file without pickle cannot hold."""
    for value in wholes:
        parts = {tuple: list, pd.Interval: lambda whole: [whole.left, whole.right]}.get(type(value))
        if parts is not None:
            check_savable(parts(value))
        elif type(value) not in SAVABLE | set(PLAIN_CATEGORIES) and not isinstance(value, np.number | np.bool_):
            raise ValueError(f"a file cannot hold the {type(value).__name__} {value!r}")


def _python_scalar(value):
    """Convert NumPy scalars and subclasses of text to Python's own types; times and Enum members are unchanged."""
    if isinstance(value, Enum | np.datetime64 | np.timedelta64):
        return value
    if isinstance(value, np.generic):
        return value.item()
    return next((base(value) for base in (str, bytes) if isinstance(value, base)), value)
