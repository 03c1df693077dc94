"""Decide whether X is a table or images, and which axis of a stack of images holds the channels."""

from __future__ import annotations

import os
import sys
from inspect import signature

import numpy as np

from skgan._warnings import warn

MAX_CHANNELS = 16
# Usual numbers of channels: grey; red, green and blue; and these with transparency.
USUAL_CHANNELS = (1, 3, 4)
# Endings of image files, by which a list of text is recognised as a list of paths.
IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
# Parameters of samplers about columns of tables, which images do not have.
OF_TABLES = ("rare_categories", "min_frequency", "infer_types", "id_columns", "free_text")


def modality_of(X, image_shape=None):
    """Whether X is a table or images.

    Parameters
    ----------
    X : array-like, frame, list of images, memory map or ImageFolder
    image_shape : tuple of int or None, default=None
        Shape of an image, where rows of X are flattened images.

    Returns
    -------
    {"table", "images"}
        "images" if X has three dimensions or more and is no frame, or if `image_shape` is given.
    """
    if image_shape is not None:
        return "images"
    if hasattr(X, "columns") or hasattr(X, "schema"):
        return "table"
    return "images" if is_picture(X) or _n_dim(X) > 2 else "table"


def _n_dim(X):
    """Number of dimensions; of lists and arrays of objects, one more than that of the first item."""
    if is_picture(X):
        return 2
    if isinstance(X, list | tuple) or is_array_of_objects(X):
        return 1 + (_n_dim(X[0]) if len(X) else 0)
    return X.ndim if hasattr(X, "ndim") else len(getattr(X, "shape", ()))


def is_picture(X):
    """Whether X is an image of Pillow; the check does not import Pillow."""
    pillow = sys.modules.get("PIL.Image")
    return pillow is not None and isinstance(X, pillow.Image)


def is_array_of_objects(X):
    """Whether X is an array of shape (n,) that holds Python objects, such as one array per image."""
    return isinstance(X, np.ndarray) and X.dtype == object and X.ndim == 1


def layout_of(shape, name, *, image_shape=None, channel_axis=None):
    """The order of the axes of a stack of images.

    With four dimensions, the channels are on axis 1 or on the last axis, whichever has length 1, 3 or 4. If neither
    has, they are on the last axis, unless only axis 1 has length 16 or less. If both are possible, the last axis is
    used, with a warning: images of scikit-learn and Pillow have their channels last.

    Parameters
    ----------
    shape : tuple of int
        Of the stack; three or four numbers.
    name : str
        The name of the stack in messages.
    image_shape : tuple of int or None, default=None
        (height, width) or (height, width, n_channels), if the user gives it.
    channel_axis : {None, 1, 3, -1}, default=None
        The axis of the channels, if the user gives it.

    Returns
    -------
    {"HW", "HWC", "CHW"}

    Raises
    ------
    ValueError
        If X is a single image, has more than 16 channels, or does not fit `image_shape` or `channel_axis`.

    Warns
    -----
    UserWarning
        If both axis 1 and the last may hold the channels, and neither parameter is given.
    """
    shape = tuple(int(size) for size in shape)
    if channel_axis is not None and len(shape) != 4:
        raise ValueError(
            f"channel_axis={channel_axis!r} is for images of four dimensions, but {name} has {len(shape)}; leave it "
            "None."
        )
    sizes = _sizes(shape)
    if channel_axis is not None:
        layout = "CHW" if channel_axis == 1 else "HWC"
        sizes = {layout: sizes[layout]}
    if image_shape is not None:
        sizes = _fitting(sizes, name, tuple(image_shape))
    elif len(shape) == 3:
        _refuse_one_image(shape, name)
    layout = next(iter(sizes)) if len(sizes) == 1 else _likely_layout(shape, name)
    _check_channels(shape, sizes[layout], name)
    return layout


def _sizes(shape):
    """The possible layouts of a stack of this shape, each with its (height, width, n_channels)."""
    if len(shape) == 3:
        return {"HW": (*shape[1:], 1)}
    return {"HWC": shape[1:], "CHW": (shape[2], shape[3], shape[1])}


def _fitting(sizes, name, image_shape):
    """The layouts that give images of this shape."""
    fitting = {layout: size for layout, size in sizes.items() if image_shape in (size[:2], size)}
    if not fitting:
        height, width, n_channels = next(iter(sizes.values()))
        raise ValueError(
            f"image_shape={image_shape!r} does not fit {name}, whose images are {height} by {width} pixels of "
            f"{n_channels} channels; leave it None."
        )
    return fitting


def _refuse_one_image(shape, name):
    """Raise if three dimensions look like one image with its channels."""
    n, height, width = shape
    if width in USUAL_CHANNELS and width < height:
        raise ValueError(
            f"{name} of shape {shape} may be one image of {n} by {height} pixels with {width} channel(s), or {n} "
            f"images of {height} by {width} pixels; pass {name}[None] for the one image, and {name}[..., None], or "
            f"image_shape={(height, width)}, for the {n}."
        )


def _likely_layout(shape, name):
    """The layout, "HWC" or "CHW", by the sizes of the axes alone."""
    may_hold = _axes_of_channels(shape)
    if len(may_hold) == 2:
        warn(
            f"{name} of shape {shape} may have its channels on axis 1 or on the last axis, and is read as if they were "
            "on the last. Say where they are by channel_axis=1 or channel_axis=-1; where a function has no such "
            "parameter, pass numpy.moveaxis(images, 1, -1) if they are on axis 1.",
            UserWarning,
        )
    return "CHW" if may_hold == [1] else "HWC"


def _axes_of_channels(shape):
    """The axes, of 1 and 3, that may hold channels."""
    usual = [axis for axis in (1, 3) if shape[axis] in USUAL_CHANNELS]
    return usual or [axis for axis in (1, 3) if shape[axis] <= MAX_CHANNELS]


def _check_channels(shape, size, name):
    if size[2] > MAX_CHANNELS:
        raise ValueError(
            f"{name} of shape {shape} would have {size[2]} channels, and at most {MAX_CHANNELS} are read; images have "
            "shape (n, height, width, n_channels), or give the axis of the channels as channel_axis."
        )


def refuse_paths(X, name):
    """Raise if X is a path, or holds paths instead of pixels or rows."""
    if isinstance(X, str | os.PathLike):
        raise ValueError(
            f"{name} is {X!r}; read the file first, a folder of images with skgan.datasets.ImageFolder({X!r}), or a "
            f"table with pandas.read_csv({X!r})."
        )
    first = _first_of(X)
    is_file_name = isinstance(first, str) and first.lower().endswith(IMAGE_SUFFIXES) and _n_dim(X) == 1
    if isinstance(first, os.PathLike) or is_file_name:
        raise ValueError(
            f"{name} holds paths, such as {first!r}, but must hold pixels; pass the folder of the files as "
            "skgan.datasets.ImageFolder(folder), or a list of images, such as those that PIL.Image.open reads."
        )


def _first_of(X):
    """The first item of an array of objects or text, or of nested lists; None for anything else."""
    if isinstance(X, list | tuple) and X:
        return _first_of(X[0]) if isinstance(X[0], list | tuple | np.ndarray) else X[0]
    if isinstance(X, np.ndarray) and X.dtype.kind in "OU" and X.size:
        # Not of a masked array of objects, whose items NumPy takes for arrays.
        return np.asarray(X).flat[0]
    return None


def is_masked(X):
    """Whether a masked array has masked values, or an item of a list does."""
    if isinstance(X, list | tuple):
        return any(map(_has_masked, X))
    return _has_masked(X)


def _has_masked(item):
    mask = np.ma.getmask(item)
    # The mask of records is made of records, too, and these cannot be read at all.
    return mask is not np.ma.nomask and mask.dtype.names is None and bool(mask.any())


def warn_of_table_parameters(estimator):
    """Warn about parameters that are not used for images and that differ from their defaults."""
    parameters = signature(type(estimator)).parameters
    takes_y = "y" in signature(estimator.sample).parameters if hasattr(estimator, "sample") else False
    for name in OF_TABLES:
        # Targets have categories and numbers of their own.
        if name not in parameters or (name == "min_frequency" and takes_y):
            continue
        value, default = getattr(estimator, name), parameters[name].default
        if value is not default and not (isinstance(value, type(default)) and value == default):
            warn(
                f"{name}={value!r} is for tables and is not used, because X holds images; leave it {default!r}.",
                UserWarning,
            )
