"""Every number that skgan gives about synthetic rows: its word, which way is better, how it is computed."""

from collections.abc import Callable
from typing import NamedTuple

from ._alpha import alpha_precision, authenticity, beta_recall
from ._copies import exact_copies, unique_value_share
from ._distances import energy_distance, maximum_mean_discrepancy, sliced_wasserstein_distance
from ._frechet import frechet_distance, kernel_distance
from ._manifold import coverage, density, precision, recall
from ._marginals import column_jensen_shannon, column_shapes, column_wasserstein
from ._membership import membership_inference
from ._pairs import pair_trends
from ._privacy import distance_ratios, near_copies, nearest_record_share
from ._two_sample import two_sample_test

HIGHER, LOWER, HALF, ONE = "higher", "lower", "nearer 0.5", "nearer 1"


class Metric(NamedTuple):
    """One number.

    Attributes
    ----------
    better : {"higher", "lower", "nearer 0.5", "nearer 1"}
    says : str
        What it asks, in plain words.
    function : callable
        ``f(X_real, X_synthetic, random_state=, paired=) -> float``; where `needs_holdout`,
        ``f(X_train, X_synthetic, X_holdout, ...)``.
    needs_holdout : bool
    of_training : bool
        Whether X_real means the rows that the sampler was fitted on, as X_train does: copies of them are looked for.
    is_share : bool
        Whether the number lies between 0 and 1. Distances do not, nor does density where rows repeat: only others
        tell whether one is large.
    """

    better: str
    says: str
    function: Callable
    needs_holdout: bool = False
    of_training: bool = False
    is_share: bool = True

    def loss(self, value):
        """How far the number is from its best, up to a constant: lower is better."""
        return LOSSES_OF[self.better](value)


LOSSES_OF = {
    HIGHER: lambda value: -value,
    LOWER: lambda value: value,
    HALF: lambda value: abs(value - 0.5),
    ONE: lambda value: abs(value - 1.0),
}


# Of the trends that sdmetrics leaves out, and on bins that long tails do not empty.
EVERY_TREND = {"min_correlation": 0, "min_association": 0, "bins": "deciles"}


def _fixed(function, attribute=None, **fixed):
    """A metric that no chance plays in."""
    return lambda *sets, random_state, paired: _number(function(*sets, **fixed), attribute)


def _seeded(function, attribute=None, **fixed):
    return lambda *sets, random_state, paired: _number(function(*sets, random_state=random_state, **fixed), attribute)


def _tested_by(classifier):
    def score(*sets, random_state, paired):
        return two_sample_test(*sets, classifier=classifier, paired=paired, random_state=random_state).score

    return score


def _number(result, attribute):
    return float(getattr(result, attribute) if attribute else result)


def _distance(says, function):
    return Metric(LOWER, says, function, is_share=False)


METRICS = {
    # Columns and pairs of columns.
    "column_shapes": Metric(HIGHER, "Is each column distributed as it should be?", _fixed(column_shapes, "score")),
    "column_wasserstein": _distance("How far must each column's values move?", _fixed(column_wasserstein, "score")),
    "column_jensen_shannon": Metric(
        LOWER, "How much do the columns' histograms differ?", _fixed(column_jensen_shannon, "score")
    ),
    "pair_trends": Metric(
        HIGHER, "Do columns depend on each other as they should?", _fixed(pair_trends, "score", **EVERY_TREND)
    ),
    # Two samples.
    "two_sample": Metric(HIGHER, "Do boosted trees fail to tell them from real rows?", _tested_by("boosting")),
    "two_sample_quadratic": Metric(HIGHER, "Does a quadratic model fail to?", _tested_by("quadratic")),
    "two_sample_logistic": Metric(HIGHER, "Does a linear model fail to?", _tested_by("logistic")),
    # Fidelity and diversity.
    "precision": Metric(HIGHER, "Which share lies where real rows lie?", _seeded(precision)),
    "recall": Metric(HIGHER, "Which share of real rows lies where these lie?", _seeded(recall)),
    "density": Metric(HIGHER, "How deep among real rows do they lie?", _seeded(density), is_share=False),
    "coverage": Metric(HIGHER, "Which share of real rows has one of these near?", _seeded(coverage)),
    "alpha_precision": Metric(HIGHER, "Are typical and odd rows as frequent as real ones?", _seeded(alpha_precision)),
    "beta_recall": Metric(HIGHER, "Which share of real rows, typical and odd, is reached?", _seeded(beta_recall)),
    "authenticity": Metric(
        HIGHER, "Which share is no closer to a real row than others are?", _seeded(authenticity), of_training=True
    ),
    # Distances.
    "maximum_mean_discrepancy": _distance("How far apart are both, by a kernel?", _seeded(maximum_mean_discrepancy)),
    "energy_distance": _distance("How far apart, by distances of rows?", _seeded(energy_distance)),
    "sliced_wasserstein_distance": _distance(
        "How far apart, seen from random sides?", _seeded(sliced_wasserstein_distance)
    ),
    "frechet_distance": _distance("How far apart are means and covariances?", _seeded(frechet_distance)),
    "kernel_distance": _distance("How far apart are the moments up to the third?", _seeded(kernel_distance, "value")),
    # Copies and privacy.
    "exact_copies": Metric(LOWER, "Which share is a training row?", _fixed(exact_copies), of_training=True),
    "unique_value_share": Metric(
        LOWER,
        "Which share of numbers does a single training row hold?",
        _fixed(unique_value_share, "synthetic"),
        of_training=True,
    ),
    "nearest_record_share": Metric(
        HALF,
        "Which share is nearer to training rows than to others?",
        _seeded(nearest_record_share),
        needs_holdout=True,
    ),
    "near_copies": Metric(
        LOWER, "Which share is as close to training rows as few others?", _seeded(near_copies), needs_holdout=True
    ),
    "closest_record_ratio": Metric(
        ONE,
        "How far are training rows, beside how far they are from fresh rows?",
        _seeded(distance_ratios, "closest_record"),
        needs_holdout=True,
        is_share=False,
    ),
    "membership_inference": Metric(
        HALF, "Can an attacker tell who was trained on?", _seeded(membership_inference, "auc"), needs_holdout=True
    ),
}
