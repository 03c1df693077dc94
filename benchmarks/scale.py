"""What do wide and tall tables cost? One row per case in results/scale.csv.

    SKGAN_DATA=FOLDER python benchmarks/scale.py [CASE ...]

Every case is a process of its own with one thread and no GPU, and fits `GANSampler(random_state=0)` for a few steps
only: this measures the costs that grow with the table, not those of training. A case is

tall, tall refined
    1,000,000 rows of Adult, drawn with replacement from its training rows; 5 updates, without and with refinement.
    Bars: `fit` needs less than 3 times the memory of the frame itself (pandas' deep count; text as categories, its
    smallest form), and encoding takes at most 20 CPU seconds.
tall text
    The same rows with text as Python strings; the same bars.
wide
    500 columns of 5,000 rows: 300 numeric ones (half of them integers, a third with missing values) and 200 categorical
    ones of 2 to 20 categories, all generated from ten hidden factors; 5 updates and refinement. Bars: less than 2,000
    MB, at most 180 CPU seconds.
levels
    100,000 rows of a column of 10,000 categories, a numeric column, a column of three categories and noise; 5 updates
    and refinement. Bars: less than 500 MB, encoding within 5 CPU seconds.
steps
    Seconds per step, the lower quartile of 200 in the sampler's own history (other processes only add time), at 10,000
    and at 1,000,000 rows of Adult without refinement. Bar: their ratio is at most 1.2.

columns 300, columns 2000, columns 5000, columns 10000
    That many columns of 300 rows, half of them floats and half text of five categories, with max_time=30; refinement
    where the time allows it. `wall_seconds` is the time of the whole fit and `max_iter` the number of steps that it
    made. Bar: 45 seconds for up to 5,000 columns.

Memory is the peak of `fit` beyond what the process held before it, including the data and all code: a fit of some of
the rows comes first. `unfolded_mb` is the size of the encoded rows as one float32 tensor with one-hot categories. CPU
seconds are wall seconds on one idle core. Exit code 1 where a bar is missed or a case fails.
"""

import argparse
import gc
import json
import sys
import time
import warnings
from functools import partial
from pathlib import Path

import datasets
import numpy as np
import pandas as pd
import record
from one_fit import peak_rss_mb
from record import ChildFailed, circumstances, run_child

RESULTS = record.RESULTS / "scale.csv"
FIELDS = (
    "case",
    "n_rows",
    "n_columns",
    "width",
    "max_iter",
    "refine",
    "data_mb",
    "unfolded_mb",
    "fit_peak_mb",
    "peak_ratio",
    "read_cpu_seconds",
    "encode_cpu_seconds",
    "fit_cpu_seconds",
    "wall_seconds",
    "step_ms",
    "step_ratio",
    "bar",
    "met",
)
FEW, MANY = 10_000, 1_000_000
# Numbers of columns that are fitted with limited time, and this time in seconds.
COLUMNS, MAX_TIME = (300, 2000, 5000, 10_000), 30
TALL = (("peak_ratio", "<", 3), ("encode_cpu_seconds", "<=", 20))
BARS = {
    "tall": TALL,
    "tall refined": TALL,
    "tall text": TALL,
    "wide": (("fit_peak_mb", "<", 2000), ("fit_cpu_seconds", "<=", 180)),
    "levels": (("fit_peak_mb", "<", 500), ("encode_cpu_seconds", "<=", 5)),
    "steps": (("step_ratio", "<=", 1.2),),
    **{f"columns {n}": (("wall_seconds", "<=", 1.5 * MAX_TIME),) if n <= 5000 else () for n in COLUMNS},
}


def adult(n_rows, text="category"):
    """Rows of Adult, drawn with replacement."""
    train, _ = datasets.load("adult")
    train = train.astype(dict.fromkeys(train.select_dtypes(["object", "string"]), "category"))
    drawn = train.iloc[np.random.default_rng(0).integers(len(train), size=n_rows)].reset_index(drop=True)
    return drawn.astype(dict.fromkeys(drawn.select_dtypes("category"), text))


def wide(n_rows=5_000, n_numbers=300, n_levelled=200):
    """Numeric and categorical columns that depend on ten hidden factors."""
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(n_rows, 10))
    columns = {}
    for i in range(n_numbers):
        number = hidden @ rng.normal(size=10) + rng.normal(size=n_rows)
        number = np.round(5 * np.exp(number / 4)) if i % 2 else number
        columns[f"number {i}"] = np.where(rng.random(n_rows) < 0.1, np.nan, number) if i % 3 == 0 else number
    for i in range(n_levelled):
        score = hidden @ rng.normal(size=10) + rng.normal(size=n_rows)
        levels = np.searchsorted(np.quantile(score, np.sort(rng.random(1 + i % 19))), score)
        columns[f"levels {i}"] = pd.Categorical(np.char.add("level ", levels.astype(str)))
    return pd.DataFrame(columns)


def levels(n_rows=100_000, n_levels=10_000):
    """A column of many categories, each with a hidden value on which the other columns depend."""
    rng = np.random.default_rng(0)
    place, level = rng.random(n_levels), rng.integers(n_levels, size=n_rows)
    hidden = place[level]
    return pd.DataFrame({
        "level": pd.Categorical(np.char.add("level ", level.astype(str))),
        "amount": np.round(np.exp(3 * hidden) + 0.1 * rng.normal(size=n_rows), 3),
        "class": np.array(["low", "middle", "high"])[np.digitize(hidden, [0.3, 0.6])],
        "noise": rng.normal(size=n_rows),
    })


def measure_fit(make, refine):
    """The cost of a fit of a few updates."""
    X = make()
    row = {"n_rows": len(X), "n_columns": X.shape[1], "data_mb": X.memory_usage(deep=True).sum() / 1e6}
    sampler = _sampler(max_iter=5, refine=refine)
    sampler.fit(X.iloc[:500])
    gc.collect()
    before = _start_peak()
    start = time.process_time()
    sampler.fit(X)
    row["fit_cpu_seconds"] = time.process_time() - start
    row["fit_peak_mb"] = peak_rss_mb() - before
    row["step_ms"] = _step_ms(sampler)
    row["peak_ratio"] = row["fit_peak_mb"] / row["data_mb"]
    return row | {"max_iter": sampler.max_iter, "refine": refine} | encoding(X)


def encoding(X):
    """The cost of encoding X."""
    from skgan._forms import read_table
    from skgan.encoders import TableEncoder

    start = time.process_time()
    table = read_table(X)
    read = time.process_time()
    encoder = TableEncoder(min_frequency=5).fit(table)
    encoder.encode(table)
    width = encoder.spec_.width
    return {
        "width": width,
        "unfolded_mb": 4 * len(X) * width / 1e6,
        "read_cpu_seconds": read - start,
        "encode_cpu_seconds": time.process_time() - start,
    }


def measure_steps():
    """Seconds per step at few and at many rows."""
    row = {"n_rows": MANY, "max_iter": 200, "refine": False}
    found = {}
    for n_rows in (FEW, MANY):
        X = adult(n_rows)
        found[n_rows] = _step_ms(_sampler(max_iter=row["max_iter"], refine=False).fit(X))
    return row | {"n_columns": X.shape[1], "step_ms": found[MANY], "step_ratio": found[MANY] / found[FEW]}


def half_text(n_columns, n_rows=300):
    """Independent columns, half of them floats and half text."""
    rng = np.random.default_rng(0)
    words = np.array(list("abcde"), dtype=object)
    draws = (lambda: rng.normal(size=n_rows), lambda: words[rng.integers(5, size=n_rows)])
    return pd.DataFrame({f"column {i}": draws[i % 2]() for i in range(n_columns)})


def measure_limited(n_columns):
    """The time of a fit with limited time."""
    X = half_text(n_columns)
    _sampler(max_iter=1).fit(X.iloc[:, :4])
    before = _start_peak()
    start, start_cpu = time.monotonic(), time.process_time()
    sampler = _sampler(max_time=MAX_TIME).fit(X)
    return {
        "n_rows": len(X),
        "n_columns": n_columns,
        "max_iter": sampler.n_iter_,
        "refine": sampler._model.refiner is not None,
        "data_mb": X.memory_usage(deep=True).sum() / 1e6,
        "width": sampler._model.encoder.spec_.width,
        "fit_peak_mb": peak_rss_mb() - before,
        "fit_cpu_seconds": time.process_time() - start_cpu,
        "wall_seconds": time.monotonic() - start,
    }


CASES = {
    "tall": lambda: measure_fit(lambda: adult(MANY), refine=False),
    "tall refined": lambda: measure_fit(lambda: adult(MANY), refine=True),
    "tall text": lambda: measure_fit(lambda: adult(MANY, object), refine=False),
    "wide": lambda: measure_fit(wide, refine=True),
    "levels": lambda: measure_fit(levels, refine=True),
    "steps": measure_steps,
    **{f"columns {n}": partial(measure_limited, n) for n in COLUMNS},
}


def _sampler(**options):
    from skgan import GANSampler

    return GANSampler(random_state=0, device="cpu", **options)


def _step_ms(fitted):
    return 1e3 * float(np.quantile(np.diff(fitted.history_["seconds"]), 0.25))


def _start_peak():
    """Reset the peak of this process, and return the MB that it holds now (on Linux; elsewhere its peak so far)."""
    forget, status = Path("/proc/self/clear_refs"), Path("/proc/self/status")
    if not forget.exists():
        return peak_rss_mb()
    forget.write_text("5")
    [kib] = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmRSS")]
    return int(kib) * 1024 / 1e6


def measured(case):
    """One line of the results."""
    row = {"case": case}
    try:
        row |= json.loads(run_child(sys.executable, __file__, "--child", case).splitlines()[-1])
    except ChildFailed as error:
        print(f"{case}: {error}", file=sys.stderr)
    return row | dict(zip(("bar", "met"), record.judge(row, BARS[case])))


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"one of {', '.join(CASES)}; default: all")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        warnings.simplefilter("ignore")
        row = CASES[options.child]()
        print(json.dumps({field: float(f"{v:.4g}") if isinstance(v, float) else v for field, v in row.items()}))
        return 0
    unknown = set(options.cases) - set(CASES)
    if unknown:
        parser.error(f"no such case: {', '.join(unknown)}; choose from {', '.join(CASES)}")

    rows = []
    for case in options.cases or CASES:
        rows.append(dict.fromkeys(FIELDS) | measured(case) | circumstances())
        print(", ".join(f"{field} {rows[-1][field]}" for field in FIELDS if rows[-1][field] is not None), flush=True)
    results = pd.DataFrame(rows)
    if RESULTS.exists():
        kept = pd.read_csv(RESULTS)
        results = pd.concat([kept[~kept["case"].isin(results["case"])].astype(object), results])
    results = results.sort_values("case", key=lambda column: column.map(list(CASES).index))
    RESULTS.parent.mkdir(exist_ok=True)
    results.to_csv(RESULTS, index=False, lineterminator="\n")
    return int(any(row["met"] == "no" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
