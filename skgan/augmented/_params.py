"""What is passed on to the estimator's fit: values of rows are lengthened for the generated ones."""

from __future__ import annotations

import numpy as np
from sklearn import get_config
from sklearn.pipeline import Pipeline
from sklearn.utils.metadata_routing import process_routing
from sklearn.utils.validation import has_fit_parameter

from skgan._forms import as_rows, rows_taken

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

    Attributes
    ----------
    loss_weights : ndarray of shape (n_rows,)
        What a loss of each row counts, 1 in the mean.
    """

    def __init__(self, params, estimator, n_rows, synthetic_weight):
        self.estimator, self.n_rows, self.synthetic_weight = estimator, n_rows, synthetic_weight
        self.params = {name: self._read(name, value) for name, value in params.items() if value is not None}
        self.weight_name = weight_name(estimator) or WEIGHT
        weights = self.params.get(self.weight_name, np.ones(n_rows))
        self.loss_weights = weights / weights.mean() if weights.mean() else np.ones(n_rows)

    def of(self, rows, n_new):
        """Parameters for the fit on these rows and `n_new` generated ones, as a dict."""
        given = {name: self._part(name, value, rows, n_new) for name, value in self.params.items()}
        if n_new and self.synthetic_weight != 1 and self.weight_name not in given:
            if weight_name(self.estimator) is None:
                raise ValueError(
                    f"synthetic_weight={self.synthetic_weight} needs weights of rows, and "
                    f"{type(self.estimator).__name__} takes none; pass synthetic_weight=1.0."
                )
            given[self.weight_name] = self._lengthened(np.ones(len(rows)), n_new)
        return given

    def _read(self, name, value):
        """Weights as an array, one a row; all else as it is."""
        if not _is_weight(name):
            return value
        weights = np.asarray(value, dtype=float)
        if weights.ndim and weights.shape != (self.n_rows,):
            raise ValueError(
                f"{name} has the shape {weights.shape}, but X has {self.n_rows} rows; pass one weight a row."
            )
        return np.broadcast_to(weights, self.n_rows)

    def _part(self, name, value, rows, n_new):
        of_rows = hasattr(value, "__len__") and not isinstance(value, str | dict) and len(value) == self.n_rows
        if not of_rows:
            return value
        part = rows_taken(as_rows(value), rows)
        if not n_new:
            return part
        if not _is_weight(name):
            raise ValueError(
                f"{name} has a value a row, and none for the generated rows; leave it out, or pass n_synthetic=0."
            )
        return self._lengthened(part, n_new)

    def _lengthened(self, weights, n_new):
        return np.concatenate([weights, np.full(n_new, self.synthetic_weight * weights.mean())])


def _is_weight(name):
    return name == WEIGHT or name.endswith("__" + WEIGHT)


def weight_name(estimator):
    """By which name an estimator's fit takes weights of rows, of a pipeline its last step's; None where it does not."""
    if not isinstance(estimator, Pipeline):
        return WEIGHT if has_fit_parameter(estimator, WEIGHT) else None
    if get_config()["enable_metadata_routing"]:
        return WEIGHT
    name, last = estimator.steps[-1]
    inner = weight_name(last)
    return inner and f"{name}__{inner}"
