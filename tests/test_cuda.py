"""What only a machine with a CUDA GPU can show; elsewhere all of it is skipped."""

import numpy as np
import pytest
import torch
from problems import assert_same, labels_of, small_frame

from skgan import ConditionalGANSampler, GANSampler, load, resume, save
from skgan.callbacks import Callback, Checkpoint
from skgan.exceptions import DivergenceWarning
from skgan.training import Run

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")

X = small_frame(200)
FEW = {"max_iter": 12, "random_state": 0}


@pytest.mark.parametrize("conditional", [False, True])
def test_no_step_waits_for_the_device(monkeypatch, conditional):
    play = Run.play

    def watched(self, *args):
        torch.cuda.set_sync_debug_mode("error")
        try:
            with pytest.raises(RuntimeError, match="synchroniz"):
                torch.ones(1, device="cuda").item()  # the watch can bite
            return play(self, *args)
        finally:
            torch.cuda.set_sync_debug_mode("default")

    monkeypatch.setattr(Run, "play", watched)
    sampler = ConditionalGANSampler if conditional else GANSampler
    fitted = sampler(**FEW, device="cuda", refine=False).fit(X, *([labels_of(X)] if conditional else []))
    assert fitted.n_iter_ == FEW["max_iter"]


def test_a_seed_repeats_on_the_device():
    first, again = (GANSampler(**FEW, device="cuda").fit(X).sample(50) for _ in range(2))
    assert_same(first, again)
    assert list(first.columns) == list(X.columns)


def test_a_saved_sampler_draws_the_same(tmp_path):
    sampler = GANSampler(**FEW, device="cuda").fit(X)
    save(sampler, tmp_path / "sampler.skgan")
    assert_same(load(tmp_path / "sampler.skgan").sample(20, random_state=0), sampler.sample(20, random_state=0))


IMAGES = np.random.default_rng(0).integers(0, 256, (64, 12, 11), dtype=np.uint8)
OF_IMAGES = {**FEW, "refine": False, "hidden_layer_sizes": (8,), "device": "cuda"}


@pytest.mark.parametrize("network", ["dcgan", "resnet", "mlp"])
def test_a_seed_repeats_on_the_device_for_images(network):
    changes = ("translation", "color", "cutout", "flip")
    words = {"generator": network, "discriminator": network, "augmentation": changes}
    first, again = (GANSampler(**OF_IMAGES, **words).fit(IMAGES).sample(20) for _ in range(2))
    assert_same(first, again)
    assert first.dtype == np.uint8


@pytest.mark.parametrize("loss", ["relativistic", "wasserstein"])
@pytest.mark.parametrize("X", [X, IMAGES], ids=["table", "images"])
def test_captured_rounds_give_what_eager_rounds_give(monkeypatch, X, loss):
    given = {**FEW, "max_iter": 30, "refine": False, "device": "cuda", "loss": loss}
    captured = GANSampler(**given).fit(X).sample(20)
    start = Run.__init__
    monkeypatch.setattr(Run, "__init__", lambda self, *args, **kw: start(self, *args, **{**kw, "captured": False}))
    assert_same(captured, GANSampler(**given).fit(X).sample(20))


def test_images_that_do_not_fit_are_sent_by_batch(monkeypatch):
    there = GANSampler(**OF_IMAGES).fit(IMAGES).sample(10)
    monkeypatch.setattr("skgan.encoders._image.DEVICE_SHARE", 0.0)
    assert_same(there, GANSampler(**OF_IMAGES).fit(IMAGES).sample(10))


class Crash(Callback):
    def on_step_end(self, run):
        if run.n_iter == 20:
            raise SystemError("crashed")


@pytest.mark.parametrize("X", [X, IMAGES], ids=["table", "images"])
def test_a_resumed_fit_ends_in_the_same_sampler(X, tmp_path):
    options = {**FEW, "max_iter": 30, "refine": False, "device": "cuda"}
    with pytest.raises(SystemError):
        GANSampler(**options).set_callbacks(Checkpoint(tmp_path / "fit", 1e-9), Crash()).fit(X)
    resumed = resume(tmp_path / "fit", X)
    assert resumed.n_iter_ == 30
    assert_same(resumed.sample(20), GANSampler(**options).fit(X).sample(20))


@pytest.mark.parametrize("X", [X, IMAGES], ids=["table", "images"])
def test_a_run_that_diverges_is_brought_back(X):
    """The weights that captured rounds use are restored in place."""

    class Break(Callback):
        def on_step_end(self, run):
            if run.n_iter == 70 and not run.n_recoveries:
                with torch.no_grad():
                    for weights in run.parameters["generator"]:
                        weights.fill_(float("nan"))

    sampler = GANSampler(**FEW | {"max_iter": 120}, refine=False, device="cuda").set_callbacks(Break())
    with pytest.warns(DivergenceWarning, match="goes on from step 60"):
        sampler.fit(X)
    assert sampler.n_iter_ == 120
    assert np.isfinite(sampler.history_[["generator_loss", "discriminator_loss"]].to_numpy()[60:]).all()
