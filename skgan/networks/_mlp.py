"""Residual multilayer perceptrons whose initial weights come from an explicit random generator."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn.functional import leaky_relu
from torch.nn.utils import skip_init

SLOPE = 0.2


def linear(n_in, n_out, rng, *, gain=1.0):
    """A linear layer with normal weights of variance ``gain^2 / n_in`` and zero biases.

    torch's own constructor draws from its global random generator, which belongs to the caller.
    """
    layer = skip_init(nn.Linear, max(n_in, 1), n_out, dtype=torch.float32)
    nn.init.normal_(layer.weight, std=gain / math.sqrt(max(n_in, 1)), generator=rng)
    if not n_in:
        # torch warns when its own constructor makes weights without elements.
        layer.in_features, layer.weight = 0, nn.Parameter(layer.weight.detach()[:, :0].clone())
    nn.init.zeros_(layer.bias)
    return layer


class ResidualBlock(nn.Module):
    """``x + W2 f(W1 f(x))``, at first the identity; a linear map takes the place of x where the width changes."""

    def __init__(self, n_in, n_out, rng):
        super().__init__()
        self.shortcut = nn.Identity() if n_in == n_out else linear(n_in, n_out, rng)
        self.first = linear(n_in, n_out, rng, gain=math.sqrt(2.0))
        self.second = linear(n_out, n_out, rng, gain=0.0)

    def forward(self, x):
        return self.shortcut(x) + self.second(leaky_relu(self.first(leaky_relu(x, SLOPE)), SLOPE))


class ResidualMLP(nn.Module):
    """A linear layer, one residual block per hidden size, and a linear layer.

    Parameters
    ----------
    n_in, n_out : int
        Widths of the input and the output.
    hidden_layer_sizes : tuple of int
        Width of each residual block.
    rng : torch.Generator
        Of the initial weights.
    exit_gain : float
        Scale of the last layer's initial weights.
    """

    def __init__(self, n_in, n_out, hidden_layer_sizes, rng, *, exit_gain):
        super().__init__()
        widths = (hidden_layer_sizes[0], *hidden_layer_sizes)
        self.entry = linear(n_in, widths[0], rng)
        pairs = zip(widths[:-1], widths[1:], strict=True)
        self.blocks = nn.Sequential(*[ResidualBlock(a, b, rng) for a, b in pairs])
        self.exit = linear(widths[-1], n_out, rng, gain=exit_gain)

    def forward(self, x):
        return self.exit(leaky_relu(self.blocks(self.entry(x)), SLOPE))
