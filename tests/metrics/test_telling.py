"""telling_columns: which columns, and which pairs, give synthetic rows away."""

import numpy as np
import pandas as pd
import pytest

from skgan._forms import read_like, read_table
from skgan.metrics._telling import telling_columns


def told(real, synthetic, **options):
    real = read_table(real)
    return telling_columns(real, read_like(real.form, synthetic, "synthetic", real_name="real"), **options)


def normal(n, seed, n_columns=3):
    return pd.DataFrame(np.random.default_rng(seed).normal(size=(n, n_columns)), columns=list("abcdefgh")[:n_columns])


def test_equal_distributions_tell_nothing():
    for seed in range(3):
        assert told(normal(400, seed), normal(400, seed + 10), also=[0, 1, 2]) == []


def test_a_shifted_column_tells_alone_and_no_pair_is_made_of_two():
    """Two columns that are shifted independently of each other tell no more than the sum of both."""
    shifted = normal(1_000, 1) + [1.0, 0.7, 0.0]
    first, second = told(normal(1_000, 0), shifted)
    assert (first.column, second.column) == ("a", "b")
    # P(z < z' + 1) = Phi(1 / sqrt(2)).
    assert first.auc == pytest.approx(0.76, abs=0.04) and first.drop > second.drop > 0.05


def test_columns_that_all_tell_everything_are_found_although_shuffling_one_changes_nothing():
    real, far = normal(300, 0), normal(300, 1) + 100
    found = told(real, far, also=[0, 1, 2])
    assert {each.column for each in found} == {"a", "b", "c"} and all(each.auc == 1 for each in found)


def test_missing_values_and_categories_tell():
    real = pd.DataFrame({"gap": np.arange(300.0), "kind": list("xyz") * 100, "one": 1.0})
    synthetic = real.assign(gap=real["gap"].mask(real.index % 2 == 0), kind="x")
    found = {each.column: each.auc for each in told(real, synthetic)}
    assert found.keys() == {"gap", "kind"} and found["kind"] == pytest.approx(5 / 6, abs=0.04)


def test_an_empty_column_and_few_rows_are_no_error():
    rows = pd.DataFrame({"a": [np.nan] * 20, "b": np.arange(20.0)})
    assert told(rows, rows.assign(a=1.0))[0].column == "a"
    assert told(rows[["a"]], rows[["a"]]) == []


def test_the_result_follows_from_the_seed():
    sets = normal(300, 0), normal(300, 1) * 2
    assert repr(told(*sets, random_state=1)) == repr(told(*sets, random_state=1))
