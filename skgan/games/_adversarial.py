"""The two-player game: scores of real and generated rows, a loss, and a regularizer."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from ._base import Game, Player

# The probability of an augmentation rises while real rows win more than a share of their pairs that corresponds to this
# mean sign, and never exceeds the maximum: beyond it, generated images begin to look augmented themselves
# (Karras et al. 2020, section 2.2).
LEAD_ALLOWED, MAX_PROBABILITY = 0.8, 0.8


@dataclass
class Round:
    """What both players see in one round.

    Parameters
    ----------
    batch : Batch
    fake : tensor of shape (n, width)
        The rows that the generator makes from the batch.
    real_scores : tensor of shape (n,) or None
        Scores of the real rows, from the discriminator's turn.
    guess : tensor of shape (n, condition_dim) or None
        Raw guesses of the condition of the rows that were scored last, where the discriminator makes such guesses.
    """

    batch: object
    fake: torch.Tensor
    real_scores: torch.Tensor | None = None
    guess: torch.Tensor | None = None


class AdversarialGame(Game):
    """A generator against a discriminator.

    Parameters
    ----------
    generator, discriminator : torch.nn.Module
        ``generator(latent, condition) -> rows`` and ``discriminator(rows, condition) -> scores``.
    loss : object
        An entry of `skgan.losses`, or an object with the same methods.
    regularizer : object or None
        An entry of `skgan.regularizers`, or an object with the same methods.
    augment : callable or None, default=None
        ``augment(rows, draws, probability) -> rows``: what the discriminator sees of rows. Its attribute `n_draws`
        says how many uniform numbers per row it takes.
    augmentation_speed : float, default=0.0
        By how much the probability of an augmentation changes after each update of the discriminator.
    n_critic : int, default=1
        Updates of the discriminator per update of the generator.
    generator_rate : float, default=1.0
        The generator's learning rate divided by the discriminator's.
    grows : bool, default=True
        Whether networks that can grow begin with few layers; if not, they have all of them from the first step on.
    """

    def __init__(
        self,
        generator,
        discriminator,
        loss,
        regularizer,
        *,
        augment=None,
        augmentation_speed=0.0,
        n_critic=1,
        generator_rate=1.0,
        grows=True,
    ):
        self.generator = generator
        self.discriminator = discriminator
        self.loss = loss
        self.regularizer = regularizer
        self.augment = _unchanged if augment is None else augment
        self.augments = augment is not None
        self.augmentation_speed = augmentation_speed
        self._n_penalty_draws = 0 if regularizer is None else regularizer.n_draws
        self.n_draws = self._n_penalty_draws + (0 if augment is None else augment.n_draws)
        # A tensor on the device: a captured CUDA graph reads its present value each time it is replayed.
        self.augmentation_probability = torch.zeros((), device=next(discriminator.parameters()).device)
        self._leads = []
        networks = (*generator.modules(), *discriminator.modules())
        self._growing = [network for network in networks if grows and hasattr(network, "set_progress")]
        self.players = (
            Player(
                "discriminator", discriminator, self.discriminator_loss, self.after_discriminator_step, turns=n_critic
            ),
            Player("generator", generator, self.generator_loss, rate=generator_rate, averaged=True),
        )

    def given(self, batch):
        """What the generator is conditioned on, a tensor of shape (n, condition_dim)."""
        return batch.condition

    def judged_with(self, batch):
        """What the discriminator is conditioned on, a tensor of shape (n, condition_dim)."""
        return batch.condition

    def finished(self, rows, batch):
        """Generated rows as they are judged and returned, a tensor of shape (n, width)."""
        return rows

    def begin(self, batch):
        """A round on one batch. The generator runs once for the turns of both players."""
        return Round(batch, self.finished(self.generator(batch.latent, self.given(batch)), batch))

    def discriminator_loss(self, now, step):
        """The discriminator's loss in this round, a scalar."""
        real, fake = now.batch.real, now.fake.detach()
        real_scores, fake_scores = self._scores(torch.cat([real, fake]), now).chunk(2)
        now.real_scores = real_scores.detach()
        self._leads.append((now.real_scores - fake_scores.detach()).sign().mean())
        loss = _per_sample(self.loss.discriminator_loss(real_scores, fake_scores), real_scores, "loss")
        regularizer = self.regularizer
        if self.penalised(step):
            draws = now.batch.draws[:, : self._n_penalty_draws]
            penalty = regularizer.penalty(self._critic(now.batch), real, fake, draws)
            penalty = _per_sample(penalty, real_scores, "regularizer")
            loss = loss + regularizer.weight * regularizer.interval * penalty
        return loss.mean()

    def generator_loss(self, now, step):
        """The generator's loss in this round after the discriminator's update, a scalar."""
        fake_scores = self._scores(now.fake, now)
        return _per_sample(self.loss.generator_loss(now.real_scores, fake_scores), fake_scores, "loss").mean()

    def penalised(self, step):
        """Whether the discriminator's loss contains the penalty at this step."""
        regularizer = self.regularizer
        return regularizer is not None and bool(regularizer.weight) and step % regularizer.interval == 0

    def after_discriminator_step(self):
        """Constrain the discriminator's weights, and adapt the augmentation."""
        if self.regularizer is not None:
            self.regularizer.constrain(self.discriminator)
        self._adapt_augmentation()

    def _adapt_augmentation(self):
        """Augment more often while real rows win more of their pairs than they should, else less often [1]_.

        A discriminator that has memorised few rows wins nearly all pairs.

        References
        ----------
        .. [1] Karras et al., "Training generative adversarial networks with limited data", NeurIPS 2020, section 3.1.
           Here the sign is that of a real score minus a generated one, since a relativistic loss compares the two.
        """
        lead, self._leads = sum(self._leads) / max(len(self._leads), 1), []
        if self.augmentation_speed:
            move = self.augmentation_speed * (lead - LEAD_ALLOWED).sign()
            self.augmentation_probability.add_(move).clamp_(0.0, MAX_PROBABILITY)

    def set_progress(self, progress):
        """Grow the networks that grow during a run."""
        for network in self._growing:
            network.set_progress(progress)

    def variant(self, step):
        """Whether there is a penalty, and how far networks have grown."""
        return self.penalised(step), *(network.n_grown for network in self._growing)

    def state_dict(self):
        return {"augmentation_probability": self.augmentation_probability.clone()}

    def load_state_dict(self, state):
        self.augmentation_probability.copy_(state["augmentation_probability"])

    def _scores(self, rows, now):
        """Scores (n,) of the rows of a round."""
        return self._critic(now.batch)(rows)

    def _critic(self, batch):
        """The function from rows to scores, with augmentation and condition bound."""

        def critic(rows):
            return self.discriminator(self._shown(rows, batch), self._condition_of(rows, batch))

        return critic

    def _condition_of(self, rows, batch):
        """A condition for each row; real rows followed by generated ones have the batch's conditions twice."""
        condition = self.judged_with(batch)
        return condition.repeat(len(rows) // len(condition), 1)

    def _shown(self, rows, batch):
        """Rows as the discriminator sees them: real row i and generated row i are augmented alike."""
        draws = batch.draws[:, self._n_penalty_draws :]
        return self.augment(rows, draws.repeat(len(rows) // len(draws), 1), self.augmentation_probability)


def _per_sample(values, scores, parameter):
    """`values`, what a loss or a regularizer of the caller's may have returned, if there is one per score."""
    if not isinstance(values, torch.Tensor) or values.shape != scores.shape:
        shape = f"shape {tuple(values.shape)}" if isinstance(values, torch.Tensor) else type(values).__name__
        raise ValueError(
            f"{parameter} returned {shape}, but must return a tensor with one value per sample, shape "
            f"{tuple(scores.shape)}; leave out the mean or the sum."
        )
    return values


def _unchanged(rows, draws, probability):
    return rows
