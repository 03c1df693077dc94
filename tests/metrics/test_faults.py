"""Five faults in perfect rows: which metrics must detect each, and which must not."""

from functools import cache

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB

from skgan.datasets import make_mixed
from skgan.metrics import METRICS, column_shapes, pair_trends, train_on_synthetic, two_sample_test

N = 800
NUMBERS = ["price", "rainfall", "weight", "rooms", "floor"]
N_DRAWS = 4
ROLES = ["train", "fresh", "holdout"]

OF_COLUMNS = ["column_shapes", "column_wasserstein", "column_jensen_shannon"]
TWO_SAMPLES = ["two_sample", "two_sample_quadratic", "two_sample_logistic"]
MANIFOLD = ["precision", "recall", "density", "coverage"]
DISTANCES = [
    "maximum_mean_discrepancy",
    "energy_distance",
    "sliced_wasserstein_distance",
    "frechet_distance",
    "kernel_distance",
]
PRIVACY = ["exact_copies", "near_copies", "nearest_record_share", "membership_inference"]


def class_dropped(train, fresh, rng):
    return fresh[fresh["city"] != "Bonn"].reset_index(drop=True)


def column_shuffled(train, fresh, rng):
    return fresh.assign(price=rng.permutation(fresh["price"].to_numpy()))


def marginals_shifted(train, fresh, rng):
    return moved(train, fresh, lambda n: np.ones(n))


def noise_added(train, fresh, rng):
    return moved(train, fresh, rng.standard_normal)


def moved(train, fresh, by):
    """Each number plus `by(n)` times half of a standard deviation; integers stay integers."""
    numbers = {name: fresh[name] + 0.5 * train[name].std() * by(len(fresh)) for name in NUMBERS}
    whole = {name: numbers[name].round().astype(fresh[name].dtype) for name in ("rooms", "floor")}
    return fresh.assign(**numbers | whole)


def rows_copied(train, fresh, rng):
    return train


FAULTS = {
    "class_dropped": class_dropped,
    "column_shuffled": column_shuffled,
    "marginals_shifted": marginals_shifted,
    "noise_added": noise_added,
    "rows_copied": rows_copied,
}

WORSE = {
    "class_dropped": [
        *OF_COLUMNS,
        "pair_trends",
        *TWO_SAMPLES,
        "recall",
        "coverage",
        "beta_recall",
        *DISTANCES,
        "train_on_synthetic",
    ],
    "column_shuffled": [
        "pair_trends",
        "two_sample",
        "two_sample_quadratic",
        "precision",
        "density",
        "coverage",
        "frechet_distance",
    ],
    "marginals_shifted": [*OF_COLUMNS, *TWO_SAMPLES, *DISTANCES],
    "noise_added": [
        "column_jensen_shannon",
        "pair_trends",
        "two_sample",
        "two_sample_quadratic",
        "precision",
        "density",
        "coverage",
        "beta_recall",
        "frechet_distance",
    ],
    "rows_copied": [*PRIVACY, "authenticity", "unique_value_share", "closest_record_ratio"],
}
UNAFFECTED = {
    "class_dropped": ["precision", "density", *PRIVACY],
    "column_shuffled": [*OF_COLUMNS, "two_sample_logistic", "recall", *PRIVACY],
    "marginals_shifted": PRIVACY,
    # Noise changes neither means nor categories, and a linear model detects nothing else.
    "noise_added": ["two_sample_logistic", *PRIVACY],
    "rows_copied": [
        *OF_COLUMNS,
        "pair_trends",
        *TWO_SAMPLES,
        *MANIFOLD,
        "alpha_precision",
        "beta_recall",
        *DISTANCES,
        "train_on_synthetic",
    ],
}
# The extreme values, which copies have and fresh rows have not.
PERFECT = {
    "column_shapes": 1.0,
    "column_wasserstein": 0.0,
    "column_jensen_shannon": 0.0,
    "pair_trends": 1.0,
    "two_sample": 1.0,
    "precision": 1.0,
    "recall": 1.0,
    "coverage": 1.0,
    "energy_distance": 0.0,
    "frechet_distance": 0.0,
    "exact_copies": 1.0,
    "near_copies": 1.0,
    "nearest_record_share": 1.0,
    "authenticity": 0.0,
    "membership_inference": 1.0,
}


def utility(train, synthetic, holdout):
    def pair(rows):
        return rows[["price", "rooms", "rainfall"]], rows["city"].fillna("nowhere")

    return train_on_synthetic(GaussianNB(), pair(train), pair(synthetic), pair(holdout)).synthetic


@cache
def rows(role, draw=0):
    """Rows of one distribution, a different table for each role."""
    return make_mixed(N, random_state=len(ROLES) * draw + ROLES.index(role))


def measured(metric, synthetic, draw=0):
    """One metric of these rows, compared with training and held-out rows."""
    train, holdout = rows("train", draw), rows("holdout", draw)
    if metric == "train_on_synthetic":
        return utility(train, synthetic, holdout)
    word = METRICS[metric]
    sets = [train, synthetic, holdout] if word.needs_holdout else [train, synthetic]
    return word.function(*sets, random_state=0, paired=False)


@cache
def faulty(fault):
    return FAULTS[fault](rows("train"), rows("fresh"), np.random.default_rng(0))


@cache
def fresh_losses(metric):
    """The losses of several draws of fresh rows."""
    return [loss(metric, measured(metric, rows("fresh", draw), draw)) for draw in range(N_DRAWS)]


def loss(metric, value):
    """Lower is better; where 0.5 is the best value, only larger values are a leak."""
    if metric == "train_on_synthetic":
        return -value
    return value if METRICS[metric].better == "nearer 0.5" else METRICS[metric].loss(value)


def beyond_fresh(metric, fault):
    """How much the loss exceeds that of all fresh rows, relative to their range."""
    found = fresh_losses(metric)
    spread = max(np.ptp(found), 1e-4 if metric in DISTANCES else 0.02)
    return (loss(metric, measured(metric, faulty(fault))) - max(found)) / spread


def pairs_of(table):
    return [(fault, metric) for fault, metrics in table.items() for metric in metrics]


@pytest.mark.parametrize("fault, metric", pairs_of(WORSE))
def test_a_fault_is_detected_far_beyond_chance(fault, metric):
    assert beyond_fresh(metric, fault) > 1


@pytest.mark.parametrize("fault, metric", pairs_of(UNAFFECTED))
def test_a_fault_is_not_detected_by_unaffected_metrics(fault, metric):
    assert beyond_fresh(metric, fault) < 0.5


@pytest.mark.parametrize("metric", OF_COLUMNS)
def test_metrics_of_single_columns_do_not_detect_shuffling(metric):
    assert measured(metric, faulty("column_shuffled")) == pytest.approx(measured(metric, rows("fresh")), abs=1e-12)


@pytest.mark.parametrize("metric, value", PERFECT.items())
def test_copies_have_extreme_values(metric, value):
    assert measured(metric, faulty("rows_copied")) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_two_sample_test_reports_only_copies_as_copies(fault):
    assert two_sample_test(rows("train"), faulty(fault)).copies == (fault == "rows_copied")


def test_the_worst_pairs_name_the_shuffled_column():
    every = {"min_correlation": 0, "min_association": 0, "bins": "deciles"}
    worst = pair_trends(rows("train"), faulty("column_shuffled"), **every).pairs.nsmallest(5, "value")
    assert ((worst["column_1"] == "price") | (worst["column_2"] == "price")).all()


def test_the_worst_columns_are_the_shifted_ones():
    columns = column_shapes(rows("train"), faulty("marginals_shifted")).columns
    assert set(columns.nsmallest(len(NUMBERS), "value")["column"]) == set(NUMBERS)
