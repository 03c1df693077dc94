"""What every game must do. A game joins `GAMES` of tests/problems.py and is tested here."""

import pytest
import torch
from problems import CLASSES, GAMES, ROWS

from skgan.callbacks import Callback
from skgan.training import Batch, Run

N = 8
each_game = pytest.mark.parametrize("case", GAMES, ids=lambda case: case.name)


def batch(game, seed=0, n=N):
    rng = torch.Generator().manual_seed(seed)
    classes = torch.randint(3, (n,), generator=rng)
    number = torch.rand(n, 1, generator=rng) * 2 - 1
    real = torch.cat([number, torch.eye(3)[classes]], dim=1)
    condition = torch.eye(2)[torch.randint(2, (n,), generator=rng)]
    assert real.shape[1] == ROWS.width and condition.shape[1] == CLASSES.width
    return Batch(
        real=real,
        condition=condition,
        latent=torch.randn(n, game.generator.noise_dim, generator=rng),
        draws=torch.rand(n, game.n_draws, generator=rng),
    )


def halves(whole):
    n = len(whole.real) // 2
    pieces = ({name: tensor[rows] for name, tensor in whole.tensors.items()} for rows in (slice(n), slice(n, None)))
    return [Batch(**piece) for piece in pieces]


def losses_and_gradients(game, parts, step):
    """The loss and the gradient of every player in one round, averaged over the parts of a batch."""
    rounds = [game.begin(part) for part in parts]
    found = {}
    for player in game.players:
        loss = sum(player.loss(now, step) for now in rounds) / len(rounds)
        gradients = torch.autograd.grad(loss, list(player.module.parameters()), allow_unused=True)
        found[player.name] = loss.detach(), [g for g in gradients if g is not None]
    return found


@each_game
@pytest.mark.parametrize("step", range(5))
def test_losses_are_finite_scalars_on_each_kind_of_step(case, step):
    game = case.make()
    for loss, gradients in losses_and_gradients(game, [batch(game)], step).values():
        assert loss.shape == () and torch.isfinite(loss)
        assert gradients and all(torch.isfinite(gradient).all() for gradient in gradients)


@each_game
def test_names_of_players_are_unique_and_turns_at_least_one(case):
    players = case.make().players
    assert len({player.name for player in players}) == len(players) > 0
    assert all(player.turns >= 1 and player.rate > 0 for player in players)
    assert any(player.averaged for player in players)


@each_game
def test_an_update_moves_the_players_own_module_alone(case):
    game = case.make()
    run = run_of(game, n_parts=1)
    now = [game.begin(batch(game))]
    with_threads(run)
    for player in game.players:
        before = {each.name: weights(each) for each in game.players}
        run._take_turn(player, now, 0)
        for each in game.players:
            assert torch.equal(weights(each), before[each.name]) == (each.name != player.name)


@each_game
@pytest.mark.parametrize("step", [0, 1])
def test_two_parts_of_a_batch_give_what_the_whole_gives(case, step):
    game = case.make()
    whole = batch(game)
    one, two = (losses_and_gradients(game, parts, step) for parts in ([whole], halves(whole)))
    for name, (loss, gradients) in one.items():
        torch.testing.assert_close(two[name][0], loss, rtol=1e-4, atol=1e-6)
        for gradient, other in zip(gradients, two[name][1], strict=True):
            torch.testing.assert_close(other, gradient, rtol=1e-3, atol=1e-5)


@each_game
def test_a_continued_run_ends_as_a_whole_one(case):
    whole, first, second = (run_of(case.make()) for _ in range(3))
    whole.play()
    first.watchers.append(StopAt(3))
    first.play()
    second.load_state_dict(first.state_dict()).play()
    for a, b in zip(second.players, whole.players, strict=True):
        assert torch.equal(weights(a), weights(b))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")
@each_game
def test_a_captured_round_equals_an_eager_one(case):
    eager, captured = (run_of(on_cuda(case.make()), captured=captured, n_parts=1) for captured in (False, True))
    for run in (eager, captured):
        run.max_iter = 20
        run.play()
    for a, b in zip(eager.players, captured.players, strict=True):
        assert torch.equal(weights(a), weights(b))


class StopAt(Callback):
    def __init__(self, step):
        self.step = step

    def on_step_end(self, run):
        if run.n_iter == self.step:
            run.stop()


class Drawn:
    """Batches of seeds 0, 1, 2, ..."""

    def __init__(self, game, n_parts):
        self.game, self.n_parts, self.seed = game, n_parts, -1
        self.device = next(game.players[0].module.parameters()).device

    def draw(self):
        self.seed += 1
        whole = batch(self.game, self.seed)
        whole = Batch(**{name: tensor.to(self.device) for name, tensor in whole.tensors.items()})
        return halves(whole) if self.n_parts == 2 else [whole]

    def state_dict(self):
        return {"seed": self.seed}

    def load_state_dict(self, state):
        self.seed = state["seed"]


def run_of(game, *, captured=False, n_parts=2):
    return Run(
        game, Drawn(game, n_parts), max_iter=6, learning_rate=0.01, schedule=lambda progress: 1.0, half_life=2.0,
        captured=captured,
    )


def with_threads(run):
    from skgan.training import ThreadMap

    run._threads = ThreadMap()


def on_cuda(game):
    for player in game.players:
        player.module.to("cuda")
    game.augmentation_probability = game.augmentation_probability.to("cuda")
    return game


def weights(player):
    return torch.cat([parameter.detach().flatten().clone() for parameter in player.module.parameters()])
