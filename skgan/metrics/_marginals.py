"""Metrics of single columns: how similar are its real and its synthetic values?"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import rel_entr

from skgan._forms import read_tables, read_target
from skgan._validation import is_whole

DECIMALS = 14
# Larger floats have fewer than 14 decimals.
ROUNDABLE = 100.0


class ColumnShapes(NamedTuple):
    """The result of `column_shapes`.

    Attributes
    ----------
    score : float
        Mean value of the columns that are counted; in [0, 1], higher is better.
    columns : DataFrame
        One row per column: `column` (its name, or its position in an array), `metric` ("ks_complement" or
        "total_variation_complement"), `value` in [0, 1], and `counted`, whether the score includes it.
    """

    score: float
    columns: pd.DataFrame


class ColumnDistances(NamedTuple):
    """The result of `column_wasserstein` and `column_jensen_shannon`.

    Attributes
    ----------
    score : float
        Mean value of the columns; at least 0, lower is better.
    columns : DataFrame
        One row per column: `column` (its name, or its position in an array), `metric` ("wasserstein",
        "total_variation" or "jensen_shannon") and `value`.
    """

    score: float
    columns: pd.DataFrame


def column_shapes(X_real, X_synthetic, *, categorical_features="from_dtype"):
    """How similar the distributions of single columns are: the Column Shapes of sdmetrics' Quality Report.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), or Table
    X_synthetic : array-like or frame of shape (n_synthetic, n_columns), or Table
        Columns are matched by name where both sides have text names for all columns, else by position.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so (text, bool, category): a boolean mask,
        positions or names.

    Returns
    -------
    ColumnShapes
        `score`, a float in [0, 1], and `columns`, a DataFrame with one row per column.

    Raises
    ------
    ValueError, TypeError
        Rows that cannot be read, or whose columns differ from those of X_real; the message names them.

    See Also
    --------
    column_wasserstein, column_jensen_shannon : Distances, which also detect differences in missing values.
    pair_trends : How similar the dependence of pairs of columns is.

    Notes
    -----
    A column of numbers or times has the value of `ks_complement`, ``1 - max_x |F(x) - G(x)|``; a column of categories
    that of `total_variation_complement`, ``1 - sum_k |p_k - q_k| / 2``. The score is their mean. It is in [0, 1];
    higher is better: 1 where all columns have equal distributions, 0 where the real and synthetic values of no column
    overlap. Two samples of n rows from one distribution score below 1 by about ``1 / sqrt(n)``. Dependence between
    columns has no influence. The score is symmetric: real and synthetic rows can be swapped.

    Missing values are ignored. A column whose values are all missing on one side has the value 0, and on both sides
    the value 1. Such a column is not counted, unless no column can be counted.

    The score equals that of sdmetrics 0.32 to 1e-6, with these exceptions: where sdmetrics returns NaN because no
    column can be counted; for times with a time zone (here local times, there UTC); and for columns of numbers whose
    magnitudes are all far below 1 (sdmetrics rounds to 14 decimals; here these are relative to the largest number).
    sdmetrics adds 1e-6 to the count of a category that real rows lack, which changes a value by less than
    ``1e-6 * n_categories / n_real``; here this is not done.

    References
    ----------
    .. [1] DataCebo, Inc., "SDMetrics", https://docs.sdv.dev/sdmetrics.

    Examples
    --------
    >>> import pandas as pd
    >>> from skgan.metrics import column_shapes
    >>> real = pd.DataFrame({"age": [20, 30, 40, 50], "smokes": ["yes", "no", "no", "no"]})
    >>> synthetic = pd.DataFrame({"age": [20, 30, 40, 40], "smokes": ["yes", "yes", "yes", "no"]})
    >>> shapes = column_shapes(real, synthetic)
    >>> shapes.score
    0.625
    >>> shapes.columns["value"].tolist()
    [0.75, 0.5]
    """
    real, synthetic = read_tables(X_real, X_synthetic, categorical_features=categorical_features)
    rows = []
    for a, b in zip(real.columns, synthetic.columns):
        metric, complement = SHAPES[a.kind]
        has_values = not (a.missing.all() or b.missing.all())
        rows.append((a.name, metric, complement(a, b), has_values))
    columns = pd.DataFrame(rows, columns=["column", "metric", "value", "counted"])
    return ColumnShapes(mean_of_counted(columns), columns)


def column_wasserstein(X_real, X_synthetic, *, categorical_features="from_dtype"):
    """Distance between the distributions of single columns, in standard deviations of the real column.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), or Table
    X_synthetic : array-like or frame of shape (n_synthetic, n_columns), or Table
        Columns are matched by name where both sides have text names for all columns, else by position.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so: a boolean mask, positions or names.

    Returns
    -------
    ColumnDistances
        `score`, a float, and `columns`, a DataFrame with one row per column.

    Raises
    ------
    ValueError, TypeError
        Rows that cannot be read, or whose columns differ from those of X_real; the message names them.

    Notes
    -----
    For numbers or times the value is ``integral |F(x) - G(x)| dx / s + |m - m'|``: the 1-Wasserstein distance of the
    known values, divided by the standard deviation s of the real ones so that columns can be compared, plus the
    difference in the shares m of missing values. So shifting a column by one standard deviation has the value 1. Where
    the real column is constant, s is the standard deviation of both columns together. Where one side has no known
    values, the value is the difference in the shares of missing values.

    For categories the value is the total variation ``sum_k |p_k - q_k| / 2``, where missing counts as one more
    category.

    Values are in [0, inf) for numbers and in [0, 1] for categories; lower is better, and 0 means equal distributions.
    The distance is not symmetric: the real column sets the scale.

    References
    ----------
    .. [1] Ramdas, A., Garcia Trillos, N. and Cuturi, M., "On Wasserstein two-sample testing and related families of
       nonparametric tests", Entropy 19(2), 2017.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import column_wasserstein
    >>> X = np.array([[0.0, 5.0], [2.0, 9.0]])
    >>> column_wasserstein(X, X + [1.0, 0.0]).columns["value"].tolist()
    [1.0, 0.0]
    """
    real, synthetic = read_tables(X_real, X_synthetic, categorical_features=categorical_features)
    return _distances(real, synthetic, WASSERSTEIN)


def column_jensen_shannon(X_real, X_synthetic, *, n_bins=20, categorical_features="from_dtype"):
    """Jensen-Shannon distance between the distributions of single columns.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), or Table
    X_synthetic : array-like or frame of shape (n_synthetic, n_columns), or Table
        Columns are matched by name where both sides have text names for all columns, else by position.
    n_bins : int, default=20
        Number of bins, with equal numbers of real values, for a column of numbers or times. More bins detect finer
        differences, but are noisier for few rows.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so: a boolean mask, positions or names.

    Returns
    -------
    ColumnDistances
        `score`, a float in [0, 1], and `columns`, a DataFrame with one row per column.

    Raises
    ------
    ValueError, TypeError
        `n_bins` is not a whole number of at least 2, or rows cannot be read or have other columns than X_real.

    Notes
    -----
    The value is ``sqrt((KL(p, m) + KL(q, m)) / 2)`` where ``m = (p + q) / 2`` and logarithms have base 2, so it is in
    [0, 1]; lower is better: 0 means equal shares, 1 that no category or bin occurs on both sides.

    The shares p and q are those of categories, or of the bins between the quantiles of the real column. Values below
    all real ones, values above all real ones, and values that equal a quantile (which are many in some columns) have
    bins of their own. Missing values are one more category or bin. The distance is not symmetric: the real column sets
    the bins. Differences within a bin are not detected.

    References
    ----------
    .. [1] Lin, J., "Divergence measures based on the Shannon entropy", IEEE Transactions on Information Theory 37(1),
       1991.
    .. [2] Endres, D. M. and Schindelin, J. E., "A new metric for probability distributions", IEEE Transactions on
       Information Theory 49(7), 2003.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import column_jensen_shannon
    >>> real, synthetic = np.array([["a"], ["a"]]), np.array([["a"], ["b"]])
    >>> round(column_jensen_shannon(real, synthetic).score, 4)
    0.5579
    """
    if not is_whole(n_bins) or n_bins < 2:
        raise ValueError(f"n_bins={n_bins!r} is not allowed; n_bins must be a whole number of at least 2.")
    real, synthetic = read_tables(X_real, X_synthetic, categorical_features=categorical_features)

    def of_numbers(a, b):
        return _jensen_shannon(*_counts(*quantile_codes(a, b, n_bins)))

    def of_categories(a, b):
        return _jensen_shannon(*_counts(*shared_codes(a, b)))

    name = "jensen_shannon"
    return _distances(real, synthetic, {"numeric": (name, of_numbers), "categorical": (name, of_categories)})


def ks_complement(a, b):
    """1 minus the Kolmogorov-Smirnov distance between two samples of numbers or times.

    Parameters
    ----------
    a : array-like or series of shape (n_a,)
    b : array-like or series of shape (n_b,)

    Returns
    -------
    float

    Raises
    ------
    ValueError, TypeError
        A sample that cannot be read, or holds categories.

    Notes
    -----
    The value is ``1 - max_x |F(x) - G(x)|`` with the shares F(x) and G(x) of values up to x. It is in [0, 1]; higher is
    better: 1 means equal distributions, 0 that all values of one sample are below all values of the other. It is
    symmetric. Missing values are ignored; the value is 1 where all values of both samples are missing, and 0 where all
    of one sample are. Floats that are equal after rounding to 14 decimals count as equal.

    References
    ----------
    .. [1] Massey, F. J., "The Kolmogorov-Smirnov test for goodness of fit", Journal of the American Statistical
       Association 46(253), 1951.

    Examples
    --------
    >>> from skgan.metrics import ks_complement
    >>> ks_complement([1, 2, 3, 4], [3, 4, 5, 6])
    0.5
    """
    first, second = _read_samples(a, b)
    if first.kind == "categorical":
        raise TypeError("a holds categories, which have no order; use total_variation_complement, or pass numbers.")
    return _ks_complement(first, second)


def total_variation_complement(a, b):
    """1 minus the total variation distance between two samples of categories.

    Parameters
    ----------
    a : array-like or series of shape (n_a,)
    b : array-like or series of shape (n_b,)
        Numbers count as categories.

    Returns
    -------
    float

    Raises
    ------
    ValueError, TypeError
        A sample that cannot be read.

    Notes
    -----
    The value is ``1 - sum_k |p_k - q_k| / 2`` with the shares p and q of the categories. It is in [0, 1]; higher is
    better: 1 means equal shares, 0 that no category occurs on both sides. It is symmetric. Missing values are ignored;
    the value is 1 where all values of both samples are missing, and 0 where all of one sample are.

    References
    ----------
    .. [1] Levin, D. A., Peres, Y. and Wilmer, E. L., "Markov Chains and Mixing Times", chapter 4, American Mathematical
       Society, 2009.

    Examples
    --------
    >>> from skgan.metrics import total_variation_complement
    >>> total_variation_complement(["a", "a", "b", "c"], ["a", "b", "b", "d"])
    0.5
    """
    return _total_variation_complement(*_read_samples(a, b, as_categories=True))


def mean_of_counted(frame):
    """Mean `value` of the rows that are `counted`, or of all rows where none is counted."""
    counted = frame["counted"].to_numpy()
    return float(frame["value"].to_numpy()[counted if counted.any() else slice(None)].mean())


def total_variation(a, b):
    """Half the sum of absolute differences in shares, for counts `a` and `b` (n_cells,); 1 where one side is empty.

    It is computed from integers, so that the order of the cells does not change the last digit.
    """
    n, m = int(a.sum()), int(b.sum())
    if n == 0 or m == 0:
        return float(n != m)
    return int(np.abs(a * m - b * n).sum()) / (2 * n * m)


def shared_codes(a, b):
    """Categories of two columns as codes, and the number of codes; the highest code is for missing values."""
    codes, categories = pd.factorize(np.concatenate([a.values, b.values]))
    codes[codes < 0] = len(categories)
    return codes[: len(a.values)], codes[len(a.values) :], len(categories) + 1


def quantile_codes(a, b, n_bins):
    """Numbers of two columns as codes of bins that hold equally many real values `a`; the highest is for missing ones.

    Values that equal a quantile have a bin of their own, as have values below or above all real ones.
    """
    known = rescaled(_known(a), _known(b))
    shares = np.linspace(0, 1, n_bins + 1)
    edges = np.unique(np.quantile(known[0], shares)) if len(known[0]) else np.empty(0)
    missing = 2 * len(edges) + 1
    codes = np.full(len(a.values), missing), np.full(len(b.values), missing)
    for code, column, values in zip(codes, (a, b), known):
        # Twice the number of edges below, plus 1 on an edge.
        code[~column.missing] = np.searchsorted(edges, values, "left") + np.searchsorted(edges, values, "right")
    return *codes, missing + 1


def rescaled(*arrays):
    """Arrays times one power of two, with which their largest number is near 1, so that squares stay finite."""
    _, exponent = np.frexp(_largest(arrays))
    return [np.ldexp(array.astype(np.float64), -exponent) for array in arrays]


def _largest(arrays):
    """The largest magnitude in any of the arrays; 0 where all are empty."""
    return max(float(np.abs(array.astype(np.float64)).max(initial=0.0)) for array in arrays)


def standard_deviation(values):
    """Standard deviation of floats (n,), however small they are; exactly 0 where all are equal."""
    if len(values) == 0 or values.min() == values.max():
        return 0.0
    centred = values - values.mean()
    largest = np.abs(centred).max()
    return float(largest * np.sqrt(np.mean((centred / largest) ** 2)))


def _read_samples(a, b, *, as_categories=False):
    first = read_target(a, name="a")
    if len(first.columns) != 1:
        raise ValueError(f"a must be one sample, of shape (n,), got {len(first.columns)} columns; pass one of them.")
    if as_categories:
        first = first.declare([True])
    return first.columns[0], first.form.read_like(b, "b").columns[0]


def _known(column):
    return column.values[~column.missing]


def _ks_complement(a, b):
    a, b = _equal_but_for_rounding(_known(a), _known(b))
    if len(a) == 0 or len(b) == 0:
        return float(len(a) == len(b))
    _, up_to_a, up_to_b = _counts_up_to(a, b)
    return 1.0 - int(np.abs(up_to_a * len(b) - up_to_b * len(a)).max()) / (len(a) * len(b))


def _total_variation_complement(a, b):
    counts_a, counts_b = _counts(*shared_codes(a, b))
    return 1.0 - total_variation(counts_a[:-1], counts_b[:-1])


SHAPES = {
    "numeric": ("ks_complement", _ks_complement),
    "categorical": ("total_variation_complement", _total_variation_complement),
}


def _counts_up_to(a, b):
    """The sorted values of both samples, and for each the number of values of either sample that are not larger."""
    grid = np.unique(np.concatenate([a, b]))
    return grid, *(np.searchsorted(np.sort(values), grid, side="right") for values in (a, b))


def _equal_but_for_rounding(*arrays):
    """Floats rounded to 14 decimals, so that 0.1 + 0.2 is 0.3; if all are below 1, relative to about the largest."""
    if _largest(arrays) < 1:
        arrays = rescaled(*arrays)
    return [_rounded(array) if array.dtype.kind == "f" else array for array in arrays]


def _rounded(values):
    small = np.abs(values) < ROUNDABLE
    return np.where(small, np.round(np.where(small, values, 0.0), DECIMALS), values)


def _counts(codes_a, codes_b, n_codes):
    """The number of times that each code occurs, on either side."""
    return np.bincount(codes_a, minlength=n_codes), np.bincount(codes_b, minlength=n_codes)


def _distances(real, synthetic, metrics):
    """The ColumnDistances of two tables; `metrics` holds a name and a function for each kind of column."""
    rows = [
        (a.name, metrics[a.kind][0], metrics[a.kind][1](a, b)) for a, b in zip(real.columns, synthetic.columns)
    ]
    columns = pd.DataFrame(rows, columns=["column", "metric", "value"])
    return ColumnDistances(float(columns["value"].mean()), columns)


def _wasserstein(a, b):
    missing = abs(a.missing.mean() - b.missing.mean())
    a, b = rescaled(_known(a), _known(b))
    if len(a) == 0 or len(b) == 0:
        return float(missing)
    grid, up_to_a, up_to_b = _counts_up_to(a, b)
    area = np.abs(up_to_a / len(a) - up_to_b / len(b))[:-1] @ np.diff(grid)
    deviation = standard_deviation(a) or standard_deviation(np.concatenate([a, b]))
    return float((float(area) / deviation if deviation > 0 else 0.0) + missing)


def _total_variation_with_missing(a, b):
    return total_variation(*_counts(*shared_codes(a, b)))


WASSERSTEIN = {
    "numeric": ("wasserstein", _wasserstein),
    "categorical": ("total_variation", _total_variation_with_missing),
}


def _jensen_shannon(a, b):
    """Jensen-Shannon distance between the shares that belong to counts (n_cells,) of either side."""
    p, q = a / a.sum(), b / b.sum()
    middle = (p + q) / 2
    divergence = (rel_entr(p, middle) + rel_entr(q, middle)).sum() / (2 * np.log(2))
    return float(np.sqrt(np.clip(divergence, 0.0, 1.0)))
