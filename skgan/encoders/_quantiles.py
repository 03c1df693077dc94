"""The distribution of one numeric column: value -> quantile rank in [0, 1] and back."""

from __future__ import annotations

import zlib

import numpy as np

from skgan._state import Array, Flag, Maybe, Part, Stateful, Whole, ascends, demand

MAX_KNOTS = 1000
MAX_DECIMALS = 12
EXACT = 2.0**52
# Fewer distinct values may share a divisor by chance, and the divisor would then reveal them.
MIN_DISTINCT_FOR_STEP = 10
# Steps so common that they reveal nothing about single rows: whole days, hours and minutes in s, ms, us and ns; with at
# least MIN_DISTINCT_FOR_TENS distinct values also powers of ten.
TIME_STEPS = [unit * 10**power for power in (9, 6, 3, 0) for unit in (86400, 3600, 60)]
TEN_STEPS = [10**power for power in range(18, 0, -1)]
MIN_DISTINCT_FOR_TENS = 5


class Grid(Stateful):
    """The grid of a column's values: ``(origin + k * step) / 10**decimals`` for whole numbers k.

    Floats that are on no such grid are their own coordinates. `step` is the greatest common divisor, so that dates stay
    whole days and weights multiples of 25 grams. If few values are distinct, it is the divisor of the atoms.

    Parameters
    ----------
    values : ndarray of shape (n,), float64 or int64
        The values of a column; repeated values may be given once.
    atoms : ndarray of shape (n_atoms,)
        The values that may be stored.
    """

    STATE = {
        "whole": Flag(),
        "decimals": Maybe(Whole(0, MAX_DECIMALS)),
        "origin": Whole(-(2**63)),
        "step": Whole(1, 2**62),
    }

    def __init__(self, values, atoms):
        self.whole = values.dtype.kind == "i"
        self.decimals = 0 if self.whole else _decimals(values)
        self.origin, self.step = 0, 1
        if self.decimals is None:
            return
        integers = self._integers(np.unique(values))
        lowest = integers.min()
        step = _divisor(integers)
        if len(integers) < MIN_DISTINCT_FOR_STEP and len(atoms) < len(integers):
            step = _divisor(self._integers(atoms)) if len(atoms) > 1 else 1
            step = step if step > 1 and _divisor(integers) % step == 0 else _natural_step(integers)
        self.step = step = step if step < 2**62 else 1
        self.origin = int(lowest) % step
        highest, lowest = int(integers.max()), int(lowest)
        if max(abs(highest), abs(lowest)) / step < EXACT:
            return
        # Far from zero a float cannot count single steps; count from a round number nearby instead.
        coarse = step << 40
        self.origin += lowest // coarse * coarse
        if highest - lowest >= 2**62 or self.origin < -(2**63):
            # The range is nearly all of int64, more than a float counts, so that the last few digits are lost.
            self.origin, self.step = 0, 1

    def complete(self):
        demand(not self.whole or self.decimals == 0, "decimals", "be 0 where whole is True")

    def _integers(self, values):
        return values if self.whole else np.rint(values * 10.0**self.decimals).astype(np.int64)

    def coordinate(self, values):
        """Values, shape (n,), as float64 counts of steps."""
        if self.decimals is None:
            return values.astype(np.float64)
        if not self.whole:
            with np.errstate(over="ignore"):
                return (np.rint(values * 10.0**self.decimals) - self.origin) / self.step
        if self.origin:
            # Values far outside the fitted range are clipped so that their difference is still an int64.
            values = values.clip(max(-(2**63), self.origin - 2**62), min(2**63 - 1, self.origin + 2**62)) - self.origin
        return values / self.step

    def value(self, coordinate):
        """The nearest grid values, shape (n,), int64 or float64 as in the column."""
        if self.decimals is None:
            return coordinate
        steps = np.rint(coordinate)
        if not self.whole:
            return (steps * self.step + self.origin) / 10.0**self.decimals
        lowest, highest = (-(2**63) - self.origin) // self.step + 1, (2**63 - 1 - self.origin) // self.step
        # The limits are no floats, so that values are clipped to the nearest floats inside them.
        steps = np.clip(steps, np.nextafter(float(lowest), np.inf), np.nextafter(float(highest), -np.inf))
        whole = steps.astype(np.int64) * self.step
        return whole + self.origin if self.origin else whole


def _divisor(integers):
    """The greatest common divisor of the differences; 1 if there are none."""
    # uint64 arithmetic wraps around to the right differences where int64 would overflow.
    return int(np.gcd.reduce(integers.astype(np.uint64) - integers.min().astype(np.uint64))) or 1


def _natural_step(integers):
    """The largest common step of times or powers of ten that divides all differences."""
    natural = TIME_STEPS + (TEN_STEPS if len(integers) >= MIN_DISTINCT_FOR_TENS else [])
    divisor = _divisor(integers)
    return max((step for step in natural if divisor % step == 0), default=1) if len(integers) > 1 else 1


def _decimals(values):
    """The fewest decimals that all values can be written with; None if there is no such number."""
    # Single precision is compared as such, or 39.1 would have 14 decimals.
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
    narrow = bool((single == values).all())
    largest = np.abs(values).max()
    for decimals in range(MAX_DECIMALS + 1):
        if largest * 10.0**decimals >= EXACT:
            return None
        rounded = np.round(values, decimals)
        if (rounded.astype(np.float32) == single).all() if narrow else (rounded == values).all():
            return decimals
    return None


class Quantiles(Stateful):
    """A column's quantile function, made of flat and sloped segments.

    A value that at least `min_frequency` rows hold is an *atom*: a flat segment as wide as its share of the rows,
    decoded exactly. Rarer values are never stored: each run of them between two atoms becomes slopes through the means
    of groups of at least `min_frequency` neighbours. At most about 1,000 such means are kept.

    Attributes
    ----------
    ranks, heights : ndarray of shape (n_knots,)
        The knots of the quantile function; `heights` are coordinates of the grid.
    atoms : ndarray of shape (n_atoms,)
        The exact values, sorted.
    atom_ranks : ndarray of shape (n_atoms, 2)
        Where each atom's flat segment begins and ends.
    segment_atom : ndarray of shape (n_knots - 1,)
        The atom of the flat segment right of each knot, -1 for a slope.
    """

    STATE = {
        "grid": Part(Grid),
        "ranks": Array("f", (None,), 0, 1),
        "heights": Array("f", (None,)),
        "atoms": Array("fi", (None,)),
        "atom_ranks": Array("f", (None, 2), 0, 1),
        "segment_atom": Array("i", (None,), -1),
    }

    def __init__(self, values, min_frequency):
        """Read the distribution of `values`, float64 or int64 of shape (n,), n >= 1, without missing values."""
        distinct, counts = np.unique(values, return_counts=True)
        is_atom = (counts >= min_frequency) | (len(distinct) == 1)
        self.grid = Grid(distinct, distinct[is_atom])
        coordinate = np.repeat(np.sort(self.grid.coordinate(distinct)), counts)
        ends = np.cumsum(counts)
        starts = ends - counts
        n = len(values)
        self.atoms = distinct[is_atom]
        self.atom_ranks = np.column_stack([starts, ends])[is_atom] / n
        group_ranks, group_heights = _group_means(coordinate, starts, counts, is_atom, min_frequency)
        self._join(coordinate, group_ranks, group_heights, min_frequency, is_atom)

    def _join(self, sorted_coordinate, group_ranks, group_heights, min_frequency, is_atom):
        """Merge the atoms, the group means and the two ends into one ascending sequence of knots."""
        atom_heights = self.grid.coordinate(self.atoms)
        edge_ranks, edge_heights = [], []
        if not is_atom[0]:
            edge_ranks.append(0.0)
            edge_heights.append(_edge(sorted_coordinate[:min_frequency], sorted_coordinate[0]))
        if not is_atom[-1]:
            edge_ranks.append(1.0)
            edge_heights.append(_edge(sorted_coordinate[-min_frequency:], sorted_coordinate[-1]))
        ranks = np.concatenate([self.atom_ranks.ravel(), group_ranks, edge_ranks])
        heights = np.concatenate([np.repeat(atom_heights, 2), group_heights, edge_heights])
        order = np.lexsort((heights, ranks))
        self.ranks = ranks[order]
        # Heights rise with ranks except for rounding, which the running maximum removes.
        self.heights = np.maximum.accumulate(heights[order])
        self.segment_atom = np.full(len(self.ranks) - 1, -1)
        if len(self.atoms):
            begins = np.searchsorted(self.ranks, self.atom_ranks[:, 0], side="right") - 1
            self.segment_atom[begins] = np.arange(len(self.atoms))

    def interval(self, values):
        """The interval of ranks of each value: ``(low, high)`` in [0, 1], shape (n,) each.

        For an atom this is its flat segment; for a rarer value, the part of the slope within its grid cell.
        """
        coordinate = self.grid.coordinate(values)
        half = 0.0 if self.grid.decimals is None else 0.5
        low = np.interp(coordinate - half, self.heights, self.ranks)
        high = np.interp(coordinate + half, self.heights, self.ranks)
        if len(self.atoms):
            nearest = np.searchsorted(self.atoms, values).clip(max=len(self.atoms) - 1)
            exact = self.atoms[nearest] == values
            low = np.where(exact, self.atom_ranks[nearest, 0], low)
            high = np.where(exact, self.atom_ranks[nearest, 1], high)
        return low.clip(0, 1), high.clip(0, 1)

    def middle(self, rank):
        """The middle of the interval of the value at `rank`, shape (n,)."""
        middle = np.empty(len(rank))
        atom = self.segment_atom[self._segment(rank)]
        middle[atom >= 0] = (self.atom_ranks.sum(1) / 2)[atom[atom >= 0]]
        if (atom < 0).any():
            low, high = self.interval(self.value(rank[atom < 0]))
            middle[atom < 0] = (low + high) / 2
        return middle

    def _segment(self, rank):
        return (np.searchsorted(self.ranks, rank, side="right") - 1).clip(0, len(self.ranks) - 2)

    def value(self, rank):
        """The quantile function at `rank` in [0, 1], shape (n,): values in the column's units."""
        segment = self._segment(rank)
        left, right = self.ranks[segment], self.ranks[segment + 1]
        share = (rank - left) / np.where(right > left, right - left, 1.0)
        height = self.heights[segment] * (1 - share) + self.heights[segment + 1] * share
        values = self.grid.value(height)
        if len(self.atoms):
            atom = self.segment_atom[segment]
            values = np.where(atom >= 0, self.atoms[atom], values)
        return values

    def range(self):
        """The lowest and the highest value that `value` returns, shape (2,)."""
        return self.value(np.array([0.0, 1.0]))

    def is_beyond(self, values):
        """Whether values are certainly outside the range of the fit, bool (n,).

        The extremes of the fit are not stored. The end computed by `_edge` is at least a quarter of the way from the
        mean of the outermost rows to the extreme, and the next knot is not farther out than this mean.
        """
        coordinate = self.grid.coordinate(values)
        lowest = self.heights[0] - 3 * (self.heights[1] - self.heights[0])
        highest = self.heights[-1] + 3 * (self.heights[-1] - self.heights[-2])
        half = 0.0 if self.grid.decimals is None else 0.5
        return (coordinate < lowest - half) | (coordinate > highest + half)

    def complete(self):
        n_knots, n_atoms = len(self.ranks), len(self.atoms)
        ends = n_knots > 1 and self.ranks[0] == 0 and self.ranks[-1] == 1
        demand(ends and ascends(self.ranks), "ranks", "ascend from 0 to 1")
        demand(len(self.heights) == n_knots and ascends(self.heights), "heights", "ascend, one for each rank")
        kind = "i" if self.grid.whole else "f"
        demand(self.atoms.dtype.kind == kind, "atoms", f"have the dtype kind {kind!r} of the grid")
        demand(ascends(self.atoms, strictly=True), "atoms", "ascend")
        ranks = self.atom_ranks
        demand(len(ranks) == n_atoms and ascends(ranks.ravel()), "atom_ranks", "ascend, two for each atom")
        in_order = self.segment_atom[self.segment_atom >= 0]
        known = len(self.segment_atom) == n_knots - 1 and np.array_equal(in_order, np.arange(n_atoms))
        demand(known, "segment_atom", "name each atom once and in order, among one entry for each two ranks")
        begins = np.flatnonzero(self.segment_atom >= 0)
        own = np.column_stack([self.ranks[begins], self.ranks[begins + 1]])
        demand(np.array_equal(own, ranks), "atom_ranks", "be the ranks of the atoms in segment_atom")
        with np.errstate(all="ignore"):
            demand(np.isfinite(self.extremes()).all(), "heights", "be finite values on the grid")

    def extremes(self):
        """The lowest and the highest value that `value` returns, and all atoms."""
        return np.concatenate([self.range(), self.atoms])


def _edge(heights, extreme):
    """The height at which the outermost slope ends: between the mean of the outermost rows and their extreme value.

    The weights depend on a checksum of these rows, so that the extreme cannot be computed from the stored state.
    """
    share = 0.25 + 0.5 * zlib.crc32(heights.tobytes()) / 2**32
    return (heights / len(heights)).sum() * (1 - share) + extreme * share


def _group_means(sorted_heights, starts, counts, is_atom, min_frequency):
    """Ranks and mean heights of groups of neighbouring rare values, for each run of them between atoms."""
    n = len(sorted_heights)
    n_rare = int(counts[~is_atom].sum())
    size = max(min_frequency, -(-n_rare // MAX_KNOTS))
    edges = np.flatnonzero(np.diff(np.concatenate([[1], is_atom.astype(np.int8), [1]])))
    ranks, heights = [], []
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        begin, end = starts[first], starts[last - 1] + counts[last - 1]
        n_groups = (end - begin) // size
        if n_groups == 0:
            continue
        cuts = begin + np.arange(n_groups + 1) * (end - begin) // n_groups
        sizes = np.diff(cuts)
        # Divided before they are added, because a sum of huge numbers may overflow.
        shares = sorted_heights[begin:end] / np.repeat(sizes, sizes)
        ranks.append((cuts[:-1] + cuts[1:]) / 2 / n)
        heights.append(np.add.reduceat(shares, cuts[:-1] - begin))
    return np.concatenate([[], *ranks]), np.concatenate([[], *heights])
