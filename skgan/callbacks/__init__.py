"""Callbacks, which observe a training run and can stop it."""

from ._base import Callback
from ._checkpoint import PREVIOUS, Checkpoint
from ._progress import Progress
from ._support import CallbackSupport, with_callbacks
from ._tasks import FitTasks

__all__ = ["PREVIOUS", "Callback", "CallbackSupport", "Checkpoint", "FitTasks", "Progress", "with_callbacks"]
