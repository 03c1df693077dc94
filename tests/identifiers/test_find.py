"""Which columns are identifiers, and which are not: known answers."""

import re

import numpy as np
import pandas as pd
import polars as pl
import pytest
from identifier_columns import IDENTIFIERS, NONE, UNCERTAIN, N, digits, uuids, words

from skgan._identifiers import find_identifier


@pytest.mark.parametrize("values, name, pattern", IDENTIFIERS.values(), ids=IDENTIFIERS)
def test_identifiers_are_found(values, name, pattern):
    found = find_identifier(values)
    assert found.certain
    assert name in (None, found.name)


@pytest.mark.parametrize("values", NONE.values(), ids=NONE)
def test_other_columns_are_none(values):
    assert find_identifier(values) is None


@pytest.mark.parametrize("values", UNCERTAIN.values(), ids=UNCERTAIN)
def test_what_could_be_a_quantity_is_uncertain(values):
    assert not find_identifier(values).certain


@pytest.mark.parametrize("column", ["row numbers", "padded", "UUIDs", "UUID objects", "e-mail", "persons", "phones"])
@pytest.mark.parametrize("container", [list, np.array, pd.Series, lambda values: pd.Series(values, dtype=object)])
def test_any_container_and_missing_values_give_the_same_answer(column, container):
    values, name, _ = IDENTIFIERS[column]
    for each in (list(values), [*values, None, None]):
        found = find_identifier(container(each))
        assert found.certain and found.name == name


@pytest.mark.parametrize("values", [
    pd.Series(IDENTIFIERS["padded"][0], dtype="category"),
    pd.Series(IDENTIFIERS["padded"][0], dtype="string"),
    pl.Series(IDENTIFIERS["padded"][0]),
    pl.Series([*IDENTIFIERS["padded"][0], None]),
    np.array(IDENTIFIERS["padded"][0]),
])  # fmt: skip
def test_text_of_any_dtype(values):
    assert find_identifier(values).name == 'the pattern "AB-00000"'


def test_a_few_repeats_are_allowed_from_50_rows_on():
    mails = [f"{word}@firm.de" for word in words(8, 100)]
    assert find_identifier([*mails[:96], *mails[:4]]).certain
    assert find_identifier([*mails[:93], *mails[:7]]) is None
    assert find_identifier([*mails[:12], mails[0]]) is None
    numbers = np.arange(1000)
    assert find_identifier(np.r_[numbers, 5, 5]).certain
    assert find_identifier(np.r_[numbers, numbers[:50]]) is None


def test_a_few_values_without_the_pattern_are_allowed():
    mails = [f"{word}@firm.de" for word in words(8, 100)]
    assert find_identifier([*mails, "none", "unknown"]).name == "e-mail addresses"
    assert find_identifier([*mails, *words(6, 20)]).name != "e-mail addresses"


NUMBERS = np.unique(np.random.default_rng(3).lognormal(10, 1, 300).astype(int))


@pytest.mark.parametrize("name", [
    "id", "ID", "customer_id", "CustomerID", "customer id", "PassengerId", "userid", "id_order", "order no", "Order Nr",
    "account number", "UUID", "ssn",
])  # fmt: skip
def test_names_of_identifiers_make_unique_columns_certain(name):
    found = find_identifier(NUMBERS, name)
    assert found.certain and found.name == "random numbers"
    assert find_identifier(words(3, 60), name) is None or find_identifier(words(3, 60), name).certain
    assert find_identifier(np.repeat(NUMBERS, 2), name) is None
    assert find_identifier(NUMBERS[:5], name).certain
    assert find_identifier(NUMBERS[:4], name) is None


@pytest.mark.parametrize("name", [
    None, 0, ("a", "id"), "", "paid", "income", "number of rooms", "no", "identity", "valid", "population", "id_date",
])  # fmt: skip
def test_other_names_do_not(name):
    assert find_identifier(NUMBERS, name) is None


@pytest.mark.parametrize("name", ["age", "Year", "ageYears", "rank", "price_eur", "zip code"])
def test_names_of_quantities_make_columns_uncertain(name):
    assert find_identifier(np.arange(N)).certain
    assert not find_identifier(np.arange(N), name).certain
    assert not find_identifier(IDENTIFIERS["padded"][0], name).certain


@pytest.mark.parametrize("name", ["customer", "full name", "Patient Name", "author"])
def test_names_of_persons_make_two_words_persons(name):
    values = UNCERTAIN["two words"]
    assert find_identifier(values).name == "unique texts" or not find_identifier(values).certain
    found = find_identifier(values, name)
    assert found.certain and found.name == "names of persons"


def test_a_name_makes_unique_texts_certain():
    values = [a + " " + d for a, d in zip(words(5), digits(3))]
    assert not find_identifier(values).certain
    assert find_identifier(values, "record id").certain


def test_order_matters_for_few_rows_only():
    numbers = np.arange(1, 31)
    assert find_identifier(numbers).certain
    assert find_identifier(numbers[::-1]) is None
    assert find_identifier(np.random.default_rng(0).permutation(60)).certain


def test_repeats_that_must_be_expected_tell_identifiers():
    numbers = np.random.default_rng(0).choice(900_000, 6000, replace=False) + 100_000
    assert find_identifier(numbers).certain
    with_repeats = np.random.default_rng(0).integers(100_000, 10**6, 6000)
    assert len(np.unique(with_repeats)) >= 0.99 * 6000
    assert not find_identifier(with_repeats).certain


def test_matrices_are_refused():
    with pytest.raises(ValueError, match=re.escape("shape (n,), not of shape (3, 2)")):
        find_identifier(np.zeros((3, 2)))


def test_texts_that_no_file_can_hold_are_none():
    lone = [f"\ud800{i}" for i in range(99)]
    assert find_identifier(lone) is None
    assert find_identifier(np.array(lone, dtype=object)) is None
    assert find_identifier(np.array(lone)) is None
    assert find_identifier([f"a\0{i}" for i in range(99)]) is None


def test_numbers_that_are_no_64_bits_are_none():
    assert find_identifier([2**70 + i for i in range(99)], "id") is None
    assert find_identifier([-1, *range(2**63, 2**63 + 99)], "id") is None


def test_uuids_among_other_objects_are_none():
    assert find_identifier([*uuids(n=50), 1, 2]) is None


@pytest.mark.parametrize("share", [1, 0.7, 0.4])
def test_numbers_that_count_are_found_where_rows_are_left_out(share):
    rng = np.random.default_rng(0)
    ids = np.sort(rng.choice(np.arange(100_000, 102_500), 1500, replace=False))
    some = rng.choice(ids, int(share * len(ids)), replace=False)
    found = find_identifier(some, "Customer ID")
    assert found.certain and found.name == "sequential numbers"
    assert min(found.generate(20, rng)) == some.max() + 1


def test_random_numbers_are_not_taken_for_counting_ones():
    some = np.random.default_rng(0).choice(np.arange(100_000, 1_000_000), 270_000, replace=False)
    assert find_identifier(some, "Customer ID").name == "random numbers with 6 digits"
