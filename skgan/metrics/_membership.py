"""Can an attacker who holds the synthetic rows tell who was trained on?"""

from typing import NamedTuple

import numpy as np
from sklearn.metrics import roc_auc_score, roc_curve

from skgan._registry import resolve

from ._holdout import points_of, some
from ._neighbors import check_n_neighbors, nearest
from ._read import generator_of

FALSE_POSITIVES = 0.01  # the share of non-members that an attacker may take for members


class MembershipInference(NamedTuple):
    """What `membership_inference` returns."""

    auc: float
    true_positive_rate: float
    n_members: int
    n_non_members: int


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
    non_members = some(non_members, max_rows, rng)[: len(train)]
    n = len(non_members)
    scores = score(np.concatenate([some(train, n, rng), non_members]), synthetic, reference, n_neighbors)
    is_member = np.repeat([True, False], n)
    false_positive_rate, true_positive_rate, _ = roc_curve(is_member, scores, drop_intermediate=False)
    return MembershipInference(
        auc=float(roc_auc_score(is_member, scores)),
        true_positive_rate=float(true_positive_rate[false_positive_rate <= FALSE_POSITIVES].max()),
        n_members=n,
        n_non_members=n,
    )


def _log_distance(rows, others, k):
    """Log distance (n_rows,) to the k-th nearest of the others; very low, not minus infinity, to an equal row."""
    distances, _ = nearest(rows, others, k)
    return np.log(np.maximum(distances[:, -1], np.finfo(np.float64).tiny))


def _distance_score(rows, synthetic, _reference, k):
    return -_log_distance(rows, synthetic, k)


def _density_ratio_score(rows, synthetic, reference, k):
    return _log_distance(rows, reference, k) - _log_distance(rows, synthetic, k)


ATTACKS = {"distance": _distance_score, "density_ratio": _density_ratio_score}
