"""Can a classifier tell two tables apart?"""

import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skgan._forms import Table, joint_matrix, read_like, read_table, read_tables
from skgan._random import generator_of
from skgan._registry import resolve
from skgan._validation import Flag, Whole, check_option
from skgan.exceptions import CopiesWarning

from ._extract import extract
from ._images import is_stack, read_images
from ._scales import MAX_AXES, points

# The cost of one score stays near a second on one core: at most so many rows and cells of each table, and
# smaller trees where there are many columns.
MAX_ROWS = 10_000
MAX_CELLS = 1_000_000
N_FOLDS = 3
WIDE = 32
NARROW_TREES = {"max_iter": 60, "learning_rate": 0.1, "max_leaf_nodes": 31, "max_bins": 255}
WIDE_TREES = {"max_iter": 20, "learning_rate": 0.2, "max_leaf_nodes": 15, "max_bins": 64}
LOGISTIC = {"C": 0.1, "max_iter": 1_000}
MAX_COMPONENTS = 24


class TwoSample(NamedTuple):
    """How well a classifier tells two tables apart.

    Attributes
    ----------
    auc : float
        Of held-out rows: 0.5 if the classifier cannot tell them apart, 1 if it always can.
    score : float
        ``1 - 2 * max(auc - 0.5, 0)``: 1 is best.
    copies : bool
        Whether the AUC lies so far below 0.5 that synthetic rows must be copies of real ones.
    n_real, n_synthetic : int
        Rows that were looked at.
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
    random_state=0,
):
    """Can a classifier tell synthetic rows from real ones that it was not fitted on?

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), stack of images or Table
        Rows that the sampler was not fitted on.
    X_synthetic : the same, n_synthetic rows
    classifier : {"boosting", "logistic", "quadratic"} or scikit-learn classifier, default="boosting"
        "boosting" finds differences of any kind; "logistic" those in the mean of a column or in how often a level
        comes; "quadratic" these, and those in spreads and correlations. A classifier is shown what "logistic" is:
        numbers as their place among the real ones (0 to 1), levels as corners of a simplex. It is cloned, and seeded
        where its random_state is None.
    paired : bool, default=False
        Whether row i of either was drawn for the same condition. Such twins are held out together: a classifier that
        had seen one of them would know the other by its condition, and take it for what it is not.
    max_rows : int or None, default=10000
        At most so many rows of each are looked at, and at most 1,000,000 cells (2,000,000 where levels are corners), so
        fewer rows where there are more than 100 columns (200 axes). None looks at all.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so.
    random_state : int, Generator, RandomState or None, default=0
        For the rows that are looked at, the folds and the classifier.

    Returns
    -------
    TwoSample
        ``auc``, ``score``, ``copies``, ``n_real``, ``n_synthetic``.

    Raises
    ------
    ValueError, TypeError
        A parameter that is not allowed, or X that cannot be read.

    See Also
    --------
    detection_score : The score alone.

    Notes
    -----
    With :math:`\\hat p(x)` the classifier's probability of being real, fitted without the third of the rows that x is
    in, the AUC is the chance that a real row looks more real than a synthetic one,

    .. math:: P(\\hat p(x_r) > \\hat p(x_s)) + \\tfrac12 P(\\hat p(x_r) = \\hat p(x_s)), \\quad
        \\mathrm{score} = 1 - 2 \\max(\\mathrm{AUC} - \\tfrac12, 0).

    The score lies in [0, 1], higher is better. Chance alone moves it: two samples of n rows each from one distribution
    score 1 give or take about ``1 / sqrt(n)``, so that a score of fewer than a hundred rows says little. A single row
    of either, or nothing that varies, scores 1.

    An AUC well below 0.5 (by 0.05 and by 5 standard errors) is the mark of copies: a held-out copy is taken for what
    its twin in training was, which is the wrong class. Trees that remember rows show it best, and only copies whose
    twins are among the rows looked at; "logistic" shows it for few rows only, and twins that are `paired` never do.

    "quadratic" is a logistic regression on the axes and on all products of pairs of their first whitened principal
    components (at most 24), which are found anew without each fold. Images are shown to "boosting" as the principal
    components of both stacks together, to the others pixel by pixel.

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
    judge = _judge(classifier)
    if is_stack(X_real):
        X_real, X_synthetic = _as_tables(X_real, X_synthetic, judge, random_state)
    real, synthetic = read_tables(X_real, X_synthetic, categorical_features=categorical_features)
    return _compare(real, synthetic, judge, paired, max_rows, random_state)


def detection_score(real, synthetic, *, classifier="boosting", paired=False, random_state=0):
    """How well `synthetic` hides among `real`: 1 if a classifier cannot tell them apart, 0 if it always can.

    Parameters
    ----------
    real, synthetic : array-like or frame of shape (n_rows, n_columns), or Table
        `real` should be rows that the sampler was not fitted on.
    classifier : {"boosting", "logistic", "quadratic"} or scikit-learn classifier, default="boosting"
        As in `two_sample_test`.
    paired : bool, default=False
        Whether row i of either was drawn for the same condition, as in `two_sample_test`.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    float
        The score of `two_sample_test`, in [0, 1]; higher is better.

    Warns
    -----
    CopiesWarning
        An AUC well below 0.5 means that `synthetic` holds copies of rows of `real`.

    See Also
    --------
    two_sample_test : The same with its AUC and the number of rows; its Notes say what the score is.

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
    test = _compare(real, synthetic, _judge(classifier), paired, MAX_ROWS, random_state)
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
        Whether row i of either was drawn for the same condition, as in `two_sample_test`.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    float
        0.5 where either table has a single row, or where nothing varies.

    Warns
    -----
    CopiesWarning
        As in `detection_score`.

    See Also
    --------
    two_sample_test : The same for X of any kind, with the score.
    """
    test = _compare(real, synthetic, _judge(classifier), paired, MAX_ROWS, random_state)
    _warn_of_copies(test)
    return test.auc


def _warn_of_copies(test):
    if test.copies:
        warnings.warn(
            f"A classifier is wrong more often than chance (AUC {test.auc:.2f}): synthetic rows are copies of the "
            "rows they are compared with. Compare with rows that the sampler was not fitted on.",
            CopiesWarning,
            stacklevel=3,
        )


def _as_tables(X_real, X_synthetic, judge, random_state):
    """Images as rows: components of both stacks together for trees, which are slow on pixels; else pixels."""
    stacks = read_images(X_real, X_synthetic)
    both = np.concatenate(stacks)
    if judge is CLASSIFIERS["boosting"] and (both != both[0]).any():
        (both,) = extract(both, names=(), features="pca", random_state=random_state)
        return both[: len(stacks[0])], both[len(stacks[0]) :]
    return [stack.reshape(len(stack), -1).astype(np.float32) for stack in stacks]


def _compare(real, synthetic, judge, paired, max_rows, random_state):
    """The TwoSample of two Tables."""
    if paired and real.n_rows != synthetic.n_rows:
        raise ValueError(
            f"paired=True takes row i of both tables for the same condition, but these have {real.n_rows} and "
            f"{synthetic.n_rows} rows; pass as many of either."
        )
    rng = generator_of(random_state)
    width = judge.width(real, synthetic)
    rows_real = _some_rows(real.n_rows, width, rng, max_rows)
    rows_synthetic = rows_real if paired else _some_rows(synthetic.n_rows, width, rng, max_rows)
    n_real, n_synthetic = len(rows_real), len(rows_synthetic)
    contest = judge.contest(real, synthetic, rows_real, rows_synthetic)
    is_real = np.repeat([1, 0], [n_real, n_synthetic])
    varies = np.array([len(np.unique(axis)) > 1 for axis in contest.X.T])
    if min(n_real, n_synthetic) < 2 or not varies.any():
        return TwoSample(0.5, 1.0, False, n_real, n_synthetic)
    seed = int(rng.integers(2**31))
    fold_of_real = _folds(n_real, rng)
    fold = np.concatenate([fold_of_real, fold_of_real if paired else _folds(n_synthetic, rng)])

    def auc_of(axes):
        model = _seeded(contest.classifier_of(axes), seed)
        return float(roc_auc_score(is_real, _held_out_reality(model, contest.X[:, axes], is_real, fold)))

    def looks_copied(auc):
        return _looks_copied(auc, n_real, n_synthetic)

    auc = auc_of(varies)
    copies = looks_copied(auc)
    if copies:
        # A column that numbers the rows lowers the AUC too, where nothing is copied.
        is_key = np.array([_numbers_the_rows(column, rows_real) for column in real.columns])
        others = varies & ~is_key[contest.column]
        copies = others.any() and looks_copied(auc_of(others))
    return TwoSample(auc, 1.0 - 2.0 * max(auc - 0.5, 0.0), bool(copies), n_real, n_synthetic)


class Judge(NamedTuple):
    """A kind of classifier.

    Attributes
    ----------
    width : callable
        What a row of these two Tables costs it, in columns of trees.
    contest : callable
        Both Tables, and the positions of the rows looked at, to a Contest.
    """

    width: Callable
    contest: Callable


class Contest(NamedTuple):
    """What a classifier is shown, and the classifier.

    Attributes
    ----------
    X : ndarray of shape (n_real + n_synthetic, n_axes)
        The real rows come first.
    column : ndarray of int, shape (n_axes,)
        Which of the table's columns an axis tells of.
    classifier_of : callable
        A mask of axes (n_axes,) to a classifier that is ready to be fitted on these.
    """

    X: np.ndarray
    column: np.ndarray
    classifier_of: Callable


def _boosting(real, synthetic, rows_real, rows_synthetic):
    """Boosted trees, which are shown levels as levels and gaps as gaps."""
    trees = NARROW_TREES if len(real.columns) <= WIDE else WIDE_TREES
    A, B, categorical = joint_matrix(real, synthetic, max_categories=trees["max_bins"] - 5)
    X = np.concatenate([A[rows_real], B[rows_synthetic]])
    smallest_leaf = int(np.clip(len(X) // 20, 1, 20))

    def classifier_of(axes):
        return HistGradientBoostingClassifier(
            **trees, min_samples_leaf=smallest_leaf, early_stopping=False, categorical_features=categorical[axes]
        )

    return Contest(X, np.arange(len(categorical)), classifier_of)


def _n_columns(real, synthetic):
    return len(real.columns)


def _half_the_axes(real, synthetic):
    """Half as many as `points` has axes."""
    n_axes = 0
    for a, b in zip(real.columns, synthetic.columns):
        if a.kind == "categorical":
            n_axes += min(len({*a.values.tolist(), *b.values.tolist()}), MAX_AXES)
        else:
            n_axes += 1 + bool(a.missing.any() or b.missing.any())
    return max(n_axes // 2, 1)


def _judge_of_points(make):
    """The Judge that shows points to a classifier, as `make()` makes it."""

    def contest(real, synthetic, rows_real, rows_synthetic):
        tables = real.take(rows_real), synthetic.take(rows_synthetic)
        blocks = [
            np.concatenate(points([Table(real.form, (column,), len(column.values)) for column in columns], "ranks"))
            for columns in zip(*(table.columns for table in tables))
        ]
        column = np.repeat(np.arange(len(blocks)), [block.shape[1] for block in blocks])
        return Contest(np.concatenate(blocks, axis=1).astype(np.float64), column, lambda axes: make())

    return Judge(_half_the_axes, contest)


def _logistic():
    return make_pipeline(StandardScaler(), LogisticRegression(**LOGISTIC))


def _quadratic():
    return make_pipeline(WithProducts(), StandardScaler(), LogisticRegression(**LOGISTIC))


class WithProducts(TransformerMixin, BaseEstimator):
    """The axes, and all products of pairs of their first whitened principal components."""

    def fit(self, X, y=None):
        # No more products than a quarter of the rows.
        most = int(np.clip(np.sqrt(len(X) / 2), 1, MAX_COMPONENTS))
        self.mean_ = X.mean(axis=0)
        variances, axes = _principal_axes(X - self.mean_)
        kept = (variances > 1e-8 * variances[-1]) & (np.arange(len(variances)) >= len(variances) - most)
        self.whitening_ = axes[:, kept] / np.sqrt(variances[kept])
        return self

    def transform(self, X):
        components = (X - self.mean_) @ self.whitening_
        i, j = np.triu_indices(components.shape[1])
        return np.hstack([X, components[:, i] * components[:, j]])


def _principal_axes(centred):
    """Variances, rising, and axes (columns) of centred rows (n, n_axes), by the smaller of their two Gram matrices."""
    n, n_axes = centred.shape
    if n_axes <= n:
        return np.linalg.eigh(centred.T @ centred / n)
    variances, weights = np.linalg.eigh(centred @ centred.T / n)
    lengths = np.sqrt(n * np.maximum(variances, np.finfo(np.float64).tiny))
    return variances, centred.T @ weights / lengths


CLASSIFIERS = {
    "boosting": Judge(_n_columns, _boosting),
    "logistic": _judge_of_points(_logistic),
    "quadratic": _judge_of_points(_quadratic),
}


def _judge(classifier):
    """The Judge that is a word of CLASSIFIERS, or the user's own classifier."""
    if isinstance(classifier, str):
        return resolve("classifier", classifier, CLASSIFIERS, also="a scikit-learn classifier")
    judges = hasattr(classifier, "predict_proba") or hasattr(classifier, "decision_function")
    if isinstance(classifier, type) or not (judges and hasattr(classifier, "get_params")):
        known = ", ".join(repr(word) for word in CLASSIFIERS)
        raise TypeError(
            f"classifier={classifier!r} must be one of {known}, or an instance of a scikit-learn classifier that has "
            "predict_proba or decision_function."
        )
    return _judge_of_points(lambda: clone(classifier))


def _seeded(model, seed):
    """The model with a seed wherever it has none."""
    unset = [
        name
        for name, value in model.get_params().items()
        if (name == "random_state" or name.endswith("__random_state")) and value is None
    ]
    return model.set_params(**dict.fromkeys(unset, seed))


def _some_rows(n_rows, n_columns, rng, max_rows=MAX_ROWS):
    """Positions of the rows that are looked at."""
    if max_rows is None:
        return np.arange(n_rows)
    most = min(max_rows, max(MAX_CELLS // n_columns, 2))
    return np.arange(n_rows) if n_rows <= most else rng.choice(n_rows, most, replace=False)


def _folds(n, rng):
    """Fold of each of n rows, shape (n,): as even as can be."""
    return rng.permutation(n) % min(N_FOLDS, n)


def _held_out_reality(model, X, is_real, fold):
    """How real each row looks (n,) to the model fitted without the row's fold."""
    reality = np.empty(len(X))
    for k in np.unique(fold):
        held_out = fold == k
        # scikit-learn's trees stumble over a column of gaps alone, which says nothing anyway.
        shown = np.where(np.isnan(X[~held_out]).all(axis=0), 0.0, X)
        model.fit(shown[~held_out], is_real[~held_out])
        reality[held_out] = _reality(model, shown[held_out])
    return reality


def _reality(model, X):
    return model.predict_proba(X)[:, 1] if hasattr(model, "predict_proba") else model.decision_function(X)


def _looks_copied(auc, n_real, n_synthetic):
    """A held-out copy is taken for what its twin in training was, which is the wrong class."""
    deviation = np.sqrt((n_real + n_synthetic + 1) / (12 * n_real * n_synthetic))  # of the AUC, by chance
    return auc < 0.5 - max(0.05, 5 * deviation)


def _numbers_the_rows(column, rows):
    """Whether a column is a key: whole numbers or levels, another in each row."""
    values = column.values[rows]
    if column.missing[rows].any() or len(set(values.tolist())) < len(values):
        return False
    return column.kind == "categorical" or bool((values == np.rint(values)).all())
