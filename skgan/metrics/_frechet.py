"""Distances between the distributions of features: the Fréchet distance, and that of a cubic kernel."""

from typing import NamedTuple

import numpy as np
from sklearn.utils import gen_batches

from skgan._validation import Whole, check_option

from ._on_points import metric_on_points

# Numbers in a block of kernel values: 16 MB.
CELLS = 2_000_000
# With fewer rows, the variance of the kernel distance has no unbiased estimate.
MIN_ROWS = 4
# Features may not be larger: the square of the cubic kernel has their twelfth power.
LARGEST = 1e20


@metric_on_points()
def frechet_distance(points, rng):
    """Squared Fréchet distance between normal distributions fitted to the features.

    Returns
    -------
    float
        In [0, inf); lower is better.

    Raises
    ------
    ValueError, TypeError
        Fewer than two rows, features that are too large, or rows that cannot be read.

    See Also
    --------
    kernel_distance : A distance without bias.
    InceptionFeatures : With these as `features`, this is the Fréchet inception distance (FID).

    Notes
    -----
    With means :math:`\\mu` and covariances :math:`\\Sigma` (divided by n - 1) of the features, the distance is

    .. math:: |\\mu_r - \\mu_s|^2 + \\mathrm{tr}(\\Sigma_r + \\Sigma_s - 2 (\\Sigma_r \\Sigma_s)^{1/2}).

    The trace of the root is computed as the sum of the singular values of :math:`A_r A_s^T` where
    :math:`\\Sigma = A^T A`, which is neither negative nor complex, whatever the rank. Only means and covariances are
    compared: 0 does not mean equal distributions.

    The estimate is too high for few rows, and more so the more features there are. So compare only distances of equal
    numbers of rows, and compare with the distance between real rows and other real rows. Where the features are
    computed from the real rows (all but "raw" and some callables), the two samples cannot be swapped.

    References
    ----------
    D. C. Dowson and B. V. Landau (1982). The Fréchet distance between multivariate normal distributions. Journal of
    Multivariate Analysis 12, 450-455.

    M. Heusel et al. (2017). GANs trained by a two time-scale update rule converge to a local Nash equilibrium. NeurIPS.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import frechet_distance
    >>> X = np.random.default_rng(0).normal(size=(100, 2))
    >>> round(frechet_distance(X, X + [3.0, 4.0]), 6)
    25.0
    """
    A, B = _checked(points, min_rows=2)
    offset = A.mean(axis=0) - B.mean(axis=0)
    root_a, root_b = _covariance_root(A), _covariance_root(B)
    cross = np.linalg.svd(root_a @ root_b.T, compute_uv=False).sum()
    distance = offset @ offset + (root_a**2).sum() + (root_b**2).sum() - 2 * cross
    return max(float(distance), 0.0)


def _checked(points, *, min_rows):
    """Real and synthetic features in float64; a ValueError where there are too few rows or too large numbers."""
    matrices = points.real, points.synthetic
    for matrix, name in zip(matrices, ("X_real", "X_synthetic")):
        if len(matrix) < min_rows:
            raise ValueError(f"{name} must have at least {min_rows} rows, got {len(matrix)}; pass more.")
        if np.abs(matrix).max() > LARGEST:
            raise ValueError(
                f"The features of {name} reach {np.abs(matrix).max():.1e}, but at most {LARGEST:.0e} is allowed, "
                "so that the distance stays finite; choose features='ranks', or scale the features down."
            )
    return [matrix.astype(np.float64) for matrix in matrices]


def _covariance_root(A):
    """A matrix R of shape (n_axes, n_features) for which R^T R is the covariance of the rows of A."""
    centred = (A - A.mean(axis=0)) / np.sqrt(len(A) - 1)
    if len(A) <= A.shape[1]:
        return centred
    variances, axes = np.linalg.eigh(centred.T @ centred)
    # Rounding errors are 1e-16 of the largest variance, but their square roots would be 1e-8 of its root.
    variances[variances < len(variances) * np.finfo(np.float64).eps * variances[-1]] = 0.0
    return np.sqrt(variances)[:, None] * axes.T


class KernelDistance(NamedTuple):
    """A kernel distance and its standard error.

    Attributes
    ----------
    value : float
        Lower is better. Where both samples come from one distribution it is 0 on average, and negative in about half of
        the cases.
    standard_error : float
        Standard error of the value.
    """

    value: float
    standard_error: float


@metric_on_points()
def kernel_distance(points, rng, *, max_rows=5_000):
    """Unbiased squared maximum mean discrepancy with a cubic kernel, and its standard error.

    Returns
    -------
    KernelDistance
        ``value`` in (-inf, inf), lower is better, with expectation 0 where the distributions are equal;
        ``standard_error`` in [0, inf).

    Raises
    ------
    ValueError, TypeError
        Fewer than four rows, features that are too large, or rows that cannot be read.

    Notes
    -----
    With the kernel :math:`k(x, y) = (x^T y / d + 1)^3` of d features, the value is

    .. math:: \\frac{1}{m(m-1)} \\sum_{i \\ne j} k(x_i, x_j) + \\frac{1}{n(n-1)} \\sum_{i \\ne j} k(y_i, y_j)
        - \\frac{2}{mn} \\sum_{i, j} k(x_i, y_j),

    over all pairs, not over subsets of them. By Hoeffding's decomposition its variance is

    .. math:: \\frac{4 V_x}{m} + \\frac{4 V_y}{n} + \\frac{2 E_{xx}}{m(m-1)} + \\frac{2 E_{yy}}{n(n-1)}
        + \\frac{4 E_{xy}}{mn},

    with the variance V of :math:`E k(x, x') - E k(x, y)` over one sample, and the mean square E of the doubly centred
    kernel. Both have unbiased estimates, but a negative estimate of V is replaced by 0. The standard error is therefore
    somewhat too large where the distributions are equal (V is 0 there), and about right elsewhere. The kernel has no
    scale parameter: features should be of the order of 1.

    References
    ----------
    M. Bińkowski, D. J. Sutherland, M. Arbel and A. Gretton (2018). Demystifying MMD GANs. ICLR.

    D. J. Sutherland and N. Deka (2019). Unbiased estimators for the variance of MMD estimators. arXiv:1906.02104.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import kernel_distance
    >>> rng = np.random.default_rng(0)
    >>> real, same, other = rng.normal(size=(300, 4)), rng.normal(size=(300, 4)), rng.normal(1, size=(300, 4))
    >>> distance = kernel_distance(real, same)
    >>> abs(distance.value) < 2 * distance.standard_error
    True
    >>> distance = kernel_distance(real, other)
    >>> distance.value > 4 * distance.standard_error
    True
    """
    check_option("max_rows", max_rows, Whole(MIN_ROWS, (None,)))
    A, B = _checked(points.sampled(max_rows, rng), min_rows=MIN_ROWS)
    m, n = len(A), len(B)
    within_a, _, square_a = _kernel_moments(A, A)
    within_b, _, square_b = _kernel_moments(B, B)
    a_to_b, b_to_a, square = _kernel_moments(A, B)
    value = within_a.mean() + within_b.mean() - 2 * a_to_b.mean()
    # The row means of the kernel are noisy, and the variance of this noise is subtracted.
    variance_a = np.var(within_a - a_to_b, ddof=1) - square_a / (m - 1) - square / n
    variance_b = np.var(within_b - b_to_a, ddof=1) - square_b / (n - 1) - square / m
    variance = (
        4 * max(variance_a, 0.0) / m
        + 4 * max(variance_b, 0.0) / n
        + 2 * square_a / (m * (m - 1))
        + 2 * square_b / (n * (n - 1))
        + 4 * square / (m * n)
    )
    return KernelDistance(float(value), float(np.sqrt(variance)))


def _kernel_moments(A, B):
    """Moments of the kernel between rows of A and rows of B; where B is A, between different rows only.

    Returns
    -------
    over_b : ndarray of shape (n_a,)
        Mean kernel of each row of A with the rows of B.
    over_a : ndarray of shape (n_b,)
        Mean kernel of each row of B with the rows of A.
    square : float
        Unbiased estimate of the mean square of the doubly centred kernel.
    """
    m, n, is_same = len(A), len(B), B is A
    over_b, over_a, squares = np.empty(m), np.zeros(n), 0.0
    for block in gen_batches(m, max(CELLS // n, 1)):
        kernel = _cubic(A[block], B)
        if is_same:
            rows = np.arange(len(kernel))
            kernel[rows, block.start + rows] = 0.0
        over_b[block] = kernel.sum(axis=1)
        over_a += kernel.sum(axis=0)
        squares += np.vdot(kernel, kernel)
    total = over_b.sum()
    if is_same:  # centred as unbiased distance covariances are (Székely and Rizzo 2014)
        squares += -2 * over_b @ over_b / (m - 2) + total**2 / ((m - 1) * (m - 2))
        return over_b / (m - 1), over_a / (m - 1), max(squares, 0.0) / (m * (m - 3))
    squares += -over_b @ over_b / n - over_a @ over_a / m + total**2 / (m * n)
    return over_b / n, over_a / m, max(squares, 0.0) / ((m - 1) * (n - 1))


def _cubic(A, B):
    """``(x.y / d + 1)^3 - 1``, shape (n_a, n_b); without the constant, which cancels, there is less rounding."""
    u = A @ B.T
    u /= A.shape[1]
    # u (u (u + 3) + 3), in place: memory limits the speed.
    kernel = u + 3
    kernel *= u
    kernel += 3
    kernel *= u
    return kernel
