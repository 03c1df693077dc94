"""Density-ratio refinement: of many generated rows, keep those that look real."""

from __future__ import annotations

import numpy as np

from skgan._state import Stateful

from ._raking import Raking
from ._trees import RatioTrees

# The ratio at this quantile of generated rows is kept for certain, so that a few odd rows do not set the scale.
CERTAIN = 0.99
# Where that would keep fewer rows than this share, more are kept for certain.
MIN_ACCEPTANCE = 0.3
# The same of the weights that put marginals right, which a lower cut would leave wrong.
CERTAIN_BY_MARGINALS = 0.97


class Refiner(Stateful):
    """Rejection sampling by a density ratio that is learned in rounds [1]_.

    A row is kept with probability ``min(1, ratio / scale)``, where `ratio` is the product of what all rounds say, each
    fitted to the rows that those before it keep, and `scale` is a high quantile of it over generated rows. The rows so
    kept are then kept, in the same way, by a raking.

    References
    ----------
    .. [1] Azadi et al., "Discriminator rejection sampling", ICLR 2019, section 3.

    Parameters
    ----------
    candidates : ndarray of uint8, shape (n_rows, n_columns)
        Features of generated rows of which nothing was rejected; no round may be fitted to them.

    Attributes
    ----------
    rounds : list of RatioTrees
        What gives each row a log ratio.
    log_scale : float
    raking : Raking or None
    raking_log_scale : float
    acceptance : float
        The share of `candidates` that the rounds keep.
    """

    STATE = ("rounds", "log_scale", "raking", "raking_log_scale", "acceptance")

    def __init__(self, candidates):
        self.rounds, self.raking = [], None
        self.log_scale, self.raking_log_scale, self.acceptance = 0.0, 0.0, 1.0
        self._candidates = candidates
        self._log_ratios = np.zeros(len(candidates))

    def add_round(self, trees):
        """Add what was learned from rows kept so far."""
        self.rounds.append(trees)
        self._log_ratios += trees.log_ratio(self._candidates)
        self.log_scale = _scale(self._log_ratios)
        self.acceptance = _kept(self._log_ratios, self.log_scale)

    def rake(self, raking, kept):
        """Put marginals right at last; `kept` are features of rows that the rounds keep."""
        self.raking = raking
        self.raking_log_scale = float(np.quantile(raking.log_ratio(kept), CERTAIN_BY_MARGINALS))

    def log_keep(self, features):
        """Log of the probability to keep each row of `features`, uint8 of shape (n_rows, n_columns)."""
        ratios = sum(trees.log_ratio(features) for trees in self.rounds)
        keep = np.minimum(0.0, ratios - self.log_scale)
        if self.raking is not None:
            keep = keep + np.minimum(0.0, self.raking.log_ratio(features) - self.raking_log_scale)
        return keep

    def get_state(self):
        raking = None if self.raking is None else self.raking.get_state()
        return {**super().get_state(), "rounds": [trees.get_state() for trees in self.rounds], "raking": raking}

    @classmethod
    def from_state(cls, state):
        rounds = [RatioTrees.from_state(trees) for trees in state["rounds"]]
        raking = None if state["raking"] is None else Raking.from_state(state["raking"])
        return super().from_state({**state, "rounds": rounds, "raking": raking})


def _scale(log_ratios):
    """The highest log scale, up to the quantile, at which enough rows are kept."""
    high, low = np.quantile(log_ratios, CERTAIN), log_ratios.min()
    if _kept(log_ratios, high) >= MIN_ACCEPTANCE:
        return float(high)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if _kept(log_ratios, middle) >= MIN_ACCEPTANCE else (low, middle)
    return float(low)


def _kept(log_ratios, log_scale):
    return float(np.exp(np.minimum(0.0, log_ratios - log_scale)).mean())
