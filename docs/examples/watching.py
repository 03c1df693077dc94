"""Callbacks that write files while a run goes on. A few seconds on one core; TensorBoard where it is installed."""

import tempfile
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from skgan import GANSampler
from skgan.callbacks import CSVLogger, SampleSaver, TensorBoard
from skgan.datasets import load_penguins, read_table
from skgan.metrics import pair_trends

penguins = load_penguins()
sampler = GANSampler(max_iter=200, refine=False, random_state=0)
folder = Path(tempfile.mkdtemp())

# Numbers: a row every 50 steps.
sampler.set_callbacks(CSVLogger(folder / "run.csv", every=50)).fit(penguins)
log = pd.read_csv(folder / "run.csv")
print(log.drop(columns="seconds").round(4).to_string(index=False))

# Rows: at the beginning, at each quarter of the run, and at its end.
sampler.set_callbacks(SampleSaver(folder / "samples", n_samples=344, every=0.25)).fit(penguins)
for path in sorted((folder / "samples").iterdir()):
    print(f"{path.stem}: pair trends {pair_trends(penguins, read_table(path)).score:.2f}")

# TensorBoard: numbers and pictures of one fit.
if find_spec("tensorboard") is not None:
    sampler.set_callbacks(TensorBoard(folder / "runs" / "first", every=50, every_samples=0.5)).fit(penguins)
    print(f"tensorboard --logdir {folder / 'runs'}")
