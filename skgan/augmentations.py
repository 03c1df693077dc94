"""Augmentations of the images that the discriminator is given.

An augmentation is a function of images, shape (n, n_channels, height, width) with values in [-1, 1], and of uniform
numbers in [0, 1), shape (n, n_draws), that returns images of the same shape. It is differentiable in the images, so
that the generator is trained through it. It draws no random numbers and does not synchronise the device, so that it
can be part of a captured CUDA graph.
"""

from __future__ import annotations

import math

import torch

from ._registry import make


class Translation:
    """Shift by up to an eighth of the image's height and width, in whole pixels [1]_.

    Draws: vertical, horizontal; small draws shift up and left. Uncovered pixels repeat the edge, since a background
    need not be 0. Images are not shifted along sides of less than 8 pixels.

    References
    ----------
    .. [1] Zhao et al., "Differentiable augmentation for data-efficient GAN training", NeurIPS 2020.
    """

    n_draws = 2

    def __call__(self, images, draws):
        return _shifted(_shifted(images, draws[:, 0], 2), draws[:, 1], 3)


class Color:
    """Change of brightness, saturation and contrast [1]_.

    Draws: in this order. Brightness changes by up to 0.5, saturation by a factor of 0 to 2 and contrast by a factor of
    0.5 to 1.5. Values may leave [-1, 1], because clipping would stop the gradient.

    References
    ----------
    .. [1] Zhao et al., "Differentiable augmentation for data-efficient GAN training", NeurIPS 2020.
    """

    n_draws = 3

    def __call__(self, images, draws):
        brightness, saturation, contrast = (_per_image(draw).to(images.dtype) for draw in draws.unbind(1))
        images = images + (brightness - 0.5)
        grey = images.mean(1, keepdim=True)
        images = grey + (images - grey) * (2 * saturation)
        mean = images.mean((1, 2, 3), keepdim=True)
        return mean + (images - mean) * (contrast + 0.5)


class Cutout:
    """Set a box of half the height and half the width to 0 [1]_ [2]_.

    Draws: vertical and horizontal position of the centre. The centre may be any pixel; the box is cropped at the edge.

    References
    ----------
    .. [1] Zhao et al., "Differentiable augmentation for data-efficient GAN training", NeurIPS 2020.
    .. [2] DeVries and Taylor, "Improved regularization of convolutional neural networks with cutout", 2017,
       arXiv:1708.04552, section 3.
    """

    n_draws = 2

    def __call__(self, images, draws):
        return images.masked_fill(_in_half(images, draws[:, 0], 2) & _in_half(images, draws[:, 1], 3), 0)


class Flip:
    """Horizontal flip if the draw is 0.5 or more [1]_.

    At every probability below 1 the original image is more frequent than the flipped one, so that the generator learns
    the original orientation.

    References
    ----------
    .. [1] Karras et al., "Training generative adversarial networks with limited data", NeurIPS 2020, section 2.2 and
       appendix B.
    """

    n_draws = 1

    def __call__(self, images, draws):
        return torch.where(_per_image(draws[:, 0]) >= 0.5, images.flip(3), images)


AUGMENTATIONS = {
    "translation": Translation,
    "color": Color,
    "cutout": Cutout,
    "flip": Flip,
}


class Augment:
    """Augmentations in sequence, each applied to each image with a probability [1]_.

    Parameters
    ----------
    parts : sequence of str or callable
        Keys of `AUGMENTATIONS`, or callables ``(images, draws) -> images`` with an attribute `n_draws`, in the order of
        application.
    image_shape : tuple of int or None
        (n_channels, height, width). None, for rows that are no images, is an error.

    Attributes
    ----------
    n_draws : int
        Uniform numbers per row: for each augmentation, one that decides whether it is applied, then its own draws.

    References
    ----------
    .. [1] Karras et al., "Training generative adversarial networks with limited data", NeurIPS 2020, section 2.3.
    """

    def __init__(self, parts, image_shape):
        if image_shape is None:
            raise ValueError(f"augmentation={tuple(parts)!r} is for images, but X is a table; leave it 'auto' or None.")
        self.image_shape = tuple(image_shape)
        self._steps = [make("augmentation", part, AUGMENTATIONS, ("__call__",)) for part in parts]
        self.n_draws = sum(1 + step.n_draws for step in self._steps)

    def __call__(self, rows, draws, probability):
        """The rows, augmented.

        Parameters
        ----------
        rows : torch.Tensor of shape (n, n_channels * height * width)
            Images, flat.
        draws : torch.Tensor of shape (n, n_draws)
            Uniform in [0, 1).
        probability : float or torch.Tensor of shape ()
            Probability of applying each augmentation to an image, which is otherwise returned bit-identical.

        Returns
        -------
        torch.Tensor of shape (n, n_channels * height * width)
        """
        images = rows.reshape(len(rows), *self.image_shape)
        first = 0
        for step in self._steps:
            own = draws[:, first + 1 : first + 1 + step.n_draws]
            images = torch.where(_per_image(draws[:, first]) < probability, step(images, own), images)
            first += 1 + step.n_draws
        return images.reshape(len(rows), math.prod(self.image_shape))


def _per_image(draws):
    """One number per image, shape (n, 1, 1, 1)."""
    return draws.reshape(-1, 1, 1, 1)


def _positions(images, axis):
    """0, 1, ... along an axis of images, with length 1 along the other axes."""
    positions = torch.arange(images.shape[axis], device=images.device)
    return positions.reshape([-1 if other == axis else 1 for other in range(4)])


def _shifted(images, draws, axis):
    """Images shifted along an axis by -most, ..., most pixels, each equally likely, with the edge repeated."""
    size = images.shape[axis]
    most = size // 8
    source = _positions(images, axis) - (_per_image(draws) * (2 * most + 1)).floor().long() + most
    # First shifted cyclically, so that each pixel is read once and the sum of gradients has a fixed order.
    shifted = images.gather(axis, (source % size).expand_as(images))
    shifted = torch.where(source < 0, images.narrow(axis, 0, 1), shifted)
    return torch.where(source >= size, images.narrow(axis, size - 1, 1), shifted)


def _in_half(images, draws, axis):
    """Whether a position along an axis is in the interval of half its length around the drawn pixel."""
    size = images.shape[axis]
    length = size // 2
    offset = _positions(images, axis) - (_per_image(draws) * size).floor().long() + length // 2
    return (offset >= 0) & (offset < length)
