"""Distances between samples equal closed forms, and the values of SciPy in one dimension."""

import warnings
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.spatial.distance import cdist

from skgan._forms import read_table
from skgan.metrics import _distances
from skgan.metrics._distances import energy_distance, maximum_mean_discrepancy, sliced_wasserstein_distance

DISTANCES = {
    "mmd": maximum_mean_discrepancy,
    "mmd laplacian": partial(maximum_mean_discrepancy, kernel="laplacian"),
    "energy": energy_distance,
    "sliced": sliced_wasserstein_distance,
    "sliced 1": partial(sliced_wasserstein_distance, order=1),
}
each_distance = pytest.mark.parametrize("distance", DISTANCES.values(), ids=DISTANCES)


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def normal(n, seed, d=3):
    return np.random.default_rng(seed).normal(size=(n, d))


def mixed(n, seed):
    """A frame with numbers, text and dates, all with missing values."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    frame = pd.DataFrame(
        {
            "x": x,
            "letter": np.where(x > 0, "a", "b"),
            "when": pd.Timestamp("2020-01-01") + pd.to_timedelta(np.abs(x), unit="D"),
            "one": "same",
        }
    )
    return frame.mask(rng.random(frame.shape) < 0.1)


def brute_force_mmd(A, B, kernel):
    K, L, M = kernel(A, A), kernel(B, B), kernel(A, B)
    m, n = M.shape
    return (K.sum() - np.trace(K)) / (m * (m - 1)) + (L.sum() - np.trace(L)) / (n * (n - 1)) - 2 * M.mean()


KERNELS = {
    "rbf": lambda sigma: lambda A, B: np.exp(-cdist(A, B, "sqeuclidean") / (2 * sigma**2)),
    "laplacian": lambda sigma: lambda A, B: np.exp(-cdist(A, B, "cityblock") / sigma),
}


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("block", [7, 1_000])
def test_mmd_is_its_definition_however_it_is_cut_into_blocks(monkeypatch, kernel, block):
    monkeypatch.setattr(_distances, "BLOCK", block)
    A, B = 100 + normal(30, 0), 100 + 2 * normal(23, 1)
    found = maximum_mean_discrepancy(A, B, kernel=kernel, bandwidth=1.7)
    assert found == pytest.approx(brute_force_mmd(A, B, KERNELS[kernel](1.7)), abs=1e-12)


@pytest.mark.parametrize(("kernel", "metric"), [("rbf", "euclidean"), ("laplacian", "cityblock")])
def test_median_bandwidth(kernel, metric):
    A, B = normal(40, 0), 3 + normal(60, 1)
    both = np.concatenate([A, B])
    median = np.median(cdist(both, both, metric)[np.triu_indices(100, 1)])
    found = maximum_mean_discrepancy(A, B, kernel=kernel)
    assert found == pytest.approx(maximum_mean_discrepancy(A, B, kernel=kernel, bandwidth=median), abs=1e-12)


def test_rows_that_repeat_do_not_set_the_bandwidth_to_zero():
    A, B = np.repeat([[0.0], [1.0]], [99, 1], axis=0), np.repeat([[0.0], [1.0]], [1, 99], axis=0)
    expected = brute_force_mmd(A, B, KERNELS["rbf"](1.0))
    assert maximum_mean_discrepancy(A, B) == pytest.approx(expected, abs=1e-12) and expected > 0.5


def test_mmd_of_normal_distributions():
    """E k(X, Y) of X - Y ~ N(delta, S) is det(I + S / sigma^2)^(-1/2) exp(-delta' (sigma^2 I + S)^(-1) delta / 2)."""
    sigma, delta = 1.5, np.array([0.5, 0.0, -0.3])
    cov = np.array([[2.0, 0.5, 0.0], [0.5, 1.0, 0.3], [0.0, 0.3, 0.5]])

    def mean_kernel(difference, covariance):
        widened = covariance + sigma**2 * np.eye(3)
        height = np.linalg.det(widened / sigma**2) ** -0.5
        return height * np.exp(-difference @ np.linalg.solve(widened, difference) / 2)

    none = np.zeros(3)
    expected = mean_kernel(none, 2 * np.eye(3)) + mean_kernel(none, 2 * cov) - 2 * mean_kernel(delta, np.eye(3) + cov)
    A = normal(3_000, 0)
    B = np.random.default_rng(1).multivariate_normal(delta, cov, size=3_000)
    assert maximum_mean_discrepancy(A, B, bandwidth=sigma) == pytest.approx(expected, rel=0.1)


def test_mmd_is_unbiased():
    values = [maximum_mean_discrepancy(normal(20, i), normal(30, 1_000 + i), bandwidth=1.0) for i in range(300)]
    assert abs(np.mean(values)) < 4 * np.std(values) / np.sqrt(len(values))
    assert min(values) < 0 < max(values)


def test_copies_lie_nearer_than_fresh_rows():
    A = normal(200, 0)
    assert maximum_mean_discrepancy(A, A) < -1e-3 < maximum_mean_discrepancy(A, normal(200, 1))


@pytest.mark.parametrize(("m", "n"), [(50, 50), (31, 80), (1, 9), (1, 1)])
def test_one_dimension_is_scipys(m, n):
    a, b = 1e6 + normal(m, 0, 1), 1e6 + np.round(2 * normal(n, 1, 1), 1)
    scipys = stats.energy_distance(a[:, 0], b[:, 0]) ** 2
    assert energy_distance(a, b) == pytest.approx(scipys, rel=1e-6)
    scipys = stats.wasserstein_distance(a[:, 0], b[:, 0])
    assert sliced_wasserstein_distance(a, b, order=1, n_projections=3) == pytest.approx(scipys, rel=1e-9)


def test_sliced_of_order_two_in_one_dimension():
    a, b = normal(30, 0, 1), 2 * normal(20, 1, 1)
    quantiles = (np.sort(np.repeat(x[:, 0], times)) for x, times in ((a, 2), (b, 3)))
    expected = np.sqrt(np.mean(np.subtract(*quantiles) ** 2))
    assert sliced_wasserstein_distance(a, b, n_projections=1) == pytest.approx(expected, rel=1e-9)


def test_energy_distance_is_its_definition(monkeypatch):
    A, B = normal(25, 0), normal(40, 1) + 1
    expected = 2 * cdist(A, B).mean() - cdist(A, A).mean() - cdist(B, B).mean()
    for block in (7, 1_000):
        monkeypatch.setattr(_distances, "BLOCK", block)
        assert energy_distance(A, B) == pytest.approx(expected, rel=1e-9)


def test_sliced_distance_of_a_shift():
    """A shift moves each projection by <theta, delta>, whose first and second moments on the sphere are known."""
    delta = np.array([3.0, 4.0, 0.0, 12.0])
    A = normal(50, 0, d=4)
    first = sliced_wasserstein_distance(A, A + delta, order=1, n_projections=20_000)
    second = sliced_wasserstein_distance(A, A + delta, order=2, n_projections=20_000)
    # E|theta_1| is 4 / (3 pi) on the sphere in four dimensions.
    assert first == pytest.approx(13 * 4 / (3 * np.pi), rel=0.02)
    assert second == pytest.approx(13 / 2, rel=0.02)


def test_blocks_of_projections_do_not_change_the_sliced_distance(monkeypatch):
    A, B = normal(50, 0), normal(30, 1)
    whole = sliced_wasserstein_distance(A, B)
    monkeypatch.setattr(_distances, "CELLS", 300)
    assert sliced_wasserstein_distance(A, B) == pytest.approx(whole, rel=1e-12)


@each_distance
def test_symmetry(distance):
    A, B = normal(50, 0), 2 * normal(30, 1)
    assert distance(A, B) == pytest.approx(distance(B, A), abs=1e-12)


@pytest.mark.parametrize("name", ["energy", "sliced", "sliced 1"])
def test_equal_samples_are_zero_apart(name):
    A = normal(50, 0)
    assert DISTANCES[name](A, A[::-1]) == pytest.approx(0, abs=1e-9)
    assert DISTANCES[name](A, np.concatenate([A, A])) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("name", ["energy", "sliced", "sliced 1"])
def test_units_are_those_of_the_features(name):
    A, B = normal(50, 0), 1 + normal(40, 1)
    one = DISTANCES[name](A, B)
    assert DISTANCES[name](1_000 * A, 1_000 * B) == pytest.approx(1_000 * one, rel=1e-9)
    assert DISTANCES[name](1e200 * A, 1e200 * B) == pytest.approx(1e200 * one, rel=1e-9)


def test_mmd_does_not_depend_on_units():
    A, B = normal(50, 0), 1 + normal(40, 1)
    one = maximum_mean_discrepancy(A, B)
    for unit in (1e200, 1e-200):
        assert maximum_mean_discrepancy(unit * A, unit * B) == pytest.approx(one, rel=1e-9)
    assert maximum_mean_discrepancy(A, B, bandwidth=1e-300) == 0.0
    assert maximum_mean_discrepancy(A, B, bandwidth=1e300) == pytest.approx(0, abs=1e-12)


@each_distance
def test_a_shift_and_a_lost_correlation_are_detected(distance):
    rng = np.random.default_rng(0)
    X = rng.multivariate_normal([0, 0], [[1, 0.9], [0.9, 1]], size=2_000)
    real, same, others = X[:1_000], X[1_000:], np.column_stack([X[1_000:, 0], rng.permutation(X[1_000:, 1])])
    floor = distance(real, same)
    assert distance(real, others) > 2 * floor and distance(real, same + 0.5) > 2 * floor


@each_distance
def test_mixed_frames(distance):
    real, same, other = mixed(300, 0), mixed(200, 1), mixed(200, 2)
    other["letter"] = "invented"
    near, far = distance(real, same), distance(real, other)
    assert type(near) is float and far > 2 * abs(near)
    assert near == distance(read_table(real), read_table(real).form.read_like(same))
    pl = pytest.importorskip("polars")
    assert near == pytest.approx(distance(pl.from_pandas(real), pl.from_pandas(same)), abs=1e-9)


@each_distance
def test_degenerate_columns(distance):
    constant, gaps = np.ones((20, 2)), np.full((20, 2), np.nan)
    assert distance(constant, constant) == 0.0
    assert distance(gaps, gaps) == 0.0
    assert distance(np.ones((20, 2)), np.full((20, 2), 2.0)) > 0.5
    half = pd.DataFrame({"x": np.arange(20.0), "y": np.arange(20.0)})
    assert distance(half, half.assign(y=np.nan)) > 0.1


def test_one_row():
    assert energy_distance([[1.0]], [[4.0]]) == 6.0
    assert sliced_wasserstein_distance([[1.0]], [[4.0]]) == pytest.approx(3.0)
    with pytest.raises(ValueError, match="X_synthetic must have at least 2 rows.* got 1; pass more"):
        maximum_mean_discrepancy(np.eye(2), np.eye(2)[:1])


@pytest.mark.parametrize("name", ["mmd", "mmd laplacian", "energy"])
def test_at_most_so_many_rows_are_compared(name):
    A, B = normal(400, 0), 2 * normal(300, 1)
    few = DISTANCES[name](A, B, max_rows=150)
    assert few == DISTANCES[name](A, B, max_rows=150) != DISTANCES[name](A, B, max_rows=150, random_state=1)
    assert few == pytest.approx(DISTANCES[name](A, B, max_rows=None), rel=0.5)


@each_distance
def test_seeds(distance):
    A, B = normal(1_500, 0), 1 + normal(1_500, 1)
    before = np.random.get_state()[1].tolist()
    first = distance(A, B, random_state=3)
    assert first == distance(A, B, random_state=3) == distance(A, B, random_state=np.random.default_rng(3))
    for random_state in (None, np.random.RandomState(0)):
        assert distance(A, B, random_state=random_state) == pytest.approx(first, rel=0.5)
    assert np.random.get_state()[1].tolist() == before


@each_distance
def test_features_are_the_callers_choice(distance):
    A, B = normal(100, 0), normal(100, 1)
    B[:, 2] += 1
    assert distance(A, B, features=lambda X: X[:, :2]) == distance(A[:, :2], B[:, :2])
    images = np.random.default_rng(0).random((20, 8, 8))
    assert distance(images[:10], images[10:] ** 3) > distance(images[:10], images[10:])


def test_labels_reach_the_features():
    y = np.arange(100) % 2
    A = normal(100, 0) + 3 * y[:, None]
    distances = [energy_distance(A, normal(100, 1), features="classifier", y_real=labels) for labels in (y, y[::-1])]
    assert 0 < distances[0] != distances[1] > 0


def test_unknown_names_and_numbers():
    X = np.eye(3)
    with pytest.raises(ValueError, match="kernel='rbff' is not a known word.*Did you mean 'rbf'"):
        maximum_mean_discrepancy(X, X, kernel="rbff")
    for bandwidth in (0, -1.0, np.nan, "mean", True, None):
        with pytest.raises(ValueError, match="bandwidth=.* must be a number above 0 or 'median'"):
            maximum_mean_discrepancy(X, X, bandwidth=bandwidth)
    for distance, max_rows in ((maximum_mean_discrepancy, 1), (energy_distance, 0), (energy_distance, 1.5)):
        with pytest.raises(ValueError, match="max_rows must be a whole number"):
            distance(X, X, max_rows=max_rows)
    with pytest.raises(ValueError, match="n_projections must be a whole number of at least 1"):
        sliced_wasserstein_distance(X, X, n_projections=0)
    for order in (0, 3, "2"):
        with pytest.raises(ValueError, match="order must be 1 or 2"):
            sliced_wasserstein_distance(X, X, order=order)


@each_distance
def test_bad_tables(distance):
    with pytest.raises(ValueError, match="X_synthetic has 3 features"):
        distance(np.eye(2), np.eye(3))
    with pytest.raises(ValueError, match="features='rank' is not a known word"):
        distance(np.eye(2), np.eye(2), features="rank")
    with pytest.raises(ValueError, match="inf"):
        distance(np.eye(2), np.full((2, 2), np.inf))
