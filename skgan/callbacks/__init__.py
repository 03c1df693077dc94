"""Watchers of a training run."""

from ._base import Callback
from ._history import History
from ._progress import Progress

__all__ = ["Callback", "History", "Progress"]
