"""Can a classifier tell two tables apart?"""

import warnings

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from skgan._forms import Table, read_table
from skgan.exceptions import CopiesWarning

from ._codes import joint_matrix
from ._read import generator_of

# The cost of one score stays near a second on one core: at most so many rows and cells of each table, and
# smaller trees where there are many columns.
MAX_ROWS = 10_000
MAX_CELLS = 1_000_000
N_FOLDS = 3
WIDE = 32
NARROW_TREES = {"max_iter": 60, "learning_rate": 0.1, "max_leaf_nodes": 31, "max_bins": 255}
WIDE_TREES = {"max_iter": 20, "learning_rate": 0.2, "max_leaf_nodes": 15, "max_bins": 64}


def detection_score(real, synthetic, *, paired=False, random_state=0):
    """How well `synthetic` hides among `real`: 1 if a classifier cannot tell them apart, 0 if it always can.

    The score is ``1 - 2 * max(AUC - 0.5, 0)`` with the cross-validated AUC of `classifier_auc`.

    Parameters
    ----------
    real, synthetic : array-like or frame of shape (n_rows, n_columns), or Table
        `real` should be rows that the sampler was not fitted on.
    paired : bool, default=False
        Whether row i of either was drawn for the same condition, as in `classifier_auc`.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    float
        In [0, 1].

    Warns
    -----
    CopiesWarning
        An AUC well below 0.5 means that `synthetic` holds copies of rows of `real`.

    Notes
    -----
    Chance alone moves the score: two samples of n rows each from one distribution score 1 give or take about
    ``1 / sqrt(n)``, so that a score of fewer than a hundred rows says little.
    """
    real = real if isinstance(real, Table) else read_table(real, name="real")
    synthetic = synthetic if isinstance(synthetic, Table) else real.form.read_like(synthetic, "synthetic")
    auc = classifier_auc(real, synthetic, paired=paired, random_state=random_state)
    return 1.0 - 2.0 * max(auc - 0.5, 0.0)


def classifier_auc(real, synthetic, *, paired=False, random_state=0):
    """AUC of boosted trees that tell real from synthetic rows, pooled over held-out folds.

    Parameters
    ----------
    real, synthetic : Table
    paired : bool, default=False
        Whether row i of either was drawn for the same condition. Such twins are held out together: trees that had seen
        one of them would know the other by its condition, and take it for what it is not.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    float
        0.5 where either table has a single row, or where nothing varies.
    """
    rng = generator_of(random_state)
    trees = NARROW_TREES if len(real.columns) <= WIDE else WIDE_TREES
    A, B, categorical = joint_matrix(real, synthetic, max_levels=trees["max_bins"] - 5)
    chosen_real = _some_rows(len(A), A.shape[1], rng)
    chosen_synthetic = chosen_real if paired else _some_rows(len(B), B.shape[1], rng)
    A, B = A[chosen_real], B[chosen_synthetic]
    X, is_real = np.concatenate([A, B]), np.repeat([1, 0], [len(A), len(B)])
    varies = np.array([len(np.unique(column)) > 1 for column in X.T])
    if min(len(A), len(B)) < 2 or not varies.any():
        return 0.5
    model = HistGradientBoostingClassifier(
        **trees,
        min_samples_leaf=int(np.clip(len(X) // 20, 1, 20)),
        early_stopping=False,
        random_state=int(rng.integers(2**31)),
    )
    fold_of_real = _folds(len(A), rng)
    fold = np.concatenate([fold_of_real, fold_of_real if paired else _folds(len(B), rng)])

    def auc_of(columns):
        model.set_params(categorical_features=categorical[columns])
        return float(roc_auc_score(is_real, _held_out_probability(model, X[:, columns], is_real, fold)))

    auc = auc_of(varies)
    # A column that numbers the rows lowers the AUC too, where nothing is copied.
    others = varies & ~np.array([_numbers_the_rows(column) for column in A.T])
    if _looks_copied(auc, len(A), len(B)) and others.any() and _looks_copied(auc_of(others), len(A), len(B)):
        warnings.warn(
            f"A classifier is wrong more often than chance (AUC {auc:.2f}): synthetic rows are copies of the "
            "rows they are compared with. Compare with rows that the sampler was not fitted on.",
            CopiesWarning,
            stacklevel=3,
        )
    return auc


def _some_rows(n_rows, n_columns, rng):
    """Positions of the rows that are looked at."""
    most = min(MAX_ROWS, MAX_CELLS // n_columns)
    return np.arange(n_rows) if n_rows <= most else rng.choice(n_rows, most, replace=False)


def _folds(n, rng):
    """Fold of each of n rows, shape (n,): as even as can be."""
    return rng.permutation(n) % min(N_FOLDS, n)


def _held_out_probability(model, X, is_real, fold):
    """Probability (n,) of being real, from the model fitted without the row's fold."""
    probability = np.empty(len(X))
    for k in np.unique(fold):
        held_out = fold == k
        # scikit-learn's trees stumble over a column of gaps alone, which says nothing anyway.
        shown = np.where(np.isnan(X[~held_out]).all(axis=0), 0.0, X)
        model.fit(shown[~held_out], is_real[~held_out])
        probability[held_out] = model.predict_proba(shown[held_out])[:, 1]
    return probability


def _looks_copied(auc, n_real, n_synthetic):
    """A held-out copy is taken for what its twin in training was, which is the wrong class."""
    deviation = np.sqrt((n_real + n_synthetic + 1) / (12 * n_real * n_synthetic))  # of the AUC, by chance
    return auc < 0.5 - max(0.05, 5 * deviation)


def _numbers_the_rows(column):
    """Whether a column is a key: whole numbers (or codes of levels), another in each row."""
    return len(np.unique(column)) == len(column) and bool((column == np.rint(column)).all())
