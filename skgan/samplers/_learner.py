"""From a plan to a fitted model: what is done around a training run."""

from __future__ import annotations

import copy
from contextlib import ExitStack
from functools import partial

from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning

from skgan._torch_settings import own_settings
from skgan._warnings import inside_search, warn
from skgan.callbacks import Callback, CallbackSupport, Checkpoint, FitTasks, Progress
from skgan.exceptions import InterruptedFitWarning

from ._document import check_class, params_of, versions
from ._estimate import say_what_is_needed
from ._fit_state import FitState
from ._health import Health
from ._pace import Pace
from ._pictures import plot_rows

# The share of the time that is left after preparation and that is kept for calibration and refinement.
REFINEMENT_SHARE = 0.2


class Learner(CallbackSupport, BaseEstimator):
    """Base of the estimators that play a game: a plan, a run, a model.

    Subclasses have the parameters `max_time`, `verbose` and `n_jobs`, and define ``_attributes(model, run)``:
    a dict of the fitted attributes of an estimator with this model.
    """

    def _learn(self, make_plan, budget, X, y=None, start=None):
        """Run the plan that ``make_plan()`` returns, and show how far this is; with a `FitState` go on from there."""
        progress = Progress(self.verbose)
        try:
            progress.reading()
            plan = make_plan()
            if start is not None:
                plan, budget = start.applied_to(plan), start.budget(self.max_time)
            return self._run_plan(plan, budget, progress, X, y, start)
        finally:
            progress.close()

    def _run_plan(self, plan, budget, progress, X, y, start):
        """Run a plan. Only at the end does the estimator change: a fit that fails leaves it as it was."""
        context = self._init_callback_context(max_subtasks=plan.hyperparameters.max_iter)
        context.call_on_fit_task_begin(estimator=self, X=X, y=y)
        with own_settings(), ExitStack() as closing:
            pace = Pace(None if plan.ends_by_time else budget.max_time, 1 - REFINEMENT_SHARE, budget.left)
            run = plan.run([progress, pace, Health(plan), *plan.early_stopping(), *self._watchers(context, X, y, plan)])
            closing.callback(run.close)
            if start is not None:
                start.load_into(run)
            say_what_is_needed(run, progress.say if self.verbose else None)
            run.modality, run.plot = plan.encoder.modality, partial(plot_rows, plan)
            glimpse = _once_per_step(plan.glimpse)
            run.model = lambda: self._fitted_copy(glimpse(run), run)
            run.checkpoint = lambda: self._document(plan, run, budget)
            deadline = budget.deadline(1 - REFINEMENT_SHARE) if start is None else start.deadline()
            model = self._train(plan, run, budget, deadline, pace)
        attributes = self._attributes(model, run)
        context.call_on_fit_task_end(estimator=self, X=X, y=y, reconstruction_attributes=lambda: attributes)
        self._become(attributes)
        progress.end(run, refined=model.refiner is not None)
        return self

    def _watchers(self, context, X, y, plan):
        """The callbacks that were attached, and scikit-learn's hooks where one of them uses these."""
        callbacks = getattr(self, "_skl_callbacks", [])
        watchers = [callback for callback in callbacks if isinstance(callback, Callback)]
        if any(_uses_tasks(callback) for callback in callbacks):
            watchers.append(FitTasks(self, context, X, y, lambda run: self._attributes(plan.glimpse(run), run)))
        return watchers

    def _document(self, plan, run, budget):
        """A file's content of a fit that is not finished."""
        check_class(self, "a checkpoint")
        state = FitState.of(plan, run, budget).get_state()
        params = params_of(self, for_fit=True)
        return {"estimator": type(self).__name__, "versions": versions(), "params": params, "fit": state}

    def _train(self, plan, run, budget, deadline, pace):
        """Play the run, and make a model of what it learned. Ctrl-C keeps what there is so far."""
        try:
            run.play(deadline)
            self._warn_of_short_run(run, pace)
            return plan.finish(run, budget)
        except KeyboardInterrupt:
            if run.n_iter == 0 or inside_search():
                raise
            paths = [watcher.path for watcher in run.watchers if isinstance(watcher, Checkpoint)]
            cure = f"skgan.resume({paths[0]!r}, X) goes on" if paths else "call fit again for a full run"
            warn(
                f"The fit was interrupted at step {run.n_iter} of {run.max_iter}. The model is what was learned so "
                f"far, without refinement; {cure}.",
                InterruptedFitWarning,
            )
            return plan.unrefined(run)

    def _warn_of_short_run(self, run, pace):
        if run.n_iter > 0:
            pace.warn_at_the_end(run)
            return
        why = "a callback stopped the run" if run.stopped else f"max_time={self.max_time} was over"
        cure = "" if run.stopped else "; allow more seconds"
        warn(f"{why} before the first update, so the generator is untrained{cure}.", ConvergenceWarning)

    def _become(self, attributes):
        """Replace all fitted attributes."""
        parameters = self.get_params(deep=False)
        for name in [name for name in vars(self) if name.endswith("_") and name not in parameters]:
            delattr(self, name)
        vars(self).update(attributes)
        return self

    def _fitted_copy(self, model, run):
        """A fitted estimator like this one, which is not changed."""
        fitted = copy.copy(self)
        for name in ("_skl_callbacks", "_callback_fit_ctx"):
            vars(fitted).pop(name, None)
        return fitted._become(self._attributes(model, run))


def _once_per_step(make):
    """``make(run)``, kept until the run has gone on: several callbacks ask for the model of a step."""
    kept = [None, None]

    def model_of(run):
        step = run.n_iter, run.n_recoveries
        if kept[0] != step:
            kept[:] = step, make(run)
        return kept[1]

    return model_of


def _uses_tasks(callback):
    """Whether a callback has hooks of scikit-learn's that do something at each step."""
    hooks = ("on_fit_task_begin", "on_fit_task_end")
    return not isinstance(callback, Callback) or any(
        getattr(type(callback), hook) is not getattr(Callback, hook) for hook in hooks
    )
