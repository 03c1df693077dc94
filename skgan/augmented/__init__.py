"""Estimators that are fitted on their rows and on generated ones."""

from ._classifier import AugmentedClassifier
from ._regressor import AugmentedRegressor

__all__ = ["AugmentedClassifier", "AugmentedRegressor"]
