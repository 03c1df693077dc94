"""Oversampling with generated rows, with imbalanced-learn's interface. Needs imbalanced-learn."""

from ._gan import GANOverSampler

__all__ = ["GANOverSampler"]
