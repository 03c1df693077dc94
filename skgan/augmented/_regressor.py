"""A regressor that is fitted on its training rows and on generated rows."""

from __future__ import annotations

import numpy as np
from sklearn.base import RegressorMixin, is_regressor
from sklearn.model_selection import KFold
from sklearn.utils import assert_all_finite
from sklearn.utils.validation import column_or_1d

from ._base import BaseAugmented
from ._losses import squared_errors
from ._trial import N_FOLDS


class AugmentedRegressor(RegressorMixin, BaseAugmented):
    """Fit a regressor on its training rows and on generated rows, if these help.

    Parameters
    ----------
    estimator : regressor
        The regressor to fit; a clone is used.
    sampler : estimator with ``fit`` and ``sample``, default=None
        The sampler that generates rows; a clone is used. It must take y. None is a `ConditionalGANSampler` with 300 to
        500 steps and weak regularization, so that generated rows may be close to training rows.
    n_synthetic : int, float or "auto", default="auto"
        As in `AugmentedClassifier`, except that "auto" compares squared errors alone. It needs at least 50 rows.
    synthetic_weight : float, default=1.0
        As in `AugmentedClassifier`.
    random_state : int, RandomState instance, Generator instance or None, default=None
        As in `AugmentedClassifier`.

    Attributes
    ----------
    estimator_ : regressor
        The fitted regressor.
    sampler_ : estimator or None
        The fitted sampler; None if no rows were added.
    n_synthetic_ : int
        Number of rows that were added.
    validation_ : pandas.DataFrame or None
        As in `AugmentedClassifier`.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Only if X has column names.

    See Also
    --------
    AugmentedClassifier : The same for classes.

    Examples
    --------
    >>> from sklearn.datasets import load_diabetes
    >>> from sklearn.linear_model import Ridge
    >>> from skgan import AugmentedRegressor, ConditionalGANSampler
    >>> X, y = load_diabetes(return_X_y=True)
    >>> sampler = ConditionalGANSampler(max_iter=20)
    >>> model = AugmentedRegressor(Ridge(), sampler, n_synthetic=0.5, random_state=0).fit(X, y)
    >>> model.n_synthetic_, model.predict(X).shape
    (221, (442,))
    """

    _target_type = "continuous"
    _kind, _is_kind = "regressor", staticmethod(is_regressor)

    def __init__(self, estimator, sampler=None, *, n_synthetic="auto", synthetic_weight=1.0, random_state=None):
        self.estimator = estimator
        self.sampler = sampler
        self.n_synthetic = n_synthetic
        self.synthetic_weight = synthetic_weight
        self.random_state = random_state

    def _read_target(self, y):
        y = np.asarray(y)
        y = column_or_1d(y, warn=True) if y.ndim != 2 or y.shape[1] == 1 else y
        if y.dtype.kind not in "iuf":
            y = y.astype(float)
        assert_all_finite(y, input_name="y")
        return y

    def _folds(self, y, seed):
        return KFold(N_FOLDS, shuffle=True, random_state=seed % 2**32).split(np.zeros(len(y)))

    def _loss_function(self, y):
        return squared_errors
