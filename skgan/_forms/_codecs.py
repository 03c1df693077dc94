"""How one column is read into plain values and written back, for NumPy dtypes and for columns of objects."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

NUMBER, LEVEL = "number", "level"
PLAIN_LEVELS = (str, bool, int, float, bytes)
FIRST_INT64_OVERFLOW = 2.0**63


@dataclass(frozen=True)
class Reading:
    """One column in plain values.

    Attributes
    ----------
    kind : {"numeric", "categorical"}
    values : ndarray of shape (n,)
        float64 or int64 with 0 in gaps, or objects with None in gaps.
    missing : ndarray of bool, shape (n,)
    codec : object
        Gives such values back in the column's own dtype: ``decode(values, missing)``. Its ``scale`` says what
        the numbers count, such as "number" or "datetime64[us]".
    """

    kind: str
    values: np.ndarray
    missing: np.ndarray
    codec: object


def numeric(values, missing, codec):
    return Reading("numeric", np.where(missing, 0, values), missing, codec)


def categorical(values, missing, codec):
    values = np.array(values, dtype=object)
    values[missing] = None
    return Reading("categorical", values, missing, codec)


def fit_integers(values, dtype):
    """Round `values` into the range of an integer `dtype`."""
    if values.dtype.kind != "f":
        return values.astype(dtype)
    info = np.iinfo(dtype)
    low, high = values <= info.min, values >= info.max
    inside = np.rint(np.where(low | high, 0, values)).astype(dtype)
    return np.where(low, np.array(info.min, dtype), np.where(high, np.array(info.max, dtype), inside))


def fit_floats(values, dtype):
    """Bring `values` into the range of a float `dtype`, so that none becomes infinite."""
    info = np.finfo(dtype)
    return np.clip(values, float(info.min), float(info.max)).astype(dtype)


def take_integers(values):
    """int64, or float64 where a value is beyond int64."""
    if values.dtype.kind == "u" and values.size and values.max() >= FIRST_INT64_OVERFLOW:
        return values.astype(np.float64)
    return values.astype(np.int64)


def refuse_gaps(missing, dtype):
    if missing.any():
        raise ValueError(f"dtype {dtype} has no missing value to write into a gap.")


# NumPy dtypes -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plain:
    """A NumPy dtype other than object."""

    dtype: np.dtype

    @property
    def scale(self):
        words = {"M": str(self.dtype), "m": str(self.dtype), "b": LEVEL, "U": LEVEL, "S": LEVEL}
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
        return cls(dtype)


def _take_float(values):
    return "numeric", values.astype(np.float64), np.isnan(values)


def _take_integer(values):
    return "numeric", take_integers(values), np.zeros(len(values), dtype=bool)


def _take_time(values):
    return "numeric", values.astype(values.dtype.newbyteorder("=")).view(np.int64), np.isnat(values)


def _take_level(values):
    return "categorical", values.astype(object), np.zeros(len(values), dtype=bool)


TAKE_PLAIN = {
    "f": _take_float,
    "i": _take_integer,
    "u": _take_integer,
    "M": _take_time,
    "m": _take_time,
    "b": _take_level,
    "U": _take_level,
    "S": _take_level,
}


def _give_float(values, missing, dtype):
    given = fit_floats(values, dtype)
    given[missing] = np.nan
    return given


def _give_integer(values, missing, dtype):
    refuse_gaps(missing, dtype)
    return fit_integers(values, dtype)


def _give_time(values, missing, dtype):
    given = fit_integers(values, np.int64).view(dtype.newbyteorder("=")).astype(dtype)
    given[missing] = "NaT"
    return given


def _give_level(values, missing, dtype):
    refuse_gaps(missing, dtype)
    return values.astype(dtype)


GIVE_PLAIN = {
    "f": _give_float,
    "i": _give_integer,
    "u": _give_integer,
    "M": _give_time,
    "m": _give_time,
    "b": _give_level,
    "U": _give_level,
    "S": _give_level,
}


def read_values(values, where):
    """Read a one-dimensional NumPy array of any dtype.

    Parameters
    ----------
    values : ndarray of shape (n,)
    where : str
        What error messages call the column.

    Returns
    -------
    Reading
    """
    if values.dtype.kind == "O":
        return read_objects(values, where)
    if values.dtype.kind == "c":
        raise ValueError(f"Complex data not supported\n{where} holds complex numbers; pass their parts as columns.")
    if values.dtype.kind not in TAKE_PLAIN:
        raise TypeError(f"{where} has dtype {values.dtype}, which cannot be read; convert it to numbers or text.")
    kind, plain, missing = TAKE_PLAIN[values.dtype.kind](values)
    return {"numeric": numeric, "categorical": categorical}[kind](plain, missing, Plain(values.dtype))


# Columns of objects -----------------------------------------------------------------------------------------

GAPS = {"None": None, "nan": np.nan, "NA": pd.NA, "NaT": pd.NaT}


def _gap_word(marker):
    return {type(None): "None", type(pd.NA): "NA", type(pd.NaT): "NaT", np.datetime64: "NaT"}.get(type(marker), "nan")


@dataclass(frozen=True)
class Objects:
    """A column of Python objects: `what` they are (a word of OBJECTS), their `detail`, the `gap` marker."""

    what: str
    gap: str
    detail: object = None

    @property
    def scale(self):
        return OBJECTS[self.what].scale(self.detail)

    def decode(self, values, missing):
        given = np.empty(len(values), dtype=object)
        given[:] = OBJECTS[self.what].give(values, self.detail)
        given[missing] = GAPS[self.gap]
        return given

    def get_state(self):
        return {"what": self.what, "gap": self.gap, "detail": self.detail}

    @classmethod
    def from_state(cls, state):
        if state["what"] not in OBJECTS or state["gap"] not in GAPS:
            raise ValueError(f"a column of objects cannot hold {state['what']!r} and {state['gap']!r}.")
        return cls(state["what"], state["gap"], state["detail"])


@dataclass(frozen=True)
class ObjectKind:
    kind: str
    take: callable  # objects -> (plain values, detail)
    give: callable  # (plain values, detail) -> objects
    scale: callable  # detail -> what the numbers count


def _take_ints(values):
    try:
        return values.astype(np.int64), None
    except OverflowError:
        return values.astype(np.float64), None


def _give_ints(values, detail):
    return [int(value) for value in (np.rint(values) if values.dtype.kind == "f" else values).tolist()]


def _take_decimals(values):
    return values.astype(np.float64), max(max(0, -value.as_tuple().exponent) for value in values)


def _take_moments(index_class):
    def take(values):
        index = index_class(values)
        return index.asi8, str(index.dtype)

    return take


def moments(values, dtype):
    """int64 counts as a pandas index of a datetime64 (with or without zone) or timedelta64 `dtype` word."""
    dtype = pd.api.types.pandas_dtype(dtype)
    unit = dtype.unit if isinstance(dtype, pd.DatetimeTZDtype) else np.datetime_data(dtype)[0]
    counts = fit_integers(values, np.int64)
    if dtype.kind == "m":
        return pd.TimedeltaIndex(counts.view(f"m8[{unit}]"))
    index = pd.DatetimeIndex(counts.view(f"M8[{unit}]"))
    return index.tz_localize("UTC").tz_convert(dtype.tz) if isinstance(dtype, pd.DatetimeTZDtype) else index


def moment_scale(dtype):
    """Numbers of aware datetimes count in UTC: they never mix with naive ones."""
    word = str(dtype)
    return f"aware {word.split(',')[0]}]" if "," in word else word


def _time_to_us(value):
    if value.tzinfo is not None:
        raise ValueError("times of day have a time zone")
    return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond


def _us_to_time(count):
    return (datetime.datetime.min + datetime.timedelta(microseconds=count)).time()


def _always(word):
    return lambda detail: word


OBJECTS = {
    "levels": ObjectKind(
        "categorical", lambda values: (values, None), lambda values, detail: values, _always(LEVEL)
    ),
    "ints": ObjectKind("numeric", _take_ints, _give_ints, _always(NUMBER)),
    "floats": ObjectKind(
        "numeric",
        lambda values: (values.astype(np.float64), None),
        lambda values, detail: values.astype(np.float64).tolist(),
        _always(NUMBER),
    ),
    "decimals": ObjectKind(
        "numeric",
        _take_decimals,
        lambda values, places: [Decimal(f"{value:.{places}f}") for value in values.tolist()],
        _always(NUMBER),
    ),
    "dates": ObjectKind(
        "numeric",
        lambda values: (values.astype("M8[D]").view(np.int64), None),
        lambda values, detail: fit_integers(values, np.int64).view("M8[D]").astype(object),
        _always("datetime64[D]"),
    ),
    "times": ObjectKind(
        "numeric",
        lambda values: (np.array([_time_to_us(value) for value in values], dtype=np.int64), None),
        lambda values, detail: [_us_to_time(count) for count in values.tolist()],
        _always("timedelta64[us]"),
    ),
    "timestamps": ObjectKind(
        "numeric",
        _take_moments(pd.DatetimeIndex),
        lambda values, dtype: list(moments(values, dtype)),
        moment_scale,
    ),
    "datetimes": ObjectKind(
        "numeric",
        _take_moments(pd.DatetimeIndex),
        lambda values, dtype: moments(values, dtype).to_pydatetime(),
        moment_scale,
    ),
    "timedeltas": ObjectKind(
        "numeric",
        _take_moments(pd.TimedeltaIndex),
        lambda values, dtype: moments(values, dtype).to_pytimedelta(),
        moment_scale,
    ),
    "pandas timedeltas": ObjectKind(
        "numeric",
        _take_moments(pd.TimedeltaIndex),
        lambda values, dtype: list(moments(values, dtype)),
        moment_scale,
    ),
}

# What pandas infers about the objects that are there -> the word of OBJECTS.
INFERRED = {
    "string": "levels",
    "bytes": "levels",
    "boolean": "levels",
    "empty": "levels",
    "mixed": "levels",
    "mixed-integer": "levels",
    "integer": "ints",
    "floating": "floats",
    "mixed-integer-float": "floats",
    "decimal": "decimals",
    "date": "dates",
    "time": "times",
    "datetime": "datetimes",
    "datetime64": "timestamps",
    "timedelta": "timedeltas",
    "timedelta64": "timedeltas",
}
# Moments of one type come back as that type, mixed ones as the standard library's.
EXACT_TYPES = {pd.Timestamp: "timestamps", pd.Timedelta: "pandas timedeltas"}
MOMENTS = {"dates": "datetimes", "datetimes": "datetimes", "timedeltas": "timedeltas"}


def read_objects(values, where):
    """Read an object array: numbers and moments as numeric, text, bools and mixtures as levels.

    Parameters
    ----------
    values : ndarray of object, shape (n,)
    where : str

    Returns
    -------
    Reading
    """
    missing = pd.isna(values)
    present = values[~missing]
    inferred = pd.api.types.infer_dtype(present, skipna=False)
    if inferred == "complex":
        raise ValueError(f"Complex data not supported\n{where} holds complex numbers; pass their parts as columns.")
    what = INFERRED.get(inferred, "levels")
    if what in MOMENTS:
        types = set(map(type, present))
        what = EXACT_TYPES.get(types.pop(), what) if len(types) == 1 else MOMENTS[what]
    if what == "levels":
        present = plain_levels(present, where)
    try:
        taken, detail = OBJECTS[what].take(present)
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError(f"{where} holds {what} that cannot be read together: {error}.") from error
    gap = _gap_word(values[missing.argmax()]) if missing.any() else "None"
    kind = OBJECTS[what].kind
    full = np.zeros(len(values), dtype=taken.dtype) if kind == "numeric" else np.full(len(values), None, dtype=object)
    full[~missing] = taken
    return Reading(kind, full, missing, Objects(what, gap, detail))


def plain_levels(values, where):
    """`values` (n,) as Python str, bool, int, float or bytes, or an error where two would be taken for one."""
    types = set(map(type, values))
    if len(types) < 2 and types <= set(PLAIN_LEVELS):
        return values
    values = np.array([None, *map(_python_scalar, values)], dtype=object)[1:]
    for value in values:
        if type(value) not in PLAIN_LEVELS:
            raise TypeError(
                f"{where} holds a {type(value).__name__}, but each argument must be a string or a real number; "
                "convert the column to text or numbers."
            )
    twins = {}
    for value in values:
        twin = twins.setdefault(value, value)
        if type(twin) is not type(value):
            raise ValueError(
                f"{where} holds both {twin!r} and {value!r}, which compare equal but are not the same category; "
                "convert the column to one type."
            )
    if any(isinstance(level, float) and np.isinf(level) for level in twins):
        raise ValueError(infinite(where))
    return values


def _python_scalar(value):
    if isinstance(value, np.generic):
        return value.item()
    return next((base(value) for base in (str, bytes) if isinstance(value, base)), value)


def infinite(where):
    return f"{where} contains infinity; replace infinite values by finite ones or by NaN, which is read as missing."


# Numbers of one scale in another ----------------------------------------------------------------------------


def rescale(values, missing, old, new, where):
    """`values` (n,) counted in scale `old`, counted in scale `new`: time in another unit is converted."""
    if old == new:
        return values
    (old_family, old_dtype), (new_family, new_dtype) = _family(old), _family(new)
    if old_family != new_family:
        raise ValueError(f"{where} holds {old_family} values, but held {new_family} values when it was fitted.")
    moved = values.view(old_dtype).astype(new_dtype)
    if np.promote_types(old_dtype, new_dtype) == new_dtype and (moved.astype(old_dtype) != values.view(old_dtype)).any():
        raise ValueError(f"{where} holds times beyond the range of {new}, in which it was fitted.")
    return np.where(missing, 0, moved.view(np.int64))


def _family(scale):
    word = scale.removeprefix("aware ")
    if not word.startswith(("datetime64", "timedelta64")):
        return scale, None
    zone = {"aware": "datetime (with time zone)", "datetime64": "datetime", "timedelta64": "duration"}
    return zone[scale.split(" ")[0].split("[")[0]], np.dtype(word)
