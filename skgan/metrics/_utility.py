"""Utility: how good is a model that was fitted on synthetic rows?"""

from collections import Counter
from typing import NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd
from sklearn.base import clone, is_classifier
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import check_scoring, r2_score, roc_auc_score

from skgan._forked import one_openmp_thread_if_forked
from skgan._forms import Table, joint_matrix, read_tables, read_target
from skgan._random import generator_of

# A target of integers with more distinct values is continuous; of more labels, the rarest share one class.
MAX_CLASSES = 50
# Each class has its own trees, so each gets fewer trees the more classes there are.
MAX_TREES, MIN_TREES, TREES_OF_ALL_CLASSES = 100, 10, 400


class Utility(NamedTuple):
    """The result of `train_on_synthetic`: scores, on real test rows, of models fitted on three training sets.

    Attributes
    ----------
    synthetic, real, both : float
        Score of the model fitted on synthetic rows, on real rows, and on real and synthetic rows together.
    ratio : float
        `synthetic` divided by `real`: 1 where synthetic rows are as useful as real ones. For negative scores, such as
        negated errors, it is real / synthetic, so that higher is better; where only one of the two is positive, it is 0
        or infinite.
    """

    synthetic: float
    real: float
    both: float
    ratio: float


def train_on_synthetic(
    estimator, real, synthetic, test, *, target=None, scoring=None, categorical_features="from_dtype", random_state=0
):
    """Fit an estimator on synthetic rows, and score it on real ones.

    Train on synthetic, test on real [1]_: `estimator` is fitted on synthetic rows, on real rows, and on both together,
    and each of the three models is scored on the same real test rows.

    Parameters
    ----------
    estimator : scikit-learn classifier or regressor, or None
        It is cloned, and must be able to use the given X; for columns of mixed types, pass a pipeline. None means
        gradient-boosted trees, for any columns: a classifier where the real target holds labels or at most 50 distinct
        integers, else a regressor. Of more than 50 labels, the rarest share one class.
    real, synthetic, test : frame, array or pair (X, y)
        Training rows, synthetic rows, and real rows that neither the model nor the sampler was fitted on; as pairs, or
        as tables that contain the column `target`.
    target : str or int, default=None
        The name, in an array the position, of the column to predict. It is required unless pairs are given. Rows in
        which it is missing are left out.
    scoring : str or callable, default=None
        As in scikit-learn. None is the estimator's own score. Where `estimator` is None too, it is the area under the
        ROC curve for classes (one versus the rest, averaged over the classes of the test rows; a class that is not in
        the training rows has 0.5), and R² for numbers.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns of X that hold categories, beside those whose dtype says so; used where `estimator` is None.
    random_state : int, Generator, RandomState or None, default=0
        Seed of the default trees.

    Returns
    -------
    Utility
        A named tuple (synthetic, real, both, ratio). Higher is better, and `real` is the score to reach.

    Raises
    ------
    ValueError
        A set has no target, or a target with missing values; a training set has a single class, for a classifier of
        your own; or the target of the test rows is constant.

    See Also
    --------
    make_utility_scorer : This metric as a scorer of samplers.

    Notes
    -----
    With the score :math:`s(A)`, on the test rows, of the estimator fitted on the rows A, the ratio is

    .. math:: \\mathrm{ratio} = s(\\mathrm{synthetic}) / s(\\mathrm{real}).

    An area under the ROC curve lies in [0, 1] and is 0.5 for a random guess. An R² is at most 1, and 0 for a model that
    predicts the mean. The ratio has no bounds, and 1 means as good as real rows. A larger number of rows is more
    useful, so pass as many synthetic as real rows. A copy of the training rows is as useful as these are: utility says
    nothing about privacy.

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
    """A function that returns the score on `test` of a model fitted on "real", "synthetic" or "both" rows.

    `real`, `synthetic` and `test` are pairs (X, y); the other parameters are those of `train_on_synthetic`.
    """
    if estimator is None:
        return _trees_score(real, synthetic, test, scoring, categorical_features, random_state)
    return _estimator_score(estimator, real, synthetic, test, scoring)


def _estimator_score(estimator, real, synthetic, test, scoring):
    """The function of `score_by_training_set` for the user's estimator."""
    scorer = check_scoring(estimator, scoring=scoring)

    @one_openmp_thread_if_forked()
    def score(kind):
        X, y = {"real": real, "synthetic": synthetic}.get(kind) or map(_stacked, real, synthetic)
        classes = {*np.ravel(np.asarray(y)).tolist()}
        if is_classifier(estimator) and len(classes) < 2:
            raise ValueError(
                f"The target of {kind} rows has the single class {classes.pop()!r}, but a classifier needs two; pass "
                "rows of two classes, or estimator=None, which then predicts this class."
            )
        try:
            return scorer(clone(estimator).fit(X, y), *test)
        except ValueError as error:
            error.add_note(f"This error was raised by the estimator that was fitted on {kind} rows.")
            raise

    return score


def _trees_score(real, synthetic, test, scoring, categorical_features, random_state):
    """The function of `score_by_training_set` for boosted trees, on any columns and for any target."""
    X = [X for X, _ in (real, synthetic, test)]
    tables = read_tables(*X, names=("synthetic", "test"), categorical_features=categorical_features)
    real_X, others, categorical = joint_matrix(tables[0], tables[1].above(tables[2]))
    synthetic_X, test_X = np.split(others, [tables[1].n_rows])
    (real_y, synthetic_y, test_y), is_class = _targets([y for _, y in (real, synthetic, test)])
    training = {
        "real": (real_X, real_y),
        "synthetic": (synthetic_X, synthetic_y),
        "both": (np.concatenate([real_X, synthetic_X]), np.concatenate([real_y, synthetic_y])),
    }
    seed = int(generator_of(random_state).integers(2**31))
    default_score = _mean_auc if is_class else _r2

    @one_openmp_thread_if_forked()
    def score(kind):
        X, y = training[kind]
        # scikit-learn's trees fail on a column whose values are all missing; it carries no information anyway.
        is_empty = np.isnan(X).all(axis=0)
        model = _trees(y, is_class, categorical, seed).fit(np.where(is_empty, 0.0, X), y)
        scorer = check_scoring(model, scoring=scoring) if scoring else default_score
        return scorer(model, np.where(is_empty, 0.0, test_X), test_y)

    return score


def _trees(y, is_class, categorical, seed):
    """Trees for this target; for a single class, a model that always predicts it."""
    n_classes = len(np.unique(y)) if is_class else 1
    if is_class and n_classes < 2:
        return DummyClassifier()
    return (HistGradientBoostingClassifier if is_class else HistGradientBoostingRegressor)(
        max_iter=int(np.clip(TREES_OF_ALL_CLASSES // n_classes, MIN_TREES, MAX_TREES)),
        min_samples_leaf=int(np.clip(len(y) // 20, 1, 20)),
        categorical_features=categorical,
        early_stopping=False,
        random_state=seed,
    )


def _targets(given):
    """The targets of real, synthetic and test rows as arrays of codes or numbers, and whether they are classes."""
    names = [f"the target of {name}" for name in ("real", "synthetic", "test")]
    real = given[0] if isinstance(given[0], Table) else read_target(given[0], name=names[0])
    tables = [y if isinstance(y, Table) else real.form.read_like(y, name) for y, name in zip(given, names, strict=True)]
    if len(real.columns) > 1:
        raise ValueError(
            f"{names[0]} has {len(real.columns)} columns, but the default trees predict one; pass one of them, or an "
            "estimator that predicts several."
        )
    columns = [table.columns[0] for table in tables]
    for column, name in zip(columns, names, strict=True):
        if column.missing.any():
            raise ValueError(f"{name} has {int(column.missing.sum())} missing values; drop those rows.")
    real, synthetic, test = (column.values for column in columns)
    if len({*test.tolist()}) < 2:
        raise ValueError(
            f"{names[2]} has the single value {test.tolist()[0]!r}, so no model can be scored; pass test rows whose "
            "target varies."
        )
    if columns[0].kind == "categorical" or (not tables[0].form.times[0] and _are_codes(real)):
        return _classes(real, synthetic, test), True
    return [values.astype(np.float64) for values in (real, synthetic, test)], False


def _are_codes(numbers):
    known = np.unique(numbers)
    return len(known) <= MAX_CLASSES and bool((known == np.rint(known)).all())


def _classes(real, synthetic, test):
    """Labels as codes. The rarest, beyond MAX_CLASSES, share one code with labels that only synthetic rows have."""
    counts = Counter(real.tolist() + test.tolist())
    known = sorted(counts, key=lambda label: (-counts[label], repr(label)))[:MAX_CLASSES]
    # In the order of the labels, so that scikit-learn's positive class is the larger one of two labels.
    code = {label: position for position, label in enumerate(sorted(known, key=_sort_key))}
    return [np.array([code.get(label, len(known)) for label in y.tolist()]) for y in (real, synthetic, test)]


def _sort_key(label):
    return (isinstance(label, str), label)


def _mean_auc(model, X, y):
    """Mean area under the ROC curve of each class of y versus the rest."""
    probability = dict(zip(model.classes_, model.predict_proba(X).T, strict=True))
    zeros = np.zeros(len(y))
    return np.mean([roc_auc_score(y == label, probability.get(label, zeros)) for label in np.unique(y)])


def _r2(model, X, y):
    return r2_score(y, model.predict(X))


def _stacked(real, synthetic):
    """Real rows and synthetic rows below them, in the container of the real rows."""
    if isinstance(real, np.ndarray | list | tuple):
        return np.concatenate([np.asarray(real), np.asarray(synthetic)])
    table = read_target(real, name="real")
    both = table.above(table.form.read_like(synthetic, "synthetic"))
    return table.form.rebuild([(column.values, column.missing) for column in both.columns])


def pair_of(given, target, name):
    """(X, y) from a pair or from a table that contains the target."""
    if isinstance(given, tuple) and len(given) == 2:
        return given
    if target is None:
        raise ValueError(
            f"{name} is not a pair (X, y) and target is None; pass target=, the name (in an array the position) of "
            f"the column to predict, or ({name}_X, {name}_y)."
        )
    names = _names(given)
    if target not in names:
        raise ValueError(f"target={target!r} is not a column of {name}; its columns are {list(names)}.")
    if isinstance(given, Table):
        position = names.index(target)
        given = given.take(np.flatnonzero(_known(given.select([position]), name)))
        return given.select([j for j in range(len(names)) if j != position]), given.select([position])
    if isinstance(given, pd.DataFrame):
        given = given[_known(given[target], name)]
        return given.drop(columns=target), given[target]
    if hasattr(given, "columns"):
        frame = nw.from_native(given, eager_only=True)
        frame = frame.filter(_known(frame[target].to_native(), name).tolist())
        return frame.drop(target).to_native(), frame[target].to_native()
    given = np.asarray(given)
    given = given[_known(given[:, target], name)]
    y = given[:, target]
    # scikit-learn needs a column of objects that are all numbers as a numeric array.
    return np.delete(given, target, axis=1), np.array(y.tolist()) if y.dtype == object else y


def _known(y, name):
    """Whether the target of each row is known, shape (n,)."""
    table = y if isinstance(y, Table) else read_target(y, name=f"the target of {name}")
    known = ~table.columns[0].missing
    if not known.any():
        raise ValueError(f"all values of the target of {name} are missing; name another column.")
    return known


def _names(given):
    """Names of the columns; positions for an array."""
    if isinstance(given, Table):
        return list(given.form.names)
    if hasattr(given, "columns"):
        return list(nw.from_native(given, eager_only=True).columns)
    return list(range(np.shape(given)[1] if np.ndim(given) == 2 else 0))


def _ratio(synthetic, real):
    if synthetic == real:
        return 1.0
    if min(synthetic, real) > 0:
        return synthetic / real
    if max(synthetic, real) < 0:
        return real / synthetic
    return 0.0 if synthetic < real else float("inf")
