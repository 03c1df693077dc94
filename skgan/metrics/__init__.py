"""Metrics: how good are synthetic rows? ``f(X_real, X_synthetic)`` returns a float or a named tuple.

Every metric takes arrays and frames with columns of mixed types and missing values; most take stacks of images too.
Real rows come first. Names that are imported as themselves (``nearest as nearest``) are for other folders of skgan.
"""

from ._alpha import AlphaScores, alpha_precision, alpha_scores, authenticity, beta_recall
from ._classifier_score import ClassifierScore, classifier_score
from ._copies import UniqueValues, exact_copies, unique_value_share
from ._copies import repeated_rows as repeated_rows
from ._copies import values_held_twice as values_held_twice
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
from ._neighbors import nearest as nearest
from ._neighbors import nearest_distance as nearest_distance
from ._pairs import PairTrends, pair_trends
from ._points import Points
from ._privacy import DistanceRatios, distance_ratios, near_copies, nearest_record_share
from ._scorers import get_scorer, make_sampler_scorer, make_utility_scorer
from ._ssim import ms_ssim, ssim
from ._table import EVERY_TREND as EVERY_TREND
from ._table import METRICS, Metric
from ._two_sample import TwoSample, classifier_auc, detection_score, two_sample_test
from ._utility import Utility, train_on_synthetic
from ._verbatim import VerbatimText, verbatim_text
from ._verbatim import repeated_texts as repeated_texts

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
    "VerbatimText",
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
    "verbatim_text",
]
