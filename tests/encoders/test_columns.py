"""One column at a time: encoding and decoding, with missing values; features for trees; saved states."""

import numpy as np
import pytest

from skgan._forms import Column
from skgan._spec import DataSpec
from skgan.encoders._columns import (
    MISSING_CODE,
    RARE_CODE,
    CategoricalColumn,
    EmptyColumn,
    NumericColumn,
    categories_at,
    codes_of,
)
from skgan.encoders._grouped import N_GROUPS, EmbeddedColumn, GroupedColumn, grouped

N = 2000


def column(values, missing=None, kind="numeric"):
    missing = np.zeros(len(values), dtype=bool) if missing is None else np.asarray(missing)
    return Column("c", kind, values, missing)


def text(values):
    """A column of categories; None is a missing value."""
    objects = np.array(values, dtype=object)
    return column(objects, np.array([value is None for value in values]), "categorical")


def with_missing(values, share=0.3):
    missing = np.random.default_rng(1).random(len(values)) < share
    if values.dtype == object:
        return text(np.where(missing, None, values))
    return column(np.where(missing, 0, values), missing)


def draw(seed, make):
    return make(np.random.default_rng(seed))


ATOMS = draw(0, lambda rng: rng.integers(-20, 20, N))
CATEGORIES = draw(0, lambda rng: rng.choice(np.array(["a", "b", "c"], dtype=object), N, p=[0.2, 0.7, 0.1]))
SLOPES = draw(0, lambda rng: np.where(rng.random(N) < 0.3, 0, np.round(rng.normal(size=N), 2)))
MANY = np.array([f"level {i % 500}" for i in range(N)], dtype=object)


def group(column, kind=GroupedColumn, n_coordinates=3):
    categories = sorted(set(column.values[~column.missing]))
    return kind(column, categories, np.random.default_rng(0).normal(size=(len(categories), n_coordinates)))


FITTED = {
    "atoms": (lambda c: NumericColumn(c, min_frequency=5), column(ATOMS)),
    "atoms with missing values": (lambda c: NumericColumn(c, min_frequency=5), with_missing(ATOMS)),
    "float atoms with missing values": (lambda c: NumericColumn(c, min_frequency=5), with_missing(ATOMS / 8)),
    "categories": (CategoricalColumn, text(CATEGORIES)),
    "categories with missing values": (CategoricalColumn, with_missing(CATEGORIES)),
    "categories of numbers": (CategoricalColumn, text([1, 2, 2, 3, True, 2.5, None] * 10)),
    "one category": (CategoricalColumn, text(["a"] * 5)),
    "many categories": (group, text(MANY)),
    "many categories with missing values": (group, with_missing(MANY)),
    "nothing": (EmptyColumn, text([None] * 4)),
    "no number": (EmptyColumn, column(np.zeros(4), np.ones(4, dtype=bool))),
}
each = pytest.mark.parametrize("fit, source", FITTED.values(), ids=FITTED.keys())


def ends(encoder, source):
    """Unfolded rows at the low and at the high ends of their intervals, in double precision."""
    spec = DataSpec.from_pieces(encoder.pieces)
    low, high = np.zeros((2, len(source.values), spec.width))
    for span, piece in zip(spec.spans, encoder.encode(source.values, source.missing), strict=True):
        if span.kind == "uniform":
            low[:, span.start], high[:, span.start] = piece
        else:
            held = piece[:, None] == np.arange(span.width)
            low[:, span.start : span.stop] = high[:, span.start : span.stop] = held
    return low, high


def encoded(encoder, source, share):
    """Rows of single precision at one position in each interval."""
    low, high = ends(encoder, source)
    return (low + share * (high - low)).astype(np.float32)


@each
@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_values_and_gaps_come_back(fit, source, share):
    encoder = fit(source)
    values, missing = encoder.decode(encoded(encoder, source, share))
    np.testing.assert_array_equal(missing, source.missing)
    np.testing.assert_array_equal(values[~missing], source.values[~missing])
    assert values.dtype == source.values.dtype


@each
def test_pieces_tell_the_width_and_the_frequencies(fit, source):
    encoder = fit(source)
    spec = DataSpec.from_pieces(encoder.pieces)
    low, high = ends(encoder, source)
    assert low.shape == high.shape == (len(source.values), spec.width)
    assert low.min() >= -1 and high.max() <= 1 and (low <= high).all()
    for span in spec.of_kind("categorical"):
        shares = low[:, span.start : span.stop].mean(0)
        np.testing.assert_allclose(np.exp(span.log_frequencies), shares, atol=1e-12)


@each
def test_trees_see_small_codes_with_one_of_their_own_for_gaps(fit, source):
    encoder = fit(source)
    codes = encoder.features(source.values, source.missing)
    assert codes.dtype == np.uint8
    assert (codes[source.missing] == MISSING_CODE).all() and (codes[~source.missing] < MISSING_CODE).all()
    alone = [encoder.features(source.values[[i]], source.missing[[i]])[0] for i in range(4)]
    assert alone == codes[:4].tolist()


@each
def test_trees_see_the_same_of_rows_as_of_the_values_that_they_stand_for(fit, source):
    encoder = fit(source)
    width = DataSpec.from_pieces(encoder.pieces).width
    for rows in (encoded(encoder, source, 0.9), np.random.default_rng(0).uniform(-1, 1, (N, width)).astype(np.float32)):
        codes = encoder.row_features(rows)
        assert codes.dtype == np.uint8
        np.testing.assert_array_equal(codes, encoder.features(*encoder.decode(rows)))


@each
def test_state_is_all_there_is(fit, source):
    encoder = fit(source)
    again = type(encoder).from_state(encoder.get_state())
    assert encoder.get_state().keys() == set(type(encoder).STATE)
    assert again.pieces == encoder.pieces
    rows = encoded(encoder, source, 0.5)
    np.testing.assert_array_equal(encoded(again, source, 0.5), rows)
    for a, b in zip(again.decode(rows), encoder.decode(rows)):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_array_equal(
        again.features(source.values, source.missing), encoder.features(source.values, source.missing)
    )


@pytest.mark.parametrize("values", [SLOPES, SLOPES * np.pi, np.exp(SLOPES)], ids=["decimals", "floats", "skew"])
def test_trees_see_the_same_of_rows_between_the_atoms(values):
    source = with_missing(values)
    encoder = NumericColumn(source, min_frequency=5)
    rows = np.random.default_rng(0).uniform(-1, 1, (20_000, 3)).astype(np.float32)
    rows[:3, 0] = (-1, 0, 1)
    np.testing.assert_array_equal(encoder.row_features(rows), encoder.features(*encoder.decode(rows)))


def test_a_gap_may_stand_for_any_number():
    source = with_missing(ATOMS)
    low, high = ends(NumericColumn(source, min_frequency=5), source)
    assert (low[source.missing, 0] == -1).all() and (high[source.missing, 0] == 1).all()
    flags = np.column_stack([~source.missing, source.missing])
    np.testing.assert_array_equal(low[:, 1:], flags)
    np.testing.assert_array_equal(high[:, 1:], flags)


def test_numbers_are_seen_in_order():
    source = column(np.sort(draw(0, lambda rng: rng.standard_cauchy(N))))
    codes = NumericColumn(source, min_frequency=5).features(source.values, source.missing).astype(int)
    assert (np.diff(codes) >= 0).all()
    assert np.bincount(codes, minlength=RARE_CODE).max() < 3 * N / RARE_CODE


def test_the_most_frequent_level_comes_first():
    encoder = CategoricalColumn(text(["x", "b", "a", "b", None, "a", "b", None]))
    assert encoder.categories == ["b", "a", "x"]  # missing values are last, whatever their share
    np.testing.assert_allclose(np.exp(encoder.log_frequencies), [3 / 8, 2 / 8, 1 / 8, 2 / 8])


def test_unseen_categories():
    values, missing = np.array(["never", "b"], dtype=object), np.zeros(2, dtype=bool)
    one_hot, many = CategoricalColumn(text(CATEGORIES)), group(text(CATEGORIES))
    assert one_hot.features(values, missing).tolist() == [RARE_CODE, 0]
    assert [codes.tolist() for codes in one_hot.encode(values, missing)] == [[-1, 0]]
    codes, (low, high) = many.encode(values, missing)
    assert (codes[0], low[0], high[0]) == (-1, -1, 1)  # no group, anywhere
    assert many.features(values, missing)[0] == RARE_CODE // 2


def test_a_missing_value_in_a_column_that_had_none_has_no_category():
    encoder = CategoricalColumn(text(CATEGORIES))
    assert encoder.encode(np.array([None, "b"]), np.array([True, False]))[0].tolist() == [-1, 0]


def test_levels_beyond_the_codes_share_the_crowd():
    encoder = CategoricalColumn(text([f"{i}" for i in range(400) for _ in range(2)]))
    codes = encoder.features(np.array(["0", "252", "253", "399"], dtype=object), np.zeros(4, dtype=bool))
    assert codes.tolist() == [0, 252, RARE_CODE, RARE_CODE]


def test_ten_thousand_categories_keep_their_frequencies():
    rng = np.random.default_rng(0)
    counts = 1 + rng.zipf(2.0, 10_000).clip(max=300)
    values = np.repeat(np.array([f"{i}" for i in range(10_000)], dtype=object), counts)
    encoder = group(text(values))
    [(_, n_groups, log_frequencies), _] = encoder.pieces
    assert n_groups == N_GROUPS
    # Evenly spaced places in each group give each category its frequency, up to one row at the ends of its interval.
    sizes = np.rint(np.exp(log_frequencies) * len(values)).astype(int)
    rows = np.zeros((4 * len(values), N_GROUPS + 1))
    rows[np.arange(len(rows)), np.repeat(np.arange(N_GROUPS), 4 * sizes)] = 1
    rows[:, -1] = np.concatenate([2 * (np.arange(4 * size) + 0.5) / (4 * size) - 1 for size in sizes])
    drawn, missing = encoder.decode(rows)
    assert not missing.any()
    given = np.bincount(codes_of(drawn, [f"{i}" for i in range(10_000)]), minlength=10_000)
    assert np.abs(given / 4 - counts).max() <= 1


def test_any_row_is_a_category_of_its_group():
    encoder = group(with_missing(MANY))
    rows = np.random.default_rng(0).normal(size=(500, N_GROUPS + 2)).astype(np.float32)
    values, missing = encoder.decode(rows)
    codes, _ = encoder.encode(values, missing)
    np.testing.assert_array_equal(codes, rows[:, :-1].argmax(1))
    assert missing.any() and set(values[~missing]) <= set(MANY)


def test_a_frequent_category_is_a_group_of_its_own():
    counts = np.array([1, 1, 500, 1, 1, 400, 1])
    groups = grouped(np.zeros((7, 2)), counts, 4)
    assert sorted(sum(map(list, groups), [])) == list(range(7)) and [2] in [list(members) for members in groups]


def test_groups_are_cut_between_clusters():
    centre = np.repeat([0.0, 10.0, 20.0, 30.0], 5)
    coordinates = (centre + np.tile(np.linspace(-1, 1, 5), 4))[:, None]
    groups = grouped(coordinates, np.ones(20, dtype=int), 4)
    assert [set(centre[members]) for members in groups] in ([{0}, {10}, {20}, {30}], [{30}, {20}, {10}, {0}])


def test_no_more_groups_than_categories():
    assert len(grouped(np.zeros((3, 1)), np.ones(3, dtype=int), 100)) == 3


def test_classes_of_conditions_have_their_coordinates():
    encoder = group(text(MANY), EmbeddedColumn)
    assert DataSpec.from_pieces(encoder.pieces).width == N_GROUPS + 1 + 3
    values = np.array([encoder.categories[7], encoder.categories[0]], dtype=object)
    _, _, *numbers = encoder.encode(values, np.zeros(2, dtype=bool))
    for number, (low, high) in enumerate(numbers):
        np.testing.assert_array_equal(low, high)
        np.testing.assert_allclose(low, encoder.coordinates[[7, 0], number], rtol=1e-6)
    assert np.abs(encoder.coordinates).max() == 1


def test_codes_and_levels():
    categories = ["b", 2, "a"]
    codes = codes_of(["a", "b", "z", 2, None], categories)
    assert codes.tolist() == [2, 0, -1, 1, -1]
    assert categories_at(categories, np.array([0, 1, 2, 3, 9])).tolist() == ["b", 2, "a", None, None]
