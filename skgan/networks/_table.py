"""The default networks for tables: residual MLPs built from the layout."""

from __future__ import annotations

import torch
from torch import nn

from ._heads import InputFeatures, noise_width
from ._mlp import ResidualMLP

N_FREQUENCIES = 6


class TableGenerator(nn.Module):
    """(latent, condition) to the raw values that the output heads turn into rows; the latent with the heads' noise."""

    def __init__(self, spec, latent_dim, condition_spec, hidden_layer_sizes, generator):
        super().__init__()
        self.features = InputFeatures(condition_spec, N_FREQUENCIES)
        n_in = latent_dim + noise_width(spec) + self.features.width
        self.body = ResidualMLP(n_in, spec.width, hidden_layer_sizes, generator, exit_gain=0.5)

    def forward(self, latent, condition):
        return self.body(torch.cat([latent, self.features(condition)], dim=1))


class TableDiscriminator(nn.Module):
    """(rows, condition) to one score a row, shape (n,)."""

    def __init__(self, spec, condition_spec, hidden_layer_sizes, generator):
        super().__init__()
        self.features = InputFeatures(spec + condition_spec, N_FREQUENCIES)
        self.body = ResidualMLP(self.features.width, 1, hidden_layer_sizes, generator, exit_gain=0.1)

    def forward(self, rows, condition):
        return self.body(self.features(torch.cat([rows, condition], dim=1)))[:, 0]


GENERATORS = {"mlp": TableGenerator}
DISCRIMINATORS = {"mlp": TableDiscriminator}
