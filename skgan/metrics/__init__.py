"""Metrics: (X_real, X_synthetic) -> float."""

from ._two_sample import classifier_auc, detection_score

__all__ = ["classifier_auc", "detection_score"]
