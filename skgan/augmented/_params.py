"""What is passed on to the estimator's fit: values of rows are lengthened for the generated ones."""

from __future__ import annotations

import numpy as np
from sklearn import get_config
from sklearn.pipeline import Pipeline
from sklearn.utils.metadata_routing import process_routing
from sklearn.utils.validation import has_fit_parameter

from skgan._forms import rows_taken

WEIGHT = "sample_weight"


def routed(meta, params):
    """Parameters of the estimator's fit: those that it requests where routing is enabled, else all."""
    if not get_config()["enable_metadata_routing"]:
        return params
    return process_routing(meta, "fit", **params).estimator.fit


class FitParameters:
    """Parameters of a fit on some of the rows and on generated ones below them.

    Parameters
    ----------
    params : dict
    estimator : estimator
        The one to fit.
    n_rows : int
    synthetic_weight : float
        Of a generated row, where a row weighs 1 in the mean.
    """

    def __init__(self, params, estimator, n_rows, synthetic_weight):
        self.params, self.estimator, self.n_rows = params, estimator, n_rows
        self.synthetic_weight = synthetic_weight

    @property
    def weights(self):
        """Of the rows, with the mean 1: ndarray of shape (n_rows,)."""
        for name, value in self.params.items():
            if self._is_weight(name) and value is not None:
                weights = np.asarray(value, dtype=float)
                return weights / weights.mean() if weights.mean() else weights
        return np.ones(self.n_rows)

    def of(self, rows, n_new):
        """Parameters for the fit on these rows and `n_new` generated ones, as a dict."""
        given = {name: self._part(name, value, rows, n_new) for name, value in self.params.items()}
        if n_new and self.synthetic_weight != 1 and not any(map(self._is_weight, given)):
            given[weight_name(self.estimator)] = self._lengthened(np.ones(len(rows)), n_new)
        return given

    def _part(self, name, value, rows, n_new):
        if value is None or isinstance(value, str) or np.ndim(value) == 0 or len(value) != self.n_rows:
            return value
        value = rows_taken(value if hasattr(value, "shape") else np.asarray(value), rows)
        if not n_new:
            return value
        if not self._is_weight(name):
            raise ValueError(
                f"{name} has a value a row, and none for the generated rows; leave it out, or pass n_synthetic=0."
            )
        return self._lengthened(value, n_new)

    def _lengthened(self, weights, n_new):
        weights = np.asarray(weights, dtype=float)
        return np.concatenate([weights, np.full(n_new, self.synthetic_weight * weights.mean())])

    @staticmethod
    def _is_weight(name):
        return name == WEIGHT or name.endswith("__" + WEIGHT)


def weight_name(estimator):
    """By which name an estimator's fit takes weights of rows; of a pipeline, its last step's."""
    if isinstance(estimator, Pipeline) and not get_config()["enable_metadata_routing"]:
        name, last = estimator.steps[-1]
        return f"{name}__{weight_name(last)}"
    if not isinstance(estimator, Pipeline) and not has_fit_parameter(estimator, WEIGHT):
        raise ValueError(
            f"synthetic_weight other than 1 needs weights of rows, and {type(estimator).__name__} takes none; pass "
            "synthetic_weight=1.0."
        )
    return WEIGHT
