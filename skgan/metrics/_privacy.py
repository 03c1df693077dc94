"""Do synthetic rows say more about the rows trained on than about any others?"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score, roc_curve

from skgan._registry import resolve
from skgan._validation import check_option

from ._extract import extract, natural
from ._neighbors import MAX_ROWS, check_n_neighbors, comparable, exceeds, nearest
from ._read import generator_of, read_tables, some_rows
from ._scales import SCALES, points

QUANTILES = (0.5, 0.05)
FALSE_POSITIVES = 0.01  # the share of non-members that an attacker may take for members


class DistanceRatios(NamedTuple):
    """What `distance_ratios` returns: medians, and ``_low`` at the 5th percentile."""

    nearest_to_second: float
    nearest_to_second_low: float
    closest_record: float | None
    closest_record_low: float | None


class MembershipInference(NamedTuple):
    """What `membership_inference` returns."""

    auc: float
    true_positive_rate: float
    n_members: int
    n_non_members: int


class UniqueValues(NamedTuple):
    """What `unique_value_share` returns."""

    synthetic: float
    holdout: float | None


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
    asked = _some(synthetic, max_rows, rng)
    to_train, to_holdout = _closest(asked, train), _closest(asked, holdout)
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
        *_given(X_synthetic, X_holdout),
        features=features,
        y_real=y_real,
        categorical_features=categorical_features,
        random_state=rng,
    )
    if len(train) < 2:
        raise ValueError("X_real has a single row, and no second nearest row; pass two rows or more.")
    asked, *held_out = (_some(rows, max_rows, rng) for rows in asked)
    distances, _ = nearest(asked, train, 2)
    to_second = np.quantile(_quotient(distances[:, 0], distances[:, 1]), QUANTILES).tolist()
    if not held_out:
        return DistanceRatios(*to_second, None, None)
    ours, fresh = (np.quantile(d, QUANTILES) for d in (distances[:, 0], _closest(held_out[0], train)))
    return DistanceRatios(*to_second, *_quotient(ours, fresh).tolist())


def exact_copies(X_real, X_synthetic, *, categorical_features="from_dtype"):
    """Share of synthetic rows that equal a training row in every column, gaps included.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns)
        The rows that the sampler was fitted on.
    X_synthetic : the same, of any number of rows
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.

    Returns
    -------
    float
        In [0, 1]; lower is better. Ideal is the share of fresh rows, such as ``exact_copies(X_real, X_holdout)``, which
        is 0 only where rows are all different.

    Notes
    -----
    With training rows x and m synthetic rows y,

    .. math:: \\frac{1}{m} \\sum_j [\\exists i: y_j = x_i].

    Nothing is rounded: a number that is off by its last digit is no copy; `near_copies` sees it.

    References
    ----------
    M. Platzer and T. Reutterer (2021). Holdout-based empirical assessment of mixed-type synthetic data. Frontiers in
    Big Data 4.

    Examples
    --------
    >>> from skgan.metrics import exact_copies
    >>> X_real = [[1.0, "a"], [2.0, "b"], [float("nan"), "b"]]
    >>> exact_copies(X_real, [[1.0, "a"], [1.0, "b"], [float("nan"), "b"], [2.0, "b"]])
    0.75
    """
    train, synthetic = read_tables(X_real, X_synthetic, categorical_features=categorical_features)
    keys = _row_keys(train.above(synthetic))
    return float(np.isin(keys[train.n_rows :], keys[: train.n_rows]).mean())


def repeated_rows(X):
    """Share of rows that equal another one: `exact_copies` of each beside all others."""
    [table] = read_tables(X, names=())
    keys = _row_keys(table)
    return float((np.bincount(keys)[keys] > 1).mean())


def _row_keys(table):
    """Whole numbers (n_rows,) from 0, which are equal where rows are."""
    keys = np.zeros(table.n_rows, dtype=np.int64)
    for column in table.columns:
        codes, levels = pd.factorize(column.values)
        codes = np.where(column.missing, len(levels), codes)
        # Renumbered with each column, so that keys stay below n_rows * n_levels, which int64 holds.
        _, keys = np.unique(keys * (len(levels) + 1) + codes, return_inverse=True)
    return keys


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
    ours, fresh = (_closest(_some(rows, max_rows, rng), train) for rows in asked)
    return float(np.mean(~exceeds(ours, np.quantile(fresh, quantile))))


def membership_inference(
    X_real,
    X_synthetic,
    X_holdout,
    *,
    attack="density_ratio",
    n_neighbors=1,
    features="auto",
    y_real=None,
    max_rows=None,
    categorical_features="from_dtype",
    random_state=0,
):
    """How well an attacker who holds the synthetic rows tells training rows from others.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), or whatever `features` takes
        The rows that the sampler was fitted on: the members.
    X_synthetic : the same, of any number of rows
    X_holdout : the same, of two rows or more
        Rows of the same origin that the sampler has not seen. A seeded half of them are the non-members, the other half
        is what the attacker knows about such data.
    attack : {"density_ratio", "distance"}, default="density_ratio"
        What makes a row look like a member: "distance", that a synthetic row is near; "density_ratio", that it is
        nearer than rows that the attacker knows.
    n_neighbors : int, default=1
        Distances are taken to the nearest row of this number. 1 feels single copies best.
    features : str or callable, default="auto"
        How rows become points, as in `nearest_record_share`.
    y_real : array-like of shape (n_real,), default=None
        Labels, for features="classifier".
    max_rows : int or None, default=None
        Most members, and most non-members, that are attacked, a seeded sample; None attacks as many as can be.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    MembershipInference
        ``auc``, in [0, 1]: 0.5 is ideal, where the attacker might as well guess, and 1 gives every member away.
        ``true_positive_rate``, in [0, 1]: the share of members found with at most 1 % of non-members accused; about
        0.01 is ideal. ``n_members`` and ``n_non_members``, as many of either, were attacked.

    Raises
    ------
    ValueError
        Where X_synthetic or half of X_holdout has fewer than `n_neighbors` rows, or X_holdout has a single row.

    Notes
    -----
    With the distances s and r of a row x to its k-th nearest synthetic row and reference row, the scores are

    .. math:: \\text{distance: } -\\log s(x), \\quad \\text{density ratio: } \\log r(x) - \\log s(x).

    The latter is, up to a constant and a factor, the log ratio of the k-nearest-neighbour densities of synthetic and
    of real rows, as in DOMIAS: a row in a dense region is no likelier a member for that. The AUC is the chance that a
    member has a higher score than a non-member has, ties counting half; chance alone moves that of n members and n
    non-members by about ``0.4 / sqrt(n)``. It says what these attacks find, not that no other attack finds more.

    References
    ----------
    B. van Breugel et al. (2023). Membership inference attacks against synthetic data through overfitting detection.
    AISTATS.

    N. Carlini et al. (2022). Membership inference attacks from first principles. IEEE Symposium on Security and
    Privacy. (Why the rate at few false positives.)

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import membership_inference
    >>> rng = np.random.default_rng(0)
    >>> X_real, X_fresh, X_holdout = rng.normal(size=(3, 500, 2))
    >>> 0.4 < membership_inference(X_real, X_fresh, X_holdout).auc < 0.6
    True
    >>> membership_inference(X_real, X_real, X_holdout)
    MembershipInference(auc=1.0, true_positive_rate=1.0, n_members=250, n_non_members=250)
    """
    score = resolve("attack", attack, ATTACKS)
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
    if len(holdout) < 2:
        raise ValueError("X_holdout has a single row, but half of it is the attacker's; pass two rows or more.")
    non_members, reference = np.array_split(holdout[rng.permutation(len(holdout))], 2)
    check_n_neighbors(n_neighbors, X_synthetic=len(synthetic), X_holdout=len(reference))
    non_members = _some(non_members, max_rows, rng)[: len(train)]
    n = len(non_members)
    scores = score(np.concatenate([_some(train, n, rng), non_members]), synthetic, reference, n_neighbors)
    is_member = np.repeat([True, False], n)
    false_positive_rate, true_positive_rate, _ = roc_curve(is_member, scores, drop_intermediate=False)
    return MembershipInference(
        auc=float(roc_auc_score(is_member, scores)),
        true_positive_rate=float(true_positive_rate[false_positive_rate <= FALSE_POSITIVES].max()),
        n_members=n,
        n_non_members=n,
    )


def unique_value_share(X_real, X_synthetic, X_holdout=None, *, categorical_features="from_dtype"):
    """Share of numeric cells that hold a value which exactly one training row holds in that column.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns)
        The rows that the sampler was fitted on; at least one column is numeric.
    X_synthetic : the same, of any number of rows
    X_holdout : the same, of any number of rows, default=None
        Rows of the same origin that the sampler has not seen.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.

    Returns
    -------
    UniqueValues
        ``synthetic`` and ``holdout`` (None without X_holdout), in [0, 1]. Ideal is a synthetic share near the held-out
        one; well above it, values that single out a training row are given away.

    Raises
    ------
    ValueError
        Where X_real has no numeric column.

    Notes
    -----
    With training rows x, and the cells :math:`y_{jc}` of numeric columns c that are no gaps,

    .. math:: \\mathrm{mean}_{jc} [\\#\\{i: x_{ic} = y_{jc}\\} = 1],

    and 0 where all are gaps. A value that singles out need not be in a copied row: an income that only one person has,
    beside any age, is enough to say that the person is there. Numbers so coarse that most are
    shared say little. Dates count as numbers.

    References
    ----------
    M. Giomi et al. (2023). A unified framework for quantifying privacy risk in synthetic data. PoPETs 2023(2).
    (Singling out.)

    Examples
    --------
    >>> from skgan.metrics import unique_value_share
    >>> unique_value_share([[1.0], [2.0], [2.0], [3.5]], [[1.0], [2.0], [3.5], [4.0]], [[2.0], [5.0]])
    UniqueValues(synthetic=0.5, holdout=0.0)
    """
    others = _given(X_synthetic, X_holdout)
    train, *asked = read_tables(X_real, *others, names=NAMES[: len(others)], categorical_features=categorical_features)
    unique = _values_held(train, 1)
    if not unique:
        raise ValueError("X_real has no numeric column, and this is a measure of numeric columns; leave it out.")
    synthetic, holdout = [_share_found(table, unique) for table in asked] + [None] * (2 - len(asked))
    return UniqueValues(synthetic, holdout)


def values_held_twice(X):
    """`unique_value_share` of each row beside all others: the share of numbers that one more row holds."""
    [table] = read_tables(X, names=())
    return _share_found(table, _values_held(table, 2))


NAMES = ("X_synthetic", "X_holdout")


def _given(X_synthetic, X_holdout):
    """What there is beside the rows trained on."""
    return [X_synthetic] if X_holdout is None else [X_synthetic, X_holdout]


def points_of(X_real, *others, features, y_real, categorical_features, random_state):
    """Training, synthetic and perhaps held-out rows as points."""
    options = dict(names=NAMES[: len(others)], categorical_features=categorical_features)
    word = natural(X_real) if isinstance(features, str) and features == "auto" else features
    if len(others) == 2 and isinstance(word, str) and word in SCALES:
        matrices = _on_one_scale(read_tables(X_real, *others, **options), word)
    else:
        matrices = extract(X_real, *others, features=word, y_real=y_real, random_state=random_state, **options)
    return comparable(*matrices)[0]


def _some(rows, max_rows, rng):
    """At most `max_rows` of the rows."""
    check_option("max_rows", max_rows, MAX_ROWS)
    return rows[some_rows(len(rows), max_rows, rng)]


def _on_one_scale(tables, scale):
    """Points on a scale of training and held-out rows: on one of the former alone, the latter pile up at its ends."""
    train, synthetic, holdout = tables
    both, asked = points([train.above(holdout), synthetic], scale)
    return [both[: train.n_rows], asked, both[train.n_rows :]]


def _closest(asked, rows):
    """Distance (n_asked,) from each asked row to the nearest of `rows`."""
    distances, _ = nearest(asked, rows)
    return distances[:, 0]


def _quotient(a, b):
    """a / b, where 0 / 0 is 1 and anything else / 0 is infinity."""
    is_zero = b == 0
    return np.where(is_zero, np.where(a == 0, 1.0, np.inf), a / np.where(is_zero, 1.0, b))


def _log_distance(rows, others, k):
    """Log distance (n_rows,) to the k-th nearest of the others; very low, not minus infinity, to an equal row."""
    distances, _ = nearest(rows, others, k)
    return np.log(np.maximum(distances[:, -1], np.finfo(np.float64).tiny))


def _distance_score(rows, synthetic, _reference, k):
    return -_log_distance(rows, synthetic, k)


def _density_ratio_score(rows, synthetic, reference, k):
    return _log_distance(rows, reference, k) - _log_distance(rows, synthetic, k)


ATTACKS = {"distance": _distance_score, "density_ratio": _density_ratio_score}


def _known(column):
    """The numbers of a column that are no gaps."""
    return column.values[~column.missing]


def _values_held(table, times):
    """The values that so many rows hold, of each numeric column: a dict by position."""
    held = {}
    for j, column in enumerate(table.columns):
        if column.kind == "numeric":
            values, counts = np.unique(_known(column), return_counts=True)
            held[j] = values[counts == times]
    return held


def _share_found(table, held):
    """Share of known cells that hold one of the values of their column, as `_values_held` gives them."""
    found = np.concatenate([np.isin(_known(table.columns[j]), values) for j, values in held.items()])
    return float(found.mean()) if len(found) else 0.0
