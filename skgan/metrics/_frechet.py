"""Distances between the distributions of features: of their normal approximations, and of a cubic kernel's means."""

from typing import NamedTuple

import numpy as np
from sklearn.utils import gen_batches

from skgan._validation import Whole, check_option

from ._extract import extract
from ._read import generator_of, some_rows

# Kernels of pairs of rows that are held at a time: 16 MB.
CELLS = 2_000_000
# Fewer rows have no unbiased variance of the kernel distance.
MIN_ROWS = 4
# The square of a cubic kernel takes the twelfth power of what is beyond.
LARGEST = 1e20


def frechet_distance(
    X_real,
    X_synthetic,
    *,
    features="auto",
    y_real=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """Squared Fréchet distance between normal distributions fitted to the features.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), stack of images or Table
    X_synthetic : the same, n_synthetic rows
    features : {"auto", "raw", "ranks", "minmax", "standard", "pca", "random", "classifier"} or callable, \
            default="auto"
        What is compared. "auto" takes a numeric array as it is ("raw"), frames as "ranks", stacks of images by
        "random" networks. A callable maps X to an array of shape (n, n_features).
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0
        For features="pca", "random" and "classifier".

    Returns
    -------
    float
        In [0, inf); lower is better.

    Raises
    ------
    ValueError, TypeError
        Fewer than two rows, or X that cannot be read.

    See Also
    --------
    kernel_distance : Without bias.
    InceptionFeatures : With these as `features`, this is the Fréchet inception distance (FID).

    Notes
    -----
    With means :math:`\\mu` and covariances :math:`\\Sigma` (over n - 1) of the features,

    .. math:: |\\mu_r - \\mu_s|^2 + \\mathrm{tr}(\\Sigma_r + \\Sigma_s - 2 (\\Sigma_r \\Sigma_s)^{1/2}).

    The last trace is the sum of the singular values of :math:`A_r A_s^T` where :math:`\\Sigma = A^T A`, which is never
    negative nor complex, whatever the rank. Only means and covariances are compared: 0 does not mean equal
    distributions.

    The estimate is too high for few rows, the more so the more features there are: compare only distances of equally
    many rows, and set them beside the distance of real rows from other real rows. Features that are made by the real
    rows (all but "raw", some callables) make the distance depend on which sample is called real.

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
    A, B = _features(
        X_real,
        X_synthetic,
        least=2,
        features=features,
        y_real=y_real,
        categorical_features=categorical_features,
        random_state=random_state,
    )
    offset = A.mean(axis=0) - B.mean(axis=0)
    root_a, root_b = _covariance_root(A), _covariance_root(B)
    cross = np.linalg.svd(root_a @ root_b.T, compute_uv=False).sum()
    distance = offset @ offset + (root_a**2).sum() + (root_b**2).sum() - 2 * cross
    return max(float(distance), 0.0)


def _features(X_real, X_synthetic, *, least, **options):
    """Features of both in float64, checked."""
    matrices = extract(X_real, X_synthetic, **options)
    for matrix, name in zip(matrices, ("X_real", "X_synthetic")):
        if len(matrix) < least:
            raise ValueError(f"{name} must have at least {least} rows, got {len(matrix)}; pass more.")
        if np.abs(matrix).max() > LARGEST:
            raise ValueError(
                f"The features of {name} reach {np.abs(matrix).max():.1e}, and at most {LARGEST:.0e} can be computed "
                "with; choose features='ranks', or scale them down."
            )
    return [matrix.astype(np.float64) for matrix in matrices]


def _covariance_root(A):
    """A matrix (n_axes, n_features) whose Gram matrix is the covariance of the rows of A."""
    centred = (A - A.mean(axis=0)) / np.sqrt(len(A) - 1)
    if len(A) <= A.shape[1]:
        return centred
    variances, axes = np.linalg.eigh(centred.T @ centred)
    # The root would turn rounding, 1e-16 of the variance, into 1e-8 of it.
    variances[variances < len(variances) * np.finfo(np.float64).eps * variances[-1]] = 0.0
    return np.sqrt(variances)[:, None] * axes.T


class KernelDistance(NamedTuple):
    """A kernel distance and its standard error.

    Attributes
    ----------
    value : float
        Lower is better; about 0, and as often below as above, where both samples come from one distribution.
    standard_error : float
        Of the value, over samples of as many rows.
    """

    value: float
    standard_error: float


def kernel_distance(
    X_real,
    X_synthetic,
    *,
    features="auto",
    y_real=None,
    max_rows=5_000,
    categorical_features="from_dtype",
    random_state=0,
):
    """Squared maximum mean discrepancy of the features with a cubic kernel, unbiased, with its standard error.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), stack of images or Table
    X_synthetic : the same, n_synthetic rows
    features : {"auto", "raw", "ranks", "minmax", "standard", "pca", "random", "classifier"} or callable, \
            default="auto"
        What is compared, as in `frechet_distance`.
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    max_rows : int or None, default=5000
        Rows of each that are compared, drawn at random where there are more; None for all. The cost grows with their
        square.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    KernelDistance
        ``value`` in (-inf, inf), lower is better, with expectation 0 where the distributions are equal;
        ``standard_error`` in [0, inf).

    Raises
    ------
    ValueError, TypeError
        Fewer than four rows, or X that cannot be read.

    Notes
    -----
    With :math:`k(x, y) = (x^T y / d + 1)^3` of d features, the value is

    .. math:: \\frac{1}{m(m-1)} \\sum_{i \\ne j} k(x_i, x_j) + \\frac{1}{n(n-1)} \\sum_{i \\ne j} k(y_i, y_j)
        - \\frac{2}{mn} \\sum_{i, j} k(x_i, y_j),

    over all pairs, not over subsets of them. Its variance is that of Hoeffding's
    decomposition,

    .. math:: \\frac{4 V_x}{m} + \\frac{4 V_y}{n} + \\frac{2 E_{xx}}{m(m-1)} + \\frac{2 E_{yy}}{n(n-1)}
        + \\frac{4 E_{xy}}{mn},

    with the variance V of :math:`E k(x, x') - E k(x, y)` over one sample, and the mean square E of the doubly centred
    kernel. Both have unbiased estimates, but V is taken as 0 where its estimate is negative, so that the error is
    rather too large where the distributions are equal (V is 0 there), and about right elsewhere. The kernel has no
    scale of its own: features should be of the order of 1.

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
    rng = generator_of(random_state)
    A, B = _features(
        X_real,
        X_synthetic,
        least=MIN_ROWS,
        features=features,
        y_real=y_real,
        categorical_features=categorical_features,
        random_state=rng,
    )
    A, B = (matrix[some_rows(len(matrix), max_rows, rng)] for matrix in (A, B))
    m, n = len(A), len(B)
    among_a, _, square_a = _kernel_moments(A, A)
    among_b, _, square_b = _kernel_moments(B, B)
    a_to_b, b_to_a, square = _kernel_moments(A, B)
    value = among_a.mean() + among_b.mean() - 2 * a_to_b.mean()
    # The means that a witness is made of are noisy themselves, which adds to its variance.
    witness_a = np.var(among_a - a_to_b, ddof=1) - square_a / (m - 1) - square / n
    witness_b = np.var(among_b - b_to_a, ddof=1) - square_b / (n - 1) - square / m
    variance = (
        4 * max(witness_a, 0.0) / m
        + 4 * max(witness_b, 0.0) / n
        + 2 * square_a / (m * (m - 1))
        + 2 * square_b / (n * (n - 1))
        + 4 * square / (m * n)
    )
    return KernelDistance(float(value), float(np.sqrt(variance)))


def _kernel_moments(A, B):
    """Moments of the kernel between rows of A and of B; where B is A, between other rows only.

    Returns
    -------
    over_b : ndarray of shape (n_a,)
        Mean kernel of each row of A with rows of B.
    over_a : ndarray of shape (n_b,)
    square : float
        Mean square of the doubly centred kernel, without bias.
    """
    m, n, among = len(A), len(B), B is A
    over_b, over_a, squares = np.empty(m), np.zeros(n), 0.0
    for block in gen_batches(m, max(CELLS // n, 1)):
        kernel = _cubic(A[block], B)
        if among:
            rows = np.arange(len(kernel))
            kernel[rows, block.start + rows] = 0.0
        over_b[block] = kernel.sum(axis=1)
        over_a += kernel.sum(axis=0)
        squares += np.vdot(kernel, kernel)
    total = over_b.sum()
    if among:  # centred as unbiased distance covariances are (Székely and Rizzo 2014)
        squares += -2 * over_b @ over_b / (m - 2) + total**2 / ((m - 1) * (m - 2))
        return over_b / (m - 1), over_a / (m - 1), max(squares, 0.0) / (m * (m - 3))
    squares += -over_b @ over_b / n - over_a @ over_a / m + total**2 / (m * n)
    return over_b / n, over_a / m, max(squares, 0.0) / ((m - 1) * (n - 1))


def _cubic(A, B):
    """``(x.y / d + 1)^3 - 1``, shape (n_a, n_b); the constant is no matter, but for rounding."""
    u = A @ B.T
    u /= A.shape[1]
    # u (u (u + 3) + 3), in place: this is bound by memory.
    kernel = u + 3
    kernel *= u
    kernel += 3
    kernel *= u
    return kernel
