"""Toy data with known answers."""

from numbers import Integral, Real

import numpy as np
import pandas as pd
from sklearn.utils import check_random_state, check_scalar

from .._validation import check_n_samples


def make_ring(n_samples=1000, *, n_modes=8, radius=1.0, scale=0.05, random_state=None):
    """Draw points from equally likely Gaussians whose means are evenly spaced on a circle.

    Mode ``k`` has its mean at angle ``2 pi k / n_modes``, so that of the first one is ``(radius, 0)``.

    Parameters
    ----------
    n_samples : int, default=1000
        Number of points, at least 1.
    n_modes : int, default=8
        Number of Gaussians, at least 1.
    radius : float, default=1.0
        Radius of the circle, at least 0.
    scale : float, default=0.05
        Standard deviation of each Gaussian in both directions, at least 0.
    random_state : int, RandomState instance or None, default=None
        Seed of the draw; None gives different points in each call.

    Returns
    -------
    X : ndarray of shape (n_samples, 2)
        The points, float64.
    labels : ndarray of shape (n_samples,)
        The mode that each point was drawn from, an integer in ``[0, n_modes)``.

    Raises
    ------
    TypeError, ValueError
        If a parameter has the wrong type or is out of its range.

    Examples
    --------
    >>> from skgan.datasets import make_ring
    >>> X, labels = make_ring(100, random_state=0)
    >>> X.shape, labels.shape
    ((100, 2), (100,))
    """
    check_n_samples(n_samples)
    check_scalar(n_modes, "n_modes", Integral, min_val=1)
    check_scalar(radius, "radius", Real, min_val=0)
    check_scalar(scale, "scale", Real, min_val=0)
    rng = check_random_state(random_state)
    labels = rng.randint(n_modes, size=n_samples)
    angles = 2 * np.pi * labels / n_modes
    means = radius * np.column_stack([np.cos(angles), np.sin(angles)])
    return means + scale * rng.standard_normal((n_samples, 2)), labels


def make_mixed(n_samples=500, *, random_state=None):
    """Draw a table with every kind of column, with dependent columns and missing values.

    All columns depend on one hidden standard normal number per row, so that each pair of columns is dependent.

    Parameters
    ----------
    n_samples : int, default=500
        Number of rows, at least 1.
    random_state : int, RandomState instance or None, default=None
        Seed of the draw; None gives a different table in each call.

    Returns
    -------
    X : pandas.DataFrame of shape (n_samples, 11)
        ``price`` (float, two decimals), ``rainfall`` (float, 70 % zeros), ``weight`` (float, missing more often where
        the hidden number is large), ``rooms`` (int), ``floor`` (``Int64``), ``garden`` (bool), ``pets`` (``boolean``),
        ``grade`` (ordered category), ``city`` (text), ``sold`` (datetime in the zone Europe/Berlin, whole days),
        ``duration`` (timedelta, whole minutes). ``weight``, ``floor``, ``pets``, ``city`` and ``sold`` have missing
        values.

    Raises
    ------
    TypeError, ValueError
        If ``n_samples`` is no whole number or below 1.

    Examples
    --------
    >>> from skgan.datasets import make_mixed
    >>> make_mixed(100, random_state=0).shape
    (100, 11)
    """
    check_n_samples(n_samples)
    rng = check_random_state(random_state)
    hidden = rng.standard_normal(n_samples)

    def noisy(share):
        """Return the hidden number with ``share`` of its variance replaced by noise, (n_samples,)."""
        return np.sqrt(1 - share) * hidden + np.sqrt(share) * rng.standard_normal(n_samples)

    def missing(share):
        """Return a mask of missing values, (n_samples,) bool."""
        return rng.uniform(size=n_samples) < share

    rooms = np.clip(np.round(4 + 1.5 * noisy(0.2)), 1, 9).astype(np.int64)
    floor = pd.Series(np.clip(np.round(3 + 3 * noisy(0.5)), 0, 20).astype(np.int64)).astype("Int64")
    pets = pd.Series(noisy(0.4) > 0.3).astype("boolean")
    city = pd.Series(np.array(["Bonn", "Köln", "Trier"])[np.digitize(noisy(0.3), [-0.5, 0.8])])
    days = np.round(600 + 200 * noisy(0.3)).astype(np.int64)
    sold = pd.Series(pd.Timestamp("2020-01-01") + pd.to_timedelta(days, unit="D"))
    grade = np.digitize(noisy(0.2), [-1, 1])
    dry = 0.5244  # the 70 % point of a standard normal
    return pd.DataFrame(
        {
            "price": np.round(np.exp(5 + 0.5 * noisy(0.1)), 2),
            "rainfall": np.round(np.clip(noisy(0.3) - dry, 0, None), 3),
            "weight": np.where(missing(0.2 / (1 + np.exp(-2 * hidden))), np.nan, 70 + 10 * noisy(0.2)),
            "rooms": rooms,
            "floor": floor.mask(missing(0.1)),
            "garden": noisy(0.2) > 0,
            "pets": pets.mask(missing(0.15)),
            "grade": pd.Categorical.from_codes(grade, ["low", "middle", "high"], ordered=True),
            "city": city.mask(missing(0.05)),
            "sold": sold.dt.tz_localize("Europe/Berlin").mask(missing(0.05)),
            "duration": pd.to_timedelta(np.round(np.exp(3 + 0.7 * noisy(0.3))), unit="min"),
        }
    )
