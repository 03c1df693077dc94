"""InterpolationDisplay: the ways from one generated image to another."""

import inspect

import numpy as np

from skgan._random import generator_of
from skgan._validation import Whole

from ._draw import check
from ._mosaic import as_images, show
from ._style import require_matplotlib


class InterpolationDisplay:
    """Images on the way between two points of a generator's latent space, a row a way.

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
    InterpolationDisplay.from_estimator : Of ways that a sampler goes.
    InterpolationDisplay.from_samples : Of images at hand.

    Notes
    -----
    A generator that has learned what images are like goes through likely images from end to end; one that has learned
    images by heart jumps, or blends the two ends.

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
        random_state=0,
        cmap="gray",
        title=None,
        ax=None,
    ):
        """Ways between random images of a sampler.

        Parameters
        ----------
        sampler : object
            Fitted, with ``interpolate(a, b, n)`` that gives `n` images, or flattened ones, from that of the seed `a` to
            that of the seed `b`.
        n_paths : int, default=4
        n_steps : int, default=8
            Images on a way, both ends with it.
        y : sequence of `n_paths` conditions, default=None
            Of a conditional sampler, which needs it: what each way is drawn for.
        random_state : int, RandomState instance, Generator instance or None, default=0
            Of the seeds of the ends.
        image_shape, cmap, title, ax
            As in `from_samples`.

        Returns
        -------
        InterpolationDisplay

        Raises
        ------
        TypeError
            If the sampler has no ``interpolate``.
        ValueError
            If `y` is not one condition a way, or is lacking.
        """
        require_matplotlib(cls)
        check("n_paths", n_paths, Whole(1))
        check("n_steps", n_steps, Whole(2))
        if not hasattr(sampler, "interpolate"):
            raise TypeError(
                f"{type(sampler).__name__} has no method interpolate(a, b, n), which gives the images between two "
                "seeds; pass a sampler that has, or the images to InterpolationDisplay.from_samples."
            )
        ends = generator_of(random_state).integers(2**31, size=(n_paths, 2)).tolist()
        takes_y = "y" in inspect.signature(sampler.interpolate).parameters
        if takes_y and (y is None or len(y) != n_paths):
            raise ValueError(f"y={y!r} must hold n_paths={n_paths} conditions, one a way; pass y=[...].")
        options = [{"y": condition} for condition in y] if takes_y else [{}] * n_paths
        frames = [_path(sampler.interpolate(a, b, n_steps, **given)) for (a, b), given in zip(ends, options)]
        return cls.from_samples(np.stack(frames), image_shape=image_shape, cmap=cmap, title=title, ax=ax)

    @classmethod
    def from_samples(cls, frames, *, image_shape=None, cmap="gray", title=None, ax=None):
        """Images at hand.

        Parameters
        ----------
        frames : array-like of shape (n_paths, n_steps, height, width) or (n_paths, n_steps, height, width, 3), or \
                flattened, (n_paths, n_steps, n_pixels)
        image_shape : tuple of int, default=None
            Height, width and, where there is colour, 3, for flattened images.
        cmap, title, ax
            As in `plot`.

        Returns
        -------
        InterpolationDisplay

        Raises
        ------
        ValueError, TypeError
            What is no stack of images.
        """
        require_matplotlib(cls)
        frames = np.asarray(frames)
        if frames.ndim not in (3, 4, 5):
            raise ValueError(
                f"frames has shape {frames.shape}; it must have shape (n_paths, n_steps, height, width[, 3]), or "
                "(n_paths, n_steps, n_pixels) with image_shape."
            )
        images = as_images(frames.reshape(-1, *frames.shape[2:]), image_shape, "frames")
        return cls(frames=images.reshape(*frames.shape[:2], *images.shape[1:])).plot(ax, cmap=cmap, title=title)

    def plot(self, ax=None, *, cmap="gray", title=None):
        """Draw a row a way.

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


def _path(images):
    """Images of a way, without the targets that a conditional sampler may give beside them."""
    return np.asarray(images[0] if isinstance(images, tuple) else images)
