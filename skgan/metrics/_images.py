"""Stacks of images: their layout, and their brightness on one scale."""

import numpy as np

from skgan._forms import CHANNELS_FIRST, Table, layout_of, modality_of, open_images
from skgan._validation import Choice, check_option

MIN_SIDE = 8
CHANNEL_AXIS = Choice((None, 1, 3, -1))
# Beyond this, and below its inverse, brightness is not reckoned with.
LARGEST = 1e30


def is_stack(X):
    """Whether X is a stack of images, and so no table."""
    return not isinstance(X, Table) and modality_of(X) == "images"


def check_images_only(channel_axis, X, name):
    """Raise if the axis of the channels is given for a table."""
    if channel_axis is not None and not is_stack(X):
        raise ValueError(f"channel_axis={channel_axis!r} is for stacks of images, but {name} is a table; leave it out.")


def read_images(
    images, *others, names=("X_real", "X_synthetic"), min_side=MIN_SIDE, image_shape=None, channel_axis=None
):
    """Stacks of images of one size.

    Parameters
    ----------
    images : array-like of shape (n, height, width), (n, height, width, n_channels) or (n, n_channels, height, width)
        Finite numbers or booleans, with at most 16 channels.
    *others : array-likes of this shape but for n
    names : tuple of str, default=("X_real", "X_synthetic")
        What messages call them, one each.
    min_side : int, default=8
        Least height and width.
    image_shape : tuple of int or None, default=None
        (height, width) or (height, width, n_channels).
    channel_axis : {None, 1, 3, -1}, default=None
        The axis of the channels. None: an axis of 1, 3 or 4; see `skgan._forms.layout_of`.

    Returns
    -------
    list of ndarray of shape (n, n_channels, height, width)
        Views of the arrays, with their dtypes.

    Raises
    ------
    ValueError, TypeError
        What is no stack of images, or has another shape than the first; the message names it.

    Warns
    -----
    UserWarning
        Both axis 1 and the last may hold the channels, and `channel_axis` does not say which does.
    """
    check_option("channel_axis", channel_axis, CHANNEL_AXIS)
    stacks = [_read_stack(stack, name) for stack, name in zip((images, *others), names, strict=True)]
    shape = stacks[0].shape
    for stack, name in zip(stacks[1:], names[1:]):
        if stack.shape[1:] != shape[1:]:
            raise ValueError(
                f"Images of {name} have shape {stack.shape[1:]}, but those of {names[0]} have {shape[1:]}; bring them "
                "to one size and one order of axes."
            )
    layout = layout_of(shape, names[0], image_shape=image_shape, channel_axis=channel_axis)
    stacks = [CHANNELS_FIRST[layout](stack, None) for stack in stacks]
    _, _, height, width = stacks[0].shape
    if min(height, width) < min_side:
        raise ValueError(
            f"Images of {names[0]} are {height} by {width} pixels, and at least {min_side} by {min_side} are needed; "
            "enlarge them, or pass them as a table, X.reshape(len(X), -1)."
        )
    return stacks


def _read_stack(images, name):
    """One stack as an array, its axes as they were."""
    stack = np.asarray(open_images(images, name))
    if stack.ndim not in (3, 4):
        raise ValueError(
            f"{name} has shape {stack.shape}; images have shape (n, height, width), (n, height, width, n_channels) "
            "or (n, n_channels, height, width)."
        )
    # Written so that NaN is refused, too, and half precision is not asked to hold what it cannot.
    if stack.dtype.kind == "f" and not float(np.abs(stack).max()) <= LARGEST:
        raise ValueError(f"{name} holds NaN, infinity or a number beyond {LARGEST:.0e}; replace these pixels.")
    return stack


def brightness_range(*stacks):
    """Darkest and brightest value: of the dtype for uint8 and bool, else of what is there; never equal."""
    if all(stack.dtype == np.uint8 for stack in stacks):
        return 0.0, 255.0
    if all(stack.dtype == np.bool_ for stack in stacks):
        return 0.0, 1.0
    low, high = min(float(stack.min()) for stack in stacks), max(float(stack.max()) for stack in stacks)
    return low, high if high - low > 1 / LARGEST else low + 1.0


def to_brightness(low, high):
    """The function that maps [low, high] to [-1, 1], in float32; far beyond, all is equally bright."""

    def scaled(images):
        share = (images.astype(np.float64) - low) / (high - low)
        return np.clip(2 * share - 1, -1e6, 1e6).astype(np.float32)

    return scaled
