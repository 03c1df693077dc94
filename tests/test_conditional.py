"""Conditions: what y may be, what conditions may be, and that rows follow them."""

import decimal
import warnings
from functools import cache

import numpy as np
import pandas as pd
import pytest
from problems import BLOB_MEANS, TINY, assert_same, blobs, small_array, small_frame
from sklearn.model_selection import GridSearchCV

from skgan import ConditionalGANSampler
from skgan.exceptions import RareCategoryWarning, UnseenConditionWarning
from skgan.refinement import _refine

pytestmark = pytest.mark.usefixtures("few_trees_in_module")

N = 60
X = small_array(N)
LABELS = np.array(["ash", "birch", "cedar"])[np.arange(N) % 3]


def fitted(y, **parameters):
    return ConditionalGANSampler(**{**TINY, **parameters}).fit(X, y)


# What counts as a class -----------------------------------------------------------------------------------------

POSITIONS = np.arange(N)
CLASSES = {
    "bool": POSITIONS % 2 == 0,
    "str": LABELS,
    "object": LABELS.astype(object),
    "bytes": LABELS.astype("S"),
    "category": pd.Series(LABELS, dtype="category"),
    "category of numbers": pd.Series(POSITIONS % 3 + 0.5).astype("category"),
    "nullable bool": pd.Series(POSITIONS % 2 == 0, dtype="boolean"),
    "nullable int": pd.Series(POSITIONS % 4, dtype="Int64"),
    "whole numbers, 50 distinct": POSITIONS % 50,
    "uint8": (POSITIONS % 4).astype(np.uint8),
    "ints as objects": (POSITIONS % 4).astype(object),
    "whole numbers in floats": (POSITIONS % 4).astype(float),
    "list": LABELS.tolist(),
    "column": LABELS.reshape(-1, 1),
}
CONTINUOUS = {
    "whole numbers, 51 distinct": POSITIONS % 51,
    "floats": np.linspace(0, 1, N),
    "few floats": np.array([0.5, 1.25, 3.0])[POSITIONS % 3],
    "whole numbers in floats, 51 distinct": (POSITIONS % 51).astype(float),
    "nullable float": pd.Series(np.linspace(0, 1, N), dtype="Float64"),
    "dates": pd.Series(pd.date_range("2020-01-01", periods=N)),
    "durations": pd.Series(pd.to_timedelta(POSITIONS * 7, unit="min")),
    "decimals as objects": np.array([decimal.Decimal(i) / 100 for i in range(N)], dtype=object),
}


@cache
def fitted_on(name):
    """A sampler for y of this name in CLASSES or CONTINUOUS, fitted once; its stream goes on from test to test."""
    return fitted({**CLASSES, **CONTINUOUS}[name])


@pytest.mark.parametrize("name, y", CLASSES.items(), ids=CLASSES)
def test_auto_takes_as_classes(name, y):
    sampler = fitted_on(name)
    known = set(np.ravel(np.asarray(y)).tolist())
    assert set(sampler.classes_.tolist()) == known
    assert set(np.ravel(np.asarray(sampler.sample(200)[1])).tolist()) <= known


@pytest.mark.parametrize("name, y", CONTINUOUS.items(), ids=CONTINUOUS)
def test_auto_takes_as_continuous(name, y):
    sampler = fitted_on(name)
    assert not hasattr(sampler, "classes_")
    drawn = pd.Series(sampler.sample(200)[1])
    low, high = pd.Series(y).min(), pd.Series(y).max()
    assert drawn.between(low, high).all()
    between = low + (high - low) / 3
    assert len(sampler.sample(3, y=between)[0]) == 3  # numbers need not have been seen


@pytest.mark.parametrize(
    ("y", "target_type", "is_class"),
    [
        (POSITIONS % 4, "continuous", False),
        (POSITIONS % 51, "classes", True),
        (np.linspace(0, 1, N), "classes", True),
        (LABELS, "classes", True),
    ],
)
def test_target_type_overrules(y, target_type, is_class):
    sampler = fitted(y, target_type=target_type)
    assert hasattr(sampler, "classes_") == is_class
    if is_class:
        np.testing.assert_array_equal(sampler.classes_, np.unique(y))


def test_classes_are_sorted_and_of_the_kind_of_y():
    assert fitted(LABELS[::-1]).classes_.tolist() == ["ash", "birch", "cedar"]
    numbers = fitted((POSITIONS % 3 - 1).astype(np.int8)).classes_
    assert numbers.tolist() == [-1, 0, 1]
    assert numbers.dtype.kind == "i"
    assert fitted(POSITIONS % 2 == 0).classes_.dtype == bool


def test_classes_only_with_one_class_target():
    sampler = fitted(np.column_stack([POSITIONS % 2, POSITIONS % 3]))
    assert not hasattr(sampler, "classes_")
    assert hasattr(sampler.fit(X, LABELS), "classes_")
    assert not hasattr(sampler.fit(X, np.linspace(0, 1, N)), "classes_")


# y comes back as it was -----------------------------------------------------------------------------------------

MIXED = pd.DataFrame({
    "tree": LABELS,
    "height": np.round(np.linspace(1, 30, N), 1),
    "planted": pd.date_range("2020-01-01", periods=N),
    "alive": pd.array(POSITIONS % 2 == 0, dtype="boolean"),
}, index=range(100, 100 + N))
KINDS = {
    **{name: y for name, y in CLASSES.items() if name != "list"},
    **CONTINUOUS,
    "float32": np.linspace(0, 1, N).astype(np.float32),
    "two columns": np.column_stack([POSITIONS % 2, POSITIONS % 3]),
    "two columns of text": np.column_stack([LABELS, LABELS[::-1]]),
    "one column of two dimensions": np.linspace(0, 1, N)[:, None],
    "named series": pd.Series(LABELS, name="tree", index=range(7, 7 + N)),
    "frame": MIXED,
    "frame of one column": MIXED[["tree"]],
}


@pytest.mark.parametrize("name, y", KINDS.items(), ids=KINDS)
def test_y_comes_back_as_it_was(name, y):
    sampler = fitted_on(name) if name in {**CLASSES, **CONTINUOUS} else fitted(y)
    drawn = sampler.sample(5)[1]
    for back in (drawn, sampler.sample(5, y=drawn)[1]):
        assert type(back) is type(y)
        assert back.shape == (5, *y.shape[1:])
        if isinstance(y, pd.DataFrame):
            assert back.dtypes.equals(y.dtypes)
        else:
            assert back.dtype == y.dtype
        if hasattr(y, "index"):
            assert back.index.equals(pd.RangeIndex(5))
        if isinstance(y, pd.Series):
            assert back.name == y.name


def test_polars_y_comes_back_as_it_was():
    polars = pytest.importorskip("polars")
    for y in (polars.Series("tree", LABELS.tolist()), polars.DataFrame({"tree": LABELS.tolist(), "n": POSITIONS % 3})):
        rows, drawn = ConditionalGANSampler(**TINY).fit(polars.from_pandas(small_frame(N)), y).sample(5)
        assert isinstance(rows, polars.DataFrame)
        assert type(drawn) is type(y)
        assert drawn.shape == (5, *y.shape[1:])


# Conditions asked for -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trees():
    return fitted(LABELS)


@pytest.fixture(scope="module")
def mixed():
    return fitted(MIXED)


@pytest.mark.parametrize("condition", ["birch", np.str_("birch"), np.array("birch")])
def test_scalar_is_one_condition_for_all_rows(trees, condition):
    rows, y = trees.sample(7, y=condition)
    assert rows.shape == (7, 2)
    assert y.tolist() == ["birch"] * 7
    assert len(trees.sample(y=condition)[0]) == 1


@pytest.mark.parametrize("condition", [2, 2.0, np.int64(2), np.float32(2), True])
def test_numbers_as_scalars(condition):
    y = fitted(POSITIONS % 4).sample(3, y=condition)[1]
    assert y.tolist() == [int(condition)] * 3
    assert y.dtype == POSITIONS.dtype


def test_time_as_scalar():
    dates = pd.Series(pd.date_range("2020-01-01", periods=N))
    y = fitted(dates).sample(3, y=pd.Timestamp("2020-01-20"))[1]
    assert (y == pd.Timestamp("2020-01-20")).all()


@pytest.mark.parametrize("make", [list, np.array, pd.Series, tuple])
@pytest.mark.parametrize("n_samples", [{}, {"n_samples": 1}, {"n_samples": 4}])
def test_one_condition_per_row(trees, make, n_samples):
    wanted = ["cedar", "ash", "ash", "birch"]
    rows, y = trees.sample(**n_samples, y=make(wanted))
    assert rows.shape == (4, 2)
    assert y.tolist() == wanted


def repeated(*labels):
    """A label per row, in turn."""
    return pd.Series([labels[i % len(labels)] for i in range(N)], dtype=object)


def test_one_class_that_is_a_tuple():
    first, second = ("a", 1), ("b", 2)
    for y in (repeated(first, second), repeated(first, second).to_frame("target")):
        sampler = fitted(y)
        for wanted, one_per_row in (
            (first, [first] * 2),
            ((first, second), [first, second]),
            ([second, first], [second, first]),
            (pd.Series([second] * 2), [second] * 2),
        ):
            rows, back = sampler.sample(2, y=wanted)
            assert len(rows) == 2 and np.asarray(back, dtype=object).ravel().tolist() == one_per_row
        assert len(sampler.interpolate(0, 1, 3, y=first)) == 3
        assert np.isfinite(sampler.score(X[:2], [first, second]))
        with pytest.raises(ValueError, match=r"y holds \"\('a', 2\)\".* known labels: \"\('a', 1\)\", "):
            sampler.sample(y=("a", 2))
    assert sampler.sample(y={"target": second})[1]["target"].tolist() == [second]


def test_a_tuple_that_may_be_one_class_or_several_is_refused():
    sampler = fitted(repeated("a", "b", ("a", "b")))
    with pytest.raises(ValueError, match=r"is a class, and a tuple of classes.* pass \[\('a', 'b'\)\] \* n_samples"):
        sampler.sample(2, y=("a", "b"))
    assert sampler.sample(2, y=[("a", "b")] * 2)[1].tolist() == [("a", "b")] * 2
    assert sampler.sample(2, y=["a", "b"])[1].tolist() == ["a", "b"]
    assert sampler.sample(2, y=("b", "b"))[1].tolist() == ["b", "b"]


def test_one_condition_per_row_of_several_targets():
    pairs = np.column_stack([POSITIONS % 2, POSITIONS % 3])
    sampler = fitted(pairs)
    for y in (pairs[:4], pairs[:4].tolist(), pd.DataFrame(pairs[:4])):
        rows, back = sampler.sample(4, y=y)
        assert rows.shape == (4, 2)
        np.testing.assert_array_equal(back, pairs[:4])
    rows, back = sampler.sample(4, y={0: 1, 1: 2})
    np.testing.assert_array_equal(back, [[1, 2]] * 4)


def test_dict_and_frame_for_mixed_targets(mixed):
    one = {"alive": False, "tree": "ash", "planted": pd.Timestamp("2020-02-02"), "height": 12.5}
    rows, y = mixed.sample(6, y=one)
    assert rows.shape == (6, 2)
    expected = pd.DataFrame([one] * 6)[list(MIXED)].astype(MIXED.dtypes)
    pd.testing.assert_frame_equal(y, expected)
    frame = MIXED.iloc[:4]
    for given in (frame, frame[frame.columns[::-1]]):  # columns are found by name
        pd.testing.assert_frame_equal(mixed.sample(y=given)[1], frame.reset_index(drop=True))


@pytest.mark.parametrize("n_samples", [2, 3, 5, 100])
def test_wrong_number_of_conditions(trees, n_samples):
    with pytest.raises(ValueError, match=rf"n_samples={n_samples}.*4"):
        trees.sample(n_samples, y=["ash"] * 4)


@pytest.mark.parametrize("condition", ["oak", ["ash", "oak"], np.array(["oak"]), pd.Series(["oak"])])
def test_unknown_label_lists_what_is_known(trees, condition):
    with pytest.raises(ValueError) as info:
        trees.sample(y=condition)
    for word in ("'oak'", "'ash'", "'birch'", "'cedar'"):
        assert word in str(info.value)


def test_unknown_number_lists_what_is_known():
    with pytest.raises(ValueError, match=r"9(?s:.)*0(?s:.)*1(?s:.)*2"):
        fitted(POSITIONS % 3).sample(y=9)


def test_unknown_label_of_several_targets_names_its_column(mixed):
    with pytest.raises(ValueError, match=r"'oak'.*tree.*'ash'"):
        mixed.sample(y=MIXED.iloc[:2].assign(tree="oak"))


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"tree": "ash"}, ["height", "planted", "alive"]),
        ({**dict.fromkeys(MIXED, 1), "leaf": 1}, ["leaf"]),
        ("ash", ["dict", "tree", "height"]),
        (3.5, ["dict", "tree", "height"]),
        (MIXED[["tree"]], ["height", "planted", "alive"]),
        ([["ash", 1.0]], ["2", "4"]),
        (MIXED.iloc[:2].assign(height=np.nan), ["missing", "height"]),
        (MIXED.iloc[:2].assign(height=np.inf), ["infin", "height"]),
        (MIXED.iloc[:2].assign(height="tall"), ["tall", "height"]),
    ],
)
def test_bad_conditions_for_several_targets(mixed, condition, words):
    with pytest.raises(ValueError) as info:
        mixed.sample(y=condition)
    for word in words:
        assert word in str(info.value)


@pytest.mark.parametrize("condition", [None, np.nan, pd.NA])
def test_missing_condition_among_conditions(trees, condition):
    with pytest.raises(ValueError, match="missing"):
        trees.sample(y=np.array(["ash", condition], dtype=object))


def test_failed_call_does_not_advance_the_stream():
    sampler, untouched = fitted(LABELS), fitted(LABELS)
    for y in ("oak", ["ash"] * 4):
        with pytest.raises(ValueError, match="y"):
            sampler.sample(3, y=y)
    assert_same(sampler.sample(5), untouched.sample(5))


def test_seed_holds_for_conditions_too(trees):
    first = trees.sample(5, y="ash", random_state=1)
    assert_same(trees.sample(5, y="ash", random_state=1), first)
    assert_same(trees.sample(y=["ash"] * 5, random_state=1), first)
    assert (trees.sample(5, y="ash", random_state=2)[0] != first[0]).any()


# Far from training ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("y", [50, [5.0, 50.0, 60.0], pd.Series([50.0])])
def test_a_number_far_beyond_training_is_warned_about_once(y):
    sampler = fitted(np.linspace(0, 10, N))
    with pytest.warns(UnseenConditionWarning) as caught:
        sampler.sample(y=y)
    (warning,) = caught
    assert str(warning.message).startswith("y is 50.0, far beyond the values in training, which range from")
    low, high = (float(word) for word in str(warning.message).split("about ")[1].split(";")[0].split(" to "))
    assert 0 <= low < 1 and 9 < high <= 10
    assert warning.filename == __file__
    with pytest.warns(UnseenConditionWarning, match="y is -3"):
        sampler.interpolate(1, 2, 3, y=-3)


def test_the_column_of_a_number_far_beyond_training_is_named(mixed):
    with pytest.warns(UnseenConditionWarning, match="y is 1000000.0 in column 'height', far beyond"):
        mixed.sample(y={**MIXED.iloc[0].to_dict(), "height": 1e6})


def test_a_number_far_beyond_training_is_replaced_by_the_nearest():
    sampler = fitted(np.linspace(0, 10, N))
    with pytest.warns(UnseenConditionWarning):
        drawn, y = sampler.sample(4, y=50, random_state=0)
    np.testing.assert_array_equal(drawn, sampler.sample(4, y=10, random_state=0)[0])
    assert y.tolist() == [50] * 4


def test_a_date_far_beyond_training_is_shown_as_a_date():
    sampler = fitted(pd.Series(pd.date_range("2020-01-01", periods=N)))
    with pytest.warns(UnseenConditionWarning, match=r"y is 1999-12-31T00:00:00.* about 2020-01-0\d.* to 2020-02-2"):
        sampler.sample(y=pd.Timestamp("1999-12-31"))


@pytest.mark.parametrize("y", [np.linspace(0, 10, N), np.geomspace(1, 1e6, N), [*np.linspace(0, 1, N - 1), 1e4]])
def test_conditions_of_training_are_not_warned_about(y):
    sampler = fitted(np.array(y))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        _, given = sampler.sample(y=y)
        drawn, _ = sampler.sample(N)
    assert [str(warning.message) for warning in caught] == []
    np.testing.assert_array_equal(given, y)
    assert drawn.shape == X.shape


def test_rows_of_unseen_classes_count_as_told_apart():
    sampler = fitted(LABELS)
    known = sampler.score(X, LABELS)
    assert known > 0
    with pytest.warns(UnseenConditionWarning, match="60 of 120 rows have a class as y that was not in training"):
        assert 0 < sampler.score(np.vstack([X, X]), [*LABELS, *["oak"] * N]) < 0.6
    with pytest.warns(UnseenConditionWarning):
        assert sampler.score(X, ["oak"] * N) == 0.0


@pytest.mark.filterwarnings("ignore::skgan.exceptions.UnseenConditionWarning")
def test_a_search_over_sorted_classes_has_finite_scores():
    search = GridSearchCV(ConditionalGANSampler(**TINY), {"max_iter": [2]}, cv=3).fit(X, np.sort(LABELS))
    assert search.cv_results_["mean_test_score"] == [0.0]


def test_the_name_of_a_column_as_y_says_what_to_pass():
    frame = small_frame().assign(Churn=LABELS)
    sampler = ConditionalGANSampler(**TINY)
    with pytest.raises(ValueError, match=r'X=df.drop\(columns="Churn"\), y=df\["Churn"\]'):
        sampler.fit(frame, "Churn")
    sampler.fit(frame.drop(columns="Churn"), frame["Churn"])
    for method in (sampler.score, sampler.invert):
        with pytest.raises(ValueError, match=r'y=df\["Churn"\]'):
            method(frame.drop(columns="Churn"), "Churn")


# Missing targets ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "y",
    [
        pd.Series([np.nan, *np.linspace(0, 1, N - 1)]),
        np.array([None, *LABELS[1:]], dtype=object),
        pd.Series([pd.NaT, *pd.date_range("2020", periods=N - 1)]),
        pd.Series([None, *LABELS[1:]], dtype="category"),
        pd.Series([pd.NA, *(POSITIONS[1:] % 3)], dtype="Int64"),
        MIXED.assign(height=np.nan),
    ],
)
def test_missing_y_at_fit(y):
    with pytest.raises(ValueError, match=r"y.*missing"):
        fitted(y)


# Rows follow y --------------------------------------------------------------------------------------------------


def test_rows_follow_their_class():
    table, y = blobs(300)
    sampler = ConditionalGANSampler(max_iter=60, random_state=0).fit(table, y)
    for label, mean in enumerate(BLOB_MEANS):
        rows, _ = sampler.sample(300, y=label, random_state=0)
        np.testing.assert_allclose(rows.mean(0), mean, atol=0.8)
    rows, drawn = sampler.sample(300, random_state=1)
    nearest = ((rows[:, None] - BLOB_MEANS) ** 2).sum(2).argmin(1)
    assert (nearest == drawn).mean() > 0.9


def test_rows_follow_a_continuous_target():
    rng = np.random.default_rng(0)
    y = rng.uniform(-3, 3, 300)
    table = (y + 0.3 * rng.standard_normal(300))[:, None]
    sampler = ConditionalGANSampler(max_iter=60, random_state=0).fit(table, y)
    rows, drawn = sampler.sample(300, random_state=0)
    assert np.corrcoef(rows[:, 0], drawn)[0, 1] > 0.9
    at_two = sampler.sample(300, y=2.0, random_state=0)[0]
    assert abs(at_two.mean() - 2) < 0.5


def test_rows_follow_both_of_two_targets():
    rng = np.random.default_rng(0)
    y = pd.DataFrame({"side": np.where(rng.random(300) < 0.5, "left", "right"), "shift": rng.uniform(0, 1, 300)})
    table = np.column_stack([np.where(y["side"] == "left", -5, 5), 4 * y["shift"]])
    table = table + 0.2 * rng.standard_normal(table.shape)
    sampler = ConditionalGANSampler(max_iter=100, random_state=0).fit(table, y)
    for side, sign in (("left", -1), ("right", 1)):
        for shift in (0.2, 0.8):
            rows = sampler.sample(200, y={"side": side, "shift": shift}, random_state=0)[0]
            assert (np.sign(rows[:, 0]) == sign).mean() > 0.85
            assert abs(rows[:, 1].mean() - 4 * shift) < 0.8


# y=None draws y as in training ----------------------------------------------------------------------------------


def test_classes_are_drawn_at_their_frequencies():
    y = np.repeat(["common", "middle", "rare"], [40, 17, 3])
    drawn = pd.Series(fitted(y).sample(20_000, random_state=0)[1]).value_counts(normalize=True)
    for label, share in (("common", 40 / 60), ("middle", 17 / 60), ("rare", 3 / 60)):
        assert abs(drawn[label] - share) < 0.02


def test_continuous_targets_are_drawn_as_they_are_distributed():
    y = np.exp(np.linspace(0, 5, N))
    drawn = fitted(y).sample(20_000, random_state=0)[1]
    assert drawn.min() >= y.min()
    assert drawn.max() <= y.max()
    assert not np.isin(drawn, y).any()  # numbers that a single row holds are not shown either
    for share in (0.25, 0.5, 0.75):
        assert abs((drawn < np.quantile(y, share)).mean() - share) < 0.03


def test_several_targets_are_drawn_together():
    rng = np.random.default_rng(0)
    height = rng.uniform(0, 10, N)
    y = pd.DataFrame({"tall": height > 5, "height": height, "group": np.where(height > 5, "A", "B")})
    drawn = fitted(y).sample(5000, random_state=0)[1]
    assert (drawn["tall"] == (drawn["group"] == "A")).all()
    assert (drawn["tall"] == (drawn["height"] > 5)).mean() > 0.9
    assert abs(drawn["tall"].mean() - y["tall"].mean()) < 0.03


def test_dates_are_continuous_however_few():
    days = pd.Series(pd.date_range("2024-01-01", periods=4).repeat(10))
    sampler = ConditionalGANSampler(max_iter=2, random_state=0).fit(np.arange(40.0)[:, None], days)
    assert not hasattr(sampler, "classes_")
    _, drawn = sampler.sample(5)
    assert drawn.dtype == days.dtype and drawn.between(days.min(), days.max()).all()


@pytest.mark.parametrize("shape", [lambda y: pd.DataFrame({"t": y}), lambda y: np.array(y, dtype=object)[:, None]])
def test_a_single_column_takes_what_one_dimension_takes(shape):
    labels = ["a", "b"] * 20
    sampler = ConditionalGANSampler(max_iter=2, random_state=0).fit(small_array(40), shape(labels))
    _, drawn = sampler.sample(3, y="b")
    assert type(drawn) is type(shape(labels)) and np.ravel(drawn).tolist() == ["b"] * 3
    assert np.ravel(sampler.sample(y=["b", "a"])[1]).tolist() == ["b", "a"]
    assert 0 <= sampler.score(small_array(40), pd.Series(labels)) <= 1


def test_rare_classes_are_warned_about():
    with pytest.warns(RareCategoryWarning, match="y has classes that occur in fewer than 5 rows"):
        ConditionalGANSampler(max_iter=2, random_state=0).fit(small_array(41), ["a", "b"] * 20 + ["c"])


@pytest.mark.parametrize("kinds, classes", [("c", [0]), ("a", []), ("ac", [1]), ("cac", [0, 2])])
def test_refinement_balances_the_classes_of_y_alone(monkeypatch, kinds, classes):
    balanced = []

    class Recorded(_refine.RatioTrees):
        def __init__(self, real, generated, ordered, seed, **options):
            balanced.append(list(options["balanced"]))
            super().__init__(real, generated, ordered, seed, **options)

    monkeypatch.setattr(_refine, "RatioTrees", Recorded)
    columns = {"c": np.array(["a", "b"])[np.arange(N) % 2], "a": np.linspace(0, 1, N)}
    fitted(pd.DataFrame({f"t{i}": columns[kind] for i, kind in enumerate(kinds)}), refine=True)
    assert balanced and all(some == [X.shape[1] + i for i in classes] for some in balanced)
