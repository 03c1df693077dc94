"""MarginalsDisplay: counts, missing values, cut axes and legible text."""

import numpy as np
import pandas as pd
import pytest
from pictures import mixed, outside, overlaps, wide

from skgan.metrics._marginals import column_shapes
from skgan.plotting import MarginalsDisplay

pytest.importorskip("matplotlib")


def marginal_of(real, synthetic, **options):
    """The Marginal of a single column."""
    frames = (pd.DataFrame({"x": values}) for values in (real, synthetic))
    return MarginalsDisplay.from_samples(*frames, **options).marginals[0]


def test_every_row_is_counted_once():
    real, synthetic = mixed(300), mixed(200, seed=1)
    display = MarginalsDisplay.from_samples(real, synthetic)
    assert (display.n_real, display.n_synthetic) == (300, 200)
    for marginal in display.marginals:
        assert marginal.real.sum() + marginal.missing[0] + marginal.beyond[0] == 300
        assert marginal.synthetic.sum() + marginal.missing[1] + marginal.beyond[1] == 200
        assert marginal.missing == (real[marginal.name].isna().sum(), synthetic[marginal.name].isna().sum())


def test_kinds_of_columns():
    kinds = {marginal.name: marginal.kind for marginal in MarginalsDisplay.from_samples(mixed(), mixed()).marginals}
    assert kinds == {
        "cost in $ and $x_1$": "numbers",
        "n_children": "categories",
        "when": "dates",
        "level": "categories",
        "with_missing": "numbers",
        "constant": "categories",
        "no values": "categories",
        "größe": "categories",
    }


def test_shape_is_the_metric():
    real, synthetic = mixed(), mixed(seed=1)
    shapes = [marginal.shape for marginal in MarginalsDisplay.from_samples(real, synthetic).marginals]
    assert shapes == column_shapes(real, synthetic).columns["value"].tolist()


def test_bins_hold_whole_steps():
    rng = np.random.default_rng(0)
    marginal = marginal_of(rng.integers(17, 91, 5000), rng.integers(17, 91, 5000))
    widths = np.diff(marginal.edges)
    assert np.allclose(widths, widths[0]) and widths[0] == round(widths[0])
    assert marginal.edges[0] == 16.5
    # Bins that contain different numbers of steps would alternate.
    inner = marginal.real[:-1]
    assert inner.max() < 1.5 * inner.min()


def test_bins_follow_a_grid_of_quarters_and_of_days():
    quarters = np.random.default_rng(0).integers(0, 120, 4000) / 4
    assert np.diff(marginal_of(quarters, quarters).edges)[0] % 0.25 == 0
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(np.arange(400), unit="D")
    edges = marginal_of(days, days).edges
    assert edges.dtype.kind == "M"
    assert (np.diff(edges) % np.timedelta64(1, "D") == np.timedelta64(0)).all()


def test_few_numbers_are_bars_in_their_order():
    marginal = marginal_of([2.0, 10.0, 1.0, 1.0], [2.0, 2.0, 3.5, 1.0])
    assert marginal.labels == ("1", "2", "3.5", "10")
    assert marginal.real.tolist() == [2, 1, 0, 1]
    assert marginal.synthetic.tolist() == [1, 2, 1, 0]


def test_few_similar_numbers_have_different_labels():
    labels = marginal_of([1e9, 1e9 + 1], [1e9, 1e9 + 1]).labels
    assert labels == ("1000000000", "1000000001")


def test_rare_categories_share_a_bar():
    real = ["a"] * 50 + ["b"] * 30 + [f"rare {i}" for i in range(20)]
    marginal = marginal_of(real, ["new"] * 10 + ["a"] * 10)
    assert marginal.labels[:3] == ("a", "b", "rare 0") and "new" in marginal.labels
    assert marginal.labels[-1] == "other (13 categories)"
    assert marginal.real.sum() == 100 and marginal.real[-1] == 13
    assert marginal.synthetic[marginal.labels.index("new")] == 10


def test_a_heavy_tail_cuts_the_axis_and_says_so():
    values = np.random.default_rng(0).standard_cauchy(2000)
    display = MarginalsDisplay.from_samples(values[:, None], values[:, None])
    [marginal] = display.marginals
    assert marginal.edges[0] == pytest.approx(np.quantile(values, 0.005, method="lower"))
    assert marginal.edges[-1] == pytest.approx(np.quantile(values, 0.995, method="higher"))
    assert 10 <= marginal.beyond[0] <= 20
    assert "axis cut to 0.5-99.5 % of the real rows" in display.axes_[0].get_xlabel()


def test_a_light_tail_cuts_nothing():
    values = np.random.default_rng(0).uniform(size=2000)
    display = MarginalsDisplay.from_samples(values[:, None], values[:, None] + 0.5)
    assert display.marginals[0].beyond == (0, 0)
    assert display.axes_[0].get_xlabel() == ""


def test_missing_values_are_a_hatched_bar_as_high_as_their_share():
    real = np.r_[np.full(25, np.nan), np.random.default_rng(0).normal(size=75)]
    ax = MarginalsDisplay.from_samples(real[:, None], real[20:, None]).axes_[0]
    bars = [patch for patch in ax.patches if hasattr(patch, "get_height")]
    assert [bar.get_height() for bar in bars] == pytest.approx([25 / 100, 5 / 80])
    assert bars[0].get_hatch() and "missing" in [text.get_text() for text in ax.texts]


def test_missing_values_beside_categories():
    frame = pd.DataFrame({"x": ["a", "a", None, "b"]})
    ax = MarginalsDisplay.from_samples(frame, frame[:2]).axes_[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b", "missing"]
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([0.5, 0.25, 0.25, 1, 0, 0])
    assert ax.patches[2].get_hatch() and not ax.patches[0].get_hatch()


@pytest.mark.parametrize("word", ["datetime64[s]", "datetime64[ns]"])
def test_dates_far_off_are_years(word):
    last = "9999-12-31" if word == "datetime64[s]" else "2262-01-01"
    days = np.datetime64("2020-01-01") + np.arange(200)
    values = np.r_[days, np.repeat(np.datetime64(last), 50)].astype(word)
    display = MarginalsDisplay.from_samples(pd.DataFrame({"x": values}), pd.DataFrame({"x": values}))
    display.figure_.canvas.draw()
    marginal = display.marginals[0]
    if word == "datetime64[s]":
        assert marginal.unit == "year" and 1900 < marginal.edges[0] < 2020.1 and 9999 < marginal.edges[-1]
    else:
        assert marginal.kind == "dates"


def test_durations_have_a_unit():
    marginal = marginal_of(*[pd.to_timedelta(np.arange(100), unit="h")] * 2)
    assert marginal.unit == "days" and marginal.edges[-1] == pytest.approx(100 / 24, abs=0.1)
    assert marginal_of(*[pd.to_timedelta([90, 30], unit="s")] * 2).labels == ("30 seconds", "90 seconds")


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(0).normal(0, 1e307, 100),
        np.random.default_rng(0).normal(0, 1e-300, 100),
        np.random.default_rng(0).integers(-(2**63), 2**63 - 1, 100),
        1e9 + np.random.default_rng(0).normal(size=100),
        np.arange(20) + 2**53,
    ],
)
def test_extreme_numbers(values):
    with np.errstate(all="raise"):
        display = MarginalsDisplay.from_samples(values[:, None], values[:, None])
    display.figure_.canvas.draw()
    assert display.marginals[0].real.sum() == len(values)


@pytest.mark.parametrize("n", [1, 2])
def test_single_rows(n):
    display = MarginalsDisplay.from_samples(mixed()[:n], mixed(seed=1)[:n])
    display.figure_.canvas.draw()
    assert len(display.axes_) == 8


def test_values_on_one_side_alone():
    real, synthetic = pd.DataFrame({"x": np.full(30, np.nan)}), pd.DataFrame({"x": np.arange(30.0)})
    for a, b in ((real, synthetic), (synthetic, real)):
        display = MarginalsDisplay.from_samples(a, b)
        display.figure_.canvas.draw()
        assert sorted(display.marginals[0].missing) == [0, 30]


def title_of(display):
    return next(t.get_text() for ax in display.figure_.axes for t in ax.texts if "column" in t.get_text())


def test_of_many_columns_the_worst_are_shown():
    real, synthetic = wide(), wide()
    synthetic[synthetic.columns[41]] += 3
    synthetic[synthetic.columns[7]] += 1
    display = MarginalsDisplay.from_samples(real, synthetic)
    assert len(display.axes_) == 24
    assert [marginal.name for marginal in display.marginals[:2]] == [synthetic.columns[41], synthetic.columns[7]]
    assert title_of(display).startswith("24 of 60 columns, worst first")


LONG_LABELS = pd.DataFrame({"station": [f"{word} railway station, platform {i}" for i in "12" for word in "ABC"] * 9})


@pytest.mark.parametrize(
    ("frame", "options"),
    [
        (mixed()[["level"]], {}),
        (wide(), {"max_columns": 1}),
        (LONG_LABELS, {}),
        (LONG_LABELS.assign(number=1.0), {"columns": ["station"]}),
    ],
)
def test_the_title_of_one_column_is_not_cut(frame, options):
    display = MarginalsDisplay.from_samples(frame, frame, **options)
    display.figure_.canvas.draw()
    texts = [text for ax in display.figure_.axes for text in ax.texts]
    assert title_of(display).endswith("share of rows, column shape") and outside(texts, display.figure_) == []


def test_chosen_columns_in_their_order():
    display = MarginalsDisplay.from_samples(mixed(), mixed(), columns=["level", "with_missing", 1])
    assert [marginal.name for marginal in display.marginals] == ["level", "with_missing", "n_children"]
    assert title_of(display).startswith("3 of 8 columns:")
    display = MarginalsDisplay.from_samples(mixed(), mixed(), columns="level", max_columns=1)
    assert [marginal.name for marginal in display.marginals] == ["level"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": ["size"]}, "columns has the item 'size', but the columns of X_real are"),
        ({"columns": []}, "columns is empty"),
        ({"max_columns": 0}, "max_columns=0 is not allowed"),
    ],
)
def test_refuses(options, message):
    with pytest.raises(ValueError, match=message):
        MarginalsDisplay.from_samples(mixed(), mixed(), **options)


def test_dollars_and_underscores_are_shown_as_they_are():
    display = MarginalsDisplay.from_samples(mixed(), mixed())
    title = display.axes_[0]._left_title
    assert title.get_text().replace("\\$", "$").startswith("cost in $ a…$x_1$")
    labels = [text.get_text() for text in display.axes_[-1].get_yticklabels()]
    assert "\\$a\\$" in labels and "b_c" in labels
    title.set_text("\\$a\\$")
    assert title._preprocess_math(title.get_text()) == ("$a$", False)


@pytest.mark.parametrize("frame", [mixed(), wide()], ids=["mixed", "wide"])
def test_titles_and_labels_do_not_overlap(frame):
    display = MarginalsDisplay.from_samples(frame, frame)
    display.figure_.canvas.draw()
    axes = display.figure_.axes
    titles = [ax._left_title for ax in axes]
    texts = [*titles, *(text for ax in axes for text in ax.texts), *(ax.xaxis.label for ax in axes)]
    assert overlaps(texts, display.figure_) == []
    assert outside(texts, display.figure_) == []
    for ax in display.axes_:
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            shown = [t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
            assert overlaps(shown, display.figure_) == []
