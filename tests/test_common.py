"""scikit-learn's own estimator checks, with nothing set but the seed."""

from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.utils.estimator_checks import parametrize_with_checks

from skgan import AugmentedClassifier, AugmentedRegressor, ConditionalGANSampler, GANSampler

ESTIMATORS = [
    GANSampler(random_state=0),
    ConditionalGANSampler(random_state=0),
    AugmentedClassifier(LogisticRegression(), random_state=0),
    AugmentedRegressor(Ridge(), random_state=0),
]


@parametrize_with_checks(ESTIMATORS)
def test_estimator_checks(estimator, check):
    check(estimator)
