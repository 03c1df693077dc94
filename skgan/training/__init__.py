"""Training: batches, updates of the players, averages of weights and the record of a run."""

from ._average import Average
from ._batches import Batch, Batches, Chosen, Source
from ._history import History
from ._parts import n_parts_of
from ._run import Run
from ._scores import Scores
from ._threads import ThreadMap, count_threads, threads

__all__ = [
    "Average",
    "Batch",
    "Batches",
    "Chosen",
    "History",
    "Run",
    "Scores",
    "Source",
    "ThreadMap",
    "count_threads",
    "n_parts_of",
    "threads",
]
