"""Save generated rows or images at some moments of a run."""

from __future__ import annotations

import io
import os
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from skgan.datasets import write_table
from skgan.datasets._files import whole_file

from ._file_watcher import FileWatcher
from ._samples import generate

DOTS_PER_INCH = 110


class SampleSaver(FileWatcher):
    """Save generated rows of a table, or a picture of generated images, at some moments of a run.

    Each moment makes one file, ``step_00001200.parquet`` for example: a Parquet file of rows, or without pyarrow a CSV
    file; of images a PNG file with a grid, which needs matplotlib. There is one of the untrained generator and one of
    the last step. All have the same seed, so that they show the same latents and can be compared with each other. The
    rows are not refined.

    Parameters
    ----------
    folder : str or path-like
        It is made if it does not exist. A file of the same step is replaced; use one folder per fit.
    n_samples : int or None, default=None
        How many rows or images; with one target per row in `y`, their number. None is that number, or else 64 images or
        1,000 rows.
    every : int or float, default=0.1
        How often: a float is a share of the run, an int a number of steps.
    y : scalar, dict, array-like, series or frame, default=None
        For a conditional sampler: what to generate rows for, as in its `sample`. None draws targets as in training.
        Targets are saved as columns behind those of X.
    random_state : int, default=0
        The seed of the rows.

    Raises
    ------
    OSError
        During `fit`, if the first file cannot be written. Later this is a warning, and the run goes on.
    ImportError
        During `fit`, for images, if matplotlib is not installed.
    ValueError, TypeError
        During `fit`, if a parameter is none of these, or the sampler cannot generate such rows.

    Warns
    -----
    UserWarning
        If a file cannot be written. In a search, where nothing is written, because its fits share their callbacks.

    Notes
    -----
    Values of objects that are not text, such as UUIDs, are saved as text.

    Examples
    --------
    >>> import os, tempfile
    >>> from skgan import GANSampler
    >>> from skgan.callbacks import SampleSaver
    >>> from skgan.datasets import load_penguins
    >>> folder = tempfile.mkdtemp()
    >>> saver = SampleSaver(folder, n_samples=20, every=0.5)
    >>> sampler = GANSampler(max_iter=10, random_state=0).set_callbacks(saver).fit(load_penguins())
    >>> [name.split(".")[0] for name in sorted(os.listdir(folder))]
    ['step_00000000', 'step_00000005', 'step_00000010']
    """

    def __init__(self, folder, n_samples=None, every=0.1, y=None, random_state=0):
        self.folder = folder
        self.n_samples = n_samples
        self.every = every
        self.y = y
        self.random_state = random_state

    def jobs(self):
        return {"every": self._write}

    def begin(self, run):
        os.makedirs(self.folder, exist_ok=True)
        self._write(run)

    def _write(self, run):
        n_samples = 1 if self.n_samples is None and _is_one_per_row(self.y) else self.n_samples
        X, y = generate(run, n_samples, self.y, self.random_state)
        WRITERS[run.modality](run, X, y, Path(os.fsdecode(self.folder), f"step_{run.n_iter:08d}"))


def _is_one_per_row(y):
    return not isinstance(y, dict) and np.ndim(y) > 0


def _write_rows(run, X, y, path):
    frame = _as_pandas(X, "x")
    if y is not None:
        for name, column in _as_pandas(y, "y").items():
            frame[f"{name} (y)" if name in frame else name] = column.array
    for name in frame.columns[[not _is_plain(dtype) for dtype in frame.dtypes]]:
        frame[name] = frame[name].astype(object).map(str, na_action="ignore")
    write_table(frame, path.with_suffix(".csv" if find_spec("pyarrow") is None else ".parquet"))


def _write_grid(run, X, y, path):
    file = io.BytesIO()
    run.plot(X).savefig(file, format="png", dpi=DOTS_PER_INCH)
    with whole_file(path.with_suffix(".png")) as unfinished:
        unfinished.write_bytes(file.getvalue())


WRITERS = {"table": _write_rows, "images": _write_grid}


def _as_pandas(rows, letter):
    """A new pandas frame with text names; columns without names are called by a letter and a number."""
    if isinstance(rows, np.ndarray):
        names = [letter] if rows.ndim == 1 else [f"{letter}{j}" for j in range(rows.shape[1])]
        return pd.DataFrame(rows, columns=names)
    if not hasattr(rows, "columns"):
        rows = rows.rename(str(rows.name or letter)).to_frame()
    if not isinstance(rows, pd.DataFrame):
        rows = pd.DataFrame(rows.to_dict(as_series=False))
    return rows.set_axis(rows.columns.map(str), axis=1)


def _is_plain(dtype):
    return pd.api.types.is_numeric_dtype(dtype) or pd.api.types.is_datetime64_any_dtype(dtype) or dtype.kind == "m"
