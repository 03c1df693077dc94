"""A classifier that is fitted on its rows and on generated ones."""

from __future__ import annotations

from functools import partial

import numpy as np
from sklearn.base import ClassifierMixin, is_classifier
from sklearn.model_selection import StratifiedKFold
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

from skgan.samplers import strategy_of

from ._amount import MIN_ROWS_TO_RANK, N_FOLDS
from ._base import BaseAugmented, _estimator_has
from ._losses import class_losses


class AugmentedClassifier(ClassifierMixin, BaseAugmented):
    """Fit a classifier on its rows and on generated ones, where these help.

    Parameters
    ----------
    estimator : classifier
        What is fitted; cloned.
    sampler : estimator with ``fit`` and ``sample``, default=None
        What generates rows; cloned. None is a `ConditionalGANSampler` of 300 to 500 steps that is allowed to be near
        its rows. One without y, such as `GANSampler`, is fitted on the rows of each class apart.
    n_synthetic : int, float or "auto", default="auto"
        How many rows to add: a whole number, or a float, the generated rows over those that there are; 0 fits the
        estimator alone. "auto" holds out each third of the rows in turn, until 2,000 were, and fits sampler and
        estimator on the others with none, once and three times as many generated rows. It takes the number of least
        logarithmic loss among those that lower the loss and raise the area under the ROC curve, both by more than 1.64
        standard errors; else none. A classifier without probabilities is judged by its share of errors alone. Fewer
        than 50 rows, or than 30 outside the largest class, get none.
    sampling_strategy : float, str, list, dict or callable, default=None
        Of which classes. None is as they are in y. Otherwise what `skgan.over_sampling.GANOverSampler` takes: classes
        in proportion to what this strategy misses, which needs imbalanced-learn; "auto" rows are then all that it
        misses, or none. Unlike there, rows are not refined, nor chosen among candidates.
    synthetic_weight : float, default=1.0
        Weight of a generated row, where a row weighs 1 in the mean. Other than 1 the estimator must take
        ``sample_weight``.
    random_state : int, RandomState instance, Generator instance or None, default=None
        Of folds, fits of the sampler and rows. None leaves `sampler` the seed that it has.

    Attributes
    ----------
    estimator_ : classifier
        The fitted one.
    sampler_ : estimator, dict of estimators or None
        The fitted sampler, or those of the classes; None where nothing was added.
    n_synthetic_ : int
        Rows that were added.
    validation_ : pandas.DataFrame or None
        What "auto" found: columns share (of generated rows), loss, difference (to no rows) and standard_error; of a
        classifier with probabilities also misranked (one less the area under the ROC curve, each class of 30 rows or
        more against the others), misranked_difference and misranked_standard_error. All count rows by their weights.
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Where X has names of columns.

    See Also
    --------
    AugmentedRegressor : The same for amounts.
    skgan.over_sampling.GANOverSampler : Rows of rare classes, for pipelines of imbalanced-learn.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> from skgan import AugmentedClassifier, ConditionalGANSampler
    >>> X, y = load_iris(return_X_y=True)
    >>> sampler = ConditionalGANSampler(max_iter=20)
    >>> model = AugmentedClassifier(DecisionTreeClassifier(), sampler, n_synthetic=30, random_state=0).fit(X, y)
    >>> model.n_synthetic_, model.predict(X[:2])
    (30, array([0, 0]))
    """

    _target_type = "classes"
    _kind, _is_kind = "classifier", staticmethod(is_classifier)

    def __init__(
        self,
        estimator,
        sampler=None,
        *,
        n_synthetic="auto",
        sampling_strategy=None,
        synthetic_weight=1.0,
        random_state=None,
    ):
        self.estimator = estimator
        self.sampler = sampler
        self.n_synthetic = n_synthetic
        self.sampling_strategy = sampling_strategy
        self.synthetic_weight = synthetic_weight
        self.random_state = random_state

    def _read_target(self, y):
        y = column_or_1d(y, warn=True)
        check_classification_targets(y)
        return y

    def _folds(self, y, seed):
        """Rows of classes that are too small to be dealt out are never held out."""
        _, which, counts = np.unique(y, return_inverse=True, return_counts=True)
        is_common = counts[which] >= N_FOLDS
        common, rare = np.flatnonzero(is_common), np.flatnonzero(~is_common)
        if len(common):
            folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=seed % 2**32)
            for train, test in folds.split(common, y[common]):
                yield np.concatenate([common[train], rare]), common[test]

    def _judge(self, y):
        labels, counts = np.unique(y, return_counts=True)
        return partial(class_losses, ranked=labels[counts >= MIN_ROWS_TO_RANK])

    def _can_tell(self, y):
        _, counts = np.unique(y, return_counts=True)
        return super()._can_tell(y) and len(y) - counts.max() >= MIN_ROWS_TO_RANK

    def _shares(self, y):
        if self.sampling_strategy is None:
            return super()._shares(y)
        return [0.0, sum(self._missing(y).values()) / len(y)]

    def _follower(self, y):
        if self.sampling_strategy is None or self._adds_nothing():
            return super()._follower(y)
        return partial(_of_classes, self._missing(y))

    def _missing(self, y):
        """From class to the rows that the strategy misses."""
        try:
            from imblearn.utils import check_sampling_strategy
        except ImportError as error:
            raise ImportError(
                'sampling_strategy needs imbalanced-learn; install it with: python -m pip install "skgan[imblearn]"'
            ) from error
        return check_sampling_strategy(strategy_of(self.sampling_strategy, y), y, "over-sampling")

    @property
    def classes_(self):
        return self.estimator_.classes_

    @_estimator_has("predict_proba")
    def predict_proba(self, X):
        """How likely each class is, by the fitted estimator.

        Parameters
        ----------
        X : array-like, frame or stack of images, of n_rows rows

        Returns
        -------
        ndarray of shape (n_rows, n_classes)
        """
        X = self._read_again(X)
        return self.estimator_.predict_proba(X)

    @_estimator_has("predict_log_proba")
    def predict_log_proba(self, X):
        """The logarithm of `predict_proba`.

        Parameters
        ----------
        X : array-like, frame or stack of images, of n_rows rows

        Returns
        -------
        ndarray of shape (n_rows, n_classes)
        """
        X = self._read_again(X)
        return self.estimator_.predict_log_proba(X)

    @_estimator_has("decision_function")
    def decision_function(self, X):
        """The fitted estimator's scores.

        Parameters
        ----------
        X : array-like, frame or stack of images, of n_rows rows

        Returns
        -------
        ndarray of shape (n_rows,) or (n_rows, n_classes)
        """
        X = self._read_again(X)
        return self.estimator_.decision_function(X)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = False
        return tags


def _of_classes(missing, y, n_new, rng):
    """Rows of classes in proportion to what is missing of each, in random order."""
    rows = [np.resize(rng.permutation(np.flatnonzero(y == label)), n) for label, n in missing.items() if n]
    if not rows:
        raise ValueError(
            f"n_synthetic asks for {n_new} rows of what sampling_strategy misses, and it misses none; pass "
            "n_synthetic='auto' or sampling_strategy=None."
        )
    return np.resize(rng.permutation(np.concatenate(rows)), n_new)
