"""What X may be: each nasty table is fitted and comes back as it was."""

import datetime
import warnings

import numpy as np
import pandas as pd
import pytest
import torch
from problems import TINY, assert_same, small_array, small_frame, usual_factory
from sklearn.exceptions import ConvergenceWarning

from skgan import GANSampler
from skgan.exceptions import RareCategoryWarning
from skgan.games import AdversarialGame

N = 60
RNG = np.random.default_rng(0)
POSITIONS = np.arange(N)
TAILS = np.where(POSITIONS % 2, 1e12, 1e-12) * RNG.lognormal(size=N)


def resampled(X, n_samples=200, **parameters):
    """Rows of a sampler that had hardly any training: their columns must look right all the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RareCategoryWarning)
        # Columns that count are learned here like others.
        return GANSampler(**{**TINY, "id_columns": None, **parameters}).fit(X).sample(n_samples, random_state=0)


def frame(**columns):
    return pd.DataFrame(columns)


# Every table comes back in its own kind, inside its own range ---------------------------------------------------

ARRAYS = {
    "one column": RNG.standard_normal((N, 1)),
    "one row": np.array([[1.5, -2.0]]),
    "two rows": np.array([[1.5, -2.0], [3.25, 7.0]]),
    "one cell": np.array([[3.0]]),
    "duplicated rows": np.repeat(RNG.standard_normal((3, 2)), 20, axis=0),
    "constant": np.full((N, 2), 7.25),
    "constant beside not": np.column_stack([np.full(N, -1.0), RNG.standard_normal(N)]),
    "all missing": np.full((N, 2), np.nan),
    "all missing beside not": np.column_stack([np.full(N, np.nan), RNG.standard_normal(N)]),
    "one value, else missing": np.where(POSITIONS == 3, 2.5, np.nan)[:, None],
    "heavy tails": TAILS[:, None],
    "near the largest float": (np.linspace(-1, 1, N) * 1.7e308)[:, None],
    "near the smallest float": np.linspace(5e-324, 1e-310, N)[:, None],
    "float32 extremes": (np.linspace(-1, 1, N) * 3.4e38).astype(np.float32)[:, None],
    "float16": RNG.standard_normal((N, 1)).astype(np.float16),
    "close to each other": (1e9 + 1e-6 * POSITIONS)[:, None],
    "huge ints": (2**62 + POSITIONS)[:, None],
    "huge ints far apart": np.array([-(2**62), 0, 2**62] * 20)[:, None],
    "int64 bounds": np.array([np.iinfo(np.int64).min, np.iinfo(np.int64).max, 0] * 20)[:, None],
    "uint64": np.array([0, 2**63, 2**64 - 1] * 20, dtype=np.uint64)[:, None],
    "uint64, all different": (np.uint64(2**63) + POSITIONS.astype(np.uint64) * np.uint64(10**6))[:, None],
    "int8 bounds": np.array([-128, 127, 0] * 20, dtype=np.int8)[:, None],
    "int8, all different": np.linspace(-128, 127, N).astype(np.int8)[:, None],
    "big-endian": RNG.standard_normal((N, 2)).astype(">f8"),
    "bool": RNG.random((N, 2)) < 0.3,
    "text": np.array(["a", "bb", "ccc"])[RNG.integers(3, size=(N, 2))],
    "bytes": np.array([b"a", b"bb"])[RNG.integers(2, size=(N, 2))],
    "text, some empty": np.array(["", "b"])[RNG.integers(2, size=(N, 2))],
    "datetimes": (np.datetime64("2020-01-01") + POSITIONS)[:, None],
}


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("X", ARRAYS.values(), ids=ARRAYS)
def test_array_comes_back_as_it_was(X):
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)  # an overflow on the way is a wrong answer in the making
        drawn = resampled(X, refine=True)
    assert type(drawn) is np.ndarray
    assert drawn.shape == (200, X.shape[1])
    assert drawn.dtype == X.dtype
    for given, column in zip(X.T, drawn.T, strict=True):
        _check_column(pd.Series(_native(given)), pd.Series(_native(column)))


def _native(column):
    return column.astype(column.dtype.newbyteorder("="))


def _check_column(given, drawn):
    """Drawn values lie inside the observed range; drawn categories, and missing values, are observed in that column."""
    assert drawn.isna().any() <= given.isna().any()
    assert given.notna().any() or drawn.isna().all()
    drawn, given = drawn.dropna(), given.dropna()
    if given.dtype.kind in "fiuMm":
        assert ((drawn >= given.min()) & (drawn <= given.max())).all()
    else:
        assert set(drawn) <= set(given)
    if given.nunique() == 1:
        assert drawn.isin(given).all()


FRAMES = {
    "nullable ints": pd.array([1, None, 3, 4] * 15, dtype="Int64"),
    "small nullable ints": pd.array([1, None, 255, 4] * 15, dtype="UInt8"),
    "nullable floats": pd.array([1.5, None, 3.25, 4] * 15, dtype="Float32"),
    "nullable bools": pd.array([True, None, False] * 20, dtype="boolean"),
    "string": pd.array(["a", None, "b"] * 20, dtype="string"),
    "str": pd.Series(["a", "b", "c"] * 20),
    "str with missing values": pd.Series(["a", None, "c"] * 20),
    "date": pd.Series(pd.date_range("2020-01-01", periods=N)),
    "date in seconds": pd.Series(pd.date_range("2020-01-01", periods=N).astype("M8[s]")),
    "date with missing values": pd.Series(pd.date_range("2020-01-01", periods=N)).mask(POSITIONS % 4 == 0),
    "time zone": pd.Series(pd.date_range("2020-03-01", periods=N, tz="Europe/Berlin")),
    "time zone with missing values": pd.Series(pd.date_range("2020", periods=N, tz="UTC")).mask(POSITIONS % 4 == 0),
    "timedelta": pd.Series(pd.to_timedelta(POSITIONS, unit="h")),
    "period": pd.Series(pd.period_range("2020-01", periods=N, freq="M")),
    "ordered category, unused ones": pd.Series(
        pd.Categorical(["lo", "hi"] * 30, categories=["never", "lo", "mid", "hi"], ordered=True)
    ),
    "category with missing values": pd.Series(["x", None, "y"] * 20, dtype="category"),
    "category of numbers": pd.Series([0.5, 1.5, np.nan] * 20, dtype="category"),
    "category of dates": pd.Series(pd.to_datetime(["2020-01-01", "2021-06-01"] * 30)).astype("category"),
    "category of intervals": pd.cut(pd.Series(POSITIONS), [-1, 10, 30, 60]),
    "empty category": pd.Series(pd.Categorical([None] * N, categories=["a", "b"])),
    "all None": pd.Series([None] * N, dtype=object),
    "all NaT": pd.Series([pd.NaT] * N, dtype="M8[ns]"),
    "all NA": pd.array([None] * N, dtype="Int64"),
    "numbers as objects": pd.Series([1, 2, 3] * 20, dtype=object),
    "floats as objects, missing values": pd.Series([1.5, None, 3.25] * 20, dtype=object),
    "dates as objects": pd.Series([datetime.date(2020, 1, 1), datetime.date(2021, 1, 1)] * 30, dtype=object),
    "bools as objects": pd.Series([True, None, False] * 20, dtype=object),
    "text and numbers": pd.Series(["a", 1, 2.5] * 20, dtype=object),
    "every missing value": pd.Series([None, np.nan, pd.NA, pd.NaT, "b", "c"] * 10, dtype=object),
    "sparse": pd.Series(pd.arrays.SparseArray([0.0, 0.0, 1.5] * 20)),
}


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("column", FRAMES.values(), ids=FRAMES)
def test_frame_comes_back_as_it_was(column):
    X = frame(column=column, beside=RNG.standard_normal(N))
    drawn = resampled(X)
    assert drawn.columns.equals(X.columns)
    assert list(drawn.dtypes) == list(X.dtypes)
    given, back = X["column"], drawn["column"]
    assert back.isna().any() <= given.isna().any()
    given, back = given.dropna(), back.dropna()
    if isinstance(given.dtype, pd.CategoricalDtype) or given.dtype.kind not in "fiuMm":
        assert set(back) <= set(given)
        assert set(map(type, back)) <= set(map(type, given))
    else:
        assert back.between(given.min(), given.max()).all()


@pytest.mark.usefixtures("few_trees")
def test_column_labels_come_back():
    for labels in (["b", "a"], [3, 1], [("a", 1), ("b", 2)], pd.MultiIndex.from_tuples([("a", 1), ("b", 2)])):
        X = pd.DataFrame(RNG.standard_normal((N, 2)))
        X.columns = labels
        assert resampled(X, 5).columns.equals(X.columns)


# Many categories ----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("few_trees")
def test_ten_thousand_categories_cost_no_ten_thousand_columns():
    categories = np.array([f"category {i}" for i in range(10_000)])
    X = frame(category=categories[RNG.integers(10_000, size=20_000)], number=RNG.standard_normal(20_000))
    with pytest.warns(RareCategoryWarning, match="category"):
        sampler = GANSampler(**TINY).fit(X)
    assert sampler._model.encoder.spec_.width < 300
    drawn = sampler.sample(5000, random_state=0)
    assert drawn["category"].isin(X["category"]).all()
    assert drawn["category"].nunique() > 2000


def test_frequencies_of_many_categories_are_kept():
    # More categories than have a column of their own each.
    categories = np.array([f"category {i:04}" for i in range(150)])
    shares = np.r_[0.4, 0.2, np.full(148, 0.4 / 148)]
    X = frame(category=RNG.choice(categories, 2500, p=shares), number=RNG.standard_normal(2500))
    tables = (X, resampled(X, 5000, max_iter=20, refine=True))
    held, drawn = (table["category"].value_counts(normalize=True) for table in tables)
    assert abs(drawn["category 0000"] - held["category 0000"]) < 0.03
    assert abs(drawn["category 0001"] - held["category 0001"]) < 0.03


@pytest.mark.usefixtures("few_trees")
def test_text_unique_in_every_row():
    X = frame(name=[f"name {i}" for i in range(200)], number=RNG.standard_normal(200))
    with pytest.warns(RareCategoryWarning, match="'name'"):
        drawn = GANSampler(max_iter=2, random_state=0, id_columns=None).fit(X).sample(50)
    assert drawn["name"].isin(X["name"]).all()
    with pytest.raises(ValueError, match="column 'name'.* drop the column"):
        GANSampler(max_iter=2, random_state=0, id_columns=None, rare_categories="merge").fit(X)


# Distributions that hold whatever the network has learnt --------------------------------------------------------

BIG = 1000


def test_atoms_come_back_at_their_share():
    zeros = np.where(RNG.random(BIG) < 0.92, 0.0, RNG.lognormal(3, 1, BIG))
    X = frame(zeros=zeros, beside=RNG.standard_normal(BIG))
    for refine in (True, False):
        drawn = resampled(X, 5000, max_iter=10, refine=refine)["zeros"]
        assert abs((drawn == 0).mean() - (X["zeros"] == 0).mean()) < 0.03


def test_missing_values_come_back_at_their_rate_and_follow_another_column():
    number = RNG.standard_normal(BIG)
    X = frame(
        number=number,
        amount=np.where((number > 0.5) & (RNG.random(BIG) < 0.9), np.nan, RNG.standard_normal(BIG)),
        label=np.where((number < -0.5) & (RNG.random(BIG) < 0.9), None, np.where(RNG.random(BIG) < 0.5, "a", "b")),
    )
    drawn = resampled(X, 5000, max_iter=50, refine=True)
    for name in ("amount", "label"):
        assert abs(drawn[name].isna().mean() - X[name].isna().mean()) < 0.05
    assert drawn["amount"].isna()[drawn["number"] > 0.5].mean() > 0.7
    assert drawn["amount"].isna()[drawn["number"] < 0.3].mean() < 0.15
    assert drawn["label"].isna()[drawn["number"] < -0.5].mean() > 0.7
    assert drawn["label"].isna()[drawn["number"] > -0.3].mean() < 0.15


def test_heavy_tails_keep_both_ends():
    X = np.exp(RNG.uniform(np.log(1e-12), np.log(1e12), BIG))[:, None]
    drawn = resampled(X, 5000)
    assert (drawn > 0).all()
    for share in (0.1, 0.5, 0.9, 0.99):
        assert abs(np.log10(np.quantile(drawn, share)) - np.log10(np.quantile(X, share))) < 1.0


# Grids ----------------------------------------------------------------------------------------------------------

MANY = RNG.standard_normal(500)
GRIDS = {
    "tenths": (np.round(MANY * 10, 1), lambda x: np.round(x, 1) == x),
    "cents": (np.round(MANY * 1000, 2), lambda x: np.round(x, 2) == x),
    "tenths in float32": (np.round(MANY * 10, 1).astype(np.float32), lambda x: np.round(x, 1) == x),
    "25 grams": (np.rint(MANY * 100).astype(int) * 25, lambda x: x % 25 == 0),
    "25 grams in floats": (np.rint(MANY * 100) * 25.0, lambda x: x % 25 == 0),
    "25 grams from 7": (np.rint(MANY * 100).astype(int) * 25 + 7, lambda x: x % 25 == 7),
    "halves": (np.rint(MANY * 100) / 2, lambda x: x * 2 % 1 == 0),
    "thousands": (np.rint(MANY * 100) * 1000.0, lambda x: x % 1000 == 0),
    "whole numbers in floats": (np.rint(MANY * 1000), lambda x: x % 1 == 0),
    "whole days": (
        pd.Timestamp("2020-01-01") + pd.to_timedelta(np.rint(MANY * 300), unit="D"),
        lambda x: x.dt.normalize() == x,
    ),
    "whole minutes": (
        pd.to_timedelta(np.rint(MANY * 300), unit="min"),
        lambda x: x.dt.total_seconds() % 60 == 0,
    ),
}


@pytest.mark.parametrize(("values", "on_grid"), GRIDS.values(), ids=GRIDS)
def test_rounding_is_kept(values, on_grid):
    X = pd.DataFrame({"x": values})
    drawn = resampled(X, 3000)["x"]
    assert drawn.dtype == X["x"].dtype
    assert on_grid(drawn).all()
    assert drawn.nunique() > 100
    assert (~drawn.isin(X["x"])).any()  # between the values that were seen


@pytest.mark.usefixtures("few_trees")
def test_whole_days_of_a_time_zone_stay_midnight():
    days = pd.Series(pd.date_range("2020-01-01", periods=500, tz="Europe/Berlin"))
    drawn = resampled(days.to_frame("day"), 2000)["day"]
    assert (drawn.dt.normalize() == drawn).all()


def test_full_precision_stays_full_precision():
    drawn = resampled(MANY[:, None], 2000)
    assert len(np.unique(drawn)) > 1900
    assert (np.round(drawn, 6) != drawn).mean() > 0.99


# Rare categories ----------------------------------------------------------------------------------------------------


def _with_rare_levels():
    number = RNG.standard_normal(200)
    text = np.where(number > 0, "plus", "minus").astype(object)
    text[:2] = ["odd", "strange"]
    return frame(text=text, number=number, common=np.where(number > 0, "a", "b"))


@pytest.mark.usefixtures("few_trees")
def test_rare_categories_are_warned_about_by_column():
    X = _with_rare_levels()
    with pytest.warns(RareCategoryWarning, match=r"'text'.*min_frequency=5.*rare_categories='merge'") as caught:
        GANSampler(**TINY).fit(X)
    assert "'common'" not in str(caught[0].message)
    for name in ("odd", "strange", "plus"):
        assert name not in str(caught[0].message)  # the warning must not show what it warns of
    assert caught[0].filename == __file__


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize(("rare_categories", "min_frequency"), [("keep", 1), ("merge", 5)])
def test_no_warning_where_no_rare_category_is_shown(rare_categories, min_frequency):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        GANSampler(**TINY, rare_categories=rare_categories, min_frequency=min_frequency).fit(_with_rare_levels())
    assert RareCategoryWarning not in [warning.category for warning in caught]


@pytest.mark.usefixtures("few_trees")
def test_kept_rare_categories_are_shown():
    assert {"odd", "strange"} & set(resampled(_with_rare_levels(), 5000)["text"])


@pytest.mark.usefixtures("few_trees")
def test_merged_rare_categories_are_never_shown():
    X = _with_rare_levels()
    X.loc[:1, "number"] = 3.0  # like the rows of "plus"
    sampler = GANSampler(**TINY, rare_categories="merge").fit(X)
    drawn = sampler.sample(5000)
    assert set(drawn["text"]) == {"plus", "minus"}
    assert not drawn.isna().any().any()
    assert "odd" not in repr(sampler._get_state())
    assert np.isfinite(sampler.score_samples(X)).all()


@pytest.mark.usefixtures("few_trees")
def test_merged_rare_category_becomes_the_common_one_most_alike():
    X = frame(text=["a"] * 100 + ["b"] * 100 + ["odd"] * 4, number=np.r_[np.full(100, -5), np.full(104, 5.0)])
    merged = GANSampler(**TINY, rare_categories="merge").fit(X)._model.encoder.columns_[0]
    assert list(merged.categories) == ["b", "a"]
    np.testing.assert_allclose(np.exp(merged.log_frequencies), [104 / 204, 100 / 204])


@pytest.mark.usefixtures("few_trees")
def test_merging_in_a_category_keeps_the_dtype():
    X = frame(grade=pd.Categorical(["x"] * 50 + ["y"] * 8 + ["rare"] * 2, categories=["x", "rare", "y"], ordered=True))
    drawn = resampled(X, rare_categories="merge")
    assert drawn["grade"].dtype == X["grade"].dtype
    assert set(drawn["grade"]) == {"x", "y"}


# Numbers that are called categories -----------------------------------------------------------------------------


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("chosen", [[0], [True, False], ["code"]])
def test_declared_categories_are_never_between(chosen):
    X = frame(code=np.array([10, 20, 1000])[POSITIONS % 3], number=RNG.standard_normal(N))
    drawn = resampled(X, categorical_features=chosen)
    assert drawn["code"].dtype == X["code"].dtype
    assert set(drawn["code"]) == {10, 20, 1000}


@pytest.mark.usefixtures("few_trees")
def test_declared_categories_keep_missing_values():
    X = np.column_stack([np.array([1.0, 2.0, np.nan])[POSITIONS % 3], RNG.standard_normal(N)])
    drawn = resampled(X, categorical_features=[0])
    assert np.isnan(drawn[:, 0]).any()
    assert set(drawn[~np.isnan(drawn[:, 0]), 0]) == {1.0, 2.0}


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("values", [[True, False] * 2, list("wxyz")])
def test_merge_without_a_common_category_is_refused(values):
    with pytest.raises(ValueError, match="column 'b'.*rare_categories='keep'"):
        GANSampler(max_iter=2, rare_categories="merge", random_state=0).fit(pd.DataFrame({"b": values}))


@pytest.mark.usefixtures("few_trees")
def test_one_number_in_a_few_rows_is_not_shown():
    amount = np.full(200, np.nan)
    amount[[3, 17]] = 123456.78
    table = pd.DataFrame({"a": np.arange(200.0), "amount": amount})
    assert GANSampler(max_iter=2, random_state=0).fit(table).sample(2000)["amount"].isna().all()


@pytest.mark.usefixtures("few_trees")
def test_few_distinct_dates_stay_whole_days():
    days = pd.to_datetime(["2020-01-01", "2020-02-01", "2020-03-01", "2021-01-01", "2023-05-01"] * 3)
    drawn = GANSampler(max_iter=2, random_state=0).fit(pd.DataFrame({"day": days})).sample(200)["day"]
    assert (drawn == drawn.dt.normalize()).all() and drawn.between(days.min(), days.max()).all()


@pytest.mark.usefixtures("few_trees")
def test_few_distinct_hundreds_stay_hundreds():
    drawn = GANSampler(max_iter=2, random_state=0).fit(np.arange(100, 700, 100).repeat(3)[:, None]).sample(200)
    assert (drawn % 100 == 0).all()


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("state", [torch.no_grad, torch.inference_mode])
def test_gradients_switched_off_by_the_caller(state):
    with state():
        sampler = GANSampler(max_iter=3, random_state=0).fit(small_frame())
    assert_same(sampler.sample(5), GANSampler(max_iter=3, random_state=0).fit(small_frame()).sample(5))


@pytest.mark.usefixtures("few_trees")
def test_default_dtype_of_the_caller():
    expected = GANSampler(max_iter=3, random_state=0).fit(small_frame()).sample(5)
    torch.set_default_dtype(torch.float64)
    try:
        assert_same(GANSampler(max_iter=3, random_state=0).fit(small_frame()).sample(5), expected)
    finally:
        torch.set_default_dtype(torch.float32)


@pytest.mark.usefixtures("few_trees")
def test_no_update_is_said():
    with pytest.warns(ConvergenceWarning, match="max_time=1e-09"):
        GANSampler(max_time=1e-9, random_state=0).fit(small_frame())


# Two cores, or one: the same rows -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("refine", [True, False])
def test_the_number_of_cores_changes_no_bit(monkeypatch, refine):
    def rows_with(n_cores):
        monkeypatch.setattr("skgan.training._threads.joblib.cpu_count", lambda: n_cores)
        sampler = GANSampler(max_iter=6, batch_size=64, refine=refine, random_state=0).fit(small_frame(200))
        # Three blocks, of which one thread makes two.
        return sampler.sample(3000, random_state=0)

    assert_same(rows_with(1), rows_with(2))


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize(
    "batch_size, factory, rows_seen",
    [(64, None, 32), (65, None, 65), (32, None, 32), (64, usual_factory, 64)],
    ids=["halves", "odd", "small", "a network of the caller's"],
)
def test_large_even_batches_are_played_in_halves(monkeypatch, batch_size, factory, rows_seen):
    seen = set()
    begin = AdversarialGame.begin
    monkeypatch.setattr(AdversarialGame, "begin", lambda game, batch: seen.add(len(batch.real)) or begin(game, batch))
    parameters = {"generator": factory} if factory else {}
    GANSampler(**{**TINY, **parameters}, batch_size=batch_size).fit(small_array())
    assert seen == {rows_seen}
