"""scikit-learn's own estimator checks: of short fits, and, marked as slow, with nothing set but the seed."""

import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.utils.estimator_checks import parametrize_with_checks

from skgan import AugmentedClassifier, AugmentedRegressor, ConditionalGANSampler, GANSampler

TINY = ConditionalGANSampler(max_iter=2, refine=False)
SHORT = [
    GANSampler(max_iter=2, random_state=0),
    ConditionalGANSampler(max_iter=2, refine=False, random_state=0),
    AugmentedClassifier(LogisticRegression(), TINY, n_synthetic=10, random_state=0),
    AugmentedRegressor(Ridge(), TINY, n_synthetic=10, random_state=0),
]
DEFAULTS = [
    GANSampler(random_state=0),
    ConditionalGANSampler(random_state=0),
    AugmentedClassifier(LogisticRegression(), random_state=0),
    AugmentedRegressor(Ridge(), random_state=0),
]


@parametrize_with_checks(SHORT)
def test_estimator_checks(estimator, check):
    check(estimator)


@pytest.mark.slow
@parametrize_with_checks(DEFAULTS)
def test_estimator_checks_with_the_defaults(estimator, check):
    check(estimator)
