"""Does the foundation hold? One row a question, method and seed in results/foundation.csv.

    python benchmarks/foundation.py [question ...] [--seed S ...] [--peer-python PATH]

The bars, all of them for one core (one thread, no GPU), with `GANSampler(random_state=seed)` and its defaults:

adult
    Rows 0..32560 with their gaps. Fit within 480 s; `sample(32_561)` within 10 s; peak resident memory below 2,000 MB;
    `score` on the remaining rows above 0.5. New rows, not old ones: nearest-record share at most 0.55, and exact copies
    at most those among fresh real rows plus 1 %. The measures are measured too: independent columns score at most 0.1,
    and copies of training rows have a nearest-record share above 0.55 and more exact copies than that.
iris
    150 rows of 4 columns. Fit under 5 s; the correlation of petal length and width kept within 0.1.
digits
    1,797 rows of 64 columns. Fit under 60 s.
checks
    scikit-learn's estimator checks of both samplers, seed alone set: within 60 s, none failed.
import
    `import skgan` against `import torch, sklearn`, in fresh processes in turn: the ratio of the medians at most 1.05,
    where the 0.05 is for the noise of the measurement. skgan imports its parts on first use, so the cost of
    `import skgan.samplers`, which all use pays, stands beside it without a bar.

Times are judged in CPU seconds, which on one idle core are wall seconds: machines are shared. The name of any other
data set (shoppers, magic, ...) is a question without a bar. Exit code 1 where a bar is missed or a method fails.
"""

import argparse
import csv
import json
import operator
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import datasets
import pandas as pd
from methods import METHODS, PEERS

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
RESULTS = HERE / "results" / "foundation.csv"
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
COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt}


def _fresh_copies_plus_1(row):
    return row["fresh_copies_percent"] + 1


# (question, method) -> (column, comparison, limit or row -> limit)
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


class ChildFailed(RuntimeError):
    """A measured process did not end well."""


def ask_table(question, seeds, options):
    """Rows of one data set: each method fitted, sampled and measured."""
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
    """The measurements of one method in its own process, and of the rows that it made."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        command = [HERE / "one_fit.py", dataset, method, "--seed", seed, "--out", path]
        command += ["--whole"] if dataset in WHOLE else []
        command += ["--rows", options.rows] if options.rows else []
        command += ["--seconds", seconds] if seconds else []
        python = options.peer_python if method in PEERS else sys.executable
        row = json.loads(_child(python, *command).splitlines()[-1])
        synthetic = pd.read_parquet(path)
    train, test = datasets.load(dataset, whole=dataset in WHOLE, rows=options.rows)
    return row | _measure(train, test, synthetic, row["score"])


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
    """What `GANSampler.score` would say of these rows."""
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
    raise SystemExit(f"A peer gets the seconds that skgan took on {dataset}: run skgan first, or give --peer-seconds.")


def ask_checks(question, seeds, options):
    """One row: scikit-learn's estimator checks."""
    row = {"question": question, "method": "skgan", "seed": 0}
    try:
        found = json.loads(_child(sys.executable, "-c", CHECKS_CODE).splitlines()[-1])
        print(*found["failed"], sep="\n", file=sys.stderr)
        row |= {"checks_cpu_seconds": found["checks_cpu_seconds"], "checks_failed": len(found["failed"])}
    except ChildFailed as error:
        row |= _failure(question, error)
    yield row


def ask_import(question, seeds, options):
    """One row: medians of fresh processes, taken in turn; the first round writes the byte code and does not count."""
    times = {field: [] for field in IMPORTS}
    for _ in range(1 + IMPORT_REPEATS):
        for field, modules in IMPORTS.items():
            times[field].append(float(_child(sys.executable, "-c", IMPORT_CODE.format(modules))))
    row = {field: statistics.median(seconds[1:]) for field, seconds in times.items()}
    row["import_ratio"] = row["import_cpu_seconds"] / row["reference_cpu_seconds"]
    row["samplers_ratio"] = row["samplers_cpu_seconds"] / row["reference_cpu_seconds"]
    yield {"question": question, "method": "skgan", **row}


QUESTIONS = {"adult": ask_table, "iris": ask_table, "digits": ask_table, "checks": ask_checks, "import": ask_import}
WITHOUT_BAR = dict.fromkeys((name for name in datasets.NAMES if name not in QUESTIONS), ask_table)


def _child(python, *arguments):
    """Standard output of a process with one thread, no GPU and this checkout's skgan."""
    one = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    path = os.pathsep.join([str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]).rstrip(os.pathsep)
    environment = {**os.environ, **one, "CUDA_VISIBLE_DEVICES": "", "PYTHONPATH": path}
    command = [str(python), *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise ChildFailed(f"exit code {done.returncode}\n" + done.stderr[-2000:])
    return done.stdout


def judge(row, options):
    """The row's bars as a text, and whether all are met; two empty words where there is none.

    With `--rows` nothing is judged: the bars are for all rows.
    """
    bars = BARS.get((row["question"], row["method"]), ()) if not options.rows else ()
    texts, met = [], []
    for column, comparison, limit in bars:
        value = row.get(column)
        try:
            limit = limit(row) if callable(limit) else limit
        except KeyError:
            value = limit = None
        texts.append(f"{column} {comparison} {_short(limit)}")
        met.append(value is not None and bool(COMPARE[comparison](value, limit)))
    return "; ".join(texts), "" if not bars else "yes" if all(met) else "no"


def append(row):
    """One more line of the CSV, with a header where it begins."""
    RESULTS.parent.mkdir(exist_ok=True)
    new = not RESULTS.exists() or RESULTS.stat().st_size == 0
    if not new:
        with RESULTS.open(newline="") as file:
            if tuple(next(csv.reader(file))) != FIELDS:
                raise SystemExit(f"{RESULTS} has other columns than this script writes; move it away first.")
    with RESULTS.open("a", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, extrasaction="ignore", lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow({field: _short(row.get(field)) for field in FIELDS})


def _short(value):
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"
    return "" if value is None else value


def circumstances():
    """Where and from what a row is made."""
    import sklearn
    import torch

    import skgan

    return {
        "commit": _commit(),
        "machine": f"{_cpu_model()}, {os.cpu_count()} cores",
        "torch": torch.__version__,
        "sklearn": sklearn.__version__,
        "skgan": skgan.__version__,
        "date": time.strftime("%Y-%m-%d"),
    }


def _commit():
    """Short hash, "-dirty" where skgan or the benchmarks (but for their results) differ from it."""
    watched = ["--", "skgan", "benchmarks", ":!benchmarks/results"]
    git = ["git", "-C", str(ROOT)]
    try:
        short = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
        state = subprocess.run([*git, "status", "--porcelain", *watched], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return short.stdout.strip() + ("-dirty" if state.stdout else "")


def _cpu_model():
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()


def main(arguments=None):
    """Ask, append, and say whether every bar is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="*", metavar="question", help=f"of {', '.join(QUESTIONS | WITHOUT_BAR)}")
    parser.add_argument("--seed", type=int, nargs="+", default=[0])
    parser.add_argument("--methods", nargs="+", choices=METHODS, help="only these, in this order")
    parser.add_argument("--peer-python", help="the Python of the peers' environment; without it peers are left out")
    parser.add_argument("--peer-seconds", type=float, help="CPU seconds for a peer, instead of what skgan took")
    parser.add_argument("--rows", type=int, help="so many rows only, and no verdict: to try the script")
    options = parser.parse_args(arguments)
    unknown = [question for question in options.questions if question not in QUESTIONS | WITHOUT_BAR]
    if unknown:
        parser.error(f"no such question: {', '.join(unknown)}; choose of {', '.join(QUESTIONS | WITHOUT_BAR)}")

    sys.path.insert(0, str(ROOT))
    bad = False
    for question in options.questions or QUESTIONS:
        before = circumstances()
        for row in (QUESTIONS | WITHOUT_BAR)[question](question, options.seed, options):
            # A peer has versions of its own.
            row = {**before, **row}
            row["bar"], row["met"] = judge(row, options)
            append(row)
            bad |= row["met"] == "no" or "failed" in row
            told = [field for field in FIELDS[: FIELDS.index("commit")] if row.get(field) not in (None, "")]
            print(", ".join(f"{field} {_short(row[field])}" for field in told), flush=True)
            before = circumstances()
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
