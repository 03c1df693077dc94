"""The index of a pandas frame is modelled where it holds data, and restored as the index of generated frames."""

import pickle
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split

from skgan import AugmentedClassifier, ConditionalGANSampler, GANSampler, evaluate, load, save
from skgan.exceptions import IdentifierWarning, TextColumnWarning
from skgan.metrics import METRICS, get_scorer

N = 120
TINY = {"max_iter": 2, "refine": False, "hidden_layer_sizes": (4,), "random_state": 0}
RNG = np.random.default_rng(0)
DAYS = pd.date_range("2024-01-01", periods=N)


def frame(index=None):
    rng = np.random.default_rng(0)
    return pd.DataFrame({"x": rng.normal(size=N), "kind": rng.choice(["a", "b"], N)}, index=index)


KEPT = {
    "days": DAYS,
    "named days of a time zone": DAYS.tz_localize("Europe/Berlin").rename("day"),
    "seconds": DAYS.as_unit("s"),
    "days with a missing one": DAYS.where(np.arange(N) > 0),
    "periods": pd.period_range("2024-01", periods=N, freq="M"),
    "durations": pd.timedelta_range("1h", periods=N, freq="h"),
    "named groups": pd.Index(RNG.integers(0, 5, N), name="group"),
    "named bytes": pd.Index(RNG.integers(0, 5, N), dtype="int8", name="group"),
    "named floats": pd.Index(RNG.normal(size=N), name="depth"),
    "named texts": pd.Index(RNG.choice(["u", "v"], N), name="place"),
    "named objects": pd.Index(RNG.choice(["u", "v"], N), dtype=object, name="place"),
    "named categories": pd.CategoricalIndex(RNG.choice(["u", "v"], N), ["v", "u"], ordered=True, name="place"),
    "nullable": pd.Index(pd.array(RNG.integers(0, 5, N), dtype="Int16"), name="group"),
    "a name that a column has": pd.Index(RNG.integers(0, 5, N), name="x"),
    "a number as name": pd.Index(RNG.integers(0, 5, N), name=0),
    "a tuple as name": pd.Index(RNG.integers(0, 5, N), name=("a", 1)),
    "levels": pd.MultiIndex.from_arrays([RNG.choice(["u", "v"], N), DAYS], names=["place", None]),
    "levels of one name": pd.MultiIndex.from_arrays([RNG.integers(0, 3, N)] * 2, names=["a", "a"]),
    "unnamed levels with times": pd.MultiIndex.from_arrays([RNG.choice(["u", "v"], N), DAYS]),
}
DROPPED = {
    "numbers of the rows": pd.RangeIndex(N),
    "rows that a filter left": pd.RangeIndex(5, 5 + 2 * N, 2),
    "shuffled rows": pd.Index(RNG.permutation(N)),
    "unnamed texts": pd.Index([f"row {i}" for i in range(N)]),
    "unnamed levels": pd.MultiIndex.from_arrays([RNG.integers(0, 3, N), RNG.integers(0, 3, N)]),
}


def levels(index):
    return [index.get_level_values(i) for i in range(index.nlevels)]


@pytest.mark.parametrize("index", KEPT.values(), ids=KEPT)
def test_an_index_that_holds_data_is_restored(index, tmp_path):
    X = frame(index)
    sampler = GANSampler(**TINY).fit(X)
    rows = sampler.sample(30, random_state=1)
    assert type(rows.index) is type(index) and list(rows.index.names) == list(index.names)
    for new, old in zip(levels(rows.index), levels(index), strict=True):
        assert new.dtype == old.dtype
        known = new.dropna()
        if new.dtype.kind not in "OU":
            assert (known >= old.min()).all() and (known <= old.max()).all()
    assert list(rows.columns) == ["x", "kind"]
    assert sampler.n_features_in_ == 2 and sampler.feature_names_in_.tolist() == ["x", "kind"]
    save(sampler, tmp_path / "sampler.skgan")
    for copy in (load(tmp_path / "sampler.skgan"), pickle.loads(pickle.dumps(sampler))):
        pd.testing.assert_frame_equal(copy.sample(30, random_state=1), rows)
    assert 0 <= sampler.score(X) <= 1
    assert sampler.score_samples(X.iloc[::-1]).shape == (N,)
    assert len(sampler.invert(X.head(2))) == 2


@pytest.mark.parametrize("index", DROPPED.values(), ids=DROPPED)
def test_an_index_that_only_numbers_or_labels_rows_is_ignored(index):
    rows = GANSampler(**TINY).fit(frame(index)).sample(7, random_state=1)
    pd.testing.assert_frame_equal(rows, GANSampler(**TINY).fit(frame()).sample(7, random_state=1))


def test_a_split_of_a_plain_frame_stays_as_it_was():
    train, test = train_test_split(frame(), random_state=0)
    sampler = GANSampler(**TINY).fit(train)
    assert isinstance(sampler.sample(3).index, pd.RangeIndex)
    assert sampler.score(test) == sampler.score(test.reset_index(drop=True))


def test_the_index_is_learned_with_the_columns():
    days = pd.DatetimeIndex(np.where(np.arange(400) % 2, "2024-01-01", "2024-06-01"), name="day")
    X = pd.DataFrame({"kind": np.where(np.arange(400) % 2, "winter", "summer")}, index=days)
    rows = GANSampler(max_iter=300, random_state=0).fit(X).sample(400)
    right = np.where(rows["kind"] == "winter", "2024-01-01", "2024-06-01").astype("M8[ns]")
    assert (rows.index == right).mean() > 0.95


def test_identifiers_in_the_index_are_generated_anew():
    X = frame(pd.Index([f"ORD-{i:05d}" for i in range(N)], name="order_id"))
    with pytest.warns(IdentifierWarning, match="'order_id' holds identifiers"):
        sampler = GANSampler(**TINY).fit(X)
    assert sampler.id_columns_ == ["order_id"]
    rows = sampler.sample(50)
    assert rows.index.name == "order_id" and rows.index.is_unique
    assert rows.index.str.fullmatch(r"ORD-\d{5}").all() and not rows.index.isin(X.index).any()
    with warnings.catch_warnings():
        warnings.simplefilter("error", IdentifierWarning)
        named = GANSampler(id_columns=["order_id"], **TINY).fit(X)
    assert named.id_columns_ == ["order_id"]


@pytest.mark.filterwarnings("ignore::skgan.exceptions.FreeTextWarning")
def test_free_text_in_the_index_is_dropped_or_replaced():
    notes = pd.Index([f"patient {i} has some pain in knee {i}" for i in range(N)], name="note")
    X = frame(pd.MultiIndex.from_arrays([notes, DAYS], names=["note", "day"]))
    sampler = GANSampler(free_text="drop", **TINY).fit(X)
    rows = sampler.sample(5)
    assert rows.index.names == ["day"] and isinstance(rows.index, pd.DatetimeIndex)
    assert sampler.text_columns_ == ["note"] and sampler.score(X) <= 1
    replaced = GANSampler(**TINY).fit(frame(notes)).sample(5)
    assert set(replaced.index) == {"[text]"} and replaced.index.name == "note"
    with pytest.raises(ValueError, match=r"All columns of X hold identifiers or free text \('note'\)"):
        GANSampler(free_text="drop", **TINY).fit(pd.DataFrame({"note": notes}, index=DAYS))


def test_parameters_that_name_columns():
    X = frame(pd.Index(RNG.integers(0, 5, N), name="group"))
    for categorical_features in (["group"], ["kind", "group"]):
        rows = GANSampler(categorical_features=categorical_features, **TINY).fit(X).sample(30)
        assert set(rows.index) <= set(X.index)
    # Positions and masks are of the columns alone.
    GANSampler(categorical_features=[False, True], **TINY).fit(X)
    with pytest.raises(ValueError, match=r"shape \(n_features,\) = \(2,\)"):
        GANSampler(categorical_features=[False, True, True], **TINY).fit(X)
    with pytest.raises(ValueError, match=r"\[0, 1\], got: 2"):
        GANSampler(categorical_features=[2], **TINY).fit(X)


@pytest.mark.filterwarnings("ignore::skgan.exceptions.RareCategoryWarning")
def test_texts_in_the_index_that_hold_dates():
    X = frame(pd.Index(DAYS.strftime("%d.%m.%Y"), name="day"))
    with pytest.warns(TextColumnWarning, match="'day' looks like .*Convert it to numbers, dates or durations"):
        GANSampler(**TINY).fit(X)
    rows = GANSampler(infer_types=True, **TINY).fit(X).sample(20)
    assert pd.to_datetime(rows.index, format="%d.%m.%Y").max() <= DAYS.max()


@pytest.mark.filterwarnings("ignore:X does not have valid feature names")
def test_rows_without_the_index_are_refused():
    sampler = GANSampler(**TINY).fit(frame(DAYS.rename("day")))
    for X in (frame(), frame(pd.RangeIndex(N)), pl.DataFrame(frame()), frame().to_numpy()):
        with pytest.raises(ValueError, match="lacks the index 'day', which the fitted X has"):
            sampler.score(X)
    with pytest.raises(ValueError, match="The index of X holds a number, but held a datetime"):
        sampler.score(frame(pd.Index(RNG.permutation(N))))


def test_dtypes_that_cannot_be_read_are_named():
    X = frame(pd.IntervalIndex.from_breaks(range(N + 1), name="range"))
    with pytest.raises(TypeError, match="The index 'range' of X has dtype interval"):
        GANSampler(**TINY).fit(X)


def test_rows_and_targets_share_their_index():
    X = frame(DAYS.rename("day"))
    sampler = ConditionalGANSampler(**TINY).fit(X[["x"]], X["kind"])
    for y in (None, X["kind"].head(9)):
        X_new, y_new = sampler.sample(9, y=y) if y is None else sampler.sample(y=y)
        assert X_new.index.equals(y_new.index) and isinstance(y_new.index, pd.DatetimeIndex)
    assert isinstance(sampler.interpolate(0, 1, 3, y="a").index, pd.DatetimeIndex)
    assert 0 <= sampler.score(X[["x"]], X["kind"]) <= 1


def test_searches_scorers_metrics_and_reports():
    X = frame(DAYS.rename("day"))
    search = GridSearchCV(GANSampler(**TINY), {"latent_dim": [2, 3]}, cv=2).fit(X)
    assert isinstance(search.best_estimator_.sample(3).index, pd.DatetimeIndex)
    assert np.isfinite(get_scorer("column_shapes")(search.best_estimator_, X))
    synthetic = search.best_estimator_.sample(N)
    shapes = METRICS["column_shapes"].function
    assert shapes(X, synthetic, random_state=0, paired=False) == shapes(
        X.reset_index(drop=True), synthetic.reset_index(drop=True), random_state=0, paired=False
    )
    # A report compares columns; an index is compared once it is one.
    assert "day" not in set(evaluate(X, synthetic).to_frame()["column"])
    assert "day" in set(evaluate(X.reset_index(), synthetic.reset_index()).to_frame()["column"])


def test_augmented_estimators_ignore_it():
    X, sampler = frame(DAYS.rename("day")), ConditionalGANSampler(**TINY)
    pairs = [
        AugmentedClassifier(LogisticRegression(), sampler=sampler, n_synthetic=60, random_state=0).fit(rows, X["kind"])
        for rows in (X[["x"]], X[["x"]].reset_index(drop=True))
    ]
    np.testing.assert_array_equal(*(model.predict_proba(X[["x"]]) for model in pairs))


def test_over_sampling_ignores_it():
    pytest.importorskip("imblearn")
    from skgan.over_sampling import GANOverSampler

    X = frame(DAYS.rename("day"))
    y = np.where(np.arange(N) < 20, "rare", "common")
    for sampler in (ConditionalGANSampler(**TINY), GANSampler(**TINY)):
        rows, labels = GANOverSampler(sampler, n_candidates=1, random_state=0).fit_resample(X, y)
        assert rows.index.equals(pd.RangeIndex(len(labels))) and (labels == "rare").sum() == 100
