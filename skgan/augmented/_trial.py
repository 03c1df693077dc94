"""How many generated rows to add: the number that helps on held-out rows, or none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

# With fewer rows than this, nothing can be said about whether generated rows help.
MIN_ROWS_TO_VALIDATE = 50
# The standard error of the area under the ROC curve is unreliable with fewer rows than this inside or outside a class.
MIN_ROWS_TO_RANK = 30
N_FOLDS = 3
# Folds are evaluated until this many rows were held out: one fold is enough for a large table.
ENOUGH_ROWS = 2000
# A share of generated rows helps if the mean of the paired differences is below zero by this many standard errors.
# Adding rows by mistake costs more than missing a small gain.
N_ERRORS = 1.64
# For each kind of loss, the columns of the table: the loss, its difference to share 0 and that difference's standard
# error.
COLUMNS = (
    ("loss", "difference", "standard_error"),
    ("misranked", "misranked_difference", "misranked_standard_error"),
)


@dataclass(frozen=True)
class Trial:
    """Losses of held-out rows after fits with different shares of generated rows.

    Parameters
    ----------
    shares : list of float
        Number of generated rows divided by the number of training rows; the first is 0.
    losses : ndarray of shape (n_shares, n_kinds, n_rows)
        All kinds are to be minimised. The first kind decides between shares. A second kind measures how well classes
        are ranked, since a model can lower its logarithmic loss just by being less confident, and separate the classes
        worse than before.
    """

    shares: list
    losses: np.ndarray

    @classmethod
    def of(cls, shares, folds, losses_of):
        """Evaluate folds until enough rows were held out, or until no share looks better than share 0.

        Parameters
        ----------
        shares : list of float
        folds : iterable of (train, test)
            Row positions.
        losses_of : callable
            ``losses_of(train, test) -> ndarray of shape (n_shares, n_kinds, n_test)``.
        """
        parts, n_held_out = [], 0
        for train, test in folds:
            parts.append(losses_of(train, test))
            n_held_out += len(test)
            trial = cls(shares, np.concatenate(parts, axis=2))
            if n_held_out >= ENOUGH_ROWS or trial.is_hopeless:
                break
        return trial

    @property
    def table(self):
        """A frame with one row per share: the mean loss, its difference to share 0 and the difference's standard error.

        The same three columns follow for the ranking losses, if there are any.
        """
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
        """Whether no share has had a smaller loss than share 0 so far."""
        return bool((self._differences[1:, 0] >= 0).all())

    @property
    def best(self):
        """The share with the smallest loss among those that reduce the losses of all kinds significantly, or 0."""
        helps = (self._differences + N_ERRORS * self._standard_errors < 0).all(axis=1)
        return self.shares[np.where(helps, self._differences[:, 0], 0.0).argmin()]
