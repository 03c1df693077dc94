"""InterpolationDisplay: paths from one generated image to another."""

import inspect

import numpy as np

from skgan._forms import as_rows, rows_taken
from skgan._random import generator_of
from skgan._validation import Whole, check_option

from ._mosaic import as_images, layout_options, show
from ._style import require_matplotlib


class InterpolationDisplay:
    """Images between two points of a generator's latent space, one row per path.

    Parameters
    ----------
    frames : ndarray of shape (n_paths, n_steps, height, width) or (n_paths, n_steps, height, width, 3)

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
    figure_ : matplotlib.figure.Figure
    image_ : matplotlib.image.AxesImage
        All images in one picture.

    See Also
    --------
    InterpolationDisplay.from_estimator : Paths of a sampler.
    InterpolationDisplay.from_samples : Given images.

    Notes
    -----
    A generator that has learned the distribution of the images passes through likely images from end to end; one that
    has memorised images jumps between them, or blends the two ends.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import numpy as np
    >>> from sklearn.datasets import load_digits
    >>> from skgan.plotting import InterpolationDisplay
    >>> a, b = load_digits().images[:2]
    >>> weights = np.linspace(0, 1, 5)[:, None, None]
    >>> display = InterpolationDisplay.from_samples([(1 - weights) * a + weights * b])
    >>> display.frames.shape
    (1, 5, 8, 8)
    >>> plt.close()
    """

    def __init__(self, *, frames):
        self.frames = frames

    @classmethod
    def from_estimator(
        cls,
        sampler,
        n_paths=4,
        n_steps=8,
        *,
        y=None,
        image_shape=None,
        channel_axis=None,
        random_state=0,
        cmap="gray",
        title=None,
        ax=None,
    ):
        """Paths between random images of a sampler.

        Parameters
        ----------
        sampler : object
            Fitted, with ``interpolate(a, b, n)`` that returns `n` images, or flattened ones, from that of seed `a` to
            that of seed `b`.
        n_paths : int, default=4
        n_steps : int, default=8
            Images on a path, including both ends.
        y : scalar, dict, or array-like, series or frame of `n_paths` conditions, default=None
            A conditional sampler needs it. A scalar (for several targets a dict) is the condition of all paths, else
            there is one condition per path.
        random_state : int, RandomState instance, Generator instance or None, default=0
            Of the seeds of the ends.
        image_shape, channel_axis
            As in `from_samples`. None is what the sampler was given.
        cmap, title, ax
            As in `plot`.

        Returns
        -------
        InterpolationDisplay

        Raises
        ------
        TypeError
            If the sampler has no ``interpolate``.
        ValueError
            If `y` is missing, or is neither one condition nor one per path.
        """
        require_matplotlib(cls)
        check_option("n_paths", n_paths, Whole(1))
        check_option("n_steps", n_steps, Whole(2))
        if not hasattr(sampler, "interpolate"):
            raise TypeError(
                f"{type(sampler).__name__} has no method interpolate(a, b, n), which gives the images between two "
                "seeds; pass a sampler that has, or the images to InterpolationDisplay.from_samples."
            )
        ends = generator_of(random_state).integers(2**31, size=(n_paths, 2)).tolist()
        takes_y = "y" in inspect.signature(sampler.interpolate).parameters
        options = _conditions(y, n_paths, n_steps) if takes_y else [{}] * n_paths
        frames = [_path(sampler.interpolate(a, b, n_steps, **given)) for (a, b), given in zip(ends, options)]
        layout = layout_options(sampler, image_shape, channel_axis)
        return cls.from_samples(np.stack(frames), **layout, cmap=cmap, title=title, ax=ax)

    @classmethod
    def from_samples(cls, frames, *, image_shape=None, channel_axis=None, cmap="gray", title=None, ax=None):
        """Given images.

        Parameters
        ----------
        frames : array-like of shape (n_paths, n_steps, height, width) or (n_paths, n_steps, height, width, 3), or \
                flattened, (n_paths, n_steps, n_pixels)
        image_shape : tuple of int, default=None
            Height, width and, where there is colour, 3, for flattened images.
        channel_axis : {None, 1, 3, -1}, default=None
            The axis of the channels in the frames of one path, shape (n_steps, ...), where these have four dimensions.
            None is an axis of 1, 3 or 4.
        cmap, title, ax
            As in `plot`.

        Returns
        -------
        InterpolationDisplay

        Raises
        ------
        ValueError, TypeError
            If `frames` are not images.
        """
        require_matplotlib(cls)
        frames = np.asanyarray(frames)
        if frames.ndim not in (3, 4, 5):
            raise ValueError(
                f"frames has shape {frames.shape}; it must have shape (n_paths, n_steps, height, width[, 3]), or "
                "(n_paths, n_steps, n_pixels) with image_shape."
            )
        images = as_images(frames.reshape(-1, *frames.shape[2:]), image_shape, "frames", channel_axis)
        return cls(frames=images.reshape(*frames.shape[:2], *images.shape[1:])).plot(ax, cmap=cmap, title=title)

    def plot(self, ax=None, *, cmap="gray", title=None):
        """Draw one row per path.

        Parameters
        ----------
        ax : matplotlib Axes, empty Figure or None, default=None
            Where to; None is a new figure.
        cmap : str or Colormap, default="gray"
            Of images without colour.
        title : str, default=None

        Returns
        -------
        InterpolationDisplay
            Itself.
        """
        n_paths, n_steps, *shape = self.frames.shape
        show(self, ax, self.frames.reshape(-1, *shape), n_paths, n_steps, cmap, title=title)
        return self


def _conditions(y, n_paths, n_steps):
    """The options of ``interpolate`` for each path."""
    if y is not None and np.ndim(y) == 0:
        return [{"y": y}] * n_paths
    rows = None if y is None else as_rows(y)
    if rows is None or len(rows) != n_paths:
        raise ValueError(
            f"y={y!r} must be one condition, or n_paths={n_paths} conditions, one per path; pass y=... or y=[...]."
        )
    if isinstance(y, list | tuple) and isinstance(y[0], dict):
        return [{"y": condition} for condition in y]
    return [{"y": rows_taken(rows, np.full(n_steps, path))} for path in range(n_paths)]


def _path(images):
    """Images of a path, without the targets that a conditional sampler may return beside them."""
    return np.asarray(images[0] if isinstance(images, tuple) else images)
