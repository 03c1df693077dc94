"""Scores of a run: when they no longer improve, which networks were the best, and a run that is shortened."""

import copy
import math

import pytest
import torch
from two_numbers import TwoNumbers, make_run

from skgan.training import Scores

N, TOL = 3, 0.01


class At:
    """Does something with a run after a step."""

    def __init__(self, step, do):
        self.step, self.do = step, do

    def on_step_end(self, run):
        if run.n_iter == self.step:
            self.do(run)

    def on_step_begin(self, run):
        """Nothing."""

    on_run_begin = on_run_end = on_step_begin


SHORTEN = At(40, lambda run: run.finish_early(20))


def scores_of(values):
    scores = Scores()
    for step, value in enumerate(values, start=1):
        module = torch.nn.Linear(1, 1)
        torch.nn.init.constant_(module.weight, step)
        scores.add(step, step / 10, value, N, TOL, lambda module=module: {"generator": [module]})
    return scores


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], 0),
        ([0.5], 0),
        # A high score at first is not yet a mean.
        ([0.9, 0.1, 0.1, 0.1], 1),
        ([0.9, 0.1, 0.1, 0.1, 0.9, 0.9], 0),
        ([0.5, 0.5, 0.5, 0.5, 0.5], 2),
        ([0.1, 0.2, 0.3, 0.4], 0),
        # Means of three: .2, .3, .4, .4, .4.
        ([0.1, 0.2, 0.3, 0.4, 0.5, 0.3, 0.4], 2),
        # An improvement below one percent does not count, one above does.
        ([0.5, 0.5, 0.5, 0.502, 0.503], 2),
        ([0.5, 0.5, 0.5, 0.52, 0.54], 0),
        # Scores may be negative, or rise from 0.
        ([-0.5, -0.5, -0.5, -0.4, -0.3], 0),
        ([-0.3, -0.3, -0.3, -0.4, -0.5], 2),
        ([0.0, 0.0, 0.0, 0.3], 0),
    ],
)
def test_means_without_improvement_are_counted(values, expected):
    assert scores_of(values).n_no_change(N, TOL) == expected


def test_only_some_scores_may_count():
    scores = scores_of([0.9, 0.9, 0.9, 0.6, 0.6, 0.6, 0.6, 0.6])
    assert scores.n_no_change(N, TOL) == 5
    # The means that end after step 5 are .6, .6 and .6.
    assert scores.n_no_change(N, TOL, lambda share: share > 0.55) == 2
    assert scores.n_no_change(N, TOL, lambda share: share > 0.8) == 0


def test_the_best_mean_is_kept_with_its_networks():
    scores = scores_of([0.1, 0.5, 0.6, 0.7, 0.2, 0.1, 0.1])
    assert scores.best_iter == 4 and scores.best_mean == pytest.approx(0.6)
    assert scores.best["generator"][0].weight.item() == 4


def test_a_fall_that_is_more_than_chance_ends_with_the_best_networks():
    assert scores_of([0.8, 0.81, 0.8, 0.81, 0.8, 0.4, 0.3, 0.31]).is_behind
    assert not scores_of([0.8, 0.81, 0.8, 0.81, 0.8, 0.79, 0.8, 0.79]).is_behind
    # The means fall by 0.08, but neighbouring scores differ by 0.2.
    noisy = [0.7, 0.9, 0.7, 0.9, 0.6, 0.8, 0.6, 0.8]
    assert not scores_of(noisy).is_behind
    assert scores_of(noisy).kept is None


def test_scores_after_a_step_are_forgotten_but_not_the_best_networks():
    scores = scores_of([0.1, 0.2, 0.9, 0.9, 0.9])
    scores.cut(2)
    assert scores.steps == [1, 2] and scores.shares == [0.1, 0.2] and scores.values == [0.1, 0.2]
    assert scores.best_iter == 5
    scores.cut(0)
    scores.add(1, 0.1, 0.5, N, TOL, dict)
    assert scores.best_iter == 5 and scores.best_mean == pytest.approx(0.9)


def test_scores_go_on_from_their_state():
    scores = scores_of([0.1, 0.5, 0.2])
    again = Scores()
    again.load_state_dict(copy.deepcopy(scores.state_dict()), {"generator": torch.nn.Linear(1, 1)})
    assert again.table.equals(scores.table)
    assert again.best["generator"][0].weight.item() == scores.best["generator"][0].weight.item()
    assert again.is_behind == scores.is_behind and again.best_iter == scores.best_iter


def test_an_early_end_passes_the_whole_schedule():
    """From step 40 of 100 on, 20 steps cover the progress that 60 would have."""
    rates, run = [], make_run(TwoNumbers(), 100, schedule=lambda progress: rates.append(progress) or 1.0)
    run.watchers = [At(40, lambda run: run.finish_early(20))]
    run.play()
    assert run.n_iter == run.max_iter == 60 and run.is_finishing_early
    expected = [step / 100 for step in range(40)] + [0.4 + 0.6 * step / 20 for step in range(20)]
    assert rates == pytest.approx(expected)
    assert len(run.averages["generator"].earlier) == 3


def test_an_end_that_is_not_early_changes_nothing():
    run = make_run(TwoNumbers(), 100, watchers=[At(40, lambda run: run.finish_early(60))]).play()
    assert run.n_iter == 100 and not run.is_finishing_early


@pytest.mark.parametrize("n_steps", [0, -3, 1.5])
def test_an_end_after_no_steps_is_refused(n_steps):
    with pytest.raises(ValueError, match=f"n_steps={n_steps} is not allowed"):
        make_run(TwoNumbers(), 100).finish_early(n_steps)


def test_a_shortened_run_goes_on_from_its_state():
    run = make_run(TwoNumbers(), 100, watchers=[SHORTEN, At(50, lambda run: run.stop())])
    state = copy.deepcopy(run.play().state_dict())
    whole = make_run(TwoNumbers(), 100, watchers=[SHORTEN]).play()
    again = make_run(TwoNumbers(), 100).load_state_dict(state).play()
    assert again.n_iter == whole.n_iter == 60
    assert [player.module.value.item() for player in again.players] == [
        player.module.value.item() for player in whole.players
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("turn", [70, 0.3]),
        ("turn", [10, 1.5]),
        ("turn", [0, 0.0, 0]),
        ("turn", [60, 0.3]),
        ("max_iter", 0),
        ("max_iter", 101),
        ("max_iter", 2.5),
    ],
)
def test_a_state_with_a_wrong_end_is_refused(key, value):
    run = make_run(TwoNumbers(), 100, watchers=[SHORTEN, At(50, lambda run: run.stop())])
    state = run.play().state_dict()
    with pytest.raises(ValueError, match="The state"):
        make_run(TwoNumbers(), 100).load_state_dict({**state, key: value})


@pytest.mark.parametrize(
    "change",
    [
        {"steps": [1, 1, 2]},
        {"steps": [2, 1, 3]},
        {"steps": [1, 2, 999]},
        {"values": [0.5]},
        {"values": [0.5, 0.5, math.nan]},
        {"shares": None},
        {"best": None},
        {"best": None, "best_iter": None, "is_behind": True},
        {"best_iter": None},
        {"best_mean": "0.5"},
        {"is_behind": 1},
        {"best": {"generator": []}},
        {"best": {"generator": [{"value": torch.zeros(2)}], "discriminator": [{"value": torch.zeros(())}]}},
        {"best": {"generator": [{"value": torch.tensor(math.nan)}], "discriminator": [{"value": torch.zeros(())}]}},
    ],
)
def test_a_state_with_wrong_scores_is_refused(change):
    def score(run):
        run.scores.add(run.n_iter, run.n_iter / 10, 0.5, N, TOL, run.snapshot)

    state = make_run(TwoNumbers(), 10, watchers=[At(3, score), At(6, score), At(9, score)]).play().state_dict()
    make_run(TwoNumbers(), 10).load_state_dict(state)
    with pytest.raises(ValueError, match="The state"):
        make_run(TwoNumbers(), 10).load_state_dict({**state, "scores": {**state["scores"], **change}})
