"""Progress: a bar, a line that is written anew, or lines in a log; its clock and its screen are the test's."""

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
import torch

from skgan import GANSampler
from skgan.callbacks import Progress, _progress, _screen
from skgan.training import Scores


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


class FakeBar:
    """What tqdm is asked for."""

    def __init__(self, **options):
        self.options, self.n, self.shown, self.closed = options, 0, [], False
        self.bar_format = options["bar_format"]
        FakeBar.last = self

    def refresh(self):
        self.shown.append((self.n, self.bar_format))

    def close(self):
        self.closed = True


@pytest.fixture
def tqdm(monkeypatch):
    module = ModuleType("tqdm.auto")
    module.tqdm = FakeBar
    FakeBar.last = None
    monkeypatch.setitem(sys.modules, "tqdm.auto", module)
    return FakeBar


@pytest.fixture
def no_tqdm(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(_screen, "in_terminal", lambda: True)


@pytest.fixture
def notebook(monkeypatch):
    IPython = ModuleType("IPython")
    IPython.get_ipython = lambda: SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", IPython)


def at(n_iter, losses=None, max_iter=30, progress=None):
    """A run at a step."""
    progress = n_iter / max_iter if progress is None else progress
    return SimpleNamespace(n_iter=n_iter, max_iter=max_iter, losses=losses, progress=progress, scores=Scores())


def run(clock, verbose, n_steps=30, seconds=1.0):
    """Read for 3 seconds, train for steps of so many seconds each, refine for 5 seconds."""
    progress = Progress(verbose)
    progress.reading()
    clock.now += 3
    progress.on_run_begin(at(0))
    for n_iter in range(1, n_steps + 1):
        clock.now += seconds
        progress.on_step_end(at(n_iter, {"generator": torch.tensor(n_iter / 8), "discriminator": torch.tensor(0.5)}))
    progress.on_run_end(at(n_steps))
    clock.now += 5
    progress.end(at(n_steps), refined=True)
    progress.close()


def test_a_log_has_a_line_every_ten_seconds_and_one_at_the_end(clock, tqdm, capsys):
    run(clock, 1)
    assert capsys.readouterr() == ("", "".join(f"skgan: {line}\n" for line in (
        "training 7%, 28 s left, step 2, generator loss 0.250, discriminator loss 0.500",
        "training 40%, 18 s left, step 12, generator loss 1.500, discriminator loss 0.500",
        "training 73%, 8.0 s left, step 22, generator loss 2.750, discriminator loss 0.500",
        "fitted in 38 s: 30 steps, refined",
    )))
    assert tqdm.last is None


def test_a_terminal_has_a_bar_that_is_gone_at_the_end(clock, tqdm, terminal, capsys):
    run(clock, 1)
    bar = tqdm.last
    assert bar.options["total"] == 100 and bar.options["file"] is sys.stderr and not bar.options["leave"] and bar.closed
    assert [round(n / 100 * 30) for n, _ in bar.shown] == [*range(2, 31), 30]
    bars = [form.replace("{percentage:3.0f}%|{bar}|", "%") for _, form in bar.shown]
    assert bars[0] == "skgan: training % 28 s left, step 2, generator loss 0.250, discriminator loss 0.500"
    # Losses are read every ten seconds, all else is shown at once.
    assert bars[9] == "skgan: training % 19 s left, step 11, generator loss 0.250, discriminator loss 0.500"
    assert bars[-1].startswith("skgan: refining %")
    err = capsys.readouterr().err
    assert err.startswith("skgan: reading") and err.endswith("skgan: fitted in 38 s: 30 steps, refined\n")
    assert err.count("\n") == 1


@pytest.mark.parametrize(("verbose", "n_read"), [(1, 3), (True, 3), (2, 29), (5, 29)])
def test_losses_are_read_every_ten_seconds_or_every_second(clock, tqdm, terminal, verbose, n_read):
    read = []

    class Loss:
        def __float__(self):
            read.append(self)
            return 0.5

    progress = Progress(verbose)
    progress.on_run_begin(at(0))
    for n_iter in range(1, 31):
        clock.now += 1
        progress.on_step_end(at(n_iter, {"generator": Loss()}))
    assert len(read) == n_read


def test_without_tqdm_one_line_is_written_anew(clock, no_tqdm, terminal, capsys):
    run(clock, 1)
    out, err = capsys.readouterr()
    shown = err.split("\r")
    assert out == "" and shown[0] == "skgan: reading" and shown[1].startswith("skgan: training 7%, 28 s left, step 2")
    assert shown[-2].rstrip() == "skgan: refining" and shown[-1].rstrip() == "skgan: fitted in 38 s: 30 steps, refined"
    assert err.count("\n") == 1 and {len(line.rstrip("\n")) for line in shown[1:]} == {79}


@pytest.mark.parametrize("installed", ["tqdm", "no_tqdm"])
def test_a_notebook_has_nothing_on_stderr(clock, notebook, capsys, installed, request):
    bar = request.getfixturevalue(installed)
    run(clock, 1)
    out, err = capsys.readouterr()
    assert err == "" and out.endswith("fitted in 38 s: 30 steps, refined" + " " * 39 + "\n") or bar
    assert bar is None or bar.last.options["file"] is sys.stdout


def test_under_max_time_the_share_is_of_the_time(clock, capsys):
    progress = Progress(1)
    progress.on_run_begin(at(0, max_iter=10**9))
    clock.now += 15
    progress.on_step_end(at(40, {}, max_iter=10**9, progress=0.25))
    assert capsys.readouterr().err == "skgan: training 25%, 45 s left, step 40\n"


def test_a_continued_run_is_timed_by_what_it_did_itself(clock, capsys):
    progress = Progress(1)
    progress.on_run_begin(at(60, max_iter=100))
    clock.now += 10
    progress.on_step_end(at(80, {}, max_iter=100))
    assert capsys.readouterr().err == "skgan: training 80%, 10 s left, step 80\n"


@pytest.mark.parametrize(("seconds", "says"), [
    (0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (10, "10 s"),
    (59.6, "1 min 00 s"), (61, "1 min 01 s"), (3_700, "1 h 01 min"),
])
def test_durations(seconds, says):
    assert _progress._duration(seconds) == says


def test_without_verbose_there_is_nothing(clock, tqdm, terminal, capsys):
    for verbose in (0, False):
        run(clock, verbose)
    assert tqdm.last is None
    assert capsys.readouterr() == ("", "")


def test_no_loss_is_read_before_it_is_shown(clock, tqdm, terminal):
    class Unread:
        def __float__(self):
            raise AssertionError("reading a loss waits for the device")

    progress = Progress(1)
    progress.on_run_begin(at(0))
    clock.now += 1.9
    progress.on_step_end(at(1, {"generator": Unread()}))
    assert tqdm.last is None


def test_the_real_bar(terminal, capsys):
    pytest.importorskip("tqdm")
    bar = _screen.screen()
    bar.show("training", 0.5, "3 s left, {odd}")
    bar.show("refining", None, "")
    bar.say("over")
    shown = capsys.readouterr().err
    assert "skgan: training  50%|" in shown and "3 s left, {odd}" in shown and "skgan: refining  50%|" in shown
    assert shown.endswith("over\n") and shown.count("\n") == 1


def test_a_fit_says_what_it_did(capsys):
    X = np.random.default_rng(0).normal(size=(60, 2))
    for refine, word in ((True, "refined"), (False, "not refined")):
        GANSampler(max_iter=2, refine=refine, random_state=0, verbose=1).fit(X)
        last = capsys.readouterr().err.splitlines()[-1]
        assert last.startswith("skgan: fitted in ") and last.endswith(f" s: 2 steps, {word}")


def test_a_fit_that_fails_leaves_no_unfinished_line(tqdm, terminal, capsys):
    with pytest.raises(ValueError):
        GANSampler(verbose=1).fit(np.zeros((0, 2)))
    shown = capsys.readouterr().err
    assert shown.startswith("skgan: reading\r") and shown.endswith(" \r") and tqdm.last is None
