"""Read a column of Python objects into plain values, and write it back."""

import datetime
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import Enum

import numpy as np
import pandas as pd

from skgan._state import Whole

from ._clock import WallClock
from ._decimals import decimals_used, decimals_written, to_decimals
from ._plain import CATEGORY, NUMBER, categorical, complex_numbers, fit_integers, numeric, objects
from ._wholes import category_of, check_savable, plain_categories

# A float has no more decimal places.
MAX_PLACES = 1074
MISSING_MARKERS = {"None": None, "nan": np.nan, "NA": pd.NA, "NaT": pd.NaT, "decimal": Decimal("NaN")}
MARKER_WORDS = {
    type(None): "None",
    type(pd.NA): "NA",
    type(pd.NaT): "NaT",
    np.datetime64: "NaT",
    np.timedelta64: "NaT",
    Decimal: "decimal",
}


@dataclass(frozen=True)
class Objects:
    """Codec of a column of Python objects.

    `what` names their kind, a key of OBJECTS, and `detail` is its parameter. `marker` names the marker of missing
    values, a key of MISSING_MARKERS.
    """

    what: str
    marker: str
    detail: object = None

    @property
    def scale(self):
        return OBJECTS[self.what].scale(self.detail)

    @property
    def category_of(self):
        """Function from an object to its category if some are represented by their text; else None."""
        return category_of if self.what == "uuids" or (self.what == "categories" and self.detail) else None

    def with_new_objects(self):
        """This codec where it can write new texts as objects: those of UUIDs. None where all objects are UUIDs."""
        if self.what != "categories" or not self.detail:
            return self
        return replace(self, what="uuids", detail=None) if set(map(type, self.detail)) == {uuid.UUID} else None

    def keeping(self, categories):
        """This codec without objects of other categories than these, so that no file holds the others."""
        if not self.detail or self.category_of is None:
            return self
        kept = set(categories)
        return replace(self, detail=tuple(whole for whole in self.detail if str(whole) in kept))

    def decode(self, values, missing):
        given = objects(OBJECTS[self.what].give(values, self.detail))
        given[missing] = MISSING_MARKERS[self.marker]
        return given

    def get_state(self):
        if self.what == "categories":
            check_savable(self.detail or ())
        return {"what": self.what, "marker": self.marker, "detail": self.detail}

    @classmethod
    def from_state(cls, state):
        if state["what"] not in OBJECTS or state["marker"] not in MISSING_MARKERS:
            raise ValueError(f"a column of objects cannot hold {state['what']!r} and {state['marker']!r}.")
        detail = state["detail"]
        if state["what"] == "decimals":
            used, written = detail
            detail = Whole(0, MAX_PLACES).read("used", used), Whole(used, MAX_PLACES).read("written", written)
        return cls(state["what"], state["marker"], detail)


@dataclass(frozen=True)
class ObjectKind:
    kind: str
    take: Callable  # objects -> (plain values, detail)
    give: Callable  # (plain values, detail) -> objects
    scale: Callable  # detail -> the unit of the numbers


def _take_ints(values):
    try:
        return values.astype(np.int64), None
    except OverflowError:
        return values.astype(np.float64), None


def _give_ints(values, detail):
    return [int(value) for value in (np.rint(values) if values.dtype.kind == "f" else values).tolist()]


def _take_decimals(values):
    return values.astype(np.float64), (decimals_used(values), decimals_written(values))


def _give_decimals(values, detail):
    used, written = detail
    return to_decimals(values, used, written)


def _give_categories(values, wholes):
    """Plain categories (n,) as objects; `wholes` are the objects that are represented by their text."""
    if not wholes:
        return values
    object_of = {str(whole): whole for whole in wholes}
    return [object_of.get(category, category) for category in values.tolist()]


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
    """Counts (n,) as a pandas index of a datetime64 (with or without zone) or timedelta64 `dtype` or its name."""
    scale, counts = moment_scale(dtype), fit_integers(values, np.int64)
    if isinstance(scale, WallClock):
        return scale.index(counts)
    times = counts.view(scale)
    return pd.TimedeltaIndex(times) if times.dtype.kind == "m" else pd.DatetimeIndex(times)


def moment_scale(dtype):
    """The scale of a pandas dtype or its name. Datetimes with and without a time zone have different scales."""
    dtype = pd.api.types.pandas_dtype(dtype)
    return WallClock(dtype.unit, dtype.tz) if isinstance(dtype, pd.DatetimeTZDtype) else str(dtype)


def _take_periods(values):
    index = pd.PeriodIndex(values)
    return index.asi8, str(index.dtype)


def _give_periods(values, dtype):
    freq = pd.api.types.pandas_dtype(dtype).freq
    return list(pd.PeriodIndex.from_ordinals(fit_integers(values, np.int64), freq=freq))


def _time_to_us(value):
    if value.tzinfo is not None:
        raise ValueError("times of day have a time zone")
    return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond


def _us_to_time(count):
    return (datetime.datetime.min + datetime.timedelta(microseconds=count)).time()


def _always(word):
    return lambda detail: word


OBJECTS = {
    "categories": ObjectKind("categorical", None, _give_categories, _always(CATEGORY)),
    "uuids": ObjectKind(
        "categorical", None, lambda values, detail: [value and uuid.UUID(value) for value in values], _always(CATEGORY)
    ),
    "ints": ObjectKind("numeric", _take_ints, _give_ints, _always(NUMBER)),
    "floats": ObjectKind(
        "numeric",
        lambda values: (values.astype(np.float64), None),
        lambda values, detail: values.astype(np.float64).tolist(),
        _always(NUMBER),
    ),
    "decimals": ObjectKind("numeric", _take_decimals, _give_decimals, _always(NUMBER)),
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
    "periods": ObjectKind("numeric", _take_periods, _give_periods, lambda dtype: dtype),
}

# The kind that pandas infers for the non-missing objects -> the key of OBJECTS.
INFERRED = {
    "string": "categories",
    "bytes": "categories",
    "boolean": "categories",
    "empty": "categories",
    "mixed": "categories",
    "mixed-integer": "categories",
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
    "period": "periods",
}
# Times of one type are returned as that type, mixed ones as the standard library's.
EXACT_TYPES = {pd.Timestamp: "timestamps", pd.Timedelta: "pandas timedeltas"}
MOMENTS = {"dates": "datetimes", "datetimes": "datetimes", "timedeltas": "timedeltas"}


def read_objects(values, where):
    """Read an object array: numbers and times as numeric; text, bools, mixtures and other objects as categories.

    Times of day are numeric, as dates are: a time that few rows hold is decoded as another valid time between its
    neighbours, in whole seconds or minutes if all times of the column are.

    Parameters
    ----------
    values : ndarray of object, shape (n,)
    where : str
        The column's name in error messages.

    Returns
    -------
    Reading

    Raises
    ------
    TypeError
        If an object is not one value, but a list, dict, array or frame.
    ValueError
        If different objects have equal text, or the column holds infinity, complex numbers or a signalling NaN.
    """
    missing = _missing(values, where)
    present = values[~missing]
    inferred = pd.api.types.infer_dtype(present, skipna=False)
    if inferred == "complex":
        raise ValueError(complex_numbers(where))
    what = INFERRED.get(inferred, "categories")
    if what != "categories" and any(issubclass(kind, Enum) for kind in set(map(type, present))):
        what = "categories"
    if what in MOMENTS:
        types = set(map(type, present))
        what = EXACT_TYPES.get(types.pop(), what) if len(types) == 1 else MOMENTS[what]
    if what == "categories":
        taken, detail = plain_categories(present, where)
    else:
        taken, detail = _taken_together(present, what, where)
    marker = MARKER_WORDS.get(type(values[missing.argmax()]), "nan") if missing.any() else "None"
    full = np.zeros(len(values), dtype=taken.dtype)
    full[~missing] = taken
    make = {"numeric": numeric, "categorical": categorical}[OBJECTS[what].kind]
    return make(full, missing, Objects(what, marker, detail))


def _missing(values, where):
    try:
        return pd.isna(values)
    except InvalidOperation as error:
        raise ValueError(
            f"{where} holds Decimal('sNaN'), a signalling NaN, which no comparison allows; replace it by None or "
            "Decimal('NaN')."
        ) from error


def _taken_together(values, what, where):
    try:
        return OBJECTS[what].take(values)
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError(f"{where} holds {what} that cannot be read together: {error}.") from error
