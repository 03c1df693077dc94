"""How many generated rows to add: those that help on rows held out, or none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

# Fewer rows are too few to tell whether others help.
MIN_ROWS_TO_VALIDATE = 50
N_FOLDS = 3
# Folds are judged until so many rows were: one is enough for a large table.
ENOUGH_ROWS = 2000
# A share is believed to help where the mean of paired differences is so many standard errors below none: rows that are
# added by mistake cost more than those that are missed.
N_ERRORS = 1.64


@dataclass(frozen=True)
class Trial:
    """What rows held out cost after fits with each share of generated rows.

    Parameters
    ----------
    shares : list of float
        Generated rows over the rows of the fit; the first is 0.
    losses : ndarray of shape (n_shares, n_kinds, n_rows)
        The first kind is to become less. A second one, of ranks, must not become more: a model may gain in logarithmic
        loss by less confidence alone, and tell classes apart worse than before.
    """

    shares: list
    losses: np.ndarray

    @classmethod
    def of(cls, shares, folds, losses_of):
        """Fit on folds, ``(train, test)`` places of rows, until enough were judged or no share looks better than none.

        ``losses_of(train, test)`` is an ndarray of shape (n_shares, n_kinds, n_test).
        """
        parts, n_judged = [], 0
        for train, test in folds:
            parts.append(losses_of(train, test))
            n_judged += len(test)
            trial = cls(shares, np.concatenate(parts, axis=2))
            if n_judged >= ENOUGH_ROWS or trial.is_hopeless:
                break
        return trial

    @property
    def table(self):
        """A frame of a row a share: its mean loss, how much that is above none's, the standard error of this, and the
        mean of the second loss where there is one."""
        of_loss = self.losses[:, 0]
        differences = of_loss - of_loss[0]
        found = {
            "share": self.shares,
            "loss": of_loss.mean(axis=1),
            "difference": differences.mean(axis=1),
            "standard_error": differences.std(axis=1) / np.sqrt(differences.shape[1]),
        }
        if self.losses.shape[1] > 1:
            found["misranked"] = self.losses[:, 1].mean(axis=1)
        return pd.DataFrame(found)

    @property
    def is_hopeless(self):
        """Whether no share has less loss than none so far."""
        return bool((self.table.difference[1:] >= 0).all())

    @property
    def best(self):
        """The share of least loss among those that help for sure and rank no worse; 0 where none does."""
        table = self.table
        sure = table.difference + N_ERRORS * table.standard_error < 0
        if "misranked" in table:
            sure &= table.misranked <= table.misranked[0]
        return self.shares[table.loss[sure].idxmin()] if sure.any() else 0.0
