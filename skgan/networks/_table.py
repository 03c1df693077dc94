"""The default networks for tables: residual MLPs built from the layout."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.functional import leaky_relu

from ._conditioning import HEADS_OF_CONDITION, N_FREQUENCIES, Headed, joined
from ._heads import InputFeatures, columns_of, noise_width
from ._mlp import SLOPE, ResidualMLP


class TableGenerator(nn.Module):
    """(latent, condition) to the raw values that the output heads turn into rows; the latent includes their noise."""

    def __init__(self, spec, latent_dim, condition_spec, hidden_layer_sizes, rng):
        super().__init__()
        self.features = InputFeatures(condition_spec, N_FREQUENCIES)
        n_in = latent_dim + noise_width(spec) + self.features.width
        self.body = ResidualMLP(n_in, spec.width, hidden_layer_sizes, rng, exit_gain=0.5)

    def ends(self, latent):
        """The layers that depend on the layout, as `carry_over` reads them; `latent` has labels of the latents."""
        condition = self.features.labels(columns_of("condition", self.features.n_columns))
        rows = columns_of("row", self.body.exit.out_features)
        return {"body.entry": {1: [*latent, *condition]}, "body.exit": {0: rows}}

    def forward(self, latent, condition):
        return self.body(joined(latent, self.features, condition))


class TableDiscriminator(nn.Module):
    """(rows, condition) to one score per row, shape (n,)."""

    def __init__(self, spec, condition_spec, hidden_layer_sizes, rng):
        super().__init__()
        self.features = InputFeatures(spec + condition_spec, N_FREQUENCIES)
        self.body = ResidualMLP(self.features.width, 1, hidden_layer_sizes, rng, exit_gain=0.1)
        self.n_columns = spec.width

    def ends(self):
        """The layers that depend on the layout of rows and conditions, as `carry_over` reads them."""
        n_conditions = self.features.n_columns - self.n_columns
        columns = [*columns_of("row", self.n_columns), *columns_of("condition", n_conditions)]
        return {"body.entry": {1: self.features.labels(columns)}}

    def forward(self, rows, condition):
        return self.body(self.features(torch.cat([rows, condition], dim=1)))[:, 0]


class HeadedTableDiscriminator(Headed):
    """(rows, condition) to one score per row, by one of the `HEADS_OF_CONDITION`."""

    def __init__(self, spec, condition_spec, hidden_layer_sizes, rng, conditioning):
        super().__init__()
        self.features = InputFeatures(spec, N_FREQUENCIES)
        n_features = hidden_layer_sizes[-1]
        self.body = ResidualMLP(self.features.width, n_features, hidden_layer_sizes, rng, exit_gain=1.0)
        self.head = HEADS_OF_CONDITION[conditioning](n_features, condition_spec, rng)

    def ends(self):
        rows = self.features.labels(columns_of("row", self.features.n_columns))
        return {**super().ends(), "body.entry": {1: rows}}

    def extract(self, rows):
        return leaky_relu(self.body(self.features(rows)), SLOPE)


def table_discriminator(spec, condition_spec, hidden_layer_sizes, rng, conditioning):
    """A discriminator of tables. With "concatenation" the condition is one more part of the row."""
    if conditioning == "concatenation":
        return TableDiscriminator(spec, condition_spec, hidden_layer_sizes, rng)
    return HeadedTableDiscriminator(spec, condition_spec, hidden_layer_sizes, rng, conditioning)
