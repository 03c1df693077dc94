"""Strategies of hypothesis: frames and arrays of any kind, stacks of images, files of tables, and command lines.

A column is drawn as a word of `COLUMNS`, a pattern of gaps and a seed, and not value by value: so cases are made fast,
and a case that fails shrinks to few columns and rows.
"""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from enum import Enum
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from hypothesis import strategies as st

SIZES = [1, 2, 3, 5, 20, 40]
SEEDS = st.integers(0, 2**32 - 1)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


# Columns ----------------------------------------------------------------------------------------------------------


def few(*values):
    """A maker of objects, each one of these."""

    def make(rng, n):
        column = np.empty(n, dtype=object)
        column[:] = [values[number] for number in rng.integers(len(values), size=n)]
        return pd.Series(column, dtype=object)

    return make


def typed(dtype, *values):
    """A maker of a dtype of pandas, of these values."""
    return lambda rng, n: pd.Series(few(*values)(rng, n).tolist(), dtype=dtype)


def arrow(make_type, *values):
    return lambda rng, n: pd.Series(few(*values)(rng, n).tolist(), dtype=pd.ArrowDtype(make_type()))


def integers(dtype):
    """Whole numbers of a dtype: small ones, all bits, or the two ends."""

    def make(rng, n):
        info = np.iinfo(dtype)
        spans = [(0, 5), (info.min, info.max), (info.max - 3, info.max), (info.min, info.min + 3)]
        low, high = spans[rng.integers(len(spans))]
        return pd.Series(rng.integers(low, high, n, dtype=dtype, endpoint=True))

    return make


def floats(dtype, *, wild):
    """Floats of a dtype: of one of several scales, and with infinite values where they are wild."""

    def make(rng, n):
        info = np.finfo(dtype)
        scales = [1.0, 1e-3, 1e4, float(info.max) / 8, float(info.smallest_subnormal) * 9, 0.0]
        with np.errstate(all="ignore"):
            values = (rng.normal(size=n) * scales[rng.integers(len(scales))]).astype(dtype)
            if rng.random() < 0.3:
                values = np.round(values, 1)
            if wild:
                ends = np.array([np.inf, -np.inf, np.nan, info.max, info.min, -0.0], dtype=dtype)
                values = np.where(rng.random(n) < 0.3, rng.choice(ends, n), values)
        return pd.Series(values)

    return make


def moments(unit, zone=None):
    """Times of a unit: over hours, years, or all that the unit holds."""

    def make(rng, n):
        nanoseconds = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}[unit]
        span = [3600, 10**8, 8 * 10**9][rng.integers(3)] * 10**9 // nanoseconds
        return (
            pd.Series((rng.integers(0, span, n)).astype(f"M8[{unit}]"))
            .dt.tz_localize("UTC" if zone else None)
            .dt.tz_convert(zone)
            if zone
            else pd.Series(rng.integers(0, span, n).astype(f"M8[{unit}]"))
        )

    return make


def durations(unit):
    return lambda rng, n: pd.Series(rng.integers(-(10**6), 10**6, n).astype(f"m8[{unit}]"))


def texts(dtype):
    """Texts: a few words, ids, sentences, or whatever characters there are."""

    def make(rng, n):
        kinds = [
            ["x", "y", "z"],
            ["", " ", "a\nb", "é", "日本", "\0", "nan", "None", "1e5", '"', "'", "😀"],
            [f"{number:05d}" for number in range(n)],
            ["$1,234.50", "$5.00", "-$3.20", "n/a"],
            ["03/25/2024", "12/31/2023", "01/01/2020"],
            [f"user{number}@example.com" for number in range(n)],
            ["one plain sentence about some small thing or another " * 3, "a second one of these " * 5],
            [str(uuid.UUID(int=number * 7919 + 5, version=4)) for number in range(n)],
        ]
        chosen = kinds[rng.integers(len(kinds))]
        return pd.Series([chosen[number] for number in rng.integers(len(chosen), size=n)], dtype=dtype)

    return make


def categories(values, ordered):
    """A category dtype; some categories are unused."""

    def make(rng, n):
        codes = rng.integers(max(1, len(values) - 1), size=n)
        return pd.Series(pd.Categorical.from_codes(codes, categories=values, ordered=ordered))

    return make


def identifiers(rng, n):
    return pd.Series(np.arange(n) + rng.integers(10**6))


def intervals(rng, n):
    return pd.Series(pd.cut(rng.normal(size=n), [-9, -1, 0, 1, 9]).astype("interval"))


def sparse(value):
    return lambda rng, n: pd.Series(pd.arrays.SparseArray(rng.integers(0, 3, n) * 1.0, fill_value=value))


DAY, ZONE = datetime.date(2020, 2, 29), datetime.timezone(datetime.timedelta(hours=2))
NOON, HOUR = datetime.datetime(2020, 2, 29, 12, 0, 0, 1), datetime.timedelta(hours=1)
COLUMNS = {
    **{dtype: integers(dtype) for dtype in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")},
    **{dtype: floats(dtype, wild=False) for dtype in ("float16", "float32", "float64")},
    **{f"wild {dtype}": floats(dtype, wild=True) for dtype in ("float16", "float32", "float64")},
    **{f"M8[{unit}]": moments(unit) for unit in ("s", "ms", "us", "ns")},
    **{f"M8[{unit}, {zone}]": moments(unit, zone) for unit, zone in (
        ("s", "UTC"), ("us", "Europe/Berlin"), ("ns", "America/St_Johns"))},
    **{f"m8[{unit}]": durations(unit) for unit in ("s", "ms", "us", "ns")},
    **{dtype: typed(dtype, 0, 1, 5, 30) for dtype in ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt64")},
    **{dtype: typed(dtype, 0.5, 1.25, -3) for dtype in ("Float32", "Float64")},
    "Int64 huge": typed("Int64", 2**62 + 1, -(2**63), 2**63 - 1),
    "bool": typed("bool", True, False),
    "boolean": typed("boolean", True, False),
    "constant": typed("int64", 7),
    "complex": typed("complex128", 1j, 2.0),
    "object": texts(object),
    "str": texts("str"),
    "string": texts("string"),
    "string[python]": texts("string[python]"),
    "string[pyarrow]": texts("string[pyarrow]"),
    "identifiers": identifiers,
    "category": categories(["x", "y", "never"], False),
    "ordered category": categories(["low", "high", "never"], True),
    "category of numbers": categories([3, 1, 2], False),
    "category of floats": categories([0.5, -1.0, 1e300], True),
    "category of times": categories(pd.date_range("2020", periods=3), True),
    "category of intervals": categories(pd.interval_range(0, 3), True),
    "category of one": categories(["only"], False),
    "category of objects": categories(pd.Index(["x", 1, DAY], dtype=object), False),
    "category of bools": categories([True, False], False),
    "period": lambda rng, n: pd.Series(pd.period_range("2020-01", periods=90, freq="M")[rng.integers(90, size=n)]),
    "period of days": lambda rng, n: pd.Series(pd.period_range("2020", periods=90, freq="D")[rng.integers(90, size=n)]),
    "interval": intervals,
    "sparse": sparse(0.0),
    "sparse with gaps": sparse(np.nan),
    "decimals": few(Decimal("1.50"), Decimal("2.25"), Decimal("-0.10")),
    "odd decimals": few(Decimal("1E+30"), Decimal("0"), Decimal("NaN"), Decimal("0.1")),
    "infinite decimals": few(Decimal("Infinity"), Decimal("1")),
    "dates": few(DAY, DAY + 24 * HOUR, DAY + 2400 * HOUR),
    "times of day": few(datetime.time(1, 2), datetime.time(3, 4, 5, 6)),
    "datetimes": few(NOON, NOON + HOUR, datetime.datetime(1700, 1, 1), datetime.datetime(9999, 12, 31)),
    "datetimes with zone": few(NOON.replace(tzinfo=ZONE), (NOON + HOUR).replace(tzinfo=ZONE)),
    "datetimes of two zones": few(NOON.replace(tzinfo=ZONE), NOON.replace(tzinfo=datetime.UTC)),
    "datetimes, some with zone": few(NOON, NOON.replace(tzinfo=ZONE)),
    "timedeltas": few(HOUR, 2 * HOUR, -HOUR),
    "mixed numbers": few(1, 2.5, True),
    "mixed": few(1, "a", None, 2.5, DAY),
    "huge ints": few(2**70, 1, -(2**80)),
    "beyond floats": few(10**400, 1),
    "fractions": few(Fraction(1, 3), Fraction(2, 3)),
    "uuids": few(*(uuid.UUID(int=number, version=4) for number in (1, 2, 3))),
    "bytes": few(b"a", b"\xff\0", b""),
    "enums": few(Colour.RED, Colour.BLUE),
    "tuples": few((1, 2), (3,)),
    "lists": few([1, 2], []),
    "dicts": few({"a": 1}, {}),
    "sets": few({1}, {2}),
    "functions": few(len, print),
    "arrays": few(np.zeros(2), np.ones(3)),
    "frozen sets": few(frozenset({1}), frozenset()),
    "missing words": few(None, np.nan, pd.NA, pd.NaT, 1.5),
    "all None": few(None),
    "all NaN": typed("float64", np.nan),
    "all NaT": typed("M8[ns]", pd.NaT),
    "all NA": typed("Int64", pd.NA),
    "surrogates": few("\ud800", "x"),
    "NumPy scalars": few(np.int8(1), np.float32(2.5), np.str_("a")),
    "NumPy times": few(np.datetime64("2020-01-01"), np.datetime64("2021-01-01T01")),
    "pandas times": few(pd.Timestamp("2020"), pd.Timestamp("2021", tz="UTC")),
    "void": lambda rng, n: pd.Series(pd.array(few((1,), (2,))(rng, n))),
    "arrow string": arrow(pa.string, "x", "y", None),
    "arrow int": arrow(pa.int16, 1, 2, None),
    "arrow decimal": arrow(lambda: pa.decimal128(10, 2), Decimal("1.50"), None),
    "arrow time": arrow(lambda: pa.timestamp("ms", "UTC"), NOON.replace(microsecond=0), None),
    "arrow date": arrow(pa.date32, DAY, None),
    "arrow clock": arrow(lambda: pa.time64("us"), datetime.time(1, 2), datetime.time(3)),
    "arrow list": arrow(lambda: pa.list_(pa.int8()), [1], [2, 3]),
    "arrow struct": arrow(lambda: pa.struct([("a", pa.int8())]), {"a": 1}),
    "arrow bool": arrow(pa.bool_, True, False, None),
    "arrow double": arrow(pa.float64, 1.5, float("inf"), float("nan"), None),
    "arrow null": arrow(pa.null, None),
    "arrow binary": arrow(pa.binary, b"a", b"b"),
    "arrow duration": arrow(lambda: pa.duration("s"), HOUR, None),
}  # fmt: skip

# Kinds of columns that are learned, for cases that go on after the fit.
PLAIN = (
    "int8", "int64", "float32", "float64", "M8[ns]", "m8[s]", "Int16", "Float64", "bool", "boolean", "object",
    "str", "string", "category", "ordered category", "category of numbers", "period", "dates", "decimals",
    "all NaN", "constant", "identifiers", "arrow int", "M8[us, Europe/Berlin]", "interval",
    "datetimes with zone", "mixed",
)  # fmt: skip

# Which rows of a column are missing.
GAPS = {
    "none": lambda rng, n: np.zeros(n, bool),
    "some": lambda rng, n: rng.random(n) < 0.3,
    "first": lambda rng, n: np.arange(n) == 0,
    "all but one": lambda rng, n: np.arange(n) != n // 2,
    "all": lambda rng, n: np.ones(n, bool),
}
NAMES = st.sampled_from([
    "a", "b", "c", "", " ", None, 0, 1, -1, 2.5, np.nan, True, ("a", 1), ("a",), "a\nb", "日本", "a.b", "😀",
    "\0", "\ud800", pd.Timestamp("2020"), b"a", "index", "level_0", "y", "a" * 300, "%s", "{a}", "__class__",
    "NaN", np.int64(3), "!a", datetime.date(2020, 1, 1), Decimal(1), frozenset({1}), pd.NaT, pd.NA,
    np.str_("s"), 2**70, 1j,
])  # fmt: skip
PLAIN_NAMES = st.sampled_from(["a", "b", "c", "d", "e", "the name", "y"])


@st.composite
def columns(draw, n, kinds=tuple(COLUMNS)):
    """A series of n values."""
    rng = np.random.default_rng(draw(SEEDS))
    column = COLUMNS[draw(st.sampled_from(kinds))](rng, n)
    missing = GAPS[draw(st.sampled_from(["none", "none", *GAPS]))](rng, n)
    if missing.any():
        try:
            column = column.mask(missing)
        except (TypeError, ValueError):
            column = column.astype(object).mask(missing)
    return column


def labels(draw, n):
    """The labels of n columns: plain, odd, repeated, of several levels, or a RangeIndex."""
    style = draw(st.sampled_from(["plain", "plain", "range", "odd", "levels"]))
    if style == "range":
        return pd.RangeIndex(n)
    if style == "levels":
        pairs = draw(st.lists(st.tuples(PLAIN_NAMES, st.sampled_from([1, "x", None])), min_size=n, max_size=n))
        return pd.MultiIndex.from_tuples(pairs, names=draw(st.sampled_from([None, ["upper", "lower"]])))
    unique = None if style == "odd" and draw(st.booleans()) else repr
    names = NAMES if style == "odd" else PLAIN_NAMES
    drawn = draw(st.lists(names, min_size=n, max_size=n, unique_by=unique))
    found = np.empty(n, dtype=object)
    found[:] = drawn
    index = pd.Index(found, dtype=object, tupleize_cols=False) if style == "odd" else pd.Index(drawn)
    return index.rename(draw(st.sampled_from([None, None, "columns"])))


INDEXES = {
    "range": lambda rng, n: pd.RangeIndex(n),
    "shifted": lambda rng, n: pd.RangeIndex(5, 5 + 2 * n, 2),
    "repeated": lambda rng, n: pd.Index(rng.integers(0, 3, n)),
    "named": lambda rng, n: pd.Index(rng.integers(0, 3, n), name="id"),
    "named as a column": lambda rng, n: pd.Index(rng.integers(0, 3, n), name="a"),
    "named by a number": lambda rng, n: pd.Index(rng.integers(0, 3, n), name=0),
    "text": lambda rng, n: pd.Index([f"r{number}" for number in range(n)]),
    "days": lambda rng, n: pd.date_range("2020", periods=n),
    "named days": lambda rng, n: pd.date_range("2020", periods=n, name="day", tz="UTC"),
    "periods": lambda rng, n: pd.period_range("2020", periods=n, freq="M", name="month"),
    "durations": lambda rng, n: pd.timedelta_range(0, periods=n, freq="h"),
    "levels": lambda rng, n: pd.MultiIndex.from_arrays([np.arange(n) % 2, [f"r{i}" for i in range(n)]]),
    "named levels": lambda rng, n: pd.MultiIndex.from_arrays([np.arange(n) % 2, ["x"] * n], names=["g", "h"]),
    "half named levels": lambda rng, n: pd.MultiIndex.from_arrays([np.arange(n) % 2, ["x"] * n], names=["g", None]),
    "categories": lambda rng, n: pd.CategoricalIndex(rng.choice(["x", "y"], n), name="c"),
    "missing": lambda rng, n: pd.Index(np.where(rng.random(n) < 0.5, np.nan, 1.0), name="gaps"),
}


@st.composite
def frames(draw, kinds=tuple(COLUMNS)):
    """A pandas frame of up to four columns."""
    n, n_columns = draw(st.sampled_from(SIZES)), draw(st.integers(1, 4))
    if draw(st.integers(0, 40)) == 40:
        n, n_columns = draw(st.sampled_from([(0, 1), (3, 0), (0, 0)]))
    index = INDEXES[draw(st.sampled_from([*["range"] * 20, *INDEXES]))](np.random.default_rng(draw(SEEDS)), n)
    parts = [draw(columns(n, kinds)) for _ in range(n_columns)]
    frame = pd.concat([part.set_axis(index) for part in parts], axis=1) if parts else pd.DataFrame(index=index)
    return frame.set_axis(labels(draw, n_columns), axis=1)


POLARS = {
    "int": lambda rng, n: pl.Series(rng.integers(0, 5, n)),
    "uint64": lambda rng, n: pl.Series(rng.integers(0, 2**63, n, dtype=np.uint64) * 2),
    "int128": lambda rng, n: pl.Series([2**100, 1] * n, dtype=pl.Int128)[:n],
    "float32": lambda rng, n: pl.Series(rng.normal(size=n).astype("f4")),
    "wild": lambda rng, n: pl.Series([1.5, float("nan"), None, float("inf")] * n)[:n],
    "text": lambda rng, n: pl.Series(["x", "y", None] * n)[:n],
    "category": lambda rng, n: pl.Series(["x", "y", None] * n, dtype=pl.Categorical)[:n],
    "enum": lambda rng, n: pl.Series(["x", "y", None] * n, dtype=pl.Enum(["y", "x", "z"]))[:n],
    "date": lambda rng, n: pl.Series([DAY, None, DAY + 48 * HOUR] * n)[:n],
    "time": lambda rng, n: pl.Series([datetime.time(1), None, datetime.time(2)] * n)[:n],
    "datetime": lambda rng, n: pl.Series([NOON, None] * n, dtype=pl.Datetime("ms", "Europe/Berlin"))[:n],
    "duration": lambda rng, n: pl.Series([HOUR, None] * n)[:n],
    "decimal": lambda rng, n: pl.Series([Decimal("1.50"), None] * n)[:n],
    "bool": lambda rng, n: pl.Series([True, None, False] * n)[:n],
    "null": lambda rng, n: pl.Series([None] * n),
    "list": lambda rng, n: pl.Series([[1], None, [2, 3]] * n)[:n],
    "struct": lambda rng, n: pl.Series([{"a": 1}] * n),
    "binary": lambda rng, n: pl.Series([b"a", b"b"] * n)[:n],
    "object": lambda rng, n: pl.Series([object()] * n, dtype=pl.Object),
}


@st.composite
def polars_frames(draw):
    n, rng = draw(st.sampled_from(SIZES)), np.random.default_rng(draw(SEEDS))
    names = draw(st.lists(st.sampled_from(["a", "b", "", " ", "日本", "a\nb"]), min_size=1, max_size=4, unique=True))
    return pl.DataFrame({name: POLARS[draw(st.sampled_from(list(POLARS)))](rng, n) for name in names})


ARRAYS = [
    "int8", "uint16", "int64", "uint64", "float16", "float32", "float64", "bool", "object", "U3", "S3",
    "complex64", "M8[D]", "M8[ns]", "m8[s]", ">f4", "longdouble", "V4", "i4, f4", "M8", "U0", "T",
]  # fmt: skip


@st.composite
def arrays(draw):
    """An array of one or two dimensions, of any dtype; or the same as lists."""
    n, width, rng = draw(st.sampled_from(SIZES)), draw(st.integers(1, 4)), np.random.default_rng(draw(SEEDS))
    shape = draw(st.sampled_from([(n, width), (n, width), (n,), (n, 1), (0, width), (n, 0), ()]))
    values = rng.integers(0, 5, shape)
    dtype = draw(st.sampled_from(ARRAYS))
    array = (
        np.zeros(shape, dtype)
        if dtype in ("V4", "i4, f4")
        else np.asarray(values).astype(np.dtypes.StringDType() if dtype == "T" else dtype)
    )
    if array.dtype.kind == "f" and draw(st.booleans()) and array.size:
        array.flat[0] = draw(st.sampled_from([np.nan, np.inf, -np.inf, np.finfo(array.dtype).max]))
    how = draw(st.sampled_from(["unchanged", "list", "masked", "order", "strided", "matrix", "tuple"]))
    if how == "list":
        return array.tolist()
    if how == "tuple" and array.ndim:
        return tuple(array)
    if how == "masked":
        return np.ma.masked_array(array, mask=rng.random(array.shape) < draw(st.sampled_from([0.0, 0.2])))
    if how == "matrix" and array.ndim == 2:
        return np.asmatrix(array)
    return (
        {"order": np.asfortranarray, "strided": lambda rows: rows[::-1]}.get(how, np.asarray)(array)
        if array.ndim
        else array
    )


@st.composite
def image_stacks(draw):
    """A stack of images and a `channel_axis`: of any dtype, size and range."""
    n, height, width = (
        draw(st.sampled_from([1, 2, 5, 24])),
        *(draw(st.sampled_from([1, 2, 3, 8, 12, 16])) for _ in "hw"),
    )
    channels = draw(st.sampled_from([None, 1, 2, 3, 4, 16, 17]))
    first = draw(st.booleans())
    shape = (
        (n, height, width)
        if channels is None
        else ((n, channels, height, width) if first else (n, height, width, channels))
    )
    rng = np.random.default_rng(draw(SEEDS))
    low, high = draw(st.sampled_from([(0, 255), (0, 1), (-1, 1), (0, 0), (0, 1e-30), (-1e30, 1e30), (1000, 1001)]))
    dtype = draw(
        st.sampled_from(
            [
                "uint8",
                "uint8",
                "float32",
                "float64",
                "float16",
                "int16",
                "uint16",
                "int64",
                "bool",
                "complex64",
                "object",
                "U3",
            ]
        )
    )
    with np.errstate(all="ignore"):
        stack = rng.uniform(low, high, shape).astype(dtype)
    if stack.dtype.kind == "f" and draw(st.integers(0, 4)) == 0:
        stack.flat[0] = draw(st.sampled_from([np.nan, np.inf, np.finfo(stack.dtype).max]))
    axis = draw(st.sampled_from([None, None, 1, 3, -1]))
    return stack, axis


# Files ------------------------------------------------------------------------------------------------------------

CELLS = [
    "", "a", "1", "2.5", "1,5", "1.234,50", "$5", "12 %", "n/a", "NA", "None", "03/04/2024", "2024-01-01",
    "25:61", "007", "1e400", "-inf", "nan", "é", "日本", "\0", '"', '""', '"a', 'b"', "a,b", "a;b", "a\tb",
    "x\ny", "x\ry", "'", " ", "=1+1", "123456789012345678901", "True", "true", "yes", "😀", "\ufeff", "9" * 400,
    "a" * 5000,
]  # fmt: skip


@st.composite
def text_files(draw):
    """The bytes of a file of text that may be a table, and its suffix."""
    separator = draw(st.sampled_from([",", ";", "\t", "|", " "]))
    n_rows, n_columns = draw(st.integers(0, 12)), draw(st.integers(0, 4))
    cells = st.sampled_from(draw(st.lists(st.sampled_from(CELLS), min_size=1, max_size=5)))
    quotes = draw(st.booleans())

    def line():
        row = [draw(cells) for _ in range(n_columns + draw(st.sampled_from([0] * 30 + [1, -1])))]
        return separator.join('"' + cell.replace('"', '""') + '"' if quotes else cell for cell in row)

    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    text = end.join(line() for _ in range(n_rows)) + draw(st.sampled_from(["", end, end * 3]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252", "utf-32"]))
    data = text.encode(encoding, "replace")
    if draw(st.integers(0, 5)) == 0:
        data += draw(st.binary(max_size=20))
    return data, draw(st.sampled_from([".csv", ".tsv", ".txt"]))


@st.composite
def changed_bytes(draw, data):
    """Valid bytes with some of them changed, cut out, doubled or put in."""
    place = draw(st.integers(0, max(len(data) - 1, 0)))
    size = draw(st.sampled_from([1, 1, 2, 8, 100]))
    new = draw(st.one_of(st.binary(max_size=8), st.just(data[place : place + size] * 2), st.just(b"\xff" * size)))
    return data[:place] + new + data[place + size :]


# Command lines ----------------------------------------------------------------------------------------------------

PATHS = [
    "data.csv",
    "data.tsv",
    "data.xlsx",
    "data.parquet",
    "broken.csv",
    "empty.csv",
    "none.csv",
    "folder",
    "model",
    "out.csv",
    "out.parquet",
    "out.xlsx",
    "out.txt",
    "out.html",
    "out",
    "",
    "penguins",
    "nowhere/out.csv",
    "data.csv.gz",
    "-",
    "\0",
]
VALUES = [
    *PATHS, "a", "b", "a=1", "b=x", "a=", "=", "a=text", "b=number", "a=date", "c=category", "no=1", "0", "1",
    "7", "-1", "1e9", "nan", "inf", "0.5", "x", "comma", "tab", ";", "none", "point", "utf-8", "latin-1",
    "no-such", "cpu", "gpu", "keep", "merge", "drop", "replace", "é", "\ud800", "a" * 1000, "0.001",
    "99999999999999999999",
]  # fmt: skip
FLAGS = [
    "--where", "--drop", "--target", "--types", "--separator", "--header", "--decimal", "--encoding",
    "--sheet", "--day-first", "--month-first", "--rare", "--text", "--id-column", "--no-id-columns",
    "--device", "--save", "--report", "--holdout", "--seed", "--max-time", "--rows", "--help", "--version",
    "--none", "-x",
]  # fmt: skip


@st.composite
def command_lines(draw):
    """Arguments of ``python -m skgan``, of which many are right."""
    command = draw(st.sampled_from([[], [], ["fit"], ["sample"], ["report"]]))
    inputs = st.sampled_from(["data.csv", "data.csv", "data.parquet", "data.xlsx", "data.tsv", *PATHS])
    arguments = [*command, "model" if command == ["sample"] and draw(st.booleans()) else draw(inputs)]
    if command == ["report"]:
        arguments.append(draw(inputs))
    usual_out = {"fit": "out", "report": "out.html"}.get(*command or [""], "out.csv")
    arguments += ["--out", draw(st.sampled_from([usual_out] * 6 + PATHS))]
    if command == ["sample"]:
        arguments += ["--rows", draw(st.sampled_from(["3", "1", "3000", "0"]))]
    if command in ([], ["fit"]):
        arguments += ["--max-iter", "2"]
    for _ in range(draw(st.integers(0, 3))):
        flag = draw(st.sampled_from(FLAGS))
        right = {
            "--where": ["a=1", "b=x"], "--drop": ["a", "b"], "--target": ["a", "b"],
            "--types": ["a=text", "b=category"], "--separator": ["comma", ";"], "--header": ["1", "none"],
            "--decimal": ["point"], "--encoding": ["utf-8"],
            "--rare": ["keep", "merge"], "--text": ["keep", "drop"], "--id-column": ["a"], "--device": ["cpu"],
            "--save": ["saved"], "--report": ["out.html"], "--holdout": ["0.5"], "--seed": ["1"], "--rows": ["5"],
            "--max-time": ["5"],
        }.get(flag, [])  # fmt: skip
        arguments.append(flag)
        if flag not in ("--day-first", "--month-first", "--no-id-columns", "--help", "--version"):
            arguments.append(draw(st.sampled_from(right * 8 + VALUES)))
    return arguments


# Parameters -------------------------------------------------------------------------------------------------------

ODD = [
    None, True, 0, -1, 2**70, 1e300, -1e-300, float("nan"), float("inf"), "", "auto", "x", (), [], (1,), {},
    {"a"}, b"a", 1j, np.int64(3), np.float32(0.5), np.zeros(0), np.zeros(2), np.array(3), Decimal(1), object(),
]  # fmt: skip
USUAL = {
    "categorical_features": ["from_dtype", [0], [True, False], ["a"], []],
    "infer_types": [True],
    "id_columns": ["auto", None, [0], ["a"], [True, False]],
    "free_text": ["drop", "keep"],
    "image_shape": [(1, 2), (2, 1), (1, 1, 2)],
    "channel_axis": [1, 3, -1],
    "loss": ["minimax", "wasserstein", "hinge"],
    "regularizer": ["r1", "gradient_penalty", "weight_clipping", None],
    "regularizer_weight": [0.5, 1e-300, 1e30],
    "generator": ["mlp", "dcgan", "resnet"],
    "discriminator": ["mlp", "dcgan"],
    "augmentation": [("flip",), ("color", "cutout"), ("flip", "flip")],
    "latent_dim": [1, 3],
    "hidden_layer_sizes": [(2,), [3, 3], (1, 1, 1)],
    "n_critic": [1, 3],
    "max_time": [5.0],
    "batch_size": [1, 2, 1000],
    "learning_rate": [1e-300, 0.1, 1e30],
    "refine": [True],
    "min_frequency": [1, 1000],
    "rare_categories": ["merge"],
    "device": ["cpu", "auto"],
    "n_jobs": [1, -1],
    "verbose": [0],
    "random_state": [0, 2**32 - 1],
    "target_type": ["classes", "continuous"],
    "conditioning": ["auxiliary", "projection"],
}


@st.composite
def parameters(draw):
    """A few parameters of a sampler, most of them usual; those that make a fit long are left out."""
    names = draw(st.lists(st.sampled_from(sorted(USUAL)), min_size=1, max_size=3, unique=True))
    return {name: draw(st.sampled_from(USUAL[name] if draw(st.integers(0, 3)) else ODD)) for name in names}
