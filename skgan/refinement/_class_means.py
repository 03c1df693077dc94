"""How far a row is from the mean of its class, as features of the trees.

Trees compare one feature with a threshold. To see that a row is not of the class that was asked for, they would need
thresholds for each of hundreds of classes. Of the difference from the class's mean, two thresholds serve all classes.
"""

from __future__ import annotations

import numpy as np

from skgan._state import Array, ListOf, Stateful, Whole, demand

# Only the columns in which classes differ most are used.
MAX_COLUMNS = 32
# A class's mean is shrunk as if this many more rows had the overall mean.
PRIOR_ROWS = 1.0
# The features 0 to 252 are differences from -8 to 8 standard deviations within a class.
MIDDLE, STEPS = 126, 15.75


class ClassMeans(Stateful):
    """The means of numeric columns within each of many classes.

    Parameters
    ----------
    numbers : ndarray of shape (n_rows, n_numbers)
        The numeric columns of encoded training rows.
    index : sequence of int
        Where they are in an encoded row.
    classes : ndarray of int, shape (n_rows,)
        From 0 to n_classes - 1.
    n_classes : int
    target : int, default=0
        The position of the target among those of many classes.

    Attributes
    ----------
    index : list of int
        Where the columns that are used are in an encoded row.
    means : ndarray of shape (n_classes, n_columns)
    spread : ndarray of shape (n_columns,)
        The standard deviation within a class.
    """

    STATE = {
        "target": Whole(),
        "index": ListOf(Whole()),
        "means": Array("f", (None, None), -1, 1),
        "spread": Array("f", (None,), 1e-6, 2),
    }

    def __init__(self, numbers, index, classes, n_classes, target=0):
        self.target = target
        numbers = numbers.astype(np.float64)
        self._counts = np.bincount(classes, minlength=n_classes)
        sums = np.stack([np.bincount(classes, column, n_classes) for column in numbers.T], axis=1)
        means = (sums + PRIOR_ROWS * numbers.mean(axis=0)) / (self._counts + PRIOR_ROWS)[:, None]
        spread = np.sqrt(np.mean((numbers - means[classes]) ** 2, axis=0)).clip(1e-6)
        apart = np.argsort(-means[classes].std(axis=0) / spread, kind="stable")[:MAX_COLUMNS]
        apart.sort()
        self._used = apart
        self.index = [int(index[column]) for column in apart]
        self.means, self.spread = means[:, apart], spread[apart]

    def complete(self):
        demand(self.means.shape[1] == len(self.index), "means", "have one column for each of index")
        demand(self.spread.shape == (len(self.index),), "spread", "have one number for each of index")

    def features(self, rows, classes):
        """Features uint8 (n_rows, n_columns) of encoded rows and their classes, an int array (n_rows, n_targets)."""
        return self._features(rows[:, self.index] - self.means[classes[:, self.target]])

    def fitted_features(self, numbers, classes):
        """`features` of the rows that the means were fitted to, each compared with the mean of the other rows."""
        known = classes[:, self.target]
        # With n rows in the mean, the difference from the mean of the others is n / (n - 1) times as large.
        n = self._counts[known, None] + PRIOR_ROWS
        return self._features((numbers[:, self._used] - self.means[known]) * n / (n - 1))

    def _features(self, differences):
        return (MIDDLE + STEPS * differences / self.spread).clip(0, 2 * MIDDLE).astype(np.uint8)
