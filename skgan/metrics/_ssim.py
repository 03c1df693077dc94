"""Structural similarity of images, at one scale and at several.

It is written here because scikit-image has one scale only, and torchmetrics is a large dependency for a page of code;
the tests compare `ssim` with the numbers of scikit-image.
"""

import numpy as np
from scipy.ndimage import correlate1d

from ._images import brightness_range, read_images

RADIUS = 5
SIGMA = 1.5
WINDOW = np.exp(-(np.arange(-RADIUS, RADIUS + 1) ** 2) / (2 * SIGMA**2))
WINDOW /= WINDOW.sum()
K1, K2 = 0.01, 0.03
SCALE_WEIGHTS = np.array([0.0448, 0.2856, 0.3001, 0.2363, 0.1333])
# Numbers in one intermediate array, so that memory stays at tens of megabytes.
MAX_CELLS = 1_000_000


def ssim(images_a, images_b, *, data_range=None, channel_axis=None):
    """Mean structural similarity of pairs of images.

    Parameters
    ----------
    images_a : array-like of shape (n, height, width), (n, height, width, n_channels) or (n, n_channels, height, width)
        At least 11 by 11 pixels.
    images_b : array-like of the same shape
        Image i is compared with image i of images_a.
    data_range : float, default=None
        Difference between the brightest and the darkest value that a pixel may have. None means 255 for uint8, and
        otherwise the range of the values in both stacks.
    channel_axis : {None, 1, 3, -1}, default=None
        Of images with four dimensions, the axis of the channels. None is an axis of 1, 3 or 4.

    Returns
    -------
    float
        In [-1, 1]; 1 for equal images, near 0 for images without common structure. Higher is better for images and
        their reconstructions; lower means more variety for pairs of samples of one generator.

    Raises
    ------
    ValueError, TypeError
        Something that is no stack of images, stacks of different shapes, or images with too few pixels.

    Notes
    -----
    With means, variances and the covariance in a Gaussian window (11 by 11 pixels, deviation 1.5) around a pixel, and
    :math:`c_1 = (0.01 L)^2, c_2 = (0.03 L)^2` for the range L,

    .. math:: \\frac{(2 \\mu_a \\mu_b + c_1)(2 \\sigma_{ab} + c_2)}
        {(\\mu_a^2 + \\mu_b^2 + c_1)(\\sigma_a^2 + \\sigma_b^2 + c_2)},

    averaged over the pixels whose window lies inside the image, over the channels and over the pairs. It is symmetric.

    References
    ----------
    Z. Wang, A. C. Bovik, H. R. Sheikh and E. P. Simoncelli (2004). Image quality assessment: from error visibility to
    structural similarity. IEEE Transactions on Image Processing 13(4), 600-612.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import ssim
    >>> images = np.random.default_rng(0).integers(256, size=(5, 16, 16), dtype=np.uint8)
    >>> round(ssim(images, images), 6)
    1.0
    >>> ssim(images, 255 - images) < 0
    True
    """
    a, b, data_range = _read_pairs(images_a, images_b, data_range, channel_axis)
    return _mean_over_pairs(lambda x, y: _similarity(x, y, data_range)[0], a, b)


def ms_ssim(images_a, images_b, *, data_range=None, channel_axis=None):
    """Mean structural similarity of pairs of images, at several scales.

    Parameters
    ----------
    images_a : array-like of shape (n, height, width), (n, height, width, n_channels) or (n, n_channels, height, width)
        At least 11 by 11 pixels; five scales need 161 by 161.
    images_b : array-like of the same shape
        Image i is compared with image i of images_a.
    data_range : float, default=None
        Difference between the brightest and the darkest value that a pixel may have. None means 255 for uint8, and
        otherwise the range of the values in both stacks.
    channel_axis : {None, 1, 3, -1}, default=None
        Of images with four dimensions, the axis of the channels. None is an axis of 1, 3 or 4.

    Returns
    -------
    float
        In [0, 1]; 1 for equal images. Higher is better for images and their reconstructions; lower means more variety
        for pairs of samples of one class (Odena et al. 2017).

    Raises
    ------
    ValueError, TypeError
        Something that is no stack of images, stacks of different shapes, or images with too few pixels.

    Notes
    -----
    At each scale j except the coarsest scale M, the second factor of `ssim` (contrast and structure, :math:`s_j`) is
    averaged over the image; at scale M the product of both factors (:math:`l_M s_M`) is. Each scale halves the images
    of the previous one by the mean of 2 by 2 pixels:

    .. math:: (l_M s_M)^{w_M} \\prod_{j < M} s_j^{w_j}, \\quad w = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333).

    Negative averages count as 0. Only the scales that have at least 11 by 11 pixels are used, and their weights are
    rescaled to the sum of all five: images of 28 by 28 pixels have two scales, those of 64 by 64 pixels three. So
    scores of images of different sizes are not comparable.

    References
    ----------
    Z. Wang, E. P. Simoncelli and A. C. Bovik (2003). Multiscale structural similarity for image quality assessment.
    Asilomar Conference on Signals, Systems and Computers.

    A. Odena, C. Olah and J. Shlens (2017). Conditional image synthesis with auxiliary classifier GANs. ICML.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import ms_ssim
    >>> images = np.random.default_rng(0).integers(256, size=(5, 32, 32), dtype=np.uint8)
    >>> round(ms_ssim(images, images), 6)
    1.0
    """
    a, b, data_range = _read_pairs(images_a, images_b, data_range, channel_axis)
    n_scales = _n_scales(min(a.shape[2:]))
    weights = SCALE_WEIGHTS[:n_scales] * (SCALE_WEIGHTS.sum() / SCALE_WEIGHTS[:n_scales].sum())

    def product(x, y):
        result = 1.0
        for scale, weight in enumerate(weights, start=1):
            whole, structure = _similarity(x, y, data_range)
            result = result * np.maximum(whole if scale == n_scales else structure, 0.0) ** weight
            x, y = _halved(x), _halved(y)
        return result

    return _mean_over_pairs(product, a, b)


def _read_pairs(images_a, images_b, data_range, channel_axis):
    """Both stacks, channels first, and the range of their values."""
    names = ("images_a", "images_b")
    a, b = read_images(images_a, images_b, names=names, min_side=len(WINDOW), channel_axis=channel_axis)
    if len(a) != len(b):
        raise ValueError(f"images_a has {len(a)} images, but images_b has {len(b)}; pass equally many.")
    if data_range is None:
        low, high = brightness_range(a, b)
        return a, b, high - low
    if not (np.isreal(data_range) and 0 < data_range < np.inf):
        raise ValueError(f"data_range={data_range!r} is not allowed; data_range must be a number above 0.")
    return a, b, float(data_range)


def _n_scales(side):
    n_scales = 1
    while n_scales < len(SCALE_WEIGHTS) and (side := (side + 1) // 2) >= len(WINDOW):
        n_scales += 1
    return n_scales


def _mean_over_pairs(similarity, a, b):
    """Mean `similarity` over pairs and channels, computed in batches of pairs."""
    n_pairs = max(1, MAX_CELLS // a[0].size)
    starts = range(0, len(a), n_pairs)
    total = sum(
        similarity(a[start : start + n_pairs].astype(np.float64), b[start : start + n_pairs].astype(np.float64)).sum()
        for start in starts
    )
    return float(total / (len(a) * a.shape[1]))


def _similarity(a, b, data_range):
    """Similarity of images (n, n_channels, h, w), and its factor without brightness, both of shape (n, n_channels)."""
    c1, c2 = (K1 * data_range) ** 2, (K2 * data_range) ** 2
    mean_a, mean_b = _windowed(a), _windowed(b)
    variances = _windowed(a * a) - mean_a**2 + _windowed(b * b) - mean_b**2
    covariance = _windowed(a * b) - mean_a * mean_b
    structure = (2 * covariance + c2) / (variances + c2)
    brightness = (2 * mean_a * mean_b + c1) / (mean_a**2 + mean_b**2 + c1)
    return (brightness * structure).mean(axis=(2, 3)), structure.mean(axis=(2, 3))


def _windowed(images):
    """Weighted means in the window around each pixel whose window lies inside the image."""
    inside = slice(RADIUS, -RADIUS)
    along_rows = correlate1d(images, WINDOW, axis=2)[:, :, inside]
    return correlate1d(along_rows, WINDOW, axis=3)[:, :, :, inside]


def _halved(images):
    """Means of 2 by 2 pixels; the last row or column is repeated where their number is odd."""
    height, width = images.shape[2:]
    even = np.pad(images, ((0, 0), (0, 0), (0, height % 2), (0, width % 2)), mode="edge")
    return (even[:, :, ::2, ::2] + even[:, :, 1::2, ::2] + even[:, :, ::2, 1::2] + even[:, :, 1::2, 1::2]) / 4
