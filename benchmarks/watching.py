"""What do callbacks, health checks and checkpoints cost? One row per data set and variant in results/watching.csv.

    OMP_NUM_THREADS=1 SKGAN_DATA=../data python benchmarks/watching.py [--blocks N] [--steps N] [--data ...]

The same fit without refinement, in one process: 5,000 rows of Adult (a made-up table without SKGAN_DATA) or 1,797
digits. Variants take turns, there and back again (A B C C B A), so that a drift of the machine meets all alike. Each
ratio is that of a fit to the bare fit of the same half of a block, and the median of all is what counts.

checkpoint, csv
    `Checkpoint` every 60 seconds and `CSVLogger` every 50 steps, the defaults.
tensorboard, samples
    `TensorBoard` and `SampleSaver`, with their defaults; without the package tensorboard, `SampleSaver` alone.
always on
    `Health`, `Recovery` and `Pace`, which each fit has.

- cpu_ratio, wall_ratio: medians. On a machine that others use, both scatter by several percent.
- share: processor time within the methods of what watches, over that of the fit; the median. It scatters little.
- seconds: of the bare fit, processor time. What is written is the same for a longer fit, so that its share is smaller.

Bar: share below 0.03.
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
BARS = (("share", "<", 0.03),)
RUN_HOOKS = ("on_run_begin", "on_step_begin", "on_step_end", "on_run_end")
ALWAYS_ON = {
    Health: ("on_run_begin", "on_step_end"),
    Recovery: ("__init__", "look"),
    Pace: ("on_run_begin", "on_step_end"),
}


def adult():
    if "SKGAN_DATA" in os.environ:
        from datasets import load

        return load("adult")[0].head(5000)
    from skgan.datasets import make_mixed

    return make_mixed(5000, random_state=0)


DATA = {
    "adult": (adult, {"max_iter": 2000}),
    "digits": (lambda: load_digits().images, {"max_iter": 150}),
}


def bare(folder):
    return ()


def checkpoint_and_csv(folder):
    return Checkpoint(folder / "fit"), CSVLogger(folder / "run.csv")


def tensorboard_and_samples(folder):
    board = [TensorBoard(folder / "logs")] if find_spec("tensorboard") else []
    return *board, SampleSaver(folder / "samples")


VARIANTS = {"bare": bare, "checkpoint, csv": checkpoint_and_csv, "tensorboard, samples": tensorboard_and_samples}


def cost(X, options, make_callbacks):
    """Processor time and wall-clock time of one fit, and the shares of its callbacks and of what is always on."""
    with tempfile.TemporaryDirectory() as folder:
        callbacks = make_callbacks(Path(folder))
        sampler = GANSampler(random_state=0, device="cpu", refine=False, **options).set_callbacks(*callbacks)
        with measured(dict.fromkeys(callbacks, RUN_HOOKS)) as attached, measured(ALWAYS_ON) as always_on:
            cpu, wall = time.process_time(), time.perf_counter()
            sampler.fit(X)
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        return cpu, wall, sum(attached) / cpu, sum(always_on) / cpu


def fits(X, options, n_blocks):
    """What the fits of each variant cost: a dict of lists."""
    found = {name: [] for name in VARIANTS}
    for block in range(2 * n_blocks):
        for name in list(VARIANTS)[:: -1 if block % 2 else 1]:
            found[name].append(cost(X, options, VARIANTS[name]))
    return found


@contextmanager
def measured(methods):
    """The processor times that methods, a dict of classes or objects to names, take in the block: a list."""
    spent, before = [], []

    def timed(method):
        def call(*arguments, **named):
            start = time.process_time()
            try:
                return method(*arguments, **named)
            finally:
                spent.append(time.process_time() - start)

        return call

    for each, names in methods.items():
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
    parser.add_argument("--steps", type=int, help="of each fit, in place of 2,000 (adult) and 150 (digits)")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    for data in arguments.data:
        load, options = DATA[data]
        X, options = load(), {"max_iter": arguments.steps or options["max_iter"]}
        cost(X, options, bare)
        found = fits(X, options, arguments.blocks)
        alone = found.pop("bare")
        shared = {"data": data, "steps": options["max_iter"], "pairs": len(alone)}
        shared["seconds"] = statistics.median(cpu for cpu, *_ in alone)
        for name, costs in found.items():
            pairs = zip(costs, alone, strict=True)
            cpu, wall = map(statistics.median, zip(*[(a[0] / b[0], a[1] / b[1]) for a, b in pairs], strict=True))
            share = statistics.median(share for _, _, share, _ in costs)
            write({"variant": name, **shared, "cpu_ratio": cpu, "wall_ratio": wall, "share": share})
        share = statistics.median(share for _, _, _, share in alone)
        write({"variant": "always on", **shared, "cpu_ratio": None, "wall_ratio": None, "share": share})


def write(row):
    bar, met = record.judge(row, BARS)
    record.append_row(RESULTS, {**row, "bar": bar, "met": met, **record.circumstances()})
    print(", ".join(f"{name} {record.short(value)}" for name, value in row.items()), flush=True)


if __name__ == "__main__":
    main()
