"""Data of which little can be learned: few rows, no values, whole numbers of many digits."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from problems import TINY

from skgan import ConditionalGANSampler, GANSampler
from skgan.exceptions import FewRowsWarning, LostDigitsWarning, RareCategoryWarning

N = 60
RNG = np.random.default_rng(0)
# 18 digits, none of which repeats.
LONG = np.sort(RNG.integers(10**17, 9 * 10**17, N))


def told(X, y=None, **parameters):
    """The warnings of a fit, without those of identifiers."""
    sampler = GANSampler if y is None else ConditionalGANSampler
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fitted = sampler(**{**TINY, "id_columns": None, "refine": False, **parameters}).fit(X, y)
    return fitted, caught


# Few rows -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n, said", [(1, "X has 1 row. "), (3, "X has 3 rows. "), (4, "X has 4 rows. ")])
def test_a_few_rows_are_told_once(n, said):
    X = pd.DataFrame({"x": range(n), "town": [f"town {i}" for i in range(n)]})
    _, caught = told(X)
    assert [each.category for each in caught] == [FewRowsWarning]
    assert str(caught[0].message).startswith(f"{said}So few cannot be learned: generated ones are copies of them")
    _, caught = told(X[["x"]], X["town"], target_type="classes")
    assert [each.category for each in caught] == [FewRowsWarning]


def test_five_rows_are_not_too_few():
    X = pd.DataFrame({"x": range(5), "town": list("abcde")})
    assert [each.category for each in told(X)[1]] == [RareCategoryWarning]


POSTCODES = RNG.integers(10_000, 99_999, N)


@pytest.mark.parametrize("name", ["PLZ", "zip", "Zip Code", "postal_code", "code postal", "userPostcode", "CP", "CAP"])
def test_postcodes_that_are_numbers_are_told(name):
    X = pd.DataFrame({"x": RNG.normal(size=N), name: POSTCODES})
    _, caught = told(X)
    assert [str(each.message) for each in caught] == [
        f"Column {name!r} is named as postcodes. It is learned as numbers, so that most generated ones do not exist. "
        f"Pass categorical_features=[{name!r}] to generate those of X."
    ]
    fitted, caught = told(X, categorical_features=[name])
    assert not any("postcodes" in str(each.message) for each in caught)
    assert set(fitted.sample(50)[name]) <= set(POSTCODES)


@pytest.mark.parametrize(("name", "values"), [
    ("market cap", POSTCODES), ("price", POSTCODES), ("zip", POSTCODES / 7), ("zip", POSTCODES % 7),
    ("plz", -POSTCODES), ("plz", POSTCODES * 10_000),
])
def test_other_numbers_are_no_postcodes(name, values):
    assert told(pd.DataFrame({"x": RNG.normal(size=N), name: values}))[1] == []


def test_postcodes_with_missing_values_are_told():
    X = pd.DataFrame({"zip": pd.Series(POSTCODES).where(np.arange(N) % 5 > 0), "plz": POSTCODES})
    assert str(told(X)[1][0].message).startswith("Columns 'zip', 'plz' are named as postcodes. They are learned as")


def test_a_few_images_are_told():
    _, caught = told(RNG.random((2, 8, 8)), id_columns="auto")
    assert "X has 2 images. So few cannot be learned" in str(caught[0].message)
    assert caught[0].category is FewRowsWarning


# No values ----------------------------------------------------------------------------------------------------------


def test_a_table_without_values_is_told():
    nothing = pd.DataFrame({"a": [np.nan] * N, "b": [None] * N})
    sampler, caught = told(nothing)
    assert [str(each.message) for each in caught] == [
        "All values of X are missing, and so are those of generated rows; check how X was read."
    ]
    assert sampler.sample(9).isna().all(axis=None)
    assert not told(nothing.assign(x=range(N)))[1]


# Long numbers -------------------------------------------------------------------------------------------------------

LOSING = {
    "int64": pd.Series(LONG),
    "negative": pd.Series(-LONG),
    "Int64": pd.Series([*LONG[1:], None], dtype="Int64"),
    "all of int64": pd.Series([-(2**63), 2**63 - 1] * (N // 2)) + np.arange(N) * np.where(np.arange(N) % 2, -1, 1),
    "uint64": pd.Series(LONG.astype(np.uint64) + np.uint64(2**63)),
    "uint64, repeated": pd.Series(np.array([2**63 + 1, 2**64 - 1] * (N // 2), dtype=np.uint64)),
    "UInt64": pd.Series([2**63 + 1, None] * (N // 2), dtype="UInt64"),
    "objects": pd.Series([10**20 + i for i in range(N)], dtype=object),
}  # fmt: skip
KEEPING = {
    "repeated": pd.Series(np.repeat(LONG[:6], N // 6)),
    "close to each other": pd.Series(10**18 + np.arange(N)),
    "with a large step": pd.Series(np.arange(N) * 10**16),
    "short": pd.Series(LONG // 10**4),
    "floats": pd.Series(LONG.astype(float)),
    "nanoseconds": pd.Series(LONG.astype("M8[ns]")),
    "text": pd.Series(LONG.astype(str)),
}


@pytest.mark.parametrize("values", LOSING.values(), ids=LOSING)
def test_lost_digits_are_told(values):
    _, caught = told(pd.DataFrame({"x": range(N), "a key": values}))
    [message] = [str(each.message) for each in caught if each.category is LostDigitsWarning]
    assert message.startswith("Column 'a key' of X holds whole numbers of so many digits that the last ones are lost")
    assert "pass id_columns=['a key'] to generate new ones, or convert them to text, by astype(str)" in message


@pytest.mark.parametrize("values", KEEPING.values(), ids=KEEPING)
def test_where_no_digit_is_lost_nothing_is_told(values):
    sampler, caught = told(pd.DataFrame({"x": range(N), "a key": values}))
    assert LostDigitsWarning not in {each.category for each in caught}


def test_numbers_that_are_kept_come_back_exactly():
    for name in ("repeated", "with a large step"):
        values = KEEPING[name]
        drawn = told(pd.DataFrame({"x": range(N), "a key": values}))[0].sample(500)["a key"]
        step = 10**16 if name == "with a large step" else 1
        assert (drawn % step == 0).all() and (name != "repeated" or drawn.isin(values).all())


def test_long_numbers_of_other_frames_and_arrays_are_told():
    large = pl.Series([2**63 + 1] * N, dtype=pl.UInt64)
    for X in (LONG[:, None], pl.DataFrame({"a": LONG}), pl.DataFrame({"a": large})):
        assert LostDigitsWarning in {each.category for each in told(X)[1]}
    arrow = pytest.importorskip("pyarrow")
    values = pd.Series(LONG, dtype=pd.ArrowDtype(arrow.int64()))
    assert LostDigitsWarning in {each.category for each in told(pd.DataFrame({"a": values}))[1]}


def test_long_numbers_that_are_declared():
    large = pd.DataFrame({"x": range(N), "code": LOSING["uint64, repeated"]})
    assert LostDigitsWarning in {each.category for each in told(large, categorical_features=["code"])[1]}
    exact = pd.DataFrame({"x": range(N), "code": KEEPING["repeated"]})
    sampler, caught = told(exact, categorical_features=["code"])
    assert not caught and sampler.sample(50)["code"].isin(exact["code"]).all()
    # Identifiers are exact.
    sampler, caught = told(pd.DataFrame({"x": RNG.normal(size=N), "key": LONG}), id_columns=["key"])
    assert not caught and sampler.sample(50)["key"].is_unique


def test_long_targets_are_told():
    X = pd.DataFrame({"x": range(N)})
    _, caught = told(X, LOSING["uint64, repeated"])
    assert any(str(each.message).startswith("y holds whole numbers of so many digits") for each in caught)
    assert not told(X, KEEPING["repeated"])[1]
