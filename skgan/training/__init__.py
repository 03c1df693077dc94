"""Training: when each player moves."""

from skgan._torch_settings import deterministic_convolutions as same_convolutions
from skgan._torch_settings import fast_matmul as rounded_products
from skgan._torch_settings import one_thread, own_settings

from ._average import Average
from ._batches import Batch, Batches
from ._crew import Crew, crew
from ._trainer import Trainer

__all__ = [
    "Average",
    "Batch",
    "Batches",
    "Crew",
    "Trainer",
    "crew",
    "one_thread",
    "own_settings",
    "rounded_products",
    "same_convolutions",
]
