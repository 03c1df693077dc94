"""A file that is written in parts, so that a call that was killed can go on."""

import contextlib
import json
import os
import shutil
from pathlib import Path

from skgan._warnings import warn

from ._table import whole_file

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

STATE = "state.json"


class Parts:
    """The parts of a file that is not complete: files in a folder beside it, and what is done.

    Parameters
    ----------
    path : str or path-like
        The file.
    call : dict
        Plain values that say what is written. Parts of another call that has ended are removed, with a warning.

    Attributes
    ----------
    note : dict
        What the caller noted with the last part; empty if there is none.

    Raises
    ------
    BlockingIOError
        If another call is writing to the file: its rows and these would be mixed.
    """

    def __init__(self, path, call):
        self._path = Path(os.path.realpath(path))
        self._folder = self._path.with_name(f".{self._path.name}.parts")
        if not self._path.parent.is_dir():
            raise FileNotFoundError(
                f"there is no folder {str(self._path.parent)!r} to write {self._path.name!r} to; make it first"
            )
        self._state = {"call": call, "n_parts": 0, "note": {}}
        self._lock = self._locked()
        state = self._read()
        if state is not None and state["call"] == call:
            self._state = state
            return
        if state is not None and state["n_parts"]:
            warn(
                f"{str(self._folder)!r} holds the parts of another call, which was not finished; they are removed, and "
                "all rows are written anew."
            )
        for name in os.listdir(self._folder):
            os.remove(self._folder / name)

    def _locked(self):
        """Make the folder, and lock it until `close` or the end of the process: its descriptor; None on Windows."""
        if fcntl is None:
            self._folder.mkdir(exist_ok=True)
            return None
        while True:
            self._folder.mkdir(exist_ok=True)
            # A call that ends in the meantime removes the folder.
            with contextlib.suppress(FileNotFoundError), contextlib.ExitStack() as closing:
                lock = os.open(self._folder, os.O_RDONLY)
                closing.callback(os.close, lock)
                self._lock_or_raise(lock)
                if os.path.samestat(os.fstat(lock), os.stat(self._folder)):
                    closing.pop_all()
                    return lock

    def _lock_or_raise(self, lock):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BlockingIOError(
                f"another call is writing to {str(self._path)!r}; wait until it has ended, or write to another file"
            ) from None
        except OSError:
            # Files cannot be locked here, as on some network drives.
            return

    @property
    def note(self):
        return self._state["note"]

    @property
    def is_empty(self):
        return not self._state["n_parts"]

    def add(self, write, note):
        """Add a part.

        Parameters
        ----------
        write : callable
            ``write(file)`` writes the part to this path.
        note : dict
            Plain values to note with it.
        """
        n_parts = self._state["n_parts"]
        file = self._part(n_parts)
        write(file)
        _flush(file)
        # A part counts only once it is noted, and the note is replaced as a whole.
        self._state = {**self._state, "n_parts": n_parts + 1, "note": note}
        unfinished = self._folder / f"{STATE}.new"
        unfinished.write_text(json.dumps(self._state))
        _flush(unfinished)
        os.replace(unfinished, self._folder / STATE)

    def join(self, join):
        """Write the file by ``join(parts, file)``, from a list of paths to a path, and remove the parts."""
        with whole_file(self._path) as unfinished:
            join(list(map(self._part, range(self._state["n_parts"]))), unfinished)
        shutil.rmtree(self._folder)

    def close(self):
        """Leave nothing behind where no part is complete, and let other calls write to the file."""
        if self.is_empty:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _part(self, number):
        return self._folder / f"{number:08d}"

    def _read(self):
        """What is done; None if nothing is, or if it cannot be read."""
        try:
            state = json.loads((self._folder / STATE).read_text())
            is_whole = all(self._part(number).is_file() for number in range(state["n_parts"]))
            return state if is_whole and {"call", "note"} <= set(state) else None
        except (KeyError, OSError, TypeError, ValueError):
            return None


def _flush(file):
    """Wait until a file is on the disk."""
    with open(file, "rb+") as opened:
        os.fsync(opened.fileno())
