"""Training: when each player moves."""

from ._average import Average
from ._batches import Batch, Batches
from ._threads import one_thread
from ._trainer import Trainer

__all__ = ["Average", "Batch", "Batches", "Trainer", "one_thread"]
