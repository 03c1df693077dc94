"""What "auto" stands for, and that it reaches the players."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from skgan import GANSampler, load, save
from skgan._spec import DataSpec
from skgan.losses import Hinge
from skgan.regularizers import R1
from skgan.samplers import _plan
from skgan.samplers._auto import RECIPES, resolve_hyperparameters

CPU = torch.device("cpu")


def settings_of(sampler, n_rows, width, device=CPU):
    """Hyperparameters for a table of so many encoded columns."""
    encoder = SimpleNamespace(modality="table", spec_=DataSpec.from_pieces([("uniform", 1, ())] * width))
    return resolve_hyperparameters(sampler, encoder, n_rows, {"generator": "mlp", "discriminator": "mlp"}, device)


def settings_of_images(n_rows, shape=(3, 32, 32), device=CPU, network="dcgan", **parameters):
    encoder = SimpleNamespace(modality="images", spec_=DataSpec.of_image(shape), variance_=100.0)
    networks = {"generator": network, "discriminator": network}
    return resolve_hyperparameters(GANSampler(**parameters), encoder, n_rows, networks, device)


@pytest.mark.parametrize(
    "n_rows, width, expected",
    [
        (30, 4, {"batch_size": 30, "max_iter": 120, "hidden_layer_sizes": (64, 64), "regularizer_weight": 8.0}),
        (1500, 5, {"batch_size": 256, "max_iter": 1264, "hidden_layer_sizes": (128, 128), "regularizer_weight": 0.2}),
        (4000, 500, {"latent_dim": 128, "hidden_layer_sizes": (256, 256), "regularizer_weight": 7.5}),
        (1_000_000, 20, {"latent_dim": 20, "max_iter": 6000, "regularizer_weight": 0.1}),
    ],
)
def test_auto_grows_with_the_data(n_rows, width, expected):
    settings = settings_of(GANSampler(), n_rows, width)
    assert {name: getattr(settings, name) for name in expected} == expected


def test_what_is_given_stays_as_it_is():
    settings = settings_of(GANSampler(max_iter=7, hidden_layer_sizes=[9], learning_rate=0.5), 10_000, 30)
    assert (settings.max_iter, settings.hidden_layer_sizes, settings.learning_rate) == (7, (9,), 0.5)


@pytest.mark.parametrize("n_rows, share", [(20, 1.0), (3999, 1.0), (4000, 0.7), (10**6, 0.7)])
def test_the_generator_is_slower_in_long_runs(n_rows, share):
    assert RECIPES["table"].generator_rate(n_rows) == share


def test_each_player_has_its_learning_rate(monkeypatch):
    rates = {}

    class Watched(_plan.Run):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            rates.update({name: each.param_groups[0]["initial_lr"] for name, each in self.optimizers.items()})

    monkeypatch.setattr(_plan, "Run", Watched)
    X = np.random.default_rng(0).standard_normal((4000, 1))
    GANSampler(max_iter=1, refine=False, learning_rate=0.1, hidden_layer_sizes=(4,)).fit(X)
    assert rates == pytest.approx({"discriminator": 0.1, "generator": 0.07})


def test_images_have_wide_networks_and_long_runs_on_a_gpu():
    cuda = torch.device("cuda")
    few, many = (settings_of_images(n, device=cuda) for n in (10_000, 60_000))
    assert few.hidden_layer_sizes == (128, 256, 512) and few.batch_size == 128 and few.learning_rate == 5e-4
    assert (few.max_iter, many.max_iter) == (15_000, 30_000)
    assert settings_of_images(10_000, shape=(1, 8, 8), device=cuda).hidden_layer_sizes == (128,)
    # With limited time, the time ends the run.
    assert settings_of_images(10_000, device=cuda, max_time=60.0).max_iter == 100_000
    on_cpu = settings_of_images(10_000)
    assert on_cpu.hidden_layer_sizes == (32, 64, 128) and on_cpu.batch_size == 64 and on_cpu.max_iter == 7000


@pytest.mark.parametrize("network", ["resnet", "progressive"])
def test_residual_networks_keep_the_width_and_rate_that_do_not_collapse(network):
    for device in ("cpu", "cuda"):
        settings = settings_of_images(10_000, device=torch.device(device), network=network)
        assert settings.hidden_layer_sizes == (32, 64, 128) and settings.learning_rate == 5e-4


def test_what_auto_became_is_public():
    X = np.random.default_rng(0).standard_normal((100, 2))
    sampler = GANSampler(max_iter=1, refine=False, batch_size=16).fit(X)
    assert sampler.batch_size_ == 16 and sampler.max_iter_ == 1 and sampler.n_critic_ == 1
    assert sampler.regularizer_ == "r1_r2" and sampler.hidden_layer_sizes_ == (64, 64)
    assert GANSampler(loss="wasserstein", max_iter=1, refine=False).fit(X).n_critic_ == 2
    assert sampler.learning_rate_ == 2e-3 and sampler.regularizer_weight_ == pytest.approx(1.2)


def test_parts_may_be_instances(tmp_path):
    class Shifted(Hinge):
        """A loss of the caller's own, which says what regularizer it needs by inheritance."""

        def discriminator_loss(self, real_scores, fake_scores):
            return super().discriminator_loss(real_scores - 1, fake_scores)

    X = np.random.default_rng(0).standard_normal((100, 2))
    regularizer = R1()
    sampler = GANSampler(max_iter=2, refine=False, loss=Shifted(), regularizer=regularizer).fit(X)
    assert sampler.regularizer_ is regularizer and regularizer.weight == R1.weight
    assert sampler.sample(3).shape == (3, 2)
    given = {"max_iter": 2, "refine": False, "random_state": 0}
    hinge, same = (GANSampler(loss=loss, **given).fit(X) for loss in ("hinge", Hinge()))
    np.testing.assert_array_equal(hinge.sample(5), same.sample(5))
    save(sampler, tmp_path / "model")
    loaded = load(tmp_path / "model")
    assert loaded.loss == "relativistic" and loaded.regularizer == "auto"
    np.testing.assert_array_equal(loaded.sample(5, random_state=0), sampler.sample(5, random_state=0))


class Bare:
    """A loss that names no regularizer."""

    def discriminator_loss(self, real_scores, fake_scores):
        return fake_scores - real_scores

    def generator_loss(self, real_scores, fake_scores):
        return -fake_scores


@pytest.mark.parametrize(
    "parameters, error, words",
    [
        ({"loss": Bare()}, ValueError, "regularizer='auto' is not known for loss=.*Bare.* pass regularizer="),
        ({"loss": Hinge}, ValueError, "loss=<class .*Hinge'> is a class, and an instance is needed"),
        ({"loss": object()}, ValueError, "loss=.* has no discriminator_loss, generator_loss"),
        ({"regularizer": 3.0}, ValueError, "regularizer=3.0 has no penalty, constrain"),
        ({"n_critic": 0}, ValueError, "n_critic=0 .* at least 1"),
        ({"n_jobs": 0}, ValueError, "n_jobs=0 .* other than 0"),
    ],
)
def test_parts_that_cannot_be_used_are_refused(parameters, error, words):
    with pytest.raises(error, match=words):
        GANSampler(**parameters).fit(np.random.default_rng(0).standard_normal((30, 2)))


def test_a_bare_loss_needs_only_the_word():
    X = np.random.default_rng(0).standard_normal((30, 2))
    assert GANSampler(loss=Bare(), regularizer="r1", max_iter=1, refine=False).fit(X).regularizer_ == "r1"


@pytest.mark.parametrize("regularizer", ["r1", R1(), None], ids=["word", "instance", "none"])
def test_a_loss_may_name_its_default_regularizer_in_each_form(regularizer):
    loss = Bare()
    loss.regularizer = regularizer
    X = np.random.default_rng(0).standard_normal((30, 2))
    given = {"max_iter": 2, "refine": False, "random_state": 0}
    by_default = GANSampler(loss=loss, **given).fit(X)
    explicit = GANSampler(loss=Bare(), regularizer=regularizer, **given).fit(X)
    assert by_default.regularizer_weight_ == explicit.regularizer_weight_
    np.testing.assert_array_equal(by_default.sample(5), explicit.sample(5))


def test_a_weight_without_a_regularizer_is_warned_about():
    X = np.random.default_rng(0).standard_normal((30, 2))
    with pytest.warns(UserWarning, match="regularizer_weight=3 has no effect with regularizer=None") as caught:
        GANSampler(regularizer=None, regularizer_weight=3, max_iter=1, refine=False).fit(X)
    assert caught[0].filename == __file__
