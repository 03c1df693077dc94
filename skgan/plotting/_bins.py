"""One column of two tables as counts: bins of numbers and times, bars of levels, gaps apart."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from skgan._forms import WallClock

MAX_BINS = 30
MAX_BARS = 12
N_LEVELS = 10
CUT = (0.005, 0.995)
# An axis is cut where all real values would need so many times its room, or those of both tables.
HEAVY, TOO_WIDE = 1.6, 3.0
# Numbers further out cannot be subtracted from each other.
HUGE = 1e300
SECONDS_A_YEAR = 365.2425 * 86_400
# Date axes of matplotlib end at the years 1 and 9999, and need room beside the bins.
FIRST_YEAR, LAST_YEAR = 1000, 8000
DURATIONS = (
    ("D", "days"), ("h", "hours"), ("m", "minutes"), ("s", "seconds"), ("ms", "ms"), ("us", "µs"), ("ns", "ns")
)


@dataclass(frozen=True)
class Marginal:
    """One column of the real and of the synthetic table, counted alike.

    Attributes
    ----------
    name : object
    kind : {"numbers", "dates", "levels"}
    edges : ndarray of shape (n_bins + 1,) or None
        Of the bins; datetime64 for dates. None for levels.
    labels : tuple of str or None
        Of the levels, the last one "other (n levels)" where there are too many; None for bins.
    unit : str or None
        What durations, and dates too far off for a date axis, are counted in.
    real, synthetic : ndarray of int, shape (n_bins,)
        Rows in each.
    gaps : tuple of int
        Real and synthetic rows without a value.
    beyond : tuple of int
        Real and synthetic rows outside the bins, where the axis is cut.
    shape : float
        The column shape, 1 where both are alike.
    """

    name: object
    kind: str
    edges: np.ndarray | None
    labels: tuple | None
    unit: str | None
    real: np.ndarray
    synthetic: np.ndarray
    gaps: tuple
    beyond: tuple
    shape: float


def count_column(real, synthetic, scale, shape):
    """The Marginal of one Column in two tables.

    Parameters
    ----------
    real, synthetic : Column
    scale : str or WallClock
        What numbers count, of the column's codec.
    shape : float

    Returns
    -------
    Marginal
    """
    gaps = (int(real.missing.sum()), int(synthetic.missing.sum()))
    a, b = real.values[~real.missing], synthetic.values[~synthetic.missing]
    common = dict(name=real.name, gaps=gaps, shape=shape)
    if real.kind == "categorical":
        return Marginal(**common, **_bars(a.tolist(), b.tolist()))
    if real.values.dtype.kind == "f":
        a, b = np.clip(a, -HUGE, HUGE), np.clip(b, -HUGE, HUGE)
    if len(np.union1d(a, b)) <= MAX_BARS:
        return Marginal(**common, **_ordered_bars(a, b, scale))
    return Marginal(**common, **_bins(a, b, scale))


def _bars(a, b):
    """Counts of levels, the most frequent first, rare ones together."""
    left, right = Counter(a), Counter(b)
    shares = {level: max(left[level] / max(len(a), 1), right[level] / max(len(b), 1)) for level in {*left, *right}}
    ranked = sorted(shares, key=lambda level: (-shares[level], repr(level)))
    # A single level takes no more room than the bar of others would.
    shown = ranked if len(ranked) <= N_LEVELS + 1 else ranked[:N_LEVELS]
    shown.sort(key=lambda level: (-left[level], -right[level], repr(level)))
    counts = [[count[level] for level in shown] for count in (left, right)]
    labels = [str(level) for level in shown]
    if len(ranked) > len(shown):
        labels.append(f"other ({len(ranked) - len(shown)} levels)")
        counts = [[*known, sum(count.values()) - sum(known)] for known, count in zip(counts, (left, right))]
    real, synthetic = (np.array(count, dtype=np.int64) for count in counts)
    return _levels(tuple(labels), real, synthetic)


def _ordered_bars(a, b, scale):
    """Counts of few numbers or times, in their order."""
    values = np.union1d(a, b)
    real, synthetic = (np.array([(side == value).sum() for value in values], dtype=np.int64) for side in (a, b))
    return _levels(_labels(values, _time_word(scale)), real, synthetic)


def _levels(labels, real, synthetic):
    return dict(
        kind="levels", edges=None, labels=labels, unit=None, real=real, synthetic=synthetic, beyond=(0, 0)
    )


def _labels(values, word):
    """Numbers or times as text, short but told apart."""
    if word is None:
        tries = ([f"{value:.{digits}g}" for value in values.tolist()] for digits in (6, 10, 17))
        return tuple(next((labels for labels in tries if len({*labels}) == len(labels)), map(str, values.tolist())))
    times = values.astype(word)
    if word.startswith("timedelta"):
        unit, name = _unit(np.abs(values).max(initial=0).astype(word))
        return tuple(f"{time / np.timedelta64(1, unit):.6g} {name}" for time in times)
    # The coarsest clock that shows them all.
    clock = next((unit for unit in ("D", "m", "s") if (times == times.astype(f"M8[{unit}]")).all()), "us")
    return tuple(str(time).replace("T", " ") for time in times.astype(f"M8[{clock}]"))


def _bins(a, b, scale):
    """Counts in bins of one width, which holds whole steps where the values lie on a grid."""
    known = a if len(a) else b
    both = np.concatenate([a, b])
    low, high = np.quantile(known, CUT[0], method="lower"), np.quantile(known, CUT[1], method="higher")
    room = _spread(low, high)
    if not (room > 0 and (_spread(*_ends(known)) > HEAVY * room or _spread(*_ends(both)) > TOO_WIDE * room)):
        low, high = _ends(both)
    edges = _edges(float(low), float(high), _grid_step(known), len(known))
    inside = [(side >= edges[0]) & (side <= edges[-1]) for side in (a, b)]
    real, synthetic = (np.histogram(side[kept].astype(np.float64), edges)[0] for side, kept in zip((a, b), inside))
    beyond = tuple(int((~kept).sum()) for kept in inside)
    kind, shown, unit = _axis(edges, scale)
    return dict(kind=kind, edges=shown, labels=None, unit=unit, real=real, synthetic=synthetic, beyond=beyond)


def _ends(values):
    return values.min(), values.max()


def _spread(low, high):
    """In floats, since int64 may not hold it."""
    return float(high) - float(low)


def _edges(low, high, step, n):
    most_bins = int(np.clip(2 * np.sqrt(n), 8, MAX_BINS))
    if step == 0 or (high - low) / step >= 1e6:
        return np.linspace(low, high, most_bins + 1)
    n_steps = round((high - low) / step) + 1
    width = -(-n_steps // most_bins)
    return low + step * (width * np.arange(-(-n_steps // width) + 1) - 0.5)


def _grid_step(known):
    """The largest step that leads from the smallest value to all others; 0 where there is none."""
    if known.dtype.kind == "i":
        return float(np.gcd.reduce(_above_least(known)))
    for scale in (1, 4, 10, 100):
        scaled = known * scale
        whole = np.rint(scaled)
        size = np.abs(whole).max()
        if size < 2**53 and np.abs(scaled - whole).max() <= 1e-9 * size:
            return float(np.gcd.reduce(_above_least(whole.astype(np.int64)))) / scale
    return 0.0


def _above_least(values):
    """Distances from the smallest of int64 values; the unsigned ones hold them all."""
    return values.astype(np.uint64) - values.min().astype(np.uint64)


def _axis(edges, scale):
    """The kind of axis, the edges on it, and their unit."""
    word = _time_word(scale)
    if word is None:
        return "numbers", edges, None
    if word.startswith("datetime"):
        years = 1970 + edges * _seconds(word.replace("datetime", "timedelta")) / SECONDS_A_YEAR
        if FIRST_YEAR < years[0] and years[-1] < LAST_YEAR:
            return "dates", np.rint(edges).astype(np.int64).astype(word), None
        return "numbers", years, "year"
    unit, name = _unit(np.rint(edges[-1] - edges[0]).astype(np.int64).astype(word))
    return "numbers", edges * _seconds(word) / _seconds(f"timedelta64[{unit}]"), name


def _unit(duration):
    """The largest unit that a duration holds twice, and its name."""
    return next((pair for pair in DURATIONS if duration >= np.timedelta64(2, pair[0])), DURATIONS[-1])


def _seconds(word):
    return float(np.ones(1, np.int64).astype(word)[0] / np.timedelta64(1, "s"))


def _time_word(scale):
    """NumPy's word for what numbers count; None where they are numbers."""
    if isinstance(scale, WallClock):
        return f"datetime64[{scale.unit}]"
    return scale if scale.startswith(("datetime64", "timedelta64")) else None
