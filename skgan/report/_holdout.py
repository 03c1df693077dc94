"""Whether held-out rows are among the real rows, where they measure nothing."""

from typing import NamedTuple

from skgan.metrics import exact_copies, repeated_rows

from ._sections import Images
from ._words import verdict


class Leak(NamedTuple):
    """The share of held-out rows that equal a real row, and the share of real rows that equal another real row."""

    share: float
    by_chance: float

    def __str__(self):
        return (
            f"Held-out rows are among the real rows: {100 * self.share:.3g} % of them equal a real row, while "
            f"{100 * self.by_chance:.3g} % of real rows equal another real row. So the floor is that of copies, and "
            "copies are not found. Leave the held-out rows out of the real rows, and fit the sampler without them."
        )


def leak_of(real, holdout):
    """The `Leak` of more held-out rows than chance explains, or None.

    Parameters
    ----------
    real, holdout : Table or Images
        With all columns, those of identifiers too.
    """
    real, holdout = (_plain(rows) for rows in (real, holdout))
    leak = Leak(exact_copies(real, holdout), repeated_rows(real))
    return leak if verdict("exact_copies", *leak, len(holdout)) in ("near", "off") else None


def _plain(rows):
    return rows.stack.reshape(rows.n_rows, -1) if isinstance(rows, Images) else rows
