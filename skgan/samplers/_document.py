"""What files of samplers have in common: the constructor's parameters as values, and who wrote the file."""

from __future__ import annotations

from importlib import metadata
from inspect import signature

import numpy as np

from ._auto import holds_instances

FACTORIES = ("generator", "discriminator")
# Parameters that only a fit uses. An instance given for one is code.
PARTS_OF_FIT = ("loss", "regularizer", "augmentation")
# What stands in a file for a parameter that is code.
CODE = {"factory": True}


def is_code(name, value):
    """Whether the value of the parameter `name` is code, which a file cannot hold."""
    return (name in FACTORIES and callable(value)) or (name in PARTS_OF_FIT and holds_instances(value))


def stands_for_code(value):
    """Whether a parameter in a file, which may be anything, is `CODE`."""
    return isinstance(value, dict) and value.keys() == CODE.keys()


def params_of(sampler, *, for_fit):
    """The parameters of a sampler as a file holds them, a dict.

    Parameters
    ----------
    sampler : BaseGAN
    for_fit : bool
        Whether they will be used for a fit. If not, a part that only a fit uses and that is code becomes its default.
    """
    return {name: _kept(sampler, name, value, for_fit) for name, value in sampler.get_params(deep=False).items()}


def _kept(sampler, name, value, for_fit):
    if is_code(name, value):
        if name in FACTORIES or for_fit:
            return CODE
        return signature(type(sampler)).parameters[name].default
    if isinstance(value, np.random.RandomState | np.random.Generator):
        return None
    return value


def check_class(sampler, function):
    """Raise a ``TypeError`` if the class of a sampler is not one of skgan's, because a file holds no code."""
    if type(sampler).__module__.split(".")[:2] != ["skgan", "samplers"]:
        raise TypeError(
            f"A file holds no code, so {function} writes a sampler of skgan but no "
            f"{type(sampler).__module__}.{type(sampler).__name__}; use one of skgan's."
        )


def versions():
    """The versions of what decides how a sampler is fitted, a dict."""
    return {name: version(name) for name in ("skgan", "torch", "numpy", "scikit-learn", "pandas")}


def version(name):
    """The installed version of a package, or "unknown"."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "unknown"
