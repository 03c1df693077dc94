"""Synthetic rows that anybody can make: what a report is read against."""

import numpy as np

MAX_ROWS_TO_INTERPOLATE = 10_000


def independent(table, n, rng):
    """n rows of which each column is drawn on its own: right in every column, in no pair of them."""
    picks = [rng.integers(table.n_rows, size=n) for _ in table.columns]
    return _table(table, [(c.values[pick], c.missing[pick]) for c, pick in zip(table.columns, picks, strict=True)])


def bootstrap(table, n, rng):
    """n real rows, drawn with replacement: perfect, and copies."""
    return table.take(rng.integers(table.n_rows, size=n))


def smote(table, n, rng):
    """n rows between a real row and one of its neighbours, by imbalanced-learn; medians fill gaps in numbers.

    Chawla et al. (2002), SMOTE: Synthetic Minority Over-sampling Technique, JAIR 16.
    """
    try:
        from imblearn.over_sampling import SMOTE, SMOTEN, SMOTENC
    except ImportError:
        raise ImportError(
            'baselines="smote" needs imbalanced-learn: python -m pip install "skgan[imblearn]".'
        ) from None
    table = table.take(np.sort(rng.permutation(table.n_rows)[:MAX_ROWS_TO_INTERPOLATE]))
    coded = [_coded(column) for column in table.columns]
    X = np.column_stack([codes for codes, _ in coded])
    categorical = np.array([levels is not None for _, levels in coded])
    # imbalanced-learn fills up the smaller of two classes: the other one is a crowd of equal rows.
    crowd = np.broadcast_to(X[0], (len(X) + n, X.shape[1]))
    is_real = np.repeat([1, 0], [len(X), len(crowd)])
    options = {"sampling_strategy": {1: len(crowd)}, "random_state": int(rng.integers(2**31))}
    options["k_neighbors"] = min(5, len(X) - 1)
    if categorical.all():
        method = SMOTEN(**options)
    elif categorical.any():
        method = SMOTENC(np.flatnonzero(categorical).tolist(), **options)
    else:
        method = SMOTE(**options)
    made = method.fit_resample(np.concatenate([X, crowd]), is_real)[0][-n:]
    return _table(table, [_decoded(made[:, j], levels) for j, (_, levels) in enumerate(coded)])


def _coded(column):
    """A column as numbers, and what the codes of levels stand for (None for numbers)."""
    if column.kind == "numeric":
        known = column.values[~column.missing]
        filling = np.median(known) if len(known) else 0
        return np.where(column.missing, filling, column.values).astype(np.float64), None
    levels = sorted(set(column.values.tolist()), key=repr)
    code = {level: position for position, level in enumerate(levels)}
    return np.array([code[level] for level in column.values.tolist()], dtype=np.float64), levels


def _decoded(codes, levels):
    if levels is None:
        return codes, np.zeros(len(codes), dtype=bool)
    values = np.empty(len(levels), dtype=object)
    values[:] = levels
    values = values[np.rint(codes).astype(int)]
    return values, np.array([value is None for value in values])


def _table(table, pairs):
    """A table of these (values, missing), read back from the real one's own dtypes: whole numbers are whole."""
    return table.form.read_like(table.form.rebuild(pairs), "a baseline")


BASELINES = {"independent": independent, "bootstrap": bootstrap, "smote": smote}
