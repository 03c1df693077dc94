"""ImageGridDisplay and ClassGridDisplay: grids of images."""

import numpy as np

from skgan._validation import Whole, check_option

from ._draw import draw_rows
from ._mosaic import as_images, layout_options, show
from ._style import LABEL, plain, require_matplotlib


class ImageGridDisplay:
    """A grid of images.

    Parameters
    ----------
    images : ndarray of shape (n, height, width) or (n, height, width, 3)
    n_cols : int, default=10
        Number of images in a row.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
    figure_ : matplotlib.figure.Figure
    image_ : matplotlib.image.AxesImage
        All images, as one picture.

    See Also
    --------
    ImageGridDisplay.from_estimator : Plot images drawn from a sampler.
    ImageGridDisplay.from_samples : Plot given images.

    Notes
    -----
    All images have the same scale of brightness: 0 to 255 for uint8, else from the smallest to the largest number in
    all images.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from sklearn.datasets import load_digits
    >>> from skgan.plotting import ImageGridDisplay
    >>> display = ImageGridDisplay.from_samples(load_digits().images, 4, 8)
    >>> display.images.shape
    (32, 8, 8)
    >>> plt.close()
    """

    def __init__(self, *, images, n_cols=10):
        self.images = images
        self.n_cols = n_cols

    @classmethod
    def from_estimator(
        cls,
        sampler,
        n_rows=5,
        n_cols=10,
        *,
        y=None,
        image_shape=None,
        channel_axis=None,
        random_state=0,
        cmap="gray",
        title=None,
        ax=None,
    ):
        """Plot images drawn from a sampler.

        Parameters
        ----------
        sampler : GANSampler, ConditionalGANSampler or similar
            A sampler that is fitted on images, or on flattened images.
        n_rows, n_cols : int, default=5 and 10
        y : array-like of shape (n,), default=None
            Targets that a conditional sampler draws images for; the first ``n_rows * n_cols`` are shown.
        random_state : int, RandomState instance, Generator instance or None, default=0
        image_shape, channel_axis
            As in `from_samples`. None is what the sampler was given.
        cmap, title, ax
            As in `plot`.

        Returns
        -------
        ImageGridDisplay
        """
        require_matplotlib(cls)
        _check_grid(n_rows, n_cols)
        X = draw_rows(sampler, n_rows * n_cols, y=y, random_state=random_state)
        layout = layout_options(sampler, image_shape, channel_axis)
        return cls.from_samples(X, n_rows, n_cols, **layout, cmap=cmap, title=title, ax=ax)

    @classmethod
    def from_samples(
        cls, images, n_rows=5, n_cols=10, *, image_shape=None, channel_axis=None, cmap="gray", title=None, ax=None
    ):
        """Plot given images.

        Parameters
        ----------
        images : array-like of shape (n, height, width) or (n, height, width, 3), or flattened rows (n, n_pixels)
            The first ``n_rows * n_cols`` are shown.
        n_rows, n_cols : int, default=5 and 10
        image_shape : tuple of int, default=None
            Height, width and, for images in colour, 3, for flattened rows.
        channel_axis : {None, 1, 3, -1}, default=None
            Of images with four dimensions, the axis of the channels. None is an axis of 1, 3 or 4.
        cmap, title, ax
            As in `plot`.

        Returns
        -------
        ImageGridDisplay

        Raises
        ------
        ValueError, TypeError
            Something that is not a stack of images.
        """
        require_matplotlib(cls)
        _check_grid(n_rows, n_cols)
        images = as_images(images, image_shape, "images", channel_axis)[: n_rows * n_cols]
        return cls(images=images, n_cols=min(n_cols, len(images))).plot(ax, cmap=cmap, title=title)

    def plot(self, ax=None, *, cmap="gray", title=None):
        """Plot the images.

        Parameters
        ----------
        ax : matplotlib Axes, empty Figure or None, default=None
            Where to plot; None means a new figure.
        cmap : str or Colormap, default="gray"
            Colormap of images without colour.
        title : str, default=None

        Returns
        -------
        ImageGridDisplay
            Itself.
        """
        n_rows = -(-len(self.images) // self.n_cols)
        show(self, ax, self.images, n_rows, self.n_cols, cmap, title=title)
        return self


class ClassGridDisplay:
    """A grid of images with one row per class, whose label is at the left.

    Parameters
    ----------
    images : ndarray of shape (n, height, width) or (n, height, width, 3)
    y : ndarray of shape (n,)
        The class of each image.
    classes : sequence
        The classes in the order of their rows.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
    figure_ : matplotlib.figure.Figure
    image_ : matplotlib.image.AxesImage
        All images, as one picture.

    See Also
    --------
    ClassGridDisplay.from_estimator : Plot images drawn from a conditional sampler.
    ClassGridDisplay.from_samples : Plot given images.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from sklearn.datasets import load_digits
    >>> from skgan.plotting import ClassGridDisplay
    >>> X, y = load_digits(return_X_y=True)
    >>> display = ClassGridDisplay.from_samples(X, y, n_cols=6, image_shape=(8, 8))
    >>> display.images.shape
    (60, 8, 8)
    >>> plt.close()
    """

    def __init__(self, *, images, y, classes):
        self.images = images
        self.y = y
        self.classes = classes

    @classmethod
    def from_estimator(
        cls,
        sampler,
        classes=None,
        *,
        n_cols=10,
        image_shape=None,
        channel_axis=None,
        random_state=0,
        cmap="gray",
        title=None,
        ax=None,
    ):
        """Plot images of each class, drawn from a conditional sampler.

        Parameters
        ----------
        sampler : ConditionalGANSampler or similar
            A sampler that is fitted on images, or on flattened images, and their classes.
        classes : sequence, default=None
            The classes, in the order of the rows; None means the `classes_` of the sampler.
        n_cols : int, default=10
            Number of images of each class.
        random_state : int, RandomState instance, Generator instance or None, default=0
        image_shape, channel_axis
            As in `from_samples`. None is what the sampler was given.
        cmap, title, ax
            As in `plot`.

        Returns
        -------
        ClassGridDisplay

        Raises
        ------
        ValueError
            No classes are given, and the sampler has no `classes_`.
        """
        require_matplotlib(cls)
        check_option("n_cols", n_cols, Whole(1))
        if classes is None and not hasattr(sampler, "classes_"):
            raise ValueError(
                f"{type(sampler).__name__} has no classes_; pass a fitted conditional sampler, or classes."
            )
        classes = list(sampler.classes_ if classes is None else classes)
        y = [label for label in classes for _ in range(n_cols)]
        X = draw_rows(sampler, len(y), y=y, random_state=random_state)
        layout = layout_options(sampler, image_shape, channel_axis)
        return cls.from_samples(X, y, n_cols=n_cols, classes=classes, **layout, cmap=cmap, title=title, ax=ax)

    @classmethod
    def from_samples(
        cls,
        images,
        y,
        *,
        n_cols=10,
        classes=None,
        image_shape=None,
        channel_axis=None,
        cmap="gray",
        title=None,
        ax=None,
    ):
        """Plot given images and their classes.

        Parameters
        ----------
        images : array-like of shape (n, height, width) or (n, height, width, 3), or flattened rows (n, n_pixels)
        y : array-like of shape (n,)
            The first `n_cols` images of each class are shown.
        n_cols : int, default=10
        classes : sequence, default=None
            The classes, in the order of the rows; None means all classes, sorted.
        image_shape : tuple of int, default=None
            Height, width and, for images in colour, 3, for flattened rows.
        channel_axis : {None, 1, 3, -1}, default=None
            Of images with four dimensions, the axis of the channels. None is an axis of 1, 3 or 4.
        cmap, title, ax
            As in `plot`.

        Returns
        -------
        ClassGridDisplay

        Raises
        ------
        ValueError, TypeError
            Something that is not a stack of images, or not one label per image.
        """
        require_matplotlib(cls)
        check_option("n_cols", n_cols, Whole(1))
        images, y = as_images(images, image_shape, "images", channel_axis), np.asarray(y)
        if y.shape != (len(images),):
            raise ValueError(f"y has shape {y.shape}, but there are {len(images)} images; pass one label per image.")
        classes = np.unique(y).tolist() if classes is None else list(classes)
        chosen = [np.flatnonzero(y == label)[:n_cols] for label in classes]
        absent = next((label for label, positions in zip(classes, chosen) if not len(positions)), None)
        if absent is not None:
            raise ValueError(f"classes has the item {absent!r}, which does not occur in y; leave it out.")
        chosen = np.concatenate(chosen)
        return cls(images=images[chosen], y=y[chosen], classes=classes).plot(ax, cmap=cmap, title=title)

    def plot(self, ax=None, *, cmap="gray", title=None):
        """Plot one row per class.

        Parameters
        ----------
        ax : matplotlib Axes, empty Figure or None, default=None
            Where to plot; None means a new figure.
        cmap : str or Colormap, default="gray"
            Colormap of images without colour.
        title : str, default=None

        Returns
        -------
        ClassGridDisplay
            Itself.
        """
        members = [np.flatnonzero(self.y == label) for label in self.classes]
        n_cols = max(len(positions) for positions in members)
        cells = np.concatenate([i * n_cols + np.arange(len(positions)) for i, positions in enumerate(members)])
        labels = [plain(label, 16) for label in self.classes]
        left = 0.09 * max(len(label) for label in labels)
        images = self.images[np.concatenate(members)]
        gap = show(self, ax, images, len(members), n_cols, cmap, cells=cells, left=left, title=title)
        height = images.shape[1]
        middles = np.arange(len(members)) * (height + gap) + (height - 1) / 2
        self.ax_.set_yticks(middles, labels, fontsize=LABEL)
        self.ax_.tick_params(length=0)
        return self


def _check_grid(n_rows, n_cols):
    check_option("n_rows", n_rows, Whole(1))
    check_option("n_cols", n_cols, Whole(1))
