"""Real images and their classes: `load_images(name) -> (x_train, y_train, x_test, y_test)`.

The environment variable SKGAN_DATA names the folder of ``NAME/data.npz`` or ``NAME.npz``; without it, Fashion-MNIST
comes from OpenML. Digits ship with scikit-learn.
"""

import os
from pathlib import Path

import numpy as np

SPLIT_SEED = 0
DIGITS_TRAIN_SHARE = 0.8
FASHION_TRAIN = 60_000
N_STACKED_TRAIN, N_STACKED_TEST = 20_000, 2_000
PER_PERSON = 10


def load_images(name):
    """Load images.

    Parameters
    ----------
    name : str
        One of NAMES.

    Returns
    -------
    x_train, x_test : ndarray of uint8, shape (n, height, width) or (n, height, width, 3)
    y_train, y_test : ndarray of int64, shape (n,)
        Classes 0, 1, ...; for stacked digits ``100 a + 10 b + c``, the digits of red, green and blue.

    Raises
    ------
    ValueError
        If there are no images of this name.
    FileNotFoundError
        If they are not found in the folder, or SKGAN_DATA is not set.
    """
    if name not in READERS:
        raise ValueError(f"There are no images {name!r}; choose one of {', '.join(NAMES)}.")
    x_train, y_train, x_test, y_test = READERS[name](name)
    return x_train, y_train.astype(np.int64), x_test, y_test.astype(np.int64)


def _arrays(name):
    """The stored arrays by name."""
    folder = os.environ.get("SKGAN_DATA")
    if folder is None:
        raise FileNotFoundError(f"Set the environment variable SKGAN_DATA to the folder of {name}/data.npz.")
    whole, small = Path(folder) / name / "data.npz", Path(folder) / f"{name}.npz"
    with np.load(whole if whole.exists() else small) as stored:
        return dict(stored)


def _split(name):
    arrays = _arrays(name)
    return [arrays[key] for key in ("x_train", "y_train", "x_test", "y_test")]


def _fashion(name):
    if "SKGAN_DATA" in os.environ:
        return _split(name)
    from sklearn.datasets import fetch_openml

    x, y = fetch_openml("Fashion-MNIST", version=1, as_frame=False, return_X_y=True)
    x, y = x.reshape(-1, 28, 28).astype(np.uint8), y.astype(np.int64)
    return x[:FASHION_TRAIN], y[:FASHION_TRAIN], x[FASHION_TRAIN:], y[FASHION_TRAIN:]


def _faces(name):
    """The last image of each person is held out."""
    arrays = _arrays(name)
    order = np.argsort(arrays["y"], kind="stable")
    x, y = arrays["x"][order], arrays["y"][order]
    is_last = np.arange(len(y)) % PER_PERSON == PER_PERSON - 1
    return x[~is_last], y[~is_last], x[is_last], y[is_last]


def _digits(name):
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    x = np.rint(x.reshape(-1, 8, 8) * (255 / 16)).astype(np.uint8)
    order = np.random.default_rng(SPLIT_SEED).permutation(len(x))
    train, test = np.split(order, [int(DIGITS_TRAIN_SHARE * len(x))])
    return x[train], y[train], x[test], y[test]


def _stacked_digits(name):
    """Training images consist of training digits, test images of test digits."""
    x_train, y_train, x_test, y_test = _digits(name)
    rng = np.random.default_rng(SPLIT_SEED)
    return *_stacked(x_train, y_train, N_STACKED_TRAIN, rng), *_stacked(x_test, y_test, N_STACKED_TEST, rng)


def _stacked(x, y, n, rng):
    picked = rng.integers(len(x), size=(n, 3))
    return x[picked].transpose(0, 2, 3, 1), y[picked] @ [100, 10, 1]


READERS = {
    "fashion_mnist": _fashion,
    "mnist": _split,
    "cifar10_small": _split,
    "orl_faces": _faces,
    "pneumoniamnist": _split,
    "digits": _digits,
    "stacked_digits": _stacked_digits,
}
NAMES = tuple(READERS)
