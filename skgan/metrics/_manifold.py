"""Fidelity and diversity by balls that reach to the k-th neighbour: precision, recall, density and coverage."""

from typing import NamedTuple

from ._neighbors import balls, check_n_neighbors, nearest_others, sampled_points


class Manifold(NamedTuple):
    """What `manifold_scores` returns."""

    precision: float
    recall: float
    density: float
    coverage: float
    n_real: int
    n_synthetic: int


def precision(
    X_real,
    X_synthetic,
    *,
    n_neighbors=5,
    features="auto",
    y_real=None,
    max_rows=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """Share of synthetic rows that lie where real rows lie.

    Parameters
    ----------
    X_real, X_synthetic : array-like or frame of shape (n_rows, n_columns), or whatever `features` takes
    n_neighbors : int, default=5
        The ball around a real row reaches to its neighbour of this number, itself not counted.
    features : str or callable, default="auto"
        How rows become points: "raw", "ranks", "minmax", ... or a callable; "auto" takes a numeric array as it is and
        puts other tables on the scale of ranks.
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    max_rows : int or None, default=None
        Rows of either to look at, a seeded sample; None looks at all. Time grows with the product of the rows.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    float
        In [0, 1]; higher is better, and 1 is ideal.

    Raises
    ------
    ValueError
        Where X_real has no more than `n_neighbors` rows.

    See Also
    --------
    manifold_scores : This, recall, density and coverage at once.

    Notes
    -----
    With real rows x, M synthetic rows y, and the ball B(x) of what is nearer to x than its k-th nearest other real row,

    .. math:: \\frac{1}{M} \\sum_j [\\exists i: y_j \\in B(x_i)].

    Not symmetric: ``precision(A, B) == recall(B, A)`` on raw features. It depends on k and on the number of rows, and
    rows of the real distribution score below 1, so compare with real rows of that number.
    Balls are open, as in the package of Naeem et al., but a row is always inside its own: in a table of few levels,
    whose rows have k equals or more, balls of radius 0 would else hold nothing.

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
    >>> X_synthetic[:, 0] = np.abs(X_synthetic[:, 0])  # a half of it is lost
    >>> precision(X_real, X_synthetic) > 0.9, recall(X_real, X_synthetic) < 0.7
    (True, True)
    """
    (real, synthetic), _ = sampled_points(
        X_real,
        X_synthetic,
        features=features,
        y_real=y_real,
        max_rows=max_rows,
        categorical_features=categorical_features,
        random_state=random_state,
    )
    check_n_neighbors(n_neighbors, X_real=len(real) - 1)
    return _precision(*_around(real, n_neighbors, synthetic))


def recall(
    X_real,
    X_synthetic,
    *,
    n_neighbors=5,
    features="auto",
    y_real=None,
    max_rows=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """Share of real rows that lie where synthetic rows lie.

    Parameters
    ----------
    X_real, X_synthetic : array-like or frame of shape (n_rows, n_columns), or whatever `features` takes
    n_neighbors : int, default=5
        The ball around a synthetic row reaches to its neighbour of this number, itself not counted.
    features : str or callable, default="auto"
        How rows become points, as in `precision`.
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    max_rows : int or None, default=None
        Rows of either to look at, a seeded sample; None looks at all.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    float
        In [0, 1]; higher is better, and 1 is ideal.

    Raises
    ------
    ValueError
        Where X_synthetic has no more than `n_neighbors` rows.

    See Also
    --------
    coverage : The like with balls around real rows, which synthetic outliers cannot blow up.

    Notes
    -----
    With N real rows x, synthetic rows y, and the ball B(y) of what is nearer to y than its k-th nearest other synthetic
    row,

    .. math:: \\frac{1}{N} \\sum_i [\\exists j: x_i \\in B(y_j)].

    A few synthetic rows far from all others have large balls, and raise it undeservedly.

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
    (real, synthetic), _ = sampled_points(
        X_real,
        X_synthetic,
        features=features,
        y_real=y_real,
        max_rows=max_rows,
        categorical_features=categorical_features,
        random_state=random_state,
    )
    check_n_neighbors(n_neighbors, X_synthetic=len(synthetic) - 1)
    return _precision(*_around(synthetic, n_neighbors, real))


def density(
    X_real,
    X_synthetic,
    *,
    n_neighbors=5,
    features="auto",
    y_real=None,
    max_rows=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """How densely real rows lie around synthetic rows.

    Parameters
    ----------
    X_real, X_synthetic : array-like or frame of shape (n_rows, n_columns), or whatever `features` takes
    n_neighbors : int, default=5
        The ball around a real row reaches to its neighbour of this number, itself not counted.
    features : str or callable, default="auto"
        How rows become points, as in `precision`.
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    max_rows : int or None, default=None
        Rows of either to look at, a seeded sample; None looks at all.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    float
        From 0 up, and about 1 for rows of the real distribution. Below that is worse; well above it, synthetic rows
        crowd in the middle, where many balls overlap.

    Raises
    ------
    ValueError
        Where X_real has no more than `n_neighbors` rows.

    Notes
    -----
    With real rows x, M synthetic rows y, and the ball B(x) of what is nearer to x than its k-th nearest other real row,

    .. math:: \\frac{1}{k M} \\sum_j \\sum_i [y_j \\in B(x_i)].

    A real outlier has a large ball, but is one ball of k only: this is what sets it apart from precision. Where
    distances tie, as in tables of levels, even a copy may differ from 1, and far exceeds it where rows have k equals
    or more.

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
    (real, synthetic), _ = sampled_points(
        X_real,
        X_synthetic,
        features=features,
        y_real=y_real,
        max_rows=max_rows,
        categorical_features=categorical_features,
        random_state=random_state,
    )
    check_n_neighbors(n_neighbors, X_real=len(real) - 1)
    return _density(*_around(real, n_neighbors, synthetic), n_neighbors)


def coverage(
    X_real,
    X_synthetic,
    *,
    n_neighbors=5,
    features="auto",
    y_real=None,
    max_rows=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """Share of real rows with a synthetic row in their neighbourhood.

    Parameters
    ----------
    X_real, X_synthetic : array-like or frame of shape (n_rows, n_columns), or whatever `features` takes
    n_neighbors : int, default=5
        The ball around a real row reaches to its neighbour of this number, itself not counted.
    features : str or callable, default="auto"
        How rows become points, as in `precision`.
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    max_rows : int or None, default=None
        Rows of either to look at, a seeded sample; None looks at all.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    float
        In [0, 1]; higher is better.

    Raises
    ------
    ValueError
        Where X_real has no more than `n_neighbors` rows.

    Notes
    -----
    With N real rows x, synthetic rows y, and the ball B(x) of what is nearer to x than its k-th nearest other real row,

    .. math:: \\frac{1}{N} \\sum_i [\\exists j: y_j \\in B(x_i)].

    Of as many rows of the real distribution, ``1 - 2**-k`` is expected (0.97 for k = 5); the more synthetic rows, the
    higher it is.

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
    (real, synthetic), _ = sampled_points(
        X_real,
        X_synthetic,
        features=features,
        y_real=y_real,
        max_rows=max_rows,
        categorical_features=categorical_features,
        random_state=random_state,
    )
    check_n_neighbors(n_neighbors, X_real=len(real) - 1)
    return _coverage(*_around(real, n_neighbors, synthetic))


def manifold_scores(
    X_real,
    X_synthetic,
    *,
    n_neighbors=5,
    features="auto",
    y_real=None,
    max_rows=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """Precision, recall, density and coverage of the same neighbourhoods.

    Parameters
    ----------
    X_real, X_synthetic : array-like or frame of shape (n_rows, n_columns), or whatever `features` takes
    n_neighbors : int, default=5
        The ball around a row reaches to its neighbour of this number, itself not counted.
    features : str or callable, default="auto"
        How rows become points, as in `precision`.
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    max_rows : int or None, default=None
        Rows of either to look at, a seeded sample; None looks at all.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    Manifold
        ``precision``, ``recall``, ``density`` and ``coverage`` (higher is better; about 1 is ideal), and ``n_real`` and
        ``n_synthetic``, the rows that were looked at.

    Raises
    ------
    ValueError
        Where either has no more than `n_neighbors` rows.

    See Also
    --------
    precision, recall, density, coverage : Each with its equation.

    Notes
    -----
    Precision and density fall with fidelity, recall and coverage with diversity. The values are those of the package
    prdc, save that a row is inside its own ball even where the radius is 0. Memory grows with the rows, not with their
    product: 50,000 x 50,000 rows of 20 columns take well under 1 GB.

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
    (real, synthetic), _ = sampled_points(
        X_real,
        X_synthetic,
        features=features,
        y_real=y_real,
        max_rows=max_rows,
        categorical_features=categorical_features,
        random_state=random_state,
    )
    check_n_neighbors(n_neighbors, X_real=len(real) - 1, X_synthetic=len(synthetic) - 1)
    around_real = _around(real, n_neighbors, synthetic)
    return Manifold(
        precision=_precision(*around_real),
        recall=_precision(*_around(synthetic, n_neighbors, real)),
        density=_density(*around_real, n_neighbors),
        coverage=_coverage(*around_real),
        n_real=len(real),
        n_synthetic=len(synthetic),
    )


def _around(rows, k, points):
    """What `balls` says of those that reach from each row to its k-th nearest other."""
    distances, _ = nearest_others(rows, k)
    return balls(rows, distances[:, -1], points)


def _precision(_occupied, holders):
    return float((holders > 0).mean())


def _density(_occupied, holders, k):
    return float(holders.mean() / k)


def _coverage(occupied, _holders):
    return float(occupied.mean())
