"""Training: when each player moves."""

from ._average import Average
from ._batches import Batch, Batches
from ._crew import Crew, crew
from ._parts import n_parts_of
from ._settings import one_thread, rounded_products, same_convolutions
from ._trainer import Trainer

__all__ = [
    "Average",
    "Batch",
    "Batches",
    "Crew",
    "Trainer",
    "crew",
    "n_parts_of",
    "one_thread",
    "rounded_products",
    "same_convolutions",
]
