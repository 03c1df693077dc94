"""Games: what each player's loss is."""

from ._adversarial import AdversarialGame, Round
from ._auxiliary import AuxiliaryGame

__all__ = ["AdversarialGame", "AuxiliaryGame", "Round"]
