"""Orders of two columns that all real rows keep: a parcel is not sent before it is ordered."""

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
    found = []
    for a in numeric:
        for b in numeric:
            if a != b and _unit(real, a) == _unit(real, b):
                share, n = _broken(real, synthetic, a, b)
                names = real.form.names
                found += [(names[a], names[b], bool(real.form.times[a]), share, n)] if share else []
    return sorted(found, key=lambda each: -each[3])


def _unit(table, position):
    """What two columns share whose values can be compared: None for numbers."""
    return str(table.form.columns[position].codec.dtype) if table.form.times[position] else None


def _broken(real, synthetic, a, b):
    """The share of synthetic rows in which column a exceeds column b, 0 if real rows say nothing; and the real rows."""
    low, high = _both(real, a, b, GLANCE)
    if (low > high).any():
        # Nearly all pairs end here, which costs little in long tables.
        return 0.0, len(low)
    low, high = _both(real, a, b)
    n = len(low)
    if n < MIN_ROWS or (low > high).any() or (low == high).all():
        return 0.0, n
    if np.mean(low > np.roll(high, n // 2)) < LEAST_BY_CHANCE:
        return 0.0, n
    low, high = _both(synthetic, a, b)
    return (float(np.mean(low > high)) if len(low) else 0.0), n


def _both(table, a, b, n=None):
    """The values of two columns in the rows that have both, of the first n rows."""
    a, b = table.columns[a], table.columns[b]
    known = ~(a.missing[:n] | b.missing[:n])
    return a.values[:n][known], b.values[:n][known]
