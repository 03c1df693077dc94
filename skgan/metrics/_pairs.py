"""Two columns at a time: are real trends between them there in synthetic rows too?"""

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
    shared_codes,
    standard_deviation,
    total_variation,
    within_reach,
)

N_BINS = 10


class PairTrends(NamedTuple):
    """How alike the trends between columns are.

    Attributes
    ----------
    score : float
        Mean value of the pairs that count; in [0, 1], higher is better.
    pairs : DataFrame
        One row a pair of columns: `column_1` and `column_2` (names, or positions in an array), `metric`
        ("correlation_similarity" or "contingency_similarity"), `value` in [0, 1], `real` and `synthetic` (how strong
        the trend is there: Pearson's correlation of two columns of numbers, else Cramer's V), and `counted`: whether
        the score counts it.
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
    """How alike the trends between columns are: the Column Pair Trends of sdmetrics' Quality Report.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), or Table
        At least two columns.
    X_synthetic : array-like or frame of shape (n_synthetic, n_columns), or Table
        Columns are found by name where both sides name all by text, else by position.
    min_correlation : float, default=0.5
        The score counts two columns of numbers or times if their real correlation is beyond this in magnitude; at 0,
        all that have one.
    min_association : float, default=0.3
        The score counts any other two columns if Cramer's V between the real ones is above this; at 0, all.
    bins : {"own", "deciles"}, default="own"
        How numbers beside levels are cut into ten bins: real and synthetic ones each between their own smallest and
        largest value, as sdmetrics does it, or both at the deciles of the real ones, which is fairer (see Notes).
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so (text, bool, category): a boolean mask,
        positions or names.

    Returns
    -------
    PairTrends
        `score`, a float in [0, 1], and `pairs`, a DataFrame of one row a pair.

    Raises
    ------
    ValueError, TypeError
        There is a single column; a threshold is not in [0, 1]; `bins` is no such word; what cannot be read, or is not
        laid out as X_real is.

    See Also
    --------
    column_shapes : How alike the columns are one by one.

    Notes
    -----
    Two columns of numbers or times have the value ``1 - |r - s| / 2`` with the real and the synthetic Pearson
    correlation r and s of the rows in which both are known. Any other two have ``1 - sum_kl |p_kl - q_kl| / 2`` with
    the shares p and q of rows that hold level k of the one and l of the other; a gap is one more level. To that end
    numbers are cut into bins. With ``bins="own"`` ten bins of equal width lie between the smallest and the largest
    value of their own side, real or synthetic; the largest value and gaps share a bin beyond those. So a single extreme
    value moves all bins: of 2,000 rows of a normal variable and its sign, fresh real rows have values from 0.4 to 0.96,
    and shuffled ones from 0.5 to 0.6. With ``bins="deciles"`` both sides are cut where the real values are, beyond
    their extremes too, and gaps have a bin alone (0.94 to 0.97, and 0.5).

    The score is the mean value of the pairs with a real trend, as `min_correlation` and `min_association` say; where no
    pair has, of all pairs. Range [0, 1]; higher is better, and 1 means equal trends. A trend that synthetic rows alone
    have is not counted but at thresholds 0. Values are symmetric with ``bins="own"``; the score is not, as the real
    rows say what counts.

    A column that never varies, or fewer than two rows, have no correlation: it is written as 0, and the pair is not
    counted, not even where the real correlation is strong. `column_shapes` sees such a collapse.

    With the defaults, the score equals that of sdmetrics 0.32 to 1e-6 but where sdmetrics has none (NaN: no pair can be
    counted) or fails: pairs with categories that a dtype declares and no real row holds are left out there. Of tables
    longer than 50,000 rows it compares a random sample of so many in all pairs but those of two columns of numbers;
    here all rows count.

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
        raise ValueError("X_real has a single column, but pair_trends compares columns two by two; use column_shapes.")
    numeric = {j: place for place, j in enumerate(j for j, (a, _) in enumerate(columns) if a.kind == "numeric")}
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


def _correlation_similarity(real, synthetic, least):
    """The cells of a pair of numbers, of either correlation, NaN where there is none."""
    counted = bool(not np.isnan(real + synthetic) and (least == 0 or abs(real) > least))
    real, synthetic = float(np.nan_to_num(real)), float(np.nan_to_num(synthetic))
    return "correlation_similarity", 1.0 - abs(real - synthetic) / 2, real, synthetic, counted


def _contingency_similarity(first, second, least):
    """The cells of any other pair, of what `_codes` says about either column."""
    joint = [a * second.n_codes + b for a, b in zip(first.codes, second.codes)]
    # Only cells that occur: two columns of 10,000 levels have 100 million cells and no more rows than others.
    which, cells = pd.factorize(np.concatenate(joint))
    n_real = len(joint[0])
    counts = [np.bincount(part, minlength=len(cells)) for part in (which[:n_real], which[n_real:])]
    of_first, of_second = np.divmod(cells, second.n_codes)
    real, synthetic = (
        _cramers_v(count, of_first, of_second, *totals)
        for count, *totals in zip(counts, first.totals, second.totals)
    )
    counted = bool(least == 0 or real > least)
    return "contingency_similarity", 1.0 - total_variation(*counts), real, synthetic, counted


def _cramers_v(counts, of_first, of_second, first_totals, second_totals):
    """``sqrt(chi2 / (n min(r - 1, c - 1)))`` of counts of cells in r rows and c columns; 0 if one of either."""
    smaller = min(np.count_nonzero(first_totals), np.count_nonzero(second_totals)) - 1
    if smaller == 0:
        return 0.0
    here = counts > 0
    expected = first_totals[of_first[here]].astype(np.float64) * second_totals[of_second[here]]
    chi2_by_n = max((counts[here] ** 2 / expected).sum() - 1.0, 0.0)
    return float(min(np.sqrt(chi2_by_n / smaller), 1.0))


class Codes(NamedTuple):
    """A column as codes, real and synthetic: arrays (n_real,), (n_synthetic,), and how often each code occurs."""

    codes: tuple
    n_codes: int
    totals: tuple


def _codes(a, b, cut):
    *codes, n_codes = (shared_codes if a.kind == "categorical" else cut)(a, b)
    return Codes(tuple(codes), n_codes, tuple(np.bincount(code, minlength=n_codes) for code in codes))


def _own_bins(a, b):
    """Numbers of two columns as codes of bins, each between its own extremes."""
    return _bins(a), _bins(b), N_BINS + 2


def _deciles(a, b):
    return quantile_codes(a, b, N_BINS)


BINS = {"own": _own_bins, "deciles": _deciles}


def _bins(column):
    """Number (n,) of the bin of equal width, from 1; one more at the largest value and in gaps."""
    known = column.values[~column.missing].astype(np.float64)
    bins = np.full(len(column.values), N_BINS + 1)
    if len(known):
        low, high = known.min(), known.max()
        if low < high:
            [known] = within_reach(known)
            low, high = known.min(), known.max()
        else:
            # As wide as NumPy makes the histogram of a constant.
            low, high = low - 0.5, high + 0.5
        bins[~column.missing] = np.digitize(known, np.linspace(low, high, N_BINS + 1))
    return bins


def _correlations(columns):
    """Pearson's correlation of each two columns over the rows that both know, shape (n_columns, n_columns).

    NaN where there is none. Columns with gaps in the same rows are treated together.
    """
    r = np.full((len(columns), len(columns)), np.nan)
    groups = {}
    for place, column in enumerate(columns):
        groups.setdefault(column.missing.tobytes(), []).append(place)
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


def _unit_columns(columns, places, known):
    """Columns about their mean over the `known` rows, of length 1; NaN where one does not vary."""
    return np.column_stack([_unit(columns[place].values[known]) for place in places])


def _unit(values):
    [values] = within_reach(values)
    spread = standard_deviation(values)
    if spread == 0:
        return np.full(len(values), np.nan)
    return (values - values.mean()) / spread / np.sqrt(len(values))
