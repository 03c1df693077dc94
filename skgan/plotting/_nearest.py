"""NearestRecordDisplay: are synthetic rows closer to the training rows than held-out rows are?"""

import numpy as np

from skgan._random import generator_of, some_rows
from skgan._registry import resolve
from skgan._validation import Whole, check_option
from skgan.metrics import Points, exact_copies, nearest, nearest_distance
from skgan.metrics._images import is_stack

from ._draw import draw_rows, n_rows_of, whole_seed
from ._mosaic import channel_axis_of
from ._style import (
    LABEL,
    REAL,
    REAL_FILL,
    SYNTHETIC,
    TICK,
    TITLE,
    bare,
    in_percent,
    open_axes,
    percent,
    plain,
    require_matplotlib,
)

HELD_OUT = "held-out rows"
OTHERS = "training rows to the nearest other one"
# The axis ends at this quantile, because the largest distances would compress all others.
SHOWN = 0.995
N_BINS = 40


class NearestRecordDisplay:
    """Distances of synthetic rows to the nearest training row, compared with those of held-out rows.

    Parameters
    ----------
    synthetic : ndarray of shape (n,)
        Distance of each synthetic row to the nearest training row; 0 for a copy.
    reference : ndarray of shape (m,)
        The distances that they are compared with: those of rows that the sampler was not fitted on.
    reference_name : str, default="held-out rows"
        The name of the reference in the legend.
    copies : tuple of float, default=None
        Share of synthetic rows, and of rows of the reference, that equal a training row. None means the shares of
        distances that are 0.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
    figure_ : matplotlib.figure.Figure

    See Also
    --------
    NearestRecordDisplay.from_estimator : Plot rows drawn from a sampler.
    NearestRecordDisplay.from_samples : Plot given rows.

    Notes
    -----
    If the sampler has learned the distribution, both curves are equal. If synthetic rows are closer to training rows
    than held-out rows are, they are copies with small changes; those at distance 0 are exact copies.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from sklearn.datasets import load_iris
    >>> from skgan.plotting import NearestRecordDisplay
    >>> X = load_iris().data
    >>> display = NearestRecordDisplay.from_samples(X[:100], X[:100], X[100:])
    >>> display.copies[0]
    1.0
    >>> plt.close()
    """

    figure_size = (6.5, 4.0)

    def __init__(self, *, synthetic, reference, reference_name=HELD_OUT, copies=None):
        self.synthetic = synthetic
        self.reference = reference
        self.reference_name = reference_name
        self.copies = (_share_at_0(synthetic), _share_at_0(reference)) if copies is None else copies

    @classmethod
    def from_estimator(
        cls,
        sampler,
        X,
        X_holdout=None,
        *,
        y=None,
        n_samples=None,
        kind="histogram",
        features="auto",
        max_rows=2000,
        categorical_features="from_dtype",
        channel_axis=None,
        random_state=0,
        ax=None,
    ):
        """Plot rows drawn from a sampler, compared with held-out rows.

        Parameters
        ----------
        sampler : GANSampler, ConditionalGANSampler or similar
            A sampler that is fitted on `X`.
        X : array-like or frame of shape (n_real, n_columns)
            The rows that the sampler was fitted on.
        X_holdout : array-like or frame of shape (n_holdout, n_columns), default=None
            Real rows that the sampler was not fitted on.
        y : array-like of shape (n,), default=None
            Targets that a conditional sampler draws rows for; None lets it draw the targets too.
        n_samples : int, default=None
            Number of rows to draw; None means the number of rows that are shown. Not used if `y` is given.
        kind, features, max_rows, categorical_features, ax
            As in `from_samples`.
        channel_axis : {None, 1, 3, -1}, default=None
            For images with four dimensions, the axis of the channels. None means that of the sampler.
        random_state : int, RandomState instance, Generator instance or None, default=0
            For drawing rows from the sampler, and as in `from_samples`.

        Returns
        -------
        NearestRecordDisplay
        """
        require_matplotlib(cls)
        n = n_samples or min(n_rows_of(X), max_rows or n_rows_of(X))
        X_synthetic = draw_rows(sampler, n, y=y, random_state=random_state)
        return cls.from_samples(
            X,
            X_synthetic,
            X_holdout,
            kind=kind,
            features=features,
            max_rows=max_rows,
            categorical_features=categorical_features,
            channel_axis=channel_axis_of(sampler, X, channel_axis),
            random_state=random_state,
            ax=ax,
        )

    @classmethod
    def from_samples(
        cls,
        X_real,
        X_synthetic,
        X_holdout=None,
        *,
        kind="histogram",
        features="auto",
        max_rows=2000,
        categorical_features="from_dtype",
        channel_axis=None,
        random_state=0,
        ax=None,
    ):
        """Plot synthetic rows, compared with held-out rows.

        Parameters
        ----------
        X_real : array-like or frame of shape (n_real, n_columns)
            The rows that the sampler was fitted on. All of them are used.
        X_synthetic : the same, of any number of rows
        X_holdout : the same, default=None
            Real rows that the sampler was not fitted on. None compares with the distances of training rows to the
            nearest other training row, which needs at least two training rows.
        kind : {"histogram", "ecdf"}, default="histogram"
            As in `plot`.
        features : str or callable, default="auto"
            The features that distances are computed from, as in `skgan.metrics.extract`.
        max_rows : int or None, default=2000
            At most this many synthetic rows, and this many rows of the reference, are used, drawn at random.
        categorical_features : "from_dtype" or array-like, default="from_dtype"
            Columns that hold categories, beside those whose dtype says so: a boolean mask, positions or names.
        channel_axis : {None, 1, 3, -1}, default=None
            For images with four dimensions, the axis of the channels. None is an axis of 1, 3 or 4.
        random_state : int, RandomState instance, Generator instance or None, default=0
            For the choice of rows.
        ax : matplotlib Axes, empty Figure or None, default=None
            As in `plot`.

        Returns
        -------
        NearestRecordDisplay

        Raises
        ------
        ValueError, TypeError
            Rows that cannot be read, or a parameter that is not allowed.
        """
        require_matplotlib(cls)
        resolve("kind", kind, KINDS)
        check_option("max_rows", max_rows, Whole(1, (None,)))
        seed = whole_seed(random_state)
        points, _ = Points.read(
            X_real,
            X_synthetic,
            X_holdout,
            features=features,
            categorical_features=categorical_features,
            channel_axis=channel_axis,
            random_state=seed,
        ).centred()
        real = points.real
        if X_holdout is None and len(real) < 2:
            raise ValueError("X_real has a single row, which has no nearest other row; pass X_holdout, or more rows.")
        rng = generator_of(seed)
        sides = ("synthetic",) if X_holdout is None else ("synthetic", "holdout")
        points = points.sampled(max_rows, rng, sides)
        distances = [nearest_distance(getattr(points, side), real) for side in sides]
        if X_holdout is None:
            distances.append(_to_others(real, some_rows(len(real), max_rows, rng)))
        copies = [_share_at_0(distance) for distance in distances]
        if not is_stack(X_real):
            # Different rows beyond the largest real value may become the same point.
            options = dict(categorical_features=categorical_features)
            copies[: len(sides)] = [exact_copies(X_real, X, **options) for X in (X_synthetic, X_holdout)[: len(sides)]]
        return cls(
            synthetic=distances[0],
            reference=distances[1],
            reference_name=OTHERS if X_holdout is None else HELD_OUT,
            copies=tuple(copies),
        ).plot(ax, kind=kind)

    def plot(self, ax=None, *, kind="histogram"):
        """Plot both distributions.

        Parameters
        ----------
        ax : matplotlib Axes, empty Figure or None, default=None
            Where to plot; None means a new figure.
        kind : {"histogram", "ecdf"}, default="histogram"
            "histogram" is the share of rows in bins of distance, "ecdf" the share of rows up to each distance.

        Returns
        -------
        NearestRecordDisplay
            Itself.
        """
        draw = resolve("kind", kind, KINDS)
        ax = open_axes(self, ax, self.figure_size)
        both = np.concatenate([self.synthetic, self.reference])
        end = np.quantile(both, SHOWN) or both.max() or 1.0
        labels = [
            f"{plain(name)} ({len(distances):,}): {percent(copies)} exact copies"
            for name, distances, copies in zip(
                (self.reference_name, "synthetic rows"), (self.reference, self.synthetic), self.copies[::-1]
            )
        ]
        draw(ax, self.reference, self.synthetic, end, labels)
        ax.set_xlim(-0.02 * end, 1.02 * end)
        ax.set_xlabel("distance to the nearest training row", fontsize=LABEL)
        # The legend, of two lines, is between the title and the axes, because bars may be high anywhere.
        ax.set_title("Nearest training row", fontsize=TITLE, loc="left", pad=4 * LABEL)
        ax.tick_params(labelsize=TICK)
        ax.legend(
            frameon=False, fontsize=LABEL, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0, borderaxespad=0.4
        )
        bare(ax)
        self.ax_, self.figure_ = ax, ax.figure
        return self


def _share_at_0(distances):
    return float(np.mean(distances == 0))


def _to_others(rows, chosen):
    """The distance of each chosen row to the nearest other row."""
    return nearest(rows[chosen], rows, k=2)[0][:, 1]


def _histogram(ax, reference, synthetic, end, labels):
    edges = np.linspace(0, end, N_BINS + 1)
    shares = [np.histogram(distances, edges)[0] / len(distances) for distances in (reference, synthetic)]
    ax.stairs(shares[0], edges, fill=True, facecolor=REAL_FILL, edgecolor=REAL, linewidth=0.6, label=labels[0])
    ax.stairs(shares[1], edges, color=SYNTHETIC, linewidth=1.5, label=labels[1])
    in_percent(ax.yaxis, 6)
    ax.set_ylabel("share of rows", fontsize=LABEL)


def _ecdf(ax, reference, synthetic, end, labels):
    for distances, colour, label in zip((reference, synthetic), (REAL, SYNTHETIC), labels):
        ax.step(
            np.sort(distances), np.arange(1, len(distances) + 1) / len(distances), where="post", color=colour,
            linewidth=1.6, label=label,
        )
    in_percent(ax.yaxis, 6)
    ax.set_ylabel("share of rows up to this distance", fontsize=LABEL)


KINDS = {"histogram": _histogram, "ecdf": _ecdf}
