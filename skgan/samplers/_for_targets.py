"""Rows for given targets, from a sampler that is fitted with y, or from one a class that is not."""

from __future__ import annotations

from functools import reduce
from inspect import signature

import numpy as np
from sklearn.base import clone
from sklearn.utils import get_tags

from skgan._forms import kind_of, rows_below, rows_taken
from skgan._random import draw_seed, numpy_stream
from skgan._registry import resolve

from ._auto import MANY_ROWS
from ._conditional import ConditionalGANSampler

# Fewer steps than a sampler makes by default: longer runs come nearer to the rows, which makes models overconfident,
# and fits inside folds have to be short. Much shorter ones lose how y hangs together with X.
LEAST_STEPS, MOST_STEPS = 300, 500
STRATEGIES = dict.fromkeys(("auto", "minority", "not minority", "not majority", "all"))
# Rows that stay with those who have the others may be near them: samplers by default are up to a hundred times as
# smooth for a few wide rows of a table, and lose how y hangs together with X.
PENALTY_WEIGHT_OF_TABLES = 0.1
# Wider networks, which samplers have for so many rows, cost twice the time here and are no better.
WIDTHS_OF_MANY_ROWS = (128, 128)


def default_sampler(target_type, X, *, refine):
    """What estimators that are given no sampler use for X, an array, frame or stack of images; its seed is theirs."""
    of_table = kind_of(X) == "table"
    return ConditionalGANSampler(
        target_type=target_type,
        max_iter=int(min(MOST_STEPS, max(LEAST_STEPS, 150 + 2 * len(X) ** 0.75))),
        penalty_weight=PENALTY_WEIGHT_OF_TABLES if of_table else "auto",
        hidden_layer_sizes=WIDTHS_OF_MANY_ROWS if of_table and len(X) >= MANY_ROWS else "auto",
        refine=refine,
    )


def takes_targets(sampler):
    """Whether a sampler is fitted with y, and asked for rows by it."""
    return get_tags(sampler).target_tags.required


def check_sampler(sampler, *, of_amounts=False):
    """Raise unless a sampler is None, or an estimator that can be fitted and drawn from; for amounts it must take y."""
    if sampler is None:
        return
    if isinstance(sampler, type) or not all(hasattr(sampler, method) for method in ("fit", "sample")):
        raise TypeError(
            f"sampler={sampler!r} must be an instance with the methods fit and sample; pass one such as "
            "ConditionalGANSampler(), or None for it with its defaults."
        )
    if "random_state" not in signature(sampler.sample).parameters:
        raise TypeError(
            f"sampler={sampler!r} has a method sample without random_state, so that its rows cannot be repeated; pass "
            "one such as ConditionalGANSampler(), or None for it with its defaults."
        )
    if of_amounts and not takes_targets(sampler):
        raise TypeError(
            f"sampler={sampler!r} is fitted without y, but y is continuous; pass one that takes y, such as "
            "ConditionalGANSampler()."
        )


def strategy_of(sampling_strategy, labels):
    """What imbalanced-learn takes: a list of classes is a dict, as many rows of each as the largest has.

    Raises
    ------
    ValueError
        If it is a word that is not known.
    """
    if isinstance(sampling_strategy, str):
        resolve("sampling_strategy", sampling_strategy, STRATEGIES, also="a ratio, a list, a dict or a function")
    if not isinstance(sampling_strategy, list | tuple | np.ndarray):
        return sampling_strategy
    _, counts = np.unique(labels, return_counts=True)
    return dict.fromkeys(np.asarray(sampling_strategy).tolist(), int(counts.max()))


class RowsForTargets:
    """Generated rows of X for targets that are asked for.

    Parameters
    ----------
    sampler : estimator with ``fit`` and ``sample``
        Cloned. One that requires y, such as `ConditionalGANSampler`, is fitted with it and asked for
        ``sample(y=..., random_state=...)``; any other is fitted on the rows of each class alone, once rows of the class
        are asked for.
    seed : int or None
        Of the fits; None leaves the sampler the seed that it has.
    target_type : {"classes", "continuous"}
        What y is; told to a sampler that would find out by itself (``target_type="auto"``).
    """

    def __init__(self, sampler, seed, target_type):
        self.sampler, self.seed, self.target_type = sampler, seed, target_type

    def fit(self, X, y):
        """Learn the rows of X given y, an array, frame or stack of images and an array of its length."""
        if takes_targets(self.sampler):
            self.fitted_ = self._seeded("sampler").fit(X, y)
        else:
            self.fitted_, self._X, self._y = {}, X, np.asarray(y)
        return self

    def draw(self, y, seed):
        """A row of X for each target of `y`, an array of labels or amounts; equal seeds give equal rows."""
        if takes_targets(self.sampler):
            return self.fitted_.sample(y=y, random_state=_small(seed))[0]
        labels, which, counts = np.unique(y, return_inverse=True, return_counts=True)
        made = [self._rows_of_class(*asked, seed) for asked in zip(labels, counts, strict=True)]
        order = np.argsort(np.argsort(which, kind="stable"), kind="stable")
        # Back from class by class to the order that was asked for.
        return rows_taken(reduce(rows_below, made), order)

    def _rows_of_class(self, label, n, seed):
        """Classes have streams of their own, or their rows would share their noise."""
        return self._of_class(label).sample(
            int(n), random_state=_small(draw_seed(numpy_stream(seed, f"class {label}")))
        )

    def _of_class(self, label):
        if label not in self.fitted_:
            rows = rows_taken(self._X, np.flatnonzero(self._y == label))
            self.fitted_[label] = self._seeded(f"class {label}").fit(rows)
        return self.fitted_[label]

    def _seeded(self, purpose):
        sampler = clone(self.sampler)
        has = sampler.get_params(deep=False)
        if self.seed is not None and "random_state" in has:
            sampler.set_params(random_state=_small(draw_seed(numpy_stream(self.seed, purpose))))
        if isinstance(has.get("target_type"), str) and has["target_type"] == "auto":
            sampler.set_params(target_type=self.target_type)
        return sampler


def _small(seed):
    """A seed that NumPy's older generators take."""
    return seed % 2**31
