"""Read a column into plain whole numbers or texts, and write new ones in its own type."""

import uuid
from typing import NamedTuple

import numpy as np
import pandas as pd

from skgan._state import Stateful, Word, demand

INTEGERS = tuple(f"{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8))
FLOATS = ("f2", "f4", "f8")
WIDER = ("i1", "i2", "i4", "i8", "u8")
# Whole numbers up to here are exact in double precision.
EXACT = 2**53


class Values(NamedTuple):
    """The values of a column that are not missing: an array of int64 or uint64, or a list of str; and its Form."""

    plain: object
    form: object


class Form(Stateful):
    """The type of a column.

    Parameters
    ----------
    kind : str
        A key of `WRITE`.
    dtype : str, default="O"
        Of "numbers", as ``dtype.str[1:]``.
    """

    STATE = {
        "kind": Word(("numbers", "object numbers", "texts", "fixed texts", "uuids")),
        "dtype": Word((*INTEGERS, *FLOATS, "O")),
    }

    def __init__(self, kind, dtype="O"):
        self.kind = kind
        self.dtype = dtype

    def complete(self):
        demand((self.kind == "numbers") == (self.dtype != "O"), "dtype", "fit the kind")

    @property
    def holds(self):
        """ "numbers" or "texts"."""
        return "numbers" if self.kind in ("numbers", "object numbers") else "texts"

    def write(self, values):
        """Plain values (list of n) as an array (n,) of the column's type."""
        return WRITE[self.kind](values, np.dtype(self.dtype))


def _write_numbers(values, dtype):
    if not values:
        return np.empty(0, dtype)
    low, high = min(values), max(values)
    fits = (kind for kind in (dtype, *map(np.dtype, WIDER)) if _holds(kind, low, high))
    if dtype.kind == "f":
        kinds = (dtype, np.dtype("f4"), np.dtype("f8"))
        fits = (kind for kind in kinds if max(-low, high) <= 2 ** np.finfo(kind).nmant)
    return np.array(values, next(fits, np.dtype("f8") if dtype.kind == "f" else np.dtype("O")))


def _holds(dtype, low, high):
    return dtype.kind in "iu" and np.iinfo(dtype).min <= low and high <= np.iinfo(dtype).max


def _write_objects(values, dtype):
    return np.fromiter(values, object, len(values))


def _write_texts(values, dtype):
    return np.array(values, dtype=str)


def _write_uuids(values, dtype):
    return np.fromiter(map(uuid.UUID, values), object, len(values))


WRITE = {
    "numbers": _write_numbers,
    "object numbers": _write_objects,
    "texts": _write_objects,
    "fixed texts": _write_texts,
    "uuids": _write_uuids,
}


def plain_values(values):
    """Python's own values of an array-like: whole numbers as int, UUIDs as text, without missing ones."""
    series = _series(values)
    return [_plain(value) for value in series[~series.isna()].tolist()]


def _plain(value):
    if isinstance(value, uuid.UUID):
        return str(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def read_values(values):
    """The present values of a column as `Values`; None if it holds neither whole numbers, nor texts, nor UUIDs.

    Parameters
    ----------
    values : array-like of shape (n,)
        Any array, series or list, with missing values.
    """
    series = _series(values)
    present = series[~series.isna()]
    if not len(present):
        return None
    dtype = present.dtype
    if pd.api.types.is_bool_dtype(dtype):
        return None
    if pd.api.types.is_integer_dtype(dtype) or pd.api.types.is_float_dtype(dtype):
        return _read_numbers(present)
    if isinstance(dtype, np.dtype) and dtype.kind != "O":
        return None
    is_text_array = isinstance(values, np.ndarray) and values.dtype.kind == "U"
    return _read_objects(present.tolist(), "fixed texts" if is_text_array else "texts")


def _series(values):
    if isinstance(values, pd.Series):
        return values
    if hasattr(values, "dtype") and not isinstance(values, np.ndarray):
        try:
            return pd.Series(values)
        except (TypeError, ValueError):
            values = np.asarray(values)
    if not isinstance(values, np.ndarray):
        values = list(values)
        values = np.fromiter(values, object, len(values))
        series = pd.Series(values, dtype=object)
        # Texts stay objects: pandas' own dtype for them does not hold all.
        return series if any(isinstance(value, str) for value in values) else series.infer_objects()
    if values.ndim != 1:
        raise ValueError(f"values must be one column, of shape (n,), not of shape {values.shape}; pass each alone.")
    values = values.astype(object) if values.dtype.kind == "U" else values
    return pd.Series(values, dtype=object if values.dtype == object else None)


def _read_numbers(series):
    numbers = series.to_numpy()
    if numbers.dtype == object:  # of a masked dtype
        numbers = np.array(numbers.tolist())
    if numbers.dtype.kind == "f":
        if not (np.abs(numbers.astype(np.float64)) <= EXACT).all() or (numbers != np.rint(numbers)).any():
            return None
        form = Form("numbers", numbers.dtype.str[1:]) if numbers.dtype.str[1:] in FLOATS else Form("numbers", "f8")
        return Values(numbers.astype(np.int64), form)
    return Values(_whole(numbers), Form("numbers", numbers.dtype.str[1:]))


def _whole(numbers):
    """int64; uint64 where that cannot hold them."""
    return numbers.astype(np.uint64 if numbers.dtype.kind == "u" and numbers.max() >= 2**63 else np.int64)


def _read_objects(values, kind):
    if any(issubclass(each, np.generic) for each in set(map(type, values))):
        values = [value.item() if isinstance(value, np.generic) else value for value in values]
    types = set(map(type, values))
    if types in ({float}, {float, int}):
        return _read_numbers(pd.Series(values, dtype=float))
    if types == {uuid.UUID}:
        return Values(list(map(str, values)), Form("uuids"))
    if types == {int}:
        low, high = min(values), max(values)
        if low < -(2**63) or high >= (2**63 if low < 0 else 2**64):
            return None
        return Values(np.array(values, np.int64 if high < 2**63 else np.uint64), Form("object numbers"))
    if all(issubclass(each, str) for each in types):
        texts = list(map(str, values))
        return Values(texts, Form(kind)) if _is_plain(texts) else None
    return None


def _is_plain(texts):
    """Whether files and NumPy's text can hold the texts: no lone surrogates and no null characters."""
    joined = "".join(texts)
    try:
        joined.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in joined
