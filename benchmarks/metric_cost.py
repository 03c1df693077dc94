"""What does each metric cost, and the whole report?

    python benchmarks/metric_cost.py [NAME ...]

Every measurement is a process of its own with one thread and no GPU. A name is

a key of `skgan.metrics.METRICS`
    The metric as a search calls it, with its defaults: 50,000 real and 50,000 synthetic rows of 20 correlated float32
    columns, and 50,000 held-out rows where it needs them. Bar: at most 120 CPU seconds, and less than 2,000 MB of peak
    resident memory.
a function with "all rows"
    The same for a function that by default uses only some of so many rows, with max_rows=None; the same bar.
report, report with holdout, report with baselines
    `skgan.evaluate` of Adult and `Report.save`: 32,561 training rows as real and 16,281 test rows as synthetic rows,
    target="income"; the same with half of the test rows as holdout; the same with the baselines "independent" and
    "bootstrap". Bar: at most 90 CPU seconds and less than 2,000 MB; the last has no bar.

CPU seconds are wall seconds on one idle core: machines are shared. Imports and the generation of
rows count towards memory, not towards time. Exit code 1 where a bar is missed or a process fails.

Writes benchmarks/results/metric_cost.csv; with names given, only their lines are replaced.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import record
from one_fit import Stopwatch, peak_rss_mb
from record import ChildFailed, circumstances, run_child

RESULTS = record.RESULTS / "metric_cost.csv"
FIELDS = ("name", "n_rows", "cpu_seconds", "seconds", "peak_rss_mb", "value", "bar", "met")
N_ROWS, N_COLUMNS = 50_000, 20
MOST_MB = 2000
MOST_SECONDS = {"metric": 120, "report": 90, "report with holdout": 90, "report with baselines": None}
# Functions that by default use only some of so many rows, and the attribute of their result.
ALL_ROWS = {
    "two_sample_test": "score",
    "maximum_mean_discrepancy": None,
    "energy_distance": None,
    "kernel_distance": "value",
}


def matrices(n):
    """n matrices of rows from one distribution."""
    rng = np.random.default_rng(0)
    mixing = rng.normal(size=(N_COLUMNS, N_COLUMNS))
    return [(rng.normal(size=(N_ROWS, N_COLUMNS)) @ mixing).astype(np.float32) for _ in range(n)]


def measure_metric(name):
    from skgan.metrics import METRICS

    metric = METRICS[name]
    sets = matrices(3 if metric.needs_holdout else 2)
    watch = Stopwatch()
    value = metric.function(*sets, random_state=0, paired=False)
    return watch.read(), value


def measure_all_rows(name):
    from skgan import metrics

    word = name.removesuffix(", all rows")
    function, attribute = getattr(metrics, word), ALL_ROWS[word]
    sets = matrices(2)
    watch = Stopwatch()
    value = function(*sets, max_rows=None, random_state=0)
    return watch.read(), float(getattr(value, attribute) if attribute else value)


def measure_report(name):
    from datasets import load

    from skgan import evaluate

    train, test = load("adult")
    options = {}
    if name != "report":
        half = len(test) // 2
        test, options["holdout"] = test.iloc[:half], test.iloc[half:]
    if name == "report with baselines":
        options["baselines"] = ("independent", "bootstrap")
    with tempfile.TemporaryDirectory() as folder:
        watch = Stopwatch()
        report = evaluate(train, test, target="income", random_state=0, **options)
        report.save(Path(folder) / "report.html")
        spent = watch.read()
    frame = report.to_frame()
    return spent, float(frame.loc[(frame["metric"] == "two_sample") & frame["column"].isna(), "value"].item())


REPORTS = tuple(name for name in MOST_SECONDS if name != "metric")


def names():
    from skgan.metrics import METRICS

    return (*METRICS, *(f"{name}, all rows" for name in ALL_ROWS), *REPORTS)


def child(name):
    """Measure in this process, and print the row."""
    measure = measure_report if name in REPORTS else measure_all_rows if "," in name else measure_metric
    (seconds, cpu_seconds), value = measure(name)
    row = {"cpu_seconds": cpu_seconds, "seconds": seconds, "peak_rss_mb": peak_rss_mb(), "value": value}
    print(json.dumps({field: float(f"{number:.4g}") for field, number in row.items()}))


def measured(name):
    """One line of the results."""
    most = MOST_SECONDS.get(name, MOST_SECONDS["metric"])
    row = {"name": name, "n_rows": "" if name in REPORTS else N_ROWS}
    try:
        row |= json.loads(run_child(sys.executable, __file__, "--child", name).splitlines()[-1])
    except ChildFailed as error:
        print(f"{name}: {error}", file=sys.stderr)
        return row | {"bar": "", "met": "no"}
    bars = () if most is None else (("cpu_seconds", "<=", most), ("peak_rss_mb", "<", MOST_MB))
    return row | dict(zip(("bar", "met"), record.judge(row, bars)))


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        return child(options.child)
    unknown = set(options.names) - set(names())
    if unknown:
        parser.error(f"no such name: {', '.join(unknown)}; choose from {', '.join(names())}")

    rows = []
    for name in options.names or names():
        rows.append(dict.fromkeys(FIELDS) | measured(name) | circumstances())
        print(", ".join(f"{field} {rows[-1][field]}" for field in FIELDS if field != "bar"), flush=True)
    results = pd.DataFrame(rows)
    if options.names and RESULTS.exists():
        kept = pd.read_csv(RESULTS, keep_default_na=False)
        results = pd.concat([kept[kept["name"].isin(set(names()) - set(options.names))], results])
    results = results.sort_values("name", key=lambda column: column.map(names().index))
    results.to_csv(RESULTS, index=False, lineterminator="\n")
    return int(any(row["met"] == "no" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
