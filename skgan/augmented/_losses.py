"""Losses of predictions on held-out rows: one value per row.

The mean of the values is the loss; their standard deviation gives its standard error.
"""

from __future__ import annotations

import numpy as np

LEAST_PROBABILITY = 1e-6


def squared_errors(fitted, X, y, weights):
    """Squared errors. With several targets, each target's errors are divided by its variance and then averaged.

    Parameters
    ----------
    fitted : regressor
    X : array, frame or stack of images, of n_rows rows
    y : ndarray of shape (n_rows,) or (n_rows, n_targets)
    weights : ndarray of shape (n_rows,)

    Returns
    -------
    ndarray of shape (1, n_rows)
    """
    errors = np.square(np.asarray(fitted.predict(X)).reshape(y.shape) - y)
    return weights * (errors if y.ndim == 1 else (errors / np.maximum(y.var(axis=0), 1e-12)).mean(axis=1))[None]


def class_losses(fitted, X, y, weights, *, ranked):
    """Logarithmic losses and ranking losses; for a classifier without `predict_proba`, 0-1 losses alone.

    Parameters
    ----------
    fitted : classifier
    X : array, frame or stack of images, of n_rows rows
    y : ndarray of shape (n_rows,)
    weights : ndarray of shape (n_rows,)
    ranked : ndarray of shape (n_ranked,)
        Classes with enough rows for the ranking loss.

    Returns
    -------
    ndarray of shape (2, n_rows) or (1, n_rows)
    """
    if not hasattr(fitted, "predict_proba"):
        return weights * np.array([fitted.predict(X) != y], dtype=float)
    probabilities, of_class = fitted.predict_proba(X), np.asarray(y)[:, None] == fitted.classes_
    own = np.clip((probabilities * of_class).sum(axis=1), LEAST_PROBABILITY, 1)
    kept = np.isin(fitted.classes_, ranked)
    return np.array([weights * -np.log(own), _misranked(probabilities[:, kept], of_class[:, kept], weights)])


def _misranked(probabilities, of_class, weights):
    """One value per row, whose mean is 1 minus the area under the ROC curve.

    The standard error of the mean is that of DeLong et al. [1]_.

    The area is of each class against the rest, averaged over the classes. A row of the class is misranked to the degree
    that rows of other classes get a higher predicted probability of the class. A row of another class is misranked to
    the degree that rows of the class get a lower one. Ties count half.

    References
    ----------
    .. [1] DeLong, DeLong and Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating
       characteristic curves: a nonparametric approach", Biometrics 44(3), 1988.
    """
    values = [
        _misranked_of_class(scores, own, weights)
        for scores, own in zip(probabilities.T, of_class.T, strict=True)
        if weights[own].any() and weights[~own].any()
    ]
    return np.mean(values, axis=0) if values else np.zeros(len(probabilities))


def _misranked_of_class(scores, own, weights):
    shares, side_weights = np.empty(len(own)), np.empty(len(own))
    for side, others, of_side in ((own, ~own, 1), (~own, own, 0)):
        above = _share_above(scores[side], scores[others], weights[others])
        shares[side] = above if of_side else 1 - above
        side_weights[side] = weights[side].sum()
    mean = np.average(shares[own], weights=weights[own])
    # Both sides have the same mean; the variance of each side is divided by its own number of rows.
    return mean + len(own) * weights / side_weights * (shares - mean)


def _share_above(scores, others, weights):
    """For each score, the share of the total weight of `others` with a higher score; ties count half."""
    order = np.argsort(others)
    up_to = np.concatenate([[0.0], np.cumsum(weights[order])])
    not_above = sum(up_to[np.searchsorted(others[order], scores, side)] for side in ("left", "right")) / 2
    return 1 - not_above / up_to[-1]
