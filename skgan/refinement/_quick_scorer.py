"""Sum the predictions of an ensemble of trees with bit masks of the leaves that a row can still reach."""

from __future__ import annotations

import numpy as np

CHUNK = 256
MAX_LEAVES = 64
ALL_LEAVES = np.uint64(2**64 - 1)
# A de Bruijn sequence: its 64 shifts begin with 64 different runs of six bits, which give the position of a single bit.
DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
SIX_BITS = np.uint64(58)
# If more than this share of the trees use a column, the masks of all trees are applied at once (all ones if unused).
MOST = 0.05


class QuickScorer:
    """Sums of tree predictions for rows of features [1]_.

    A node whose test fails excludes the leaves on its left. A row ends in the leftmost leaf that no node of the tree
    excludes. The order of the nodes does not matter, so that one 64-bit mask per tree holds, for each column and
    feature value, the tests of all nodes on that column.

    Parameters
    ----------
    roots : ndarray of shape (n_trees,)
        First node of each tree.
    column, value : ndarray of shape (n_nodes,)
        The column that a node tests, and its value as a leaf.
    children : ndarray of shape (n_nodes, 2)
        Right and left; a leaf leads to itself.
    goes_left : ndarray of bool, shape (n_nodes, 256)
        Result of each node's test for each feature value.

    References
    ----------
    .. [1] Lucchese et al., "QuickScorer: a fast algorithm to rank documents with additive ensembles of regression
       trees", SIGIR 2015, algorithm 1.
    """

    def __init__(self, roots, column, value, children, goes_left):
        n_trees = len(roots)
        # By column and tree, since few trees may use each of many columns.
        masks = {}
        self._values = np.zeros((n_trees, MAX_LEAVES))
        for tree, root in enumerate(roots):
            leaves, inner = _in_order(int(root), children)
            self._values[tree, _positions(len(leaves))] = value[leaves]
            for node, first, stop in inner:
                excluded = np.uint64((1 << stop) - (1 << first))
                mask = masks.setdefault(int(column[node]), {}).setdefault(tree, np.full(256, ALL_LEAVES))
                mask[~goes_left[node]] &= ~excluded
        self._columns = [_table(column, by_tree, n_trees) for column, by_tree in masks.items()]
        self._starts = MAX_LEAVES * np.arange(n_trees)

    def total(self, features):
        """The sum over trees for each row of `features`, uint8 of shape (n_rows, n_columns)."""
        chunks = [self._total(features[start : start + CHUNK]) for start in range(0, len(features), CHUNK)]
        return np.concatenate(chunks) if chunks else np.empty(0)

    def _total(self, features):
        leaves = np.full((len(features), len(self._starts)), ALL_LEAVES)
        masks = np.empty_like(leaves)
        for column, trees, table in self._columns:
            values = features[:, column].astype(np.intp)
            if trees is None:
                # Every feature value has a row, so nothing is clipped; NumPy's take is faster without a bounds check.
                leaves &= table.take(values, axis=0, out=masks, mode="clip")
            else:
                leaves[:, trees] &= table.take(values, axis=0)
        leftmost = leaves & -leaves
        leftmost *= DE_BRUIJN
        leftmost >>= SIX_BITS
        positions = leftmost.view(np.int64)
        positions += self._starts
        return self._values.take(positions).sum(1)


def _in_order(root, children):
    """A tree's leaves from left to right, and (node, first, stop) of inner nodes: the range of leaves on the left."""
    leaves, inner, stack = [], [], [root]
    first_leaf = {}
    while stack:
        node = stack.pop()
        right, left = (int(child) for child in children[node])
        if right == node:
            leaves.append(node)
            if len(leaves) > MAX_LEAVES:
                raise ValueError(f"A tree has more than {MAX_LEAVES} leaves.")
        elif node in first_leaf:
            inner.append((node, first_leaf[node], len(leaves)))
            stack.append(right)
        else:
            first_leaf[node] = len(leaves)
            stack += [node, left]
    return leaves, inner


def _positions(n_leaves):
    """Positions at which leaf values are stored: the first six bits of the sequence shifted by the leaf's number."""
    return (DE_BRUIJN << np.arange(n_leaves, dtype=np.uint64)) >> SIX_BITS


def _table(column, by_tree, n_trees):
    """(column, None, table) with a column for each tree; if few trees use the column, (column, trees, table) of these.

    `by_tree` is a dict of each tree's mask for each feature value, an array of shape (256,).
    """
    trees = np.array([tree for tree, mask in by_tree.items() if (mask != ALL_LEAVES).any()], dtype=np.intp)
    table = np.full((256, len(trees)), ALL_LEAVES)
    for place, tree in enumerate(trees.tolist()):
        table[:, place] = by_tree[tree]
    if len(trees) <= MOST * n_trees:
        return column, trees, table
    full = np.full((256, n_trees), ALL_LEAVES)
    full[:, trees] = table
    return column, None, full
