"""Rounds on a CUDA GPU, recorded once and replayed: small networks wait longer for their launches than they work."""

from __future__ import annotations

from dataclasses import fields, replace

import torch

# Rounds of each kind before one is recorded: libraries choose their ways, and optimizers make their state.
WARM_UP = 3


class Recorded:
    """``play(parts, step)`` as CUDA graphs, one a kind of step.

    All that changes from round to round must lie in tensors that stay where they are: those of the parts of a batch
    are copied, and schedules and learning rates are filled in by whoever owns them.

    Parameters
    ----------
    play : callable
        ``play(parts, step) -> (losses, finite)``: a dict and a list of tensors.
    kind : callable
        A step to what is played then, such as whether there is a penalty.
    """

    def __init__(self, play, kind):
        self.play, self.kind = play, kind
        self._n_played, self._tapes = {}, {}

    def __call__(self, parts, step):
        kind = self.kind(step)
        if self._n_played.get(kind, 0) < WARM_UP:
            self._n_played[kind] = self._n_played.get(kind, 0) + 1
            return self.play(parts, step)
        if kind not in self._tapes:
            self._tapes[kind] = _Tape(self.play, parts, step)
        return self._tapes[kind].replay(parts)


class _Tape:
    """One recorded round, and the tensors that it reads and writes."""

    def __init__(self, play, parts, step):
        self.parts = [replace(part, **{name: tensor.clone() for name, tensor in _tensors(part)}) for part in parts]
        self.graph = torch.cuda.CUDAGraph()
        # Of several GPUs, not the first but the one that plays.
        device = _tensors(self.parts[0])[0][1].device
        with torch.cuda.device(device), torch.cuda.graph(self.graph, capture_error_mode="thread_local"):
            self.losses, self.finite = play(self.parts, step)

    def replay(self, parts):
        for own, given in zip(self.parts, parts, strict=True):
            for name, tensor in _tensors(own):
                tensor.copy_(getattr(given, name))
        self.graph.replay()
        # The next replay writes over them.
        return {name: loss.clone() for name, loss in self.losses.items()}, [answer.clone() for answer in self.finite]


def _tensors(part):
    return [(field.name, getattr(part, field.name)) for field in fields(part)]
