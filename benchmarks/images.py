"""How good are generated images, beside other recipes and what real ones score? results/images.csv.

    SKGAN_DATA=FOLDER OMP_NUM_THREADS=1 python benchmarks/images.py [DATASET ...] [--methods METHOD ...]
        [--seconds S] [--seed N ...] [--device DEVICE] [--grids FOLDER]

One row per data set, method and seed, with the measures of `image_measures`; "floor" stands for real training images in
place of generated ones. `--seconds` is the wall-clock time that each method may take to fit: `max_time` of skgan, which
stops earlier when it has made its default number of steps.

skgan
    `ConditionalGANSampler` with its defaults.
unrefined, unaugmented, augmented
    The same with refine=False, with augmentation=None, and with translation, colour and cutout.
resnet, progressive, auxiliary
    The same with both networks "resnet", with both "progressive", and with conditioning="auxiliary".
non_saturating, wasserstein, hinge
    The same networks with other losses and the default regularizers of these, by skgan's parameters alone.
dcgan_tutorial, wgan_gp, sngan_hinge
    `image_peers`: plain PyTorch, each as in its paper.

The bar for skgan on Fashion-MNIST within 900 seconds of two cores: train_on_synthetic at least 0.83 (goal 0.87),
coverage by classifier features at least 0.6, all ten classes; within 600 seconds of a data-centre GPU 0.87 and 0.85.
Exit code 1 where it is missed.

With `--rows` only ROWS training and test images are used and the classifiers train for a few steps, to try the script:
nothing is judged, and such rows are not to be kept.
"""

import argparse
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from image_data import NAMES
from image_measures import Judge, grid
from image_peers import PEERS
from record import RESULTS, append_row, circumstances, device_name

CHANGES = ("translation", "color", "cutout")
SKGAN = {
    "skgan": {},
    "unrefined": {"refine": False},
    "unaugmented": {"augmentation": None},
    "augmented": {"augmentation": CHANGES},
    "resnet": {"generator": "resnet", "discriminator": "resnet"},
    "progressive": {"generator": "progressive", "discriminator": "progressive"},
    "auxiliary": {"conditioning": "auxiliary"},
    "non_saturating": {"loss": "non_saturating", "refine": False},
    "wasserstein": {"loss": "wasserstein", "refine": False},
    "hinge": {"loss": "hinge", "refine": False},
}
METHODS = ("floor", *SKGAN, *PEERS)
# Least train-on-synthetic accuracy and coverage.
BARS = {("fashion_mnist", "cpu"): (0.83, 0.6), ("fashion_mnist", "cuda"): (0.87, 0.85), ("digits", "cpu"): (0.85, 0.0)}
# Generated images that a classifier is trained on: as many as there are training images, within these limits.
FEWEST, MOST = 2_000, 30_000
# Images per class in the picture.
SHOWN = 10


def fitted(method, judge, seed, seconds, device):
    """A fitted sampler of one method, and a function from classes to generated images of these classes."""
    if method in PEERS:
        peer = PEERS[method](seed, seconds, device).fit(judge.x_train, judge.y_train)
        return peer, lambda y: peer.sample(y)
    from skgan import ConditionalGANSampler

    sampler = ConditionalGANSampler(max_time=seconds, random_state=seed, device=device, **SKGAN[method])
    sampler.fit(judge.x_train, judge.y_train)
    return sampler, lambda y: sampler.sample(y=y, random_state=1)[0]


def measured(dataset, method, judge, seed, options):
    """Cost and measures of one fit."""
    if method == "floor":
        return judge.floor(seed)
    start = time.perf_counter()
    sampler, draw = fitted(method, judge, seed, options.seconds, options.device)
    fit_seconds = time.perf_counter() - start
    rng = np.random.default_rng(seed)
    n = int(np.clip(len(judge.x_train), options.rows or FEWEST, MOST))
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
    parser.add_argument("--grids", metavar="FOLDER", help="where to write pictures of samples")
    parser.add_argument("--rows", type=int, help="use only ROWS images and judge nothing, to try the script")
    parser.add_argument("--results", default=RESULTS / "images.csv", help="the CSV file that rows are appended to")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    about, missed = {**circumstances(), "device": device_name(options.device)}, []
    kind = "cpu" if about["device"] == "cpu" else "cuda"
    for dataset in options.datasets:
        if dataset not in NAMES:
            parser.error(f"there is no data set {dataset!r}; choose one of {', '.join(NAMES)}")
        judge = Judge(dataset, rows=options.rows)
        for method in options.methods:
            for seed in options.seed:
                row = {"dataset": dataset, "method": method, "seed": seed, "seconds": options.seconds}
                row |= measured(dataset, method, judge, seed, options)
                by_class = row.pop("train_on_synthetic_by_class", None)
                append_row(Path(options.results), {**row, **about})
                print(", ".join(f"{name} {value}" for name, value in row.items()), by_class, flush=True)
                accuracy, coverage = BARS.get((dataset, kind), (0.0, 0.0))
                short = row.get("train_on_synthetic", 1.0) < accuracy or row["coverage_classifier"] < coverage
                if method == "skgan" and short and not options.rows:
                    missed.append(f"{dataset} {seed}")
    if missed:
        print("Missed: " + ", ".join(missed), file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
