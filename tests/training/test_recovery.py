"""Runs that diverge go back to their last good state, with a smaller learning rate."""

import time
import warnings

import numpy as np
import pytest
import torch
from problems import blobs
from two_numbers import TwoNumbers, make_run

from skgan import GANSampler, load, save
from skgan.callbacks import Callback
from skgan.exceptions import DivergenceError, DivergenceWarning
from skgan.training import _recovery
from skgan.training._recovery import MAX_RECOVERIES

N_STEPS = 200
# In this game losses grow with the steps.
EXPLODED = 1e6


@pytest.fixture(autouse=True)
def late_explosion(monkeypatch):
    monkeypatch.setattr(_recovery, "EXPLODED", EXPLODED)
    monkeypatch.setattr(_recovery, "SUSPECT", EXPLODED)


class Mend(Callback):
    """Mends the game once the run was brought back."""

    def __init__(self, game):
        self.game = game

    def on_step_begin(self, run):
        if run.n_recoveries:
            self.game.broken = ()


def value_of(run):
    return [player.module.value.item() for player in run.players]


def expected_after_recovery(from_step):
    """The values of a run that has a tenth of the learning rate from a step on."""
    seen = []

    def schedule(progress):
        seen.append(progress)
        return 1.0 if len(seen) <= from_step else 0.1

    return value_of(make_run(TwoNumbers(), N_STEPS, schedule=schedule).play())


def test_a_run_goes_back_to_its_last_good_state_and_on_with_a_tenth_of_the_rate():
    game = TwoNumbers(broken={("generator", step) for step in range(70, N_STEPS)})
    run = make_run(game, N_STEPS, watchers=[Mend(game)])
    with pytest.warns(DivergenceWarning, match=r"up to step 90. .* from step 60 .* \(attempt 1 of 3\)") as warned:
        run.play()
    assert len(warned) == 1 and run.n_iter == N_STEPS and run.n_recoveries == 1
    assert run.history.table["step"].tolist() == list(range(1, N_STEPS + 1))
    assert value_of(run) == expected_after_recovery(60)


def test_a_run_whose_loss_explodes_goes_back():
    game = TwoNumbers()
    run = make_run(game, N_STEPS)

    class Explode(Callback):
        def on_step_begin(self, run):
            if run.n_iter == 70 and not run.n_recoveries:
                with torch.no_grad():
                    game.generator.value.fill_(10 * EXPLODED)

    run.watchers = [Explode()]
    with pytest.warns(DivergenceWarning, match="had a loss that exploded, .* up to step 80. It goes on from step 60"):
        run.play()
    assert value_of(run) == expected_after_recovery(60)


@pytest.mark.parametrize("how", ["steps", "stop", "time"])
def test_the_last_step_is_looked_at(how, monkeypatch):
    """Although a look was due only later."""
    game = TwoNumbers()

    class Break(Callback):
        def on_step_end(self, run):
            if run.n_iter == 15 and not run.n_recoveries:
                with torch.no_grad():
                    game.discriminator.value.fill_(float("nan"))
                run.stopped = how == "stop"
                if how == "time":
                    monkeypatch.setattr(time, "monotonic", lambda: 1e12)

    run = make_run(game, 15 if how == "steps" else N_STEPS, watchers=[Break()])
    with pytest.warns(DivergenceWarning, match="weights that are not finite, up to step 15. It goes on from step 0"):
        run.play(time.monotonic() + 1e6)
    assert run.n_iter == (15 if how == "steps" else 0)
    assert torch.isfinite(game.discriminator.value).all()


def test_a_short_fit_at_a_huge_rate_can_be_saved(tmp_path):
    X = np.random.default_rng(0).normal(size=(40, 2))
    with pytest.warns(DivergenceWarning, match="weights that are not finite"):
        sampler = GANSampler(max_iter=3, learning_rate=1e38, refine=False, random_state=0).fit(X)
    save(sampler, tmp_path / "model")
    assert (load(tmp_path / "model").sample(5, random_state=0) == sampler.sample(5, random_state=0)).all()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_run_whose_weights_are_not_finite_goes_back(value):
    game = TwoNumbers()

    class Break(Callback):
        def on_step_end(self, run):
            if run.n_iter == 100 and not run.n_recoveries:
                with torch.no_grad():
                    game.discriminator.value.fill_(value)

    with pytest.warns(DivergenceWarning, match="It goes on from step 80"):
        run = make_run(game, N_STEPS, watchers=[Break()]).play()
    assert value_of(run) == expected_after_recovery(80)


def test_a_run_that_explodes_again_and_again_keeps_its_last_good_weights():
    game = TwoNumbers()

    class Explode(Callback):
        def on_step_begin(self, run):
            if run.n_iter == 70:
                with torch.no_grad():
                    game.generator.value.fill_(10 * EXPLODED)

    with pytest.warns(DivergenceWarning) as warned:
        run = make_run(game, N_STEPS, watchers=[Explode()]).play()
    assert len(warned) == MAX_RECOVERIES + 1
    assert "The weights of step 60 are kept" in str(warned[-1].message)
    assert run.n_iter == 60 and value_of(run) == value_of(make_run(TwoNumbers(), 60).play())


def test_a_run_without_a_good_step_is_an_error():
    game = TwoNumbers(broken={("generator", step) for step in range(N_STEPS)})
    with pytest.warns(DivergenceWarning), pytest.raises(DivergenceError, match="as it was before the fit"):
        make_run(game, N_STEPS).play()


def test_a_healthy_run_is_not_changed():
    run = make_run(TwoNumbers(), N_STEPS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run.play()
    assert run.n_recoveries == 0 and value_of(run) == expected_after_recovery(N_STEPS)


def test_a_continued_run_keeps_its_smaller_rate():
    class Stop(Callback):
        def on_step_end(self, run):
            if run.n_recoveries and run.n_iter == 120:
                run.stop()

    game = TwoNumbers(broken={("generator", step) for step in range(70, N_STEPS)})
    with pytest.warns(DivergenceWarning):
        stopped = make_run(game, N_STEPS, watchers=[Mend(game), Stop()]).play()
    assert stopped.n_iter == 120
    continued = make_run(TwoNumbers(), N_STEPS).load_state_dict(stopped.state_dict()).play()
    assert value_of(continued) == expected_after_recovery(60)


class Undefined(torch.nn.Module):
    """A generator that returns NaN, from a step on."""

    def __init__(self, spec, latent_dim, condition_dim):
        super().__init__()
        self.linear = torch.nn.Linear(latent_dim + condition_dim, spec.width)

    def forward(self, latent, condition):
        return self.linear(torch.cat([latent, condition], dim=1)) * float("nan")


def test_a_factory_that_returns_nan_is_an_error_and_leaves_the_sampler_as_it_was():
    X, _ = blobs(60)
    sampler = GANSampler(max_iter=30, random_state=0, device="cpu").fit(X)
    before = sampler.sample(5, random_state=0)
    sampler.set_params(generator=Undefined, max_iter=100)
    with pytest.warns(DivergenceWarning), pytest.raises(DivergenceError, match="A network or loss of your own"):
        sampler.fit(X)
    assert (sampler.sample(5, random_state=0) == before).all() and sampler.n_iter_ == 30


def test_a_loss_of_a_large_scale_has_not_exploded(monkeypatch):
    monkeypatch.setattr(_recovery, "EXPLODED", 1000.0)
    game = TwoNumbers()
    # The first loss is 5e7, and that of step 20, the first one that is looked at, is still far above 1000.
    game.discriminator.value.data.fill_(1e4)
    run = make_run(game, 60).play()
    assert run.n_recoveries == 0 and run.n_iter == 60
    assert run.history.table["discriminator_loss"][19] > 100_000
