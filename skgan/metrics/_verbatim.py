"""Texts and identifiers of training rows that synthetic rows show verbatim."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from skgan._forms import read_tables
from skgan._identifiers import free_texts_of, identifiers_of


class VerbatimText(NamedTuple):
    """The result of `verbatim_text`."""

    score: float
    columns: pd.DataFrame


def verbatim_text(X_real, X_synthetic, *, categorical_features="from_dtype"):
    """Share of texts and identifiers that occur verbatim in a training row, in columns that hold a new one in each row.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), or Table
        The rows that the sampler was fitted on, in their order.
    X_synthetic : the same, of any number of rows
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so: a boolean mask, positions or names.

    Returns
    -------
    VerbatimText
        ``score``, in [0, 1]; lower is better. The ideal is the score of fresh real rows, which is near 0. It is 0 where
        no column holds such values. ``columns``, a DataFrame with the columns ``column`` and ``value``: the share of
        each column of this kind.

    Notes
    -----
    Columns count by the real rows: those of free text (most values are distinct, and their median has 4 words or more),
    those of identifiers and, from 50 rows on, those of nearly distinct shorter texts. With
    the values :math:`y_{jc}` of synthetic rows j that are not missing, and training rows x, the score is

    .. math:: \\mathrm{mean}_{jc} [\\exists i: y_{jc} = x_{ic}].

    Nothing is normalised: a text with another punctuation is not verbatim.

    References
    ----------
    N. Carlini et al. (2021). Extracting training data from large language models. USENIX Security Symposium.

    Examples
    --------
    >>> from skgan.metrics import verbatim_text
    >>> X_real = [[i % 7, f"patient {i} was seen with pain in knee {i}"] for i in range(100)]
    >>> X_synthetic = [[1, "patient 3 was seen with pain in knee 3"], [2, "[text]"]]
    >>> verbatim_text(X_real, X_synthetic).score
    0.5
    """
    real, synthetic = read_tables(X_real, X_synthetic, categorical_features=categorical_features)
    return _verbatim(real, {j: np.isin(*_values(synthetic, real, j)) for j in verbatim_columns(real)})


def repeated_texts(X):
    """`verbatim_text` of each row of X beside all its other rows."""
    [table] = read_tables(X, names=())
    shared = {j: pd.Series(_known(table, j)).duplicated(keep=False).to_numpy() for j in verbatim_columns(table)}
    return _verbatim(table, shared)


def verbatim_columns(table):
    """The positions of the columns that `verbatim_text` looks at, a list of int."""
    found = identifiers_of(table)
    # Numbers that may be quantities are what `unique_value_share` is for.
    found = [j for j, each in found.items() if each.certain or table.columns[j].kind == "categorical"]
    return sorted([*found, *free_texts_of(table, found)])


def _verbatim(table, shown):
    """The result, by which values (n,) of each column are shown."""
    names = [table.form.names[j] for j in shown]
    values = [float(each.mean()) if len(each) else 0.0 for each in shown.values()]
    each = np.concatenate([*shown.values(), np.empty(0, dtype=bool)])
    # Names may be tuples, which a frame would spread.
    columns = pd.DataFrame({"column": pd.Series(names, dtype=object), "value": pd.Series(values, dtype=float)})
    return VerbatimText(float(each.mean()) if len(each) else 0.0, columns)


def _values(synthetic, real, position):
    """The known values of a column in both tables, as codes."""
    sides = [_known(table, position) for table in (synthetic, real)]
    codes = pd.factorize(np.concatenate(sides))[0]
    return codes[: len(sides[0])], codes[len(sides[0]) :]


def _known(table, position):
    column = table.columns[position]
    return column.values[~column.missing]
