"""Alpha-precision, beta-recall and authenticity: their equations, and the faults that each must detect."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from skgan.metrics import _neighbors
from skgan.metrics._alpha import alpha_precision, alpha_scores, authenticity, beta_recall

ALONE = {"alpha_precision": alpha_precision, "beta_recall": beta_recall, "authenticity": authenticity}


def normal(n, seed, n_columns=3):
    return np.random.default_rng(seed).normal(size=(n, n_columns))


def modes(n, n_modes, seed, noise=0.1):
    """Points around corners of a square."""
    rng = np.random.default_rng(seed)
    corners = np.array([[0, 0], [0, 10], [10, 0], [10, 10]], dtype=float)[:n_modes]
    return corners[rng.integers(n_modes, size=n)] + noise * rng.normal(size=(n, 2))


def mixed(n, seed):
    """A frame of columns of several kinds, with missing values."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return pd.DataFrame(
        {
            "x": np.where(rng.random(n) < 0.1, np.nan, x),
            "letter": np.where(rng.random(n) < 0.2, None, np.where(x > 0, "a", "b")),
            "y": x + rng.normal(size=n),
        }
    )


def by_hand(real, synthetic):
    """The equations, computed row by row."""

    def distance(a, b):
        return float(np.sqrt(((a - b) ** 2).sum()))

    levels = [i / 29 for i in range(30)]

    def integral(curve):
        return 1 - sum(abs(c - level) for c, level in zip(curve, levels, strict=True)) / sum(levels)

    center = real.mean(axis=0)
    typical = sorted(distance(x, center) for x in real)
    radii = np.interp(np.array(levels) * (len(real) - 1), range(len(real)), typical)
    precise = [np.mean([distance(y, center) <= radius for y in synthetic]) for radius in radii]

    own = [min(distance(x, other) for j, other in enumerate(real) if j != i) for i, x in enumerate(real)]
    center = synthetic.mean(axis=0)
    twins = [min(synthetic, key=lambda y, x=x: distance(x, y)) for x in real]
    reach = [distance(y, center) for y in twins]
    radii = np.interp(np.array(levels) * (len(real) - 1), range(len(real)), sorted(reach))
    reached = [distance(x, y) <= d for x, y, d in zip(real, twins, own, strict=True)]
    recalled = [np.mean([a and r <= radius for a, r in zip(reached, reach, strict=True)]) for radius in radii]

    nearest = [min(range(len(real)), key=lambda i, y=y: distance(real[i], y)) for y in synthetic]
    authentic = [distance(real[i], y) > own[i] for i, y in zip(nearest, synthetic, strict=True)]
    return integral(precise), integral(recalled), np.mean(authentic)


@pytest.mark.parametrize("n_synthetic, scale", [(40, 1.0), (25, 0.6), (60, 1.5)])
def test_values_are_those_of_the_equations(n_synthetic, scale):
    real, synthetic = normal(40, 0), scale * normal(n_synthetic, 1) + 0.1
    scores = alpha_scores(real, synthetic)
    assert scores[:3] == pytest.approx(by_hand(real, synthetic), abs=1e-12)
    assert scores[3:] == (40, n_synthetic)


@pytest.mark.parametrize("name", ALONE)
def test_each_alone_is_its_part_of_all(name):
    real, synthetic = normal(100, 0), normal(80, 1)
    value = ALONE[name](real, synthetic)
    assert type(value) is float and value == getattr(alpha_scores(real, synthetic), name)


@pytest.mark.parametrize("X", [normal(500, 0), mixed(500, 0)], ids=["array", "frame"])
def test_a_copy_is_faithful_and_not_authentic(X):
    scores = alpha_scores(X, X)
    assert scores.alpha_precision > 0.98 and scores.beta_recall > 0.98 and scores.authenticity == 0.0
    assert authenticity(X, X[::-1] if isinstance(X, np.ndarray) else X.iloc[::-1]) == 0.0


def test_a_total_mismatch_is_zero_but_authentic():
    scores = alpha_scores(normal(300, 0), normal(300, 1) + 100)
    assert scores[:3] == (0.0, pytest.approx(0.0, abs=0.01), 1.0)


def test_fresh_rows_have_the_values_of_the_docstrings():
    scores = alpha_scores(normal(3_000, 0, 2), normal(3_000, 1, 2))
    assert scores.alpha_precision > 0.96
    assert scores.beta_recall == pytest.approx(0.5, abs=0.03)
    assert scores.authenticity == pytest.approx(0.38, abs=0.03)
    assert authenticity(normal(3_000, 0, 1), normal(3_000, 1, 1)) == pytest.approx(1 / 3, abs=0.03)
    assert authenticity(normal(3_000, 0, 7), normal(3_000, 1, 7)) == pytest.approx(0.5, abs=0.05)


def test_a_dropped_mode_lowers_recall():
    real = modes(800, 4, 0)
    recalls = [beta_recall(real, modes(800, n_modes, 1)) for n_modes in (2, 3, 4)]
    assert recalls == sorted(recalls) and recalls[0] < 0.65 * recalls[2]


def test_what_is_too_typical_or_too_strange_lowers_precision():
    real, fresh = normal(800, 0), normal(800, 1)
    scores = [alpha_precision(real, scale * fresh) for scale in (0.2, 0.6, 1.0, 1.7, 5.0)]
    assert scores[0] < scores[1] < scores[2] > scores[3] > scores[4]
    assert scores[2] > 0.95 and scores[0] < 0.3 and scores[4] < 0.3


def test_noise_about_copies_is_not_authentic():
    real = normal(800, 0, 5)
    noise = normal(800, 2, 5)
    shares = [authenticity(real, real + scale * noise) for scale in (0.01, 0.3, 1.0)]
    assert shares == sorted(shares) and shares[0] == 0.0 and shares[-1] > 0.5


def test_ties_are_reached_and_not_authentic():
    real = np.array([[0.0], [1.0], [2.0], [3.0]])
    assert authenticity(real, [[-1.0], [4.0], [-1.1]]) == pytest.approx(1 / 3)
    equals = np.array([[0.0], [0.0], [7.0]])
    assert authenticity(equals, [[0.0], [0.1]]) == 0.5


def test_values_are_of_one_direction():
    A, B = normal(300, 0), 0.3 * normal(300, 1) + 1
    assert abs(alpha_precision(A, B) - alpha_precision(B, A)) > 0.1
    assert abs(authenticity(A, B) - authenticity(B, A)) > 0.1
    assert beta_recall(A, B) > 1.5 * beta_recall(B, A)


def test_only_the_unit_of_features_may_change():
    A, B = normal(300, 0), normal(200, 1)
    scores = alpha_scores(A, B)
    assert alpha_scores(1024 * A, 1024 * B) == scores
    assert alpha_scores(1e200 * A, 1e200 * B)[:3] == pytest.approx(scores[:3], abs=0.005)
    assert alpha_scores(A * [1, 1, 50], B * [1, 1, 50]) != scores
    assert alpha_scores(A * [1, 1, 50], B * [1, 1, 50], features="minmax")[:3] == pytest.approx(
        alpha_scores(A, B, features="minmax")[:3], abs=0.01
    )


def test_blocks_change_nothing(monkeypatch):
    A, B = normal(300, 0), normal(200, 1)
    whole = alpha_scores(A, B)
    monkeypatch.setattr(_neighbors, "CELLS", 17)
    assert alpha_scores(A, B) == whole


def test_frames_with_missing_values_are_compared():
    real, fresh = mixed(800, 0), mixed(800, 1)
    scores = alpha_scores(real, fresh)
    assert scores.alpha_precision > 0.9 and 0.35 < scores.beta_recall < 0.75 and 0.2 < scores.authenticity < 0.6
    damaged = fresh.assign(x=fresh["x"].fillna(0.0), letter="c")
    assert alpha_scores(real, damaged).beta_recall < 0.1
    assert alpha_scores(pl.from_pandas(real), pl.from_pandas(fresh)) == scores


def test_degenerate_tables_have_a_value():
    constant = np.ones((20, 2))
    scores = alpha_scores(constant, constant)
    assert np.isfinite(scores).all() and scores.authenticity == 0.0
    assert np.isfinite(alpha_scores(constant, [[2.0, 3.0]])).all()
    assert authenticity([[0.0], [1.0]], [[5.0]]) == 1.0


@pytest.mark.parametrize("metric", [beta_recall, authenticity, alpha_scores])
def test_a_single_real_row_is_refused(metric):
    with pytest.raises(ValueError, match="X_real has a single row"):
        metric([[1.0, 2.0]], [[1.0, 2.0], [3.0, 4.0]])


def test_a_subsample_is_seeded_and_shown():
    A, B = normal(500, 0), normal(300, 1)
    scores = alpha_scores(A, B, max_rows=200)
    assert scores[3:] == (200, 200) and scores == alpha_scores(A, B, max_rows=200)
    assert scores != alpha_scores(A, B, max_rows=200, random_state=1)
    assert alpha_scores(A, B, max_rows=400)[3:] == (400, 300)


@pytest.mark.parametrize("metric", [*ALONE.values(), alpha_scores])
@pytest.mark.parametrize("options", [{"max_rows": 0}, {"features": "rank"}])
def test_bad_options_are_refused(metric, options):
    with pytest.raises(ValueError, match=next(iter(options))):
        metric(normal(20, 0), normal(20, 1), **options)
