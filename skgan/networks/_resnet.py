"""Residual convolutions: better images for many operations per image, for a GPU."""

from __future__ import annotations

from torch import nn
from torch.nn.functional import avg_pool2d, interpolate, leaky_relu, pad

from ._conv import RECTIFIED, ImageDiscriminator, ImageGenerator, convolution
from ._mlp import SLOPE


class ConvolutionBlock(nn.Module):
    """``x + W2 f(W1 f(x))`` of 3 by 3 convolutions, at first the identity; no normalisation [1]_.

    References
    ----------
    .. [1] Zhang, Dauphin and Ma, "Fixup initialization: residual learning without normalization", ICLR 2019,
       section 3: the last layer of a branch starts at zero.
    """

    def __init__(self, n_channels, rng):
        super().__init__()
        self.first = convolution(n_channels, n_channels, 3, rng)
        self.second = convolution(n_channels, n_channels, 3, rng, gain=0.0)

    def forward(self, x):
        return x + self.second(leaky_relu(self.first(leaky_relu(x, SLOPE)), SLOPE))


class Down(nn.Module):
    """A [1, 2, 1] filter that halves the size [1]_, then a change of the number of channels.

    Two averages of neighbours are that filter, and have second derivatives everywhere.

    References
    ----------
    .. [1] Zhang, "Making convolutional networks shift-invariant again", ICML 2019, section 3.2.
    """

    def __init__(self, n_in, n_out, rng):
        super().__init__()
        self.mix = nn.Identity() if n_in == n_out else convolution(n_in, n_out, 1, rng, gain=1.0, bias=False)

    def forward(self, x):
        smooth = avg_pool2d(pad(x, (1, 1, 1, 1), mode="replicate"), 2, stride=1)
        return self.mix(avg_pool2d(smooth[:, :, :-1, :-1], 2))


class Up(nn.Module):
    """A change of the number of channels, then a [1, 2, 1] filter that doubles the size."""

    def __init__(self, n_in, n_out, rng):
        super().__init__()
        self.mix = nn.Identity() if n_in == n_out else convolution(n_in, n_out, 1, rng, gain=1.0, bias=False)

    def forward(self, x):
        x = interpolate(self.mix(x), scale_factor=2.0, mode="nearest")
        return avg_pool2d(pad(x, (1, 0, 1, 0), mode="replicate"), 2, stride=1)


class ResidualGenerator(ImageGenerator):
    """A residual block at each size, from the coarsest to that of the image."""

    def __init__(self, spec, latent_dim, condition_spec, channels, rng):
        super().__init__(spec, latent_dim, condition_spec, channels, rng)
        widths = stage_widths(self.pyramid, channels)[::-1]
        layers = [ConvolutionBlock(widths[0], rng)]
        for n_in, n_out in zip(widths, widths[1:]):
            layers += [Up(n_in, n_out, rng), ConvolutionBlock(n_out, rng)]
        layers += [nn.LeakyReLU(SLOPE), convolution(widths[-1], spec.image_shape[0], 3, rng, gain=0.5)]
        self.body = nn.Sequential(*layers)


class ResidualDiscriminator(ImageDiscriminator):
    """A residual block at each size, from that of the image to the coarsest."""

    def __init__(self, spec, condition_spec, channels, rng, conditioning):
        super().__init__(spec, condition_spec, channels, rng, conditioning)
        widths = stage_widths(self.pyramid, channels)
        layers = [convolution(spec.image_shape[0], widths[0], 3, rng, gain=RECTIFIED)]
        layers.append(ConvolutionBlock(widths[0], rng))
        for n_in, n_out in zip(widths, widths[1:]):
            layers += [Down(n_in, n_out, rng), ConvolutionBlock(n_out, rng)]
        self.body = nn.Sequential(*layers, nn.LeakyReLU(SLOPE))


def stage_widths(pyramid, channels):
    """Channels at each size, that of the image first. It has as many as the first halving."""
    return [channels[0], *channels][: pyramid.n_halvings + 1]
