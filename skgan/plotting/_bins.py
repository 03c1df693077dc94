"""One column of two tables as counts: bins of numbers and times, bars of categories; missing values are separate."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from skgan._forms import WallClock

MAX_BINS = 30
MAX_BARS = 12
N_CATEGORIES = 10
# Quantiles of the real values that an axis is cut to.
CUT = (0.005, 0.995)
# An axis is cut if the range of all real values, or that of both tables, is more than this many times as wide.
HEAVY, TOO_WIDE = 1.6, 3.0
# Numbers are clipped to this, so that their differences stay finite.
HUGE = 1e300
SECONDS_PER_YEAR = 365.2425 * 86_400
# Date axes of matplotlib end at the years 1 and 9999, and extend beyond the bins.
FIRST_YEAR, LAST_YEAR = 1000, 8000
DURATIONS = (
    ("D", "days"), ("h", "hours"), ("m", "minutes"), ("s", "seconds"), ("ms", "ms"), ("us", "µs"), ("ns", "ns")
)


@dataclass(frozen=True)
class Marginal:
    """Counts of one column in the real and in the synthetic table.

    Attributes
    ----------
    name : object
    kind : {"numbers", "dates", "categories"}
    edges : ndarray of shape (n_bins + 1,) or None
        Edges of the bins; datetime64 for dates, None for categories.
    labels : tuple of str or None
        Labels of the categories; the last one is "other (n categories)" where there are too many. None for bins.
    unit : str or None
        The unit of durations, and of dates outside the range of a date axis.
    real, synthetic : ndarray of int, shape (n_bins,)
        Numbers of rows in each bin or category.
    missing : tuple of int
        Numbers of real and synthetic rows whose value is missing.
    beyond : tuple of int
        Numbers of real and synthetic rows outside the bins, where the axis is cut.
    shape : float
        The value of `column_shapes`, 1 where both distributions are equal.
    """

    name: object
    kind: str
    edges: np.ndarray | None
    labels: tuple | None
    unit: str | None
    real: np.ndarray
    synthetic: np.ndarray
    missing: tuple
    beyond: tuple
    shape: float


def count_column(real, synthetic, scale, shape):
    """Count one column in two tables.

    Parameters
    ----------
    real, synthetic : Column
    scale : str or WallClock
        The unit of the numbers, which is that of the column's codec.
    shape : float

    Returns
    -------
    Marginal
    """
    missing = (int(real.missing.sum()), int(synthetic.missing.sum()))
    a, b = real.values[~real.missing], synthetic.values[~synthetic.missing]
    common = dict(name=real.name, missing=missing, shape=shape)
    if real.kind == "categorical":
        return Marginal(**common, **_bars(a.tolist(), b.tolist()))
    if real.values.dtype.kind == "f":
        a, b = np.clip(a, -HUGE, HUGE), np.clip(b, -HUGE, HUGE)
    if len(np.union1d(a, b)) <= MAX_BARS:
        return Marginal(**common, **_ordered_bars(a, b, scale))
    return Marginal(**common, **_bins(a, b, scale))


def _bars(a, b):
    """Counts of categories, the most frequent first; rare ones are counted together."""
    left, right = Counter(a), Counter(b)
    categories = {*left, *right}
    shares = {label: max(left[label] / max(len(a), 1), right[label] / max(len(b), 1)) for label in categories}
    ranked = sorted(shares, key=lambda label: (-shares[label], repr(label)))
    # If only one category is left, its own bar takes no more space than a bar of others.
    shown = ranked if len(ranked) <= N_CATEGORIES + 1 else ranked[:N_CATEGORIES]
    shown.sort(key=lambda label: (-left[label], -right[label], repr(label)))
    counts = [[count[label] for label in shown] for count in (left, right)]
    labels = [str(label) for label in shown]
    if len(ranked) > len(shown):
        labels.append(f"other ({len(ranked) - len(shown)} categories)")
        counts = [[*known, sum(count.values()) - sum(known)] for known, count in zip(counts, (left, right))]
    real, synthetic = (np.array(count, dtype=np.int64) for count in counts)
    return _categories(tuple(labels), real, synthetic)


def _ordered_bars(a, b, scale):
    """Counts of few distinct numbers or times, in ascending order."""
    values = np.union1d(a, b)
    real, synthetic = (np.array([(side == value).sum() for value in values], dtype=np.int64) for side in (a, b))
    return _categories(_labels(values, _time_dtype(scale)), real, synthetic)


def _categories(labels, real, synthetic):
    return dict(
        kind="categories", edges=None, labels=labels, unit=None, real=real, synthetic=synthetic, beyond=(0, 0)
    )


def _labels(values, dtype):
    """Numbers or times as short but distinct texts."""
    if dtype is None:
        tries = ([f"{value:.{digits}g}" for value in values.tolist()] for digits in (6, 10, 17))
        return tuple(next((labels for labels in tries if len({*labels}) == len(labels)), map(str, values.tolist())))
    times = values.astype(dtype)
    if dtype.startswith("timedelta"):
        unit, name = _unit(np.abs(values).max(initial=0).astype(dtype))
        return tuple(f"{time / np.timedelta64(1, unit):.6g} {name}" for time in times)
    # The coarsest unit that loses nothing.
    unit = next((unit for unit in ("D", "m", "s") if (times == times.astype(f"M8[{unit}]")).all()), "us")
    return tuple(str(time).replace("T", " ") for time in times.astype(f"M8[{unit}]"))


def _bins(a, b, scale):
    """Counts in bins of equal width, which is a whole number of steps if the values lie on a grid."""
    known = a if len(a) else b
    both = np.concatenate([a, b])
    low, high = np.quantile(known, CUT[0], method="lower"), np.quantile(known, CUT[1], method="higher")
    width = _width(low, high)
    if not (width > 0 and (_width(*_ends(known)) > HEAVY * width or _width(*_ends(both)) > TOO_WIDE * width)):
        low, high = _ends(both)
    edges = _edges(float(low), float(high), _grid_step(known), len(known))
    inside = [(side >= edges[0]) & (side <= edges[-1]) for side in (a, b)]
    real, synthetic = (np.histogram(side[kept].astype(np.float64), edges)[0] for side, kept in zip((a, b), inside))
    beyond = tuple(int((~kept).sum()) for kept in inside)
    kind, shown, unit = _axis(edges, scale)
    return dict(kind=kind, edges=shown, labels=None, unit=unit, real=real, synthetic=synthetic, beyond=beyond)


def _ends(values):
    return values.min(), values.max()


def _width(low, high):
    """The difference as a float, because int64 may not hold it."""
    return float(high) - float(low)


def _edges(low, high, step, n):
    max_bins = int(np.clip(2 * np.sqrt(n), 8, MAX_BINS))
    if step == 0 or (high - low) / step >= 1e6:
        return np.linspace(low, high, max_bins + 1)
    n_steps = round((high - low) / step) + 1
    width = -(-n_steps // max_bins)
    return low + step * (width * np.arange(-(-n_steps // width) + 1) - 0.5)


def _grid_step(known):
    """The largest step of a grid that contains all values; 0 where there is none."""
    if known.dtype.kind == "i":
        return float(np.gcd.reduce(_above_smallest(known)))
    for scale in (1, 4, 10, 100):
        scaled = known * scale
        whole = np.rint(scaled)
        size = np.abs(whole).max()
        if size < 2**53 and np.abs(scaled - whole).max() <= 1e-9 * size:
            return float(np.gcd.reduce(_above_smallest(whole.astype(np.int64)))) / scale
    return 0.0


def _above_smallest(values):
    """Differences of int64 values to the smallest one, as unsigned integers, which hold all of them."""
    return values.astype(np.uint64) - values.min().astype(np.uint64)


def _axis(edges, scale):
    """The kind of axis, the edges on it, and their unit."""
    dtype = _time_dtype(scale)
    if dtype is None:
        return "numbers", edges, None
    if dtype.startswith("datetime"):
        years = 1970 + edges * _seconds(dtype.replace("datetime", "timedelta")) / SECONDS_PER_YEAR
        if FIRST_YEAR < years[0] and years[-1] < LAST_YEAR:
            return "dates", np.rint(edges).astype(np.int64).astype(dtype), None
        return "numbers", years, "year"
    unit, name = _unit(np.rint(edges[-1] - edges[0]).astype(np.int64).astype(dtype))
    return "numbers", edges * _seconds(dtype) / _seconds(f"timedelta64[{unit}]"), name


def _unit(duration):
    """The largest unit of which a duration has at least two, and its name."""
    return next((pair for pair in DURATIONS if duration >= np.timedelta64(2, pair[0])), DURATIONS[-1])


def _seconds(dtype):
    return float(np.ones(1, np.int64).astype(dtype)[0] / np.timedelta64(1, "s"))


def _time_dtype(scale):
    """The name of the NumPy dtype of times; None for plain numbers."""
    if isinstance(scale, WallClock):
        return f"datetime64[{scale.unit}]"
    return scale if scale.startswith(("datetime64", "timedelta64")) else None
