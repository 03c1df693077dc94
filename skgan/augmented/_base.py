"""What the augmented estimators share: find how many generated rows help, add them, fit the estimator."""

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
from skgan._forms import as_rows, check_image_shape, modality_of, rows_below, rows_taken
from skgan._random import draw_seed, numpy_stream
from skgan._validation import Positive, check_is_no_name, check_parameters, is_whole
from skgan.samplers import RowsForTargets, check_sampler, default_sampler

from ._params import FitParameters, routed
from ._trial import MIN_ROWS_TO_VALIDATE, Trial

RULES = {"synthetic_weight": Positive()}
# What "auto" tries: the number of generated rows divided by the number of training rows.
SHARES = (0.0, 1.0, 3.0)


def _each_equally_often(y, n_new, rng):
    """Positions of rows whose targets the generated rows get: all rows in random order, repeated as often as needed."""
    return np.resize(rng.permutation(len(y)), n_new)


def _estimator_has(method):
    return available_if(lambda self: hasattr(getattr(self, "estimator_", self.estimator), method))


class BaseAugmented(DocLinkMixin, MetaEstimatorMixin, BaseEstimator):
    """Base of the augmented estimators; `fit` is the algorithm.

    Subclasses define `_read_target` (checks y), `_folds` (splits rows into folds) and `_loss_function` (given all of y,
    it returns ``losses_of(fitted, X, y, weights)``, the losses of held-out rows, of shape (n_kinds, n_rows)). They also
    set `_kind` and `_is_kind`, the kind of estimator that is accepted, and `_target_type`, what y is for the sampler.
    """

    def fit(self, X, y, **params):
        """Fit the sampler, generate rows, and fit the estimator on the given and the generated rows.

        Parameters
        ----------
        X : array-like, frame or stack of images, of n_rows rows
            Whatever both `estimator` and `sampler` accept.
        y : array-like of shape (n_rows,)
        **params : dict
            Passed to the estimator's `fit`; with metadata routing enabled, as the estimator requests them. The sampler
            gets none of them. Sample weights (``sample_weight``, or ``step__sample_weight`` for a pipeline) are
            extended to the generated rows: each gets `synthetic_weight` times the mean weight. No other parameter may
            have one value per row.

        Returns
        -------
        AugmentedClassifier or AugmentedRegressor
            The fitted estimator itself.

        Raises
        ------
        ValueError, TypeError
            If a parameter, a column or the target cannot be used; the message names it.
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
        self._image_shape = X.shape[1:] if modality_of(X) == "images" else None
        return self

    def _check_parameters(self):
        check_parameters(self, RULES)
        estimator = self.estimator
        if isinstance(estimator, type) or not hasattr(estimator, "fit") or not self._is_kind(estimator):
            raise TypeError(
                f"estimator={estimator!r} must be an instance of a {self._kind}. AugmentedClassifier takes "
                "classifiers, AugmentedRegressor takes regressors."
            )
        check_sampler(self.sampler, continuous=self._target_type == "continuous")
        n = self.n_synthetic
        is_auto = isinstance(n, str) and n == "auto"
        if not is_auto and (not isinstance(n, numbers.Real) or isinstance(n, bool) or not 0 <= n < np.inf):
            raise ValueError(
                f"n_synthetic={n!r} must be 'auto', a number of rows (an int of at least 0), or the ratio of generated "
                "to given rows (a float of at least 0)."
            )

    def _read(self, X, y):
        if y is None:
            raise ValueError(f"{type(self).__name__} requires y to be passed, but the target y is None")
        check_is_no_name(y)
        if issparse(X) and not self._adds_nothing():
            raise TypeError(
                "X is a sparse matrix, and samplers cannot generate sparse rows; pass X.toarray(), or n_synthetic=0 to "
                "fit the estimator without generated rows."
            )
        X = as_rows(X)
        validate_data(self, X, reset=True, skip_check_array=True)
        y = self._read_target(y)
        check_consistent_length(X, y)
        return X, y

    def _adds_nothing(self):
        return not isinstance(self.n_synthetic, str) and self.n_synthetic == 0

    def _n_new(self, X, y, params, follow, seed):
        """How many rows to add, and the table of the trial on held-out rows, or None without a trial."""
        if is_whole(self.n_synthetic):
            return int(self.n_synthetic), None
        if not isinstance(self.n_synthetic, str):
            return round(self.n_synthetic * len(y)), None
        shares = self._shares(y)
        folds = list(self._folds(y, seed)) if self._has_enough_rows(y) and any(shares) else []
        if not folds:
            return 0, None

        def losses_of(train, test):
            return self._held_out_losses(X, y, params, shares, follow, train, test, seed)

        trial = Trial.of(shares, folds, losses_of)
        return round(trial.best * len(y)), trial.table

    def _has_enough_rows(self, y):
        """Whether there are enough rows to find out whether generated rows help."""
        return len(y) >= MIN_ROWS_TO_VALIDATE

    def _shares(self, y):
        return list(SHARES)

    def _held_out_losses(self, X, y, params, shares, follow, train, test, seed):
        """Losses of the test rows, after fits on the training rows with each share of generated rows."""
        X_train, y_train = rows_taken(X, train), y[train]
        n_most = round(max(shares) * len(train))
        (X_new, y_new), _ = self._generated(X_train, y_train, n_most, follow, seed)
        losses_of = self._loss_function(y)
        X_test, losses = rows_taken(X, test), []
        for n in (round(share * len(train)) for share in shares):
            new = rows_taken(X_new, np.arange(n)), y_new[:n]
            fitted = self._fitted(X_train, y_train, new, n, params.of(train, n))
            losses.append(losses_of(fitted, X_test, y[test], params.loss_weights[test]))
        return np.array(losses)

    def _generated(self, X, y, n_new, follow, seed):
        """Generated rows and their targets, and the fitted sampler."""
        sampler = self.sampler
        if sampler is None:
            # Refinement would take as long as the short training itself, once per fold.
            sampler = default_sampler(self._target_type, X, refine=False)
        rows = RowsForTargets(sampler, None if self.random_state is None else seed, self._target_type).fit(X, y)
        y_new = y[follow(y, n_new, numpy_stream(seed, "targets"))]
        return (rows.draw(y_new, draw_seed(numpy_stream(seed, "rows"))), y_new), rows.fitted_

    def _follower(self, y):
        """``follow(y, n_new, rng)``: the positions of the training rows whose targets the generated rows get."""
        return _each_equally_often

    def _fitted(self, X, y, new, n_new, params):
        """The estimator, fitted on the given rows and on the generated ones, if there are any."""
        if n_new:
            X_new, y_new = new
            X, y = rows_below(X, X_new), np.concatenate([y, y_new])
        return clone(self.estimator).fit(X, y, **params)

    def _read_again(self, X):
        check_is_fitted(self)
        X = as_rows(X)
        if self._image_shape is not None:
            # First, because scikit-learn would take the height of images for the number of features.
            fitted = f"images of shape {self._image_shape}"
            check_image_shape(X.shape, self._image_shape, "X", type(self).__name__, fitted)
        # For a single row, the estimator's own message says how to reshape it.
        if len(X.shape) > 1:
            validate_data(self, X, reset=False, skip_check_array=True)
        return X

    def predict(self, X):
        """Predictions of the fitted estimator.

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
        """How metadata is routed: `fit` passes on what `estimator` requests; `score` is not passed on.

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
