"""Which values were made before, in little memory."""

import numpy as np
import pandas as pd

# At most so many hashes are sorted together, so that no large array is ever copied.
MAX_RUN = 2**22


def hashes_of(values):
    """64-bit hashes, ndarray of uint64 (n,), of values (list of n): texts, or numbers by their text."""
    texts = values if values and isinstance(values[0], str) else list(map(str, values))
    return pd.util.hash_array(np.array(texts, dtype=object), categorize=False)


class Distinct:
    """The hashes that were seen: 8 bytes each, in sorted runs.

    A set of Python's texts would take more than 100 bytes each. Two values with the same hash count as equal, so that
    one of them is left out, and all that are kept are distinct.
    """

    def __init__(self):
        self._runs = []

    def add(self, hashes):
        """Which of the hashes (n,) are seen for the first time, bool (n,)."""
        distinct, first = np.unique(hashes, return_index=True)
        unseen = np.ones(len(distinct), dtype=bool)
        for run in self._runs:
            unseen &= run[np.searchsorted(run, distinct).clip(max=len(run) - 1)] != distinct
        is_new = np.zeros(len(hashes), dtype=bool)
        is_new[first[unseen]] = True
        self._keep(distinct[unseen])
        return is_new

    def _keep(self, run):
        # Runs of similar length are merged, so that there are few.
        while self._runs and len(self._runs[-1]) <= 2 * len(run) and len(self._runs[-1]) + len(run) <= MAX_RUN:
            run = np.sort(np.concatenate([self._runs.pop(), run]))
        if len(run):
            self._runs.append(run)
