"""Mini-batches: row indices, places within ties and latents, all drawn whole from one generator."""

from __future__ import annotations

from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Batch:
    """What one turn plays with: real rows, latents and conditions, n rows each; and what regularizers draw from."""

    real: torch.Tensor
    latent: torch.Tensor
    condition: torch.Tensor
    noise: torch.Generator


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
        One a part of a batch.
    """

    def __init__(self, encoded, conditions, *, batch_size, latent_width, generator, noises):
        self.encoded = encoded
        self.conditions = conditions
        self.batch_size = batch_size
        self.latent_width = latent_width
        self.generator = generator
        self.noises = noises

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
        index, place, latent = (sent(tensor, device) for tensor in (index, place, latent))
        return Batch(self.encoded.rows(index, place), latent, self.conditions[index].middle(), noise)


def sent(tensor, device):
    """A copy of a CPU tensor on `device`; the CPU does not wait until it is there."""
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor.to(device)
