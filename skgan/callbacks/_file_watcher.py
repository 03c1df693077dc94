"""What all callbacks share that write to files during a run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from skgan._validation import check_option
from skgan._warnings import inside_search, warn

from ._base import Callback
from ._moments import Every, Moments, is_limited_by_time

# Where the time of a run is limited, a job waits this many times as long as it took: it gets a tenth of the time.
PAUSE = 9


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
    rested : float
        When enough time has passed since the last time, in seconds of `time.monotonic`.
    """

    write: Callable
    moments: Moments
    last_step: int
    rested: float

    def is_due(self, run):
        return self.moments.passed(run) and (time.monotonic() >= self.rested or not is_limited_by_time(run))

    def do(self, run):
        start = time.monotonic()
        self.write(run)
        self.last_step, self.rested = run.n_iter, _rested(start)


def _rested(start):
    now = time.monotonic()
    return now + PAUSE * (now - start)


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
        start = time.monotonic()
        try:
            self.begin(run)
        except BaseException:
            self.close()
            raise
        rested = _rested(start)
        self._jobs = [
            Job(write, Moments(getattr(self, parameter), run), run.n_iter, rested) for parameter, write in jobs.items()
        ]

    def on_step_begin(self, run):
        self._is_between_steps = False

    def on_step_end(self, run):
        self._is_between_steps = True
        for job in self._jobs:
            if job.is_due(run):
                self._warn_of_errors(job.do, run)

    def on_run_end(self, run):
        # After an error within a step, some networks are one step ahead of others.
        for job in self._jobs if self._is_between_steps else []:
            if job.last_step != run.n_iter:
                self._warn_of_errors(job.do, run)
        if self._jobs:
            self._jobs = []
            self._warn_of_errors(lambda run: self.close(), run)

    def _warn_of_errors(self, write, run):
        try:
            write(run)
        except OSError as error:
            if not self._has_failed:
                name = type(self).__name__
                warn(
                    f"{name} could not write at step {run.n_iter}: {error}. The run goes on, and {name} tries again "
                    "later, without another warning."
                )
            self._has_failed = True
