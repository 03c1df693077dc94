"""Distances of features equal closed forms, and the classifier score has its extreme values."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from skgan.metrics._classifier_score import classifier_score
from skgan.metrics._frechet import frechet_distance, kernel_distance


def exactly(mean, covariance, n=200, seed=0):
    """Rows (n, d) with exactly this mean and covariance (d, d)."""
    X = np.random.default_rng(seed).normal(size=(n, len(mean)))
    white = np.linalg.qr(X - X.mean(axis=0))[0] * np.sqrt(n - 1)
    variances, axes = np.linalg.eigh(np.asarray(covariance, dtype=float))
    return white @ (np.sqrt(np.maximum(variances, 0))[:, None] * axes.T) + mean


def some_covariance(d, seed=0, rank=None):
    root = np.random.default_rng(seed).normal(size=(rank or d, d))
    return root.T @ root


def rotation(d, seed=0):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(d, d)))[0]


# Fréchet ----------------------------------------------------------------------------------------------------


def test_rows_are_at_no_distance_from_themselves():
    X = np.random.default_rng(0).normal(size=(300, 20))
    distance = frechet_distance(X, X)
    assert type(distance) is float and 0 <= distance < 1e-10
    assert frechet_distance(X, X[np.random.default_rng(1).permutation(300)]) < 1e-10


def test_translation_is_squared_length():
    X = np.random.default_rng(0).normal(size=(50, 3))
    assert frechet_distance(X, X + [1.0, -2.0, 2.0]) == pytest.approx(9.0, abs=1e-10)


def test_standard_normals():
    """N(0, I) and N(m, s^2 I): |m|^2 + d (1 - s)^2."""
    d = 6
    A, B = exactly(np.zeros(d), np.eye(d)), exactly(np.full(d, 0.5), 9 * np.eye(d), n=333, seed=1)
    assert frechet_distance(A, B) == pytest.approx(d * 0.25 + d * 4, abs=1e-8)


def test_diagonal_covariances():
    """For covariances that commute: the sum of squared differences of standard deviations."""
    a, b = np.array([1.0, 2.0, 3.0, 0.0]), np.array([4.0, 2.0, 0.5, 1.0])
    A, B = exactly(np.zeros(4), np.diag(a**2)), exactly(np.zeros(4), np.diag(b**2), seed=1)
    assert frechet_distance(A, B) == pytest.approx(((a - b) ** 2).sum(), abs=1e-8)


def test_covariances_that_do_not_commute():
    """For 2 by 2 matrices, tr (AB)^(1/2) = (tr AB + 2 (det AB)^(1/2))^(1/2)."""
    S, T = np.array([[2.0, 0.6], [0.6, 1.0]]), np.array([[1.0, -0.7], [-0.7, 3.0]])
    A, B = exactly([0, 0], S), exactly([1, 1], T, seed=1)
    cross = np.sqrt(np.trace(S @ T) + 2 * np.sqrt(np.linalg.det(S @ T)))
    assert frechet_distance(A, B) == pytest.approx(2 + np.trace(S + T) - 2 * cross, abs=1e-8)


def test_symmetry_rotation_and_scale():
    A, B = exactly(np.zeros(5), some_covariance(5, 0)), exactly(np.ones(5), some_covariance(5, 1), seed=1)
    distance = frechet_distance(A, B)
    assert distance > 1
    assert frechet_distance(B, A) == pytest.approx(distance, rel=1e-10)
    Q = rotation(5)
    assert frechet_distance(A @ Q + 3, B @ Q + 3) == pytest.approx(distance, rel=1e-10)
    assert frechet_distance(7 * A, 7 * B) == pytest.approx(49 * distance, rel=1e-10)


@pytest.mark.parametrize("n", [8, 30, 200])
def test_flat_distributions(n):
    """Rank 2 in 30 dimensions, with fewer and with more rows than features: orthogonal planes, and equal planes."""
    Q = rotation(30)
    flat = exactly(np.zeros(2), np.diag([4.0, 1.0]), n=n)
    A, B = flat @ Q[:2], flat @ Q[2:4]
    assert frechet_distance(A, A) < 1e-10
    assert frechet_distance(A, B) == pytest.approx(10.0, abs=1e-10)
    assert frechet_distance(A, 3 * A) == pytest.approx(20.0, abs=1e-10)


def test_more_features_than_rows_of_one_table():
    A, B = np.random.default_rng(0).normal(size=(10, 50)), np.random.default_rng(1).normal(size=(500, 50))
    assert frechet_distance(A, B) == pytest.approx(frechet_distance(B, A), rel=1e-10)


@pytest.mark.filterwarnings("error")
def test_constant_columns_and_tiny_numbers():
    X = np.zeros((5, 3))
    assert frechet_distance(X, X) == 0.0
    assert frechet_distance(X, X + 2) == pytest.approx(12.0)
    A, B = exactly(np.zeros(3), np.eye(3)), exactly(np.ones(3), np.eye(3), seed=1)
    assert frechet_distance(1e-9 * A, 1e-9 * B) == pytest.approx(3e-18, rel=1e-6)


def test_a_large_offset_costs_no_precision():
    A, B = exactly(np.zeros(3), np.eye(3)), exactly(np.zeros(3), 4 * np.eye(3), seed=1)
    assert frechet_distance(A + 1e6, B + 1e6) == pytest.approx(3.0, abs=1e-6)


def test_means_and_covariances_are_all_that_is_compared():
    rng = np.random.default_rng(0)
    A, two_points = rng.normal(size=(20_000, 1)), rng.choice([-1.0, 1.0], size=(20_000, 1))
    assert frechet_distance(A, two_points) < 1e-3


def test_frames_are_compared_by_ranks():
    rng = np.random.default_rng(0)
    frames = [
        pd.DataFrame({"x": rng.lognormal(size=400), "c": rng.choice(["a", "b"], 400, p=[p, 1 - p])})
        for p in (0.5, 0.5, 0.95)
    ]
    with_gaps = frames[1].copy()
    with_gaps.loc[::4, "x"] = np.nan
    near, far = frechet_distance(frames[0], frames[1]), frechet_distance(frames[0], frames[2])
    assert 0 < near < 0.005 < 0.05 < far
    assert frechet_distance(frames[0], with_gaps) > 0.05


def test_own_features():
    X = np.random.default_rng(0).normal(size=(50, 3))
    assert frechet_distance(X, X + [0, 0, 2.0], features=lambda X: X[:, :2]) == 0.0
    assert frechet_distance(X, X + [0, 0, 2.0], features=lambda X: X[:, 2:]) == pytest.approx(4.0)


@pytest.mark.parametrize("distance", [frechet_distance, kernel_distance])
@pytest.mark.parametrize(
    ("real", "synthetic", "message"),
    [
        (np.ones((1, 2)), np.ones((9, 2)), "X_real must have at least . rows, got 1"),
        (np.ones((9, 2)), np.ones((1, 2)), "X_synthetic must have at least . rows, got 1"),
        (np.eye(9), 1e200 * np.eye(9), r"features of X_synthetic reach 1.0e\+200.*features='ranks'"),
        (np.ones((9, 2)), np.full((9, 2), np.nan), "X_synthetic holds missing values.*features='ranks'"),
        (np.ones((9, 2)), np.full((9, 2), np.inf), "X_synthetic contains infinity"),
        (np.ones((9, 2)), np.ones((9, 3)), "X_synthetic has 3 features"),
    ],
)
def test_bad_input(distance, real, synthetic, message):
    with pytest.raises(ValueError, match=message):
        distance(real, synthetic)


# Kernel -----------------------------------------------------------------------------------------------------


def written_out(A, B):
    """The unbiased estimate, pair by pair."""
    d = A.shape[1]

    def mean(X, Y):
        kernels = (X @ Y.T / d + 1) ** 3
        return kernels.mean() if X is not Y else kernels[~np.eye(len(X), dtype=bool)].mean()

    return mean(A, A) + mean(B, B) - 2 * mean(A, B)


def test_kernel_distance_is_the_estimate_written_out(monkeypatch):
    rng = np.random.default_rng(0)
    A, B = rng.normal(size=(70, 4)), rng.normal(0.3, 1.5, size=(53, 4))
    distance = kernel_distance(A, B)
    assert type(distance.value) is float and type(distance.standard_error) is float
    assert distance.value == pytest.approx(written_out(A, B), rel=1e-10)
    monkeypatch.setattr("skgan.metrics._frechet.CELLS", 16)
    assert kernel_distance(A, B) == pytest.approx(distance, rel=1e-10)
    assert kernel_distance(B, A) == pytest.approx(distance, rel=1e-10)


def test_standard_error_written_out():
    """Row means over others, U-centred and doubly centred kernels, entry by entry."""
    rng = np.random.default_rng(0)
    A, B = rng.normal(size=(11, 2)), rng.normal(1, 1.5, size=(8, 2))

    def kernel(X, Y):
        return (X @ Y.T / 2 + 1) ** 3

    def among(X):
        k, n = kernel(X, X), len(X)
        np.fill_diagonal(k, 0)
        sums = k.sum(axis=1)
        centred = k - sums[:, None] / (n - 2) - sums / (n - 2) + sums.sum() / ((n - 1) * (n - 2))
        np.fill_diagonal(centred, 0)
        return sums / (n - 1), (centred**2).sum() / (n * (n - 3))

    (a, square_a), (b, square_b), k = among(A), among(B), kernel(A, B)
    centred = k - k.mean(axis=0) - k.mean(axis=1, keepdims=True) + k.mean()
    square = (centred**2).sum() / (10 * 7)
    witness_a = np.var(a - k.mean(axis=1), ddof=1) - square_a / 10 - square / 8
    witness_b = np.var(b - k.mean(axis=0), ddof=1) - square_b / 7 - square / 11
    second = 2 * square_a / 110 + 2 * square_b / 56 + 4 * square / 88
    assert min(witness_a, witness_b) > 0
    expected = np.sqrt(4 * witness_a / 11 + 4 * witness_b / 8 + second)
    assert kernel_distance(A, B).standard_error == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("n", "m", "shift"), [(100, 100, 0.0), (150, 60, 0.0), (100, 100, 0.4)])
def test_kernel_distance_is_unbiased_and_has_the_right_standard_error(n, m, shift):
    rng = np.random.default_rng(0)
    truth = kernel_distance(rng.normal(size=(4_000, 4)), rng.normal(shift, 1, size=(4_000, 4)))
    found = [kernel_distance(rng.normal(size=(n, 4)), rng.normal(shift, 1, size=(m, 4))) for _ in range(300)]
    values, errors = np.array(found).T
    expected = 0.0 if shift == 0 else truth.value
    noise = np.hypot(values.std() / np.sqrt(300), 0.0 if shift == 0 else truth.standard_error)
    assert abs(values.mean() - expected) < 3 * noise
    assert (np.abs(values - expected) < 2 * errors).mean() > 0.88
    assert 0.8 < np.sqrt((errors**2).mean()) / values.std() < 1.5
    if shift == 0:
        assert 0.2 < (values < 0).mean() < 0.8


def test_kernel_distance_detects_what_differs():
    rng = np.random.default_rng(0)
    real, wider, skewed = (
        rng.normal(size=(2_000, 3)),
        rng.normal(0, 1.5, (2_000, 3)),
        rng.exponential(size=(2_000, 3)) - 1,
    )
    for other in (wider, skewed, real + 0.5):
        distance = kernel_distance(real, other)
        assert distance.value > 4 * distance.standard_error > 0


def test_max_rows_are_drawn_by_seed():
    rng = np.random.default_rng(0)
    A, B = rng.normal(size=(400, 2)), rng.normal(size=(300, 2))
    few = kernel_distance(A, B, max_rows=50, random_state=1)
    assert few == kernel_distance(A, B, max_rows=50, random_state=1)
    assert few != kernel_distance(A, B, max_rows=50, random_state=2)
    assert kernel_distance(A, B) == kernel_distance(A, B, max_rows=None) == kernel_distance(A, B, max_rows=400)
    assert few.standard_error > kernel_distance(A, B).standard_error


@pytest.mark.filterwarnings("error")
def test_constant_features_have_a_kernel_distance():
    assert kernel_distance(np.ones((4, 2)), np.ones((5, 2))) == pytest.approx((0.0, 0.0), abs=1e-12)
    assert kernel_distance(np.ones((4, 1)), np.zeros((4, 1))).value == pytest.approx(8 + 1 - 2)


# Classifier score -------------------------------------------------------------------------------------------


def one_hot(k):
    return lambda codes: np.eye(k)[codes]


@pytest.mark.parametrize("k", [2, 5, 10])
def test_sure_and_varied_scores_the_number_of_classes(k):
    score = classifier_score(np.tile(np.arange(k), 30), one_hot(k), n_splits=1)
    assert score == pytest.approx((k, 0.0), abs=1e-12)
    assert classifier_score(np.tile(np.arange(k), 300), one_hot(k)).mean == pytest.approx(k, rel=0.1)


@pytest.mark.filterwarnings("error")
def test_one_class_and_no_opinion_score_one():
    assert classifier_score(np.zeros(40, dtype=int), one_hot(3)) == pytest.approx((1.0, 0.0), abs=1e-12)
    assert classifier_score(np.zeros(40), lambda X: np.full((len(X), 4), 0.25)) == pytest.approx((1.0, 0.0), abs=1e-12)


def test_known_value_between():
    """Half (0.9, 0.1) and half (0.1, 0.9): 2 over the exponential of the entropy of 0.9."""
    score = classifier_score(np.tile([0, 1], 20), lambda X: np.array([[0.9, 0.1], [0.1, 0.9]])[X], n_splits=1)
    assert score.mean == pytest.approx(2 * 0.9**0.9 * 0.1**0.1)


def test_a_lost_class_lowers_the_score_of_a_fitted_classifier():
    X, y = load_iris(return_X_y=True, as_frame=True)
    model = LogisticRegression(max_iter=1_000).fit(X, y)
    whole, lost = classifier_score(X, model), classifier_score(X[y > 0], model)
    assert 1 < lost.mean < whole.mean - 0.5 < 3
    assert 0 < whole.standard_deviation < 0.5


def test_rows_are_dealt_to_parts_by_seed():
    codes = np.repeat(np.arange(10), 30)
    first = classifier_score(codes, one_hot(10), random_state=0)
    assert first == classifier_score(codes, one_hot(10), random_state=0)
    assert first != classifier_score(codes, one_hot(10), random_state=1)
    assert first.mean > 7  # although each part of the unshuffled rows has a single class


@pytest.mark.parametrize(
    ("classifier", "n_splits", "error", "message"),
    [
        (lambda X: X, 2, ValueError, r"probabilities of shape \(n, n_classes\), got dtype int64 and shape \(6,\)"),
        (lambda X: np.array([[3.0, -1.0]] * 6), 2, ValueError, "not negative.*softmax"),
        (lambda X: np.full((6, 2), 0.7), 2, ValueError, "sum to 1 in each row"),
        (lambda X: np.full((6, 2), np.nan), 2, ValueError, "must return probabilities"),
        (one_hot(9), 7, ValueError, "n_splits=7 is not allowed; .* from 1 to the number of rows, 6"),
        (one_hot(9), 0, ValueError, "n_splits=0 is not allowed"),
        (one_hot(9), 2.0, ValueError, "n_splits=2.0 is not allowed"),
        ("svm", 2, TypeError, "classifier='svm' has no predict_proba and cannot be called"),
    ],
)
def test_bad_classifiers(classifier, n_splits, error, message):
    with pytest.raises(error, match=message):
        classifier_score(np.arange(6), classifier, n_splits=n_splits)


@pytest.mark.parametrize("max_rows", [3, 0, -1, 2.5])
def test_kernel_distance_needs_four_rows_of_each(max_rows):
    X = np.random.default_rng(0).normal(size=(10, 2))
    with pytest.raises(ValueError, match="max_rows=.* is not allowed"):
        kernel_distance(X, X, max_rows=max_rows)
