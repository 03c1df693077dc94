"""Look now and then, while a run goes on, whether its generator has collapsed."""

from __future__ import annotations

import numpy as np

from skgan._warnings import warn
from skgan.callbacks import Callback
from skgan.exceptions import CollapseWarning
from skgan.refinement import COLLAPSE_ROWS, MIN_ROWS, collapse

# Shares of the run, and the first step at which rows are looked at: before, those of a healthy run may vary little.
MOMENTS, FIRST_STEP = (0.25, 0.5, 0.75), 100


class Health(Callback):
    """Warns once, in the middle of a run, of a generator that repeats the same few rows.

    Each look takes about as long as to draw a thousand rows, and `MOMENTS` has three. Nothing of the run changes.

    Parameters
    ----------
    plan : Plan
        Of the run.
    """

    def __init__(self, plan):
        self.plan = plan

    def on_run_begin(self, run):
        # A run that is resumed has had its first looks.
        self._n_looks = np.searchsorted(MOMENTS, run.progress, side="right")
        if len(self.plan.rows) < MIN_ROWS:
            self._n_looks = len(MOMENTS)

    def on_step_end(self, run):
        if run.n_iter < FIRST_STEP or self._n_looks == len(MOMENTS) or run.progress < MOMENTS[self._n_looks]:
            return
        self._n_looks = np.searchsorted(MOMENTS, run.progress, side="right")
        found = self._look(run)
        if found:
            self._n_looks = len(MOMENTS)
            warn(
                f"At step {run.n_iter} of {run.max_iter} the generator has collapsed: {found}. Most runs do not "
                "recover from this. Stop the fit, and lower learning_rate or regularizer_weight, or leave both 'auto'.",
                CollapseWarning,
            )

    def _look(self, run):
        """What has collapsed, or None."""
        plan = self.plan
        n = min(COLLAPSE_ROWS, len(plan.chosen))
        real = plan.encoder.features(plan.some_rows.take(np.arange(n)))
        return collapse(real, plan.glimpse(run).features_like(plan.conditions, n, "health")[:, : real.shape[1]])
