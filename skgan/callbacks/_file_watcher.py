"""What all callbacks share that write to files during a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from skgan._validation import check_option
from skgan._warnings import inside_search, warn

from ._base import Callback
from ._moments import Every, Moments


@dataclass
class Job:
    """Something that is written at some moments, and at the end of the run.

    Parameters
    ----------
    write : callable
        ``write(run)``
    moments : Moments
    last_step : int
        The step of the last time.
    """

    write: Callable
    moments: Moments
    last_step: int


class FileWatcher(Callback):
    """Base of callbacks that write to files. A file that cannot be written is a warning, and the run goes on.

    Only what is written before the first step raises its error, so that a wrong path is found at once. Fits of a search
    share their callbacks and would overwrite each other's files, so that nothing is written there.

    Subclasses define ``jobs()``, a dict of the parameter that says how often to ``write(run)``, and ``begin(run)``,
    which opens the files before the first step. They may define `close`.
    """

    def close(self):
        """Close the files, at the end of the run."""

    def on_run_begin(self, run):
        self._jobs, self._is_between_steps, self._has_failed = [], True, False
        if inside_search():
            name = type(self).__name__
            warn(f"Fits of a search share their callbacks, so {name} writes nothing; attach it to a single fit.")
            return
        jobs = self.jobs()
        for parameter in jobs:
            check_option(parameter, getattr(self, parameter), Every())
        try:
            self.begin(run)
        except BaseException:
            self.close()
            raise
        self._jobs = [
            Job(write, Moments(getattr(self, parameter), run), run.n_iter) for parameter, write in jobs.items()
        ]

    def on_step_begin(self, run):
        self._is_between_steps = False

    def on_step_end(self, run):
        self._is_between_steps = True
        for job in self._jobs:
            if job.moments.passed(run):
                self._try(job, run)

    def on_run_end(self, run):
        # After an error within a step, some networks are one step ahead of others.
        for job in self._jobs if self._is_between_steps else []:
            if job.last_step != run.n_iter:
                self._try(job, run)
        if self._jobs:
            self._jobs = []
            self._warn_of_errors(self.close, run)

    def _try(self, job, run):
        def write():
            job.write(run)
            job.last_step = run.n_iter

        self._warn_of_errors(write, run)

    def _warn_of_errors(self, write, run):
        try:
            write()
        except OSError as error:
            if not self._has_failed:
                name = type(self).__name__
                warn(
                    f"{name} could not write at step {run.n_iter}: {error}. The run goes on, and {name} tries again "
                    "later, without another warning."
                )
            self._has_failed = True
