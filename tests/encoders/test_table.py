"""Whole tables: one tensor, one layout, and back to the values that were read."""

import numpy as np
import pandas as pd
import pytest
import torch

from skgan._forms import read_table
from skgan.datasets import make_mixed
from skgan.encoders import TableEncoder, _profiles
from skgan.encoders._columns import CategoricalColumn, EmptyColumn, NumericColumn, distinct_categories
from skgan.encoders._derived import DerivedColumn
from skgan.encoders._encoded import encode
from skgan.encoders._grouped import EmbeddedColumn, GroupedColumn, _widest_gap
from skgan.encoders._identifier import IdentifierColumn
from skgan.encoders._profiles import Profiles
from skgan.encoders._table import COLUMNS
from skgan.encoders._text import TextColumn


def fit(X, min_frequency=5):
    table = read_table(X)
    return table, TableEncoder(min_frequency=min_frequency).fit(table)


def everything(n=400):
    """Every kind of column, dependent and with missing values."""
    X = make_mixed(n, random_state=0)
    X["void"] = np.nan
    X["fixed"] = 3
    X["name"] = [f"name {i}" for i in range(n)]
    return X


def test_columns_lie_side_by_side_in_order():
    table, encoder = fit(everything())
    assert encoder.spec_.width == sum(width for column in encoder.columns_ for _, width, _ in column.pieces)
    rows = encoder.encode(table).middle()
    assert rows.shape == (400, encoder.spec_.width) and rows.dtype == torch.float32
    start = 0
    for column, source in zip(encoder.columns_, table.columns):
        alone = encode([column], [source]).middle()
        np.testing.assert_array_equal(rows[:, start : start + alone.shape[1]], alone)
        start += alone.shape[1]


@pytest.mark.parametrize(
    "values, kind",
    [
        ([1.5, np.nan, 2.0], NumericColumn),
        ([1, 2, 3], NumericColumn),
        ([True, False, True], CategoricalColumn),
        (["a", None, "b"], CategoricalColumn),
        ([f"{i}" for i in range(100)], CategoricalColumn),
        ([f"{i}" for i in range(101)], GroupedColumn),
        ([np.nan, np.nan], EmptyColumn),
        ([None, None], EmptyColumn),
        (pd.to_datetime(["2020-01-01", None, "2021-01-01"]), NumericColumn),
    ],
)
def test_the_kind_of_column_follows_from_what_it_holds(values, kind):
    _, encoder = fit(pd.DataFrame({"c": values}))
    assert type(encoder.columns_[0]) is kind
    assert encoder.ordered_.tolist() == [kind in (NumericColumn, GroupedColumn)]


def test_levels_and_gaps_come_back_and_numbers_come_back_close():
    table, encoder = fit(everything())
    decoded = encoder.decode(encoder.encode(table).middle().numpy())
    assert len(decoded) == len(table.columns)
    for column, (values, missing) in zip(table.columns, decoded):
        np.testing.assert_array_equal(missing, column.missing)
        given, held = values[~missing], column.values[~column.missing]
        if column.kind == "categorical":
            np.testing.assert_array_equal(given, held)
        elif len(held):
            ranks = np.searchsorted(np.sort(held), held), np.searchsorted(np.sort(held), given)
            assert np.abs(ranks[0] - ranks[1]).max() <= 10
            assert given.min() >= held.min() and given.max() <= held.max()


def test_with_min_frequency_1_everything_comes_back_exactly():
    table, encoder = fit(everything(), min_frequency=1)
    for column, (values, missing) in zip(table.columns, encoder.decode(encoder.encode(table).middle().numpy())):
        np.testing.assert_array_equal(missing, column.missing)
        np.testing.assert_array_equal(values[~missing], column.values[~missing])


def test_decoded_rows_rebuild_to_the_form_of_X():
    X = everything()
    table, encoder = fit(X)
    rebuilt = table.form.rebuild(encoder.decode(encoder.encode(table).middle().numpy()))
    assert (rebuilt.dtypes == X.dtypes).all() and list(rebuilt.columns) == list(X.columns)
    pd.testing.assert_frame_equal(rebuilt.isna(), X.isna())
    same = ["rooms", "garden", "pets", "grade", "city", "fixed", "void", "name"]
    pd.testing.assert_frame_equal(rebuilt[same[1:]], X[same[1:]])
    assert (rebuilt["price"] == rebuilt["price"].round(2)).all()


@pytest.mark.parametrize("zone", [None, "Europe/Berlin"])
def test_whole_days_stay_whole_days(zone):
    days = pd.date_range("2020-01-01", periods=900, tz=zone)
    table, encoder = fit(pd.DataFrame({"day": days}))
    rows = np.linspace(-1, 1, 5000)[:, None]
    given = table.form.rebuild(encoder.decode(rows))["day"]
    assert (given == given.dt.normalize()).all()


@pytest.mark.parametrize("X", [np.array([[1.5]]), np.array([[1.5], [2.0]]), np.full((30, 2), 7), np.zeros((1, 3))])
def test_tiny_and_constant_tables(X):
    table, encoder = fit(X)
    for column, (values, missing) in zip(X.T, encoder.decode(encoder.encode(table).middle().numpy())):
        assert not missing.any()
        assert values.min() >= column.min() and values.max() <= column.max()
    assert encoder.features(table).shape == X.shape


def planted(n_categories=10_000, n_rows=40_000):
    """A column whose categories are ordered along a hidden line, on which the other columns depend."""
    rng = np.random.default_rng(0)
    position = rng.random(n_categories)
    level = rng.integers(n_categories, size=n_rows)
    hidden = position[level]
    X = pd.DataFrame({
        "amount": np.exp(3 * hidden) + 0.1 * rng.standard_normal(n_rows),
        "level": np.array([f"{i}" for i in range(n_categories)], dtype=object)[level],
        "class": np.array(["low", "middle", "high"], dtype=object)[np.digitize(hidden, [0.3, 0.6])],
        "noise": rng.standard_normal(n_rows),
    })
    return X, position


def test_similar_categories_are_neighbours():
    X, position = planted()
    _, encoder = fit(X)
    many = encoder.columns_[1]
    assert type(many) is GroupedColumn and encoder.spec_.width == 1 + (100 + 1) + 1  # the class is derived
    held = [position[int(level)] for level in many.categories]
    ranks = np.argsort(np.argsort(held))
    assert abs(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1]) > 0.9


def test_the_coordinates_of_categories_are_the_directions_in_which_they_differ():
    X, position = planted(n_categories=300, n_rows=6000)
    table = read_table(X)
    categories = distinct_categories(table.columns[1])
    compared = Profiles(table.columns)
    coordinates = compared.coordinates(table.columns[1], categories, 1)
    held = [position[int(level)] for level in categories]
    assert coordinates.shape == (300, 5) and abs(np.corrcoef(coordinates[:, 0], held)[0, 1]) > 0.9
    assert np.square(coordinates).sum(0).argmax() == 0


@pytest.mark.parametrize("n_columns", [60, 70])
def test_wide_profiles_are_projected_and_taken_in_parts(n_columns, monkeypatch):
    rng = np.random.default_rng(0)
    level = rng.integers(120, size=3000)
    centre = rng.normal(size=(120, n_columns))
    X = pd.DataFrame(centre[level] + 0.1 * rng.normal(size=(3000, n_columns)))
    X["level"] = np.array([f"{i:03}" for i in range(120)], dtype=object)[level]
    table = read_table(X.rename(columns=str))
    column, categories = table.columns[-1], distinct_categories(table.columns[-1])
    whole = Profiles(table.columns).coordinates(column, categories, n_columns)
    monkeypatch.setattr(_profiles, "MAX_NUMBERS", 1000)
    parts = Profiles(table.columns).coordinates(column, categories, n_columns)
    assert whole.shape == (120, 16)
    np.testing.assert_allclose(np.abs(parts), np.abs(whole), rtol=1e-3, atol=1e-4)


def test_columns_of_keys_have_no_coordinates():
    X = pd.DataFrame({"key": [f"{i:03}" for i in range(400)], "x": np.arange(400.0)})
    table = read_table(X)
    assert Profiles(table.columns).coordinates(table.columns[0], list(X["key"]), 0).shape == (400, 0)


def test_the_order_of_categories_does_not_depend_on_the_order_of_the_rows():
    X, _ = planted(n_categories=200, n_rows=1000)
    lines = [fit(rows)[1].columns_[1].categories for rows in (X, X.sample(frac=1, random_state=0))]
    assert lines[0] == lines[1]


def test_features_are_the_same_alone_as_in_a_batch_and_for_unseen_rows_finite():
    table, encoder = fit(everything())
    batch = encoder.features(table)
    assert batch.dtype == np.uint8 and batch.shape == (400, len(table.columns))
    for row in (0, 17, 399):
        alone = encoder.features(table.take(np.array([row])))
        np.testing.assert_array_equal(alone[0], batch[row])


def test_state_is_all_there_is():
    table, encoder = fit(everything())
    again = TableEncoder.from_state(encoder.get_state())
    assert again.spec_ == encoder.spec_ and again.min_frequency == encoder.min_frequency
    np.testing.assert_array_equal(again.ordered_, encoder.ordered_)
    rows = encoder.encode(table).middle().numpy()
    np.testing.assert_array_equal(again.encode(table).middle(), rows)
    for (a, gaps_a), (b, gaps_b) in zip(again.decode(rows), encoder.decode(rows)):
        np.testing.assert_array_equal(a, b)
        np.testing.assert_array_equal(gaps_a, gaps_b)


def test_a_saved_encoder_holds_no_rare_number():
    X = np.random.default_rng(0).normal(size=(3000, 2))
    _, encoder = fit(X)

    def arrays(tree):
        if isinstance(tree, dict):
            tree = list(tree.values())
        if isinstance(tree, list | tuple):
            return [leaf for branch in tree for leaf in arrays(branch)]
        return [np.ravel(tree)]

    stored = np.concatenate([leaf for leaf in arrays(encoder.get_state()) if leaf.dtype.kind == "f"])
    assert len(stored) > 1000 and not np.isin(stored, X).any()


def test_registry():
    assert COLUMNS == {
        "numeric": NumericColumn,
        "categorical": CategoricalColumn,
        "grouped": GroupedColumn,
        "embedded": EmbeddedColumn,
        "derived": DerivedColumn,
        "empty": EmptyColumn,
        "identifier": IdentifierColumn,
        "text": TextColumn,
    }


def clusters(n_rows, n_categories=150, n_clusters=6, seed=0):
    """Two columns of many categories, which say of each other only to which of few clusters a category belongs."""
    rng = np.random.default_rng(seed)
    of_a, of_b = np.arange(n_categories) % n_clusters, rng.permutation(n_categories) % n_clusters
    a = rng.integers(n_categories, size=n_rows)
    members = np.stack([np.flatnonzero(of_b == cluster) for cluster in range(n_clusters)])
    b = members[of_a[a], rng.integers(members.shape[1], size=n_rows)]
    X = pd.DataFrame({"a": [f"a{i:03}" for i in a], "b": [f"b{i:03}" for i in b], "x": rng.normal(size=n_rows)})
    return X, {"a": of_a, "b": of_b}


def test_columns_of_many_categories_are_compared_with_each_other():
    X, clusters_of = clusters(4000)
    _, encoder = fit(X)
    for name, many in zip("ab", encoder.columns_, strict=False):
        assert type(many) is GroupedColumn
        cluster = clusters_of[name][[int(category[1:]) for category in many.categories]]
        group = np.repeat(np.arange(len(many.starts)), np.diff([*many.starts, len(cluster)]))
        held = [np.bincount(cluster[group == number]).max() for number in range(len(many.starts))]
        assert sum(held) / len(cluster) > 0.97


def test_the_comparison_of_many_categories_does_not_depend_on_the_order_of_the_rows():
    X, _ = clusters(2000)
    lines = [fit(rows)[1].columns_[0].categories for rows in (X, X.sample(frac=1, random_state=0))]
    assert lines[0] == lines[1]


def test_a_column_of_many_categories_with_missing_values_is_compared():
    X, _ = clusters(2000)
    X.loc[::7, "b"] = None
    table = read_table(X)
    categories = distinct_categories(table.columns[0])
    assert np.isfinite(Profiles(table.columns).coordinates(table.columns[0], categories, 0)).all()


def test_groups_are_cut_where_their_parts_differ_most():
    points, counts = np.array([[0.0], [0.1], [0.2], [5.0], [5.1]]), np.array([10, 10, 10, 10, 10])
    assert _widest_gap(points, counts) == 3
    # The last category alone has less than a quarter of the rows.
    assert _widest_gap(np.array([[0.0], [0.1], [0.2], [0.3], [9.0]]), counts) == 3
    # Points that are all alike are cut at the median.
    assert _widest_gap(np.ones((4, 2)), np.array([1, 1, 1, 5])) == 3
    assert _widest_gap(np.array([[0.0], [1.0]]), np.array([99, 1])) == 1
