"""MarginalsDisplay: the real and synthetic values of each column on top of each other."""

import numpy as np

from skgan._counted import counted
from skgan._forms import read_tables
from skgan._validation import Whole, check_option
from skgan.metrics import column_shapes

from ._bins import count_column
from ._draw import draw_rows, n_rows_of
from ._style import (
    FAINT,
    NAME,
    NOTE,
    REAL,
    REAL_FILL,
    SYNTHETIC,
    TICK,
    TITLE,
    bare,
    grid_inside,
    in_percent,
    inches,
    open_axes,
    percent,
    plain,
    require_matplotlib,
    rows,
    short_number,
)

HATCH = "/////"
PANEL = (2.7, 2.1)
NARROWEST = 2.0
HEADER = 0.55
# Inches that a letter of the title takes, and the room beside it, which labels of categories need.
LETTER, MARGIN = 0.082, 1.5
MAX_ACROSS = 4
# The axis has room for at least this many bars, so that few bars are not too thick.
MIN_BARS = 4
# An axis whose relative width is smaller than this is labelled by differences from an offset.
SIX_DIGITS = 1e-5


class MarginalsDisplay:
    """Histograms and bar charts of real columns, with the synthetic columns on top.

    Parameters
    ----------
    marginals : sequence of Marginal
        The columns to show. Each has a `name`, `kind`, `edges` or `labels`, counts of `real` and `synthetic` rows, of
        `missing` values and of values `beyond` the axis, and a `shape`.
    n_real, n_synthetic : int
        Numbers of rows of the tables.
    n_columns : int, default=None
        Number of columns of the tables, if only some are shown.
    worst_first : bool, default=False
        Whether the columns with the worst shapes were selected.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        The axes that contain all panels.
    axes_ : list of matplotlib.axes.Axes
        One per column.
    figure_ : matplotlib.figure.Figure

    See Also
    --------
    MarginalsDisplay.from_estimator : Plot rows drawn from a sampler.
    MarginalsDisplay.from_samples : Plot given rows.

    Notes
    -----
    Real rows are filled, synthetic rows are outlined. Heights are shares of all rows of a table, so tables of different
    sizes can be compared. Missing values have a separate hatched bar. The number after the name of a column is its
    shape: 1 where both distributions are equal, and 0 where they do not overlap. If the real values have a heavy tail,
    the axis is cut to their range from 0.5 % to 99.5 %, and a note says which share of either table is outside.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from skgan.datasets import load_penguins
    >>> from skgan.plotting import MarginalsDisplay
    >>> X = load_penguins()
    >>> display = MarginalsDisplay.from_samples(X[:150], X[150:])
    >>> [marginal.kind for marginal in display.marginals][:3]
    ['categories', 'categories', 'numbers']
    >>> plt.close()
    """

    def __init__(self, *, marginals, n_real, n_synthetic, n_columns=None, worst_first=False):
        self.marginals = marginals
        self.n_real = n_real
        self.n_synthetic = n_synthetic
        self.n_columns = n_columns
        self.worst_first = worst_first

    @classmethod
    def from_estimator(
        cls,
        sampler,
        X,
        *,
        y=None,
        n_samples=None,
        columns=None,
        max_columns=24,
        categorical_features="from_dtype",
        random_state=0,
        ax=None,
    ):
        """Plot real rows, and equally many rows drawn from a sampler.

        Parameters
        ----------
        sampler : GANSampler, ConditionalGANSampler or similar
            A fitted sampler.
        X : array-like or frame of shape (n_real, n_columns)
            Real rows.
        y : array-like of shape (n,), default=None
            Targets that a conditional sampler draws rows for; None lets it draw the targets too.
        n_samples : int, default=None
            Number of rows to draw; None means the number of rows of X. Not used if `y` is given.
        columns, max_columns, categorical_features, ax
            As in `from_samples`.
        random_state : int, RandomState instance, Generator instance or None, default=0
            For drawing rows from the sampler.

        Returns
        -------
        MarginalsDisplay
        """
        require_matplotlib(cls)
        X_synthetic = draw_rows(sampler, n_samples or n_rows_of(X), y=y, random_state=random_state)
        return cls.from_samples(
            X,
            X_synthetic,
            columns=columns,
            max_columns=max_columns,
            categorical_features=categorical_features,
            ax=ax,
        )

    @classmethod
    def from_samples(
        cls, X_real, X_synthetic, *, columns=None, max_columns=24, categorical_features="from_dtype", ax=None
    ):
        """Plot real and synthetic rows.

        Parameters
        ----------
        X_real : array-like or frame of shape (n_real, n_columns)
        X_synthetic : array-like or frame of shape (n_synthetic, n_columns)
        columns : sequence of names or positions, default=None
            The columns to show; None means all.
        max_columns : int, default=24
            If there are more columns, this many are shown: those with the worst shapes, the worst first.
        categorical_features : "from_dtype" or array-like, default="from_dtype"
            Columns that hold categories, beside those whose dtype says so: a boolean mask, positions or names.
        ax : matplotlib Axes, empty Figure or None, default=None
            As in `plot`.

        Returns
        -------
        MarginalsDisplay

        Raises
        ------
        ValueError, TypeError
            Rows that cannot be read, or an unknown column.
        """
        require_matplotlib(cls)
        check_option("max_columns", max_columns, Whole(1))
        real, synthetic = read_tables(X_real, X_synthetic, categorical_features=categorical_features)
        chosen = range(len(real.columns)) if columns is None else _positions(columns, real.form.names)
        scales = [form.codec.scale for form in real.form.columns]
        shapes = column_shapes(real, synthetic).columns["value"].tolist()
        worst_first = len(chosen) > max_columns
        if worst_first:
            chosen = sorted(chosen, key=lambda j: shapes[j])[:max_columns]
        marginals = [count_column(real.columns[j], synthetic.columns[j], scales[j], shapes[j]) for j in chosen]
        return cls(
            marginals=marginals,
            n_real=real.n_rows,
            n_synthetic=synthetic.n_rows,
            n_columns=len(real.columns),
            worst_first=worst_first,
        ).plot(ax)

    @property
    def figure_size(self):
        """Width and height in inches that are suitable for the panels."""
        n_down, n_across = _grid(len(self.marginals))
        return max(4.2, MARGIN + LETTER * len(self._title()), PANEL[0] * n_across), HEADER + PANEL[1] * n_down

    def plot(self, ax=None):
        """Plot one panel per column.

        Parameters
        ----------
        ax : matplotlib Axes, empty Figure or None, default=None
            Where to plot the panels; None means a new figure.

        Returns
        -------
        MarginalsDisplay
            Itself.
        """
        ax = open_axes(self, ax, self.figure_size)
        width, height = inches(ax)
        n_down, n_across = _grid(len(self.marginals), width)
        heights = [HEADER] + [max(height - HEADER, HEADER) / n_down] * n_down
        grid = grid_inside(ax, n_down + 1, n_across, heights)
        self._head(ax.figure.add_subplot(grid[0, :]))
        self.axes_ = []
        for i, marginal in enumerate(self.marginals):
            panel = ax.figure.add_subplot(grid[1 + i // n_across, i % n_across])
            panel.tick_params(labelsize=TICK, length=2)
            _DRAW[marginal.kind](panel, marginal, self.n_real, self.n_synthetic)
            panel.set_title(f"{plain(marginal.name, 17)}  {marginal.shape:.2f}", fontsize=NAME, loc="left")
            bare(panel)
            self.axes_.append(panel)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _title(self):
        n_shown, n_columns = len(self.marginals), self.n_columns or len(self.marginals)
        text = counted(n_columns, "column")
        if n_shown < n_columns:
            text = f"{n_shown} of {text}" + (", worst first" if self.worst_first else "")
        return f"{text}: share of rows, column shape"

    def _head(self, ax):
        """Add the title and the legend."""
        from matplotlib.patches import Patch

        ax.set_axis_off()
        ax.annotate(
            self._title(), (0, 0), (0, 1.7 * TITLE), xycoords="axes fraction",
            textcoords="offset points", fontsize=TITLE, va="bottom",
        )
        keys = [
            Patch(facecolor=REAL_FILL, edgecolor=REAL, label=f"real ({rows(self.n_real)})"),
            Patch(facecolor="none", edgecolor=SYNTHETIC, linewidth=1.4, label=f"synthetic ({rows(self.n_synthetic)})"),
        ]
        if any(sum(marginal.missing) for marginal in self.marginals):
            keys.append(Patch(facecolor="none", edgecolor=FAINT, hatch=HATCH, label="missing"))
        ax.legend(
            handles=keys, ncols=len(keys), loc="lower left", bbox_to_anchor=(0, 0), frameon=False, fontsize=TICK,
            borderpad=0, borderaxespad=0, columnspacing=1.2, handlelength=1.6,
        )


def _positions(columns, names):
    """Positions of columns that are given by name or position."""
    if isinstance(columns, str):
        columns = [columns]
    names = list(names)
    found = []
    for column in columns:
        if column in names:
            found.append(names.index(column))
        elif isinstance(column, int | np.integer) and 0 <= column < len(names):
            found.append(int(column))
        else:
            raise ValueError(f"columns has the item {column!r}, but the columns of X_real are {names}.")
    if not found:
        raise ValueError("columns is empty; name at least one column, or leave columns out.")
    return found


def _grid(n, width=MAX_ACROSS * PANEL[0]):
    """Numbers of rows and columns of panels, for a width in inches."""
    n_across = min(n, MAX_ACROSS, max(1, int(width / NARROWEST)))
    return -(-n // n_across), n_across


def _draw_bins(ax, marginal, n_real, n_synthetic):
    """Draw histograms, with missing values at the right."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    edges = _on_axis(ax, marginal)
    real, synthetic = marginal.real / n_real, marginal.synthetic / n_synthetic
    ax.stairs(real, edges, fill=True, color=REAL_FILL)
    ax.stairs(real, edges, color=REAL, linewidth=0.6)
    ax.stairs(synthetic, edges, color=SYNTHETIC, linewidth=1.3)
    tallest = max(real.max(), synthetic.max())
    span = edges[-1] - edges[0]
    right = edges[-1] + 0.03 * span
    if any(marginal.missing):
        heights = marginal.missing[0] / n_real, marginal.missing[1] / n_synthetic
        place, width = edges[-1] + 0.1 * span, 0.08 * span
        ax.bar(place, heights[0], width, facecolor=REAL_FILL, edgecolor=REAL, hatch=HATCH, linewidth=0.6)
        ax.bar(place, heights[1], width, facecolor="none", edgecolor=SYNTHETIC, linewidth=1.3)
        ax.annotate(
            "missing", (place, max(heights)), (0, 2), textcoords="offset points", rotation=90, ha="center", va="bottom",
            fontsize=NOTE,
        )
        tallest = max(tallest, 1.3 * max(heights))
        right = place + width
    ax.set_xlim(edges[0] - 0.03 * span, right)
    ax.set_ylim(0, 1.08 * tallest)
    if marginal.kind == "numbers":
        ax.xaxis.set_major_locator(MaxNLocator(4, min_n_ticks=2))
        if span > SIX_DIGITS * np.abs(edges).max():
            ax.xaxis.set_major_formatter(FuncFormatter(short_number))
        ax.xaxis.get_offset_text().set_fontsize(TICK)
    in_percent(ax.yaxis)
    notes = [marginal.unit] if marginal.unit else []
    if any(marginal.beyond):
        shares = percent(marginal.beyond[0] / n_real), percent(marginal.beyond[1] / n_synthetic)
        notes += ["axis cut to 0.5-99.5 % of the real rows;", f"beyond: {shares[0]} real, {shares[1]} synthetic"]
    ax.set_xlabel("\n".join(notes), fontsize=NOTE, color=FAINT)


def _on_axis(ax, marginal):
    """The edges as floats; an axis of dates gets its locator and formatter."""
    if marginal.kind == "numbers":
        return marginal.edges
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num

    locator = AutoDateLocator(minticks=2, maxticks=5)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    ax.xaxis.get_offset_text().set_fontsize(TICK)
    return date2num(marginal.edges)


def _draw_bars(ax, marginal, n_real, n_synthetic):
    """Draw horizontal bars, the first category at the top, missing values at the bottom."""
    labels = [plain(label, 20) for label in marginal.labels]
    real, synthetic = list(marginal.real / n_real), list(marginal.synthetic / n_synthetic)
    if any(marginal.missing):
        labels.append("missing")
        real.append(marginal.missing[0] / n_real)
        synthetic.append(marginal.missing[1] / n_synthetic)
    places = np.arange(len(labels))
    bars = ax.barh(places, real, 0.8, facecolor=REAL_FILL, edgecolor=REAL, linewidth=0.6)
    if any(marginal.missing):
        bars[-1].set_hatch(HATCH)
    ax.barh(places, synthetic, 0.8, facecolor="none", edgecolor=SYNTHETIC, linewidth=1.3)
    ax.set_yticks(places, labels)
    # In low panels the font shrinks, so that labels do not overlap.
    ax.tick_params(axis="y", labelsize=min(TICK, 72 * inches(ax)[1] / len(labels)))
    if any(marginal.missing):
        ax.get_yticklabels()[-1].set_style("italic")
    ax.set_ylim(max(len(labels), MIN_BARS) - 0.4, -0.6)
    ax.set_xlim(0, 1.05 * max(*real, *synthetic))
    in_percent(ax.xaxis)


_DRAW = {"numbers": _draw_bins, "dates": _draw_bins, "categories": _draw_bars}
