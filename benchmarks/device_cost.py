"""What do fitting and sampling a table cost with everything the machine has? results/device_cost.csv.

    SKGAN_DATA=FOLDER python benchmarks/device_cost.py [DATASET ...] [--seed S ...] [--rows N] [--seconds S]

`GANSampler(random_state=seed)` with its defaults, in a process of its own that may use every core and the GPU, where
there is one (`foundation.py` measures one core without a GPU). One row per data set and seed:

device
    The GPU's name, or "cpu".
fit_seconds, sample_seconds, rows_per_second
    Wall-clock seconds of `fit` and of `sample(n_rows)`, and rows sampled per second.
peak_rss_mb
    Peak resident memory of the process, without the GPU's.
score
    `GANSampler.score` on the test rows: 1 is best.
shape_error_percent
    As in `foundation.py`: 0 is best.

There is no bar. Exit code 1 where a fit fails. --rows N uses only the first N rows, and --seconds limits the fit
(`max_time`), to try the script.
"""

import argparse
import sys

import datasets
import measures
import record
from record import ChildFailed, append_row, circumstances, device_name, short

RESULTS = record.RESULTS / "device_cost.csv"
COSTS = ("n_rows", "fit_seconds", "sample_seconds", "peak_rss_mb", "score")


def measured(dataset, seed, options):
    """Cost and quality of one fit."""
    limits = {"rows": options.rows, "seconds": options.seconds}
    cost, synthetic = record.fit_in_child(dataset, "skgan", seed, one_core=False, **limits)
    train, _ = datasets.load(dataset, rows=options.rows)
    found = {name: cost[name] for name in COSTS}
    found["rows_per_second"] = cost["n_rows"] / cost["sample_seconds"]
    found["shape_error_percent"] = measures.shape_error_percent(train, synthetic)
    return found


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="*", default=["adult"], metavar="DATASET")
    parser.add_argument("--seed", type=int, nargs="+", default=[0])
    parser.add_argument("--rows", type=int, help="use only the first ROWS rows, to try the script")
    parser.add_argument("--seconds", type=float, help="limit of the fit, to try the script")
    options = parser.parse_args(arguments)
    failed = False
    for dataset in options.datasets:
        for seed in options.seed:
            try:
                found = measured(dataset, seed, options)
            except ChildFailed as error:
                print(f"{dataset}, seed {seed}: {error}", file=sys.stderr)
                failed = True
                continue
            row = {"dataset": dataset, "seed": seed, "device": device_name(), **found}
            append_row(RESULTS, {**row, **circumstances()})
            print(", ".join(f"{name} {short(value)}" for name, value in row.items()), flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
