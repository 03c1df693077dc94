"""score and score_samples: how real rows look, with known answers."""

import warnings

import numpy as np
import pandas as pd
import pytest
from problems import SAMPLERS, adult_like, labels_of, small_array, small_frame
from sampler_checks import fitted

from skgan import ConditionalGANSampler, GANSampler

FRAME = small_frame()

each_sampler = pytest.mark.parametrize("case", SAMPLERS, ids=lambda case: case.name)


@pytest.fixture(scope="module")
def sampler():
    return GANSampler(max_iter=5, random_state=0).fit(FRAME)


def shuffled(X, seed=0):
    """Each column in an order of its own: the same columns, no dependence."""
    rng = np.random.default_rng(seed)
    if isinstance(X, pd.DataFrame):
        return pd.DataFrame({name: X[name].to_numpy()[rng.permutation(len(X))] for name in X})
    return np.column_stack([rng.permutation(column) for column in X.T])


# score ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("few_trees")
@each_sampler
def test_score_is_a_float_between_0_and_1(case):
    score = fitted(case, FRAME).score(*case.args(FRAME))
    assert type(score) is float
    assert 0 <= score <= 1


@pytest.mark.usefixtures("few_trees")
@each_sampler
@pytest.mark.parametrize("n_rows", [1, 2, 3, 19])
def test_score_of_few_rows_never_raises(case, n_rows):
    X = FRAME.iloc[:n_rows]
    for sampler in (fitted(case, FRAME), case.make(max_iter=2).fit(*case.args(X))):
        assert 0 <= sampler.score(*case.args(X)) <= 1


@each_sampler
@pytest.mark.parametrize("n_rows", [1, 5, 40])
def test_score_without_variation_never_raises(case, n_rows):
    X = np.full((n_rows, 2), 3.5)
    sampler = case.make(max_iter=2).fit(*case.args(X))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert 0 <= sampler.score(*case.args(X)) <= 1


def test_score_without_any_variation_is_1():
    X = np.full((40, 2), 3.5)
    assert GANSampler(max_iter=2, random_state=0).fit(X).score(X) == 1.0
    assert ConditionalGANSampler(max_iter=2, random_state=0).fit(X, X[:, 0]).score(X, X[:, 0]) == 1.0


def test_score_sees_lost_dependence_and_wrong_columns():
    rng = np.random.default_rng(0)
    column = rng.standard_normal(400)
    X = np.column_stack([column, column + 0.1 * rng.standard_normal(400)])
    sampler = GANSampler(max_iter=150, random_state=0).fit(X)
    real = sampler.score(X)
    assert real > 0.6
    assert sampler.score(shuffled(X)) < real - 0.4
    assert sampler.score(X + [0, 3]) < 0.1


def test_score_of_conditional_sampler_judges_X_and_y_jointly():
    y = np.arange(300) % 2
    X = (10.0 * y + np.random.default_rng(0).standard_normal(300))[:, None]
    sampler = ConditionalGANSampler(max_iter=50, random_state=0).fit(X, y)
    real = sampler.score(X, y)
    assert real > 0.6
    assert sampler.score(X, 1 - y) < 0.1  # X alone, and y alone, look as before


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("method", ["fit", "score"])
def test_conditional_sampler_needs_y(method):
    sampler = ConditionalGANSampler(max_iter=2, random_state=0)
    if method == "score":
        sampler.fit(FRAME, labels_of(FRAME))
    with pytest.raises(ValueError, match="requires y to be passed, but the target y is None"):
        getattr(sampler, method)(FRAME, None)


# score_samples --------------------------------------------------------------------------------------------------


def test_score_samples_is_finite_whatever_the_row(sampler):
    X = FRAME.copy()
    X["grade"] = X["grade"].astype(object)
    X.loc[0, "grade"] = "unheard of"
    X.loc[1] = [np.nan, np.nan, pd.NA, pd.NA, None, pd.NaT]
    X.loc[2, ["price", "weight"]] = [1e300, -1e300]
    values = sampler.score_samples(X)
    assert values.shape == (len(X),)
    assert values.dtype == np.float64
    assert np.isfinite(values).all()
    assert len(np.unique(values)) > 5


def test_score_samples_of_one_row_equals_that_of_the_batch(sampler):
    batch = sampler.score_samples(FRAME)
    alone = [sampler.score_samples(FRAME.iloc[[i]])[0] for i in range(len(FRAME))]
    np.testing.assert_allclose(alone, batch, atol=1e-7, rtol=0)
    np.testing.assert_allclose(sampler.score_samples(FRAME[::-1]), batch[::-1], atol=1e-7, rtol=0)


@pytest.mark.parametrize("refine", [True, False])
@pytest.mark.parametrize(("n_rows", "is_zero"), [(1, True), (19, True), (20, False)])
def test_score_samples_is_zero_below_20_training_rows(n_rows, is_zero, refine):
    X = small_array(n_rows)
    sampler = GANSampler(max_iter=2, random_state=0, refine=refine).fit(X)
    values = sampler.score_samples(small_array(50, random_state=1))
    assert values.shape == (50,)
    assert (values == 0).all() == is_zero


def test_score_samples_is_the_same_with_and_without_refinement():
    with_it, without = (
        GANSampler(max_iter=5, random_state=0, refine=refine).fit(FRAME).score_samples(FRAME)
        for refine in (True, False)
    )
    np.testing.assert_array_equal(with_it, without)


def test_score_samples_is_higher_on_real_rows_than_on_shuffled_ones():
    train, fresh = adult_like(1000, random_state=0), adult_like(1000, random_state=1)
    sampler = GANSampler(max_iter=20, random_state=0).fit(train)
    assert sampler.score_samples(fresh).mean() > sampler.score_samples(shuffled(fresh)).mean()


def test_score_samples_tells_where_no_real_row_is():
    rng = np.random.default_rng(0)
    column = rng.standard_normal(500)
    sampler = GANSampler(max_iter=5, random_state=0).fit(np.column_stack([column, column]))
    on, off = sampler.score_samples([[1.0, 1.0]]), sampler.score_samples([[1.0, -1.0]])
    assert on > off + 1


def test_conditional_sampler_has_no_score_samples():
    assert not hasattr(ConditionalGANSampler(), "score_samples")
