"""Are the time, memory and quality bars of the samplers met? One row per question, method and seed in
results/foundation.csv.

    python benchmarks/foundation.py [question ...] [--seed S ...] [--peer-python PATH]

All bars are for one core (one thread, no GPU) and for `GANSampler(random_state=seed)` with its defaults:

adult
    Rows 0..32560 with their missing values. Fit within 480 s; `sample(32_561)` within 10 s; peak resident memory below
    2,000 MB; `score` on the remaining rows above 0.5. No memorised rows: nearest-record share at most 0.55, and exact
    copies at most those among fresh real rows plus 1 %. The measures themselves are checked too: independent columns
    score at most 0.1, and copies of training rows have a nearest-record share above 0.55 and more exact copies than
    that limit.
iris
    150 rows of 4 columns. Fit under 5 s; the correlation of petal length and width kept within 0.1.
digits
    1,797 rows of 64 columns. Fit under 60 s.
checks
    scikit-learn's estimator checks of both samplers, with only the seed set: within 60 s, none failed.
import
    `import skgan` against `import torch, sklearn`, in alternating fresh processes: the ratio of the medians at most
    1.05, where the 0.05 allows for the noise of the measurement. skgan imports its parts on first use, so
    `import skgan.samplers`, which every user needs, is measured beside it without a bar.

Times are judged in CPU seconds, which on one idle core are wall seconds, because machines are shared. The name of any
other data set (shoppers, magic, ...) is a question without a bar. Exit code 1 where a bar is missed or a method fails.
"""

import argparse
import json
import statistics
import sys

import datasets
import pandas as pd
import record
from methods import METHODS, PEERS
from record import ChildFailed, circumstances, run_child, short

RESULTS = record.RESULTS / "foundation.csv"
FIELDS = (
    "question",
    "dataset",
    "method",
    "seed",
    "n_rows",
    "fit_seconds",
    "fit_cpu_seconds",
    "sample_seconds",
    "sample_cpu_seconds",
    "peak_rss_mb",
    "score",
    "xgb_detection",
    "shape_error_percent",
    "exact_copies_percent",
    "fresh_copies_percent",
    "nearest_record_share",
    "petal_correlation_difference",
    "checks_cpu_seconds",
    "checks_failed",
    "import_cpu_seconds",
    "samplers_cpu_seconds",
    "reference_cpu_seconds",
    "import_ratio",
    "samplers_ratio",
    "bar",
    "met",
    "commit",
    "machine",
    "torch",
    "sklearn",
    "skgan",
    "peer",
    "date",
)


def _fresh_copies_plus_1(row):
    return row["fresh_copies_percent"] + 1


# (question, method) -> (column, comparison, limit or function from the row to it)
BARS = {
    ("adult", "skgan"): (
        ("fit_cpu_seconds", "<=", 480),
        ("sample_cpu_seconds", "<=", 10),
        ("peak_rss_mb", "<", 2000),
        ("score", ">", 0.5),
        ("nearest_record_share", "<=", 0.55),
        ("exact_copies_percent", "<=", _fresh_copies_plus_1),
    ),
    ("adult", "independent"): (("score", "<=", 0.1),),
    ("adult", "copies"): (
        ("nearest_record_share", ">", 0.55),
        ("exact_copies_percent", ">", _fresh_copies_plus_1),
    ),
    ("iris", "skgan"): (("fit_cpu_seconds", "<", 5), ("petal_correlation_difference", "<=", 0.1)),
    ("digits", "skgan"): (("fit_cpu_seconds", "<", 60),),
    ("checks", "skgan"): (("checks_cpu_seconds", "<=", 60), ("checks_failed", "<=", 0)),
    ("import", "skgan"): (("import_ratio", "<=", 1.05),),
}
WHOLE = ("iris", "digits")
PETALS = ("petal length (cm)", "petal width (cm)")
IMPORTS = {
    "import_cpu_seconds": "skgan",
    "samplers_cpu_seconds": "skgan.samplers",
    "reference_cpu_seconds": "torch, sklearn",
}
IMPORT_REPEATS = 9
IMPORT_CODE = "import time; import {}; print(time.process_time())"
CHECKS_CODE = """
import json, time, warnings
from sklearn.utils.estimator_checks import check_estimator
from skgan import ConditionalGANSampler, GANSampler
warnings.simplefilter("ignore")
start = time.process_time()
results = []
for sampler in (GANSampler(random_state=0), ConditionalGANSampler(random_state=0)):
    results += check_estimator(sampler, on_fail=None)
seconds = time.process_time() - start
failed = [f"{type(r['estimator']).__name__}: {r['check_name']}" for r in results if r["status"] == "failed"]
print(json.dumps({"checks_cpu_seconds": seconds, "n_checks": len(results), "failed": failed}))
"""


def ask_table(question, seeds, options):
    """One row per seed and method: fit, sample and measure one data set."""
    names = [name for name in options.methods or _methods(question) if name not in PEERS or options.peer_python]
    for seed in seeds:
        seconds = options.peer_seconds
        for name in names:
            row = {"question": question, "dataset": question, "method": name, "seed": seed}
            if name in PEERS and seconds is None:
                seconds = _last_seconds(question, seed, options.rows)
            try:
                row |= _fit_and_measure(question, name, seed, seconds if name in PEERS else None, options)
            except ChildFailed as error:
                row |= _failure(f"{question}, {name}", error)
            if name == "skgan" and options.peer_seconds is None:
                seconds = row.get("fit_cpu_seconds")
            yield row


def _failure(what, error):
    print(f"{what}: {error}", file=sys.stderr)
    return {"failed": True}


def _methods(question):
    return ("skgan",) if question in WHOLE else tuple(METHODS)


def _fit_and_measure(dataset, method, seed, seconds, options):
    """The cost of one method in its own process, and the measures of the rows that it generated."""
    python = options.peer_python if method in PEERS else sys.executable
    given = {"whole": dataset in WHOLE, "rows": options.rows}
    cost, synthetic = record.fit_in_child(dataset, method, seed, python=python, seconds=seconds, **given)
    train, test = datasets.load(dataset, **given)
    return cost | _measure(train, test, synthetic, cost["score"])


def _measure(train, test, synthetic, score):
    import measures

    found = {
        "xgb_detection": measures.xgb_detection(train, synthetic),
        "shape_error_percent": measures.shape_error_percent(train, synthetic),
        "exact_copies_percent": measures.exact_copies_percent(train, synthetic),
    }
    if set(PETALS) <= set(train):
        found["petal_correlation_difference"] = measures.correlation_difference(train, synthetic, PETALS)
    if test is not None:
        found["score"] = _score(test, synthetic) if score is None else score
        found["fresh_copies_percent"] = measures.exact_copies_percent(train, test)
        found["nearest_record_share"] = measures.nearest_record_share(train, test, synthetic)
    return found


def _score(test, synthetic):
    """The value of `GANSampler.score` for these rows."""
    from skgan.metrics import detection_score

    return detection_score(test, synthetic.iloc[: len(test)])


def _last_seconds(dataset, seed, rows):
    """The CPU seconds that skgan took when it last fitted these rows."""
    if RESULTS.exists():
        past = pd.read_csv(RESULTS)
        past = past[(past["dataset"] == dataset) & (past["method"] == "skgan") & (past["seed"] == seed)]
        past = past[past["n_rows"] == rows] if rows else past[past["n_rows"] == past["n_rows"].max()]
        if len(past):
            return float(past["fit_cpu_seconds"].iloc[-1])
    raise SystemExit(f"A peer may use as many seconds as skgan on {dataset}: run skgan first, or give --peer-seconds.")


def ask_checks(question, seeds, options):
    """One row: scikit-learn's estimator checks."""
    row = {"question": question, "method": "skgan", "seed": 0}
    try:
        found = json.loads(run_child(sys.executable, "-c", CHECKS_CODE).splitlines()[-1])
        print(*found["failed"], sep="\n", file=sys.stderr)
        row |= {"checks_cpu_seconds": found["checks_cpu_seconds"], "checks_failed": len(found["failed"])}
    except ChildFailed as error:
        row |= _failure(question, error)
    yield row


def ask_import(question, seeds, options):
    """One row: medians over alternating fresh processes; the first of each writes the byte code and does not count."""
    times = {field: [] for field in IMPORTS}
    for _ in range(1 + IMPORT_REPEATS):
        for field, modules in IMPORTS.items():
            times[field].append(float(run_child(sys.executable, "-c", IMPORT_CODE.format(modules))))
    row = {field: statistics.median(seconds[1:]) for field, seconds in times.items()}
    row["import_ratio"] = row["import_cpu_seconds"] / row["reference_cpu_seconds"]
    row["samplers_ratio"] = row["samplers_cpu_seconds"] / row["reference_cpu_seconds"]
    yield {"question": question, "method": "skgan", **row}


QUESTIONS = {"adult": ask_table, "iris": ask_table, "digits": ask_table, "checks": ask_checks, "import": ask_import}
WITHOUT_BAR = dict.fromkeys((name for name in datasets.NAMES if name not in QUESTIONS), ask_table)


def judge(row, options):
    """The row's bars as a text, and whether all are met. With `--rows` nothing is judged: the bars are for all rows."""
    return record.judge(row, () if options.rows else BARS.get((row["question"], row["method"]), ()))


def main(arguments=None):
    """Measure, append the rows, and return 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="*", metavar="question", help=f"one of {', '.join(QUESTIONS | WITHOUT_BAR)}")
    parser.add_argument("--seed", type=int, nargs="+", default=[0])
    parser.add_argument("--methods", nargs="+", choices=METHODS, help="only these methods, in this order")
    parser.add_argument("--peer-python", help="Python of the peers' environment; without it no peer is run")
    parser.add_argument("--peer-seconds", type=float, help="CPU seconds for each peer; default: those of skgan")
    parser.add_argument("--rows", type=int, help="use only the first ROWS rows and judge nothing, to try the script")
    options = parser.parse_args(arguments)
    unknown = [question for question in options.questions if question not in QUESTIONS | WITHOUT_BAR]
    if unknown:
        parser.error(f"no such question: {', '.join(unknown)}; choose from {', '.join(QUESTIONS | WITHOUT_BAR)}")

    bad = False
    for question in options.questions or QUESTIONS:
        before = circumstances()
        for row in (QUESTIONS | WITHOUT_BAR)[question](question, options.seed, options):
            # A peer has its own versions of torch and scikit-learn.
            row = {**before, **row}
            row["bar"], row["met"] = judge(row, options)
            record.append_row(RESULTS, {field: row.get(field) for field in FIELDS})
            bad |= row["met"] == "no" or "failed" in row
            shown = [field for field in FIELDS[: FIELDS.index("commit")] if row.get(field) not in (None, "")]
            print(", ".join(f"{field} {short(row[field])}" for field in shown), flush=True)
            before = circumstances()
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
