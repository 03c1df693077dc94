"""The two-player game: real scores, fake scores, loss, and the regularizer on top."""

from __future__ import annotations

from dataclasses import dataclass

import torch

# By how much more pairs real rows may win than lose, and the highest probability of an augmentation: beyond it,
# generated images begin to look augmented themselves (Karras et al. 2020, section 2.2).
LEAD_ALLOWED, MAX_PROBABILITY = 0.8, 0.8


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
        ``augment(rows, draws, probability) -> rows``: what the discriminator sees of rows, with `n_draws` uniform
        numbers a row.
    augmentation_speed : float, default=0.0
        How far the probability of an augmentation moves a round.

    Attributes
    ----------
    n_draws : int
        Uniform numbers that a round takes a row.
    """

    def __init__(self, generator, discriminator, loss, regularizer, *, augment=None, augmentation_speed=0.0):
        self.generator = generator
        self.discriminator = discriminator
        self.loss = loss
        self.regularizer = regularizer
        self.augment = _unchanged if augment is None else augment
        self.augmentation_speed = augmentation_speed
        self._n_penalty_draws = 0 if regularizer is None else regularizer.n_draws
        self.n_draws = self._n_penalty_draws + (0 if augment is None else augment.n_draws)
        # On the device: a round that was recorded reads it anew each time it is replayed.
        self.augmentation_probability = torch.zeros((), device=next(discriminator.parameters()).device)
        self._leads = []
        networks = (*generator.modules(), *discriminator.modules())
        self._changing = [network for network in networks if hasattr(network, "turn_to")]

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
        self._leads.append((now.real_scores - fake_scores.detach()).sign().mean())
        loss = self.loss.discriminator_loss(real_scores, fake_scores)
        regularizer = self.regularizer
        if self.penalised(step):
            penalty = regularizer.penalty(critic, real, fake, now.batch.draws[:, : self._n_penalty_draws])
            loss = loss + regularizer.weight * regularizer.interval * penalty
        return loss.mean()

    def turn_to(self, progress):
        """Tell networks that change in the course of a run how far it is, a share in [0, 1]."""
        for network in self._changing:
            network.turn_to(progress)

    def kind(self, step):
        """All that rounds differ in but numbers: penalties, and how far networks have grown."""
        return self.penalised(step), *(network.n_grown for network in self._changing)

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
        self._adapt_augmentation()

    def _adapt_augmentation(self):
        """Augment more often while real rows win more of their pairs than they ought to, else less often [1]_.

        A discriminator that has learned few rows by heart wins nearly all of them.

        References
        ----------
        .. [1] Karras et al., "Training generative adversarial networks with limited data", NeurIPS 2020, section 3.1;
           the sign is here that of a real score less a generated one, since a relativistic loss knows no other.
        """
        lead, self._leads = sum(self._leads) / max(len(self._leads), 1), []
        if self.augmentation_speed:
            move = self.augmentation_speed * (lead - LEAD_ALLOWED).sign()
            self.augmentation_probability.add_(move).clamp_(0.0, MAX_PROBABILITY)

    def _critic(self, batch):
        """Rows to scores, augmentation and condition bound; twice as many rows are two batches end to end."""

        def critic(rows):
            n_batches = len(rows) // len(batch.condition)
            return self.discriminator(self._shown(rows, batch), batch.condition.repeat(n_batches, 1))

        return critic

    def _shown(self, rows, batch):
        """Rows as the discriminator sees them: real row i and generated row i are augmented alike."""
        draws = batch.draws[:, self._n_penalty_draws :]
        return self.augment(rows, draws.repeat(len(rows) // len(draws), 1), self.augmentation_probability)


def _nothing():
    pass


def _unchanged(rows, draws, probability):
    return rows
