"""Generated rows, block by block.

Each block of 1,024 rows owns its own stream and is computed at one fixed batch shape, so that one call, many calls'
worth in one, and a call cut short give the same rows.
"""

from __future__ import annotations

import numpy as np
import torch

from skgan._random import torch_stream
from skgan.training import crew

BLOCK = 1024
# A slot whose candidates were all rejected this often takes the best of them.
MAX_ATTEMPTS = 24


class RowSource:
    """Encoded rows from a fitted generator.

    Parameters
    ----------
    generator : Generator
    encoder : TableEncoder
    device : torch.device
    calibration : Calibration or None
        Applied to every generated row.
    refiner : Refiner or None
        What rejects; None keeps all.
    """

    def __init__(self, generator, encoder, device, *, calibration=None, refiner=None):
        self.generator = generator
        self.encoder = encoder
        self.device = device
        self.calibration = calibration
        self.refiner = refiner

    def rows(self, n, conditions_of, seed):
        """n encoded rows, ndarray of shape (n, width).

        Parameters
        ----------
        n : int
        conditions_of : callable
            The number of a block to the `Conditions` of its 1,024 rows.
        seed : int
        """
        return self._blocks(n, conditions_of, seed, lambda rows, conditions: rows)

    def features_of(self, n, conditions_of, seed):
        """What the trees see of n rows, of which no more than a block is there at a time."""
        return self._blocks(n, conditions_of, seed, self.features)

    def _blocks(self, n, conditions_of, seed, of):
        def block(number):
            conditions = conditions_of(number)
            return of(self._block(conditions, seed, number), conditions)

        with crew() as many:
            return np.concatenate(many.map(block, range(-(-n // BLOCK))))[:n]

    def features(self, rows, conditions):
        """What the trees see of encoded rows and their conditions."""
        return np.column_stack([self.encoder.row_features(rows), conditions.features])

    def _block(self, conditions, seed, number):
        stream = torch_stream(seed, "rows", number)
        if self.refiner is None:
            return self._propose(conditions, stream)
        block = np.empty((BLOCK, self.encoder.spec_.width), dtype=np.float32)
        best = np.full(BLOCK, -np.inf)
        pending = np.arange(BLOCK)
        for _ in range(MAX_ATTEMPTS):
            slots = np.resize(pending, BLOCK)
            candidates = self._propose(conditions[slots], stream)
            luck = torch.rand(BLOCK, generator=stream, dtype=torch.float64).log().numpy()
            log_keep = self.refiner.log_keep(self.features(candidates, conditions[slots]))
            accepted = luck < log_keep
            if not conditions.codes.shape[1]:
                # All slots ask for the same: the accepted are dealt to the pending first, none twice to one slot.
                slots[np.argsort(~accepted, kind="stable")] = np.resize(pending, BLOCK)
            # The accepted come first, in the order of their drawing; after them the likeliest of the rejected.
            rank = np.where(accepted, np.inf, log_keep)
            order = np.lexsort((np.arange(BLOCK), -rank))
            slot, first = np.unique(slots[order], return_index=True)
            chosen = order[first]
            better = rank[chosen] > best[slot]
            block[slot[better]] = candidates[chosen[better]]
            best[slot[better]] = rank[chosen[better]]
            pending = np.flatnonzero(best < np.inf)
            if not len(pending):
                break
        return block

    def _propose(self, conditions, stream):
        shape = (len(conditions), self.generator.latent_width)
        return self.rows_at(torch.randn(shape, generator=stream, dtype=torch.float32), conditions)

    @torch.no_grad()
    def rows_at(self, latent, conditions):
        """The encoded rows (n, width) of these latents (n, latent_width) and conditions: none is rejected."""
        rows = self.generator(latent.to(self.device), conditions.codes.to(self.device)).cpu().numpy()
        return rows if self.calibration is None else self.calibration.apply(rows)
