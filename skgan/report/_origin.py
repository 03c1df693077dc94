"""What a report is of, and what it was made with."""

import os
from datetime import datetime
from importlib import metadata
from typing import NamedTuple


class Origin(NamedTuple):
    """What is needed to find the rows again, and to make the report again.

    Attributes
    ----------
    name : str or None
        Of the data, such as a file's.
    made : str
        Date and time.
    seed : int
        The `random_state` that gives this report.
    version : str or None
        Of skgan; None where it is not installed.
    """

    name: str | None
    made: str
    seed: int
    version: str | None

    @classmethod
    def now(cls, name, seed):
        if name is not None and not isinstance(name, str | os.PathLike):
            raise TypeError(f"name={name!r} must be a text or None, got {type(name).__name__}; pass a file's name.")
        try:
            version = metadata.version("skgan")
        except metadata.PackageNotFoundError:
            version = None
        made = datetime.now().strftime("%Y-%m-%d %H:%M")
        return cls(None if name is None else " ".join(os.fspath(name).split()), made, seed, version)

    @property
    def title(self):
        return "Report on synthetic rows" + (f": {self.name}" if self.name else "")

    @property
    def details(self):
        return f"{self.made}, random_state={self.seed}" + (f", skgan {self.version}" if self.version else "")
