"""Columns of many categories: similar categories form groups, and each category has a place within its group.

One-hot codes of thousands of categories would be too wide. A group and a place keep any number of categories apart with
at most 101 tensor columns. Groups are cut where the categories' profiles, the means of the other columns, differ most.
"""

from __future__ import annotations

import heapq

import numpy as np

from skgan._state import Array, Categories, Flag, ListOf, Number, Stateful, Whole, ascends, demand

from ._columns import MAX_ONE_HOT, MISSING_FEATURE, RARE_FEATURE, categories_at, codes_of

# Groups of an encoded column: as many as a one-hot has categories at most.
N_GROUPS = MAX_ONE_HOT
# The least share of a group's rows on either side of a cut.
LEAST_PART = 0.25


class GroupedColumn(Stateful):
    """Many categories as a group, one-hot, and a place within the group; missing values are a group of their own.

    Within its group a category is an interval as wide as its share of the group's rows, so that frequencies are kept.

    Parameters
    ----------
    column : Column
        What was read.
    categories : list
        All categories.
    coordinates : ndarray of shape (n_categories, n_coordinates)
        Similar categories have similar ones (`Profiles.coordinates`).
    """

    STATE = {
        "categories": Categories(),
        "edges": Array("f", (None,), 0, 1),
        "starts": ListOf(Whole(), 1),
        "has_missing": Flag(),
        "missing_share": Number(0, 1),
    }
    ordered = True

    def __init__(self, column, categories, coordinates):
        counts = np.bincount(codes_of(column.values[~column.missing], categories), minlength=len(categories))
        groups = grouped(coordinates, counts, N_GROUPS)
        order = np.concatenate(groups)
        self.categories = [categories[code] for code in order]
        self.edges = np.concatenate([[0.0], np.cumsum(counts[order]) / counts.sum()])
        self.starts = np.cumsum([0, *map(len, groups[:-1])]).tolist()
        self.missing_share = float(column.missing.mean())
        self.has_missing = bool(column.missing.any())
        self.complete()

    def complete(self):
        n_categories = len(self.categories)
        is_valid = 0 < self.missing_share < 1 if self.has_missing else self.missing_share == 0
        demand(is_valid, "missing_share", "be between 0 and 1 if has_missing is True, and 0 if it is False")
        demand(len(self.edges) == n_categories + 1 > 1, "edges", "have one number more than categories")
        ends = self.edges[0] == 0 and np.isclose(self.edges[-1], 1)
        demand(ends and ascends(self.edges), "edges", "ascend from 0 to 1")
        self._starts = np.array([*self.starts, n_categories])
        cut = self.starts[0] == 0 and ascends(self._starts, strictly=True)
        demand(cut, "starts", f"ascend from 0, and be less than {n_categories}")
        self._group_of = np.repeat(np.arange(len(self.starts)), np.diff(self._starts))
        # The share of the rows below each group, and that of the group itself.
        self._below = self.edges[self._starts[:-1]]
        self._share = np.diff(self.edges[self._starts])
        demand((self._share > 0).all(), "edges", "ascend within each group")

    @property
    def pieces(self):
        shares = self._share * (1 - self.missing_share)
        shares = [*shares, self.missing_share] if self.has_missing else shares
        return [("categorical", len(shares), tuple(np.log(shares).tolist())), ("uniform", 1, ())]

    def codes(self, values):
        """The position of each value among the categories, -1 for an unknown one."""
        return codes_of(values, self.categories)

    def encode(self, values, missing):
        codes = self.codes(values)
        unknown = missing | (codes < 0)
        group = self._group_of[codes]
        low = (self.edges[codes] - self._below[group]) / self._share[group]
        high = (self.edges[codes + 1] - self._below[group]) / self._share[group]
        # Where there is no category, the place could be any.
        low, high = np.where(unknown, 0.0, low), np.where(unknown, 1.0, high)
        nothing = np.where(missing & self.has_missing, len(self.starts), -1)
        return [np.where(unknown, nothing, group), (2 * low - 1, 2 * high - 1)]

    def _row_codes(self, rows):
        """The category of each encoded row; one more than there are for a missing value."""
        group = rows[:, :-1].argmax(1)
        missing = group == len(self.starts)
        group = np.where(missing, 0, group)
        place = (rows[:, -1].astype(np.float64) + 1) / 2
        share = self._below[group] + place * self._share[group]
        code = np.searchsorted(self.edges, share, side="right") - 1
        code = np.clip(code, self._starts[group], self._starts[group + 1] - 1)
        return np.where(missing, len(self.categories), code)

    def decode(self, rows):
        codes = self._row_codes(rows)
        return categories_at(self.categories, codes), codes == len(self.categories)

    def features(self, values, missing):
        return self._features_of(np.where(missing, len(self.categories), self.codes(values)))

    def row_features(self, rows):
        return self._features_of(self._row_codes(rows))

    def _features_of(self, codes):
        middle = np.append((self.edges[:-1] + self.edges[1:]) / 2, 0.0)[codes]
        scaled = np.where(codes < 0, 0.5, middle) * (RARE_FEATURE - 0.001)
        return np.where(codes == len(self.categories), MISSING_FEATURE, scaled).astype(np.uint8)

    def extremes(self):
        """(values, missing): all categories, and a missing value if there are any."""
        codes = np.arange(len(self.categories) + self.has_missing)
        return categories_at(self.categories, codes), codes == len(self.categories)


class EmbeddedColumn(GroupedColumn):
    """Many classes as conditions: the group, the place within it, and the coordinates of each class.

    Coordinates tell a generator how the classes differ, so that it need not learn each class anew.
    """

    STATE = {**GroupedColumn.STATE, "coordinates": Array("f", (None, None), -1, 1)}

    def __init__(self, column, categories, coordinates):
        super().__init__(column, categories, coordinates)
        order = codes_of(self.categories, categories)
        largest = np.abs(coordinates).max(initial=0.0)
        self.coordinates = coordinates[order] / (largest or 1.0)
        self.complete()

    def complete(self):
        super().complete()
        if hasattr(self, "coordinates"):
            fits = len(self.coordinates) == len(self.categories)
            demand(fits, "coordinates", "have one row per category")

    @property
    def pieces(self):
        return [*super().pieces, *[("uniform", 1, ())] * self.coordinates.shape[1]]

    def encode(self, values, missing):
        codes = self.codes(values)
        numbers = np.where((codes < 0)[:, None], 0.0, self.coordinates[codes]).astype(np.float32)
        return [*super().encode(values, missing), *((number, number) for number in numbers.T)]


def grouped(coordinates, counts, n_groups):
    """Cut categories into groups of similar ones.

    The group that scatters most is cut along its main direction, where the two parts differ most, until there are
    `n_groups`; of groups that do not scatter, the one with the most rows, at the median.

    Parameters
    ----------
    coordinates : ndarray of shape (n_categories, n_coordinates)
        The first are those in which the categories differ most.
    counts : ndarray of shape (n_categories,)
        Rows of each category.
    n_groups : int

    Returns
    -------
    list of int arrays
        The positions of the categories of each group, ordered along its main direction. Groups that were cut last are
        side by side, so that similar categories are near each other.
    """
    everything = _along_main_direction(np.arange(len(counts)), coordinates, counts)
    # Each group by the place of its first category, of which a cut leaves the others unchanged.
    groups = {0: everything}
    queue = [(*_scatter(everything, coordinates, counts), 0)] if len(everything) > 1 else []
    while queue and len(groups) < n_groups:
        *_, first = heapq.heappop(queue)
        members = groups[first]
        cut = _widest_gap(coordinates[members], counts[members])
        for start, part in ((first, members[:cut]), (first + cut, members[cut:])):
            groups[start] = _along_main_direction(part, coordinates, counts)
            if len(part) > 1:
                heapq.heappush(queue, (*_scatter(part, coordinates, counts), start))
    return [groups[first] for first in sorted(groups)]


def _scatter(members, coordinates, counts):
    """The scatter and the rows of a group, both negative: a heap has its smallest item first."""
    points, weights = coordinates[members], counts[members]
    squares = (points - _mean(points, weights)) ** 2
    return -float((weights[:, None] * squares).sum()), -int(weights.sum())


def _mean(points, weights):
    return np.average(points, axis=0, weights=weights)


def _widest_gap(points, counts):
    """Where to cut ordered categories so that the means of both parts differ most, weighted by their rows [1]_.

    Each part has a quarter of the rows at least, so that no group is much rarer than the others; if this leaves no
    choice, the cut is at the median.

    References
    ----------
    .. [1] Otsu, "A threshold selection method from gray-level histograms", IEEE Transactions on Systems, Man, and
       Cybernetics 9(1), 1979, eq. 14.
    """
    rows = counts.sum()
    below = np.cumsum(counts)[:-1, None] / rows
    sums = np.cumsum((points - _mean(points, counts)) * counts[:, None], axis=0)[:-1] / rows
    between = (sums**2).sum(axis=1, keepdims=True) / (below * (1 - below))
    between = np.where(np.minimum(below, 1 - below) >= LEAST_PART, between, -1.0)[:, 0]
    # Differences of less than this are noise of the summation, also between points that are all alike.
    if between.size == 0 or between.max() <= 1e-9 * (points**2).max(initial=0.0):
        return _median(counts)
    return int(between.argmax()) + 1


def _median(counts):
    """Where to cut so that both sides have about as many rows, and at least one category each."""
    below = np.cumsum(counts)
    cut = int(np.searchsorted(below, below[-1] / 2, side="left")) + 1
    if cut > 1 and below[cut - 1] - below[-1] / 2 > below[-1] / 2 - below[cut - 2]:
        cut -= 1
    return min(max(cut, 1), len(counts) - 1)


def _along_main_direction(members, coordinates, counts):
    """The members of a group ordered along the direction in which they scatter most."""
    if len(members) < 3 or not coordinates.shape[1]:
        return members
    points = coordinates[members]
    points = points - _mean(points, counts[members])
    weighted = points * np.sqrt(counts[members])[:, None]
    _, directions = np.linalg.eigh(weighted.T @ weighted)
    direction = directions[:, -1]
    # An eigenvector's sign is arbitrary; this one is the same on every machine.
    direction = direction * np.sign(direction[np.abs(direction).argmax()])
    return members[np.argsort(points @ direction, kind="stable")]
