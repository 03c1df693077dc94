"""How a discriminator is conditioned: heads on the features that its body extracts."""

from __future__ import annotations

import torch
from torch import nn

from ._heads import InputFeatures, columns_of
from ._mlp import linear

N_FREQUENCIES = 6


class Projection(nn.Module):
    """``w f + (V c) f``: a score of the features f, and of how well they fit the condition c [1]_.

    References
    ----------
    .. [1] Miyato and Koyama, "cGANs with projection discriminator", ICLR 2018, eq. 3.
    """

    def __init__(self, n_features, condition_spec, rng):
        super().__init__()
        self.features = InputFeatures(condition_spec, N_FREQUENCIES)
        self.score = linear(n_features, 1, rng)
        gain = (self.features.width / max(n_features, 1)) ** 0.5
        self.embedding = linear(self.features.width, n_features, rng, gain=gain)

    def ends(self):
        """The layers that depend on the layout of conditions, as `carry_over` reads them."""
        return {"embedding": {1: self.features.labels(columns_of("condition", self.features.n_columns))}}

    def forward(self, extracted, condition):
        return self.score(extracted)[:, 0] + (self.embedding(self.features(condition)) * extracted).sum(1)


class Auxiliary(nn.Module):
    """A score that does not depend on the condition, and a guess of the condition [1]_.

    References
    ----------
    .. [1] Odena, Olah and Shlens, "Conditional image synthesis with auxiliary classifier GANs", ICML 2017, section 3.
    """

    def __init__(self, n_features, condition_spec, rng):
        super().__init__()
        self.score = linear(n_features, 1, rng)
        self.guess = linear(n_features, condition_spec.width, rng)

    def ends(self):
        """The layers that depend on the layout of conditions, as `carry_over` reads them."""
        return {"guess": {0: columns_of("condition", self.guess.out_features)}}

    def forward(self, extracted, condition):
        return self.score(extracted)[:, 0]


class Headed(nn.Module):
    """A discriminator of two parts: `extract` makes features (n, n_features) of rows, and `head` scores these.

    Subclasses set `head`, and define `extract`.
    """

    def ends(self):
        """The layers that depend on the layout of rows and conditions, as `carry_over` reads them."""
        return {f"head.{name}": labels for name, labels in self.head.ends().items()}

    def forward(self, rows, condition):
        return self.head(self.extract(rows), condition)

    def guess(self, rows):
        """Raw guesses of the condition, (n, condition_dim); only with an `Auxiliary` head."""
        return self.head.guess(self.extract(rows))

    def judge(self, rows, condition):
        """Scores (n,) and raw guesses of the condition (n, condition_dim); only with an `Auxiliary` head."""
        extracted = self.extract(rows)
        return self.head(extracted, condition), self.head.guess(extracted)


HEADS_OF_CONDITION = {"projection": Projection, "auxiliary": Auxiliary}


def joined(latent, features, condition):
    """The latent and the features of the condition, side by side."""
    return torch.cat([latent, features(condition)], dim=1)
