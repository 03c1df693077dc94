"""What do callbacks, health checks and checkpoints cost? One row per data set and variant in results/watching.csv.

    OMP_NUM_THREADS=1 SKGAN_DATA=../data python benchmarks/watching.py [--blocks N] [--data adult digits]

The same fit, in one process: 5,000 rows of Adult (a made-up table without SKGAN_DATA) or 1,797 digits. Variants take
turns, there and back again (A B C C B A), so that a drift of the machine meets all alike. Each ratio is that of a fit
to the bare fit of the same half of a block, and the median of all is what counts.

checkpoint, csv
    `Checkpoint` every 60 seconds and `CSVLogger` every 50 steps, the defaults.
tensorboard, samples
    `TensorBoard` and `SampleSaver`, with their defaults; without the package tensorboard, `SampleSaver` alone.
always on
    The share of the bare fit that `Health`, `Recovery` and `Pace` take, measured around their methods.

- cpu_ratio, wall_ratio: medians; processor time is what counts on a machine that others use.
- seconds: of the bare fit, processor time.

Bar: cpu_ratio below 1.03, and share below 0.03.
"""

import argparse
import os
import statistics
import tempfile
import time
import warnings
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import record
from sklearn.datasets import load_digits

from skgan import GANSampler
from skgan.callbacks import Checkpoint, CSVLogger, SampleSaver, TensorBoard
from skgan.samplers._health import Health
from skgan.samplers._pace import Pace
from skgan.training._recovery import Recovery

RESULTS = record.RESULTS / "watching.csv"
BARS = (("cpu_ratio", "<", 1.03),)
SHARE_BARS = (("share", "<", 0.03),)
HOOKS = {Health: ("on_run_begin", "on_step_end"), Recovery: ("__init__", "look"), Pace: ("on_run_begin", "on_step_end")}


def adult():
    if "SKGAN_DATA" in os.environ:
        from datasets import load

        return load("adult")[0].head(5000)
    from skgan.datasets import make_mixed

    return make_mixed(5000, random_state=0)


DATA = {
    "adult": (adult, {"max_iter": 1500}),
    "digits": (lambda: load_digits().images, {"max_iter": 300}),
}


def bare(folder):
    return ()


def checkpoint_and_csv(folder):
    return Checkpoint(folder / "fit"), CSVLogger(folder / "run.csv")


def tensorboard_and_samples(folder):
    board = [TensorBoard(folder / "logs")] if find_spec("tensorboard") else []
    return *board, SampleSaver(folder / "samples")


VARIANTS = {"bare": bare, "checkpoint, csv": checkpoint_and_csv, "tensorboard, samples": tensorboard_and_samples}


def cost(X, options, callbacks):
    """Processor time and wall-clock time of one fit, with the samples that it saves."""
    with tempfile.TemporaryDirectory() as folder:
        sampler = GANSampler(random_state=0, device="cpu", **options).set_callbacks(*callbacks(Path(folder)))
        cpu, wall = time.process_time(), time.perf_counter()
        sampler.fit(X)
        return time.process_time() - cpu, time.perf_counter() - wall


def ratios(X, options, n_blocks):
    """For each variant but the bare one, its ratios to the bare fit: a list of (cpu, wall); and the bare fits."""
    found, fits = {name: [] for name in VARIANTS if name != "bare"}, []
    for block in range(2 * n_blocks):
        order = list(VARIANTS)[:: -1 if block % 2 else 1]
        costs = {name: cost(X, options, VARIANTS[name]) for name in order}
        fits.append(costs["bare"])
        for name in found:
            found[name].append([a / b for a, b in zip(costs[name], costs["bare"], strict=True)])
    return found, fits


@contextmanager
def measured():
    """The processor time that the methods of HOOKS take in the block, one number."""
    spent, before = [0.0], []

    def timed(method):
        def call(*arguments):
            start = time.process_time()
            try:
                return method(*arguments)
            finally:
                spent[0] += time.process_time() - start

        return call

    for each, names in HOOKS.items():
        for name in names:
            before.append((each, name, getattr(each, name)))
            setattr(each, name, timed(getattr(each, name)))
    try:
        yield spent
    finally:
        for each, name, method in before:
            setattr(each, name, method)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--blocks", type=int, default=3)
    parser.add_argument("--data", nargs="+", choices=list(DATA), default=list(DATA))
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    for data in arguments.data:
        load, options = DATA[data]
        X = load()
        cost(X, options, bare)
        found, fits = ratios(X, options, arguments.blocks)
        shared = {"data": data, "pairs": 2 * arguments.blocks, "seconds": statistics.median(cpu for cpu, _ in fits)}
        for name, pairs in found.items():
            cpu, wall = (statistics.median(each) for each in zip(*pairs, strict=True))
            row = {"variant": name, **shared, "cpu_ratio": cpu, "wall_ratio": wall, "share": None}
            write(row, BARS)
        with measured() as spent:
            cpu, _ = cost(X, options, bare)
        row = {"variant": "always on", **shared, "cpu_ratio": None, "wall_ratio": None, "share": spent[0] / cpu}
        write(row, SHARE_BARS)


def write(row, bars):
    bar, met = record.judge(row, bars)
    record.append_row(RESULTS, {**row, "bar": bar, "met": met, **record.circumstances()})
    print(", ".join(f"{name} {record.short(value)}" for name, value in row.items()), flush=True)


if __name__ == "__main__":
    main()
