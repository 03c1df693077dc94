"""Measures that `skgan.metrics` does not have: each takes frames with the same columns and returns one number."""

import numpy as np
from columns import Columns

N_FOLDS = 3
MAX_ROWS_TO_MATCH = 5000
CHUNK = 200


def xgb_detection(real, synthetic, *, seed=0):
    """``1 - 2 max(AUC - 0.5, 0)`` of a default XGBClassifier over 3 folds; None where xgboost is not installed.

    1 means that it cannot distinguish the rows, as in the detection protocol of sdmetrics. Both sides have equally many
    rows.
    """
    try:
        from xgboost import XGBClassifier
    except ImportError:
        return None
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    n = min(len(real), len(synthetic))
    columns = Columns(real)
    X = np.concatenate([columns.to_matrix(real)[:n], columns.to_matrix(synthetic)[:n]])
    is_real = np.repeat([1, 0], n)
    folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=seed)
    probability = cross_val_predict(XGBClassifier(n_jobs=1), X, is_real, cv=folds, method="predict_proba")[:, 1]
    return 1 - 2 * max(roc_auc_score(is_real, probability) - 0.5, 0)


def shape_error_percent(real, synthetic):
    """Mean over columns of the Kolmogorov-Smirnov distance (numeric) or the total variation distance (categorical).

    A missing value counts as a number below all others, or as one more category.
    """
    columns = Columns(real)
    pairs = zip(columns.categorical, columns.to_matrix(real).T, columns.to_matrix(synthetic).T)
    return 100 * float(np.mean([_shape_error(*pair) for pair in pairs]))


def _shape_error(categorical, real, synthetic):
    real, synthetic = (np.where(np.isnan(values), -np.inf, values) for values in (real, synthetic))
    grid = np.unique(np.concatenate([real, synthetic]))
    p, q = (np.searchsorted(np.sort(values), grid, side="right") / len(values) for values in (real, synthetic))
    if categorical:
        return 0.5 * np.abs(np.diff(p, prepend=0) - np.diff(q, prepend=0)).sum()
    return np.abs(p - q).max()


def exact_copies_percent(train, rows):
    """Percentage of `rows` that equal a training row in every column, missing values included."""
    columns = Columns(train)
    known, asked = (_as_bytes(columns.to_matrix(frame)) for frame in (train, rows))
    return 100 * float(np.isin(asked, known).mean())


def _as_bytes(matrix):
    """One opaque value per row, shape (n_rows,)."""
    matrix = np.ascontiguousarray(np.where(np.isnan(matrix), -np.inf, matrix) + 0.0)
    return matrix.view(np.dtype((np.void, matrix.itemsize * matrix.shape[1]))).ravel()


def nearest_record_share(train, holdout, synthetic, *, seed=0):
    """Share of synthetic rows that are nearer to a training row than to any of equally many held-out rows.

    0.5 is ideal and 1 means copies. A distance is the sum over columns of the difference in ranks (numeric columns) and
    of 0 or 1 (categories; 1 also between a missing value and a number). At most 5,000 synthetic rows are used.

    Where train and holdout differ in size, fresh rows have their nearest row in train with probability
    n_train / n_both, and copies always have: that range is mapped onto 0.5 to 1. (Using fewer training rows instead
    would miss copies of the unused ones: with half of the rows, copies would have 0.75.)
    """
    rng = np.random.default_rng(seed)
    columns = Columns(train)
    train, holdout, asked = (columns.to_matrix(frame) for frame in (train, holdout, synthetic))
    asked = asked[rng.permutation(len(asked))[:MAX_ROWS_TO_MATCH]]
    by_chance = len(train) / (len(train) + len(holdout))
    places = np.sort(np.concatenate([train, holdout]), axis=0)  # NaN is sorted last
    train, holdout, asked = (_ranks(rows, places, columns.categorical) for rows in (train, holdout, asked))
    to_train, to_holdout = (_nearest(asked, rows, columns.categorical) for rows in (train, holdout))
    share = np.mean((to_train < to_holdout) + by_chance * (to_train == to_holdout))
    return float(0.5 + 0.5 * (share - by_chance) / (1 - by_chance))


def _ranks(rows, places, categorical):
    """Mid-ranks in [0, 1] of numbers, 2 if missing; codes of categories, -1 if missing. Columns first, float32."""
    columns = []
    for values, known, is_categorical in zip(rows.T, places.T, categorical):
        if is_categorical:
            columns.append(np.where(np.isnan(values), -1, values))
            continue
        known = known[~np.isnan(known)]
        rank = np.searchsorted(known, values, "left") + np.searchsorted(known, values, "right")
        columns.append(np.where(np.isnan(values), 2, rank / (2 * max(len(known), 1))))
    return np.array(columns, dtype=np.float32)


def _nearest(asked, rows, categorical):
    """Distance (n_asked,) from each row of `asked` to the nearest of `rows`; both have columns first."""
    nearest = np.empty(asked.shape[1], dtype=np.float32)
    for start in range(0, asked.shape[1], CHUNK):
        chunk = asked[:, start : start + CHUNK]
        distance = np.zeros((chunk.shape[1], rows.shape[1]), dtype=np.float32)
        for a, b, is_categorical in zip(chunk, rows, categorical):
            distance += a[:, None] != b if is_categorical else np.minimum(np.abs(a[:, None] - b), 1)
        nearest[start : start + CHUNK] = distance.min(axis=1)
    return nearest


def correlation_difference(real, synthetic, pair):
    """Absolute difference between the Pearson correlation of two columns and the real one."""
    a, b = (frame[list(pair)].corr().iloc[0, 1] for frame in (real, synthetic))
    return float(abs(a - b))
