"""Games: what each player's loss is."""

from ._adversarial import AdversarialGame

__all__ = ["AdversarialGame"]
