"""Residual networks that grow: first small images are learned, then ever larger ones."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn.functional import avg_pool2d, interpolate, leaky_relu

from ._conv import RECTIFIED, ImageDiscriminator, ImageGenerator, convolution
from ._mlp import SLOPE
from ._resnet import ConvolutionBlock, Down, Up, stage_widths

# The share of a run in which sizes are added; each is faded in for half of its part, and then stays for the other.
GROWN_AT = 0.5


class Growing:
    """The part of a network that knows which sizes take part [1]_.

    Sizes are stages, 0 the coarsest. The level is a number from 0, the coarsest alone, to the number of halvings, all;
    between two whole numbers a size is faded in.

    References
    ----------
    .. [1] Karras, Aila, Laine and Lehtinen, "Progressive growing of GANs for improved quality, stability, and
       variation", ICLR 2018, section 2 and figure 2.
    """

    def _start_growing(self):
        self.n_growths = self.grid.n_halvings
        self.register_buffer("level", torch.tensor(float(self.n_growths)))
        self.n_grown = self.n_growths

    def set_progress(self, progress):
        """Grow to where this share of a run in [0, 1] has all sizes that it has."""
        level = level_at(progress, self.n_growths)
        self.n_grown = math.ceil(level)
        self.level.fill_(level)

    @property
    def n_active(self):
        """The finest stage that takes part; in evaluation all do, the later ones with no weight."""
        return self.n_grown if self.training else self.n_growths

    def _faded(self, coarse, fine, stage):
        """From what the stage before says to what this one says, as far as it is faded in."""
        return torch.lerp(coarse.float(), fine.float(), (self.level - (stage - 1)).clamp(0, 1))


def level_at(progress, n_growths):
    """The level at a share of a run: each stage rises for half of its part and stays for the other half."""
    if progress >= GROWN_AT:
        return float(n_growths)
    stage, within = divmod(progress / GROWN_AT * n_growths, 1)
    return stage + min(1.0, 2 * within)


class ProgressiveGenerator(Growing, ImageGenerator):
    """A residual block and a way to an image at each size."""

    def __init__(self, spec, latent_dim, condition_spec, channels, generator):
        super().__init__(spec, latent_dim, condition_spec, channels, generator)
        widths = stage_widths(self.grid, channels)[::-1]
        self.first = ConvolutionBlock(widths[0], generator)
        stages = [(Up(a, b, generator), ConvolutionBlock(b, generator)) for a, b in zip(widths, widths[1:])]
        self.stages = nn.ModuleList([nn.Sequential(*stage) for stage in stages])
        self.images = nn.ModuleList([convolution(n, spec.image_shape[0], 1, generator, gain=0.5) for n in widths])
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
    """A way from an image and a residual block at each size."""

    def __init__(self, spec, condition_spec, channels, generator, conditioning):
        super().__init__(spec, condition_spec, channels, generator, conditioning)
        widths = stage_widths(self.grid, channels)[::-1]
        self.last = ConvolutionBlock(widths[0], generator)
        stages = [(ConvolutionBlock(a, generator), Down(a, b, generator)) for a, b in zip(widths[1:], widths)]
        self.stages = nn.ModuleList([nn.Sequential(*stage) for stage in stages])
        self.images = nn.ModuleList([convolution(spec.image_shape[0], n, 1, generator, gain=RECTIFIED) for n in widths])
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
