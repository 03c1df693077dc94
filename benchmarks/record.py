"""What the benchmarks share: this checkout on the path, processes that are measured, and the rows of results.

Importing this module puts the checkout first on ``sys.path``, so that the measured skgan is the one beside the script,
whether or not any skgan is installed. Import it before skgan.

Two environment variables are read: SKGAN_RESULTS names a folder for the results in place of ``benchmarks/results``, and
SKGAN_COMMIT names the measured commit where there is no git repository.
"""

import json
import operator
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
RESULTS = Path(os.environ.get("SKGAN_RESULTS", HERE / "results")).resolve()
COMPARE = {"<": operator.lt, ">=": operator.ge, "<=": operator.le, ">": operator.gt}
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")

if str(ROOT) not in sys.path[:2]:
    sys.path.insert(0, str(ROOT))


class ChildFailed(RuntimeError):
    """A measured process ended with an error."""


def run_child(python, *arguments, one_core=True):
    """Run Python on this checkout's skgan in a process of its own.

    Parameters
    ----------
    python : str or Path
        The interpreter.
    *arguments : object
        Its arguments, as words.
    one_core : bool, default=True
        Whether the process has one thread and no GPU; otherwise it has all that this process has.

    Returns
    -------
    str
        The standard output.

    Raises
    ------
    ChildFailed
        If the exit code is not 0; the message ends with the last lines of the standard error.
    """
    path = os.pathsep.join([str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]).rstrip(os.pathsep)
    environment = {**os.environ, "PYTHONPATH": path}
    if one_core:
        environment |= {**ONE_THREAD, "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run([str(python), *map(str, arguments)], env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise ChildFailed(f"exit code {done.returncode}\n" + done.stderr[-2000:])
    return done.stdout


def fit_in_child(dataset, method, seed, *, python=sys.executable, whole=False, rows=None, seconds=None, one_core=True):
    """Fit and sample one method by `one_fit.py`.

    Parameters
    ----------
    dataset, method, seed, whole, rows, seconds
        As `one_fit.py` takes them.
    python, one_core
        As `run_child` takes them.

    Returns
    -------
    cost : dict
        What `one_fit.py` measured.
    synthetic : DataFrame
        As many generated rows as there are training rows.

    Raises
    ------
    ChildFailed
        If the process ends with an error.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.parquet"
        command = [HERE / "one_fit.py", dataset, method, "--seed", seed, "--out", path]
        command += ["--whole"] if whole else []
        command += ["--rows", rows] if rows else []
        command += ["--seconds", seconds] if seconds else []
        cost = json.loads(run_child(python, *command, one_core=one_core).splitlines()[-1])
        return cost, pd.read_parquet(path)


def judge(row, bars):
    """Compare a row with its bars.

    Parameters
    ----------
    row : dict
    bars : iterable of (column, comparison, limit)
        `comparison` is a key of COMPARE; `limit` is a number or a function from the row to one. A column without a
        value does not meet its bar.

    Returns
    -------
    bar, met : str
        The bars as a text, and "yes" or "no"; both empty where there is no bar.
    """
    texts, met = [], []
    for column, comparison, limit in bars:
        value = row.get(column)
        try:
            limit = limit(row) if callable(limit) else limit
        except KeyError:
            value = limit = None
        texts.append(f"{column} {comparison} {short(limit)}")
        met.append(value is not None and bool(COMPARE[comparison](value, limit)))
    return "; ".join(texts), "" if not texts else "yes" if all(met) else "no"


def append_row(path, row):
    """Add one row to a CSV file; recorded rows stay as they are, and columns that are new come last."""
    path.parent.mkdir(parents=True, exist_ok=True)
    old = pd.read_csv(path, dtype=str, keep_default_na=False) if path.exists() else pd.DataFrame()
    new = pd.DataFrame([{name: str(short(value)) for name, value in row.items()}])
    pd.concat([old, new]).to_csv(path, index=False, lineterminator="\n")


def short(value):
    """The value as it stands in a CSV file: floats with four digits, nothing for None."""
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"
    return "" if value is None else value


def device_name(word="auto"):
    """The name of the GPU that ``device=word`` stands for, or "cpu"."""
    import torch

    on_cuda = word.startswith("cuda") or (word == "auto" and torch.cuda.is_available())
    return torch.cuda.get_device_name() if on_cuda else "cpu"


def circumstances():
    """The last columns of a row: what was measured, where, with which versions, and when."""
    import sklearn
    import torch

    import skgan

    return {
        "commit": commit(),
        "machine": f"{cpu_model()}, {os.cpu_count()} cores",
        "torch": torch.__version__,
        "sklearn": sklearn.__version__,
        "skgan": skgan.__version__,
        "date": time.strftime("%Y-%m-%d"),
    }


def commit():
    """The short hash, with "-dirty" where skgan or the benchmarks (without their results) differ from it.

    Without a git repository, what SKGAN_COMMIT says, or nothing.
    """
    watched = ["--", "skgan", "benchmarks", ":!benchmarks/results"]
    git = ["git", "-C", str(ROOT)]
    try:
        hash_ = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True)
        state = subprocess.run([*git, "status", "--porcelain", *watched], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return os.environ.get("SKGAN_COMMIT", "")
    return hash_.stdout.strip() + ("-dirty" if state.stdout else "")


def cpu_model():
    """The processor's name."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()
