"""Density-ratio refinement: keep the generated rows that look realistic."""

from __future__ import annotations

import numpy as np

from skgan._state import ListOf, Maybe, Number, Part, Stateful

from ._balance import Balance
from ._raking import Raking
from ._trees import RatioTrees

# Rows with a ratio above this quantile are always kept, so that a few outliers do not determine the scale.
CERTAIN = 0.99
# If that would keep a smaller share of rows than this, the scale is lowered.
MIN_ACCEPTANCE = 0.3
# The scale is lowered further, as long as at most this share of the kept rows would differ.
MAX_MOVED = 0.02
# The quantile for raking weights, higher because a lower one would leave the marginals wrong.
CERTAIN_BY_MARGINALS = 0.97


class Refiner(Stateful):
    """Rejection sampling by a density ratio that is learned in rounds [1]_.

    A row is kept with probability ``min(1, ratio / scale)``. `ratio` is the product of the density ratios of all
    rounds, each fitted to the rows kept by the rounds before, and `scale` is a high quantile of it over generated rows.
    Finally the marginals are corrected: with conditions by raking, which rejects some of the kept rows; without, by
    balanced sampling, which chooses among them.

    References
    ----------
    .. [1] Azadi et al., "Discriminator rejection sampling", ICLR 2019, section 3.

    Attributes
    ----------
    rounds : list of RatioTrees
        The density ratio of each round.
    log_scale : float
    raking : Raking or None
    raking_log_scale : float
    balance : Balance or None
    least_acceptance : float
        The smallest share of generated rows that the rounds keep.
    """

    STATE = {
        "rounds": ListOf(Part(RatioTrees)),
        "log_scale": Number(),
        "raking": Maybe(Part(Raking)),
        "raking_log_scale": Number(),
        "balance": Maybe(Part(Balance)),
        "least_acceptance": Number(0, 1),
    }

    def __init__(self):
        self.rounds, self.raking, self.balance = [], None, None
        self.log_scale, self.raking_log_scale = 0.0, 0.0
        self.least_acceptance = MIN_ACCEPTANCE

    def add_round(self, trees, candidates):
        """Add a round.

        Parameters
        ----------
        trees : RatioTrees
        candidates : ndarray of uint8, shape (n_rows, n_columns)
            Features of generated rows before any rejection. No round may have been fitted to them.
        """
        self.rounds.append(trees)
        log_ratios = self._log_ratios(candidates)
        if len(self.rounds) == 1:
            # Only the first round measures how far generated rows are from real ones; later ones fit more noise.
            self.least_acceptance = _least_acceptance(log_ratios)
        self.log_scale = _scale(log_ratios, self.least_acceptance)

    def rake(self, raking, kept):
        """Correct the marginals; `kept` are features of rows that the rounds keep."""
        self.raking = raking
        self.raking_log_scale = float(np.quantile(raking.log_ratio(kept), CERTAIN_BY_MARGINALS))

    def log_keep(self, features):
        """Log of the probability to keep each row of `features`, uint8 of shape (n_rows, n_columns)."""
        keep = np.minimum(0.0, self._log_ratios(features) - self.log_scale)
        if self.raking is not None:
            keep = keep + np.minimum(0.0, self.raking.log_ratio(features) - self.raking_log_scale)
        return keep

    def _log_ratios(self, features):
        return sum((trees.log_ratio(features) for trees in self.rounds), np.zeros(len(features)))


def _scale(log_ratios, least):
    """The highest log scale, up to the quantile, at which at least this share of the rows is kept."""
    high = np.quantile(log_ratios, CERTAIN)
    return _last_valid(lambda scale: _kept(log_ratios, scale) >= least, log_ratios.min(), high)


def _least_acceptance(log_ratios):
    """The largest share of rows to keep for which truncating the ratios changes few rows; at least MIN_ACCEPTANCE."""
    scale = _last_valid(lambda scale: _moved(log_ratios, scale) <= MAX_MOVED, log_ratios.max(), log_ratios.min())
    return max(MIN_ACCEPTANCE, _kept(log_ratios, scale))


def _last_valid(holds, start, stop):
    """The number nearest to `stop` at which a condition holds that holds at `start`, by bisection."""
    if holds(stop):
        return float(stop)
    for _ in range(40):
        middle = (start + stop) / 2
        start, stop = (middle, stop) if holds(middle) else (start, middle)
    return float(start)


def _kept(log_ratios, log_scale):
    return float(np.exp(np.minimum(0.0, log_ratios - log_scale)).mean())


def _moved(log_ratios, log_scale):
    """The share of kept rows that truncating the ratios at the scale changes: half the L1 distance of the weights."""
    whole = np.exp(log_ratios - log_ratios.max())
    cut = np.exp(np.minimum(0.0, log_ratios - log_scale))
    return float(np.abs(cut / cut.sum() - whole / whole.sum()).sum() / 2)
