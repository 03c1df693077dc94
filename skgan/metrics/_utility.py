"""Utility: how good is a model that learned from synthetic rows?"""

from typing import NamedTuple

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import check_scoring, r2_score, roc_auc_score

from skgan._forms import Table, read_target

from ._read import generator_of, read_tables
from ._scales import points

# Whole numbers of more distinct values are amounts, not classes.
MAX_CLASSES = 50


class Utility(NamedTuple):
    """Scores on real test rows of models fitted on three training sets.

    Attributes
    ----------
    synthetic, real, both : float
        Fitted on synthetic rows, on real rows, on real and synthetic rows together.
    ratio : float
        `synthetic` in proportion to `real`: 1 where synthetic rows teach as well as real ones. Of negative scores, such
        as negated errors, it is real / synthetic, so that higher stays better; where one of the two is positive and the
        other is not, it is 0 or infinite.
    """

    synthetic: float
    real: float
    both: float
    ratio: float


def train_on_synthetic(
    estimator, real, synthetic, test, *, target=None, scoring=None, categorical_features="from_dtype", random_state=0
):
    """Fit on synthetic rows, judge on real ones.

    Train on synthetic, test on real [1]_: `estimator` is fitted on synthetic, on real, and on both kinds of rows, and each
    of the three models is judged on the same real test rows.

    Parameters
    ----------
    estimator : scikit-learn classifier or regressor, or None
        It is cloned, and must take the X that it is given: for mixed columns a pipeline. None takes gradient-boosted trees
        on any columns, a classifier where the target holds labels or at most 50 distinct whole numbers, else a regressor.
    real, synthetic, test : frame, array or pair (X, y)
        Training rows, generated rows, and real rows that neither the model nor the sampler has seen. Pairs, or tables
        that hold the column `target`.
    target : str or int, default=None
        The name, in an array the position, of the column to predict. Needed where no pairs are given.
    scoring : str or callable, default=None
        As in scikit-learn. None is the estimator's own score; where `estimator` is None, the area under the ROC curve
        (one class against the rest, averaged over the classes of the test rows) or R2.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns of X that hold categories, beside those whose dtype says so; read where `estimator` is None.
    random_state : int, Generator, RandomState or None, default=0
        Seed of the default trees.

    Returns
    -------
    Utility
        A named tuple (synthetic, real, both, ratio). Higher is better, and `real` is what to reach.

    Raises
    ------
    ValueError
        A set without the target, or a training set of one class for an `estimator` that cannot take it.

    Notes
    -----
    A copy of the training rows teaches as well as they do: utility says nothing about privacy.

    References
    ----------
    .. [1] Esteban, Hyland and Rätsch, "Real-valued (medical) time series generation with recurrent conditional GANs",
       2017, section 4.1.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> from sklearn.linear_model import RidgeClassifier
    >>> from skgan.metrics import train_on_synthetic
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> sets = [(X[rows], y[rows]) for rows in (slice(0, 200), slice(200, 400), slice(400, None))]
    >>> train_on_synthetic(RidgeClassifier(), *sets).ratio > 0.9
    True
    """
    score = score_by_training_set(
        estimator,
        pair_of(real, target, "real"),
        pair_of(synthetic, target, "synthetic"),
        pair_of(test, target, "test"),
        scoring,
        categorical_features,
        random_state,
    )
    numbers = {kind: float(score(kind)) for kind in ("synthetic", "real", "both")}
    return Utility(**numbers, ratio=_ratio(numbers["synthetic"], numbers["real"]))


def score_by_training_set(
    estimator, real, synthetic, test, scoring=None, categorical_features="from_dtype", random_state=0
):
    """A function of the word "real", "synthetic" or "both" to the score on `test` of a model fitted on that.

    `real`, `synthetic` and `test` are pairs (X, y); the rest is as in `train_on_synthetic`.
    """
    if estimator is None:
        return _trees_score(real, synthetic, test, scoring, categorical_features, random_state)
    return _estimator_score(estimator, real, synthetic, test, scoring)


def _estimator_score(estimator, real, synthetic, test, scoring):
    """Of the user's estimator."""
    scorer = check_scoring(estimator, scoring=scoring)

    def score(kind):
        X, y = {"real": real, "synthetic": synthetic}.get(kind) or map(_stacked, real, synthetic)
        if is_classifier(estimator) and len(np.unique(np.asarray(y))) < 2:
            raise ValueError(
                f"the target of {kind} rows holds the one class {np.asarray(y).ravel()[0]!r}, from which a classifier "
                "learns nothing; pass rows of two classes, or estimator=None, whose trees then score as chance does."
            )
        return scorer(clone(estimator).fit(X, y), *test)

    return score


def _trees_score(real, synthetic, test, scoring, categorical_features, random_state):
    """Of boosted trees, on any columns and for any target."""
    X = [X for X, _ in (real, synthetic, test)]
    tables = read_tables(*X, names=("synthetic", "test"), categorical_features=categorical_features)
    real_X, synthetic_X, test_X = points(tables, "ranks")
    real_y, synthetic_y, test_y, is_class = _targets(*(y for _, y in (real, synthetic, test)))
    training = {
        "real": (real_X, real_y),
        "synthetic": (synthetic_X, synthetic_y),
        "both": (np.concatenate([real_X, synthetic_X]), np.concatenate([real_y, synthetic_y])),
    }
    seed = int(generator_of(random_state).integers(2**31))
    trees = (HistGradientBoostingClassifier if is_class else HistGradientBoostingRegressor)(
        early_stopping=False, random_state=seed
    )
    judge = check_scoring(trees, scoring=scoring) if scoring else (_one_against_the_rest if is_class else _r2)

    def score(kind):
        X, y = training[kind]
        model = DummyClassifier() if is_class and len(np.unique(y)) < 2 else clone(trees)
        return judge(model.fit(X, y), test_X, test_y)

    return score


def _targets(real, synthetic, test):
    """Three targets as arrays of classes' codes or of amounts, and which of the two they are."""
    if isinstance(real, Table):
        tables = real, synthetic, test
        form = real.form
    else:
        form = read_target(real, name="the target of real").form
        tables = [
            form.read_like(y, f"the target of {name}")
            for y, name in ((real, "real"), (synthetic, "synthetic"), (test, "test"))
        ]
    columns = [table.columns[0] for table in tables]
    for column, name in zip(columns, ("real", "synthetic", "test"), strict=True):
        if column.missing.any():
            raise ValueError(f"the target of {name} has {int(column.missing.sum())} gaps; drop those rows.")
    values = np.concatenate([column.values for column in columns])
    ends = np.cumsum([len(column.values) for column in columns])[:-1]
    if columns[0].kind == "categorical":
        values, is_class = values.astype(str), True
    else:
        known = np.unique(columns[0].values)
        is_class = not form.times[0] and len(known) <= MAX_CLASSES and bool((known == np.rint(known)).all())
    if is_class:
        return *np.split(np.unique(values, return_inverse=True)[1], ends), True
    return *np.split(values.astype(np.float64), ends), False


def _one_against_the_rest(model, X, y):
    """Area under the ROC curve of each class of y against the others, averaged; unknown classes have chance's 0.5."""
    probability = dict(zip(model.classes_, model.predict_proba(X).T, strict=True))
    classes = np.unique(y)
    if len(classes) < 2:
        raise ValueError("the target of test holds one class; pass test rows of at least two.")
    nothing = np.zeros(len(y))
    return np.mean([roc_auc_score(y == label, probability.get(label, nothing)) for label in classes])


def _r2(model, X, y):
    return r2_score(y, model.predict(X))


def _stacked(real, synthetic):
    """Rows of both, of the real ones' kind."""
    if isinstance(real, np.ndarray | list | tuple):
        return np.concatenate([np.asarray(real), np.asarray(synthetic)])
    table = read_target(real, name="real")
    other = table.form.read_like(synthetic, "synthetic")
    pairs = zip(table.columns, other.columns, strict=True)
    return table.form.rebuild(
        [(np.concatenate([a.values, b.values]), np.concatenate([a.missing, b.missing])) for a, b in pairs]
    )


def pair_of(given, target, name):
    """(X, y) of whatever a set was given as."""
    if isinstance(given, tuple) and len(given) == 2:
        return given
    if target is None:
        raise ValueError(
            f"{name} is no pair (X, y) and no target is named; pass target=, the name (in an array the position) of the "
            f"column to predict, or ({name}_X, {name}_y)."
        )
    if hasattr(given, "columns"):
        if target not in list(given.columns):
            raise ValueError(f"target={target!r} is no column of {name}; its columns are {list(given.columns)}.")
        return given.drop(columns=target) if hasattr(given, "iloc") else given.drop(target), given[target]
    given = np.asarray(given)
    if not (isinstance(target, int | np.integer) and given.ndim == 2 and -given.shape[1] <= target < given.shape[1]):
        raise ValueError(f"target={target!r} must be the position of a column of {name}, an array of shape {given.shape}.")
    return np.delete(given, target, axis=1), given[:, target]


def _ratio(synthetic, real):
    if synthetic == real:
        return 1.0
    if min(synthetic, real) > 0:
        return synthetic / real
    if max(synthetic, real) < 0:
        return real / synthetic
    return 0.0 if synthetic < real else float("inf")
