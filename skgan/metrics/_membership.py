"""Can an attacker who has the synthetic rows tell which rows the sampler was fitted on?"""

from typing import NamedTuple

import numpy as np
from sklearn.metrics import roc_auc_score, roc_curve

from skgan._random import some_rows
from skgan._registry import resolve
from skgan._validation import check_option

from ._neighbors import check_n_neighbors, nearest
from ._on_points import metric_on_points
from ._points import MAX_ROWS

# The share of non-members that an attacker may take for members.
MAX_FALSE_POSITIVE_RATE = 0.01


class MembershipInference(NamedTuple):
    """The result of `membership_inference`."""

    auc: float
    true_positive_rate: float
    n_members: int
    n_non_members: int


@metric_on_points(holdout="required")
def membership_inference(points, rng, *, attack="density_ratio", n_neighbors=1, max_rows=None):
    """How well an attacker who has the synthetic rows tells training rows from other real rows.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), stack of images, Table or Points
        The rows that the sampler was fitted on: the members. `Points` hold the other rows too.
    X_holdout : the same, at least two rows
        Real rows that the sampler was not fitted on. One half of them, drawn at random, are the non-members. The other
        half is the reference: real rows that the attacker knows.
    attack : {"density_ratio", "distance"}, default="density_ratio"
        Which rows the attacker takes for members: with "distance", rows that are close to a synthetic row; with
        "density_ratio", rows that are closer to a synthetic row than to a reference row.
    n_neighbors : int, default=1
        Distances are taken to the k-th nearest row, where k is this number. 1 detects single copies best.
    max_rows : int or None, default=None
        At most this many members and this many non-members are attacked, drawn at random; None attacks as many as
        possible.

    Returns
    -------
    MembershipInference
        ``auc``, in [0, 1]: 0.5 is ideal, where the attacker can only guess, and 1 identifies every member.
        ``true_positive_rate``, in [0, 1]: the share of members that are found when at most 1 % of the non-members are
        taken for members; about 0.01 is ideal. ``n_members`` and ``n_non_members``, the numbers of rows that were
        attacked, are equal.

    Raises
    ------
    ValueError
        X_synthetic or one half of X_holdout has fewer than `n_neighbors` rows, or X_holdout has a single row.

    Notes
    -----
    With the distances s and r of a row x to its k-th nearest synthetic row and reference row, the scores are

    .. math:: \\text{distance: } -\\log s(x), \\quad \\text{density ratio: } \\log r(x) - \\log s(x).

    The latter is, up to a constant and a factor, the log ratio of the k-nearest-neighbour densities of synthetic and
    of real rows, as in DOMIAS. Therefore a row in a dense region is not taken for a member because of the density
    alone. The AUC is the probability that a member has a higher score than a non-member, where equal scores count half.
    Its standard deviation by chance is about ``0.4 / sqrt(n)`` for n members and n non-members. The result says what
    these attacks find, not that no other attack finds more.

    References
    ----------
    B. van Breugel et al. (2023). Membership inference attacks against synthetic data through overfitting detection.
    AISTATS.

    N. Carlini et al. (2022). Membership inference attacks from first principles. IEEE Symposium on Security and
    Privacy. (It explains the true positive rate at few false positives.)

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
    check_option("max_rows", max_rows, MAX_ROWS)
    points, _ = points.centred()
    train, synthetic, holdout = points.real, points.synthetic, points.holdout
    if len(holdout) < 2:
        raise ValueError(
            "X_holdout has a single row, but one half of its rows is the attacker's reference; pass two rows or more."
        )
    non_members, reference = np.array_split(holdout[rng.permutation(len(holdout))], 2)
    check_n_neighbors(n_neighbors, X_synthetic=len(synthetic), X_holdout=len(reference))
    non_members = non_members[some_rows(len(non_members), max_rows, rng)][: len(train)]
    n = len(non_members)
    members = train[some_rows(len(train), n, rng)]
    scores = score(np.concatenate([members, non_members]), synthetic, reference, n_neighbors)
    is_member = np.repeat([True, False], n)
    false_positive_rate, true_positive_rate, _ = roc_curve(is_member, scores, drop_intermediate=False)
    return MembershipInference(
        auc=float(roc_auc_score(is_member, scores)),
        true_positive_rate=float(true_positive_rate[false_positive_rate <= MAX_FALSE_POSITIVE_RATE].max()),
        n_members=n,
        n_non_members=n,
    )


def _log_distance(rows, others, k):
    """Log distance (n_rows,) to the k-th nearest of the others; a very low number, not -inf, to an equal row."""
    distances, _ = nearest(rows, others, k)
    return np.log(np.maximum(distances[:, -1], np.finfo(np.float64).tiny))


def _distance_score(rows, synthetic, _reference, k):
    return -_log_distance(rows, synthetic, k)


def _density_ratio_score(rows, synthetic, reference, k):
    return _log_distance(rows, reference, k) - _log_distance(rows, synthetic, k)


ATTACKS = {"distance": _distance_score, "density_ratio": _density_ratio_score}
