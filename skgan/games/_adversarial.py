"""The two-player game: real scores, fake scores, loss, and the regularizer on top."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass
class Round:
    """What both players look at in one round.

    Parameters
    ----------
    batch : Batch
    fake : tensor of shape (n, width)
        What the generator makes of the batch.
    real_scores : tensor of shape (n,) or None
        What the discriminator gave the real rows, on its turn.
    """

    batch: object
    fake: torch.Tensor
    real_scores: torch.Tensor | None = None


class AdversarialGame:
    """A generator against a discriminator.

    Parameters
    ----------
    generator, discriminator : torch.nn.Module
        ``generator(latent, condition) -> rows`` and ``discriminator(rows, condition) -> scores``.
    loss : object
        Of `skgan.losses`.
    regularizer : object or None
        Of `skgan.regularizers`.
    """

    def __init__(self, generator, discriminator, loss, regularizer):
        self.generator = generator
        self.discriminator = discriminator
        self.loss = loss
        self.regularizer = regularizer

    @property
    def players(self):
        """Who plays, in turn: (name, module to update, loss of a round, what to do after the update)."""
        return (
            ("discriminator", self.discriminator, self.discriminator_loss, self.bind_discriminator),
            ("generator", self.generator, self.generator_loss, _nothing),
        )

    def begin(self, batch):
        """A round on one batch: the generator moves once for both turns."""
        return Round(batch, self.generator(batch.latent, batch.condition))

    def discriminator_loss(self, now, step):
        """A scalar: the discriminator's loss in this round."""
        critic = self._critic(now.batch)
        real, fake = now.batch.real, now.fake.detach()
        real_scores, fake_scores = critic(torch.cat([real, fake])).chunk(2)
        now.real_scores = real_scores.detach()
        loss = self.loss.discriminator_loss(real_scores, fake_scores)
        regularizer = self.regularizer
        if regularizer is not None and regularizer.weight and step % regularizer.interval == 0:
            penalty = regularizer.penalty(critic, real, fake, now.batch.noise)
            loss = loss + regularizer.weight * regularizer.interval * penalty
        return loss.mean()

    def generator_loss(self, now, step):
        """A scalar: the generator's loss in this round, once the discriminator has moved."""
        fake_scores = self._critic(now.batch)(now.fake)
        return self.loss.generator_loss(now.real_scores, fake_scores).mean()

    def bind_discriminator(self):
        if self.regularizer is not None:
            self.regularizer.constrain(self.discriminator)

    def _critic(self, batch):
        """Rows to scores, with the batch's condition bound; twice as many rows are two batches end to end."""

        def critic(rows):
            return self.discriminator(rows, batch.condition.repeat(len(rows) // len(batch.condition), 1))

        return critic


def _nothing():
    pass
