"""The headline figures of a run of gpu.sh: the rows that it added to the results, as one short table.

    python benchmarks/gpu_summary.py count            # prints how many rows each file of results has
    python benchmarks/gpu_summary.py show COUNTS      # prints the rows since COUNTS, the output of `count`

A file that is missing or has no new rows is passed over.
"""

import argparse
import json
import sys

import pandas as pd
import record

# For each file: the columns that say what a row is, and those that are shown, with the unit or a short explanation.
SHOWN = {
    "steps": (("dataset",), {"steps_a_second": "steps/s", "share_percent": "% of the device's product speed"}),
    "device_cost": (
        ("dataset",),
        {
            "fit_seconds": "s to fit",
            "rows_per_second": "rows/s sampled",
            "score": "score (1 is best)",
            "shape_error_percent": "% shape error",
        },
    ),
    "images": (
        ("dataset", "method"),
        {
            "fit_seconds": "s to fit",
            "n_iter": "steps",
            "images_a_second": "images/s sampled",
            "train_on_synthetic": "train on synthetic",
            "coverage_classifier": "coverage",
            "frechet_classifier": "Fréchet distance",
        },
    ),
}


def rows_of(name):
    """The recorded rows of one file, as text."""
    path = record.RESULTS / f"{name}.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False) if path.exists() else pd.DataFrame()


def lines(counts):
    """The lines of the table."""
    for name, (keys, columns) in SHOWN.items():
        for row in rows_of(name).iloc[counts[name] :].to_dict("records"):
            figures = [f"{row[column]} {unit}" for column, unit in columns.items() if row.get(column)]
            what = " ".join(row[key] for key in keys)
            yield f"{name:<12} {what:<22} {row['device']:<24} {', '.join(figures)}"


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("count", "show"))
    parser.add_argument("counts", nargs="?", type=json.loads, default={}, metavar="COUNTS")
    options = parser.parse_args(arguments)
    if options.what == "count":
        print(json.dumps({name: len(rows_of(name)) for name in SHOWN}))
    else:
        print(*(list(lines(dict.fromkeys(SHOWN, 0) | options.counts)) or ["No rows were measured."]), sep="\n")


if __name__ == "__main__":
    sys.exit(main())
