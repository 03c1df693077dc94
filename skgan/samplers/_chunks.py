"""Cut rows that are generated in blocks into chunks of any size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Done:
    """What the rows that follow must know of those before.

    Attributes
    ----------
    n_rows : int
    n_missing : tuple of int
        Missing values in each column of X; empty if there are no rows.
    """

    n_rows: int = 0
    n_missing: tuple = ()

    def and_then(self, n_rows, n_missing):
        """This, and the rows up to `n_rows`, whose columns have so many missing values."""
        before = self.n_missing or [0] * len(n_missing)
        return Done(n_rows, tuple(a + b for a, b in zip(before, n_missing, strict=True)))


NOTHING = Done()


def spans_of(n, chunk_size, start=0):
    """The chunks of the rows from `start` to n: pairs of the first row and the row after the last."""
    return [(first, min(first + chunk_size, n)) for first in range(start, n, chunk_size)]


def cut(spans, block, blocks):
    """Rows chunk by chunk; each block is generated once.

    Parameters
    ----------
    spans : list of (int, int)
        The chunks, one directly after another, at least one.
    block : int
        How many rows a block has.
    blocks : callable
        ``blocks(first, stop)`` returns the rows of the blocks from number `first` to before `stop`, an ndarray of shape
        ((stop - first) * block, ...).

    Yields
    ------
    ndarray of shape (n_rows_of_the_chunk, ...)
    """
    # The rows from `first` on, up to the end of block `number - 1`, are generated already.
    left, number = None, spans[0][0] // block
    for first, stop in spans:
        end = -(-stop // block)
        if end > number:
            new = blocks(number, end)
            new = new[max(0, first - number * block) :]
            left = new if left is None or not len(left) else np.concatenate([left, new])
            number = end
        yield left[: stop - first]
        # A copy, so that the rows that were handed out can be freed.
        left = left[stop - first :].copy()
