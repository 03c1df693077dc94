"""A generator whole: body, output heads, and the latent they share."""

from __future__ import annotations

from torch import nn

from ._heads import OutputHeads


class Generator(nn.Module):
    """Latents to encoded rows.

    Parameters
    ----------
    body : torch.nn.Module
        ``body(latent, condition) -> raw`` of shapes (n, latent_dim), (n, condition_dim) and (n, spec.width).
    spec : DataSpec
        The layout of a row.
    latent_dim : int
        How many of the latent's columns the body reads; the heads' noise takes the rest.
    """

    def __init__(self, body, spec, latent_dim):
        super().__init__()
        self.body = body
        self.heads = OutputHeads(spec)
        self.latent_dim = latent_dim
        self.latent_width = latent_dim + sum(self.heads.noise_widths)

    def forward(self, latent, condition):
        """Standard normal latents (n, latent_width) and conditions (n, condition_dim) to rows (n, spec.width)."""
        raw = self.body(latent[:, : self.latent_dim], condition)
        return self.heads(raw, latent[:, self.latent_dim :])
