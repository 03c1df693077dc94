"""What a game is: who plays, what a round needs, and what each player's loss is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn


def nothing():
    """Do nothing after a step."""


@dataclass(frozen=True)
class Player:
    """One side of a game.

    Parameters
    ----------
    name : str
        The player's losses are the column ``{name}_loss`` of the history.
    module : torch.nn.Module
        What the player updates; several networks are a ``torch.nn.ModuleDict``.
    loss : callable
        ``loss(round, step) -> scalar tensor``, to be minimised.
    after : callable, default=nothing
        Called without arguments after each of the player's updates.
    turns : int, default=1
        Updates per round. All but the last are each on a batch of their own.
    rate : float, default=1.0
        Factor of the run's learning rate.
    averaged : bool, default=False
        Whether a moving average of the weights is what the run keeps.
    """

    name: str
    module: nn.Module
    loss: Callable
    after: Callable = nothing
    turns: int = 1
    rate: float = 1.0
    averaged: bool = False


class Game:
    """Base of all games. A game holds networks and knows nothing about optimizers, data or time.

    Attributes
    ----------
    sources : tuple of str
        Names of the rows that a batch must hold.
    n_draws : int
        Uniform random numbers per row that a round needs.
    players : tuple of Player
        Who plays, in the order of their turns.
    augments : bool
        Whether the rows that are judged are augmented, with the probability `augmentation_probability`, a scalar
        tensor.
    """

    sources = ("real", "condition")
    n_draws = 0
    players: tuple[Player, ...] = ()
    augments = False

    def begin(self, batch):
        """The round that all players see; here the batch itself."""
        return batch

    def set_progress(self, progress):
        """Tell the game which share of the run, in [0, 1], is over."""

    def variant(self, step):
        """A hashable value that is equal for steps with the same computation: one CUDA graph serves them all."""
        return ()

    def state_dict(self):
        """All that changes during a run beside the weights, as a dict of tensors and numbers."""
        return {}

    def load_state_dict(self, state):
        """Continue from what `state_dict` returned."""
