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
    losses : ndarray of shape (n_shares, n_rows)
    """

    shares: list
    losses: np.ndarray

    @classmethod
    def of(cls, shares, folds, losses_of):
        """Fit on folds, ``(train, test)`` places of rows, until enough were judged or no share looks better than none.

        ``losses_of(train, test)`` is an ndarray of shape (n_shares, n_test).
        """
        parts, n_judged = [], 0
        for train, test in folds:
            parts.append(losses_of(train, test))
            n_judged += len(test)
            trial = cls(shares, np.concatenate(parts, axis=1))
            if n_judged >= ENOUGH_ROWS or trial.is_hopeless:
                break
        return trial

    @property
    def table(self):
        """A frame of a row a share: its mean loss, how much that is above none's, and the standard error of this."""
        differences = self.losses - self.losses[0]
        return pd.DataFrame(
            {
                "share": self.shares,
                "loss": self.losses.mean(axis=1),
                "difference": differences.mean(axis=1),
                "standard_error": differences.std(axis=1) / np.sqrt(differences.shape[1]),
            }
        )

    @property
    def is_hopeless(self):
        """Whether no share looks better than none so far."""
        return bool((self.table.difference[1:] >= 0).all())

    @property
    def best(self):
        """The share of least loss among those that help for sure; 0 where none does."""
        table = self.table
        sure = table[table.difference + N_ERRORS * table.standard_error < 0]
        return self.shares[sure.loss.idxmin()] if len(sure) else 0.0
