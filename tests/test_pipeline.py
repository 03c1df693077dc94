"""The samplers inside scikit-learn's tools."""

import warnings
from functools import partial

import numpy as np
import pandas as pd
import pytest
import sklearn
from joblib import Parallel, delayed
from problems import SAMPLERS, TINY, assert_same, labels_of, rows_of, small_array, small_frame, usual_factory
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, KFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skgan import ConditionalGANSampler, GANSampler
from skgan.metrics import get_scorer, make_sampler_scorer
from skgan.training import count_threads

ARRAY = small_array()
each_sampler = pytest.mark.parametrize("case", SAMPLERS, ids=lambda case: case.name)


@pytest.mark.usefixtures("few_trees")
@each_sampler
def test_pipeline(case):
    X, *y = case.args(ARRAY * 1000)
    pipeline = make_pipeline(StandardScaler(), case.make(**TINY)).fit(X, *y)
    assert 0 <= pipeline.score(X, *y) <= 1
    drawn = rows_of(pipeline[-1].sample(200))
    assert np.abs(drawn).max() < 5  # on the scale that the sampler saw
    if hasattr(case.make(), "score_samples"):
        assert pipeline.score_samples(X).shape == (len(X),)


@pytest.mark.usefixtures("few_trees")
@each_sampler
def test_cross_val_score(case):
    scores = cross_val_score(case.make(**TINY), *case.args(ARRAY), cv=3, error_score="raise")
    assert scores.shape == (3,)
    assert ((scores >= 0) & (scores <= 1)).all()


@pytest.mark.usefixtures("few_trees")
@each_sampler
def test_grid_search(case):
    grid = {"loss": ["relativistic", "hinge"], "latent_dim": ["auto"], "learning_rate": [1e-3]}
    search = GridSearchCV(case.make(**TINY), grid, cv=2, error_score="raise").fit(*case.args(ARRAY))
    assert set(search.best_params_) == set(grid)
    assert search.cv_results_["mean_test_score"].shape == (2,)
    assert len(rows_of(search.best_estimator_.sample(3))) == 3
    assert 0 <= search.score(*case.args(ARRAY)) <= 1


def own_score(sampler, X, y):
    return sampler.score(X, y)


def test_two_jobs_find_what_one_finds():
    case = SAMPLERS[1]
    scoring = {
        "own": own_score,
        "coverage": get_scorer("coverage"),
        "copies": make_sampler_scorer("exact_copies", X_train=ARRAY),
    }

    def scores(n_jobs):
        search = GridSearchCV(
            case.make(**TINY), {"latent_dim": [2, 3]}, scoring=scoring, refit=False, cv=2, n_jobs=n_jobs,
            error_score="raise",
        )
        found = search.fit(*case.args(ARRAY)).cv_results_
        return [found[f"mean_test_{word}"] for word in scoring]

    np.testing.assert_array_equal(scores(2), scores(1))


# The processes of the test above are used once more: to start them takes seconds.
@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_a_worker_of_a_search_has_one_thread(backend):
    assert Parallel(n_jobs=2, backend=backend)(delayed(count_threads)() for _ in range(2)) == [1, 1]
    assert Parallel(n_jobs=2, backend=backend)(delayed(count_threads)(1) for _ in range(2)) == [1, 1]


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("case", SAMPLERS[:2], ids=lambda case: case.name)
def test_halving_search_over_the_budget(case):
    search = HalvingGridSearchCV(
        case.make(refine=False),
        {"loss": ["relativistic", "hinge"]},
        resource="max_iter",
        min_resources=2,
        max_resources=4,
        factor=2,
        cv=KFold(2),
        error_score="raise",
        random_state=0,
    ).fit(*case.args(ARRAY))
    assert search.n_resources_ == [2, 4]
    assert search.best_estimator_.n_iter_ == 4


@pytest.mark.usefixtures("few_trees")
@each_sampler
@pytest.mark.parametrize("output", ["pandas", "polars"])
def test_output_setting_is_harmless(case, output):
    pytest.importorskip(output)
    frame = small_frame()
    with sklearn.config_context(transform_output=output):
        sampler = case.make(**TINY)
        assert isinstance(rows_of(sampler.fit(*case.args(ARRAY)).sample(3)), np.ndarray)
        assert isinstance(rows_of(sampler.fit(*case.args(frame)).sample(3)), pd.DataFrame)


@pytest.mark.usefixtures("few_trees")
@each_sampler
def test_html_repr(case):
    sampler = case.make(**TINY, latent_dim=7)
    for shown in (sampler, sampler.fit(*case.args(ARRAY))):
        html = shown._repr_html_()
        assert type(sampler).__name__ in html
        assert "latent_dim" in html


@each_sampler
def test_repr_shows_what_was_chosen(case):
    text = repr(case.make(latent_dim=7, loss="hinge"))
    assert text.startswith(type(case.make()).__name__ + "(")
    assert "latent_dim=7" in text
    assert "loss='hinge'" in text
    assert "batch_size" not in text


@pytest.mark.usefixtures("few_trees")
@each_sampler
def test_factories_pass_clone_and_get_params(case):
    factory = partial(usual_factory, width=8)
    sampler = case.make(**{**TINY, "generator": factory})
    assert sampler.get_params()["generator"] is factory
    copied = clone(sampler)
    assert copied.get_params()["generator"].func is usual_factory
    assert_same(copied.fit(*case.args(ARRAY)).sample(5), sampler.fit(*case.args(ARRAY)).sample(5))
    search = GridSearchCV(sampler, {"generator": ["auto", factory]}, cv=2, error_score="raise")
    assert len(search.fit(*case.args(ARRAY)).cv_results_["params"]) == 2


def test_constructor_stores_and_nothing_else():
    for cls in (GANSampler, ConditionalGANSampler):
        sampler = cls(loss="no such word", max_iter=-3)
        assert vars(sampler) == sampler.get_params()


@pytest.mark.usefixtures("few_trees")
def test_feature_names_are_checked():
    frame = small_frame()
    sampler = GANSampler(**TINY).fit(frame)
    with pytest.raises(ValueError, match="feature names should match"):
        sampler.score(frame.rename(columns={"price": "cost"}))
    with pytest.warns(UserWarning, match="feature names"):
        GANSampler(**TINY).fit(pd.DataFrame(ARRAY, columns=["a", "b"])).score(ARRAY)


@pytest.mark.usefixtures("few_trees")
def test_conditional_pipeline_passes_conditions_on():
    y = labels_of(ARRAY)
    pipeline = make_pipeline(StandardScaler(), ConditionalGANSampler(**TINY)).fit(ARRAY, y)
    X, given = pipeline[-1].sample(4, y="birch")
    assert X.shape == (4, 2)
    assert given.tolist() == ["birch"] * 4
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        assert pipeline.score(ARRAY, y) >= 0
