"""Report: the result of evaluate."""

from pathlib import Path

import pandas as pd

from skgan.metrics._telling import Telling

from ._findings import findings
from ._html import fragment, page
from ._sections import Images
from ._text import text
from ._words import WORDS, loss_beyond_floor, verdict


class Report:
    """The result of `skgan.evaluate`: it prints as a table, is shown by notebooks, and can be saved as one HTML file.

    Attributes
    ----------
    findings : list of str
        Sentences about the problems that were found, the most serious first.
    sizes : dict
        Numbers of rows that were compared: the keys real, synthetic and floor; the number of columns; and max_rows, the
        limit to the rows of metrics that compare all pairs of rows.
    telling_columns : DataFrame
        The columns, and pairs of columns, by which a classifier tells synthetic rows from real ones: ``column``;
        ``auc``, that of a classifier which is given nothing else; and ``drop``, by how much the AUC falls if the column
        is shuffled. At most five columns and five pairs, the most telling first; none where `two_sample` is as real.

    Methods are `to_frame` and `save`.
    """

    def __init__(self, numbers, real, synthetic, holdout, context, origin, telling, set_apart=(), leak=None):
        self._sides = real, synthetic, holdout
        self._context, self._origin = context, origin
        self.telling_columns = pd.DataFrame(telling, columns=list(Telling._fields))
        n = min(synthetic.n_rows, context.test.n_rows)
        self.sizes = {
            "real": real.n_rows,
            "synthetic": n,
            "floor": n,
            "columns": None if isinstance(real, Images) else len(real.columns),
            "max_rows": context.max_rows,
        }
        self._frame = _frame(numbers)
        self.findings = findings(self._frame, telling, real, synthetic, holdout, dict(set_apart), leak)

    def to_frame(self):
        """Return all numbers.

        Returns
        -------
        DataFrame
            Columns section, metric, column (None, the name of a column, or a pair of names), value, floor, better
            ("higher", "lower", "nearer 0.5", "nearer 1"), verdict ("as real", "near" or "off" compared with the floor,
            "both 0" for two zeros, "too few rows" where a large difference may be chance, empty for distances), n_rows
            (rows that value and floor were computed from, the smaller number of the two) and one column per baseline.
            Numbers about all columns come first, then those of single columns and of pairs, the worst first.
        """
        return self._frame.copy()

    def save(self, path):
        """Write the report as one HTML file, which contains its pictures and loads nothing from the network.

        Parameters
        ----------
        path : str or path-like
            Preferably with the suffix ``.html``. Without matplotlib the pictures are left out, and the page says so.
        """
        Path(path).write_text(page(self), encoding="utf-8")

    def _repr_html_(self):
        return fragment(self)

    def __repr__(self):
        return text(self)


def _judged(*, noise, **number):
    """A number with the direction that is better, and its verdict."""
    metric = number["metric"]
    judged = verdict(metric, number["value"], number["floor"], number["n_rows"], noise=noise)
    return {**number, "better": WORDS[metric].better, "verdict": judged}


def _frame(numbers):
    rows = [_judged(**number) for number in numbers]
    # Numbers about all columns stay in the order of the sections; those of columns and pairs are sorted.
    def rank(row):
        if row["column"] is None:
            return (0, 0.0)
        beyond = loss_beyond_floor(row["metric"], row["value"], row["floor"])
        return (2 if isinstance(row["column"], tuple) else 1, -beyond)

    rows.sort(key=rank)
    first = ["section", "metric", "column", "value", "floor", "better", "verdict", "n_rows"]
    return pd.DataFrame(rows, columns=[*first, *(name for name in rows[0] if name not in first)])
