"""The game with an auxiliary classifier: the discriminator guesses the condition, the generator wants it guessed."""

from __future__ import annotations

import torch
from torch.nn.functional import log_softmax

from ._adversarial import AdversarialGame


class AuxiliaryGame(AdversarialGame):
    """`AdversarialGame`, with how far the guess of the condition is off added to both losses [1]_.

    The discriminator learns the condition of real rows, and the generator makes rows whose condition it guesses.

    Parameters
    ----------
    condition_spec : DataSpec
        The layout of a condition.

    References
    ----------
    .. [1] Odena, Olah and Shlens, "Conditional image synthesis with auxiliary classifier GANs", ICML 2017, eq. 2 and 3.
    """

    def __init__(self, *args, condition_spec, **options):
        super().__init__(*args, **options)
        self.condition_spec = condition_spec

    def discriminator_loss(self, now, step):
        return super().discriminator_loss(now, step) + self._mismatch(now.batch.real, now.batch)

    def generator_loss(self, now, step):
        return super().generator_loss(now, step) + self._mismatch(now.fake, now.batch)

    def _mismatch(self, rows, batch):
        guess = self.discriminator.guess(self._shown(rows, batch))
        return mismatch(guess, batch.condition, self.condition_spec).mean()


def mismatch(guess, condition, spec):
    """How far raw guesses (n, width) are from conditions (n, width), one value a row.

    Cross-entropy of classes, and half the squared distance of amounts.
    """
    total = torch.zeros(len(guess), device=guess.device)
    for span in spec.spans:
        guessed, true = guess[:, span.start : span.stop], condition[:, span.start : span.stop]
        if span.kind == "categorical":
            total = total - (true * log_softmax(guessed, dim=1)).sum(1)
        else:
            total = total + 0.5 * (guessed - true).square().sum(1)
    return total
