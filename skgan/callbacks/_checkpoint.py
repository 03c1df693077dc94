"""Write the state of a fit to a file, from which it can be continued."""

from __future__ import annotations

import contextlib
import os
import time

from skgan import _json_tree, _model_file
from skgan._validation import Positive, check_option
from skgan._warnings import inside_search, warn

from ._base import Callback

# The checkpoint before the last one has this ending in addition.
PREVIOUS = ".previous"
# A file that was there before a new fit gets this ending.
BEFORE = ".before"


class Checkpoint(Callback):
    """Write the state of a fit to a file now and then, so that `skgan.resume` can continue it.

    The file is replaced once the new one is complete, and the checkpoint before it is kept beside it, with the ending
    ``.previous``. A file that is there before a new fit is kept too, with the ending ``.before``. None of them holds
    pickles or rows of X. When the steps are done, a last checkpoint is written: a fit that is killed during refinement
    is resumed there.

    Parameters
    ----------
    path : str or path-like
        The file; no suffix is added. Its folder must exist. The first checkpoint is written before the first step, so
        that a path that cannot be written to is found at once.
    every_seconds : float, default=60
        Seconds between two checkpoints, of wall-clock time. A checkpoint takes milliseconds, and more for networks of
        many millions of weights.

    Raises
    ------
    OSError
        During `fit`, if the first checkpoint cannot be written. A later one that cannot be written is a warning, and
        the last one stays.
    ValueError
        During `fit`, if `every_seconds` is no number above 0.
    TypeError
        During `fit`, if the estimator is of a class of your own, of which a file cannot hold the code.

    Warns
    -----
    UserWarning
        If the file existed before a new fit, or in a search.

    See Also
    --------
    skgan.resume : Continue a fit from a checkpoint.

    Notes
    -----
    Copies of an estimator that a search fits share its callbacks, and would overwrite each other's checkpoints. So
    inside a search no checkpoint is written, which is a warning.

    Examples
    --------
    >>> import os, tempfile
    >>> from sklearn.datasets import load_iris
    >>> import skgan
    >>> from skgan.callbacks import Checkpoint
    >>> path = os.path.join(tempfile.mkdtemp(), "iris.checkpoint")
    >>> X = load_iris().data
    >>> sampler = skgan.GANSampler(max_iter=20, random_state=0).set_callbacks(Checkpoint(path)).fit(X)
    >>> resumed = skgan.resume(path, X)
    >>> bool((resumed.sample(5, random_state=0) == sampler.sample(5, random_state=0)).all())
    True
    """

    def __init__(self, path, every_seconds=60):
        self.path = path
        self.every_seconds = every_seconds
        # Whether the file is of this callback's own, and may be replaced.
        self._is_known = False

    @classmethod
    def going_on(cls, path, every_seconds):
        """One that replaces the file at once, for a fit that goes on from it."""
        checkpoint = cls(path, every_seconds)
        checkpoint._is_known = True
        return checkpoint

    def on_run_begin(self, run):
        check_option("every_seconds", self.every_seconds, Positive())
        self._is_between_steps, self._is_off = True, inside_search()
        if self._is_off:
            warn("Fits of a search share their callbacks, so Checkpoint writes nothing; attach it to a single fit.")
            return
        if not self._is_known:
            self._set_aside()
        self._is_known = False
        self._write(run)

    def on_step_begin(self, run):
        self._is_between_steps = False

    def on_step_end(self, run):
        self._is_between_steps = True
        if not self._is_off and time.monotonic() >= self._next:
            self._try(run)

    def on_run_end(self, run):
        # After an error within a step, some networks are one step ahead of others.
        if not self._is_off and self._is_between_steps:
            self._try(run)
            # If the fit ended, nobody will resume it.
            self._is_known = run.stopped or run.n_iter == run.max_iter

    def _set_aside(self):
        """Keep the file of an earlier fit, which may not have ended."""
        path = os.fsdecode(self.path)
        if os.path.isfile(path):
            os.replace(path, path + BEFORE)
            warn(
                f"{path!r} existed before this fit, and is kept as {path + BEFORE!r}. If it is of a fit that did not "
                f"end, skgan.resume({path + BEFORE!r}, X) goes on with that."
            )
        with contextlib.suppress(FileNotFoundError):
            # A damaged checkpoint of this fit must not be replaced by one of the earlier fit.
            os.remove(path + PREVIOUS)

    def _try(self, run):
        try:
            self._write(run)
        except OSError as error:
            warn(f"No checkpoint of step {run.n_iter} was written: {error}. The one before it is unchanged.")

    def _write(self, run):
        path = os.fsdecode(self.path)
        tree, arrays = _json_tree.encode(run.checkpoint())
        _model_file.write(path, tree, arrays, previous=path + PREVIOUS)
        self._next = time.monotonic() + self.every_seconds
