"""Collapse by hand: codes of rows that repeat, and columns that hold nearly one value."""

import numpy as np
import pytest

from skgan.refinement import collapse

RNG = np.random.default_rng(0)
N = 600
REAL = np.column_stack([RNG.integers(0, 200, N), RNG.integers(0, 2, N), RNG.integers(0, 3, N)]).astype(np.uint8)


def changed(**columns):
    """Rows like the real ones, in another order, with some columns replaced."""
    rows = REAL[::-1].copy()
    for name, values in columns.items():
        rows[:, int(name[1:])] = values
    return rows


def test_rows_of_the_same_distribution_have_not_collapsed():
    assert collapse(REAL, changed()) is None


def test_few_rows_again_and_again_have():
    assert collapse(REAL, np.resize(REAL[:5], REAL.shape)) == (
        f"of 600 generated rows only 5 are distinct, and {len(np.unique(REAL, axis=0))} of as many real ones"
    )


def test_columns_of_one_value_have():
    assert collapse(REAL, changed(_1=1)) == "1 of 3 columns hold nearly one value only"
    assert collapse(REAL, changed(_1=1, _2=0)) == "2 of 3 columns hold nearly one value only"


def test_a_category_that_is_rarer_than_it_should_be_has_not():
    assert collapse(REAL, changed(_1=(np.arange(N) % 8 == 0))) is None


@pytest.mark.parametrize("value", [0, 3])
def test_a_column_of_one_value_in_real_rows_is_not_compared(value):
    real = np.column_stack([REAL, (np.arange(N) % 100 == 0)]).astype(np.uint8)
    assert collapse(real, np.column_stack([changed(), np.full(N, value)]).astype(np.uint8)) is None


def test_one_lost_column_of_many_is_no_collapse():
    many = np.column_stack([REAL] * 4)
    lost = many[::-1].copy()
    lost[:, 4] = 1
    assert collapse(many, lost) is None
