"""Watch a training run, stop it, and continue it. A few seconds on one core of a CPU."""

import tempfile
import warnings
from pathlib import Path

from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

import skgan
from skgan import GANSampler
from skgan.callbacks import Callback, Checkpoint
from skgan.datasets import load_penguins
from skgan.exceptions import CollapseWarning, DivergenceWarning
from skgan.metrics import column_shapes

penguins = load_penguins()
sampler = GANSampler(max_iter=60, refine=False, random_state=0)


# Watch: print the losses, and how close the columns of generated rows are to the real ones.
class Watch(Callback):
    def __init__(self, X, every):
        self.X, self.every = X, every

    def on_step_end(self, run):
        if run.n_iter % self.every == 0:
            losses = ", ".join(f"{name} {float(loss):.2f}" for name, loss in run.losses.items())
            score = column_shapes(self.X, run.model().sample(len(self.X))).score
            print(f"step {run.n_iter} of {run.max_iter}: losses: {losses}; column shapes {score:.2f}")


sampler.set_callbacks(Watch(penguins, every=20)).fit(penguins)
print(sampler.history_.tail(2).drop(columns="seconds").round(2).to_string(index=False))


# Stop: end the run once the columns are close enough.
class StopAt(Callback):
    def __init__(self, X, score, every):
        self.X, self.score, self.every = X, score, every

    def on_step_end(self, run):
        if run.n_iter % self.every == 0:
            if column_shapes(self.X, run.model().sample(len(self.X))).score >= self.score:
                run.stop()


sampler.set_callbacks(StopAt(penguins, score=0.95, every=15)).fit(penguins)
print(f"stopped after {sampler.n_iter_} of {sampler.max_iter_} steps")


# Early stopping: rows that are held out score the run.
early = clone(sampler).set_params(max_iter=200, early_stopping=True, validation_fraction=0.2)
early.set_callbacks().fit(penguins)
scores = early.validation_scores_["score"]
print(f"{early.n_iter_} steps; mean score at first {scores[:5].mean():.1f}, at last {scores[-5:].mean():.1f}")


# Continue: a fit that an error ends, and its continuation from the last checkpoint.
class PowerCut(Callback):
    def on_step_end(self, run):
        if run.n_iter == 40:
            raise OSError("the power was cut")


with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "night.checkpoint"
    try:
        sampler.set_callbacks(Checkpoint(path, every_seconds=0.1), PowerCut()).fit(penguins)
    except OSError as error:
        print(f"{error}; there is a checkpoint of {path.stat().st_size // 1000} kB")
    resumed = skgan.resume(path, penguins)

uninterrupted = clone(sampler).set_callbacks().fit(penguins)  # without arguments, all callbacks are removed
same = resumed.sample(1000).equals(uninterrupted.sample(1000))
print(f"continued to step {resumed.n_iter_}; the same rows as without a stop: {same}")


# Warnings: a script that must not go on with a failed model turns the warnings into errors.
with warnings.catch_warnings():
    for category in (CollapseWarning, DivergenceWarning, ConvergenceWarning):
        warnings.simplefilter("error", category)
    clone(sampler).set_callbacks().fit(penguins)
