"""The estimators: samplers of rows."""

from ._base import BaseGAN
from ._conditional import ConditionalGANSampler
from ._gan import GANSampler

__all__ = ["BaseGAN", "ConditionalGANSampler", "GANSampler"]
