"""Sums over trees by bits: the same as walking each tree."""

import numpy as np
import pytest

from skgan.refinement import _quick_scorer
from skgan.refinement._quick_scorer import CHUNK, MAX_LEAVES, QuickScorer, _positions

ANY, LEFT, RIGHT = "any", "left", "right"


def grow(rng, n_leaves, n_columns, where=ANY):
    """A tree that splits one of its leaves after another: which one is left to chance, or the outermost one."""
    column, children = [0], [[0, 0]]
    leaves = [0]
    while len(leaves) < n_leaves:
        place = {ANY: rng.integers(len(leaves)), LEFT: 0, RIGHT: len(leaves) - 1}[where]
        split, new = leaves[place], len(column)
        column[split], children[split] = rng.integers(n_columns), [new + 1, new]
        column += [0, 0]
        children += [[new, new], [new + 1, new + 1]]
        leaves[place : place + 1] = [new, new + 1]
    return np.array(column), np.array(children)


def forest(n_leaves, n_columns, where=ANY, seed=0):
    """Arrays of trees with so many leaves each, whose nodes lie in any order, and a leaf's value is its own."""
    rng = np.random.default_rng(seed)
    roots, columns, children = [], [], []
    n_nodes = 0
    for wanted in n_leaves:
        column, of_each = grow(rng, wanted, n_columns, where)
        roots.append(n_nodes)
        columns.append(column)
        children.append(of_each + n_nodes)
        n_nodes += len(column)
    order = rng.permutation(n_nodes)
    place = np.argsort(order)
    children = place[np.concatenate(children)][order]
    is_leaf = children[:, 0] == np.arange(n_nodes)
    value = np.where(is_leaf, rng.normal(size=n_nodes), np.nan)
    return place[roots], np.concatenate(columns)[order], value, children, rng.random((n_nodes, 256)) < 0.5


def walked(arrays, features):
    """The sum over trees, each walked from its root."""
    roots, column, value, children, goes_left = arrays
    node = np.tile(roots, (len(features), 1))
    while (children[node, 0] != node).any():
        codes = np.take_along_axis(features, column[node], axis=1)
        node = np.where(goes_left[node, codes], children[node, 1], children[node, 0])
    return value[node].sum(1)


def rows_of_codes(n, n_columns, seed=1):
    return np.random.default_rng(seed).integers(0, 256, (n, n_columns), dtype=np.uint8)


FORESTS = {
    "few columns": forest([8] * 40, 2),
    "many columns": forest([5] * 60, 300),
    "as many leaves as there may be": forest([MAX_LEAVES] * 20, 6),
    "all sizes": forest(range(1, MAX_LEAVES + 1), 4),
    "all down the left": forest([MAX_LEAVES] * 3, 4, LEFT),
    "all down the right": forest([MAX_LEAVES] * 3, 4, RIGHT),
    "one tree": forest([7], 3),
    "one leaf": forest([1], 1),
    "leaves alone": forest([1] * 5, 2),
}


@pytest.mark.parametrize("arrays", FORESTS.values(), ids=FORESTS)
@pytest.mark.parametrize("most", [None, -1.0, 1.0], ids=["default", "all trees at once", "few trees at once"])
def test_the_sum_is_that_of_walking_each_tree(monkeypatch, arrays, most):
    if most is not None:
        monkeypatch.setattr(_quick_scorer, "MOST", most)
    features = rows_of_codes(CHUNK + 100, max(2, arrays[1].max() + 1))
    np.testing.assert_allclose(QuickScorer(*arrays).total(features), walked(arrays, features), atol=1e-12)


def test_wide_tables_are_masked_in_part_and_narrow_ones_whole():
    wide, narrow = (QuickScorer(*FORESTS[name])._columns for name in ("many columns", "few columns"))
    assert any(trees is not None for _, trees, _ in wide)
    assert all(trees is None for _, trees, _ in narrow)
    assert all(table.shape[1] < 60 for _, trees, table in wide if trees is not None)


@pytest.mark.parametrize("where", [ANY, LEFT, RIGHT])
def test_each_leaf_can_be_reached(where):
    arrays = forest([MAX_LEAVES], MAX_LEAVES, where)
    totals = QuickScorer(*arrays).total(rows_of_codes(20_000, MAX_LEAVES))
    reached = np.unique(walked(arrays, rows_of_codes(20_000, MAX_LEAVES)))
    np.testing.assert_array_equal(np.unique(totals), reached)
    assert len(reached) == MAX_LEAVES if where == ANY else len(reached) > 8
    assert sorted(_positions(MAX_LEAVES)) == list(range(MAX_LEAVES))


@pytest.mark.parametrize("name", ["few columns", "many columns", "one tree", "one leaf"])
def test_one_row_is_worth_the_same_alone_as_in_a_batch_to_the_last_bit(name):
    scorer = QuickScorer(*FORESTS[name])
    features = rows_of_codes(CHUNK + 40, 300)
    batch = scorer.total(features)
    for i in (0, 1, CHUNK - 1, CHUNK, CHUNK + 39):
        assert scorer.total(features[[i]]).tolist() == [batch[i]]
    np.testing.assert_array_equal(scorer.total(np.asfortranarray(features)), batch)
    np.testing.assert_array_equal(scorer.total(features[::3]), batch[::3])
    assert scorer.total(features[:0]).shape == (0,)


@pytest.mark.parametrize("where", [ANY, LEFT, RIGHT])
def test_a_tree_of_more_leaves_than_bits_is_refused(where):
    with pytest.raises(ValueError, match=f"more than {MAX_LEAVES} leaves"):
        QuickScorer(*forest([3, MAX_LEAVES + 1], 4, where))
