"""A classifier that is fitted on its training rows and on generated rows."""

from __future__ import annotations

from functools import partial

import numpy as np
from sklearn.base import ClassifierMixin, is_classifier
from sklearn.model_selection import StratifiedKFold
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

from skgan.samplers import strategy_of

from ._base import BaseAugmented, _estimator_has
from ._losses import class_losses
from ._trial import MIN_ROWS_TO_RANK, N_FOLDS


class AugmentedClassifier(ClassifierMixin, BaseAugmented):
    """Fit a classifier on its training rows and on generated rows, if these help.

    Parameters
    ----------
    estimator : classifier
        The classifier to fit; a clone is used.
    sampler : estimator with ``fit`` and ``sample``, default=None
        The sampler that generates rows; a clone is used. None is a `ConditionalGANSampler` with 300 to 500 steps and
        weak regularization, so that generated rows may be close to training rows. A sampler that takes no y, such as
        `GANSampler`, is fitted on the rows of each class separately.
    n_synthetic : int, float or "auto", default="auto"
        How many rows to add. An int is the number of rows; a float is the number of generated rows divided by the
        number of given rows; 0 fits the estimator without generated rows. "auto" holds out one third of the rows at a
        time, until 2,000 rows were held out. It fits sampler and estimator on the other rows, with no generated rows,
        with as many and with three times as many. A number of generated rows counts as an improvement if it lowers the
        logarithmic loss and raises the area under the ROC curve, both by more than 1.64 standard errors. The
        improvement with the smallest logarithmic loss is chosen; without any, no rows are added. A classifier without
        predicted probabilities is judged by its error rate alone. No rows are added if there are fewer than 50 rows,
        or fewer than 30 outside the largest class.
    sampling_strategy : float, str, list, dict or callable, default=None
        Which classes the generated rows have. None: in the same proportions as in y. Anything else has the meaning
        that it has in `skgan.over_sampling.GANOverSampler` and needs imbalanced-learn: generated rows have classes in
        proportion to the number of rows that each class lacks. "auto" then adds all missing rows, or none. Unlike in
        `GANOverSampler`, rows are neither refined nor selected from several candidates.
    synthetic_weight : float, default=1.0
        The sample weight of a generated row, relative to the mean weight of the given rows. For a value other than 1
        the estimator must accept ``sample_weight``.
    random_state : int, RandomState instance, Generator instance or None, default=None
        Seed of the folds, of the sampler's fits and of the generated rows. None leaves the sampler's own
        `random_state` unchanged.

    Attributes
    ----------
    estimator_ : classifier
        The fitted classifier.
    sampler_ : estimator, dict of estimators or None
        The fitted sampler, or a dict with one fitted sampler per class; None if no rows were added.
    n_synthetic_ : int
        Number of rows that were added.
    validation_ : pandas.DataFrame or None
        The result of "auto", one row per number of generated rows that was tried. Columns: share (generated rows
        divided by training rows), loss, difference (to share 0) and standard_error (of the difference). For a
        classifier with predicted probabilities also misranked (1 minus the area under the ROC curve, each class of at
        least 30 rows against the rest), misranked_difference and misranked_standard_error. Sample weights are
        respected.
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Only if X has column names.

    See Also
    --------
    AugmentedRegressor : The same for a continuous target.
    skgan.over_sampling.GANOverSampler : Generates rows of rare classes, for pipelines of imbalanced-learn.

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
        """Stratified folds. Rows of classes with fewer rows than folds are never held out."""
        _, which, counts = np.unique(y, return_inverse=True, return_counts=True)
        is_common = counts[which] >= N_FOLDS
        common, rare = np.flatnonzero(is_common), np.flatnonzero(~is_common)
        if len(common):
            folds = StratifiedKFold(N_FOLDS, shuffle=True, random_state=seed % 2**32)
            for train, test in folds.split(common, y[common]):
                yield np.concatenate([common[train], rare]), common[test]

    def _loss_function(self, y):
        labels, counts = np.unique(y, return_counts=True)
        return partial(class_losses, ranked=labels[counts >= MIN_ROWS_TO_RANK])

    def _has_enough_rows(self, y):
        _, counts = np.unique(y, return_counts=True)
        return super()._has_enough_rows(y) and len(y) - counts.max() >= MIN_ROWS_TO_RANK

    def _shares(self, y):
        if self.sampling_strategy is None:
            return super()._shares(y)
        return [0.0, sum(self._missing(y).values()) / len(y)]

    def _follower(self, y):
        if self.sampling_strategy is None or self._adds_nothing():
            return super()._follower(y)
        return partial(_of_missing_classes, self._missing(y))

    def _missing(self, y):
        """A dict from class to the number of rows that it lacks, by the strategy."""
        try:
            from imblearn.utils import check_sampling_strategy
        except ImportError as error:
            raise ImportError(
                'sampling_strategy needs imbalanced-learn; install it with: python -m pip install imbalanced-learn'
            ) from error
        return check_sampling_strategy(strategy_of(self.sampling_strategy, y), y, "over-sampling")

    @property
    def classes_(self):
        return self.estimator_.classes_

    @_estimator_has("predict_proba")
    def predict_proba(self, X):
        """Class probabilities predicted by the fitted estimator.

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
        """Decision function of the fitted estimator.

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


def _of_missing_classes(missing, y, n_new, rng):
    """Positions of rows, in random order, with classes in proportion to the number of rows that each lacks."""
    rows = [np.resize(rng.permutation(np.flatnonzero(y == label)), n) for label, n in missing.items() if n]
    if not rows:
        raise ValueError(
            f"n_synthetic asks for {n_new} rows of the classes that lack rows by sampling_strategy, but no class lacks "
            "any; pass n_synthetic='auto' or sampling_strategy=None."
        )
    return np.resize(rng.permutation(np.concatenate(rows)), n_new)
