"""Precision, recall, density and coverage: the values of prdc, and the faults that each must detect."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from skgan.metrics import _neighbors
from skgan.metrics._manifold import coverage, density, manifold_scores, precision, recall
from skgan.metrics._neighbors import balls, nearest, nearest_others
from skgan.metrics._points import comparable

ALONE = {"precision": precision, "recall": recall, "density": density, "coverage": coverage}


def normal_pair(n_real, n_synthetic, n_columns, seed, scale=1.0, shift=0.0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n_real, n_columns)), scale * rng.normal(size=(n_synthetic, n_columns)) + shift


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
            "when": pd.Timestamp("2020-01-01") + pd.to_timedelta(np.abs(x), unit="D"),
            "all gaps": np.nan,
        }
    )


# The first is the example of prdc's README, N(0, I) of 1,000 columns and k = 5, with 400 rows of 10,000.
# compute_prdc(*normal_pair(*arguments), nearest_k=k) of prdc 0.2:
PRDC = [
    ((400, 400, 1000, 0), 5, [0.71, 0.6725, 1.1235, 0.9825]),
    ((300, 200, 8, 1, 1.1, 0.3), 3, [0.765, 0.87, 0.7383333333333333, 0.6233333333333333]),
    ((150, 350, 2, 2, 0.7), 10, [1.0, 0.9666666666666667, 1.098, 1.0]),
]


@pytest.mark.parametrize("arguments, k, values", PRDC)
def test_values_are_those_of_prdc(arguments, k, values):
    real, synthetic = normal_pair(*arguments)
    scores = manifold_scores(real, synthetic, n_neighbors=k)
    assert scores[:4] == pytest.approx(values, abs=1e-12)
    assert scores[4:] == (len(real), len(synthetic))


@pytest.mark.parametrize("name", ALONE)
def test_each_alone_is_its_part_of_all(name):
    real, synthetic = normal_pair(120, 80, 3, 0, shift=0.5)
    value = ALONE[name](real, synthetic, n_neighbors=4)
    assert type(value) is float
    assert value == getattr(manifold_scores(real, synthetic, n_neighbors=4), name)


def test_values_are_those_of_the_equations():
    real, synthetic = normal_pair(60, 50, 3, 4, scale=1.3)

    def between(A, B):
        return np.sqrt(((A[:, None] - B) ** 2).sum(axis=2))

    real_radius = np.sort(between(real, real), axis=1)[:, 5]  # the 5th other row: the first is the row itself
    synthetic_radius = np.sort(between(synthetic, synthetic), axis=1)[:, 5]
    in_real = between(real, synthetic) < real_radius[:, None]
    in_synthetic = between(real, synthetic) < synthetic_radius
    scores = manifold_scores(real, synthetic)
    assert scores.precision == in_real.any(axis=0).mean()
    assert scores.recall == in_synthetic.any(axis=1).mean()
    assert scores.density == pytest.approx(in_real.sum() / (5 * 50))
    assert scores.coverage == in_real.any(axis=1).mean()


@pytest.mark.parametrize("make", [lambda: normal_pair(300, 0, 3, 0)[0], lambda: mixed(300, 0)])
def test_a_copy_is_perfect(make):
    X = make()
    scores = manifold_scores(X, X)
    assert scores[:2] == (1.0, 1.0) and scores.coverage == 1.0
    assert scores.density == pytest.approx(1.0, abs=0.01)  # less where neighbours tie


def test_density_of_a_copy_is_one_in_any_order():
    X = normal_pair(300, 0, 5, 0)[0] * [1, 1e-3, 1e3, 1e6, 1]
    assert manifold_scores(X, X[::-1])[:4] == (1, 1, 1, 1)


def test_a_copy_of_few_categories_is_perfect():
    """prdc returns 0, because every ball has radius 0 where more than k rows are equal."""
    X = np.random.default_rng(0).integers(0, 2, size=(200, 2)).astype(float)
    scores = manifold_scores(X, X)
    assert scores[:2] == (1.0, 1.0) and scores.coverage == 1.0
    assert manifold_scores(X, X + 0.5)[:4] == (0, 0, 0, 0)
    constant = manifold_scores(np.ones((20, 2)), np.ones((30, 2)))
    assert constant[:2] == (1.0, 1.0) and constant.coverage == 1.0


def test_a_total_mismatch_is_zero():
    real, synthetic = normal_pair(200, 200, 3, 0, shift=100)
    assert manifold_scores(real, synthetic)[:4] == (0, 0, 0, 0)


def test_fresh_rows_cover_as_expected():
    """1 - (N - 1)...(N - k) / (M + N - 1)...(M + N - k), as Naeem et al. prove."""
    for n_synthetic in (1_000, 3_000):
        real, synthetic = normal_pair(1_000, n_synthetic, 5, 0)
        steps = np.arange(1, 4)
        expected = 1 - np.prod((1_000 - steps) / (n_synthetic + 1_000 - steps))
        assert coverage(real, synthetic, n_neighbors=3) == pytest.approx(expected, abs=0.03)


def test_a_dropped_mode_lowers_diversity_and_not_fidelity():
    real = modes(800, 4, 0)
    fresh, dropped = manifold_scores(real, modes(800, 4, 1)), manifold_scores(real, modes(800, 3, 1))
    assert dropped.precision > fresh.precision - 0.03 and dropped.density > fresh.density - 0.05
    assert dropped.recall < fresh.recall - 0.2 and dropped.coverage < fresh.coverage - 0.2


def test_noise_lowers_fidelity():
    real = modes(800, 4, 0)
    scores = [manifold_scores(real, modes(800, 4, 1, noise)) for noise in (0.1, 0.3, 1.0)]
    for measure in ("precision", "density", "coverage"):
        values = [getattr(score, measure) for score in scores]
        assert values == sorted(values, reverse=True) and values[0] - values[-1] > 0.4


def test_a_synthetic_outlier_inflates_recall_and_not_coverage():
    real = np.random.default_rng(0).normal(size=(300, 2))
    synthetic = np.concatenate([0.05 * real[:200], [[60, 0], [0, 60], [-60, 0], [0, -60]]])
    assert recall(real, synthetic) > 0.95 and coverage(real, synthetic) < 0.4


def test_precision_is_recall_the_other_way_round_and_neither_is_symmetric():
    A, B = normal_pair(300, 200, 4, 0, scale=0.5)
    assert precision(A, B) == recall(B, A) and recall(A, B) == precision(B, A)
    assert precision(A, B) > recall(A, B) + 0.2


def test_what_changes_no_ratio_of_distances_changes_nothing():
    A, B = normal_pair(200, 200, 4, 0)
    scores = manifold_scores(A, B)
    assert manifold_scores(1e200 * A, 1e200 * B) == scores
    assert manifold_scores(1e-200 * A, 1e-200 * B) == scores
    assert manifold_scores(A + 1e4, B + 1e4) == scores
    assert manifold_scores(A[:, ::-1], B[:, ::-1]) == scores


def test_blocks_change_nothing(monkeypatch):
    A, B = normal_pair(300, 200, 4, 0)
    whole = manifold_scores(A, B)
    for name in ("CENTERS", "POINTS", "CELLS"):
        monkeypatch.setattr(_neighbors, name, 17)
    assert manifold_scores(A, B) == whole


def test_neighbours_are_exact():
    A, B = normal_pair(50, 40, 3, 0)
    (A, B), _ = comparable(A + 1e6, np.concatenate([B + 1e6, A[:5] + 1e6]))
    between = np.sqrt(((A[:, None] - B) ** 2).sum(axis=2))
    distances, positions = nearest(A, B, 3)
    assert distances == pytest.approx(np.sort(between, axis=1)[:, :3])
    assert np.array_equal(distances, np.take_along_axis(between, positions, axis=1))
    assert not distances[:5, 0].any() and distances[5:].all()
    own, others = nearest_others(B, 1)
    assert (others[:, 0] != np.arange(len(B))).all() and own.all()


def test_equal_rows_are_others():
    rows = np.array([[0.0], [0.0], [0.0], [5.0]])
    distances, positions = nearest_others(rows, 2)
    assert distances.tolist() == [[0, 0], [0, 0], [0, 0], [5, 5]]
    assert all(i not in position for i, position in enumerate(positions))


def test_balls_are_open_but_hold_their_centres():
    centers, radii, points = np.array([[0.0], [10.0]]), np.array([1.0, 0.0]), np.array([[0.5], [1.0], [-2.0], [10.0]])
    occupied, holders = balls(centers, radii, points)
    assert occupied.tolist() == [True, True] and holders.tolist() == [1, 0, 0, 1]


def test_frames_with_missing_values_are_compared():
    real, fresh = mixed(600, 0), mixed(600, 1)
    scores = manifold_scores(real, fresh)
    assert scores.precision > 0.9 and scores.coverage > 0.85
    filled = fresh.assign(x=fresh["x"].fillna(0.0), letter="c")
    assert manifold_scores(real, filled)[:4] == (0, 0, 0, 0)
    plain = real.drop(columns="all gaps")
    assert manifold_scores(pl.from_pandas(plain), pl.from_pandas(fresh[plain.columns])) == manifold_scores(
        plain, fresh[plain.columns]
    )


def test_declared_categories_are_no_numbers():
    X = np.random.default_rng(0).integers(0, 20, size=(300, 1))
    near = X + 0.01
    assert precision(X, near, features="ranks", n_neighbors=20) > 0.9
    assert precision(X, near, features="ranks", n_neighbors=5, categorical_features=[0]) == 0


def test_features_may_be_a_callable_and_labels_reach_them():
    A, B = normal_pair(100, 100, 3, 0)
    assert manifold_scores(A, B, features=lambda X: X[:, :1]) == manifold_scores(A[:, :1], B[:, :1])
    y = (A[:, 0] > 0).astype(int)
    assert 0 <= precision(A, B, features="classifier", y_real=y) <= 1


def test_a_subsample_is_seeded_and_shown():
    A, B = normal_pair(500, 300, 2, 0)
    scores = manifold_scores(A, B, max_rows=200)
    assert scores[4:] == (200, 200)
    assert scores == manifold_scores(A, B, max_rows=200) == manifold_scores(A, B, max_rows=200, random_state=0)
    assert scores != manifold_scores(A, B, max_rows=200, random_state=1)
    assert manifold_scores(A, B, max_rows=400)[4:] == (400, 300)
    before = np.random.get_state()[1].copy()
    manifold_scores(A, B, max_rows=200, random_state=None)
    assert np.array_equal(np.random.get_state()[1], before)


@pytest.mark.parametrize("metric", [*ALONE.values(), manifold_scores])
def test_too_few_rows_are_refused(metric):
    few = np.arange(10.0).reshape(5, 2)
    with pytest.raises(ValueError, match="n_neighbors=5 is too many: a row has 4 neighbours among the rows of X_"):
        metric(few, few)
    assert metric(few, few, n_neighbors=4)
    many = np.arange(40.0).reshape(20, 2)
    with pytest.raises(ValueError, match="n_neighbors"):
        metric(many, many, max_rows=5)


def test_rows_that_need_no_neighbours_may_be_few():
    many = np.arange(40.0).reshape(20, 2)
    assert precision(many, many[3:4]) == 1.0 and recall(many[3:4], many) == 1.0
    with pytest.raises(ValueError, match="X_synthetic"):
        recall(many, many[3:4])


@pytest.mark.parametrize(
    "options", [{"n_neighbors": 0}, {"n_neighbors": 2.0}, {"max_rows": 0}, {"max_rows": 0.5}, {"features": "rank"}]
)
def test_bad_options_are_refused(options):
    X = np.arange(40.0).reshape(20, 2)
    with pytest.raises(ValueError, match=next(iter(options))):
        manifold_scores(X, X, **options)
