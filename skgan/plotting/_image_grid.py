"""ImageGridDisplay and ClassGridDisplay: generated images, many at a glance."""

import numpy as np

from skgan._validation import Whole, check_option

from ._draw import draw_rows
from ._mosaic import as_images, layout_options, show
from ._style import LABEL, plain, require_matplotlib


class ImageGridDisplay:
    """Images in rows and columns.

    Parameters
    ----------
    images : ndarray of shape (n, height, width) or (n, height, width, 3)
    n_cols : int, default=10
        Images in a row.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
    figure_ : matplotlib.figure.Figure
    image_ : matplotlib.image.AxesImage
        All images in one picture.

    See Also
    --------
    ImageGridDisplay.from_estimator : Of images that a sampler draws.
    ImageGridDisplay.from_samples : Of images at hand.

    Notes
    -----
    All images share one scale of brightness: 0 to 255 for uint8, else from the smallest to the largest number in any
    of them.

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
        """Images that a sampler draws.

        Parameters
        ----------
        sampler : GANSampler, ConditionalGANSampler or alike
            Fitted on images, or on flattened ones.
        n_rows, n_cols : int, default=5 and 10
        y : array-like of shape (n,), default=None
            Targets to draw images for, for a conditional sampler; the first ``n_rows * n_cols`` are shown.
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
        """Images at hand.

        Parameters
        ----------
        images : array-like of shape (n, height, width) or (n, height, width, 3), or flattened rows (n, n_pixels)
            The first ``n_rows * n_cols`` are shown.
        n_rows, n_cols : int, default=5 and 10
        image_shape : tuple of int, default=None
            Height, width and, where there is colour, 3, for flattened rows.
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
            What is no stack of images.
        """
        require_matplotlib(cls)
        _check_grid(n_rows, n_cols)
        images = as_images(images, image_shape, "images", channel_axis)[: n_rows * n_cols]
        return cls(images=images, n_cols=min(n_cols, len(images))).plot(ax, cmap=cmap, title=title)

    def plot(self, ax=None, *, cmap="gray", title=None):
        """Draw the images.

        Parameters
        ----------
        ax : matplotlib Axes, empty Figure or None, default=None
            Where to; None is a new figure.
        cmap : str or Colormap, default="gray"
            Of images without colour.
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
    """Images of each class in a row of its own, its label at the left.

    Parameters
    ----------
    images : ndarray of shape (n, height, width) or (n, height, width, 3)
    y : ndarray of shape (n,)
        The class of each.
    classes : sequence
        The classes in the order of their rows.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
    figure_ : matplotlib.figure.Figure
    image_ : matplotlib.image.AxesImage
        All images in one picture.

    See Also
    --------
    ClassGridDisplay.from_estimator : Of images that a conditional sampler draws.
    ClassGridDisplay.from_samples : Of images at hand.

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
        """Images that a conditional sampler draws, class by class.

        Parameters
        ----------
        sampler : ConditionalGANSampler or alike
            Fitted on images, or on flattened ones, and their classes.
        classes : sequence, default=None
            Which, in the order of their rows; None is the sampler's `classes_`.
        n_cols : int, default=10
            Images of each class.
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
            If no classes are given and the sampler knows none.
        """
        require_matplotlib(cls)
        check_option("n_cols", n_cols, Whole(1))
        if classes is None and not hasattr(sampler, "classes_"):
            raise ValueError(
                f"{type(sampler).__name__} has no classes_; pass classes, and a conditional sampler that is fitted."
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
        """Images at hand, and their classes.

        Parameters
        ----------
        images : array-like of shape (n, height, width) or (n, height, width, 3), or flattened rows (n, n_pixels)
        y : array-like of shape (n,)
            The first `n_cols` images of each class are shown.
        n_cols : int, default=10
        classes : sequence, default=None
            Which classes, in the order of their rows; None is all, sorted.
        image_shape : tuple of int, default=None
            Height, width and, where there is colour, 3, for flattened rows.
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
            What is no stack of images; as many labels as images are needed.
        """
        require_matplotlib(cls)
        check_option("n_cols", n_cols, Whole(1))
        images, y = as_images(images, image_shape, "images", channel_axis), np.asarray(y)
        if y.shape != (len(images),):
            raise ValueError(f"y has shape {y.shape}, but there are {len(images)} images; pass one label an image.")
        classes = np.unique(y).tolist() if classes is None else list(classes)
        chosen = [np.flatnonzero(y == label)[:n_cols] for label in classes]
        lacking = next((label for label, places in zip(classes, chosen) if not len(places)), None)
        if lacking is not None:
            raise ValueError(f"classes has {lacking!r}, of which y has no image; leave it out.")
        chosen = np.concatenate(chosen)
        return cls(images=images[chosen], y=y[chosen], classes=classes).plot(ax, cmap=cmap, title=title)

    def plot(self, ax=None, *, cmap="gray", title=None):
        """Draw a row a class.

        Parameters
        ----------
        ax : matplotlib Axes, empty Figure or None, default=None
            Where to; None is a new figure.
        cmap : str or Colormap, default="gray"
            Of images without colour.
        title : str, default=None

        Returns
        -------
        ClassGridDisplay
            Itself.
        """
        members = [np.flatnonzero(self.y == label) for label in self.classes]
        n_cols = max(len(places) for places in members)
        cells = np.concatenate([i * n_cols + np.arange(len(places)) for i, places in enumerate(members)])
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
