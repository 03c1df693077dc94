"""Seeds and random streams of skgan's own; the caller's global generators are not changed."""

from __future__ import annotations

import numbers
import zlib
from contextlib import contextmanager

import numpy as np

from ._forked import Lock

_GLOBAL_TORCH_GENERATOR = Lock()


def draw_seed(random_state) -> int:
    """A seed for `random_state`.

    Parameters
    ----------
    random_state : None, int, numpy.random.RandomState or numpy.random.Generator
        None takes fresh entropy from the operating system, an int is returned, a generator is advanced by one draw.

    Returns
    -------
    int
        A seed in [0, 2**63).
    """
    if random_state is None:
        return int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> 1)
    if isinstance(random_state, numbers.Integral) and not isinstance(random_state, bool):
        if random_state < 0:
            raise ValueError(f"random_state={random_state} must not be negative; pass a whole number from 0 up.")
        return int(random_state)
    if isinstance(random_state, np.random.RandomState):
        return int(random_state.randint(0, 2**31 - 1))
    if isinstance(random_state, np.random.Generator):
        return int(random_state.integers(0, 2**63 - 1))
    raise ValueError(
        f"random_state={random_state!r} is not allowed; pass None, a whole number, a numpy.random.RandomState "
        "or a numpy.random.Generator."
    )


def _sequence(seed: int, words) -> np.random.SeedSequence:
    key = tuple(int(word) if isinstance(word, numbers.Integral) else zlib.crc32(word.encode()) for word in words)
    return np.random.SeedSequence(seed, spawn_key=key)


def generator_of(random_state) -> np.random.Generator:
    """A NumPy Generator for a random_state: None, an int, a RandomState or a Generator."""
    if isinstance(random_state, np.random.RandomState):
        random_state = random_state.randint(2**31)
    return np.random.default_rng(random_state)


def some_rows(n_rows, max_rows, rng):
    """Positions of at most `max_rows` of `n_rows` rows, drawn at random and sorted; all if `max_rows` is None."""
    if max_rows is None or n_rows <= max_rows:
        return np.arange(n_rows)
    return np.sort(rng.choice(n_rows, max_rows, replace=False))


def numpy_stream(seed: int, *words) -> np.random.Generator:
    """The NumPy stream of `seed` for the purpose `words` (strings or whole numbers)."""
    return np.random.default_rng(_sequence(seed, words))


def torch_stream(seed: int, *words) -> torch.Generator:  # noqa: F821
    """The torch stream of `seed` for the purpose `words`; it is always on the CPU."""
    import torch

    state = _sequence(seed, words).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(state >> 1))


@contextmanager
def seeded_globals(seed: int):
    """Seed torch's global generator for code that can use no other, and restore it; one thread at a time."""
    import torch

    with _GLOBAL_TORCH_GENERATOR:
        before = torch.get_rng_state()
        torch.default_generator.manual_seed(seed % 2**63)
        try:
            yield
        finally:
            torch.set_rng_state(before)
