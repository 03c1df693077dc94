"""One call, one report: how good are synthetic rows, beside how good real ones would be?"""

from ._evaluate import evaluate
from ._report import Report

__all__ = ["Report", "evaluate"]
