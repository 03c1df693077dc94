"""Small problems with known answers, and the samplers that every check runs on.

A new sampler joins `SAMPLERS` and inherits all checks of `sampler_checks`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch

from skgan import ConditionalGANSampler, GANSampler
from skgan._spec import DataSpec
from skgan.datasets import make_mixed
from skgan.games import AdversarialGame, AuxiliaryGame
from skgan.losses import LOSSES
from skgan.networks import Generator, TableGenerator, table_discriminator
from skgan.regularizers import REGULARIZERS
from skgan.training import Batch, Run

# Enough to train, calibrate and refine; not enough to learn anything.
SMALL = {"max_iter": 5, "random_state": 0}
# The cheapest fit there is.
TINY = {"max_iter": 2, "refine": False, "random_state": 0}


class Case(NamedTuple):
    """A sampler and how to call it: `make(**parameters)`, ``fit(*args(X))``, ``score(*args(X))``."""

    name: str
    make: Callable
    args: Callable


SAMPLERS = [
    Case("GANSampler", partial(GANSampler, **SMALL), lambda X: (X,)),
    Case("ConditionalGANSampler-classes", partial(ConditionalGANSampler, **SMALL), lambda X: (X, labels_of(X))),
    # Refinement under conditions is checked with classes, and all that goes without it here.
    Case(
        "ConditionalGANSampler-continuous",
        partial(ConditionalGANSampler, **SMALL, refine=False),
        lambda X: (X, numbers_of(X)),
    ),
]


def labels_of(X):
    """A text label a row of X, known from the position alone."""
    return np.array(["ash", "birch", "cedar"])[np.arange(len(X)) % 3]


def numbers_of(X):
    """A number with two decimals a row of X, all different."""
    return np.round(np.linspace(-3.0, 7.0, len(X)), 2)


def small_frame(n_samples=60, random_state=0):
    """Six kinds of column, with missing values and without rare categories."""
    columns = ["price", "weight", "floor", "pets", "grade", "sold"]
    return make_mixed(n_samples, random_state=random_state)[columns]


def small_array(n_samples=60, random_state=0):
    """Two dependent columns of floats."""
    X = np.random.default_rng(random_state).standard_normal((n_samples, 2))
    X[:, 1] += X[:, 0]
    return X


def blobs(n_samples=300, random_state=0):
    """X of shape (n, 2) around the mean of its class y: ``MEANS[y]``."""
    rng = np.random.default_rng(random_state)
    y = rng.integers(3, size=n_samples)
    return BLOB_MEANS[y] + 0.5 * rng.standard_normal((n_samples, 2)), y


BLOB_MEANS = np.array([[-5.0, 0.0], [5.0, 0.0], [0.0, 8.0]])


def adult_like(n_samples=500, random_state=0):
    """A made-up table in the manner of Adult: a full-precision number, atoms, dependent text."""
    rng = np.random.default_rng(random_state)
    skill = rng.standard_normal(n_samples)
    education = np.clip(np.rint(3 + skill + rng.standard_normal(n_samples)), 0, 6).astype(int)
    gain = np.where(rng.random(n_samples) < 0.92, 0, rng.choice([3103, 5178, 7688, 15024], n_samples))
    return pd.DataFrame({
        "age": np.clip(np.rint(38 + 12 * rng.standard_normal(n_samples) + skill), 17, 90).astype(np.int64),
        "weight": rng.lognormal(12, 0.5, n_samples),
        "education": np.array(["5th", "9th", "12th", "college", "bachelor", "master", "doctor"])[education],
        "hours": np.where(rng.random(n_samples) < 0.5, 40, rng.integers(20, 70, n_samples)),
        "gain": gain,
        "income": np.where(skill + 0.5 * rng.standard_normal(n_samples) > 0.8, ">50K", "<=50K"),
    })


# Layouts of rows and conditions that every game is played with.
ROWS = DataSpec.from_pieces([("uniform", 1, ()), ("categorical", 3, (0.0, 0.0, 0.0))])
CLASSES = DataSpec.from_pieces([("categorical", 2, (0.0, 0.0))])


class GameCase(NamedTuple):
    """A game and how to make one: ``make() -> Game``, for rows of the layout `ROWS` under conditions `CLASSES`."""

    name: str
    make: Callable


def _table_game(
    kind=AdversarialGame, *, loss="relativistic", regularizer="r1_r2", conditioning="projection", **options
):
    rng = torch.Generator().manual_seed(0)
    generator = Generator(TableGenerator(ROWS, 4, CLASSES, (8,), rng), ROWS, 4, sees_noise=True)
    discriminator = table_discriminator(ROWS, CLASSES, (8,), rng, conditioning)
    return kind(generator, discriminator, LOSSES[loss](), REGULARIZERS[regularizer](), **options)


# A game that joins this list inherits the tests of tests/games/test_games.py.
GAMES = [
    GameCase("adversarial", _table_game),
    GameCase("wasserstein with three turns", partial(_table_game, loss="wasserstein", n_critic=3,
                                                     regularizer="gradient_penalty")),
    GameCase("clipped weights", partial(_table_game, loss="hinge", regularizer="weight_clipping")),
    GameCase("auxiliary", partial(_table_game, AuxiliaryGame, conditioning="auxiliary", condition_spec=CLASSES)),
]


def short_runs(monkeypatch):
    """Let each training run end after two steps, whatever `max_iter` says or is by default."""
    play = Run.play

    def play_two_steps(run, deadline=None):
        run.max_iter = min(run.max_iter, 2)
        return play(run, deadline)

    monkeypatch.setattr(Run, "play", play_two_steps)


def parts(drawn):
    """What `sample` gave as a tuple: (X,) or (X, y)."""
    return drawn if isinstance(drawn, tuple) else (drawn,)


def rows_of(drawn):
    """The X of what `sample` gave."""
    return parts(drawn)[0]


def assert_same(a, b):
    """Both draws hold the same rows of the same kind, to the last bit."""
    for left, right in zip(parts(a), parts(b), strict=True):
        assert type(left) is type(right)
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right, check_exact=True)
        elif isinstance(left, pd.Series):
            pd.testing.assert_series_equal(left, right, check_exact=True)
        else:
            np.testing.assert_array_equal(left, right)


def assert_differ(a, b):
    """The two draws do not hold the same rows."""
    assert not rows_of(a).equals(rows_of(b)) if hasattr(rows_of(a), "equals") else (rows_of(a) != rows_of(b)).any()


def batch_of(real, latent, condition, draws):
    """A batch from tensors."""
    return Batch(real=real, latent=latent, condition=condition, draws=draws)


class Shift(torch.nn.Module):
    """A generator to play by hand: latent plus one number."""

    def __init__(self, shift):
        super().__init__()
        self.shift = torch.nn.Parameter(torch.tensor(shift))

    def forward(self, latent, condition):
        return latent + self.shift


def usual_factory(spec, latent_dim, condition_dim, width=16):
    """A generator factory in the usual style: its layers start from torch's global generator."""
    return _Joined(latent_dim + condition_dim, width, spec.width)


class _Joined(torch.nn.Module):
    def __init__(self, n_in, n_hidden, n_out):
        super().__init__()
        layers = [torch.nn.Linear(n_in, n_hidden), torch.nn.ReLU(), torch.nn.Linear(n_hidden, n_out)]
        self.layers = torch.nn.Sequential(*layers)

    def forward(self, latent, condition):
        return self.layers(torch.cat([latent, condition], dim=1))
