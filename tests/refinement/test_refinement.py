"""Refinement: the trees are scikit-learn's own, calibration makes uniform, and what is kept looks real."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.ensemble import HistGradientBoostingClassifier

from skgan.refinement import Balance, Calibration, Raking, RatioTrees, Refiner, _quick_scorer, _refiner, _trees

MISSING = 254


def codes(rng, n, shift):
    """Five columns of codes: three numeric, one with missing values, and two categorical; `shift` moves numbers."""
    hidden = rng.normal(size=n) + shift
    return np.column_stack([
        (120 + 40 * hidden).clip(0, 252),
        rng.choice([3, 7, 40, 200, MISSING], n, p=[0.4, 0.3, 0.2, 0.05, 0.05])
        if shift == 0
        else rng.choice([3, 7, 40], n),
        np.where(rng.random(n) < 0.1 + 0.1 * (shift > 0), MISSING, rng.integers(0, 20, n)),
        np.where(hidden + rng.normal(size=n) > 0, 5, 9),
        rng.integers(0, 253, n),
    ]).astype(np.uint8)


ORDERED = {
    "mixed": np.array([True, False, True, False, True]),
    "all numbers": np.ones(5, dtype=bool),
    "all categorical": np.zeros(5, dtype=bool),
    "categorical first": np.array([False, False, True, True, True]),
}


class Watched(HistGradientBoostingClassifier):
    """Keeps the model and the rows that `RatioTrees` fits, which itself keeps only arrays."""

    fitted = []

    def fit(self, X, y, sample_weight):
        Watched.fitted.append((self, X))
        return super().fit(X, y, sample_weight)


@pytest.fixture
def watched(monkeypatch):
    monkeypatch.setattr(Watched, "fitted", [])
    monkeypatch.setattr(_trees, "HistGradientBoostingClassifier", Watched)
    return Watched.fitted


@pytest.mark.parametrize("ordered", ORDERED.values(), ids=ORDERED.keys())
@pytest.mark.parametrize("n_real, n_generated", [(700, 700), (60, 60), (900, 600)])
def test_trees_give_scikit_learns_own_decision(watched, ordered, n_real, n_generated):
    rng = np.random.default_rng(0)
    real, generated = codes(rng, n_real, 0), codes(rng, n_generated, 0.7)
    ours = RatioTrees(real, generated, ordered, seed=0).log_ratio(np.concatenate([real, generated]))
    (model, rows), = watched
    assert len(np.unique(ours)) > 10
    np.testing.assert_allclose(ours, model.decision_function(rows), atol=1e-9)


def test_large_trees_of_a_wide_table_give_scikit_learns_own_decision(watched):
    rng = np.random.default_rng(0)
    real, generated = (np.column_stack([codes(rng, n, shift) for _ in range(4)]) for n, shift in ((2000, 0), (4000, 1)))
    trees = RatioTrees(real, generated, np.tile(ORDERED["mixed"], 4), seed=0)
    (model, rows), = watched
    decision = model.decision_function(rows)
    np.testing.assert_allclose(trees.log_ratio(np.concatenate([real, generated])), decision, atol=1e-9)
    assert 8 < np.diff([*trees.roots, len(trees.value)]).max() // 2 + 1 <= _quick_scorer.MAX_LEAVES


def test_unseen_codes_go_where_scikit_learn_sends_them(watched):
    # The last columns are categorical: 0, 2 and 4 in training; 100 is unknown, which scikit-learn writes as NaN.
    rng = np.random.default_rng(0)
    real = np.column_stack([rng.integers(0, 200, 800), rng.choice([0, 2, 4], 800, p=[0.6, 0.3, 0.1])]).astype(np.uint8)
    generated = np.column_stack([rng.integers(50, 250, 800), rng.choice([0, 2, 4], 800)]).astype(np.uint8)
    trees = RatioTrees(real, generated, np.array([True, False]), seed=0)
    (model, _), = watched
    unseen = np.array([[0, 100], [255, 0], [253, 255], [120, 1]], dtype=np.uint8)
    # Categorical first, and dense, as the model was fitted.
    dense = {0: 0.0, 2: 1.0, 4: 2.0}
    expected = model.decision_function([[dense.get(category, np.nan), number] for number, category in unseen.tolist()])
    np.testing.assert_allclose(trees.log_ratio(unseen), expected, atol=1e-9)


def trees_and_rows(ordered=ORDERED["mixed"], n=600):
    rng = np.random.default_rng(0)
    real, generated = codes(rng, n, 0), codes(rng, n, 0.7)
    return RatioTrees(real, generated, ordered, seed=0), np.concatenate([real, generated])


def test_one_row_is_worth_the_same_alone_as_in_a_batch():
    trees, rows = trees_and_rows(n=900)
    assert len(rows) > _quick_scorer.CHUNK
    batch = trees.log_ratio(rows)
    alone = [trees.log_ratio(rows[[i]])[0] for i in range(0, len(rows), 50)]
    np.testing.assert_array_equal(alone, batch[::50])
    assert trees.log_ratio(rows[:0]).shape == (0,)


def test_rows_laid_out_by_columns_are_read_alike():
    trees, rows = trees_and_rows()
    np.testing.assert_array_equal(trees.log_ratio(np.asfortranarray(rows)), trees.log_ratio(rows))
    np.testing.assert_array_equal(trees.log_ratio(rows[::2]), trees.log_ratio(rows)[::2])


def test_the_seed_decides_the_trees():
    rng = np.random.default_rng(0)
    real, generated = codes(rng, 600, 0), codes(rng, 600, 0.7)
    ratios = [RatioTrees(real, generated, ORDERED["mixed"], seed).log_ratio(real).tolist() for seed in (0, 0, 1, 2**62)]
    assert ratios[0] == ratios[1] != ratios[2] and np.isfinite(ratios[3]).all()


def test_trees_state_is_all_there_is():
    trees, rows = trees_and_rows()
    again = RatioTrees.from_state(trees.get_state())
    np.testing.assert_array_equal(again.log_ratio(rows), trees.log_ratio(rows))
    assert all(isinstance(value, int | float | np.ndarray) for value in trees.get_state().values())


@pytest.mark.parametrize("same", [20, 2000])
def test_nothing_to_tell_apart_is_no_ratio(same):
    rows = np.full((same, 2), 7, dtype=np.uint8)
    np.testing.assert_allclose(RatioTrees(rows, rows, np.array([True, False]), 0).log_ratio(rows[:3]), 0, atol=1e-9)


def test_the_prior_is_taken_out():
    rng = np.random.default_rng(0)
    real, generated = (rng.integers(0, 250, (n, 1)).astype(np.uint8) for n in (4000, 1000))
    trees = RatioTrees(real, generated, np.array([True]), 0)
    assert abs(trees.baseline) < 0.01 and abs(trees.log_ratio(real).mean()) < 0.1


def test_balanced_trees_learn_a_rare_class_better():
    # Among rows of the rare class, 1 %, twice as many real as generated ones lie low; in the other class they wander.
    rng = np.random.default_rng(0)

    def rows(n, low, drift):
        rare = rng.random(n) < 0.01
        place = np.where(rng.random(n) < np.where(rare, low, 0.5), rng.integers(0, 100, n), rng.integers(100, 200, n))
        noise = (rng.normal(size=(n, 3)) + drift) * 30 + 120
        return np.column_stack([place, noise.clip(0, 252), rare]).astype(np.uint8)

    real, generated = rows(10_000, 0.8, 0.1), rows(40_000, 0.4, 0.0)
    ordered = np.array([True] * 4 + [False])
    rare = generated[generated[:, 4] == 1]
    is_low = rare[:, 0] < 100
    errors = []
    for balanced in ([], [4]):
        learned = RatioTrees(real, generated, ordered, 0, balanced=balanced).log_ratio(rare)
        errors.append(abs(learned[is_low].mean() - learned[~is_low].mean() - np.log((0.8 / 0.4) / (0.2 / 0.6))))
    assert errors[1] < 0.25 and errors[1] < 0.5 * errors[0]


def test_levels_of_one_size_are_balanced_already():
    rng = np.random.default_rng(0)
    real, generated = codes(rng, 900, 0), codes(rng, 900, 0.7)
    real[:, 3], generated[:, 3] = (rng.permutation(np.repeat([5, 9], 450)) for _ in range(2))
    ratios = [RatioTrees(real, generated, ORDERED["mixed"], 0, balanced=some).log_ratio(real) for some in ([], [3])]
    np.testing.assert_allclose(*ratios, atol=1e-9)


# A known pair in one dimension: real rows are normal, generated ones twice as wide.


def places(values):
    """Values as codes of their rank among generated ones."""
    return (norm.cdf(values / 2) * 252).astype(np.uint8)[:, None]


def log_ratio(values):
    return norm.logpdf(values) - norm.logpdf(values, scale=2)


def refine(n_rounds=1, n=6000):
    rng = np.random.default_rng(0)
    refiner, candidates = Refiner(), places(2 * np.random.default_rng(7).normal(size=8000))
    for _ in range(n_rounds):
        generated = 2 * rng.normal(size=16 * n)
        kept = generated[np.log(rng.random(16 * n)) < refiner.log_keep(places(generated))][: 4 * n]
        trees = RatioTrees(places(rng.normal(size=n)), places(kept), np.array([True]), seed=0)
        refiner.add_round(trees, candidates)
    return refiner


def test_the_trees_learn_a_known_ratio():
    values = np.linspace(-4, 4, 81)
    [many] = (trees.log_ratio(places(values)) for trees in refine(1).rounds)
    assert np.corrcoef(many, log_ratio(values).clip(min=-4))[0, 1] > 0.94
    first, second = (trees.log_ratio(places(values)) for trees in refine(2, n=4000).rounds)
    # Leaves of 100 rows are coarse; the next round learns what they left.
    for learned, error in ((many, 0.16), (first, 0.16), (first + second, 0.15)):
        assert np.abs(learned - log_ratio(values))[np.abs(values) < 2].mean() < error


@pytest.mark.parametrize("n_rounds", [0, 1, 2])
def test_what_is_kept_with_is_a_probability(n_rounds):
    log_keep = refine(n_rounds).log_keep(places(np.linspace(-9, 9, 500)))
    assert np.isfinite(log_keep).all() and (log_keep <= 0).all()
    assert n_rounds > 0 or (log_keep == 0).all()
    assert log_keep.max() > -0.5


@pytest.mark.parametrize("n_rounds", [1, 3])
def test_kept_rows_follow_the_real_distribution(n_rounds):
    rng = np.random.default_rng(1)
    generated = 2 * rng.normal(size=40_000)
    # So many rows that their own chance, of about 0.87 / sqrt(n), is well below the bar.
    kept = generated[np.log(rng.random(40_000)) < refine(n_rounds, n=10_000).log_keep(places(generated))]
    assert len(kept) > 10_000
    assert generated.std() == pytest.approx(2, rel=0.02) and kept.std() == pytest.approx(1, rel=0.06)
    at = np.linspace(-3, 3, 61)
    distance = np.abs(np.searchsorted(np.sort(kept), at) / len(kept) - norm.cdf(at)).max()
    assert distance < 0.02


class Known:
    """What `RatioTrees` are to a refiner: a log ratio, `slope` times the first feature."""

    def __init__(self, slope):
        self.slope = slope

    def log_ratio(self, features):
        return self.slope * features[:, 0].astype(float)


def kept_by(refiner):
    """The share of the candidates that a refiner keeps."""
    return np.exp(refiner.log_keep(CANDIDATES)).mean()


CANDIDATES = np.random.default_rng(0).integers(0, 250, (4000, 2)).astype(np.uint8)


def test_the_scale_is_that_of_the_product_of_all_rounds_over_the_candidates():
    refiner = Refiner()
    assert (refiner.log_keep(CANDIDATES) == 0).all()
    total = 0.0
    for slope in (0.004, -0.002, 0.003):
        refiner.add_round(Known(slope), CANDIDATES)
        total += slope
        ratios, log_keep = Known(total).log_ratio(CANDIDATES), refiner.log_keep(CANDIDATES)
        assert refiner.log_scale <= np.quantile(ratios, _refiner.CERTAIN)
        np.testing.assert_allclose(log_keep, np.minimum(0, ratios - refiner.log_scale), atol=1e-12)
        assert kept_by(refiner) >= refiner.least_acceptance > _refiner.MIN_ACCEPTANCE


@pytest.mark.parametrize("slope", [1e-5, 0.5])
def test_a_ratio_is_cut_at_a_quantile_at_the_highest(slope):
    refiner = Refiner()
    refiner.least_acceptance = 0.0
    refiner.rounds.append(Known(0.0))  # so that the next is not the first, which sets the least
    refiner.add_round(Known(slope), CANDIDATES)
    assert refiner.log_scale == pytest.approx(np.quantile(Known(slope).log_ratio(CANDIDATES), _refiner.CERTAIN))


def test_the_cut_of_the_first_round_moves_few_rows():
    # A ratio of e^slope on one half of the rows, 1 on the other: the weights are known.
    halves = (np.arange(4000) % 2).astype(np.uint8)[:, None]
    refiner = Refiner()
    refiner.add_round(Known(1.0), halves)
    # Cut at e^s, the upper half has the share 1 / (1 + e^-s), and without a cut 1 / (1 + e^-1).
    cut = np.log(1 / (1 / (1 / (1 + np.exp(-1)) - _refiner.MAX_MOVED) - 1))
    assert refiner.least_acceptance == pytest.approx((1 + np.exp(-cut)) / 2, abs=1e-6)
    assert refiner.log_scale == pytest.approx(cut, abs=1e-6)
    refiner.add_round(Known(2.0), halves)
    assert refiner.least_acceptance == pytest.approx((1 + np.exp(-cut)) / 2, abs=1e-6)


@pytest.mark.parametrize("slope", [0.03, 0.5, 50.0])
def test_enough_rows_are_kept_however_steep_the_ratio(slope):
    refiner = Refiner()
    refiner.add_round(Known(slope), CANDIDATES)
    assert refiner.log_scale < np.quantile(Known(slope).log_ratio(CANDIDATES), _refiner.CERTAIN)
    assert _refiner.MIN_ACCEPTANCE <= kept_by(refiner) < _refiner.MIN_ACCEPTANCE + 0.01


def test_what_says_nothing_keeps_everything():
    refiner = Refiner()
    refiner.add_round(Known(0.0), CANDIDATES)
    assert refiner.log_scale == 0
    assert (refiner.log_keep(CANDIDATES) == 0).all()


def test_the_raking_has_a_scale_of_its_own_and_comes_last():
    refiner = Refiner()
    refiner.add_round(Known(0.004), CANDIDATES)
    rounds, scale = refiner.log_keep(CANDIDATES), refiner.log_scale
    kept, raking = CANDIDATES[::7], Known(-0.01)
    refiner.rake(raking, kept)
    assert refiner.log_scale == scale
    expected = np.quantile(raking.log_ratio(kept), _refiner.CERTAIN_BY_MARGINALS)
    assert refiner.raking_log_scale == pytest.approx(expected)
    raked = np.minimum(0, raking.log_ratio(CANDIDATES) - refiner.raking_log_scale)
    np.testing.assert_allclose(refiner.log_keep(CANDIDATES), rounds + raked, atol=1e-12)


@pytest.mark.parametrize("mended", [None, "raking", "balance"])
def test_refiner_state_is_all_there_is(mended):
    refiner = refine(2, n=600)
    rows, number = places(np.linspace(-5, 5, 300)), np.array([True])
    if mended == "raking":
        refiner.rake(Raking(rows[100:200], rows, number), rows)
    if mended == "balance":
        refiner.balance = Balance(rows[100:200], number)
    state = refiner.get_state()
    again = Refiner.from_state(state)
    np.testing.assert_array_equal(again.log_keep(rows), refiner.log_keep(rows))
    assert {name for name in ("raking", "balance") if getattr(again, name) is not None} == ({mended} - {None})
    if mended == "balance":
        np.testing.assert_array_equal(again.balance.choose(rows, 50), refiner.balance.choose(rows, 50))
    assert len(again.rounds) == 2
    assert state.keys() == vars(refiner).keys() == set(Refiner.STATE)


def generated_rows(n=20_000):
    """Two columns that ought to be uniform on [-1, 1] and are not, and a categorical column between them."""
    rng = np.random.default_rng(0)
    rows = np.column_stack([np.tanh(rng.normal(size=n) + 0.5), rng.integers(0, 2, n), rng.beta(2, 1, n) * 2 - 1])
    return rows.astype(np.float32)


def test_calibrated_columns_are_uniform_and_others_untouched():
    calibration = Calibration(generated_rows()[::2], [0, 2])
    fresh = generated_rows()[1::2]
    given = calibration.apply(fresh)
    assert given.dtype == fresh.dtype and given.shape == fresh.shape
    for column in (0, 2):
        place = (np.sort(given[:, column]) + 1) / 2
        assert np.abs(place - np.linspace(0, 1, len(place))).max() < 0.02
        assert given[:, column].min() >= -1 and given[:, column].max() <= 1
    np.testing.assert_array_equal(given[:, 1], fresh[:, 1])


def test_calibration_keeps_the_order_and_the_rows_it_is_given():
    rows = generated_rows(2000)
    before = rows.copy()
    given = Calibration(rows, [0, 2]).apply(rows)
    np.testing.assert_array_equal(rows, before)
    for column in (0, 2):
        assert (np.diff(given[np.argsort(rows[:, column]), column]) >= 0).all()


@pytest.mark.parametrize("column", [np.full(100, 0.25), np.repeat([-0.5, 0.5], 50), np.array([0.1])])
def test_calibration_of_few_distinct_values_stays_in_range(column):
    rows = column[:, None].astype(np.float32)
    given = Calibration(rows, [0]).apply(np.concatenate([rows, [[-1.0]], [[1.0]]]).astype(np.float32))
    assert np.isfinite(given).all() and np.abs(given).max() <= 1


def test_calibration_of_no_column_changes_nothing():
    rows = generated_rows(50)
    calibration = Calibration(rows, [])
    np.testing.assert_array_equal(calibration.apply(rows), rows)
    np.testing.assert_array_equal(Calibration.from_state(calibration.get_state()).apply(rows), rows)


def test_calibration_state_is_all_there_is():
    rows = generated_rows(500)
    calibration = Calibration(rows, [0, 2])
    np.testing.assert_array_equal(Calibration.from_state(calibration.get_state()).apply(rows), calibration.apply(rows))
