"""Fit one method in a process of its own, so that time and peak memory are its own: `record.fit_in_child` runs this.

The rows are written to a parquet file; the last line of the output holds the measurements as JSON. It also runs in the
peers' environment, so only the method skgan imports skgan.
"""

import argparse
import importlib
import importlib.metadata
import json
import os
import resource
import sys
import time
import warnings
from pathlib import Path

from datasets import load
from methods import METHODS


class Stopwatch:
    """Wall and CPU seconds since its creation, including the CPU time of child processes that have ended."""

    def __init__(self):
        self.start = time.perf_counter(), _cpu_seconds()

    def read(self):
        return time.perf_counter() - self.start[0], _cpu_seconds() - self.start[1]


def _cpu_seconds():
    return sum(os.times()[:4])


def peak_rss_mb():
    """Peak resident memory of this process, in MB of 10**6 bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Unlike ru_maxrss, VmHWM is not inherited from the parent process.
        [kib] = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(kib) * 1024 / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def main(arguments=None):
    """Fit, sample, and print the cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset")
    parser.add_argument("method", choices=METHODS)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--seconds", type=float)
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")

    train, test = load(options.dataset, whole=options.whole, rows=options.rows)
    method = METHODS[options.method](options.seed, options.seconds)
    importlib.import_module(method.module)  # imports are not part of the cost
    watch = Stopwatch()
    method.fit(train)
    fit_seconds, fit_cpu_seconds = watch.read()
    watch = Stopwatch()
    rows = method.sample(len(train))
    sample_seconds, sample_cpu_seconds = watch.read()
    rows.to_parquet(options.out)
    score = method.score(test) if test is not None and hasattr(method, "score") else None
    result = {
        "n_rows": len(train),
        "fit_seconds": fit_seconds,
        "fit_cpu_seconds": fit_cpu_seconds,
        "sample_seconds": sample_seconds,
        "sample_cpu_seconds": sample_cpu_seconds,
        "peak_rss_mb": peak_rss_mb(),
        "score": score,
        "peer": getattr(method, "version_", None),
        "torch": importlib.metadata.version("torch"),
        "sklearn": importlib.metadata.version("scikit-learn"),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
