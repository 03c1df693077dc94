"""Read pandas series into plain values, and write them back."""

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ._eager import Eager
from ._objects import Objects, count_moments, moment_scale, moments, read_objects
from ._plain import (
    CATEGORY,
    NUMBER,
    Plain,
    categorical,
    fit_floats,
    fit_integers,
    numeric,
    objects,
    read_plain,
    take_integers,
    unreadable,
)


class NamedByDtype:
    """A codec that is determined by its dtype, which pandas reads back from its name."""

    def get_state(self):
        return {"dtype": str(self.dtype)}

    @classmethod
    def from_state(cls, state):
        return cls(pd.api.types.pandas_dtype(state["dtype"]))


@dataclass(frozen=True)
class Masked(NamedByDtype):
    """A nullable dtype of pandas: Int*, UInt*, Float*, boolean."""

    dtype: object

    @property
    def scale(self):
        return CATEGORY if self.dtype.kind == "b" else NUMBER

    def decode(self, values, missing):
        return MASKED[self.dtype.kind](values, missing, self.dtype.numpy_dtype)


MASKED = {
    "i": lambda values, missing, dtype: pd.arrays.IntegerArray(fit_integers(values, dtype), missing.copy()),
    "u": lambda values, missing, dtype: pd.arrays.IntegerArray(fit_integers(values, dtype), missing.copy()),
    "f": lambda values, missing, dtype: pd.arrays.FloatingArray(fit_floats(values, dtype), missing.copy()),
    "b": lambda values, missing, dtype: pd.arrays.BooleanArray(
        np.where(missing, False, values).astype(bool), missing.copy()
    ),
}


@dataclass(frozen=True)
class Text:
    """pandas' string dtypes, which differ in storage and in their marker of missing values."""

    dtype: pd.StringDtype
    scale = CATEGORY

    def decode(self, values, missing):
        return pd.array(values, dtype=self.dtype)

    def get_state(self):
        return {"storage": self.dtype.storage, "marker": "NA" if self.dtype.na_value is pd.NA else "nan"}

    @classmethod
    def from_state(cls, state):
        try:
            return cls(_string_dtype(state["storage"], state["marker"]))
        except ImportError:  # written with pyarrow installed, read without it
            return cls(_string_dtype("python", state["marker"]))
        except TypeError:  # pandas before 2.3 has no such dtype: its text is a column of objects
            return Objects("categories", "nan")


def _string_dtype(storage, marker):
    return pd.StringDtype(storage) if marker == "NA" else pd.StringDtype(storage, na_value=np.nan)


@dataclass(frozen=True)
class Moments(NamedByDtype):
    """datetime64 with a time zone, as local time: see `WallClock`."""

    dtype: pd.DatetimeTZDtype

    @property
    def scale(self):
        return moment_scale(self.dtype)

    def decode(self, values, missing):
        return pd.Series(moments(values, self.dtype)).mask(missing).array


@dataclass(frozen=True)
class Periods(NamedByDtype):
    """Periods, as their ordinals."""

    dtype: pd.PeriodDtype

    @property
    def scale(self):
        return str(self.dtype)

    def decode(self, values, missing):
        ordinals = fit_integers(values, np.int64)
        return pd.Series(pd.PeriodIndex.from_ordinals(ordinals, freq=self.dtype.freq)).mask(missing).array


@dataclass(frozen=True)
class Categories:
    """A category dtype, whose categories are plain values or represented by their text."""

    dtype: pd.CategoricalDtype
    scale = CATEGORY

    @property
    def as_text(self):
        """Whether categories are represented by their text, as intervals and times are."""
        categories = self.dtype.categories
        if isinstance(categories, pd.IntervalIndex):
            return True
        return self._read("It").codec.scale not in (NUMBER, CATEGORY)

    def plain(self, where="It"):
        """The plain value or text of each category, in their order."""
        return list(map(str, self.dtype.categories)) if self.as_text else self._read(where).values.tolist()

    def _read(self, where):
        return read_series(pd.Series(self.dtype.categories), where)

    @property
    def category_of(self):
        """Function from an object to its category if categories are represented by their text; else None."""
        if self.as_text:
            return str
        return self._read("It").codec.category_of if self.dtype.categories.dtype == object else None

    def decode(self, values, missing):
        code = {category: i for i, category in enumerate(self.plain())} | {None: -1}
        return pd.Categorical.from_codes([code[value] for value in values.tolist()], dtype=self.dtype)

    def get_state(self):
        return {"ordered": bool(self.dtype.ordered), "categories": index_state(self.dtype.categories)}

    @classmethod
    def from_state(cls, state):
        return cls(pd.CategoricalDtype(index_from_state(state["categories"]), ordered=state["ordered"]))


@dataclass(frozen=True)
class Cast:
    """A dtype that pandas casts to from a simpler one; the codec `inner` writes the simpler one."""

    inner: object
    dtype: object

    @property
    def scale(self):
        return self.inner.scale

    def decode(self, values, missing):
        return pd.Series(self.inner.decode(values, missing)).astype(self.dtype).array

    def get_state(self):
        return {"inner": codec_state(self.inner), "dtype": str(self.dtype)}

    @classmethod
    def from_state(cls, state):
        return cls(codec_from_state(state["inner"]), _dtype_of_word(state["dtype"]))


def _dtype_of_word(word):
    """`pandas_dtype` of a name, except that "string[pyarrow]" is Arrow's own string and not pandas' dtype."""
    if not word.endswith("[pyarrow]"):
        return pd.api.types.pandas_dtype(word)
    return pd.ArrowDtype(_arrow_type(word.removesuffix("[pyarrow]")))


def _arrow_type(word):
    """The Arrow type of this name."""
    import pyarrow as pa

    found = re.fullmatch(r"dictionary<values=(.+), indices=(u?int\d+), ordered=([01])>", word)
    if found:
        values, indices, ordered = found.groups()
        return pa.dictionary(_arrow_type(indices), _arrow_type(values), ordered == "1")
    found = re.fullmatch(r"(decimal\d+)\((\d+), (-?\d+)\)", word)
    if found:
        return getattr(pa, found[1])(int(found[2]), int(found[3]))
    found = re.fullmatch(r"fixed_size_binary\[(\d+)\]", word)
    if found:
        return pa.binary(int(found[1]))
    texts = {"string": pa.string, "large_string": pa.large_string}
    return texts[word]() if word in texts else pd.ArrowDtype.construct_from_string(f"{word}[pyarrow]").pyarrow_dtype


# Reading ----------------------------------------------------------------------------------------------------


def _read_masked(series, where):
    missing = series.isna().to_numpy()
    if series.dtype.kind == "b":
        return categorical(series.to_numpy(dtype=object, na_value=None), missing, Masked(series.dtype))
    if series.dtype.kind == "f":
        values = series.to_numpy(dtype=np.float64, na_value=np.nan)
        return numeric(values, np.isnan(values), Masked(series.dtype))
    values = series.to_numpy(dtype=series.dtype.numpy_dtype, na_value=0)
    return numeric(take_integers(values), missing, Masked(series.dtype))


def _read_text(series, where):
    # One Python string per distinct category, to save memory.
    codes, categories = pd.factorize(series)
    return categorical(objects([*categories, None])[codes], codes < 0, Text(series.dtype))


def _read_zoned(series, where):
    return numeric(count_moments(pd.DatetimeIndex(series)), series.isna().to_numpy(), Moments(series.dtype))


def _read_periods(series, where):
    return numeric(pd.PeriodIndex(series).asi8, series.isna().to_numpy(), Periods(series.dtype))


def _read_categories(series, where):
    codec = Categories(series.dtype)
    categories = objects([*codec.plain(where), None])
    codes = series.cat.codes.to_numpy()
    return categorical(categories[codes], codes < 0, codec)


def _read_arrow(series, where):
    """Read a column of an Arrow type; refuse lists, structs, maps and views, which cannot be written again."""
    try:
        reading = _read_as(_simpler_dtype(series.dtype), series, where)
        reading.codec.decode(reading.values[:1], reading.missing[:1])
    except NotImplementedError as error:
        raise TypeError(unreadable(where, series.dtype)) from error
    return reading


def _simpler_dtype(dtype):
    arrow = dtype.pyarrow_dtype
    if dtype.type is pd.Timestamp:
        return pd.DatetimeTZDtype(arrow.unit, arrow.tz) if arrow.tz else np.dtype(f"M8[{arrow.unit}]")
    if dtype.type is pd.Timedelta:
        return np.dtype(f"m8[{arrow.unit}]")
    return pd.api.types.pandas_dtype(NULLABLE.get(dtype.kind, object))


NULLABLE = {"i": "Int64", "u": "UInt64", "f": "Float64", "b": "boolean"}


def _read_as(simpler, series, where):
    reading = read_series(series.astype(simpler), where)
    return replace(reading, codec=Cast(reading.codec, series.dtype))


def _read_sparse(series, where):
    return _read_as(series.dtype.subtype, series, where)


def _read_numpy(series, where):
    values = series.to_numpy()
    return (read_objects if values.dtype == object else read_plain)(values, where)


READERS = (
    (lambda dtype: isinstance(dtype, np.dtype), _read_numpy),
    (lambda dtype: isinstance(dtype, pd.CategoricalDtype), _read_categories),
    (lambda dtype: isinstance(dtype, pd.StringDtype), _read_text),
    (lambda dtype: isinstance(dtype, pd.DatetimeTZDtype), _read_zoned),
    (lambda dtype: isinstance(dtype, pd.PeriodDtype), _read_periods),
    (lambda dtype: isinstance(dtype, pd.SparseDtype), _read_sparse),
    (lambda dtype: isinstance(dtype, pd.ArrowDtype), _read_arrow),
    (lambda dtype: hasattr(dtype, "numpy_dtype") and dtype.kind in MASKED, _read_masked),
)


def read_series(series, where):
    """Read a pandas series.

    Parameters
    ----------
    series : pandas.Series of shape (n,)
    where : str
        Its name in error messages.

    Returns
    -------
    Reading
    """
    for matches, read in READERS:
        if matches(series.dtype):
            return read(series, where)
    raise TypeError(unreadable(where, series.dtype))


# States: what a file holds ----------------------------------------------------------------------------------


def index_state(index):
    """A pandas index (of categories, of column labels) as plain values."""
    if isinstance(index, pd.MultiIndex):
        index = index.remove_unused_levels()
        codes = [level.tolist() for level in index.codes]
        return {"levels": list(map(index_state, index.levels)), "codes": codes, "names": list(index.names)}
    if isinstance(index, pd.IntervalIndex):
        ends = {"left": index_state(index.left), "right": index_state(index.right)}
        return {"closed": index.closed, "name": index.name, **ends}
    if isinstance(index.dtype, pd.DatetimeTZDtype):  # in UTC, so that labels differ in a repeated hour
        return {"zone": str(index.dtype), "utc": index_state(index.tz_convert(None))}
    reading = read_series(pd.Series(index), "an index")
    values, missing = reading.values.tolist(), reading.missing.tolist()
    return {"codec": codec_state(reading.codec), "values": values, "missing": missing, "name": index.name}


def index_from_state(state):
    if "levels" in state:
        levels = [index_from_state(level) for level in state["levels"]]
        return pd.MultiIndex(levels, state["codes"], names=state["names"])
    if "closed" in state:
        ends = [index_from_state(state[side]) for side in ("left", "right")]
        return pd.IntervalIndex.from_arrays(*ends, closed=state["closed"], name=state["name"])
    if "zone" in state:
        return index_from_state(state["utc"]).tz_localize("UTC").astype(state["zone"])
    codec = codec_from_state(state["codec"])
    values = objects(state["values"]) if codec.scale == CATEGORY else np.array(state["values"])
    values = codec.decode(values, np.array(state["missing"], dtype=bool))
    return pd.Index(values, dtype=values.dtype, name=state["name"], tupleize_cols=False)


CODECS = {
    codec.__name__.lower(): codec for codec in (Plain, Objects, Masked, Text, Moments, Periods, Categories, Cast, Eager)
}


def codec_state(codec):
    return {"codec": type(codec).__name__.lower(), **codec.get_state()}


def codec_from_state(state):
    if state["codec"] not in CODECS:
        raise ValueError(f"no column can be written as {state['codec']!r}.")
    return CODECS[state["codec"]].from_state(state)
