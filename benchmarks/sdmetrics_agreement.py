"""Do `column_shapes` and `pair_trends` agree with sdmetrics' Quality Report?

    /tmp/sdmetrics/bin/python benchmarks/sdmetrics_agreement.py [DATASET ...] [--seed S ...]

Needs an environment with sdmetrics (requirements-sdmetrics.txt) and no torch; the measured skgan is this checkout.

Training rows of each real table are compared with

test
    The test rows.
independent
    The training rows, each column shuffled independently.
gaps
    The test rows, with a tenth of the cells missing.
gaps in both
    The same, with a tenth of the cells of the training rows missing too.

and both packages compute Column Shapes, Column Pair Trends, and Column Pair Trends of all pairs (thresholds 0 instead
of sdmetrics' defaults, correlation 0.5 and Cramer's V 0.3). sdmetrics compares a random sample of tables longer than
50,000 rows; that is switched off. It is given categories as plain objects: with a category dtype it fails on categories
that do not occur.

Bar: the scores differ by at most 1e-6, and so do the values of every column and pair that counts; both packages count
the same ones. Exit code 1 where it is missed.

Writes benchmarks/results/sdmetrics_agreement.csv: `difference` is that of the scores, `largest_value_difference` that
of columns or pairs, `n_counted` the number of these in the score. With data sets named, only their rows are replaced.
"""

import argparse
import sys
import time
import warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
import record
from datasets import STORED, load

RESULTS = record.RESULTS / "sdmetrics_agreement.csv"
BAR = 1e-6
GAP_SHARE = 0.1
PACKAGES = ("sdmetrics", "numpy", "pandas", "scipy")


def independent(train, test, rng):
    return train, pd.DataFrame({name: train[name].to_numpy()[rng.permutation(len(train))] for name in train})


def gaps(train, test, rng):
    return train, _punched(test, rng)


def gaps_in_both(train, test, rng):
    return _punched(train, rng), _punched(test, rng)


def _punched(frame, rng):
    return frame.mask(rng.random(frame.shape) < GAP_SHARE)


AGAINST = {
    "test": lambda train, test, rng: (train, test),
    "independent": independent,
    "gaps": gaps,
    "gaps in both": gaps_in_both,
}


def our_shapes(real, synthetic):
    from skgan.metrics import column_shapes

    return column_shapes(real, synthetic)


def our_trends(real, synthetic, **thresholds):
    from skgan.metrics import pair_trends

    return pair_trends(real, synthetic, **thresholds)


def our_trends_of_all(real, synthetic):
    return our_trends(real, synthetic, min_correlation=0, min_association=0)


# What is compared: our function, its name in sdmetrics, and whether the thresholds are sdmetrics' defaults.
PROPERTIES = {
    "column shapes": (our_shapes, "Column Shapes", True),
    "pair trends": (our_trends, "Column Pair Trends", True),
    "pair trends, all pairs": (our_trends_of_all, "Column Pair Trends", False),
}


def sdmetrics_report(real, synthetic, name, thresholds):
    """A Quality Report of one property only, so that it can be timed."""
    from sdmetrics.reports import QualityReport

    report = QualityReport()
    report._properties = {name: report._properties[name]}
    report.num_rows_subsample = None
    if not thresholds:
        report.real_correlation_threshold = report.real_association_threshold = 0
    metadata = {"tables": {"table": {"columns": {column: {"sdtype": _sdtype(real[column])} for column in real}}}}
    report.generate({"table": real}, {"table": synthetic}, metadata, verbose=False)
    return report


def _sdtype(column):
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return "datetime"
    return "numerical" if pd.api.types.is_numeric_dtype(column.dtype) else "categorical"


def compare(real, synthetic, property_name):
    """One property, computed by both packages."""
    ours_of, name, thresholds = PROPERTIES[property_name]
    start = time.perf_counter()
    ours = ours_of(real, synthetic)
    our_seconds = time.perf_counter() - start
    start = time.perf_counter()
    report = sdmetrics_report(real, synthetic, name, thresholds)
    sdmetrics_seconds = time.perf_counter() - start

    score, details = report.get_properties()["Score"].item(), report.get_details(name)
    values = details["Score"].to_numpy(float)
    counted = ~np.isnan(values)
    _, our_details = ours
    same = bool((counted == our_details["counted"]).all())
    row = {
        "ours": ours.score,
        "sdmetrics": score,
        "difference": abs(ours.score - score),
        "largest_value_difference": np.abs(values - our_details["value"])[counted].max(),
        "n_counted": int(counted.sum()),
        "n_compared": len(values),
        "our_seconds": round(our_seconds, 3),
        "sdmetrics_seconds": round(sdmetrics_seconds, 3),
    }
    met = same and row["difference"] <= BAR and row["largest_value_difference"] <= BAR
    return row | {"bar": BAR, "met": "yes" if met else "no"}


def plain(frame):
    """Categorical columns as objects, the form that sdmetrics reads."""
    levels = {name: object for name in frame if isinstance(frame[name].dtype, pd.CategoricalDtype)}
    return frame.astype(levels)


def ask(dataset, seed):
    """The rows of one data set."""
    train, test = map(plain, load(dataset))
    for against, make in AGAINST.items():
        real, synthetic = make(train, test, np.random.default_rng(seed))
        for name in PROPERTIES:
            row = compare(real, synthetic, name)
            yield {"dataset": dataset, "against": against, "property": name, **row, "n_rows": len(real), "seed": seed}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="*", metavar="DATASET", help=f"one of {', '.join(STORED)}")
    parser.add_argument("--seed", type=int, nargs="+", default=[0])
    options = parser.parse_args(arguments)
    unknown = [name for name in options.datasets if name not in STORED]
    if unknown:
        parser.error(f"no such data set: {', '.join(unknown)}; choose from {', '.join(STORED)}")

    # sdmetrics uses deprecated functions of pandas.
    warnings.filterwarnings("ignore", category=FutureWarning)
    circumstances = {
        "commit": record.commit(),
        "machine": record.cpu_model(),
        "date": time.strftime("%Y-%m-%d"),
        "versions": ", ".join(f"{package} {version(package)}" for package in PACKAGES),
    }
    rows = []
    for dataset in options.datasets or STORED:
        for seed in options.seed:
            for row in ask(dataset, seed):
                print(", ".join(f"{field} {value}" for field, value in row.items()), flush=True)
                rows.append(row | circumstances)
    results = pd.DataFrame(rows)
    bad = (results["met"] == "no").any()
    if options.datasets and RESULTS.exists():
        kept = pd.read_csv(RESULTS)
        results = pd.concat([kept[~kept["dataset"].isin(options.datasets)], results])
    RESULTS.parent.mkdir(exist_ok=True)
    results.to_csv(RESULTS, index=False, lineterminator="\n")
    largest = results[["difference", "largest_value_difference"]].max().max()
    print(f"The largest difference is {largest:.3g}; {'missed' if bad else 'met'} is the bar of {BAR:g}.")
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
