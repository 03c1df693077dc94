"""End a run once its score no longer improves."""

from __future__ import annotations

import math
import numbers

from skgan._validation import NotNegative, Whole, check_option

from ._base import Callback
from ._moments import Every, n_passed, share_done

# After the end of improvement, the rest of the schedule passes within this share of the steps so far.
FINISH = 0.1


class EarlyStopping(Callback):
    """End a run once its score has stopped improving, and keep the best networks.

    Scores vary by chance, so it is the mean of the last `n_iter_no_change` scores that has to improve. While the
    learning rates are high, it may stay low for long, and then rise as they fall; so only scores count that are made
    while they fall: of tables after 30 % of the run, of images after 50 %. When the mean has not improved for
    `n_iter_no_change` scores in a row, the learning rates fall faster, to their end within a further 10 % of the steps
    so far. The run is scored until then. If its mean score is in the end worse than an earlier one, by more than `tol`
    and by more than chance, the sampler gets the networks that the run had then.

    ``GANSampler(early_stopping=True)`` uses this callback with a score on held-out rows. Use the callback itself for a
    score of your own.

    Parameters
    ----------
    score : callable
        ``score(sampler) -> float``, higher is better: for a sampler with the current networks, which is not refined.
        It must not depend on chance, or only on a fixed seed. A score that is not a finite number is an error.
    every : int or float, default=0.04
        How often: an int is a number of steps, a float a share of the run.
    n_iter_no_change : int, default=5
        How many scores in a row without improvement end the run, and how many are averaged.
    tol : float, default=0.01
        A mean is better than another one if it is above it by more than `tol` times its size.

    Raises
    ------
    ValueError
        During `fit`, if a parameter is none of these, the score is not a finite number, or a run has two callbacks of
        this class.

    Notes
    -----
    The losses of a generative adversarial network do not say whether it converges: each player's loss is measured
    against the other player, and both can stay the same while the rows become better, or worse.

    See Also
    --------
    skgan.GANSampler : Its parameter `early_stopping`.

    References
    ----------
    L. Prechelt (1998). Early stopping - but when? Neural Networks: Tricks of the Trade, 55-69.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.model_selection import train_test_split
    >>> from skgan import GANSampler
    >>> from skgan.callbacks import EarlyStopping
    >>> from skgan.metrics import detection_score
    >>> X, X_valid = train_test_split(load_iris().data, random_state=0)
    >>> def score(sampler):
    ...     return detection_score(X_valid, sampler.sample(len(X_valid), random_state=0))
    >>> sampler = GANSampler(max_iter=200, random_state=0).set_callbacks(EarlyStopping(score)).fit(X)
    >>> list(sampler.validation_scores_.columns)
    ['step', 'score']
    """

    def __init__(self, score, *, every=0.04, n_iter_no_change=5, tol=0.01):
        self.score = score
        self.every = every
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol

    def on_run_begin(self, run):
        if not callable(self.score):
            raise ValueError(f"score={self.score!r} must be a callable: score(sampler) -> float, higher is better.")
        check_option("every", self.every, Every())
        check_option("n_iter_no_change", self.n_iter_no_change, Whole(1))
        check_option("tol", self.tol, NotNegative())
        if sum(isinstance(watcher, EarlyStopping) for watcher in run.watchers) > 1:
            raise ValueError(
                "The run has two callbacks EarlyStopping, perhaps one of them from early_stopping=True; leave one out."
            )

    def on_step_end(self, run):
        if not self._is_due(run):
            return
        n, tol = self.n_iter_no_change, self.tol
        run.scores.add(run.n_iter, share_done(run), self._score(run), n, tol, run.snapshot, run.has_falling_rates)
        if not run.is_finishing_early and run.scores.n_no_change(n, tol, run.has_falling_rates) >= n:
            run.finish_early(max(1, math.ceil(FINISH * run.n_iter)))

    def _is_due(self, run):
        # This follows from the run alone, so that a resumed run is scored at the same steps.
        step, share = (run.scores.steps[-1], run.scores.shares[-1]) if run.scores.steps else (0, 0.0)
        passed = n_passed(self.every, run.n_iter, share_done(run)) > n_passed(self.every, step, share)
        return passed or run.n_iter == run.max_iter

    def _score(self, run):
        score = self.score(run.model())
        if not isinstance(score, numbers.Real) or not math.isfinite(score):
            raise ValueError(f"score returned {score!r} at step {run.n_iter}, but it must return a finite number.")
        return float(score)
