"""The targets that rows are generated for: given ones, one for all rows or one per row, or drawn ones."""

from __future__ import annotations

import numpy as np

from skgan.encoders import Conditions


class NoTargets:
    """Rows without conditions."""

    def conditions_of(self, block):
        """A function from the number of a block of rows to the `Conditions` of its rows."""
        return in_turn(Conditions.none(1), block)

    def targets(self, start, stop, block):
        """The y of the rows from `start` to before `stop`; there is none here."""

    def arrays(self):
        """The conditions that were asked for, a list of arrays."""
        return []


class GivenTargets:
    """Targets that a caller asks for.

    Parameters
    ----------
    targets : Targets
    asked : Table
        One row for all generated rows, or one for each.
    """

    def __init__(self, targets, asked):
        self._targets, self._asked = targets, asked
        # Before any row is generated, so that an unknown label is an error at once.
        self._conditions = targets.encode(asked)

    def conditions_of(self, block):
        return in_turn(self._conditions, block)

    def targets(self, start, stop, block):
        return self._targets.of_table(self._asked.take(np.arange(start, stop) % self._asked.n_rows))

    def arrays(self):
        return self._conditions.encoded.arrays()


class DrawnTargets:
    """Targets as in training; those of each block of rows have a random stream of their own.

    Parameters
    ----------
    targets : Targets
    seed : int
    """

    def __init__(self, targets, seed):
        self._targets, self._seed = targets, seed

    def conditions_of(self, block):
        return lambda number: self._targets.encode(self._targets.draw([number], self._seed, block))

    def targets(self, start, stop, block):
        first = start // block
        drawn = self._targets.draw(range(first, -(-stop // block)), self._seed, block)
        return self._targets.of_table(drawn.take(np.arange(start, stop) - first * block))

    def arrays(self):
        return []


def in_turn(conditions, block):
    """A function from the number of a block of rows to their conditions, which are taken in turn."""
    return lambda number: conditions[np.arange(number * block, (number + 1) * block) % len(conditions)]
