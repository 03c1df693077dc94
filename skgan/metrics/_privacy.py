"""Are synthetic rows closer to the training rows than to other real rows?"""

from typing import NamedTuple

import numpy as np

from ._neighbors import exceeds, nearest, nearest_distance
from ._on_points import metric_on_points

# The quantiles of distances that are compared: the median, and one where the closest rows are.
QUANTILES = (0.5, 0.05)


class DistanceRatios(NamedTuple):
    """The result of `distance_ratios`: ratios of medians, and with ``_low`` of 5th percentiles."""

    nearest_to_second: float
    nearest_to_second_low: float
    closest_record: float | None
    closest_record_low: float | None


@metric_on_points(holdout="required")
def nearest_record_share(points, rng, *, max_rows=None):
    """Share of synthetic rows that are closer to a training row than to any held-out row.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), stack of images, Table or Points
        The rows that the sampler was fitted on. `Points` hold the other rows too.
    max_rows : int or None, default=None
        At most this many synthetic rows are examined, drawn at random; None examines all. They are always compared with
        all training rows.

    Returns
    -------
    float
        In [0, 1]. 0.5 is ideal: training rows are no closer than other real rows. Copies score 1. The standard
        deviation by chance is about ``0.5 / sqrt(m)`` for m synthetic rows, and more where there are few held-out rows.

    Notes
    -----
    With the distances :math:`t_j` and :math:`h_j` from synthetic row j to its nearest training row and its nearest
    held-out row, and the share c of training rows among both, the value is

    .. math:: \\tfrac12 + \\tfrac12 \\frac{s - c}{1 - c}, \\quad
        s = \\frac{1}{m} \\sum_j [t_j < h_j] + c [t_j = h_j],

    and at least 0. With as many held-out as training rows, c is 0.5 and the value is s, where equal distances count
    half. With other numbers, the nearest row of a fresh real row is a training row with probability c, and that of a
    copy always is: the equation maps these two cases to 0.5 and to 1. Leaving out training rows instead would miss the
    copies of the rows left out.

    References
    ----------
    M. Platzer and T. Reutterer (2021). Holdout-based empirical assessment of mixed-type synthetic data. Frontiers in
    Big Data 4.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import nearest_record_share
    >>> rng = np.random.default_rng(0)
    >>> X_real, X_fresh, X_holdout = rng.normal(size=(3, 500, 2))
    >>> 0.4 < nearest_record_share(X_real, X_fresh, X_holdout) < 0.6
    True
    >>> nearest_record_share(X_real, X_real, X_holdout)
    1.0
    """
    points, _ = points.centred()
    synthetic = points.sampled(max_rows, rng, ("synthetic",)).synthetic
    to_train, to_holdout = nearest_distance(synthetic, points.real), nearest_distance(synthetic, points.holdout)
    by_chance = len(points.real) / (len(points.real) + len(points.holdout))
    is_tie = ~exceeds(to_train, to_holdout) & ~exceeds(to_holdout, to_train)
    share = np.mean(np.where(is_tie, by_chance, to_train < to_holdout))
    return max(float(0.5 + 0.5 * (share - by_chance) / (1 - by_chance)), 0.0)


@metric_on_points(holdout="optional")
def distance_ratios(points, rng, *, max_rows=None):
    """Distances to the nearest training row, relative to the second nearest and to those of held-out rows.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), stack of images, Table or Points
        The rows that the sampler was fitted on, at least two. `Points` hold the other rows too.
    X_holdout : the same, n_holdout rows, default=None
        Real rows that the sampler was not fitted on.
    max_rows : int or None, default=None
        At most this many synthetic and this many held-out rows are examined, drawn at random; None examines all. They
        are always compared with all training rows.

    Returns
    -------
    DistanceRatios
        ``nearest_to_second``, in [0, 1]: the median, over synthetic rows, of the distance to the nearest training row
        divided by the distance to the second nearest. It is near 0 where single training rows are copied.
        ``closest_record``, at least 0: the median distance of synthetic rows to the nearest training row, divided by
        the median distance of held-out rows to it. 1 is ideal; well below 1, synthetic rows are too close to training
        rows; well above 1, they are unlike the data. None without X_holdout. ``nearest_to_second_low`` and
        ``closest_record_low`` are the same with the 5th percentile in the place of the median.

    Raises
    ------
    ValueError
        X_real has a single row.

    Notes
    -----
    With the distances :math:`t_1 \\le t_2` of a row to its two nearest training rows, and Q the median or the 5th
    percentile over synthetic rows y or over held-out rows h, the ratios are

    .. math:: \\text{nearest to second} = Q_y(t_1 / t_2), \\quad \\text{closest record} = Q_y(t_1) / Q_h(t_1).

    0 / 0 is 1: a row that equals two training rows singles out neither, and copies among the synthetic rows are no
    fault where the held-out rows are copies too. The closest record is infinite where only held-out rows are copies.

    References
    ----------
    Z. Zhao et al. (2021). CTAB-GAN: effective table data synthesizing. ACML.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import distance_ratios
    >>> rng = np.random.default_rng(0)
    >>> X_real, X_fresh, X_holdout = rng.normal(size=(3, 500, 2))
    >>> 0.8 < distance_ratios(X_real, X_fresh, X_holdout).closest_record < 1.2
    True
    >>> distance_ratios(X_real, X_real)
    DistanceRatios(nearest_to_second=0.0, nearest_to_second_low=0.0, closest_record=None, closest_record_low=None)
    """
    points, _ = points.centred()
    train = points.real
    if len(train) < 2:
        raise ValueError("X_real has a single row, which has no second nearest row; pass two rows or more.")
    has_holdout = points.holdout is not None
    points = points.sampled(max_rows, rng, ("synthetic", "holdout") if has_holdout else ("synthetic",))
    distances, _ = nearest(points.synthetic, train, 2)
    to_second = np.quantile(_quotient(distances[:, 0], distances[:, 1]), QUANTILES).tolist()
    if not has_holdout:
        return DistanceRatios(*to_second, None, None)
    synthetic, holdout = (np.quantile(d, QUANTILES) for d in (distances[:, 0], nearest_distance(points.holdout, train)))
    return DistanceRatios(*to_second, *_quotient(synthetic, holdout).tolist())


@metric_on_points(holdout="required")
def near_copies(points, rng, *, quantile=0.01, max_rows=None):
    """Share of synthetic rows that are as close to a training row as very few held-out rows are.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), stack of images, Table or Points
        The rows that the sampler was fitted on. `Points` hold the other rows too.
    quantile : float, default=0.01
        The share of held-out rows that are at least as close.
    max_rows : int or None, default=None
        At most this many synthetic and this many held-out rows are examined, drawn at random; None examines all. They
        are always compared with all training rows.

    Returns
    -------
    float
        In [0, 1]; lower is better. Fresh real rows score about `quantile` (or the share of held-out rows that equal a
        training row, where that is larger), and copies score 1.

    Raises
    ------
    ValueError
        `quantile` is not between 0 and 1.

    Notes
    -----
    With the distance t of a row to its nearest training row, its quantile :math:`Q_h(t)` over held-out rows, and m
    synthetic rows y, the value is

    .. math:: \\frac{1}{m} \\sum_j [t(y_j) \\le Q_h(t)].

    References
    ----------
    M. Platzer and T. Reutterer (2021). Holdout-based empirical assessment of mixed-type synthetic data. Frontiers in
    Big Data 4.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import near_copies
    >>> rng = np.random.default_rng(0)
    >>> X_real, X_fresh, X_holdout = rng.normal(size=(3, 500, 2))
    >>> near_copies(X_real, X_fresh, X_holdout) < 0.05
    True
    >>> near_copies(X_real, X_real + 1e-6, X_holdout)
    1.0
    """
    if not 0 < quantile < 1:
        raise ValueError(f"quantile={quantile!r} is not allowed; quantile must lie between 0 and 1.")
    points, _ = points.centred()
    points = points.sampled(max_rows, rng, ("synthetic", "holdout"))
    synthetic, holdout = (nearest_distance(rows, points.real) for rows in (points.synthetic, points.holdout))
    return float(np.mean(~exceeds(synthetic, np.quantile(holdout, quantile))))


def _quotient(a, b):
    """a / b, where 0 / 0 is 1 and anything else / 0 is infinity."""
    is_zero = b == 0
    return np.where(is_zero, np.where(a == 0, 1.0, np.inf), a / np.where(is_zero, 1.0, b))
