"""Rare categories: named in a warning, or merged into the common category with the most similar rows."""

import uuid
import warnings

import numpy as np
import pandas as pd
import pytest

from skgan._forms import read_table
from skgan.encoders import merge_rare, warn_of_rare
from skgan.exceptions import RareCategoryWarning

COMMON = ["a"] * 50 + ["b"] * 50


def table_of(**columns):
    return read_table(pd.DataFrame(columns))


@pytest.mark.parametrize(
    "columns, named",
    [
        ({"town": ["a"] * 5 + ["b"] * 4, "fine": ["c"] * 9, "number": range(9)}, ["town"]),
        ({"one": ["a"] * 8 + ["b"], "two": ["b"] + ["c"] * 8}, ["one", "two"]),
        ({"some missing": ["a"] * 5 + [None] * 2 + ["b"] * 2}, ["some missing"]),
    ],
)
def test_columns_with_rare_levels_are_named(columns, named):
    with pytest.warns(RareCategoryWarning) as told:
        warn_of_rare(table_of(**columns), 5)
    message = str(told[0].message)
    assert len(told) == 1 and "min_frequency=5" in message and "rare_categories='merge'" in message
    assert [name for name in columns if repr(name) in message] == named


@pytest.mark.parametrize(
    "columns, min_frequency",
    [
        ({"town": ["a"] * 5 + ["b"] * 5}, 5),
        ({"town": ["a"] * 5 + ["b"] * 4}, 4),
        ({"town": list("abcdef")}, 1),
        ({"number": range(10)}, 5),
        ({"some missing": ["a"] * 9 + [None]}, 5),
        ({"void": [None] * 9}, 5),
    ],
)
def test_no_rare_level_no_warning_and_nothing_merged(columns, min_frequency):
    table = table_of(**columns)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_rare(table, min_frequency)
    for before, after in zip(table.columns, merge_rare(table, min_frequency).columns):
        assert after is before


def test_many_columns_are_named_in_part():
    with pytest.warns(RareCategoryWarning, match="and 2 more"):
        warn_of_rare(table_of(**{f"c{i}": ["a"] * 8 + ["b"] for i in range(12)}), 5)


def test_a_rare_level_joins_the_common_one_whose_rows_are_alike():
    rng = np.random.default_rng(0)
    level = np.array([*COMMON, "like a", "like a", "like b", None], dtype=object)
    a_like = np.array([value in ("a", "like a") for value in level])
    amount = np.where(a_like, 0.0, 10.0) + rng.normal(size=104)
    table = table_of(level=level, amount=amount, kind=np.where(a_like, "x", "y"))
    merged = merge_rare(table, 5)
    assert merged.columns[0].values.tolist() == [*COMMON, "a", "a", "b", None]
    np.testing.assert_array_equal(merged.columns[0].missing, table.columns[0].missing)
    assert merged.columns[1] is table.columns[1] and merged.columns[2] is table.columns[2]
    assert merged.form.columns == table.form.columns and merged.n_rows == table.n_rows
    assert table.columns[0].values[100] == "like a"  # what was read is left as it was


KEYS = [f"{i}" for i in range(20)]


@pytest.mark.parametrize("name", [KEYS, [*KEYS[:4], *[None] * 16], [*KEYS[:4] * 2, *KEYS[:4] * 2, *[None] * 4]])
def test_a_column_without_a_common_category_is_refused(name):
    table = table_of(town=["a"] * 17 + ["b"] * 3, name=name, number=range(20))
    n_rare = len(set(name) - {None})
    sentence = f"no category that min_frequency=5 .* column 'name', .* its {n_rare} rare ones into; drop"
    with pytest.raises(ValueError, match=sentence) as told:
        merge_rare(table, 5)
    assert "rare_categories='keep'" in str(told.value)


def test_the_warning_says_what_helps_each_column():
    def told(**columns):
        with pytest.warns(RareCategoryWarning) as caught:
            warn_of_rare(table_of(**columns), 5)
        return str(caught[0].message)

    some, every = {"town": ["a"] * 17 + ["b"] * 3}, {"name": KEYS}
    assert "All categories" not in told(**some) and "rare_categories='merge'" in told(**some)
    assert "All categories of column 'name' are rare" in told(**every) and "'merge'" not in told(**every)
    both = told(**some, **every)
    assert both.startswith("Columns 'town', 'name' of X have categories that occur in fewer than 5 rows")
    assert "rare_categories='merge'" in both
    assert "All categories of column 'name' are rare, so there is no common one to replace them by: drop it" in both
    # Merging before the column is dropped would be an error.
    assert "coarser. Then, for the others, pass rare_categories='merge'" in both


@pytest.mark.parametrize("min_frequency", [2, 5, 30])
def test_no_level_is_rare_afterwards(min_frequency):
    rng = np.random.default_rng(0)
    level = np.array([f"{i}" for i in rng.zipf(1.5, 500).clip(max=200)], dtype=object)
    merged = merge_rare(table_of(level=level, number=rng.normal(size=500)), min_frequency)
    column = merged.columns[0]
    assert pd.Series(column.values[~column.missing]).value_counts().min() >= min_frequency
    kept = pd.Series(level).map(pd.Series(level).value_counts()) >= min_frequency
    np.testing.assert_array_equal(column.values[kept], level[kept])


def test_merged_objects_are_in_no_file():
    keys = [uuid.UUID(int=i) for i in (1, 2, 999)]
    table = table_of(key=pd.Series([keys[0]] * 9 + [keys[1]] * 8 + [keys[2]], dtype=object), number=range(18))
    merged = merge_rare(table, 5)
    assert str(keys[2]) not in repr(merged.form.get_state()) and str(keys[2]) in repr(table.form.get_state())
    drawn = merged.form.rebuild([(column.values, column.missing) for column in merged.columns])
    assert set(drawn["key"]) == set(keys[:2])


def test_a_lone_column_merges_too():
    merged = merge_rare(table_of(level=[*COMMON, "z"]), 5)
    assert merged.columns[0].values[-1] in ("a", "b")


def test_numbers_and_bools_as_levels():
    table = read_table(np.array([[1]] * 9 + [[2]]), categorical_features=[0])
    assert merge_rare(table, 5).columns[0].values.tolist() == [1] * 10
