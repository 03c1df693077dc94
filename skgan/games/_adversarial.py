"""The two-player game: real scores, fake scores, loss, and the regularizer on top."""

from __future__ import annotations

import torch


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
    noise : torch.Generator
        What regularizers draw from.
    """

    def __init__(self, generator, discriminator, loss, regularizer, noise):
        self.generator = generator
        self.discriminator = discriminator
        self.loss = loss
        self.regularizer = regularizer
        self.noise = noise

    @property
    def players(self):
        """Who plays, in turn: (name, module to update, loss of a batch, what to do after the update)."""
        return (
            ("discriminator", self.discriminator, self.discriminator_loss, self.bind_discriminator),
            ("generator", self.generator, self.generator_loss, _nothing),
        )

    def discriminator_loss(self, batch, step):
        """A scalar: the discriminator's loss on one batch."""
        critic = self._critic(batch)
        with torch.no_grad():
            fake = self.generator(batch.latent, batch.condition)
        real_scores, fake_scores = critic(torch.cat([batch.real, fake])).chunk(2)
        loss = self.loss.discriminator_loss(real_scores, fake_scores)
        regularizer = self.regularizer
        if regularizer is not None and regularizer.weight and step % regularizer.interval == 0:
            penalty = regularizer.penalty(critic, batch.real, fake, self.noise)
            loss = loss + regularizer.weight * regularizer.interval * penalty
        return loss.mean()

    def generator_loss(self, batch, step):
        """A scalar: the generator's loss on one batch."""
        critic = self._critic(batch)
        with torch.no_grad():
            real_scores = critic(batch.real)
        fake_scores = critic(self.generator(batch.latent, batch.condition))
        return self.loss.generator_loss(real_scores, fake_scores).mean()

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
