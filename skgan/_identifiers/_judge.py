"""Whether whole numbers are identifiers: do they count, or were they drawn at random?"""

from typing import NamedTuple

import numpy as np

from ._numbers import HIGHEST, RandomNumbers, SequentialNumbers
from ._quantities import are_times

# The fewest rows in which a column of distinct values is judged: by a pattern that is clear by itself, if the column's
# name says so too, and otherwise.
CLEAR_KIND_ROWS = 1
HINTED_ROWS = 5
FEW_ROWS = 10
MANY_ROWS = 50
# Counting numbers in this range can be years.
YEARS = (1500, 2100)
# Ranges from which programs draw numbers: bits, beside digits.
BITS = ((0, 2**31 - 1), (0, 2**32 - 1), (0, 2**53 - 1), (0, 2**63 - 1), (0, 2**64 - 1), (-(2**31), 2**31 - 1),
        (-(2**63), 2**63 - 1))  # fmt: skip
MIN_DIGITS = 6
CLEAR_DIGITS = 8
# Fewer rows do not tell a uniform distribution from others well enough.
CLEAR_ROWS = 200
# The share of a range that counting numbers fill at least, and where the column's name says identifier: rows of a file
# may have been left out.
FILLED, HINTED_FILLED = 0.5, 0.2
# Kolmogorov and Smirnov's critical value for 5 %, times the root of the number of rows.
CRITICAL = 1.36


class Found(NamedTuple):
    """A maker of new values, and whether the column is certainly one of identifiers."""

    maker: object
    certain: bool


def distinct_enough(n, n_distinct, share, hint):
    """Whether a column of n values is long enough to be judged, and nearly unique."""
    return has_enough_rows(n, hint) and nearly_unique(n, n_distinct, share)


def nearly_unique(n, n_distinct, share):
    return n_distinct == n or (n >= MANY_ROWS and n_distinct >= share * n)


def has_enough_rows(n, hint):
    return n >= (HINTED_ROWS if hint in ("identifier", "persons") else FEW_ROWS)


def repeats_expected(n, n_distinct, size):
    """Whether n independent draws of `size` values would have at least 10 repeats, and there are far fewer.

    Values that somebody measures repeat by chance; identifiers are given out without repeating.
    """
    expected = n * (n - 1) / 2 / size
    return expected >= 10 and n - n_distinct <= expected / 10


def can_be_years(numbers):
    return YEARS[0] <= numbers.min() and numbers.max() <= YEARS[1]


def judge_numbers(numbers, hint):
    """Whether whole numbers are identifiers.

    Parameters
    ----------
    numbers : ndarray of int64 or uint64, shape (n,)
        In the order of the rows.
    hint : {"identifier", "quantity", "persons", None}

    Returns
    -------
    Found or None
    """
    n, ordered = len(numbers), np.unique(numbers)
    if not distinct_enough(n, len(ordered), 0.99, hint):
        return None
    if are_times(list(map(str, ordered[:: len(ordered) // 1000 + 1].tolist()))):
        return None
    low, high = int(ordered[0]), int(ordered[-1])
    found = (_counting(numbers, ordered, low, high) if high <= HIGHEST else None) or _random(
        numbers, ordered, low, high
    )
    if found is None and hint == "identifier" and n >= MANY_ROWS and n >= HINTED_FILLED * (high - low + 1):
        return Found(SequentialNumbers(low, high), True)
    if found is None:
        return Found(RandomNumbers(*rounded(low, high)), True) if hint == "identifier" else None
    return Found(found.maker, (found.certain or hint == "identifier") and hint != "quantity")


def _counting(numbers, ordered, low, high):
    n = len(numbers)
    # Differences can exceed int64, but not uint64.
    steps = np.diff(ordered).view(np.uint64)
    sequence = SequentialNumbers(low, high)
    if low in (0, 1) and high - low == n - 1 and (np.diff(numbers) == 1).all():
        return Found(sequence, True)
    is_counting = (steps == 1).mean() >= 0.95 or len(ordered) >= FILLED * (high - low + 1)
    if is_counting and n >= MANY_ROWS:
        return Found(sequence, not can_be_years(ordered))
    if is_counting and len(ordered) == n and (np.diff(numbers) > 0).all():
        return Found(sequence, False)
    if n >= MANY_ROWS and (steps == steps[0]).all():
        return Found(SequentialNumbers(low, high, int(steps[0])), False)
    return None


def _random(numbers, ordered, low, high):
    n = len(numbers)
    if n < MANY_ROWS:
        return None
    n_digits = len(str(high))
    digits = (10 ** (n_digits - 1), 10**n_digits - 1)
    for range_low, range_high in (digits, (0, digits[1]), *BITS):
        if range_high < 10 ** (MIN_DIGITS - 1) or not range_low <= low <= high <= range_high:
            continue
        highest = HIGHEST if numbers.dtype.kind == "i" else 2**64 - 1
        if range_high <= highest and _is_uniform(ordered, range_low, range_high):
            size = range_high - range_low + 1
            is_clear = n >= CLEAR_ROWS and range_high >= 10 ** (CLEAR_DIGITS - 1)
            # In ascending order they can be times.
            is_sorted = (numbers[1:] >= numbers[:-1]).all()
            certain = not is_sorted and (is_clear or repeats_expected(n, len(ordered), size))
            return Found(RandomNumbers(range_low, range_high), bool(certain))
    return None


def _is_uniform(ordered, low, high):
    n = len(ordered)
    places = (ordered.astype(float) - low) / (high - low)
    ranks = np.arange(n + 1) / n
    distance = max((ranks[1:] - places).max(), (places - ranks[:-1]).max())
    return distance <= CRITICAL / np.sqrt(n)


def rounded(low, high):
    """A range of full digits around [low, high], which tells neither."""
    if low < 0:
        bound = min(10 ** len(str(max(-low, abs(high)))), HIGHEST)
        return -bound, bound
    # Signed numbers stay signed.
    most = HIGHEST if high <= HIGHEST else 2**64 - 1
    return (10 ** (len(str(low)) - 1) if low else 0), min(10 ** len(str(high)) - 1, most)
