"""Fidelity, diversity and novelty by typical rows: alpha-precision, beta-recall and authenticity."""

from typing import NamedTuple

import numpy as np

from ._neighbors import exceeds, length, nearest, nearest_others, sampled_points

LEVELS = np.linspace(0, 1, 30)


class AlphaScores(NamedTuple):
    """What `alpha_scores` returns."""

    alpha_precision: float
    beta_recall: float
    authenticity: float
    n_real: int
    n_synthetic: int


def alpha_precision(
    X_real,
    X_synthetic,
    *,
    features="auto",
    y_real=None,
    max_rows=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """How far synthetic rows are as typical as real rows are.

    Parameters
    ----------
    X_real, X_synthetic : array-like or frame of shape (n_rows, n_columns), or whatever `features` takes
    features : str or callable, default="auto"
        How rows become points: "raw", "ranks", "minmax", ... or a callable; "auto" takes a numeric array as it is and
        puts other tables on the scale of ranks.
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

    Notes
    -----
    With the mean c of the real rows x, and the quantile :math:`r_\\alpha` of :math:`|x - c|`, a share :math:`\\alpha`
    of the M synthetic rows y should be within :math:`r_\\alpha`:

    .. math:: 1 - \\frac{\\sum_\\alpha |P_\\alpha - \\alpha|}{\\sum_\\alpha \\alpha}, \\quad
        P_\\alpha = \\frac{1}{M} \\sum_j [|y_j - c| \\le r_\\alpha],

    over 30 levels :math:`\\alpha`, evenly from 0 to 1.
    This is the paper's integral without a learned embedding, what other packages call "naive". Published figures of
    tables put numbers on the scale of their extremes and levels on axes of their own: ``features="minmax"`` is
    nearest to that, save that two rows that differ in one level are 1 apart here and sqrt(2) apart there.
    It looks at distances from one centre only, so that much may be wrong at the same distances. Where many real rows
    are equally far from the centre (tables of few levels), even a copy scores below 1.

    References
    ----------
    A. M. Alaa et al. (2022). How faithful is your synthetic data? Sample-level metrics for evaluating and auditing
    generative models. ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import alpha_precision
    >>> rng = np.random.default_rng(0)
    >>> X_real, X_synthetic = rng.normal(size=(500, 2)), rng.normal(size=(500, 2))
    >>> alpha_precision(X_real, X_synthetic) > 0.9
    True
    >>> alpha_precision(X_real, 0.1 * X_synthetic) < 0.2  # all too typical
    True
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
    return _alpha_precision(real, synthetic)


def beta_recall(
    X_real,
    X_synthetic,
    *,
    features="auto",
    y_real=None,
    max_rows=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """How far synthetic rows reach all that real rows are.

    Parameters
    ----------
    X_real, X_synthetic : array-like or frame of shape (n_rows, n_columns), or whatever `features` takes
        At least two real rows.
    features : str or callable, default="auto"
        How rows become points, as in `alpha_precision`.
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
        In [0, 1]; higher is better, but 1 is a copy: as many fresh rows of the real distribution score about 0.5.

    Raises
    ------
    ValueError
        Where X_real has a single row.

    Notes
    -----
    A real row :math:`x_i` is reached by its nearest synthetic row :math:`y_i` if that is no farther than the nearest
    other real row, at the distance :math:`d_i`. With the mean c of the synthetic rows, and the quantile
    :math:`r_\\beta` of :math:`|y_i - c|` over the N real rows i,

    .. math:: 1 - \\frac{\\sum_\\beta |R_\\beta - \\beta|}{\\sum_\\beta \\beta}, \\quad
        R_\\beta = \\frac{1}{N} \\sum_i [|x_i - y_i| \\le d_i][|y_i - c| \\le r_\\beta],

    over 30 levels :math:`\\beta`, evenly from 0 to 1.
    The quantiles are those of the authors' program, from which published figures come: over the nearest synthetic row
    of each real row, rather than over all synthetic rows. Ties count as reached. The more synthetic rows, the higher
    it is, so compare equal numbers. As for the scale of published figures, see `alpha_precision`.

    References
    ----------
    A. M. Alaa et al. (2022). How faithful is your synthetic data? Sample-level metrics for evaluating and auditing
    generative models. ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import beta_recall
    >>> rng = np.random.default_rng(0)
    >>> X_real, X_synthetic = rng.normal(size=(500, 2)), rng.normal(size=(500, 2))
    >>> 0.4 < beta_recall(X_real, X_synthetic) < 0.6
    True
    >>> beta_recall(X_real, 0.1 * X_synthetic) < 0.1
    True
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
    return _beta_recall(real, synthetic, _own_distances(real))


def authenticity(
    X_real,
    X_synthetic,
    *,
    features="auto",
    y_real=None,
    max_rows=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """Share of synthetic rows that are no near copy of a real row.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), or whatever `features` takes
        The rows that the sampler was fitted on, at least two.
    X_synthetic : the same, of any number of rows
    features : str or callable, default="auto"
        How rows become points, as in `alpha_precision`.
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    max_rows : int or None, default=None
        Synthetic rows to ask, a seeded sample; None asks all. No training row is left out.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    float
        In [0, 1]; 0 is a copy, and lower than that of held-out rows is worse. Those score 1/3 of one column, about 0.4
        of two or three, 0.5 of seven and 0.7 of twenty (normal columns). Rows unlike all real rows score 1, so read it
        beside a measure of fidelity.

    Raises
    ------
    ValueError
        Where X_real has a single row.

    Notes
    -----
    With the real row :math:`x_j` nearest to the synthetic row :math:`y_j`, and the distance :math:`d_j` from that row
    to the nearest other real row,

    .. math:: \\frac{1}{M} \\sum_j [|y_j - x_j| > d_j].

    Ties are not authentic. This is the paper's equation; some packages take for each real row its nearest synthetic
    row instead, and give other numbers.

    References
    ----------
    A. M. Alaa et al. (2022). How faithful is your synthetic data? Sample-level metrics for evaluating and auditing
    generative models. ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import authenticity
    >>> rng = np.random.default_rng(0)
    >>> X_real = rng.normal(size=(500, 2))
    >>> authenticity(X_real, X_real)
    0.0
    >>> 0.3 < authenticity(X_real, rng.normal(size=(500, 2))) < 0.5
    True
    """
    (real, synthetic), _ = sampled_points(
        X_real,
        X_synthetic,
        features=features,
        y_real=y_real,
        max_rows=max_rows,
        sample_real=False,
        categorical_features=categorical_features,
        random_state=random_state,
    )
    _check_others(real)
    to_real, positions = (found[:, 0] for found in nearest(synthetic, real))
    asked, place = np.unique(positions, return_inverse=True)
    # Among the two nearest, one is the row itself or its equal.
    own = nearest(real[asked], real, 2)[0][:, 1]
    return float(exceeds(to_real, own[place]).mean())


def alpha_scores(
    X_real,
    X_synthetic,
    *,
    features="auto",
    y_real=None,
    max_rows=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """Alpha-precision, beta-recall and authenticity at once.

    Parameters
    ----------
    X_real, X_synthetic : array-like or frame of shape (n_rows, n_columns), or whatever `features` takes
        At least two real rows.
    features : str or callable, default="auto"
        How rows become points, as in `alpha_precision`; "minmax" is nearest to published figures.
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    max_rows : int or None, default=None
        Rows of either to look at, a seeded sample; None looks at all.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    AlphaScores
        ``alpha_precision`` (1 is ideal), ``beta_recall`` (about 0.5 for fresh rows, 1 for copies), ``authenticity``
        (0 for copies), and ``n_real`` and ``n_synthetic``, the rows that were looked at.

    Raises
    ------
    ValueError
        Where X_real has a single row.

    See Also
    --------
    alpha_precision, beta_recall, authenticity : Each with its equation.

    References
    ----------
    A. M. Alaa et al. (2022). How faithful is your synthetic data? Sample-level metrics for evaluating and auditing
    generative models. ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import alpha_scores
    >>> X_real = np.random.default_rng(0).normal(size=(500, 2))
    >>> scores = alpha_scores(X_real, X_real)
    >>> round(scores.alpha_precision, 2), round(scores.beta_recall, 2), scores.authenticity
    (1.0, 1.0, 0.0)
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
    own = _own_distances(real)
    return AlphaScores(
        alpha_precision=_alpha_precision(real, synthetic),
        beta_recall=_beta_recall(real, synthetic, own),
        authenticity=_authenticity(real, synthetic, own),
        n_real=len(real),
        n_synthetic=len(synthetic),
    )


def _own_distances(real):
    """Distance (n_real,) from each real row to the nearest other."""
    _check_others(real)
    distances, _ = nearest_others(real)
    return distances[:, 0]


def _check_others(real):
    if len(real) < 2:
        raise ValueError("X_real has a single row, which has no nearest other row; pass two rows or more.")


def _alpha_precision(real, synthetic):
    center = real.mean(axis=0)
    radii = np.quantile(length(real - center), LEVELS)
    return _agreement(np.ones(len(synthetic), dtype=bool), length(synthetic - center), radii)


def _beta_recall(real, synthetic, own):
    distances, positions = (found[:, 0] for found in nearest(real, synthetic))
    to_center = length(synthetic - synthetic.mean(axis=0))[positions]
    return _agreement(~exceeds(distances, own), to_center, np.quantile(to_center, LEVELS))


def _authenticity(real, synthetic, own):
    distances, positions = (found[:, 0] for found in nearest(synthetic, real))
    return float(exceeds(distances, own[positions]).mean())


def _agreement(counts, distances, radii):
    """1 less the area between the diagonal and the shares that count and lie within each radius."""
    curve = np.array([(counts & (distances <= radius)).mean() for radius in radii])
    return float(1 - np.abs(curve - LEVELS).sum() / LEVELS.sum())
