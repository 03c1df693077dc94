"""Fidelity, diversity and novelty by how typical rows are: alpha-precision, beta-recall and authenticity."""

from typing import NamedTuple

import numpy as np

from ._neighbors import exceeds, nearest, nearest_others, norms
from ._on_points import metric_on_points

# The shares alpha, or beta, of rows that the curves are computed at.
SHARES = np.linspace(0, 1, 30)


class AlphaScores(NamedTuple):
    """The result of `alpha_scores`."""

    alpha_precision: float
    beta_recall: float
    authenticity: float
    n_real: int
    n_synthetic: int


@metric_on_points()
def alpha_precision(points, rng, *, max_rows=None):
    """How closely the typicality of synthetic rows follows that of real rows.

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

    over 30 values of :math:`\\alpha`, evenly from 0 to 1.
    This is the paper's integral without a learned embedding, which other packages call "naive". Published results for
    tables scale numbers by their minimum and maximum and encode categories one-hot: ``features="minmax"`` is closest to
    that, except that two rows that differ in one category are 1 apart here and sqrt(2) apart there.
    The measure looks only at distances from one centre. Rows that are wrong in other ways, at the right distances from
    the centre, are not noticed. Where many real rows are equally far from the centre (tables of few categories), even a
    copy scores below 1.

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
    >>> alpha_precision(X_real, 0.1 * X_synthetic) < 0.2  # all of them are too typical
    True
    """
    real, synthetic = _compared(points, rng, max_rows)
    return _alpha_precision(real, synthetic)


@metric_on_points()
def beta_recall(points, rng, *, max_rows=None):
    """How well synthetic rows reach all real rows, typical and unusual ones.

    Returns
    -------
    float
        In [0, 1]; higher is better. As many fresh real rows score about 0.5, and 1 is the score of a copy.

    Raises
    ------
    ValueError
        X_real has a single row.

    Notes
    -----
    A real row :math:`x_i` is reached if its nearest synthetic row :math:`y_i` is no farther away than its nearest
    other real row, at the distance :math:`d_i`. With the mean c of the synthetic rows, and the quantile
    :math:`r_\\beta` of :math:`|y_i - c|` over the N real rows i, beta-recall is

    .. math:: 1 - \\frac{\\sum_\\beta |R_\\beta - \\beta|}{\\sum_\\beta \\beta}, \\quad
        R_\\beta = \\frac{1}{N} \\sum_i [|x_i - y_i| \\le d_i][|y_i - c| \\le r_\\beta],

    over 30 values of :math:`\\beta`, evenly from 0 to 1.
    The quantiles are those of the authors' program, which computed the published results: they are taken over the
    nearest synthetic row of each real row, not over all synthetic rows. A real row at equal distances counts as
    reached. Beta-recall rises with the number of synthetic rows, so compare only equal numbers of rows. The notes of
    `alpha_precision` say which scale published results use.

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
    real, synthetic = _compared(points, rng, max_rows)
    return _beta_recall(real, synthetic, _distances_to_others(real))


@metric_on_points()
def authenticity(points, rng, *, max_rows=None):
    """Share of synthetic rows that are not near copies of a real row.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), stack of images, Table or Points
        The rows that the sampler was fitted on, at least two. `Points` hold the synthetic rows too.
    max_rows : int or None, default=None
        At most this many synthetic rows are examined, drawn at random; None examines all. They are always compared with
        all real rows.

    Returns
    -------
    float
        In [0, 1]; 0 means that all rows are copies. Compare with held-out rows, where lower than these is worse: they
        score 1/3 for one column, about 0.4 for two or three, 0.5 for seven and 0.7 for twenty (normal columns). Rows
        unlike all real rows score 1, so read it beside a measure of fidelity.

    Raises
    ------
    ValueError
        X_real has a single row.

    Notes
    -----
    With the real row :math:`x_j` nearest to the synthetic row :math:`y_j`, and the distance :math:`d_j` from that real
    row to the nearest other real row, authenticity is

    .. math:: \\frac{1}{M} \\sum_j [|y_j - x_j| > d_j].

    Rows at equal distances are not authentic. This is the paper's equation; some packages take for each real row its
    nearest synthetic row instead, which gives other values.

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
    real, synthetic = _compared(points, rng, max_rows, sides=("synthetic",))
    _check_has_others(real)
    to_real, positions = (found[:, 0] for found in nearest(synthetic, real))
    found, place = np.unique(positions, return_inverse=True)
    # The nearest of the two is the row itself or an equal row.
    to_other = nearest(real[found], real, 2)[0][:, 1]
    return float(exceeds(to_real, to_other[place]).mean())


@metric_on_points()
def alpha_scores(points, rng, *, max_rows=None):
    """Alpha-precision, beta-recall and authenticity at once.

    Returns
    -------
    AlphaScores
        ``alpha_precision`` (1 is ideal), ``beta_recall`` (about 0.5 for fresh real rows, 1 for copies),
        ``authenticity`` (0 for copies), and ``n_real`` and ``n_synthetic``, the numbers of rows that were compared.

    Raises
    ------
    ValueError
        X_real has a single row.

    See Also
    --------
    alpha_precision, beta_recall, authenticity : Each with its equation.

    Notes
    -----
    ``features="minmax"`` is closest to published results.

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
    real, synthetic = _compared(points, rng, max_rows)
    to_others = _distances_to_others(real)
    return AlphaScores(
        alpha_precision=_alpha_precision(real, synthetic),
        beta_recall=_beta_recall(real, synthetic, to_others),
        authenticity=_authenticity(real, synthetic, to_others),
        n_real=len(real),
        n_synthetic=len(synthetic),
    )


def _compared(points, rng, max_rows, sides=("real", "synthetic")):
    """Real and synthetic rows that are compared."""
    points, _ = points.sampled(max_rows, rng, sides).centred()
    return points.real, points.synthetic


def _distances_to_others(real):
    """Distance (n_real,) from each real row to the nearest other one."""
    _check_has_others(real)
    distances, _ = nearest_others(real)
    return distances[:, 0]


def _check_has_others(real):
    if len(real) < 2:
        raise ValueError("X_real has a single row, which has no nearest other row; pass two rows or more.")


def _alpha_precision(real, synthetic):
    center = real.mean(axis=0)
    radii = np.quantile(norms(real - center), SHARES)
    return _agreement(np.ones(len(synthetic), dtype=bool), norms(synthetic - center), radii)


def _beta_recall(real, synthetic, to_others):
    distances, positions = (found[:, 0] for found in nearest(real, synthetic))
    to_center = norms(synthetic - synthetic.mean(axis=0))[positions]
    return _agreement(~exceeds(distances, to_others), to_center, np.quantile(to_center, SHARES))


def _authenticity(real, synthetic, to_others):
    distances, positions = (found[:, 0] for found in nearest(synthetic, real))
    return float(exceeds(distances, to_others[positions]).mean())


def _agreement(counts, distances, radii):
    """1 minus the area between the diagonal and the curve of shares of rows that count and lie within each radius."""
    curve = np.array([(counts & (distances <= radius)).mean() for radius in radii])
    return float(1 - np.abs(curve - SHARES).sum() / SHARES.sum())
