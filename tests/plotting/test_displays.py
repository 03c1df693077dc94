"""Tests of all displays."""


import numpy as np
import pandas as pd
import pytest
from pictures import Fake, mixed
from problems import TINY
from sklearn.datasets import load_digits, load_iris
from sklearn.exceptions import NotFittedError

from skgan import ConditionalGANSampler, GANSampler
from skgan._forms import read_tables
from skgan.plotting import (
    ClassGridDisplay,
    EmbeddingDisplay,
    HistoryDisplay,
    ImageGridDisplay,
    InterpolationDisplay,
    MarginalsDisplay,
    NearestRecordDisplay,
    PairTrendsDisplay,
    _style,
)

pytestmark = pytest.mark.usefixtures("few_trees_in_module")

pytest.importorskip("matplotlib")

IRIS = load_iris().data
DIGITS, LABELS = load_digits().images[:60], load_digits().target[:60]
HISTORY = GANSampler(max_iter=3, refine=False, hidden_layer_sizes=(8,), random_state=0).fit(IRIS).history_
DRAWN = {
    "history": lambda **options: HistoryDisplay.from_history(HISTORY, **options),
    "marginals": lambda **options: MarginalsDisplay.from_samples(IRIS[::2], IRIS[1::2], **options),
    "pair_trends": lambda **options: PairTrendsDisplay.from_samples(IRIS[::2], IRIS[1::2], **options),
    "embedding": lambda **options: EmbeddingDisplay.from_samples(IRIS[::2], IRIS[1::2], **options),
    "nearest": lambda **options: NearestRecordDisplay.from_samples(IRIS[::2], IRIS[1::2], **options),
    "image_grid": lambda **options: ImageGridDisplay.from_samples(DIGITS, 2, 3, **options),
    "class_grid": lambda **options: ClassGridDisplay.from_samples(DIGITS, LABELS, n_cols=2, **options),
    "interpolation": lambda **options: InterpolationDisplay.from_samples(DIGITS.reshape(10, 6, 8, 8), **options),
}


def kept(display):
    """All text of a display."""
    plain = {name: value for name, value in vars(display).items() if not name.endswith("_")}
    return {name: str(value.tolist() if isinstance(value, np.ndarray) else value) for name, value in plain.items()}


OF_ROWS = [MarginalsDisplay, PairTrendsDisplay, EmbeddingDisplay, NearestRecordDisplay]


@pytest.mark.parametrize("name", DRAWN)
def test_makes_a_figure_and_draws(name):
    display = DRAWN[name]()
    assert display.ax_.figure is display.figure_
    display.figure_.canvas.draw()


@pytest.mark.parametrize("name", DRAWN)
def test_draws_on_the_axes_it_is_given(name):
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2)
    display = DRAWN[name](ax=right)
    assert display.ax_ is right and display.figure_ is figure
    assert plt.get_fignums() == [figure.number]
    assert not left.has_data() and left.get_title() == ""
    figure.canvas.draw()


@pytest.mark.parametrize("name", DRAWN)
def test_fills_an_empty_figure_that_pyplot_does_not_know(name):
    import matplotlib.pyplot as plt
    from matplotlib.figure import Figure

    figure = Figure()
    display = DRAWN[name](ax=figure)
    assert display.figure_ is figure and plt.get_fignums() == []
    figure.draw_without_rendering()
    with pytest.raises(ValueError, match="has axes already"):
        DRAWN[name](ax=figure)


@pytest.mark.parametrize("name", DRAWN)
def test_draws_in_a_subfigure_and_outside_a_grid(name):
    import matplotlib.pyplot as plt

    figure = plt.figure(figsize=(10, 5))
    left, right = figure.subfigures(1, 2)
    assert DRAWN[name](ax=left).figure_ is left
    ax = right.add_axes([0.1, 0.1, 0.8, 0.8])
    assert DRAWN[name](ax=ax).ax_ is ax
    figure.canvas.draw()


@pytest.mark.parametrize("name", DRAWN)
def test_can_be_drawn_again(name):
    display = DRAWN[name]()
    first = display.figure_
    assert display.plot() is display
    assert display.figure_ is not first


@pytest.mark.parametrize("name", DRAWN)
def test_refuses_what_is_no_axes(name):
    with pytest.raises(TypeError, match="ax must be None, a matplotlib Axes or an empty Figure, got str"):
        DRAWN[name](ax="here")


@pytest.mark.parametrize("name", DRAWN)
def test_the_error_says_how_to_install_matplotlib(name, monkeypatch):
    monkeypatch.setattr(_style, "find_spec", lambda module: None)
    with pytest.raises(ImportError, match=r'Display needs matplotlib.*python -m pip install matplotlib'):
        DRAWN[name]()


@pytest.mark.parametrize("display", OF_ROWS)
def test_from_estimator_asks_for_as_many_rows(display):
    X = mixed(50)
    sampler = Fake(mixed(50, seed=1))
    drawn = display.from_estimator(sampler, X, random_state=7)
    assert sampler.asked == (50, 7)
    assert type(drawn) is display
    display.from_estimator(sampler, X, n_samples=20)
    assert sampler.asked == (20, 0)


@pytest.mark.parametrize("display", OF_ROWS)
def test_from_estimator_of_a_conditional_sampler(display):
    sampler = Fake(IRIS, load_iris().target)
    display.from_estimator(sampler, IRIS)
    display.from_estimator(sampler, IRIS, y=[0, 1, 2, 2])
    assert sampler.asked == ([0, 1, 2, 2], 0)


@pytest.mark.parametrize("display", OF_ROWS)
def test_from_estimator_of_real_samplers(display):
    from matplotlib.figure import Figure

    X, y = IRIS, load_iris().target
    sampler = GANSampler(**TINY).fit(X)
    conditional = ConditionalGANSampler(**TINY).fit(X, y)
    pairs = [
        (display.from_estimator(sampler, X, n_samples=30, ax=Figure()), sampler.sample(30, random_state=0)),
        (display.from_estimator(conditional, X, n_samples=30, ax=Figure()), conditional.sample(30, random_state=0)[0]),
        (display.from_estimator(conditional, X, y=y, ax=Figure()), conditional.sample(y=y, random_state=0)[0]),
    ]
    for drawn, rows in pairs:
        assert kept(drawn) == kept(display.from_samples(X, rows, ax=Figure()))


@pytest.mark.parametrize("display", OF_ROWS)
def test_from_estimator_needs_a_fitted_sampler(display):
    with pytest.raises(NotFittedError):
        display.from_estimator(GANSampler(), IRIS)
    with pytest.raises(TypeError, match="int has no method sample"):
        display.from_estimator(3, IRIS)


@pytest.mark.parametrize("display", OF_ROWS)
def test_same_picture_for_the_same_seed(display):
    def drawn():
        return kept(display.from_samples(mixed(60), mixed(60, seed=1)))

    assert drawn() == drawn()


@pytest.mark.parametrize("display", OF_ROWS)
def test_polars_frames(display):
    polars = pytest.importorskip("polars")
    columns = {"a": [1.0, 2.0, None, 4.0], "b": ["x", "y", "y", None]}
    frames = [library.DataFrame(columns) for library in (polars, pd)]
    of_polars, of_pandas = (kept(display.from_samples(frame, frame)) for frame in frames)
    assert of_polars == of_pandas


@pytest.mark.parametrize("display", OF_ROWS)
def test_tables_that_are_read_already(display):
    frames = mixed(30), mixed(30, seed=1)
    assert kept(display.from_samples(*read_tables(*frames))) == kept(display.from_samples(*frames))


@pytest.mark.parametrize("display", OF_ROWS)
def test_refuses_other_columns(display):
    with pytest.raises(ValueError, match="2 features"):
        display.from_samples(IRIS, IRIS[:, :2])
