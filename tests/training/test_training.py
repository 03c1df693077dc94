"""Training by hand: whose turn it is, known steps, the average in closed form, broken steps, watchers."""

import warnings
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from skgan._spec import DataSpec
from skgan.callbacks import Callback, History
from skgan.encoders import Encoded
from skgan.exceptions import DivergenceWarning
from skgan.training import Average, Batches, Trainer
from skgan.training import _trainer as trainer_module
from skgan.training._average import KEPT_AT

RATE = 0.1


class Number(nn.Module):
    def __init__(self, value=0.0):
        super().__init__()
        self.value = nn.Parameter(torch.tensor(float(value)))

    def forward(self):
        return self.value


class TwoNumbers:
    """A game of two numbers, each drawn towards its batch: loss = (value - batch)^2 / 2."""

    def __init__(self, broken=()):
        self.discriminator, self.generator = Number(1.0), Number(2.0)
        self.turns = []
        self.broken = broken

    @property
    def players(self):
        return tuple(
            (name, module, self._loss(name, module), lambda name=name: self.turns.append(f"after {name}"))
            for name, module in (("discriminator", self.discriminator), ("generator", self.generator))
        )

    def turn_to(self, progress):
        self.progress = progress

    def kind(self, step):
        return ()

    def begin(self, batch):
        self.turns.append(f"begin {batch}")
        return batch

    def _loss(self, name, module):
        def loss(batch, step):
            self.turns.append(f"{name} {batch}")
            factor = float("nan") if (name, step) in self.broken else 1.0
            return factor * (module() - batch).square() / 2

        return loss


class Counting:
    """Batches 0, 1, 2, ... in parts, which are a little apart and that on average."""

    def __init__(self, apart=(0.0,)):
        self.n, self.apart = -1, apart

    def draw(self):
        self.n += 1
        return [self.n + apart if apart else self.n for apart in self.apart]


def sgd(module):
    optimizer = torch.optim.SGD(module.parameters(), lr=RATE, fused=True)
    for group in optimizer.param_groups:
        group["initial_lr"] = RATE
    return optimizer


def make_trainer(game, *, schedule=None, callbacks=(), apart=(0.0,)):
    optimizers = {"discriminator": sgd(game.discriminator), "generator": sgd(game.generator)}
    average, schedule = Average(game.generator, half_life=2.0), schedule or (lambda progress: 1.0)
    return Trainer(game, Counting(apart), average, optimizers, schedule=schedule, callbacks=list(callbacks))


def test_players_take_turns_on_one_batch_a_round():
    game = TwoNumbers()
    assert make_trainer(game).run(2).n_iter == 2
    assert game.turns == [
        "begin 0", "discriminator 0", "after discriminator", "generator 0", "after generator",
        "begin 1", "discriminator 1", "after discriminator", "generator 1", "after generator",
    ]


def test_known_steps():
    game = TwoNumbers()
    make_trainer(game).run(2)
    discriminator, generator = 1.0, 2.0
    for step in range(2):
        discriminator -= RATE * (discriminator - step)
        generator -= RATE * (generator - step)
    assert game.discriminator().item() == pytest.approx(discriminator)
    assert game.generator().item() == pytest.approx(generator)


def test_parts_of_a_batch_are_played_apart_and_stepped_together():
    told = Told()
    game, whole = TwoNumbers(), TwoNumbers()
    make_trainer(game, apart=(-0.5, 0.5), callbacks=[told]).run(3)
    make_trainer(whole).run(3)
    # The gradient is the mean over parts, and these parts are the batch on average.
    assert game.discriminator().item() == pytest.approx(whole.discriminator().item())
    assert game.generator().item() == pytest.approx(whole.generator().item())
    assert sorted(game.turns[:2]) == ["begin -0.5", "begin 0.5"]
    assert sorted(game.turns[2:4]) == ["discriminator -0.5", "discriminator 0.5"]
    assert game.turns[4] == "after discriminator" and "after discriminator" not in game.turns[5:11]
    # Loss of parts at -0.5 and 0.5 of a discriminator at 1: (1.5^2 + 0.5^2) / 4.
    assert told.losses[0]["discriminator"] == pytest.approx(0.625)


def test_a_broken_part_breaks_the_step():
    game = TwoNumbers(broken={("discriminator", 0)})
    trainer = make_trainer(game, apart=(-0.5, 0.5))
    trainer.run(1)
    assert game.discriminator().item() == 1.0 and trainer.average.n_updates == 0


def test_a_device_is_asked_now_and_then_only_whether_steps_are_broken(monkeypatch):
    class Elsewhere(torch.Tensor):
        """A truth on a device that must not be waited for."""

        asked = 0
        device = torch.device("cuda")

        def __bool__(self):
            raise AssertionError("waited for")

        def __int__(self):
            Elsewhere.asked += 1
            return int(self.as_subclass(torch.Tensor))

    monkeypatch.setattr(torch, "stack", lambda tensors, stack=torch.stack: stack(tensors).as_subclass(Elsewhere))
    broken = trainer_module._Broken()
    n = trainer_module.MAX_BROKEN_STEPS
    counts = [broken.count([torch.tensor(True), torch.tensor(False)]) for _ in range(2 * n)]
    assert Elsewhere.asked == 2 and counts == [0] * (n - 1) + [n] * n + [2 * n]
    # A few that were broken when it was asked do not keep later rounds out of the average.
    few = trainer_module._Broken()
    assert [few.count([torch.tensor(k < n - 3)]) for k in range(n + 5)] == [0] * (n + 5)


def test_the_schedule_scales_the_learning_rate_by_progress():
    game = TwoNumbers()
    make_trainer(game, schedule=lambda progress: 1.0 - progress).run(4)
    value = 1.0
    for step, factor in enumerate((1.0, 0.75, 0.5, 0.25)):
        value -= RATE * factor * (value - step)
    assert game.discriminator().item() == pytest.approx(value)


@pytest.mark.parametrize("half_life", [0.0, 1.0, 3.0, 1e9])
def test_the_average_is_the_weighted_mean_in_closed_form(half_life):
    module = Number(100.0)
    average = Average(module, half_life)
    values = [1.0, 4.0, -2.0, 8.0, 0.5, 3.0, 3.0]
    for value in values:
        module.value.data.fill_(value)
        average.update(0.5)
    decay = 0.5 ** (1 / max(half_life, 1e-3))
    decays = [min(decay, t / (t + 5)) for t in range(len(values))]
    weights = [(1 - d) * np.prod(decays[t + 1 :]) for t, d in enumerate(decays)]
    assert sum(weights) == pytest.approx(1)  # the value before the first update has left no trace
    assert average.module().item() == pytest.approx(np.dot(weights, values), rel=1e-5)


def test_the_average_takes_buffers_as_they_are_and_needs_no_gradient():
    module = nn.BatchNorm1d(2)
    average = Average(module, half_life=10.0)
    module.running_mean.fill_(7.0)
    average.update(0.5)
    average.update(0.5)
    assert average.module.running_mean.tolist() == [7.0, 7.0]
    assert not average.module.training and module.training
    assert not any(parameter.requires_grad for parameter in average.module.parameters())


def averaged(progresses):
    """An average of 0, 1, 2, ... at these shares of the run, and what it was after each update."""
    module = Number()
    average, was = Average(module, half_life=3.0), []
    for step, progress in enumerate(progresses):
        module.value.data.fill_(float(step))
        average.update(progress)
        was.append(average.module().item())
    return average, was


def test_the_average_is_kept_as_it_was_late_in_the_run():
    average, was = averaged(step / 100 for step in range(100))
    assert KEPT_AT == (0.7, 0.8, 0.9)
    assert [earlier().item() for earlier in average.earlier] == [was[70], was[80], was[90]]
    assert average.module().item() == was[99]
    assert not any(p.requires_grad for earlier in average.earlier for p in earlier.parameters())


@pytest.mark.parametrize(
    "progresses, kept",
    [
        ([0.0, 0.2, 0.4, 0.6, 0.699], []),
        ([0.0, 0.5, 0.75], [2]),
        ([0.0, 0.2, 0.4, 0.6, 0.8], [4]),  # max_iter=5
        ([0.0], []),
        ([0.0, 0.95, 0.96, 0.97, 0.98], [1, 2, 3]),  # a jump is caught up with
        ([0.5, 1.0, 1.0], []),  # the end itself is kept anyway
        ([], []),
    ],
)
def test_a_short_run_has_fewer_averages(progresses, kept):
    average, was = averaged(progresses)
    assert [earlier().item() for earlier in average.earlier] == [was[i] for i in kept]


def test_the_trainer_tells_the_average_how_far_the_run_is(monkeypatch):
    trainer = make_trainer(TwoNumbers())
    trainer.run(10)
    assert len(trainer.average.earlier) == 3
    clock(monkeypatch, trainer_module, tick=1.0)
    trainer = make_trainer(TwoNumbers())
    assert trainer.run(1000, deadline=5.0).n_iter == 4  # at 20, 40, 60 and 80 % of the time
    assert len(trainer.average.earlier) == 1


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_a_broken_step_is_skipped(player):
    game, whole = TwoNumbers(broken={(player, 1)}), TwoNumbers()
    trainer = make_trainer(game)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        trainer.run(2)
    make_trainer(whole).run(1)
    assert getattr(game, player)().item() == getattr(whole, player)().item()
    assert trainer.n_iter == 2 and trainer.average.n_updates == 1


def test_many_broken_steps_end_the_run_with_a_usable_average():
    good = 5
    broken = {("generator", step) for step in range(good, 1000)}
    game, whole = TwoNumbers(broken), TwoNumbers()
    trainer, reference = make_trainer(game), make_trainer(whole)
    with pytest.warns(DivergenceWarning, match="smaller learning_rate"):
        trainer.run(1000)
    reference.run(good)
    assert trainer.n_iter == good + trainer_module.MAX_BROKEN_STEPS
    assert trainer.average.module().item() == reference.average.module().item()


def test_broken_steps_count_only_in_a_row():
    n = 3 * trainer_module.MAX_BROKEN_STEPS
    game = TwoNumbers(broken={("generator", step) for step in range(n) if step % trainer_module.MAX_BROKEN_STEPS})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert make_trainer(game).run(n).n_iter == n


def clock(monkeypatch, *modules, tick):
    """Replace `time.monotonic` of modules by a clock that moves `tick` seconds a look."""
    now = iter(np.arange(0, 1e6, tick).tolist())
    for module in modules:
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(now)))


def test_a_deadline_ends_the_run_and_counts_as_progress(monkeypatch):
    clock(monkeypatch, trainer_module, tick=1.0)  # one look at the start, then one a round
    seen = []
    trainer = make_trainer(TwoNumbers(), schedule=lambda progress: seen.append(progress) or 1.0)
    assert trainer.run(1000, deadline=5.0).n_iter == 4
    assert seen == pytest.approx([0.2, 0.4, 0.6, 0.8])


def test_a_deadline_that_has_passed_plays_no_round():
    assert make_trainer(TwoNumbers()).run(10, deadline=-1e9).n_iter == 0


class Told(Callback):
    def __init__(self):
        self.told, self.losses = [], []

    def on_fit_begin(self, max_iter):
        self.told.append(("begin", max_iter))

    def on_step_end(self, n_iter, losses):
        self.told.append((n_iter, {name: loss.requires_grad for name, loss in losses.items()}))
        self.losses.append({name: float(loss) for name, loss in losses.items()})

    def on_fit_end(self):
        self.told.append("end")


def test_callbacks_are_told_of_everything_in_order():
    told = Told()
    make_trainer(TwoNumbers(), callbacks=[Callback(), told]).run(2)
    losses = {"discriminator": False, "generator": False}
    assert told.told == [("begin", 2), (1, losses), (2, losses), "end"]


PLAYERS = ("discriminator", "generator")
COLUMNS = ["step", "seconds", "discriminator_loss", "generator_loss"]


@pytest.mark.parametrize("max_iter", [1, 10, 2000, 2001, 9000])
def test_history_keeps_at_most_two_thousand_even_rows(max_iter):
    history = History(PLAYERS)
    history.on_fit_begin(max_iter)
    for step in range(1, max_iter + 1):
        history.on_step_end(step, {"generator": torch.tensor(float(step)), "discriminator": torch.tensor(0.0)})
    history.on_fit_end()
    table = history.table
    assert list(table.columns) == COLUMNS
    assert min(max_iter, 1000) <= len(table) <= 2000
    assert table["step"].iloc[-1] <= max_iter and table["step"].diff().dropna().nunique() <= 1
    assert (table["generator_loss"] == table["step"]).all()
    assert (table["seconds"].diff().dropna() >= 0).all()


def test_history_of_a_run_cut_short_is_not_empty():
    # fit(max_iter=10**9, max_time=5): the deadline, not max_iter, says how long the run is.
    history = History(PLAYERS)
    make_trainer(TwoNumbers(), callbacks=[history]).run(10**9, deadline=trainer_module.time.monotonic() + 0.2)
    assert len(history.table) > 0


def test_history_of_no_step_is_an_empty_table():
    history = History(PLAYERS)
    make_trainer(TwoNumbers(), callbacks=[history]).run(10, deadline=-1e9)
    assert history.table.empty and list(history.table.columns) == COLUMNS


def make_batches(seed=0, n=50, batch_size=20, n_parts=1):
    low = torch.arange(float(n))[:, None].repeat(1, 2)
    high = low + torch.tensor([0.0, 0.5])
    return Batches(
        encoded(low, high),
        encoded(low[:, :1], low[:, :1]),
        batch_size=batch_size,
        latent_width=3,
        generator=torch.Generator().manual_seed(seed),
        noises=[torch.Generator().manual_seed(part) for part in range(n_parts)],
        n_draws=2,
    )


def encoded(low, high):
    """Rows of numbers alone, which lie between `low` and `high`."""
    spec = DataSpec.from_pieces([("uniform", 1, ())] * low.shape[1])
    return replace(Encoded.empty(len(low), spec), low=low, high=high)


def test_batches_hold_whole_rows_somewhere_in_their_intervals():
    [batch] = make_batches(batch_size=500).draw()
    row = batch.condition[:, 0]
    assert torch.equal(batch.real[:, 0], row)
    place = batch.real[:, 1] - row
    assert (place >= 0).all() and (place <= 0.5).all() and place.std() > 0.1
    assert row.unique().tolist() == list(range(50))
    assert batch.latent.shape == (500, 3) and abs(batch.latent.mean()) < 0.1 and abs(batch.latent.std() - 1) < 0.1


def test_batches_come_from_one_generator_alone():
    before = torch.get_rng_state()
    first, again, other = (make_batches(seed).draw() for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    for field in ("real", "latent", "condition"):
        assert torch.equal(getattr(first[0], field), getattr(again[0], field))
        assert not torch.equal(getattr(first[0], field), getattr(other[0], field))


def test_a_saved_generator_state_draws_the_same_batches_again():
    batches = make_batches()
    batches.draw()
    state = batches.generator.get_state()
    drawn = [batches.draw() for _ in range(3)]
    batches.generator.set_state(state)
    for [a], [b] in zip(drawn, [batches.draw() for _ in range(3)]):
        assert torch.equal(a.real, b.real) and torch.equal(a.latent, b.latent)
    assert not torch.equal(drawn[0][0].latent, drawn[1][0].latent)


def test_parts_of_a_batch_are_the_batch():
    [whole], parts = make_batches().draw(), make_batches(n_parts=2).draw()
    for field in ("real", "latent", "condition"):
        assert torch.equal(torch.cat([getattr(part, field) for part in parts]), getattr(whole, field))
    assert [len(part.real) for part in parts] == [10, 10] and not torch.equal(parts[0].draws, parts[1].draws)
