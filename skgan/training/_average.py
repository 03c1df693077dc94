"""The averaged generator: an exponential moving average of the weights, which samples better than any one step."""

from __future__ import annotations

import copy

import numpy as np
import torch

KEPT_AT = (0.7, 0.8, 0.9)


class Average:
    """Moving average of a module's weights [1]_.

    Parameters
    ----------
    module : torch.nn.Module
        What is averaged.
    half_life : float
        Updates after which a step's weight in the average has halved. Early on the average is over fewer steps, so
        that the first weights leave no trace.
    kept_at : sequence of float, default=KEPT_AT
        Shares of the run at which the average is kept as it is then.

    Attributes
    ----------
    module : torch.nn.Module
        The average as it is now.
    earlier : list of torch.nn.Module
        The average as it was at each share of the run in `kept_at`.

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
        """Take in the module's weights as they are now, at a share of the run in [0, 1]."""
        decay = min(self.decay, self.n_updates / (self.n_updates + 5.0))
        self.n_updates += 1
        torch._foreach_lerp_(*self._parameters, 1.0 - decay)
        for mean, value in self._buffers:
            mean.copy_(value)
        if progress < 1 and len(self.earlier) < np.searchsorted(self.kept_at, progress, side="right"):
            self.earlier.append(copy.deepcopy(self.module))
