"""Stacks of images: where height, width and channels lie, and how images are handed back as they came."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from skgan._state import Flag, Levels, ListOf, Maybe, Text, Whole, Word, demand, inside, read_values

MAX_CHANNELS = 16
# Images read at a time where all of them are looked at.
CHUNK = 1024

# From images of a layout to channels first, and back; a flattened row is (height, width, channels) in that order.
CHANNELS_FIRST = {
    "HW": lambda images, shape: images[:, None],
    "HWC": lambda images, shape: images.transpose(0, 3, 1, 2),
    "CHW": lambda images, shape: images,
    "flat": lambda images, shape: images.reshape(-1, *shape[1:], shape[0]).transpose(0, 3, 1, 2),
}
AS_THEY_CAME = {
    "HW": lambda images: images[:, 0],
    "HWC": lambda images: images.transpose(0, 2, 3, 1),
    "CHW": lambda images: images,
    "flat": lambda images: images.transpose(0, 2, 3, 1).reshape(len(images), -1),
}

# Of a form that is read from a file.
RULES = {
    "shape": ListOf(Whole(1, 2**16), 3, 3),
    "layout": Word(tuple(CHANNELS_FIRST)),
    "has_channels": Flag(),
    "dtype": Text(),
    "labels": Maybe(Levels()),
}


@dataclass(frozen=True)
class ImageForm:
    """What a stack of images was.

    Attributes
    ----------
    shape : tuple of int
        (n_channels, height, width).
    layout : {"HW", "HWC", "CHW", "flat"}
        The axes of X after the first.
    has_channels : bool
        Whether X has an axis of channels, or `image_shape` names them.
    dtype : numpy.dtype
        Of X.
    labels : tuple or None
        Names of the columns, where X is a pandas frame of flattened images.
    """

    shape: tuple
    layout: str
    has_channels: bool
    dtype: np.dtype
    labels: tuple | None = None

    @property
    def fitted(self):
        """Attributes that a sampler of such images has."""
        n_channels, height, width = self.shape
        return {"image_shape_": (height, width, n_channels) if self.has_channels else (height, width)}

    @property
    def names(self):
        """Names of the columns of X, or None."""
        return self.labels

    @property
    def x_shape(self):
        """Shape of X after its first axis."""
        return AS_THEY_CAME[self.layout](np.empty((1, *self.shape), dtype=bool)).shape[1:]

    def channels_first(self, images):
        """Images of X's layout as (n, n_channels, height, width)."""
        return CHANNELS_FIRST[self.layout](np.asarray(images), self.shape)

    def rebuild(self, images):
        """Images of X's own kind.

        Parameters
        ----------
        images : ndarray of shape (n, n_channels, height, width)
            In X's units.
        """
        if self.dtype.kind in "iub":
            images = np.rint(images)
        stack = np.ascontiguousarray(AS_THEY_CAME[self.layout](images).astype(self.dtype))
        if self.labels is None:
            return stack
        import pandas as pd

        return pd.DataFrame(stack, columns=list(self.labels))

    def read_like(self, X, name="X", *, estimator=None):
        """Read new images of this layout."""
        source = _opened(X, name)
        if tuple(source.shape[1:]) != self.x_shape:
            who = type(estimator).__name__ if estimator is not None else "the fitted form"
            raise ValueError(
                f"Images of {name} have shape {tuple(source.shape[1:])}, but {who} was fitted on images of shape "
                f"{self.x_shape}; bring them to that size and order of axes."
            )
        images = Images(self, source)
        _check_finite(images, name)
        return images

    def get_state(self):
        return {
            "kind": "images",
            "shape": list(self.shape),
            "layout": self.layout,
            "has_channels": self.has_channels,
            "dtype": self.dtype.str,
            "labels": None if self.labels is None else list(self.labels),
        }

    @classmethod
    def from_state(cls, state):
        with inside("form"):
            values = read_values(state, RULES)
            shape, layout, labels = values["shape"], values["layout"], values["labels"]
            dtype = np.dtype(values["dtype"])
            demand(shape[0] <= MAX_CHANNELS, "shape", f"begin with at most {MAX_CHANNELS} channels")
            demand(dtype.kind in "fiub", "dtype", "be one of numbers")
            has_channels = {"HW": (False,), "flat": (False, True)}.get(layout, (True,))
            demand(values["has_channels"] in has_channels, "has_channels", f"be as the layout {layout!r} says")
            demand(values["has_channels"] or shape[0] == 1, "shape", "begin with 1 where has_channels is False")
            if labels is not None:
                fits = layout == "flat" and len(labels) == np.prod(shape)
                demand(fits, "labels", "be one for each pixel of a flat image")
        return cls(tuple(shape), layout, values["has_channels"], dtype, labels and tuple(labels))


@dataclass(frozen=True, eq=False)
class Images:
    """Images that stay where they are until they are asked for.

    Attributes
    ----------
    form : ImageForm
    source : array-like
        X: it has a shape and a dtype, and gives images for an array of positions.
    positions : ndarray of int or None
        Which of its images these are; None is all of them.
    """

    form: ImageForm
    source: object
    positions: np.ndarray | None = None

    # Images have none of the levels and numbers that tables are looked through for.
    columns = ()

    @property
    def n_rows(self):
        return len(self.source) if self.positions is None else len(self.positions)

    def __len__(self):
        return self.n_rows

    @property
    def n_bytes(self):
        return self.n_rows * int(np.prod(self.form.shape)) * self.form.dtype.itemsize

    def pixels(self, index):
        """The images at `index`, an ndarray of int or a slice: ndarray of shape (n, n_channels, height, width)."""
        if self.positions is not None:
            index = self.positions[index]
        return self.form.channels_first(self.source[index])

    def chunks(self):
        """All images, a thousand at a time."""
        for start in range(0, self.n_rows, CHUNK):
            yield self.pixels(slice(start, start + CHUNK))

    def take(self, positions):
        """The images at these positions (n,)."""
        positions = np.asarray(positions)
        return replace(self, positions=positions if self.positions is None else self.positions[positions])


def looks_like_images(X, image_shape=None):
    """Whether X is a stack of images: of more than two dimensions, or said to be by `image_shape`."""
    if image_shape is not None:
        return True
    if hasattr(X, "columns") or hasattr(X, "schema"):
        return False
    if hasattr(X, "ndim"):
        return X.ndim > 2
    return isinstance(X, list | tuple) and len(X) > 0 and _n_dim(X[0]) > 1


def _n_dim(item):
    """Dimensions of an item of a list; 0 of what is no array."""
    try:
        return np.ndim(item)
    except ValueError:
        return 0


def read_images(X, *, name="X", image_shape=None, channel_axis=None):
    """A stack of images, read as little as can be.

    Parameters
    ----------
    X : array-like of shape (n, height, width), (n, height, width, n_channels), (n, n_channels, height, width), or \
            (n, n_pixels) with `image_shape`
        Numbers or booleans. Anything with a shape and a dtype of NumPy's that can be indexed by positions stays where
        it is, such as a memory map.
    name : str, default="X"
        What messages call X.
    image_shape : tuple of int or None, default=None
        (height, width) or (height, width, n_channels) of flattened images.
    channel_axis : {None, 1, 3, -1}, default=None
        Where four dimensions have their channels. None: last, unless only axis 1 is 16 or less.

    Returns
    -------
    Images

    Raises
    ------
    ValueError, TypeError
        What is no stack of images, holds NaN or infinity, or does not fit `image_shape` and `channel_axis`.
    """
    source = _opened(X, name)
    labels = tuple(X.columns) if hasattr(X, "columns") else None
    form = _form_of(source, name, image_shape, channel_axis, labels)
    images = Images(form, source)
    _check_finite(images, name)
    return images


def _opened(X, name):
    """X as something that has a shape, a dtype of NumPy's, and images at positions."""
    if hasattr(X, "toarray"):
        raise TypeError(f"{name} is a sparse matrix, and images are dense; pass {name}.toarray().")
    if hasattr(X, "columns") or hasattr(X, "schema"):
        if not hasattr(X, "iloc"):
            raise TypeError(f"{name} is a {type(X).__name__}; pass flattened images as an array or a pandas frame.")
        source = X.to_numpy()
    elif isinstance(getattr(X, "dtype", None), np.dtype) and hasattr(X, "shape") and hasattr(X, "__getitem__"):
        source = X
    else:
        source = _stacked(X, name)
    if source.dtype.kind not in "fiub":
        raise TypeError(f"{name} has dtype {source.dtype}; images must hold numbers, such as uint8 or float32.")
    if len(source.shape) not in (2, 3, 4):
        raise ValueError(
            f"{name} has shape {tuple(source.shape)}; images have shape (n, height, width), (n, height, width, "
            "n_channels) or (n, n_channels, height, width), or are rows of pixels with image_shape=(height, width)."
        )
    if 0 in source.shape:
        raise ValueError(f"{name} has shape {tuple(source.shape)}, 0 sample(s) or pixels; pass one image or more.")
    return source


def _stacked(X, name):
    """Images given one by one, or what NumPy makes an array of."""
    if isinstance(X, list | tuple) and X:
        shapes = [np.shape(image) for image in X]
        other = next((i for i, shape in enumerate(shapes) if shape != shapes[0]), None)
        if other is not None:
            raise ValueError(
                f"Images of {name} must have one size, but image 0 has shape {shapes[0]} and image {other} has shape "
                f"{shapes[other]}; resize or crop them to one size."
            )
    return np.asarray(X)


def _form_of(source, name, image_shape, channel_axis, labels):
    dtype, shape = np.dtype(source.dtype), tuple(int(size) for size in source.shape[1:])
    if channel_axis is not None and len(shape) != 3:
        raise ValueError(
            f"channel_axis={channel_axis!r} is for images of four dimensions, but {name} has {len(shape) + 1}; leave "
            "it None."
        )
    if len(shape) == 1:
        return _flat_form(shape[0], name, image_shape, dtype, labels)
    layout = "HW" if len(shape) == 2 else _order_of_axes(source.shape, name, channel_axis)
    height, width, *rest = shape if layout != "CHW" else (shape[1], shape[2], shape[0])
    n_channels = rest[0] if rest else 1
    if image_shape is not None and tuple(image_shape) not in ((height, width), (height, width, n_channels)):
        raise ValueError(
            f"image_shape={image_shape!r} does not fit {name}, whose images are {height} by {width} pixels of "
            f"{n_channels} channels; leave it None."
        )
    return ImageForm((n_channels, height, width), layout, bool(rest), dtype)


def _flat_form(n_pixels, name, image_shape, dtype, labels):
    if image_shape is None:
        raise ValueError(f"{name} holds rows of {n_pixels} numbers; image_shape=(height, width) makes images of them.")
    height, width, *rest = image_shape
    n_channels = rest[0] if rest else 1
    if height * width * n_channels != n_pixels:
        raise ValueError(
            f"image_shape={tuple(image_shape)!r} makes {height * width * n_channels} numbers an image, but {name} has "
            f"{n_pixels} features; pass the height and the width (and the channels) whose product is {n_pixels}."
        )
    if n_channels > MAX_CHANNELS:
        raise ValueError(
            f"image_shape={tuple(image_shape)!r} has {n_channels} channels, and at most {MAX_CHANNELS} are read; pass "
            "(height, width, n_channels)."
        )
    return ImageForm((n_channels, height, width), "flat", bool(rest), dtype, labels)


def _order_of_axes(shape, name, channel_axis):
    """"HWC" or "CHW" for X of four dimensions."""
    if channel_axis is None:
        layout = "CHW" if shape[1] <= MAX_CHANNELS < shape[3] else "HWC"
    else:
        layout = "CHW" if channel_axis in (1, -3) else "HWC"
    n_channels = shape[1] if layout == "CHW" else shape[3]
    if n_channels > MAX_CHANNELS:
        raise ValueError(
            f"{name} of shape {tuple(shape)} would have {n_channels} channels, and at most {MAX_CHANNELS} are read; "
            "images have shape (n, height, width, n_channels), or say where the channels are by channel_axis."
        )
    return layout


def _check_finite(images, name):
    """Refuse NaN and infinity, naming the first image that has any."""
    if images.source.dtype.kind != "f":
        return
    start = 0
    for chunk in images.chunks():
        # A sum is finite where all numbers are, unless it overflows.
        if not np.isfinite(chunk.sum(dtype=np.float64)):
            broken = np.flatnonzero(~np.isfinite(chunk).all(axis=(1, 2, 3)))
            if len(broken):
                raise ValueError(
                    f"{name} contains NaN or infinity in image {start + int(broken[0])}; replace these pixels, or "
                    "leave the image out."
                )
        start += len(chunk)
