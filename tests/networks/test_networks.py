"""Heads and networks: known distributions, weights from an explicit generator, any layout."""

import math

import pytest
import torch
from torch import nn
from torch.distributions import Normal

from skgan._spec import DataSpec
from skgan.networks import (
    AUTO_CONDITIONING,
    DISCRIMINATORS,
    GENERATORS,
    HEADS,
    Generator,
    InputFeatures,
    Mixture,
    OutputHeads,
    TableDiscriminator,
    TableGenerator,
)
from skgan.networks._heads import TEMPERATURE, noise_width

NUMBER = ("uniform", 1, ())


def categories(*shares):
    return ("categorical", len(shares), tuple(math.log(share) for share in shares))


LAYOUTS = {
    "mixed": [NUMBER, categories(0.7, 0.2, 0.1), NUMBER, categories(0.5, 0.5), NUMBER],
    "numbers only": [NUMBER, NUMBER],
    "categories only": [categories(0.9, 0.1), categories(0.25, 0.25, 0.25, 0.25)],
    "one number": [NUMBER],
    "one category": [categories(1.0)],
}
CONDITIONS = {
    "no condition": [],
    "categories": [categories(0.5, 0.5)],
    "number": [NUMBER],
    "mixed": [NUMBER, categories(0.6, 0.4)],
}

each_layout = pytest.mark.parametrize("spec", [pytest.param(DataSpec.from_pieces(p), id=n) for n, p in LAYOUTS.items()])
each_condition = pytest.mark.parametrize(
    "condition_spec", [pytest.param(DataSpec.from_pieces(p), id=n) for n, p in CONDITIONS.items()]
)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def make_generator(spec, condition_spec=None, sizes=(16, 16), seed=0, latent_dim=3):
    condition_spec = condition_spec or DataSpec()
    body = TableGenerator(spec, latent_dim, condition_spec, sizes, seeded(seed))
    return Generator(body, spec, latent_dim, sees_noise=True)


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


def test_categories_are_drawn_at_their_frequencies():
    shares = [(0.7, 0.2, 0.1), (0.004, 0.996), (0.5, 0.25, 0.125, 0.125)]
    heads = OutputHeads(DataSpec.from_pieces([categories(*share) for share in shares]))
    noise = torch.randn(40_000, sum(heads.noise_widths), generator=seeded())
    drawn = heads(torch.zeros(40_000, 9), noise).mean(0)
    torch.testing.assert_close(drawn, torch.tensor(sum(shares, ())), atol=0.01, rtol=0)


def test_raw_values_are_added_to_the_log_frequencies():
    heads = OutputHeads(DataSpec.from_pieces([categories(0.5, 0.5)]))
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


def drawn_levels(raw):
    """Categories of a layout of categories alone, drawn from raw values (n, 6) with known noise."""
    heads = OutputHeads(DataSpec.from_pieces(LAYOUTS["categories only"]))
    return heads(raw, torch.randn(len(raw), 6, generator=seeded(2)))


@torch.no_grad()
def test_categories_without_a_gradient_are_ones_and_zeros_to_the_last_bit():
    rows = drawn_levels(torch.randn(5000, 6, generator=seeded(1)))
    assert rows.unique().tolist() == [0.0, 1.0]
    assert (rows[:, :2].sum(1) == 1).all() and (rows[:, 2:].sum(1) == 1).all()


def test_categories_with_a_gradient_are_the_same_and_have_that_of_the_soft_draw():
    raw = torch.randn(50, 6, generator=seeded(1))
    with torch.no_grad():
        levels_alone = drawn_levels(raw)
    raw.requires_grad_(True)
    rows = drawn_levels(raw)
    torch.testing.assert_close(rows.detach(), levels_alone)
    aims = torch.randn(50, 6, generator=seeded(3))
    (slope,) = torch.autograd.grad((rows * aims).sum(), raw)

    gumbel = -torch.log(-torch.log(Normal(0, 1).cdf(torch.randn(50, 6, generator=seeded(2)).double())))
    logits = raw.detach() + torch.tensor([0.9, 0.1, *[0.25] * 4]).log() + gumbel
    logits.requires_grad_(True)
    soft = [torch.softmax(part / TEMPERATURE, dim=1) for part in logits.split([2, 4], dim=1)]
    (expected,) = torch.autograd.grad((torch.cat(soft, dim=1) * aims).sum(), logits)
    torch.testing.assert_close(slope.double(), expected, atol=1e-4, rtol=1e-3)


def test_extreme_noise_and_raw_values_stay_finite():
    spec = DataSpec.from_pieces(LAYOUTS["mixed"])
    heads = OutputHeads(spec)
    extremes = torch.tensor([-1e6, -40.0, 40.0, 1e6])
    raw = extremes[:, None].repeat(1, spec.width).requires_grad_(True)
    rows = heads(raw, extremes.flip(0)[:, None].repeat(1, sum(heads.noise_widths)))
    (slope,) = torch.autograd.grad(rows.sum(), raw)
    assert torch.isfinite(rows).all() and torch.isfinite(slope).all()


def test_features_are_the_rows_and_their_waves():
    features = InputFeatures(DataSpec.from_pieces([categories(0.5, 0.5), NUMBER]), 2)
    given = features(torch.tensor([[1.0, 0.0, 0.25]]))
    half = math.sqrt(0.5)
    torch.testing.assert_close(given, torch.tensor([[1.0, 0.0, 0.25, half, 0.5, half, 0.0]]), atol=1e-6, rtol=0)
    assert features.width == given.shape[1]


@each_layout
@each_condition
def test_networks_are_built_from_any_layout(spec, condition_spec):
    generator, discriminator = make_generator(spec, condition_spec), make_discriminator(spec, condition_spec)
    latent = torch.randn(5, generator.noise_dim, generator=seeded())
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
    latent = torch.randn(5, generator.noise_dim, generator=seeded())
    one, other = torch.tensor([[0.5, 1.0, 0.0]]).repeat(5, 1), torch.tensor([[-0.5, 0.0, 1.0]]).repeat(5, 1)
    rows = generator(latent, one)
    assert not torch.equal(rows, generator(latent, other))
    assert not torch.equal(discriminator(rows, one), discriminator(rows, other))


def test_every_column_of_the_latent_is_used():
    generator = make_generator(DataSpec.from_pieces(LAYOUTS["mixed"]))
    latent = torch.randn(200, generator.noise_dim, generator=seeded()).requires_grad_(True)
    (slope,) = torch.autograd.grad((generator(latent, torch.empty(200, 0)) * torch.arange(8.0)).sum(), latent)
    assert (slope != 0).any(0).all()
    assert generator.noise_dim == 3 + 5


class Body(nn.Module):
    """Keeps what it is given, and gives zeros."""

    def __init__(self, width):
        super().__init__()
        self.width = width

    def forward(self, latent, condition):
        self.given = latent, condition
        return torch.zeros(len(latent), self.width)


@each_layout
@pytest.mark.parametrize("sees_noise", [False, True])
def test_a_body_sees_the_heads_noise_where_it_is_to(spec, sees_noise):
    generator = Generator(Body(spec.width), spec, 3, sees_noise=sees_noise)
    assert noise_width(spec) == sum(generator.heads.noise_widths) == generator.noise_dim - 3
    latent, condition = torch.randn(4, generator.noise_dim, generator=seeded()), torch.ones(4, 1)
    generator(latent, condition)
    assert torch.equal(generator.body.given[0], latent if sees_noise else latent[:, :3])
    assert torch.equal(generator.body.given[1], condition)


def test_bodies_of_others_see_no_noise():
    spec = DataSpec.from_pieces(LAYOUTS["mixed"])
    assert not Generator(Body(spec.width), spec, 3).sees_noise


def test_numbers_can_follow_the_categories_that_are_drawn():
    spec = DataSpec.from_pieces([NUMBER, categories(0.5, 0.5)])
    generator = make_generator(spec, sizes=(32, 32))
    optimizer = torch.optim.Adam(generator.parameters(), lr=0.01)
    stream = seeded()
    for _ in range(150):
        rows = generator(torch.randn(256, generator.noise_dim, generator=stream), torch.empty(256, 0))
        optimizer.zero_grad()
        # As an implied number: 0.5 beside the first category, -0.5 beside the other.
        (rows[:, 0] - rows[:, 1].detach() + 0.5).square().mean().backward()
        optimizer.step()
    assert (rows[:, 0] - rows[:, 1] + 0.5).square().mean() < 0.03  # 0.25 of one who cannot know the category


def members(n):
    spec, condition_spec = DataSpec.from_pieces(LAYOUTS["mixed"]), DataSpec.from_pieces(CONDITIONS["categories"])
    return [make_generator(spec, condition_spec, seed=seed) for seed in range(n)]


@pytest.mark.parametrize("n_members", [1, 2, 4])
@pytest.mark.parametrize("n_rows", [0, 1, 3, 8, 11])
@torch.no_grad()
def test_members_of_a_mixture_take_rows_in_turn(n_members, n_rows):
    mixture = Mixture(members(n_members))
    latent = torch.randn(n_rows, mixture.noise_dim, generator=seeded(1))
    condition = torch.eye(2)[torch.arange(n_rows) % 2]
    rows = mixture(latent, condition)
    assert rows.shape == (n_rows, 8) and rows.dtype == torch.float32
    for i, member in enumerate(members(n_members)):
        expected = member(latent[i::n_members], condition[i::n_members])
        assert torch.equal(rows[i::n_members], expected)


def test_a_mixture_has_the_members_weights_and_knows_the_last():
    mixture = Mixture(members(3))
    assert mixture.last is mixture.members[-1] and mixture.noise_dim == mixture.last.noise_dim
    other = Mixture(members(5)[2:])
    other.load_state_dict(mixture.state_dict())
    latent = torch.randn(6, mixture.noise_dim, generator=seeded())
    with torch.no_grad():
        assert torch.equal(other(latent, torch.ones(6, 2)), mixture(latent, torch.ones(6, 2)))


@pytest.mark.parametrize("training", [True, False])
def test_a_mixture_is_as_ready_as_its_members(training):
    assert Mixture([member.train(training) for member in members(2)]).training is training


def test_registries():
    assert list(HEADS) == ["uniform", "categorical", "image"]
    words = ["mlp", "dcgan", "resnet", "progressive"]
    assert list(GENERATORS) == list(DISCRIMINATORS) == list(AUTO_CONDITIONING) == words
    assert GENERATORS["mlp"] is TableGenerator
