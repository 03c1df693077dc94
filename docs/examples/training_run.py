"""Callbacks that watch a training run, stop it, and continue it. A few seconds on one core of a CPU."""

import tempfile
import warnings
from pathlib import Path

import torch
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

from skgan import GANSampler
from skgan.callbacks import Callback
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


# Continue: one callback saves the state of the run at a step, another one loads it before the first step.
class SaveState(Callback):
    def __init__(self, path, step):
        self.path, self.step = path, step

    def on_step_end(self, run):
        if run.n_iter == self.step:
            torch.save(run.state_dict(), self.path)
            run.stop()


class LoadState(Callback):
    def __init__(self, path):
        self.path = path

    def on_run_begin(self, run):
        run.load_state_dict(torch.load(self.path, weights_only=True))


with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "run.pt"
    sampler.set_callbacks(SaveState(path, step=30)).fit(penguins)
    print(f"saved after {sampler.n_iter_} steps, {path.stat().st_size // 1000} kB")
    sampler.set_callbacks(LoadState(path)).fit(penguins)

# Warnings: a script that must not go on with a failed model turns the warnings into errors.
uninterrupted = clone(sampler).set_callbacks()  # without arguments, all callbacks are removed
with warnings.catch_warnings():
    for category in (CollapseWarning, DivergenceWarning, ConvergenceWarning):
        warnings.simplefilter("error", category)
    uninterrupted.fit(penguins)

same = sampler.sample(1000).equals(uninterrupted.sample(1000))
print(f"continued to step {sampler.n_iter_}; the same rows as without a stop: {same}")
