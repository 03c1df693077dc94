"""Metrics of pairs of columns: do synthetic columns depend on each other as the real ones do?"""

import numbers
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd

from skgan._forms import read_tables
from skgan._registry import resolve

from ._marginals import (
    mean_of_counted,
    quantile_codes,
    rescaled,
    shared_codes,
    standard_deviation,
    total_variation,
)

N_BINS = 10


class PairTrends(NamedTuple):
    """The result of `pair_trends`.

    Attributes
    ----------
    score : float
        Mean value of the pairs that are counted; in [0, 1], higher is better.
    pairs : DataFrame
        One row per pair of columns: `column_1` and `column_2` (names, or positions in an array), `metric`
        ("correlation_similarity" or "contingency_similarity"), `value` in [0, 1], `real` and `synthetic` (the strength
        of the dependence: Pearson's correlation of two columns of numbers, else Cramer's V), and `counted`, whether the
        score includes it.
    """

    score: float
    pairs: pd.DataFrame


def pair_trends(
    X_real,
    X_synthetic,
    *,
    min_correlation=0.5,
    min_association=0.3,
    bins="own",
    categorical_features="from_dtype",
):
    """How similar the dependence of pairs of columns is: the Column Pair Trends of sdmetrics' Quality Report.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), or Table
        At least two columns.
    X_synthetic : array-like or frame of shape (n_synthetic, n_columns), or Table
        Columns are matched by name where both sides have text names for all columns, else by position.
    min_correlation : float, default=0.5
        The score includes a pair of columns of numbers or times if the absolute value of their real correlation is
        larger; with 0, all pairs that have a correlation.
    min_association : float, default=0.3
        The score includes any other pair of columns if Cramer's V between the real columns is larger; with 0, all.
    bins : {"own", "deciles"}, default="own"
        How numbers in a pair with categories are cut into ten bins. "own": real and synthetic numbers each between
        their own smallest and largest value, as in sdmetrics. "deciles": both at the deciles of the real numbers, which
        is fairer (see Notes).
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so (text, bool, category): a boolean mask,
        positions or names.

    Returns
    -------
    PairTrends
        `score`, a float in [0, 1], and `pairs`, a DataFrame with one row per pair.

    Raises
    ------
    ValueError, TypeError
        There is a single column, a threshold is not in [0, 1], `bins` is unknown, or rows cannot be read or have other
        columns than X_real.

    See Also
    --------
    column_shapes : How similar the distributions of single columns are.

    Notes
    -----
    A pair of columns of numbers or times has the value ``1 - |r - s| / 2``, with the real and the synthetic Pearson
    correlation r and s of the rows in which both values are known. Any other pair has the value
    ``1 - sum_kl |p_kl - q_kl| / 2``, with the shares p and q of rows that have category k in one column and l in the
    other; missing counts as one more category. For this, numbers are cut into bins.

    With ``bins="own"``, ten bins of equal width lie between the smallest and the largest value of the same side, real
    or synthetic; the largest value and missing values share one more bin. So a single extreme value moves all bins. An
    example are 2,000 rows of a normal variable and its sign: the value of fresh real rows is between 0.4 and 0.96, and
    that of shuffled rows between 0.5 and 0.6. With ``bins="deciles"``, both sides are cut at the real deciles and at
    the real extremes, and missing values have a bin of their own. The values in the example are 0.94 to 0.97 for fresh
    real rows, and 0.5 for shuffled rows.

    The score is the mean value of the pairs whose real dependence exceeds `min_correlation` or `min_association`, or of
    all pairs where none does. It is in [0, 1]; higher is better, and 1 means equal dependence. Dependence that exists
    only in the synthetic rows is ignored, unless the thresholds are 0. The values are symmetric with ``bins="own"``;
    the score is not, as the real rows decide which pairs count.

    A constant column, or fewer than two rows, have no correlation: it is reported as 0, and the pair is not counted,
    even where the real correlation is strong. `column_shapes` detects such a collapse.

    With the defaults, the score equals that of sdmetrics 0.32 to 1e-6, except where sdmetrics returns NaN because no
    pair can be counted, or fails: it leaves out pairs with a category that a dtype declares and no real row has. From
    tables with more than 50,000 rows, sdmetrics draws 50,000 for all pairs other than two columns of numbers; here all
    rows are used.

    References
    ----------
    .. [1] DataCebo, Inc., "SDMetrics", https://docs.sdv.dev/sdmetrics.
    .. [2] Cramer, H., "Mathematical Methods of Statistics", chapter 21, Princeton University Press, 1946.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import pair_trends
    >>> X = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]])
    >>> round(pair_trends(X, X * [1.0, -1.0]).score, 6)
    0.0
    """
    for name, value in (("min_correlation", min_correlation), ("min_association", min_association)):
        if not isinstance(value, numbers.Real) or not 0 <= value <= 1:
            raise ValueError(f"{name}={value!r} is not allowed; {name} must be a number from 0 to 1.")
    cut = resolve("bins", bins, BINS)
    tables = read_tables(X_real, X_synthetic, categorical_features=categorical_features)
    columns = list(zip(*(table.columns for table in tables)))
    if len(columns) < 2:
        raise ValueError("X_real has a single column, but pair_trends compares pairs of columns; use column_shapes.")
    numeric = {j: index for index, j in enumerate(j for j, (a, _) in enumerate(columns) if a.kind == "numeric")}
    correlations = [_correlations([table.columns[j] for j in numeric]) for table in tables]
    codes = [_codes(*pair, cut) for pair in columns] if len(numeric) < len(columns) else []
    rows = []
    for i, j in combinations(range(len(columns)), 2):
        if i in numeric and j in numeric:
            found = _correlation_similarity(*(r[numeric[i], numeric[j]] for r in correlations), min_correlation)
        else:
            found = _contingency_similarity(codes[i], codes[j], min_association)
        rows.append((columns[i][0].name, columns[j][0].name, *found))
    names = ["column_1", "column_2", "metric", "value", "real", "synthetic", "counted"]
    pairs = pd.DataFrame(rows, columns=names)
    return PairTrends(mean_of_counted(pairs), pairs)


def _correlation_similarity(real, synthetic, threshold):
    """The result cells of a pair of numeric columns, from both correlations, which are NaN where undefined."""
    counted = bool(not np.isnan(real + synthetic) and (threshold == 0 or abs(real) > threshold))
    real, synthetic = float(np.nan_to_num(real)), float(np.nan_to_num(synthetic))
    return "correlation_similarity", 1.0 - abs(real - synthetic) / 2, real, synthetic, counted


def _contingency_similarity(first, second, threshold):
    """The result cells of any other pair, from the Codes of both columns."""
    joint = [a * second.n_codes + b for a, b in zip(first.codes, second.codes)]
    # Only the cells that occur: two columns of 10,000 categories have 100 million cells, far more than rows.
    which, cells = pd.factorize(np.concatenate(joint))
    n_real = len(joint[0])
    counts = [np.bincount(part, minlength=len(cells)) for part in (which[:n_real], which[n_real:])]
    of_first, of_second = np.divmod(cells, second.n_codes)
    real, synthetic = (
        _cramers_v(count, of_first, of_second, *totals)
        for count, *totals in zip(counts, first.totals, second.totals)
    )
    counted = bool(threshold == 0 or real > threshold)
    return "contingency_similarity", 1.0 - total_variation(*counts), real, synthetic, counted


def _cramers_v(counts, of_first, of_second, first_totals, second_totals):
    """``sqrt(chi2 / (n min(r - 1, c - 1)))`` for counts of cells in r rows and c columns; 0 where r or c is 1."""
    smaller = min(np.count_nonzero(first_totals), np.count_nonzero(second_totals)) - 1
    if smaller == 0:
        return 0.0
    occurs = counts > 0
    expected = first_totals[of_first[occurs]].astype(np.float64) * second_totals[of_second[occurs]]
    chi2_by_n = max((counts[occurs] ** 2 / expected).sum() - 1.0, 0.0)
    return float(min(np.sqrt(chi2_by_n / smaller), 1.0))


class Codes(NamedTuple):
    """A column as codes: real (n_real,) and synthetic (n_synthetic,) ones, and how often each code occurs in either."""

    codes: tuple
    n_codes: int
    totals: tuple


def _codes(a, b, cut):
    *codes, n_codes = (shared_codes if a.kind == "categorical" else cut)(a, b)
    return Codes(tuple(codes), n_codes, tuple(np.bincount(code, minlength=n_codes) for code in codes))


def _own_bins(a, b):
    """Numbers of two columns as codes of bins between the extremes of the same column."""
    return _bins(a), _bins(b), N_BINS + 2


def _deciles(a, b):
    return quantile_codes(a, b, N_BINS)


BINS = {"own": _own_bins, "deciles": _deciles}


def _bins(column):
    """The bin (n,) of each value, from 1; the largest value and missing values have one more bin."""
    known = column.values[~column.missing].astype(np.float64)
    bins = np.full(len(column.values), N_BINS + 1)
    if len(known):
        low, high = known.min(), known.max()
        if low < high:
            [known] = rescaled(known)
            low, high = known.min(), known.max()
        else:
            # The width that NumPy chooses for the histogram of a constant.
            low, high = low - 0.5, high + 0.5
        bins[~column.missing] = np.digitize(known, np.linspace(low, high, N_BINS + 1))
    return bins


def _correlations(columns):
    """Pearson's correlation of each pair of columns over the rows known in both, shape (n_columns, n_columns).

    It is NaN where undefined. Columns with missing values in the same rows are computed together.
    """
    r = np.full((len(columns), len(columns)), np.nan)
    groups = {}
    for index, column in enumerate(columns):
        groups.setdefault(column.missing.tobytes(), []).append(index)
    for one in groups.values():
        for other in groups.values():
            if one[0] <= other[0]:
                known = ~(columns[one[0]].missing | columns[other[0]].missing)
                if not known.any():
                    continue
                block = _unit_columns(columns, one, known).T @ _unit_columns(columns, other, known)
                r[np.ix_(one, other)] = block
                r[np.ix_(other, one)] = block.T
    return np.clip(r, -1.0, 1.0)


def _unit_columns(columns, indices, known):
    """Columns over the `known` rows, centred and with norm 1; NaN where one is constant."""
    return np.column_stack([_unit(columns[index].values[known]) for index in indices])


def _unit(values):
    [values] = rescaled(values)
    deviation = standard_deviation(values)
    if deviation == 0:
        return np.full(len(values), np.nan)
    return (values - values.mean()) / deviation / np.sqrt(len(values))
