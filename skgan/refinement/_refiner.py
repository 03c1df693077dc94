"""Density-ratio refinement: of many generated rows, keep those that look real."""

from __future__ import annotations

import numpy as np

from skgan._state import Stateful

from ._raking import Raking
from ._trees import RatioTrees

ROUNDS = {"trees": RatioTrees, "raking": Raking}

# The ratio at this quantile of generated rows is kept for certain, so that a few odd rows do not set the scale.
CERTAIN = 0.95


class Refiner(Stateful):
    """Rejection sampling by the density ratio, in rounds [1]_.

    A row is kept with probability ``min(1, ratio / scale)``, where `scale` is a high quantile of the ratio over
    generated rows; a second round learns and rejects what the first has left.

    References
    ----------
    .. [1] Azadi et al., "Discriminator rejection sampling", ICLR 2019, section 3.

    Attributes
    ----------
    rounds : list of RatioTrees or Raking
        What gives each row a log ratio.
    log_scales : list of float
    """

    STATE = ("rounds", "log_scales")

    def __init__(self):
        self.rounds = []
        self.log_scales = []

    def add_round(self, judge, generated, *, first=False):
        """Add a round whose scale is read off `generated`, features of rows that `judge` was not fitted on.

        The order of the rounds makes no difference to what is kept: a judge that costs little goes `first`.
        """
        place = 0 if first else len(self.rounds)
        self.rounds.insert(place, judge)
        self.log_scales.insert(place, float(np.quantile(judge.log_ratio(generated), CERTAIN)))

    def log_keep(self, features, luck=None):
        """Log of the probability to keep each row.

        Parameters
        ----------
        features : ndarray of uint8, shape (n_rows, n_columns)
        luck : ndarray of shape (n_rows,), default=None
            Logs of uniform draws. Rows that their luck rejects in an early round are not looked at in a later one:
            their value is that of the rounds so far, still below their luck.

        Returns
        -------
        ndarray of shape (n_rows,)
        """
        total = np.zeros(len(features))
        for judge, log_scale in zip(self.rounds, self.log_scales, strict=True):
            still = np.flatnonzero(total > luck) if luck is not None else slice(None)
            total[still] += np.minimum(0.0, judge.log_ratio(features[still]) - log_scale)
        return total

    def get_state(self):
        words = {judge: word for word, judge in ROUNDS.items()}
        rounds = [{"kind": words[type(judge)], **judge.get_state()} for judge in self.rounds]
        return {"rounds": rounds, "log_scales": self.log_scales}

    @classmethod
    def from_state(cls, state):
        rounds = [ROUNDS[judge["kind"]].from_state(judge) for judge in state["rounds"]]
        return super().from_state({**state, "rounds": rounds})
