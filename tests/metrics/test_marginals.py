"""Metrics of single columns: values computed by hand, and values of sdmetrics."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.stats import ks_2samp, wasserstein_distance

from skgan.metrics import (
    column_jensen_shannon,
    column_shapes,
    column_wasserstein,
    ks_complement,
    total_variation_complement,
)

ALL = (column_shapes, column_wasserstein, column_jensen_shannon)
DISTANCES = (column_wasserstein, column_jensen_shannon)


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def people():
    """Real and synthetic rows with columns of all kinds and missing values."""
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


def mixed(n, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return pd.DataFrame(
        {
            "x": np.where(rng.random(n) < 0.1, np.nan, x),
            "whole": np.round(3 * x).astype(int),
            "letter": np.where(rng.random(n) < 0.2, None, np.where(x > 0, "a", "b")),
            "when": pd.Timestamp("2020-01-01") + pd.to_timedelta(np.round(1e5 * x), unit="s"),
            "flag": x > rng.normal(size=n),
        }
    )


def values_of(found):
    return dict(zip(found.columns["column"], found.columns["value"]))


# Values of sdmetrics --------------------------------------------------------------------------------------------------


def test_people_have_the_column_shapes_of_sdmetrics():
    """Numbers from QualityReport of sdmetrics 0.32.0."""
    found = column_shapes(*people())
    assert found.score == pytest.approx(0.8174603344671177, abs=1e-6)
    expected = [0.7678571428571428, 0.7619047619047619, 0.7857142857142857, 0.7857143877550875, 0.8035714285714286, 1.0]
    np.testing.assert_allclose(found.columns["value"], expected, atol=1e-6)
    assert found.columns["column"].tolist() == ["age", "income", "since", "job", "member", "same"]
    ks, tv = "ks_complement", "total_variation_complement"
    assert found.columns["metric"].tolist() == [ks, ks, ks, tv, tv, ks]
    assert found.columns["counted"].all()


def test_columns_without_values_are_left_out_of_the_score():
    real = pd.DataFrame({"x": [1.0, 2.0], "gone": [np.nan, np.nan], "text": [None, "a"], "both": [np.nan, np.nan]})
    synthetic = pd.DataFrame({"x": [1.0, 3.0], "gone": [1.0, 2.0], "text": [None, None], "both": [np.nan, np.nan]})
    found = column_shapes(real, synthetic)
    assert values_of(found) == {"x": 0.5, "gone": 0.0, "text": 0.0, "both": 1.0}
    assert found.columns["counted"].tolist() == [True, False, False, False]
    assert found.score == 0.5
    assert column_shapes(real[["gone", "both"]], synthetic[["gone", "both"]]).score == 0.5


# By hand --------------------------------------------------------------------------------------------------------------


def test_ks_complement_by_hand():
    assert ks_complement([1, 2, 3, 4], [1, 2, 3, 4, 1, 2, 3, 4]) == 1.0
    assert ks_complement([1, 2], [3, 4]) == 0.0
    assert ks_complement([1, 2, 3], [2, 2, 2]) == pytest.approx(2 / 3)
    assert ks_complement([1.0, np.nan, 3.0], pl.Series([2, None])) == 0.5
    assert ks_complement([0.1 + 0.2], [0.3]) == 1.0
    assert ks_complement([np.nan], [np.nan]) == 1.0
    assert ks_complement([np.nan], [1.0]) == 0.0


@pytest.mark.parametrize("scale", [5e-324, 1e-300, 1e-20, 1.0, 1e20, 1e307])
def test_ks_complement_does_not_care_about_the_unit(scale):
    a, b = np.arange(8.0), np.array([4.0, 5.0, 6.0, 7.0, 8.0])
    assert ks_complement(a * scale, b * scale) == 0.5


def test_ks_complement_of_times():
    a = pd.Series(pd.to_datetime(["2020-01-01", "2020-01-02"])).astype("datetime64[s]")
    b = pd.Series(pd.to_datetime(["2020-01-02", "2020-01-03", None])).astype("datetime64[ns]")
    assert ks_complement(a, b) == 0.5


def test_ks_complement_is_that_of_scipy():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=301).round(1), rng.normal(0.3, size=200).round(1)
    assert ks_complement(a, b) == pytest.approx(1 - ks_2samp(a, b).statistic)


def test_total_variation_complement_by_hand():
    assert total_variation_complement(["a", "b"], ["b", "a", "a", "b"]) == 1.0
    assert total_variation_complement(["a", "b"], ["c"]) == 0.0
    assert total_variation_complement(["a", "a", "a", "b"], ["a", "b", "b", "b"]) == 0.5
    assert total_variation_complement([True, False], [True, True]) == 0.5
    assert total_variation_complement([1, 2, 10], [10.0, 2.0, 2.0]) == pytest.approx(2 / 3)
    assert total_variation_complement(["a", None], ["a"]) == 1.0
    assert total_variation_complement([None], [None]) == 1.0
    assert total_variation_complement([None], ["a"]) == 0.0


def test_wasserstein_counts_standard_deviations():
    rng = np.random.default_rng(0)
    X = 100 + 7 * rng.normal(size=(500, 1))
    assert column_wasserstein(X, X + 2 * X.std()).score == pytest.approx(2.0)
    other = rng.exponential(size=(300, 1))
    expected = wasserstein_distance(X.ravel(), other.ravel()) / X.std()
    assert column_wasserstein(X, other).score == pytest.approx(expected)
    assert column_wasserstein(1e-300 * X, 1e-300 * other).score == pytest.approx(expected)
    assert column_wasserstein(1e300 * X, 1e300 * other).score == pytest.approx(expected)


def test_wasserstein_of_a_constant_column():
    one, two = np.ones((4, 1)), np.full((4, 1), 2.0)
    assert column_wasserstein(one, one).score == 0.0
    assert column_wasserstein(one, two).score == pytest.approx(2.0)
    # The largest floats give a finite value.
    assert column_wasserstein([[0.0], [1e-300]], [[0.0], [1.0]]).score == pytest.approx(1e300)


def test_missing_values_are_distances():
    full, half = pd.DataFrame({"x": [1.0, 2.0, 1.0, 2.0]}), pd.DataFrame({"x": [1.0, 2.0, np.nan, np.nan]})
    assert column_wasserstein(full, half).score == 0.5
    assert column_wasserstein(half, half).score == 0.0
    none = pd.DataFrame({"x": [np.nan]})
    assert column_wasserstein(full, none).score == 1.0
    assert column_wasserstein(none, none).score == 0.0
    assert column_jensen_shannon(full, none).score == 1.0
    assert column_jensen_shannon(none, full).score == 1.0
    assert column_jensen_shannon(none, none).score == 0.0
    assert column_jensen_shannon(full, half).score > 0.3
    words, gaps = pd.DataFrame({"x": ["a", "a"]}), pd.DataFrame({"x": ["a", None]})
    assert column_wasserstein(words, gaps).score == 0.5
    assert column_shapes(words, gaps).score == 1.0


def test_jensen_shannon_by_hand():
    """For (1, 0) and (1/2, 1/2): the root of the entropy of (3/4, 1/4) minus half a bit."""
    middle = -(0.75 * np.log2(0.75) + 0.25 * np.log2(0.25))
    real, synthetic = pd.DataFrame({"x": ["a", "a"]}), pd.DataFrame({"x": ["a", "b"]})
    assert column_jensen_shannon(real, synthetic).score == pytest.approx(np.sqrt(middle - 0.5))
    # Numbers that many real rows share have a bin of their own.
    real, synthetic = np.zeros((10, 1)), np.array([[0.0], [1.0]])
    assert column_jensen_shannon(real, synthetic).score == pytest.approx(np.sqrt(middle - 0.5))
    assert column_jensen_shannon(real, synthetic).score == column_jensen_shannon(real, -synthetic).score
    assert column_jensen_shannon(real, synthetic + 1).score == 1.0


def test_more_bins_see_finer_differences():
    grid = np.linspace(0, 1, 1001)[:, None]
    # The shares of the quarters are equal, but the distributions within them differ.
    squeezed = np.floor(4 * grid) / 4 + (grid % 0.25) / 2
    coarse, fine = (column_jensen_shannon(grid, squeezed, n_bins=n).score for n in (4, 40))
    assert coarse < 0.05 < 0.4 < fine


# Properties -----------------------------------------------------------------------------------------------------------


def test_the_same_rows_in_another_order_are_perfect():
    X = mixed(200, 0)
    again = X.sample(frac=1, random_state=0)
    assert column_shapes(X, again).score == 1.0
    assert column_wasserstein(X, again).score == pytest.approx(0.0, abs=1e-12)
    assert column_jensen_shannon(X, again).score == pytest.approx(0.0, abs=1e-7)


def test_nothing_in_common():
    real = pd.DataFrame({"x": [1.0, 2.0], "text": ["a", "b"], "whole": [1, 2]})
    synthetic = pd.DataFrame({"x": [7.0, 8.0], "text": ["c", "d"], "whole": [-5, -4]})
    assert column_shapes(real, synthetic).score == 0.0
    assert column_jensen_shannon(real, synthetic).score == pytest.approx(1.0)


@pytest.mark.parametrize("metric", ALL)
def test_an_order_of_its_own_for_one_column_changes_nothing(metric):
    real, synthetic = mixed(300, 0), mixed(200, 1)
    for name in synthetic:
        moved = synthetic.assign(**{name: synthetic[name].sample(frac=1, random_state=0).array})
        before, after = metric(real, synthetic), metric(real, moved)
        pd.testing.assert_frame_equal(before.columns, after.columns, check_exact=True)
        assert after.score == before.score


def test_shapes_are_symmetric_and_distances_are_not():
    a, b = mixed(300, 0), mixed(200, 1)
    b["x"] *= 3
    assert column_shapes(a, b).score == column_shapes(b, a).score
    for metric in DISTANCES:
        there, back = values_of(metric(a, b)), values_of(metric(b, a))
        assert there["letter"] == pytest.approx(back["letter"])
        assert there["x"] != pytest.approx(back["x"], rel=0.01)


@pytest.mark.parametrize("metric", ALL)
def test_the_further_the_worse(metric):
    real, synthetic = mixed(500, 0), mixed(500, 1)
    sign = -1 if metric is column_shapes else 1
    values = [values_of(metric(real, synthetic.assign(x=synthetic["x"] + shift)))["x"] for shift in (0, 0.3, 1, 5)]
    assert np.all(np.diff(sign * np.array(values)) > 0)


@pytest.mark.parametrize("metric", ALL)
def test_fresh_rows_are_near(metric):
    found = metric(mixed(4_000, 0), mixed(4_000, 1))
    assert type(found.score) is float
    value = 1 - found.score if metric is column_shapes else found.score
    assert 0 < value < 0.08


def test_a_dropped_category_is_detected():
    real = mixed(2_000, 0)
    value = values_of(column_shapes(real, real[real["letter"] != "b"]))["letter"]
    assert value == pytest.approx((real["letter"] == "a").sum() / real["letter"].notna().sum())


# Input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", ALL)
def test_frames_of_polars_and_arrays_are_read_alike(metric):
    real, synthetic = mixed(60, 0), mixed(50, 1)
    expected = metric(real, synthetic)
    found = metric(pl.from_pandas(real), pl.from_pandas(synthetic[::-1]))
    pd.testing.assert_frame_equal(found.columns, expected.columns)
    # Columns are matched by name, in any order.
    found = metric(real, synthetic[synthetic.columns[::-1]])
    pd.testing.assert_frame_equal(found.columns, expected.columns)
    matrix, other = (frame[["x", "whole"]].to_numpy() for frame in (real, synthetic))
    found = metric(matrix, other).columns
    assert found["column"].tolist() == [0, 1]
    assert found["value"].tolist() == expected.columns["value"][:2].tolist()


@pytest.mark.parametrize("metric", ALL)
def test_codes_declared_as_categories(metric):
    real, synthetic = pd.DataFrame({"code": [1, 1, 2, 9]}), pd.DataFrame({"code": [1.0, 2.0, 2.0, 8.0]})
    found = metric(real, synthetic, categorical_features=["code"])
    texts = metric(real.astype(str), synthetic.astype(int).astype(str))
    pd.testing.assert_frame_equal(found.columns, texts.columns)
    assert column_shapes(real, synthetic, categorical_features=[0]).score == 0.5


@pytest.mark.parametrize("metric", ALL)
def test_one_row(metric):
    row = mixed(1, 1)
    assert metric(row, row).score == (1.0 if metric is column_shapes else 0.0)
    assert np.isfinite(metric(row, mixed(1, 2)).score)


def test_what_is_refused():
    with pytest.raises(TypeError, match="total_variation_complement"):
        ks_complement(["a"], ["b"])
    with pytest.raises(ValueError, match="b holds 'x'"):
        ks_complement([1.0], ["x"])
    with pytest.raises(ValueError, match="one sample"):
        ks_complement(np.ones((3, 2)), np.ones((3, 2)))
    with pytest.raises(ValueError, match="b contains infinity"):
        ks_complement([1.0], [np.inf])
    with pytest.raises(ValueError, match="X_synthetic lacks the columns"):
        column_shapes(pd.DataFrame({"a": [1], "b": [2]}), pd.DataFrame({"a": [1], "c": [2]}))
    with pytest.raises(ValueError, match="X_synthetic has 1 features"):
        column_shapes(np.ones((3, 2)), np.ones((3, 1)))
    for n_bins in (1, 2.0, True, "many"):
        with pytest.raises(ValueError, match="n_bins"):
            column_jensen_shannon(np.ones((3, 2)), np.ones((3, 2)), n_bins=n_bins)
