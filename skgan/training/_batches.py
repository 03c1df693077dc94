"""Mini-batches: row indices, places within ties and latents, all drawn whole from one generator."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from skgan._device import sent


@dataclass(frozen=True)
class Batch:
    """What a round plays with: real rows, latents and conditions, n rows each; uniform numbers for all else."""

    real: torch.Tensor
    latent: torch.Tensor
    condition: torch.Tensor
    draws: torch.Tensor


class Batches:
    """Draws of training rows, with replacement.

    Parameters
    ----------
    encoded : object
        Training rows: ``rows(index, place) -> tensor of shape (n, width)``. The place of each number in its interval is
        drawn anew each time.
    conditions : object
        What each row is conditioned on: ``conditions[index].middle() -> tensor of shape (n, condition_dim)``.
    batch_size : int
        Rows a batch.
    latent_width : int
        Width of the latent.
    generator : torch.Generator
        The source of all of it, on the CPU, so that devices agree.
    noises : list of torch.Generator
        One a part of a batch: of the uniform numbers.
    n_draws : int, default=0
        Uniform numbers a row.
    """

    def __init__(self, encoded, conditions, *, batch_size, latent_width, generator, noises, n_draws=0):
        self.encoded = encoded
        self.conditions = conditions
        self.batch_size = batch_size
        self.latent_width = latent_width
        self.generator = generator
        self.noises = noises
        self.n_draws = n_draws

    def draw(self) -> list[Batch]:
        """A batch, in equal parts that can be played side by side."""
        index = torch.randint(len(self.encoded), (self.batch_size,), generator=self.generator)
        single = {"generator": self.generator, "dtype": torch.float32}
        place = torch.rand(self.batch_size, self.encoded.n_numbers, **single)
        latent = torch.randn(self.batch_size, self.latent_width, **single)
        n_parts = len(self.noises)
        drawn = zip(index.chunk(n_parts), place.chunk(n_parts), latent.chunk(n_parts), self.noises, strict=True)
        return [self._batch(*part) for part in drawn]

    def _batch(self, index, place, latent, noise):
        device = self.encoded.device
        draws = torch.rand(len(index), self.n_draws, generator=noise, dtype=torch.float32)
        condition = self.conditions[sent(index, device)].middle()
        return Batch(self.encoded.rows(index, place), sent(latent, device), condition, sent(draws, device))
