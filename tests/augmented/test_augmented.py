"""Augmented estimators: what is added, which rows are used for it, and when nothing is."""

import warnings

import numpy as np
import pandas as pd
import pytest
import sklearn
from problems import TINY, blobs, small_array, small_frame
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, clone
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import roc_auc_score
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KernelDensity, KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from skgan import AugmentedClassifier, AugmentedRegressor, ConditionalGANSampler, GANSampler
from skgan.augmented._losses import class_losses
from skgan.augmented._params import FitParameters
from skgan.augmented._trial import Trial

pytestmark = pytest.mark.usefixtures("few_trees_in_module")

tiny = ConditionalGANSampler(**TINY)
X, Y = blobs(120)
NUMBERS = X @ [1.0, -2.0]


class Recorder(ClassifierMixin, BaseEstimator):
    """Keeps what it was fitted on; predicts the first class."""

    def fit(self, X, y, sample_weight=None, note=None):
        self.X_, self.y_, self.weight_, self.note_ = X, y, sample_weight, note
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.full(len(X), self.classes_[0])


class Given(BaseEstimator):
    """Rows around the mean of their class, or of another class where it lies."""

    def __init__(self, lies=False, random_state=None):
        self.lies, self.random_state = lies, random_state

    def fit(self, X, y):
        self.rows_ = [X[y == label] for label in np.unique(y)]
        return self

    def sample(self, n_samples=1, *, y=None, random_state=None):
        rng = np.random.default_rng(random_state)
        shift = int(self.lies)
        rows = [self.rows_[(label + shift) % len(self.rows_)] for label in y]
        return np.array([part[rng.integers(len(part))] for part in rows]) + 0.1 * rng.standard_normal((len(y), 2)), y

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags


def augmented(**parameters):
    return AugmentedClassifier(**{"estimator": Recorder(), "sampler": Given(), "random_state": 0, **parameters})


@pytest.mark.parametrize("n_synthetic, n", [(0, 0), (30, 30), (0.5, 60), (2.0, 240), (np.int64(7), 7), (0.0, 0)])
def test_so_many_rows_are_added_below_the_others(n_synthetic, n):
    model = augmented(n_synthetic=n_synthetic).fit(X, Y)
    seen = model.estimator_
    assert model.n_synthetic_ == n and len(seen.X_) == len(seen.y_) == 120 + n
    np.testing.assert_array_equal(seen.X_[:120], X)
    np.testing.assert_array_equal(seen.y_[:120], Y)
    assert seen.weight_ is None and model.validation_ is None
    assert (model.sampler_ is None) == (n == 0)


def test_classes_are_as_in_y():
    seen = augmented(n_synthetic=2.0).fit(X, Y).estimator_
    np.testing.assert_array_equal(np.bincount(seen.y_[120:]), 2 * np.bincount(Y))


def test_classes_by_a_strategy():
    pytest.importorskip("imblearn")
    rows = np.concatenate([np.flatnonzero(Y == 0), np.flatnonzero(Y == 1)[:20], np.flatnonzero(Y == 2)[:10]])
    n_0 = int(np.sum(Y == 0))
    seen = augmented(sampling_strategy="auto", n_synthetic=90).fit(X[rows], Y[rows]).estimator_
    added = np.bincount(seen.y_[len(rows) :], minlength=3)
    assert added[0] == 0 and added.sum() == 90
    assert added[1] / added[2] == pytest.approx((n_0 - 20) / (n_0 - 10), abs=0.1)


def test_auto_adds_all_that_a_strategy_misses_or_nothing(monkeypatch):
    pytest.importorskip("imblearn")
    X, y = few_rows(90)
    rows = np.concatenate([np.flatnonzero(y == 0), np.flatnonzero(y == 1)[:30]])
    tree = DecisionTreeClassifier(max_leaf_nodes=8, random_state=0)
    model = AugmentedClassifier(tree, Given(lies=True), sampling_strategy="auto", random_state=0)
    assert model.fit(X[rows], y[rows]).n_synthetic_ == 0
    np.testing.assert_allclose(model.validation_["share"], [0, 15 / 75])
    monkeypatch.setattr(Trial, "best", property(lambda trial: max(trial.shares)))
    assert model.fit(X[rows], y[rows]).n_synthetic_ == 15


def test_a_list_of_classes():
    pytest.importorskip("imblearn")
    rows = np.concatenate([np.flatnonzero(Y == 0), np.flatnonzero(Y == 1)[:20], np.flatnonzero(Y == 2)[:10]])
    seen = augmented(sampling_strategy=[2], n_synthetic=9).fit(X[rows], Y[rows]).estimator_
    assert seen.y_[-9:].tolist() == [2] * 9
    with pytest.raises(ValueError, match="Did you mean 'minority'"):
        augmented(sampling_strategy="minorty", n_synthetic=9).fit(X, Y)


def test_a_strategy_that_misses_nothing():
    pytest.importorskip("imblearn")
    y = np.arange(120) % 2
    assert augmented(estimator=GaussianNB(), sampling_strategy="auto").fit(X, y).n_synthetic_ == 0
    assert augmented(sampling_strategy="auto", n_synthetic=0.001).fit(X, y).n_synthetic_ == 0
    with pytest.raises(ValueError, match="no class lacks any"):
        augmented(sampling_strategy="auto", n_synthetic=10).fit(X, y)


def test_classes_too_small_for_folds_are_never_held_out(monkeypatch):
    monkeypatch.setattr(Trial, "is_hopeless", False)
    y = np.array([0] * 40 + [1] * 40 + [2] + [3] * 2 + [4] * 9)
    rows = np.random.default_rng(0).standard_normal((92, 2)) + y[:, None]
    seen = []

    class Spy(Given):
        def fit(self, X, y):
            seen.append(y)
            return super().fit(X, y)

        def sample(self, n_samples=1, *, y=None, random_state=None):
            seen.append(y)
            return super().sample(y=np.asarray(y) % len(self.rows_), random_state=random_state)

    pytest.importorskip("imblearn")
    for strategy, missed in ((None, {0, 1, 2, 3, 4}), ([2], {2})):
        seen.clear()
        AugmentedClassifier(GaussianNB(), Spy(), sampling_strategy=strategy, random_state=0).fit(rows, y)
        for fitted, drawn in zip(seen[:6:2], seen[1:6:2]):
            assert set(fitted) == {0, 1, 2, 3, 4} and set(drawn) == missed
    # A class of one row, or of two: no fold can hold it out.
    assert AugmentedClassifier(GaussianNB(), Given(), random_state=0).fit(rows, np.arange(92) // 2).n_synthetic_ == 0


# What "auto" decides ------------------------------------------------------------------------------------------------


def few_rows(n, seed=0):
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    return rng.standard_normal((n, 2)) + 1.2 * y[:, None], y


X_OF_TWO, Y_OF_TWO = few_rows(90)


class Truth(Given):
    """Fresh rows of `few_rows`: the best that a sampler can do."""

    def sample(self, n_samples=1, *, y=None, random_state=None):
        rng = np.random.default_rng(random_state)
        return rng.standard_normal((len(y), 2)) + 1.2 * np.asarray(y)[:, None], y


def test_true_rows_are_added():
    X, y = few_rows(60)
    tree = DecisionTreeClassifier(max_leaf_nodes=8, random_state=0)
    model = AugmentedClassifier(tree, Truth(), random_state=2).fit(X, y)
    assert model.n_synthetic_ in (60, 180)
    table = model.validation_
    ranks = ["misranked", "misranked_difference", "misranked_standard_error"]
    assert table.columns.tolist() == ["share", "loss", "difference", "standard_error", *ranks]
    assert table.share.tolist() == [0, 1, 3] and table.difference[0] == 0
    chosen = table.set_index("share").loc[model.n_synthetic_ / 60]
    assert chosen.difference + chosen.standard_error < 0
    np.testing.assert_allclose(table.loss - table.loss[0], table.difference)


@pytest.mark.parametrize("estimator", [DecisionTreeClassifier(), LinearSVC(), GaussianNB()], ids=str)
def test_lies_are_not_added(estimator):
    model = AugmentedClassifier(estimator, Given(lies=True), random_state=0).fit(X, Y)
    assert model.n_synthetic_ == 0 and model.sampler_ is None
    assert (model.validation_.difference[1:] > 0).all()
    np.testing.assert_array_equal(model.predict(X), clone(estimator).fit(X, Y).predict(X))


def test_two_rows():
    assert AugmentedRegressor(Ridge(), random_state=0).fit(X[:2], NUMBERS[:2]).n_synthetic_ == 0


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("estimator", [LogisticRegression(), Ridge()])
def test_no_rows_are_one_error_without_warnings(estimator):
    make = AugmentedClassifier if isinstance(estimator, LogisticRegression) else AugmentedRegressor
    with pytest.raises(ValueError, match=r"0 sample\(s\)"):
        make(estimator, tiny, n_synthetic=0).fit(np.empty((0, 2)), np.empty(0, dtype=int))


@pytest.mark.parametrize(
    ("weights", "expected"), [([1, 2, 3], [0.5, 1, 1.5]), ([0, 0, 0], [1, 1, 1]), ([-1, 0, 1], [1, 1, 1])]
)
def test_losses_have_weights_of_mean_one(weights, expected):
    params = FitParameters({"sample_weight": weights}, LogisticRegression(), 3, 1.0)
    np.testing.assert_allclose(params.loss_weights, expected)


def test_a_fit_that_fails_leaves_what_was_fitted():
    model = augmented(estimator=LogisticRegression(), n_synthetic=30).fit(X, Y)
    sampler, predicted = model.sampler_, model.predict(X)
    with pytest.raises(ValueError):
        model.set_params(estimator=LogisticRegression(C=-1.0)).fit(X, Y)
    assert model.sampler_ is sampler and model.n_synthetic_ == 30
    np.testing.assert_array_equal(model.predict(X), predicted)


def test_few_rows_are_left_alone():
    model = augmented(estimator=GaussianNB())
    for X, y in ((X_OF_TWO[:49], Y_OF_TWO[:49]), (X_OF_TWO, np.arange(90) < 29)):
        assert model.fit(X, y).n_synthetic_ == 0 and model.validation_ is None
    assert model.fit(X_OF_TWO, np.arange(90) < 30).validation_ is not None
    assert AugmentedRegressor(Ridge(), tiny, random_state=0).fit(X_OF_TWO[:49], X_OF_TWO[:49, 0]).validation_ is None


def test_no_fit_sees_a_row_that_is_held_out(monkeypatch):
    monkeypatch.setattr(Trial, "is_hopeless", False)
    numbered = np.column_stack([X, np.arange(120)])
    seen = []

    class Watched(GaussianNB):
        def fit(self, X, y, sample_weight=None):
            seen.append(("fitted", set(X[:, 2]) - {-1}))
            return super().fit(X, y)

        def predict_proba(self, X):
            seen.append(("judged", set(X[:, 2])))
            return super().predict_proba(X)

    class Spy(Given):
        def fit(self, X, y):
            seen.append(("sampler", set(X[:, 2])))
            return super().fit(X[:, :2], y)

        def sample(self, n_samples=1, *, y=None, random_state=None):
            rows, y = super().sample(y=y, random_state=random_state)
            return np.column_stack([rows, np.full(len(rows), -1)]), y

    AugmentedClassifier(Watched(), Spy(), random_state=0).fit(numbered, Y)
    starts = [k for k, (who, _) in enumerate(seen) if who == "sampler"][:3]
    judged_in_all = set()
    for start in starts:
        fold = seen[start : start + 7]
        assert [who for who, _ in fold] == ["sampler"] + ["fitted", "judged"] * 3
        judged = fold[2][1]
        assert all(rows.isdisjoint(judged) for who, rows in fold if who != "judged")
        assert all(len(rows) == 80 for who, rows in fold if who != "judged")
        judged_in_all |= judged
    assert judged_in_all == set(range(120))


def test_a_large_table_is_judged_on_one_fold():
    seen = []

    class Spy(Given):
        def fit(self, X, y):
            seen.append(len(X))
            return super().fit(X, y)

    many = np.tile(np.arange(120), 52)
    AugmentedClassifier(GaussianNB(), Spy(lies=True), random_state=0).fit(X[many], Y[many])
    assert seen == [len(many) * 2 // 3]


def test_seeds():
    def weights(seed):
        model = AugmentedClassifier(LogisticRegression(), clone(tiny), n_synthetic=40, random_state=seed)
        return model.fit(X, Y).estimator_.coef_

    np.testing.assert_array_equal(weights(0), weights(0))
    assert not np.array_equal(weights(0), weights(1))
    assert not np.array_equal(weights(None), weights(None))


# Weights and metadata -----------------------------------------------------------------------------------------------


def test_weights_are_lengthened():
    weights = np.linspace(1, 3, 120)
    for value in (weights, weights.tolist(), pd.Series(weights)):
        seen = augmented(n_synthetic=10, synthetic_weight=0.25).fit(X, Y, sample_weight=value).estimator_
        np.testing.assert_allclose(seen.weight_, [*weights, *[0.5] * 10])
    seen = augmented(n_synthetic=10, synthetic_weight=0.25).fit(X, Y).estimator_
    np.testing.assert_allclose(seen.weight_, [1.0] * 120 + [0.25] * 10)
    assert augmented(n_synthetic=10).fit(X, Y, sample_weight=None).estimator_.weight_ is None


def test_weights_of_a_pipeline():
    model = augmented(estimator=make_pipeline(StandardScaler(), Recorder()), n_synthetic=10, synthetic_weight=0.5)
    assert model.fit(X, Y).estimator_[-1].weight_[-1] == 0.5
    seen = model.fit(X, Y, recorder__sample_weight=np.full(120, 4.0)).estimator_[-1]
    assert seen.weight_[0] == 4 and seen.weight_[-1] == 2


def test_other_parameters_pass_and_values_per_row_do_not():
    assert augmented(n_synthetic=10).fit(X, Y, note="seen").estimator_.note_ == "seen"
    assert len(augmented(n_synthetic=0).fit(X, Y, note=np.arange(120)).estimator_.note_) == 120
    with pytest.raises(ValueError, match="note has one value per row.*n_synthetic=0"):
        augmented(n_synthetic=10).fit(X, Y, note=np.arange(120))


def test_what_may_be_passed_as_weights():
    scalar = augmented(n_synthetic=10).fit(X, Y, sample_weight=2.0).estimator_
    np.testing.assert_allclose(scalar.weight_, [2.0] * 130)
    assert (
        AugmentedClassifier(GaussianNB(), Given(), random_state=0).fit(X, Y, sample_weight=2.0).validation_ is not None
    )
    with pytest.raises(ValueError, match="sample_weight has the shape .119,.*120 rows"):
        augmented(n_synthetic=10).fit(X, Y, sample_weight=np.ones(119))
    seen = augmented(n_synthetic=10, synthetic_weight=0.5).fit(X, Y, sample_weight=None).estimator_
    assert seen.weight_[-1] == 0.5
    pipeline = make_pipeline(StandardScaler(), Recorder())
    model = augmented(estimator=pipeline, n_synthetic=10, synthetic_weight=0.5)
    assert model.fit(X, Y, standardscaler__sample_weight=np.ones(120)).estimator_[-1].weight_[-1] == 0.5
    for n_synthetic in (0, 10):
        pairs = [(X, Y), (X[:3], Y[:3])]
        assert augmented(n_synthetic=n_synthetic).fit(X, Y, note=pairs).estimator_.note_ is pairs


def test_losses_count_by_the_weights_of_the_model():
    model = AugmentedClassifier(make_pipeline(StandardScaler(), GaussianNB()), Truth(), random_state=0)
    X, y = few_rows(90)
    weights = np.linspace(0.1, 3, 90)
    given = {"standardscaler__sample_weight": np.ones(90), "gaussiannb__sample_weight": weights}
    losses = [model.fit(X, y, **dict(order)).validation_.loss for order in (given.items(), [*given.items()][::-1])]
    np.testing.assert_array_equal(*losses)


def test_an_estimator_without_weights_says_so():
    with pytest.raises(ValueError, match="KNeighborsClassifier does not"):
        augmented(estimator=KNeighborsClassifier(), n_synthetic=10, synthetic_weight=0.5).fit(X, Y)


def test_weights_count_in_the_validation():
    X, y = few_rows(90)
    model = AugmentedClassifier(GaussianNB(), Truth(), random_state=0)
    plain = model.fit(X, y).validation_.loss
    weights = np.where(np.arange(90) % 9, 1.0, 0.0)
    assert not np.allclose(model.fit(X, y, sample_weight=weights).validation_.loss, plain)
    np.testing.assert_allclose(model.fit(X, y, sample_weight=np.full(90, 5.0)).validation_.loss, plain)


def test_metadata_are_routed_as_requested():
    weights = np.linspace(1, 3, 120)
    with sklearn.config_context(enable_metadata_routing=True):
        asking = Recorder().set_fit_request(sample_weight=True, note=False)
        model = augmented(estimator=asking, n_synthetic=10)
        assert len(model.fit(X, Y, sample_weight=weights).estimator_.weight_) == 130
        pipeline = make_pipeline(StandardScaler().set_fit_request(sample_weight=False), asking)
        seen = augmented(estimator=pipeline, n_synthetic=10).fit(X, Y, sample_weight=weights).estimator_[-1]
        np.testing.assert_allclose(seen.weight_, [*weights, *[2.0] * 10])
        with pytest.raises(sklearn.exceptions.UnsetMetadataPassedError):
            augmented(n_synthetic=10).fit(X, Y, sample_weight=weights)


def test_score_takes_weights_on_request():
    weights = np.where(Y == 0, 5.0, 1.0)
    with sklearn.config_context(enable_metadata_routing=True):
        model = AugmentedClassifier(Recorder(), Given(), n_synthetic=0)
        requesting = clone(model).set_score_request(sample_weight=True)
        params = {"params": {"sample_weight": weights}, "cv": 3}
        requesting.set_params(estimator=Recorder().set_fit_request(sample_weight=False))
        assert cross_val_score(requesting, X, Y, **params).mean() > cross_val_score(model, X, Y, cv=3).mean() + 0.2


# Inside scikit-learn's tools ----------------------------------------------------------------------------------------


def test_cross_validation_and_a_search_with_nested_keys():
    model = AugmentedClassifier(LogisticRegression(), clone(tiny), n_synthetic=20, random_state=0)
    assert cross_val_score(model, X, Y, cv=3, error_score="raise").mean() > 0.8
    grid = {"n_synthetic": [0, 20], "estimator__C": [0.1, 1.0], "sampler__max_iter": [1, 2]}
    search = GridSearchCV(model, grid, cv=2, error_score="raise").fit(X, Y)
    assert len(search.cv_results_["params"]) == 8
    pipeline = make_pipeline(StandardScaler(), model).fit(X, Y)
    assert pipeline.score(X, Y) > 0.8
    assert pipeline.predict_proba(X).shape == (120, 3)


def test_a_frame_of_mixed_columns_with_missing_values():
    frame = small_frame(90)
    y = np.where(frame["sold"].notna() & (np.arange(90) % 3 > 0), "yes", "no")
    numbers, words = make_column_selector(dtype_include="number"), make_column_selector(dtype_exclude="number")
    fill = make_pipeline(FunctionTransformer(lambda x: x.fillna(0).astype(float)), StandardScaler())
    prepare = make_column_transformer((fill, numbers), (OneHotEncoder(handle_unknown="ignore"), words))
    model = AugmentedClassifier(make_pipeline(prepare, LogisticRegression()), clone(tiny), n_synthetic=30)
    model.set_params(random_state=0).fit(frame, y)
    assert set(model.predict(frame)) <= {"yes", "no"}
    assert model.feature_names_in_.tolist() == frame.columns.tolist()
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(frame.rename(columns={"price": "cost"}))


def test_images():
    images = np.random.default_rng(0).integers(256, size=(60, 8, 8), dtype=np.uint8)
    flatten = FunctionTransformer(lambda images: images.reshape(len(images), -1) / 255)
    y = np.arange(60) % 2
    model = AugmentedClassifier(make_pipeline(flatten, GaussianNB()), clone(tiny), n_synthetic=20, random_state=0)
    assert model.fit(images, y).predict(images).shape == (60,)
    for other in ((2, 9, 8), (2, 8, 9), (2, 64)):
        with pytest.raises(ValueError, match=r"^Images of X have .* was fitted on images of shape \(8, 8\); bring"):
            model.predict_proba(np.zeros(other, np.uint8))
    flat = AugmentedClassifier(GaussianNB(), clone(tiny).set_params(image_shape=(8, 8)), n_synthetic=20, random_state=0)
    assert flat.fit(images.reshape(60, 64), y).sampler_.image_shape_ == (8, 8)


def test_polars():
    pl = pytest.importorskip("polars")
    frame = pl.DataFrame({"a": X[:, 0], "b": X[:, 1]})
    model = AugmentedClassifier(LogisticRegression(), clone(tiny), n_synthetic=30, random_state=0)
    assert model.fit(frame, pl.Series(Y)).score(frame, Y) > 0.8


def test_a_sampler_without_y():
    model = AugmentedClassifier(LogisticRegression(), GANSampler(**TINY), n_synthetic=30, random_state=0).fit(X, Y)
    assert set(model.sampler_) == {0, 1, 2} and model.score(X, Y) > 0.8
    with pytest.raises(TypeError, match="y is continuous.*ConditionalGANSampler"):
        AugmentedRegressor(Ridge(), GANSampler(**TINY), n_synthetic=30).fit(X, NUMBERS)


def test_many_classes_of_whole_numbers_stay_classes():
    y = np.arange(180) // 3
    many = np.repeat(X[:60], 3, axis=0)
    model = AugmentedClassifier(LogisticRegression(), clone(tiny), n_synthetic=20, random_state=0).fit(many, y)
    assert len(model.sampler_.classes_) == 60


def test_a_sampler_of_scikit_learn_and_noise_of_its_own_for_each_class():
    y = np.repeat([0, 1], 60)
    seen = augmented(sampler=KernelDensity(bandwidth=1e-9), n_synthetic=120).fit(X, y).estimator_
    of_class = [seen.X_[120:][seen.y_[120:] == label] for label in (0, 1)]
    # With equal noise they would be the same rows of either class.
    places = [np.abs(rows[:, :1] - X[y == label, 0]).argmin(axis=1) for label, rows in enumerate(of_class)]
    assert np.mean(places[0] == places[1]) < 0.5


def test_methods_are_those_of_the_estimator():
    assert not hasattr(augmented(estimator=LinearSVC()), "predict_proba")
    assert not hasattr(augmented(estimator=GaussianNB()), "decision_function")
    model = augmented(estimator=LogisticRegression(), n_synthetic=30)
    with pytest.raises(NotFittedError):
        model.predict(X)
    assert not hasattr(model, "classes_")
    model.fit(X, Y)
    np.testing.assert_array_equal(model.classes_, [0, 1, 2])
    for method in ("predict", "predict_proba", "predict_log_proba", "decision_function"):
        np.testing.assert_array_equal(getattr(model, method)(X), getattr(model.estimator_, method)(X))


def test_sparse_rows():
    from scipy.sparse import csr_array

    model = AugmentedClassifier(LogisticRegression(), n_synthetic=0)
    assert model.__sklearn_tags__().input_tags.sparse
    assert model.fit(csr_array(X), Y).n_synthetic_ == 0
    with pytest.raises(TypeError, match="sparse"):
        model.set_params(n_synthetic="auto").fit(csr_array(X), Y)


@pytest.mark.parametrize(
    "parameters, error, said",
    [
        ({"n_synthetic": -1}, ValueError, "n_synthetic=-1"),
        ({"n_synthetic": "all"}, ValueError, "n_synthetic='all'"),
        ({"n_synthetic": float("nan")}, ValueError, "n_synthetic"),
        ({"n_synthetic": True}, ValueError, "n_synthetic=True"),
        ({"synthetic_weight": 0.0}, ValueError, "synthetic_weight=0.0"),
        ({"sampler": GaussianNB()}, TypeError, "fit and sample"),
        ({"sampler": GaussianMixture()}, TypeError, "without random_state"),
        ({"estimator": Ridge()}, TypeError, "instance of a classifier"),
        ({"estimator": "tree"}, TypeError, "estimator='tree' must be an instance"),
        ({"estimator": GaussianNB}, TypeError, "must be an instance"),
    ],
)
def test_bad_parameters(parameters, error, said):
    with pytest.raises(error, match=said):
        augmented(**parameters).fit(X, Y)


# Regression ---------------------------------------------------------------------------------------------------------


class RegressionRecorder(RegressorMixin, BaseEstimator):
    """Keeps what it was fitted on."""

    def fit(self, X, y):
        self.X_, self.y_ = X, y
        return self

    def predict(self, X):
        return np.zeros(len(X))


def test_continuous_targets_are_followed_evenly():
    model = AugmentedRegressor(RegressionRecorder(), clone(tiny), n_synthetic=2.0, random_state=0).fit(X, NUMBERS)
    assert model.n_synthetic_ == 240 and not hasattr(model.sampler_, "classes_")
    targets, counts = np.unique(model.estimator_.y_, return_counts=True)
    np.testing.assert_array_equal(targets, np.unique(NUMBERS))
    assert (counts == 3).all() and (np.diff(model.estimator_.y_[120:]) > 0).any()
    frame = pd.DataFrame(X, columns=["a", "b"])
    assert AugmentedRegressor(Ridge(), clone(tiny), n_synthetic=9, random_state=0).fit(frame, NUMBERS).n_synthetic_ == 9


def test_noise_is_not_added_to_a_regression():
    model = AugmentedRegressor(HistGradientBoostingRegressor(max_iter=20), clone(tiny), random_state=0)
    model.fit(X, NUMBERS)
    assert model.n_synthetic_ == 0 and (model.validation_.difference[1:] > 0).all()


def test_several_targets():
    y = np.column_stack([NUMBERS, X[:, 0] * 1000])
    model = AugmentedRegressor(Ridge(), clone(tiny), random_state=0).fit(X, y)
    assert model.predict(X).shape == (120, 2)
    # In units of variance, none of the targets drowns the other.
    assert model.validation_.loss[0] < 0.01


def test_whole_numbers_are_no_classes(monkeypatch):
    monkeypatch.setattr("skgan.samplers._for_targets.MAX_STEPS", 2)
    model = AugmentedRegressor(Ridge(), clone(tiny), n_synthetic=10, random_state=0).fit(X, Y)
    assert not hasattr(model.sampler_, "classes_")
    assert AugmentedRegressor(Ridge(), n_synthetic=5, random_state=0).fit(X, X[:, 0] > 0).n_synthetic_ == 5
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        AugmentedRegressor(Ridge(), n_synthetic=10, random_state=0).fit(small_array(), np.arange(60) % 7)


# The trial ----------------------------------------------------------------------------------------------------------


def trial_of(differences, n_folds=3, fold=20):
    """A trial whose shares 1 and 3 cost so much more than none, with noise, and how many folds it looked at."""
    rng, looked = np.random.default_rng(0), []

    def losses_of(train, test):
        looked.append(len(test))
        noise = 0.1 * rng.standard_normal((3, len(test)))
        return (1 + noise + np.array([0.0, *differences])[:, None])[:, None]

    rows = np.arange(fold)
    return Trial.of([0.0, 1.0, 3.0], [(rows, rows)] * n_folds, losses_of), looked


@pytest.mark.parametrize(
    "differences, best, n_folds",
    [((-1, -2), 3.0, 3), ((-2, -1), 1.0, 3), ((0.1, 0.1), 0.0, 1), ((1, 2), 0.0, 1), ((1, -1), 3.0, 3)],
)
def test_the_share_of_least_loss_is_best_where_it_helps_for_sure(differences, best, n_folds):
    trial, looked = trial_of(differences)
    assert trial.best == best
    assert len(looked) == n_folds
    np.testing.assert_allclose(trial.table.difference[1:], differences, atol=0.1)


def test_enough_rows_are_enough():
    assert trial_of((-1, -1), fold=1000)[1] == [1000, 1000]


def test_a_standard_error_by_hand():
    losses = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 0.0, 1.0, 0.0]])[:, None]
    trial = Trial([0.0, 1.0], losses)
    assert trial.table.difference.tolist() == [0, -0.5]
    assert trial.table.standard_error.tolist() == [0, 0.25]
    assert trial.best == 1.0 and not trial.is_hopeless
    assert Trial([0.0, 1.0], losses[::-1]).best == 0.0 and Trial([0.0, 1.0], losses[::-1]).is_hopeless


@pytest.mark.parametrize("ranks, best", [((0.2, 0.1, 0.1), 3.0), ((0.2, 0.1, 0.3), 1.0), ((0.2, 0.2, 0.3), 0.0)])
def test_a_share_that_ranks_no_better_is_not_taken(ranks, best):
    losses = np.array([[[loss] * 4, [rank] * 4] for loss, rank in zip((3.0, 2.0, 1.0), ranks, strict=True)])
    trial = Trial([0.0, 1.0, 3.0], losses)
    assert trial.best == best and not trial.is_hopeless
    np.testing.assert_allclose(trial.table.misranked, ranks)


class Predicted(GaussianNB):
    """Its predicted class probabilities are X."""

    def predict_proba(self, X):
        return X


def misranked(probabilities, y, weights=None, ranked=(0, 1, 2)):
    fitted = Predicted().fit(np.eye(probabilities.shape[1]), np.arange(probabilities.shape[1]))
    weights = np.ones(len(y)) if weights is None else weights
    return class_losses(fitted, probabilities, y, weights, ranked=np.array(ranked))[1]


def test_classes_of_few_rows_are_not_ranked():
    losses_of = augmented()._loss_function(np.repeat([0, 1, 2], [60, 30, 29]))
    assert losses_of.keywords["ranked"].tolist() == [0, 1]


def test_misranked_is_what_the_area_under_the_curve_misses():
    rng = np.random.default_rng(0)
    y = np.arange(60) % 3
    probabilities = np.round(rng.dirichlet(np.ones(3), 60) + 0.3 * (y[:, None] == np.arange(3)), 1)
    for weights in (np.ones(60), rng.integers(0, 4, 60).astype(float)):
        missed = [1 - roc_auc_score(y == k, probabilities[:, k], sample_weight=weights) for k in range(3)]
        assert misranked(probabilities, y, weights).mean() == pytest.approx(np.mean(missed))
        assert misranked(probabilities, y, weights, ranked=[1]).mean() == pytest.approx(missed[1])
    assert not misranked(probabilities[y == 0], y[y == 0]).any()


@pytest.mark.parametrize("weighted", [False, True])
def test_misranked_has_the_standard_error_of_delong(weighted):
    rng = np.random.default_rng(1)

    def sample():
        y = np.arange(240) % 12 == 0
        score = rng.standard_normal(240) + y
        return np.column_stack([-score, score]), y.astype(int), rng.random(240) if weighted else None

    values = [misranked(*sample()) for _ in range(400)]
    stated = np.mean([v.std() / np.sqrt(len(v)) for v in values])
    assert stated == pytest.approx(np.std([v.mean() for v in values]), rel=0.12)


@pytest.mark.parametrize("estimator", [AugmentedClassifier(LogisticRegression()), AugmentedRegressor(Ridge())])
def test_the_name_of_a_column_as_y_says_what_to_pass(estimator):
    with pytest.raises(ValueError, match=r'X=df.drop\(columns="sold"\), y=df\["sold"\]'):
        estimator.fit(small_frame(), "sold")
