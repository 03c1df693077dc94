"""Fidelity and diversity by balls that reach to the k-th neighbour: precision, recall, density and coverage."""

from typing import NamedTuple

from ._neighbors import balls, check_n_neighbors, nearest_others
from ._on_points import metric_on_points


class Manifold(NamedTuple):
    """The result of `manifold_scores`."""

    precision: float
    recall: float
    density: float
    coverage: float
    n_real: int
    n_synthetic: int


@metric_on_points()
def precision(points, rng, *, n_neighbors=5, max_rows=None):
    """Share of synthetic rows that lie in the neighbourhood of a real row.

    Parameters
    ----------
    n_neighbors : int, default=5
        The ball around a real row reaches to its k-th nearest other real row, where k is this number.

    Returns
    -------
    float
        In [0, 1]; higher is better, and 1 is ideal.

    Raises
    ------
    ValueError
        X_real has no more than `n_neighbors` rows.

    See Also
    --------
    manifold_scores : Precision, recall, density and coverage at once.

    Notes
    -----
    With real rows x, M synthetic rows y, and the ball B(x) of all points that are nearer to x than its k-th nearest
    other real row, precision is

    .. math:: \\frac{1}{M} \\sum_j [\\exists i: y_j \\in B(x_i)].

    It is not symmetric: ``precision(A, B) == recall(B, A)`` on raw features. It depends on k and on the number of rows.
    Fresh real rows score below 1 too, so compare with the precision of as many of these.
    Balls are open, as in the package of Naeem et al., but a row is always inside its own ball. Otherwise a table of few
    categories, where a row has k or more equal rows, would have balls of radius 0 that contain nothing.

    References
    ----------
    T. Kynkäänniemi et al. (2019). Improved precision and recall metric for assessing generative models. NeurIPS.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import precision, recall
    >>> rng = np.random.default_rng(0)
    >>> X_real, X_synthetic = rng.normal(size=(500, 2)), rng.normal(size=(500, 2))
    >>> precision(X_real, X_synthetic) > 0.9
    True
    >>> X_synthetic[:, 0] = np.abs(X_synthetic[:, 0])  # one half of the distribution is missing
    >>> precision(X_real, X_synthetic) > 0.9, recall(X_real, X_synthetic) < 0.7
    (True, True)
    """
    real, synthetic = _compared(points, rng, max_rows)
    check_n_neighbors(n_neighbors, X_real=len(real) - 1)
    return _precision(*_balls_to_neighbors(real, n_neighbors, synthetic))


@metric_on_points()
def recall(points, rng, *, n_neighbors=5, max_rows=None):
    """Share of real rows that lie in the neighbourhood of a synthetic row.

    Parameters
    ----------
    n_neighbors : int, default=5
        The ball around a synthetic row reaches to its k-th nearest other synthetic row, where k is this number.

    Returns
    -------
    float
        In [0, 1]; higher is better, and 1 is ideal.

    Raises
    ------
    ValueError
        X_synthetic has no more than `n_neighbors` rows.

    See Also
    --------
    coverage : A similar measure with balls around real rows, which synthetic outliers cannot enlarge.

    Notes
    -----
    With N real rows x, synthetic rows y, and the ball B(y) of all points that are nearer to y than its k-th nearest
    other synthetic row, recall is

    .. math:: \\frac{1}{N} \\sum_i [\\exists j: x_i \\in B(y_j)].

    A few synthetic rows that are far from all others have large balls, and raise recall without good reason.

    References
    ----------
    T. Kynkäänniemi et al. (2019). Improved precision and recall metric for assessing generative models. NeurIPS.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import recall
    >>> rng = np.random.default_rng(0)
    >>> X_real = rng.normal(size=(500, 2))
    >>> recall(X_real, X_real), recall(X_real, X_real + 100)
    (1.0, 0.0)
    """
    real, synthetic = _compared(points, rng, max_rows)
    check_n_neighbors(n_neighbors, X_synthetic=len(synthetic) - 1)
    return _precision(*_balls_to_neighbors(synthetic, n_neighbors, real))


@metric_on_points()
def density(points, rng, *, n_neighbors=5, max_rows=None):
    """How densely real rows lie around synthetic rows.

    Parameters
    ----------
    n_neighbors : int, default=5
        The ball around a real row reaches to its k-th nearest other real row, where k is this number.

    Returns
    -------
    float
        At least 0, and about 1 for rows of the real distribution. A lower value is worse. A value well above 1 means
        that synthetic rows crowd the middle of the distribution, where many balls overlap.

    Raises
    ------
    ValueError
        X_real has no more than `n_neighbors` rows.

    Notes
    -----
    With real rows x, M synthetic rows y, and the ball B(x) of all points that are nearer to x than its k-th nearest
    other real row, density is

    .. math:: \\frac{1}{k M} \\sum_j \\sum_i [y_j \\in B(x_i)].

    A real outlier has a large ball, but counts as only one ball of k; in precision, that ball alone would suffice.
    Where distances are equal, as in tables of categories, even a copy of the real rows may differ from 1, and it far
    exceeds 1 where a row has k or more equal rows.

    References
    ----------
    M. F. Naeem et al. (2020). Reliable fidelity and diversity metrics for generative models. ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import density
    >>> X_real = np.random.default_rng(0).normal(size=(500, 2))
    >>> density(X_real, X_real), density(X_real, X_real + 100)
    (1.0, 0.0)
    """
    real, synthetic = _compared(points, rng, max_rows)
    check_n_neighbors(n_neighbors, X_real=len(real) - 1)
    return _density(*_balls_to_neighbors(real, n_neighbors, synthetic), n_neighbors)


@metric_on_points()
def coverage(points, rng, *, n_neighbors=5, max_rows=None):
    """Share of real rows with a synthetic row in their neighbourhood.

    Parameters
    ----------
    n_neighbors : int, default=5
        The ball around a real row reaches to its k-th nearest other real row, where k is this number.

    Returns
    -------
    float
        In [0, 1]; higher is better.

    Raises
    ------
    ValueError
        X_real has no more than `n_neighbors` rows.

    Notes
    -----
    With N real rows x, synthetic rows y, and the ball B(x) of all points that are nearer to x than its k-th nearest
    other real row, coverage is

    .. math:: \\frac{1}{N} \\sum_i [\\exists j: y_j \\in B(x_i)].

    As many fresh real rows have an expected coverage of ``1 - 2**-k`` (0.97 for k = 5). Coverage rises with the number
    of synthetic rows.

    References
    ----------
    M. F. Naeem et al. (2020). Reliable fidelity and diversity metrics for generative models. ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import coverage
    >>> X_real = np.random.default_rng(0).normal(size=(500, 2))
    >>> coverage(X_real, X_real), coverage(X_real, X_real + 100)
    (1.0, 0.0)
    """
    real, synthetic = _compared(points, rng, max_rows)
    check_n_neighbors(n_neighbors, X_real=len(real) - 1)
    return _coverage(*_balls_to_neighbors(real, n_neighbors, synthetic))


@metric_on_points()
def manifold_scores(points, rng, *, n_neighbors=5, max_rows=None):
    """Precision, recall, density and coverage, computed from the same neighbourhoods.

    Parameters
    ----------
    n_neighbors : int, default=5
        The ball around a row reaches to its k-th nearest other row of the same kind, where k is this number.

    Returns
    -------
    Manifold
        ``precision``, ``recall``, ``density`` and ``coverage`` (higher is better; about 1 is ideal), and ``n_real`` and
        ``n_synthetic``, the numbers of rows that were compared.

    Raises
    ------
    ValueError
        X_real or X_synthetic has no more than `n_neighbors` rows.

    See Also
    --------
    precision, recall, density, coverage : Each with its equation.

    Notes
    -----
    Precision and density measure fidelity, recall and coverage measure diversity. The values are those of the package
    prdc, except that a row is inside its own ball even where the radius is 0. Memory grows with the number of rows, not
    with the number of pairs: 50,000 real and 50,000 synthetic rows of 20 columns take well under 1 GB.

    References
    ----------
    T. Kynkäänniemi et al. (2019). Improved precision and recall metric for assessing generative models. NeurIPS.

    M. F. Naeem et al. (2020). Reliable fidelity and diversity metrics for generative models. ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import manifold_scores
    >>> X_real = np.random.default_rng(0).normal(size=(500, 2))
    >>> manifold_scores(X_real, X_real)
    Manifold(precision=1.0, recall=1.0, density=1.0, coverage=1.0, n_real=500, n_synthetic=500)
    """
    real, synthetic = _compared(points, rng, max_rows)
    check_n_neighbors(n_neighbors, X_real=len(real) - 1, X_synthetic=len(synthetic) - 1)
    around_real = _balls_to_neighbors(real, n_neighbors, synthetic)
    return Manifold(
        precision=_precision(*around_real),
        recall=_precision(*_balls_to_neighbors(synthetic, n_neighbors, real)),
        density=_density(*around_real, n_neighbors),
        coverage=_coverage(*around_real),
        n_real=len(real),
        n_synthetic=len(synthetic),
    )


def _compared(points, rng, max_rows):
    """Real and synthetic rows that are compared."""
    points, _ = points.sampled(max_rows, rng).centred()
    return points.real, points.synthetic


def _balls_to_neighbors(rows, k, points):
    """The result of `balls` for the balls that reach from each row to its k-th nearest other row."""
    distances, _ = nearest_others(rows, k)
    return balls(rows, distances[:, -1], points)


def _precision(_is_occupied, n_balls):
    return float((n_balls > 0).mean())


def _density(_is_occupied, n_balls, k):
    return float(n_balls.mean() / k)


def _coverage(is_occupied, _n_balls):
    return float(is_occupied.mean())
