"""How fast are rows written to a file chunk by chunk, and in how much memory?

    OMP_NUM_THREADS=1 python benchmarks/bulk.py [--rows N ...] [--ways parquet csv sample] [--refine yes no]

A `GANSampler` is fitted to 2,000 rows of `skgan.datasets.make_mixed` with a column of identifiers, 300 steps. In a
process of its own, it writes rows by `sample_to` in chunks of 65,536, or generates all of them by `sample`.

Writes benchmarks/results/bulk.csv, one row per way, refinement and number of rows:

- rows_per_s: rows divided by the seconds of the call.
- peak_mb: the most memory that the process had, in MB, Python and torch included.
- base_mb: the most that it had before the call.
- file_mb: the size of the file.

Bar: at most 1,000 MB for files.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import record

RESULTS = record.RESULTS / "bulk.csv"
N_FITTED, MAX_ITER = 2000, 300
BARS = (("peak_mb", "<=", 1000),)

CHILD = """
import json, resource, sys, time
import skgan
model, way, rows, out = sys.argv[1:]
sampler = skgan.load(model)
rows = int(rows)
sampler.sample(1024, random_state=1)
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
base, start = peak(), time.perf_counter()
if way == "sample":
    sampler.sample(rows, random_state=0)
else:
    sampler.sample_to(out, rows, random_state=0)
print(json.dumps({"seconds": time.perf_counter() - start, "peak_mb": peak(), "base_mb": base}))
"""


def fitted(refine):
    """A sampler of numbers, categories, missing values and identifiers."""
    import skgan
    from skgan.datasets import make_mixed

    frame = make_mixed(N_FITTED, random_state=0)
    frame["code"] = [f"AB-{number:07d}" for number in (7_919 * number % 10_000_000 for number in range(N_FITTED))]
    return skgan.GANSampler(max_iter=MAX_ITER, refine=refine, random_state=0, device="cpu").fit(frame)


def measure(sampler, way, rows, folder):
    """The cost of one call in a process of its own, a dict."""
    import skgan

    model, out = folder / "model.skgan", folder / f"rows.{way}"
    skgan.save(sampler, model)
    cost = json.loads(record.run_child(sys.executable, "-c", CHILD, model, way, rows, out).splitlines()[-1])
    size = out.stat().st_size / 1e6 if out.exists() else None
    out.unlink(missing_ok=True)
    return {"rows_per_s": rows / cost["seconds"], **cost, "file_mb": size}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--ways", nargs="+", choices=["parquet", "csv", "sample"], default=["parquet", "csv", "sample"])
    parser.add_argument("--refine", nargs="+", choices=["yes", "no"], default=["yes", "no"])
    arguments = parser.parse_args()
    for refine in arguments.refine:
        sampler = fitted(refine == "yes")
        for rows in arguments.rows:
            for way in arguments.ways:
                with tempfile.TemporaryDirectory() as folder:
                    row = {"way": way, "refined": refine, "rows": rows}
                    row |= measure(sampler, way, rows, Path(folder))
                bar, met = record.judge(row, BARS if way != "sample" else ())
                row = {**row, "bar": bar, "met": met, **record.circumstances()}
                record.append_row(RESULTS, row)
                print({name: record.short(value) for name, value in row.items()}, flush=True)


if __name__ == "__main__":
    main()
