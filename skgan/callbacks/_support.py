"""scikit-learn's support for callbacks, and a replacement for versions before 1.9, which have none.

The replacement calls callbacks only for the estimator that they were attached to, not for copies that a search makes.
"""

from __future__ import annotations

import functools
import inspect
from copy import copy

try:
    from sklearn.callback import CallbackSupportMixin as CallbackSupport
    from sklearn.callback import with_callbacks
except ImportError:
    HOOKS = ("setup", "teardown", "on_fit_task_begin", "on_fit_task_end")

    class CallbackSupport:
        """Mixin for estimators that callbacks can be attached to."""

        def set_callbacks(self, *callbacks):
            """Set callbacks for the estimator.

            Parameters
            ----------
            *callbacks : callback instances
                Objects with the methods ``setup``, ``teardown``, ``on_fit_task_begin`` and ``on_fit_task_end``.

            Returns
            -------
            self : estimator instance
            """
            for callback in callbacks:
                if isinstance(callback, type) or not all(hasattr(callback, hook) for hook in HOOKS):
                    raise TypeError("callbacks must be instances following the FitCallback protocol.")
            if callbacks:
                self._skl_callbacks = list(callbacks)
            else:
                self.__dict__.pop("_skl_callbacks", None)
            return self

        def _init_callback_context(self, task_name="fit", task_id=0, max_subtasks=0, sequential_subtasks=True):
            callbacks = getattr(self, "_skl_callbacks", [])
            self._callback_fit_ctx = _Context(callbacks, type(self).__name__, task_name, task_id, max_subtasks)
            for callback in callbacks:
                callback.setup(estimator=self, context=self._callback_fit_ctx)
            return self._callback_fit_ctx

    class _Context:
        """A task of a fit: the fit itself, or a step of it."""

        parent = None

        def __init__(self, callbacks, estimator_name, task_name, task_id, max_subtasks):
            self._callbacks, self.estimator_name = callbacks, estimator_name
            self.task_name, self.task_id, self.max_subtasks = task_name, task_id, max_subtasks
            self._n_subtasks = 0

        def subcontext(self, task_name="", task_id=None, max_subtasks=0, sequential_subtasks=True):
            context = _Context(self._callbacks, self.estimator_name, task_name, self._n_subtasks, max_subtasks)
            context.parent = self
            self._n_subtasks += 1
            return context

        def call_on_fit_task_begin(self, *, estimator, **values):
            self._call("on_fit_task_begin", estimator, values)
            return self

        def call_on_fit_task_end(self, *, estimator, **values):
            return self._call("on_fit_task_end", estimator, values)

        def _call(self, hook, estimator, values):
            """Call a hook of all callbacks with the values that its signature names. True if any returns True."""
            stop = False
            for callback in self._callbacks:
                method = getattr(callback, hook)
                parameters = inspect.signature(method).parameters.values()
                names = [parameter.name for parameter in parameters if parameter.kind == parameter.KEYWORD_ONLY]
                stop |= bool(method(estimator, self, **{name: _value(name, estimator, values) for name in names}))
            return stop

    def _value(name, estimator, values):
        if name != "fitted_estimator":
            return values.get(name)
        attributes = values.get("reconstruction_attributes")
        attributes = attributes() if callable(attributes) else attributes
        if attributes is None:
            return None
        fitted = copy(estimator)
        vars(fitted).update(attributes)
        return fitted

    def with_callbacks(method):
        """Decorate a `fit` so that `teardown` of its callbacks is called even if it fails."""

        @functools.wraps(method)
        def fit(estimator, *args, **kwargs):
            try:
                return method(estimator, *args, **kwargs)
            finally:
                context = estimator.__dict__.pop("_callback_fit_ctx", None)
                for callback in [] if context is None else context._callbacks:
                    callback.teardown(estimator=estimator, context=context)

        return fit
