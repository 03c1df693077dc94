"""What does early stopping save, and what does it cost? results/early_stopping.csv.

    SKGAN_DATA=FOLDER OMP_NUM_THREADS=1 python benchmarks/early_stopping.py [DATASET ...] [--budgets F ...]
        [--methods METHOD ...] [--seeds SEED ...] [--rows N] [--device DEVICE] [--jobs N]

full
    `GANSampler` with defaults.
early
    The same with ``early_stopping=True``.
at once
    The same, but the run ends with the step whose score shows no improvement, so that the learning rates do not fall.

A budget is a factor of the number of steps that "auto" gives. A DATASET is a table or a set of images (digits are
images here). Tables are cut to 2,000 training rows and images to 5,000. No fit sees the test rows, by which rows and
images are measured.

n_iter, best_iter
    Steps that were made, and the step whose networks the sampler has.
score
    Of tables: `two_sample_test` of boosted trees on as many generated rows as test rows, 1 is best.
frechet, coverage
    Of images: `frechet_distance` (0 is best) and `coverage` (1 is best) of random features.
nearest_record_share
    The share of generated rows that are nearer to a training row than to a test row, 0.5 is best.
cpu_seconds, seconds
    Of the fit.

The bar: early stopping is not worse than a full run beyond noise, that is, its mean over seeds is no more than two
standard errors below.
"""

import argparse
import os
import sys
import time
import warnings
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

import record
from record import append_row, circumstances, device_name

TABLES = ("adult", "shoppers", "magic", "churn_telco", "king", "german", "diabetes", "insurance")
IMAGES = ("fashion_mnist", "cifar10_small")
ROWS = {"table": 2000, "images": 5000}
N_TEST_IMAGES = 2000
SEEDS = (0, 1, 2)
METHODS = {"full": False, "early": True, "at once": True}
RESULTS = record.RESULTS / "early_stopping.csv"


def measure(dataset, method, budget, seed, rows, device):
    import datasets
    import image_data

    from skgan import GANSampler
    from skgan.callbacks import _early_stopping

    warnings.simplefilter("ignore")
    if method == "at once":
        _early_stopping.FINISH = 1e-9
    is_image = dataset in image_data.NAMES
    if is_image:
        X, _, X_test, _ = image_data.load_images(dataset)
        X, X_test = X[: rows or ROWS["images"]], X_test[:N_TEST_IMAGES]
    else:
        X, X_test = datasets.load(dataset)
        X = X[: rows or ROWS["table"]]

    sampler = GANSampler(early_stopping=METHODS[method], random_state=seed, device=device, n_jobs=1)
    if budget != 1:
        sampler.set_params(max_iter=round(budget * sampler._plan(X).hyperparameters.max_iter))
    start, cpu = time.perf_counter(), time.process_time()
    sampler.fit(X)
    times = {"seconds": time.perf_counter() - start, "cpu_seconds": time.process_time() - cpu}
    steps = {"n_iter": sampler.n_iter_, "best_iter": sampler.best_iter_, "max_iter": sampler.max_iter_}
    quality = (of_images if is_image else of_table)(X, X_test, sampler.sample(len(X_test), random_state=seed), seed)
    given = {"dataset": dataset, "method": method, "budget": budget, "seed": seed, "n_rows": len(X)}
    return {**given, "device": device_name(device), **steps, **times, **quality}


def of_table(X, X_test, generated, seed):
    from skgan.metrics import nearest_record_share, two_sample_test

    score = two_sample_test(X_test, generated, random_state=seed).score
    return {"score": score, "nearest_record_share": nearest_record_share(X, generated, X_test, random_state=seed)}


def of_images(X, X_test, generated, seed):
    from skgan.metrics import coverage, frechet_distance, nearest_record_share

    return {
        "frechet": frechet_distance(X_test, generated, features="random"),
        "coverage": coverage(X_test, generated, features="random"),
        "nearest_record_share": nearest_record_share(X, generated, X_test, random_state=seed),
    }


COLUMNS = (
    "dataset", "method", "budget", "seed", "n_rows", "device", "max_iter", "n_iter", "best_iter", "seconds",
    "cpu_seconds", "score", "frechet", "coverage", "nearest_record_share",
)  # fmt: skip


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="*", default=TABLES, metavar="DATASET")
    parser.add_argument("--budgets", nargs="+", type=float, default=[1.0])
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=["full", "early"])
    parser.add_argument("--seeds", nargs="+", type=int, default=SEEDS)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args(arguments)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    around = circumstances()
    cases = [
        (dataset, method, budget, seed, options.rows, options.device)
        for budget in options.budgets
        for method in options.methods
        for seed in options.seeds
        for dataset in options.datasets
    ]
    # New processes: a fork of one that has used CUDA cannot use it.
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        for done in as_completed([pool.submit(measure, *case) for case in cases]):
            row = done.result()
            row = {name: row.get(name, "") for name in COLUMNS}
            append_row(RESULTS, {**row, **around})
            print(", ".join(f"{name} {value}" for name, value in row.items()), flush=True)


if __name__ == "__main__":
    sys.exit(main())
