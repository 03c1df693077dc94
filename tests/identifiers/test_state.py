"""The state of an identifier: through JSON and back; no training value in it; crafted ones are refused."""

import json

import numpy as np
import pandas as pd
import pytest
from identifier_columns import IDENTIFIERS, UNCERTAIN

from skgan._identifiers import Identifier, find_identifier
from skgan._identifiers._known import Known
from skgan._json_tree import decode, encode
from skgan.exceptions import BrokenFileError

COLUMNS = {**{key: values for key, (values, *_) in IDENTIFIERS.items()}, **UNCERTAIN}


def written(identifier):
    tree, arrays = encode(identifier.get_state())
    return json.dumps(tree), arrays


@pytest.mark.parametrize("values", COLUMNS.values(), ids=COLUMNS)
def test_a_state_survives_json(values):
    found = find_identifier(values)
    text, arrays = written(found)
    read = Identifier.from_state(decode(json.loads(text), arrays))
    assert (read.name, read.certain, repr(read)) == (found.name, found.certain, repr(found))
    before, after = (each.generate(50, np.random.default_rng(3)) for each in (found, read))
    assert before.dtype == after.dtype
    assert before.tolist() == after.tolist()


@pytest.mark.parametrize("values", COLUMNS.values(), ids=COLUMNS)
def test_no_training_value_stands_in_a_state(values):
    text, arrays = written(find_identifier(values))
    # A sequence tells its smallest and largest number.
    training = sorted(pd.Series(values).dropna().astype(str))
    assert not [value for value in training[1:-1] if f'"{value}"' in text]
    assert sum(array.nbytes for array in arrays) <= 8 * len(training) + 500


def test_known_refuses_all_training_values_and_few_others():
    known = Known([f"a{i}" for i in range(5000)])
    assert known.holds([f"a{i}" for i in range(5000)]).all()
    share = known.holds([f"b{i}" for i in range(50_000)]).mean()
    assert 0 < share < 1 / 128


def test_known_of_nothing_holds_nothing():
    assert Known([]).holds(["a", "b"]).tolist() == [False, False]
    assert Known([1, 2]).holds([1, 3]).tolist() == [True, False]


def change(state, path, value):
    *parents, last = path
    for key in parents:
        state = state[key]
    state[last] = value


@pytest.mark.parametrize("column, path, value, message", [
    ("padded", ("certain",), 1, "certain must be True or False"),
    ("padded", ("maker",), {"maker": "magic"}, "maker must be a dict whose 'maker' is one of"),
    ("padded", ("maker",), None, "maker must be a dict"),
    ("padded", ("maker", "width"), 10**9, "width must be a whole number from 0 to 100"),
    ("padded", ("form", "kind"), "object numbers", "maker must make what the form holds"),
    ("padded", ("form", "kind"), "uuids", "badly formed"),
    ("padded", ("form", "dtype"), "i8", "dtype must fit the kind"),
    ("row numbers", ("maker", "step"), 0, "step must be a whole number from 1"),
    ("row numbers", ("maker", "lowest"), 10**6, "lowest must be at most highest"),
    ("row numbers", ("form", "dtype"), "M8", "dtype must be one of"),
    ("eight digits", ("maker", "high"), 5, "low must be at most high"),
    ("eight digits", ("known", "hashes"), np.array([3, 1], np.uint32), "hashes must ascend"),
    ("eight digits", ("known", "hashes"), np.array([2**31], np.uint32), "hashes must have n_bits bits"),
    ("cards", ("maker", "layouts"), [["4", ""]], "layouts must have characters"),
    ("cards", ("maker", "layouts"), [], "layouts must be a list of 1 to"),
    ("cards", ("maker", "weights"), np.array([0.5, 0.5]), "weights must be as many as layouts"),
    ("cards", ("maker", "weights"), np.array([0.5]), "weights must add up to 1"),
    ("IP", ("maker", "low"), np.array([10, 0, 99, 300]), "low must be an array"),
    ("e-mail", ("maker", "case"), "Title", "case must be one of"),
])  # fmt: skip
def test_crafted_states_are_refused(column, path, value, message):
    state = find_identifier(COLUMNS[column]).get_state()
    change(state, path, value)
    with pytest.raises(BrokenFileError, match=message):
        Identifier.from_state(state)
