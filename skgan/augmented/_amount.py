"""How many generated rows to add: those that help on rows held out, or none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

# Fewer rows are too few to tell whether others help.
MIN_ROWS_TO_VALIDATE = 50
# Of fewer rows of a class, or outside it, the standard error of the area under its curve cannot be trusted.
MIN_ROWS_TO_RANK = 30
N_FOLDS = 3
# Folds are judged until so many rows were: one is enough for a large table.
ENOUGH_ROWS = 2000
# A share is believed to help where the mean of paired differences is so many standard errors below none: rows that are
# added by mistake cost more than those that are missed.
N_ERRORS = 1.64
# What the table calls a loss of each kind, its difference to none's and the standard error of this.
COLUMNS = (
    ("loss", "difference", "standard_error"),
    ("misranked", "misranked_difference", "misranked_standard_error"),
)


@dataclass(frozen=True)
class Trial:
    """What rows held out cost after fits with each share of generated rows.

    Parameters
    ----------
    shares : list of float
        Generated rows over the rows of the fit; the first is 0.
    losses : ndarray of shape (n_shares, n_kinds, n_rows)
        Each kind is to become less. The first decides; a second one is of ranks, as a model may gain in logarithmic
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
        """A frame of a row a share: its mean loss, how much that is above none's, and the standard error of this; the
        same of ranks where there are losses of them."""
        numbers = np.stack([self.losses.mean(axis=2), self._differences, self._standard_errors], axis=2)
        table = pd.DataFrame({"share": self.shares})
        for kind, names in zip(range(numbers.shape[1]), COLUMNS):
            table[list(names)] = numbers[:, kind]
        return table

    @property
    def _differences(self):
        return (self.losses - self.losses[0]).mean(axis=2)

    @property
    def _standard_errors(self):
        return (self.losses - self.losses[0]).std(axis=2) / np.sqrt(self.losses.shape[2])

    @property
    def is_hopeless(self):
        """Whether no share has less loss than none so far."""
        return bool((self._differences[1:, 0] >= 0).all())

    @property
    def best(self):
        """The share of least loss among those that help for sure, by losses of all kinds; 0 where none does."""
        helps = (self._differences + N_ERRORS * self._standard_errors < 0).all(axis=1)
        return self.shares[np.where(helps, self._differences[:, 0], 0.0).argmin()]
