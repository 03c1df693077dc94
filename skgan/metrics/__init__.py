"""Metrics: how good are synthetic rows? ``f(X_real, X_synthetic) -> float`` or a small named result.

Every one takes arrays, frames of mixed columns with gaps, and most take stacks of images. Real rows come first.
"""

from ._alpha import AlphaScores, alpha_precision, alpha_scores, authenticity, beta_recall
from ._classifier_score import ClassifierScore, classifier_score
from ._copies import UniqueValues, exact_copies, unique_value_share
from ._distances import energy_distance, maximum_mean_discrepancy, sliced_wasserstein_distance
from ._extract import extract
from ._frechet import KernelDistance, frechet_distance, kernel_distance
from ._inception import InceptionFeatures
from ._manifold import Manifold, coverage, density, manifold_scores, precision, recall
from ._marginals import (
    ColumnDistances,
    ColumnShapes,
    column_jensen_shannon,
    column_shapes,
    column_wasserstein,
    ks_complement,
    total_variation_complement,
)
from ._membership import MembershipInference, membership_inference
from ._pairs import PairTrends, pair_trends
from ._points import Points
from ._privacy import DistanceRatios, distance_ratios, near_copies, nearest_record_share
from ._scorers import get_scorer, make_sampler_scorer, make_utility_scorer
from ._ssim import ms_ssim, ssim
from ._table import METRICS, Metric
from ._two_sample import TwoSample, classifier_auc, detection_score, two_sample_test
from ._utility import Utility, train_on_synthetic

__all__ = [
    "METRICS",
    "AlphaScores",
    "ClassifierScore",
    "ColumnDistances",
    "ColumnShapes",
    "DistanceRatios",
    "InceptionFeatures",
    "KernelDistance",
    "Manifold",
    "MembershipInference",
    "Metric",
    "PairTrends",
    "Points",
    "TwoSample",
    "UniqueValues",
    "Utility",
    "alpha_precision",
    "alpha_scores",
    "authenticity",
    "beta_recall",
    "classifier_auc",
    "classifier_score",
    "column_jensen_shannon",
    "column_shapes",
    "column_wasserstein",
    "coverage",
    "density",
    "detection_score",
    "distance_ratios",
    "energy_distance",
    "exact_copies",
    "extract",
    "frechet_distance",
    "get_scorer",
    "kernel_distance",
    "ks_complement",
    "make_sampler_scorer",
    "make_utility_scorer",
    "manifold_scores",
    "maximum_mean_discrepancy",
    "membership_inference",
    "ms_ssim",
    "near_copies",
    "nearest_record_share",
    "pair_trends",
    "precision",
    "recall",
    "sliced_wasserstein_distance",
    "ssim",
    "total_variation_complement",
    "train_on_synthetic",
    "two_sample_test",
    "unique_value_share",
]
