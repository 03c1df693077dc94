"""Stacks of images: read them as channels first, and convert generated images to the layout of X."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from skgan._state import Flag, ListOf, Maybe, Text, Tree, Whole, Word, demand, inside, read_values

from ._modality import MAX_CHANNELS, is_array_of_objects, is_masked, is_picture, layout_of, modality_of, refuse_paths
from ._pandas import index_from_state, index_state
from ._plain import fit_integers

# At most this many images, and this many numbers, are read or written at a time.
CHUNK, MAX_NUMBERS = 1024, 2**24

# From images of each layout to channels first, and back; a flattened row has the order (height, width, channels).
CHANNELS_FIRST = {
    "HW": lambda images, shape: images[:, None],
    "HWC": lambda images, shape: images.transpose(0, 3, 1, 2),
    "CHW": lambda images, shape: images,
    "flat": lambda images, shape: images.reshape(-1, *shape[1:], shape[0]).transpose(0, 3, 1, 2),
}
TO_LAYOUT = {
    "HW": lambda images: images[:, 0],
    "HWC": lambda images: images.transpose(0, 2, 3, 1),
    "CHW": lambda images: images,
    "flat": lambda images: images.transpose(0, 2, 3, 1).reshape(len(images), -1),
}

# The axes of one image of X, in messages.
AXES = {"HW": "height x width", "HWC": "height x width x channels", "CHW": "channels x height x width"}

# Rules for a form that is read from a file.
RULES = {
    "shape": ListOf(Whole(1, 2**16), 3, 3),
    "layout": Word(tuple(CHANNELS_FIRST)),
    "has_channels": Flag(),
    "dtype": Text(),
    "labels": Maybe(Tree()),
}


@dataclass(frozen=True, eq=False)
class ImageForm:
    """Layout and dtype of a stack of images.

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
    labels : pandas.Index or None
        Labels of the columns, where X is a pandas frame of flattened images.
    """

    shape: tuple
    layout: str
    has_channels: bool
    dtype: np.dtype
    labels: pd.Index | None = None

    def __eq__(self, other):
        return isinstance(other, ImageForm) and self.get_state() == other.get_state()

    __hash__ = None

    @property
    def fitted(self):
        """Fitted attributes that a sampler gets from this form."""
        n_channels, height, width = self.shape
        return {"image_shape_": (height, width, n_channels) if self.has_channels else (height, width)}

    @property
    def names(self):
        """Names of the columns of X, or None."""
        return self.labels

    @property
    def x_shape(self):
        """Shape of X after its first axis."""
        return TO_LAYOUT[self.layout](np.empty((1, *self.shape), dtype=bool)).shape[1:]

    @property
    def n_features(self):
        """What scikit-learn takes for the number of features: the second dimension of X."""
        return self.x_shape[0]

    @property
    def _n_per_chunk(self):
        """How many images are read or written at a time."""
        return max(1, min(CHUNK, MAX_NUMBERS // int(np.prod(self.shape))))

    def channels_first(self, images):
        """Images of X's layout as (n, n_channels, height, width)."""
        return CHANNELS_FIRST[self.layout](np.asarray(images), self.shape)

    def rebuild(self, images):
        """Rebuild images in X's own type.

        Parameters
        ----------
        images : ndarray of shape (n, n_channels, height, width)
            In X's units.
        """
        stack = np.empty((len(images), *self.x_shape), dtype=self.dtype)
        size = self._n_per_chunk
        for start in range(0, len(images), size):
            chunk = images[start : start + size]
            stack[start : start + size] = TO_LAYOUT[self.layout](self._in_dtype(chunk))
        if self.labels is None:
            return stack
        frame = pd.DataFrame(stack)
        frame.columns = self.labels
        return frame

    def count_missing(self, images):
        """No pixel is missing, and there are no columns."""
        return []

    def after(self, n_missing):
        """This form for images that follow others."""
        return self

    def _in_dtype(self, pixels):
        """Pixels in the dtype of X; integers are rounded and stay within the range of the dtype."""
        if self.dtype.kind in "iu":
            return fit_integers(pixels, self.dtype)
        return (np.rint(pixels) if self.dtype.kind == "b" else pixels).astype(self.dtype)

    def open_like(self, X, name="X", *, estimator=None):
        """X as `open_images` returns it; a ValueError if its images have another shape."""
        source = open_images(X, name)
        who = type(estimator).__name__ if estimator is not None else "the fitted form"
        check_image_shape(source.shape, self.x_shape, name, who, self._shape_in_words())
        return source

    def _shape_in_words(self):
        n_channels, height, width = self.shape
        if self.layout == "flat":
            return f"rows of {height * width * n_channels} pixels, {height} x {width} x {n_channels} ({AXES['HWC']})"
        return f"images of shape {self.x_shape} ({AXES[self.layout]})"

    def read_like(self, X, name="X", *, estimator=None):
        """Read new images of this layout."""
        source = self.open_like(X, name, estimator=estimator)
        images = ImageRows(self, source)
        _check_finite(images, name)
        return images

    def get_state(self):
        return {
            "modality": "images",
            "shape": list(self.shape),
            "layout": self.layout,
            "has_channels": self.has_channels,
            "dtype": self.dtype.str,
            "labels": None if self.labels is None else index_state(self.labels),
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
            rule = f"be {' or '.join(map(str, has_channels))} for the layout {layout!r}"
            demand(values["has_channels"] in has_channels, "has_channels", rule)
            demand(values["has_channels"] or shape[0] == 1, "shape", "begin with 1 if has_channels is False")
            if labels is not None:
                labels = index_from_state(labels)
                fits = layout == "flat" and len(labels) == np.prod(shape)
                demand(fits, "labels", "be one for each pixel of a flat image")
        return cls(tuple(shape), layout, values["has_channels"], dtype, labels)


@dataclass(frozen=True, eq=False)
class ImageRows:
    """Images that are read on demand.

    Attributes
    ----------
    form : ImageForm
    source : array-like
        X, which has a shape and a dtype and can be indexed by an array of positions.
    positions : ndarray of int or None
        Positions of these images in the source; None means all.
    """

    form: ImageForm
    source: object
    positions: np.ndarray | None = None

    # Images have no columns that could be searched for rare values.
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
        """All images, up to a thousand at a time, and fewer if they are large."""
        size = self.form._n_per_chunk
        for start in range(0, self.n_rows, size):
            yield self.pixels(slice(start, start + size))

    def take(self, positions):
        """The images at these positions (n,)."""
        positions = np.asarray(positions)
        return replace(self, positions=positions if self.positions is None else self.positions[positions])


def read_images(X, *, name="X", image_shape=None, channel_axis=None):
    """Read a stack of images; pixels are loaded only for the checks.

    Parameters
    ----------
    X : array-like of shape (n, height, width), (n, height, width, n_channels), (n, n_channels, height, width), or \
            (n, n_pixels) with `image_shape`
        Numbers or booleans. Anything with a shape and a NumPy dtype that can be indexed by positions, such as a memory
        map, is not copied.
    name : str, default="X"
        The name of X in messages.
    image_shape : tuple of int or None, default=None
        (height, width) or (height, width, n_channels) of flattened images.
    channel_axis : {None, 1, 3, -1}, default=None
        The axis of the channels in four dimensions. None: as `layout_of` determines it.

    Returns
    -------
    ImageRows

    Raises
    ------
    ValueError, TypeError
        If X is no stack of images, holds NaN or infinity, or does not fit `image_shape` and `channel_axis`.
    """
    source = open_images(X, name)
    labels = X.columns if hasattr(X, "columns") else None
    form = _form_of(source, name, image_shape, channel_axis, labels)
    images = ImageRows(form, source)
    _check_finite(images, name)
    return images


def open_images(X, name="X"):
    """X as an array-like that has a shape and a NumPy dtype, and can be indexed by positions.

    Parameters
    ----------
    X : array-like, list of images, pandas frame of flattened images, memory map or ImageFolder
        Images of Pillow become one number per pixel or one per band, by their mode; palettes become colours.
    name : str, default="X"
        The name of X in messages.

    Returns
    -------
    array-like of 2, 3 or 4 dimensions
        X itself if it can be read in parts, else an ndarray.

    Raises
    ------
    ValueError, TypeError
        If X holds no images: paths, masked or sparse arrays, text, another number of dimensions, no pixels, or images
        of different modes or sizes.
    """
    _refuse_no_images(X, name)
    if hasattr(X, "columns") or hasattr(X, "schema"):
        if not hasattr(X, "iloc"):
            raise TypeError(f"{name} is a {type(X).__name__}; pass flattened images as an array or a pandas frame.")
        source = X.to_numpy()
    elif _can_be_read_in_parts(X):
        source = X
    else:
        source = np.asarray(_one_by_one(X, name))
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


def check_image_shape(shape, fitted, name, who, fitted_in_words):
    """Raise if a stack of the shape `shape` holds images of another shape than `fitted`, those of the fit.

    Parameters
    ----------
    shape, fitted : tuple of int
        Of the stack, and of one image.
    name : str
        The stack in the message.
    who : str
        Who was fitted, in the message.
    fitted_in_words : str
        The images of the fit, in the message.
    """
    shape, fitted = tuple(shape), tuple(fitted)
    if shape[1:] != fitted:
        cure = f"pass {name}[None] for one image" if shape == fitted else "bring them to that size and order of axes"
        raise ValueError(
            f"Images of {name} have shape {shape[1:]}, but {who} was fitted on {fitted_in_words}; {cure}."
        )


def as_stack(X, name="X"):
    """A list of images as one array; anything else unchanged."""
    if modality_of(X) == "images" and not _can_be_read_in_parts(X):
        return open_images(X, name)
    return X


def _can_be_read_in_parts(X):
    has_dtype = isinstance(getattr(X, "dtype", None), np.dtype)
    return has_dtype and hasattr(X, "shape") and hasattr(X, "__getitem__") and not is_array_of_objects(X)


def _refuse_no_images(X, name):
    refuse_paths(X, name)
    if is_picture(X):
        raise ValueError(f"{name} is one image; pass a list of images, [{name}].")
    if hasattr(X, "toarray"):
        raise TypeError(f"{name} is a sparse matrix, and images are dense; pass {name}.toarray().")
    if is_masked(X):
        fill = f"{name}.filled(0)" if hasattr(X, "filled") else f"[numpy.ma.filled(image, 0) for image in {name}]"
        raise TypeError(
            f"{name} is masked, and the mask would be lost; give masked pixels a value, such as with {fill}."
        )


def _one_by_one(X, name):
    """The images of a list, checked to have one size; anything else unchanged."""
    if not isinstance(X, list | tuple) and not is_array_of_objects(X):
        return X
    images = _of_one_mode(list(X), name) if any(map(is_picture, X)) else list(X)
    shapes = [np.shape(image) for image in images]
    other = next((i for i, shape in enumerate(shapes) if shape != shapes[0]), None)
    if other is not None:
        raise ValueError(
            f"Images of {name} must have one size, but image 0 has shape {shapes[0]} and image {other} has shape "
            f"{shapes[other]}; resize or crop them to one size."
        )
    return images


def _of_one_mode(images, name):
    """Images of Pillow as arrays."""
    images = [_with_colors(image) for image in images]
    modes = [image.mode if is_picture(image) else None for image in images]
    other = next((i for i, mode in enumerate(modes) if mode != modes[0]), None)
    if other is not None:
        first, second = (f"has mode {mode!r}" if mode else "is an array" for mode in (modes[0], modes[other]))
        raise ValueError(
            f"Images of {name} must have one mode, but image 0 {first} and image {other} {second}; convert them to "
            "one, such as with image.convert('RGB')."
        )
    return [np.asarray(image) for image in images]


def _with_colors(image):
    """Convert a Pillow image with a palette to one with colours."""
    if is_picture(image) and image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _form_of(source, name, image_shape, channel_axis, labels):
    dtype, shape = np.dtype(source.dtype), tuple(int(size) for size in source.shape)
    if len(shape) == 2 and channel_axis is None:
        return _flat_form(shape[1], name, image_shape, dtype, labels)
    layout = layout_of(shape, name, image_shape=image_shape, channel_axis=channel_axis)
    height, width, *rest = shape[1:] if layout != "CHW" else (shape[2], shape[3], shape[1])
    return ImageForm((rest[0] if rest else 1, height, width), layout, bool(rest), dtype)


def _flat_form(n_pixels, name, image_shape, dtype, labels):
    if image_shape is None:
        raise ValueError(f"{name} holds rows of {n_pixels} numbers; image_shape=(height, width) makes images of them.")
    height, width, *rest = image_shape
    n_channels = rest[0] if rest else 1
    if height * width * n_channels != n_pixels:
        raise ValueError(
            f"image_shape={tuple(image_shape)!r} makes {height * width * n_channels} numbers per image, but {name} has "
            f"{n_pixels} features; pass the height and the width (and the channels) whose product is {n_pixels}."
        )
    if n_channels > MAX_CHANNELS:
        raise ValueError(
            f"image_shape={tuple(image_shape)!r} has {n_channels} channels, and at most {MAX_CHANNELS} are read; pass "
            "(height, width, n_channels)."
        )
    return ImageForm((n_channels, height, width), "flat", bool(rest), dtype, labels)


def _check_finite(images, name):
    """Refuse NaN and infinity, naming the first image that has any."""
    if images.source.dtype.kind != "f":
        return
    start = 0
    for chunk in images.chunks():
        # The sum of finite numbers is finite, unless it overflows.
        with np.errstate(over="ignore", invalid="ignore"):
            total = chunk.sum(dtype=np.float64)
        if not np.isfinite(total):
            broken = np.flatnonzero(~np.isfinite(chunk).all(axis=(1, 2, 3)))
            if len(broken):
                raise ValueError(
                    f"{name} contains NaN or infinity in image {start + int(broken[0])}; replace these pixels, or "
                    "leave the image out."
                )
        start += len(chunk)
