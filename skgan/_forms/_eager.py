"""Read the series of polars and other eager frames through narwhals, and write them back."""

from dataclasses import dataclass

import narwhals as nw
import numpy as np

from ._clock import WallClock
from ._decimals import decimals_used, to_decimals
from ._plain import (
    CATEGORY,
    FIRST_INT64_OVERFLOW,
    NUMBER,
    categorical,
    fit_floats,
    fit_integers,
    numeric,
    objects,
    unreadable,
)

INTEGERS = ("Int8", "Int16", "Int32", "Int64", "Int128", "UInt8", "UInt16", "UInt32", "UInt64", "UInt128")
FLOATS = ("Float32", "Float64", "Decimal")
CATEGORIES = ("Boolean", "String", "Categorical", "Enum")
TIMES = ("Date", "Datetime", "Duration", "Time")
# Values turned into Python objects at a time.
CHUNK = 65_536
# Dtypes with parameters: the attributes that a file keeps.
PARAMETERS = {
    "Datetime": ("time_unit", "time_zone"),
    "Duration": ("time_unit",),
    "Enum": ("categories",),
    "Decimal": ("precision", "scale"),
}


@dataclass(frozen=True)
class Eager:
    """A dtype of an eager frame that narwhals supports, and its marker of missing values, "null" or "nan".

    `backend` is narwhals' name of the library. `dtype` is None for a column of nulls only. `decimals` is the number of
    decimals that the values of a Decimal dtype use; None means all of the dtype's.
    """

    backend: str
    dtype: object
    marker: str = "null"
    decimals: int | None = None

    @property
    def word(self):
        return "Null" if self.dtype is None else type(self.dtype).__name__

    @property
    def scale(self):
        if self.word not in TIMES:
            return NUMBER if self.word in INTEGERS + FLOATS else CATEGORY
        if self.word == "Date":
            return "datetime64[D]"
        if self.word == "Time":
            return "timedelta64[ns]"
        if self.word == "Duration":
            return f"timedelta64[{self.dtype.time_unit}]"
        unit, zone = self.dtype.time_unit, self.dtype.time_zone
        return WallClock(unit, zone) if zone else f"datetime64[{unit}]"

    def decode(self, values, missing):
        """narwhals.Series of shape (n,)."""
        if self.dtype is None:
            return nw.new_series("", [None] * len(values), backend=self.backend)
        plain, physical = self._plain(values)
        plain = plain.astype(object) if plain.dtype != object else plain.copy()
        plain[missing] = {"null": None, "nan": np.nan}[self.marker]
        series = nw.new_series("", plain.tolist(), physical, backend=self.backend)
        return series.cast(nw.Int32).cast(self.dtype) if self.word == "Date" else series.cast(self.dtype)

    def _plain(self, values):
        if self.word in CATEGORIES:
            return values, nw.Boolean if self.word == "Boolean" else nw.String
        if self.word == "UInt64":
            return fit_integers(values, np.uint64), nw.UInt64
        if self.word == "Float32":
            return fit_floats(values, np.float32), nw.Float64
        if self.word == "Decimal":
            used = self.dtype.scale if self.decimals is None else self.decimals
            return objects(to_decimals(values, used, self.dtype.scale)), self.dtype
        if self.word in FLOATS:
            return values.astype(np.float64), nw.Float64
        bits = self.word.lower() if self.word in INTEGERS and "128" not in self.word else "int64"
        counts, scale = fit_integers(values, np.dtype(bits)), self.scale
        return scale.to_utc(counts) if isinstance(scale, WallClock) else counts, nw.Int64

    def get_state(self):
        parameters = {name: getattr(self.dtype, name) for name in PARAMETERS.get(self.word, ())}
        parameters = {name: list(v) if isinstance(v, tuple) else v for name, v in parameters.items()}
        known = {"backend": self.backend, "dtype": self.word, "marker": self.marker, "decimals": self.decimals}
        return {**known, "parameters": parameters}

    @classmethod
    def from_state(cls, state):
        word = state["dtype"]
        if word == "Null":
            return cls(state["backend"], None)
        if word not in INTEGERS + FLOATS + CATEGORIES + TIMES:
            raise ValueError(f"no column can have dtype {word!r}.")
        dtype = getattr(nw, word)(**state["parameters"])
        return cls(state["backend"], dtype, state["marker"], state["decimals"])


def read_eager(series, where):
    """Read a narwhals series.

    Parameters
    ----------
    series : narwhals.Series of shape (n,)
    where : str
        Its name in error messages.

    Returns
    -------
    Reading
    """
    word, backend = type(series.dtype).__name__, series.implementation.value
    missing = np.asarray(series.is_null().to_numpy(), dtype=bool)
    if missing.all() and word not in INTEGERS + FLOATS + CATEGORIES + TIMES:
        return categorical(objects([None] * len(missing)), missing, Eager(backend, None))
    if word in CATEGORIES:
        plain = series if word == "Boolean" else series.cast(nw.String)
        return categorical(_shared(plain), missing, Eager(backend, series.dtype))
    if word == "Decimal":
        # Converted one by one: libraries divide in floats, which may change the last digit.
        values = [value for start in range(0, len(series), CHUNK) for value in series[start : start + CHUNK].to_list()]
        used = decimals_used(value for value in values if value is not None)
        numbers = np.array([0.0 if value is None else float(value) for value in values])
        return numeric(numbers, missing, Eager(backend, series.dtype, decimals=used))
    if word in FLOATS:
        values = np.array(series.cast(nw.Float64).to_numpy(), dtype=np.float64)
        marker = "null" if missing.any() or not np.isnan(values).any() else "nan"
        return numeric(values, np.isnan(values), Eager(backend, series.dtype, marker))
    if word in INTEGERS + TIMES:
        codec, values = Eager(backend, series.dtype), _integers(series, word)
        if isinstance(codec.scale, WallClock):
            values = codec.scale.from_utc(values)
        return numeric(values, missing, codec)
    raise TypeError(unreadable(where, series.dtype))


def _shared(series):
    """Categories as objects (n,), with one Python object per distinct category to save memory."""
    seen, shared = {}, np.empty(len(series), dtype=object)
    for start in range(0, len(series), CHUNK):
        part = series[start : start + CHUNK].to_list()
        shared[start : start + len(part)] = [seen.setdefault(category, category) for category in part]
    return shared


def _integers(series, word):
    if "128" in word or (word == "UInt64" and (series.max() or 0) >= FIRST_INT64_OVERFLOW):
        return series.cast(nw.Float64).to_numpy()
    plain = series.cast(nw.Int32).cast(nw.Int64) if word == "Date" else series.cast(nw.Int64)
    return plain.fill_null(0).to_numpy()
