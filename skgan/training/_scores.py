"""Scores of a run at some of its steps, and the networks of the best one."""

from __future__ import annotations

import copy
import math

import pandas as pd

# A mean is behind another one if it is below it by more than so many standard errors.
SIGMAS = 3


class Scores:
    """Higher scores are better. Since they vary by chance, means of n scores in a row are compared.

    Attributes
    ----------
    steps, shares, values : list
        The steps that were scored, the share of the run that was over, and the scores.
    best_iter, best_mean : int, float or None
        The step with the best mean of the last scores, and that mean.
    best : dict of str to list of torch.nn.Module or None
        The networks of that step, as `Run.snapshot` returned them.
    is_behind : bool
        Whether the last mean is clearly worse than the best one, so that the run should end with the best networks.
    """

    def __init__(self):
        self.steps, self.shares, self.values = [], [], []
        self.best_iter, self.best_mean, self.best, self.is_behind = None, None, None, False

    def add(self, step, share, value, n, tol, snapshot, counts=lambda share: True):
        """Add the score of a step, with means of n scores; ``snapshot()`` returns the networks of the step.

        They may become the best ones if ``counts(share)`` is true of the share of the run that is over.
        """
        self.steps.append(step)
        self.shares.append(share)
        self.values.append(value)
        if len(self.values) < n or not counts(share):
            return
        last = _mean(self.values[-n:])
        if self.best is None or last >= self.best_mean:
            self.best_iter, self.best_mean, self.best = step, last, snapshot()
        # A difference that is due to chance does not count.
        self.is_behind = is_better(self.best_mean - SIGMAS * self._error(n), last, tol)

    def _error(self, n):
        """Standard error of the difference of two means of n scores, by the differences of neighbouring scores."""
        values = self.values[-2 * n :]
        squares = [(b - a) ** 2 / 2 for a, b in zip(values, values[1:], strict=False)]
        return math.sqrt(2 * _mean(squares) / n) if squares else math.inf

    def n_no_change(self, n, tol, counts=lambda share: True):
        """How many means in a row, the last ones, are not better than the best one before them.

        Only means count whose last score was made when ``counts(share)`` was true of the share of the run.
        """
        best, since = None, 0
        for stop in range(n, len(self.values) + 1):
            if counts(self.shares[stop - 1]):
                mean = _mean(self.values[stop - n : stop])
                best, since = (mean, 0) if best is None or is_better(mean, best, tol) else (best, since + 1)
        return since

    def cut(self, step):
        """Forget the scores after this step. The best networks are kept, whenever they were found."""
        n = sum(scored <= step for scored in self.steps)
        self.steps, self.shares, self.values = self.steps[:n], self.shares[:n], self.values[:n]

    @property
    def table(self):
        """DataFrame with the columns step and score."""
        return pd.DataFrame({"step": self.steps, "score": self.values}).astype({"step": "int64", "score": "float64"})

    @property
    def kept(self):
        """The networks that the run should end with, as in `best`; None for those that it has at its end."""
        return self.best if self.is_behind else None

    def state_dict(self):
        """Everything as a tree of tensors and numbers."""
        best = None if self.best is None else {
            name: [copy.deepcopy(module.state_dict()) for module in modules] for name, modules in self.best.items()
        }
        return {
            "steps": list(self.steps),
            "shares": list(self.shares),
            "values": list(self.values),
            "best_iter": self.best_iter,
            "best_mean": self.best_mean,
            "best": best,
            "is_behind": self.is_behind,
        }

    def load_state_dict(self, state, modules):
        """Continue from what `state_dict` returned; `modules` has a module for each name of the best networks."""
        self.steps, self.shares, self.values = (list(state[name]) for name in ("steps", "shares", "values"))
        self.best_iter, self.best_mean = state["best_iter"], state["best_mean"]
        self.is_behind = state["is_behind"]
        self.best = None
        if state["best"] is not None:
            self.best = {name: [_loaded(modules[name], one) for one in kept] for name, kept in state["best"].items()}


def is_better(score, other, tol):
    """Whether a score is above another one by more than `tol` times its size."""
    return score > other + tol * abs(other)


def _mean(values):
    return sum(values) / len(values)


def _loaded(module, weights):
    loaded = copy.deepcopy(module)
    loaded.load_state_dict(weights)
    return loaded
