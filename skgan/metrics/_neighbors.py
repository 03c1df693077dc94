"""Nearest rows and balls around rows, in blocks: memory grows with the rows, not with their pairs."""

import numpy as np
from sklearn.neighbors import NearestNeighbors
from sklearn.utils import gen_batches

from skgan._validation import Whole, check_option

from ._extract import extract
from ._read import generator_of, some_rows

CENTERS, POINTS = 256, 4096  # of a block of squared distances: 8 MiB, which caches hold
CELLS = 1_000_000  # of a block of differences
MAX_ROWS = Whole(words=(None,))
TIE = 1e-9  # Distances that differ by less than this share of themselves differ by rounding.


def sampled_points(X_real, X_synthetic, *, max_rows, random_state, sample_real=True, **how):
    """At most `max_rows` real and synthetic rows, and their unit, as `comparable` gives them; `how` as in `extract`."""
    check_option("max_rows", max_rows, MAX_ROWS)
    rng = generator_of(random_state)
    real, synthetic = extract(X_real, X_synthetic, random_state=rng, **how)
    if sample_real:
        real = real[some_rows(len(real), max_rows, rng)]
    return comparable(real, synthetic[some_rows(len(synthetic), max_rows, rng)])


def comparable(*matrices):
    """The same points in float64 about their mean, in units in which no square overflows.

    Parameters
    ----------
    *matrices : ndarrays of shape (n, n_features)

    Returns
    -------
    matrices : list of ndarray of float64
        Of all distances, only the unit changes.
    unit : float
        What a distance of 1 is in the units that were given.
    """
    matrices = [np.asarray(matrix, dtype=np.float64) for matrix in matrices]
    # A power of two, so that equal numbers stay equal.
    _, exponent = np.frexp(max(np.abs(matrix).max() for matrix in matrices))
    exponent = min(exponent, 1023)
    matrices = [np.ldexp(matrix, -exponent) for matrix in matrices]
    center = np.mean([matrix.mean(axis=0) for matrix in matrices], axis=0)
    return [matrix - center for matrix in matrices], float(np.ldexp(1.0, exponent))


def nearest(asked, rows, k=1):
    """The k nearest of `rows` to each asked row, nearest first.

    Parameters
    ----------
    asked : ndarray of shape (n_asked, n_features)
    rows : ndarray of shape (n_rows, n_features), n_rows >= k
    k : int, default=1

    Returns
    -------
    distances : ndarray of shape (n_asked, k)
        Exactly 0 between equal rows.
    positions : ndarray of int, shape (n_asked, k)
    """
    positions = _search(rows, k).kneighbors(asked, return_distance=False)
    return _exact(asked, rows, positions)


def nearest_others(rows, k=1):
    """As `nearest`, of `rows` among themselves: to each row the k nearest others; n_rows > k."""
    positions = _search(rows, k).kneighbors(return_distance=False)
    return _exact(rows, rows, positions)


def _search(rows, k):
    return NearestNeighbors(n_neighbors=k, algorithm="brute").fit(rows)


def _exact(asked, rows, positions):
    """Distances from differences: those of a search come from inner products, which do not know equal rows."""
    distances = np.empty(positions.shape)
    for j, position in enumerate(positions.T):
        for block in gen_batches(len(asked), max(CELLS // asked.shape[1], 1)):
            distances[block, j] = length(asked[block] - rows[position[block]])
    order = np.argsort(distances, axis=1, kind="stable")
    return np.take_along_axis(distances, order, axis=1), np.take_along_axis(positions, order, axis=1)


def length(rows):
    """Euclidean length of each row, shape (n,)."""
    return np.sqrt(np.square(rows).sum(axis=1))


def balls(centers, radii, points):
    """Which balls hold points, and how many balls hold each point.

    Parameters
    ----------
    centers : ndarray of shape (n_centers, n_features)
    radii : ndarray of shape (n_centers,)
    points : ndarray of shape (n_points, n_features)

    Returns
    -------
    occupied : ndarray of bool, shape (n_centers,)
    holders : ndarray of int, shape (n_points,)

    Notes
    -----
    A ball is open, |x - c| < r, and it always holds its centre, even where r = 0. What is on the rim up to rounding is
    outside.
    """
    # Squared distances are |c|^2 - 2 c.x + |x|^2; their rounding error is below slack * (|c|^2 + |x|^2).
    slack = 2 * (centers.shape[1] + 4) * np.finfo(np.float64).eps
    center_squares, point_squares = (np.square(rows).sum(axis=1) for rows in (centers, points))
    reach = np.maximum(np.square(radii), 4 * slack * center_squares + np.finfo(np.float64).tiny)
    left = np.column_stack([centers, (1 + slack) * center_squares - reach, np.ones(len(centers))])
    right = np.vstack([-2 * points.T, np.ones(len(points)), (1 + slack) * point_squares])
    occupied = np.zeros(len(centers), dtype=bool)
    holders = np.zeros(len(points), dtype=np.int64)
    for some_centers in gen_batches(len(centers), CENTERS):
        for some_points in gen_batches(len(points), POINTS):
            inside = left[some_centers] @ right[:, some_points] < 0
            occupied[some_centers] |= inside.any(axis=1)
            holders[some_points] += inside.sum(axis=0, dtype=np.int32)
    return occupied, holders


def exceeds(a, b):
    """Where a > b by more than rounding."""
    return a > b * (1 + TIE)


def check_n_neighbors(n_neighbors, **available):
    """Refuse what is no number of neighbours, or more than are `available` among the rows of each X."""
    check_option("n_neighbors", n_neighbors, Whole())
    for name, n in available.items():
        if n < n_neighbors:
            raise ValueError(
                f"n_neighbors={n_neighbors} is too many: a row has {n} neighbours among the rows of {name} that are "
                "used; pass a smaller n_neighbors or more rows."
            )
