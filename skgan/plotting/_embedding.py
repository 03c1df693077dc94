"""EmbeddingDisplay: real and synthetic rows as points in a plane."""

import warnings
from importlib.util import find_spec

import numpy as np
from sklearn.utils.extmath import randomized_svd

from skgan._random import generator_of, some_rows
from skgan._registry import resolve
from skgan._validation import Whole, check_option
from skgan.metrics import extract
from skgan.metrics._images import check_images_only, is_stack, read_images

from ._draw import draw_rows, n_rows_of
from ._mosaic import channel_axis_of
from ._style import LABEL, REAL, SYNTHETIC, TICK, TITLE, bare, open_axes, percent, require_matplotlib


class EmbeddingDisplay:
    """Rows as points in a plane that is computed from the real rows.

    Parameters
    ----------
    real, synthetic : ndarray of shape (n, 2)
        Coordinates of the rows.
    method : {"pca", "umap"}
    explained : tuple of float, default=None
        Share of the variance of the real rows along each axis, for "pca".
    random_state : int, default=0
        For the order in which points are drawn.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
    figure_ : matplotlib.figure.Figure
    points_ : matplotlib.collections.PathCollection

    See Also
    --------
    EmbeddingDisplay.from_estimator : Plot rows drawn from a sampler.
    EmbeddingDisplay.from_samples : Plot given rows.

    Notes
    -----
    Both kinds have the same number of points, drawn in a random order, so that neither hides the other. The plot shows
    clusters without synthetic rows, and synthetic rows where there are no real ones. Rows that look similar in the
    plane may differ in other directions.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from sklearn.datasets import load_iris
    >>> from skgan.plotting import EmbeddingDisplay
    >>> X = load_iris().data
    >>> EmbeddingDisplay.from_samples(X[::2], X[1::2]).real.shape
    (75, 2)
    >>> plt.close()
    """

    figure_size = (6.0, 5.0)

    def __init__(self, *, real, synthetic, method="pca", explained=None, random_state=0):
        self.real = real
        self.synthetic = synthetic
        self.method = method
        self.explained = explained
        self.random_state = random_state

    @classmethod
    def from_estimator(
        cls,
        sampler,
        X,
        *,
        y=None,
        n_samples=None,
        method="pca",
        features="auto",
        max_rows=2000,
        categorical_features="from_dtype",
        channel_axis=None,
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
            Number of rows to draw; None means the number of rows that are shown. Not used if `y` is given.
        method, features, max_rows, categorical_features, ax
            As in `from_samples`.
        channel_axis : {None, 1, 3, -1}, default=None
            For images with four dimensions, the axis of the channels. None means that of the sampler.
        random_state : int, RandomState instance, Generator instance or None, default=0
            For drawing rows from the sampler, and as in `from_samples`.

        Returns
        -------
        EmbeddingDisplay
        """
        require_matplotlib(cls)
        n = n_samples or min(n_rows_of(X), max_rows or n_rows_of(X))
        X_synthetic = draw_rows(sampler, n, y=y, random_state=random_state)
        return cls.from_samples(
            X,
            X_synthetic,
            method=method,
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
        *,
        method="pca",
        features="auto",
        max_rows=2000,
        categorical_features="from_dtype",
        channel_axis=None,
        random_state=0,
        ax=None,
    ):
        """Plot real and synthetic rows.

        Parameters
        ----------
        X_real : array-like or frame of shape (n_real, n_columns), or stack of images
        X_synthetic : the same, of any number of rows
        method : {"pca", "umap"}, default="pca"
            "pca" is the two directions in which real rows vary most. "umap" is a map that keeps neighbours together,
            and needs umap-learn. Both are computed from the real rows alone.
        features : str or callable, default="auto"
            The features of the rows, as in `skgan.metrics.extract`, or a callable that maps X to a matrix. "auto" is
            the pixels of images; "standard" for tables of numbers without missing values; and "ranks" for other tables.
        max_rows : int or None, default=2000
            At most this many rows of each kind are shown; both kinds have the same number.
        categorical_features : "from_dtype" or array-like, default="from_dtype"
            Columns that hold categories, beside those whose dtype says so: a boolean mask, positions or names.
        channel_axis : {None, 1, 3, -1}, default=None
            For images with four dimensions, the axis of the channels. None is an axis of 1, 3 or 4.
        random_state : int, RandomState instance, Generator instance or None, default=0
            For the choice of rows, the map and the order in which points are drawn.
        ax : matplotlib Axes, empty Figure or None, default=None
            As in `plot`.

        Returns
        -------
        EmbeddingDisplay

        Raises
        ------
        ImportError
            method="umap", and umap-learn is not installed.
        ValueError, TypeError
            Rows that cannot be read, or a parameter that is not allowed.
        """
        require_matplotlib(cls)
        embed = resolve("method", method, METHODS)
        check_option("max_rows", max_rows, Whole(1, (None,)))
        rng = generator_of(random_state)
        seed = int(rng.integers(2**31))
        matrices = _matrices(X_real, X_synthetic, features, categorical_features, channel_axis, seed)
        n = min(len(matrix) for matrix in matrices)
        n = n if max_rows is None else min(n, max_rows)
        real, synthetic = (matrix[some_rows(len(matrix), n, rng)].astype(np.float64) for matrix in matrices)
        real, synthetic, explained = embed(real, synthetic, seed)
        return cls(real=real, synthetic=synthetic, method=method, explained=explained, random_state=seed).plot(ax)

    def plot(self, ax=None, *, alpha=None, size=10):
        """Plot the points.

        Parameters
        ----------
        ax : matplotlib Axes, empty Figure or None, default=None
            Where to plot; None means a new figure.
        alpha : float, default=None
            Opacity of a point; None means an opacity that falls with the number of points.
        size : float, default=10
            Area of a point in square points.

        Returns
        -------
        EmbeddingDisplay
            Itself.
        """
        ax = open_axes(self, ax, self.figure_size)
        from matplotlib.colors import to_rgba
        from matplotlib.lines import Line2D

        points = np.concatenate([self.real, self.synthetic])
        colours = np.repeat([to_rgba(REAL), to_rgba(SYNTHETIC)], [len(self.real), len(self.synthetic)], axis=0)
        order = np.random.default_rng(self.random_state).permutation(len(points))
        alpha = alpha if alpha is not None else float(np.clip(60 / len(points) ** 0.6, 0.35, 0.85))
        self.points_ = ax.scatter(*points[order].T, s=size, c=colours[order], alpha=alpha, linewidths=0)
        keys = [
            Line2D([], [], color=colour, marker="o", linestyle="", markersize=5, label=label)
            for colour, label in ((REAL, "real"), (SYNTHETIC, "synthetic"))
        ]
        ax.legend(
            handles=keys, ncols=2, frameon=False, fontsize=LABEL, loc="lower right", bbox_to_anchor=(1, 1),
            borderpad=0.2, borderaxespad=0.2, handletextpad=0.1, columnspacing=1,
        )
        ax.set_title(TITLES[self.method], fontsize=TITLE, loc="left")
        ax.set_xlabel(self._label(0), fontsize=LABEL)
        ax.set_ylabel(self._label(1), fontsize=LABEL)
        ax.tick_params(labelsize=TICK)
        bare(ax)
        self.ax_, self.figure_ = ax, ax.figure
        return self

    def _label(self, axis):
        if self.explained is None:
            return f"dimension {axis + 1}"
        return f"component {axis + 1} ({percent(self.explained[axis])} of the real variance)"


def _matrices(X_real, X_synthetic, features, categorical_features, channel_axis, seed):
    """Real and synthetic rows as matrices."""
    check_images_only(channel_axis, X_real, "X_real")
    sets = [X_real, X_synthetic]
    is_auto = isinstance(features, str) and features == "auto"
    if is_auto and is_stack(X_real):
        return [stack.reshape(len(stack), -1) for stack in read_images(*sets, min_side=1, channel_axis=channel_axis)]
    if is_auto:
        features = "standard" if _is_matrix(X_real) and _is_matrix(X_synthetic) else "ranks"
    options = {"categorical_features": categorical_features, "channel_axis": channel_axis, "random_state": seed}
    return extract(*sets, features=features, **options)


def _is_matrix(X):
    array = np.asarray(X)
    return array.dtype.kind in "fiu" and not np.isnan(array.astype(np.float64)).any()


def _pca(real, synthetic, seed):
    """The two first principal components of the real rows; zeros where there are fewer."""
    mean = real.mean(axis=0)
    centred = real - mean
    n_components = min(2, *centred.shape)
    _, singular_values, directions = randomized_svd(centred, n_components=n_components, random_state=seed)
    plane = np.zeros((real.shape[1], 2))
    plane[:, :n_components] = directions.T
    total = (centred**2).sum()
    explained = np.zeros(2)
    explained[:n_components] = singular_values**2 / total if total > 0 else 0
    return centred @ plane, (synthetic - mean) @ plane, tuple(explained.tolist())


def _umap(real, synthetic, seed):
    """A map that keeps real neighbours together, and the places of synthetic rows in it."""
    if find_spec("umap") is None:
        raise ImportError(
            "method='umap' needs umap-learn, which is not installed; run: python -m pip install umap-learn, or use "
            "method='pca'."
        )
    if len(real) < 4:
        raise ValueError(f"method='umap' needs 4 real rows or more, got {len(real)}; use method='pca'.")
    with warnings.catch_warnings():
        # It warns about optional packages, and that a seed disables its threads.
        warnings.simplefilter("ignore")
        from umap import UMAP

        mapper = UMAP(n_neighbors=min(15, len(real) - 1), random_state=seed, n_jobs=1, init="pca").fit(real)
        return mapper.embedding_, mapper.transform(synthetic), None


METHODS = {"pca": _pca, "umap": _umap}
TITLES = {"pca": "Principal components of the real rows", "umap": "UMAP of the real rows"}
