"""What a training run needs, estimated before its first step."""

from __future__ import annotations

import copy
import weakref
from dataclasses import dataclass

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from skgan._counted import counted
from skgan._free_memory import free_memory
from skgan._warnings import warn
from skgan.training import Batch, count_threads

# Two numbers of rows that are tried out, from which follows what any number needs; normalisation needs at least two.
TRIED = (2, 4)
# A rough bound of what a run needs. Layers of usual widths stay below the bytes per row.
BYTES_PER_ROW, BYTES_PER_NUMBER, COPIES_OF_WEIGHTS = 1_000_000, 10_000, 40


@dataclass(frozen=True)
class Needs:
    """Bytes that a run needs: at first what is there before its first step, then what is allocated in it.

    Attributes
    ----------
    networks : int
        Parameters and buffers.
    averages : int
        Averaged copies of networks, with those that will be kept during the run.
    rows : int
        The encoded training rows that lie on the device.
    gradients : int
        Of all players, and of each part of a batch for the largest of them.
    moments : int
        The two moments of Adam.
    activations : int
        The tensors of a step that are alive at the same time.
    present : int
        How much of all this is allocated already.
    """

    networks: int
    averages: int
    rows: int
    gradients: int
    moments: int
    activations: int
    present: int

    @property
    def total(self):
        return self.networks + self.averages + self.rows + self.gradients + self.moments + self.activations

    @property
    def to_come(self):
        return self.total - self.present


def say_what_is_needed(run, say=None):
    """Warn if a run needs more memory than its device has left; ``say(text)`` is told what it needs in any case."""
    free = free_memory(run.batches.device)
    if say is None and (free is None or _rough_bound(run) < free):
        return
    needs = estimate(run)
    if say is not None:
        say(_announcement(run, needs))
    if needs is not None and free is not None and needs.to_come > free:
        warn(
            f"Training needs about {_size(needs.to_come)} of memory, but {run.batches.device} has {_size(free)} left, "
            "so it may fail or be very slow: use a smaller batch_size, narrower hidden_layer_sizes or smaller images."
        )


def _rough_bound(run):
    """Bytes that a run hardly ever exceeds: below it, small fits need not wait for an estimate."""
    widths = [_width(source.rows) for source in run.batches.sources.values()]
    n_numbers = run.batches.batch_size * (sum(widths) + run.batches.noise_dim)
    n_weights = sum(_bytes_of(player.module) for player in run.players)
    return run.batches.batch_size * BYTES_PER_ROW + n_numbers * BYTES_PER_NUMBER + n_weights * COPIES_OF_WEIGHTS


def estimate(run):
    """The `Needs` of a run, or None where its networks cannot be tried out.

    One round is tried out with few rows. Random generators and the run stay as they are.

    Parameters
    ----------
    run : Run
        Before its first step.
    """
    trained = {name: sum(map(_n_bytes, parameters)) for name, parameters in run.parameters.items()}
    networks = sum(_bytes_of(player.module) for player in run.players)
    averages = sum(_bytes_of(average.module) for average in run.averages.values())
    kept = sum(_bytes_of(average.module) * len(average.kept_at) for average in run.averages.values())
    n_parts = len(run.batches.part_rngs)
    try:
        activations = _activations(run, n_parts)
    except Exception:
        # Networks of the caller's may look at values, or use what "meta" lacks.
        return None
    rows = sum(source.rows.n_bytes for source in run.batches.sources.values())
    return Needs(
        networks=networks,
        averages=averages + kept,
        rows=rows,
        gradients=sum(trained.values()) + (n_parts - 1) * max(trained.values()),
        moments=2 * sum(trained.values()),
        activations=activations,
        present=networks + averages + rows,
    )


def _activations(run, n_parts):
    """Bytes of the tensors of one step: what all parts keep, and all that those keep which are at work at a time."""
    n_rows = run.batches.batch_size // n_parts
    at_work = min(n_parts, count_threads(run.n_jobs)) if run.batches.device.type == "cpu" else 1
    (kept, steps), (kept_of_more, steps_of_more) = (_tried(run, n) for n in TRIED)
    # Some tensors, such as gradients, have the same size for any number of rows, so that the most need not be at the
    # same moment.
    kept = _extrapolated(n_rows, kept, kept_of_more)
    most = max(_extrapolated(n_rows, *pair) for pair in zip(steps, steps_of_more, strict=True))
    return int(n_parts * kept + at_work * (most - kept))


def _extrapolated(n_rows, few, more):
    return few + (n_rows - TRIED[0]) * (more - few) / (TRIED[1] - TRIED[0])


def _tried(run, n_rows):
    """Bytes of the tensors that a round of n rows keeps for all players, and of all tensors at each moment of it."""
    game = _copy_with_weights_of(run.game)
    game.set_progress(1.0)
    device = run.batches.device
    # A network of the caller's may draw from torch's global generators.
    with (
        torch.random.fork_rng(devices=[device] if device.type == "cuda" else []),
        CountedTensors(run.players) as counted,
    ):
        now = game.begin(_batch_like(run.batches, n_rows))
        kept = counted.now
        for player in game.players:
            torch.autograd.grad(player.loss(now, 0), run.parameters[player.name], allow_unused=True)
    return kept, counted.history


def _copy_with_weights_of(game):
    """A copy of a game that shares its weights and nothing that a round changes."""
    return copy.deepcopy(game, {id(weight): weight for player in game.players for weight in player.module.parameters()})


def _batch_like(batches, n_rows):
    """A batch with the shapes of those that are drawn."""
    widths = {name: _width(source.rows) for name, source in batches.sources.items()}
    widths |= {"latent": batches.noise_dim, "draws": batches.n_draws}
    return Batch(**{name: torch.zeros(n_rows, width, device=batches.device) for name, width in widths.items()})


def _width(rows):
    first = torch.zeros(1, dtype=torch.int64, device="cpu")
    return rows.rows(first, torch.zeros(1, rows.n_numbers, device="cpu")).shape[1]


class CountedTensors(TorchDispatchMode):
    """A context that counts the bytes of the tensors that are made in it.

    Parameters
    ----------
    players : sequence of Player
        Whose weights are not counted.

    Attributes
    ----------
    now : int
        Bytes of the tensors that are alive at present.
    history : list of int
        The same after each new tensor.
    """

    def __init__(self, players):
        super().__init__()
        self.now, self.history = 0, []
        self._seen = weakref.WeakSet()
        for player in players:
            for weight in player.module.parameters():
                self._seen.add(weight.untyped_storage())

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        for tensor in tree_leaves(made):
            if torch.is_tensor(tensor):
                self._count(tensor.untyped_storage())
        return made

    def _count(self, storage):
        """Count a storage once, however many tensors are views of it."""
        if storage in self._seen:
            return
        self._seen.add(storage)
        n_bytes = storage.nbytes()
        self.now += n_bytes
        self.history.append(self.now)
        weakref.finalize(storage, self._forget, n_bytes)

    def _forget(self, n_bytes):
        self.now -= n_bytes


def _n_bytes(tensor):
    return tensor.numel() * tensor.element_size()


def _bytes_of(module):
    return sum(map(_n_bytes, (*module.parameters(), *module.buffers())))


def _announcement(run, needs):
    counts = [f"{player.name} {sum(p.numel() for p in run.parameters[player.name]):,}" for player in run.players]
    memory = "" if needs is None else f", about {_size(needs.total)} of memory"
    return f"skgan: {counted(run.max_iter, 'step')} planned, parameters: {', '.join(counts)}{memory}"


def _size(n_bytes):
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{max(1, n_bytes / 1e6):.0f} MB"
