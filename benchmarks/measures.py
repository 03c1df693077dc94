"""Measures that `skgan.metrics` does not have (yet): frames of equal columns in, one number out."""

import numpy as np
from columns import Columns

N_FOLDS = 3
MAX_ROWS_TO_MATCH = 5000
CHUNK = 200


def xgb_detection(real, synthetic, *, seed=0):
    """``1 - 2 max(AUC - 0.5, 0)`` of a default XGBClassifier over 3 folds; None where xgboost is not installed.

    1 = it cannot tell the rows apart, as does the detection protocol of sdmetrics; as many rows of either.
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
    """Mean over columns of the largest gap between distribution functions (numbers) or the total variation (levels).

    A gap in the data counts as a number below all others, or as one more level.
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
    """Share of `rows` that equal a training row in every column, gaps included."""
    columns = Columns(train)
    known, asked = (_as_bytes(columns.to_matrix(frame)) for frame in (train, rows))
    return 100 * float(np.isin(asked, known).mean())


def _as_bytes(matrix):
    """One opaque value a row, shape (n_rows,)."""
    matrix = np.ascontiguousarray(np.where(np.isnan(matrix), -np.inf, matrix) + 0.0)
    return matrix.view(np.dtype((np.void, matrix.itemsize * matrix.shape[1]))).ravel()


def nearest_record_share(train, holdout, synthetic, *, seed=0):
    """Share of synthetic rows that are nearer to a training row than to any of equally many held-out rows.

    0.5 is ideal and 1 means copies. A distance is the sum over columns of the difference in ranks (numbers) and of 0 or
    1 (levels; a gap beside a number too). At most 5,000 synthetic rows are asked.

    Where train and holdout differ in size, fresh rows have the nearer row in train with chance n_train / n_both, and
    copies always: that scale is stretched onto 0.5 to 1. (Taking fewer training rows instead would miss the copies of
    all the others: with half of them, copies would show 0.75.)
    """
    rng = np.random.default_rng(seed)
    columns = Columns(train)
    train, holdout, asked = (columns.to_matrix(frame) for frame in (train, holdout, synthetic))
    asked = asked[rng.permutation(len(asked))[:MAX_ROWS_TO_MATCH]]
    by_chance = len(train) / (len(train) + len(holdout))
    places = np.sort(np.concatenate([train, holdout]), axis=0)  # gaps go last
    train, holdout, asked = (_ranks(rows, places, columns.categorical) for rows in (train, holdout, asked))
    to_train, to_holdout = (_nearest(asked, rows, columns.categorical) for rows in (train, holdout))
    share = np.mean((to_train < to_holdout) + by_chance * (to_train == to_holdout))
    return float(0.5 + 0.5 * (share - by_chance) / (1 - by_chance))


def _ranks(rows, places, categorical):
    """Mid-ranks in [0, 1] of numbers with 2 in gaps; codes of levels with -1 in gaps. Columns first, float32."""
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
    """Distance (n_asked,) from each asked row to the nearest of `rows`; both columns first."""
    nearest = np.empty(asked.shape[1], dtype=np.float32)
    for start in range(0, asked.shape[1], CHUNK):
        chunk = asked[:, start : start + CHUNK]
        distance = np.zeros((chunk.shape[1], rows.shape[1]), dtype=np.float32)
        for a, b, is_categorical in zip(chunk, rows, categorical):
            distance += a[:, None] != b if is_categorical else np.minimum(np.abs(a[:, None] - b), 1)
        nearest[start : start + CHUNK] = distance.min(axis=1)
    return nearest


def correlation_difference(real, synthetic, pair):
    """How far the Pearson correlation of two columns is from the real one."""
    a, b = (frame[list(pair)].corr().iloc[0, 1] for frame in (real, synthetic))
    return float(abs(a - b))
