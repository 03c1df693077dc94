"""One number column as its distribution: value -> place in [0, 1] and back."""

from __future__ import annotations

import numpy as np

from skgan._state import Stateful

MAX_KNOTS = 1000
MAX_DECIMALS = 12
EXACT = 2.0**52


class Grid(Stateful):
    """The lattice that a column's values lie on: whole multiples of `step` from `origin`, over ``10**decimals``.

    Columns of any other float are their own coordinate. An integer column lies on the lattice of its greatest
    common divisor, so that dates stay whole days and weights whole 25 grams.
    """

    STATE = ("whole", "decimals", "origin", "step")

    def __init__(self, values):
        self.whole = values.dtype.kind == "i"
        self.decimals = 0 if self.whole else _decimals(values)
        self.origin, self.step = 0, 1
        if self.decimals is None:
            return
        integers = values if self.whole else np.rint(values * 10.0**self.decimals).astype(np.int64)
        lowest = integers.min()
        # Differences in uint64 wrap around to the right answer where int64 would overflow.
        apart = integers.astype(np.uint64) - lowest.astype(np.uint64)
        self.step = int(np.gcd.reduce(apart)) or 1
        self.origin = int(lowest) % self.step
        if max(abs(int(integers.max())), abs(int(lowest))) / self.step >= EXACT:
            # Far from zero a float cannot count single steps; count from a round number nearby instead.
            coarse = self.step << 40
            self.origin += int(lowest) // coarse * coarse

    def coordinate(self, values):
        """Values, shape (n,), as float64 counts of steps."""
        if self.decimals is None:
            return values.astype(np.float64)
        integers = values.astype(np.int64) if self.whole else np.rint(values * 10.0**self.decimals)
        return (integers - self.origin).astype(np.float64) / self.step

    def value(self, coordinate):
        """The nearest lattice values, shape (n,), int64 or float64 as the column was."""
        if self.decimals is None:
            return coordinate
        steps = np.rint(coordinate)
        if not self.whole:
            return (steps * self.step + self.origin) / 10.0**self.decimals
        limits = np.iinfo(np.int64)
        lowest, highest = (limits.min - self.origin) // self.step + 1, (limits.max - self.origin) // self.step - 1
        steps = np.clip(steps, max(lowest, -(2.0**62)), min(highest, 2.0**62)).astype(np.int64)
        return steps * self.step + self.origin


def _decimals(values):
    """The fewest decimals that all values are written with; None where there is no such number."""
    # Single precision is compared as such, or 39.1 would have 14 decimals.
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
    """A column's quantile function, made of steps and slopes.

    A value that at least `min_frequency` rows hold is an *atom*: a flat step as wide as its share of the rows, given
    back exactly. Rarer values are never stored: each run of them between two atoms becomes a slope through the means
    of groups of at least `min_frequency` neighbours (on an arcsinh scale, so that heavy tails are cut no
    more than they must be). At most about 1,000 such means are kept.

    Attributes
    ----------
    ranks, heights : ndarray of shape (n_knots,)
        The quantile function's corners; `heights` are coordinates on the arcsinh scale.
    atoms : ndarray of shape (n_atoms,)
        The exact values, sorted.
    atom_ranks : ndarray of shape (n_atoms, 2)
        Where each atom's step begins and ends.
    segment_atom : ndarray of shape (n_knots - 1,)
        Which atom is the flat segment right of each knot, -1 for a slope.
    """

    STATE = ("grid", "center", "scale", "ranks", "heights", "atoms", "atom_ranks", "segment_atom")

    def __init__(self, values, min_frequency):
        """Read the distribution of `values`, float64 or int64 of shape (n,), n >= 1, without gaps."""
        self.grid = Grid(values)
        distinct, counts = np.unique(values, return_counts=True)
        coordinate = np.sort(self.grid.coordinate(values))
        self._set_scale(coordinate)
        is_atom = (counts >= min_frequency) | (len(distinct) == 1)
        ends = np.cumsum(counts)
        starts = ends - counts
        n = len(values)
        self.atoms = distinct[is_atom]
        self.atom_ranks = np.column_stack([starts, ends])[is_atom] / n
        heights = self._height(coordinate)
        group_ranks, group_heights = _group_means(heights, starts, counts, is_atom, min_frequency)
        self._join(heights, group_ranks, group_heights, min_frequency, is_atom)

    def _set_scale(self, coordinate):
        middle = coordinate[len(coordinate) // 4 : -(-3 * len(coordinate) // 4)]
        self.center = float(np.mean(middle)) if len(middle) else float(np.mean(coordinate))
        spread = float(np.mean(np.abs(coordinate - self.center)[np.abs(coordinate) < np.inf]))
        inner = float(np.mean(np.abs(middle - self.center))) if len(middle) else 0.0
        self.scale = inner or spread or 1.0

    def _height(self, coordinate):
        return np.arcsinh((coordinate - self.center) / self.scale)

    def _join(self, sorted_heights, group_ranks, group_heights, min_frequency, is_atom):
        """Put the atoms' steps, the groups' means and the two ends in one ascending run of knots."""
        atom_heights = self._height(self.grid.coordinate(self.atoms))
        edge_ranks, edge_heights = [], []
        k = min(min_frequency, len(sorted_heights))
        if not is_atom[0]:
            edge_ranks.append(0.0)
            edge_heights.append((sorted_heights[0] + sorted_heights[:k].mean()) / 2)
        if not is_atom[-1]:
            edge_ranks.append(1.0)
            edge_heights.append((sorted_heights[-1] + sorted_heights[-k:].mean()) / 2)
        ranks = np.concatenate([self.atom_ranks.ravel(), group_ranks, edge_ranks])
        heights = np.concatenate([np.repeat(atom_heights, 2), group_heights, edge_heights])
        order = np.lexsort((heights, ranks))
        self.ranks = ranks[order]
        # Rounding aside, heights rise with ranks; the maximum makes it so to the last bit.
        self.heights = np.maximum.accumulate(heights[order])
        self.segment_atom = np.full(len(self.ranks) - 1, -1)
        if len(self.atoms):
            begins = np.searchsorted(self.ranks, self.atom_ranks[:, 0], side="right") - 1
            self.segment_atom[begins] = np.arange(len(self.atoms))

    def interval(self, values):
        """Where values lie: ``(low, high)`` in [0, 1], shape (n,) each.

        An atom lies anywhere on its step; a rarer value where its own lattice cell meets the slope.
        """
        coordinate = self.grid.coordinate(values)
        half = 0.0 if self.grid.decimals is None else 0.5
        low = np.interp(self._height(coordinate - half), self.heights, self.ranks)
        high = np.interp(self._height(coordinate + half), self.heights, self.ranks)
        if len(self.atoms):
            nearest = np.searchsorted(self.atoms, values).clip(max=len(self.atoms) - 1)
            exact = self.atoms[nearest] == values
            low = np.where(exact, self.atom_ranks[nearest, 0], low)
            high = np.where(exact, self.atom_ranks[nearest, 1], high)
        return low, high

    def value(self, rank):
        """The quantile function at `rank` in [0, 1], shape (n,): values of the column's own kind."""
        segment = (np.searchsorted(self.ranks, rank, side="right") - 1).clip(0, len(self.ranks) - 2)
        left, right = self.ranks[segment], self.ranks[segment + 1]
        share = (rank - left) / np.where(right > left, right - left, 1.0)
        height = self.heights[segment] * (1 - share) + self.heights[segment + 1] * share
        values = self.grid.value(self.center + np.sinh(height) * self.scale)
        if len(self.atoms):
            atom = self.segment_atom[segment]
            values = np.where(atom >= 0, self.atoms[atom], values)
        return values

    def get_state(self):
        return {**super().get_state(), "grid": self.grid.get_state()}

    @classmethod
    def from_state(cls, state):
        return super().from_state({**state, "grid": Grid.from_state(state["grid"])})


def _group_means(sorted_heights, starts, counts, is_atom, min_frequency):
    """Ranks and mean heights of groups of neighbouring rare rows, run by run between the atoms."""
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
        sums = np.add.reduceat(sorted_heights[begin:end], cuts[:-1] - begin)
        ranks.append((cuts[:-1] + cuts[1:]) / 2 / n)
        heights.append(sums / np.diff(cuts))
    return np.concatenate([[], *ranks]), np.concatenate([[], *heights])
