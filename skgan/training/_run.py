"""A training run, in which the players of a game are updated in turn."""

from __future__ import annotations

import copy
import time
from contextlib import ExitStack
from functools import partial

import torch

from skgan._validation import Whole, check_option

from ._average import Average
from ._captured import CapturedRounds
from ._check_state import check_state
from ._history import History
from ._optimizer import adam, load_state, set_rate, state_of, step_if_finite
from ._recovery import SMALLER, Recovery
from ._scores import Scores
from ._threads import threads

# Steps with an overflow are skipped. After this many in a row, the run has diverged.
MAX_BROKEN_STEPS = 20


class Run:
    """Trains the players of a game in turn.

    A run can be stopped after any step and continued in another process: `state_dict` holds everything that changes.

    Parameters
    ----------
    game : Game
    batches : Batches
        ``draw() -> list of Batch``: the equal parts of one batch, which are processed in parallel.
    max_iter : int
        Steps of a full run; `finish_early` lowers it.
    learning_rate : float
        It is multiplied by each player's `rate`.
    schedule : callable
        Maps progress in [0, 1] to a factor of the learning rates.
    half_life : float
        Half-life of the moving averages, in steps.
    kept_at : sequence of float, default=()
        Shares of the run at which averages are kept.
    watchers : sequence of Callback, default=()
        Their hooks ``on_run_begin``, ``on_step_begin``, ``on_step_end`` and ``on_run_end`` are called with the run.
    n_jobs : int or None, default=None
        Threads, as in joblib.
    captured : bool, default=False
        Whether rounds are captured as CUDA graphs and replayed.
    make_optimizer : callable, default=adam
        ``make_optimizer(parameters, learning_rate)``: returns a fused optimizer of torch, which uses `found_inf`.

    Attributes
    ----------
    n_iter : int
        Number of steps made.
    progress : float
        The completed share of the run in [0, 1], by steps or by time, whichever is greater.
    seconds : float
        Time of the steps so far.
    losses : dict of str to scalar tensor
        Losses of the last step, one per player.
    learning_rate : float
        That of the last step, which is multiplied by each player's `rate`.
    augmentation_probability : scalar tensor or None
        How often the discriminator sees augmented images; None if it sees none.
    history : History
    scores : Scores
        Of a callback that scores the run; else empty.
    modality : {"table", "images"} or None
        What the rows are. Set by the creator of the run.
    plot : callable or None
        ``plot(X) -> matplotlib Figure``: a picture of generated rows. Set by the creator of the run.
    averages : dict of str to Average
        One per player whose weights are averaged.
    n_broken : int
        Steps in a row with undefined gradients. On a GPU it is counted now and then.
    n_recoveries : int
        How often the run was brought back to an earlier state, each time with a tenth of the learning rate.
    diverged : bool
        Whether undefined gradients, step after step, make the run useless.
    stopped : bool
        Whether `stop` was called.
    deadline : float or None
        When the time for steps is over, in seconds of `time.monotonic`.
    model : callable or None
        Makes a fitted model from the current weights. Set by the creator of the run.
    checkpoint : callable or None
        ``checkpoint()``: all that is needed to continue the fit, as a tree. Set by the creator of the run.
    """

    def __init__(
        self,
        game,
        batches,
        *,
        max_iter,
        learning_rate,
        schedule,
        half_life,
        kept_at=(),
        watchers=(),
        n_jobs=None,
        captured=False,
        make_optimizer=adam,
    ):
        self.game, self.batches = game, batches
        self.max_iter, self.schedule = max_iter, schedule
        self.initial_learning_rate = learning_rate
        self.watchers, self.n_jobs = list(watchers), n_jobs
        self.players = game.players
        # Collecting the parameters of a module takes longer than a small step, so that it is done once.
        self.parameters = {player.name: _trained(player.module) for player in self.players}
        self.optimizers = {
            player.name: make_optimizer(self.parameters[player.name], player.rate * learning_rate)
            for player in self.players
        }
        self.averages = {
            player.name: Average(player.module, half_life, kept_at) for player in self.players if player.averaged
        }
        self.history = History([player.name for player in self.players])
        self.modality, self.plot = None, None
        self.n_iter, self.progress, self.losses, self.n_recoveries = 0, 0.0, {}, 0
        self.stopped, self.model, self.checkpoint, self.deadline = False, None, None, None
        self.seconds = 0.0
        self.scores = Scores()
        # The step and the progress from which on the rest of the run passes evenly.
        self._turn = [0, 0.0]
        self._broken = _BrokenSteps()
        self._n_batches = max(player.turns for player in self.players)
        self._play = CapturedRounds(self._play_round, game.variant) if captured else self._play_round

    @property
    def n_broken(self):
        return self._broken.in_a_row

    @property
    def diverged(self):
        return self.n_broken >= MAX_BROKEN_STEPS

    @property
    def learning_rate(self):
        return self.initial_learning_rate * self.schedule(self.progress) * SMALLER**self.n_recoveries

    @property
    def augmentation_probability(self):
        return self.game.augmentation_probability if self.game.augments else None

    def play(self, deadline=None):
        """Train until `max_iter` steps are made, or until `deadline`, in seconds of `time.monotonic`.

        The run also ends when a watcher calls `stop`. A run that diverges is brought back to an earlier state, and ends
        if it diverges again and again.

        Raises
        ------
        DivergenceError
            If no step of the run succeeded.
        """
        self._begin, self.deadline = time.monotonic() - self.seconds, deadline
        with threads(self.n_jobs) as self._threads, ExitStack() as ends:
            for watcher in self.watchers:
                watcher.on_run_begin(self)
                # Each watcher that began learns of the end, whatever the others do.
                ends.callback(watcher.on_run_end, self)
            recovery = Recovery(self)
            while self.n_iter < self.max_iter and not self.stopped:
                now = time.monotonic()
                if self.deadline is not None and now >= self.deadline:
                    recovery.look(is_last=True)
                    break
                self._step(now)
                if not recovery.look(is_last=self.stopped or self.n_iter == self.max_iter):
                    break
        return self

    def stop(self):
        """End the run after this step."""
        self.stopped = True

    def finish_early(self, n_steps):
        """End the run in `n_steps` steps, in which the learning rates fall as they would have in all steps left.

        A run that has no more steps left than these is not changed.
        """
        check_option("n_steps", n_steps, Whole(1))
        if self.n_iter + n_steps < self.max_iter:
            self._turn, self.max_iter = [self.n_iter, max(self.progress, self._by_steps())], self.n_iter + n_steps

    def has_falling_rates(self, progress):
        """Whether the learning rates are below their first value at this progress."""
        return self.schedule(progress) < self.schedule(0.0)

    @property
    def is_finishing_early(self):
        """Whether `finish_early` has shortened the run."""
        return self._turn[0] > 0

    def close(self):
        """Drop what refers back to the run: its memory is then freed at once, and not some day by the collector."""
        self.model = self.checkpoint = self.plot = self._play = None
        self.players = self.game.players = ()

    def _step(self, now):
        self._tell("on_step_begin")
        self.progress = max(self._by_steps(), _by_time(self._begin, now, self.deadline))
        self.game.set_progress(self.progress)
        factor = self.schedule(self.progress) * SMALLER**self.n_recoveries
        for optimizer in self.optimizers.values():
            set_rate(optimizer, factor)
        self.losses, finite = self._play([self.batches.draw() for _ in range(self._n_batches)], self.n_iter)
        if self._broken.count(finite) == 0:
            for average in self.averages.values():
                average.update(self.progress)
        self.n_iter += 1
        self.seconds = time.monotonic() - self._begin
        self.history.record(self.n_iter, self.seconds, self.losses)
        self._tell("on_step_end")

    def _by_steps(self):
        """The completed share of the run by steps."""
        step, progress = self._turn
        return min(1.0, progress + (1 - progress) * (self.n_iter - step) / (self.max_iter - step))

    def _tell(self, hook):
        for watcher in self.watchers:
            getattr(watcher, hook)(self)

    def _play_round(self, batches, step):
        """One round: returns the last loss of each player, and whether each update was finite.

        All players share the last batch. The others are for players with several turns per round.
        """
        losses, finite = {}, []
        for turn, parts in enumerate(batches, start=1):
            rounds = self._threads.map(self.game.begin, parts)
            for player in self.players:
                if turn > len(batches) - player.turns:
                    losses[player.name], is_finite = self._take_turn(player, rounds, step)
                    finite.append(is_finite)
        return losses, finite

    def _take_turn(self, player, rounds, step):
        """One update of a player, with the parts of a batch in parallel."""
        parameters = self.parameters[player.name]
        turn = partial(_loss_and_gradients, player.loss, step, parameters)
        loss, *gradients = map(_mean, zip(*self._threads.map(turn, rounds), strict=True))
        finite = step_if_finite(self.optimizers[player.name], parameters, gradients)
        player.after()
        return loss, finite

    def snapshot(self):
        """Copies of the current networks, in evaluation mode.

        Returns
        -------
        dict of str to list of torch.nn.Module
            One entry per player: its module, or if it is averaged its averages, the current one last.
        """
        modules = {player.name: [player.module] for player in self.players}
        averages = {name: [*average.earlier, average.module] for name, average in self.averages.items()}
        return {
            name: [copy.deepcopy(module).requires_grad_(False).eval() for module in kept]
            for name, kept in {**modules, **averages}.items()
        }

    def state_dict(self):
        """Everything that changes during a run, as a tree of tensors, numbers and strings."""
        return {
            **self.core_state(),
            "seconds": self.seconds,
            "n_recoveries": self.n_recoveries,
            "history": self.history.state_dict(),
            "scores": self.scores.state_dict(),
        }

    def core_state(self):
        """What decides about the next steps: `state_dict` without the record of the steps so far."""
        return {
            "n_iter": self.n_iter,
            "max_iter": self.max_iter,
            "turn": list(self._turn),
            "progress": self.progress,
            "broken": self._broken.state_dict(),
            "modules": {player.name: copy.deepcopy(player.module.state_dict()) for player in self.players},
            "optimizers": {
                name: copy.deepcopy(state_of(optimizer)) for name, optimizer in self.optimizers.items()
            },
            "averages": {name: average.state_dict() for name, average in self.averages.items()},
            "game": self.game.state_dict(),
            "batches": self.batches.state_dict(),
        }

    def load_state_dict(self, state):
        """Continue from what `state_dict` returned in a run of the same game, data and parameters.

        Raises
        ------
        ValueError
            If the state is not that of such a run.
        """
        check_state(state, self)
        self.history.load_state_dict(state["history"])
        self.scores.load_state_dict(state["scores"], {name: kept[-1] for name, kept in self.snapshot().items()})
        self.seconds, self.n_recoveries = state["seconds"], state["n_recoveries"]
        self.load_core_state(state)
        return self

    def load_core_state(self, state):
        """Go back to, or on from, what `core_state` returned; the history and the scores end there."""
        self.n_iter, self.progress = state["n_iter"], state["progress"]
        self.max_iter, self._turn = state["max_iter"], list(state["turn"])
        self.history.cut(self.n_iter)
        self.scores.cut(self.n_iter)
        self._broken.load_state_dict(state["broken"])
        for player in self.players:
            player.module.load_state_dict(state["modules"][player.name])
            load_state(self.optimizers[player.name], copy.deepcopy(state["optimizers"][player.name]))
        for name, average in self.averages.items():
            average.load_state_dict(state["averages"][name])
        self.game.load_state_dict(state["game"])
        self.batches.load_state_dict(state["batches"])


def _trained(module):
    """The parameters of a module that are not frozen."""
    return [parameter for parameter in module.parameters() if parameter.requires_grad]


def _loss_and_gradients(loss_of, step, parameters, round_state):
    loss = loss_of(round_state, step)
    return loss.detach(), *torch.autograd.grad(loss, parameters, allow_unused=True)


def _mean(parts):
    """The mean over the parts of a batch; None for a parameter that the loss does not depend on."""
    first, *others = parts
    for other in others:
        first = None if other is None else first + other
    return first if first is None or not others else first / len(parts)


class _BrokenSteps:
    """Counts consecutive rounds with a gradient that is not finite.

    Reading the count from a GPU synchronises, so that it is read only every few rounds. Meanwhile such rounds do not
    change the weights.
    """

    def __init__(self):
        self.in_a_row = 0
        self._counted = 0
        self._on_device = None

    def count(self, finite):
        """Count one more round and return the number; `finite` holds one boolean tensor per update."""
        whole = torch.stack(finite).all()
        if whole.device.type == "cpu":
            self.in_a_row = 0 if whole else self.in_a_row + 1
            return self.in_a_row
        before = torch.zeros_like(whole, dtype=torch.int64) if self._on_device is None else self._on_device
        if before.device != whole.device:
            # It was read from a file.
            before = before.to(whole.device)
        self._on_device = torch.where(whole, 0, before + 1)
        self._counted += 1
        if self._counted % MAX_BROKEN_STEPS == 0:
            in_a_row = int(self._on_device)
            # A smaller number may be outdated after the next round, and would be read again only much later.
            self.in_a_row = in_a_row if in_a_row >= MAX_BROKEN_STEPS else 0
        return self.in_a_row

    def state_dict(self):
        return {"in_a_row": self.in_a_row, "counted": self._counted, "on_device": self._on_device}

    def load_state_dict(self, state):
        self.in_a_row, self._counted, self._on_device = state["in_a_row"], state["counted"], state["on_device"]


def _by_time(start, now, deadline):
    """The share of the time that is over."""
    return 0.0 if deadline is None else min(1.0, (now - start) / max(deadline - start, 1e-9))
