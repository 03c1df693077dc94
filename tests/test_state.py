"""Rules of what a part of a file may be: what they allow, and what they say of the rest."""

import numpy as np
import pytest

from skgan._state import (
    Array,
    Categories,
    Flag,
    ListOf,
    Maybe,
    Number,
    Part,
    Stateful,
    Text,
    Whole,
    Word,
    ascends,
    demand,
    inside,
)
from skgan.exceptions import BrokenFileError

NAN, INF = float("nan"), float("inf")
FLOATS = Array("f", (None, 2), 0, 1)

# (rule, what it allows, what it refuses)
RULES = {
    "whole": (Whole(1, 3), [1, 3, np.int64(2)], [0, 4, True, 1.0, "1", None, NAN]),
    "number": (Number(0, 1), [0, 0.5, 1.0, np.float32(1)], [-0.1, 1.1, NAN, INF, True, "0", None, 1j]),
    "any number": (Number(), [-1e99, 0], [1e101, INF, -INF, NAN]),
    "flag": (Flag(), [True, False], [0, 1, None, "True", np.True_]),
    "word": (Word(("a", "b")), ["a"], ["c", "", None, 0, ["a"]]),
    "text": (Text(), ["", "a"], [b"a", None, 1]),
    "maybe": (Maybe(Whole()), [None, 0], [-1, "x", NAN]),
    "list": (ListOf(Whole(), 1, 2), [[1], (1, 2)], [[], [1, 2, 3], [-1], [None], None, {1: 1}, "12"]),
    "categories": (
        Categories(),
        [[], ["a", 1, b"a", (1,)]],
        [["a", "a"], [1, True], [None], [NAN], [[]], ("a",), None],
    ),
    "array": (
        FLOATS,
        [np.zeros((3, 2)), np.zeros((0, 2)), np.ones((1, 2), "f4")],
        [np.zeros((3, 1)), np.zeros(2), np.full((1, 2), NAN), np.full((1, 2), 1.5), np.zeros((1, 2), int), [[0.0, 1]]],
    ),
    "bools": (Array("b", (2,)), [np.array([True, False])], [np.array([0, 1]), np.array([True])]),
    "wide array": (Array("f", (None,), -1e100, 1e100), [np.ones(2, "f4")], [np.array([INF], "f4"), np.array([1e101])]),
}


@pytest.mark.parametrize("rule, allowed, refused", RULES.values(), ids=RULES)
def test_rules(rule, allowed, refused):
    for value in allowed:
        got = rule.read("it", value)
        assert type(got) is type(value)
        np.testing.assert_equal(got, value)
        np.testing.assert_equal(rule.state_of(got), value)
    for value in refused:
        with pytest.raises(BrokenFileError, match=r"^it(\[\d\])? must be (a|an|one|text|True|None)\b"):
            rule.read("it", value)


class Pair(Stateful):
    STATE = {"low": Number(), "high": Number()}

    def __init__(self, low, high):
        self.low, self.high = low, high

    def complete(self):
        demand(self.low <= self.high, "low", "be at most high")
        self.width = self.high - self.low


class Pairs(Stateful):
    STATE = {"pairs": ListOf(Part(Pair)), "last": Maybe(Part(Pair))}


def test_parts_within_parts_come_back():
    pairs = Pairs()
    pairs.pairs, pairs.last = [Pair(0, 1), Pair(2, 5)], None
    state = pairs.get_state()
    assert state == {"pairs": [{"low": 0, "high": 1}, {"low": 2, "high": 5}], "last": None}
    again = Pairs.from_state(state)
    assert [pair.width for pair in again.pairs] == [1, 3]
    assert again.last is None


@pytest.mark.parametrize("state, words", [
    ({"pairs": []}, "Pairs: last must be there"),
    ({"pairs": [{"low": 0, "high": 1}, {"low": 2, "high": 1}], "last": None},
     r"Pairs: pairs\[1\]: Pair: low must be at most high"),
    ({"pairs": [], "last": {"low": "a", "high": 1}}, "Pairs: last: Pair: low must be a number from .*, not 'a'"),
    ({"pairs": [], "last": 3}, "Pairs: last: Pair: its state must be a dict, not 3"),
    ([], r"Pairs: its state must be a dict, not \[\]"),
])
def test_errors_name_the_part_and_the_rule(state, words):
    with pytest.raises(BrokenFileError, match=f"^{words}"):
        Pairs.from_state(state)


@pytest.mark.parametrize("error", [KeyError("a"), OverflowError("b"), RuntimeError("c"), ValueError("d")])
def test_what_crafted_content_raises_is_an_error_of_the_file(error):
    with pytest.raises(BrokenFileError, match=f"^part: {type(error).__name__}: ") as caught, inside("part"):
        raise error
    assert caught.value.__cause__ is error


def test_other_errors_pass():
    with pytest.raises(ImportError), inside("part"):
        raise ImportError("polars")


def test_ascends():
    assert ascends(np.array([0, 1, 1])) and not ascends(np.array([0, 1, 1]), strictly=True)
    assert ascends(np.array([[0, 1], [5, 6]]), strictly=True) and not ascends(np.array([[0, 1], [6, 5]]))
    assert ascends(np.array([])) and ascends(np.array([3], np.uint8))
    assert not ascends(np.array([200, 100], np.uint8)) and not ascends(np.array([0, np.nan]))
