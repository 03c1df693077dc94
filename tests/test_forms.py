"""Whatever X was, it is read into plain columns and handed back as it was."""

import datetime
import pickle
import uuid
import warnings
from decimal import Context, Decimal
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from skgan import _json_tree
from skgan._forms import form_from_state, label_order, read_table, read_target, why_not_savable
from skgan.datasets import make_mixed
from skgan.encoders import TableEncoder

DAY = datetime.date(2020, 2, 29)
NOON = datetime.datetime(2020, 2, 29, 12, 0, 0, 1)
HOUR = datetime.timedelta(hours=1)
ZONE = "Europe/Berlin"


def rebuilt(table):
    return table.form.rebuild([(column.values, column.missing) for column in table.columns])


def copies(table):
    """The data of `table`, rebuilt by its form, by the form from its state, and by the form from a pickle."""
    columns = [(column.values, column.missing) for column in table.columns]
    forms = table.form, form_from_state(table.form.get_state()), pickle.loads(pickle.dumps(table.form))
    return [form.rebuild(columns) for form in forms]


def objects(*values):
    return pd.Series(list(values), dtype=object)


def stamps(*words):
    return pd.Series(pd.to_datetime(list(words)))


def arrow(kind, *values, **arguments):
    pa = pytest.importorskip("pyarrow")
    return pd.Series(list(values), dtype=pd.ArrowDtype(getattr(pa, kind)(**arguments)))


# name: (a pandas series, the kind it is read as)
SERIES = {
    "float64": (lambda: pd.Series([1.5, np.nan, -0.1]), "numeric"),
    "float32": (lambda: pd.Series([0.1, np.nan, 3e38], dtype="float32"), "numeric"),
    "float16": (lambda: pd.Series([0.1, np.nan, 65504], dtype="float16"), "numeric"),
    "int64": (lambda: pd.Series([2**63 - 1, -(2**63), 0]), "numeric"),
    "int8": (lambda: pd.Series([127, -128, 0], dtype="int8"), "numeric"),
    "uint64": (lambda: pd.Series([2**63 - 1, 0, 1], dtype="uint64"), "numeric"),
    "bool": (lambda: pd.Series([True, False, True]), "categorical"),
    "Int64": (lambda: pd.Series([2**62 + 1, None, 3], dtype="Int64"), "numeric"),
    "UInt8": (lambda: pd.Series([255, None, 3], dtype="UInt8"), "numeric"),
    "Float64": (lambda: pd.Series([1.5, None, 3], dtype="Float64"), "numeric"),
    "Float32": (lambda: pd.Series([0.1, None, 3], dtype="Float32"), "numeric"),
    "boolean": (lambda: pd.Series([True, None, False], dtype="boolean"), "categorical"),
    "category": (lambda: pd.Series(["b", None, "a"], dtype=pd.CategoricalDtype(["z", "b", "a"])), "categorical"),
    "ordered": (lambda: pd.Series(pd.Categorical(["b", "a"], categories=["b", "a"], ordered=True)), "categorical"),
    "category of ints": (lambda: pd.Series(pd.Categorical([3, None, 1])), "categorical"),
    "category of bools": (lambda: pd.Series(pd.Categorical([True, None, False])), "categorical"),
    "category of objects": (lambda: pd.Series(pd.Categorical(objects("b", None, 1))), "categorical"),
    "category of times": (lambda: pd.Series(pd.Categorical(stamps("2020-01-01", None))), "categorical"),
    "category of intervals": (lambda: pd.Series(pd.cut([1, 3, np.nan], [0, 2, np.inf])), "categorical"),
    "text": (lambda: pd.Series(["b", None, "a"]), "categorical"),
    "string": (lambda: pd.Series(["b", None, "a"], dtype="string"), "categorical"),
    "object text": (lambda: objects("b", None, "a"), "categorical"),
    "object text, nan": (lambda: objects("b", np.nan, "a"), "categorical"),
    "object text, NA": (lambda: objects("b", pd.NA, "a"), "categorical"),
    "object bytes": (lambda: objects(b"b", None, b"a"), "categorical"),
    "object bools": (lambda: objects(True, None, False), "categorical"),
    "object mixture": (lambda: objects(1, "1", None, 2.5, "a"), "categorical"),
    "object bools and numbers": (lambda: objects(True, 2, None), "categorical"),
    "object nothing": (lambda: objects(None, None), "categorical"),
    "object ints": (lambda: objects(2**53 + 1, None, 2), "numeric"),
    "object ints, NA": (lambda: objects(1, pd.NA, 2), "numeric"),
    "object floats": (lambda: objects(1.0, np.nan, 2.5), "numeric"),
    "object decimals": (lambda: objects(Decimal("1.25"), None, Decimal("-3.10")), "numeric"),
    "object dates": (lambda: objects(DAY, None, datetime.date(9999, 12, 31)), "numeric"),
    "object datetimes": (lambda: objects(NOON, None, NOON + HOUR), "numeric"),
    "object timestamps": (lambda: objects(pd.Timestamp(NOON, tz=ZONE), pd.NaT), "numeric"),
    "object timedeltas": (lambda: objects(HOUR, None, 2 * HOUR), "numeric"),
    "object pandas timedeltas": (lambda: objects(pd.Timedelta(HOUR), pd.NaT), "numeric"),
    "object times": (lambda: objects(datetime.time(1, 2, 3, 4), None), "numeric"),
    "datetime": (lambda: stamps("2020-01-01 00:00:00", None, "2021-01-01 01:02:03"), "numeric"),
    "datetime in seconds": (lambda: pd.Series(np.array(["9999-01-01", "NaT"], "M8[s]")), "numeric"),
    "datetime with zone": (lambda: stamps("2020-10-25 00:30", None).dt.tz_localize(ZONE), "numeric"),
    "datetime with offset": (lambda: stamps("2020-01-01T00:00+01:30"), "numeric"),
    "timedelta": (lambda: pd.Series(pd.to_timedelta([1, None, 3], unit="s")), "numeric"),
    "period": (lambda: pd.Series(pd.PeriodIndex(["2020-01", None], freq="M")), "numeric"),
    "sparse": (lambda: pd.Series(pd.arrays.SparseArray([0.0, 0, 1, np.nan])), "numeric"),
    "all missing floats": (lambda: pd.Series([np.nan, np.nan]), "numeric"),
    "all missing ints": (lambda: pd.Series([None, None], dtype="Int64"), "numeric"),
    "all missing times": (lambda: pd.Series([pd.NaT, pd.NaT]), "numeric"),
    "all missing categories": (lambda: pd.Series([None], dtype=pd.CategoricalDtype(["a"])), "categorical"),
    "arrow int": (lambda: arrow("int32", 1, None), "numeric"),
    "arrow uint": (lambda: arrow("uint8", 1, None), "numeric"),
    "arrow float": (lambda: arrow("float32", 1.5, None), "numeric"),
    "arrow bool": (lambda: arrow("bool_", True, None), "categorical"),
    "arrow string": (lambda: arrow("string", "a", None), "categorical"),
    "arrow large string": (lambda: arrow("large_string", "a", None), "categorical"),
    "arrow date": (lambda: arrow("date32", DAY, None), "numeric"),
    "arrow time": (lambda: arrow("time64", datetime.time(1), None, unit="us"), "numeric"),
    "arrow timestamp": (lambda: arrow("timestamp", NOON, None, unit="us"), "numeric"),
    "arrow timestamp with zone": (lambda: arrow("timestamp", NOON, None, unit="us", tz="UTC"), "numeric"),
    "arrow duration": (lambda: arrow("duration", HOUR, None, unit="us"), "numeric"),
    "arrow decimal": (lambda: arrow("decimal128", Decimal("1.25"), None, precision=9, scale=2), "numeric"),
}


@pytest.mark.parametrize("name", SERIES)
def test_pandas_columns_come_back(name):
    make, kind = SERIES[name]
    X = pd.DataFrame({"x": make(), 7: 1.0}).set_axis(np.arange(len(make())) + 5)
    before = X.copy(deep=True)
    table = read_table(X)
    column = table.columns[0]
    assert (column.kind, column.name, column.describe()) == (kind, "x", "column 'x'")
    assert column.values.dtype in ((np.float64, np.int64) if kind == "numeric" else (object,))
    np.testing.assert_array_equal(column.missing, X["x"].isna())
    assert not any(column.values[column.missing])
    for copy in copies(table):
        pd.testing.assert_frame_equal(copy, X.reset_index(drop=True))
        assert list(map(type, copy["x"])) == list(map(type, X["x"]))
    pd.testing.assert_frame_equal(X, before)


@pytest.mark.parametrize("name", SERIES)
def test_what_is_handed_back_is_read_as_it_was(name):
    table = read_table(pd.DataFrame({"x": SERIES[name][0]()}))
    again = table.form.read_like(rebuilt(table)).columns[0]
    assert again.kind == table.columns[0].kind
    assert again.values.tolist() == table.columns[0].values.tolist()
    np.testing.assert_array_equal(again.missing, table.columns[0].missing)


@pytest.mark.parametrize("name", SERIES)
def test_series_come_back_as_targets(name):
    y = SERIES[name][0]().rename("income")
    table = read_target(y)
    assert table.form.one_dimensional and table.form.names == ("income",)
    for copy in copies(table):
        pd.testing.assert_series_equal(copy, y)


@pytest.mark.parametrize("name", [name for name, (_, kind) in SERIES.items() if kind == "numeric"])
def test_numbers_declared_as_categories_come_back(name):
    X = pd.DataFrame({"x": SERIES[name][0]()})
    table = read_table(X, categorical_features=["x"])
    column = table.columns[0]
    assert column.kind == "categorical" and column.values.dtype == object
    assert {type(category) for category in column.values[~column.missing]} <= {int, float}
    assert all(category is None for category in column.values[column.missing])
    for copy in copies(table):
        pd.testing.assert_frame_equal(copy, X)
    assert table.form.read_like(X).columns[0].values.tolist() == column.values.tolist()


def frames():
    pl = pytest.importorskip("polars")
    return pl.DataFrame(
        {
            "i8": pl.Series([127, None, 1], dtype=pl.Int8),
            "i64": pl.Series([2**63 - 1, None, 1], dtype=pl.Int64),
            "u64": pl.Series([2**63 - 1, None, 1], dtype=pl.UInt64),
            "whole": [1, 2, 3],
            "f64": [0.1, None, 2.5],
            "f32": pl.Series([0.1, None, 2.5], dtype=pl.Float32),
            "nan": [0.1, float("nan"), 2.5],
            "decimal": [Decimal("1.25"), None, Decimal("-3.10")],
            "bool": [True, None, False],
            "text": ["a", None, "b"],
            "categorical": pl.Series(["a", None, "b"], dtype=pl.Categorical),
            "enum": pl.Series(["a", None, "b"], dtype=pl.Enum(["z", "b", "a"])),
            "date": [DAY, None, datetime.date(9999, 12, 31)],
            "datetime": [NOON, None, NOON + HOUR],
            "datetime ms": pl.Series([NOON, None, NOON], dtype=pl.Datetime("ms")),
            "datetime zone": pl.Series([NOON, None, NOON]).dt.replace_time_zone(ZONE),
            "duration": [HOUR, None, HOUR],
            "time": [datetime.time(1, 2, 3, 4), None, datetime.time(0)],
            "nothing": [None, None, None],
        }
    )


def test_polars_frames_come_back():
    X = frames()
    from polars.testing import assert_frame_equal

    table = read_table(X)
    missing = {column.name: column.missing.tolist() for column in table.columns}
    assert missing["whole"] == [False] * 3 and missing["nothing"] == [True] * 3
    assert all(mask == [False, True, False] for name, mask in missing.items() if name not in ("whole", "nothing"))
    categorical = {column.name for column in table.columns if column.kind == "categorical"}
    assert categorical == {"bool", "text", "categorical", "enum", "nothing"}
    for copy in copies(table):
        assert_frame_equal(copy, X)
    for before, now in zip(table.columns, table.form.read_like(rebuilt(table)).columns, strict=True):
        assert before.values.tolist() == now.values.tolist()


def test_polars_series_come_back():
    from polars.testing import assert_series_equal

    for y in frames():
        table = read_target(y)
        assert table.form.one_dimensional
        for copy in copies(table):
            assert_series_equal(copy, y)


def test_arrow_tables_come_back():
    pytest.importorskip("pyarrow")
    X = frames().select("i64", "f64", "text", "bool", "date", "datetime").to_arrow()
    for copy in copies(read_table(X)):
        assert type(copy) is type(X) and copy.to_pydict() == X.to_pydict()


ARRAYS = {
    "float64": np.array([[1.5, np.nan], [2, 3]]),
    "float32": np.array([[0.1, np.nan], [2, 3]], dtype=np.float32),
    "int16": np.array([[1, -(2**15)], [2, 3]], dtype=np.int16),
    "uint8": np.array([[1, 255], [2, 3]], dtype=np.uint8),
    "bool": np.eye(2, dtype=bool),
    "str": np.array([["abc", ""], ["nan", "ü"]]),
    "bytes": np.array([[b"a", b"bc"]]),
    "datetime": np.array([["2020-01-01", "NaT"]], dtype="M8[D]"),
    "big endian": np.array([[1.5, 2.5]], dtype=">f8"),
    "object": np.array([["a", 1, 1.5, None], [None, 2, np.nan, None]], dtype=object),
}


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_come_back(name, order):
    X = np.array(ARRAYS[name], order=order)
    X.setflags(write=False)
    for copy in copies(read_table(X)):
        assert copy.dtype == X.dtype and repr(copy.tolist()) == repr(X.tolist())
        assert copy.flags.writeable and not np.shares_memory(copy, X)
    for j in range(X.shape[1]):
        for copy in copies(read_target(X[:, j])):
            assert copy.dtype == X.dtype and repr(copy.tolist()) == repr(X[:, j].tolist())


def test_columns_of_an_object_array_have_kinds_of_their_own():
    table = read_table(ARRAYS["object"])
    assert [column.kind for column in table.columns] == ["categorical", "numeric", "numeric", "categorical"]
    assert table.columns[3].describe() == "column 3"


LISTS = {
    "numbers": ([[1, 2.5], [3, 4]], "f"),
    "ints": ([[1, 2], [3, 4]], "i"),
    "text": ([["a", "b"]], "U"),
    "mixture": ([["a", 1.5], ["b", float("nan")]], "O"),
    "missing values": ([["a", 1], [None, 2]], "O"),
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_come_back_as_arrays(name):
    X, kind = LISTS[name]
    copy = rebuilt(read_table(X))
    assert copy.dtype.kind == kind and repr(copy.tolist()) == repr(np.array(X, dtype=copy.dtype).tolist())
    y = [row[-1] for row in X]
    assert rebuilt(read_target(y)).ndim == 1


def test_targets_keep_their_shape():
    assert rebuilt(read_target([1, 2])).shape == (2,)
    assert rebuilt(read_target([[1], [2]])).shape == (2, 1)
    y = pd.DataFrame({"price": [1.5, 2.5], "sold": ["yes", "no"]})
    pd.testing.assert_frame_equal(rebuilt(read_target(y)), y)


def test_integers_beyond_int64_are_rounded_as_floats_and_stay_in_range():
    X = np.array([[2**64 - 1], [2**63], [0]], dtype=np.uint64)
    table = read_table(X)
    assert table.columns[0].values.dtype == np.float64
    np.testing.assert_array_equal(rebuilt(table), X)
    big = np.array([[2**70], [None]], dtype=object)
    assert rebuilt(read_table(big)).tolist() == big.tolist()


def test_floats_are_written_into_integers_rounded_and_in_range():
    form = read_table(np.array([[1]], dtype=np.int8)).form
    values = np.array([1.6, -1e9, 1e9])
    assert form.rebuild([(values, np.zeros(3, dtype=bool))]).ravel().tolist() == [2, -128, 127]


def test_integers_have_no_missing_values():
    form = read_table(np.array([[1]])).form
    with pytest.raises(ValueError, match="int64 has no missing value"):
        form.rebuild([(np.array([0]), np.array([True]))])


def test_labels_of_columns_come_back():
    labels = {
        "ints": pd.RangeIndex(2),
        "mixture": pd.Index(["a", 1], dtype=object),
        "levels": pd.MultiIndex.from_tuples([("a", 1), ("a", 2)], names=["letter", None]),
        "times": pd.to_datetime(["2020-01-01", "2020-01-02"]),
        "named": pd.Index(["a", "b"], name="letters"),
    }
    for columns in labels.values():
        X = pd.DataFrame([[1, 2.5]], columns=columns)
        table = read_table(X)
        assert table.form.names == tuple(columns)
        for copy in copies(table):
            pd.testing.assert_frame_equal(copy, X, check_column_type="equiv")


# Time zones --------------------------------------------------------------------------------------------------

ZONES = ["Europe/Berlin", "Europe/Dublin", "America/New_York", "Asia/Kathmandu", "Africa/Casablanca", "UTC", "+01:30"]


def in_pandas(index):
    return pd.DataFrame({"x": index})


def in_objects(index):
    return pd.DataFrame({"x": pd.Series(list(index), dtype=object)})


def in_polars(index):
    pl = pytest.importorskip("polars")
    if str(index.tz).startswith(("UTC+", "pytz")):
        pytest.skip("polars has no zones that are not named")
    naive = pl.Series("x", index.tz_convert("UTC").tz_localize(None).to_numpy())
    return pl.DataFrame({"x": naive.dt.replace_time_zone("UTC").dt.convert_time_zone(str(index.tz))})


def in_arrow(index):
    pa = pytest.importorskip("pyarrow")
    return pa.table({"x": pa.array(index)})


HOLDERS = [in_pandas, in_objects, in_polars, in_arrow]


def instants(X):
    """The instants in the column of a frame, as a DatetimeIndex in UTC."""
    column = X["x"].to_pylist() if hasattr(X["x"], "to_pylist") else list(X["x"])
    return pd.DatetimeIndex([pd.Timestamp(value) for value in column]).tz_convert("UTC").as_unit("us")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hold", HOLDERS)
def test_moments_of_a_zone_come_back_but_the_second_round_of_an_hour(hold, zone):
    index = pd.date_range("2019-10-01", "2020-05-01", freq="1h", tz="UTC").as_unit("us").tz_convert(zone)
    # All hours of the days on which clocks are changed, and some of the others at every time of the day.
    offset = (index.tz_localize(None) - index.tz_convert("UTC").tz_localize(None)).to_numpy()
    changed = np.flatnonzero(offset[1:] != offset[:-1])
    hours = np.arange(len(index))
    index = index[(hours % 23 == 0) | (np.abs(hours[:, None] - changed) < 36).any(axis=1)]
    clock = index.tz_localize(None)
    is_second = clock.duplicated(keep="first")
    table = read_table(hold(index))
    for copy in copies(table):
        np.testing.assert_array_equal(instants(copy)[~is_second], index[~is_second].tz_convert("UTC"))
        assert (index[is_second] - instants(copy)[is_second] == pd.Timedelta(HOUR)).all()
    again = table.form.read_like(rebuilt(table)).columns[0]
    assert again.values.tolist() == table.columns[0].values.tolist()


@pytest.mark.parametrize("hold", HOLDERS)
def test_moments_between_those_that_were_read_stay_inside_their_range(hold):
    for day in ("2020-03-29", "2020-10-25"):  # the clocks skip an hour, and repeat one
        index = pd.date_range(f"{day} 00:00", periods=6, freq="30min", tz="UTC").as_unit("us").tz_convert(ZONE)
        table = read_table(hold(index))
        counts = table.columns[0].values
        drawn = np.linspace(counts.min(), counts.max(), 50)
        clock = instants(table.form.rebuild([(drawn, np.zeros(50, dtype=bool))])).tz_convert(ZONE).tz_localize(None)
        assert clock.is_monotonic_increasing
        seen = index.tz_localize(None)
        assert clock.min() == seen.min() and clock.max() == seen.max()


@pytest.mark.parametrize("hold", HOLDERS)
def test_midnights_of_a_zone_are_whole_days_apart(hold):
    index = pd.date_range("2020-01-01", periods=400, tz=ZONE).as_unit("us")
    values = read_table(hold(index)).columns[0].values
    assert len(set(np.diff(values))) == 1


def test_days_of_make_mixed_are_whole_days_apart():
    X = make_mixed(500, random_state=0)
    sold = read_table(X[["sold"]]).columns[0]
    day = pd.Timedelta(1, unit="D") // pd.Timedelta(1, unit=X["sold"].dt.unit)
    assert set(sold.values[~sold.missing] % day) == {0}


def test_labels_and_categories_in_the_hour_that_clocks_repeat_come_back():
    twice = pd.DatetimeIndex(["2020-10-25T00:30Z", "2020-10-25T01:30Z"], name="when").tz_convert(ZONE)
    X = pd.DataFrame([[1, 2]], columns=twice)
    category = pd.DataFrame({"x": pd.Categorical(twice)})
    interval = pd.DataFrame({"x": pd.Categorical([pd.Interval(*twice)])})
    for frame in (X, category, interval):
        for copy in copies(read_table(frame)):
            pd.testing.assert_frame_equal(copy, frame)


@pytest.mark.parametrize("seed", range(5))
def test_random_tables_come_back(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 50))
    columns = {}
    for j in range(20):
        name = rng.choice([name for name in SERIES if not name.startswith("arrow")])
        series = SERIES[name][0]()
        columns[f"{j} {name}"] = series.take(rng.integers(len(series), size=n)).reset_index(drop=True)
    X = pd.DataFrame(columns)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = read_table(X)
    for copy in copies(table):
        for name in X:
            absent = X[name].isna()
            assert copy[name].dtype == X[name].dtype
            assert copy[name].isna().tolist() == absent.tolist()
            assert copy[name][~absent].tolist() == X[name][~absent].tolist()


# Refusals ---------------------------------------------------------------------------------------------------


def column(*values, dtype=object):
    return pd.DataFrame({"age": pd.Series(list(values), dtype=dtype)})


REFUSED = {
    "infinite": (column(1.5, np.inf, dtype=float), ValueError, "Column 'age' of X contains infinity; replace"),
    "infinite array": (np.array([[0, -np.inf]]), ValueError, "Column 1 of X contains infinity"),
    "infinite objects": (column(1, np.inf), ValueError, "Column 'age' of X contains infinity"),
    "infinite category": (column("a", np.inf), ValueError, "Column 'age' of X contains infinity"),
    "infinite nullable": (column(1, np.inf, dtype="Float64"), ValueError, "Column 'age' of X contains infinity"),
    "complex": (np.array([[1j]]), ValueError, "Complex data not supported"),
    "complex column": (column(1j, dtype=complex), ValueError, "Complex data not supported\nColumn 'age' of X"),
    "complex objects": (column(1j, 2), ValueError, "Complex data not supported"),
    "twins": (column(True, "a", 1), ValueError, "'age' of X holds both True and 1, which compare equal"),
    "equal numbers of two types": (column(1, 1.0, "a"), ValueError, "holds both 1 and 1.0"),
    "zones": (
        column(pd.Timestamp(0, tz="UTC"), pd.Timestamp(0)),
        ValueError,
        "Column 'age' of X holds timestamps that cannot be read together",
    ),
    "intervals": (column(pd.Interval(0, 1), dtype="interval"), TypeError, "'age' of X has dtype interval"),
    "one name twice": (
        pd.DataFrame([[1, 2, 3]], columns=["a", "b", "a"]),
        ValueError,
        r"X has more than one column named \['a'\]",
    ),
    "no rows": (column(), ValueError, r"Found array with 0 sample\(s\) \(shape=\(0, 1\)\) while a minimum of 1"),
    "no columns": (pd.DataFrame(index=[0]), ValueError, r"0 feature\(s\) \(shape=\(1, 0\)\) while a minimum"),
    "no rows, array": (np.empty((0, 3)), ValueError, r"0 sample\(s\) \(shape=\(0, 3\)\)"),
    "no columns, array": (np.empty((3, 0)), ValueError, r"0 feature\(s\) \(shape=\(3, 0\)\)"),
    "one dimension": (np.arange(3.0), ValueError, "Reshape your data"),
    "three dimensions": (np.zeros((2, 2, 2)), ValueError, "dim 3"),
    "None": (None, ValueError, "^X is None; pass a table, such as a pandas DataFrame or a 2D array.$"),
    "file": ("table.csv", ValueError, r"^X is 'table.csv'; read the file first, .* pandas.read_csv\('table.csv'\).$"),
    "path": (Path("table.csv"), ValueError, "^X is .*Path.*; read the file first"),
    "dict": ({"a": [1]}, ValueError, r"^X is a dict, .*; pass pandas.DataFrame\(X\). It is {'a': \[1\]}.$"),
    "long dict": (dict.fromkeys(range(10**5)), ValueError, "^X is a dict, .{0,200}$"),
    "ragged": ([[1, 2], [3]], ValueError, "inhomogeneous"),
    "series": (pd.Series([1, 2]), ValueError, "Expected a 2-dimensional container|Expected 2D array"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_name_what_is_wrong(name):
    X, error, sentence = REFUSED[name]
    with pytest.raises(error, match=sentence):
        read_table(X)


def test_sparse_matrices_are_refused_in_the_words_of_scikit_learn():
    sparse = pytest.importorskip("scipy.sparse")
    for kind in (sparse.csr_array, sparse.dok_array, sparse.dok_matrix):
        with pytest.raises(TypeError, match="Sparse data was passed"):
            read_table(kind(np.eye(2)))


def test_odd_polars_input_is_refused():
    pl = pytest.importorskip("polars")
    with pytest.raises(TypeError, match="X is a lazy frame; collect it first"):
        read_table(pl.DataFrame({"a": [1]}).lazy())
    with pytest.raises(TypeError, match=r"Column 'a' of X has dtype List\(Int64\)"):
        read_table(pl.DataFrame({"a": [[1]]}))
    with pytest.raises(ValueError, match=r"0 sample\(s\)"):
        read_table(pl.DataFrame({"a": []}))
    with pytest.raises(ValueError, match="Column 'a' of X contains infinity"):
        read_table(pl.DataFrame({"a": [float("inf")]}))


def test_targets_are_refused_by_their_name():
    with pytest.raises(ValueError, match="requires y to be passed, but the target y is None"):
        read_target(None)
    with pytest.raises(ValueError, match="^y contains infinity"):
        read_target([1.0, np.inf])
    with pytest.raises(TypeError, match="^y: .*at least 1 dimension"):
        read_target(3)


SHAPELESS = {
    "empty": ([], r"0 sample\(s\)"),
    "empty series": (pd.Series([], dtype=float), r"0 sample\(s\)"),
    "empty frame": (pd.DataFrame({"a": []}), r"0 sample\(s\)"),
    "complex": (np.array([1j]), "Complex data not supported"),
    "three dimensions": (np.zeros((2, 2, 2)), "dim 3"),
    "text": ("price", "price"),
    "ragged": ([[1], [2, 3]], "inhomogeneous"),
}


@pytest.mark.parametrize("name", SHAPELESS)
def test_words_of_scikit_learn_about_targets_begin_with_their_name(name):
    y, sentence = SHAPELESS[name]
    with pytest.raises((TypeError, ValueError), match=f"(?s)^y: .*{sentence}") as caught:
        read_target(y)
    assert type(caught.value) in (TypeError, ValueError)
    if name not in ("empty", "text"):  # what is said of X stays as scikit-learn says it
        with pytest.raises(ValueError, match="^(?!X: )"):
            read_table(y)


def test_a_state_that_would_not_come_back_is_refused():
    zone = datetime.timezone(datetime.timedelta(hours=1), name="here")
    X = pd.DataFrame({"when": pd.to_datetime(["2020-01-01"]).tz_localize(zone)})
    table = read_table(X)
    pd.testing.assert_frame_equal(rebuilt(table), X)
    with pytest.raises(ValueError, match="Column 'when' has dtype .* cannot be written to a file"):
        table.form.get_state()


# categorical_features ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", [[True, False, True], [0, 2], ["a", "c"], np.array([0, 2]), pd.Index(["a", "c"])])
def test_categorical_features(chosen):
    table = read_table(pd.DataFrame({"a": [1, 2], "b": [1, 2], "c": ["x", "y"]}), categorical_features=chosen)
    assert [column.kind for column in table.columns] == ["categorical", "numeric", "categorical"]
    assert table.columns[0].values.tolist() == [1, 2]


MISNAMED = {
    "length": ([True, False], r"boolean mask must have shape \(n_features,\) = \(3,\), got: \(2,\)"),
    "range": ([0, 3], r"integer indices must be in \[0, n_features - 1\] = \[0, 2\], got: 3"),
    "negative": ([-1], "got: -1"),
    "name": (["a", "z"], "has the item 'z', which is not a feature name"),
    "word": ("auto", "must be 'from_dtype' or an array-like of bool, int or str, got: 'auto'"),
    "one name": ("b", r"got: 'b'. A list is meant: categorical_features=\['b'\]"),
    "one position": (1, r"got: 1. Columns are named in a list, such as categorical_features=\['a'\]"),
    "floats": ([0.5], "array-like of bool, int or str"),
    "shape": ([[0]], "array-like of bool, int or str"),
    "None": (None, "array-like of bool, int or str"),
}


@pytest.mark.parametrize("name", MISNAMED)
def test_categorical_features_that_do_not_fit(name):
    chosen, sentence = MISNAMED[name]
    with pytest.raises(ValueError, match=f"^categorical_features .*{sentence}"):
        read_table(pd.DataFrame({"a": [1], "b": [1], "c": [1]}), categorical_features=chosen)


# New data of a fitted layout --------------------------------------------------------------------------------


def form_of(*values, dtype=None):
    return read_table(pd.DataFrame({"x": pd.Series(list(values), dtype=dtype)})).form


def values_of(form, X):
    return form.read_like(X).columns[0].values.tolist()


def test_read_like_keeps_the_fitted_kind():
    assert values_of(form_of(1.5), np.array([[2]])) == [2]
    assert values_of(form_of(1, dtype="int64"), np.array([[True]])) == [1]
    assert values_of(form_of(1.5), np.array([[None]], dtype=object)) == [0]
    assert values_of(form_of("a"), np.array([[1.5], [np.nan]])) == [1.5, None]
    assert values_of(form_of("a", dtype="category"), pd.DataFrame({"x": ["b", "a"]})) == ["b", "a"]
    assert values_of(form_of(True), np.array([["a"]])) == ["a"]
    interval = pd.DataFrame({"x": pd.cut([1, 3], [0, 2, 4])})
    assert values_of(read_table(interval).form, interval) == ["(0, 2]", "(2, 4]"]


def test_read_like_converts_time():
    form = read_table(pd.DataFrame({"x": stamps("1970-01-02").dt.tz_localize("UTC").dt.as_unit("ms")})).form
    later = pd.DataFrame({"x": pd.to_datetime(["1970-01-02 00:00:01.002", None]).tz_localize("UTC").tz_convert(ZONE)})
    assert values_of(form, later) == [86_401_002, 0]
    assert values_of(form, later.to_numpy()) == [86_401_002, 0]
    berlin = read_table(pd.DataFrame({"x": stamps("2020-01-01").dt.tz_localize(ZONE).dt.as_unit("s")})).form
    assert values_of(berlin, later) == [90_001, 0]  # by the clocks of Berlin, whatever zone they are given in
    assert values_of(berlin, later.assign(x=later["x"].dt.tz_convert("Asia/Kathmandu"))) == [90_001, 0]
    dates = read_table(pd.DataFrame({"x": objects(DAY)})).form
    assert values_of(dates, pd.DataFrame({"x": [pd.Timestamp(DAY)]})) == [(DAY - datetime.date(1970, 1, 1)).days]


DIFFERENT = {
    "text": (form_of(1.5), [["a"]], "Column 0 of X holds 'a', but is a column of numbers"),
    "numbers": (read_table(pd.DataFrame({"x": stamps("2020-01-01")})).form, [[1]], "number, but held a datetime"),
    "naive": (
        read_table(pd.DataFrame({"x": stamps("2020-01-01").dt.tz_localize("UTC")})).form,
        pd.DataFrame({"x": stamps("2020-01-01")}),
        "Column 'x' of X holds a datetime, but held a datetime with a time zone when it was fitted",
    ),
    "range": (
        read_table(np.array([["2020-01-01"]], dtype="M8[ns]")).form,
        np.array([["9999-01-01"]], dtype="M8[s]"),
        r"Column 0 of X holds times beyond the range of datetime64\[ns\]",
    ),
    "infinite": (form_of("a"), [[np.inf]], "Column 0 of X contains infinity"),
    "columns": (form_of(1.5), [[1, 2]], "X has 2 features, but the fitted X is expecting 1 features as input"),
    "names": (form_of(1.5), pd.DataFrame({"z": [1.5]}), r"X lacks the columns \['x'\]"),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_read_like_refuses_what_is_different(name):
    form, X, sentence = DIFFERENT[name]
    with pytest.raises(ValueError, match=sentence):
        form.read_like(X)


def test_read_like_finds_columns_by_name_and_targets_by_position():
    form = read_table(pd.DataFrame({"a": [1], "b": ["x"]})).form
    table = form.read_like(pd.DataFrame({"b": ["y"], "a": [2]}))
    assert [column.values.tolist() for column in table.columns] == [[2], ["y"]]
    assert table.form is form
    target = read_target(pd.Series([1.5], name="price")).form
    assert target.read_like([2.5, 3.5], name="y").n_rows == 2
    assert target.read_like(pd.Series([2.5], name="cost"), name="y").n_rows == 1


# Objects, decimals, masks and labels ------------------------------------------------------------------------


class Color(Enum):
    RED = 1
    BLUE = 2


class Size(IntEnum):
    SMALL = 1
    LARGE = 2


class Word(StrEnum):
    YES = "yes"


WHOLE = {
    "UUIDs": objects(uuid.UUID(int=1), None, uuid.UUID(int=2)),
    "tuples": objects(("a", 1), ("a", 2), None),
    "nested tuples": objects(((1, 2), None), ((), 2.5)),
    "intervals": objects(pd.Interval(0, 1), pd.Interval(1, 2, closed="both")),
    "periods": objects(pd.Period("2020-01", "M"), pd.NaT, pd.Period("2021-02", "M")),
    "dates and text": objects(DAY, "never", None, DAY),
    "decimals and text": objects(Decimal("1.50"), "free"),
    "NumPy times and text": objects(np.datetime64("2020-01-01T00:00:00", "ns"), "never"),
    "frozensets": objects(frozenset({1}), frozenset({2, 3})),
    "enum": objects(Color.RED, Color.BLUE, None),
    "integer enum": objects(Size.SMALL, Size.LARGE),
    "text enum": objects(Word.YES, "no"),
    "category of UUIDs": pd.Series(pd.Categorical([uuid.UUID(int=2), None, uuid.UUID(int=1)])),
    "category of tuples": pd.Series(
        pd.Categorical.from_codes([1, -1, 0], categories=pd.Index([("a", 1), ("b", 2)], tupleize_cols=False))
    ),
}
NOT_SAVABLE = {"frozensets", "enum", "integer enum", "text enum"}


@pytest.mark.parametrize("name", WHOLE)
def test_objects_come_back_whole(name):
    X = pd.DataFrame({"x": WHOLE[name]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = read_table(X)
    forms = [table.form]
    if name in NOT_SAVABLE:
        reason = why_not_savable(table.form)
        assert reason.startswith("Column 'x' has dtype object, which cannot be written") and "astype" in reason
    else:
        assert why_not_savable(table.form) is None
        # As a file holds it.
        forms.append(form_from_state(_json_tree.decode(*_json_tree.encode(table.form.get_state()))))
    for form in forms:
        copy = form.rebuild([(column.values, column.missing) for column in table.columns])
        pd.testing.assert_frame_equal(copy, X)
        assert list(map(type, copy["x"])) == list(map(type, X["x"]))
        again = form.read_like(X).columns[0]
        assert again.values.tolist() == table.columns[0].values.tolist()


PRESENT = {
    "text": ("b", "a"),
    "ints": (2, 1),
    "decimals": (Decimal("1.50"), Decimal("2.25")),
    "durations": (HOUR, 2 * HOUR),
    "mixed": ("b", 1),
}
# name: (a missing value, the one that comes back)
MARKERS = {
    "None": (None, None),
    "NA": (pd.NA, pd.NA),
    "NaT": (pd.NaT, pd.NaT),
    "NumPy datetime": (np.datetime64("NaT"), pd.NaT),
    "NumPy duration": (np.timedelta64("NaT"), pd.NaT),
    "nan": (np.nan, np.nan),
    "NumPy nan": (np.float64("nan"), np.nan),
    "decimal": (Decimal("NaN"), Decimal("NaN")),
}


@pytest.mark.parametrize("marker", MARKERS)
@pytest.mark.parametrize("present", PRESENT)
def test_missing_objects_come_back_as_the_marker_of_the_column(present, marker):
    missing, expected = MARKERS[marker]
    first, last = PRESENT[present]
    for table in (
        read_table(pd.DataFrame({"x": objects(first, missing, last)})),
        read_table(np.array([[first], [missing], [last]], dtype=object)),
    ):
        assert table.columns[0].missing.tolist() == [False, True, False]
        for copy in copies(table):
            values = np.asarray(copy, dtype=object)[:, 0]
            assert (values[0], values[2]) == (first, last)
            assert type(values[1]) is type(expected) and repr(values[1]) == repr(expected)


def test_a_signalling_nan_is_refused_by_name():
    with pytest.raises(ValueError, match=r"Column 'x' of X holds Decimal\('sNaN'\).* replace it by None"):
        read_table(pd.DataFrame({"x": objects(Decimal(1), Decimal("sNaN"))}))


NO_VALUES = {
    "list": [1, 2],
    "dict": {"a": 1},
    "set": {1},
    "array": np.arange(3),
    "frame": pd.DataFrame({"a": [1]}),
    "series": pd.Series([1]),
    "tuple of lists": ([1], [2]),
}


@pytest.mark.parametrize("name", NO_VALUES)
@pytest.mark.parametrize("beside", ["text", 1.5, None])
def test_objects_that_are_no_values_are_refused(name, beside):
    value = NO_VALUES[name]
    rule = "but a cell of this argument must be one value, such as a string or a number; spread it .*astype"
    what = f"holds a {type(value).__name__}, {rule}"
    with pytest.raises(TypeError, match=f"^Column 'x' of X {what}"):
        read_table(pd.DataFrame({"x": objects(beside, value)}))
    with pytest.raises(TypeError, match=f"^y {what}"):
        read_target(objects(beside, value))


@pytest.mark.parametrize("name", ["list", "struct", "map", "view"])
def test_arrow_columns_that_could_not_be_written_are_refused(name):
    pa = pytest.importorskip("pyarrow")
    kind, value = {
        "list": (pa.list_(pa.int64()), [1]),
        "struct": (pa.struct([("a", pa.int64())]), {"a": 1}),
        "map": (pa.map_(pa.string(), pa.int64()), [("a", 1)]),
        "view": (pa.string_view(), "a"),
    }[name]
    X = pd.DataFrame({"x": pd.Series([value, None], dtype=pd.ArrowDtype(kind))})
    with pytest.raises(TypeError, match="^Column 'x' of X h.*convert"):
        read_table(X)


def test_objects_that_have_one_text_are_refused():
    with pytest.raises(ValueError, match=r"Column 'x' of X holds both '1' and Fraction\(1, 1\), which .* same text"):
        read_table(pd.DataFrame({"x": objects("1", Fraction(1))}))


def test_savable_dtypes_of_arrow():
    pa = pytest.importorskip("pyarrow")
    for kind, values in [
        (pa.dictionary(pa.int8(), pa.large_string(), ordered=True), ["a", None]),
        (pa.decimal256(50, 10), [Decimal("1.25"), None]),
        (pa.binary(2), [b"ab", None]),
    ]:
        X = pd.DataFrame({"x": pd.Series(values, dtype=pd.ArrowDtype(kind))})
        for copy in copies(read_table(X)):
            pd.testing.assert_frame_equal(copy, X)


def in_pandas_arrow(cents, scale):
    return arrow("decimal128", *cents, precision=38, scale=scale).to_frame("x")


def in_decimals(cents, scale):
    unit, exact = Decimal(1).scaleb(-scale), Context(prec=50)
    return pd.DataFrame({"x": pd.Series([cent.quantize(unit, context=exact) for cent in cents], dtype=object)})


def in_polars_decimals(cents, scale):
    pl = pytest.importorskip("polars")
    return pl.DataFrame({"x": pl.Series(cents, dtype=pl.Decimal(38, scale))})


def in_arrow_table(cents, scale):
    pa = pytest.importorskip("pyarrow")
    return pa.table({"x": pa.array(cents, pa.decimal128(38, scale))})


@pytest.mark.parametrize("hold", [in_pandas_arrow, in_decimals, in_polars_decimals, in_arrow_table])
@pytest.mark.parametrize("scale", [2, 10, 18])
@pytest.mark.parametrize("largest", [10**3, 10**7, 10**15])
def test_decimals_have_as_many_digits_as_the_data_use(hold, scale, largest):
    rng = np.random.default_rng(0)
    cents = [Decimal(int(cent)) / 100 for cent in rng.integers(1, largest, 200)]
    table = read_table(hold(cents, scale))
    encoder = TableEncoder(min_frequency=5).fit(table)
    drawn = encoder.decode(rng.uniform(-1, 1, (500, 1)).astype(np.float32))
    for form in (table.form, form_from_state(_json_tree.decode(*_json_tree.encode(table.form.get_state())))):
        copy = form.rebuild(drawn)["x"]
        values = copy.to_pylist() if hasattr(copy, "to_pylist") else list(copy)
        assert all(value * 100 == int(value * 100) for value in values)
        assert {value.as_tuple().exponent for value in values} == {-scale}
        assert min(cents) <= min(values) and max(values) <= max(cents)
    assert [float(cent) for cent in cents] == table.columns[0].values.tolist()


MASK = np.array([[False, True], [True, False]])
MASKED = {
    "floats": (np.array([[1.5, 2.5], [3.5, 4.5]], dtype=np.float32), [[1.5, None], [None, 4.5]], np.float32),
    "integers": (np.array([[1, 2], [3, 4]]), [[1.0, None], [None, 4.0]], np.float64),
    "text": (np.array([["a", "b"], ["c", "d"]]), [["a", None], [None, "d"]], object),
    "bools": (np.array([[True, False], [False, False]]), [[True, None], [None, False]], object),
    "objects": (np.array([["a", 2], ["c", 4]], dtype=object), [["a", None], [None, 4]], object),
    "times": (np.array([["2020-02-29", "2021-01-01"]] * 2, dtype="M8[D]"), [[DAY, None]], "M8[D]"),
}


@pytest.mark.parametrize("name", MASKED)
def test_masked_entries_are_missing_values(name):
    data, plain, dtype = MASKED[name]
    X = np.ma.masked_array(data, MASK)
    before = X.copy()
    table = read_table(X)
    np.testing.assert_array_equal(np.column_stack([column.missing for column in table.columns]), MASK)
    copy = rebuilt(table)
    assert copy.dtype == dtype and not isinstance(copy, np.ma.MaskedArray)
    shown = np.where(pd.isna(copy), None, copy.astype(object)).tolist()
    assert shown[: len(plain)] == plain
    np.testing.assert_array_equal(X.mask, before.mask)
    np.testing.assert_array_equal(X.data, before.data)
    assert read_target(X[:, 0]).columns[0].missing.tolist() == MASK[:, 0].tolist()
    again = table.form.read_like(X)
    assert [column.values.tolist() for column in again.columns] == [column.values.tolist() for column in table.columns]


def test_masked_arrays_without_masked_entries():
    objects = np.ma.masked_array(np.array([[1], ["a"]], dtype=object), [[False], [False]])
    assert read_table(objects).columns[0].values.tolist() == [1, "a"]
    for records in (np.ma.zeros((3, 1), "i4, f4"), np.ma.masked_array(np.zeros((0, 2), "i4, f4"), mask=False)):
        with pytest.raises((TypeError, ValueError), match="Column 0 of X has dtype|minimum of 1 is required"):
            read_table(records)


TARGETS = {name: make() for name, (make, _) in SERIES.items()} | WHOLE
TARGETS = {name: y[y.notna()].reset_index(drop=True) for name, y in TARGETS.items() if y.notna().any()}


@pytest.mark.parametrize("name", TARGETS)
def test_labels_can_be_read_again(name):
    y = TARGETS[name]
    table = read_target(y)
    values = table.columns[0].values
    labels = table.form.labels(values)
    assert labels.shape == (len(y),) and list(labels) == list(y)
    order = label_order(labels)
    assert sorted(order) == list(range(len(y)))
    # All of them, and one alone, as an array and as a list.
    assert table.form.read_like(labels, name="y").columns[0].values.tolist() == values.tolist()
    for label, value in zip(labels, values.tolist(), strict=True):
        alone = objects(label) if isinstance(label, tuple) else [label]
        assert table.form.read_like(alone, name="y").columns[0].values.tolist() == [value]


def test_labels_keep_their_types():
    def labels(*values, dtype=object):
        table = read_target(pd.Series(list(values), dtype=dtype))
        found = table.form.labels(table.columns[0].values)
        return found[label_order(found)]

    mixed = labels("a", 1)
    assert mixed.tolist() == [1, "a"] and mixed.dtype == object
    assert labels("b", "a").dtype.kind == "U" and labels("b", "a", dtype="str").tolist() == ["a", "b"]
    assert labels("a", "a\0").tolist() == ["a", "a\0"]
    assert labels(2, 1, dtype="Int64").tolist() == [1, 2] and labels(True, False).dtype == bool
    assert labels(3, 1, dtype="int8").dtype == np.int8
    assert labels((1, "b"), ("a", 2)).tolist() == [("a", 2), (1, "b")]  # cannot be compared: by their text


def test_text_of_any_character_comes_back():
    odd = ["a\0b", "a\0", "a", "", " ", "nan", "None", "\ud800", "\udcff\ud800", "\U0001f600", "é", "e\u0301"]
    X = pd.DataFrame({"x": objects(*odd)})
    table = read_table(X)
    encoder = TableEncoder(min_frequency=1).fit(table)
    columns = encoder.decode(encoder.encode(table).middle().numpy())
    for form in (table.form, form_from_state(_json_tree.decode(*_json_tree.encode(table.form.get_state())))):
        assert form.rebuild(columns)["x"].tolist() == odd


# Frames with several levels of column labels ----------------------------------------------------------------

def test_names_of_targets_and_intervals_are_kept_in_files():
    for name in ("a", 1, 1.5, None, ("a", 1), DAY, pd.Timestamp(DAY), uuid.UUID(int=1)):
        form = read_target(pd.Series([1, 2], name=name)).form
        assert why_not_savable(form) is None
        again = form_from_state(_json_tree.decode(*_json_tree.encode(form.get_state())))
        assert again.rebuild([(np.array([1, 2]), np.zeros(2, dtype=bool))]).name == name
    reason = why_not_savable(read_target(pd.Series([1], name=frozenset({1}))).form)
    assert reason.startswith("A series named frozenset({1}) cannot be written") and reason.endswith("name it by text.")
    labels = pd.interval_range(0, 2, name="ages")
    for copy in copies(read_table(pd.DataFrame([[1, 2]], columns=labels))):
        pd.testing.assert_index_equal(copy.columns, labels)


SEVERAL = pd.MultiIndex.from_tuples([("a", "x"), ("a", "y"), ("b", "")], names=["upper", None])


def test_frames_with_several_levels_of_labels():
    X = pd.DataFrame([[1.5, "u", 2], [2.5, "v", 3]], columns=SEVERAL)
    table = read_table(X, categorical_features=[("b", "")])
    assert [column.kind for column in table.columns] == ["numeric", "categorical", "categorical"]
    form = form_from_state(_json_tree.decode(*_json_tree.encode(table.form.get_state())))
    for copy in (*copies(table), form.rebuild([(column.values, column.missing) for column in table.columns])):
        pd.testing.assert_frame_equal(copy, X)
    # Columns are found by name.
    again = table.form.read_like(X.iloc[:, [2, 0, 1]])
    assert [column.values.tolist() for column in again.columns] == [[1.5, 2.5], ["u", "v"], [2, 3]]
    with pytest.raises(ValueError, match=r"X lacks the columns \[\('a', 'y'\)\], which the fitted X has"):
        table.form.read_like(X.drop(columns=[("a", "y")]))
    with pytest.raises(ValueError, match=r"has the item \('a', 'z'\), which is not a feature name"):
        read_table(X, categorical_features=[("a", "z")])


def test_missing_and_unknown_columns_are_named():
    form = read_table(pd.DataFrame({"a": [1], "b": ["x"], "c": [2]})).form
    with pytest.raises(ValueError, match=r"^X lacks the columns \['b'\], which the fitted X has.$"):
        form.read_like(pd.DataFrame({"a": [1], "c": [2]}))
    with pytest.raises(ValueError, match=r"^X has the columns \['z'\], which the fitted X does not have.$"):
        form.read_like(pd.DataFrame({"a": [1], "b": ["x"], "c": [2], "z": [3]}))
    with pytest.raises(ValueError, match="^X has 2 features, but the fitted X is expecting 3"):
        form.read_like(np.ones((1, 2)))


def levels_of(n):
    return [f"category {i % 3}" for i in range(n)]


@pytest.mark.parametrize(
    "make",
    [
        lambda: pd.DataFrame({"a": levels_of(99)}),
        lambda: pd.DataFrame({"a": pd.Series(levels_of(99), dtype="string[python]")}),
        lambda: pd.DataFrame({"a": levels_of(99)}, dtype="category"),
        lambda: pytest.importorskip("polars").DataFrame({"a": levels_of(99)}),
    ],
    ids=["str", "string", "category", "polars"],
)
def test_each_category_is_one_object_however_many_rows_hold_it(make):
    values = read_table(make()).columns[0].values
    assert values.tolist() == levels_of(99) and len(set(map(id, values))) == 3


@pytest.mark.parametrize("X", [np.arange(8.0).reshape(2, 4).T, np.arange(8).reshape(2, 4).T], ids=lambda X: X.dtype)
def test_numbers_that_need_no_change_are_not_copied(X):
    table = read_table(X)
    assert all(np.shares_memory(X, column.values) for column in table.columns)
    assert not any(np.shares_memory(X, column.values) for column in table.copy().columns)


def test_reading_leaves_what_it_reads_as_it_was():
    frame = pd.DataFrame({"a": [1.0, np.nan], "b": objects("x", None), "c": [1, 2]})
    before = frame.copy(deep=True)
    read_table(frame)
    pd.testing.assert_frame_equal(frame, before)
