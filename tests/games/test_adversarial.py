"""A game small enough to play by hand: real rows at 3, a generator that is one number, a linear discriminator."""

import math

import pytest
import torch
from problems import Shift, batch_of
from torch import nn

from skgan.games import AdversarialGame
from skgan.losses import LOSSES
from skgan.regularizers import REGULARIZERS


class Slope(nn.Module):
    """Score = slope * row, plus the sum of the condition."""

    def __init__(self, slope):
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(slope))
        self.seen = []

    def forward(self, rows, condition):
        self.seen.append((rows.detach(), condition))
        return self.slope * rows[:, 0] + condition.sum(1)


def play(loss="wasserstein", regularizer=None, shift=1.0, slope=2.0):
    regularizer = None if regularizer is None else REGULARIZERS[regularizer]()
    return AdversarialGame(Shift(shift), Slope(slope), LOSSES[loss](), regularizer)


def batch(condition_width=0, latent=0.0):
    condition = torch.arange(2.0 * condition_width).reshape(2, condition_width)
    return batch_of(torch.full((2, 1), 3.0), torch.full((2, 1), latent), condition, torch.rand(2, 1))


@pytest.mark.parametrize(
    "loss, discriminator, generator",
    [
        # real score 2 * 3 = 6, generated score 2 * 1 = 2
        ("wasserstein", 2 - 6, -2),
        ("hinge", 0 + 3, -2),
        ("least_squares", (25 + 4) / 2, 1 / 2),
        ("relativistic", math.log1p(math.exp(-4)), math.log1p(math.exp(4))),
    ],
)
def test_losses_by_hand(loss, discriminator, generator):
    game = play(loss)
    now = game.begin(batch())
    assert game.discriminator_loss(now, 0).item() == pytest.approx(discriminator)
    assert game.generator_loss(now, 0).item() == pytest.approx(generator)


def test_the_generator_moves_once_a_round_and_the_real_rows_are_judged_once():
    game = play("relativistic")
    moves = []
    game.generator.register_forward_hook(lambda *_: moves.append(1))
    now = game.begin(batch())
    game.discriminator_loss(now, 0)
    assert now.real_scores.tolist() == [6, 6] and not now.real_scores.requires_grad
    # As if the discriminator had moved: a generated row is judged anew, 1 * 1, a real one is not.
    game.discriminator.slope.data.fill_(1.0)
    assert game.generator_loss(now, 0).item() == pytest.approx(math.log1p(math.exp(6 - 1)))
    assert len(moves) == 1 and [len(rows) for rows, _ in game.discriminator.seen] == [4, 2]


def test_the_discriminators_gradient_stops_at_the_generated_rows():
    game = play()
    now = game.begin(batch())
    parts = [game.discriminator.slope, game.generator.shift]
    slope, shift = torch.autograd.grad(game.discriminator_loss(now, 0), parts, allow_unused=True)
    assert slope is not None and shift is None and now.fake.requires_grad


@pytest.mark.parametrize("regularizer, penalty", [("r1", 2.0), ("r2", 2.0), ("r1_r2", 4.0), ("gradient_penalty", 1.0)])
def test_penalties_are_weighted_and_lazy(regularizer, penalty):
    # The slope is 2: |2|^2 / 2, once or twice, or (|2| - 1)^2.
    game = play(regularizer=regularizer)
    weight, interval = game.regularizer.weight, game.regularizer.interval
    added = [game.discriminator_loss(game.begin(batch()), step).item() + 4 for step in range(9)]
    expected = [weight * interval * penalty if step % interval == 0 else 0.0 for step in range(9)]
    assert added == pytest.approx(expected, abs=1e-5)


def test_clipping_acts_after_the_discriminators_turn_only():
    game = play(regularizer="weight_clipping")
    after = {player.name: player.after for player in game.players}
    after["generator"]()
    assert game.discriminator.slope.item() == 2
    after["discriminator"]()
    assert game.discriminator.slope.item() == pytest.approx(0.01)
    assert game.generator.shift.item() == 1


def test_the_discriminator_plays_first_and_each_moves_its_own_module():
    game = play()
    assert [(player.name, player.module) for player in game.players] == [
        ("discriminator", game.discriminator), ("generator", game.generator),
    ]


def test_a_turn_leaves_the_other_player_without_a_gradient():
    game = play(regularizer="r1_r2")
    now = game.begin(batch())
    game.discriminator_loss(now, 0).backward()
    assert game.generator.shift.grad is None
    # d/dslope of (fake - real) is 1 - 3; of 0.1 * 4 * slope^2 it is 0.8 * 2.
    assert game.discriminator.slope.grad.item() == pytest.approx(-2 + 1.6)
    (slope,) = torch.autograd.grad(game.generator_loss(now, 0), game.generator.shift)
    assert slope.item() == pytest.approx(-2)


@pytest.mark.parametrize("regularizer", [None, "r1", "r1_r2", "gradient_penalty"])
def test_every_call_of_the_critic_has_the_condition_of_its_rows(regularizer):
    game = play(regularizer=regularizer)
    played = batch(condition_width=3)
    now = game.begin(played)
    game.discriminator_loss(now, 0)
    game.generator_loss(now, 0)
    for rows, condition in game.discriminator.seen:
        torch.testing.assert_close(condition, played.condition.repeat(len(rows) // 2, 1))


def test_the_loss_is_the_mean_over_samples():
    game = play()
    played = batch_of(torch.tensor([[1.0], [3.0]]), torch.tensor([[0.0], [2.0]]), torch.empty(2, 0), torch.empty(2, 0))
    now = game.begin(played)
    assert game.discriminator_loss(now, 0).item() == pytest.approx((2 - 2 + 6 - 6) / 2)
    assert game.generator_loss(now, 0).item() == pytest.approx(-(2 + 6) / 2)
