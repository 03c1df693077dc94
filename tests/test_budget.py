"""The time of a fit, by a clock that is moved by hand."""

import math
import sys

import pytest

import skgan._budget
from skgan._budget import Budget
from skgan._warnings import inside_search, warn


class Clock:
    now = 100.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(skgan._budget, "time", clock)
    return clock


def test_without_a_limit_there_is_always_time():
    budget = Budget()
    assert budget.allows(1e9)
    assert budget.left() == math.inf and budget.deadline(0.5) is None and budget.rows_affordable(3) == math.inf


def test_preparation_counts_and_what_is_left_is_shared(clock):
    budget = Budget(10.0)
    clock.now += 4.0
    assert budget.left() == pytest.approx(6.0)
    # 80 % of the six seconds that are left from now on.
    assert budget.deadline(0.8) == pytest.approx(104.0 + 4.8)
    assert budget.rows_affordable(500) == pytest.approx(3000)
    assert budget.allows(6.0) and not budget.allows(6.1)
    clock.now += 8.0
    assert not budget.allows(0.0) and budget.left() == pytest.approx(-2.0) and budget.deadline(0.8) < clock.now


def test_a_warning_points_at_the_first_line_outside():
    # The code of a module of ours, which is called from here.
    inner = {"__name__": "skgan.somewhere", "warn": warn}
    exec("def one():\n    two()\ndef two():\n    warn('look here')", inner)
    with pytest.warns(UserWarning, match="look here") as caught:
        inner["one"](); line = sys._getframe().f_lineno  # noqa: E702
    assert (caught[0].filename, caught[0].lineno) == (__file__, line)


@pytest.mark.parametrize("module, inside", [("sklearn.model_selection._search", True), ("sklearn.pipeline", False)])
def test_a_search_is_known_by_its_module(module, inside):
    caller = {"__name__": module, "function": lambda: inside_search()}
    exec("def call():\n    return function()", caller)
    assert caller["call"]() is inside and inside_search() is False
