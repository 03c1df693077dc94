"""Fits that are stopped, and the command that continues them."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import threading

from ._errors import Interrupted, UserError
from ._fit import completed
from ._options import SEPARATORS
from ._output import check_distinct, checked

EVERY_SECONDS = 60
# What a value of an option is on the command line.
AS_TEXT = {
    "types": "=".join,
    "header": lambda row: "none" if row is None else str(row + 1),
    "separator": lambda mark: next((word for word, each in SEPARATORS.items() if each == mark), mark),
    "decimal": {",": "comma", ".": "point"}.get,
}


def check_checkpoint(arguments, *, is_there=False):
    """Return the real path of the checkpoint, or None; raise, before the fit, if it cannot be used.

    Parameters
    ----------
    arguments : Namespace
    is_there : bool, default=False
        Whether the file is to be read.
    """
    from skgan.callbacks import PREVIOUS

    given = arguments.checkpoint
    if given is None:
        if arguments.every is not None:
            raise UserError("--every needs --checkpoint FILE; add it, or leave --every out.")
        return None
    path = checked(given, arguments.data, "write the checkpoint to another file")
    check_distinct({"--out": checked(arguments.out, arguments.data, ""), "the checkpoint": path})
    exists = path.exists() or os.path.exists(f"{path}{PREVIOUS}")
    if is_there and not exists:
        raise UserError(f"{given} does not exist.")
    if exists and not is_there:
        raise UserError(f"{given} exists; remove it, or go on from it: {command_of(arguments)}")
    return path


@contextlib.contextmanager
def keeping(path, arguments):
    """The callbacks that write the checkpoint; where the block is stopped, say the command that goes on."""
    if path is None:
        yield ()
        return
    from skgan.callbacks import Checkpoint

    with _terminated_like_interrupted() as received:
        try:
            yield (Checkpoint(path, arguments.every or EVERY_SECONDS),)
        except (KeyboardInterrupt, Interrupted):
            code = 128 + (received or [signal.SIGINT])[0]
            raise Interrupted(_said(path, arguments), code) from None


def _said(path, arguments):
    if not path.exists():
        return "interrupted before the first checkpoint; nothing was written."
    return f"interrupted; the model was not written, but the fit can go on: {command_of(arguments)}"


@contextlib.contextmanager
def _terminated_like_interrupted():
    """SIGTERM ends the block as Ctrl-C does, and is in the list that the block is given."""
    received = []
    if threading.current_thread() is not threading.main_thread():
        yield received
        return

    def terminate(number, _):
        received.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield received
    finally:
        signal.signal(signal.SIGTERM, before)


def continued(path, data, arguments):
    """The sampler of a fit that goes on from the checkpoint."""
    from skgan.persistence import resume

    every = arguments.every or EVERY_SECONDS
    return completed(lambda: resume(path, *data, every_seconds=every, verbose=1))


def remove(path):
    """Remove a checkpoint, and the one before it, which are no longer needed."""
    from skgan.callbacks import PREVIOUS

    for each in () if path is None else (path, f"{path}{PREVIOUS}"):
        with contextlib.suppress(OSError):
            os.remove(each)


def command_of(arguments):
    """The command that continues a fit with these arguments, as one types it."""
    from ._arguments import build_resume_parser

    words = ["python", "-m", "skgan", "resume", str(arguments.checkpoint), arguments.data]
    for action in build_resume_parser()._actions:
        value = getattr(arguments, action.dest, action.default)
        if not action.option_strings or value == action.default:
            continue
        for each in value if isinstance(value, list) else [value]:
            text = AS_TEXT.get(action.dest, str)(each)
            words += action.option_strings if action.nargs == 0 else [action.option_strings[0], text]
    return shlex.join(words)
