"""Oversampling with generated rows, with imbalanced-learn's interface."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.utils import assert_all_finite
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_consistent_length, column_or_1d, validate_data

from skgan._doc_link import DocLinkMixin
from skgan._forms import as_rows, modality_of, rows_below, rows_taken
from skgan._random import draw_seed
from skgan._validation import Whole, check_is_no_name, check_parameters
from skgan._warnings import warn
from skgan.exceptions import RareCategoryWarning
from skgan.samplers import RowsForTargets, check_sampler, default_sampler, strategy_of

from ._bins import binned
from ._candidates import select

try:
    from imblearn.over_sampling.base import BaseOverSampler
    from imblearn.utils import check_sampling_strategy, check_target_type
except ImportError as error:
    raise ImportError(
        "skgan.over_sampling needs imbalanced-learn, an optional dependency of skgan; install it with: "
        "python -m pip install imbalanced-learn"
    ) from error

RULES = {"n_candidates": Whole(words=("auto",))}
# For each row that is added: a forest of pixels is no good judge of images.
CANDIDATES = {"table": 5, "images": 1}


class GANOverSampler(DocLinkMixin, BaseOverSampler):
    """Add generated rows of the classes that have few, in the manner of imbalanced-learn [1]_.

    Unlike SMOTE it accepts tables with mixed column types and missing values, and images.

    Parameters
    ----------
    sampler : estimator with ``fit`` and ``sample``, default=None
        The sampler that generates rows; a clone is used. None is a `ConditionalGANSampler` with 300 to 500 steps, which
        learns all classes together, so that rare classes profit from what all classes share. A sampler that takes no y,
        such as `GANSampler`, is fitted on the rows of each class separately.
    sampling_strategy : float, str, list, dict or callable, default="auto"
        How many rows each class has after resampling, as in imbalanced-learn. A float, for two classes: the number of
        rows of the rarer class divided by that of the other. "minority", "not minority", "not majority" (the same as
        "auto"), "all" or a list of classes: these classes get as many rows as the largest class has. A dict: from class
        to number of rows. A callable: a function of y that returns such a dict.
    n_candidates : int or "auto", default="auto"
        Number of rows that are generated for each added row. One of them is selected at random, with probability
        proportional to the predicted probability of its class, by a random forest that is fitted on X and y [2]_:
        generated rows that look like rows of another class would blur the boundary between the classes. 1 adds rows
        without selection. "auto" is 5 for tables and 1 for images.
    bins : int, array-like of shape (n_edges,) or callable, default=None
        For a continuous y: how its values are grouped into classes. An int: that many intervals of equal width. An
        array: increasing edges of the intervals (as in ``numpy.digitize``; values below the first and above the last
        edge form intervals of their own). A callable: a function of y that returns one label per value. Intervals are
        numbered from 0; these numbers are the classes that `sampling_strategy` refers to. None: y holds classes.
    random_state : int, RandomState instance, Generator instance or None, default=None
        Seed of the sampler's fit and of the generated rows. None leaves the sampler's own `random_state` unchanged, and
        each call generates different rows.

    Attributes
    ----------
    sampling_strategy_ : dict
        From class, or interval number, to the number of rows that were added.
    sampler_ : estimator or dict of estimators
        The fitted sampler, or for a sampler that takes no y a dict with one fitted sampler per class that got rows. Not
        set if no rows were added.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Only if X has column names.

    See Also
    --------
    skgan.AugmentedClassifier : Adds generated rows inside an estimator's fit, if they help.

    References
    ----------
    .. [1] Lemaitre, Nogueira and Aridas, "Imbalanced-learn: a Python toolbox to tackle the curse of imbalanced datasets
       in machine learning", JMLR 18(17), 2017.
    .. [2] Rubin, "Using the SIR algorithm to simulate posterior distributions", Bayesian Statistics 3, 1988.

    Examples
    --------
    >>> from collections import Counter
    >>> from sklearn.datasets import load_iris
    >>> from skgan import ConditionalGANSampler
    >>> from skgan.over_sampling import GANOverSampler
    >>> X, y = load_iris(return_X_y=True)
    >>> X, y = X[:110], y[:110]  # 50, 50 and 10 flowers
    >>> sampler = ConditionalGANSampler(max_iter=20)
    >>> X_new, y_new = GANOverSampler(sampler, random_state=0).fit_resample(X, y)
    >>> sorted(Counter(y_new.tolist()).items())
    [(0, 50), (1, 50), (2, 50)]
    """

    _documented_in = "skgan.over_sampling"

    def __init__(self, sampler=None, *, sampling_strategy="auto", n_candidates="auto", bins=None, random_state=None):
        super().__init__(sampling_strategy=sampling_strategy)
        self.sampler = sampler
        self.n_candidates = n_candidates
        self.bins = bins
        self.random_state = random_state

    def fit(self, X, y):
        """Check X and y, and compute how many rows each class lacks. Nothing is generated.

        Parameters
        ----------
        X : array-like, frame or stack of images, of n_rows rows
        y : array-like of shape (n_rows,)

        Returns
        -------
        GANOverSampler
            The oversampler itself.
        """
        self._plan(X, y)
        return self

    def fit_resample(self, X, y):
        """Append generated rows of the classes that lack rows.

        Parameters
        ----------
        X : array-like, frame or stack of images, of n_rows rows
            As in `ConditionalGANSampler.fit`.
        y : array-like of shape (n_rows,), or one-hot of shape (n_rows, n_classes)
            Classes; with `bins`, a continuous target.

        Returns
        -------
        X_resampled : array, frame or list
            The rows of X, then the generated rows, in the same container type as X. A pandas index is reset.
        y_resampled : array, series or list
            The targets of these rows, in the same container type as y. With `bins`, the generated rows of an interval
            have each of its values of y about equally often.

        Raises
        ------
        ValueError, TypeError
            If a parameter, a column or the target cannot be used; the message names it.

        Warns
        -----
        RareCategoryWarning
            If a class that gets rows has a single row, or fewer than the sampler's `min_frequency`.
        """
        check_is_no_name(y)
        as_list = isinstance(X, list), isinstance(y, list)
        X, y = as_rows(X), y if y is None else as_rows(y)
        self.__dict__.pop("sampler_", None)
        labels, targets = self._plan(X, y)
        X, extra = self._fit_resample(X, labels, targets)
        y = rows_taken(y, np.concatenate([np.arange(len(labels)), extra]))
        y = y.reset_index(drop=True) if hasattr(y, "reset_index") else y
        return tuple(part.tolist() if was_list else part for part, was_list in zip((X, y), as_list, strict=True))

    def _fit_resample(self, X, labels, targets):
        """X with the generated rows below it, and the positions of the rows whose targets these have."""
        rng = np.random.default_rng(draw_seed(self.random_state))
        extra = self._rows_to_follow(labels, rng)
        if not len(extra):
            return X, extra
        self._warn_of_single_rows(labels)
        seed = None if self.random_state is None else int(rng.integers(2**31))
        rows = RowsForTargets(self._sampler(X), seed, self._target_type).fit(X, targets)
        n_candidates = self._n_candidates_of(X)
        X_new = rows.draw(np.tile(targets[extra], n_candidates), int(rng.integers(2**31)))
        self.sampler_ = rows.fitted_
        if n_candidates > 1:
            X_new = select(X, labels, X_new, labels[extra], rng)
        return rows_below(X, X_new), extra

    def _plan(self, X, y):
        """The label that the strategy refers to and the target that the sampler gets, for each row.

        Without `bins` both are the classes; with `bins` the interval numbers and the values of y.
        """
        if y is None:
            raise ValueError("GANOverSampler requires y to be passed, but the target y is None")
        check_parameters(self, RULES)
        check_sampler(self.sampler, continuous=self.bins is not None)
        if self.bins is None:
            _check_classes(y)
            targets = labels = np.asarray(check_target_type(np.asarray(y)))
        else:
            targets = column_or_1d(np.asarray(y, dtype=float))
            assert_all_finite(targets, input_name="y")
            labels = binned(targets, self.bins)
        check_consistent_length(X, labels)
        validate_data(self, X, reset=True, skip_check_array=True)
        strategy = strategy_of(self.sampling_strategy, labels)
        self.sampling_strategy_ = check_sampling_strategy(strategy, labels, self._sampling_type)
        return labels, targets

    @property
    def _target_type(self):
        return "classes" if self.bins is None else "continuous"

    def _sampler(self, X):
        return self.sampler if self.sampler is not None else default_sampler(self._target_type, X, refine=True)

    def _n_candidates_of(self, X):
        if self.n_candidates != "auto":
            return self.n_candidates
        image_shape = getattr(self.sampler, "image_shape", None)
        return CANDIDATES[modality_of(X, image_shape)]

    def _rows_to_follow(self, labels, rng):
        """Positions of the rows whose targets the new rows get: each row of a class about equally often, at random."""
        parts = [np.empty(0, dtype=int)]
        for label, n_missing in self.sampling_strategy_.items():
            parts.append(np.resize(rng.permutation(np.flatnonzero(labels == label)), n_missing))
        return np.concatenate(parts)

    def _warn_of_single_rows(self, labels):
        for label, n_missing in self.sampling_strategy_.items():
            if n_missing and np.sum(labels == label) == 1:
                shown = label.item() if isinstance(label, np.generic) else label
                warn(
                    f"Class {shown!r} has one row: its generated rows only reflect that row and what all classes have "
                    "in common. Collect more rows of it, or leave it out of sampling_strategy.",
                    RareCategoryWarning,
                )

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        tags.input_tags.three_d_array = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        tags.input_tags.allow_nan = True
        return tags


def _check_classes(y):
    """Raise an error unless y holds classes and no missing values."""
    if pd.isna(np.asarray(y)).any():
        raise ValueError("Input y contains NaN or None; rows without a class cannot be balanced: leave them out.")
    if type_of_target(y).startswith("continuous"):
        raise ValueError(
            "Unknown label type: continuous. y holds numbers, not classes; pass bins= to group them into intervals, "
            "such as bins=4 or bins=[10.0, 20.0]."
        )
    check_classification_targets(y)
