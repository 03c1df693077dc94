"""Strided convolutions: few operations per image, so that a CPU can train them in minutes."""

from __future__ import annotations

import math
from contextlib import nullcontext

import torch
from torch import nn
from torch.nn.functional import leaky_relu
from torch.nn.utils import skip_init

from .._device import has_bfloat16
from ._conditioning import HEADS_OF_CONDITION, N_FREQUENCIES, Headed, joined
from ._heads import InputFeatures, columns_of
from ._mlp import SLOPE, linear
from ._pyramid import ImagePyramid

# Features that a discriminator's head scores.
N_FEATURES = 128
# Gain of a layer before or after a leaky rectifier.
RECTIFIED = math.sqrt(2.0)


def convolution(n_in, n_out, size, rng, *, stride=1, transposed=False, gain=RECTIFIED, bias=True):
    """A convolution with normal weights that keep the scale of its input, from an explicit random generator."""
    kind = nn.ConvTranspose2d if transposed else nn.Conv2d
    padding = (size - stride) // 2 if stride > 1 else size // 2
    layer = skip_init(kind, n_in, n_out, size, stride=stride, padding=padding, bias=bias, dtype=torch.float32)
    # Each output of a transposed convolution depends on size / stride inputs per side.
    n_features = n_in * (size / stride if transposed else size) ** 2
    nn.init.normal_(layer.weight, std=gain / math.sqrt(n_features), generator=rng)
    if bias:
        nn.init.zeros_(layer.bias)
    return layer


def half_precision(device):
    """A context in which convolutions use bfloat16, where that is faster."""
    if not has_bfloat16(device):
        return nullcontext()
    # torch would keep the rounded weights until the outermost autocast ends: inside one of the caller's, for all steps.
    return torch.autocast(device.type, dtype=torch.bfloat16, cache_enabled=False)


class ImageGenerator(nn.Module):
    """(latent, condition) to raw pixels, flat: a linear layer to the coarsest size, and `body` from there.

    Subclasses set `self.body`, from (n, channels[-1], *base) to (n, n_channels, *padded size).
    """

    def __init__(self, spec, latent_dim, condition_spec, channels, rng):
        super().__init__()
        self.pyramid = ImagePyramid.of(spec, channels)
        self.coarse = (channels[-1], *self.pyramid.base)
        self.features = InputFeatures(condition_spec, N_FREQUENCIES)
        self.entry = linear(latent_dim + self.features.width, math.prod(self.coarse), rng, gain=RECTIFIED)

    def ends(self, latent):
        """The layers that depend on the layout of conditions, as `carry_over` reads them."""
        condition = self.features.labels(columns_of("condition", self.features.n_columns))
        return {"entry": {1: [*latent, *condition]}}

    def forward(self, latent, condition):
        with half_precision(latent.device):
            x = self.entry(joined(latent, self.features, condition)).view(-1, *self.coarse)
            return self.pyramid.cropped(self.body(_near_channels(x))).float()


class ImageDiscriminator(Headed):
    """(rows that are images, condition) to one score per row.

    Subclasses set `self.body`, from padded images to (n, channels[-1], *base).
    """

    def __init__(self, spec, condition_spec, channels, rng, conditioning):
        super().__init__()
        self.pyramid = ImagePyramid.of(spec, channels)
        self.exit = linear(channels[-1] * math.prod(self.pyramid.base), N_FEATURES, rng, gain=RECTIFIED)
        self.head = HEADS_OF_CONDITION[conditioning](N_FEATURES, condition_spec, rng)

    def extract(self, rows):
        with half_precision(rows.device):
            x = self.body(_near_channels(self.pyramid.padded(rows)))
            return leaky_relu(self.exit(x.flatten(1)), SLOPE).float()


def _near_channels(images):
    """The channels of a pixel side by side in memory, as tensor cores need them on CUDA."""
    return images.contiguous(memory_format=torch.channels_last) if images.device.type == "cuda" else images


class StridedGenerator(ImageGenerator):
    """Transposed convolutions, each of which doubles the size [1]_; no normalisation.

    References
    ----------
    .. [1] Radford, Metz and Chintala, "Unsupervised representation learning with deep convolutional generative
       adversarial networks", ICLR 2016, section 3.
    """

    def __init__(self, spec, latent_dim, condition_spec, channels, rng):
        super().__init__(spec, latent_dim, condition_spec, channels, rng)
        n_channels = spec.image_shape[0]
        widths = list(reversed(channels))
        layers = []
        for n_in, n_out in zip(widths, [*widths[1:], n_channels], strict=True):
            layers.append(nn.LeakyReLU(SLOPE))
            last = n_out is n_channels and len(layers) == 2 * len(widths) - 1
            gain = 0.5 if last else RECTIFIED
            if self.pyramid.n_halvings:
                layers.append(convolution(n_in, n_out, 4, rng, stride=2, transposed=True, gain=gain))
            else:
                layers.append(convolution(n_in, n_out, 3, rng, gain=gain))
        self.body = nn.Sequential(*layers)


class StridedDiscriminator(ImageDiscriminator):
    """Convolutions of stride 2, each of which halves the size; no normalisation, since gradient penalties forbid it."""

    def __init__(self, spec, condition_spec, channels, rng, conditioning):
        super().__init__(spec, condition_spec, channels, rng, conditioning)
        stride, size = (2, 4) if self.pyramid.n_halvings else (1, 3)
        layers = []
        for n_in, n_out in zip([spec.image_shape[0], *channels[:-1]], channels, strict=True):
            layers += [convolution(n_in, n_out, size, rng, stride=stride), nn.LeakyReLU(SLOPE)]
        self.body = nn.Sequential(*layers)
