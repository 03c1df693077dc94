"""Heads and networks: known distributions, weights from an explicit generator, any layout."""

import math

import pytest
import torch
from torch.distributions import Normal

from skgan._spec import DataSpec
from skgan.networks import (
    DISCRIMINATORS,
    GENERATORS,
    HEADS,
    Generator,
    InputFeatures,
    OutputHeads,
    TableDiscriminator,
    TableGenerator,
)

NUMBER = ("uniform", 1, ())


def levels(*shares):
    return ("categorical", len(shares), tuple(math.log(share) for share in shares))


LAYOUTS = {
    "mixed": [NUMBER, levels(0.7, 0.2, 0.1), NUMBER, levels(0.5, 0.5), NUMBER],
    "numbers only": [NUMBER, NUMBER],
    "levels only": [levels(0.9, 0.1), levels(0.25, 0.25, 0.25, 0.25)],
    "one number": [NUMBER],
    "one level": [levels(1.0)],
}
CONDITIONS = {"no condition": [], "levels": [levels(0.5, 0.5)], "number": [NUMBER], "mixed": [NUMBER, levels(0.6, 0.4)]}

each_layout = pytest.mark.parametrize("spec", [pytest.param(DataSpec.from_pieces(p), id=n) for n, p in LAYOUTS.items()])
each_condition = pytest.mark.parametrize(
    "condition_spec", [pytest.param(DataSpec.from_pieces(p), id=n) for n, p in CONDITIONS.items()]
)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def make_generator(spec, condition_spec=None, sizes=(16, 16), seed=0, latent_dim=3):
    condition_spec = condition_spec or DataSpec()
    return Generator(TableGenerator(spec, latent_dim, condition_spec, sizes, seeded(seed)), spec, latent_dim)


def make_discriminator(spec, condition_spec=None, sizes=(16, 16), seed=0):
    return TableDiscriminator(spec, condition_spec or DataSpec(), sizes, seeded(seed))


def n_parameters(module):
    return sum(parameter.numel() for parameter in module.parameters())


def distance_to_uniform(values):
    """Kolmogorov-Smirnov distance of values to the uniform distribution on [-1, 1]."""
    values, _ = values.sort()
    return ((values + 1) / 2 - torch.linspace(0, 1, len(values))).abs().max().item()


def test_normal_raw_values_become_uniform():
    heads = OutputHeads(DataSpec.from_pieces([NUMBER, NUMBER]))
    rows = heads(torch.randn(20_000, 2, generator=seeded()), torch.empty(20_000, 0))
    assert rows.min() >= -1 and rows.max() <= 1
    assert max(map(distance_to_uniform, rows.T)) < 0.015
    known = heads(torch.tensor([[0.0, 1.0], [-1.0, 9.0]]), torch.empty(2, 0))
    torch.testing.assert_close(known, torch.tensor([[0.0, 0.682689], [-0.682689, 1.0]]))


def test_levels_are_drawn_at_their_frequencies():
    shares = [(0.7, 0.2, 0.1), (0.004, 0.996), (0.5, 0.25, 0.125, 0.125)]
    heads = OutputHeads(DataSpec.from_pieces([levels(*share) for share in shares]))
    noise = torch.randn(40_000, sum(heads.noise_widths), generator=seeded())
    drawn = heads(torch.zeros(40_000, 9), noise).mean(0)
    torch.testing.assert_close(drawn, torch.tensor(sum(shares, ())), atol=0.01, rtol=0)


def test_raw_values_are_added_to_the_log_frequencies():
    heads = OutputHeads(DataSpec.from_pieces([levels(0.5, 0.5)]))
    raw = torch.tensor([[math.log(3.0), 0.0]]).repeat(40_000, 1)
    drawn = heads(raw, torch.randn(40_000, 2, generator=seeded())).mean(0)
    torch.testing.assert_close(drawn, torch.tensor([0.75, 0.25]), atol=0.01, rtol=0)


@each_layout
def test_rows_are_one_hot_and_in_the_places_of_the_layout(spec):
    heads = OutputHeads(spec)
    raw = torch.randn(200, spec.width, generator=seeded(1))
    rows = heads(raw, torch.randn(200, sum(heads.noise_widths), generator=seeded(2)))
    assert rows.shape == (200, spec.width)
    for span in spec.spans:
        run = rows[:, span.start : span.stop]
        if span.kind == "uniform":
            torch.testing.assert_close(run, 2 * Normal(0, 1).cdf(raw[:, span.start : span.stop]) - 1)
        else:
            torch.testing.assert_close(run.sum(1), torch.ones(200))
            torch.testing.assert_close(run.max(1).values, torch.ones(200))


@each_layout
def test_gradients_pass_through_the_heads(spec):
    heads = OutputHeads(spec)
    raw = torch.zeros(50, spec.width, requires_grad=True)
    rows = heads(raw, torch.randn(50, sum(heads.noise_widths), generator=seeded()))
    (slope,) = torch.autograd.grad((rows * torch.arange(1.0, spec.width + 1)).sum(), raw)
    assert torch.isfinite(slope).all()
    varies = [span for span in spec.spans if span.kind == "uniform" or span.width > 1]
    assert all((slope[:, span.start : span.stop] != 0).any(0).all() for span in varies)


def test_extreme_noise_and_raw_values_stay_finite():
    spec = DataSpec.from_pieces(LAYOUTS["mixed"])
    heads = OutputHeads(spec)
    extremes = torch.tensor([-1e6, -40.0, 40.0, 1e6])
    raw = extremes[:, None].repeat(1, spec.width).requires_grad_(True)
    rows = heads(raw, extremes.flip(0)[:, None].repeat(1, sum(heads.noise_widths)))
    (slope,) = torch.autograd.grad(rows.sum(), raw)
    assert torch.isfinite(rows).all() and torch.isfinite(slope).all()


def test_features_are_the_rows_and_their_waves():
    features = InputFeatures(DataSpec.from_pieces([levels(0.5, 0.5), NUMBER]), 2)
    given = features(torch.tensor([[1.0, 0.0, 0.25]]))
    half = math.sqrt(0.5)
    torch.testing.assert_close(given, torch.tensor([[1.0, 0.0, 0.25, half, 0.5, half, 0.0]]), atol=1e-6, rtol=0)
    assert features.width == given.shape[1]


@each_layout
@each_condition
def test_networks_are_built_from_any_layout(spec, condition_spec):
    generator, discriminator = make_generator(spec, condition_spec), make_discriminator(spec, condition_spec)
    latent = torch.randn(5, generator.latent_width, generator=seeded())
    condition = torch.ones(5, condition_spec.width)
    rows = generator(latent, condition)
    assert rows.shape == (5, spec.width)
    assert discriminator(rows, condition).shape == (5,)


@pytest.mark.parametrize("make", [make_generator, make_discriminator])
def test_weights_come_from_the_explicit_generator(make):
    spec = DataSpec.from_pieces(LAYOUTS["mixed"])
    before = torch.get_rng_state()
    first, again, other = (make(spec, seed=seed).state_dict() for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert any(not torch.equal(first[name], other[name]) for name in first)


@pytest.mark.parametrize("make", [make_generator, make_discriminator])
@pytest.mark.parametrize("sizes", [(8,), (8, 8), (16, 8), (8, 16, 32)])
def test_hidden_layer_sizes_are_the_widths_of_the_blocks(make, sizes):
    body = make(DataSpec.from_pieces(LAYOUTS["mixed"]), sizes=sizes)
    body = getattr(body, "body", body)
    body = getattr(body, "body", body)
    assert [block.second.out_features for block in body.blocks] == list(sizes)
    assert n_parameters(body) < n_parameters(make(DataSpec.from_pieces(LAYOUTS["mixed"]), sizes=(64, 64, 64)))


def test_blocks_start_as_the_identity():
    spec = DataSpec.from_pieces(LAYOUTS["numbers only"])
    deep, shallow = make_discriminator(spec, sizes=(8, 8)), make_discriminator(spec, sizes=(8,))
    x = torch.randn(4, 8, generator=seeded())
    for network in (deep, shallow):
        torch.testing.assert_close(network.body.blocks(x), x)


def test_the_condition_is_used():
    spec, condition_spec = DataSpec.from_pieces(LAYOUTS["mixed"]), DataSpec.from_pieces(CONDITIONS["mixed"])
    generator, discriminator = make_generator(spec, condition_spec), make_discriminator(spec, condition_spec)
    latent = torch.randn(5, generator.latent_width, generator=seeded())
    one, other = torch.tensor([[0.5, 1.0, 0.0]]).repeat(5, 1), torch.tensor([[-0.5, 0.0, 1.0]]).repeat(5, 1)
    rows = generator(latent, one)
    assert not torch.equal(rows, generator(latent, other))
    assert not torch.equal(discriminator(rows, one), discriminator(rows, other))


def test_every_column_of_the_latent_is_used():
    generator = make_generator(DataSpec.from_pieces(LAYOUTS["mixed"]))
    latent = torch.randn(200, generator.latent_width, generator=seeded()).requires_grad_(True)
    (slope,) = torch.autograd.grad((generator(latent, torch.empty(200, 0)) * torch.arange(8.0)).sum(), latent)
    assert (slope != 0).any(0).all()
    assert generator.latent_width == 3 + 5


def test_registries():
    assert list(HEADS) == ["uniform", "categorical"]
    assert GENERATORS == {"mlp": TableGenerator} and DISCRIMINATORS == {"mlp": TableDiscriminator}
