"""Of several generated rows, those that a forest believes to be of their class."""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from skgan._forms import joint_matrix, read_like, read_table, rows_taken

# Leaves of so many rows, or of a twentieth where there are few: smaller ones believe what is next to a training row.
LARGEST_LEAF = 20
# A tree learns from so many rows at most, or it would take longer than the sampler does.
MOST_ROWS_A_TREE = 10_000
# Where no candidate is believed, all are alike.
LEAST_BELIEF = 1e-6


def chosen(X, labels, candidates, wanted, rng):
    """One of the candidates for each row that is wanted, by sampling-importance-resampling [1]_.

    Of those for one row a candidate x has the chance p(label | x), in proportion, where p is a random forest's that
    learned from X and its labels.

    Parameters
    ----------
    X : array, frame or stack of images, of n_rows rows
    labels : ndarray of shape (n_rows,)
    candidates : like X, of n_wanted * n_candidates rows
        The first for all that are wanted, the second for all, and so on.
    wanted : ndarray of shape (n_wanted,)
        The labels of the rows that are wanted.
    rng : numpy.random.Generator

    Returns
    -------
    like X, of n_wanted rows

    References
    ----------
    .. [1] Rubin, "Using the SIR algorithm to simulate posterior distributions", Bayesian Statistics 3, 1988.
    """
    n_candidates = len(candidates) // len(wanted)
    beliefs = _beliefs(X, labels, candidates, np.tile(wanted, n_candidates), int(rng.integers(2**31)))
    log_chances = np.log(beliefs + LEAST_BELIEF).reshape(n_candidates, len(wanted))
    # The largest, with Gumbel noise, is a draw in proportion to the chances.
    winners = (log_chances + rng.gumbel(size=log_chances.shape)).argmax(axis=0)
    return rows_taken(candidates, winners * len(wanted) + np.arange(len(wanted)))


def _beliefs(X, labels, candidates, wanted, seed):
    """How likely each candidate's label is."""
    A, B = _as_numbers(X, candidates)
    classes, y = np.unique(labels, return_inverse=True)
    leaf = int(np.clip(len(y) // 20, 1, LARGEST_LEAF))
    n_rows = min(len(y), MOST_ROWS_A_TREE)
    forest = RandomForestClassifier(min_samples_leaf=leaf, max_samples=n_rows, random_state=seed).fit(A, y)
    return forest.predict_proba(B)[np.arange(len(B)), np.searchsorted(classes, wanted)]


def _as_numbers(X, candidates):
    """Both as matrices that trees read: pixels side by side, levels as codes."""
    if np.ndim(X) > 2:
        return X.reshape(len(X), -1), candidates.reshape(len(candidates), -1)
    real = read_table(X, name="X")
    A, B, _ = joint_matrix(real, read_like(real.form, candidates, "rows of the sampler", real_name="X"))
    return _places(A, A), _places(B, A)


def _places(rows, known):
    """Each number as its place among the known ones of its column: all that trees need, and no number is too large."""
    places = np.column_stack([np.searchsorted(np.unique(k[~np.isnan(k)]), r) for r, k in zip(rows.T, known.T)])
    # Trees stumble over a column of gaps alone, which says nothing anyway.
    return np.where(np.isnan(rows) & ~np.isnan(known).all(axis=0), np.nan, places)
