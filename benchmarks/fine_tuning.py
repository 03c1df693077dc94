"""Is a sampler that goes on from a large related data set better than one that has only 200 rows or images?

    SKGAN_DATA=/path/to/data OMP_NUM_THREADS=1 python benchmarks/fine_tuning.py              # both pairs
    SKGAN_DATA=/path/to/data OMP_NUM_THREADS=1 python benchmarks/fine_tuning.py adult --seed 0

Two pairs of a large data set and 200 rows of a related one:

- `adult`: 8,000 employees of private companies, then 200 self-employed persons (`workclass` is left out);
- `digits`: 10,000 images of MNIST, then 200 scanned digits of other writers and another scanner
  (`sklearn.datasets.load_digits`), all of 16 x 16 pixels.

Three ways to a sampler of the 200: "fresh" is fitted on them alone, "continued" goes on from a sampler of the large set
by ``warm_start=True``, and "frozen" does so with the lowest layers of the discriminator frozen [1]_. They are judged by
rows of the small data set that nobody was fitted on, and, so that copies are no success, by the share of generated rows
that are nearer to a row of the 200 than to as many of those held-out rows (about .5 for new rows). "before" is the
sampler of the large set, without a further fit, and "real" are real rows of the small one.

Bar: "continued" is better than "fresh" by the mean of its `two_sample` over the seeds, on both pairs.

Adds rows to benchmarks/results/fine_tuning.csv.

References
----------
.. [1] Mo, Cho and Shin, "Freeze the discriminator: a simple baseline for fine-tuning GANs", 2020, arXiv:2002.10964.
"""

import argparse
import copy
import sys
import time
import warnings

import datasets
import image_data
import numpy as np
import record
import torch
from sklearn.datasets import load_digits

from skgan import GANSampler
from skgan.metrics import METRICS

SEEDS = (0, 1, 2)
N_SMALL, N_TEST = 200, 1000
N_FROZEN = {"adult": 3, "digits": 2}
# Steps of the fits of the large and of the small set: short ones, so that a slow machine needs a quarter of an hour.
STEPS = {"adult": (1500, "auto"), "digits": (800, 300)}
RESULTS = record.RESULTS / "fine_tuning.csv"
METRICS_OF = {
    "adult": ("two_sample", "column_shapes", "pair_trends", "coverage"),
    "digits": ("two_sample", "frechet_distance", "coverage"),
}


def adult(rng):
    """The large set, 200 rows of the small one, and its held-out rows."""
    frame, _ = datasets.load("adult", whole=True)
    groups = [frame[frame["workclass"] == name].drop(columns="workclass") for name in ("Private", "Self-emp-not-inc")]
    return _split(*groups, 8000, rng)


def digits(rng):
    x_train, _, _, _ = image_data.load_images("mnist")
    images = load_digits().images
    return _split(_of_16_pixels(x_train, 255.0), _of_16_pixels(images, 16.0), 10_000, rng)


def _of_16_pixels(images, brightest):
    tensor = torch.from_numpy(np.asarray(images, dtype=np.float32))[:, None] / brightest
    scaled = torch.nn.functional.interpolate(tensor, (16, 16), mode="bilinear", antialias=True)
    return (scaled[:, 0].clamp(0, 1) * 255).round().numpy().astype(np.uint8)


def _split(large, small, n_large, rng):
    large, small = (_taken(rows, rng.permutation(len(rows))) for rows in (large, small))
    n_test = min(N_TEST, (len(small) - N_SMALL) // 2)
    starts = np.cumsum([0, N_SMALL, n_test, n_test])
    parts = [_taken(small, np.arange(*pair)) for pair in zip(starts, starts[1:])]
    return _taken(large, np.arange(n_large)), *parts


def _taken(rows, places):
    return rows.iloc[places].reset_index(drop=True) if hasattr(rows, "iloc") else rows[places]


PAIRS = {"adult": adult, "digits": digits}


def measured(pair, train, test, synthetic, seed):
    """The metrics against the held-out rows, and the nearest-record share."""
    options = {"random_state": seed, "paired": False}
    found = {name: METRICS[name].function(test, synthetic, **options) for name in METRICS_OF[pair]}
    some = _taken(test, np.arange(N_SMALL))
    found["nearest_record_share"] = METRICS["nearest_record_share"].function(train, synthetic, some, **options)
    return {name: float(value) for name, value in found.items()}


def rows_of(pair, seed):
    """One row of results per way."""
    large, train, test, further = PAIRS[pair](np.random.default_rng(seed))
    options, (n_large, n_few) = {"device": "cpu", "random_state": seed}, STEPS[pair]
    n = len(test)
    yield "real", measured(pair, train, test, further, seed), {}
    start = time.process_time()
    before = GANSampler(**options, max_iter=n_large).fit(large)
    cost = {"steps": before.n_iter_, "cpu_seconds": time.process_time() - start}
    yield "before", measured(pair, train, test, before.sample(n, random_state=seed), seed), cost
    before.set_params(max_iter=n_few, warm_start=True)
    ways = {
        "fresh": GANSampler(**options, max_iter=n_few),
        "continued": copy.deepcopy(before),
        "frozen": copy.deepcopy(before).set_params(n_frozen_layers=N_FROZEN[pair]),
    }
    for way, sampler in ways.items():
        start = time.process_time()
        sampler.fit(train)
        cost = {"steps": sampler.n_iter_, "cpu_seconds": time.process_time() - start}
        yield way, measured(pair, train, test, sampler.sample(n, random_state=seed), seed), cost


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pairs", nargs="*", help=", ".join(PAIRS))
    parser.add_argument("--seed", type=int, nargs="*", default=SEEDS)
    arguments = parser.parse_args()
    # The code that runs is that of the start, whatever is committed meanwhile.
    circumstances = record.circumstances()
    met = True
    for pair in arguments.pairs or list(PAIRS):
        scores = {}
        for seed in arguments.seed:
            for way, found, cost in rows_of(pair, seed):
                scores.setdefault(way, []).append(found["two_sample"])
                row = {"pair": pair, "way": way, "seed": seed, **cost, **found}
                record.append_row(RESULTS, {**row, **circumstances})
                print({name: record.short(value) for name, value in row.items()}, file=sys.stderr)
        met = met and np.mean(scores["continued"]) > np.mean(scores["fresh"])
    return 0 if met else 1


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main())
