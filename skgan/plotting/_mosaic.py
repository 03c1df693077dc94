"""Many images as one picture."""

import numpy as np

from skgan._forms import open_images
from skgan._validation import is_whole
from skgan.metrics._images import brightness_range, is_stack, read_images

from ._style import TITLE, open_axes, plain

# The gap between two images, as a share of their larger side, and that side in inches.
GAP = 0.06
SIDE = 0.62
CHANNELS = (1, 3)


def as_images(X, image_shape, name, channel_axis=None):
    """Read images, with channels last.

    Parameters
    ----------
    X : array-like of shape (n, height, width[, n_channels]), or frame or array of flattened rows, (n, n_pixels)
    image_shape : tuple of int or None
        Height, width and, for images in colour, number of channels, for flattened rows.
    name : str
        The name of X in error messages.
    channel_axis : {None, 1, 3, -1}, default=None
        Of images with four dimensions, the axis of the channels. None is an axis of 1, 3 or 4.

    Returns
    -------
    ndarray of shape (n, height, width) or (n, height, width, 3)
    """
    array = np.asarray(open_images(X, name))
    if array.ndim == 2:
        if channel_axis is not None:
            raise ValueError(
                f"channel_axis={channel_axis!r} is for images of four dimensions, but {name} has 2; leave it None."
            )
        shape = _checked_shape(image_shape, array.shape[1], name)
        array = array.reshape(len(array), *shape)
        channel_axis = -1 if len(shape) == 3 else None
    [stack] = read_images(array, names=(name,), min_side=1, image_shape=image_shape, channel_axis=channel_axis)
    if stack.shape[1] not in CHANNELS:
        raise ValueError(
            f"{name} has images of {stack.shape[1]} channels, but a picture needs 1 (grey) or 3 (red, green, blue); "
            "select one or three channels."
        )
    return stack[:, 0] if stack.shape[1] == 1 else stack.transpose(0, 2, 3, 1)


def layout_options(sampler, image_shape, channel_axis):
    """`image_shape` and `channel_axis` of a sampler's images: what is given, else what the sampler was given."""
    given = {"image_shape": image_shape, "channel_axis": channel_axis}
    return {name: getattr(sampler, name, None) if value is None else value for name, value in given.items()}


def channel_axis_of(sampler, X, channel_axis):
    """The axis of the channels of images X: what is given, else what the sampler was given. None for a table."""
    if channel_axis is not None or not is_stack(X):
        return channel_axis
    return getattr(sampler, "channel_axis", None)


def _checked_shape(image_shape, n_pixels, name):
    if image_shape is None:
        raise ValueError(
            f"{name} holds flattened rows of {n_pixels} numbers; pass image_shape=(height, width) or "
            "(height, width, 3)."
        )
    shape = tuple(image_shape)
    if len(shape) not in (2, 3) or not all(is_whole(side) and side > 0 for side in shape):
        raise ValueError(f"image_shape={image_shape!r} must be (height, width) or (height, width, channels).")
    if np.prod(shape) != n_pixels:
        raise ValueError(
            f"image_shape={image_shape!r} means {np.prod(shape)} numbers, but each row of {name} has {n_pixels}."
        )
    return shape


def mosaic(images, cells, n_rows, n_cols, cmap):
    """Put images into one picture, which is transparent between them and in empty cells.

    Parameters
    ----------
    images : ndarray of shape (n, height, width[, 3])
    cells : iterable of int, of length n
        The cell of each image, counted row by row.
    n_rows, n_cols : int
    cmap : str or Colormap
        Colormap of grey images.

    Returns
    -------
    picture : ndarray of shape (n_rows * (height + gap) - gap, n_cols * (width + gap) - gap, 4)
    gap : int
    """
    from matplotlib import colormaps

    _, height, width, *_ = images.shape
    low, high = brightness_range(images)
    bright = (images.astype(np.float64) - low) / (high - low)
    gap = max(1, round(GAP * max(height, width)))
    picture = np.zeros((n_rows * (height + gap) - gap, n_cols * (width + gap) - gap, 4), dtype=np.float32)
    for cell, image in zip(cells, bright):
        top, left = (cell // n_cols) * (height + gap), (cell % n_cols) * (width + gap)
        pixels = picture[top : top + height, left : left + width]
        if image.ndim == 2:
            pixels[:] = colormaps.get_cmap(cmap)(image)
        else:
            pixels[..., :3], pixels[..., 3] = image, 1
    return picture, gap


def show(display, ax, images, n_rows, n_cols, cmap, *, cells=None, left=0.0, title=None):
    """Plot a mosaic without ticks, with `left` inches for labels; return the number of pixels between two images."""
    _, height, width, *_ = images.shape
    scale = SIDE / max(height, width)
    size = (left + 0.2 + n_cols * width * scale * (1 + GAP), 0.5 + n_rows * height * scale * (1 + GAP))
    ax = open_axes(display, ax, (max(size[0], 2.6), max(size[1], 1.2)))
    picture, gap = mosaic(images, range(len(images)) if cells is None else cells, n_rows, n_cols, cmap)
    image = ax.imshow(picture, interpolation="nearest")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    if title:
        ax.set_title(plain(title), fontsize=TITLE, loc="left")
    display.ax_, display.figure_, display.image_ = ax, ax.figure, image
    return gap
