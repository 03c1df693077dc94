"""Stacks of images: their layout, and their brightness on one scale."""

import numpy as np

MIN_SIDE = 8
MAX_CHANNELS = 16
# Beyond this, and below its inverse, brightness is not reckoned with.
LARGEST = 1e30


def is_stack(X):
    """Whether X is an array of more than two dimensions, and so no table."""
    return not hasattr(X, "columns") and np.ndim(X) > 2


def read_images(images, *others, names=("X_real", "X_synthetic"), min_side=MIN_SIDE):
    """Stacks of images of one size.

    Parameters
    ----------
    images : array-like of shape (n, height, width), (n, height, width, n_channels) or (n, n_channels, height, width)
        Finite numbers or booleans. The channels are the shorter of the second axis and the last, and the last where
        these are equal; there are at most 16.
    *others : array-likes of this shape but for n
    names : tuple of str, default=("X_real", "X_synthetic")
        What messages call them, one each.
    min_side : int, default=8
        Least height and width.

    Returns
    -------
    list of ndarray of shape (n, n_channels, height, width)
        Views of the arrays, with their dtypes.

    Raises
    ------
    ValueError, TypeError
        What is no stack of images, or has another shape than the first; the message names it.
    """
    stacks = [_read_stack(stack, name) for stack, name in zip((images, *others), names, strict=True)]
    shape = stacks[0].shape
    for stack, name in zip(stacks[1:], names[1:]):
        if stack.shape[1:] != shape[1:]:
            raise ValueError(
                f"Images of {name} have shape {stack.shape[1:]}, but those of {names[0]} have {shape[1:]}; bring them "
                "to one size and one order of axes."
            )
    stacks = [_channels_first(stack) for stack in stacks]
    _, n_channels, height, width = stacks[0].shape
    if n_channels > MAX_CHANNELS:
        raise ValueError(
            f"{names[0]} of shape {shape} would have {n_channels} channels, and at most {MAX_CHANNELS} are read; shape "
            "(n, height, width, n_channels) is meant."
        )
    if min(height, width) < min_side:
        raise ValueError(
            f"Images of {names[0]} are {height} by {width} pixels, and at least {min_side} by {min_side} are needed; "
            "enlarge them, or pass them as a table, X.reshape(len(X), -1)."
        )
    return stacks


def _read_stack(images, name):
    """One stack as an array, its axes as they were."""
    stack = np.asarray(images)
    if stack.dtype.kind not in "fiub":
        raise TypeError(f"{name} has dtype {stack.dtype}; images must hold numbers.")
    if stack.ndim not in (3, 4):
        raise ValueError(
            f"{name} has shape {stack.shape}; images have shape (n, height, width), (n, height, width, n_channels) "
            "or (n, n_channels, height, width)."
        )
    if stack.size == 0:
        raise ValueError(f"{name} has shape {stack.shape}, and so holds no image; pass one or more.")
    # Written so that NaN is refused, too, and half precision is not asked to hold what it cannot.
    if stack.dtype.kind == "f" and not float(np.abs(stack).max()) <= LARGEST:
        raise ValueError(f"{name} holds NaN, infinity or a number beyond {LARGEST:.0e}; replace these pixels.")
    return stack


def _channels_first(stack):
    if stack.ndim == 3:
        return stack[:, None]
    return stack if stack.shape[1] < stack.shape[3] else stack.transpose(0, 3, 1, 2)


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
