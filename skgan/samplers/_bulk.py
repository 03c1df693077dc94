"""Write generated rows to a file, chunk by chunk."""

from __future__ import annotations

import time
from functools import partial

import narwhals as nw
import numpy as np
import pandas as pd

from skgan._counted import counted
from skgan._validation import is_whole
from skgan.callbacks._screen import screen
from skgan.datasets._files import Parts, writer_for

from ._chunks import NOTHING, Done
from ._document import versions
from ._fingerprint import fingerprint_of_rows
from ._time_units import time_units

CHUNK_SIZE = 65_536


def check_chunk_size(chunk_size):
    """`chunk_size` as an int of at least 1, or a clear error."""
    if not is_whole(chunk_size):
        raise TypeError(f"chunk_size={chunk_size!r} must be a whole number; pass an int of at least 1.")
    if chunk_size < 1:
        raise ValueError(f"chunk_size={chunk_size!r} must be at least 1; generate one row or more at a time.")
    return int(chunk_size)


class Bulk:
    """Rows of a sampler that are to be written to a file.

    Parameters
    ----------
    sampler : BaseGAN
        Fitted.
    request : NoTargets, GivenTargets or DrawnTargets
    n : int
        How many rows.
    chunk_size : int
    seed : int
    """

    def __init__(self, sampler, request, n, chunk_size, seed):
        model = sampler._model
        if model.encoder.modality != "table":
            raise ValueError(
                f"A file holds a table, and this {type(sampler).__name__} was fitted on images; take them from "
                "sample_iter, and save each in a format of images."
            )
        self.sampler, self.request, self.n, self.chunk_size, self.seed = sampler, request, n, chunk_size, seed
        self.time_units = time_units(model.form, model.encoder)
        if model.targets is not None:
            self.time_units |= time_units(model.targets.form, model.targets.encoder.encoder_)

    def write(self, path, writer=None, change=None):
        """Write the rows, or those that are left of a call that was killed.

        Parameters
        ----------
        path : str or path-like
        writer : object or None, default=None
            Of `skgan.datasets`; None is that for the ending of `path`.
        change : callable or None, default=None
            Changes each frame of rows before it is written.
        """
        writer = writer or writer_for(path, self.time_units)
        parts = Parts(path, self._call(writer))
        progress = Writing(self.sampler.verbose, path)
        try:
            done = Done(parts.note["n_rows"], tuple(parts.note["n_missing"])) if parts.note else NOTHING
            progress.start(done.n_rows)
            chunks = self.sampler._chunks(self.request, self.n, self.chunk_size, self.seed, done)
            for X, y, done in chunks:
                frame = frame_of(X, y)
                frame = frame if change is None else change(frame)
                where = {"is_first": parts.is_empty, "is_last": done.n_rows == self.n}
                parts.add(partial(writer.write, frame, **where), vars(done))
                progress.show(done.n_rows, self.n)
            parts.join(writer.join)
            progress.end(self.n)
        finally:
            progress.close()
            parts.close()

    def _call(self, writer):
        """What must be the same for a call to go on."""
        return {
            "rows": fingerprint_of_rows(self.sampler._model, self.request.arrays()),
            "versions": versions(),
            "n_samples": self.n,
            "chunk_size": self.chunk_size,
            "seed": self.seed,
            "format": writer.name,
        }


def frame_of(X, y=None):
    """Generated rows, with their targets as the last columns, as a pandas frame with names of text.

    Raises
    ------
    ValueError
        If X and y have columns of the same name.
    """
    frame = _frame(X, "x")
    if y is None:
        return frame
    targets = _frame(y, "y")
    both = [name for name in targets if name in frame.columns]
    if both:
        raise ValueError(
            f"X and y both have a column named {both[0]!r}, and a file needs one name for each; rename it before the "
            "fit."
        )
    return pd.concat([frame, targets], axis=1)


def _frame(data, letter):
    if isinstance(data, pd.DataFrame):
        return data
    if isinstance(data, pd.Series):
        return data.to_frame(letter if data.name is None else data.name)
    if isinstance(data, np.ndarray):
        if data.ndim == 1:
            return pd.DataFrame({letter: data})
        return pd.DataFrame(data, columns=[f"{letter}{j}" for j in range(data.shape[1])])
    eager = nw.from_native(data, allow_series=True)
    eager = eager.to_frame() if isinstance(eager, nw.Series) else eager
    # With Arrow's dtypes, because NumPy's would depend on whether a value is missing.
    return eager.to_arrow().to_pandas(types_mapper=pd.ArrowDtype)


class Writing:
    """Shows how many rows are written."""

    def __init__(self, verbose, path):
        self._screen = screen() if verbose else None
        self._path = path

    def start(self, n_done):
        self._start, self._n_before = time.monotonic(), n_done
        self._next = self._start if self._screen is None else self._start + self._screen.seconds
        if n_done and self._screen is not None:
            self._screen.say(f"skgan: going on after {counted(n_done, 'row')} of {self._path}")

    def show(self, n_done, n):
        now = time.monotonic()
        if self._screen is None or now < self._next:
            return
        self._next = now + self._screen.seconds
        rate = (n_done - self._n_before) / max(now - self._start, 1e-9)
        self._screen.show("writing", n_done / n, f"{rate:,.0f} rows/s, about {(n - n_done) / rate:,.0f} s left")

    def end(self, n):
        if self._screen is not None:
            self._screen.say(f"skgan: wrote {counted(n, 'row')} to {self._path}")

    def close(self):
        if self._screen is not None:
            self._screen.close()
