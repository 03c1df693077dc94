"""Oversampling: imbalanced-learn's contract, then what it does not test: kinds of X, continuous targets, few rows."""

import warnings
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from problems import BLOB_MEANS, TINY, blobs, short_runs, small_frame
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neighbors import KernelDensity
from sklearn.preprocessing import StandardScaler

from skgan import ConditionalGANSampler, GANSampler
from skgan.exceptions import RareCategoryWarning

imblearn = pytest.importorskip("imblearn")
from imblearn.pipeline import make_pipeline  # noqa: E402
from imblearn.utils.estimator_checks import check_samplers_fit_resample, parametrize_with_checks  # noqa: E402

from skgan.over_sampling import GANOverSampler  # noqa: E402
from skgan.over_sampling._candidates import select  # noqa: E402

SHORT = GANOverSampler(ConditionalGANSampler(max_iter=2, refine=False), n_candidates=1, random_state=0)


@pytest.mark.usefixtures("few_trees")
@parametrize_with_checks([SHORT])
def test_checks_of_imbalanced_learn(estimator, check):
    check(estimator)


# With the defaults, rows are refined and selected from candidates: this takes seconds for 1,000 rows, and with all
# rounds of refinement more.
@pytest.mark.slow
@parametrize_with_checks([GANOverSampler(random_state=0)])
def test_checks_of_imbalanced_learn_with_the_defaults(estimator, check, monkeypatch):
    short_runs(monkeypatch)
    monkeypatch.setattr("skgan.samplers._auto.TableRecipe.rounds_of_few", 1)
    check(estimator)


@pytest.mark.slow
def test_a_full_run_passes_the_check_of_counts():
    check_samplers_fit_resample("GANOverSampler", GANOverSampler(random_state=0))


class Told(BaseEstimator):
    """Answers every question about y with rows that tell it: (y, y)."""

    def __init__(self, random_state=None):
        self.random_state = random_state

    def fit(self, X, y):
        self.y_ = y
        return self

    def sample(self, n_samples=1, *, y=None, random_state=None):
        return np.column_stack([y, y]).astype(float), y

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags


def few_of(counts):
    """Blobs with so many rows of each class, in turn of rows."""
    X, y = blobs(600)
    rows = np.concatenate([np.flatnonzero(y == label)[:n] for label, n in counts.items()])
    return X[rows], y[rows]


X, Y = few_of({0: 40, 1: 25, 2: 8})
tiny = ConditionalGANSampler(**TINY)


@pytest.mark.parametrize(
    "strategy, counts",
    [
        ("auto", {0: 40, 1: 40, 2: 40}),
        ("not majority", {0: 40, 1: 40, 2: 40}),
        ("minority", {0: 40, 1: 25, 2: 40}),
        ("not minority", {0: 40, 1: 40, 2: 8}),
        ("all", {0: 40, 1: 40, 2: 40}),
        ([2], {0: 40, 1: 25, 2: 40}),
        ((2,), {0: 40, 1: 25, 2: 40}),
        ([1, 2], {0: 40, 1: 40, 2: 40}),
        ({1: 30}, {0: 40, 1: 30, 2: 8}),
        ({0: 50, 2: 9}, {0: 50, 1: 25, 2: 9}),
        (lambda y: {2: 2 * int(np.sum(y == 2))}, {0: 40, 1: 25, 2: 16}),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_every_strategy(strategy, counts):
    sampler = GANOverSampler(Told(), sampling_strategy=strategy, random_state=0)
    X_new, y_new = sampler.fit_resample(X, Y)
    assert Counter(y_new.tolist()) == counts
    np.testing.assert_array_equal(X_new[: len(X)], X)
    np.testing.assert_array_equal(y_new[: len(Y)], Y)
    np.testing.assert_array_equal(X_new[len(X) :, 0], y_new[len(Y) :])
    assert {label: n for label, n in sampler.sampling_strategy_.items() if n} == {
        label: n - np.sum(Y == label) for label, n in counts.items() if n > np.sum(Y == label)
    }


def test_a_ratio_of_two_classes():
    few = Y < 2
    _, y_new = GANOverSampler(Told(), sampling_strategy=0.8, random_state=0).fit_resample(X[few], Y[few])
    assert Counter(y_new.tolist()) == {0: 40, 1: 32}


def test_what_is_balanced_stays_as_it_is():
    sampler = GANOverSampler(Told(), random_state=0)
    X_new, y_new = sampler.fit_resample(X[:40], Y[:40] * 0 + np.arange(40) % 2)
    np.testing.assert_array_equal(X_new, X[:40])
    assert len(y_new) == 40 and not hasattr(sampler, "sampler_")
    sampler.fit_resample(X, Y)
    assert hasattr(sampler, "sampler_")
    sampler.fit_resample(X[:40], np.arange(40) % 2)
    assert not hasattr(sampler, "sampler_")


def test_the_default_learns_where_a_class_is():
    X, y = few_of({0: 50, 1: 50, 2: 15})
    X_new, y_new = GANOverSampler(random_state=0).fit_resample(X, y)
    made = X_new[len(X) :]
    assert y_new[len(X) :].tolist() == [2] * 35
    assert np.linalg.norm(made.mean(axis=0) - BLOB_MEANS[2]) < 1
    assert np.ptp(made, axis=0).min() > 0.5
    assert (np.linalg.norm(made - BLOB_MEANS[2], axis=1) < 4).mean() > 0.9


@pytest.mark.usefixtures("few_trees")
def test_frames_of_mixed_columns_with_missing_values_stay_as_they_are():
    frame = small_frame(90)
    y = pd.Series(np.where(np.arange(90) < 60, "no", "yes"), name="bought", index=np.arange(90) + 7)
    frame.index = y.index
    X_new, y_new = GANOverSampler(tiny, random_state=0).fit_resample(frame, y)
    assert X_new.dtypes.equals(frame.dtypes)
    pd.testing.assert_frame_equal(X_new.iloc[:90], frame.reset_index(drop=True))
    assert y_new.name == "bought" and y_new.tolist()[90:] == ["yes"] * 30
    assert X_new.index.equals(pd.RangeIndex(120)) and y_new.index.equals(X_new.index)
    assert frame.isna().any().any()


@pytest.mark.usefixtures("few_trees")
def test_frames_of_polars():
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"a": X[:, 0], "b": ["x", "z"] * (len(X) // 2) + ["x"]})
    X_new, y_new = GANOverSampler(tiny, random_state=0).fit_resample(frame, pl.Series("y", Y))
    assert X_new.schema == frame.schema and X_new.shape == (120, 2)
    assert isinstance(y_new, pl.Series) and Counter(y_new.to_list()) == {0: 40, 1: 40, 2: 40}


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 3)], ids=str)
def test_images(shape):
    images = np.random.default_rng(0).integers(256, size=(60, *shape), dtype=np.uint8)
    y = (np.arange(60) >= 40).astype(int)
    X_new, y_new = GANOverSampler(tiny, random_state=0).fit_resample(images, y)
    assert X_new.shape == (80, *shape) and X_new.dtype == np.uint8
    assert y_new[60:].tolist() == [1] * 20


@pytest.mark.usefixtures("few_trees")
def test_flat_images():
    rows = np.random.default_rng(0).integers(256, size=(60, 64), dtype=np.uint8)
    sampler = clone(tiny).set_params(image_shape=(8, 8))
    oversampler = GANOverSampler(sampler, random_state=0)
    X_new, _ = oversampler.fit_resample(rows, np.arange(60) % 5 == 0)
    assert X_new.shape == (96, 64) and oversampler.sampler_.image_shape_ == (8, 8)


NUMBERS = np.concatenate([np.linspace(0, 1, 50), np.linspace(5, 10, 10)])
ROWS_OF_NUMBERS = np.column_stack([NUMBERS, -NUMBERS])


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("bins", [[2.0], lambda y: np.where(y > 2, "high", "low")], ids=["edges", "function"])
def test_continuous_targets_by_bins(bins):
    sampler = GANOverSampler(Told(), bins=bins, random_state=0)
    X_new, y_new = sampler.fit_resample(ROWS_OF_NUMBERS, NUMBERS)
    made = y_new[60:]
    assert np.sum(y_new > 2) == np.sum(y_new <= 2) == 50
    np.testing.assert_array_equal(X_new[60:, 0], made)
    assert set(Counter(made.tolist()).values()) == {4}  # each of ten numbers as often


def test_intervals_of_equal_width():
    sampler = GANOverSampler(Told(), bins=5, sampling_strategy={4: 12}, random_state=0)
    _, y_new = sampler.fit_resample(ROWS_OF_NUMBERS, NUMBERS)
    assert np.sum(y_new >= 8) == 12 and len(y_new) == 60 + 12 - np.sum(NUMBERS >= 8)


@pytest.mark.usefixtures("few_trees")
def test_continuous_targets_reach_a_sampler_as_such():
    sampler = GANOverSampler(random_state=0, bins=[2.0], sampling_strategy={1: 12})
    X_new, y_new = sampler.fit_resample(ROWS_OF_NUMBERS, NUMBERS)
    assert not hasattr(sampler.sampler_, "classes_")
    assert np.corrcoef(X_new[:, 0], y_new)[0, 1] > 0.5


@pytest.mark.parametrize(
    "parameters, error, said",
    [
        ({"sampler": LogisticRegression()}, TypeError, "fit and sample"),
        ({"sampler": ConditionalGANSampler}, TypeError, "instance"),
        ({"sampling_strategy": "majority"}, ValueError, "Did you mean 'not majority'"),
        ({"sampling_strategy": 1.5}, ValueError, "1.5"),
        ({"sampling_strategy": {0: 3}}, ValueError, "greater or equal"),
        ({"sampling_strategy": [7]}, ValueError, "7"),
        ({"n_candidates": 0}, ValueError, "n_candidates=0"),
        ({"bins": 1}, ValueError, "bins=1"),
        ({"bins": "auto"}, ValueError, "bins='auto'"),
        ({"bins": [3.0, 2.0]}, ValueError, "increase"),
        ({"bins": lambda y: y[:3]}, ValueError, "one label"),
    ],
)
def test_bad_parameters(parameters, error, said):
    with pytest.raises(error, match=said):
        GANOverSampler(**{"sampler": Told(), **parameters}).fit_resample(X, Y)


def test_bad_targets():
    with pytest.raises(ValueError, match="bins="):
        GANOverSampler(Told()).fit_resample(X, X[:, 0])
    with pytest.raises(ValueError, match="leave them out"):
        GANOverSampler(Told()).fit_resample(X, np.where(Y == 2, None, Y.astype(str)))
    with pytest.raises(ValueError, match="target y is None"):
        GANOverSampler(Told()).fit_resample(X, None)
    with pytest.raises(ValueError, match="NaN"):
        GANOverSampler(Told(), bins=3).fit_resample(X, np.where(Y == 2, np.nan, Y))


def test_bad_rows():
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        GANOverSampler(Told()).fit_resample(X, Y[:-1])
    with pytest.raises((ValueError, TypeError), match="[Ss]parse"):
        from scipy.sparse import csr_array

        GANOverSampler(tiny).fit_resample(csr_array(X), Y)


class Anywhere(Told):
    """Rows of one column, evenly from 0 to 1, whatever y is."""

    def sample(self, n_samples=1, *, y=None, random_state=None):
        return np.random.default_rng(random_state).random((len(y), 1)), y


def test_rows_are_chosen_by_the_class_probabilities_of_a_forest():
    X = np.linspace(0, 1, 400)[:, None]
    y = (X[:, 0] > 0.75).astype(int)

    def made(n_candidates):
        sampler = GANOverSampler(Anywhere(), n_candidates=n_candidates, random_state=0)
        X_new, y_new = sampler.fit_resample(X, y)
        assert y_new[400:].tolist() == [1] * 200
        return X_new[400:, 0]

    # The chance of a row of the class is a quarter, and a row is wrong where no candidate is of the class.
    for n, right in ((1, 0.25), (2, 1 - 0.75**2), (5, 1 - 0.75**5)):
        assert np.mean(made(n) > 0.75) == pytest.approx(right, abs=0.07)
    assert np.corrcoef(np.sort(made(5)[made(5) > 0.75]), np.linspace(0.75, 1, np.sum(made(5) > 0.75)))[0, 1] > 0.98


@pytest.mark.parametrize(
    "rows, image_shape, n_candidates, n",
    [
        (X, None, "auto", 5),
        (X, None, 2, 2),
        (np.repeat(X, 32, axis=1).reshape(-1, 8, 8), None, "auto", 1),
        (np.repeat(X, 32, axis=1), (8, 8), "auto", 1),
        (np.repeat(X, 32, axis=1), (8, 8), 2, 2),
    ],
    ids=["table", "two", "images", "flat images", "two of flat images"],
)
def test_how_many_candidates(rows, image_shape, n_candidates, n):
    asked = []

    class Asked(Told):
        def __init__(self, image_shape=None, random_state=None):
            self.image_shape, self.random_state = image_shape, random_state

        def sample(self, n_samples=1, *, y=None, random_state=None):
            asked.append(len(y))
            return rows[:1].repeat(len(y), axis=0), y

    GANOverSampler(Asked(image_shape), n_candidates=n_candidates, random_state=0).fit_resample(rows, Y)
    assert asked == [n * (3 * 40 - len(Y))]


def test_candidates_are_chosen_in_proportion():
    X, labels = np.repeat([0.0, 1.0], 200)[:, None], np.concatenate([np.arange(200) % 5 == 0, np.arange(200) % 5 > 0])
    # A forest predicts 0.2 at the one place and 0.8 at the other.
    candidates, wanted = np.repeat([0.0, 1.0], 2000)[:, None], np.full(2000, True)
    rows = select(X, labels, candidates, wanted, np.random.default_rng(0))
    assert rows.shape == (2000, 1) and rows.mean() == pytest.approx(0.8, abs=0.04)


def test_candidates_of_any_columns():
    frame = pd.DataFrame({"word": ["a", "b", None] * 40, "empty": np.nan})
    labels = np.where(frame["word"] == "a", "x", "y")
    candidates = frame.iloc[[0, 1, 3, 1, 0, 2]].reset_index(drop=True)
    rows = select(frame, labels, candidates, np.array(["x"] * 3), np.random.default_rng(0))
    assert rows["word"].tolist() == ["a"] * 3 and rows.dtypes.equals(frame.dtypes)


def test_candidates_of_numbers_too_large_for_trees():
    X, labels = np.array([[1e300], [2e300], [-1e300], [np.nan]] * 30), np.array([0, 1, 0, 0] * 30)
    candidates = np.array([[1e300], [np.nan], [2e300], [2e300]])
    rows = select(X, labels, candidates, np.array([1, 1]), np.random.default_rng(0))
    assert rows.tolist() == [[2e300], [2e300]]


def test_rows_of_another_form_are_refused():
    with pytest.raises(TypeError, match="rows of the sampler are a ndarray, but X is a DataFrame; pass X as an array"):
        GANOverSampler(KernelDensity(), random_state=0).fit_resample(pd.DataFrame(X), Y)


@pytest.mark.usefixtures("few_trees")
def test_one_sampler_a_class_without_y():
    sampler = GANOverSampler(GANSampler(**TINY), random_state=0)
    X_new, y_new = sampler.fit_resample(X, Y)
    assert set(sampler.sampler_) == {1, 2}
    made, of = X_new[len(X) :], y_new[len(X) :]
    for label in (1, 2):
        low, high = X[Y == label].min(axis=0), X[Y == label].max(axis=0)
        assert ((made[of == label] >= low) & (made[of == label] <= high)).all()


def test_a_class_of_two_rows():
    X, y = few_of({0: 40, 1: 2})
    X_new, y_new = GANOverSampler(tiny, random_state=0).fit_resample(X, y)
    assert Counter(y_new.tolist()) == {0: 40, 1: 40} and np.isfinite(X_new).all()


def test_a_class_of_one_row_says_so():
    X, y = few_of({0: 40, 1: 1})
    with pytest.warns(RareCategoryWarning, match="Class 1 has one row"):
        X_new, _ = GANOverSampler(tiny, random_state=0).fit_resample(X, y)
    assert np.isfinite(X_new).all()
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "Class 1 has one row")
        GANOverSampler(tiny, random_state=0, sampling_strategy={0: 41}).fit_resample(X, y)


@pytest.mark.usefixtures("few_trees")
def test_seeds():
    def drawn(seed):
        return GANOverSampler(unseeded, random_state=seed).fit_resample(X, Y)[0]

    unseeded = ConditionalGANSampler(max_iter=2, refine=False)

    np.testing.assert_array_equal(drawn(0), drawn(0))
    np.testing.assert_array_equal(drawn(np.random.default_rng(3)), drawn(np.random.default_rng(3)))
    assert not np.array_equal(drawn(0), drawn(1))
    assert not np.array_equal(drawn(None), drawn(None))
    # Without a seed of its own it leaves the sampler's.
    oversampler = GANOverSampler(tiny)
    oversampler.fit_resample(X, Y)
    assert oversampler.sampler_.random_state == 0


@pytest.mark.usefixtures("few_trees")
def test_one_hot_and_lists():
    _, one_hot = GANOverSampler(tiny, random_state=0).fit_resample(X, np.eye(3, dtype=int)[Y])
    assert one_hot.shape == (120, 3) and one_hot.sum(axis=0).tolist() == [40, 40, 40]
    X_new, y_new = GANOverSampler(tiny, random_state=0).fit_resample(X.tolist(), Y.tolist())
    assert isinstance(X_new, list) and isinstance(y_new, list) and len(X_new) == len(y_new) == 120
    mixed = [[k, "ab"[k % 2]] for k in range(30)]
    X_new, _ = GANOverSampler(tiny, random_state=0).fit_resample(mixed, [0] * 20 + [1] * 10)
    assert X_new[:30] == mixed and all(row[1] in "ab" and 0 <= row[0] < 30 for row in X_new[30:])


@pytest.mark.usefixtures("few_trees")
@pytest.mark.filterwarnings("ignore::skgan.exceptions.RareCategoryWarning")
def test_in_a_pipeline_of_imbalanced_learn():
    oversampler = GANOverSampler(clone(tiny), n_candidates=1, random_state=0)
    pipeline = make_pipeline(StandardScaler(), oversampler, LogisticRegression())
    assert cross_val_score(pipeline, X, Y, cv=3, error_score="raise").mean() > 0.5
    grid = {"ganoversampler__sampling_strategy": ["auto", "minority"], "ganoversampler__sampler__max_iter": [1, 2]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        search = GridSearchCV(pipeline, grid, cv=2, error_score="raise").fit(X, Y)
    assert len(search.cv_results_["params"]) == 4


def test_the_name_of_a_column_as_y_says_what_to_pass():
    with pytest.raises(ValueError, match=r'X=df.drop\(columns="sold"\), y=df\["sold"\]'):
        GANOverSampler().fit_resample(small_frame(), "sold")


def test_a_class_that_is_named_without_a_list():
    X, y = np.random.default_rng(0).normal(size=(30, 2)), np.repeat(["common", "rare"], [20, 10])
    with pytest.raises(ValueError, match=r"sampling_strategy='rare' is a class; pass a list: .*=\['rare'\]"):
        GANOverSampler(random_state=0, sampling_strategy="rare").fit_resample(X, y)
