"""METRICS: every metric gives a number, and its direction is right."""

import warnings

import numpy as np
import pytest
from problems import adult_like, small_frame

from skgan import metrics
from skgan._forms import read_table
from skgan.metrics import METRICS

N_ROWS = 300
TRAIN, FRESH, HELD_OUT = (adult_like(N_ROWS, random_state=seed) for seed in range(3))

each_metric = pytest.mark.parametrize("word", METRICS)


def shuffled(rows):
    """Each column shuffled independently."""
    rng = np.random.default_rng(0)
    return rows.apply(lambda column: column.to_numpy()[rng.permutation(len(column))])


def shifted(rows):
    """Rows with larger numbers and a single income."""
    return rows.assign(age=rows["age"] + 25, weight=rows["weight"] * 3, income=">50K")


def noisy(rows):
    """Independent columns with added noise, and many values out of range."""
    rng = np.random.default_rng(1)
    rows = shuffled(rows)
    noise = {name: rows[name] * rng.lognormal(0, 2, len(rows)) for name in ("age", "weight", "hours", "gain")}
    return rows.assign(**noise)


def collapsed(rows):
    """A single row, repeated."""
    return rows.iloc[np.zeros(len(rows), dtype=int)].assign(weight=rows["weight"].sort_values().to_numpy() / 100)


def copied(rows):
    return TRAIN.copy()


# A fault that each metric must detect.
FAULTS = {
    "column_shapes": shifted,
    "column_wasserstein": shifted,
    "column_jensen_shannon": shifted,
    "pair_trends": shuffled,
    "two_sample": noisy,
    "two_sample_quadratic": shuffled,
    "two_sample_logistic": shifted,
    "precision": noisy,
    "recall": collapsed,
    "density": noisy,
    "coverage": collapsed,
    "alpha_precision": noisy,
    "beta_recall": collapsed,
    "authenticity": copied,
    "maximum_mean_discrepancy": shifted,
    "energy_distance": shifted,
    "sliced_wasserstein_distance": shifted,
    "frechet_distance": shifted,
    "kernel_distance": shifted,
    "exact_copies": copied,
    "unique_value_share": copied,
    "verbatim_text": copied,
    "nearest_record_share": copied,
    "near_copies": copied,
    "closest_record_ratio": copied,
    "membership_inference": copied,
}


def with_notes(seed):
    words = np.array("words of a patient who was seen for some pain in one knee".split())
    notes = np.random.default_rng(seed).choice(words, (N_ROWS, 12))
    return adult_like(N_ROWS, random_state=seed).assign(note=[" ".join(row) for row in notes])


# Rows for metrics of columns that others have no use for: training rows and fresh ones.
ROWS = {"verbatim_text": (with_notes(0), with_notes(1))}


def value(word, real, synthetic, held_out):
    metric = METRICS[word]
    sets = (real, synthetic, held_out) if metric.needs_holdout else (real, synthetic)
    return metric.function(*sets, random_state=0, paired=False)


@each_metric
def test_fresh_real_rows_are_better_than_faulty_ones(word):
    train, fresh_rows = ROWS.get(word, (TRAIN, FRESH))
    faulty_rows = train if FAULTS[word] is copied else FAULTS[word](fresh_rows)
    fresh, faulty = (value(word, train, rows, HELD_OUT) for rows in (fresh_rows, faulty_rows))
    metric = METRICS[word]
    assert metric.loss(fresh) < metric.loss(faulty)
    if metric.is_share:
        assert 0 <= fresh <= 1.5
        assert 0 <= faulty <= 1.5


@each_metric
@pytest.mark.parametrize("rows", ["frames", "tables"])
def test_every_metric_of_mixed_columns_with_missing_values_is_a_finite_float(word, rows):
    frames = [small_frame(60, random_state=seed) for seed in range(3)]
    if rows == "tables":
        frames = [read_table(frame) for frame in frames]
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        found = value(word, *frames)
    assert type(found) is float
    assert np.isfinite(found)
    assert found == value(word, *frames)


@each_metric
def test_a_metric_has_a_question_and_a_direction(word):
    metric = METRICS[word]
    assert metric.question.endswith("?")
    assert metric.better in ("higher", "lower", "nearer 0.5", "nearer 1")


def test_keys_are_names_of_functions_or_of_their_results():
    parts = {"two_sample_quadratic", "two_sample_logistic", "two_sample", "closest_record_ratio"}
    assert {word for word in METRICS if not hasattr(metrics, word)} == parts


@pytest.mark.parametrize(
    ("better", "best", "worse"),
    [("higher", 1.0, 0.9), ("lower", 0.0, 0.1), ("nearer 0.5", 0.5, 0.4), ("nearer 1", 1.0, 1.1)],
)
def test_loss(better, best, worse):
    metric = next(metric for metric in METRICS.values() if metric.better == better)
    assert metric.loss(best) < metric.loss(worse)
    if better.startswith("nearer"):
        assert metric.loss(best - 0.25) == metric.loss(best + 0.25) == 0.25


def test_every_metric_has_a_fault():
    assert set(FAULTS) == set(METRICS)
