"""PairTrendsDisplay."""

import numpy as np
import pandas as pd
import pytest
from pictures import mixed, outside, overlaps, wide
from sklearn.datasets import load_iris

from skgan.metrics import EVERY_TREND, pair_trends
from skgan.plotting import PairTrendsDisplay

pytest.importorskip("matplotlib")

IRIS = load_iris(as_frame=True).data
PAIRS = pd.DataFrame({"column_1": ["a", "a", "b"], "column_2": ["b", "c", "c"], "value": [1.0, 0.75, np.nan]})


def test_differences_are_a_symmetric_map():
    display = PairTrendsDisplay(pairs=PAIRS, score=0.9).plot()
    assert display.names == ["a", "b", "c"]
    expected = [[np.nan, 0, 0.25], [0, np.nan, np.nan], [0.25, np.nan, np.nan]]
    np.testing.assert_array_equal(display.differences, expected)
    assert display.ax_.get_title(loc="left") == "Pair trends: score 0.900"
    assert sorted(text.get_text() for text in display.text_) == ["0.00", "0.00", "0.25", "0.25"]


def test_from_samples_is_the_metric():
    synthetic = IRIS.sample(frac=1, random_state=0).assign(**{"petal width (cm)": IRIS["petal width (cm)"].to_numpy()})
    display, trends = PairTrendsDisplay.from_samples(IRIS, synthetic), pair_trends(IRIS, synthetic, **EVERY_TREND)
    assert display.score == trends.score
    pd.testing.assert_frame_equal(display.pairs.drop(columns="floor"), trends.pairs)
    assert display.names == list(IRIS.columns)
    assert np.nanmax(display.differences[3]) > 0.3 > 0.001 > np.nanmax(display.differences[:3, :3])


def test_the_darkest_colour():
    assert PairTrendsDisplay(pairs=PAIRS, score=1).plot().image_.get_clim() == (0, 0.25)
    assert PairTrendsDisplay(pairs=PAIRS, score=1).plot(top=0.6).image_.get_clim() == (0, 0.6)
    alike = PAIRS.assign(value=1.0)
    assert PairTrendsDisplay(pairs=alike, score=1).plot().image_.get_clim() == (0, 0.2)


def test_colour_bar_is_labelled():
    display = PairTrendsDisplay(pairs=PAIRS, score=1).plot()
    assert display.image_.colorbar.ax.get_ylabel() == "difference in dependence"
    display = PairTrendsDisplay(pairs=PAIRS.assign(floor=0.9), score=1).plot()
    assert display.image_.colorbar.ax.get_ylabel() == "difference in dependence beyond the floor"
    display.figure_.canvas.draw()
    assert display.image_.colorbar.ax.get_yticklabels()[0].get_text() == "0: as real"


def test_what_the_floor_explains_is_as_real():
    display = PairTrendsDisplay(pairs=PAIRS.assign(floor=[0.9, 0.9, np.nan]), score=0.9).plot()
    beyond = [[np.nan, 0, 0.15], [0, np.nan, np.nan], [0.15, np.nan, np.nan]]
    np.testing.assert_allclose(display.beyond, beyond, atol=1e-12)
    np.testing.assert_array_equal(display.image_.get_array().filled(np.nan), display.beyond)
    assert sorted(text.get_text() for text in display.text_) == ["0.00", "0.00", "0.15", "0.15"]


@pytest.mark.parametrize(("n_real", "n_synthetic"), [(2_000, 2_000), (400, 4_000), (4_000, 400)])
def test_the_floor_is_what_chance_explains_for_as_many_rows(n_real, n_synthetic):
    rng = np.random.default_rng(0)
    real, fresh = (rng.normal(size=(n, 6)).round(1) for n in (n_real, n_synthetic))
    real[:, 3:], fresh[:, 3:] = real[:, 3:] > 0, fresh[:, 3:] > 0
    pairs = PairTrendsDisplay.from_samples(real, fresh, categorical_features=[3, 4, 5]).pairs
    assert (1 - pairs["floor"]).mean() == pytest.approx((1 - pairs["value"]).mean(), rel=0.5)


def test_the_colours_go_from_light_blue_to_dark_red():
    colours = PairTrendsDisplay(pairs=PAIRS, score=1).plot().image_.cmap([0.0, 0.2, 0.5, 0.8, 1.0])[:, :3]
    assert colours[0, 2] > colours[0, 0] and colours[-1, 0] > 3 * colours[-1, 2]
    # Brightness, so that the order shows in grey too.
    assert (np.diff(colours[1:] @ [0.2126, 0.7152, 0.0722]) < 0).all()


@pytest.mark.parametrize(("n_columns", "has_numbers"), [(3, True), (12, True), (13, False), (60, False)])
def test_names_can_be_read(n_columns, has_numbers):
    display = PairTrendsDisplay.from_samples(wide(n_columns=n_columns), wide(n_columns=n_columns, seed=1))
    display.figure_.canvas.draw()
    assert bool(display.text_) == has_numbers
    for labels in (display.ax_.get_xticklabels(), display.ax_.get_yticklabels()):
        assert len(labels) == n_columns
        assert min(label.get_fontsize() for label in labels) >= 5
        assert overlaps(labels, display.figure_) == []
        assert outside(labels, display.figure_) == []


def test_names_are_thinned_in_little_room():
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(5, 4), layout="constrained")
    display = PairTrendsDisplay.from_samples(wide(), wide(seed=1), ax=ax)
    display.figure_.canvas.draw()
    assert 10 < len(ax.get_yticklabels()) < 60
    assert overlaps(ax.get_yticklabels(), display.figure_) == []
    assert overlaps(ax.get_xticklabels(), display.figure_) == []


def test_of_many_columns_the_worst_are_shown():
    real, synthetic = wide(n_columns=20), wide(n_columns=20)
    synthetic.iloc[:, 5] = real.iloc[:, 11]
    display = PairTrendsDisplay.from_samples(real, synthetic, max_columns=4)
    assert display.image_.get_array().shape == (4, 4)
    assert {label.get_text()[:9] for label in display.ax_.get_yticklabels()} & {"column 5 ", "column 11"}
    assert "4 of 20 columns, worst first" in display.ax_.get_title(loc="left")


def test_odd_columns_and_names():
    display = PairTrendsDisplay.from_samples(mixed(), mixed(seed=1))
    display.figure_.canvas.draw()
    assert display.ax_.get_yticklabels()[0].get_text() == "cost in \\$ and \\$x_1\\$"


@pytest.mark.parametrize(
    ("options", "message"),
    [({"max_columns": 1}, "max_columns=1 is not allowed"), ({"top": 0}, "top=0 is not allowed")],
)
def test_refuses(options, message):
    with pytest.raises(ValueError, match=message):
        PairTrendsDisplay.from_samples(IRIS, IRIS, **options)


def test_refuses_a_single_column():
    with pytest.raises(ValueError, match="single column"):
        PairTrendsDisplay.from_samples(IRIS[["petal width (cm)"]], IRIS[["petal width (cm)"]])
    with pytest.raises(ValueError, match="pairs is empty"):
        PairTrendsDisplay(pairs=PAIRS[:0], score=1).plot()
