"""Points: real, synthetic and held-out rows as points of one space, read once for any number of metrics."""

from dataclasses import dataclass, replace

import numpy as np

from skgan._forms import read_tables
from skgan._random import some_rows
from skgan._validation import Whole, check_option

from ._extract import extract, natural
from ._images import check_images_only
from ._scales import SCALES, points

MAX_ROWS = Whole(words=(None,))


@dataclass(frozen=True, eq=False)
class Points:
    """Real and synthetic rows as points of one space, for the metrics that compare rows by their features.

    Such a metric turns the rows that it is given into points at each call. To compute several metrics of the same rows,
    read them once by `Points.read`, and pass the result to each metric in the place of all its rows. The values are
    the same, unless both the features and the metric are random.

    Parameters
    ----------
    real : ndarray of shape (n_real, n_features)
    synthetic : ndarray of shape (n_synthetic, n_features)
    holdout : ndarray of shape (n_holdout, n_features), default=None

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import Points, coverage, energy_distance
    >>> X_real, X_synthetic = np.random.default_rng(0).normal(size=(2, 500, 3))
    >>> points = Points.read(X_real, X_synthetic, features="ranks")
    >>> coverage(points) == coverage(X_real, X_synthetic, features="ranks")
    True
    >>> energy_distance(points) < 0.1
    True
    """

    real: np.ndarray
    synthetic: np.ndarray
    holdout: np.ndarray | None = None

    @classmethod
    def read(
        cls,
        X_real,
        X_synthetic,
        X_holdout=None,
        *,
        features="auto",
        y_real=None,
        categorical_features="from_dtype",
        channel_axis=None,
        random_state=0,
    ):
        """Read rows and turn them into points.

        Parameters
        ----------
        X_real : array-like or frame of shape (n_real, n_columns), stack of images, or Table
        X_synthetic : the same, of any number of rows
        X_holdout : the same, of any number of rows, default=None
            Real rows that the sampler was not fitted on, for the metrics of privacy. The scales "ranks", "minmax" and
            "standard" are then those of the real and the held-out rows together: on the scale of the real rows alone,
            all held-out values beyond the largest real one would become equal.
        features : {"auto", "raw", "ranks", "minmax", "standard", "pca", "random", "classifier"} or callable, \
                default="auto"
            How rows become points, as in `extract`.
        y_real : array-like of shape (n_real,), default=None
            Labels, for features="classifier".
        categorical_features : "from_dtype" or array-like, default="from_dtype"
            Columns that hold categories, beside those whose dtype says so: a boolean mask, positions or names.
        channel_axis : {None, 1, 3, -1}, default=None
            For images with four dimensions, the axis of the channels. None is an axis of 1, 3 or 4.
        random_state : int, Generator, RandomState or None, default=0
            For features="pca", "random" and "classifier".

        Returns
        -------
        Points

        Raises
        ------
        ValueError, TypeError
            Rows that cannot be read, or whose columns differ from those of X_real; the message names them.
        """
        check_images_only(channel_axis, X_real, "X_real")
        others = named(X_synthetic, X_holdout)
        options = {"names": tuple(others), "categorical_features": categorical_features}
        word = natural(X_real) if isinstance(features, str) and features == "auto" else features
        if X_holdout is not None and isinstance(word, str) and word in SCALES:
            real, synthetic, holdout = read_tables(X_real, X_synthetic, X_holdout, **options)
            both, synthetic = points([real.above(holdout), synthetic], word)
            return cls(both[: real.n_rows], synthetic, both[real.n_rows :])
        options |= {"features": word, "y_real": y_real, "channel_axis": channel_axis, "random_state": random_state}
        return cls(*extract(X_real, *others.values(), **options))

    def sampled(self, max_rows, rng, sides=("real", "synthetic")):
        """At most `max_rows` rows, drawn at random, of each of the named sides; all rows where it is None."""
        check_option("max_rows", max_rows, MAX_ROWS)
        chosen = {}
        for side in sides:
            matrix = getattr(self, side)
            chosen[side] = matrix[some_rows(len(matrix), max_rows, rng)]
        return replace(self, **chosen)

    def centred(self):
        """The points in float64 about their mean, in a unit in which no squared distance overflows.

        Returns
        -------
        points : Points
            All distances are divided by `unit`, and change in no other way.
        unit : float
        """
        sides = (self.real, self.synthetic, self.holdout)[: 2 if self.holdout is None else 3]
        matrices, unit = comparable(*sides)
        return Points(*matrices), unit


def named(X_synthetic, X_holdout):
    """What is read beside X_real, by its name in error messages; without X_holdout where it is None."""
    return {"X_synthetic": X_synthetic} | ({} if X_holdout is None else {"X_holdout": X_holdout})


def comparable(*matrices):
    """Points in float64 about their mean, in a unit in which no squared distance overflows.

    Parameters
    ----------
    *matrices : ndarrays of shape (n, n_features)

    Returns
    -------
    matrices : list of ndarray of float64
    unit : float
        The length of the new unit, in the old one.
    """
    matrices = [np.asarray(matrix, dtype=np.float64) for matrix in matrices]
    # A power of two, so that equal numbers stay equal.
    _, exponent = np.frexp(max(np.abs(matrix).max() for matrix in matrices))
    exponent = min(exponent, 1023)
    matrices = [np.ldexp(matrix, -exponent) for matrix in matrices]
    center = np.mean([matrix.mean(axis=0) for matrix in matrices], axis=0)
    return [matrix - center for matrix in matrices], float(np.ldexp(1.0, exponent))
