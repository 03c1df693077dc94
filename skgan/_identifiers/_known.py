"""Remember which values were training values, without keeping them."""

import numpy as np

from skgan._state import Array, Stateful, Whole, ascends, demand

from ._distinct import hashes_of

# An unknown value looks known in less than one case of two to this power.
SPARE_BITS = 7


class Known(Stateful):
    """Truncated 64-bit hashes of training values, sorted: at most 8 bytes per value.

    They have only as many bits as make an unknown value look known in less than one case of 128. So all training values
    are refused, few others are, and who tries all possible values against them finds far more others than training
    values.

    Parameters
    ----------
    values : list of str or of int
    """

    STATE = {"n_bits": Whole(1, 64), "hashes": Array("u", (None,))}

    def __init__(self, values):
        self.n_bits = len(values).bit_length() + SPARE_BITS
        hashes = np.unique(self._truncated(hashes_of(values)))
        self.hashes = hashes.astype(np.uint32) if self.n_bits <= 32 else hashes

    def complete(self):
        demand(ascends(self.hashes, strictly=True), "hashes", "ascend")
        demand(not self.hashes.size or int(self.hashes[-1]) < 2**self.n_bits, "hashes", "have n_bits bits")

        # Otherwise the search for an unknown value might not end.
        few = self.share * 2**SPARE_BITS <= 1
        demand(few, "hashes", f"be at most one of {2**SPARE_BITS} numbers of n_bits bits")

    @property
    def share(self):
        """How likely an unknown value is to look known."""
        return self.hashes.size / 2**self.n_bits

    def holds(self, values):
        """Which of the values (list of n) may be training values, as an array of bool (n,)."""
        return self.holds_hashes(hashes_of(values))

    def holds_hashes(self, hashes):
        """As `holds`, of the values with these 64-bit hashes (n,)."""
        if not self.hashes.size:
            return np.zeros(len(hashes), dtype=bool)
        hashes = self._truncated(hashes)
        places = np.searchsorted(self.hashes, hashes).clip(max=len(self.hashes) - 1)
        return self.hashes[places] == hashes

    def _truncated(self, hashes):
        return hashes >> np.uint64(64 - self.n_bits)
