"""The sizes that an image passes through in convolutions."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch.nn.functional import pad

# Images are halved while both sides have at least this many pixels afterwards.
BASE = 4


@dataclass(frozen=True)
class ImagePyramid:
    """The sizes of an image after each halving.

    An image that cannot be halved so often is padded by repeating its edges, and a generated one is cropped.

    Parameters
    ----------
    n_channels, height, width : int
        Of an image.
    """

    n_channels: int
    height: int
    width: int

    @property
    def n_halvings(self) -> int:
        return max(0, int(math.log2(min(self.height, self.width) / BASE)))

    @property
    def base(self):
        """(height, width) after the last halving."""
        step = 2**self.n_halvings
        return -(-self.height // step), -(-self.width // step)

    @property
    def n_stages(self) -> int:
        """How many sizes have channels of their own: one per halving, and one where there is no halving."""
        return max(1, self.n_halvings)

    @classmethod
    def of(cls, spec, channels):
        """The pyramid of a layout's images. An error if rows are no images, or if `channels` does not fit."""
        if spec.image_shape is None:
            raise ValueError(
                "The networks 'dcgan' and 'resnet' are for images, but X is a table; use 'mlp' or 'auto', or say with "
                "image_shape=(height, width) that rows are images."
            )
        pyramid = cls(*spec.image_shape)
        if len(channels) != pyramid.n_stages:
            raise ValueError(
                f"hidden_layer_sizes={tuple(channels)!r} must hold {pyramid.n_stages} numbers of channels for images "
                f"of {pyramid.height} by {pyramid.width} pixels: one per halving, the finest first."
            )
        return pyramid

    def padded(self, rows):
        """Flat rows as images (n, n_channels, padded height, padded width), the edges repeated."""
        images = rows.view(-1, self.n_channels, self.height, self.width)
        (top, bottom), (left, right) = self._margins()
        return pad(images, (left, right, top, bottom), mode="replicate") if top + bottom + left + right else images

    def cropped(self, images):
        """Padded images as flat rows."""
        (top, _), (left, _) = self._margins()
        return images[:, :, top : top + self.height, left : left + self.width].flatten(1)

    def _margins(self):
        step = 2**self.n_halvings
        spare = (step * side - length for side, length in zip(self.base, (self.height, self.width), strict=True))
        return [(excess // 2, excess - excess // 2) for excess in spare]
