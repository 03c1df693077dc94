"""A picture of generated rows, for callbacks that watch a run."""

from __future__ import annotations

import math

import numpy as np

from skgan.plotting import ImageGridDisplay, MarginalsDisplay

# Of a table with more columns, those are shown whose marginals are furthest from the real ones.
MAX_COLUMNS = 12
# More training rows would hardly change their marginals.
MAX_REAL_ROWS = 5000


def plot_rows(plan, X):
    """Plot generated rows: a grid of images, or the marginals of a table over those of training rows.

    Parameters
    ----------
    plan : Plan
        Of the fit whose model generated the rows.
    X : array, frame or stack of images
        Generated rows, as the sampler returns them.

    Returns
    -------
    matplotlib.figure.Figure
        It is none of pyplot's, so it need not be closed.

    Raises
    ------
    ImportError
        If matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError(
            "Pictures of generated rows need matplotlib, which is not installed; run: python -m pip install matplotlib"
        ) from None
    figure = Figure()
    PLOTS[plan.encoder.modality](plan, X, figure)
    return figure


def _plot_marginals(plan, X, figure):
    real = plan.some_rows
    real = real.take(np.arange(min(real.n_rows, MAX_REAL_ROWS)))
    MarginalsDisplay.from_samples(real, X, max_columns=MAX_COLUMNS, ax=figure)


def _plot_grid(plan, X, figure):
    n_cols = math.ceil(math.sqrt(len(X)))
    n_rows = math.ceil(len(X) / n_cols)
    layout = {"image_shape": plan.sampler.image_shape, "channel_axis": plan.sampler.channel_axis}
    ImageGridDisplay.from_samples(X, n_rows, n_cols, **layout, ax=figure)


PLOTS = {"table": _plot_marginals, "images": _plot_grid}
