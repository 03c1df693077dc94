"""Features of images for trees and scores: principal components of the activations of a fixed random network."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn.functional import adaptive_avg_pool2d, conv2d, leaky_relu

from skgan._random import torch_stream
from skgan._state import LARGE, Array, Stateful, ascends, demand
from skgan._torch_settings import plain_tensors

WIDTHS = (16, 32)
# Activations are averaged over GRID cells per side, and N_COMPONENTS principal components are kept.
GRID = 4
N_COMPONENTS = 48
# All samplers have the same network, so that their features can be compared.
SEED = 0
N_FEATURE_VALUES = 255
# Pixels passed through the network together: its activations take several times their memory.
AT_ONCE = 2**20


class RandomFeatures(Stateful):
    """Map images to a few dozen numbers: principal components of random convolutions averaged over cells.

    An untrained network maps similar images to similar features and favours no kind of image [1]_.

    Parameters
    ----------
    images : ndarray of float32, shape (n, n_channels, height, width)
        In [-1, 1].

    Attributes
    ----------
    mean, axes : ndarray of shapes (n_activations,) and (n_activations, n_components)
    cuts : ndarray of shape (n_components, 254)
        Quantiles of each component, which separate its features.

    References
    ----------
    .. [1] Naeem et al., "Reliable fidelity and diversity metrics for generative models", ICML 2020, section 4.
    """

    STATE = {
        "mean": Array("f", (None,), -LARGE, LARGE),
        "axes": Array("f", (None, None), -LARGE, LARGE),
        "cuts": Array("f", (None, N_FEATURE_VALUES - 1)),
    }

    def __init__(self, images):
        activations = _activations_in_parts(images)
        self.mean = activations.mean(axis=0)
        centred = (activations - self.mean).astype(np.float64)
        values, vectors = np.linalg.eigh(centred.T @ centred / len(centred))
        n = int(min(N_COMPONENTS, max(1, len(images) - 1), (values > 1e-9 * max(values[-1], 1e-12)).sum() or 1))
        self.axes = vectors[:, ::-1][:, :n].astype(np.float32)
        levels = np.linspace(0, 1, N_FEATURE_VALUES + 1)[1:-1]
        self.cuts = np.quantile(centred @ self.axes, levels, axis=0).T.astype(np.float32)

    @property
    def n_components(self):
        return self.axes.shape[1]

    def complete(self):
        demand(len(self.axes) == len(self.mean), "axes", "have one row for each number of mean")
        demand(0 < self.n_components == len(self.cuts), "cuts", "have one row for each of one or more axes")
        demand(ascends(self.cuts), "cuts", "ascend")

    def check_shape(self, shape):
        """Check against the (n_channels, height, width) of images."""
        fits = len(self.mean) == _n_activations(*shape)
        demand(fits, "mean", f"have one number per activation for images {shape}")

    def components(self, images):
        """float32 (n, n_components) of images (n, n_channels, height, width)."""
        return (_activations_in_parts(images) - self.mean) @ self.axes

    def features(self, images):
        """The components as uint8 features (n, n_components)."""
        components = self.components(images)
        return np.column_stack([np.searchsorted(cuts, column) for cuts, column in zip(self.cuts, components.T)]).astype(
            np.uint8
        )


def _activations_in_parts(images):
    """`_activations` of many images."""
    size = max(1, AT_ONCE // images[0].size)
    return np.concatenate([_activations(images[start : start + size]) for start in range(0, len(images), size)])


def _activations(images):
    """`_plain_activations` under default settings of torch, whatever the caller's are."""
    with plain_tensors():
        return _plain_activations(images)


def _n_activations(n_channels, height, width):
    """How many numbers `_activations` returns for an image."""
    # Each convolution of stride 2 halves a side, and rounds up.
    smallest = -(-min(height, width) // 2 ** len(WIDTHS))
    return n_channels * min(2 * GRID, height, width) ** 2 + WIDTHS[-1] * min(GRID, smallest) ** 2


@torch.no_grad()
def _plain_activations(images):
    """Averaged pixels and averaged activations of the random network, float32 (n, n_activations)."""
    x = torch.from_numpy(np.ascontiguousarray(images, dtype=np.float32))
    # Part of the seed: another word would give another network.
    stream = torch_stream(SEED, "look", x.shape[1])
    found = [adaptive_avg_pool2d(x, min(2 * GRID, *x.shape[2:])).flatten(1)]
    for width in WIDTHS:
        weight = torch.randn(width, x.shape[1], 3, 3, generator=stream, dtype=torch.float32)
        x = leaky_relu(conv2d(x, weight * (2 / weight[0].numel()) ** 0.5, stride=2, padding=1), 0.2)
    found.append(adaptive_avg_pool2d(x, min(GRID, *x.shape[2:])).flatten(1))
    return torch.cat(found, dim=1).numpy()
