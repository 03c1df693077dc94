"""Callbacks, which observe a training run and can stop it."""

from ._base import Callback
from ._checkpoint import PREVIOUS, Checkpoint
from ._csv_logger import CSVLogger
from ._early_stopping import EarlyStopping
from ._numbers import is_scored
from ._progress import Progress
from ._sample_saver import SampleSaver
from ._support import CallbackSupport, with_callbacks
from ._tasks import FitTasks
from ._tensorboard import TensorBoard

__all__ = [
    "PREVIOUS",
    "CSVLogger",
    "Callback",
    "CallbackSupport",
    "Checkpoint",
    "EarlyStopping",
    "FitTasks",
    "Progress",
    "SampleSaver",
    "TensorBoard",
    "is_scored",
    "with_callbacks",
]
