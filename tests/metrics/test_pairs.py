"""Metrics of pairs of columns: values computed by hand, and values of sdmetrics."""

import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats.contingency import association

from skgan.metrics import column_shapes, pair_trends

ALL_PAIRS = {"min_correlation": 0, "min_association": 0}


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def people():
    """Real and synthetic rows with columns of all kinds and missing values: those of test_marginals."""
    real = pd.DataFrame(
        {
            "age": [23, 31, 38, 45, 52, 60, 27, 41],
            "income": [21.5, 30.0, np.nan, 48.5, 50.0, 61.0, 24.0, 39.5],
            "since": pd.to_datetime(
                ["2020-01-05", "2019-03-01", "2016-07-09", None, "2012-02-02", "2010-10-10", "2021-05-05", "2015-01-01"]
            ),
            "job": ["none", "desk", "desk", "field", "field", "desk", "none", None],
            "member": [False, False, True, True, True, True, False, True],
            "same": [1, 1, 1, 1, 1, 1, 1, 1],
        }
    )
    synthetic = pd.DataFrame(
        {
            "age": [25, 33, 36, 47, 50, 58, 44],
            "income": [20.0, 35.5, 33.0, np.nan, 58.5, 49.0, 26.0],
            "since": pd.to_datetime(
                ["2021-02-05", "2018-03-01", None, "2013-12-24", "2011-02-02", "2012-10-10", "2019-05-05"]
            ),
            "job": ["none", "desk", "field", "field", "cook", None, "desk"],
            "member": [False, False, True, True, True, False, False],
            "same": [1, 1, 1, 1, 1, 1, 1],
        }
    )
    return real, synthetic


def related(n, seed):
    """Columns of all kinds, all of which depend on each other."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, size=n)
    return pd.DataFrame(
        {
            "x": np.where(rng.random(n) < 0.1, np.nan, x),
            "y": -x + 0.1 * rng.uniform(-1, 1, size=n),
            "letter": np.where(rng.random(n) < 0.1, None, np.where(x > 0, "a", "b")),
            "when": pd.Timestamp("2020-01-01") + pd.to_timedelta(np.round(1e5 * x), unit="s"),
            "flag": x > 0.1 * rng.normal(size=n),
        }
    )


def pair_of(found, one, other):
    pairs = found.pairs.set_index(["column_1", "column_2"])
    return pairs.loc[(one, other)]


# Values of sdmetrics --------------------------------------------------------------------------------------------------

# From QualityReport of sdmetrics 0.32.0: the score of both properties, and the value of each pair that counts.
SCORE = 0.5493293181688197
SCORE_OF_ALL = 0.5917030032359213
VALUES = {
    ("age", "income"): 0.8905165352837815,
    ("age", "since"): 0.9307532267535384,
    ("age", "job"): 0.25,
    ("age", "member"): 0.375,
    ("income", "since"): 0.9934519910794477,
    ("income", "job"): 0.14285714285714302,
    ("income", "member"): 0.3928571428571429,
    ("since", "job"): 0.375,
    ("since", "member"): 0.625,
    ("job", "member"): 0.5178571428571429,
}
VALUES_OF_CONSTANTS = {("job", "same"): 0.8035714285714286, ("member", "same"): 0.8035714285714286}


def test_people_have_the_pair_trends_of_sdmetrics():
    for thresholds, score, values in (
        ({}, SCORE, VALUES),
        (ALL_PAIRS, SCORE_OF_ALL, VALUES | VALUES_OF_CONSTANTS),
    ):
        found = pair_trends(*people(), **thresholds)
        assert found.score == pytest.approx(score, abs=1e-9)
        counted = found.pairs[found.pairs["counted"]].set_index(["column_1", "column_2"])["value"].to_dict()
        assert counted == pytest.approx(values, abs=1e-9)


def test_people_have_the_strengths_of_sdmetrics():
    found = pair_trends(*people())
    assert pair_of(found, "age", "since")["real"] == pytest.approx(-0.976166009882)
    assert pair_of(found, "age", "since")["synthetic"] == pytest.approx(-0.837672463389)
    assert pair_of(found, "age", "job")["real"] == pytest.approx(0.881917103688)
    assert pair_of(found, "since", "member")["real"] == pytest.approx(0.856348838578)


def test_every_pair_is_there_once():
    real, synthetic = people()
    pairs = pair_trends(real, synthetic).pairs
    assert list(zip(pairs["column_1"], pairs["column_2"])) == list(combinations(real, 2))
    of_numbers = {"age", "income", "since", "same"}
    for _, pair in pairs.iterrows():
        both = {pair["column_1"], pair["column_2"]} <= of_numbers
        assert pair["metric"] == ("correlation_similarity" if both else "contingency_similarity")


# By hand --------------------------------------------------------------------------------------------------------------


def test_correlations_by_hand():
    x = np.array([1.0, 2.0, 3.0, 4.0])
    real, synthetic = np.column_stack([x, 2 * x + 1]), np.column_stack([x, -x])
    assert pair_trends(real, real).score == pytest.approx(1.0)
    assert pair_trends(real, synthetic).score == pytest.approx(0.0)
    # The synthetic correlation is 0, so the value is one half.
    assert pair_trends(real, np.column_stack([x, [1.0, -1.0, -1.0, 1.0]])).score == pytest.approx(0.5)


def test_correlations_are_of_the_rows_known_in_both_columns():
    rng = np.random.default_rng(0)
    real, synthetic = (
        pd.DataFrame(rng.normal(size=(n, 3)) @ rng.normal(size=(3, 4)), columns=list("abcd")) for n in (90, 70)
    )
    real, synthetic = (frame.mask(rng.random(frame.shape) < 0.3) for frame in (real, synthetic))
    real["d"] = 1e6 + real["c"] ** 3
    found = pair_trends(real, synthetic, **ALL_PAIRS)
    for one, other in combinations("abcd", 2):
        r, s = (frame[[one, other]].corr().iloc[0, 1] for frame in (real, synthetic))
        pair = pair_of(found, one, other)
        assert (pair["real"], pair["synthetic"]) == pytest.approx((r, s))
        assert pair["value"] == pytest.approx(1 - abs(r - s) / 2)


def test_contingency_by_hand():
    real = pd.DataFrame({"one": ["a", "a", "b", "b"], "other": ["x", "x", "y", "y"]})
    synthetic = pd.DataFrame({"one": ["a", "a", "b", "b"], "other": ["x", "y", "y", "x"]})
    found = pair_trends(real, synthetic)
    assert found.score == 0.5
    assert pair_of(found, "one", "other")[["real", "synthetic"]].tolist() == [1.0, 0.0]
    strange = pd.DataFrame({"one": ["c"], "other": ["x"]})
    assert pair_trends(real, strange).score == 0.0


def test_association_is_cramers_v():
    rng = np.random.default_rng(0)
    one = rng.integers(0, 4, 300)
    other = np.where(rng.random(300) < 0.6, one, rng.integers(0, 6, 300))
    frame = pd.DataFrame({"one": one, "other": other})
    found = pair_trends(frame, frame, categorical_features=[0, 1])
    expected = association(pd.crosstab(one, other).to_numpy(), method="cramer")
    assert pair_of(found, "one", "other")["real"] == pytest.approx(expected)


def test_numbers_beside_categories_are_cut_into_ten_bins():
    """0, 1, ..., 10 have a bin each; the largest shares the last bin with missing values."""
    real = pd.DataFrame({"x": np.arange(11.0), "text": list("abcdefghijk")})
    moved = real.assign(x=real["x"] + np.where(real["x"].between(1, 9), 0.9, 0))
    assert pair_trends(real, moved).score == 1.0
    both = pd.concat([real, pd.DataFrame({"x": [np.nan], "text": ["k"]})])
    assert pair_trends(both, pd.concat([real, real[-1:]])).score == 1.0


def test_real_deciles_are_the_same_bins_for_both():
    """The extremes of long tails differ, and so do bins between them."""
    rng = np.random.default_rng(0)
    x = rng.standard_cauchy(size=(3, 3_000))
    real, fresh, moved = (pd.DataFrame({"x": row, "sign": np.where(row > 0, "+", "-")}) for row in x)
    moved["x"] *= 10
    shuffled = fresh.assign(sign=fresh["sign"].sample(frac=1, random_state=0).array)
    own = [pair_trends(real, other, **ALL_PAIRS).score for other in (fresh, shuffled)]
    fair = [pair_trends(real, other, bins="deciles").score for other in (fresh, shuffled, moved)]
    assert own[0] < 0.8
    assert fair[0] > 0.95
    assert fair[1] == pytest.approx(0.5, abs=0.05)
    assert fair[2] < 0.6
    # Values beyond all real ones, and missing values, have other bins than the largest value.
    real = pd.DataFrame({"x": np.arange(11.0), "text": list("abcdefghijk")})
    for beyond in (11.0, -1.0, np.nan):
        last = np.append(np.arange(10.0), beyond)
        assert pair_trends(real, real.assign(x=last), bins="deciles").score == pytest.approx(10 / 11)


def test_missing_is_a_category():
    real = pd.DataFrame({"one": ["a", None] * 5, "other": ["x", None] * 5})
    synthetic = pd.DataFrame({"one": ["a", None] * 5, "other": [None, "x"] * 5})
    assert pair_of(pair_trends(real, real), "one", "other")["real"] == 1.0
    assert pair_trends(real, synthetic).score == 0.0


# Pairs that the score counts --------------------------------------------------------------------------------------


def test_thresholds_say_what_counts():
    rng = np.random.default_rng(0)
    x = rng.normal(size=2_000)
    weak = 0.4 * x + rng.normal(size=2_000)
    letter = np.where(x + 2 * rng.normal(size=2_000) > 0, "a", "b")
    sex = rng.choice(["f", "m"], 2_000)
    real = pd.DataFrame({"x": x, "strong": x + weak, "weak": weak, "letter": letter, "sex": sex})
    found = pair_trends(real, real)
    strengths = found.pairs["real"].abs()
    of_numbers = found.pairs["metric"] == "correlation_similarity"
    assert found.pairs["counted"].tolist() == (strengths > np.where(of_numbers, 0.5, 0.3)).tolist()
    assert set(found.pairs["counted"]) == {True, False}
    some = pair_trends(real, real, min_correlation=0.3, min_association=1).pairs
    assert some["counted"].tolist() == (of_numbers & (strengths > 0.3)).tolist()
    assert pair_trends(real, real, **ALL_PAIRS).pairs["counted"].all()


def test_the_score_is_the_mean_of_what_counts():
    found = pair_trends(*people())
    assert found.score == pytest.approx(found.pairs["value"][found.pairs["counted"]].mean())


def test_without_any_real_trend_all_pairs_count():
    rng = np.random.default_rng(0)
    real = rng.normal(size=(500, 2))
    synthetic = np.column_stack([real[:, 0], real[:, 0]])
    found = pair_trends(real, synthetic)
    assert not found.pairs["counted"].any()
    assert found.score == pytest.approx(0.5, abs=0.05)


def test_a_constant_has_no_correlation():
    x = np.arange(5.0)
    real, synthetic = np.column_stack([x, x, x**2]), np.column_stack([x, np.full(5, 0.1), x**2])
    for found in (pair_trends(real, synthetic), pair_trends(synthetic, real)):
        assert found.pairs["counted"].tolist() == [False, True, False]
        assert found.score == pytest.approx(1.0)
    assert pair_of(pair_trends(real, synthetic), 0, 1)["value"] == pytest.approx(0.5)
    assert pair_of(pair_trends(real, synthetic), 0, 1)["synthetic"] == 0.0


# Properties -----------------------------------------------------------------------------------------------------------


def test_the_same_rows_in_another_order_are_perfect():
    X = related(300, 0)
    found = pair_trends(X, X.sample(frac=1, random_state=0))
    assert found.score == pytest.approx(1.0)
    assert found.pairs["counted"].all()


def test_fresh_rows_are_near():
    found = pair_trends(related(4_000, 0), related(4_000, 1))
    assert type(found.score) is float and 0.9 < found.score < 1


@pytest.mark.parametrize("bins", ["own", "deciles"])
@pytest.mark.parametrize("name", ["x", "letter", "when", "flag"])
def test_a_shuffled_column_loses_its_own_pairs_only(name, bins):
    real, synthetic = related(2_000, 0), related(2_000, 1)
    shuffled = synthetic.assign(**{name: synthetic[name].sample(frac=1, random_state=0).array})
    before, after = (pair_trends(real, other, bins=bins) for other in (synthetic, shuffled))
    own = (before.pairs[["column_1", "column_2"]] == name).any(axis=1)
    assert own.sum() == 4
    assert (after.pairs["value"][own] < before.pairs["value"][own] - 0.2).all()
    pd.testing.assert_frame_equal(after.pairs[~own], before.pairs[~own], check_exact=True)
    assert after.score < before.score - 0.1
    assert column_shapes(real, shuffled).score == column_shapes(real, synthetic).score


def test_values_are_symmetric_and_strengths_change_places():
    real, synthetic = people()
    there, back = pair_trends(real, synthetic).pairs, pair_trends(synthetic, real).pairs
    np.testing.assert_allclose(there["value"], back["value"])
    np.testing.assert_allclose(there["real"], back["synthetic"])
    strong, weak = related(200, 0), related(200, 1).assign(flag=np.arange(200) % 2 == 0)
    assert pair_trends(strong, weak).score != pytest.approx(pair_trends(weak, strong).score, abs=0.01)


@pytest.mark.parametrize("scale", [1e-300, 1e-20, 1e20, 1e307])
def test_the_unit_does_not_matter(scale):
    real, synthetic = related(100, 0), related(100, 1)
    expected = pair_trends(real, synthetic)
    found = pair_trends(*(frame.assign(x=frame["x"] * scale, y=frame["y"] * scale) for frame in (real, synthetic)))
    assert found.score == pytest.approx(expected.score, abs=0.01)
    np.testing.assert_allclose(found.pairs["real"], expected.pairs["real"], atol=0.05)


def test_many_categories_take_no_more_than_their_rows():
    """20,000 by 20,000 categories are 400 million cells, of which 20,000 occur."""
    n = 20_000
    frame = pd.DataFrame({"one": np.arange(n), "other": np.arange(n)[::-1]})
    found = pair_trends(frame, frame[: n // 2], categorical_features=[0, 1])
    assert found.score == 0.5
    assert pair_of(found, "one", "other")["real"] == pytest.approx(1.0)


# Input ----------------------------------------------------------------------------------------------------


def test_frames_of_polars_and_arrays_are_read_alike():
    real, synthetic = related(60, 0), related(50, 1)
    expected = pair_trends(real, synthetic)
    found = pair_trends(pl.from_pandas(real), pl.from_pandas(synthetic))
    pd.testing.assert_frame_equal(found.pairs, expected.pairs)
    found = pair_trends(real, synthetic[synthetic.columns[::-1]])
    pd.testing.assert_frame_equal(found.pairs, expected.pairs)
    found = pair_trends(*(frame[["x", "y"]].to_numpy() for frame in (real, synthetic))).pairs
    assert found[["column_1", "column_2"]].iloc[0].tolist() == [0, 1]
    assert found["value"].item() == pytest.approx(expected.pairs["value"][0])


def test_codes_declared_as_categories():
    real, synthetic = (related(n, n)[["x", "y"]].round() + 0.0 for n in (60, 50))
    found = pair_trends(real, synthetic, categorical_features=["x", "y"])
    texts = (frame.astype(str).mask(frame.isna(), None) for frame in (real, synthetic))
    pd.testing.assert_frame_equal(found.pairs, pair_trends(*texts).pairs)


def test_categories_that_do_not_occur_change_nothing():
    real, synthetic = related(60, 0), related(50, 1)
    declared = pd.CategoricalDtype(["a", "b", "never"])
    found = pair_trends(real.astype({"letter": declared}), synthetic.astype({"letter": declared}))
    pd.testing.assert_frame_equal(found.pairs, pair_trends(real, synthetic).pairs)


def test_little_is_enough():
    row = related(1, 1)
    assert pair_trends(row, row).score == 1.0
    assert np.isfinite(pair_trends(row, related(3, 2)).score)
    gone = row.assign(x=np.nan, letter=None)
    assert np.isfinite(pair_trends(related(20, 0), gone).score)
    assert np.isfinite(pair_trends(gone, related(20, 0)).score)
    # Both values are known in no row.
    apart = np.array([[1.0, np.nan], [2.0, np.nan], [np.nan, 1.0], [np.nan, 2.0]])
    assert pair_of(pair_trends(apart, apart), 0, 1)[["value", "real", "counted"]].tolist() == [1.0, 0.0, False]


def test_what_is_refused():
    with pytest.raises(ValueError, match="single column.*column_shapes"):
        pair_trends(np.ones((3, 1)), np.ones((3, 1)))
    for name in ("min_correlation", "min_association"):
        for value in (-0.1, 1.1, "weak", None, np.nan):
            with pytest.raises(ValueError, match=f"{name}=.*from 0 to 1"):
                pair_trends(np.ones((3, 2)), np.ones((3, 2)), **{name: value})
    with pytest.raises(ValueError, match="bins='decile' .*Did you mean 'deciles'"):
        pair_trends(np.ones((3, 2)), np.ones((3, 2)), bins="decile")
    with pytest.raises(ValueError, match="X_synthetic has 3 features"):
        pair_trends(np.ones((3, 2)), np.ones((3, 3)))
