"""The sum over an ensemble of trees without walking them: bits say which leaves a row can still reach."""

from __future__ import annotations

import numpy as np

CHUNK = 256
MAX_LEAVES = 64
ALL_LEAVES = np.uint64(2**64 - 1)
# 64 shifts of it begin with 64 different runs of six bits, which tell a single bit's place (a de Bruijn sequence).
DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
SIX_BITS = np.uint64(58)
# From this share of the trees on, all of them are masked at once, those that do not look at the column by all ones.
MOST = 0.05


class QuickScorer:
    """What each tree adds for rows of codes, summed [1]_.

    A node whose test fails closes the leaves on its left. A tree's exit is the leftmost leaf that all its nodes leave
    open, in whatever order they are asked: for each column and code, one word a tree holds what they say together.

    Parameters
    ----------
    roots : ndarray of shape (n_trees,)
        First node of each tree.
    column, value : ndarray of shape (n_nodes,)
        What a node looks at, and what it adds as a leaf.
    children : ndarray of shape (n_nodes, 2)
        Right and left; a leaf leads to itself.
    goes_left : ndarray of bool, shape (n_nodes, 256)
        The test of each node.

    References
    ----------
    .. [1] Lucchese et al., "QuickScorer: a fast algorithm to rank documents with additive ensembles of regression
       trees", SIGIR 2015, algorithm 1.
    """

    def __init__(self, roots, column, value, children, goes_left):
        n_trees = len(roots)
        masks = {}
        self._values = np.zeros((n_trees, MAX_LEAVES))
        for tree, root in enumerate(roots):
            leaves, inner = _in_order(int(root), children)
            self._values[tree, _places(len(leaves))] = value[leaves]
            for node, first, stop in inner:
                closed = np.uint64((1 << stop) - (1 << first))
                table = masks.setdefault(int(column[node]), np.full((256, n_trees), ALL_LEAVES))
                table[~goes_left[node], tree] &= ~closed
        self._columns = [_narrowed(column, table) for column, table in masks.items()]
        self._starts = MAX_LEAVES * np.arange(n_trees)

    def total(self, features):
        """The sum over trees for each row of `features`, uint8 of shape (n_rows, n_columns)."""
        chunks = [self._total(features[start : start + CHUNK]) for start in range(0, len(features), CHUNK)]
        return np.concatenate(chunks) if chunks else np.empty(0)

    def _total(self, features):
        leaves = np.full((len(features), len(self._starts)), ALL_LEAVES)
        said = np.empty_like(leaves)
        for column, trees, table in self._columns:
            codes = features[:, column].astype(np.intp)
            if trees is None:
                # Every code has its row, so that nothing is clipped: numpy takes faster when it need not check.
                leaves &= table.take(codes, axis=0, out=said, mode="clip")
            else:
                leaves[:, trees] &= table.take(codes, axis=0)
        leftmost = leaves & -leaves
        leftmost *= DE_BRUIJN
        leftmost >>= SIX_BITS
        places = leftmost.view(np.int64)
        places += self._starts
        return self._values.take(places).sum(1)


def _in_order(root, children):
    """A tree's leaves from left to right, and (node, first leaf, last + 1 of the leaves on its left) of the others."""
    leaves, inner, waiting = [], [], [root]
    began = {}
    while waiting:
        node = waiting.pop()
        right, left = (int(child) for child in children[node])
        if right == node:
            leaves.append(node)
            if len(leaves) > MAX_LEAVES:
                raise ValueError(f"A tree has more than {MAX_LEAVES} leaves.")
        elif node in began:
            inner.append((node, began[node], len(leaves)))
            waiting.append(right)
        else:
            began[node] = len(leaves)
            waiting += [node, left]
    return leaves, inner


def _places(n_leaves):
    """Where the values of the first leaves are kept: the first six bits of the sequence, shifted by the leaf."""
    return (DE_BRUIJN << np.arange(n_leaves, dtype=np.uint64)) >> SIX_BITS


def _narrowed(column, table):
    """(column, None, table) of all trees, or with those alone that look at the column where they are few."""
    trees = np.flatnonzero((table != ALL_LEAVES).any(0))
    if len(trees) > MOST * table.shape[1]:
        return column, None, table
    return column, trees, np.ascontiguousarray(table[:, trees])
