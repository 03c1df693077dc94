"""New identifiers: distinct, none of training, by the pattern, the same for the same random generator."""

import itertools
import re
import uuid

import numpy as np
import pandas as pd
import pytest
from identifier_columns import IDENTIFIERS, UNCERTAIN, N, digits, words

from skgan._identifiers import _distinct, find_identifier
from skgan._identifiers._distinct import Distinct
from skgan._identifiers._layouts import Layouts, learn_layouts
from skgan._identifiers._numbers import CountedTexts, SequentialNumbers

CASES = [(values, pattern) for values, _, pattern in IDENTIFIERS.values()]
ALL = [*(values for values, _ in CASES), *UNCERTAIN.values()]
NAMES = [*IDENTIFIERS, *UNCERTAIN]


def new(values, n, seed=0, name=None, **kwargs):
    """New values of the identifiers that `values` are."""
    return find_identifier(values, name).generate(n, np.random.default_rng(seed), **kwargs)


def plain(values):
    return set(pd.Series(values).dropna().tolist())


@pytest.mark.parametrize("values", ALL, ids=NAMES)
def test_new_values_are_distinct_and_none_of_training(values):
    got = new(values, 1000)
    assert got.shape == (1000,)
    assert len(set(got.tolist())) == 1000
    assert not plain(got) & plain(values)


@pytest.mark.parametrize("values, pattern", CASES, ids=IDENTIFIERS)
def test_new_values_have_the_pattern(values, pattern):
    strange = [value for value in map(str, new(values, 300).tolist()) if not re.fullmatch(pattern, value)]
    assert not strange


@pytest.mark.parametrize("values", ALL, ids=NAMES)
def test_the_first_values_of_a_long_call_are_those_of_a_short_one(values):
    found = find_identifier(values)
    long = found.generate(1500, np.random.default_rng(0)).tolist()
    for n in (1, 2, 255, 256, 257, 1000):
        assert found.generate(n, np.random.default_rng(0)).tolist() == long[:n]


@pytest.mark.parametrize("values", ALL, ids=NAMES)
def test_new_values_depend_on_the_seed_alone(values):
    np.random.seed(1)
    first = new(values, 50, seed=1).tolist()
    np.random.seed(2)
    assert first == new(values, 50, seed=1).tolist()
    counts = isinstance(find_identifier(values).maker, SequentialNumbers | CountedTexts)
    assert counts == (first == new(values, 50, seed=2).tolist())


@pytest.mark.parametrize("values", ALL, ids=NAMES)
def test_taken_values_are_avoided(values):
    before = new(values, 20)
    got = new(values, 20, taken=before[::2])
    assert not plain(before[::2]) & plain(got)
    assert got.tolist()[:10] == before[1::2].tolist()


def test_taken_may_be_any_array_like():
    mails = [f"{word}@firm.de" for word in words(8, 100)]
    first, second = new(mails, 2).tolist()
    for taken in ([first], (first,), {first}, pd.Series([first, None]), np.array([first])):
        assert new(mails, 1, taken=taken).tolist() == [second]
    for taken in ([100], np.array([100.0]), pd.array([100, None], dtype="Int64")):
        assert new(np.arange(100), 1, taken=taken).tolist() == [101]


def test_sequences_continue():
    assert new(np.arange(1, N + 1), 3).tolist() == [N + 1, N + 2, N + 3]
    assert new(np.arange(N) * 5, 3).tolist() == [5 * N, 5 * N + 5, 5 * N + 10]
    assert new([f"AB-{i:03d}" for i in range(998)], 4).tolist() == ["AB-998", "AB-999", "AB-1000", "AB-1001"]
    assert new([f"u{i}x" for i in range(95)], 7).tolist()[-3:] == ["u99x", "u100x", "u101x"]


def test_sequences_at_the_end_of_64_bits_continue_below():
    got = new(np.arange(2**63 - 103, 2**63 - 3), 5)
    assert got.dtype == np.int64
    assert got.tolist() == [2**63 - 3, 2**63 - 2, 2**63 - 1, 2**63 - 104, 2**63 - 105]


@pytest.mark.parametrize("dtype", ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", ">i4"])
def test_numbers_have_the_dtype_of_the_column(dtype):
    got = new(np.arange(60).astype(dtype), 10)
    assert got.dtype == np.dtype(dtype).newbyteorder("=")
    assert got.tolist() == list(range(60, 70))


@pytest.mark.parametrize("dtype, wider", [("i1", "i4"), ("u1", "i4"), ("i2", "i4"), ("f2", "f4")])
def test_a_wider_dtype_is_used_where_numbers_need_it(dtype, wider):
    got = new(np.arange(100).astype(dtype), 40_000)
    assert got.dtype == np.dtype(wider)
    np.testing.assert_array_equal(got, np.arange(100, 40_100))


def test_other_types_are_kept():
    assert all(type(value) is uuid.UUID for value in new(IDENTIFIERS["UUID objects"][0], 5))
    assert all(type(value) is int for value in new(IDENTIFIERS["Python numbers"][0], 5))
    assert new(IDENTIFIERS["Python numbers"][0], 5).dtype == object
    texts = IDENTIFIERS["padded"][0]
    assert new(texts, 5).dtype == object and all(type(value) is str for value in new(texts, 5))
    assert new(np.array(texts), 5).dtype == np.dtype("<U8")
    assert new(pd.Series(texts, dtype="string"), 5).dtype == object


def test_uuids_keep_version_and_variant():
    for version in (1, 4, 5):
        values = [uuid.UUID(int=i * 2**90 + 5, version=version) for i in range(100)]
        got = new(values, 100)
        assert {(value.version, value.variant) for value in got} == {(version, uuid.RFC_4122)}


def test_no_domain_of_the_data_is_used():
    for values in ([f"{w}@example-shop.de" for w in words(8)], [f"http://{w}.example.de/{w}" for w in words(8)]):
        assert all(
            re.search(r"[@.]example\.(com|org|net)\b", value) or "/example." in value for value in new(values, 99)
        )


def test_a_full_pattern_gets_one_more_digit():
    codes = [f"{letter}{digit}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for digit in range(10)]
    got = new(codes[:-4], 2000, name="id").tolist()
    assert len(set(got)) == 2000 and not set(got) & set(codes[:-4])
    assert all(re.fullmatch(r"[A-Z]\d{1,3}", value) for value in got)
    lengths = list(map(len, got))
    assert lengths == sorted(lengths)


def test_full_numbers_get_one_more_digit():
    numbers = np.random.default_rng(0).permutation(np.arange(0, 100, 3))
    got = new(numbers, 2000, name="id")
    assert len(np.unique(got)) == 2000 and not set(got.tolist()) & set(numbers.tolist())
    assert got.max() < 10_000


def test_layouts_are_drawn_by_their_frequencies():
    values = [f"A-{d}" if i % 4 else f"BC/{d}" for i, d in enumerate(digits(6))]
    share = np.mean([value.startswith("A-") for value in new(values, 4000)])
    assert abs(share - 0.75) < 0.03


def test_a_rare_large_layout_does_not_slow_down_a_frequent_small_one():
    values = [f"{letter}{i}" for letter in "ABCDEFGHIJ" for i in range(10)] * 9 + [f"X-{d}" for d in digits(9, 30)]
    maker = Layouts(*learn_layouts(values)[:2])
    drawn = itertools.islice(maker.candidates(np.random.default_rng(0)), 20)
    texts = list(itertools.chain.from_iterable(drawn))
    assert len(set(texts)) > len(texts) / 4
    assert 10_000 < len(texts) < 100_000


def test_characters_of_a_pattern_are_uniform():
    got = new([f"X{d}" for d in digits(8)], 10_000)
    counts = np.array([[value[j] == str(digit) for value in got] for j in (1, 8) for digit in range(10)]).sum(axis=1)
    assert (np.abs(counts - 1000) < 150).all()


@pytest.mark.parametrize("make", [
    lambda n: np.arange(n),
    lambda n: np.random.default_rng(0).choice(10**9, n, replace=False),
    lambda n: [f"AB-{i:07d}" for i in range(n)],
    lambda n: [f"4{i:015d}" for i in np.random.default_rng(0).integers(0, 10**15, n)],
    lambda n: [f"{i:032x}" for i in range(10**30, 10**30 + n)],
    lambda n: [f"name{i}@firm.de" for i in range(n)],
], ids=["rows", "numbers", "counted", "cards", "hexadecimal", "e-mail"])  # fmt: skip
def test_100_000_values(make):
    values = make(100_000)
    found = find_identifier(values)
    got = found.generate(100_000, np.random.default_rng(0))
    assert len(set(got.tolist())) == 100_000
    assert not set(got.tolist()) & set(np.asarray(values).tolist())
    assert found.known.hashes.nbytes <= 8 * 100_000


@pytest.mark.parametrize("n", [-1, 1.5, True, None, "3"])
def test_numbers_of_samples_are_checked(n):
    with pytest.raises(ValueError, match="must be a whole number from 0 up"):
        new(np.arange(N), n)


@pytest.mark.parametrize("values", ALL, ids=NAMES)
def test_none_at_all(values):
    assert new(values, 0).shape == (0,)


@pytest.mark.parametrize("values", ALL, ids=NAMES)
def test_values_that_are_taken_in_parts_are_those_of_one_call(values):
    found = find_identifier(values)
    whole = found.generate(900, np.random.default_rng(4)).tolist()
    stream = found.new(np.random.default_rng(4))
    parts = [stream.take(n).tolist() for n in (0, 1, 299, 600)]
    assert sum(parts, []) == whole
    later = found.new(np.random.default_rng(4))
    later.skip(300)
    assert later.take(600).tolist() == whole[300:]


def test_parts_of_a_pattern_that_gets_longer_are_distinct():
    stream = find_identifier([f"K-{number}" for number in range(100, 999, 3)]).new(np.random.default_rng(0))
    taken = np.concatenate([stream.take(n) for n in (500, 500, 3000)])
    assert len(set(taken.tolist())) == 4000


def test_distinct_hashes_are_found_in_any_run():
    rng = np.random.default_rng(0)
    seen, known = Distinct(), set()
    for size in [1, 5, 300, 7, 2000, 1, 900, 4000]:
        hashes = rng.integers(0, 5000, size).astype(np.uint64)
        is_new = []
        for value in hashes.tolist():
            is_new.append(value not in known)
            known.add(value)
        assert seen.add(hashes).tolist() == is_new
    assert sum(map(len, seen._runs)) == len(known)


def test_hashes_take_8_bytes_each_and_long_runs_are_not_merged(monkeypatch):
    monkeypatch.setattr(_distinct, "MAX_RUN", 1000)
    seen = Distinct()
    for start in range(0, 100_000, 500):
        seen.add(np.arange(start, start + 500, dtype=np.uint64))
    assert sum(run.nbytes for run in seen._runs) == 800_000
    assert max(map(len, seen._runs)) == 1000 and len(seen._runs) == 100


@pytest.mark.parametrize("values", [
    [str(uuid.UUID(int=number * 7919**9 % 2**128, version=4)) for number in range(1, 300)],
    np.arange(5000, 5300),
    [f"AB{number}" for number in range(5000, 5300)],
], ids=["uuids", "counted", "counted texts"])  # fmt: skip
def test_values_that_cannot_repeat_are_not_remembered(values):
    stream = find_identifier(values).new(np.random.default_rng(0))
    assert stream._distinct is None
    assert len(set(stream.take(5000).tolist())) == 5000
