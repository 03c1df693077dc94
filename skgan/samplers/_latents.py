"""Points of the latent space, and the way between two of them."""

from __future__ import annotations

import numbers

import numpy as np
import torch

from skgan._random import torch_stream

# Beyond it, single precision is infinite.
LARGEST = np.finfo(np.float32).max


def latent_of(given, name, width):
    """A latent (width,): `given` itself, or the one that a seed stands for."""
    if isinstance(given, numbers.Integral) and not isinstance(given, bool) and given >= 0:
        return torch.randn(width, generator=torch_stream(int(given), "latent"), dtype=torch.float32)
    latent = np.asarray(given)
    if latent.dtype.kind not in "fiu" or latent.shape != (width,) or not (np.abs(latent) < LARGEST).all():
        raise ValueError(
            f"{name} must be a seed, a whole number of at least 0, or a latent of {width} finite numbers, got "
            f"{given!r}."
        )
    return torch.as_tensor(latent.astype(np.float32))


def along_the_sphere(start, end, n):
    """n latents (n, width) from `start` to `end` along a great circle.

    ``(sin((1 - t) w) start + sin(t w) end) / sin w`` with the angle w between the two: a straight line would cut
    through the middle of the sphere on which normal latents lie. White (2016), Sampling generative networks, section
    2.1. Ends in one direction or in opposite ones span no circle, and are joined by a straight line.
    """
    start, end, dtype = start.double(), end.double(), start.dtype
    t = torch.linspace(0, 1, n, dtype=torch.float64)[:, None]
    angle = torch.arccos(torch.nn.functional.cosine_similarity(start, end, dim=0).clamp(-1, 1))
    if angle.sin() < 1e-4:
        return ((1 - t) * start + t * end).to(dtype)
    return ((torch.sin((1 - t) * angle) * start + torch.sin(t * angle) * end) / torch.sin(angle)).to(dtype)
