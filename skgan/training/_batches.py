"""Mini-batches: row indices, places within ties and latents, all drawn whole from one generator."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Batch:
    """What one turn plays with: real rows, latents and conditions, n rows each."""

    real: torch.Tensor
    latent: torch.Tensor
    condition: torch.Tensor


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
    """

    def __init__(self, encoded, conditions, *, batch_size, latent_width, generator):
        self.encoded = encoded
        self.conditions = conditions
        self.batch_size = batch_size
        self.latent_width = latent_width
        self.generator = generator

    def draw(self) -> Batch:
        index = torch.randint(len(self.encoded), (self.batch_size,), generator=self.generator)
        single = {"generator": self.generator, "dtype": torch.float32}
        place = torch.rand(self.batch_size, self.encoded.n_numbers, **single)
        latent = torch.randn(self.batch_size, self.latent_width, **single)
        device = self.encoded.device
        index, place, latent = index.to(device), place.to(device), latent.to(device)
        return Batch(self.encoded.rows(index, place), latent, self.conditions[index].middle())
