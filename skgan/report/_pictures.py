"""The pictures of a report, as PNG inside the page."""

import base64
import io

import numpy as np

from ._sections import Images

DOTS_PER_INCH = 110
MAX_ROWS_DRAWN = 5_000


def pictures(report):
    """Title, explanation and PNG of each picture; none without matplotlib.

    Returns
    -------
    list of (title, caption, data URI)
    """
    try:
        from matplotlib import pyplot
    except ImportError:
        return []
    from skgan import plotting

    real, synthetic, holdout = report._sides
    seed = report._context.seed
    drawn = []

    def add(title, caption, draw):
        display = draw()
        file = io.BytesIO()
        display.figure_.savefig(file, format="png", dpi=DOTS_PER_INCH)
        pyplot.close(display.figure_)
        drawn.append((title, caption, "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()))

    with pyplot.rc_context(), pyplot.ioff():
        for title, caption, draw in (_of_images if isinstance(real, Images) else _of_tables)(
            plotting, real, synthetic, holdout, seed
        ):
            add(title, caption, draw)
    return drawn


def _of_tables(plotting, real, synthetic, holdout, seed):
    yield (
        "Columns",
        "Real rows filled, synthetic ones outlined; the columns that differ most come first.",
        lambda: plotting.MarginalsDisplay.from_samples(real, synthetic),
    )
    if len(real.columns) > 1:
        yield (
            "Pairs of columns",
            "How much the dependence of two columns differs: 0 is as in real rows.",
            lambda: plotting.PairTrendsDisplay.from_samples(_few(real, seed), _few(synthetic, seed)),
        )
    yield (
        "All columns at once",
        "Rows on the first two principal components of the real ones.",
        lambda: plotting.EmbeddingDisplay.from_samples(real, synthetic, random_state=seed),
    )
    yield (
        "Nearest training rows",
        "How far rows are from the nearest real row: copies pile up at 0."
        + ("" if holdout is None else " Held-out real rows show what is natural."),
        lambda: plotting.NearestRecordDisplay.from_samples(
            real, _few(synthetic, seed), None if holdout is None else _few(holdout, seed)
        ),
    )


def _of_images(plotting, real, synthetic, holdout, seed):
    yield "Real images", "", lambda: plotting.ImageGridDisplay.from_samples(real.stack)
    yield "Synthetic images", "", lambda: plotting.ImageGridDisplay.from_samples(synthetic.stack)
    yield (
        "Nearest training images",
        "By the features that the report compares.",
        lambda: plotting.NearestRecordDisplay.from_samples(
            real.features, synthetic.features, None if holdout is None else holdout.features
        ),
    )


def _few(rows, seed):
    return rows.take(np.sort(np.random.default_rng(seed).permutation(rows.n_rows)[:MAX_ROWS_DRAWN]))
