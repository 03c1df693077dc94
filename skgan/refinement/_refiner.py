"""Density-ratio refinement: of many generated rows, keep those that look real."""

from __future__ import annotations

import numpy as np

from skgan._state import ListOf, Maybe, Number, Part, Stateful

from ._balance import Balance
from ._raking import Raking
from ._trees import RatioTrees

# The ratio at this quantile of generated rows is kept for certain, so that a few odd rows do not set the scale.
CERTAIN = 0.99
# Where that would keep fewer rows than this share, more are kept for certain.
MIN_ACCEPTANCE = 0.3
# More still, as long as no more than this share of the rows ought to be others.
MAX_MOVED = 0.02
# The same of the weights that put marginals right, which a lower cut would leave wrong.
CERTAIN_BY_MARGINALS = 0.97


class Refiner(Stateful):
    """Rejection sampling by a density ratio that is learned in rounds [1]_.

    A row is kept with probability ``min(1, ratio / scale)``, where `ratio` is the product of what all rounds say, each
    fitted to the rows that those before it keep, and `scale` is a high quantile of it over generated rows. At last the
    marginals are put right: by a raking, which keeps some of the rows so kept, or by a balance, which chooses among
    them where it is free to.

    References
    ----------
    .. [1] Azadi et al., "Discriminator rejection sampling", ICLR 2019, section 3.

    Attributes
    ----------
    rounds : list of RatioTrees
        What gives each row a log ratio.
    log_scale : float
    raking : Raking or None
    raking_log_scale : float
    balance : Balance or None
    least_acceptance : float
        The share of generated rows that the rounds keep at least.
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
        """Add what was learned from rows kept so far.

        Parameters
        ----------
        trees : RatioTrees
        candidates : ndarray of uint8, shape (n_rows, n_columns)
            Features of generated rows of which nothing was rejected; no round may be fitted to them.
        """
        self.rounds.append(trees)
        log_ratios = self._log_ratios(candidates)
        if len(self.rounds) == 1:
            # Later rounds learn ever more of chance, and say less about how far off generated rows are.
            self.least_acceptance = _least_acceptance(log_ratios)
        self.log_scale = _scale(log_ratios, self.least_acceptance)

    def rake(self, raking, kept):
        """Put marginals right at last; `kept` are features of rows that the rounds keep."""
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
    return _border(lambda scale: _kept(log_ratios, scale) >= least, log_ratios.min(), high)


def _least_acceptance(log_ratios):
    """The largest share of rows to keep such that the cut moves few of them, or the least that there may be."""
    scale = _border(lambda scale: _moved(log_ratios, scale) <= MAX_MOVED, log_ratios.max(), log_ratios.min())
    return max(MIN_ACCEPTANCE, _kept(log_ratios, scale))


def _border(holds, start, stop):
    """The number farthest on the way from `start`, where it holds, to `stop` at which it still does."""
    if holds(stop):
        return float(stop)
    for _ in range(40):
        middle = (start + stop) / 2
        start, stop = (middle, stop) if holds(middle) else (start, middle)
    return float(start)


def _kept(log_ratios, log_scale):
    return float(np.exp(np.minimum(0.0, log_ratios - log_scale)).mean())


def _moved(log_ratios, log_scale):
    """The share of rows kept that would be others if nothing were cut: half the L1 distance of the two weightings."""
    whole = np.exp(log_ratios - log_ratios.max())
    cut = np.exp(np.minimum(0.0, log_ratios - log_scale))
    return float(np.abs(cut / cut.sum() - whole / whole.sum()).sum() / 2)
