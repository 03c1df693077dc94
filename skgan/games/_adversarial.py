"""The two-player game: real scores, fake scores, loss, and the regularizer on top."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from skgan.schedules import Constant


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
    augment : callable or None, default=None
        ``augment(rows, draws, probability) -> rows``, what the discriminator sees of real and generated rows alike, with
        `n_draws` uniform numbers a row.
    schedules : dict of str to callable, default={}
        Of a run's progress: "penalty", a factor of the regularizer's weight, and "augmentation", a probability.

    Attributes
    ----------
    n_draws : int
        Uniform numbers that a round takes a row.
    """

    def __init__(self, generator, discriminator, loss, regularizer, *, augment=None, schedules=()):
        self.generator = generator
        self.discriminator = discriminator
        self.loss = loss
        self.regularizer = regularizer
        self.augment = _unchanged if augment is None else augment
        self.schedules = {"penalty": Constant(1.0), "augmentation": Constant(0.0), **dict(schedules)}
        self._n_penalty_draws = 0 if regularizer is None else regularizer.n_draws
        self.n_draws = self._n_penalty_draws + (0 if augment is None else augment.n_draws)
        # On the device: a round that was recorded reads them anew each time it is replayed.
        device = next(discriminator.parameters()).device
        self._dials = {name: torch.zeros((), device=device) for name in self.schedules}
        self.turn_to(0.0)

    def turn_to(self, progress):
        """Set all that changes in the course of a run, to a share of it in [0, 1]."""
        for name, schedule in self.schedules.items():
            self._dials[name].fill_(schedule(progress))

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
        if self.penalised(step):
            penalty = regularizer.penalty(critic, real, fake, now.batch.draws[:, : self._n_penalty_draws])
            loss = loss + regularizer.weight * regularizer.interval * self._dials["penalty"] * penalty
        return loss.mean()

    def penalised(self, step):
        """Whether the discriminator's loss has its penalty at this step."""
        regularizer = self.regularizer
        return regularizer is not None and bool(regularizer.weight) and step % regularizer.interval == 0

    def generator_loss(self, now, step):
        """A scalar: the generator's loss in this round, once the discriminator has moved."""
        fake_scores = self._critic(now.batch)(now.fake)
        return self.loss.generator_loss(now.real_scores, fake_scores).mean()

    def bind_discriminator(self):
        if self.regularizer is not None:
            self.regularizer.constrain(self.discriminator)

    def _critic(self, batch):
        """Rows to scores, augmentation and condition bound; twice as many rows are two batches end to end."""

        def critic(rows):
            n_batches = len(rows) // len(batch.condition)
            return self.discriminator(self._shown(rows, batch), batch.condition.repeat(n_batches, 1))

        return critic

    def _shown(self, rows, batch):
        """Rows as the discriminator sees them: real row i and generated row i are augmented alike."""
        draws = batch.draws[:, self._n_penalty_draws :]
        return self.augment(rows, draws.repeat(len(rows) // len(draws), 1), self._dials["augmentation"])


def _nothing():
    pass


def _unchanged(rows, draws, probability):
    return rows
