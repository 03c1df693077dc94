"""The auxiliary game by hand, and augmentation that adapts to how many pairs real rows win."""

import math

import pytest
import torch
from problems import Shift, batch_of
from torch import nn

from skgan._spec import DataSpec
from skgan.games import AdversarialGame, AuxiliaryGame
from skgan.games._adversarial import MAX_PROBABILITY
from skgan.games._auxiliary import mismatch
from skgan.losses import LOSSES
from skgan.networks import table_discriminator
from skgan.regularizers import REGULARIZERS

CLASSES, NUMBER = ("categorical", 3, (0.0, 0.0, 0.0)), ("uniform", 1, ())
SPEED = 0.3


def layout(*pieces):
    return DataSpec.from_pieces(pieces)


@pytest.mark.parametrize(
    "pieces, guess, condition, expected",
    [
        ([CLASSES], [[0.0, 0.0, 0.0]], [[0.0, 1.0, 0.0]], [math.log(3)]),
        # Odds of 1 : 2 : 1.
        ([CLASSES], [[0.0, math.log(2), 0.0]] * 2, [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]], [math.log(2), math.log(4)]),
        ([CLASSES], [[-50.0, 50.0, -50.0]], [[0.0, 1.0, 0.0]], [0.0]),
        # A category that is none of the known ones has no loss.
        ([CLASSES], [[3.0, 1.0, 2.0]], [[0.0, 0.0, 0.0]], [0.0]),
        ([NUMBER], [[0.5], [0.5]], [[0.5], [-1.0]], [0.0, 1.125]),
        ([NUMBER, NUMBER], [[0.0, 2.0]], [[1.0, 0.0]], [2.5]),
        ([NUMBER, CLASSES], [[1.0, 7.0, 7.0, 7.0]], [[0.0, 0.0, 0.0, 1.0]], [0.5 + math.log(3)]),
        ([], [[]] * 2, [[]] * 2, [0.0, 0.0]),
    ],
)
def test_mismatch_by_hand(pieces, guess, condition, expected):
    given = mismatch(torch.tensor(guess), torch.tensor(condition), layout(*pieces))
    torch.testing.assert_close(given, torch.tensor(expected))


def test_mismatch_is_least_where_the_guess_is_right():
    guess = torch.zeros(1, 4, requires_grad=True)
    (slope,) = torch.autograd.grad(mismatch(guess, torch.tensor([[0.0, 1.0, 0.0, 0.6]]), layout(CLASSES, NUMBER)).sum(),
                                   guess)
    # Softmax less the truth, and guess less number.
    torch.testing.assert_close(slope, torch.tensor([[1 / 3, 1 / 3 - 1, 1 / 3, -0.6]]))


class Guesser(nn.Module):
    """Score = slope * row; its guess of a number is factor * row."""

    def __init__(self, slope, factor):
        super().__init__()
        self.slope, self.factor = nn.Parameter(torch.tensor(slope)), nn.Parameter(torch.tensor(factor))
        self.seen = []

    def forward(self, rows, condition):
        self.seen.append(rows.detach())
        return self.slope * rows[:, 0]

    def guess(self, rows):
        self.seen.append(rows.detach())
        return self.factor * rows[:, :1]


class Moved:
    """An augmentation that adds its first draw times the probability, and notes its arguments."""

    n_draws = 2

    def __init__(self):
        self.calls = []

    def __call__(self, rows, draws, probability):
        self.calls.append((rows.detach(), draws, probability.clone()))
        return rows + draws[:, :1] * probability


def game_of(kind=AdversarialGame, *, shift=1.0, slope=2.0, factor=0.5, regularizer=None, **options):
    """Real rows are at 3, generated ones at the shift."""
    regularizer = None if regularizer is None else REGULARIZERS[regularizer]()
    return kind(Shift(shift), Guesser(slope, factor), LOSSES["wasserstein"](), regularizer, **options)


def auxiliary(**options):
    return game_of(AuxiliaryGame, condition_spec=layout(NUMBER), **options)


def batch(n=2, n_draws=2, latent=0.0):
    generator = torch.Generator().manual_seed(0)
    condition = torch.full((n, 1), 2.5)
    return batch_of(torch.full((n, 1), 3.0), torch.full((n, 1), latent), condition, torch.rand(n, n_draws,
                                                                                            generator=generator))


def test_both_losses_contain_the_mismatch():
    plain, game = game_of(), auxiliary()
    losses = []
    for each in (plain, game):
        now = each.begin(batch())
        losses.append((each.discriminator_loss(now, 0).item(), each.generator_loss(now, 0).item()))
    assert losses[0] == pytest.approx((2 - 6, -2))
    # Guesses: 1.5 of real rows, 0.5 of generated ones; the number is 2.5.
    assert losses[1] == pytest.approx((2 - 6 + 1.0**2 / 2, -2 + 2.0**2 / 2))


def test_the_discriminator_learns_the_condition_of_real_rows_alone():
    game = auxiliary()
    now = game.begin(batch())
    parts = [game.discriminator.factor, game.generator.shift]
    factor, shift = torch.autograd.grad(game.discriminator_loss(now, 0), parts, allow_unused=True)
    # (0.5 * 3 - 2.5) * 3
    assert factor.item() == pytest.approx(-3) and shift is None


def test_the_generator_is_drawn_to_rows_whose_condition_is_guessed():
    game = auxiliary()
    now = game.begin(batch())
    game.discriminator_loss(now, 0)
    (shift,) = torch.autograd.grad(game.generator_loss(now, 0), game.generator.shift)
    # Of the score -2, and of the guess (0.5 * 1 - 2.5) * 0.5.
    assert shift.item() == pytest.approx(-2 - 1)


def test_the_mismatch_is_the_mean_over_rows():
    game = auxiliary(slope=0.0)
    played = batch_of(torch.tensor([[1.0], [3.0]]), torch.zeros(2, 1), torch.tensor([[0.5], [0.5]]), torch.empty(2, 0))
    now = game.begin(played)
    assert game.discriminator_loss(now, 0).item() == pytest.approx((0 + 1.0**2 / 2) / 2)


def test_guesses_are_of_augmented_rows_with_the_rows_own_draws():
    augment = Moved()
    game = auxiliary(augment=augment)
    game.augmentation_probability.fill_(0.5)
    played = batch()
    now = game.begin(played)
    game.discriminator_loss(now, 0)
    game.generator_loss(now, 0)
    moved = played.draws[:, :1] * 0.5
    both = torch.cat([played.real, now.fake.detach()])
    shown, fake = both + moved.repeat(2, 1), now.fake.detach() + moved
    # For the score and for the guess: this discriminator has no `judge`, which gives both at once.
    expected = [shown, shown, fake, fake]
    assert len(game.discriminator.seen) == 4
    for seen, rows in zip(game.discriminator.seen, expected, strict=True):
        torch.testing.assert_close(seen, rows)


@pytest.mark.parametrize("kind", [game_of, auxiliary])
@pytest.mark.parametrize("regularizer", [None, "r1_r2", "gradient_penalty"])
def test_real_and_generated_row_i_get_the_same_draws(kind, regularizer):
    augment = Moved()
    game = kind(augment=augment, augmentation_speed=SPEED, regularizer=regularizer)
    n_penalty = 1 if regularizer == "gradient_penalty" else 0
    assert game.n_draws == n_penalty + 2
    played = batch(n=5, n_draws=game.n_draws)
    now = game.begin(played)
    game.discriminator_loss(now, 0)
    game.generator_loss(now, 0)
    own = played.draws[:, n_penalty:]
    rows, draws, _ = augment.calls[0]
    assert torch.equal(rows, torch.cat([played.real, now.fake.detach()]))
    assert torch.equal(draws[:5], own) and torch.equal(draws[5:], own)
    for rows, draws, _ in augment.calls:
        assert torch.equal(draws, own.repeat(len(rows) // 5, 1))
    # The penalty, too, looks at augmented rows; r1_r2 at both kinds at once.
    assert len(augment.calls) == 2 + (regularizer is not None)


def test_a_discriminator_of_ours_runs_once_a_turn():
    discriminator = table_discriminator(layout(NUMBER), layout(CLASSES), (4,), torch.Generator(), "auxiliary")
    calls = []
    discriminator.body.register_forward_hook(lambda *_: calls.append(1))
    game = AuxiliaryGame(Shift(1.0), discriminator, LOSSES["hinge"](), None, condition_spec=layout(CLASSES))
    played = batch_of(torch.zeros(2, 1), torch.zeros(2, 1), torch.eye(3)[:2], torch.empty(2, 0))
    now = game.begin(played)
    total = game.discriminator_loss(now, 0) + game.generator_loss(now, 0)
    assert len(calls) == 2 and torch.isfinite(total)
    # What `judge` gives is what two calls give.
    scores, guess = discriminator.judge(played.real, played.condition)
    assert torch.equal(scores, discriminator(played.real, played.condition))
    assert torch.equal(guess, discriminator.guess(played.real))


def played_rounds(game, n, n_parts=1):
    """The probability after each of n rounds."""
    seen = []
    for step in range(n):
        for _ in range(n_parts):
            game.discriminator_loss(game.begin(batch()), step)
        game.after_discriminator_step()
        seen.append(game.augmentation_probability.item())
    return seen


@pytest.mark.parametrize("kind", [game_of, auxiliary])
def test_the_probability_rises_by_the_speed_while_real_rows_win_all_pairs_up_to_its_limit(kind):
    game = kind(augment=Moved(), augmentation_speed=SPEED)
    assert game.augmentation_probability.item() == 0
    assert played_rounds(game, 4) == pytest.approx([SPEED, 2 * SPEED, MAX_PROBABILITY, MAX_PROBABILITY])


@pytest.mark.parametrize("slope", [-2.0, 0.0], ids=["lost", "drawn"])
def test_the_probability_falls_to_zero_while_real_rows_do_not_win(slope):
    game = game_of(augment=Moved(), augmentation_speed=SPEED, slope=slope)
    game.augmentation_probability.fill_(2.5 * SPEED)
    assert played_rounds(game, 4) == pytest.approx([1.5 * SPEED, 0.5 * SPEED, 0, 0])


@pytest.mark.parametrize("slope", [2.0, -2.0])
@pytest.mark.parametrize("augment", [None, Moved()], ids=["no augmentation", "augmented"])
def test_without_speed_the_probability_stays(slope, augment):
    game = game_of(augment=augment, slope=slope)
    game.augmentation_probability.fill_(0.4)
    assert played_rounds(game, 3) == pytest.approx([0.4] * 3)


@pytest.mark.parametrize("n_won, rises", [(20, True), (19, True), (17, False), (10, False)])
def test_real_rows_may_win_nine_pairs_in_ten(n_won, rises):
    # A lead of 0.8 is 18 pairs of 20 won.
    game = game_of(augment=Moved(), augmentation_speed=0.1, shift=0.0)
    game.augmentation_probability.fill_(0.4)
    latent = torch.where(torch.arange(20) < n_won, 0.0, 9.0)[:, None]
    played = batch_of(torch.full((20, 1), 3.0), latent, torch.zeros(20, 1), torch.rand(20, 2))
    game.discriminator_loss(game.begin(played), 0)
    game.after_discriminator_step()
    assert game.augmentation_probability.item() == pytest.approx(0.5 if rises else 0.3)


def test_parts_of_a_batch_move_the_probability_once_by_their_mean_lead():
    game = game_of(augment=Moved(), augmentation_speed=SPEED)
    assert played_rounds(game, 2, n_parts=2) == pytest.approx([SPEED, 2 * SPEED])
    # One part wins all pairs, the other none: a lead of nothing.
    game.discriminator_loss(game.begin(batch()), 0)
    game.discriminator_loss(game.begin(batch(latent=9.0)), 0)
    game.after_discriminator_step()
    assert game.augmentation_probability.item() == pytest.approx(SPEED)


def test_small_leads_of_many_parts_are_no_large_lead():
    game = game_of(augment=Moved(), augmentation_speed=SPEED, shift=0.0)
    game.augmentation_probability.fill_(0.5)
    # Three of four pairs are won, in each of two parts.
    latent = torch.tensor([[0.0], [0.0], [0.0], [9.0]])
    for _ in range(2):
        played = batch_of(torch.full((4, 1), 3.0), latent, torch.zeros(4, 1), torch.rand(4, 2))
        game.discriminator_loss(game.begin(played), 0)
    game.after_discriminator_step()
    assert game.augmentation_probability.item() == pytest.approx(0.5 - SPEED)


def test_a_round_leaves_no_lead_behind_for_the_next():
    game = game_of(augment=Moved(), augmentation_speed=SPEED)
    played_rounds(game, 2)
    game.discriminator.slope.data.fill_(-2.0)
    assert played_rounds(game, 2) == pytest.approx([SPEED, 0])


def test_the_probability_is_the_same_tensor_throughout():
    game = game_of(augment=Moved(), augmentation_speed=SPEED)
    before = game.augmentation_probability
    played_rounds(game, 2)
    assert game.augmentation_probability is before


def test_a_game_continues_with_the_probability_that_it_had():
    game, other = (game_of(augment=Moved(), augmentation_speed=SPEED) for _ in range(2))
    played_rounds(game, 2)
    tensor = other.augmentation_probability
    other.load_state_dict(game.state_dict())
    assert other.augmentation_probability is tensor and played_rounds(other, 1) == played_rounds(game, 1)
    assert tensor.item() == pytest.approx(MAX_PROBABILITY)


def test_the_first_round_is_not_augmented():
    augment = Moved()
    game = game_of(augment=augment, augmentation_speed=SPEED)
    played_rounds(game, 2)
    assert [call[2].item() for call in augment.calls] == pytest.approx([0, SPEED])
