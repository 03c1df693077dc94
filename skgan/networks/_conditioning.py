"""How a discriminator hears of the condition: heads on what its body has seen."""

from __future__ import annotations

import torch
from torch import nn

from ._heads import InputFeatures
from ._mlp import linear

N_FREQUENCIES = 6


class Projection(nn.Module):
    """``w f + (V c) f``: a score of what was seen, f, and of how it goes with the condition c [1]_.

    References
    ----------
    .. [1] Miyato and Koyama, "cGANs with projection discriminator", ICLR 2018, eq. 3.
    """

    def __init__(self, n_seen, condition_spec, generator):
        super().__init__()
        self.features = InputFeatures(condition_spec, N_FREQUENCIES)
        self.score = linear(n_seen, 1, generator)
        gain = (self.features.width / max(n_seen, 1)) ** 0.5
        self.embedding = linear(self.features.width, n_seen, generator, gain=gain)

    def forward(self, seen, condition):
        return self.score(seen)[:, 0] + (self.embedding(self.features(condition)) * seen).sum(1)


class Auxiliary(nn.Module):
    """A score that knows no condition, and beside it a guess of the condition [1]_.

    References
    ----------
    .. [1] Odena, Olah and Shlens, "Conditional image synthesis with auxiliary classifier GANs", ICML 2017, section 3.
    """

    def __init__(self, n_seen, condition_spec, generator):
        super().__init__()
        self.score = linear(n_seen, 1, generator)
        self.guess = linear(n_seen, condition_spec.width, generator)

    def forward(self, seen, condition):
        return self.score(seen)[:, 0]


class Headed(nn.Module):
    """A discriminator of two parts: `see` makes features (n, n_seen) of rows, and `head` judges these.

    Subclasses set `head`, and define `see`.
    """

    def forward(self, rows, condition):
        return self.head(self.see(rows), condition)

    def guess(self, rows):
        """Raw guesses of the condition, (n, condition_dim); only with an `Auxiliary` head."""
        return self.head.guess(self.see(rows))

    def judge(self, rows, condition):
        """Scores (n,) and raw guesses of the condition (n, condition_dim); only with an `Auxiliary` head."""
        seen = self.see(rows)
        return self.head(seen, condition), self.head.guess(seen)


HEADS_OF_CONDITION = {"projection": Projection, "auxiliary": Auxiliary}


def joined(latent, features, condition):
    """The latent and what networks see of the condition, side by side."""
    return torch.cat([latent, features(condition)], dim=1)
