"""Columns that another one decides: when that is taken for a rule, and that every row then keeps to it."""

import numpy as np
import pandas as pd
import pytest
from problems import assert_same

import skgan
from skgan import ConditionalGANSampler, GANSampler, _json_tree
from skgan._forms import Column, read_table, read_target
from skgan.encoders import ConditionEncoder, TableEncoder
from skgan.encoders._columns import CategoricalColumn, NumericColumn
from skgan.encoders._derived import GLANCE, MIN_CHANCES, DerivedColumn, find_derived

N = 600
RNG = np.random.default_rng(0)
STREET = RNG.integers(24, size=N)
DISTRICT, REGION, COUNTRY = STREET // 3, STREET // 6, STREET // 12
OTHER = RNG.integers(5, size=N)


def text(codes, word="level"):
    """Categories; -1 is a missing value."""
    values = np.array([f"{word} {code}" if code >= 0 else None for code in codes], dtype=object)
    return Column("t", "categorical", values, np.asarray(codes) < 0)


def number(codes):
    """Whole numbers; -1 is a missing value."""
    missing = np.asarray(codes) < 0
    return Column("n", "numeric", np.where(missing, 0, 7 * np.asarray(codes) + 3), missing)


def derived(*columns, min_frequency=5):
    return find_derived(columns, min_frequency)


# What is found --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "columns, expected",
    {
        "alike: the first decides": ([text(DISTRICT), text(DISTRICT, "name")], {1: 0}),
        "categories before numbers": ([number(DISTRICT), text(DISTRICT)], {0: 1}),
        "a number decides categories": ([text(REGION), number(STREET)], {0: 1}),
        "two numbers": ([number(REGION), number(STREET)], {0: 1}),
        "the finer decides the coarser": ([text(REGION), text(STREET)], {0: 1}),
        "the finest decides all": ([text(COUNTRY), text(REGION), text(STREET), text(DISTRICT)], {0: 2, 1: 2, 3: 2}),
        "a source is not derived": ([number(STREET), text(REGION), text(COUNTRY)], {2: 1}),
        "two rules": ([text(STREET), text(OTHER, "b"), number(OTHER), text(COUNTRY, "d")], {2: 1, 3: 0}),
        "independent columns": ([text(STREET), text(OTHER)], {}),
        "one column": ([text(STREET)], {}),
        "no column": ([], {}),
    }.values(),
    ids=lambda value: None,
)
def test_which_column_decides_which(columns, expected):
    assert derived(*columns) == expected


def planted(n, rows):
    """Codes of two columns that agree but for these rows."""
    codes = np.arange(n) % 4
    other = codes // 2
    other[rows] = 1 - other[rows]
    return text(codes), text(other)


@pytest.mark.parametrize("row", [0, 3, 3 * GLANCE, 5 * GLANCE - 1])
def test_few_rows_may_disagree_in_categories_and_none_in_numbers(row):
    n = 5 * GLANCE  # every fifth row is glanced at first
    source, other = planted(n, [row])
    assert derived(source, other) == {1: 0}
    assert derived(source, number(np.array([int(value[-1]) for value in other.values]))) == {}


def test_many_rows_that_disagree_are_no_exceptions():
    # The allowance is one in a hundred of the rows that would disagree were the columns independent, about n / 2.
    n = 5 * GLANCE
    for n_exceptions, expected in ((20, {1: 0}), (30, {})):
        assert derived(*planted(n, np.arange(n_exceptions) * 37)) == expected


def test_enough_rows_must_have_had_the_chance_to_disagree():
    # Of 4 categories and two equal halves: (n - 4) / 2 rows.
    n = 2 * MIN_CHANCES + 4
    assert derived(*planted(n, [])) == {1: 0}
    assert derived(*planted(n - 4, [])) == {}
    rare = np.zeros(N, dtype=int)
    rare[STREET == 0] = 1
    assert 5 < rare.sum() < 30 and derived(text(STREET), text(rare)) == {}
    assert derived(text(np.arange(100) % 90), text(np.arange(100) % 90 % 2)) == {}  # almost one category per row


def test_a_derived_column_decides_nothing():
    # The finest has too many categories to decide the rarest. A column that it decides could, but is no source.
    finest = np.arange(200) % 90
    middle, rarest = finest // 2, finest // 2 % 4 == 0
    assert derived(text(middle), text(rarest.astype(int))) == {1: 0}
    assert derived(text(finest), text(middle), text(rarest.astype(int))) == {1: 0}


@pytest.mark.parametrize("make, other", [(text, number), (number, text), (number, number)])
def test_numbers_that_few_rows_hold_are_never_part_of_a_rule(make, other):
    codes = np.arange(N) % 10
    codes[codes == 9] = 8
    codes[[5, 55, 155, 255]] = 9
    assert derived(make(codes), other(codes)) == {}
    assert len(derived(make(codes), other(codes), min_frequency=4)) == 1


def test_categories_that_few_rows_hold_may_be():
    codes = np.where(np.arange(N) == 17, 10, np.arange(N) % 10)
    assert derived(text(codes), text(codes, "name")) == {1: 0}


@pytest.mark.parametrize("make", [text, number])
def test_constants_and_columns_of_missing_values_are_left_alone(make):
    assert derived(text(STREET), make(np.zeros(N, dtype=int))) == {}
    assert derived(make(np.zeros(N, dtype=int)), make(np.ones(N, dtype=int))) == {}
    assert derived(text(STREET), make(np.full(N, -1)), text(np.full(N, -1))) == {}


@pytest.mark.parametrize("make", [text, number])
def test_many_categories_decide_and_many_numbers_do_not(make):
    codes = np.arange(4000)
    assert derived(make(codes % 100), text(codes % 100 // 7)) == {1: 0}
    assert derived(make(codes % 101), text(codes % 101 // 7)) == ({1: 0} if make is text else {})


def test_missing_values_are_a_category():
    missing = np.where(DISTRICT == 2, -1, DISTRICT)
    assert derived(text(missing), text(DISTRICT // 2)) == {1: 0}  # missing values of the source decide
    assert derived(text(DISTRICT), text(missing, "name")) == {1: 0}  # and may be decided
    assert derived(text(missing), text(missing, "name")) == {1: 0}
    assert derived(number(missing), number(np.where(missing < 0, 0, -1))) == {1: 0}
    some = np.where(RNG.random(N) < 0.3, -1, DISTRICT)
    assert derived(text(DISTRICT), text(some, "name")) == {}
    assert derived(text(some), text(DISTRICT, "name")) == {}


class Table:
    """What an encoder reads of a table."""

    def __init__(self, columns):
        self.columns = columns


# What comes back ------------------------------------------------------------------------------------------------

WITH_MISSING = np.where(DISTRICT == 2, -1, DISTRICT)
RULES = {
    "text": (text(DISTRICT), text(REGION, "name")),
    "a missing value decides": (text(WITH_MISSING), text(DISTRICT, "name")),
    "a missing value is decided": (text(DISTRICT), text(WITH_MISSING, "name")),
    "whole numbers": (text(DISTRICT), number(REGION)),
    "whole numbers with missing values": (text(DISTRICT), number(WITH_MISSING)),
    "floats": (text(DISTRICT), Column("f", "numeric", REGION * np.pi, np.zeros(N, dtype=bool))),
    "of a number": (number(DISTRICT), text(REGION, "name")),
    "of a number with missing values": (number(WITH_MISSING), text(DISTRICT // 2, "name")),
    "of a float": (Column("f", "numeric", DISTRICT * np.pi, np.zeros(N, dtype=bool)), text(REGION, "name")),
    "categories of all kinds": (
        text(DISTRICT),
        Column("k", "categorical", np.array([True, 2, 2.5, "a", b"b", None, "c", 7], dtype=object)[DISTRICT],
               DISTRICT == 5),
    ),
}
each = pytest.mark.parametrize("source, column", RULES.values(), ids=RULES)


def by_level(values, missing):
    """Values as a list, None if missing."""
    return [None if is_missing else value for value, is_missing in zip(values.tolist(), missing, strict=True)]


@each
@pytest.mark.parametrize("again", [False, True], ids=["fitted", "from a file"])
def test_any_row_keeps_to_the_rule(source, column, again):
    table = Table([source, column, text(OTHER, "other")])
    encoder = TableEncoder(min_frequency=5).fit(table)
    assert [type(c) is DerivedColumn for c in encoder.columns_] == [False, True, False]
    if again:
        state = _json_tree.decode(*_json_tree.encode(encoder.get_state()))
        encoder = TableEncoder.from_state(state)
    rule = dict(zip(by_level(source.values, source.missing), by_level(column.values, column.missing), strict=True))
    rows = np.random.default_rng(1).uniform(-1, 1, (3000, encoder.spec_.width)).astype(np.float32)
    rows[0], rows[1] = -1, 1
    given = encoder.decode(rows)
    decided, deciding = by_level(*given[1]), by_level(*given[0])
    assert decided == [rule[value] for value in deciding]
    assert [type(value) for value in decided] == [type(rule[value]) for value in deciding]
    assert given[1][0].dtype == column.values.dtype and set(deciding) == set(rule)


@each
def test_training_rows_come_back_and_say_nothing_in_the_derived_column(source, column):
    table = Table([text(OTHER, "other"), source, column])
    encoder = TableEncoder(min_frequency=5).fit(table)
    assert type(encoder.columns_[2]) is DerivedColumn and encoder.columns_[2].pieces == []
    alone = TableEncoder(min_frequency=5, derive=False).fit(Table([source]))
    assert encoder.spec_.width == 5 + alone.spec_.width
    rows = encoder.encode(table).middle().numpy()
    for one, (values, missing) in zip(table.columns, encoder.decode(rows), strict=True):
        assert by_level(values, missing) == by_level(one.values, one.missing)
    features = encoder.features(table)
    assert (features[:, 2] == 0).all() and not encoder.ordered_[2]
    np.testing.assert_array_equal(encoder.row_features(rows), features)


def test_nothing_is_derived_where_that_is_not_wanted():
    table = Table([text(DISTRICT), number(DISTRICT)])
    for derive, kind in ((True, DerivedColumn), (False, NumericColumn)):
        encoder = TableEncoder(min_frequency=5, derive=derive).fit(table)
        assert [type(column) for column in encoder.columns_] == [CategoricalColumn, kind]


def test_targets_are_never_derived():
    y = pd.DataFrame({"code": [f"{code}" for code in DISTRICT], "name": [f"name {code}" for code in DISTRICT]})
    assert len(derived(*read_table(y).columns)) == 1
    encoder = ConditionEncoder(target_type="auto", min_frequency=5).fit(read_target(y))
    assert [type(column) for column in encoder.encoder_.columns_] == [CategoricalColumn, CategoricalColumn]


def test_the_state_is_all_there_is():
    encoder = DerivedColumn(number(WITH_MISSING), text(DISTRICT), 3)
    assert encoder.get_state().keys() == set(DerivedColumn.STATE)
    again = DerivedColumn.from_state(encoder.get_state())
    values, missing = text(DISTRICT).values, np.zeros(N, dtype=bool)
    rows = np.empty((N, 0))
    for a, b in zip(again.derive(rows, (values, missing)), encoder.derive(rows, (values, missing))):
        np.testing.assert_array_equal(a, b)
    assert again.position == 3 and again.pieces == []


def with_exceptions():
    """A name that its district decides, but for a few rows with another one, a missing one, and one of its own."""
    codes = np.concatenate([DISTRICT] * 10)
    other = codes // 2
    other[[3, 1003, 2003]] = [(other[3] + 1) % 4, -1, 9]
    return text(codes), text(other, "name")


@pytest.mark.parametrize("again", [False, True], ids=["fitted", "from a file"])
def test_rows_with_exceptions_come_back(again):
    source, column = with_exceptions()
    table = Table([source, column])
    encoder = TableEncoder(min_frequency=5).fit(table)
    if again:
        encoder = TableEncoder.from_state(_json_tree.decode(*_json_tree.encode(encoder.get_state())))
    assert type(encoder.columns_[1]) is DerivedColumn and encoder.spec_.width == 8 + 4
    rows = encoder.encode(table).middle().numpy()
    for one, (values, missing) in zip(table.columns, encoder.decode(rows), strict=True):
        assert by_level(values, missing) == by_level(one.values, one.missing)
    np.testing.assert_array_equal(encoder.row_features(rows), encoder.features(table))


def test_exceptions_have_their_share():
    encoder = TableEncoder(min_frequency=5).fit(Table(with_exceptions()))
    np.testing.assert_allclose(np.exp(encoder.columns_[1].log_frequencies), [1 - 3 / 6000, *[1 / 6000] * 3])


# Whole samplers -------------------------------------------------------------------------------------------------


def places():
    """A made-up table: a code with missing values and its name, a grade and its points, a date and its weekday."""
    rng = np.random.default_rng(0)
    code, grade, day = rng.integers(6, size=400), rng.integers(4, size=400), rng.integers(5, size=400)
    days = pd.date_range("2024-01-01", periods=5)
    return pd.DataFrame({
        "name": pd.Categorical(np.array(["Aa", "Bo", "Ems", "Ill", "Lek", "Oder"])[code], ordered=True),
        "code": pd.array([[10, 20, 30, 40, 50, None][i] for i in code], dtype="Int64"),
        "grade": np.array(["a", "b", "c", None], dtype=object)[grade],
        "points": np.array([9.5, 7.25, 0.0, np.nan], dtype=np.float32)[grade],
        "day": days[day],
        "weekday": pd.array(np.array(["Mo", "Tu", "We", "Th", "Fr"])[day], dtype="string"),
        "late": np.array([False, False, False, True, True])[day],
        "amount": rng.normal(size=400),
    })


@pytest.mark.parametrize("refine", [False, True])
@pytest.mark.parametrize("conditional", [False, True])
def test_every_sampled_row_keeps_to_the_rules(tmp_path, refine, conditional):
    X = places()
    chosen = {"max_iter": 2, "hidden_layer_sizes": (8,), "refine": refine, "random_state": 0}
    if conditional:
        sampler = ConditionalGANSampler(**chosen).fit(X, np.arange(400) % 2)
        drawn, _ = sampler.sample(1500)
    else:
        sampler = GANSampler(**chosen).fit(X)
        drawn = sampler.sample(1500)
        assert np.isfinite(sampler.score_samples(X)).all()
    kinds = [type(column) is DerivedColumn for column in sampler._model.encoder.columns_]
    assert kinds == [False, True, False, True, True, False, True, False]
    assert drawn.dtypes.equals(X.dtypes)
    for pair in (["name", "code"], ["grade", "points"], ["weekday", "day"], ["weekday", "late"]):
        held, given = (set(frame[pair].astype(str).itertuples(index=False)) for frame in (X, drawn))
        assert given == held
    skgan.save(sampler, tmp_path / "model")
    assert_same(skgan.load(tmp_path / "model").sample(50, random_state=1), sampler.sample(50, random_state=1))
