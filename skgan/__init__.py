"""Generative adversarial networks with the manners of scikit-learn."""

from .persistence import load, save
from .samplers import ConditionalGANSampler, GANSampler

__version__ = "0.1.0.dev0"
__all__ = ["ConditionalGANSampler", "GANSampler", "load", "save"]
