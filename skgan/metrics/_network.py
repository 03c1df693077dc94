"""A small network whose outputs are features of images or tables. It imports torch, so import it where it is used."""

import math
from typing import NamedTuple

import numpy as np
import torch
from torch.nn.functional import adaptive_avg_pool2d, conv2d, linear, relu

from skgan._torch_settings import plain_tensors

from ._inputs import in_batches

N_OUTPUTS = 64
TABLE_WIDTHS = (256,)
FIRST_WIDTH, LAST_WIDTH = 16, 64
# Height and width of the last convolution's output.
GRID = 4
BATCH_SIZE = 250


class Network(NamedTuple):
    """Layers as (weight, bias) pairs of tensors: hidden layers, which are rectified, and a linear output layer."""

    hidden: list
    output: tuple


def random_network(shape, rng):
    """A network with normal weights.

    Parameters
    ----------
    shape : tuple
        Shape of one image, (n_channels, height, width), or of one point, (n_axes,).
    rng : numpy.random.Generator

    Returns
    -------
    Network
        For images it has convolutions of 3 by 3 pixels: one at full size, then one for each halving down to 4 by 4.
    """
    if len(shape) == 1:
        widths = [shape[0], *TABLE_WIDTHS]
        hidden = [_layer((n_out, n_in), rng) for n_in, n_out in zip(widths, widths[1:])]
        return Network(hidden, _layer((N_OUTPUTS, widths[-1]), rng))
    n_halvings = max(1, math.ceil(math.log2(min(shape[1:]) / GRID)))
    widths = [shape[0], *(min(FIRST_WIDTH * 2**step, LAST_WIDTH) for step in range(1 + n_halvings))]
    hidden = [_layer((n_out, n_in, 3, 3), rng) for n_in, n_out in zip(widths, widths[1:])]
    return Network(hidden, _layer((N_OUTPUTS, widths[-1] * GRID**2), rng))


def _layer(shape, rng):
    """Weights that keep the scale of rectified inputs (He et al. 2015), and small biases."""
    weight = rng.standard_normal(shape, dtype=np.float32) * math.sqrt(2 / math.prod(shape[1:]))
    bias = 0.1 * rng.standard_normal(shape[0], dtype=np.float32)
    return torch.from_numpy(weight.astype(np.float32)), torch.from_numpy(bias.astype(np.float32))


def outputs(network, x):
    """Tensor of shape (n, 64) for a tensor of n images or points."""
    for step, (weight, bias) in enumerate(network.hidden):
        is_conv = weight.ndim == 4
        x = relu(conv2d(x, weight, bias, stride=2 if step else 1, padding=1) if is_conv else linear(x, weight, bias))
    if x.ndim == 4:
        x = adaptive_avg_pool2d(x, GRID).flatten(1)
    return linear(x, *network.output)


def as_tensor(array):
    """A float32 array as a tensor."""
    return torch.from_numpy(np.ascontiguousarray(array))


def network_features(network, array, prepare):
    """ndarray of float32, shape (n, 64): the outputs for the rows of `array` after `prepare`."""

    def evaluate(rows):
        with plain_tensors(), torch.inference_mode():
            return outputs(network, as_tensor(prepare(rows))).numpy()

    return in_batches(evaluate, array, BATCH_SIZE)
