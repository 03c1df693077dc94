"""Residual convolutions: the better pictures, many operations an image, for a GPU."""

from __future__ import annotations

from torch import nn
from torch.nn.functional import avg_pool2d, interpolate, leaky_relu, pad

from ._conv import RECTIFIED, ImageDiscriminator, ImageGenerator, convolution
from ._mlp import SLOPE


class ConvolutionBlock(nn.Module):
    """``x + W2 f(W1 f(x))`` of 3 by 3 convolutions, the identity at the start; no normalisation [1]_.

    References
    ----------
    .. [1] Zhang, Dauphin and Ma, "Fixup initialization: residual learning without normalization", ICLR 2019,
       section 3: the last layer of a branch starts at zero.
    """

    def __init__(self, n_channels, generator):
        super().__init__()
        self.first = convolution(n_channels, n_channels, 3, generator)
        self.second = convolution(n_channels, n_channels, 3, generator, gain=0.0)

    def forward(self, x):
        return x + self.second(leaky_relu(self.first(leaky_relu(x, SLOPE)), SLOPE))


class Down(nn.Module):
    """Half the size through a [1, 2, 1] filter [1]_, then as many channels as asked for.

    Averages of two, twice, are that filter, and have second derivatives everywhere.

    References
    ----------
    .. [1] Zhang, "Making convolutional networks shift-invariant again", ICML 2019, section 3.2.
    """

    def __init__(self, n_in, n_out, generator):
        super().__init__()
        self.mix = nn.Identity() if n_in == n_out else convolution(n_in, n_out, 1, generator, gain=1.0, bias=False)

    def forward(self, x):
        smooth = avg_pool2d(pad(x, (1, 1, 1, 1), mode="replicate"), 2, stride=1)
        return self.mix(avg_pool2d(smooth[:, :, :-1, :-1], 2))


class Up(nn.Module):
    """As many channels as asked for, then twice the size through a [1, 2, 1] filter."""

    def __init__(self, n_in, n_out, generator):
        super().__init__()
        self.mix = nn.Identity() if n_in == n_out else convolution(n_in, n_out, 1, generator, gain=1.0, bias=False)

    def forward(self, x):
        x = interpolate(self.mix(x), scale_factor=2.0, mode="nearest")
        return avg_pool2d(pad(x, (1, 0, 1, 0), mode="replicate"), 2, stride=1)


class ResidualGenerator(ImageGenerator):
    """A residual block at each size, from the coarsest to that of the image."""

    def __init__(self, spec, latent_dim, condition_spec, channels, generator):
        super().__init__(spec, latent_dim, condition_spec, channels, generator)
        widths = stage_widths(self.grid, channels)[::-1]
        layers = [ConvolutionBlock(widths[0], generator)]
        for n_in, n_out in zip(widths, widths[1:]):
            layers += [Up(n_in, n_out, generator), ConvolutionBlock(n_out, generator)]
        layers += [nn.LeakyReLU(SLOPE), convolution(widths[-1], spec.image_shape[0], 3, generator, gain=0.5)]
        self.body = nn.Sequential(*layers)


class ResidualDiscriminator(ImageDiscriminator):
    """A residual block at each size, from that of the image to the coarsest."""

    def __init__(self, spec, condition_spec, channels, generator, conditioning):
        super().__init__(spec, condition_spec, channels, generator, conditioning)
        widths = stage_widths(self.grid, channels)
        layers = [convolution(spec.image_shape[0], widths[0], 3, generator, gain=RECTIFIED)]
        layers.append(ConvolutionBlock(widths[0], generator))
        for n_in, n_out in zip(widths, widths[1:]):
            layers += [Down(n_in, n_out, generator), ConvolutionBlock(n_out, generator)]
        self.body = nn.Sequential(*layers, nn.LeakyReLU(SLOPE))


def stage_widths(grid, channels):
    """Channels at each size, that of the image first: it has as many as the first halving."""
    return [channels[0], *channels][: grid.n_halvings + 1]
