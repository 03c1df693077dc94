"""What happens to fits with planted faults? One row per fault and seed in results/reliability.csv.

    OMP_NUM_THREADS=1 python benchmarks/reliability.py [FAULT ...] [--seed N ...]

A fault is *recovered* if the fit ends with rows that a classifier can hardly tell from real ones (a score of at least
0.8; of images, as many distinct ones as of real ones), *named* if a warning or error says what is wrong, and *silent*
otherwise. Goal: none is silent.

learning rate 10, learning rate 0.1, weight 1e6
    Of a table of 569 rows and 8 columns (scikit-learn's breast cancer data).
images, learning rate 10
    Of 600 digits.
ignores its latent
    A generator that returns the same row for each latent, on the table and on the digits.
returns NaN
    A generator that returns NaN, on the table and on the digits.
1e30 beside 1e-30
    Two columns of these scales.
resnet
    Residual networks of (128, 256, 256) channels at the default rate, on 10,000 colour images: those of cifar10_small
    with SKGAN_DATA, else made-up ones. The run has 400 steps, or with --resnet-time as many as these seconds allow. Not
    run unless named: it takes an hour on two cores.
killed
    Twenty fits are killed by SIGKILL at random moments, and resumed. Recovered if all end in the rows of a fit that was
    not killed, to the last bit.
leaks: 200 fits, 8 threads, fork, killed at random moments, stopped runs
    See `endurance.py`.
crafted files
    3,000 model files and checkpoints with a right checksum and changed content (`broken_files.py`).
flipped bytes
    Each byte of a small model file and of a small checkpoint, changed in one bit and in all bits (`broken_files.py`).

Exit code 1 where a fault is silent.
"""

import argparse
import multiprocessing
import os
import signal
import sys
import tempfile
import time
import warnings

import endurance
import numpy as np
import record
import torch
from broken_files import crafted_files, flipped_bytes
from image_data import load_images
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.exceptions import ConvergenceWarning

from skgan import GANSampler, resume
from skgan.callbacks import Checkpoint
from skgan.exceptions import CollapseWarning, DivergenceWarning

RESULTS = record.RESULTS / "reliability.csv"
N_KILLS = 20
NAMED = (CollapseWarning, ConvergenceWarning, DivergenceWarning)


def table():
    return load_breast_cancer(as_frame=True).data.iloc[:, :8]


def digits():
    return load_digits().images[:600]


def scales():
    rng = np.random.default_rng(0)
    return np.column_stack([1e30 * rng.normal(size=500), 1e-30 * rng.normal(size=500)])


def colours():
    if "SKGAN_DATA" in os.environ:
        return load_images("cifar10_small")[0][:10_000]
    rng = np.random.default_rng(0)
    hue = rng.integers(0, 256, (10_000, 1, 1, 3))
    shaded = hue * np.linspace(0.2, 1, 32)[None, :, None, None] + rng.normal(0, 8, (10_000, 32, 32, 3))
    return shaded.clip(0, 255).astype(np.uint8)


class Constant(torch.nn.Module):
    def __init__(self, spec, latent_dim, condition_dim):
        super().__init__()
        self.row = torch.nn.Parameter(torch.zeros(spec.width))

    def forward(self, latent, condition):
        return self.row.expand(len(latent), -1)


class Undefined(Constant):
    def forward(self, latent, condition):
        return super().forward(latent, condition) * float("nan")


def quality(sampler, X):
    """A score of the rows, or of images the share of distinct ones."""
    if X.ndim > 2:
        rows = np.asarray(sampler.sample(500, random_state=0)).reshape(500, -1)
        return len(np.unique(rows, axis=0)) / len(np.unique(X[:500].reshape(len(X[:500]), -1), axis=0))
    return sampler.score(X)


def outcome(X, seed, **options):
    """What became of one fit: a word, what was said, and the quality."""
    sampler = GANSampler(random_state=seed, device="cpu", **options)
    start = time.perf_counter()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            score = quality(sampler.fit(X), X)
        except ValueError as error:
            return {"outcome": "named", "said": type(error).__name__, "seconds": time.perf_counter() - start}
    said = [each.category.__name__ for each in warned if issubclass(each.category, NAMED)]
    is_good = score >= 0.8 and "CollapseWarning" not in said
    word = "recovered" if is_good else "named" if said else "silent"
    seconds = time.perf_counter() - start
    return {"outcome": word, "said": ", ".join(said), "score": score, "seconds": seconds, "steps": sampler.n_iter_}


OPTIONS = {"max_iter": 800, "batch_size": 64, "hidden_layer_sizes": (32, 32), "refine": False, "device": "cpu"}


def fit_with_checkpoints(path, seed):
    GANSampler(random_state=seed, **OPTIONS).set_callbacks(Checkpoint(path, 0.05)).fit(table())


def killed(seed):
    """Kill fits at random moments and resume them."""
    rng, X = np.random.default_rng(seed), table()
    start = time.perf_counter()
    expected = GANSampler(random_state=seed, **OPTIONS).fit(X)
    rows, seconds = expected.sample(200, random_state=0), expected.history_["seconds"].iloc[-1]
    context, same, steps = multiprocessing.get_context("spawn"), 0, []
    for _ in range(N_KILLS):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "fit")
            process = context.Process(target=fit_with_checkpoints, args=(path, seed))
            process.start()
            while not os.path.exists(path):
                time.sleep(0.01)
            time.sleep(rng.uniform(0, seconds))
            os.kill(process.pid, signal.SIGKILL)
            process.join()
            resumed = resume(path, X)
            steps.append(resumed.n_iter_)
            same += resumed.sample(200, random_state=0).equals(rows)
    return {
        "outcome": "recovered" if same == N_KILLS else "silent",
        "said": f"{same} of {N_KILLS} equal to the last bit",
        "seconds": time.perf_counter() - start,
    }


RESNET = {
    "generator": "resnet",
    "discriminator": "resnet",
    "hidden_layer_sizes": (128, 256, 256),
    "max_iter": 400,
    "max_time": None,
}
FAULTS = {
    "learning rate 10": lambda seed: outcome(table(), seed, learning_rate=10.0),
    "learning rate 0.1": lambda seed: outcome(table(), seed, learning_rate=0.1),
    "weight 1e6": lambda seed: outcome(table(), seed, regularizer_weight=1e6),
    "images, learning rate 10": lambda seed: outcome(digits(), seed, learning_rate=10.0, max_iter=400),
    "ignores its latent": lambda seed: outcome(table(), seed, generator=Constant),
    "ignores its latent, images": lambda seed: outcome(digits(), seed, generator=Constant, max_iter=200),
    "returns NaN": lambda seed: outcome(table(), seed, generator=Undefined),
    "returns NaN, images": lambda seed: outcome(digits(), seed, generator=Undefined, max_iter=200),
    "1e30 beside 1e-30": lambda seed: outcome(scales(), seed),
    "resnet": lambda seed: outcome(colours(), seed, **RESNET),
    "killed": killed,
    **endurance.FAULTS,
    "crafted files": crafted_files,
    "flipped bytes": flipped_bytes,
}
LONG = ("resnet",)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usual = [fault for fault in FAULTS if fault not in LONG]
    parser.add_argument("faults", nargs="*", default=usual, metavar="FAULT")
    parser.add_argument("--seed", type=int, nargs="+", default=[0])
    parser.add_argument("--resnet-time", type=float, metavar="SECONDS", help="of the fault resnet")
    options = parser.parse_args(arguments)
    RESNET["max_time"] = options.resnet_time
    warnings.simplefilter("ignore")
    silent = False
    for fault in options.faults:
        if fault not in FAULTS:
            parser.error(f"there is no fault {fault!r}; choose among {', '.join(FAULTS)}")
        for seed in options.seed:
            row = {"fault": fault, "seed": seed, **FAULTS[fault](seed)}
            silent |= row["outcome"] == "silent"
            steps = {"steps": row.pop("steps", None)}
            record.append_row(RESULTS, {**row, **record.circumstances(), **steps})
            print(", ".join(f"{name} {record.short(value)}" for name, value in row.items()), flush=True)
    return int(silent)


if __name__ == "__main__":
    sys.exit(main())
