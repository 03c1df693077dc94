"""A moving average of a network's weights, which gives better samples than the weights of single steps."""

from __future__ import annotations

import copy

import numpy as np
import torch

KEPT_AT = (0.7, 0.8, 0.9)


class Average:
    """Exponential moving average of a module's weights [1]_.

    Parameters
    ----------
    module : torch.nn.Module
        The network whose weights are averaged.
    half_life : float
        Number of updates after which the weight of a step in the average has halved. Early in a run the average is over
        fewer steps, so that the initial weights have no influence.
    kept_at : sequence of float, default=KEPT_AT
        Shares of the run at which a copy of the average is kept.

    Attributes
    ----------
    module : torch.nn.Module
        The current average.
    earlier : list of torch.nn.Module
        The averages at the shares in `kept_at` reached so far.

    References
    ----------
    .. [1] Yazici et al., "The unusual effectiveness of averaging in GAN training", ICLR 2019, eq. 2.
    """

    def __init__(self, module, half_life, kept_at=KEPT_AT):
        self.module = copy.deepcopy(module).requires_grad_(False).eval()
        self.decay = 0.5 ** (1.0 / max(half_life, 1e-3))
        self.n_updates = 0
        self.kept_at = kept_at
        self.earlier = []
        self._parameters = list(self.module.parameters()), list(module.parameters())
        self._buffers = list(zip(self.module.buffers(), module.buffers(), strict=True))

    @torch.no_grad()
    def update(self, progress):
        """Update the average with the module's current weights; `progress` is the share of the run in [0, 1]."""
        decay = min(self.decay, self.n_updates / (self.n_updates + 5.0))
        self.n_updates += 1
        torch._foreach_lerp_(*self._parameters, 1.0 - decay)
        for mean, value in self._buffers:
            mean.copy_(value)
        if progress < 1 and len(self.earlier) < np.searchsorted(self.kept_at, progress, side="right"):
            self.earlier.append(copy.deepcopy(self.module))

    def state_dict(self):
        """The average, the copies that were kept, and how many updates there were."""
        return {
            "module": copy.deepcopy(self.module.state_dict()),
            "earlier": [copy.deepcopy(module.state_dict()) for module in self.earlier],
            "n_updates": self.n_updates,
        }

    def load_state_dict(self, state):
        """Continue from what `state_dict` returned."""
        self.module.load_state_dict(state["module"])
        self.earlier = [copy.deepcopy(self.module) for _ in state["earlier"]]
        for module, saved in zip(self.earlier, state["earlier"], strict=True):
            module.load_state_dict(saved)
        self.n_updates = state["n_updates"]
