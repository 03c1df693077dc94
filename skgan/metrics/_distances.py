"""Distances between the distributions of rows: from all pairs of rows, and along random directions."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist, pdist
from sklearn.utils import gen_batches

from skgan._random import some_rows
from skgan._registry import resolve
from skgan._validation import Positive, Whole, check_option

from ._on_points import metric_on_points

MAX_ROWS = 10_000
# Rows of a block of distances, which has 8 MB.
BLOCK = 1_000
# Numbers that are sorted at a time: 16 MB.
CELLS = 2_000_000
# Smallest and largest bandwidth whose square is a float, where all numbers are at most about 1.
BANDWIDTHS = 1e-150, 1e150
# Rows that the median distance is taken over.
MEDIAN_ROWS = 1_000


@metric_on_points()
def maximum_mean_discrepancy(points, rng, *, kernel="rbf", bandwidth="median", max_rows=MAX_ROWS):
    """Squared maximum mean discrepancy: how far apart two samples lie in the feature space of a kernel.

    Parameters
    ----------
    kernel : {"rbf", "laplacian"}, default="rbf"
        :math:`\\exp(-|x - y|_2^2 / 2 \\sigma^2)` or :math:`\\exp(-|x - y|_1 / \\sigma)`. With many features, the latter
        takes several times as long.
    bandwidth : float or "median", default="median"
        The :math:`\\sigma` of the kernel, in units of the features. "median" is the median distance (with
        "laplacian", the median sum of absolute differences) between different rows, over 1,000 rows of both samples
        together. To compare values with each other, give a number.
    max_rows : int or None, default=10000
        At most this many real and this many synthetic rows are compared, drawn at random; this takes a second or two.
        None compares all: the time grows with the product of both numbers (under a minute for 50,000 and 50,000), the
        memory does not.

    Returns
    -------
    float
        Lower is better; at most 2. Where the distributions are equal it is 0 on average, and negative in about half of
        the cases.

    Raises
    ------
    ValueError, TypeError
        A parameter that is not allowed, fewer than two rows, or rows that cannot be read.

    Notes
    -----
    The unbiased estimate ([1]_, equation 3) from m real rows x and n synthetic rows y is

    .. math::

        \\frac{1}{m (m - 1)} \\sum_{i \\neq j} k(x_i, x_j) + \\frac{1}{n (n - 1)} \\sum_{i \\neq j} k(y_i, y_j)
        - \\frac{2}{m n} \\sum_{i, j} k(x_i, y_j).

    Both kernels are characteristic: the expectation is 0 only for equal distributions. The bandwidth decides which
    differences are detected: a bandwidth far below the distances between rows detects almost none, one far above them
    only differences in the means. As no row is compared with itself, copies of the real rows score *below* 0, lower
    than fresh real rows do.

    The two samples can be swapped, unless the features are computed from the real rows or rows are drawn at random.

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
    points, unit = points.sampled(max_rows, rng).centred()
    A, B = points.real, points.synthetic
    for matrix, name in ((A, "X_real"), (B, "X_synthetic")):
        if len(matrix) < 2:
            raise ValueError(f"{name} must have at least 2 rows, got {len(matrix)}; pass more.")
    sigma = _median_distance(A, B, kernel.metric, rng) if isinstance(bandwidth, str) else bandwidth / unit
    sigma = float(np.clip(sigma, *BANDWIDTHS))

    def similarity(rows, others):
        return kernel.of_distance(kernel.distances(rows, others), sigma)

    return _mean_of_others(similarity, A) + _mean_of_others(similarity, B) - 2 * _mean(similarity, A, B)


@metric_on_points()
def energy_distance(points, rng, *, max_rows=MAX_ROWS):
    """Energy distance: how much farther rows are from rows of the other sample than from rows of their own sample.

    Parameters
    ----------
    max_rows : int or None, default=10000
        At most this many real and this many synthetic rows are compared, drawn at random; None compares all. The time
        grows with the product of both numbers, the memory does not.

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
    With X, X' real rows and Y, Y' synthetic rows, all drawn independently from the two samples, it is

    .. math:: 2\\, \\mathrm{E}|X - Y| - \\mathrm{E}|X - X'| - \\mathrm{E}|Y - Y'|

    with Euclidean distances. All pairs count, also those of a row with itself (a V-statistic), so it is never negative,
    and 0 only for equal samples. For samples of equal distributions its mean is
    :math:`\\mathrm{E}|X - X'| (1 / n_r + 1 / n_s)`. So compare only values of equal numbers of rows, and compare with
    the distance between real rows and other real rows.

    In one dimension it is the square of ``scipy.stats.energy_distance``. The two samples can be swapped, unless the
    features are computed from the real rows or rows are drawn at random.

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
    points, unit = points.sampled(max_rows, rng).centred()
    A, B = points.real, points.synthetic
    distance = 2 * _mean(_euclidean, A, B)
    distance -= sum(_mean_of_others(_euclidean, rows) * (1 - 1 / len(rows)) for rows in (A, B) if len(rows) > 1)
    return max(distance, 0.0) * unit


@metric_on_points()
def sliced_wasserstein_distance(points, rng, *, order=2, n_projections=100):
    """Mean Wasserstein distance along random directions.

    Parameters
    ----------
    order : {1, 2}, default=2
        Whether the distances that mass is moved count as they are, or squared.
    n_projections : int, default=100
        Number of random directions.

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
    With directions :math:`\\theta` uniform on the unit sphere, and the quantile functions :math:`Q_\\theta` of the
    projections :math:`\\langle \\theta, x \\rangle` of the rows, the distance of order p is

    .. math:: \\left( \\mathrm{E}_\\theta \\int_0^1 |Q_{r, \\theta}(u) - Q_{s, \\theta}(u)|^p du \\right)^{1 / p}.

    The integral is exact for samples of any sizes; the expectation is a mean over `n_projections` directions. All rows
    are used: the time grows as n log n. In one dimension, order 1 is ``scipy.stats.wasserstein_distance``. Shifting a
    sample by :math:`\\delta` gives :math:`\\mathrm{E}|\\langle \\theta, \\delta \\rangle|` for order 1, and
    :math:`|\\delta| / \\sqrt{d}` for order 2 and d features.

    The distance between samples of equal distributions is above 0 by chance, and the larger the fewer rows they have.
    So compare only distances of equal numbers of rows, and compare with the distance between real rows and other real
    rows. The two samples can be swapped, unless the features are computed from the real rows.

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
    points, unit = points.centred()
    A, B = points.real, points.synthetic
    directions = rng.standard_normal((A.shape[1], n_projections))
    directions /= np.linalg.norm(directions, axis=0)
    left, right, weights = _matching(len(A), len(B))
    total = 0.0
    for block in gen_batches(n_projections, max(CELLS // len(weights), 1)):
        a, b = (np.sort(rows @ directions[:, block], axis=0) for rows in (A, B))
        total += (weights @ np.abs(a[left] - b[right]) ** order).sum()
    return float((total / n_projections) ** (1 / order)) * unit


def _matching(n_left, n_right):
    """The intervals on which the quantile functions of two sorted samples are both constant.

    Returns
    -------
    left, right : ndarray of int, shape (n_intervals,)
        Positions in the two sorted samples of the values that the quantile functions have there.
    weights : ndarray of shape (n_intervals,)
        Widths of the intervals, which sum to 1.
    """
    # Integers, in units of 1 / (n_left n_right), so that ends that coincide are exactly equal.
    ends = np.union1d(np.arange(1, n_left + 1) * n_right, np.arange(1, n_right + 1) * n_left)
    weights = np.diff(ends, prepend=0) / (n_left * n_right)
    return (ends - 1) // n_right, (ends - 1) // n_left, weights


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
    """Mean of a symmetric `function` over all pairs of different rows of A."""
    total, blocks = 0.0, list(gen_batches(len(A), BLOCK))
    for position, i in enumerate(blocks):
        for j in blocks[:position]:
            total += 2 * function(A[i], A[j]).sum()
        own = function(A[i], A[i])
        np.fill_diagonal(own, 0.0)
        total += own.sum()
    return float(total) / (len(A) * (len(A) - 1))


def _median_distance(A, B, metric, rng):
    """Median distance between rows that are not equal; 1 where all rows are equal."""
    rows = np.concatenate([A, B])
    rows = rows[some_rows(len(rows), MEDIAN_ROWS, rng)]
    distances = pdist(rows, metric)
    distances = distances[distances > 0]
    return float(np.median(distances)) if len(distances) else 1.0


class Kernel(NamedTuple):
    """A kernel that depends on a distance.

    Attributes
    ----------
    metric : str
        SciPy's name of the distance that the bandwidth is measured in.
    distances : callable
        Function of (A, B): that distance, or its square, for all pairs of rows.
    of_distance : callable
        Function of (distances, bandwidth): the values of the kernel.
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
