"""Training by hand: turns of the players, known steps, the average in closed form, broken steps, watchers, resuming."""

import warnings
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn
from two_numbers import RATE, Number, TwoNumbers, make_run

from skgan._spec import DataSpec
from skgan.callbacks import Callback
from skgan.encoders import Encoded, Middle
from skgan.exceptions import DivergenceWarning
from skgan.schedules import Cosine
from skgan.training import Average, Batches, History, Source
from skgan.training import _run as run_module
from skgan.training._average import KEPT_AT


def test_players_take_turns_on_one_batch_a_round():
    game = TwoNumbers()
    assert make_run(game, 2).play().n_iter == 2
    assert game.turns == [
        "begin 0", "discriminator 0", "after discriminator", "generator 0", "after generator",
        "begin 1", "discriminator 1", "after discriminator", "generator 1", "after generator",
    ]


def test_further_turns_are_on_batches_of_their_own():
    game = TwoNumbers(turns=3)
    run = make_run(game, 1).play()
    assert game.turns == [
        "begin 0", "discriminator 0", "after discriminator",
        "begin 1", "discriminator 1", "after discriminator",
        "begin 2", "discriminator 2", "after discriminator", "generator 2", "after generator",
    ]
    assert run.n_iter == 1 and set(run.losses) == {"discriminator", "generator"}


def test_known_steps():
    game = TwoNumbers()
    make_run(game, 2).play()
    discriminator, generator = 1.0, 2.0
    for step in range(2):
        discriminator -= RATE * (discriminator - step)
        generator -= RATE * (generator - step)
    assert game.discriminator().item() == pytest.approx(discriminator)
    assert game.generator().item() == pytest.approx(generator)


def test_parts_of_a_batch_are_played_apart_and_stepped_together():
    record = Recorder()
    game, whole = TwoNumbers(), TwoNumbers()
    make_run(game, 3, apart=(-0.5, 0.5), watchers=[record]).play()
    make_run(whole, 3).play()
    # The gradient is the mean over parts, and these parts are the batch on average.
    assert game.discriminator().item() == pytest.approx(whole.discriminator().item())
    assert game.generator().item() == pytest.approx(whole.generator().item())
    assert sorted(game.turns[:2]) == ["begin -0.5", "begin 0.5"]
    assert sorted(game.turns[2:4]) == ["discriminator -0.5", "discriminator 0.5"]
    assert game.turns[4] == "after discriminator" and "after discriminator" not in game.turns[5:11]
    # Loss of parts at -0.5 and 0.5 of a discriminator at 1: (1.5^2 + 0.5^2) / 4.
    assert record.losses[0]["discriminator"] == pytest.approx(0.625)


def test_a_broken_part_breaks_the_step():
    game = TwoNumbers(broken={("discriminator", 0)})
    run = make_run(game, 1, apart=(-0.5, 0.5)).play()
    assert game.discriminator().item() == 1.0 and run.averages["generator"].n_updates == 0


def test_a_device_is_read_only_now_and_then_for_broken_steps(monkeypatch):
    class Elsewhere(torch.Tensor):
        """A truth on a device that must not be waited for."""

        n_reads = 0
        device = torch.device("cuda")

        def __bool__(self):
            raise AssertionError("waited for")

        def __int__(self):
            Elsewhere.n_reads += 1
            return int(self.as_subclass(torch.Tensor))

    monkeypatch.setattr(torch, "stack", lambda tensors, stack=torch.stack: stack(tensors).as_subclass(Elsewhere))
    broken = run_module._BrokenSteps()
    n = run_module.MAX_BROKEN_STEPS
    counts = [broken.count([torch.tensor(True), torch.tensor(False)]) for _ in range(2 * n)]
    assert Elsewhere.n_reads == 2 and counts == [0] * (n - 1) + [n] * n + [2 * n]
    # A few that were broken when it was read do not keep later rounds out of the average.
    few = run_module._BrokenSteps()
    assert [few.count([torch.tensor(k < n - 3)]) for k in range(n + 5)] == [0] * (n + 5)


def test_the_schedule_scales_the_learning_rate_by_progress():
    game = TwoNumbers()
    make_run(game, 4, schedule=lambda progress: 1.0 - progress).play()
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


def test_the_average_is_given_the_progress_of_the_run(monkeypatch):
    assert len(make_run(TwoNumbers(), 10).play().averages["generator"].earlier) == 3
    clock(monkeypatch, run_module, tick=1.0)
    run = make_run(TwoNumbers(), 1000).play(deadline=9.0)
    assert run.n_iter == 4  # at 1/9, 3/9, 5/9 and 7/9 of the time
    assert len(run.averages["generator"].earlier) == 1


@pytest.mark.parametrize("player", ["discriminator", "generator"])
def test_a_broken_step_is_skipped(player):
    game, whole = TwoNumbers(broken={(player, 1)}), TwoNumbers()
    run = make_run(game, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run.play()
    make_run(whole, 1).play()
    assert getattr(game, player)().item() == getattr(whole, player)().item()
    assert run.n_iter == 2 and run.averages["generator"].n_updates == 1


def test_many_broken_steps_end_the_run_with_a_usable_average():
    good = 5
    broken = {("generator", step) for step in range(good, 1000)}
    game, whole = TwoNumbers(broken), TwoNumbers()
    # After three attempts with a tenth of the learning rate each.
    run, reference = make_run(game, 1000), make_run(whole, good, schedule=lambda progress: 0.001)
    with pytest.warns(DivergenceWarning) as warned:
        run.play()
    reference.play()
    assert ["attempt" in str(each.message) for each in warned] == [True] * 3 + [False]
    assert "The average of the steps before is kept" in str(warned[-1].message)
    assert run.diverged and run.n_iter == good + run_module.MAX_BROKEN_STEPS
    averages = [each.averages["generator"].module().item() for each in (run, reference)]
    assert averages[0] == averages[1]


def test_broken_steps_count_only_in_a_row():
    n = 3 * run_module.MAX_BROKEN_STEPS
    game = TwoNumbers(broken={("generator", step) for step in range(n) if step % run_module.MAX_BROKEN_STEPS})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert make_run(game, n).play().n_iter == n


def clock(monkeypatch, *modules, tick):
    """Replace `time.monotonic` of modules by a clock that moves `tick` seconds a look."""
    now = iter(np.arange(0, 1e6, tick).tolist())
    for module in modules:
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(now)))


def test_a_deadline_ends_the_run_and_counts_as_progress(monkeypatch):
    clock(monkeypatch, run_module, tick=1.0)  # one look at the start, then one before and one after each step
    seen = []
    run = make_run(TwoNumbers(), 1000, schedule=lambda progress: seen.append(progress) or 1.0)
    assert run.play(deadline=9.0).n_iter == 4
    assert seen == pytest.approx([1 / 9, 3 / 9, 5 / 9, 7 / 9])


def test_a_deadline_that_has_passed_plays_no_round():
    assert make_run(TwoNumbers(), 10).play(deadline=-1e9).n_iter == 0


class Recorder(Callback):
    def __init__(self):
        self.record, self.losses = [], []

    def on_run_begin(self, run):
        self.record.append(("begin", run.n_iter, run.max_iter))

    def on_step_begin(self, run):
        self.record.append(("step", run.n_iter))

    def on_step_end(self, run):
        self.record.append((run.n_iter, {name: loss.requires_grad for name, loss in run.losses.items()}))
        self.losses.append({name: float(loss) for name, loss in run.losses.items()})

    def on_run_end(self, run):
        self.record.append("end")


def test_watchers_are_called_for_everything_in_order():
    record = Recorder()
    make_run(TwoNumbers(), 2, watchers=[Callback(), record]).play()
    losses = {"discriminator": False, "generator": False}
    assert record.record == [("begin", 0, 2), ("step", 0), (1, losses), ("step", 1), (2, losses), "end"]


class Interrupted(Recorder):
    def on_step_end(self, run):
        raise KeyboardInterrupt


def test_watchers_learn_of_the_end_after_an_error_too():
    record = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        make_run(TwoNumbers(), 2, watchers=[record]).play()
    assert record.record[-1] == "end"


class Failing(Callback):
    def __init__(self, hook):
        setattr(self, hook, self.fail)

    def fail(self, run):
        raise RuntimeError("a watcher failed")


@pytest.mark.parametrize("hook, ends", [("on_run_begin", 1), ("on_step_end", 2), ("on_run_end", 2)])
def test_each_watcher_that_began_learns_of_the_end(hook, ends):
    first, second = Recorder(), Recorder()
    with pytest.raises(RuntimeError, match="a watcher failed"):
        make_run(TwoNumbers(), 1, watchers=[first, Failing(hook), second]).play()
    assert (first.record + second.record).count("end") == ends


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda state: {}, "not what Run.state_dict returns"),
        (lambda state: None, "not what Run.state_dict returns"),
        (lambda state: {**state, "max_iter": 7}, "max_iter=7 steps, but this run has 2"),
        (lambda state: {**state, "averages": {}}, r"averages of \[\], but this run of \['generator'\]"),
    ],
)
def test_a_state_of_another_run_is_refused(change, words):
    run = make_run(TwoNumbers(), 2)
    with pytest.raises(ValueError, match=words):
        run.load_state_dict(change(run.state_dict()))


class StopAt(Callback):
    def __init__(self, n_iter):
        self.n_iter = n_iter

    def on_step_end(self, run):
        if run.n_iter == self.n_iter:
            run.stop()


def test_a_watcher_may_stop_the_run():
    run = make_run(TwoNumbers(), 10, watchers=[StopAt(3)]).play()
    assert run.stopped and run.n_iter == 3


@pytest.mark.parametrize("step", range(1, 11))
def test_a_run_that_was_stopped_anywhere_continues_as_if_it_had_not_been(step):
    whole, game, continued = TwoNumbers(turns=2), TwoNumbers(turns=2), TwoNumbers(turns=2)
    reference = make_run(whole, 11, schedule=Cosine()).play()
    state = make_run(game, 11, schedule=Cosine(), watchers=[StopAt(step)]).play().state_dict()
    run = make_run(continued, 11, schedule=Cosine()).load_state_dict(state).play()
    assert run.n_iter == 11 and continued.generator().item() == whole.generator().item()
    assert continued.discriminator().item() == whole.discriminator().item()
    kept, expected = (each.snapshot()["generator"] for each in (run, reference))
    assert [module().item() for module in kept] == [module().item() for module in expected]
    table, expected = (each.history.table.drop(columns="seconds") for each in (run, reference))
    assert table.equals(expected)


PLAYERS = ("discriminator", "generator")
COLUMNS = ["step", "seconds", "discriminator_loss", "generator_loss"]


@pytest.mark.parametrize("max_iter", [1, 10, 2000, 2001, 9000])
def test_history_keeps_at_most_two_thousand_even_rows(max_iter):
    history = History(PLAYERS)
    for step in range(1, max_iter + 1):
        history.record(step, float(step), {"generator": torch.tensor(float(step)), "discriminator": torch.tensor(0.0)})
    table = history.table
    assert list(table.columns) == COLUMNS
    assert min(max_iter, 1000) <= len(table) <= 2000
    assert table["step"].iloc[-1] <= max_iter and table["step"].diff().dropna().nunique() <= 1
    assert (table["generator_loss"] == table["step"]).all()
    assert (table["seconds"] == table["step"]).all()


def test_history_of_a_run_cut_short_is_not_empty():
    # fit(max_iter=10**9, max_time=5): the deadline, not max_iter, says how long the run is.
    run = make_run(TwoNumbers(), 10**9).play(deadline=run_module.time.monotonic() + 0.2)
    assert len(run.history.table) > 0


def test_history_of_no_step_is_an_empty_table():
    table = make_run(TwoNumbers(), 10).play(deadline=-1e9).history.table
    assert table.empty and list(table.columns) == COLUMNS


def make_batches(seed=0, n=50, batch_size=20, n_parts=1, **more):
    low = torch.arange(float(n))[:, None].repeat(1, 2)
    high = low + torch.tensor([0.0, 0.5])
    condition = encoded(low[:, :1], low[:, :1])
    return Batches(
        {"real": Source(encoded(low, high)), "condition": Source(Middle(condition)), **more},
        batch_size=batch_size,
        noise_dim=3,
        rng=torch.Generator().manual_seed(seed),
        part_rngs=[torch.Generator().manual_seed(part) for part in range(n_parts)],
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
        assert torch.equal(first[0][field], again[0][field])
        assert not torch.equal(first[0][field], other[0][field])


def test_a_saved_state_draws_the_same_batches_again():
    batches, others = make_batches(n_parts=2), make_batches(seed=5, n_parts=2)
    batches.draw()
    state = batches.state_dict()
    drawn = [batches.draw() for _ in range(3)]
    others.load_state_dict(state)
    for parts, same in zip(drawn, [others.draw() for _ in range(3)]):
        for a, b in zip(parts, same, strict=True):
            assert all(torch.equal(tensor, b[name]) for name, tensor in a.tensors.items())
    assert not torch.equal(drawn[0][0].latent, drawn[1][0].latent)


def test_a_state_of_batches_of_another_size_is_refused():
    with pytest.raises(ValueError, match="batch_size=20 in 2 parts, but this run has batch_size=20 in 1 parts"):
        make_batches().load_state_dict(make_batches(n_parts=2).state_dict())


def test_partners_share_an_index_and_domains_do_not():
    low = torch.arange(30.0)[:, None]
    other = Source(encoded(low, low), drawn="apart")
    [batch] = make_batches(other=other, batch_size=400).draw()
    assert torch.equal(batch.real[:, 0], batch.condition[:, 0])
    assert batch["other"].unique().tolist() == list(range(30))
    assert not torch.equal(batch["other"][:, 0], batch.condition[:, 0])


def test_parts_of_a_batch_are_the_batch():
    [whole], parts = make_batches().draw(), make_batches(n_parts=2).draw()
    for field in ("real", "latent", "condition"):
        assert torch.equal(torch.cat([part[field] for part in parts]), whole[field])
    assert [len(part.real) for part in parts] == [10, 10] and not torch.equal(parts[0].draws, parts[1].draws)
