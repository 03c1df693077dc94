"""Estimators that are fitted on their training rows and on generated rows."""

from ._classifier import AugmentedClassifier
from ._regressor import AugmentedRegressor

__all__ = ["AugmentedClassifier", "AugmentedRegressor"]
