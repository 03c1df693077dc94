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
    low, high : tensors of shape (n_rows, width)
        Ends of the interval that each encoded value stands for; a place in it is drawn anew each time.
    condition : tensor of shape (n_rows, condition_dim)
        What each row is conditioned on.
    batch_size : int
        Rows a batch.
    latent_width : int
        Width of the latent.
    generator : torch.Generator
        The source of all of it, on the CPU, so that devices agree.
    """

    def __init__(self, low, high, condition, *, batch_size, latent_width, generator):
        self.low = low
        self.span = high - low
        self.condition = condition
        self.batch_size = batch_size
        self.latent_width = latent_width
        self.generator = generator

    def draw(self) -> Batch:
        index = torch.randint(len(self.low), (self.batch_size,), generator=self.generator)
        single = {"generator": self.generator, "dtype": torch.float32}
        place = torch.rand(self.batch_size, self.low.shape[1], **single)
        latent = torch.randn(self.batch_size, self.latent_width, **single)
        device = self.low.device
        index, place, latent = index.to(device), place.to(device), latent.to(device)
        real = self.low[index] + place * self.span[index]
        return Batch(real, latent, self.condition[index])
