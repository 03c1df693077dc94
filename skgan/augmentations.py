"""What the discriminator may be shown instead of the images themselves, side by side.

An augmentation is a function of images, shape (n, n_channels, height, width) with values in [-1, 1], and of uniform
numbers in [0, 1), shape (n, n_draws), that returns images of the same shape. It is differentiable in the images, so
that the generator learns through it. It draws nothing and reads no value back from the device, so that a step that
holds it can be recorded once and replayed.
"""

from __future__ import annotations

import math

import torch

from ._registry import resolve


class Translation:
    """The picture moved by up to an eighth of its height and of its width, in whole pixels [1]_.

    Draws: down, right; the smallest moves the other way. What is laid bare repeats the edge: a background need not
    be 0. A side of less than 8 pixels stays in place.

    References
    ----------
    .. [1] Zhao et al., "Differentiable augmentation for data-efficient GAN training", NeurIPS 2020.
    """

    n_draws = 2

    def __call__(self, images, draws):
        return _moved(_moved(images, draws[:, 0], 2), draws[:, 1], 3)


class Color:
    """Brightness, saturation and contrast changed, in this order of the draws [1]_.

    Brightness adds up to 0.5 or takes it away, saturation is 0 to 2 times that of the pixel, contrast 0.5 to 1.5 times
    that of the picture. Values may leave [-1, 1]: a clamp would stop the gradient.

    References
    ----------
    .. [1] Zhao et al., "Differentiable augmentation for data-efficient GAN training", NeurIPS 2020.
    """

    n_draws = 3

    def __call__(self, images, draws):
        brightness, saturation, contrast = (_a_picture(draw).to(images.dtype) for draw in draws.unbind(1))
        images = images + (brightness - 0.5)
        grey = images.mean(1, keepdim=True)
        images = grey + (images - grey) * (2 * saturation)
        mean = images.mean((1, 2, 3), keepdim=True)
        return mean + (images - mean) * (contrast + 0.5)


class Cutout:
    """A box of half the height and half the width set to 0 [1]_ [2]_.

    Draws: the pixel at its centre, down, right. The centre may be any pixel; what reaches over the edge is cut off.

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
    """Left and right exchanged where the draw is 0.5 or more [1]_.

    At every probability short of 1 the picture as it was stays the more frequent, which tells the generator what is
    left and what is right.

    References
    ----------
    .. [1] Karras et al., "Training generative adversarial networks with limited data", NeurIPS 2020, section 2.2 and
       appendix B.
    """

    n_draws = 1

    def __call__(self, images, draws):
        return torch.where(_a_picture(draws[:, 0]) >= 0.5, images.flip(3), images)


AUGMENTATIONS = {
    "translation": Translation,
    "color": Color,
    "cutout": Cutout,
    "flip": Flip,
}


class Augment:
    """Augmentations one after the other, each applied to each image with a probability [1]_.

    Parameters
    ----------
    words : sequence of str
        Keys of `AUGMENTATIONS`, in the order of application.
    image_shape : tuple of int or None
        (n_channels, height, width); None, where rows are no images, is an error.

    Attributes
    ----------
    n_draws : int
        Uniform numbers that a row takes: for each word, the one that decides whether it is applied, then its own.

    References
    ----------
    .. [1] Karras et al., "Training generative adversarial networks with limited data", NeurIPS 2020, section 2.3.
    """

    def __init__(self, words, image_shape):
        if image_shape is None:
            raise ValueError(f"augmentation={tuple(words)!r} is for images, but X is a table; leave it 'auto' or None.")
        self.image_shape = tuple(image_shape)
        self._steps = [resolve("augmentation", word, AUGMENTATIONS)() for word in words]
        self.n_draws = sum(1 + step.n_draws for step in self._steps)

    def __call__(self, rows, draws, probability):
        """Rows as the discriminator is to see them.

        Parameters
        ----------
        rows : torch.Tensor of shape (n, n_channels * height * width)
            Images, flat.
        draws : torch.Tensor of shape (n, n_draws)
            Uniform in [0, 1).
        probability : float or torch.Tensor of shape ()
            That an augmentation is applied to an image, which else stays as it is to the bit.

        Returns
        -------
        torch.Tensor of shape (n, n_channels * height * width)
        """
        images = rows.reshape(len(rows), *self.image_shape)
        first = 0
        for step in self._steps:
            own = draws[:, first + 1 : first + 1 + step.n_draws]
            images = torch.where(_a_picture(draws[:, first]) < probability, step(images, own), images)
            first += 1 + step.n_draws
        return images.reshape(len(rows), math.prod(self.image_shape))


def _a_picture(draws):
    """One number a picture, shape (n, 1, 1, 1)."""
    return draws.reshape(-1, 1, 1, 1)


def _places(images, axis):
    """0, 1, ... along an axis of images, to be broadcast along the others."""
    places = torch.arange(images.shape[axis], device=images.device)
    return places.reshape([-1 if other == axis else 1 for other in range(4)])


def _moved(images, draws, axis):
    """Images moved along an axis by -most, ..., most pixels, each as likely, with the edge repeated."""
    size = images.shape[axis]
    most = size // 8
    source = _places(images, axis) - (_a_picture(draws) * (2 * most + 1)).floor().long() + most
    # Round the edge rather than up to it: every pixel is read once, so the gradient adds up in no order of chance.
    moved = images.gather(axis, (source % size).expand_as(images))
    moved = torch.where(source < 0, images.narrow(axis, 0, 1), moved)
    return torch.where(source >= size, images.narrow(axis, size - 1, 1), moved)


def _in_half(images, draws, axis):
    """Whether a place along an axis is in the stretch of half its length, around the pixel that is drawn."""
    size = images.shape[axis]
    length = size // 2
    offset = _places(images, axis) - (_a_picture(draws) * size).floor().long() + length // 2
    return (offset >= 0) & (offset < length)
