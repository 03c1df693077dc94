"""Tables become points with the distances of their scale, and metrics read tables in the same way."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from skgan._forms import Table, read_table, read_tables
from skgan._random import generator_of, some_rows
from skgan.metrics._scales import MAX_AXES, SCALES, points


def placed(scale, real, *others):
    """Points of columns of numbers, or of frames."""
    columns = [np.asarray(X, dtype=float)[:, None] if not isinstance(X, pd.DataFrame) else X for X in (real, *others)]
    return points(read_tables(*columns, names=("X_synthetic",) * len(others)), scale)


def distances(A, B):
    return np.linalg.norm(A[:, None].astype(float) - B[None], axis=2)


# Numbers ----------------------------------------------------------------------------------------------------


def test_ranks_are_places_in_the_real_column():
    real, other = placed("ranks", [10, 20, 20, 40], [10, 20, 30, 40])
    assert real.dtype == np.float32 and real.shape == (4, 1)
    np.testing.assert_allclose(real[:, 0], [0.125, 0.5, 0.5, 0.875])
    np.testing.assert_allclose(other[:, 0], [0.125, 0.5, 0.6875, 0.875])


def test_ranks_do_not_see_a_rising_function():
    x = np.random.default_rng(0).normal(size=50)
    for before, after in zip(placed("ranks", x, x[:9]), placed("ranks", np.exp(x), np.exp(x[:9]))):
        np.testing.assert_array_equal(before, after)


def test_minmax_and_standard():
    real, other = placed("minmax", [10, 20, 30], [10, 40, 0])
    np.testing.assert_allclose(real[:, 0], [0, 0.5, 1])
    np.testing.assert_allclose(other[:, 0], [0, 1.5, -0.5])
    x = np.random.default_rng(0).normal(5, 3, size=100)
    real, other = placed("standard", x, [x.mean() + 2 * x.std()])
    np.testing.assert_allclose([real.mean(), real.std()], [0, 1], atol=1e-6)
    np.testing.assert_allclose(other, [[2.0]], atol=1e-5)


@pytest.mark.parametrize("scale", SCALES)
def test_the_real_rows_say_what_the_scale_is(scale):
    x, y = np.random.default_rng(0).normal(size=(2, 30))
    alone, beside, far = placed(scale, x)[0], placed(scale, x, y)[0], placed(scale, x, 100 * y)[0]
    np.testing.assert_array_equal(alone, beside)
    np.testing.assert_array_equal(alone, far)


@pytest.mark.parametrize("scale", SCALES)
def test_moving_and_stretching_both_changes_nothing(scale):
    x, y = np.random.default_rng(0).normal(size=(2, 30))
    for before, after in zip(placed(scale, x, y), placed(scale, 7 * x - 3, 7 * y - 3)):
        np.testing.assert_allclose(before, after, atol=1e-5)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", SCALES)
def test_missing_values_lie_in_the_middle_one_away(scale):
    real, other = placed(scale, [0, np.nan, 2], [1, np.nan])
    np.testing.assert_array_equal(real[:, 1], [0, 1, 0])
    np.testing.assert_array_equal(other[:, 1], [0, 1])
    np.testing.assert_allclose(real[1], other[1])
    np.testing.assert_allclose(distances(real[1:2], other[:1]), 1.0)
    np.testing.assert_allclose(real[1, 0], other[0, 0], err_msg="1 is the middle of 0 and 2")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", SCALES)
def test_missing_values_in_one_table_only(scale):
    assert [p.shape for p in placed(scale, [0, 1], [1, np.nan])] == [(2, 2), (2, 2)]
    assert [p.shape for p in placed(scale, [0, np.nan], [1, 2, 3])] == [(2, 2), (3, 2)]
    assert [p.shape for p in placed(scale, [0, 1], [1, 2, 3])] == [(2, 1), (3, 1)]
    for found in placed(scale, [np.nan, np.nan], [3, np.nan]):
        assert np.isfinite(found).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("value", [0.0, 3.0, 1e6])
def test_constant_columns(scale, value):
    real, other = placed(scale, np.full(7, value), [value, value + 0.25])
    np.testing.assert_array_equal(real, np.full((7, 1), real[0, 0]))
    assert other[0, 0] == real[0, 0] and abs(other[1, 0] - real[0, 0]) < 1


@pytest.mark.filterwarnings("error")
def test_a_constant_that_is_no_binary_fraction():
    """The mean of seven times 0.1 is not 0.1, so a constant has a standard deviation from rounding."""
    real, other = placed("standard", np.full(7, 0.1), [0.1, 0.2])
    assert np.abs(real).max() < 1e-6 and np.abs(other).max() < 1


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", ["ranks", "minmax", "standard"])
@pytest.mark.parametrize(("real", "other"), [([-1.7e308, 1.7e308], [0.0]), ([0.0, 1.0, 2.0], [1e300])])
def test_huge_numbers_stay_finite(scale, real, other):
    for found in placed(scale, real, other):
        assert np.isfinite(found).all()


@pytest.mark.parametrize("scale", SCALES)
def test_moments_are_numbers(scale):
    days = pd.DataFrame({"day": pd.to_datetime(["2020-01-01", "2020-01-02", "2020-01-05"])})
    np.testing.assert_allclose(*(p[0] for p in (placed(scale, days), placed(scale, [1, 2, 5]))), atol=1e-6)


# Categories -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", SCALES)
def test_categories_are_one_apart(scale):
    real, other = points(read_tables(pd.DataFrame({"c": list("aabc")}), pd.DataFrame({"c": list("xab")})), scale)
    assert real.shape == (4, 4) and other.shape == (3, 4)
    expected = np.array([[1, 0, 1], [1, 0, 1], [1, 1, 0], [1, 1, 1]])
    np.testing.assert_allclose(distances(real, other), expected, atol=1e-6)


def test_missing_is_a_category():
    frame = pd.DataFrame({"c": ["a", None, "b", None]})
    (real,) = points(read_tables(frame, names=()), "ranks")
    np.testing.assert_allclose(distances(real, real)[1], [1, 0, 1, 0], atol=1e-6)


def test_columns_stand_at_right_angles():
    frame = pd.DataFrame({"x": [0.0, 1.0], "c": ["a", "b"], "d": ["u", "v"]})
    (real,) = points(read_tables(frame, names=()), "minmax")
    assert distances(real, real)[0, 1] == pytest.approx(np.sqrt(3))


def test_many_categories_are_about_one_apart():
    levels = [f"level {i}" for i in range(5 * MAX_AXES)]
    (real,) = points(read_tables(pd.DataFrame({"c": levels}), names=()), "ranks")
    between = distances(real, real)[np.triu_indices(len(levels), 1)]
    assert real.shape == (len(levels), MAX_AXES)
    assert 0.6 < between.min() and between.max() < 1.4 and between.mean() == pytest.approx(1, abs=0.01)


def test_order_of_tables_and_rows_is_no_matter_to_distances():
    rng = np.random.default_rng(0)
    frames = [pd.DataFrame({"c": rng.choice([f"v{i}" for i in range(90)], n)}) for n in (300, 200)]
    a, b = points(read_tables(*frames), "ranks")
    d, c = points(read_tables(*frames[::-1]), "ranks")
    np.testing.assert_allclose(distances(a, b), distances(c, d), atol=1e-6)
    back, _ = points(read_tables(frames[0][::-1], frames[1]), "ranks")
    np.testing.assert_array_equal(back[::-1], a)


def test_declared_categories():
    X = np.array([[0.0], [1.0], [5.0]])
    (real,) = points(read_tables(X, names=(), categorical_features=[0]), "minmax")
    np.testing.assert_allclose(distances(real, real), 1 - np.eye(3), atol=1e-6)


# Reading ----------------------------------------------------------------------------------------------------


FRAME = pd.DataFrame({"a": [1.0, 2.0, np.nan], "b": ["x", "y", None]})


def test_columns_are_found_by_name():
    real, other = read_tables(FRAME, FRAME[["b", "a"]])
    assert [column.name for column in other.columns] == ["a", "b"]
    assert other.columns[1].values.tolist() == ["x", "y", None]


@pytest.mark.parametrize("convert", [pl.from_pandas, lambda frame: frame.to_numpy(dtype=object)])
def test_containers_may_differ(convert):
    other = convert(FRAME)
    for real, synthetic in zip(read_tables(FRAME, FRAME), read_tables(FRAME, other)):
        for a, b in zip(real.columns, synthetic.columns, strict=True):
            assert a.kind == b.kind
            np.testing.assert_array_equal(a.missing, b.missing)
            np.testing.assert_array_equal(a.values, b.values)


def test_tables_are_taken_as_they_are():
    table = read_table(FRAME)
    real, other = read_tables(table, table)
    assert real is table and other is table and isinstance(other, Table)


def test_several_others_are_named():
    with pytest.raises(ValueError, match="X_holdout"):
        read_tables(FRAME, FRAME, FRAME[["a"]], names=("X_synthetic", "X_holdout"))
    with pytest.raises(ValueError, match="X_real"):
        read_tables(np.array([[np.inf]]), np.array([[1.0]]))


def test_tables_of_another_layout_are_refused():
    two, three = read_table(np.zeros((2, 2))), read_table(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="X_synthetic"):
        points(read_tables(two, three), "ranks")


def test_columns_of_tables_are_found_by_name():
    real, other = read_tables(read_table(FRAME), read_table(FRAME[["b", "a"]]))
    assert [column.name for column in other.columns] == ["a", "b"]


@pytest.mark.parametrize("scale", sorted(SCALES))
@pytest.mark.parametrize("unit", [1e-310, 1e-323, 1e300])
def test_the_smallest_and_largest_numbers_have_places(scale, unit):
    """The slope between neighbours that are closer than 1e-308 is infinite."""
    real, other = placed(scale, np.array([1.0, 2.0, 4.0]) * unit, np.array([1.0, 3.0, 9.0]) * unit)
    plain = placed(scale, [1.0, 2.0, 4.0], [1.0, 3.0, 9.0])
    np.testing.assert_allclose(real, plain[0], atol=1e-6)
    np.testing.assert_allclose(other, plain[1], rtol=1e-6)


def test_between_the_closest_neighbours_there_is_a_place():
    _, between = placed("ranks", [0.0, 1e-310, 1.0], [5e-311])
    assert 0 <= between.item() <= 1


def test_rows_are_taken():
    taken = read_table(FRAME).take(np.array([2, 0]))
    assert taken.n_rows == 2 and taken.columns[1].values.tolist() == [None, "x"]
    assert taken.columns[0].missing.tolist() == [True, False]


def test_some_rows():
    rng = np.random.default_rng(0)
    np.testing.assert_array_equal(some_rows(5, None, rng), np.arange(5))
    np.testing.assert_array_equal(some_rows(5, 5, rng), np.arange(5))
    few = some_rows(100, 10, rng)
    assert len(set(few.tolist())) == 10 and (np.diff(few) > 0).all() and 0 <= few[0] and few[-1] < 100
    often = np.bincount(np.concatenate([some_rows(10, 5, rng) for _ in range(2_000)]), minlength=10)
    np.testing.assert_allclose(often, 1_000, atol=120)


def test_generators_leave_the_global_one_alone():
    before = np.random.get_state()[1].copy()
    assert generator_of(3).random() == generator_of(3).random()
    assert generator_of(None).random() != generator_of(None).random()
    legacy = np.random.RandomState(0)
    assert generator_of(legacy).random() != generator_of(legacy).random()
    stream = np.random.default_rng(0)
    assert generator_of(stream) is stream
    np.testing.assert_array_equal(np.random.get_state()[1], before)
