"""Bring a run that diverges back to its last good state, and go on with a smaller learning rate."""

from __future__ import annotations

import torch

from skgan._warnings import warn
from skgan.exceptions import DivergenceError, DivergenceWarning

# How often a run is brought back before it gives up, and the factor of its learning rates each time.
MAX_RECOVERIES, SMALLER = 3, 0.1
# Good states are looked for this many times per run, but not more often than every so many steps.
N_LOOKS, LEAST_STEPS = 25, 20
# Losses are measured in units of one plus the first loss. Above the first number, a player has lost the game beyond
# repair. Above the second, it may be about to, so that the state is not one to go back to.
EXPLODED, SUSPECT = 1000.0, 20.0


class Recovery:
    """Keeps the last good state of a run, and returns to it when the run has diverged.

    Without a fault nothing of a run changes.

    Parameters
    ----------
    run : Run
        Before its next step.
    """

    def __init__(self, run):
        self.run = run
        self.every = max(LEAST_STEPS, run.max_iter // N_LOOKS)
        self._first_loss = None
        self._keep()

    def look(self, *, is_last=False):
        """Call after each step; `is_last` if no other may follow. False if a diverged run cannot be brought back."""
        run = self.run
        if self._first_loss is None:
            # That of the first player, since the others have seen its first update, which may have been far too large.
            self._first_loss = next(iter(run.losses.values())).detach().float().abs()
        if run.diverged:
            return self._recover("had infinite or undefined gradients for many updates in a row")
        is_time = run.n_iter % self.every == 0
        if is_time or is_last:
            # Reading losses and weights waits for a GPU, so this is done now and then, and after the last step.
            loss = self._loss()
            if loss > EXPLODED or not self._has_finite_weights():
                return self._recover("had a loss that exploded, or weights that are not finite,")
            if is_time and run.n_broken == 0 and loss < SUSPECT:
                self._keep()
        return True

    def _keep(self):
        self._good, self._n_iter = self.run.core_state(), self.run.n_iter

    def _loss(self):
        """The largest loss of the last step; an undefined one is that of a step that was left out."""
        losses = torch.stack([loss.detach().float() for loss in self.run.losses.values()])
        return float(losses.abs().max() / (1 + self._first_loss.nan_to_num(0.0)))

    def _has_finite_weights(self):
        finite = [torch.isfinite(weights).all() for part in self.run.parameters.values() for weights in part]
        return bool(torch.stack(finite).all())

    def _recover(self, why):
        run = self.run
        if run.n_recoveries == MAX_RECOVERIES:
            return self._give_up(why)
        n_recoveries = run.n_recoveries + 1
        warn(
            f"Training {why} up to step {run.n_iter}. It goes on from step {self._n_iter} with a tenth of the learning "
            f"rate (attempt {n_recoveries} of {MAX_RECOVERIES}).",
            DivergenceWarning,
        )
        run.load_core_state(self._good)
        run.n_recoveries = n_recoveries
        return True

    def _give_up(self, why):
        run, step = self.run, self.run.n_iter
        if run.diverged and any(average.n_updates for average in run.averages.values()):
            kept = "The average of the steps before is kept."
        elif self._n_iter:
            run.load_core_state(self._good)
            kept = f"The weights of step {self._n_iter} are kept."
        else:
            raise DivergenceError(
                f"Training {why} from the first steps on, also with a smaller learning rate, so there is nothing to "
                "keep, and the estimator is as it was before the fit. A network or loss of your own may return NaN or "
                "infinite numbers; otherwise a smaller learning_rate or another regularizer may help."
            )
        warn(
            f"Training diverged: it {why} up to step {step}, also with smaller learning rates. {kept} A smaller "
            "learning_rate or another regularizer may help.",
            DivergenceWarning,
        )
        return False
