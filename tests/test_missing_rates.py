"""Missing values are as frequent in generated rows as in the data, whatever the dtype and however many categories."""

import datetime
import uuid
import warnings
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from skgan import GANSampler
from skgan._forms import read_table
from skgan.encoders import TableEncoder

pytestmark = pytest.mark.usefixtures("few_trees_in_module")

N_ROWS, N_DRAWN = 1000, 1000
DAY = pd.Timestamp("2020-01-01")


def series(values, dtype):
    return pd.DataFrame({"x": pd.Series(values, dtype=dtype)})


def categories(values, **options):
    known = sorted({value for value in values if value is not None})
    return pd.DataFrame({"x": pd.Categorical(values, categories=known, **options)})


def arrow(values, make):
    pa = pytest.importorskip("pyarrow")
    return pd.DataFrame({"x": pd.Series(values, dtype=pd.ArrowDtype(make(pa)))})


def polars(values, name):
    pl = pytest.importorskip("polars")
    if name == "Enum":
        return pl.DataFrame({"x": pl.Series(values, dtype=pl.Enum(sorted({v for v in values if v is not None})))})
    return pl.DataFrame({"x": pl.Series(values, dtype=getattr(pl, name))})


def text(i):
    return f"value {i}"


# name: (the i-th distinct value, how values and None become a frame)
KINDS = {
    "object": (text, lambda v: series(v, object)),
    "str": (text, lambda v: series(v, "str")),
    "string": (text, lambda v: series(v, "string[python]")),
    "string[pyarrow]": (text, lambda v: pytest.importorskip("pyarrow") and series(v, "string[pyarrow]")),
    "arrow string": (text, lambda v: arrow(v, lambda pa: pa.string())),
    "arrow dictionary": (text, lambda v: arrow(v, lambda pa: pa.dictionary(pa.int32(), pa.string()))),
    "category": (text, categories),
    "category, ordered": (text, lambda v: categories(v, ordered=True)),
    "category of numbers": (int, categories),
    "boolean": (lambda i: i % 2 == 0, lambda v: series(v, "boolean")),
    "object of bools": (lambda i: i % 2 == 0, lambda v: series(v, object)),
    "Int64": (int, lambda v: series(v, "Int64")),
    "float": (lambda i: i / 4, lambda v: series(v, float)),
    "datetime": (lambda i: DAY + pd.Timedelta(i, unit="D"), lambda v: series(v, "M8[us]")),
    "datetime with zone": (
        lambda i: (DAY + pd.Timedelta(i, unit="D")).tz_localize("Europe/Berlin"),
        lambda v: series(v, "datetime64[us, Europe/Berlin]"),
    ),
    "timedelta": (lambda i: pd.Timedelta(i, unit="h"), lambda v: series(v, "m8[us]")),
    "period": (lambda i: pd.Period("2020-01", "M") + i, lambda v: series(v, "period[M]")),
    "object of dates": (lambda i: (DAY + pd.Timedelta(i, unit="D")).date(), lambda v: series(v, object)),
    "object of times": (lambda i: datetime.time(i // 60, i % 60), lambda v: series(v, object)),
    "object of decimals": (lambda i: Decimal(i) / 4, lambda v: series(v, object)),
    "object of UUIDs": (lambda i: uuid.UUID(int=i), lambda v: series(v, object)),
    "object of tuples": (lambda i: ("a", i), lambda v: series(v, object)),
    "polars String": (text, lambda v: polars(v, "String")),
    "polars Categorical": (text, lambda v: polars(v, "Categorical")),
    "polars Enum": (text, lambda v: polars(v, "Enum")),
    "polars Int64": (int, lambda v: polars(v, "Int64")),
    "int": (int, lambda v: series(v, "int64")),
    "bool": (lambda i: i % 2 == 0, lambda v: series(v, bool)),
}
WITHOUT_MISSING = ("int", "bool")
CASES = [
    (name, n_distinct, rate)
    for name in KINDS
    for n_distinct in (1, 3, 150, 500)
    for rate in (0.0, 0.3, 0.9)
    if rate == 0 or name not in WITHOUT_MISSING
]


def frame_of(name, n_distinct, rate, n_rows=N_ROWS):
    """A column of `n_rows` rows, of which a share of exactly `rate` is missing."""
    value_of, make = KINDS[name]
    rng = np.random.default_rng(n_distinct)
    values = [value_of(i % n_distinct) for i in rng.permutation(n_rows).tolist()]
    for row in rng.permutation(n_rows)[: int(rate * n_rows)]:
        values[row] = None
    return make(values)


def random_rows(spec, n_rows):
    """Encoded rows such as a generator gives: categories at their frequencies, numbers anywhere in [-1, 1]."""
    rng = np.random.default_rng(0)
    rows = np.zeros((n_rows, spec.width), dtype=np.float32)
    for span in spec.spans:
        if span.kind == "categorical":
            shares = np.exp(np.array(span.log_frequencies))
            rows[np.arange(n_rows), span.start + rng.choice(span.width, n_rows, p=shares / shares.sum())] = 1
        else:
            rows[:, span.start] = rng.uniform(-1, 1, n_rows)
    return rows


def missing_in(frame):
    """Which values of the column x of a frame are missing, a bool array."""
    x = frame["x"]
    return x.isna().to_numpy() if isinstance(frame, pd.DataFrame) else x.is_null().to_numpy()


@pytest.mark.parametrize(("name", "n_distinct", "rate"), CASES)
def test_missing_rates_agree(name, n_distinct, rate):
    X = frame_of(name, n_distinct, rate)
    table = read_table(X)
    encoder = TableEncoder(min_frequency=5).fit(table)

    # What was encoded comes back in its place.
    columns = encoder.decode(encoder.encode(table).middle().numpy())
    again = table.form.rebuild(columns)
    np.testing.assert_array_equal(missing_in(again), missing_in(X))
    if table.columns[0].kind == "categorical":
        assert columns[0][0].tolist() == table.columns[0].values.tolist()

    # Rows of a generator have the rate of the data, and none where the data have none.
    drawn = table.form.rebuild(encoder.decode(random_rows(encoder.spec_, N_DRAWN)))
    found = missing_in(drawn).mean()
    real = missing_in(X).mean()
    assert abs(real - rate) < 1e-3
    assert abs(found - real) <= 5 * np.sqrt(real * (1 - real) / N_DRAWN)
    assert list(drawn.columns) == ["x"] and drawn["x"].dtype == X["x"].dtype


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("n_rows", [1, 2, 5, 19])
def test_few_rows_without_missing_values_get_none(name, n_rows):
    X = frame_of(name, n_rows, 0.0, n_rows)
    table = read_table(X)
    for min_frequency in (1, 5):
        encoder = TableEncoder(min_frequency=min_frequency).fit(table)
        drawn = table.form.rebuild(encoder.decode(random_rows(encoder.spec_, 200)))
        assert not missing_in(drawn).any()


DTYPES = {"object": object, "str": "str", "string": "string", "category": "category"}


@pytest.mark.parametrize("refine", [False, True])
@pytest.mark.parametrize("n_rows", [12, 300])
def test_samplers_keep_what_is_missing(n_rows, refine):
    rng = np.random.default_rng(0)
    columns = {"number": rng.normal(size=n_rows)}
    for word, dtype in DTYPES.items():
        for rate in (0.0, 0.4):
            values = np.array([f"value {i}" for i in rng.permutation(n_rows)], dtype=object)
            values[rng.permutation(n_rows)[: int(rate * n_rows)]] = None
            columns[f"{word} {rate}"] = pd.Series(values, dtype=dtype)
    X = pd.DataFrame(columns)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        drawn = GANSampler(max_iter=3, refine=refine, random_state=0).fit(X).sample(300)
    for name in columns:
        rate = drawn[name].isna().mean()
        assert 0.1 < rate < 0.7 if name.endswith("0.4") else rate == 0, name
