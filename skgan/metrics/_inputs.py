"""What networks and components are shown: images by brightness, tables by standardised points."""

import numpy as np

from ._images import brightness_range, is_stack, read_images, to_brightness
from ._read import read_tables
from ._scales import points


def read_inputs(sets, names, categorical_features):
    """Images or tables as arrays, and how a slice of them is shown.

    Parameters
    ----------
    sets : list of stacks of images, or of tables
        The real ones come first: they say what the scale is.
    names : tuple of str
        What messages call the others.
    categorical_features : "from_dtype" or array-like

    Returns
    -------
    arrays : list of ndarray of shape (n, n_channels, height, width) or (n, n_axes)
    show : callable
        A slice of such an array as float32.
    """
    if is_stack(sets[0]):
        stacks = read_images(*sets, names=("X_real", *names))
        return stacks, to_brightness(*brightness_range(stacks[0]))
    tables = read_tables(*sets, names=names, categorical_features=categorical_features)
    return points(tables, "standard"), np.asarray


def in_batches(function, array, batch_size):
    """``function(array)``, computed for `batch_size` rows at a time."""
    starts = range(0, len(array), batch_size)
    return np.concatenate([function(array[start : start + batch_size]) for start in starts])


def standardised(real, *others):
    """Features (n, n_features) at mean 0 and deviation 1 over the real rows; what is constant there keeps its scale."""
    sets = [features.astype(np.float64) for features in (real, *others)]
    mean, spread = sets[0].mean(axis=0), sets[0].std(axis=0)
    # Rounding leaves a constant some spread in single precision.
    spread[spread <= 1e-5 * np.abs(sets[0]).max(axis=0)] = 1.0
    return [(features - mean) / spread for features in sets]
