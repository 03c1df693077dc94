"""Progress: a bar where tqdm is installed, else lines."""

import sys
from types import ModuleType, SimpleNamespace

import pytest
import torch

from skgan.callbacks import Progress, _progress


class Clock:
    """A clock that the test sets."""

    def __init__(self):
        self.now = 100.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(_progress, "time", clock)
    return clock


class Bar:
    """What tqdm is asked for."""

    def __init__(self, **options):
        self.options, self.n, self.shown, self.closed = options, 0, [], False
        Bar.last = self

    def update(self, n):
        self.n += n

    def set_postfix(self, values, refresh):
        self.shown.append((self.n, values))

    def close(self):
        self.closed = True


@pytest.fixture
def tqdm(monkeypatch):
    module = ModuleType("tqdm.auto")
    module.tqdm = Bar
    Bar.last = None
    monkeypatch.setitem(sys.modules, "tqdm.auto", module)
    return Bar


@pytest.fixture
def no_tqdm(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)


def at(n_iter, losses=None, max_iter=None):
    """A run at a step."""
    return SimpleNamespace(n_iter=n_iter, max_iter=max_iter, losses=losses)


def run(clock, verbose, n_steps=30, seconds=1.0):
    """Steps of so many seconds each."""
    progress = Progress(verbose)
    progress.on_run_begin(at(0, max_iter=n_steps))
    for n_iter in range(1, n_steps + 1):
        clock.now += seconds
        progress.on_step_end(at(n_iter, {"generator": torch.tensor(n_iter / 8), "discriminator": torch.tensor(0.5)}))
    progress.on_run_end(at(0))


@pytest.mark.parametrize(("verbose", "steps"), [(1, [2, 12, 22]), (True, [2, 12, 22]), (2, list(range(2, 31)))])
def test_the_bar_shows_each_step_and_now_and_then_the_losses(clock, tqdm, capsys, verbose, steps):
    run(clock, verbose)
    bar = tqdm.last
    assert (bar.options["total"], bar.options["delay"]) == (30, 2.0)
    assert bar.n == 30 and bar.closed
    assert [n_iter for n_iter, _ in bar.shown] == steps
    assert bar.shown[0][1] == {"generator loss": "0.250", "discriminator loss": "0.500"}
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("verbose", "steps"), [(1, [2, 12, 22]), (2, list(range(2, 31))), (5, list(range(2, 31)))])
def test_without_tqdm_lines_show_the_losses(clock, no_tqdm, capsys, verbose, steps):
    run(clock, verbose)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "skgan: step 2 of 30, 2 s, generator loss 0.250, discriminator loss 0.500"
    assert [int(line.split()[2]) for line in lines] == steps


def test_without_verbose_there_is_nothing(clock, tqdm, capsys):
    for verbose in (0, False):
        run(clock, verbose)
    assert tqdm.last is None
    assert capsys.readouterr() == ("", "")


def test_no_loss_is_read_before_it_is_shown(clock, tqdm):
    class Unread:
        def __float__(self):
            raise AssertionError("reading a loss waits for the device")

    progress = Progress(1)
    progress.on_run_begin(at(0, max_iter=10))
    clock.now += 1.9
    progress.on_step_end(at(1, {"generator": Unread()}))
    assert tqdm.last.n == 1


def test_the_real_bar(capsys):
    pytest.importorskip("tqdm")
    progress = Progress(2)
    progress.on_run_begin(at(0, max_iter=3))
    # The time before anything is shown is over.
    progress._display._bar.start_t -= 10
    progress._next -= 10
    for n_iter in range(1, 4):
        progress.on_step_end(at(n_iter, {"generator": torch.tensor(0.25)}))
    progress.on_run_end(at(0))
    shown = capsys.readouterr().err
    assert "skgan: 100%" in shown and "3/3" in shown and "generator loss=0.250" in shown


def test_a_short_run_shows_nothing(capsys):
    pytest.importorskip("tqdm")
    progress = Progress(1)
    progress.on_run_begin(at(0, max_iter=3))
    for n_iter in range(1, 4):
        progress.on_step_end(at(n_iter, {"generator": torch.tensor(0.25)}))
    progress.on_run_end(at(0))
    assert capsys.readouterr().err.strip() == ""
