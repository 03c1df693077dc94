"""Files of samplers without pickle: fitted ones, and fits that go on."""

from ._documents import ESTIMATORS
from ._resume import resume
from ._save import load, read_sampler, save, write_sampler

__all__ = ["ESTIMATORS", "load", "read_sampler", "resume", "save", "write_sampler"]
