"""Networks that grow: which sizes take part, and that those to come have no say."""

import pytest
import torch
from torch.nn.functional import avg_pool2d, interpolate

from skgan._spec import DataSpec
from skgan.networks import ProgressiveDiscriminator, ProgressiveGenerator, _conv
from skgan.networks._progressive import level_at

SPEC, NONE = DataSpec.of_image((2, 16, 16)), DataSpec()
SIZES = (6, 5)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def players():
    """A generator and a discriminator of 4, 8 and 16 pixels, whose blocks are no longer the identity."""
    generator = ProgressiveGenerator(SPEC, 3, NONE, SIZES, seeded())
    discriminator = ProgressiveDiscriminator(SPEC, NONE, SIZES, seeded(1), "projection")
    for network in (generator, discriminator):
        for number, parameter in enumerate(network.parameters()):
            parameter.data += 0.1 * torch.randn(parameter.shape, generator=seeded(number))
    return generator, discriminator


LATENT, NOTHING = torch.randn(4, 3, generator=seeded(2)), torch.empty(4, 0)
ROWS = torch.rand(4, 512, generator=seeded(3)) * 2 - 1


@pytest.mark.parametrize(
    "progress, level",
    [(0, 0), (0.0625, 0.5), (0.125, 1), (0.2, 1), (0.25, 1), (0.3125, 1.5), (0.4, 2), (0.5, 2), (1, 2)],
)
def test_levels_rise_and_stay(progress, level):
    assert level_at(progress, 2) == pytest.approx(level)


def test_a_network_of_one_size_has_nothing_to_grow():
    assert level_at(0.0, 0) == 0 and level_at(1.0, 0) == 0


def halves(images, n):
    for _ in range(n):
        images = avg_pool2d(images, 2)
    return images


@pytest.mark.parametrize("progress, n_missing", [(0.0, 2), (0.25, 1)])
def test_young_networks_make_and_see_small_images(progress, n_missing):
    generator, discriminator = players()
    for network in (generator, discriminator):
        network.set_progress(progress)
        assert network.n_grown == 2 - n_missing
    images = generator(LATENT, NOTHING).view(4, 2, 16, 16)
    small = halves(images, n_missing)
    torch.testing.assert_close(interpolate(small, scale_factor=2.0**n_missing, mode="nearest"), images)
    blurred = interpolate(halves(ROWS.view(4, 2, 16, 16), n_missing), scale_factor=2.0**n_missing, mode="nearest")
    torch.testing.assert_close(discriminator(ROWS, NOTHING), discriminator(blurred.flatten(1), NOTHING))
    assert not torch.allclose(discriminator(ROWS, NOTHING), discriminator(ROWS.flip(1), NOTHING))


@pytest.mark.parametrize("progress", [0.0, 0.05, 0.125, 0.3, 0.5])
def test_sizes_to_come_have_no_say(progress, monkeypatch):
    monkeypatch.setattr(_conv, "has_bfloat16", lambda device: False)
    for network, x in zip(players(), (LATENT, ROWS)):
        network.set_progress(progress)
        young = network(x, NOTHING)
        # In evaluation all sizes are worked out, those to come with no weight.
        torch.testing.assert_close(network.eval()(x, NOTHING), young)
        gradients = torch.autograd.grad(young.sum(), network.train().parameters(), allow_unused=True)
        assert torch.isfinite(network(x, NOTHING)).all()
        assert (sum(gradient is None for gradient in gradients) > 0) == (network.n_grown < 2)


def test_a_size_fades_in():
    generator, _ = players()
    made = []
    for level in (0.0, 0.5, 1.0):
        generator.set_progress(level / 8)
        made.append(generator(LATENT, NOTHING))
    torch.testing.assert_close(made[1], (made[0] + made[2]) / 2)
    assert not torch.allclose(made[0], made[2])
