"""One torch thread while small networks train: more of them wait for each other longer than they work."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import torch

_LOCK = threading.Lock()
_STATE = {"inside": 0, "before": 1}


@contextmanager
def one_thread():
    """Run the block on one torch thread; the last block to end, of those side by side, gives the setting back."""
    with _LOCK:
        if _STATE["inside"] == 0:
            _STATE["before"] = torch.get_num_threads()
        _STATE["inside"] += 1
        torch.set_num_threads(1)
    try:
        yield
    finally:
        with _LOCK:
            _STATE["inside"] -= 1
            if _STATE["inside"] == 0:
                torch.set_num_threads(_STATE["before"])
