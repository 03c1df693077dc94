"""Files of samplers without pickle: fitted ones, and fits that go on."""

from ._documents import ESTIMATORS
from ._resume import resume
from ._save import load, save

__all__ = ["ESTIMATORS", "load", "resume", "save"]
