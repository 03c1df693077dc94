"""Orders of two columns that all real rows keep: a parcel is not sent before it is ordered."""

from itertools import permutations

import numpy as np

from ._sections import MAX_PAIR_COLUMNS

# Rows that have both values, and the share of them that would break an order if the columns were independent of each
# other: in a column of years and one of cents, one is always less, and says nothing.
MIN_ROWS, LEAST_BY_CHANCE = 50, 0.05
# Rows of a first look at a pair.
GLANCE = 1_000


def broken_orders(real, synthetic):
    """Pairs of columns of which the first is never greater than the second in real rows.

    Parameters
    ----------
    real, synthetic : Table
        Of the same columns.

    Returns
    -------
    list of (lesser, greater, is_time, share, n)
        The names of the two columns, whether they hold times, the share of synthetic rows that break the order, and the
        number of real rows that keep it; the most broken first.
    """
    numeric = [j for j, column in enumerate(real.columns) if column.kind == "numeric"][:MAX_PAIR_COLUMNS]
    units = {j: _unit(real, j) for j in numeric}
    columns = {j: (real.columns[j].values, real.columns[j].missing) for j in numeric}
    made = {j: (synthetic.columns[j].values, synthetic.columns[j].missing) for j in numeric}
    names, found = real.form.names, []
    for a, b in permutations(numeric, 2):
        if units[a] == units[b] and _is_order(columns[a], columns[b]):
            low, high = _both(made[a], made[b])
            share = float(np.mean(low > high)) if len(low) else 0.0
            n = len(_both(columns[a], columns[b])[0])
            found += [(names[a], names[b], bool(real.form.times[a]), share, n)] if share else []
    return sorted(found, key=lambda each: -each[3])


def _unit(table, position):
    """What two columns share whose values can be compared: None for numbers."""
    return str(table.form.columns[position].codec.dtype) if table.form.times[position] else None


def _is_order(a, b):
    """Whether the values of column a are never above those of b, which chance does not explain."""
    low, high = _both(a, b, GLANCE)
    if (low > high).any():
        # Nearly all pairs end here, which costs little in long tables.
        return False
    low, high = _both(a, b)
    if len(low) < MIN_ROWS or (low > high).any() or (low == high).all():
        return False
    return np.mean(low > np.roll(high, len(low) // 2)) >= LEAST_BY_CHANCE


def _both(a, b, n=None):
    """The values of two columns in the rows that have both, of the first n rows."""
    known = ~(a[1][:n] | b[1][:n])
    return a[0][:n][known], b[0][:n][known]
