"""Parameters that are passed to the estimator's fit: sample weights are extended to the generated rows."""

from __future__ import annotations

import numpy as np
from sklearn import get_config
from sklearn.pipeline import Pipeline
from sklearn.utils.metadata_routing import process_routing
from sklearn.utils.validation import has_fit_parameter

from skgan._forms import as_rows, rows_taken

WEIGHT = "sample_weight"


def routed(meta, params):
    """Parameters of the estimator's fit: with metadata routing enabled those that it requests, else all."""
    if not get_config()["enable_metadata_routing"]:
        return params
    return process_routing(meta, "fit", **params).estimator.fit


class FitParameters:
    """Parameters of a fit on some of the rows and on generated rows below them.

    Parameters
    ----------
    params : dict
    estimator : estimator
        The estimator to fit.
    n_rows : int
    synthetic_weight : float
        Weight of a generated row, relative to the mean weight of the given rows.

    Attributes
    ----------
    loss_weights : ndarray of shape (n_rows,)
        Weights of the rows' losses, with mean 1.
    """

    def __init__(self, params, estimator, n_rows, synthetic_weight):
        self.estimator, self.n_rows, self.synthetic_weight = estimator, n_rows, synthetic_weight
        self.params = {name: self._read(name, value) for name, value in params.items() if value is not None}
        self.weight_name = weight_name(estimator) or WEIGHT
        weights = self.params.get(self.weight_name, np.ones(n_rows))
        total = weights.sum()
        self.loss_weights = weights / (total / n_rows) if total else np.ones(n_rows)

    def of(self, rows, n_new):
        """Parameters for the fit on these rows and `n_new` generated rows, as a dict."""
        given = {name: self._part(name, value, rows, n_new) for name, value in self.params.items()}
        if n_new and self.synthetic_weight != 1 and self.weight_name not in given:
            if weight_name(self.estimator) is None:
                raise ValueError(
                    f"synthetic_weight={self.synthetic_weight} needs an estimator that accepts sample_weight, and "
                    f"{type(self.estimator).__name__} does not; pass synthetic_weight=1.0."
                )
            given[self.weight_name] = self._extended(np.ones(len(rows)), n_new)
        return given

    def _read(self, name, value):
        """Sample weights as an array with one value per row; other parameters unchanged."""
        if not _is_weight(name):
            return value
        weights = np.asarray(value, dtype=float)
        if weights.ndim and weights.shape != (self.n_rows,):
            raise ValueError(
                f"{name} has the shape {weights.shape}, but X has {self.n_rows} rows; pass one weight per row."
            )
        return np.broadcast_to(weights, self.n_rows)

    def _part(self, name, value, rows, n_new):
        has_one_per_row = hasattr(value, "__len__") and not isinstance(value, str | dict) and len(value) == self.n_rows
        if not has_one_per_row:
            return value
        part = rows_taken(as_rows(value), rows)
        if not n_new:
            return part
        if not _is_weight(name):
            raise ValueError(
                f"{name} has one value per row, and the values of generated rows are unknown; leave it out, or pass "
                "n_synthetic=0."
            )
        return self._extended(part, n_new)

    def _extended(self, weights, n_new):
        return np.concatenate([weights, np.full(n_new, self.synthetic_weight * weights.mean())])


def _is_weight(name):
    return name == WEIGHT or name.endswith("__" + WEIGHT)


def weight_name(estimator):
    """The name under which an estimator's fit accepts sample weights, or None.

    A pipeline takes those of its last step.
    """
    if not isinstance(estimator, Pipeline):
        return WEIGHT if has_fit_parameter(estimator, WEIGHT) else None
    if get_config()["enable_metadata_routing"]:
        return WEIGHT
    name, last = estimator.steps[-1]
    inner = weight_name(last)
    return inner and f"{name}__{inner}"
