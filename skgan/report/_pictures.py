"""The pictures of a report, as PNG images inside the page."""

import base64
import io

import pandas as pd

from skgan.plotting import (
    EmbeddingDisplay,
    ImageGridDisplay,
    MarginalsDisplay,
    NearestRecordDisplay,
    PairTrendsDisplay,
)

from ._sections import MAX_PAIR_COLUMNS, Images
from ._words import NEAR_REAL, OFF

DOTS_PER_INCH = 110


def pictures(report):
    """The pictures of a report; an empty list without matplotlib.

    Returns
    -------
    list of (title, caption, data URI)
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return []
    real, synthetic, holdout = report._sides
    drawings = _of_images if isinstance(real, Images) else _of_tables
    drawn = []
    for title, caption, draw in drawings(report, real, synthetic, holdout, report._context.seed):
        figure, file = Figure(), io.BytesIO()
        draw(figure)
        figure.savefig(file, format="png", dpi=DOTS_PER_INCH)
        drawn.append((title, caption, "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()))
    return drawn


def _of_tables(report, real, synthetic, holdout, seed):
    """(title, caption, function that draws on a figure) for each picture."""
    n_all, n_compared = len(synthetic), report.sizes["synthetic"]
    of_all = f" The shapes are those of all {n_all:,} synthetic rows, while the tables compare {n_compared:,} of them."
    of_all = of_all if n_all != n_compared else ""
    yield (
        "Columns",
        f"Real rows filled, synthetic ones outlined; the columns that differ most come first.{of_all}",
        lambda figure: MarginalsDisplay.from_samples(real, synthetic, columns=_worst(report), ax=figure),
    )
    n = len(real.columns)
    if n > 1:
        of_first = f" Only the first {MAX_PAIR_COLUMNS} of {n} columns are compared." if n > MAX_PAIR_COLUMNS else ""
        yield (
            "Pairs of columns",
            "By how much the dependence of two synthetic columns differs from that of the real columns, beyond the "
            "floor; 0 is as real: a difference that chance explains is shown as 0."
            + of_first,
            lambda figure: _pair_trends(report).plot(figure),
        )
    yield (
        "All columns at once",
        "Rows on the first two principal components of the real ones.",
        lambda figure: EmbeddingDisplay.from_samples(real, synthetic, random_state=seed, ax=figure),
    )
    yield _nearest(real, synthetic, holdout, seed)


def _of_images(report, real, synthetic, holdout, seed):
    axis = report._context.channel_axis
    for title, side in (("Real images", real), ("Synthetic images", synthetic)):
        yield (
            title,
            "",
            lambda figure, stack=side.stack: ImageGridDisplay.from_samples(stack, channel_axis=axis, ax=figure),
        )
    yield _nearest(real.features, synthetic.features, None if holdout is None else holdout.features, seed)


def _nearest(real, synthetic, holdout, seed):
    comparison = "" if holdout is None else " Held-out real rows are drawn for comparison."
    return (
        "Nearest training rows",
        "Distance of each synthetic row to the nearest real row; copies are at 0." + comparison,
        lambda figure: NearestRecordDisplay.from_samples(real, synthetic, holdout, random_state=seed, ax=figure),
    )


def _worst(report):
    """Positions of the columns, in ascending order of their column shapes."""
    frame, names = report.to_frame(), list(report._sides[0].form.names)
    shapes = frame[(frame["metric"] == "column_shapes") & frame["column"].notna()]
    return [names.index(name) for name in shapes["column"]]


def _pair_trends(report):
    """A display of the numbers in the report, so that picture and table agree."""
    rows = report.to_frame().query("metric == 'pair_trends'")
    whole, pairs = rows[rows["column"].isna()], rows[rows["column"].notna()]
    # Of few rows, chance makes large differences: the darkest cells must not be those that the table calls as real.
    by_chance = ~pairs["verdict"].isin([NEAR_REAL, OFF])
    pairs = pairs.assign(value=pairs["value"].mask(by_chance, pairs["floor"]))
    names = list(report._sides[0].form.names)
    pairs = [(*pair, *values) for pair, *values in zip(pairs["column"], pairs["value"], pairs["floor"], strict=True)]
    pairs.sort(key=lambda row: (names.index(row[0]), names.index(row[1])))
    pairs = pd.DataFrame(pairs, columns=["column_1", "column_2", "value", "floor"])
    return PairTrendsDisplay(pairs=pairs, score=whole["value"].item())
