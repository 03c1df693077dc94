"""Nearest rows and balls around rows, computed in blocks: memory grows with the rows, not with their pairs."""

import numpy as np
from sklearn.neighbors import NearestNeighbors
from sklearn.utils import gen_batches

from skgan._forked import one_openmp_thread_if_forked
from skgan._validation import Whole, check_option

# Rows of a block of squared distances: the block has 8 MiB, which caches hold.
CENTERS, POINTS = 256, 4096
# Numbers in a block of differences.
CELLS = 1_000_000
# Distances whose relative difference is smaller differ by rounding alone.
TIE = 1e-9


@one_openmp_thread_if_forked()
def nearest(queries, rows, k=1):
    """The k nearest of `rows` to each query row, nearest first.

    Parameters
    ----------
    queries : ndarray of shape (n_queries, n_features)
    rows : ndarray of shape (n_rows, n_features), n_rows >= k
    k : int, default=1

    Returns
    -------
    distances : ndarray of shape (n_queries, k)
        Exactly 0 between equal rows.
    positions : ndarray of int, shape (n_queries, k)
    """
    positions = _search(rows, k).kneighbors(queries, return_distance=False)
    return _exact(queries, rows, positions)


@one_openmp_thread_if_forked()
def nearest_others(rows, k=1):
    """The k nearest other rows to each row, as `nearest` returns them; n_rows > k."""
    positions = _search(rows, k).kneighbors(return_distance=False)
    return _exact(rows, rows, positions)


def nearest_distance(queries, rows):
    """Distance (n_queries,) from each query row to the nearest of `rows`."""
    distances, _ = nearest(queries, rows)
    return distances[:, 0]


def _search(rows, k):
    return NearestNeighbors(n_neighbors=k, algorithm="brute").fit(rows)


def _exact(queries, rows, positions):
    """Distances and positions, sorted by exact distances.

    The search computes distances from inner products, whose rounding makes those of equal rows differ from 0.
    """
    distances = np.empty(positions.shape)
    for j, position in enumerate(positions.T):
        for block in gen_batches(len(queries), max(CELLS // queries.shape[1], 1)):
            distances[block, j] = norms(queries[block] - rows[position[block]])
    order = np.argsort(distances, axis=1, kind="stable")
    return np.take_along_axis(distances, order, axis=1), np.take_along_axis(positions, order, axis=1)


def norms(rows):
    """Euclidean norm of each row, shape (n,)."""
    return np.sqrt(np.square(rows).sum(axis=1))


def balls(centers, radii, points):
    """Which balls contain a point, and how many balls contain each point.

    Parameters
    ----------
    centers : ndarray of shape (n_centers, n_features)
    radii : ndarray of shape (n_centers,)
    points : ndarray of shape (n_points, n_features)

    Returns
    -------
    is_occupied : ndarray of bool, shape (n_centers,)
    n_balls : ndarray of int, shape (n_points,)

    Notes
    -----
    A ball is open, |x - c| < r, but it always contains its centre, even where r = 0. A point whose distance equals the
    radius up to rounding is outside.
    """
    # Squared distances are |c|^2 - 2 c.x + |x|^2; their rounding error is below slack * (|c|^2 + |x|^2).
    slack = 2 * (centers.shape[1] + 4) * np.finfo(np.float64).eps
    center_squares, point_squares = (np.square(rows).sum(axis=1) for rows in (centers, points))
    reach = np.maximum(np.square(radii), 4 * slack * center_squares + np.finfo(np.float64).tiny)
    left = np.column_stack([centers, (1 + slack) * center_squares - reach, np.ones(len(centers))])
    right = np.vstack([-2 * points.T, np.ones(len(points)), (1 + slack) * point_squares])
    is_occupied = np.zeros(len(centers), dtype=bool)
    n_balls = np.zeros(len(points), dtype=np.int64)
    for some_centers in gen_batches(len(centers), CENTERS):
        for some_points in gen_batches(len(points), POINTS):
            inside = left[some_centers] @ right[:, some_points] < 0
            is_occupied[some_centers] |= inside.any(axis=1)
            n_balls[some_points] += inside.sum(axis=0, dtype=np.int32)
    return is_occupied, n_balls


def exceeds(a, b):
    """Where a > b by more than rounding."""
    return a > b * (1 + TIE)


def check_n_neighbors(n_neighbors, **available):
    """Raise a ValueError unless each X, of which `available` says how many neighbours a row has, has `n_neighbors`."""
    check_option("n_neighbors", n_neighbors, Whole())
    for name, n in available.items():
        if n < n_neighbors:
            raise ValueError(
                f"n_neighbors={n_neighbors} is too many: a row has {n} neighbours among the rows of {name} that are "
                "used; pass a smaller n_neighbors or more rows."
            )
