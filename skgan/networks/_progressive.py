"""Residual networks that grow: they learn small images first, then larger and larger ones."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn.functional import avg_pool2d, interpolate, leaky_relu

from ._conv import RECTIFIED, ImageDiscriminator, ImageGenerator, convolution
from ._mlp import SLOPE
from ._resnet import ConvolutionBlock, Down, Up, stage_widths

# The share of a run in which sizes are added. Each is faded in during the first half of its part of that time.
GROWN_AT = 0.5


class Growing:
    """Mixin of networks that know which sizes are in use [1]_.

    Sizes are stages; 0 is the coarsest. The level is a number from 0 (the coarsest size alone) to the number of
    halvings (all sizes). Between two whole numbers a size is faded in.

    References
    ----------
    .. [1] Karras, Aila, Laine and Lehtinen, "Progressive growing of GANs for improved quality, stability, and
       variation", ICLR 2018, section 2 and figure 2.
    """

    def _start_growing(self):
        self.n_growths = self.pyramid.n_halvings
        self.register_buffer("level", torch.tensor(float(self.n_growths)))
        self.n_grown = self.n_growths

    def set_progress(self, progress):
        """Use the sizes that are due at this share of a run, in [0, 1]."""
        level = level_at(progress, self.n_growths)
        self.n_grown = math.ceil(level)
        self.level.fill_(level)

    @property
    def n_active(self):
        """The finest stage in use. In evaluation all are, the later ones with weight 0."""
        return self.n_grown if self.training else self.n_growths

    def _faded(self, coarse, fine, stage):
        """The output of the stage before and that of this one, mixed as far as this one is faded in."""
        return torch.lerp(coarse.float(), fine.float(), (self.level - (stage - 1)).clamp(0, 1))


def level_at(progress, n_growths):
    """The level at a share of a run: it rises in the first half of each stage's part, and stays in the second half."""
    if progress >= GROWN_AT:
        return float(n_growths)
    stage, within = divmod(progress / GROWN_AT * n_growths, 1)
    return stage + min(1.0, 2 * within)


class ProgressiveGenerator(Growing, ImageGenerator):
    """At each size a residual block, and a convolution to an image."""

    def __init__(self, spec, latent_dim, condition_spec, channels, rng):
        super().__init__(spec, latent_dim, condition_spec, channels, rng)
        widths = stage_widths(self.pyramid, channels)[::-1]
        self.first = ConvolutionBlock(widths[0], rng)
        stages = [(Up(a, b, rng), ConvolutionBlock(b, rng)) for a, b in zip(widths, widths[1:])]
        self.stages = nn.ModuleList([nn.Sequential(*stage) for stage in stages])
        self.images = nn.ModuleList([convolution(n, spec.image_shape[0], 1, rng, gain=0.5) for n in widths])
        self._start_growing()

    def body(self, x):
        x = self.first(x)
        image = self.images[0](leaky_relu(x, SLOPE))
        for stage in range(1, self.n_active + 1):
            x = self.stages[stage - 1](x)
            image = self._faded(_twice(image), self.images[stage](leaky_relu(x, SLOPE)), stage)
        for _ in range(self.n_active, self.n_growths):
            image = _twice(image)
        return image


class ProgressiveDiscriminator(Growing, ImageDiscriminator):
    """At each size a convolution from an image, and a residual block."""

    def __init__(self, spec, condition_spec, channels, rng, conditioning):
        super().__init__(spec, condition_spec, channels, rng, conditioning)
        widths = stage_widths(self.pyramid, channels)[::-1]
        self.last = ConvolutionBlock(widths[0], rng)
        stages = [(ConvolutionBlock(a, rng), Down(a, b, rng)) for a, b in zip(widths[1:], widths)]
        self.stages = nn.ModuleList([nn.Sequential(*stage) for stage in stages])
        self.images = nn.ModuleList([convolution(spec.image_shape[0], n, 1, rng, gain=RECTIFIED) for n in widths])
        self._start_growing()

    def body(self, image):
        for _ in range(self.n_active, self.n_growths):
            image = avg_pool2d(image, 2)
        x = self.images[self.n_active](image)
        for stage in range(self.n_active, 0, -1):
            x = self.stages[stage - 1](x)
            image = avg_pool2d(image, 2)
            x = self._faded(self.images[stage - 1](image), x, stage)
        return leaky_relu(self.last(x), SLOPE)


def _twice(image):
    return interpolate(image, scale_factor=2.0, mode="nearest")
