"""scikit-learn's own estimator checks, with nothing set but the seed."""

from sklearn.utils.estimator_checks import parametrize_with_checks

from skgan import ConditionalGANSampler, GANSampler


@parametrize_with_checks([GANSampler(random_state=0), ConditionalGANSampler(random_state=0)])
def test_estimator_checks(estimator, check):
    check(estimator)
