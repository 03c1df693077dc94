"""When callbacks that write files do so; the run and its clock are the test's."""

from types import SimpleNamespace

import pytest

from skgan.callbacks import _file_watcher
from skgan.callbacks._file_watcher import FileWatcher


class Slow(FileWatcher):
    """Takes a second of the test's clock each time."""

    def __init__(self, clock, every):
        self.clock, self.every, self.steps = clock, every, []

    def jobs(self):
        return {"every": self.write}

    def begin(self, run):
        self.write(run)

    def write(self, run):
        self.clock.now += 1.0
        self.steps.append(run.n_iter)


class Clock:
    now = 0.0

    def monotonic(self):
        return self.now


def play(watcher, clock, *, max_iter, seconds=None, n_steps=None):
    """Steps of a second each, of a run that `seconds` or `max_iter` end; returns the steps of the watcher."""
    run = SimpleNamespace(n_iter=0, max_iter=max_iter, progress=0.0)
    watcher.on_run_begin(run)
    while run.n_iter < (n_steps or max_iter) and (seconds is None or clock.now < seconds):
        watcher.on_step_begin(run)
        by_time = 0.0 if seconds is None else clock.now / seconds
        run.progress = max(run.n_iter / max_iter, by_time)
        clock.now += 1.0
        run.n_iter += 1
        watcher.on_step_end(run)
    watcher.on_run_end(run)
    return watcher.steps


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(_file_watcher, "time", clock)
    return clock


@pytest.mark.parametrize("every, steps", [
    (1, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    (4, [0, 4, 8, 10]),
    (0.1, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    (0.25, [0, 3, 5, 8, 10]),
    (1.0, [0, 10]),
    (0.001, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
])
def test_moments_are_steps_or_shares_of_the_run_and_the_last_step(clock, every, steps):
    assert play(Slow(clock, every), clock, max_iter=10) == steps


def test_a_run_that_ends_early_has_a_last_step_too(clock):
    assert play(Slow(clock, 4), clock, max_iter=10, n_steps=6) == [0, 4, 6]
    assert play(Slow(clock, 4), clock, max_iter=10, n_steps=8) == [0, 4, 8]


@pytest.mark.parametrize("every", [1, 0.01])
def test_a_tenth_of_a_limited_time_is_taken(clock, every):
    steps = play(Slow(clock, every), clock, max_iter=10_000, seconds=100)
    # The first and the last time come in addition.
    assert len(steps) == 11 and clock.now == pytest.approx(100, abs=2)


def test_rare_moments_of_a_limited_time_are_all_kept(clock):
    assert len(play(Slow(clock, 0.2), clock, max_iter=10_000, seconds=100)) == 6
