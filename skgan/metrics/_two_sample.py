"""Can a classifier tell two tables apart?"""

import warnings

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from skgan._forms import Table, read_table
from skgan.exceptions import CopiesWarning

from ._features import joint_matrix

MAX_ROWS = 5_000  # of each table: the cost of one score stays near a second
N_FOLDS = 3


def detection_score(real, synthetic, *, random_state=0):
    """How well `synthetic` hides among `real`: 1 if a classifier cannot tell them apart, 0 if it always can.

    The score is ``1 - 2 * max(AUC - 0.5, 0)`` with the cross-validated AUC of `classifier_auc`.

    Parameters
    ----------
    real, synthetic : array-like or frame of shape (n_rows, n_columns), or Table
        `real` should be rows that the sampler was not fitted on.
    random_state : int, Generator or None, default=0

    Returns
    -------
    float in [0, 1]

    Warns
    -----
    CopiesWarning
        An AUC well below 0.5 means that `synthetic` holds copies of rows of `real`.
    """
    real = real if isinstance(real, Table) else read_table(real, name="real")
    synthetic = synthetic if isinstance(synthetic, Table) else real.form.read_like(synthetic, "synthetic")
    return 1.0 - 2.0 * max(classifier_auc(real, synthetic, random_state=random_state) - 0.5, 0.0)


def classifier_auc(real, synthetic, *, random_state=0):
    """AUC of boosted trees that tell real from synthetic rows, pooled over held-out folds.

    Parameters
    ----------
    real, synthetic : Table
    random_state : int, Generator or None, default=0

    Returns
    -------
    float
        0.5 where either table has a single row, or where nothing varies.
    """
    rng = np.random.default_rng(random_state)
    A, B, categorical = joint_matrix(real, synthetic)
    A, B = _some_rows(A, rng), _some_rows(B, rng)
    X = np.concatenate([A, B])
    is_real = np.repeat([1, 0], [len(A), len(B)])
    varies = np.array([_varies(column) for column in X.T])
    if min(len(A), len(B)) < 2 or not varies.any():
        return 0.5
    X, categorical = X[:, varies], categorical[varies]
    fold = np.concatenate([_folds(len(A), rng), _folds(len(B), rng)])
    probability = np.empty(len(X))
    for k in range(fold.max() + 1):
        model = HistGradientBoostingClassifier(
            max_iter=60,
            learning_rate=0.2,
            min_samples_leaf=int(np.clip(len(X) // 20, 1, 20)),
            categorical_features=categorical,
            early_stopping=False,
            random_state=int(rng.integers(2**31)),
        )
        model.fit(X[fold != k], is_real[fold != k])
        probability[fold == k] = model.predict_proba(X[fold == k])[:, 1]
    auc = float(roc_auc_score(is_real, probability))
    _warn_of_copies(auc, len(A), len(B))
    return auc


def _some_rows(rows, rng):
    return rows if len(rows) <= MAX_ROWS else rows[rng.choice(len(rows), MAX_ROWS, replace=False)]


def _varies(column):
    return len(np.unique(column)) > 1


def _folds(n, rng):
    """Fold of each of n rows, shape (n,): as even as can be."""
    return rng.permutation(n) % min(N_FOLDS, n)


def _warn_of_copies(auc, n_real, n_synthetic):
    """Held-out copies are taken for what their twins in training were: the wrong class."""
    noise = np.sqrt((n_real + n_synthetic + 1) / (12 * n_real * n_synthetic))
    if auc < 0.5 - max(0.05, 5 * noise):
        warnings.warn(
            f"The classifier is wrong more often than chance (AUC {auc:.2f}): synthetic rows are copies of real "
            "ones. Judge against rows that the sampler was not fitted on.",
            CopiesWarning,
            stacklevel=3,
        )
