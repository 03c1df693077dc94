"""Write the numbers of a run to a CSV file."""

from __future__ import annotations

import errno
import os

from ._file_watcher import FileWatcher
from ._moments import share_done
from ._numbers import names_of_numbers, numbers_of


class CSVLogger(FileWatcher):
    """Write a row of numbers to a CSV file every few steps, while the run goes on.

    The columns are step, seconds, progress (the share of the run that is over), learning_rate, one loss per player
    (discriminator_loss, generator_loss), where images are augmented augmentation_probability, and with early stopping
    validation_score, the last one (nan before the first). Only whole rows are written, each at once, so that
    ``tail -f`` shows them. The last step has a row too.

    Parameters
    ----------
    path : str or path-like
        The file; its folder must exist. A new fit replaces it. A fit that is resumed appends to it, behind the row of
        the step that it continues from.
    every : int or float, default=50
        How often: an int is a number of steps, a float a share of the run. Reading the losses on a GPU waits until the
        GPU has finished the step, so small numbers make a run slower there.

    Raises
    ------
    OSError
        During `fit`, if the file cannot be written before the first step. Later this is a warning, and the run goes on.
    ValueError
        During `fit`, if `every` is none of these, or a resumed fit finds a file with other columns.

    Warns
    -----
    UserWarning
        If a row cannot be written. In a search, where nothing is written, because its fits share their callbacks.

    See Also
    --------
    TensorBoard : The same numbers, and pictures, in a browser.

    Examples
    --------
    >>> import os, tempfile
    >>> import pandas as pd
    >>> from sklearn.datasets import load_iris
    >>> from skgan import GANSampler
    >>> from skgan.callbacks import CSVLogger
    >>> path = os.path.join(tempfile.mkdtemp(), "run.csv")
    >>> sampler = GANSampler(max_iter=20, random_state=0).set_callbacks(CSVLogger(path, every=5)).fit(load_iris().data)
    >>> pd.read_csv(path)["step"].tolist()
    [5, 10, 15, 20]
    """

    def __init__(self, path, every=50):
        self.path = path
        self.every = every

    def jobs(self):
        return {"every": self._write}

    def begin(self, run):
        self._header = _line(["step", "seconds", "progress", *names_of_numbers(run)])
        if run.n_iter > 0 and os.path.exists(self.path) and os.path.getsize(self.path):
            self._cut(run.n_iter)
        else:
            with open(self.path, "wb") as file:
                file.write(self._header)

    def _cut(self, step):
        """Cut off what an earlier run wrote after this step, and a row that is not whole."""
        with open(self.path, "r+b") as file:
            header = file.readline()
            if header != self._header:
                raise ValueError(
                    f"path={os.fsdecode(self.path)!r} has the columns {header.decode(errors='replace').strip()}, but "
                    f"this run has {self._header.decode().strip()}; pass the path of another file."
                )
            end = file.tell()
            for row in file:
                if not row.endswith(b"\n") or _step_of(row) > step:
                    break
                end += len(row)
            file.truncate(end)

    def _write(self, run):
        numbers = [run.seconds, share_done(run), *numbers_of(run).values()]
        self._append(_line([str(run.n_iter), *(f"{number:.7g}" for number in numbers)]))

    def _append(self, row):
        """Append a whole row, or nothing."""
        with open(self.path, "ab", buffering=0) as file:
            end = file.tell()
            text = row if end else self._header + row
            try:
                if file.write(text) < len(text):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), os.fsdecode(self.path))
            except OSError:
                file.truncate(end)
                raise


def _line(cells):
    return (",".join(cells) + "\n").encode()


def _step_of(row):
    """The step of a row; infinity if it does not start with one."""
    step = row.split(b",")[0]
    return int(step) if step.isdigit() else float("inf")
