"""Mini-batches: row indices, positions within intervals and latents, drawn from one random generator."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from skgan._device import sent


class Batch:
    """The data of one round: named tensors of n rows each.

    Parameters
    ----------
    **tensors : tensor of shape (n, width)
        One per source of rows, such as `real` and `condition`; `latent`, the standard normal input of a generator; and
        `draws`, uniform random numbers for everything else.
    """

    def __init__(self, **tensors):
        self.tensors = tensors

    def __getitem__(self, name):
        return self.tensors[name]

    @property
    def real(self):
        return self.tensors["real"]

    @property
    def condition(self):
        return self.tensors["condition"]

    @property
    def latent(self):
        return self.tensors["latent"]

    @property
    def draws(self):
        return self.tensors["draws"]

    def replaced(self, **tensors):
        """A batch with some of the tensors replaced."""
        return Batch(**{**self.tensors, **tensors})


@dataclass(frozen=True)
class Source:
    """Rows that batches are drawn from.

    Parameters
    ----------
    rows : object
        ``rows.rows(index, place) -> tensor of shape (n, width)``, with a length, a device and the attributes
        `n_numbers`, how many uniform numbers in [0, 1] a row needs for the positions of its values in their intervals,
        and `n_bytes`, the memory that the rows take on the device.
    drawn : str, default="together"
        Sources with the same word share their indices, so that row i of one belongs to row i of the other.
    """

    rows: object
    drawn: str = "together"


class Chosen:
    """Some of the rows of a source.

    Parameters
    ----------
    rows : object
        As in `Source`.
    positions : ndarray of int, shape (n,)
        Which rows.
    """

    def __init__(self, rows, positions):
        self._all, self._positions = rows, torch.from_numpy(positions)
        self.n_numbers, self.n_bytes, self.device = rows.n_numbers, rows.n_bytes, rows.device

    def __len__(self):
        return len(self._positions)

    def to(self, device):
        """The same on `device`."""
        return Chosen(self._all.to(device), self._positions.numpy())

    def rows(self, index, place):
        """The rows at these places among the chosen ones."""
        return self._all.rows(self._positions[index], place)


class Batches:
    """Draws of training rows, with replacement.

    Parameters
    ----------
    sources : dict of str to Source
        The source of each named tensor of a batch.
    batch_size : int
        Rows per batch.
    noise_dim : int
        Width of the latent.
    rng : torch.Generator
        Generator of indices, positions and latents. It is on the CPU, so that all devices get the same batches.
    part_rngs : list of torch.Generator
        One per part of a batch, for its uniform numbers.
    n_draws : int, default=0
        Uniform numbers per row.
    """

    def __init__(self, sources, *, batch_size, noise_dim, rng, part_rngs, n_draws=0):
        self.sources = sources
        self.batch_size = batch_size
        self.noise_dim = noise_dim
        self.rng = rng
        self.part_rngs = part_rngs
        self.n_draws = n_draws
        self.device = next(iter(sources.values())).rows.device

    def draw(self) -> list[Batch]:
        """A batch, in equal parts that can be processed in parallel."""
        index = self._indices()
        place = {name: self._uniform(source.rows.n_numbers) for name, source in self.sources.items()}
        latent = torch.randn(self.batch_size, self.noise_dim, generator=self.rng, dtype=torch.float32)
        size = self.batch_size // len(self.part_rngs)
        starts = range(0, self.batch_size, size)
        return [
            self._part(index, place, latent, slice(start, start + size), rng)
            for start, rng in zip(starts, self.part_rngs, strict=True)
        ]

    def _indices(self):
        """Indices of rows, one tensor per group of sources that are drawn together."""
        index = {}
        for source in self.sources.values():
            if source.drawn not in index:
                index[source.drawn] = torch.randint(len(source.rows), (self.batch_size,), generator=self.rng)
        return index

    def _uniform(self, n):
        return torch.rand(self.batch_size, n, generator=self.rng, dtype=torch.float32)

    def _part(self, index, place, latent, rows, rng):
        draws = torch.rand(len(latent[rows]), self.n_draws, generator=rng, dtype=torch.float32)
        tensors = {
            name: source.rows.rows(index[source.drawn][rows], place[name][rows])
            for name, source in self.sources.items()
        }
        return Batch(**tensors, latent=sent(latent[rows], self.device), draws=sent(draws, self.device))

    def state_dict(self):
        """The states of the random generators."""
        rngs = [rng.get_state() for rng in self.part_rngs]
        return {"batch_size": self.batch_size, "rng": self.rng.get_state(), "part_rngs": rngs}

    def load_state_dict(self, state):
        """Continue with the batch that came next when `state_dict` was called."""
        if state["batch_size"] != self.batch_size or len(state["part_rngs"]) != len(self.part_rngs):
            theirs, ours = len(state["part_rngs"]), len(self.part_rngs)
            raise ValueError(
                f"state is of a run with batch_size={state['batch_size']} in {theirs} parts, but this run has "
                f"batch_size={self.batch_size} in {ours} parts; pass the same batch_size."
            )
        self.rng.set_state(state["rng"])
        for rng, saved in zip(self.part_rngs, state["part_rngs"], strict=True):
            rng.set_state(saved)
