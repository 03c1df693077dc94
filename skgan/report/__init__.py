"""evaluate: a report on synthetic rows, which compares each metric with its value for real rows."""

from ._evaluate import evaluate
from ._report import Report

__all__ = ["Report", "evaluate"]
