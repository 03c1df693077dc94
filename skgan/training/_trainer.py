"""The training loop: for each player in turn take a batch, play, step; then update the average, tell the callbacks."""

from __future__ import annotations

import time
import warnings

import torch

from skgan.exceptions import DivergenceWarning

# A few steps with an overflow are skipped; this many in a row mean that the run is over.
MAX_BROKEN_STEPS = 20


class Trainer:
    """Lets the players of a game take turns.

    Parameters
    ----------
    game : object
        ``begin(batch)`` is a round, and its `players` are tuples (name, module, loss(round, step) -> scalar, after()).
    batches : object
        ``draw() -> batch``.
    average : Average
        Of the generator.
    optimizers : dict of str to torch.optim.Optimizer
        One a player.
    schedule : callable
        Progress in [0, 1] to a factor of the learning rate.
    callbacks : list of Callback
        Told of the start, of each step and of the end.
    """

    def __init__(self, game, batches, average, optimizers, *, schedule, callbacks=()):
        # Walking a module for its parameters costs more than a small step: it is done once.
        self.turns = [
            (name, list(module.parameters()), optimizers[name], loss_of, after)
            for name, module, loss_of, after in game.players
        ]
        self.game = game
        self.batches = batches
        self.average = average
        self.schedule = schedule
        self.callbacks = callbacks
        self.n_iter = 0
        self._n_broken = 0

    def run(self, max_iter, deadline=None):
        """Play `max_iter` rounds, or up to `deadline` (seconds of `time.monotonic`), whichever comes first."""
        start = time.monotonic()
        for callback in self.callbacks:
            callback.on_fit_begin(max_iter)
        while self.n_iter < max_iter and self._n_broken < MAX_BROKEN_STEPS:
            now = time.monotonic()
            if deadline is not None and now >= deadline:
                break
            losses = self._round(_progress(self.n_iter, max_iter, start, now, deadline))
            self.n_iter += 1
            for callback in self.callbacks:
                callback.on_step_end(self.n_iter, losses)
        if self._n_broken >= MAX_BROKEN_STEPS:
            warnings.warn(
                f"Training diverged: {MAX_BROKEN_STEPS} updates in a row had infinite or undefined gradients, so it "
                f"stopped at step {self.n_iter} and kept the average of the steps before. A smaller learning_rate "
                "or another regularizer helps.",
                DivergenceWarning,
                stacklevel=2,
            )
        for callback in self.callbacks:
            callback.on_fit_end()
        return self

    def _round(self, progress):
        factor = self.schedule(progress)
        losses = {}
        finite = True
        now = self.game.begin(self.batches.draw())
        for name, parameters, optimizer, loss_of, after in self.turns:
            loss = loss_of(now, self.n_iter)
            finite &= self._step(optimizer, parameters, loss, factor)
            after()
            losses[name] = loss.detach()
        self._n_broken = 0 if finite else self._n_broken + 1
        if finite:
            self.average.update(progress)
        return losses

    @staticmethod
    def _step(optimizer, parameters, loss, factor):
        """One update of `parameters`; False, and no update, where a gradient is not finite."""
        gradients = torch.autograd.grad(loss, parameters, allow_unused=True)
        total = sum(gradient.sum() for gradient in gradients if gradient is not None)
        if not torch.isfinite(total):
            return False
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = gradient
        for group in optimizer.param_groups:
            group["lr"] = group["initial_lr"] * factor
        optimizer.step()
        return True


def _progress(step, max_iter, start, now, deadline):
    """How far the run is, by steps or by time, whichever is further."""
    by_steps = step / max_iter
    by_time = 0.0 if deadline is None else (now - start) / max(deadline - start, 1e-9)
    return min(1.0, max(by_steps, by_time))
