"""Rounds as captured CUDA graphs, because launching the kernels of small networks takes longer than computing."""

from __future__ import annotations

import torch

from ._batches import Batch

# Eager rounds of each variant before one is captured, in which libraries select algorithms and optimizers create state.
WARM_UP = 3


class CapturedRounds:
    """``play(batches, step)`` as CUDA graphs, one per variant of a step.

    Everything that changes between rounds must be in tensors with fixed addresses. The tensors of batches are copied
    into such tensors; schedules and learning rates must be written in place by their owners.

    Parameters
    ----------
    play : callable
        ``play(batches, step) -> (losses, finite)``: a dict and a list of tensors. `batches` is a list of batches, each
        a list of parts.
    variant : callable
        ``variant(step)``: a hashable value, equal for steps with the same computation.
    """

    def __init__(self, play, variant):
        self.play, self.variant = play, variant
        self._n_played, self._graphs = {}, {}

    def __call__(self, batches, step):
        variant = self.variant(step)
        if self._n_played.get(variant, 0) < WARM_UP:
            self._n_played[variant] = self._n_played.get(variant, 0) + 1
            return self.play(batches, step)
        if variant not in self._graphs:
            self._graphs[variant] = _CapturedRound(self.play, batches, step)
        return self._graphs[variant].replay(batches)


class _CapturedRound:
    """One captured round, and the tensors that it reads and writes."""

    def __init__(self, play, batches, step):
        self.batches = [[_copy(part) for part in parts] for parts in batches]
        self.graph = torch.cuda.CUDAGraph()
        # With several GPUs, the one in use need not be the current one.
        device = self.batches[0][0].real.device
        with torch.cuda.device(device), torch.cuda.graph(self.graph, capture_error_mode="thread_local"):
            self.losses, self.finite = play(self.batches, step)

    def replay(self, batches):
        for own_parts, parts in zip(self.batches, batches, strict=True):
            for own, part in zip(own_parts, parts, strict=True):
                for name, tensor in own.tensors.items():
                    tensor.copy_(part.tensors[name])
        self.graph.replay()
        # The next replay overwrites these tensors.
        return {name: loss.clone() for name, loss in self.losses.items()}, [flag.clone() for flag in self.finite]


def _copy(part):
    return Batch(**{name: tensor.clone() for name, tensor in part.tensors.items()})
