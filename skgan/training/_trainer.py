"""The training loop: for each player in turn take a batch, play, step; then update the average, tell the callbacks."""

from __future__ import annotations

import time
import warnings
from functools import partial

import torch

from skgan.exceptions import DivergenceWarning

from ._crew import crew
from ._recorded import Recorded

# A few steps with an overflow are skipped; this many in a row mean that the run is over.
MAX_BROKEN_STEPS = 20


class Trainer:
    """Lets the players of a game take turns.

    Parameters
    ----------
    game : object
        ``begin(batch)`` is a round, and its `players` are tuples (name, module, loss(round, step) -> scalar, after()).
        ``turn_to(progress)`` is told how far the run is, and ``kind(step)`` says what a recorded round cannot change.
    batches : object
        ``draw() -> list of batches``: the equal parts of one, which are played side by side.
    average : Average
        Of the generator.
    optimizers : dict of str to torch.optim.Optimizer
        One a player; fused, so that they heed `found_inf`.
    schedule : callable
        Progress in [0, 1] to a factor of the learning rate.
    callbacks : list of Callback
        Told of the start, of each step and of the end.
    recorded : bool, default=False
        Whether rounds are recorded as CUDA graphs and replayed.
    """

    def __init__(self, game, batches, average, optimizers, *, schedule, callbacks=(), recorded=False):
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
        self._broken = _Broken()
        self._play = Recorded(self._play_once, game.kind) if recorded else self._play_once

    def run(self, max_iter, deadline=None):
        """Play `max_iter` rounds, or up to `deadline` (seconds of `time.monotonic`), whichever comes first."""
        start = time.monotonic()
        for callback in self.callbacks:
            callback.on_fit_begin(max_iter)
        with crew() as self._crew:
            while self.n_iter < max_iter and self._broken.in_a_row < MAX_BROKEN_STEPS:
                now = time.monotonic()
                if deadline is not None and now >= deadline:
                    break
                losses = self._round(_progress(self.n_iter, max_iter, start, now, deadline))
                self.n_iter += 1
                for callback in self.callbacks:
                    callback.on_step_end(self.n_iter, losses)
        if self._broken.in_a_row >= MAX_BROKEN_STEPS:
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
        self.game.turn_to(progress)
        factor = self.schedule(progress)
        for _, _, optimizer, _, _ in self.turns:
            _set_rate(optimizer, factor)
        losses, finite = self._play(self.batches.draw(), self.n_iter)
        if self._broken.count(finite) == 0:
            self.average.update(progress)
        return losses

    def _play_once(self, parts, step):
        """Each player's turn on the parts of a batch: its loss, and whether its step was finite."""
        losses, finite = {}, []
        rounds = self._crew.map(self.game.begin, parts)
        for name, parameters, optimizer, loss_of, after in self.turns:
            turn = partial(_loss_and_gradients, loss_of, step, parameters)
            loss, *gradients = map(_mean, zip(*self._crew.map(turn, rounds), strict=True))
            finite.append(_step(optimizer, parameters, gradients))
            after()
            losses[name] = loss
        return losses, finite


def _loss_and_gradients(loss_of, step, parameters, now):
    loss = loss_of(now, step)
    return loss.detach(), *torch.autograd.grad(loss, parameters, allow_unused=True)


def _mean(parts):
    """The mean of what the parts of a batch say; None where a parameter has no part in the loss."""
    first, *others = parts
    for other in others:
        first = None if other is None else first + other
    return first if first is None or not others else first / len(parts)


def _set_rate(optimizer, factor):
    for group in optimizer.param_groups:
        rate = group["initial_lr"] * factor
        if isinstance(group["lr"], torch.Tensor):
            group["lr"].fill_(rate)
        else:
            group["lr"] = rate


def _step(optimizer, parameters, gradients):
    """One update of `parameters`, or none where a gradient is not finite; which of the two, as a tensor.

    The answer stays where the gradients are: to ask for it would be to wait for them.
    """
    finite = torch.isfinite(sum(gradient.sum() for gradient in gradients if gradient is not None))
    optimizer.found_inf = (~finite).float()
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = gradient if gradient is None else _laid_out_like(gradient, parameter)
    optimizer.step()
    return finite


def _laid_out_like(gradient, parameter):
    """Fused optimizers take both in one order of memory."""
    return gradient if gradient.stride() == parameter.stride() else torch.empty_like(parameter).copy_(gradient)


class _Broken:
    """How many rounds in a row had a gradient that was not finite.

    On a device that would have to be waited for, it is asked only now and then: until then weights did not move.
    """

    def __init__(self):
        self.in_a_row = 0
        self._counted = 0
        self._on_device = None

    def count(self, finite):
        """How many, with one more round, `finite` being what each player's step says."""
        whole = torch.stack(finite).all()
        if whole.device.type == "cpu":
            self.in_a_row = 0 if whole else self.in_a_row + 1
            return self.in_a_row
        before = torch.zeros_like(whole, dtype=torch.int64) if self._on_device is None else self._on_device
        self._on_device = torch.where(whole, 0, before + 1)
        self._counted += 1
        if self._counted % MAX_BROKEN_STEPS == 0:
            in_a_row = int(self._on_device)
            # Fewer may be over with the next round, which would not be seen for long.
            self.in_a_row = in_a_row if in_a_row >= MAX_BROKEN_STEPS else 0
        return self.in_a_row


def _progress(step, max_iter, start, now, deadline):
    """How far the run is, by steps or by time, whichever is further."""
    by_steps = step / max_iter
    by_time = 0.0 if deadline is None else (now - start) / max(deadline - start, 1e-9)
    return min(1.0, max(by_steps, by_time))
