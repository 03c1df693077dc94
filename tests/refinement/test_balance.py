"""Balance: which rows to leave out, such that the others have the real marginals."""

import numpy as np
import pytest

from skgan.refinement import Balance

NUMBER_AND_LEVEL = np.array([True, False])


def rows(n, seed, p=0.3):
    """A number, and a category that depends on it."""
    rng = np.random.default_rng(seed)
    number = rng.integers(0, 253, n)
    return np.column_stack([number, rng.random(n) < p * (0.5 + number / 253)]).astype(np.uint8)


def misses(chosen, real):
    """Total deviation of the shares of bins of 8 of the number, and of the categories."""
    shares = [np.r_[np.bincount(x[:, 0] // 8, minlength=32), np.bincount(x[:, 1], minlength=2)] / len(x)
              for x in (chosen, real)]
    return np.abs(shares[0] - shares[1]).sum()


REAL = rows(20_000, 0)
BALANCE = Balance(REAL, NUMBER_AND_LEVEL)


@pytest.mark.parametrize("seed", range(3))
def test_chosen_rows_have_the_real_marginals(seed):
    generated = rows(1500, seed + 1)
    chosen = BALANCE.choose(generated, 1024)
    assert len(np.unique(chosen)) == len(chosen) == 1024 and (np.diff(chosen) > 0).all()
    # By chance alone the 34 shares of 1,024 rows are off by 0.15 in all.
    assert misses(generated[:1024], REAL) > 0.1
    assert misses(generated[chosen], REAL) < 0.02


def test_a_shift_is_mended_as_far_as_the_spare_rows_go():
    generated = rows(3000, 1, p=0.4)
    before = abs(generated[:1024, 1].mean() - REAL[:, 1].mean())
    assert before > 0.05
    assert abs(generated[BALANCE.choose(generated, 1024), 1].mean() - REAL[:, 1].mean()) < 0.01


def test_dependence_is_left_alone():
    generated = rows(60 * 1500, 1)
    kept = np.concatenate([part[BALANCE.choose(part, 1024)] for part in np.split(generated, 60)])
    correlations = [np.corrcoef(x.T.astype(float))[0, 1] for x in (generated, kept)]
    assert correlations[0] > 0.15 and correlations[1] == pytest.approx(correlations[0], abs=0.015)


def test_nothing_to_choose_from():
    generated = rows(1024, 1)
    np.testing.assert_array_equal(BALANCE.choose(generated, 1024), np.arange(1024))


def test_one_spare_row_is_used_where_it_helps():
    # Two categories, half of the rows each: the last row brings what the first three lack.
    balance = Balance(np.array([[0], [1]], dtype=np.uint8), np.array([False]))
    np.testing.assert_array_equal(balance.choose(np.array([[0], [0], [1], [0], [1]], dtype=np.uint8), 4)[-1], 4)


def test_columns_beyond_those_of_the_fit_and_levels_never_seen():
    generated = rows(1500, 1)
    generated[::10, 1] = 9
    wide = np.column_stack([generated, generated[:, 0]])
    chosen = BALANCE.choose(wide, 1024)
    np.testing.assert_array_equal(chosen, BALANCE.choose(generated, 1024))
    assert (generated[chosen, 1] == 9).mean() < 0.03 < (generated[:, 1] == 9).mean()
