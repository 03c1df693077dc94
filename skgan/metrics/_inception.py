"""Features from a network in a file of the user."""

from pathlib import Path

import numpy as np

from skgan._registry import resolve
from skgan._validation import Whole, check_parameters

from ._images import CHANNEL_AXIS, read_images
from ._inputs import in_batches

# How the network expects pixels between 0 and 1 to be scaled: (factor, offset).
PIXELS = {"symmetric": (2.0, -1.0), "unit": (1.0, 0.0), "bytes": (255.0, 0.0)}
RULES = {"size": Whole(1, (None,)), "batch_size": Whole(1), "channel_axis": CHANNEL_AXIS}


class InceptionFeatures:
    """Features of images from a network in your own TorchScript file, such as an Inception network.

    With these as ``features``, `frechet_distance` is the Fréchet inception distance (FID) if the file holds the
    Inception network. skgan contains no such file and downloads none.

    Parameters
    ----------
    path : str or path-like
        A TorchScript file, as ``torch.jit.save`` writes it: a module that maps images of shape (n, 3, size, size) to
        features of shape (n, n_features). **Loading such a file runs a program: use only files that you trust.**
    size : int or None, default=299
        Images are resized to this height and width, bilinear and antialiased. None does not resize them, for networks
        that resize images themselves.
    pixels : {"symmetric", "unit", "bytes"}, default="symmetric"
        The pixels that the network expects: float32 in [-1, 1], float32 in [0, 1], or uint8 from 0 to 255.
    options : dict, default=None
        Keyword arguments for calling the network, such as ``{"return_features": True}``.
    batch_size : int, default=64
        Number of images per call of the network.
    device : str, default="cpu"
        The device that the network runs on, such as "cuda".
    channel_axis : {None, 1, 3, -1}, default=None
        Of images with four dimensions, the axis of the channels. None is an axis of 1, 3 or 4.

    Attributes
    ----------
    name : str
        "FID": the name of the Fréchet distance of these features in a report.

    Notes
    -----
    Images are of shape (n, height, width), (n, height, width, n_channels) or (n, n_channels, height, width), with one
    or three channels and at least 8 by 8 pixels; integers from 0 to 255, or floats from 0 to 1. A single channel is
    repeated three times. Distances depend on how images are resized: compare only those that were computed in the same
    way (Parmar et al. 2022). The file is read at each call, so that this object can be pickled.

    References
    ----------
    M. Heusel et al. (2017). GANs trained by a two time-scale update rule converge to a local Nash equilibrium. NeurIPS.

    G. Parmar, R. Zhang and J.-Y. Zhu (2022). On aliased resizing and surprising subtleties in GAN evaluation. CVPR.

    Examples
    --------
    >>> from skgan.metrics import InceptionFeatures, frechet_distance
    >>> features = InceptionFeatures("inception.pt")  # doctest: +SKIP
    >>> frechet_distance(images, generated, features=features)  # doctest: +SKIP
    """

    name = "FID"

    def __init__(
        self, path, *, size=299, pixels="symmetric", options=None, batch_size=64, device="cpu", channel_axis=None
    ):
        self.path = path
        self.size = size
        self.pixels = pixels
        self.options = options
        self.batch_size = batch_size
        self.device = device
        self.channel_axis = channel_axis
        check_parameters(self, RULES)
        resolve("pixels", pixels, PIXELS)
        if not Path(path).is_file():
            raise FileNotFoundError(f"path={str(path)!r} is not a file; pass the path of a TorchScript file.")

    def __call__(self, images):
        """Compute the features of images.

        Parameters
        ----------
        images : array-like of shape (n, height, width), (n, height, width, n_channels) or \
                (n, n_channels, height, width)

        Returns
        -------
        ndarray of float32, shape (n, n_features)

        Raises
        ------
        ValueError, TypeError
            Images with another range or number of channels, or a file that does not hold such a network.
        """
        import torch

        from skgan._torch_settings import plain_tensors

        (stack,) = read_images(images, names=("images",), channel_axis=self.channel_axis)
        brightest = _brightest(stack)
        network = self._read(torch)

        def evaluate(rows):
            with plain_tensors(), torch.inference_mode():
                found = network(self._prepared(rows, brightest, torch), **(self.options or {}))
            if not isinstance(found, torch.Tensor) or len(found) != len(rows):
                raise ValueError(
                    f"The network in {str(self.path)!r} must map {len(rows)} images to a tensor of as many rows, got "
                    f"{tuple(found.shape) if isinstance(found, torch.Tensor) else type(found).__name__}; some networks "
                    "need options to return features."
                )
            return found.flatten(1).to("cpu", torch.float32).numpy()

        return in_batches(evaluate, stack, self.batch_size)

    def _read(self, torch):
        """The network in the file."""
        try:
            return torch.jit.load(str(self.path), map_location=self.device).eval()
        except RuntimeError as error:
            raise ValueError(
                f"path={str(self.path)!r} cannot be read as TorchScript; save the network by torch.jit.save."
            ) from error

    def _prepared(self, rows, brightest, torch):
        """Images (n, n_channels, height, width) as the network expects them."""
        x = torch.from_numpy(np.ascontiguousarray(rows, dtype=np.float32) / np.float32(brightest)).to(self.device)
        x = x.expand(-1, 3, -1, -1)
        if self.size is not None:
            side = (self.size, self.size)
            x = torch.nn.functional.interpolate(x, side, mode="bilinear", align_corners=False, antialias=True)
        factor, offset = PIXELS[self.pixels]
        x = x * factor + offset
        return x.round().clamp(0, 255).to(torch.uint8) if self.pixels == "bytes" else x


def _brightest(stack):
    """The value of a white pixel in a stack (n, n_channels, height, width), whose channels and range are checked."""
    if stack.shape[1] not in (1, 3):
        raise ValueError(f"images have {stack.shape[1]} channels, but must have one or three; convert them.")
    brightest = {"f": 1, "b": 1}.get(stack.dtype.kind, 255)
    low, high = stack.min(), stack.max()
    if low < 0 or high > brightest:
        raise ValueError(
            f"images of dtype {stack.dtype} range from {low} to {high}, but must lie between 0 and {brightest}; "
            "rescale them: integers from 0 to 255, floats from 0 to 1."
        )
    return brightest
