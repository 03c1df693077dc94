"""HistoryDisplay."""

import numpy as np
import pandas as pd
import pytest
from pictures import Fake
from problems import TINY
from sklearn.datasets import load_iris
from sklearn.exceptions import NotFittedError

from skgan import GANSampler
from skgan.plotting import HistoryDisplay

pytest.importorskip("matplotlib")


def history(n=200):
    rng = np.random.default_rng(0)
    losses = {f"{name}_loss": 1 + 0.1 * rng.normal(size=n) for name in ("discriminator", "generator")}
    return pd.DataFrame({"step": np.arange(1, n + 1), "seconds": np.arange(n) / 50, **losses})


def test_raw_and_smoothed_lines():
    frame = history()
    display = HistoryDisplay.from_history(frame)
    assert display.history is frame
    assert list(display.lines_) == ["discriminator_loss", "generator_loss"]
    raw, smooth, *_ = display.ax_.lines
    assert raw.get_ydata().tolist() == frame["discriminator_loss"].tolist()
    assert raw.get_alpha() < 0.5
    assert np.std(smooth.get_ydata()) < 0.5 * np.std(raw.get_ydata())
    assert [text.get_text() for text in display.ax_.get_legend().texts] == ["discriminator", "generator"]
    assert (display.ax_.get_xlabel(), display.ax_.get_ylabel()) == ("step", "loss")


def test_seconds():
    display = HistoryDisplay.from_history(history(), x="seconds")
    assert display.ax_.lines[0].get_xdata().tolist() == history()["seconds"].tolist()
    assert display.ax_.get_xlabel() == "seconds of training"


def test_a_spike_leaves_the_picture():
    frame = history()
    frame.loc[100, "generator_loss"] = 1e6
    assert HistoryDisplay.from_history(frame).ax_.get_ylim()[1] < 3


def test_frequent_spikes_leave_room_for_the_smoothed_lines():
    """A penalty that is added at every fourth step makes a quarter of the losses large."""
    frame = history()
    frame.loc[::4, "discriminator_loss"] += 10
    display = HistoryDisplay.from_history(frame)
    lines = np.concatenate([line.get_ydata() for line in display.lines_.values()])
    low, high = display.ax_.get_ylim()
    assert low < lines.min() and lines.max() < high and np.ptp(lines) > (high - low) / 4


@pytest.mark.parametrize("n", [0, 1])
def test_short_runs(n):
    display = HistoryDisplay.from_history(history()[:n])
    display.figure_.canvas.draw()
    assert any("no step" in text.get_text() for text in display.ax_.texts) == (n == 0)


def test_losses_that_are_no_numbers():
    frame = history()
    frame.loc[50:, "generator_loss"] = np.nan
    frame.loc[40, "generator_loss"] = np.inf
    display = HistoryDisplay.from_history(frame)
    display.figure_.canvas.draw()
    assert np.isfinite(display.ax_.get_ylim()).all()
    assert {line.get_label() for line in display.ax_.lines} >= {"generator", "discriminator"}
    frame["generator_loss"] = np.nan
    display = HistoryDisplay.from_history(frame)
    display.figure_.canvas.draw()
    losses = frame["discriminator_loss"]
    low, high = display.ax_.get_ylim()
    assert low <= losses.median() <= high


def test_of_a_sampler():
    sampler = GANSampler(**TINY).fit(load_iris().data)
    assert HistoryDisplay.from_estimator(sampler).history is sampler.history_
    with pytest.raises(NotFittedError):
        HistoryDisplay.from_estimator(GANSampler())
    with pytest.raises(NotFittedError):
        HistoryDisplay.from_estimator(Fake(None))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"x": "epoch"}, "must have a column 'epoch'"),
        ({"smoothing": 0}, "smoothing=0 is not allowed"),
    ],
)
def test_refuses(options, message):
    with pytest.raises(ValueError, match=message):
        HistoryDisplay.from_history(history(), **options)
    with pytest.raises(ValueError, match="whose name ends in '_loss'"):
        HistoryDisplay.from_history(history()[["step"]])
