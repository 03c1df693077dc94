"""How good are generated images, beside other recipes and what real ones score? results/images.csv.

    SKGAN_DATA=FOLDER OMP_NUM_THREADS=1 python benchmarks/images.py [DATASET ...] [--methods METHOD ...]
        [--seconds S] [--seed N ...] [--device DEVICE] [--grids FOLDER]

A row a data set, method and seed, measured as `image_measures` says; "floor" is real training images in place of
generated ones. `--seconds` is the wall-clock time that any method may take to fit: `max_time` of skgan, which stops
earlier where its own number of steps is over.

skgan
    `ConditionalGANSampler` with its defaults.
unrefined, unaugmented, augmented
    The same with refine=False, with augmentation=None, and with translation, color and cutout.
progressive, auxiliary
    The same with progressive=True, and with conditioning="auxiliary".
non_saturating, wasserstein, hinge
    The same networks with other losses and their own regularizers, by skgan's words alone.
dcgan_tutorial, wgan_gp, sngan_hinge
    `image_peers`: plain PyTorch, each as its paper has it.

The bar, for skgan on Fashion-MNIST within 900 seconds of two cores: train_on_synthetic at least 0.83 (goal 0.87),
coverage by classifier features at least 0.6, all ten classes; within 600 seconds of a data-centre GPU 0.87 and 0.85.
"""

import argparse
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from foundation import HERE, ROOT, circumstances
from image_data import NAMES
from image_measures import Judge, grid
from image_peers import PEERS

RESULTS = HERE / "results" / "images.csv"
CHANGES = ("translation", "color", "cutout")
SKGAN = {
    "skgan": {},
    "unrefined": {"refine": False},
    "unaugmented": {"augmentation": None},
    "augmented": {"augmentation": CHANGES},
    "progressive": {"progressive": True},
    "auxiliary": {"conditioning": "auxiliary"},
    "non_saturating": {"loss": "non_saturating", "refine": False},
    "wasserstein": {"loss": "wasserstein", "refine": False},
    "hinge": {"loss": "hinge", "refine": False},
}
METHODS = ("floor", *SKGAN, *PEERS)
# Least train-on-synthetic accuracy and coverage.
BARS = {("fashion_mnist", "cpu"): (0.83, 0.6), ("fashion_mnist", "cuda"): (0.87, 0.85), ("digits", "cpu"): (0.85, 0.0)}
# Images that a classifier learns from: as many as there are to train on, within these.
FEWEST, MOST = 2_000, 30_000
# Of a class that the grid shows.
SHOWN = 10


def fitted(method, judge, seed, seconds, device):
    """A sampler of one method, and how it is asked for images of given classes."""
    if method in PEERS:
        peer = PEERS[method](seed, seconds, device).fit(judge.x_train, judge.y_train)
        return peer, lambda y: peer.sample(y)
    from skgan import ConditionalGANSampler

    sampler = ConditionalGANSampler(max_time=seconds, random_state=seed, device=device, **SKGAN[method])
    sampler.fit(judge.x_train, judge.y_train)
    return sampler, lambda y: sampler.sample(y=y, random_state=1)[0]


def measured(dataset, method, judge, seed, options):
    """The row of one fit."""
    if method == "floor":
        return judge.floor(seed)
    start = time.perf_counter()
    sampler, draw = fitted(method, judge, seed, options.seconds, options.device)
    fit_seconds = time.perf_counter() - start
    rng = np.random.default_rng(seed)
    n = int(np.clip(len(judge.x_train), FEWEST, MOST))
    y = judge.y_train[rng.integers(len(judge.y_train), size=n)]
    start = time.perf_counter()
    x = draw(y)
    sample_seconds = time.perf_counter() - start
    if options.grids:
        shown = np.repeat(np.unique(judge.y_train)[:SHOWN], SHOWN)
        Path(options.grids).mkdir(parents=True, exist_ok=True)
        grid(draw(shown), shown, Path(options.grids) / f"{dataset}_{method}.png")
    cost = {"n_iter": sampler.n_iter_, "fit_seconds": fit_seconds, "images_a_second": n / sample_seconds}
    return {**cost, **judge.measure(x, y, seed)}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="*", default=["fashion_mnist"], metavar="DATASET")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=("floor", "skgan"))
    parser.add_argument("--seconds", type=float, default=900.0)
    parser.add_argument("--seed", type=int, nargs="+", default=[0])
    parser.add_argument("--device", default="auto")
    parser.add_argument("--grids", metavar="FOLDER", help="where to put pictures")
    parser.add_argument("--results", default=RESULTS, help="the table that rows are added to")
    parser.add_argument("--commit", help="of what runs, where there is no repository")
    options = parser.parse_args(arguments)
    sys.path.insert(0, str(ROOT))
    warnings.simplefilter("ignore")
    about, missed = circumstances(), []
    about["commit"] = options.commit or about["commit"]
    on_cuda = options.device.startswith("cuda") or (options.device == "auto" and torch.cuda.is_available())
    about["device"] = torch.cuda.get_device_name() if on_cuda else "cpu"
    for dataset in options.datasets:
        if dataset not in NAMES:
            parser.error(f"there is no data set {dataset!r}; choose one of {', '.join(NAMES)}")
        judge = Judge(dataset)
        for method in options.methods:
            for seed in options.seed:
                row = {"dataset": dataset, "method": method, "seed": seed, "seconds": options.seconds}
                row |= measured(dataset, method, judge, seed, options)
                by_class = row.pop("train_on_synthetic_by_class", None)
                append(Path(options.results), {**row, **about})
                print(", ".join(f"{name} {value}" for name, value in row.items()), by_class, flush=True)
                accuracy, coverage = BARS.get((dataset, "cuda" if on_cuda else "cpu"), (0.0, 0.0))
                short = row.get("train_on_synthetic", 1.0) < accuracy or row["coverage_classifier"] < coverage
                if method == "skgan" and short:
                    missed.append(f"{dataset} {seed}")
    if missed:
        print("Missed: " + ", ".join(missed), file=sys.stderr)
    return 1 if missed else 0


def append(path, row):
    """One more line; those that are there stay as they are."""
    old = pd.read_csv(path, dtype=str) if path.exists() else pd.DataFrame()
    row = {name: f"{value:.4g}" if isinstance(value, float) else str(value) for name, value in row.items()}
    pd.concat([old, pd.DataFrame([row])]).to_csv(path, index=False, lineterminator="\n")


if __name__ == "__main__":
    sys.exit(main())
