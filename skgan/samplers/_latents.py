"""Latents: read them, interpolate between them, and find the latent of a given row."""

from __future__ import annotations

import numbers

import numpy as np
import torch

from skgan._random import torch_stream

# Settings of an inversion: random latents, of which the best is the start, and steps of the optimiser.
N_STARTS, N_STEPS, LEARNING_RATE = 64, 200, 0.1
# Larger numbers overflow in single precision.
LARGEST = np.finfo(np.float32).max


def latent_of(given, name, width):
    """A latent (width,): `given` itself, or the latent of a seed."""
    if isinstance(given, numbers.Integral) and not isinstance(given, bool) and given >= 0:
        return torch.randn(width, generator=torch_stream(int(given), "latent"), dtype=torch.float32, device="cpu")
    latent = np.asarray(given)
    if latent.dtype.kind not in "fiu" or latent.shape != (width,) or not (np.abs(latent) < LARGEST).all():
        raise ValueError(
            f"{name} must be a seed, a whole number of at least 0, or a latent of {width} finite numbers, got "
            f"{given!r}."
        )
    return torch.as_tensor(latent.astype(np.float32))


def along_the_sphere(start, end, n):
    """n latents (n, width) from `start` to `end` along a great circle.

    Latents are ``(sin((1 - t) w) start + sin(t w) end) / sin w`` with the angle w between the ends (White 2016,
    Sampling generative networks, section 2.1). A straight line would pass through the inside of the sphere near which
    normal latents are. Ends in the same or opposite directions do not define a circle; a straight line joins them.
    """
    start, end, dtype = start.double(), end.double(), start.dtype
    t = torch.linspace(0, 1, n, dtype=torch.float64, device="cpu")[:, None]
    angle = torch.arccos(torch.nn.functional.cosine_similarity(start, end, dim=0).clamp(-1, 1))
    if angle.sin() < 1e-4:
        return ((1 - t) * start + t * end).to(dtype)
    return ((torch.sin((1 - t) * angle) * start + torch.sin(t * angle) * end) / torch.sin(angle)).to(dtype)


def nearest_latents(generator, rows, condition, stream):
    """The latents (n, noise_dim) whose rows are nearest to `rows` (n, width), by squared distance.

    Starts from the best of several random latents and minimises the distance with Adam [1]_. The best latent of all
    steps is returned.

    References
    ----------
    .. [1] Creswell and Bharath, "Inverting the generator of a generative adversarial network", IEEE TNNLS 2019, eq. 1.
    """
    latent = _best_start(generator, rows, condition, stream).requires_grad_(True)
    optimizer = torch.optim.Adam([latent], lr=LEARNING_RATE)
    best, least = latent.detach().clone(), torch.full((len(rows),), torch.inf, device=rows.device)
    for step in range(N_STEPS + 1):
        distance = (generator(latent, condition) - rows).square().sum(1)
        nearer = distance.detach() < least
        best = torch.where(nearer[:, None], latent.detach(), best)
        least = torch.where(nearer, distance.detach(), least)
        optimizer.param_groups[0]["lr"] = LEARNING_RATE * (1 - step / N_STEPS)
        (latent.grad,) = torch.autograd.grad(distance.sum(), latent)
        optimizer.step()
    return best


@torch.no_grad()
def _best_start(generator, rows, condition, stream):
    best, least = None, None
    for _ in range(N_STARTS):
        latent = torch.randn(len(rows), generator.noise_dim, generator=stream, dtype=torch.float32).to(rows.device)
        distance = (generator(latent, condition) - rows).square().sum(1)
        nearer = torch.ones_like(distance, dtype=torch.bool) if best is None else distance < least
        best = latent if best is None else torch.where(nearer[:, None], latent, best)
        least = distance if least is None else torch.where(nearer, distance, least)
    return best
