"""METRICS: every metric of synthetic rows by its name, which direction is better, and how it is computed."""

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
from ._verbatim import verbatim_text

HIGHER, LOWER, HALF, ONE = "higher", "lower", "nearer 0.5", "nearer 1"


class Metric(NamedTuple):
    """A metric of synthetic rows that gives one number.

    Attributes
    ----------
    better : {"higher", "lower", "nearer 0.5", "nearer 1"}
    question : str
        The question that the metric answers.
    function : callable
        ``f(X_real, X_synthetic, random_state=, paired=, channel_axis=None) -> float``; where `needs_holdout`,
        ``f(X_train, X_synthetic, X_holdout, ...)``.
    needs_holdout : bool
    of_training : bool
        Whether X_real must be the rows that the sampler was fitted on, because the metric searches for copies of them.
    is_share : bool
        Whether the number lies between 0 and 1. Distances do not, nor does density where rows repeat: whether such a
        number is large can only be told by comparison.
    """

    better: str
    question: str
    function: Callable
    needs_holdout: bool = False
    of_training: bool = False
    is_share: bool = True

    def loss(self, value):
        """Distance of a value from the best one, up to a constant: lower is better."""
        return LOSSES_OF[self.better](value)


LOSSES_OF = {
    HIGHER: lambda value: -value,
    LOWER: lambda value: value,
    HALF: lambda value: abs(value - 0.5),
    ONE: lambda value: abs(value - 1.0),
}


# All pairs count, unlike in sdmetrics, and bins are chosen so that long tails leave none of them empty.
EVERY_TREND = {"min_correlation": 0, "min_association": 0, "bins": "deciles"}


def _deterministic(function, attribute=None, **fixed):
    """Function of a Metric without randomness, which is one of tables."""
    return lambda *sets, random_state, paired, channel_axis=None: _number(function(*sets, **fixed), attribute)


def _seeded(function, attribute=None, **fixed):
    """Function of a Metric with a random_state."""
    return lambda *sets, random_state, paired, channel_axis=None: _number(
        function(*sets, random_state=random_state, channel_axis=channel_axis, **fixed), attribute
    )


def _tested_by(classifier):
    def score(*sets, random_state, paired, channel_axis=None):
        options = {"paired": paired, "channel_axis": channel_axis, "random_state": random_state}
        return two_sample_test(*sets, classifier=classifier, **options).score

    return score


def _number(result, attribute):
    return float(getattr(result, attribute) if attribute else result)


def _distance(question, function):
    return Metric(LOWER, question, function, is_share=False)


METRICS = {
    # Columns and pairs of columns.
    "column_shapes": Metric(
        HIGHER, "Are the distributions of single columns right?", _deterministic(column_shapes, "score")
    ),
    "column_wasserstein": _distance(
        "How far apart are the distributions of single columns?", _deterministic(column_wasserstein, "score")
    ),
    "column_jensen_shannon": Metric(
        LOWER, "How different are the histograms of single columns?", _deterministic(column_jensen_shannon, "score")
    ),
    "pair_trends": Metric(
        HIGHER,
        "Do pairs of columns depend on each other as in real rows?",
        _deterministic(pair_trends, "score", **EVERY_TREND),
    ),
    # Two samples.
    "two_sample": Metric(HIGHER, "Do boosted trees fail to tell synthetic from real rows?", _tested_by("boosting")),
    "two_sample_quadratic": Metric(HIGHER, "Does a quadratic model fail to tell them apart?", _tested_by("quadratic")),
    "two_sample_logistic": Metric(HIGHER, "Does a linear model fail to tell them apart?", _tested_by("logistic")),
    # Fidelity and diversity.
    "precision": Metric(HIGHER, "Which share of synthetic rows lies where real rows lie?", _seeded(precision)),
    "recall": Metric(HIGHER, "Which share of real rows lies where synthetic rows lie?", _seeded(recall)),
    "density": Metric(HIGHER, "How densely do real rows lie around synthetic rows?", _seeded(density), is_share=False),
    "coverage": Metric(HIGHER, "Which share of real rows has a synthetic row nearby?", _seeded(coverage)),
    "alpha_precision": Metric(
        HIGHER, "Are typical and unusual rows as frequent as in real rows?", _seeded(alpha_precision)
    ),
    "beta_recall": Metric(HIGHER, "Which share of real rows, typical and unusual, is reached?", _seeded(beta_recall)),
    "authenticity": Metric(
        HIGHER, "Which share of synthetic rows is no near copy of a real row?", _seeded(authenticity), of_training=True
    ),
    # Distances.
    "maximum_mean_discrepancy": _distance(
        "How far apart are the distributions, by a kernel?", _seeded(maximum_mean_discrepancy)
    ),
    "energy_distance": _distance("How far apart are they, by distances between rows?", _seeded(energy_distance)),
    "sliced_wasserstein_distance": _distance(
        "How far apart are they, along random directions?", _seeded(sliced_wasserstein_distance)
    ),
    "frechet_distance": _distance("How far apart are means and covariances?", _seeded(frechet_distance)),
    "kernel_distance": _distance(
        "How far apart are the moments up to the third order?", _seeded(kernel_distance, "value")
    ),
    # Copies and privacy.
    "exact_copies": Metric(
        LOWER, "Which share of synthetic rows equals a training row?", _deterministic(exact_copies), of_training=True
    ),
    "unique_value_share": Metric(
        LOWER,
        "Which share of numbers occurs in only one training row?",
        _deterministic(unique_value_share, "synthetic"),
        of_training=True,
    ),
    "verbatim_text": Metric(
        LOWER,
        "Which share of texts and identifiers occurs verbatim in a training row?",
        _deterministic(verbatim_text, "score"),
        of_training=True,
    ),
    "nearest_record_share": Metric(
        HALF,
        "Which share is closer to a training row than to any held-out row?",
        _seeded(nearest_record_share),
        needs_holdout=True,
    ),
    "near_copies": Metric(
        LOWER,
        "Which share is as close to a training row as very few held-out rows?",
        _seeded(near_copies),
        needs_holdout=True,
    ),
    "closest_record_ratio": Metric(
        ONE,
        "How far are training rows, relative to their distance from held-out rows?",
        _seeded(distance_ratios, "closest_record"),
        needs_holdout=True,
        is_share=False,
    ),
    "membership_inference": Metric(
        HALF,
        "Can an attacker tell which rows the sampler was fitted on?",
        _seeded(membership_inference, "auc"),
        needs_holdout=True,
    ),
}
