"""Generate rows for given targets, by a sampler that takes y or by one sampler per class."""

from __future__ import annotations

from functools import reduce
from inspect import signature

import numpy as np
from sklearn.base import clone
from sklearn.utils import get_tags

from skgan._forms import modality_of, rows_below, rows_taken, without_index
from skgan._random import draw_seed, numpy_stream
from skgan._registry import resolve

from ._auto import MANY_ROWS
from ._conditional import ConditionalGANSampler
from ._unlearned import with_new_identifiers

# Fewer steps than the samplers' default. Longer runs give rows that are closer to the training rows, which makes models
# overconfident, and fits inside cross-validation have to be short. Much shorter runs do not learn how y depends on X.
MIN_STEPS, MAX_STEPS = 300, 500
STRATEGIES = dict.fromkeys(("auto", "minority", "not minority", "not majority", "all"))
# Generated rows that are only used together with the training rows may be close to them. The samplers' default penalty
# for a small, wide table is up to a hundred times as large, and prevents learning how y depends on X.
PENALTY_WEIGHT_FOR_TABLES = 0.1
# The wider networks that samplers use for large tables take twice the time here and are no better.
WIDTHS_FOR_MANY_ROWS = (128, 128)


def default_sampler(target_type, X, *, refine):
    """The sampler of estimators that were given none.

    Parameters
    ----------
    target_type : {"classes", "continuous"}
    X : array, frame or stack of images
    refine : bool

    Returns
    -------
    ConditionalGANSampler
        Not fitted. `RowsForTargets` sets its seed.
    """
    is_table = modality_of(X) == "table"
    return ConditionalGANSampler(
        # The rows are used beside those of X, and a model may read the texts.
        free_text="keep" if is_table else "replace",
        target_type=target_type,
        max_iter=int(min(MAX_STEPS, max(MIN_STEPS, 150 + 2 * len(X) ** 0.75))),
        regularizer_weight=PENALTY_WEIGHT_FOR_TABLES if is_table else "auto",
        hidden_layer_sizes=WIDTHS_FOR_MANY_ROWS if is_table and len(X) >= MANY_ROWS else "auto",
        refine=refine,
    )


def takes_targets(sampler):
    """Whether a sampler's `fit` and `sample` take y."""
    return get_tags(sampler).target_tags.required


def check_sampler(sampler, *, continuous=False):
    """Raise a TypeError unless a sampler is None or has the methods `fit` and `sample`.

    A sampler that leaves columns out is refused with a ValueError. For a continuous target it must also take y.
    """
    if sampler is None:
        return
    if isinstance(sampler, type) or not all(hasattr(sampler, method) for method in ("fit", "sample")):
        raise TypeError(
            f"sampler={sampler!r} must be an instance with the methods fit and sample; pass ConditionalGANSampler(), "
            "for example, or None for the default sampler."
        )
    if getattr(sampler, "free_text", None) == "drop":
        raise ValueError(
            f"sampler={sampler!r} leaves columns out, but its rows are appended to X; pass free_text='keep' or "
            "free_text='replace' to it."
        )
    if "random_state" not in signature(sampler.sample).parameters:
        raise TypeError(
            f"sampler={sampler!r} has a method sample without random_state, so its rows are not reproducible; pass "
            "ConditionalGANSampler(), for example, or None for the default sampler."
        )
    if continuous and not takes_targets(sampler):
        raise TypeError(
            f"sampler={sampler!r} takes no y, but y is continuous; pass a sampler that takes y, such as "
            "ConditionalGANSampler()."
        )


def strategy_of(sampling_strategy, labels):
    """The sampling strategy in a form that imbalanced-learn accepts.

    A list of classes becomes a dict: each of these classes gets as many rows as the largest class has.

    Raises
    ------
    ValueError
        If the strategy is an unknown word, or a class outside of a list.
    """
    if isinstance(sampling_strategy, str):
        if sampling_strategy not in STRATEGIES and sampling_strategy in np.unique(labels).tolist():
            raise ValueError(
                f"sampling_strategy={sampling_strategy!r} is a class; pass a list: "
                f"sampling_strategy=[{sampling_strategy!r}]."
            )
        resolve("sampling_strategy", sampling_strategy, STRATEGIES, also="a ratio, a list, a dict or a function")
    if not isinstance(sampling_strategy, list | tuple | np.ndarray):
        return sampling_strategy
    _, counts = np.unique(labels, return_counts=True)
    return dict.fromkeys(np.asarray(sampling_strategy).tolist(), int(counts.max()))


class RowsForTargets:
    """Generates rows of X for given targets.

    Parameters
    ----------
    sampler : estimator with ``fit`` and ``sample``
        A clone is used. A sampler that requires y, such as `ConditionalGANSampler`, is fitted with it, and rows are
        drawn with ``sample(y=..., random_state=...)``. Any other sampler is fitted on the rows of each class
        separately, when rows of the class are drawn for the first time.
    seed : int or None
        Seed of the fits; None leaves the sampler's own `random_state` unchanged.
    target_type : {"classes", "continuous"}
        The kind of targets. It replaces ``target_type="auto"`` of the sampler.
    """

    def __init__(self, sampler, seed, target_type):
        self.sampler, self.seed, self.target_type = sampler, seed, target_type

    def fit(self, X, y):
        """Fit the sampler to X, an array, frame or stack of images, given y, an array of the same length.

        The index of a frame is ignored: what uses these rows numbers all rows anew.
        """
        X = without_index(X)
        if takes_targets(self.sampler):
            self.fitted_ = self._seeded("sampler").fit(X, y)
        else:
            self.fitted_, self._X, self._y = {}, X, np.asarray(y)
        return self

    def draw(self, y, seed):
        """One generated row for each target of the array `y`; equal seeds give equal rows."""
        if takes_targets(self.sampler):
            return self.fitted_.sample(y=y, random_state=_small(seed))[0]
        labels, which, counts = np.unique(y, return_inverse=True, return_counts=True)
        generated = [self._rows_of_class(label, n, seed) for label, n in zip(labels, counts, strict=True)]
        # Rows were generated class by class, and are now put in the order of y.
        order = np.argsort(np.argsort(which, kind="stable"), kind="stable")
        rows = rows_taken(reduce(rows_below, generated), order)
        # Each sampler knows the identifiers of its own class only.
        return with_new_identifiers(self._X, rows, getattr(self.sampler, "id_columns", None), seed)

    def _rows_of_class(self, label, n, seed):
        """Rows of one class, drawn with a stream of its own so that classes do not share their latents."""
        return self._sampler_of_class(label).sample(
            int(n), random_state=_small(draw_seed(numpy_stream(seed, f"class {label}")))
        )

    def _sampler_of_class(self, label):
        if label not in self.fitted_:
            rows = rows_taken(self._X, np.flatnonzero(self._y == label))
            self.fitted_[label] = self._seeded(f"class {label}").fit(rows)
        return self.fitted_[label]

    def _seeded(self, purpose):
        sampler = clone(self.sampler)
        params = sampler.get_params(deep=False)
        if self.seed is not None and "random_state" in params:
            sampler.set_params(random_state=_small(draw_seed(numpy_stream(self.seed, purpose))))
        if isinstance(params.get("target_type"), str) and params["target_type"] == "auto":
            sampler.set_params(target_type=self.target_type)
        return sampler


def _small(seed):
    """A seed in the range that ``numpy.random.RandomState`` accepts."""
    return seed % 2**31
