"""Do synthetic rows lie nearer to the rows trained on than to any others?"""

from typing import NamedTuple

import numpy as np

from ._holdout import closest, given, points_of, some
from ._neighbors import exceeds, nearest
from ._read import generator_of

QUANTILES = (0.5, 0.05)


class DistanceRatios(NamedTuple):
    """What `distance_ratios` returns: medians, and ``_low`` at the 5th percentile."""

    nearest_to_second: float
    nearest_to_second_low: float
    closest_record: float | None
    closest_record_low: float | None


def nearest_record_share(
    X_real,
    X_synthetic,
    X_holdout,
    *,
    features="auto",
    y_real=None,
    max_rows=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """Share of synthetic rows that are nearer to a training row than to any of equally many held-out rows.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), or whatever `features` takes
        The rows that the sampler was fitted on.
    X_synthetic : the same, of any number of rows
    X_holdout : the same, of any number of rows
        Rows of the same origin that the sampler has not seen.
    features : str or callable, default="auto"
        How rows become points: "raw", "ranks", "minmax", ... or a callable; "auto" takes a numeric array as it is and
        puts other tables on the scale of ranks, of training and held-out rows alike.
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
        In [0, 1]. 0.5 is ideal: the rows trained on are no nearer than any others. 1 is a copy; chance alone moves
        the share of m synthetic rows by about ``0.5 / sqrt(m)``, more where the holdout is small.

    Notes
    -----
    With the distances :math:`t_j` and :math:`h_j` from synthetic row j to its nearest training and held-out rows, and
    the share c of training rows among both,

    .. math:: \\tfrac12 + \\tfrac12 \\frac{s - c}{1 - c}, \\quad
        s = \\frac{1}{m} \\sum_j [t_j < h_j] + c [t_j = h_j],

    and at least 0. Of as many held-out as training rows, c is 0.5, and this is s, where ties count half. Else fresh
    rows have the nearer row in training with chance c, and copies always: the first term stretches that scale onto
    0.5 to 1. To leave training rows out instead would miss the copies of them.

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
    rng = generator_of(random_state)
    train, synthetic, holdout = points_of(
        X_real,
        X_synthetic,
        X_holdout,
        features=features,
        y_real=y_real,
        categorical_features=categorical_features,
        random_state=rng,
    )
    asked = some(synthetic, max_rows, rng)
    to_train, to_holdout = closest(asked, train), closest(asked, holdout)
    by_chance = len(train) / (len(train) + len(holdout))
    is_tie = ~exceeds(to_train, to_holdout) & ~exceeds(to_holdout, to_train)
    share = np.mean(np.where(is_tie, by_chance, to_train < to_holdout))
    return max(float(0.5 + 0.5 * (share - by_chance) / (1 - by_chance)), 0.0)


def distance_ratios(
    X_real,
    X_synthetic,
    X_holdout=None,
    *,
    features="auto",
    y_real=None,
    max_rows=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """How near synthetic rows come to training rows, against the second nearest and against held-out rows.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), or whatever `features` takes
        The rows that the sampler was fitted on, at least two.
    X_synthetic : the same, of any number of rows
    X_holdout : the same, of any number of rows, default=None
        Rows of the same origin that the sampler has not seen.
    features : str or callable, default="auto"
        How rows become points, as in `nearest_record_share`.
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    max_rows : int or None, default=None
        Synthetic and held-out rows to ask, a seeded sample of either; None asks all. No training row is left out.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    DistanceRatios
        ``nearest_to_second``, in [0, 1]: the median over synthetic rows of the distance to the nearest training row
        as a share of that to the second nearest; near 0 where single training rows are copied. ``closest_record``,
        from 0 up: the median distance of synthetic rows to the nearest training row, as a share of that of held-out
        rows; 1 is ideal, well below 1 is too near, well above 1 is unlike the data. None without X_holdout. Each also
        at the 5th percentile, where the nearest rows are: ``nearest_to_second_low``, ``closest_record_low``.

    Raises
    ------
    ValueError
        Where X_real has a single row.

    Notes
    -----
    With the distances :math:`t_1 \\le t_2` of a row to its two nearest training rows, and Q the median or the 5th
    percentile over synthetic rows y or over held-out rows h,

    .. math:: \\text{nearest to second} = Q_y(t_1 / t_2), \\quad \\text{closest record} = Q_y(t_1) / Q_h(t_1).

    0 / 0 is 1: two training rows that equal it are none to single out, and held-out rows that are copies themselves
    excuse copies. Where held-out rows alone are copies, the closest record is infinity.

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
    rng = generator_of(random_state)
    train, *asked = points_of(
        X_real,
        *given(X_synthetic, X_holdout),
        features=features,
        y_real=y_real,
        categorical_features=categorical_features,
        random_state=rng,
    )
    if len(train) < 2:
        raise ValueError("X_real has a single row, and no second nearest row; pass two rows or more.")
    asked, *held_out = (some(rows, max_rows, rng) for rows in asked)
    distances, _ = nearest(asked, train, 2)
    to_second = np.quantile(_quotient(distances[:, 0], distances[:, 1]), QUANTILES).tolist()
    if not held_out:
        return DistanceRatios(*to_second, None, None)
    ours, fresh = (np.quantile(d, QUANTILES) for d in (distances[:, 0], closest(held_out[0], train)))
    return DistanceRatios(*to_second, *_quotient(ours, fresh).tolist())


def near_copies(
    X_real,
    X_synthetic,
    X_holdout,
    *,
    quantile=0.01,
    features="auto",
    y_real=None,
    max_rows=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """Share of synthetic rows as close to a training row as hardly any held-out row is.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), or whatever `features` takes
        The rows that the sampler was fitted on.
    X_synthetic : the same, of any number of rows
    X_holdout : the same, of any number of rows
        Rows of the same origin that the sampler has not seen.
    quantile : float, default=0.01
        The share of held-out rows that are called as close.
    features : str or callable, default="auto"
        How rows become points, as in `nearest_record_share`.
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    max_rows : int or None, default=None
        Synthetic and held-out rows to ask, a seeded sample of either; None asks all. No training row is left out.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    float
        In [0, 1]; lower is better. Fresh rows score about `quantile` (or the share of held-out rows that are copies
        themselves, where that is more), and copies 1.

    Raises
    ------
    ValueError
        Where `quantile` is not between 0 and 1.

    Notes
    -----
    With the distance t of a row to its nearest training row, its quantile :math:`Q_h(t)` over held-out rows, and m
    synthetic rows y,

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
        raise ValueError(f"quantile={quantile!r} must lie between 0 and 1.")
    rng = generator_of(random_state)
    train, *asked = points_of(
        X_real,
        X_synthetic,
        X_holdout,
        features=features,
        y_real=y_real,
        categorical_features=categorical_features,
        random_state=rng,
    )
    ours, fresh = (closest(some(rows, max_rows, rng), train) for rows in asked)
    return float(np.mean(~exceeds(ours, np.quantile(fresh, quantile))))


def _quotient(a, b):
    """a / b, where 0 / 0 is 1 and anything else / 0 is infinity."""
    is_zero = b == 0
    return np.where(is_zero, np.where(a == 0, 1.0, np.inf), a / np.where(is_zero, 1.0, b))
