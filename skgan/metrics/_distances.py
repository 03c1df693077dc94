"""Distances between the distributions of rows: of all pairs of rows, and along random directions."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist, pdist
from sklearn.utils import gen_batches

from skgan._registry import resolve
from skgan._validation import Positive, Whole, check_option

from ._neighbors import sampled_points
from ._read import generator_of, some_rows

MAX_ROWS = 10_000
# Rows of either side whose distances are held at a time: 8 MB.
BLOCK = 1_000
# Numbers that are sorted at a time along random directions: 16 MB.
CELLS = 2_000_000
# In units in which all numbers are at most about 1; squares of bandwidths must be floats.
BANDWIDTHS = 1e-150, 1e150
# Rows whose distances the median heuristic looks at.
MEDIAN_ROWS = 1_000


def maximum_mean_discrepancy(
    X_real,
    X_synthetic,
    *,
    kernel="rbf",
    bandwidth="median",
    features="auto",
    y_real=None,
    max_rows=MAX_ROWS,
    categorical_features="from_dtype",
    random_state=0,
):
    """Squared maximum mean discrepancy: how far apart two samples lie in the feature space of a kernel.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), stack of images or Table
    X_synthetic : the same, n_synthetic rows
    kernel : {"rbf", "laplacian"}, default="rbf"
        :math:`\\exp(-|x - y|_2^2 / 2 \\sigma^2)` or :math:`\\exp(-|x - y|_1 / \\sigma)`; where there are many features,
        the latter costs several times as much.
    bandwidth : float or "median", default="median"
        The :math:`\\sigma` of the kernel, in units of the features. "median" is the median distance (with
        "laplacian", of the sum of absolute differences) between rows that differ, of 1,000 rows of both samples
        together. For values that are to be compared with each other, give a number.
    features : {"auto", "raw", "ranks", "minmax", "standard", "pca", "random", "classifier"} or callable, \
            default="auto"
        What is compared. "auto" takes a numeric array as it is ("raw"), frames as "ranks", stacks of images by
        "random" networks. A callable maps X to an array of shape (n, n_features).
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    max_rows : int or None, default=10000
        At most so many rows of each are compared, in a random choice; this takes a second or two. None compares all:
        the time grows with the product of their numbers (under a minute for 50,000 and 50,000), the memory does not.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0
        For the choices of rows, and for features that chance plays in.

    Returns
    -------
    float
        0 on average where the distributions are equal, and then as often below 0 as above; lower is better. At most 2.

    Raises
    ------
    ValueError, TypeError
        A parameter that is not allowed, fewer than two rows, or X that cannot be read.

    Notes
    -----
    The unbiased estimate ([1]_, equation 3) from m real rows x and n synthetic rows y is

    .. math::

        \\frac{1}{m (m - 1)} \\sum_{i \\neq j} k(x_i, x_j) + \\frac{1}{n (n - 1)} \\sum_{i \\neq j} k(y_i, y_j)
        - \\frac{2}{m n} \\sum_{i, j} k(x_i, y_j).

    Both kernels are characteristic: its expectation is 0 for equal distributions only. What it feels depends on the
    bandwidth: far below the distances between rows it feels next to nothing, far above them only the means. As each
    row is compared with others alone, copies of the real rows lie *below* 0, nearer than fresh rows do.

    It is symmetric in its two samples, but for features that the real rows make and for the rows chosen.

    References
    ----------
    .. [1] A. Gretton, K. M. Borgwardt, M. J. Rasch, B. Schölkopf and A. Smola (2012). A kernel two-sample test. JMLR
       13, 723-773.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import maximum_mean_discrepancy
    >>> rng = np.random.default_rng(0)
    >>> X_real, X_synthetic = rng.normal(size=(500, 2)), rng.normal(size=(500, 2))
    >>> bool(abs(maximum_mean_discrepancy(X_real, X_synthetic)) < 0.01)
    True
    >>> bool(maximum_mean_discrepancy(X_real, X_synthetic + 1) > 0.1)
    True
    """
    kernel = resolve("kernel", kernel, KERNELS)
    check_option("bandwidth", bandwidth, Positive(("median",)))
    check_option("max_rows", max_rows, Whole(2, (None,)))
    rng = generator_of(random_state)
    A, B, unit = _matrices(X_real, X_synthetic, features, y_real, max_rows, categorical_features, rng)
    for matrix, name in ((A, "X_real"), (B, "X_synthetic")):
        if len(matrix) < 2:
            raise ValueError(f"{name} must have at least 2 rows, whose distance counts, got {len(matrix)}; pass more.")
    sigma = _median_distance(A, B, kernel.metric, rng) if isinstance(bandwidth, str) else bandwidth / unit
    sigma = float(np.clip(sigma, *BANDWIDTHS))

    def similarity(rows, others):
        return kernel.of_distance(kernel.distances(rows, others), sigma)

    return _mean_of_others(similarity, A) + _mean_of_others(similarity, B) - 2 * _mean(similarity, A, B)


def energy_distance(
    X_real,
    X_synthetic,
    *,
    features="auto",
    y_real=None,
    max_rows=MAX_ROWS,
    categorical_features="from_dtype",
    random_state=0,
):
    """Energy distance: how much farther rows lie from those of the other sample than from those of their own.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), stack of images or Table
    X_synthetic : the same, n_synthetic rows
    features : {"auto", "raw", "ranks", "minmax", "standard", "pca", "random", "classifier"} or callable, \
            default="auto"
        As in `maximum_mean_discrepancy`.
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    max_rows : int or None, default=10000
        As in `maximum_mean_discrepancy`: at most so many rows of each, or all.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0
        For the choice of rows, and for features that chance plays in.

    Returns
    -------
    float
        In [0, inf), in units of the features; lower is better.

    Raises
    ------
    ValueError, TypeError
        A parameter that is not allowed, or X that cannot be read.

    Notes
    -----
    With X, X' real rows and Y, Y' synthetic ones, all independent, it is

    .. math:: 2\\, \\mathrm{E}|X - Y| - \\mathrm{E}|X - X'| - \\mathrm{E}|Y - Y'|

    of the two samples' own distributions, with Euclidean distances: all pairs count, those of a row with itself
    too (a V-statistic). So it is never negative, and 0 for equal samples only. For samples of equal
    distributions it is :math:`\\mathrm{E}|X - X'| (1 / n_r + 1 / n_s)` on average: compare only values of equally many
    rows, and set them beside that of real rows from other real rows.

    In one dimension it is the square of ``scipy.stats.energy_distance``. It is symmetric in its two samples, but for
    features that the real rows make and for the rows chosen.

    References
    ----------
    G. J. Székely and M. L. Rizzo (2013). Energy statistics: a class of statistics based on distances. Journal of
    Statistical Planning and Inference 143, 1249-1272.

    Examples
    --------
    >>> from skgan.metrics import energy_distance
    >>> energy_distance([[0.0, 0.0]], [[3.0, 4.0]])
    10.0
    """
    check_option("max_rows", max_rows, Whole(1, (None,)))
    rng = generator_of(random_state)
    A, B, unit = _matrices(X_real, X_synthetic, features, y_real, max_rows, categorical_features, rng)
    distance = 2 * _mean(_euclidean, A, B)
    distance -= sum(_mean_of_others(_euclidean, rows) * (1 - 1 / len(rows)) for rows in (A, B) if len(rows) > 1)
    return max(distance, 0.0) * unit


def sliced_wasserstein_distance(
    X_real,
    X_synthetic,
    *,
    order=2,
    n_projections=100,
    features="auto",
    y_real=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """Wasserstein distance along random directions.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), stack of images or Table
    X_synthetic : the same, n_synthetic rows
    order : {1, 2}, default=2
        Whether the way that mass is moved counts as it is, or squared.
    n_projections : int, default=100
        Random directions.
    features : {"auto", "raw", "ranks", "minmax", "standard", "pca", "random", "classifier"} or callable, \
            default="auto"
        As in `maximum_mean_discrepancy`.
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0
        For the directions, and for features that chance plays in.

    Returns
    -------
    float
        In [0, inf), in units of the features; lower is better.

    Raises
    ------
    ValueError, TypeError
        A parameter that is not allowed, or X that cannot be read.

    Notes
    -----
    With directions :math:`\\theta` uniform on the unit sphere and :math:`Q_\\theta` the quantile functions of the rows'
    projections :math:`\\langle \\theta, x \\rangle`, it is of order p

    .. math:: \\left( \\mathrm{E}_\\theta \\int_0^1 |Q_{r, \\theta}(u) - Q_{s, \\theta}(u)|^p du \\right)^{1 / p}.

    The integral is exact for samples of any sizes; the expectation is a mean over `n_projections` directions. All rows
    are used: the cost grows as n log n. In one dimension, order 1 is ``scipy.stats.wasserstein_distance``. Shifting a
    sample by :math:`\\delta` gives :math:`\\mathrm{E}|\\langle \\theta, \\delta \\rangle|` at order 1, and
    :math:`|\\delta| / \\sqrt{d}` at order 2 in d features.

    Samples of equal distributions lie apart by chance, the more so the fewer rows they have: compare only distances of
    equally many rows, and set them beside the distance of real rows from other real rows. It is symmetric in its two
    samples, but for features that the real rows make.

    References
    ----------
    N. Bonneel, J. Rabin, G. Peyré and H. Pfister (2015). Sliced and Radon Wasserstein barycenters of measures. Journal
    of Mathematical Imaging and Vision 51, 22-45.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import sliced_wasserstein_distance
    >>> X = np.random.default_rng(0).normal(size=(100, 1))
    >>> round(sliced_wasserstein_distance(X, X + 3.0), 6)
    3.0
    """
    if order not in (1, 2):
        raise ValueError(f"order={order!r} is not allowed; order must be 1 or 2.")
    check_option("n_projections", n_projections, Whole())
    rng = generator_of(random_state)
    A, B, unit = _matrices(X_real, X_synthetic, features, y_real, None, categorical_features, rng)
    directions = rng.standard_normal((A.shape[1], n_projections))
    directions /= np.linalg.norm(directions, axis=0)
    left, right, weights = _matching(len(A), len(B))
    total = 0.0
    for block in gen_batches(n_projections, max(CELLS // len(weights), 1)):
        a, b = (np.sort(rows @ directions[:, block], axis=0) for rows in (A, B))
        total += (weights @ np.abs(a[left] - b[right]) ** order).sum()
    return float((total / n_projections) ** (1 / order)) * unit


def _matching(n_left, n_right):
    """Pairs of places in two sorted samples where their quantile functions meet, and the widths of these meetings.

    Returns
    -------
    left, right : ndarray of int, shape (n_pairs,)
    weights : ndarray of shape (n_pairs,)
        They sum to 1.
    """
    # Whole numbers of 1 / (n_left n_right): steps that coincide are equal.
    ends = np.union1d(np.arange(1, n_left + 1) * n_right, np.arange(1, n_right + 1) * n_left)
    weights = np.diff(ends, prepend=0) / (n_left * n_right)
    return (ends - 1) // n_right, (ends - 1) // n_left, weights


def _matrices(X_real, X_synthetic, features, y_real, max_rows, categorical_features, rng):
    """Features of rows of both, shape (n, n_features), and their unit."""
    how = {"features": features, "y_real": y_real, "categorical_features": categorical_features}
    (A, B), unit = sampled_points(X_real, X_synthetic, max_rows=max_rows, random_state=rng, **how)
    return A, B, unit


def _squares(A, B):
    """Squared Euclidean distances, shape (len(A), len(B))."""
    squares = A @ (-2 * B.T)
    squares += np.square(A).sum(axis=1)[:, None]
    squares += np.square(B).sum(axis=1)
    return np.maximum(squares, 0.0, out=squares)


def _euclidean(A, B):
    squares = _squares(A, B)
    return np.sqrt(squares, out=squares)


def _mean(function, A, B):
    """Mean of `function` over all pairs of rows."""
    sums = (function(A[i], B[j]).sum() for i in gen_batches(len(A), BLOCK) for j in gen_batches(len(B), BLOCK))
    return float(sum(sums)) / (len(A) * len(B))


def _mean_of_others(function, A):
    """Mean of a symmetric `function` over all pairs of two rows of A."""
    total, blocks = 0.0, list(gen_batches(len(A), BLOCK))
    for position, i in enumerate(blocks):
        for j in blocks[:position]:
            total += 2 * function(A[i], A[j]).sum()
        own = function(A[i], A[i])
        np.fill_diagonal(own, 0.0)
        total += own.sum()
    return float(total) / (len(A) * (len(A) - 1))


def _median_distance(A, B, metric, rng):
    """Median distance between rows that differ; 1 where all are equal."""
    rows = np.concatenate([A, B])
    rows = rows[some_rows(len(rows), MEDIAN_ROWS, rng)]
    distances = pdist(rows, metric)
    distances = distances[distances > 0]
    return float(np.median(distances)) if len(distances) else 1.0


class Kernel(NamedTuple):
    """A kernel of a distance.

    Attributes
    ----------
    metric : str
        What SciPy calls the distance that the bandwidth is measured in.
    distances : callable
        (A, B) to that distance, or to its square, for all pairs of rows.
    of_distance : callable
        (distances, bandwidth) to the kernel's values.
    """

    metric: str
    distances: Callable
    of_distance: Callable


def _cityblock(A, B):
    return cdist(A, B, "cityblock")


def _gaussian(squares, sigma):
    squares *= -0.5 / sigma**2
    return np.exp(squares, out=squares)


def _exponential(distances, sigma):
    distances *= -1 / sigma
    return np.exp(distances, out=distances)


KERNELS = {
    "rbf": Kernel("euclidean", _squares, _gaussian),
    "laplacian": Kernel("cityblock", _cityblock, _exponential),
}
