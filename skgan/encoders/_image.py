"""Images as tensors: brightness in [-1, 1], one flat row per image."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import torch

from skgan._device import sent
from skgan._forms import ImageForm, read_table
from skgan._spec import DataSpec
from skgan._state import LARGEST, Flag, ListOf, Number, Part, Whole, demand, inside, read_values

from ._random_features import RandomFeatures

# The features are fitted to at most this many images, and this many pixels.
MAX_IMAGES_FITTED, MAX_PIXELS_FITTED = 5000, 2**25
# Ranges outside these limits are scaled in double precision.
TINY, WIDE = float(np.finfo(np.float32).tiny), 1e30
# Powers of two that pixels are first multiplied by if their range overflows double precision, or is below NARROW.
HALF, ENLARGED, NARROW = 0.5, 2.0**900, 1e-290
# Generated images are decoded in parts of this many numbers: each takes several times eight bytes.
MAX_NUMBERS = 2**22
# The share of a device's free memory that the training images may fill.
DEVICE_SHARE = 0.4
# A file whose images have more numbers is not read.
MAX_NUMBERS_OF_IMAGE = 2**27

RULES = {
    "min_frequency": Whole(1),
    "shape": ListOf(Whole(1, MAX_NUMBERS_OF_IMAGE), 3, 3),
    "low": Number(-LARGEST, LARGEST),
    "high": Number(-LARGEST, LARGEST),
    "whole": Flag(),
    "variance": Number(0),
    "random_features": Part(RandomFeatures),
}


class ImageEncoder:
    """Stacks of images to tensors and back.

    Parameters
    ----------
    min_frequency : int
        Not used: a single pixel identifies no one.

    Attributes
    ----------
    low_, high_ : float
        The smallest and the largest pixel of all images.
    whole_ : bool
        Whether all pixels are whole numbers, so that generated ones are rounded.
    variance_ : float
        The mean squared distance of an image, scaled to [-1, 1], from the mean image.
    spec_ : DataSpec
        The layout of a row.
    ordered_ : ndarray of bool
        Which features are ordered: all of them.
    """

    modality = "images"
    # Columns that are not learned: there are none.
    identifiers, texts = {}, ()

    def __init__(self, *, min_frequency):
        self.min_frequency = min_frequency

    def fit(self, images):
        self.shape_ = images.form.shape
        self._set_range(images)
        n = min(len(images), MAX_IMAGES_FITTED, max(2, MAX_PIXELS_FITTED // int(np.prod(self.shape_))))
        shown = self._shown(images.pixels(np.linspace(0, len(images) - 1, n).astype(np.int64)))
        self.variance_ = float(shown.var(axis=0, dtype=np.float64).sum())
        self.random_features_ = RandomFeatures(shown)
        return self._set_layout()

    def _set_range(self, images):
        low, high, whole = np.inf, -np.inf, True
        for chunk in images.chunks():
            low, high = min(low, float(chunk.min())), max(high, float(chunk.max()))
            whole = whole and (chunk.dtype.kind != "f" or bool((chunk == np.rint(chunk)).all()))
        self.low_, self.high_, self.whole_ = low, high, whole

    def _set_layout(self):
        self.spec_ = DataSpec.of_image(self.shape_)
        self.ordered_ = np.ones(self.random_features_.n_components, dtype=bool)
        return self

    def _shown(self, pixels):
        """Pixels in X's units as float32 in [-1, 1]."""
        tensor, low, scale = self._scaled(pixels)
        return (tensor - np.float32(low)) * np.float32(scale) - 1

    def _scaled(self, pixels):
        """Pixels that fit in single precision, and the (low, scale) that bring them to [0, 2]."""
        unit, low, width = self._range()
        scale = 2 / width if width > 0 else 0.0
        is_small = pixels.dtype in (np.uint8, np.float16, np.float32)
        if is_small and (width == 0 or TINY < self.high_ - self.low_ < WIDE):
            return pixels, self.low_, scale
        return ((pixels.astype(np.float64) * unit - low) * scale).astype(np.float32), 0.0, 1.0

    def _range(self):
        """A power of two, the darkest pixel times it, and the width of the range times it, which is finite."""
        width = self.high_ - self.low_
        unit = HALF if width > np.finfo(np.float64).max else ENLARGED if 0 < width < NARROW else 1.0
        return unit, self.low_ * unit, self.high_ * unit - self.low_ * unit

    def encode(self, images):
        """The images, `Pixels`."""
        return Pixels(images, self._scaled)

    def decode(self, rows):
        """Rows, ndarray of shape (n, spec_.width), to images of shape (n, n_channels, height, width) in X's units."""
        images = np.empty((len(rows), *self.shape_))
        size = max(1, MAX_NUMBERS // self.spec_.width)
        for start in range(0, len(rows), size):
            images[start : start + size] = self._decoded(rows[start : start + size])
        return images

    def _decoded(self, rows):
        share = (np.clip(rows.astype(np.float64), -1, 1) + 1) / 2
        unit, low, width = self._range()
        # Rounding may exceed the range and overflow.
        with np.errstate(over="ignore"):
            images = ((low + share * width) / unit).reshape(-1, *self.shape_)
        return (np.rint(images) if self.whole_ else images).clip(self.low_, self.high_)

    def features(self, images):
        """Codes of the features, for the trees of refinement: uint8 of shape (n, n_components)."""
        return np.concatenate([self.random_features_.features(self._shown(chunk)) for chunk in images.chunks()])

    def row_features(self, rows):
        """`features` of decoded rows."""
        return self.random_features_.features(rows.reshape(-1, *self.shape_))

    def judged(self, images):
        """The features as a `Table`, for a classifier of real against generated images."""
        return read_table(self.components(images).astype(np.float64))

    def components(self, images):
        """The features as numbers, float32 of shape (n, n_components)."""
        return np.concatenate([self.random_features_.components(self._shown(chunk)) for chunk in images.chunks()])

    def row_components(self, rows):
        """`components` of decoded rows."""
        return self.random_features_.components(rows.reshape(-1, *self.shape_))

    def get_state(self):
        """The fitted encoder as a tree of words, numbers and arrays."""
        return {
            "modality": "images",
            "min_frequency": self.min_frequency,
            "shape": list(self.shape_),
            "low": self.low_,
            "high": self.high_,
            "whole": self.whole_,
            "variance": self.variance_,
            "random_features": self.random_features_.get_state(),
        }

    @classmethod
    def from_state(cls, state):
        """The encoder that `get_state` described; a `BrokenFileError` says which rule is broken."""
        with inside(cls.__name__):
            values = read_values(state, RULES)
            size = math.prod(values["shape"])
            demand(size <= MAX_NUMBERS_OF_IMAGE, "shape", f"be that of at most {MAX_NUMBERS_OF_IMAGE} numbers")
            demand(values["low"] <= values["high"], "low", "be at most high")
            whole = values["low"] == round(values["low"]) and values["high"] == round(values["high"])
            demand(whole or not values["whole"], "low and high", "be whole numbers where whole is True")
            values["random_features"].check_shape(values["shape"])
        encoder = cls(min_frequency=values["min_frequency"])
        encoder.shape_ = tuple(values["shape"])
        encoder.low_, encoder.high_, encoder.whole_ = values["low"], values["high"], values["whole"]
        encoder.variance_, encoder.random_features_ = values["variance"], values["random_features"]
        return encoder._set_layout()

    def check_form(self, form):
        """Refuse a form, read from a file, that cannot hold the images that this encoder decodes."""
        demand(isinstance(form, ImageForm), "form", "be that of images, as the encoder is")
        demand(form.shape == self.shape_, "shape", f"be {self.shape_}, that of the encoder")
        # One pixel is enough, because only the dtype is checked.
        small = replace(form, shape=(form.shape[0], 1, 1), labels=None)
        images = np.repeat([self.low_, self.high_], form.shape[0]).reshape(2, -1, 1, 1)
        with np.errstate(all="ignore"):
            written = np.ravel(small.rebuild(images)).astype(np.float64)
        near = np.isfinite(written).all() and np.allclose(written, images.ravel(), rtol=0.01)
        demand(near, "dtype", "hold the darkest and the brightest number of the encoder")


class Pixels:
    """Images that are scaled as they are drawn.

    Parameters
    ----------
    images : ImageRows
    scaled : callable
        ``scaled(pixels) -> (pixels, low, scale)``: ``(pixels - low) * scale - 1`` is in [-1, 1].
    """

    # Unlike a column's values, pixels are not drawn from intervals.
    n_numbers = 0

    def __init__(self, images, scaled, device=None, stored=None):
        self._images, self._scaled = images, scaled
        # The scale is the same for all images, so that an empty stack is enough to find it.
        _, self._low, self._scale = scaled(images.pixels(slice(0, 0)))
        self.device = torch.device("cpu") if device is None else device
        self._stored = stored

    def __len__(self):
        return len(self._images)

    @property
    def n_bytes(self):
        """The memory that a copy of the images takes on the device; without one they stay where X has them."""
        return 0 if self._stored is None else self._stored.nbytes

    def arrays(self):
        """The pixels, some images at a time."""
        return self._images.chunks()

    def to(self, device):
        """The same on `device`. All images are stored there if they fit, else each batch is copied when drawn."""
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
        """All images, float32 (n, width)."""
        index = torch.arange(len(self), device="cpu")
        return self.rows(index, torch.empty(len(index), 0, dtype=torch.float32, device="cpu"))

    def _as_tensor(self, pixels):
        """Flat pixels (n, width), in their own dtype if that is a small one."""
        pixels, _, _ = self._scaled(pixels)
        # torch warns about read-only arrays, such as those of a memory map.
        return torch.from_numpy(np.require(pixels.reshape(len(pixels), -1), requirements=["C", "W"]))
