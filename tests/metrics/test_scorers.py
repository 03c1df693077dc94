"""Scorers: metrics in searches of scikit-learn."""

import pickle
from functools import partial

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from problems import SAMPLERS, TINY, assert_same, blobs, labels_of, numbers_of, small_array, small_frame
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    KFold,
    PredefinedSplit,
    ShuffleSplit,
    cross_val_score,
    cross_validate,
)
from sklearn.neighbors import KernelDensity
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skgan import ConditionalGANSampler, GANSampler
from skgan.metrics import (
    METRICS,
    coverage,
    get_scorer,
    make_sampler_scorer,
    make_utility_scorer,
    pair_trends,
    train_on_synthetic,
    two_sample_test,
)

pytestmark = pytest.mark.usefixtures("few_trees_in_module")

FRAME = small_frame()
ARRAY = small_array()
LABELS = labels_of(FRAME)
OF_TRAINING = [word for word, metric in METRICS.items() if metric.of_training or metric.needs_holdout]
OTHERS = [word for word in METRICS if word not in OF_TRAINING]

each_sampler = pytest.mark.parametrize("case", SAMPLERS, ids=lambda case: case.name)


class Copier:
    """Returns the rows that it is given, in this order."""

    def __init__(self, rows):
        self.rows = rows

    def sample(self, n_samples, *, random_state):
        return self.rows[:n_samples]


class Pairer:
    """Returns this X and y, or this X with the given y."""

    def __init__(self, X, y):
        self.X, self.y = X, y

    def sample(self, n_samples=1, *, y=None, random_state):
        if y is None:
            return self.X[:n_samples], self.y[:n_samples]
        return self.X[: len(y)], y


@pytest.fixture(scope="module")
def sampler():
    return GANSampler(**TINY).fit(FRAME)


@pytest.fixture(scope="module")
def conditional():
    return ConditionalGANSampler(**TINY).fit(FRAME, LABELS)


# One scorer -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", OTHERS)
def test_every_metric_scores_a_fitted_sampler(word, sampler, conditional):
    scorer = get_scorer(word)
    for score in (scorer(sampler, FRAME), scorer(conditional, FRAME, LABELS)):
        assert type(score) is float
        assert np.isfinite(score)


@pytest.mark.parametrize("word", OF_TRAINING)
def test_metrics_of_copies_get_the_training_rows(word, sampler, conditional):
    with pytest.raises(ValueError, match=r"pass them as make_sampler_scorer\(\.\.\., X_train=X_train\)"):
        get_scorer(word)
    scorer = make_sampler_scorer(word, X_train=FRAME[:30])
    for score in (scorer(sampler, FRAME[30:]), scorer(conditional, FRAME[30:], LABELS[30:])):
        assert type(score) is float
        assert np.isfinite(score)


@pytest.mark.parametrize("word", ["two_sample", "coverage", "energy_distance"])
def test_real_rows_score_better_than_wrong_ones(word):
    X = small_array(400)
    real, fresh = X[:200], X[200:]
    scorer = get_scorer(word)
    assert scorer(Copier(fresh), real) > scorer(Copier(fresh[:, ::-1] * [1, -1]), real)
    assert scorer(Copier(fresh), real) > scorer(Copier(fresh + 3), real)


# Numbers hold no texts: see test_unlearned.py for these.
@pytest.mark.parametrize("word", [word for word in OF_TRAINING if word != "verbatim_text"])
def test_copies_of_the_training_rows_score_worst(word):
    X = np.random.default_rng(0).standard_normal((300, 3)).round(3)
    train, fresh, held_out = X[:100], X[100:200], X[200:]
    scorer = make_sampler_scorer(word, X_train=train)
    assert scorer(Copier(fresh), held_out) > scorer(Copier(train), held_out)


def test_higher_is_better_of_every_kind():
    rng = np.random.default_rng(0)
    real, fresh = rng.standard_normal((2, 200, 2))
    assert get_scorer("energy_distance")(Copier(fresh), real) < 0
    train = rng.standard_normal((200, 2))
    share = make_sampler_scorer("nearest_record_share", X_train=train)
    assert share(Copier(train), real) == -0.5  # 1 where 0.5 is best
    assert -0.1 < share(Copier(fresh), real) <= 0


def test_the_score_is_that_of_the_metric(sampler):
    synthetic = sampler.sample(60, random_state=3)
    scorer = make_sampler_scorer("two_sample", random_state=3)
    assert scorer(sampler, FRAME) == two_sample_test(FRAME, synthetic, random_state=3).score
    function = make_sampler_scorer(coverage, random_state=3)
    assert function(sampler, FRAME) == coverage(FRAME, synthetic)
    assert make_sampler_scorer(coverage, greater_is_better=False, random_state=3)(sampler, FRAME) == -function(
        sampler, FRAME
    )


def test_arrays_are_compared_on_the_scale_of_ranks():
    X = small_array(200)
    real, fresh = X[:100], X[100:]
    for word in ("energy_distance", "coverage", "frechet_distance"):
        plain, stretched = (get_scorer(word)(Copier(fresh * scale), real * scale) for scale in (1.0, [1000.0, 0.001]))
        assert plain == pytest.approx(stretched, rel=1e-5)


@each_sampler
def test_the_same_score_twice_and_the_stream_left_where_it_was(case):
    sampler, other = (case.make(**TINY).fit(*case.args(FRAME)) for _ in range(2))
    scorer = get_scorer("two_sample_logistic")
    before = np.random.get_state()[1].copy()
    assert scorer(sampler, *case.args(FRAME)) == scorer(sampler, *case.args(FRAME))
    np.testing.assert_array_equal(np.random.get_state()[1], before)
    assert_same(sampler.sample(5), other.sample(5))


def test_another_seed_gives_another_score(sampler):
    scores = {make_sampler_scorer("energy_distance", random_state=seed)(sampler, FRAME) for seed in range(3)}
    assert len(scores) == 3


def test_at_most_max_rows_are_drawn_and_compared():
    sizes = []

    def metric(real, synthetic):
        sizes.append((len(real), len(synthetic)))
        return 0.0

    sampler = GANSampler(**TINY).fit(ARRAY)
    for max_rows in (20, 60, None):
        make_sampler_scorer(metric, max_rows=max_rows)(sampler, ARRAY)
    assert sizes == [(20, 20), (60, 60), (60, 60)]


def test_y_stays_beside_its_row_where_rows_are_left_out():
    class Doubler:
        def sample(self, n_samples=1, *, y, random_state):
            return 2 * np.asarray(y)[:, None], y

    y = pd.Series(np.random.default_rng(0).standard_normal(300))
    assert make_sampler_scorer("pair_trends", max_rows=100)(Doubler(), 2 * y.to_frame(), y) == pytest.approx(1)


@pytest.mark.parametrize("kind", ["pandas", "polars", "array", "list", "codes"])
def test_containers(kind):
    X = {
        "pandas": FRAME,
        "polars": pl.DataFrame({"a": ARRAY[:, 0], "b": LABELS}),
        "array": ARRAY,
        "list": ARRAY.tolist(),
        "codes": np.column_stack([np.arange(60) % 4, np.arange(60) % 7]),
    }[kind]
    sampler = GANSampler(**TINY, categorical_features=[0] if kind == "codes" else "from_dtype").fit(X)
    for word in ("pair_trends", "coverage"):
        for max_rows in (30, None):
            assert np.isfinite(make_sampler_scorer(word, max_rows=max_rows)(sampler, X))


def test_whole_numbers_are_categories_where_the_sampler_says_so():
    real, others = np.repeat([[0], [1], [2]], 20, axis=1).ravel(), np.repeat([0, 0, 1], 20)
    sampler = Copier(others[:, None])
    assert get_scorer("column_shapes")(sampler, real[:, None]) == pytest.approx(2 / 3)  # largest difference of CDFs
    sampler.categorical_features = [0]
    assert get_scorer("column_shapes")(sampler, real[:, None]) == pytest.approx(2 / 3)  # half the sum of differences
    sampler.rows = np.repeat([2, 1, 0, 0], 15)[:, None]
    assert get_scorer("column_shapes")(sampler, real[:, None]) == pytest.approx(5 / 6)


# Samplers that take y -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["labels", "codes", "amounts", "several", "polars", "one column"])
def test_targets_of_every_kind(target):
    y = {
        "labels": LABELS,
        "codes": np.arange(60) % 3,
        "amounts": numbers_of(FRAME),
        "several": pd.DataFrame({"label": LABELS, "amount": numbers_of(FRAME)}),
        "polars": pl.Series("label", LABELS),
        "one column": LABELS[:, None],
    }[target]
    sampler = ConditionalGANSampler(**TINY).fit(FRAME, y)
    for word in ("two_sample_logistic", "pair_trends", "coverage", "column_shapes"):
        assert np.isfinite(make_sampler_scorer(word, max_rows=50)(sampler, FRAME, y)), word


@pytest.mark.parametrize("word", ["two_sample", "pair_trends", "energy_distance"])
def test_X_and_y_are_compared_together(word):
    (X, y), (others, _) = blobs(300), blobs(300, random_state=1)
    rng = np.random.default_rng(0)
    fitting = others[[rng.choice(np.flatnonzero(blobs(300, random_state=1)[1] == label)) for label in y]]
    scorer = get_scorer(word)
    assert scorer(Pairer(fitting, y), X, y) > scorer(Pairer(others, y), X, y) + 0.02  # only the dependence is wrong


def test_classes_in_numbers_are_classes():
    rng = np.random.default_rng(0)
    y = rng.integers(4, size=400)
    X = (y % 2 + 0.1 * rng.standard_normal(400))[:, None]
    right, linear = Pairer(X, y), Pairer((y / 3 + 0.1 * rng.standard_normal(400))[:, None], y)
    plain = get_scorer("pair_trends")(linear, X, y)
    right.classes_ = linear.classes_ = np.arange(4)
    assert get_scorer("pair_trends")(right, X, y) == 1
    told = get_scorer("pair_trends")(linear, X, y)
    assert told != plain


def test_a_sampler_that_takes_y_is_given_it(conditional):
    for scorer in (get_scorer("two_sample"), get_scorer("train_on_synthetic"), make_sampler_scorer(coverage)):
        with pytest.raises(ValueError, match="ConditionalGANSampler takes y, but its scorer was given none"):
            scorer(conditional, FRAME)


def test_rows_beside_training_rows_are_drawn_freely():
    """Rows drawn for the y of the held-out rows would be too close to these."""
    X = np.random.default_rng(0).standard_normal((200, 1))

    class Follower:
        def sample(self, n_samples=1, *, y=None, random_state):
            assert y is None
            return np.random.default_rng(1).standard_normal((n_samples, 1)), np.zeros(n_samples)

    assert make_sampler_scorer("nearest_record_share", X_train=X[:100])(Follower(), X[100:], X[100:, 0]) > -0.2


# Searches -------------------------------------------------------------------------------------------------------


@each_sampler
def test_grid_search(case):
    scorer = get_scorer("two_sample_logistic")
    grid = {"loss": ["relativistic", "hinge"]}
    search = GridSearchCV(case.make(**TINY), grid, scoring=scorer, cv=2, error_score="raise").fit(*case.args(FRAME))
    assert search.best_score_ == search.cv_results_["mean_test_score"].max()
    assert search.score(*case.args(FRAME)) == scorer(search.best_estimator_, *case.args(FRAME))


def test_several_scorers_at_once():
    scoring = {word: get_scorer(word) for word in ("pair_trends", "coverage", "energy_distance")}
    search = GridSearchCV(
        GANSampler(**TINY), {"latent_dim": [2, 4]}, scoring=scoring, refit="coverage", cv=2, error_score="raise"
    ).fit(FRAME)
    for word, scorer in scoring.items():
        alone = cross_val_score(clone(search.best_estimator_), FRAME, scoring=scorer, cv=2)
        assert search.cv_results_[f"mean_test_{word}"][search.best_index_] == pytest.approx(alone.mean())
    assert search.best_score_ == search.cv_results_["mean_test_coverage"].max()


def test_cross_validate_and_nested_search():
    search = GridSearchCV(GANSampler(**TINY), {"latent_dim": [2, 3]}, scoring=get_scorer("coverage"), cv=2)
    scores = cross_val_score(search, ARRAY, scoring=get_scorer("coverage"), cv=2, error_score="raise")
    found = cross_validate(search, ARRAY, scoring={"c": get_scorer("coverage")}, cv=2, error_score="raise")
    np.testing.assert_array_equal(found["test_c"], scores)


def test_halving_search():
    search = HalvingGridSearchCV(
        GANSampler(refine=False, random_state=0),
        {"loss": ["relativistic", "hinge", "wasserstein"]},
        scoring=get_scorer("energy_distance"),
        resource="max_iter",
        min_resources=1,
        max_resources=3,
        cv=KFold(2),
        error_score="raise",
        random_state=0,
    ).fit(ARRAY)
    assert search.best_estimator_.n_iter_ == 3


@pytest.mark.parametrize("case", SAMPLERS[:2], ids=lambda case: case.name)
@pytest.mark.parametrize("routing", [False, True])
def test_pipelines_are_judged_on_the_scale_of_their_last_step(case, routing):
    X, *y = case.args(ARRAY * 1000)
    with sklearn.config_context(enable_metadata_routing=routing):
        pipeline = make_pipeline(StandardScaler(), case.make(**TINY))
        grid = {f"{pipeline.steps[-1][0]}__latent_dim": [2]}
        scorer = get_scorer("column_wasserstein")
        search = GridSearchCV(pipeline, grid, scoring=scorer, cv=2, error_score="raise").fit(X, *y)
        fitted = search.best_estimator_
        expected = scorer(fitted[-1], fitted[0].transform(X), *y)
        assert scorer(fitted, X, *y) == search.score(X, *y) == expected
        multi = GridSearchCV(pipeline, grid, scoring={"w": scorer}, refit="w", cv=2, error_score="raise").fit(X, *y)
        assert multi.best_score_ == search.best_score_


def test_a_pipeline_of_one_step_and_steps_that_pass_through():
    alone = make_pipeline(GANSampler(**TINY)).fit(ARRAY)
    passed = make_pipeline("passthrough", GANSampler(**TINY)).fit(ARRAY)
    scorer = get_scorer("coverage")
    assert scorer(alone, ARRAY) == scorer(passed, ARRAY) == scorer(alone[-1], ARRAY)


@pytest.mark.parametrize("word", ["nearest_record_share", "exact_copies"])
def test_a_privacy_scorer_over_a_single_split(word):
    X = small_array(80).round(1)
    train, test = next(ShuffleSplit(1, test_size=0.5, random_state=0).split(X))
    fold = np.full(80, -1)
    fold[test] = 0
    scorer = make_sampler_scorer(word, X_train=X[train])
    for cv in (ShuffleSplit(1, test_size=0.5, random_state=0), PredefinedSplit(fold)):
        search = GridSearchCV(
            GANSampler(**TINY), {"latent_dim": [2, 3]}, scoring=scorer, cv=cv, error_score="raise"
        ).fit(X)
        assert np.isfinite(search.cv_results_["mean_test_score"]).all()


def test_training_rows_go_through_the_pipeline_too():
    X = small_array(80) * 1000
    scorer = make_sampler_scorer("nearest_record_share", X_train=X[:40])
    pipeline = make_pipeline(StandardScaler(), GANSampler(**TINY)).fit(X[:40])
    on_its_scale = make_sampler_scorer("nearest_record_share", X_train=pipeline[0].transform(X[:40]))
    assert scorer(pipeline, X[40:]) == on_its_scale(pipeline[-1], pipeline[0].transform(X[40:]))


def test_any_sampler_will_do():
    X = small_array(300)
    search = GridSearchCV(
        KernelDensity(), {"bandwidth": [0.2, 20.0]}, scoring=get_scorer("energy_distance"), cv=3, error_score="raise"
    ).fit(X)
    assert search.best_params_ == {"bandwidth": 0.2}


@pytest.mark.parametrize(
    "scorer",
    [
        get_scorer("pair_trends"),
        make_sampler_scorer("near_copies", X_train=ARRAY),
        make_sampler_scorer(coverage, max_rows=None),
        make_utility_scorer(LinearRegression(), target=1),
    ],
    ids=repr,
)
def test_scorers_are_pickled_and_cloned(scorer):
    sampler = GANSampler(**TINY).fit(ARRAY)
    expected = scorer(sampler, ARRAY)
    assert pickle.loads(pickle.dumps(scorer))(sampler, ARRAY) == expected
    search = clone(GridSearchCV(GANSampler(**TINY), {}, scoring=scorer, cv=2))
    assert search.scoring(sampler, ARRAY) == expected


def test_scorers_say_what_they_are():
    assert repr(get_scorer("two_sample")) == "make_sampler_scorer('two_sample')"
    assert repr(make_utility_scorer(LogisticRegression())) == "make_utility_scorer(LogisticRegression())"


# Utility --------------------------------------------------------------------------------------------------------


def test_utility_prefers_useful_rows():
    (X, y), (others, y_others) = blobs(300), blobs(300, random_state=1)
    teacher, fool = Pairer(others, y_others), Pairer(others, np.random.default_rng(0).permutation(y_others))
    for scorer in (make_utility_scorer(LogisticRegression()), get_scorer("train_on_synthetic")):
        assert scorer(teacher, X, y) > 0.98
        assert scorer(fool, X, y) < 0.8


def test_utility_of_a_column_learned_with_the_others():
    (X, y), (others, y_others) = blobs(300), blobs(300, random_state=1)
    real, teacher = np.column_stack([X, y]), Copier(np.column_stack([others, y_others]))
    for estimator in (None, LogisticRegression()):
        expected = train_on_synthetic(estimator, (X, y), (others, y_others), (X, y)).synthetic
        assert make_utility_scorer(estimator, target=2)(teacher, real) == pytest.approx(expected)
    names = ["a", "b", "label"]
    teacher.rows = pd.DataFrame(teacher.rows, columns=names)
    teacher.categorical_features = ["label"]
    assert make_utility_scorer(target="label")(teacher, pd.DataFrame(real, columns=names)) > 0.98
    teacher.rows, real = pl.from_pandas(teacher.rows), pl.DataFrame(real, schema=names)
    assert make_utility_scorer(target="label", max_rows=200, n_samples=250)(teacher, real) > 0.98
    assert make_utility_scorer(LogisticRegression(), target="label")(teacher, real) > 0.98


@pytest.mark.parametrize("scoring", [None, "f1_macro", "neg_log_loss"])
def test_utility_in_a_search(scoring):
    X, y = blobs(60)
    search = GridSearchCV(
        ConditionalGANSampler(**TINY),
        {"latent_dim": [2, 3]},
        scoring=make_utility_scorer(LogisticRegression(), scoring=scoring),
        cv=2,
        error_score="raise",
    ).fit(X, y)
    assert np.isfinite(search.best_score_)


def test_utility_with_mixed_columns_and_several_targets():
    sampler = ConditionalGANSampler(**TINY).fit(FRAME, LABELS)
    assert 0 <= get_scorer("train_on_synthetic")(sampler, FRAME, LABELS) <= 1
    y = np.column_stack([numbers_of(FRAME)] * 2)
    sampler = ConditionalGANSampler(**TINY).fit(ARRAY, y)
    assert np.isfinite(make_utility_scorer(LinearRegression())(sampler, ARRAY, y))
    with pytest.raises(ValueError, match="has 2 columns, but the default trees predict one"):
        make_utility_scorer()(sampler, ARRAY, y)


@pytest.mark.parametrize("target", FRAME.columns)
def test_utility_of_columns_of_every_kind_with_missing_values(sampler, target):
    assert np.isfinite(make_utility_scorer(target=target)(sampler, FRAME))


def test_utility_reads_codes_as_the_sampler_does():
    X, test = np.array([[1], [1], [2]] * 40), np.array([[3], [1], [2]] * 20)
    y, y_test = X.ravel() == 2, test.ravel() == 2
    pairer = Pairer(X, y)
    scorer = make_utility_scorer(n_samples=120)
    assert scorer(pairer, test, y_test) == 0.75  # 3 is treated as larger than 2
    pairer.categorical_features = [0]
    assert scorer(pairer, test, y_test) == 1.0  # an unknown category counts as 1


# Bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [get_scorer, make_sampler_scorer])
def test_unknown_names(make):
    with pytest.raises(ValueError, match="metric='two_samples' is not a known word.*Did you mean 'two_sample'?"):
        make("two_samples")
    with pytest.raises(ValueError, match="'train_on_synthetic'"):
        make("utility")
    with pytest.raises(ValueError, match="metric=3"):
        make(3)


@pytest.mark.parametrize("make", [partial(make_sampler_scorer, "coverage"), make_utility_scorer])
@pytest.mark.parametrize(
    ("name", "value"), [("max_rows", 0), ("max_rows", 1.5), ("random_state", None), ("random_state", -1)]
)
def test_bad_options(make, name, value):
    with pytest.raises(ValueError, match=f"{name}={value}"):
        make(**{name: value})


def test_other_bad_options():
    with pytest.raises(ValueError, match="n_samples=0"):
        make_utility_scorer(n_samples=0)
    with pytest.raises(ValueError, match="greater_is_better='yes'"):
        make_sampler_scorer(coverage, greater_is_better="yes")
    with pytest.raises(ValueError, match="greater_is_better=False is for functions"):
        make_sampler_scorer("coverage", greater_is_better=False)


def test_what_is_no_sampler():
    with pytest.raises(TypeError, match="was given a LinearRegression, which has no method sample"):
        get_scorer("coverage")(LinearRegression(), ARRAY)
    pipeline = make_pipeline(StandardScaler(), LinearRegression()).fit(ARRAY, ARRAY[:, 0])
    with pytest.raises(TypeError, match="was given a LinearRegression"):
        make_utility_scorer(target=1)(pipeline, ARRAY)
    with pytest.raises(NotFittedError):
        get_scorer("coverage")(GANSampler(), ARRAY)


def test_a_metric_must_return_a_number(sampler):
    with pytest.raises(TypeError, match="must return a number, got PairTrends"):
        make_sampler_scorer(pair_trends)(sampler, FRAME)


def test_a_target_for_the_samplers_that_need_one(sampler, conditional):
    with pytest.raises(ValueError, match=r"GANSampler takes no y.*make_utility_scorer\(\.\.\., target=\.\.\.\)"):
        get_scorer("train_on_synthetic")(sampler, FRAME)
    with pytest.raises(ValueError, match="target='grade' is for samplers that are fitted on the target"):
        make_utility_scorer(target="grade")(conditional, FRAME, LABELS)
    with pytest.raises(ValueError, match="target='colour' is not a column of X; its columns are"):
        make_utility_scorer(target="colour")(sampler, FRAME)
