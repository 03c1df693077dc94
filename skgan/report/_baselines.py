"""Baselines: synthetic rows by simple methods, for comparison in a report."""

import numpy as np

MAX_ROWS_TO_INTERPOLATE = 10_000


def independent(table, n, rng):
    """n rows of which each column is drawn independently: every column is right, but no dependence between columns."""
    positions = [rng.integers(table.n_rows, size=n) for _ in table.columns]
    return _table(table, [(c.values[i], c.missing[i]) for c, i in zip(table.columns, positions, strict=True)])


def bootstrap(table, n, rng):
    """n real rows, drawn with replacement: the right distribution, but all rows are copies."""
    return table.take(rng.integers(table.n_rows, size=n))


def smote(table, n, rng):
    """n rows between a real row and one of its neighbours, by imbalanced-learn; medians replace missing numbers.

    Chawla et al. (2002), SMOTE: Synthetic Minority Over-sampling Technique, JAIR 16.
    """
    try:
        from imblearn.over_sampling import SMOTE, SMOTEN, SMOTENC
    except ImportError:
        raise ImportError(
            'baselines="smote" needs imbalanced-learn; run: python -m pip install imbalanced-learn'
        ) from None
    table = table.take(np.sort(rng.permutation(table.n_rows)[:MAX_ROWS_TO_INTERPOLATE]))
    coded = [_coded(column) for column in table.columns]
    X = np.column_stack([codes for codes, _ in coded])
    categorical = np.array([categories is not None for _, categories in coded])
    # imbalanced-learn enlarges the smaller of two classes, so the real rows need a larger class: copies of one row.
    majority = np.broadcast_to(X[0], (len(X) + n, X.shape[1]))
    is_real = np.repeat([1, 0], [len(X), len(majority)])
    options = {"sampling_strategy": {1: len(majority)}, "random_state": int(rng.integers(2**31))}
    options["k_neighbors"] = min(5, len(X) - 1)
    if categorical.all():
        method = SMOTEN(**options)
    elif categorical.any():
        method = SMOTENC(np.flatnonzero(categorical).tolist(), **options)
    else:
        method = SMOTE(**options)
    rows = method.fit_resample(np.concatenate([X, majority]), is_real)[0][-n:]
    return _table(table, [_decoded(rows[:, j], categories) for j, (_, categories) in enumerate(coded)])


def _coded(column):
    """A column as numbers, and the categories that these encode (None for a numeric column)."""
    if column.kind == "numeric":
        known = column.values[~column.missing]
        median = np.median(known) if len(known) else 0
        return np.where(column.missing, median, column.values).astype(np.float64), None
    categories = sorted(set(column.values.tolist()), key=repr)
    code = {category: position for position, category in enumerate(categories)}
    return np.array([code[category] for category in column.values.tolist()], dtype=np.float64), categories


def _decoded(codes, categories):
    if categories is None:
        return codes, np.zeros(len(codes), dtype=bool)
    values = np.empty(len(categories), dtype=object)
    values[:] = categories
    values = values[np.rint(codes).astype(int)]
    return values, np.array([value is None for value in values])


def _table(table, pairs):
    """A Table of columns (values, missing), converted to the dtypes of the real table, so that integers are rounded."""
    return table.form.read_like(table.form.rebuild(pairs), "a baseline")


BASELINES = {"independent": independent, "bootstrap": bootstrap, "smote": smote}
