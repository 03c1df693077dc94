"""The averaged generator: an exponential moving average of the weights, which samples better than any one step."""

from __future__ import annotations

import copy

import torch


class Average:
    """Moving average of a module's weights [1]_.

    Parameters
    ----------
    module : torch.nn.Module
        What is averaged.
    half_life : float
        Updates after which a step's weight in the average has halved. Early on the average is over fewer steps, so
        that the first weights leave no trace.

    References
    ----------
    .. [1] Yazici et al., "The unusual effectiveness of averaging in GAN training", ICLR 2019, eq. 2.
    """

    def __init__(self, module, half_life):
        self.module = copy.deepcopy(module).requires_grad_(False).eval()
        self.decay = 0.5 ** (1.0 / max(half_life, 1e-3))
        self.n_updates = 0
        self._parameters = list(zip(self.module.parameters(), module.parameters(), strict=True))
        self._buffers = list(zip(self.module.buffers(), module.buffers(), strict=True))

    @torch.no_grad()
    def update(self):
        """Take in the module's weights as they are now."""
        decay = min(self.decay, self.n_updates / (self.n_updates + 5.0))
        self.n_updates += 1
        for mean, value in self._parameters:
            mean.lerp_(value, 1.0 - decay)
        for mean, value in self._buffers:
            mean.copy_(value)
