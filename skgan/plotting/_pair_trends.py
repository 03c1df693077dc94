"""PairTrendsDisplay: which pairs of columns do not depend on each other as in real rows."""

import numpy as np

from skgan._forms import read_tables
from skgan._validation import Positive, Whole, check_option
from skgan.metrics import EVERY_TREND, pair_trends

from ._draw import draw_rows, n_rows_of
from ._style import LABEL, TICK, TITLE, inches, open_axes, plain, require_matplotlib

# From a pale blue, as real, by orange to a dark red: it becomes darker with the difference, and colour-blind people can
# tell its ends apart.
COLOURS = ((0.0, "#D6E7F3"), (0.1, "#F3EFE4"), (0.35, "#FDC77D"), (0.65, "#E0662B"), (1.0, "#7A0B0B"))
NOTHING = "#FFFFFF"
# The darkest colour stands for at least this difference, so that chance does not look like a fault.
MIN_TOP = 0.2
# With more columns, cells are smaller and have no numbers.
FEW = 12
CELL = {True: 0.48, False: 0.17}
POINTS = 72


class PairTrendsDisplay:
    """Heat map of the differences in dependence between real and synthetic pairs of columns.

    Parameters
    ----------
    pairs : DataFrame
        Columns column_1, column_2 and value, one row per pair; the value is 1 where real and synthetic columns depend
        on each other in the same way, and NaN where it is undefined. A column floor, if there is one, is the value of
        fresh real rows.
    score : float
        The mean value of all pairs.

    Attributes
    ----------
    names : list
        The columns in the order of the map.
    differences : ndarray of shape (n_columns, n_columns)
        1 - value of each pair, from 0 to 1; NaN on the diagonal.
    beyond : ndarray of shape (n_columns, n_columns)
        By how much this exceeds 1 - floor, at least 0; without a floor the differences. This is plotted.
    ax_ : matplotlib.axes.Axes
    figure_ : matplotlib.figure.Figure
    image_ : matplotlib.image.AxesImage
    text_ : list of matplotlib.text.Text
        The numbers in the cells; empty if there are many columns.

    See Also
    --------
    PairTrendsDisplay.from_estimator : Plot rows drawn from a sampler.
    PairTrendsDisplay.from_samples : Plot given rows.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from skgan.datasets import load_penguins
    >>> from skgan.plotting import PairTrendsDisplay
    >>> X = load_penguins()
    >>> display = PairTrendsDisplay.from_samples(X[::2], X[1::2])
    >>> len(display.names) == X.shape[1]
    True
    >>> plt.close()
    """

    def __init__(self, *, pairs, score):
        self.pairs = pairs
        self.score = score
        self.names = list(dict.fromkeys([*pairs["column_1"], *pairs["column_2"]]))
        position = {name: i for i, name in enumerate(self.names)}
        rows, columns = ([position[name] for name in pairs[word]] for word in ("column_1", "column_2"))

        def matrix(values):
            filled = np.full((len(self.names), len(self.names)), np.nan)
            filled[rows, columns] = filled[columns, rows] = values
            return filled

        self.differences = matrix(1 - pairs["value"].to_numpy(float))
        self.beyond = self.differences
        if "floor" in pairs:
            floor = matrix(1 - pairs["floor"].to_numpy(float))
            self.beyond = np.maximum(self.differences - np.nan_to_num(floor), 0)

    @classmethod
    def from_estimator(
        cls,
        sampler,
        X,
        *,
        y=None,
        n_samples=None,
        max_columns=60,
        categorical_features="from_dtype",
        random_state=0,
        top=None,
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
        categorical_features
            As in `from_samples`.
        random_state : int, RandomState instance, Generator instance or None, default=0
            For drawing rows from the sampler.
        max_columns, top, ax
            As in `plot`.

        Returns
        -------
        PairTrendsDisplay
        """
        require_matplotlib(cls)
        X_synthetic = draw_rows(sampler, n_samples or n_rows_of(X), y=y, random_state=random_state)
        return cls.from_samples(
            X, X_synthetic, max_columns=max_columns, categorical_features=categorical_features, top=top, ax=ax
        )

    @classmethod
    def from_samples(
        cls, X_real, X_synthetic, *, max_columns=60, categorical_features="from_dtype", top=None, ax=None
    ):
        """Plot real and synthetic rows; all pairs count, and numbers are cut at the real deciles.

        The floor of each pair is the difference between two random halves of the real rows, scaled to what chance
        explains for as many rows as are compared.

        Parameters
        ----------
        X_real : array-like or frame of shape (n_real, n_columns)
        X_synthetic : array-like or frame of shape (n_synthetic, n_columns)
        categorical_features : "from_dtype" or array-like, default="from_dtype"
            Columns that hold categories, beside those whose dtype says so: a boolean mask, positions or names.
        max_columns, top, ax
            As in `plot`.

        Returns
        -------
        PairTrendsDisplay

        Raises
        ------
        ValueError, TypeError
            Rows that cannot be read, or a table with a single column, which has no pairs.
        """
        require_matplotlib(cls)
        real, synthetic = read_tables(X_real, X_synthetic, categorical_features=categorical_features)
        trends = pair_trends(real, synthetic, **EVERY_TREND)
        pairs = trends.pairs.assign(floor=1 - _chance(real, synthetic.n_rows))
        return cls(pairs=pairs, score=trends.score).plot(ax, max_columns=max_columns, top=top)

    def plot(self, ax=None, *, max_columns=60, top=None):
        """Plot the heat map.

        Parameters
        ----------
        ax : matplotlib Axes, empty Figure or None, default=None
            Where to plot; None means a new figure, whose size grows with the number of columns.
        max_columns : int, default=60
            If there are more columns, this many are shown: those with the largest mean difference, the worst first.
        top : float, default=None
            The difference of the darkest colour. None means the largest that is shown, but at least 0.2.

        Returns
        -------
        PairTrendsDisplay
            Itself.

        Raises
        ------
        ValueError
            An option that is not allowed, or `pairs` is empty.
        """
        check_option("max_columns", max_columns, Whole(2))
        check_option("top", top, Positive((None,)))
        if not self.names:
            raise ValueError("pairs is empty, so there is nothing to plot; pass a table with two columns or more.")
        names, differences = self._worst(max_columns)
        n = len(names)
        ax = open_axes(self, ax, _size(n))
        from matplotlib.colors import LinearSegmentedColormap

        known = differences[np.isfinite(differences)]
        top = top or max(MIN_TOP, known.max(initial=0))
        colours = LinearSegmentedColormap.from_list("from good to bad", COLOURS).with_extremes(bad=NOTHING)
        self.image_ = ax.imshow(differences, cmap=colours, vmin=0, vmax=top)
        self._name(ax, names)
        self.text_ = _numbers(ax, differences, top) if n <= FEW else []
        bar = ax.figure.colorbar(self.image_, ax=ax, shrink=0.75, aspect=28, pad=0.02)
        beyond = " beyond the floor" if "floor" in self.pairs else ""
        bar.set_label(f"difference in dependence{beyond}", fontsize=LABEL)
        bar.ax.yaxis.set_major_formatter(lambda value, _: f"{value:.3g}" if value > 0 else "0: as real")
        bar.ax.tick_params(labelsize=TICK)
        bar.outline.set_visible(False)
        shown = "" if n == len(self.names) else f"; {n} of {len(self.names)} columns, worst first"
        ax.set_title(f"Pair trends: score {self.score:.3f}{shown}", fontsize=TITLE, loc="left")
        ax.spines[:].set_visible(False)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    @property
    def figure_size(self):
        """Width and height in inches that are suitable for up to 60 columns."""
        return _size(min(len(self.names), 60))

    def _worst(self, max_columns):
        n = len(self.names)
        if n <= max_columns:
            return self.names, self.beyond
        known = np.isfinite(self.beyond)
        mean = np.where(known, self.beyond, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        chosen = np.argsort(-mean, kind="stable")[:max_columns]
        return [self.names[j] for j in chosen], self.beyond[np.ix_(chosen, chosen)]

    def _name(self, ax, names):
        """Add the names of columns, as large as the cells allow; only some if there are too many."""
        n = len(names)
        cell = 0.8 * POINTS * min(inches(ax)) / n
        size = float(np.clip(0.8 * cell, 5, LABEL))
        every = max(1, int(np.ceil(1.15 * size / cell)))
        places = range(0, n, every)
        labels = [plain(names[i], 20) for i in places]
        ax.set_xticks(places, labels, rotation=90, fontsize=size)
        ax.set_yticks(places, labels, fontsize=size)
        ax.tick_params(length=0)


def _chance(real, n_synthetic):
    """The difference of each pair that chance explains between the real rows and n_synthetic others."""
    n = real.n_rows
    order = np.random.default_rng(0).permutation(n)
    if n < 4:
        return 0.0
    halves = (real.take(np.sort(rows)) for rows in np.array_split(order, 2))
    differences = 1 - pair_trends(*halves, **EVERY_TREND).pairs["value"].to_numpy(float)
    # The noise of a difference grows with the root of 1/n + 1/m, which is 4/n for two halves.
    return differences * np.sqrt((1 / n + 1 / n_synthetic) * n / 4)


def _size(n):
    side = max(3.2, CELL[n <= FEW] * n)
    return side + 2.3, side + 1.8


def _numbers(ax, differences, top):
    found = np.argwhere(np.isfinite(differences))
    return [
        ax.text(
            j, i, f"{differences[i, j]:.2f}", ha="center", va="center", fontsize=TICK,
            color="white" if differences[i, j] > 0.6 * top else "black",
        )
        for i, j in found
    ]
