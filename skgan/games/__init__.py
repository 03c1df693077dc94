"""Games: who plays, and what each player's loss is."""

from ._adversarial import AdversarialGame, Round
from ._auxiliary import AuxiliaryGame
from ._base import Game, Player

__all__ = ["AdversarialGame", "AuxiliaryGame", "Game", "Player", "Round"]
