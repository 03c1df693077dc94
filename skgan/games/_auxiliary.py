"""The game with an auxiliary classifier: the discriminator also guesses the condition of a row."""

from __future__ import annotations

import torch
from torch.nn.functional import log_softmax

from ._adversarial import AdversarialGame


class AuxiliaryGame(AdversarialGame):
    """`AdversarialGame` whose losses also contain the error of the discriminator's guess of the condition [1]_.

    The discriminator learns to guess the condition of real rows, and the generator to make rows whose condition is
    guessed right.

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
        # A discriminator that has no `judge` runs once for the scores and once for the guess.
        self._judge = getattr(self.discriminator, "judge", self._judge_in_two_calls)

    def discriminator_loss(self, now, step):
        adversarial = super().discriminator_loss(now, step)
        return adversarial + self._mismatch(now)

    def generator_loss(self, now, step):
        adversarial = super().generator_loss(now, step)
        return adversarial + self._mismatch(now)

    def _scores(self, rows, now):
        shown, condition = self._shown(rows, now.batch), self._condition_of(rows, now.batch)
        scores, now.guess = self._judge(shown, condition)
        return scores

    def _judge_in_two_calls(self, rows, condition):
        return self.discriminator(rows, condition), self.discriminator.guess(rows)

    def _mismatch(self, now):
        """The error of the guess for the first n rows that were scored: on the discriminator's turn, the real ones."""
        condition = now.batch.condition
        return mismatch(now.guess[: len(condition)], condition, self.condition_spec).mean()


def mismatch(guess, condition, spec):
    """The error of raw guesses (n, width) of conditions (n, width), one value per row.

    Cross-entropy for classes, and half the squared difference for continuous targets.
    """
    total = torch.zeros(len(guess), device=guess.device)
    for span in spec.spans:
        guessed, true = guess[:, span.start : span.stop], condition[:, span.start : span.stop]
        if span.kind == "categorical":
            total = total - (true * log_softmax(guessed, dim=1)).sum(1)
        else:
            total = total + 0.5 * (guessed - true).square().sum(1)
    return total
