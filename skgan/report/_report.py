"""Report: the numbers, and how they are told."""

from pathlib import Path

import pandas as pd

from ._findings import findings
from ._html import fragment, page
from ._sections import Images
from ._text import text
from ._words import WORDS, loss_beyond_floor, verdict


class Report:
    """What `skgan.evaluate` returns: it prints as a table, shows itself in notebooks, and is saved as one HTML file.

    Attributes
    ----------
    findings : list of str
        What to look at, in plain words, the worst first.
    sizes : dict
        How many rows were compared with how many: the keys real, synthetic, floor (both at the size that was judged),
        columns and max_rows (at most so many rows in metrics that compare each row with each other).

    Methods are `to_frame` and `save`.
    """

    def __init__(self, numbers, real, synthetic, holdout, context):
        self._sides = real, synthetic, holdout
        self._context = context
        n = min(synthetic.n_rows, context.test.n_rows)
        self.sizes = {
            "real": real.n_rows,
            "synthetic": n,
            "floor": n,
            "columns": None if isinstance(real, Images) else len(real.columns),
            "max_rows": context.max_rows,
        }
        self._frame = _frame(numbers)
        self.findings = findings(self._frame, real, synthetic, holdout)

    def to_frame(self):
        """All numbers.

        Returns
        -------
        DataFrame
            Columns section, metric, column (None, the name of a column, or a pair of names), value, floor, better
            ("higher", "lower", "nearer 0.5", "nearer 1"), verdict ("as real", "near" or "off" beside the floor, empty
            for distances), n_rows (synthetic rows looked at) and one column a baseline. Numbers about all columns
            come first, then single columns and pairs, the worst first.
        """
        return self._frame.copy()

    def save(self, path):
        """Write the report as one HTML file, pictures inside, which needs no network.

        Parameters
        ----------
        path : str or path-like
            Best with the suffix ``.html``. Without matplotlib the pictures are left out, and the page says so.
        """
        Path(path).write_text(page(self), encoding="utf-8")

    def _repr_html_(self):
        return fragment(self)

    def __repr__(self):
        return text(self)


def _judged(*, noise, **number):
    """A number with what is better, and the verdict."""
    metric = number["metric"]
    said = verdict(metric, number["value"], number["floor"], number["n_rows"], noise=noise)
    return {**number, "better": WORDS[metric].better, "verdict": said}


def _frame(numbers):
    rows = [_judged(**number) for number in numbers]
    # Numbers about the whole stay in the order of the sections; those about parts are sorted.
    def place(row):
        if row["column"] is None:
            return (0, 0.0)
        beyond = loss_beyond_floor(row["metric"], row["value"], row["floor"])
        return (2 if isinstance(row["column"], tuple) else 1, -beyond)

    rows.sort(key=place)
    first = ["section", "metric", "column", "value", "floor", "better", "verdict", "n_rows"]
    return pd.DataFrame(rows, columns=[*first, *(name for name in rows[0] if name not in first)])
