"""Generate rows in blocks.

Each block of 1,024 rows (fewer if rows are wide) has its own random stream and a fixed batch shape, so that the first
rows of a large sample are the same as those of a small one.
"""

from __future__ import annotations

import numpy as np
import torch

from skgan._random import torch_stream
from skgan.training import threads

BLOCK = 1024
# The most numbers in a block: blocks of large images have fewer rows.
MAX_NUMBERS = 2**22
# After this many proposals for a block, missing rows are filled with the best of the rejected ones.
MAX_ATTEMPTS = 24
# Accepted rows in addition to those needed, among which balanced sampling chooses.
SPARE = 256


def block_of(width):
    """How many rows of this width a block has."""
    block = BLOCK
    while block > 1 and block * width > MAX_NUMBERS:
        block //= 2
    return block


class RowSource:
    """Generates encoded rows with a fitted generator.

    Parameters
    ----------
    generator : Generator
    encoder : TableEncoder
    device : torch.device
    calibration : Calibration or None
        Applied to every generated row.
    class_means : sequence of ClassMeans
        Further features of rows under conditions of many classes.
    refiner : Refiner or None
        Rejects unrealistic rows; None keeps all.
    """

    def __init__(self, generator, encoder, device, *, calibration=None, class_means=(), refiner=None):
        self.generator = generator
        self.encoder = encoder
        self.device = device
        self.calibration = calibration
        self.class_means = class_means
        self.refiner = refiner
        self.block = block_of(encoder.spec_.width)

    def rows(self, n, conditions_of, seed, n_jobs=None):
        """n encoded rows, ndarray of shape (n, width).

        Parameters
        ----------
        n : int
        conditions_of : callable
            ``conditions_of(number)`` returns the `Conditions` of the rows of a block.
        seed : int
        n_jobs : int or None, default=None
            Threads, as in joblib.
        """
        return self.blocks(range(-(-n // self.block)), conditions_of, seed, n_jobs)[:n]

    def blocks(self, numbers, conditions_of, seed, n_jobs=None):
        """The encoded rows of whole blocks, ndarray of shape (n_blocks * block, width); parameters as of `rows`."""
        return self._blocks(numbers, conditions_of, seed, n_jobs, lambda rows, conditions: rows)

    def features_of(self, n, conditions_of, seed, n_jobs=None):
        """The trees' features of n rows; each thread holds at most one block of rows at a time."""
        return self._blocks(range(-(-n // self.block)), conditions_of, seed, n_jobs, self.features)[:n]

    def _blocks(self, numbers, conditions_of, seed, n_jobs, of):
        def block(number):
            conditions = conditions_of(number)
            return of(self._block(conditions, seed, number), conditions)

        with threads(n_jobs) as thread_map:
            return np.concatenate(thread_map.map(block, numbers))

    def features(self, rows, conditions):
        """The trees' features of encoded rows and their conditions."""
        differences = [means.features(rows, conditions.classes) for means in self.class_means]
        return np.column_stack([self.encoder.row_features(rows), conditions.features, *differences])

    def _block(self, conditions, seed, number):
        stream = torch_stream(seed, "rows", number)
        if self.refiner is None:
            return self._propose(conditions, stream)
        if conditions.tensor.shape[1]:
            return self._conditional_block(conditions, stream)
        return self._unconditional_block(conditions, stream)

    def _unconditional_block(self, conditions, stream):
        """A block of accepted rows, for a sampler without conditions."""
        balance = self.refiner.balance
        enough = self.block if balance is None else self.block + SPARE
        proposed, n_accepted = [], 0
        while n_accepted < enough and len(proposed) < MAX_ATTEMPTS:
            proposed.append(self._scored(conditions, stream))
            n_accepted += np.isposinf(proposed[-1][2]).sum()
        candidates, features, rank = (np.concatenate(part) for part in zip(*proposed, strict=True))
        # Accepted rows first, in the order in which they were drawn; then the rejected ones, most probable first.
        order = np.argsort(-rank, kind="stable")[: max(n_accepted, self.block)]
        if balance is not None:
            order = order[balance.choose(features[order], self.block)]
        return candidates[order[:self.block]]

    def _conditional_block(self, conditions, stream):
        """A block with one row per condition."""
        block = np.empty((self.block, self.encoder.spec_.width), dtype=np.float32)
        best = np.full(self.block, -np.inf)
        pending = np.arange(self.block)
        for _ in range(MAX_ATTEMPTS):
            slots = np.resize(pending, self.block)
            candidates, _, rank = self._scored(conditions[slots], stream)
            # For each slot the first accepted row, or else the most probable of the rejected ones.
            order = np.lexsort((np.arange(self.block), -rank))
            slot, first = np.unique(slots[order], return_index=True)
            chosen = order[first]
            better = rank[chosen] > best[slot]
            block[slot[better]] = candidates[chosen[better]]
            best[slot[better]] = rank[chosen[better]]
            pending = np.flatnonzero(best < np.inf)
            if not len(pending):
                break
        return block

    def _scored(self, conditions, stream):
        """Candidates, their features, and their rank: infinite if accepted, else the log probability of acceptance."""
        candidates = self._propose(conditions, stream)
        log_uniform = torch.rand(self.block, generator=stream, dtype=torch.float64).log().numpy()
        features = self.features(candidates, conditions)
        log_keep = self.refiner.log_keep(features)
        return candidates, features, np.where(log_uniform < log_keep, np.inf, log_keep)

    def _propose(self, conditions, stream):
        shape = (len(conditions), self.generator.noise_dim)
        return self.rows_at(torch.randn(shape, generator=stream, dtype=torch.float32), conditions)

    @torch.no_grad()
    def rows_at(self, latent, conditions):
        """The encoded rows (n, width) of latents (n, noise_dim) and their conditions; no row is rejected."""
        rows = self.generator(latent.to(self.device), conditions.tensor.to(self.device)).cpu().numpy()
        # Huge finite weights may overflow, and infinity minus infinity is NaN.
        rows = np.nan_to_num(rows, copy=False)
        return rows if self.calibration is None else self.calibration.apply(rows)
