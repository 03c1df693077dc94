"""Every regularizer against critics whose gradients are known."""

import pytest
import torch
from torch import nn

from skgan.losses import LOSSES
from skgan.regularizers import REGULARIZERS

W = torch.tensor([3.0, -4.0])  # |W| = 5
REAL = torch.tensor([[1.0, 0.0], [0.0, 2.0], [3.0, 4.0]])
FAKE = torch.tensor([[0.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
PENALTIES = [word for word in REGULARIZERS if word != "weight_clipping"]


def linear(rows):
    return rows @ W  # its gradient is W everywhere


def quadratic(rows):
    return 0.5 * rows.square().sum(1)  # its gradient is the row itself


def penalty(word, critic, real=REAL, fake=FAKE, seed=0):
    draws = torch.rand(len(real), 1, generator=torch.Generator().manual_seed(seed))
    return REGULARIZERS[word]().penalty(critic, real, fake, draws)


@pytest.mark.parametrize(
    "word, critic, expected",
    [
        ("r1", linear, [12.5, 12.5, 12.5]),
        ("r2", linear, [12.5, 12.5, 12.5]),
        ("r1_r2", linear, [25.0, 25.0, 25.0]),
        ("gradient_penalty", linear, [16.0, 16.0, 16.0]),  # (5 - 1)^2
        ("r1", quadratic, [0.5, 2.0, 12.5]),
        ("r2", quadratic, [0.5, 1.0, 0.0]),
        ("r1_r2", quadratic, [1.0, 3.0, 12.5]),
    ],
)
def test_known_values(word, critic, expected):
    torch.testing.assert_close(penalty(word, critic), torch.tensor(expected))


def test_gradient_penalty_looks_between_real_and_generated():
    given = penalty("gradient_penalty", quadratic, REAL, REAL)
    torch.testing.assert_close(given, (REAL.norm(dim=1) - 1).square())
    # From (2, 0) to (4, 0) the norm lies between 2 and 4, and each row has its own place.
    real, fake = torch.tensor([[2.0, 0.0]]).repeat(100, 1), torch.tensor([[4.0, 0.0]]).repeat(100, 1)
    norms = penalty("gradient_penalty", quadratic, real, fake).sqrt() + 1
    assert 2 < norms.min() < 2.2 and 3.8 < norms.max() < 4


def test_the_place_between_is_where_the_draws_say():
    before = torch.get_rng_state()
    draws = [penalty("gradient_penalty", quadratic, seed=seed) for seed in (0, 0, 1)]
    assert torch.equal(draws[0], draws[1]) and not torch.equal(draws[0], draws[2])
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("word", PENALTIES)
def test_the_weights_are_pulled_towards_the_minimum(word):
    weights = W.clone().requires_grad_(True)
    value = penalty(word, lambda rows: rows @ weights)
    (slope,) = torch.autograd.grad(value.mean(), weights)
    # d/dw of |w|^2 / 2 is w, once or twice; of (|w| - 1)^2 it is 2 (|w| - 1) w / |w|.
    factor = {"r1": 1.0, "r2": 1.0, "r1_r2": 2.0, "gradient_penalty": 2 * 4 / 5}[word]
    torch.testing.assert_close(slope, factor * W)


@pytest.mark.parametrize("word", PENALTIES)
def test_a_flat_critic_gives_finite_gradients(word):
    weights = torch.zeros(2, requires_grad=True)
    value = penalty(word, lambda rows: rows @ weights)
    (slope,) = torch.autograd.grad(value.mean(), weights)
    assert torch.isfinite(value).all() and torch.isfinite(slope).all()


@pytest.mark.parametrize("word", PENALTIES)
def test_rows_of_more_dimensions_and_rows_that_carry_gradients(word):
    images = torch.linspace(-1, 1, 2 * 3 * 4 * 4).reshape(2, 3, 4, 4)
    value = penalty(word, lambda rows: 0.5 * rows.square().sum((1, 2, 3)), images, images.clone().requires_grad_(True))
    half = 0.5 * images.square().sum((1, 2, 3))
    expected = {"r1_r2": 2 * half, "gradient_penalty": ((2 * half).sqrt() - 1).square()}.get(word, half)
    torch.testing.assert_close(value.detach(), expected)


def test_clipping_binds_every_weight_and_adds_no_penalty():
    network = nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 1))
    with torch.no_grad():
        for parameter, value in zip(network.parameters(), (1.0, -1.0, 0.005, 0.0)):
            parameter.fill_(value)
    clipping = REGULARIZERS["weight_clipping"]()
    clipping.constrain(network)
    assert [parameter.unique().item() for parameter in network.parameters()] == pytest.approx([0.01, -0.01, 0.005, 0])
    assert clipping.weight == 0


@pytest.mark.parametrize("word", PENALTIES)
def test_a_penalty_has_a_weight_and_binds_nothing(word):
    regularizer = REGULARIZERS[word]()
    layer = nn.Linear(2, 1)
    before = layer.weight.clone()
    regularizer.constrain(layer)
    assert torch.equal(layer.weight, before)
    assert regularizer.weight > 0 and regularizer.interval >= 1


def test_every_loss_has_its_regularizer_and_every_word_its_paper():
    assert list(REGULARIZERS) == ["r1", "r2", "r1_r2", "gradient_penalty", "weight_clipping"]
    assert {loss.regularizer for loss in LOSSES.values()} <= REGULARIZERS.keys()
    assert all(".. [1] " in regularizer.__doc__ for regularizer in REGULARIZERS.values())
