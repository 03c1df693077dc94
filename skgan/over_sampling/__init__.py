"""Oversampling by generated rows, in the manner of imbalanced-learn, an extra of skgan."""

from ._gan import GANOverSampler

__all__ = ["GANOverSampler"]
