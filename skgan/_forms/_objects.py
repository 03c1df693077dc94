"""How a column of Python objects is read into plain values and written back."""

import datetime
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from skgan._state import Whole

from ._clock import WallClock
from ._plain import LEVEL, NUMBER, categorical, complex_numbers, fit_integers, infinite, numeric

# A float has no more decimal places.
MAX_PLACES = 1074
PLAIN_LEVELS = (str, bool, int, float, bytes)
GAPS = {"None": None, "nan": np.nan, "NA": pd.NA, "NaT": pd.NaT}


GAP_WORDS = {type(None): "None", type(pd.NA): "NA", type(pd.NaT): "NaT", np.datetime64: "NaT"}


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
        given = objects(OBJECTS[self.what].give(values, self.detail))
        given[missing] = GAPS[self.gap]
        return given

    def get_state(self):
        return {"what": self.what, "gap": self.gap, "detail": self.detail}

    @classmethod
    def from_state(cls, state):
        if state["what"] not in OBJECTS or state["gap"] not in GAPS:
            raise ValueError(f"a column of objects cannot hold {state['what']!r} and {state['gap']!r}.")
        detail = state["detail"]
        if state["what"] == "decimals":
            detail = Whole(0, MAX_PLACES).read("detail", detail)
        return cls(state["what"], state["gap"], detail)


@dataclass(frozen=True)
class ObjectKind:
    kind: str
    take: Callable  # objects -> (plain values, detail)
    give: Callable  # (plain values, detail) -> objects
    scale: Callable  # detail -> what the numbers count


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
        return count_moments(index), str(index.dtype)

    return take


def count_moments(index):
    """int64 counts (n,) of a DatetimeIndex or TimedeltaIndex, on the scale of its dtype."""
    scale = moment_scale(index.dtype)
    return scale.counts(index) if isinstance(scale, WallClock) else index.asi8


def moments(values, dtype):
    """Counts (n,) as a pandas index of a datetime64 (with or without zone) or timedelta64 `dtype` or its word."""
    scale, counts = moment_scale(dtype), fit_integers(values, np.int64)
    if isinstance(scale, WallClock):
        return scale.index(counts)
    times = counts.view(scale)
    return pd.TimedeltaIndex(times) if times.dtype.kind == "m" else pd.DatetimeIndex(times)


def moment_scale(dtype):
    """What the numbers of a dtype of pandas, or of its word, count: aware datetimes never mix with naive ones."""
    dtype = pd.api.types.pandas_dtype(dtype)
    return WallClock(dtype.unit, dtype.tz) if isinstance(dtype, pd.DatetimeTZDtype) else str(dtype)


def _time_to_us(value):
    if value.tzinfo is not None:
        raise ValueError("times of day have a time zone")
    return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond


def _us_to_time(count):
    return (datetime.datetime.min + datetime.timedelta(microseconds=count)).time()


def _always(word):
    return lambda detail: word


OBJECTS = {
    "levels": ObjectKind("categorical", lambda values: (values, None), lambda values, detail: values, _always(LEVEL)),
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
        raise ValueError(complex_numbers(where))
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
    gap = GAP_WORDS.get(type(values[missing.argmax()]), "nan") if missing.any() else "None"
    full = np.zeros(len(values), dtype=taken.dtype)
    full[~missing] = taken
    make = {"numeric": numeric, "categorical": categorical}[OBJECTS[what].kind]
    return make(full, missing, Objects(what, gap, detail))


def plain_levels(values, where):
    """Objects (n,) as Python str, bool, int, float or bytes.

    Anything else is read as its text, with a warning: scikit-learn asks of every estimator that reads text
    that it accepts a dict among the values. Levels that compare equal but differ in type are an error.
    """
    types = set(map(type, values))
    if len(types) < 2 and types <= set(PLAIN_LEVELS):
        return values
    values = [_python_scalar(value) for value in values]
    strange = next((value for value in values if type(value) not in PLAIN_LEVELS), None)
    if isinstance(strange, complex):
        raise ValueError(complex_numbers(where))
    if strange is not None:
        warnings.warn(
            f"{where} holds a {type(strange).__name__}, which is neither text nor a number: such values are "
            "read, and come back, as their text. Convert the column to text or numbers.",
            stacklevel=2,
        )
        values = [value if type(value) in PLAIN_LEVELS else str(value) for value in values]
    twins = {}
    for value in values:
        twin = twins.setdefault(value, value)
        if type(twin) is not type(value):
            raise ValueError(
                f"{where} holds both {twin!r} and {value!r}, which compare equal but differ in type; "
                "convert the column to one type."
            )
    if any(isinstance(level, float) and np.isinf(level) for level in twins):
        raise ValueError(infinite(where))
    return objects(values)


def _python_scalar(value):
    if isinstance(value, np.generic):
        return value.item()
    return next((base(value) for base in (str, bytes) if isinstance(value, base)), value)


def objects(values):
    """A sequence of n objects as an array (n,), whatever the objects are."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
