"""The inputs of networks and principal components: brightness of images, standardised points of tables."""

import numpy as np

from skgan._forms import read_tables

from ._images import brightness_range, is_stack, read_images, to_brightness
from ._scales import points


def read_inputs(sets, names, categorical_features, channel_axis):
    """Read images or tables as arrays, and return a function that scales a part of them.

    Parameters
    ----------
    sets : list of stacks of images, or of tables
        The first one holds the real rows, which set the scale.
    names : tuple of str
        The names of the sets in error messages.
    categorical_features : "from_dtype" or array-like
    channel_axis : {None, 1, 3, -1}

    Returns
    -------
    arrays : list of ndarray of shape (n, n_channels, height, width) or (n, n_axes)
    prepare : callable
        Function of rows of such an array that returns them scaled, as float32.
    """
    if is_stack(sets[0]):
        stacks = read_images(*sets, names=names, channel_axis=channel_axis)
        return stacks, to_brightness(*brightness_range(stacks[0]))
    tables = read_tables(*sets, real_name=names[0], names=names[1:], categorical_features=categorical_features)
    return points(tables, "standard"), np.asarray


def in_batches(function, array, batch_size):
    """``function(array)``, computed in batches of `batch_size` rows."""
    starts = range(0, len(array), batch_size)
    return np.concatenate([function(array[start : start + batch_size]) for start in starts])


def standardised(real, *others):
    """Features with mean 0 and standard deviation 1 over the real rows; features constant there are only shifted."""
    sets = [features.astype(np.float64) for features in (real, *others)]
    mean, deviation = sets[0].mean(axis=0), sets[0].std(axis=0)
    # Rounding to single precision may give a constant feature a tiny standard deviation.
    deviation[deviation <= 1e-5 * np.abs(sets[0]).max(axis=0)] = 1.0
    return [(features - mean) / deviation for features in sets]
