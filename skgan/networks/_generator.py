"""A complete generator: a body, output heads, and the latent that they share."""

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
        Columns of the latent for the body. The remaining columns are the noise that the heads draw categories with.
    sees_noise : bool, default=False
        Whether the body is also given the heads' noise. It then knows which categories will be drawn, and can generate
        values that depend on them.
    """

    def __init__(self, body, spec, latent_dim, *, sees_noise=False):
        super().__init__()
        self.body = body
        self.heads = OutputHeads(spec)
        self.latent_dim = latent_dim
        self.sees_noise = sees_noise
        self.noise_dim = latent_dim + sum(self.heads.noise_widths)

    def ends(self):
        """The layers that depend on the layout of rows and conditions, as `carry_over` reads them."""
        latent = [("latent", number) for number in range(self.latent_dim)]
        noise = [("row", column) for column in self.heads.noise_columns] if self.sees_noise else []
        return {f"body.{name}": labels for name, labels in self.body.ends([*latent, *noise]).items()}

    def forward(self, latent, condition):
        """Standard normal latents (n, noise_dim) and conditions (n, condition_dim) to rows (n, spec.width)."""
        raw = self.body(latent if self.sees_noise else latent[:, : self.latent_dim], condition)
        return self.heads(raw, latent[:, self.latent_dim :])
