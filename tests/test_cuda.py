"""What only a machine with a CUDA GPU can show; elsewhere all of it is skipped."""

import pytest
import torch
from problems import assert_same, labels_of, small_frame

from skgan import ConditionalGANSampler, GANSampler, load, save
from skgan.training import Trainer

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA GPU")

X = small_frame(200)
FEW = {"max_iter": 12, "random_state": 0}


@pytest.mark.parametrize("conditional", [False, True])
def test_no_step_waits_for_the_device(monkeypatch, conditional):
    run = Trainer.run

    def watched(self, *args):
        torch.cuda.set_sync_debug_mode("error")
        try:
            with pytest.raises(RuntimeError, match="synchroniz"):
                torch.ones(1, device="cuda").item()  # the watch can bite
            return run(self, *args)
        finally:
            torch.cuda.set_sync_debug_mode("default")

    # The losses are read when the run is over.
    monkeypatch.setattr("skgan.callbacks.History.on_fit_end", lambda self: setattr(self, "table", None))
    monkeypatch.setattr(Trainer, "run", watched)
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
