"""A generator that collapses is named while the run goes on."""

import numpy as np
import pytest
import torch
from problems import blobs
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.exceptions import ConvergenceWarning

from skgan import ConditionalGANSampler, GANSampler
from skgan.callbacks import Callback
from skgan.exceptions import CollapseWarning, DivergenceWarning

X, Y = blobs(120)
DIGITS = load_digits().images[:60]


OPTIONS = {"max_iter": 400, "batch_size": 8, "random_state": 0, "device": "cpu"}


class Constant(torch.nn.Module):
    """A generator that ignores its latent."""

    def __init__(self, spec, latent_dim, condition_dim):
        super().__init__()
        self.row = torch.nn.Parameter(torch.zeros(spec.width))

    def forward(self, latent, condition):
        return self.row.expand(len(latent), -1)


class Steps(Callback):
    """Notes at which steps there were how many warnings of collapse."""

    def __init__(self, warned):
        self.warned, self.seen = warned, {}

    def on_step_end(self, run):
        self.seen[run.n_iter] = sum("At step" in str(each.message) for each in self.warned)


def fitted(sampler, *data):
    with pytest.warns(CollapseWarning) as warned:
        sampler.set_callbacks(Steps(warned)).fit(*data)
    (steps,) = sampler._skl_callbacks
    return [str(each.message) for each in warned if each.category is CollapseWarning], steps.seen


@pytest.mark.parametrize(
    ("make", "data"), [(GANSampler, (X,)), (ConditionalGANSampler, (X, Y)), (GANSampler, (DIGITS,))]
)
def test_a_generator_that_ignores_its_latent_is_named_after_a_quarter_of_the_run(make, data):
    sampler = make(generator=Constant, hidden_layer_sizes=(8,), **OPTIONS)
    messages, seen = fitted(sampler, *data)
    assert messages[0].startswith("At step 101 of 400 the generator has collapsed: ") and "learning_rate" in messages[0]
    assert seen[100] == 0 and seen[101] == 1 and seen[400] == 1
    # The end is looked at as well.
    assert len(messages) == 2 and messages[1].startswith("The generator has collapsed")


@pytest.mark.parametrize("data", [X, DIGITS])
def test_looks_at_a_healthy_run_say_and_change_nothing(data, recwarn, monkeypatch):
    rows = GANSampler(refine=False, **OPTIONS).fit(data).sample(10, random_state=0)
    monkeypatch.setattr("skgan.samplers._health.MOMENTS", ())
    unwatched = GANSampler(refine=False, **OPTIONS).fit(data).sample(10, random_state=0)
    np.testing.assert_array_equal(rows, unwatched)
    assert not [each for each in recwarn if each.category is CollapseWarning and "At step" in str(each.message)]


def test_a_learning_rate_that_is_far_too_high_is_lowered():
    X = load_breast_cancer().data[:, :8]
    sampler = GANSampler(learning_rate=10.0, max_iter=120, refine=False, random_state=0, device="cpu")
    with pytest.warns(DivergenceWarning, match="a tenth of the learning rate"):
        sampler.fit(X)
    rows = sampler.sample(200, random_state=0)
    assert len(np.unique(rows, axis=0)) == 200


def test_a_generator_that_learns_nothing_is_named():
    X = load_breast_cancer().data[:, :8]
    sampler = GANSampler(regularizer_weight=1e6, max_iter=200, random_state=0, device="cpu")
    with pytest.warns(ConvergenceWarning, match=r"not converged: \d+% of"):
        sampler.fit(X)
    assert sampler.score(X) < 0.1


def test_a_generator_that_learns_is_not(recwarn):
    X = load_breast_cancer().data[:, :8]
    assert GANSampler(max_iter=200, random_state=0, device="cpu").fit(X).score(X) > 0.8
    assert not [each for each in recwarn if issubclass(each.category, ConvergenceWarning)]
