"""Generative adversarial networks with the interface of scikit-learn."""

from importlib import import_module

__version__ = "0.1.0.dev0"
__all__ = [
    "AugmentedClassifier",
    "AugmentedRegressor",
    "ConditionalGANSampler",
    "GANSampler",
    "evaluate",
    "load",
    "resume",
    "save",
]

# Imported on first use, so that `import skgan` is fast.
_MODULES = {
    "AugmentedClassifier": "augmented",
    "AugmentedRegressor": "augmented",
    "ConditionalGANSampler": "samplers",
    "GANSampler": "samplers",
    "evaluate": "report",
    "load": "persistence",
    "resume": "persistence",
    "save": "persistence",
}


def __getattr__(name):
    if name not in _MODULES:
        raise AttributeError(f"module 'skgan' has no attribute {name!r}")
    return getattr(import_module(f"skgan.{_MODULES[name]}"), name)


def __dir__():
    return sorted([*globals(), *__all__])
