"""What augmented estimators do: find how many generated rows help, add them, fit the estimator."""

from __future__ import annotations

import numbers

import numpy as np
from scipy.sparse import issparse
from sklearn.base import BaseEstimator, MetaEstimatorMixin, clone
from sklearn.utils import get_tags
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_consistent_length, check_is_fitted, validate_data

from skgan._doc_link import DocLinkMixin
from skgan._forms import as_rows, rows_below, rows_taken
from skgan._random import draw_seed, numpy_stream
from skgan._validation import Positive, check_is_no_name, check_parameters, is_whole
from skgan.samplers import RowsForTargets, check_sampler, default_sampler

from ._amount import MIN_ROWS_TO_VALIDATE, Trial
from ._params import FitParameters, routed

RULES = {"synthetic_weight": Positive()}
# Generated rows over the rows that there are, as "auto" tries them.
SHARES = (0.0, 1.0, 3.0)


def _all_in_turn(y, n_new, rng):
    return np.resize(rng.permutation(len(y)), n_new)


def _estimator_has(method):
    return available_if(lambda self: hasattr(getattr(self, "estimator_", self.estimator), method))


class BaseAugmented(DocLinkMixin, MetaEstimatorMixin, BaseEstimator):
    """Base of the augmented estimators; `fit` is the algorithm.

    Subclasses read y (`_read_target`), deal rows out to folds (`_folds`) and say what predictions cost (`_judge`, which
    for all y gives ``judge(fitted, X, y, weights)``, losses of rows held out of shape (n_kinds, n_rows));
    `_kind` and `_is_kind` are the estimator's, `_target_type` is the sampler's.
    """

    def fit(self, X, y, **params):
        """Fit the sampler, add the rows that it generates, and fit the estimator on all.

        Parameters
        ----------
        X : array-like, frame or stack of images, of n_rows rows
            As `estimator` and `sampler` take it.
        y : array-like of shape (n_rows,)
        **params : dict
            Passed on to the estimator's `fit`, as requested where metadata routing is enabled. The sampler sees none.
            Weights of rows (``sample_weight``, or ``step__sample_weight`` of a pipeline) are lengthened by
            `synthetic_weight` times their mean for each generated row; nothing else may have a value a row.

        Returns
        -------
        AugmentedClassifier or AugmentedRegressor
            Itself.

        Raises
        ------
        ValueError, TypeError
            A parameter, a column or a target that cannot be used, named.
        """
        self._check_parameters()
        X, y = self._read(X, y)
        params = FitParameters(routed(self, params), self.estimator, len(y), self.synthetic_weight)
        seed = draw_seed(self.random_state)
        follow = self._follower(y)
        n_new, validation = self._n_new(X, y, params, follow, seed)
        new, sampler = self._generated(X, y, n_new, follow, seed) if n_new else (None, None)
        self.estimator_ = self._fitted(X, y, new, n_new, params.of(np.arange(len(y)), n_new))
        self.sampler_, self.n_synthetic_, self.validation_ = sampler, n_new, validation
        return self

    def _check_parameters(self):
        check_parameters(self, RULES)
        estimator = self.estimator
        if isinstance(estimator, type) or not hasattr(estimator, "fit") or not self._is_kind(estimator):
            raise TypeError(
                f"estimator={estimator!r} must be an instance of a {self._kind}; pass one. AugmentedClassifier is for "
                "classifiers, AugmentedRegressor for regressors."
            )
        check_sampler(self.sampler, of_amounts=self._target_type == "continuous")
        n = self.n_synthetic
        is_auto = isinstance(n, str) and n == "auto"
        if not is_auto and (not isinstance(n, numbers.Real) or isinstance(n, bool) or not 0 <= n < np.inf):
            raise ValueError(
                f"n_synthetic={n!r} must be 'auto', a whole number of rows from 0 up, or a float, the generated rows "
                "over those that there are; pass one of these."
            )

    def _read(self, X, y):
        if y is None:
            raise ValueError(f"{type(self).__name__} requires y to be passed, but the target y is None")
        check_is_no_name(y)
        if issparse(X) and not self._adds_nothing():
            raise TypeError(
                "X is a sparse matrix, of which samplers make no rows; pass X.toarray(), or n_synthetic=0 to fit the "
                "estimator alone."
            )
        X = as_rows(X)
        validate_data(self, X, reset=True, skip_check_array=True)
        y = self._read_target(y)
        check_consistent_length(X, y)
        return X, y

    def _adds_nothing(self):
        return not isinstance(self.n_synthetic, str) and self.n_synthetic == 0

    def _n_new(self, X, y, params, follow, seed):
        """How many rows to add, and what was found on rows held out, if anything."""
        if is_whole(self.n_synthetic):
            return int(self.n_synthetic), None
        if not isinstance(self.n_synthetic, str):
            return round(self.n_synthetic * len(y)), None
        shares = self._shares(y)
        folds = list(self._folds(y, seed)) if self._can_tell(y) and any(shares) else []
        if not folds:
            return 0, None

        def losses_of(train, test):
            return self._losses_held_out(X, y, params, shares, follow, train, test, seed)

        trial = Trial.of(shares, folds, losses_of)
        return round(trial.best * len(y)), trial.table

    def _can_tell(self, y):
        """Whether there are rows enough to find out what helps."""
        return len(y) >= MIN_ROWS_TO_VALIDATE

    def _shares(self, y):
        return list(SHARES)

    def _losses_held_out(self, X, y, params, shares, follow, train, test, seed):
        """Losses of the test rows after fits on the training rows with each share of generated ones."""
        X_train, y_train = rows_taken(X, train), y[train]
        n_most = round(max(shares) * len(train))
        (X_new, y_new), _ = self._generated(X_train, y_train, n_most, follow, seed)
        judge = self._judge(y)
        X_test, losses = rows_taken(X, test), []
        for n in (round(share * len(train)) for share in shares):
            new = rows_taken(X_new, np.arange(n)), y_new[:n]
            fitted = self._fitted(X_train, y_train, new, n, params.of(train, n))
            losses.append(judge(fitted, X_test, y[test], params.loss_weights[test]))
        return np.array(losses)

    def _generated(self, X, y, n_new, follow, seed):
        """Generated rows and their targets, and the fitted sampler."""
        sampler = self.sampler
        if sampler is None:
            # Refinement costs as much as the short fit, which is made once a fold.
            sampler = default_sampler(self._target_type, X, refine=False)
        rows = RowsForTargets(sampler, None if self.random_state is None else seed, self._target_type).fit(X, y)
        y_new = y[follow(y, n_new, numpy_stream(seed, "targets"))]
        return (rows.draw(y_new, draw_seed(numpy_stream(seed, "rows"))), y_new), rows.fitted_

    def _follower(self, y):
        """``follow(y, n_new, rng)``: the rows, among those of a fold, whose targets generated ones get."""
        return _all_in_turn

    def _fitted(self, X, y, new, n_new, params):
        """The estimator, on rows and on generated ones where there are any."""
        if n_new:
            X_new, y_new = new
            X, y = rows_below(X, X_new), np.concatenate([y, y_new])
        return clone(self.estimator).fit(X, y, **params)

    def _read_again(self, X):
        check_is_fitted(self)
        X = as_rows(X)
        # Of a single row the estimator says how to reshape it.
        if len(X.shape) > 1:
            validate_data(self, X, reset=False, skip_check_array=True)
        return X

    def predict(self, X):
        """What the fitted estimator predicts.

        Parameters
        ----------
        X : array-like, frame or stack of images, of n_rows rows

        Returns
        -------
        ndarray of shape (n_rows,)
        """
        X = self._read_again(X)
        return self.estimator_.predict(X)

    def get_metadata_routing(self):
        """How metadata is routed: `fit` passes the estimator what it requests, and `score` is this estimator's own.

        Returns
        -------
        sklearn.utils.metadata_routing.MetadataRouter
        """
        mapping = MethodMapping().add(caller="fit", callee="fit")
        return MetadataRouter(owner=self).add_self_request(self).add(estimator=self.estimator, method_mapping=mapping)

    def __sklearn_is_fitted__(self):
        return hasattr(self, "estimator_")

    def __sklearn_tags__(self):
        tags, inner = super().__sklearn_tags__(), get_tags(self.estimator)
        tags.input_tags = inner.input_tags
        tags.input_tags.sparse &= self._adds_nothing()
        tags.target_tags = inner.target_tags
        tags.target_tags.required = True
        tags.classifier_tags, tags.regressor_tags = inner.classifier_tags, inner.regressor_tags
        return tags
