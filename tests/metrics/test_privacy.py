"""Metrics of privacy: fresh rows have ideal values, and copies are detected even if they are changed."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from skgan._forms import read_table
from skgan.metrics import _neighbors
from skgan.metrics._copies import exact_copies, repeated_rows, unique_value_share, values_held_twice
from skgan.metrics._membership import ATTACKS, membership_inference
from skgan.metrics._privacy import distance_ratios, near_copies, nearest_record_share

BY_DISTANCE = [nearest_record_share, distance_ratios, near_copies, membership_inference]


def normal(n, seed, n_columns=4):
    return np.random.default_rng(seed).normal(size=(n, n_columns))


def mixed(n, seed):
    """A frame of columns of several kinds, with missing values."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    return pd.DataFrame(
        {
            "x": np.where(rng.random(n) < 0.1, np.nan, x),
            "letter": np.where(rng.random(n) < 0.2, None, np.where(x > 0, "a", "b")),
            "when": pd.Timestamp("2020-01-01") + pd.to_timedelta(np.abs(x), unit="D"),
            "y": x + rng.normal(size=n),
        }
    )


def levels(n, seed):
    """A frame of few categories, in which rows are equal by chance."""
    return pd.DataFrame(np.random.default_rng(seed).choice(list("abc"), size=(n, 4)), columns=list("wxyz"))


MAKERS = {"array": normal, "frame": mixed, "levels": levels}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("n_holdout", [1_000, 250, 3_000])
def test_fresh_rows_are_as_near_to_training_as_to_held_out_rows(make, n_holdout):
    share = nearest_record_share(make(1_000, 0), make(1_000, 1), make(n_holdout, 2))
    assert type(share) is float and share == pytest.approx(0.5, abs=0.06 if n_holdout >= 1_000 else 0.1)


@pytest.mark.parametrize("features", ["ranks", "minmax", "standard"])
def test_the_scale_favours_neither_training_nor_held_out_rows(features):
    """With ranks of the training rows alone, held-out rows would be equal at the ends, and the share would be 0.457."""

    def share(seed):
        X, holdout = np.random.default_rng(seed).standard_t(3, size=(2, 20, 2))
        fresh = np.random.default_rng([seed, 1]).standard_t(3, size=(500, 2))
        return nearest_record_share(X, fresh, holdout, features=features)

    assert np.mean([share(seed) for seed in range(200)]) == pytest.approx(0.5, abs=0.012)


@pytest.mark.parametrize("n_holdout", [1_000, 100, 3_000])
def test_the_nearest_record_share_of_copies_is_one_whatever_the_holdout(n_holdout):
    X, holdout = normal(1_000, 0), normal(n_holdout, 2)
    assert nearest_record_share(X, X, holdout) == 1.0
    assert nearest_record_share(X, X + 1e-6, holdout) == 1.0
    half = np.concatenate([X[:500], normal(500, 1)])
    assert nearest_record_share(X, half, holdout) == pytest.approx(0.75, abs=0.1)


def test_nearest_record_share_by_hand():
    X, holdout = [[0.0], [10.0]], [[4.0], [11.0]]
    assert nearest_record_share(X, [[1.0], [3.0]], holdout) == 0.5
    assert nearest_record_share(X, [[2.0], [10.5]], holdout) == 0.5  # ties count half
    assert nearest_record_share(X, [[2.0], [0.0]], holdout) == 0.75
    # Two of three rows are training rows, so 2/3 is expected by chance, and 5/6 is half way to the value of copies.
    assert nearest_record_share(X, [[2.0], [0.0]], [[4.0]]) == pytest.approx(0.75)
    assert nearest_record_share(X, [[4.0]], [[4.0]]) == 0.0


def test_equal_sets_tie():
    X = levels(300, 0)
    assert nearest_record_share(X, levels(300, 1), X) == 0.5
    constant = np.ones((10, 2))
    assert nearest_record_share(constant, constant, constant) == 0.5


def test_distance_ratios_of_fresh_rows_and_of_copies():
    X, fresh, holdout = normal(2_000, 0), normal(2_000, 1), normal(1_000, 2)
    ratios = distance_ratios(X, fresh, holdout)
    assert ratios.closest_record == pytest.approx(1, abs=0.08)
    assert ratios.closest_record_low == pytest.approx(1, abs=0.15)
    assert 0.3 < ratios.nearest_to_second_low < ratios.nearest_to_second < 1
    assert distance_ratios(X, X, holdout) == (0, 0, 0, 0)
    far = distance_ratios(X, 3 * fresh, holdout)
    assert far.closest_record > 3
    half = distance_ratios(X, np.concatenate([X[:200], fresh]), holdout)
    assert half.closest_record > 0.8 and half.closest_record_low == 0.0


def test_distance_ratios_by_hand():
    X = [[0.0], [3.0], [10.0]]
    ratios = distance_ratios(X, [[1.0]], [[5.0], [12.0], [16.0]])
    assert ratios == pytest.approx((0.5, 0.5, 0.5, 0.5))
    assert distance_ratios(X, [[1.0]]) == (pytest.approx(0.5), pytest.approx(0.5), None, None)


def test_distances_of_nought_have_a_ratio():
    twins = np.array([[0.0], [0.0], [5.0], [5.0]])
    assert distance_ratios(twins, twins, twins) == (1, 1, 1, 1)
    assert distance_ratios(twins, [[1.0]], twins)[2:] == (np.inf, np.inf)


def test_exact_copies_by_hand():
    X = pd.DataFrame({"n": [1.0, 2.0, np.nan, 0.0], "c": ["a", None, "b", "a"], "b": [True, False, True, True]})
    rows = pd.DataFrame(
        {
            "n": [1.0, 2.0, np.nan, -0.0, np.nan, 1.0 + 1e-15, 2.0, 0.0],
            "c": ["a", None, "b", "a", None, "a", "b", "b"],
            "b": [True, False, True, True, True, True, False, True],
        }
    )
    assert exact_copies(X, rows) == 4 / 8
    assert exact_copies(X, X.iloc[[0]]) == 1.0 and exact_copies(X.iloc[[0]], X) == 1 / 4
    assert exact_copies(pl.from_pandas(X), pl.from_pandas(rows)) == 4 / 8
    assert exact_copies(read_table(X), rows) == 4 / 8
    assert exact_copies([[1, 2]], np.array([[1.0, 2.0], [1.0, 2.5]])) == 0.5


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_exact_copies_are_those_of_a_set(make):
    X, rows = make(400, 0), make(300, 1)
    rows = np.concatenate([rows, X[:50]]) if make is normal else pd.concat([rows, X[:50]], ignore_index=True)
    plain = [[tuple(row) for row in pd.DataFrame(frame).astype(object).fillna("gap").to_numpy()] for frame in (X, rows)]
    assert exact_copies(X, rows) == np.mean([row in set(plain[0]) for row in plain[1]])


def test_exact_copies_of_many_columns_do_not_overflow():
    X = np.random.default_rng(0).normal(size=(2_000, 40))
    assert exact_copies(X, X) == 1.0
    X_other = X.copy()
    X_other[np.arange(2_000), np.arange(2_000) % 40] += 1
    assert exact_copies(X, X_other) == 0.0


@pytest.mark.parametrize("make", [normal, mixed])
def test_near_copies_of_fresh_rows_are_the_quantile(make):
    X, fresh, holdout = make(2_000, 0), make(2_000, 1), make(2_000, 2)
    assert near_copies(X, fresh, holdout) == pytest.approx(0.01, abs=0.01)
    assert near_copies(X, fresh, holdout, quantile=0.2) == pytest.approx(0.2, abs=0.05)
    assert near_copies(X, X, holdout) == 1.0


def test_near_copies_detect_what_is_no_exact_copy():
    X, holdout = normal(1_000, 0), normal(1_000, 2)
    rows = np.concatenate([X[:300] + 1e-6, normal(700, 1)])
    assert exact_copies(X, rows) == 0.0 and near_copies(X, rows, holdout) == pytest.approx(0.3, abs=0.02)


def test_near_copies_where_fresh_rows_are_copies():
    X, fresh, holdout = levels(60, 0), levels(500, 1), levels(500, 2)
    assert near_copies(X, fresh, holdout) == exact_copies(X, fresh)
    assert near_copies(X, X, holdout) == 1.0


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_fresh_rows_betray_no_member(attack, make):
    attacked = membership_inference(make(1_500, 0), make(1_500, 1), make(3_000, 2), attack=attack)
    assert attacked.auc == pytest.approx(0.5, abs=0.04) and attacked.true_positive_rate < 0.04
    assert attacked[2:] == (1_500, 1_500)


@pytest.mark.parametrize("attack", ATTACKS)
def test_copies_betray_members(attack):
    X, holdout = normal(1_000, 0), normal(1_000, 2)
    assert membership_inference(X, X, holdout, attack=attack) == (1.0, 1.0, 500, 500)
    assert membership_inference(X, X + 0.01 * normal(1_000, 3), holdout, attack=attack).auc > 0.95
    half = membership_inference(X, np.concatenate([X[:500], normal(500, 1)]), holdout, attack=attack)
    assert half.auc == pytest.approx(0.75, abs=0.05) and half.true_positive_rate == pytest.approx(0.5, abs=0.06)
    assert membership_inference(mixed(800, 0), mixed(800, 0), mixed(800, 2), attack=attack).auc > 0.98


def test_the_density_ratio_accounts_for_dense_regions():
    """Members in a dense region that the sampler did not copy: only one attack takes them for members."""
    members, holdout = 0.2 * normal(500, 0), np.concatenate([0.2 * normal(500, 1), 5 * normal(1_500, 2)])
    synthetic = np.concatenate([0.2 * normal(500, 3), 5 * normal(1_500, 4)])
    by_distance, by_ratio = (membership_inference(members, synthetic, holdout, attack=a).auc for a in ATTACKS)
    assert by_distance > 0.8 and by_ratio == pytest.approx(0.5, abs=0.06)


def test_members_and_non_members_are_equally_many():
    X, synthetic = normal(500, 0), normal(300, 1)
    assert membership_inference(X, synthetic, normal(101, 2))[2:] == (51, 51)
    assert membership_inference(X[:20], synthetic, normal(100, 2))[2:] == (20, 20)
    assert membership_inference(X, synthetic, normal(400, 2), max_rows=60)[2:] == (60, 60)
    assert membership_inference(X[:1], synthetic[:1], normal(2, 2))[2:] == (1, 1)


def test_unique_values_by_hand():
    X = pd.DataFrame({"n": [1.0, 1.0, 2.0, np.nan], "m": [7, 8, 9, 9], "c": list("abcd")})
    rows = pd.DataFrame({"n": [1.0, 2.0, np.nan, 5.0], "m": [7, 7, 9, 10], "c": list("abcd")})
    assert unique_value_share(X, rows) == (3 / 7, None)
    assert unique_value_share(X, rows, X) == (3 / 7, 3 / 7)
    assert unique_value_share(X, rows, categorical_features=["m"]) == (1 / 3, None)
    gaps = rows.assign(n=np.nan)
    assert unique_value_share(X[["n"]], gaps[["n"]]) == (0.0, None)


def test_unique_values_of_copies_and_of_fresh_rows():
    X, fresh, holdout = (np.round(normal(2_000, seed), 4) for seed in range(3))
    synthetic, held_out = unique_value_share(X, fresh, holdout)
    assert synthetic == pytest.approx(held_out, abs=0.01)
    assert unique_value_share(X, X, holdout).synthetic > held_out + 0.05
    assert unique_value_share(normal(100, 0), normal(100, 0)) == (1.0, None)


@pytest.mark.parametrize("metric", BY_DISTANCE)
@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_values_do_not_depend_on_the_container_or_on_blocks(metric, make, monkeypatch):
    tables = make(200, 0), make(150, 1), make(120, 2)
    value = metric(*tables)
    assert metric(*tables) == metric(*tables, random_state=0) == value
    if make is not normal:
        assert metric(*map(pl.from_pandas, tables)) == value
        assert metric(read_table(tables[0]), *tables[1:]) == value
        assert metric(tables[0], *(table[table.columns[::-1]] for table in tables[1:])) == value
    monkeypatch.setattr(_neighbors, "CELLS", 17)
    assert metric(*tables) == value


@pytest.mark.parametrize("metric", BY_DISTANCE)
def test_a_subsample_is_seeded_and_leaves_no_training_row_out(metric):
    X, holdout = normal(600, 0), normal(600, 2)
    fourth = np.concatenate([X[450:], normal(450, 1)])
    values = [metric(X, fourth, holdout, max_rows=100, random_state=seed) for seed in (0, 0, 1)]
    assert values[0] == values[1] and values[0] != values[2]
    assert metric(X, fourth, holdout, max_rows=10_000) == metric(X, fourth, holdout)
    copied, copied_of_few = metric(X, X, holdout), metric(X, X, holdout, max_rows=50)
    if metric is membership_inference:
        assert copied[:2] == copied_of_few[:2] == (1.0, 1.0)
    else:
        assert copied == copied_of_few


def test_nothing_touches_the_global_generator():
    before = np.random.get_state()[1].copy()
    for metric in BY_DISTANCE:
        metric(normal(50, 0), normal(50, 1), normal(50, 2), max_rows=20, random_state=None)
    assert np.array_equal(np.random.get_state()[1], before)


@pytest.mark.parametrize("metric", BY_DISTANCE)
def test_features_may_be_a_callable_and_labels_reach_them(metric, hasty):
    X, rows, holdout = normal(100, 0), normal(100, 1), normal(100, 2)
    first = [A[:, :1] for A in (X, rows, holdout)]
    assert metric(X, rows, holdout, features=lambda A: np.asarray(A)[:, :1]) == metric(*first)
    assert metric(X, rows, holdout, features="classifier", y_real=(X[:, 0] > 0).astype(int)) is not None


@pytest.mark.parametrize("metric", [nearest_record_share, near_copies, membership_inference])
def test_what_needs_a_holdout_says_so(metric):
    for X in (normal(20, 0), mixed(20, 0)):
        with pytest.raises(ValueError, match="X_holdout"):
            metric(X, X, None)


@pytest.mark.parametrize("metric", [*BY_DISTANCE, unique_value_share])
def test_a_holdout_of_other_columns_is_refused(metric):
    with pytest.raises(ValueError, match="X_holdout"):
        metric(mixed(20, 0), mixed(20, 1), mixed(20, 2).drop(columns="y"))


@pytest.mark.parametrize("metric", BY_DISTANCE)
@pytest.mark.parametrize("options", [{"max_rows": 0}, {"features": "rank"}])
def test_bad_options_are_refused(metric, options):
    with pytest.raises(ValueError, match=next(iter(options))):
        metric(normal(20, 0), normal(20, 1), normal(20, 2), **options)


def test_what_cannot_be_measured_is_refused():
    X, one = normal(20, 0), normal(1, 1)
    with pytest.raises(ValueError, match="X_real has a single row"):
        distance_ratios(one, X, X)
    with pytest.raises(ValueError, match="X_holdout has a single row"):
        membership_inference(X, X, one)
    with pytest.raises(ValueError, match="n_neighbors=11 .* X_holdout"):
        membership_inference(X, X, X, n_neighbors=11)
    with pytest.raises(ValueError, match="n_neighbors=2 .* X_synthetic"):
        membership_inference(X, one, X, n_neighbors=2)
    with pytest.raises(ValueError, match="Did you mean 'distance'"):
        membership_inference(X, X, X, attack="distances")
    for quantile in (0, 1, -0.1, float("nan")):
        with pytest.raises(ValueError, match="quantile="):
            near_copies(X, X, X, quantile=quantile)
    with pytest.raises(ValueError, match="no numeric column"):
        unique_value_share(levels(5, 0), levels(5, 1))


def test_degenerate_tables_have_a_value():
    gaps = pd.DataFrame({"x": [np.nan] * 6, "c": pd.Series([None] * 6, dtype=object)})
    some = pd.DataFrame({"x": [1.0, 2.0] * 3, "c": ["a", None] * 3})
    for real, synthetic in ((gaps, gaps), (gaps, some), (some, gaps), (some, some[:1])):
        assert 0 <= nearest_record_share(real, synthetic, some) <= 1
        assert 0 <= membership_inference(real, synthetic, some).auc <= 1
        assert 0 <= exact_copies(real, synthetic) <= 1 and 0 <= near_copies(real, synthetic, some) <= 1
        assert not np.isnan(distance_ratios(real, synthetic, some)).any()


def test_each_row_beside_all_others():
    """The mean over leaving out one row after the other."""
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"a": rng.integers(0, 8, 60), "b": rng.choice(["x", "y", None], 60)})
    alone, others = ([X.iloc[[i]] for i in range(60)], [X.drop(index=i) for i in range(60)])
    exact = np.mean([exact_copies(rest, row) for rest, row in zip(others, alone)])
    unique = np.mean([unique_value_share(rest, row).synthetic for rest, row in zip(others, alone)])
    assert repeated_rows(X) == pytest.approx(exact) and 0 < exact < 1
    assert values_held_twice(X) == pytest.approx(unique)
    assert values_held_twice(X.assign(a=np.arange(60) // 2)) == 1.0
