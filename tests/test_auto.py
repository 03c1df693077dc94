"""What "auto" stands for, and that it reaches the players."""

from types import SimpleNamespace

import numpy as np
import pytest

from skgan import GANSampler
from skgan._spec import DataSpec
from skgan.samplers import _base
from skgan.samplers._auto import RECIPES, settle


def settled(sampler, n_rows, width):
    """Settings for a table of so many encoded columns."""
    encoder = SimpleNamespace(kind="table", spec_=DataSpec.from_pieces([("uniform", 1, ())] * width))
    return settle(sampler, encoder, n_rows, {"generator": "mlp", "discriminator": "mlp"})


@pytest.mark.parametrize(
    "n_rows, width, expected",
    [
        (30, 4, {"batch_size": 30, "max_iter": 120, "hidden_layer_sizes": (64, 64), "penalty_weight": 8.0}),
        (1500, 5, {"batch_size": 256, "max_iter": 1264, "hidden_layer_sizes": (128, 128), "penalty_weight": 0.2}),
        (4000, 500, {"latent_dim": 128, "hidden_layer_sizes": (256, 256), "penalty_weight": 7.5}),
        (1_000_000, 20, {"latent_dim": 20, "max_iter": 6000, "penalty_weight": 0.1}),
    ],
)
def test_auto_grows_with_the_data(n_rows, width, expected):
    settings = settled(GANSampler(), n_rows, width)
    assert {name: getattr(settings, name) for name in expected} == expected


def test_what_is_given_stays_as_it_is():
    settings = settled(GANSampler(max_iter=7, hidden_layer_sizes=[9], learning_rate=0.5), 10_000, 30)
    assert (settings.max_iter, settings.hidden_layer_sizes, settings.learning_rate) == (7, (9,), 0.5)


@pytest.mark.parametrize("n_rows, share", [(20, 1.0), (3999, 1.0), (4000, 0.7), (10**6, 0.7)])
def test_the_generator_is_slower_in_long_runs(n_rows, share):
    assert RECIPES["table"].generator_share(n_rows) == share


def test_each_player_has_its_learning_rate(monkeypatch):
    rates = {}

    class Told(_base.Trainer):
        def __init__(self, game, batches, average, optimizers, **options):
            super().__init__(game, batches, average, optimizers, **options)
            rates.update({name: optimizer.param_groups[0]["initial_lr"] for name, optimizer in optimizers.items()})

    monkeypatch.setattr(_base, "Trainer", Told)
    X = np.random.default_rng(0).standard_normal((4000, 1))
    GANSampler(max_iter=1, refine=False, learning_rate=0.1, hidden_layer_sizes=(4,)).fit(X)
    assert rates == pytest.approx({"discriminator": 0.1, "generator": 0.07})
