"""Can a classifier tell two tables apart?"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skgan._forked import one_openmp_thread_if_forked
from skgan._forms import Table, joint_matrix, read_like, read_table, read_tables
from skgan._random import generator_of
from skgan._registry import resolve
from skgan._validation import Flag, Whole, check_option
from skgan._warnings import warn
from skgan.exceptions import CopiesWarning

from ._extract import extract
from ._images import check_images_only, is_stack, read_images
from ._scales import MAX_AXES, points

# Limits to the rows and cells of each table, and smaller trees where there are many columns: one score takes about a
# second on one core.
MAX_ROWS = 10_000
MAX_CELLS = 1_000_000
N_FOLDS = 3
WIDE = 32
NARROW_TREES = {"max_iter": 60, "learning_rate": 0.1, "max_leaf_nodes": 31, "max_bins": 255}
WIDE_TREES = {"max_iter": 20, "learning_rate": 0.2, "max_leaf_nodes": 15, "max_bins": 64}
LOGISTIC = {"C": 0.1, "max_iter": 1_000}
MAX_COMPONENTS = 24


class TwoSample(NamedTuple):
    """The result of `two_sample_test`.

    Attributes
    ----------
    auc : float
        AUC on held-out rows: 0.5 if the classifier cannot tell the tables apart, 1 if it always can.
    score : float
        ``1 - 2 * max(auc - 0.5, 0)``: 1 is best.
    copies : bool
        Whether the AUC is so far below 0.5 that synthetic rows must be copies of real ones.
    n_real, n_synthetic : int
        Numbers of rows that were compared.
    """

    auc: float
    score: float
    copies: bool
    n_real: int
    n_synthetic: int


def two_sample_test(
    X_real,
    X_synthetic,
    *,
    classifier="boosting",
    paired=False,
    max_rows=MAX_ROWS,
    categorical_features="from_dtype",
    channel_axis=None,
    random_state=0,
):
    """Can a classifier tell synthetic rows from real ones that it was not fitted on?

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), stack of images or Table
        Real rows that the sampler was not fitted on.
    X_synthetic : the same, n_synthetic rows
    classifier : {"boosting", "logistic", "quadratic"} or scikit-learn classifier, default="boosting"
        "boosting" finds differences of any kind. "logistic" finds differences in the mean of a column or in the
        frequency of a category. "quadratic" finds these, and differences in variances and correlations. A scikit-learn
        classifier gets the same input as "logistic": numbers as their rank among the real ones (0 to 1), categories as
        corners of a simplex. It is cloned, and seeded where its random_state is None.
    paired : bool, default=False
        Whether row i of both was drawn for the same condition. Such pairs are held out together: otherwise a classifier
        that was fitted on one row of a pair would recognise the other by its condition, and predict the wrong class.
    max_rows : int or None, default=10000
        At most this many rows of each are compared, drawn at random, and at most 1,000,000 cells of each (2,000,000 for
        classifiers other than "boosting"), which means fewer rows where there are more than 100 columns (200 axes).
        None compares all.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    channel_axis : {None, 1, 3, -1}, default=None
        For images with four dimensions, the axis of the channels. None is an axis of 1, 3 or 4.
    random_state : int, Generator, RandomState or None, default=0
        For the choice of rows, the folds and the classifier.

    Returns
    -------
    TwoSample
        ``auc``, ``score``, ``copies``, ``n_real``, ``n_synthetic``.

    Raises
    ------
    ValueError, TypeError
        A parameter that is not allowed, or rows that cannot be read.

    See Also
    --------
    detection_score : The score alone.

    Notes
    -----
    Let :math:`\\hat p(x)` be the predicted probability that x is real, by a classifier that is fitted on the two thirds
    of the rows that do not contain x. The AUC is the probability that this is higher for a real row than for a
    synthetic one,

    .. math:: P(\\hat p(x_r) > \\hat p(x_s)) + \\tfrac12 P(\\hat p(x_r) = \\hat p(x_s)), \\quad
        \\mathrm{score} = 1 - 2 \\max(\\mathrm{AUC} - \\tfrac12, 0).

    The score lies in [0, 1]; higher is better. It varies by chance: two samples of n rows each from one distribution
    score 1 with a deviation of about ``1 / sqrt(n)``, so scores of fewer than a hundred rows say little. The score is 1
    where real or synthetic rows are a single row, or where all rows are equal.

    An AUC well below 0.5 (by 0.05 and by 5 standard errors) is a sign of copies: if the equal real row is in the
    training folds, a held-out copy is predicted to be real, which is wrong. Trees, which memorise rows, show this best,
    and only for copies whose real row is among the rows that are compared. "logistic" shows it only for few rows, and
    copies within a pair (`paired`) never show it.

    "quadratic" is a logistic regression on the axes and on all products of pairs of their first whitened principal
    components (at most 24), which are computed from the training folds. For "boosting", images become the principal
    components of both stacks together; for the other classifiers each pixel is a column.

    References
    ----------
    D. Lopez-Paz and M. Oquab (2017). Revisiting classifier two-sample tests. ICLR.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import two_sample_test
    >>> rng = np.random.default_rng(0)
    >>> X_real, X_synthetic = rng.normal(size=(500, 2)), rng.normal(size=(500, 2))
    >>> bool(two_sample_test(X_real, X_synthetic).score > 0.8)
    True
    >>> two_sample_test(X_real, X_synthetic + 10, classifier="logistic")
    TwoSample(auc=1.0, score=0.0, copies=False, n_real=500, n_synthetic=500)
    """
    check_option("paired", paired, Flag())
    check_option("max_rows", max_rows, Whole(2, (None,)))
    kind = _kind_of(classifier)
    check_images_only(channel_axis, X_real, "X_real")
    if is_stack(X_real):
        X_real, X_synthetic = _as_tables(X_real, X_synthetic, channel_axis, kind, random_state)
    real, synthetic = read_tables(X_real, X_synthetic, categorical_features=categorical_features)
    return _compare(real, synthetic, kind, paired, max_rows, random_state)


def detection_score(real, synthetic, *, classifier="boosting", paired=False, random_state=0):
    """How hard it is to tell synthetic rows from real ones: 1 if a classifier cannot do it, 0 if it always can.

    Parameters
    ----------
    real, synthetic : array-like or frame of shape (n_rows, n_columns), or Table
        `real` should be rows that the sampler was not fitted on.
    classifier : {"boosting", "logistic", "quadratic"} or scikit-learn classifier, default="boosting"
        As in `two_sample_test`.
    paired : bool, default=False
        Whether row i of both was drawn for the same condition, as in `two_sample_test`.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    float
        The score of `two_sample_test`, in [0, 1]; higher is better.

    Warns
    -----
    CopiesWarning
        The AUC is well below 0.5, which means that `synthetic` contains copies of rows of `real`.

    See Also
    --------
    two_sample_test : The score with the AUC and the number of rows; its Notes define the score.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import detection_score
    >>> X = np.random.default_rng(0).normal(size=(500, 2))
    >>> detection_score(X, X + 10)
    0.0
    """
    real = real if isinstance(real, Table) else read_table(real, name="real")
    synthetic = read_like(real.form, synthetic, "synthetic", real_name="real")
    test = _compare(real, synthetic, _kind_of(classifier), paired, MAX_ROWS, random_state)
    _warn_of_copies(test)
    return test.score


def classifier_auc(real, synthetic, *, classifier="boosting", paired=False, random_state=0):
    """AUC of a classifier that tells real from synthetic rows, pooled over held-out folds.

    Parameters
    ----------
    real, synthetic : Table
    classifier : {"boosting", "logistic", "quadratic"} or scikit-learn classifier, default="boosting"
        As in `two_sample_test`.
    paired : bool, default=False
        Whether row i of both was drawn for the same condition, as in `two_sample_test`.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    float
        0.5 where a table has a single row, or where all rows are equal.

    Warns
    -----
    CopiesWarning
        As in `detection_score`.

    See Also
    --------
    two_sample_test : The AUC and the score for arrays, frames and images.
    """
    test = _compare(real, synthetic, _kind_of(classifier), paired, MAX_ROWS, random_state)
    _warn_of_copies(test)
    return test.auc


def _warn_of_copies(test):
    if test.copies:
        warn(
            f"A classifier is wrong more often than by chance (AUC {test.auc:.2f}): synthetic rows are copies of the "
            "real rows. Compare them with real rows that the sampler was not fitted on.",
            CopiesWarning,
        )


def _as_tables(X_real, X_synthetic, channel_axis, kind, random_state):
    """Images as rows: principal components of both stacks for trees, which are slow on many pixels; else pixels."""
    stacks = read_images(X_real, X_synthetic, channel_axis=channel_axis)
    both = np.concatenate(stacks)
    if kind is CLASSIFIERS["boosting"] and (both != both[0]).any():
        # As grey images, because their channels are found already.
        both = both.reshape(len(both), -1, both.shape[3])
        (both,) = extract(both, names=(), features="pca", random_state=random_state)
        return both[: len(stacks[0])], both[len(stacks[0]) :]
    return [stack.reshape(len(stack), -1).astype(np.float32) for stack in stacks]


def _compare(real, synthetic, kind, paired, max_rows, random_state):
    """The TwoSample of two Tables."""
    if paired and real.n_rows != synthetic.n_rows:
        raise ValueError(
            f"paired=True means that row i of both tables was drawn for the same condition, but these have "
            f"{real.n_rows} and {synthetic.n_rows} rows; pass equally many rows."
        )
    rng = generator_of(random_state)
    n_columns = kind.n_columns(real, synthetic)
    rows_real = _sampled_rows(real.n_rows, n_columns, rng, max_rows)
    rows_synthetic = rows_real if paired else _sampled_rows(synthetic.n_rows, n_columns, rng, max_rows)
    n_real, n_synthetic = len(rows_real), len(rows_synthetic)
    problem = kind.problem(real, synthetic, rows_real, rows_synthetic)
    is_real = np.repeat([1, 0], [n_real, n_synthetic])
    varies = np.array([len(np.unique(axis)) > 1 for axis in problem.X.T])
    if min(n_real, n_synthetic) < 2 or not varies.any():
        return TwoSample(0.5, 1.0, False, n_real, n_synthetic)
    seed = int(rng.integers(2**31))
    fold_of_real = _folds(n_real, rng)
    fold = np.concatenate([fold_of_real, fold_of_real if paired else _folds(n_synthetic, rng)])

    def auc_of(axes):
        model = _seeded(problem.classifier_of(axes), seed)
        return float(roc_auc_score(is_real, _cross_validated_scores(model, problem.X[:, axes], is_real, fold)))

    def looks_copied(auc):
        return _looks_copied(auc, n_real, n_synthetic)

    auc = auc_of(varies)
    copies = looks_copied(auc)
    if copies:
        # A column of row numbers lowers the AUC too, even if no row is copied.
        is_key = np.array([_is_key(column, rows_real) for column in real.columns])
        others = varies & ~is_key[problem.column]
        copies = others.any() and looks_copied(auc_of(others))
    return TwoSample(auc, 1.0 - 2.0 * max(auc - 0.5, 0.0), bool(copies), n_real, n_synthetic)


class ClassifierKind(NamedTuple):
    """How a kind of classifier compares two tables.

    Attributes
    ----------
    n_columns : callable
        Function of both Tables: the cost of a row for this classifier, as an equivalent number of columns for trees.
    problem : callable
        Function of both Tables, and of the positions of the rows that are compared: a Problem.
    """

    n_columns: Callable
    problem: Callable


class Problem(NamedTuple):
    """A classification problem, and the classifier that solves it.

    Attributes
    ----------
    X : ndarray of shape (n_real + n_synthetic, n_axes)
        The real rows come first.
    column : ndarray of int, shape (n_axes,)
        The column of the table that an axis belongs to.
    classifier_of : callable
        Function of a mask of axes (n_axes,): an unfitted classifier for these.
    """

    X: np.ndarray
    column: np.ndarray
    classifier_of: Callable


def _boosting(real, synthetic, rows_real, rows_synthetic):
    """The Problem for boosted trees, which handle categories and missing values themselves."""
    trees = NARROW_TREES if len(real.columns) <= WIDE else WIDE_TREES
    A, B, categorical = joint_matrix(real, synthetic, max_categories=trees["max_bins"] - 5)
    X = np.concatenate([A[rows_real], B[rows_synthetic]])
    smallest_leaf = int(np.clip(len(X) // 20, 1, 20))

    def classifier_of(axes):
        return HistGradientBoostingClassifier(
            **trees, min_samples_leaf=smallest_leaf, early_stopping=False, categorical_features=categorical[axes]
        )

    return Problem(X, np.arange(len(categorical)), classifier_of)


def _n_columns(real, synthetic):
    return len(real.columns)


def _half_the_axes(real, synthetic):
    """Half the number of axes of `points`."""
    n_axes = 0
    for a, b in zip(real.columns, synthetic.columns):
        if a.kind == "categorical":
            n_axes += min(len({*a.values.tolist(), *b.values.tolist()}), MAX_AXES)
        else:
            n_axes += 1 + bool(a.missing.any() or b.missing.any())
    return max(n_axes // 2, 1)


def _kind_on_points(make):
    """The kind of classifiers, made by ``make()``, that are fitted on `points`."""

    def problem(real, synthetic, rows_real, rows_synthetic):
        tables = real.take(rows_real), synthetic.take(rows_synthetic)
        blocks = [
            np.concatenate(points([Table(real.form, (column,), len(column.values)) for column in columns], "ranks"))
            for columns in zip(*(table.columns for table in tables))
        ]
        column = np.repeat(np.arange(len(blocks)), [block.shape[1] for block in blocks])
        return Problem(np.concatenate(blocks, axis=1).astype(np.float64), column, lambda axes: make())

    return ClassifierKind(_half_the_axes, problem)


def _logistic():
    return make_pipeline(StandardScaler(), LogisticRegression(**LOGISTIC))


def _quadratic():
    return make_pipeline(WithProducts(), StandardScaler(), LogisticRegression(**LOGISTIC))


class WithProducts(TransformerMixin, BaseEstimator):
    """The axes, and all products of pairs of their first whitened principal components."""

    def fit(self, X, y=None):
        # At most one product per four rows.
        n_components = int(np.clip(np.sqrt(len(X) / 2), 1, MAX_COMPONENTS))
        self.mean_ = X.mean(axis=0)
        variances, axes = _principal_axes(X - self.mean_)
        kept = (variances > 1e-8 * variances[-1]) & (np.arange(len(variances)) >= len(variances) - n_components)
        self.whitening_ = axes[:, kept] / np.sqrt(variances[kept])
        return self

    def transform(self, X):
        components = (X - self.mean_) @ self.whitening_
        i, j = np.triu_indices(components.shape[1])
        return np.hstack([X, components[:, i] * components[:, j]])


def _principal_axes(centred):
    """Ascending variances and axes (columns) of centred rows (n, n_axes), from the smaller of the two Gram matrices."""
    n, n_axes = centred.shape
    if n_axes <= n:
        return np.linalg.eigh(centred.T @ centred / n)
    variances, weights = np.linalg.eigh(centred @ centred.T / n)
    lengths = np.sqrt(n * np.maximum(variances, np.finfo(np.float64).tiny))
    return variances, centred.T @ weights / lengths


CLASSIFIERS = {
    "boosting": ClassifierKind(_n_columns, _boosting),
    "logistic": _kind_on_points(_logistic),
    "quadratic": _kind_on_points(_quadratic),
}


def _kind_of(classifier):
    """The ClassifierKind of a name in CLASSIFIERS, or of the user's own classifier."""
    if isinstance(classifier, str):
        return resolve("classifier", classifier, CLASSIFIERS, also="a scikit-learn classifier")
    has_scores = hasattr(classifier, "predict_proba") or hasattr(classifier, "decision_function")
    if isinstance(classifier, type) or not (has_scores and hasattr(classifier, "get_params")):
        known = ", ".join(repr(word) for word in CLASSIFIERS)
        raise TypeError(
            f"classifier={classifier!r} must be one of {known}, or an instance of a scikit-learn classifier that has "
            "predict_proba or decision_function."
        )
    return _kind_on_points(lambda: clone(classifier))


def _seeded(model, seed):
    """The model with a seed for each random_state that is None."""
    unset = [
        name
        for name, value in model.get_params().items()
        if (name == "random_state" or name.endswith("__random_state")) and value is None
    ]
    return model.set_params(**dict.fromkeys(unset, seed))


def _sampled_rows(n_rows, n_columns, rng, max_rows=MAX_ROWS):
    """Positions of the rows that are compared."""
    if max_rows is None:
        return np.arange(n_rows)
    n = min(max_rows, max(MAX_CELLS // n_columns, 2))
    return np.arange(n_rows) if n_rows <= n else rng.choice(n_rows, n, replace=False)


def _folds(n, rng):
    """The fold (n,) of each row; folds have nearly equal sizes."""
    return rng.permutation(n) % min(N_FOLDS, n)


@one_openmp_thread_if_forked()
def _cross_validated_scores(model, X, is_real, fold):
    """The score (n,) for being real that each row gets from the model fitted on the other folds."""
    scores = np.empty(len(X))
    for k in np.unique(fold):
        held_out = fold == k
        # scikit-learn's trees fail on a column whose values are all missing; it carries no information anyway.
        filled = np.where(np.isnan(X[~held_out]).all(axis=0), 0.0, X)
        model.fit(filled[~held_out], is_real[~held_out])
        scores[held_out] = _scores(model, filled[held_out])
    return scores


def _scores(model, X):
    return model.predict_proba(X)[:, 1] if hasattr(model, "predict_proba") else model.decision_function(X)


def _looks_copied(auc, n_real, n_synthetic):
    """Whether the AUC is far below 0.5: a held-out copy is predicted to be of the class of its original, wrongly."""
    # The standard deviation of the AUC by chance.
    deviation = np.sqrt((n_real + n_synthetic + 1) / (12 * n_real * n_synthetic))
    return auc < 0.5 - max(0.05, 5 * deviation)


def _is_key(column, rows):
    """Whether a column identifies rows: it holds integers or categories, all different."""
    values = column.values[rows]
    if column.missing[rows].any() or len(set(values.tolist())) < len(values):
        return False
    return column.kind == "categorical" or bool((values == np.rint(values)).all())
