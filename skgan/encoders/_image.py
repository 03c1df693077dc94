"""Images as tensors: brightness in [-1, 1], one flat row an image."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import torch

from skgan._device import sent
from skgan._forms import ImageForm, read_table
from skgan._spec import DataSpec
from skgan._state import Flag, ListOf, Number, Part, Whole, demand, inside, read_values

from ._look import Look

# From so many images is learned how to look at them.
MAX_LOOKED_AT, MAX_PIXELS_LOOKED_AT = 5000, 2**25
# Numbers of a wider range than this are scaled in double precision.
WIDE = 1e30
# Of a device's free memory, what the training images may fill.
DEVICE_SHARE = 0.4
# A file whose images have more numbers is not read.
MAX_NUMBERS = 2**27

RULES = {
    "min_frequency": Whole(1),
    "shape": ListOf(Whole(1, MAX_NUMBERS), 3, 3),
    "low": Number(),
    "high": Number(),
    "whole": Flag(),
    "variance": Number(0),
    "look": Part(Look),
}


class ImageEncoder:
    """Stacks of images to tensors and back.

    Parameters
    ----------
    min_frequency : int
        Not used: a pixel gives nobody away.

    Attributes
    ----------
    low_, high_ : float
        The darkest and the brightest number that there is.
    whole_ : bool
        Whether all numbers are whole, and so are generated ones.
    variance_ : float
        The squared distance of an image, in [-1, 1] a pixel, from the mean image; on average.
    spec_ : DataSpec
        The layout of a row.
    ordered_ : ndarray of bool
        All that trees see is ordered.
    """

    kind = "image"

    def __init__(self, *, min_frequency):
        self.min_frequency = min_frequency

    def fit(self, images):
        self.shape_ = images.form.shape
        self._set_range(images)
        n = min(len(images), MAX_LOOKED_AT, max(2, MAX_PIXELS_LOOKED_AT // int(np.prod(self.shape_))))
        shown = self._shown(images.pixels(np.linspace(0, len(images) - 1, n).astype(np.int64)))
        self.variance_ = float(shown.var(axis=0, dtype=np.float64).sum())
        self.look_ = Look(shown)
        return self._set_layout()

    def _set_range(self, images):
        low, high, whole = np.inf, -np.inf, True
        for chunk in images.chunks():
            low, high = min(low, float(chunk.min())), max(high, float(chunk.max()))
            whole = whole and (chunk.dtype.kind != "f" or bool((chunk == np.rint(chunk)).all()))
        self.low_, self.high_, self.whole_ = low, high, whole

    def _set_layout(self):
        self.spec_ = DataSpec.of_image(self.shape_)
        self.ordered_ = np.ones(self.look_.n_components, dtype=bool)
        return self

    def _shown(self, pixels):
        """Pixels in X's units as float32 in [-1, 1]."""
        tensor, low, scale = self._scaled(pixels)
        return (tensor - np.float32(low)) * np.float32(scale) - 1

    def _scaled(self, pixels):
        """Pixels that single precision holds, and the (low, scale) by which they become [0, 2]."""
        scale = 2 / (self.high_ - self.low_) if self.high_ > self.low_ else 0.0
        if pixels.dtype in (np.uint8, np.float16, np.float32) and self.high_ - self.low_ < WIDE:
            return pixels, self.low_, scale
        return ((pixels.astype(np.float64) - self.low_) * scale).astype(np.float32), 0.0, 1.0

    def encode(self, images):
        """The images, `Pixels`."""
        return Pixels(images, self._scaled)

    def decode(self, rows):
        """Rows, ndarray of shape (n, spec_.width), to images of shape (n, n_channels, height, width) in X's units."""
        share = (np.clip(rows.astype(np.float64), -1, 1) + 1) / 2
        images = (self.low_ + share * (self.high_ - self.low_)).reshape(-1, *self.shape_)
        return np.rint(images) if self.whole_ else images.clip(self.low_, self.high_)

    def features(self, images):
        """What trees see: uint8 of shape (n, n_components)."""
        return np.concatenate([self.look_.codes(self._shown(chunk)) for chunk in images.chunks()])

    def row_features(self, rows):
        """`features` of the images that rows stand for."""
        return self.look_.codes(rows.reshape(-1, *self.shape_))

    def judged(self, images):
        """A `Table` to tell real from generated images by."""
        return read_table(
            np.concatenate([self.look_.components(self._shown(chunk)) for chunk in images.chunks()]).astype(np.float64)
        )

    def get_state(self):
        """The fitted encoder as a tree of words, numbers and arrays."""
        return {
            "kind": "images",
            "min_frequency": self.min_frequency,
            "shape": list(self.shape_),
            "low": self.low_,
            "high": self.high_,
            "whole": self.whole_,
            "variance": self.variance_,
            "look": self.look_.get_state(),
        }

    @classmethod
    def from_state(cls, state):
        """The encoder that `get_state` described; a `BrokenFileError` says which rule is broken."""
        with inside(cls.__name__):
            values = read_values(state, RULES)
            size = math.prod(values["shape"])
            demand(size <= MAX_NUMBERS, "shape", f"be that of at most {MAX_NUMBERS} numbers")
            demand(values["low"] <= values["high"], "low", "be at most high")
            whole = values["low"] == round(values["low"]) and values["high"] == round(values["high"])
            demand(whole or not values["whole"], "low and high", "be whole numbers where whole is True")
            values["look"].check_shape(values["shape"])
        encoder = cls(min_frequency=values["min_frequency"])
        encoder.shape_ = tuple(values["shape"])
        encoder.low_, encoder.high_, encoder.whole_ = values["low"], values["high"], values["whole"]
        encoder.variance_, encoder.look_ = values["variance"], values["look"]
        return encoder._set_layout()

    def check_form(self, form):
        """Refuse a form, read from a file, that cannot hold what this encoder gives."""
        demand(isinstance(form, ImageForm), "form", "be of images as the encoder is")
        demand(form.shape == self.shape_, "shape", f"be {self.shape_}, that of the encoder")
        # Of one pixel: the form writes images of any size.
        images = np.array([self.low_, self.high_]).reshape(2, 1, 1, 1)
        with np.errstate(all="ignore"):
            written = np.ravel(replace(form, labels=None).rebuild(images)).astype(np.float64)
        near = np.isfinite(written).all() and np.allclose(written, images.ravel(), rtol=0.01)
        demand(near, "dtype", "hold the darkest and the brightest number of the encoder")


class Pixels:
    """Images that are scaled as they are drawn.

    Parameters
    ----------
    images : Images
    scaled : callable
        ``scaled(pixels) -> (pixels, low, scale)``: ``(pixels - low) * scale - 1`` is in [-1, 1].
    """

    # An image has no numbers that lie somewhere in an interval.
    n_numbers = 0

    def __init__(self, images, scaled, device=None, stored=None):
        self._images, self._scaled = images, scaled
        # Of no image, all the same: the scale is one for all.
        _, self._low, self._scale = scaled(images.pixels(slice(0, 0)))
        self.device = torch.device("cpu") if device is None else device
        self._stored = stored

    def __len__(self):
        return len(self._images)

    def to(self, device):
        """The same for a device: all images lie there where they fit, else they are sent a batch at a time."""
        stored = None
        if device.type == "cuda" and self._images.n_bytes < DEVICE_SHARE * torch.cuda.mem_get_info(device)[0]:
            stored = torch.cat([self._as_tensor(chunk).to(device) for chunk in self._images.chunks()])
        return Pixels(self._images, self._scaled, device, stored)

    def rows(self, index, place):
        """float32 (n, width) of the images at `index`, a CPU tensor of shape (n,)."""
        if self._stored is not None:
            pixels = self._stored[sent(index, self.device)]
        else:
            pixels = sent(self._as_tensor(self._images.pixels(index.numpy())), self.device)
        return (pixels.float() - self._low) * self._scale - 1

    def middle(self):
        """All images, float32 (n, width): there is nothing between two ends of theirs."""
        index = torch.arange(len(self))
        return self.rows(index, torch.empty(len(index), 0))

    def _as_tensor(self, pixels):
        """Flat pixels (n, width), in a small type where that holds them."""
        pixels, _, _ = self._scaled(pixels)
        # torch warns of arrays that may not be written to, such as a memory map's.
        return torch.from_numpy(np.require(pixels.reshape(len(pixels), -1), requirements=["C", "W"]))
