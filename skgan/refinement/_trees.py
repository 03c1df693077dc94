"""A density ratio by boosted trees, stored as plain arrays.

scikit-learn fits the trees; stored is the direction of each feature value at each node. So a saved model needs no
pickle, does not depend on scikit-learn's version, and gives a row the same value alone and in a batch.
"""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from skgan._state import LARGE, Array, Number, Rule, Stateful, ascends, demand

from ._quick_scorer import QuickScorer

# Settings by the smallest number of rows that they are for. With few rows, training is short. From 500 rows on,
# held-out rows detect overfitting. From 5000 on, they stop training too early; a penalty on small leaves works better.
BOOSTING = {
    0: {"max_iter": 30, "learning_rate": 0.1, "early_stopping": False},
    500: {
        "max_iter": 200,
        "learning_rate": 0.1,
        "early_stopping": True,
        "n_iter_no_change": 8,
        "validation_fraction": 0.15,
    },
    5000: {"max_iter": 100, "learning_rate": 0.3, "early_stopping": False, "l2_regularization": 30.0},
}


class Bits(Rule):
    """A table of bool of shape (n, 256), stored as bits: uint8 of shape (n, 32)."""

    def __str__(self):
        return "an array of uint8 and shape (any, 32)"

    def allows(self, value):
        return isinstance(value, np.ndarray) and value.dtype == np.uint8 and value.shape == (len(value), 32)

    def read(self, name, value):
        return np.unpackbits(super().read(name, value), axis=1).astype(bool)

    def state_of(self, value):
        return np.packbits(value, axis=1)


class RatioTrees(Stateful):
    """``log p(real) / p(generated)`` of rows of features.

    Parameters
    ----------
    real, generated : ndarray of uint8, shapes (n_real, n_columns) and (n_generated, n_columns)
        Features 0 to 254.
    ordered : ndarray of bool, shape (n_columns,)
        Which columns are numeric and not categorical.
    seed : int
        Seed of the trees' validation split.
    balanced : sequence of int
        Categorical columns with equal shares in both samples. Rows of rare categories get larger weights, so that
        differences within these are learned too.

    Attributes
    ----------
    baseline : float
        Start of the sum over trees.
    roots : ndarray of shape (n_trees,)
        First node of each tree.
    column, value : ndarray of shape (n_nodes,)
        The column that a node tests, and its value as a leaf.
    children : ndarray of shape (n_nodes, 2)
        Right and left child of each node; a leaf is its own child.
    goes_left : ndarray of bool, shape (n_nodes, 256)
        Whether a node sends each feature value to its left child.
    """

    STATE = {
        "baseline": Number(),
        "roots": Array("iu", (None,), 0),
        "column": Array("iu", (None,), 0),
        "value": Array("f", (None,), -LARGE, LARGE),
        "children": Array("iu", (None, 2), 0),
        "goes_left": Bits(),
    }

    def __init__(self, real, generated, ordered, seed, *, balanced=()):
        # scikit-learn itself would put categorical columns first, and make their values dense.
        order = np.argsort(ordered, kind="stable")
        features = np.concatenate([real, generated])[:, order]
        tables = np.stack([_dense_values(column, is_number) for column, is_number in zip(features.T, ordered[order])])
        dense = np.column_stack([table[column] for table, column in zip(tables, features.T, strict=True)])
        n_each = [len(real), len(generated)]
        labels = np.repeat([1, 0], n_each)
        # Both samples get equal total weight.
        weights = np.repeat([1.0, len(real) / len(generated)], n_each)
        for column in balanced:
            weights *= _root_weights(real[:, column], generated[:, column])
        smallest = min(len(real), len(generated))
        model = HistGradientBoostingClassifier(
            **BOOSTING[max(n for n in BOOSTING if n <= smallest)],
            # Large trees and small leaves would memorise the rows, and refinement would favour copies of them.
            max_leaf_nodes=_max_leaf_nodes(smallest),
            min_samples_leaf=max(2, min(100, smallest // 20)),
            categorical_features=~ordered[order],
            random_state=seed % 2**32,
        ).fit(dense, labels, weights)
        self.baseline = float(np.ravel(model._baseline_prediction)[0])
        self._read([predictors[0] for predictors in model._predictors], tables, order)

    def _read(self, predictors, tables, order):
        """Copy the parts of scikit-learn's trees that `log_ratio` needs."""
        sizes = np.array([len(predictor.nodes) for predictor in predictors], dtype=np.int64)
        self.roots = np.concatenate([[0], np.cumsum(sizes)])[:-1].astype(np.int32)
        nodes = np.concatenate([predictor.nodes for predictor in predictors])
        offset = np.repeat(self.roots, sizes)
        leaf = nodes["is_leaf"].astype(bool)
        itself = np.arange(len(nodes))
        self.column = np.where(leaf, 0, order[nodes["feature_idx"].astype(np.intp) % len(order)]).astype(np.int32)
        self.value = np.where(leaf, nodes["value"], 0.0)
        right = np.where(leaf, itself, nodes["right"].astype(np.int64) + offset)
        left = np.where(leaf, itself, nodes["left"].astype(np.int64) + offset)
        self.children = np.column_stack([right, left]).astype(np.int32)
        self.goes_left = np.zeros((len(nodes), 256), dtype=bool)
        place = {int(column): position for position, column in enumerate(order)}
        bitsets = [bits for predictor in predictors for bits in [predictor.raw_left_cat_bitsets] * len(predictor.nodes)]
        for i in np.flatnonzero(~leaf):
            dense = tables[place[int(self.column[i])]]
            if nodes["is_categorical"][i]:
                bits = np.unpackbits(bitsets[i][nodes["bitset_idx"][i]].view(np.uint8), bitorder="little")
                known = ~np.isnan(dense)
                self.goes_left[i, known] = bits[dense[known].astype(np.intp)]
                self.goes_left[i, ~known] = bool(nodes["missing_go_to_left"][i])
            else:
                self.goes_left[i] = dense <= nodes["num_threshold"][i]
        self._scorer = self._make_scorer()

    def log_ratio(self, features):
        """One value per row of `features`, uint8 of shape (n_rows, n_columns)."""
        return self.baseline + self._scorer.total(features)

    def complete(self):
        n_nodes = len(self.column)
        same_length = {len(self.value), len(self.children), len(self.goes_left)} == {n_nodes}
        demand(same_length, "column, value, children and goes_left", "have one entry per node")
        first = len(self.roots) and self.roots[0] == 0 and ascends(self.roots, strictly=True)
        demand(first and self.roots[-1] < n_nodes, "roots", "ascend from 0, and be nodes")
        rule = "be two later nodes of the same tree, each of one parent, or the leaf itself"
        demand(self._are_trees(), "children", rule)
        self._scorer = self._make_scorer()

    def _are_trees(self):
        """Whether every node is reached from the root of its tree by exactly one path."""
        n_nodes = len(self.column)
        node = np.arange(n_nodes)
        stop = np.append(self.roots[1:], n_nodes)[np.searchsorted(self.roots, node, side="right") - 1]
        is_leaf = (self.children == node[:, None]).all(1)
        inner = self.children[~is_leaf]
        if not ((inner > node[~is_leaf, None]) & (inner < stop[~is_leaf, None])).all():
            return False
        # Children come after their parents, so that one parent per node except the roots rules out cycles and orphans.
        parents = np.bincount(inner.ravel(), minlength=n_nodes)
        expected = np.ones(n_nodes, dtype=np.int64)
        expected[self.roots] = 0
        return bool((parents == expected).all())

    def _make_scorer(self):
        return QuickScorer(self.roots, self.column, self.value, self.children, self.goes_left)


def _root_weights(real, generated):
    """One weight per row, so that a category's total is proportional to the square root of its number of real rows."""
    weights = 1 / np.sqrt(np.bincount(real, minlength=256).clip(1))
    return np.concatenate([weights[real], weights[generated]]) / weights[real].mean()


def _max_leaf_nodes(n_rows):
    for limit, leaves in ((2000, 8), (15_000, 31)):
        if n_rows < limit:
            return leaves
    return 63


def _dense_values(column, is_number):
    """A table from each of 256 feature values to the trees' input: the value, or its position among those present."""
    if is_number:
        return np.arange(256, dtype=np.float64)
    seen = np.unique(column)
    table = np.full(256, np.nan)
    table[seen] = np.arange(len(seen))
    return table
