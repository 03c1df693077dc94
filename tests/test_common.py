"""scikit-learn's own estimator checks: all of them with short runs, and, marked as slow, some with full ones."""

import pytest
from problems import short_runs
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import parametrize_with_checks

from skgan import AugmentedClassifier, AugmentedRegressor, ConditionalGANSampler, GANSampler

# Nothing is set but the seed.
DEFAULTS = [
    GANSampler(random_state=0),
    ConditionalGANSampler(random_state=0),
    AugmentedClassifier(LogisticRegression(), random_state=0),
    AugmentedRegressor(Ridge(), random_state=0),
]
# With the defaults, rows are added only where they help; these estimators always add some.
TINY = ConditionalGANSampler(max_iter=2, refine=False)
WITH_ADDED_ROWS = [
    AugmentedClassifier(LogisticRegression(), TINY, n_synthetic=10, random_state=0),
    AugmentedRegressor(Ridge(), TINY, n_synthetic=10, random_state=0),
]
# The checks whose result depends on what was learned, because they compare scores or ask for accuracy. The others look
# at parameters, attributes, errors, names and dtypes, or at equal results of equal fits: two steps leave these like
# hundreds.
OF_FULL_RUNS = {
    "check_methods_sample_order_invariance": DEFAULTS[:2],
    "check_methods_subset_invariance": DEFAULTS[:2],
    "check_pipeline_consistency": DEFAULTS[:2],
    "check_classifiers_train": DEFAULTS[2:3],
    "check_regressors_train": DEFAULTS[3:],
}


@pytest.mark.usefixtures("few_trees")
@parametrize_with_checks([*DEFAULTS, *WITH_ADDED_ROWS])
def test_estimator_checks(estimator, check, monkeypatch):
    short_runs(monkeypatch)
    check(estimator)


@pytest.mark.slow
@pytest.mark.parametrize("name", OF_FULL_RUNS)
def test_estimator_checks_of_full_runs(name):
    for estimator in OF_FULL_RUNS[name]:
        getattr(estimator_checks, name)(type(estimator).__name__, clone(estimator))
