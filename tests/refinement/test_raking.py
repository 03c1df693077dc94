"""Raking: marginals put right, dependence left alone."""

import numpy as np

from skgan.refinement import Raking, Refiner

CATEGORICAL = np.array([False, False])


def two_columns(n, p_first, p_second, odds, seed):
    """Two columns of 0 and 1 with the given shares (before the odds) and odds ratio."""
    rng = np.random.default_rng(seed)
    cells = np.array([(1 - p_first) * (1 - p_second), (1 - p_first) * p_second, p_first * (1 - p_second), 0.0])
    cells[3] = p_first * p_second * odds
    drawn = rng.choice(4, n, p=cells / cells.sum())
    return np.column_stack([drawn // 2, drawn % 2]).astype(np.uint8)


def odds_ratio(rows, weights):
    cell = [weights[(rows == pair).all(1)].sum() for pair in ([0, 0], [0, 1], [1, 0], [1, 1])]
    return cell[3] * cell[0] / (cell[1] * cell[2])


def test_weighted_rows_have_the_real_marginals_and_their_own_dependence():
    real, generated = two_columns(20_000, 0.3, 0.5, 4.0, 0), two_columns(20_000, 0.4, 0.42, 4.0, 1)
    weights = np.exp(Raking(real, generated, CATEGORICAL).log_ratio(generated))
    shares = (generated * weights[:, None]).sum(0) / weights.sum()
    assert np.abs(generated.mean(0) - real.mean(0)).min() > 0.03
    assert np.allclose(shares, real.mean(0), atol=0.003)
    assert np.isclose(odds_ratio(generated, weights), odds_ratio(generated, np.ones(len(generated))), rtol=1e-6)


def test_numbers_are_weighted_in_bins_and_smoothly_bounded():
    rng = np.random.default_rng(0)
    real = rng.integers(0, 253, (5000, 1)).astype(np.uint8)
    generated = (253 * rng.random((5000, 1)) ** 1.3).astype(np.uint8)
    raking = Raking(real, generated, np.array([True]))
    weights = np.exp(raking.log_ratio(generated))
    assert np.isclose((generated[:, 0] * weights).sum() / weights.sum(), real.mean(), rtol=0.01)
    assert (raking.log_weights[0, :8] == raking.log_weights[0, 0]).all()
    assert np.abs(raking.log_weights).max() <= 1


def test_columns_beyond_those_of_the_fit_count_for_nothing_and_the_state_comes_back():
    real, generated = two_columns(2000, 0.3, 0.5, 1.0, 0), two_columns(2000, 0.4, 0.4, 1.0, 1)
    raking = Raking(real, generated, CATEGORICAL)
    wider = np.column_stack([generated, generated[:, :1]])
    assert np.array_equal(raking.log_ratio(wider), raking.log_ratio(generated))
    refiner = Refiner()
    refiner.rake(raking, generated)
    again = Refiner.from_state(refiner.get_state())
    assert np.array_equal(again.log_keep(generated), refiner.log_keep(generated))
