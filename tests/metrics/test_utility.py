"""train_on_synthetic: models fitted on synthetic rows and scored on real ones."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from problems import adult_like, blobs, small_frame
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, make_scorer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from skgan._forms import read_table
from skgan.metrics import Utility, train_on_synthetic
from skgan.metrics._utility import _ratio

REAL, SYNTHETIC, TEST = (blobs(300, random_state=seed) for seed in range(3))


def line(n_samples=300, random_state=0):
    """X (n, 2), and y that is linear in its first column."""
    X = np.random.default_rng(random_state).standard_normal((n_samples, 2))
    return X, 3 * X[:, 0] + 0.1 * np.random.default_rng(random_state + 100).standard_normal(n_samples)


def table(pair):
    """(X, y) as one frame, in which y has the name "y"."""
    X, y = pair
    return pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": y})


def shuffled(pair):
    X, y = pair
    return X, np.random.default_rng(0).permutation(y)


# Known answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("estimator", [None, LogisticRegression()])
def test_real_rows_teach_as_well_as_themselves(estimator):
    result = train_on_synthetic(estimator, REAL, REAL, TEST)
    assert isinstance(result, Utility)
    assert all(type(number) is float for number in result)
    assert result.synthetic == result.real > 0.98
    assert result.ratio == 1.0


@pytest.mark.parametrize("estimator", [None, LogisticRegression()])
def test_fresh_real_rows_teach_as_well(estimator):
    assert train_on_synthetic(estimator, REAL, SYNTHETIC, TEST).ratio == pytest.approx(1, abs=0.02)


def test_shuffled_labels_teach_nothing():
    real, synthetic, test = ((X, (amounts > 0).astype(int)) for X, amounts in (line(800, seed) for seed in range(3)))
    result = train_on_synthetic(None, real, shuffled(synthetic), test)
    assert result.synthetic == pytest.approx(0.5, abs=0.1)
    assert result.real > 0.98
    assert result.ratio == result.synthetic / result.real


def test_swapped_labels_teach_the_wrong_way_round():
    real, test = (tuple(rows[y < 2] for rows in (X, y)) for X, y in (REAL, TEST))
    result = train_on_synthetic(None, real, (real[0], 1 - real[1]), test)
    assert result.real == 1
    assert result.synthetic == 0
    assert result.ratio == 0


@pytest.mark.parametrize("estimator", [None, LinearRegression()])
def test_regression(estimator):
    real, fresh, test = (line(random_state=seed) for seed in range(3))
    result = train_on_synthetic(estimator, real, fresh, test)
    assert min(result.real, result.synthetic, result.both) > 0.97
    fool = train_on_synthetic(estimator, real, shuffled(fresh), test)
    assert fool.synthetic < 0.15
    assert fool.ratio < 0.2
    assert 0 < fool.both < fool.real


def test_both_are_the_rows_of_both():
    """Real and synthetic rows each cover half of the function."""
    (X, y), test = REAL, TEST
    result = train_on_synthetic(None, (X[y != 0], y[y != 0]), (X[y != 1], y[y != 1]), test)
    assert result.both > 0.98 > max(result.real, result.synthetic)


def test_a_class_that_is_not_in_training_has_an_auc_of_one_half():
    (X, y), test = SYNTHETIC, TEST
    result = train_on_synthetic(None, REAL, (X[y > 0], y[y > 0]), test)
    assert result.real > 0.99
    # One of three classes is not in training, and its rows look like those of the other two.
    assert 0.5 < result.synthetic < 0.95


def test_one_class_teaches_the_default_trees_nothing():
    X, y = SYNTHETIC
    result = train_on_synthetic(None, REAL, (X, np.zeros_like(y)), TEST)
    assert result.synthetic == 0.5
    assert result.ratio == 0.5 / result.real


def test_one_class_is_refused_for_an_estimator_of_yours():
    X, y = SYNTHETIC
    with pytest.raises(ValueError, match="The target of synthetic rows has the single class 2, but"):
        train_on_synthetic(LogisticRegression(), REAL, (X, np.full_like(y, 2)), TEST)


def test_few_rows():
    sets = [blobs(12, random_state=seed) for seed in range(3)]
    assert train_on_synthetic(None, *sets).real > 0.8


@pytest.mark.parametrize(
    ("synthetic", "real", "ratio"),
    [(0.4, 0.8, 0.5), (0.8, 0.4, 2.0), (-2.0, -1.0, 0.5), (-1.0, -2.0, 2.0), (0.0, 0.0, 1.0), (-1.0, -1.0, 1.0)]
    + [(-0.5, 0.5, 0.0), (0.0, 0.5, 0.0), (-1.0, 0.0, 0.0), (0.5, -0.5, np.inf), (0.5, 0.0, np.inf)],
)
def test_the_ratio_is_higher_where_synthetic_is_better(synthetic, real, ratio):
    assert _ratio(synthetic, real) == pytest.approx(ratio)


# Scores ----------------------------------------------------------------------------------------


def test_scoring_is_that_of_scikit_learn():
    model = LogisticRegression().fit(*SYNTHETIC)
    expected = accuracy_score(TEST[1], model.predict(TEST[0]))
    for scoring in (None, "accuracy", make_scorer(accuracy_score)):
        assert train_on_synthetic(LogisticRegression(), REAL, SYNTHETIC, TEST, scoring=scoring).synthetic == expected
    losses = train_on_synthetic(LogisticRegression(), REAL, SYNTHETIC, TEST, scoring="neg_log_loss")
    assert losses.synthetic < 0
    assert losses.ratio == losses.real / losses.synthetic
    assert train_on_synthetic(None, REAL, SYNTHETIC, TEST, scoring="f1_macro").real > 0.9
    errors = train_on_synthetic(None, line(), line(), line(random_state=1), scoring="neg_mean_absolute_error")
    assert -0.5 < errors.real < 0


def test_the_estimator_is_cloned():
    estimator = LogisticRegression()
    train_on_synthetic(estimator, REAL, SYNTHETIC, TEST)
    assert not hasattr(estimator, "coef_")


@pytest.mark.parametrize("seeded", [lambda: 0, lambda: np.random.RandomState(0), lambda: np.random.default_rng(0)])
def test_deterministic(seeded):
    before = np.random.get_state()[1].copy()
    few = [(X[:90], y[:90]) for X, y in (REAL, SYNTHETIC, TEST)]
    first, second = (train_on_synthetic(None, *few, random_state=seeded()) for _ in range(2))
    assert first == second
    np.testing.assert_array_equal(np.random.get_state()[1], before)


def test_a_search_as_the_estimator():
    search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=2)
    assert train_on_synthetic(search, REAL, SYNTHETIC, TEST).synthetic > 0.98


# Containers -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("estimator", [None, LogisticRegression()], ids=["trees", "logistic"])
def test_every_way_to_pass_the_same_rows(estimator):
    pairs = [blobs(90, random_state=seed) for seed in range(3)]
    expected = train_on_synthetic(estimator, *pairs)
    frames = [table(pair) for pair in pairs]
    arrays = [np.column_stack(pair) for pair in pairs]
    for sets, target in (
        (frames, "y"),
        ([pl.from_pandas(frame) for frame in frames], "y"),
        (arrays, 2),
        ([array.astype(object) for array in arrays], 2),
        ([array.tolist() for array in arrays], 2),
        ([(frame[["a", "b"]], frame["y"]) for frame in frames], None),
        ([(pl.from_pandas(frame[["a", "b"]]), pl.Series("y", frame["y"])) for frame in frames], None),
        ([pairs[0], frames[1], frames[2]], "y"),
    ):
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="X does not have valid feature names")
            warnings.filterwarnings("ignore", message="X has feature names")
            assert train_on_synthetic(estimator, *sets, target=target) == pytest.approx(expected), type(sets[0])


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("estimator", [None, LogisticRegression()], ids=["trees", "logistic"])
def test_rows_without_a_target_are_left_out(estimator):
    frames = [table(pair) for pair in (REAL, SYNTHETIC, TEST)]
    holed = [frame.assign(y=frame["y"].where(np.arange(300) % 3 > 0)) for frame in frames]
    expected = train_on_synthetic(estimator, *(frame.dropna() for frame in holed), target="y")
    assert train_on_synthetic(estimator, *holed, target="y") == expected
    arrays = [frame.to_numpy() for frame in holed]
    polars = [pl.from_pandas(frame) for frame in holed]
    tables = [] if estimator else [([read_table(frame) for frame in holed], "y")]
    for sets, target in ((arrays, 2), (polars, "y"), *tables):
        assert train_on_synthetic(estimator, *sets, target=target) == pytest.approx(expected)


def test_tables_of_ours():
    frames = [table(pair) for pair in (REAL, SYNTHETIC, TEST)]
    expected = train_on_synthetic(None, *frames, target="y")
    assert train_on_synthetic(None, *map(read_table, frames), target="y") == expected


def test_whole_numbers_that_the_generator_has_not_rounded_are_no_classes_of_their_own():
    X, y = SYNTHETIC
    rough = y + 0.3 * np.random.default_rng(0).random(len(y))
    result = train_on_synthetic(None, REAL, (X, rough), TEST)
    assert result.synthetic == 0.5  # all unknown labels share one class
    assert result.both > 0.9


def test_mixed_columns_with_missing_values():
    frames = [adult_like(500, random_state=seed) for seed in range(3)]
    for frame in frames:
        frame.loc[::7, ["age", "education"]] = None
    result = train_on_synthetic(None, *frames, target="income")
    assert result.real > 0.7
    assert 0.8 < result.ratio < 1.2
    polars = [pl.from_pandas(frame) for frame in frames]
    assert train_on_synthetic(None, *polars, target="income") == pytest.approx(result)
    encode = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["education"]), (StandardScaler(), ["weight", "hours", "gain"])
    )
    pipeline = make_pipeline(encode, LogisticRegression())
    result = train_on_synthetic(pipeline, *frames, target="income", scoring="roc_auc")
    assert result.real > 0.7
    assert 0.9 < result.ratio < 1.1


@pytest.mark.parametrize("target", ["price", "weight", "floor", "pets", "grade", "sold"])
def test_every_kind_of_target(target):
    frames = [small_frame(random_state=seed).dropna(subset=[target]) for seed in range(3)]
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        assert np.isfinite(train_on_synthetic(None, *frames, target=target)).all()


def test_declared_categories():
    X, test = np.array([[1], [1], [2]] * 40), np.array([[3], [1], [2]] * 20)
    sets = [(X, X.ravel() == 2)] * 2 + [(test, np.array([False, False, True] * 20))]
    assert train_on_synthetic(None, *sets).real == 0.75  # 3 is treated as larger than 2
    assert train_on_synthetic(None, *sets, categorical_features=[0]).real == 1.0  # an unknown category counts as 1
    with pytest.raises(ValueError, match="categorical_features"):
        train_on_synthetic(None, *sets, categorical_features=[1])


def test_several_targets_for_an_estimator_of_several():
    sets = [(X, np.column_stack([y, y > 0]).astype(int)) for X, y in (REAL, SYNTHETIC, TEST)]
    assert train_on_synthetic(RandomForestClassifier(5, random_state=0), *sets, scoring=_share_right).synthetic > 0.95


def _share_right(estimator, X, y):
    return (estimator.predict(X) == y).mean()


def test_hundreds_of_labels_take_no_longer():
    rng = np.random.default_rng(0)
    codes = rng.integers(200, size=(3, 400))
    sets = [(codes_[:, None] / 200, np.array([f"label {code}" for code in codes_])) for codes_ in codes]
    assert 0.5 < train_on_synthetic(None, *sets).real < 1


# Bad input ------------------------------------------------------------------------------------------------------


def test_sets_without_a_target():
    frame = table(REAL)
    with pytest.raises(ValueError, match=r"real is not a pair \(X, y\) and target is None"):
        train_on_synthetic(None, frame, frame, frame)
    with pytest.raises(ValueError, match="target='z' is not a column of real; its columns are .'a', 'b', 'y'."):
        train_on_synthetic(None, frame, frame, frame, target="z")
    with pytest.raises(ValueError, match="target='y' is not a column of synthetic"):
        train_on_synthetic(None, frame, frame.drop(columns="y"), frame, target="y")
    with pytest.raises(ValueError, match=r"target=3 is not a column of test; its columns are \[0, 1\]"):
        train_on_synthetic(None, REAL, REAL, TEST[0], target=3)
    with pytest.raises(ValueError, match="target=0 is not a column of test"):
        train_on_synthetic(None, REAL, REAL, TEST[1], target=0)


def test_targets_with_missing_values_in_pairs():
    X, y = SYNTHETIC
    y = np.where(np.arange(len(y)) < 2, np.nan, y)
    with pytest.raises(ValueError, match="the target of synthetic has 2 missing values; drop those rows"):
        train_on_synthetic(None, REAL, (X, y), TEST)


def test_a_target_whose_values_are_all_missing():
    frame = table(REAL)
    with pytest.raises(ValueError, match="all values of the target of synthetic are missing; name another column"):
        train_on_synthetic(None, frame, frame.assign(y=np.nan), frame, target="y")


def test_a_target_that_does_not_vary_in_the_test_rows():
    X, y = TEST
    for constant in (np.zeros_like(y), np.full(len(y), 0.5)):
        with pytest.raises(ValueError, match="the target of test has the single value 0"):
            train_on_synthetic(None, REAL, SYNTHETIC, (X, constant))


def test_several_targets_for_the_default_trees():
    sets = [(X, np.column_stack([y, y])) for X, y in (REAL, SYNTHETIC, TEST)]
    with pytest.raises(ValueError, match="has 2 columns, but the default trees predict one"):
        train_on_synthetic(None, *sets)


def test_what_is_no_estimator_or_no_score():
    with pytest.raises(TypeError, match="estimator"):
        train_on_synthetic("trees", REAL, SYNTHETIC, TEST)
    with pytest.raises(ValueError, match="scoring"):
        train_on_synthetic(LogisticRegression(), REAL, SYNTHETIC, TEST, scoring="accurcy")
    with pytest.raises(ValueError, match="scoring"):
        train_on_synthetic(None, REAL, SYNTHETIC, TEST, scoring="accurcy")


def test_an_estimator_that_fails_says_on_what():
    X, y = SYNTHETIC
    with pytest.raises(ValueError, match="NaN") as caught:
        train_on_synthetic(LogisticRegression(), REAL, (np.where(X > 5, np.nan, X), y), TEST)
    assert caught.value.__notes__ == ["This error was raised by the estimator that was fitted on synthetic rows."]
