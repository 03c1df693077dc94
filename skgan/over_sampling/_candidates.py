"""Select generated rows from several candidates, by their predicted class probabilities."""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from skgan._forms import joint_matrix, modality_of, read_like, read_table, rows_taken
from skgan._identifiers import identifiers_of

# The least number of rows in a leaf is 5 % of the rows, but at most this many. Smaller leaves would give high
# probabilities to whatever is close to a training row.
MAX_LEAF_SIZE = 20
# A tree is fitted on at most this many rows, so that the forest takes less time than the sampler.
MAX_ROWS_PER_TREE = 10_000
# Added to each probability: if all of a row's candidates have probability 0, they are equally likely to be selected.
MIN_PROBABILITY = 1e-6


def select(X, labels, candidates, wanted, rng):
    """Select one of several candidates for each wanted row, by sampling-importance-resampling [1]_.

    A candidate x for a row with some label is selected with a probability proportional to p(label | x), as predicted by
    a random forest that is fitted on X and its labels.

    Parameters
    ----------
    X : array, frame or stack of images, of n_rows rows
    labels : ndarray of shape (n_rows,)
    candidates : like X, of n_wanted * n_candidates rows
        The first candidate for each wanted row, then the second for each, and so on.
    wanted : ndarray of shape (n_wanted,)
        The labels of the wanted rows.
    rng : numpy.random.Generator

    Returns
    -------
    like X, of n_wanted rows

    References
    ----------
    .. [1] Rubin, "Using the SIR algorithm to simulate posterior distributions", Bayesian Statistics 3, 1988.
    """
    n_candidates = len(candidates) // len(wanted)
    probabilities = _probabilities(X, labels, candidates, np.tile(wanted, n_candidates), int(rng.integers(2**31)))
    log_weights = np.log(probabilities + MIN_PROBABILITY).reshape(n_candidates, len(wanted))
    # The Gumbel-max trick: the position of the maximum is a draw in proportion to the weights.
    winners = (log_weights + rng.gumbel(size=log_weights.shape)).argmax(axis=0)
    return rows_taken(candidates, winners * len(wanted) + np.arange(len(wanted)))


def _probabilities(X, labels, candidates, wanted, seed):
    """The predicted probability of each candidate's wanted label."""
    A, B = _as_numbers(X, candidates)
    classes, y = np.unique(labels, return_inverse=True)
    leaf = int(np.clip(len(y) // 20, 1, MAX_LEAF_SIZE))
    n_rows = min(len(y), MAX_ROWS_PER_TREE)
    forest = RandomForestClassifier(min_samples_leaf=leaf, max_samples=n_rows, random_state=seed).fit(A, y)
    return forest.predict_proba(B)[np.arange(len(B)), np.searchsorted(classes, wanted)]


def _as_numbers(X, candidates):
    """Both as matrices that trees read: pixels side by side, categories as codes."""
    if modality_of(X) == "images":
        return X.reshape(len(X), -1), candidates.reshape(len(candidates), -1)
    real = read_table(X, name="X", infer_types=True)
    generated = read_like(real.form, candidates, "rows of the sampler", real_name="X")
    # Identifiers of generated rows lie beyond those of X, and say nothing about a row.
    identifiers = [j for j, found in identifiers_of(real).items() if found.certain]
    kept = [j for j in range(len(real.columns)) if j not in identifiers]
    A, B, _ = joint_matrix(real.select(kept), generated.select(kept))
    return _ranks(A, A), _ranks(B, A)


def _ranks(rows, reference):
    """Each number as its rank among the reference values of its column.

    Trees need no more than the order, and numbers that are too large for scikit-learn's float32 cause no error.
    """
    ranks = np.column_stack([np.searchsorted(np.unique(k[~np.isnan(k)]), r) for r, k in zip(rows.T, reference.T)])
    # A column with missing values only carries no information, and trees cannot handle it: it keeps its ranks.
    return np.where(np.isnan(rows) & ~np.isnan(reference).all(axis=0), np.nan, ranks)
