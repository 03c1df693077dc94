"""Call the hooks of scikit-learn's callbacks during a run."""

from __future__ import annotations

from ._base import Callback


class FitTasks(Callback):
    """Makes each step of a run a task of the fit, in the sense of scikit-learn's callbacks.

    Parameters
    ----------
    estimator : estimator
        The estimator that is fitted.
    context : sklearn.callback.CallbackContext
        Context of the fit.
    X, y : array-like
        The arguments of `fit`.
    fitted_attributes : callable
        ``fitted_attributes(run) -> dict``: the fitted attributes of the estimator if the fit ended now. It is called
        only for callbacks that need a fitted estimator.
    """

    def __init__(self, estimator, context, X, y, fitted_attributes):
        self.estimator, self.context, self.fitted_attributes = estimator, context, fitted_attributes
        self.data = {"X": X, "y": y}

    def on_step_begin(self, run):
        self.task = self.context.subcontext(task_name="step")
        self.task.call_on_fit_task_begin(estimator=self.estimator, **self.data)

    def on_step_end(self, run):
        stop = self.task.call_on_fit_task_end(
            estimator=self.estimator,
            **self.data,
            reconstruction_attributes=lambda: self.fitted_attributes(run),
        )
        if stop:
            run.stop()
