"""Read a NumPy column into plain values, and write it back; parts that all codecs share."""

from dataclasses import dataclass

import numpy as np

from skgan._state import demand

from ._clock import WallClock

NUMBER, CATEGORY = "number", "category"
FIRST_INT64_OVERFLOW = 2**63
# Fixed-width text wider than this is neither written to files nor read from them.
MAX_ITEMSIZE = 2**18


@dataclass(frozen=True)
class Reading:
    """One column in plain values.

    Attributes
    ----------
    kind : {"numeric", "categorical"}
    values : ndarray of shape (n,)
        float64 or int64 with 0 for missing values, or objects with None for them. They may be a view of the column,
        so they must not be modified.
    missing : ndarray of bool, shape (n,)
    codec : object
        Converts plain values to the column's own dtype: ``decode(values, missing)``. Its ``scale`` is the unit of the
        numbers: "number", "category", NumPy's name of a dtype such as "datetime64[us]", or a WallClock.
    """

    kind: str
    values: np.ndarray
    missing: np.ndarray
    codec: object


def numeric(values, missing, codec):
    values, missing = _with_marker(values, missing, 0)
    return Reading("numeric", values, missing, codec)


def categorical(values, missing, codec):
    values, missing = _with_marker(np.asarray(values, dtype=object), missing, None)
    return Reading("categorical", values, missing, codec)


def _with_marker(values, missing, marker):
    """`marker` in place of missing values. If there are none, values are not copied and the mask takes no memory."""
    if not missing.any():
        return values, np.broadcast_to(False, values.shape)
    return np.where(missing, marker, values), missing


def fit_integers(values, dtype):
    """Round `values` into the range of an integer `dtype`."""
    if values.dtype.kind != "f":
        return values.astype(dtype)
    info = np.iinfo(dtype)
    low, high = values <= info.min, values >= info.max
    inside = np.rint(np.where(low | high, 0, values)).astype(dtype)
    return np.where(low, np.array(info.min, dtype), np.where(high, np.array(info.max, dtype), inside))


def fit_floats(values, dtype):
    """Bring `values` into the range of a float `dtype`, so that no finite one becomes infinite."""
    info = np.finfo(dtype)
    inside = np.clip(values, float(info.min), float(info.max))
    return np.where(np.isinf(values), values, inside).astype(dtype)


def take_integers(values):
    """int64, or float64 if a value is outside the range of int64."""
    if values.dtype.kind == "u" and values.size and values.max() >= FIRST_INT64_OVERFLOW:
        return values.astype(np.float64)
    return np.ascontiguousarray(values, dtype=np.int64)


def objects(values):
    """A sequence of n objects as an array (n,), with sequences among them left whole."""
    return np.fromiter(values, dtype=object, count=len(values))


def refuse_missing(missing, dtype):
    if missing.any():
        raise ValueError(f"dtype {dtype} has no missing value.")


# NumPy dtypes -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plain:
    """A NumPy dtype other than object."""

    dtype: np.dtype

    @property
    def scale(self):
        words = {"M": str(self.dtype), "m": str(self.dtype), "b": CATEGORY, "U": CATEGORY, "S": CATEGORY}
        return words.get(self.dtype.kind, NUMBER)

    def decode(self, values, missing):
        return GIVE_PLAIN[self.dtype.kind](values, missing, self.dtype)

    def get_state(self):
        return {"dtype": self.dtype.str}

    @classmethod
    def from_state(cls, state):
        dtype = np.dtype(str(state["dtype"]))
        if dtype.kind not in TAKE_PLAIN:
            raise ValueError(f"dtype {dtype} is not one that a column can have.")
        demand(dtype.itemsize <= MAX_ITEMSIZE, "dtype", f"have at most {MAX_ITEMSIZE} bytes per value")
        return cls(dtype)


def _take_float(values):
    return np.ascontiguousarray(values, dtype=np.float64), np.isnan(values)


def _take_integer(values):
    return take_integers(values), np.zeros(len(values), dtype=bool)


def _take_time(values):
    return values.astype(values.dtype.newbyteorder("=")).view(np.int64), np.isnat(values)


def _take_category(values):
    return values.astype(object), np.zeros(len(values), dtype=bool)


TAKE_PLAIN = {
    "f": _take_float,
    "i": _take_integer,
    "u": _take_integer,
    "M": _take_time,
    "m": _take_time,
    "b": _take_category,
    "U": _take_category,
    "S": _take_category,
}


def _give_float(values, missing, dtype):
    given = fit_floats(values, dtype)
    given[missing] = np.nan
    return given


def _give_integer(values, missing, dtype):
    refuse_missing(missing, dtype)
    return fit_integers(values, dtype)


def _give_time(values, missing, dtype):
    given = fit_integers(values, np.int64).view(dtype.newbyteorder("=")).astype(dtype)
    given[missing] = "NaT"
    return given


def _give_category(values, missing, dtype):
    refuse_missing(missing, dtype)
    return values.astype(dtype)


GIVE_PLAIN = {
    "f": _give_float,
    "i": _give_integer,
    "u": _give_integer,
    "M": _give_time,
    "m": _give_time,
    "b": _give_category,
    "U": _give_category,
    "S": _give_category,
}


def read_plain(values, where):
    """Read a one-dimensional NumPy array of any dtype but object.

    Parameters
    ----------
    values : ndarray of shape (n,)
    where : str
        The column's name in error messages.

    Returns
    -------
    Reading
    """
    kind = values.dtype.kind
    if kind == "c":
        raise ValueError(complex_numbers(where))
    if kind not in TAKE_PLAIN:
        raise TypeError(unreadable(where, values.dtype))
    plain, missing = TAKE_PLAIN[kind](values)
    return (categorical if kind in "bUS" else numeric)(plain, missing, Plain(values.dtype))


# Sentences --------------------------------------------------------------------------------------------------


def infinite(where):
    return f"{where} contains infinity; replace infinite values by finite ones, or by NaN to make them missing."


def complex_numbers(where):
    return f"Complex data not supported\n{where} holds complex numbers; split them into two columns of floats."


def unreadable(where, dtype):
    return f"{where} has dtype {dtype}, which cannot be read; convert it to numbers or text."


# Numbers of one scale in another ----------------------------------------------------------------------------


def rescale(values, missing, old, new, where):
    """Convert `values` (n,) from scale `old` to scale `new`, such as times from one unit to another."""
    if old == new:
        return values
    (old_family, old_dtype), (new_family, new_dtype) = _family(old), _family(new)
    if old_family != new_family:
        raise ValueError(f"{where} holds a {old_family}, but held a {new_family} when it was fitted; convert it.")
    times = (old.to_utc(values) if isinstance(old, WallClock) else values).view(old_dtype)
    moved = times.astype(new_dtype)
    is_finer = np.promote_types(old_dtype, new_dtype) == new_dtype
    if is_finer and (moved.astype(old_dtype) != times).any():
        raise ValueError(f"{where} holds times beyond the range of {new}, in which it was fitted.")
    counts = moved.view(np.int64)
    return np.where(missing, 0, new.from_utc(counts) if isinstance(new, WallClock) else counts)


def _family(scale):
    """What the numbers measure, and NumPy's dtype for them if it is time."""
    if isinstance(scale, WallClock):
        return "datetime with a time zone", np.dtype(f"M8[{scale.unit}]")
    family = TIMES.get(scale.split("[")[0])
    return (family, np.dtype(scale)) if family else (scale, None)


TIMES = {"datetime64": "datetime", "timedelta64": "duration"}
