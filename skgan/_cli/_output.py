"""Check what is to be written, and write the report: completely, or not at all."""

import os
from itertools import combinations
from pathlib import Path

from skgan.datasets._files import check_package, suffix_of, unfinished_of, whole_file

from ._errors import Interrupted, LateError, UserError, reason
from ._options import in_options


def check_out(out, source, what="the data"):
    """Return the real path of the table --out; raise, before anything is computed, if it cannot be written."""
    try:
        suffix, _ = suffix_of(out)
        check_package(suffix)
    except ValueError as error:
        raise UserError(str(error)) from None
    except ImportError as error:
        raise UserError(f"{out}: {error}") from None
    return checked(out, source, "write the synthetic rows to another file", what)


def check_distinct(files):
    """Raise if two of the files to write, a dict of options to real paths or None, are the same."""
    files = {option: path for option, path in files.items() if path is not None}
    for (one, path), (other, second) in combinations(files.items(), 2):
        if path == second or (path.exists() and second.exists() and path.samefile(second)):
            raise UserError(f"{one} and {other} are the same file, {path}; name another for one of them.")


def check_save(arguments):
    """Return the real path of the model, or None; raise, before the fit, if it cannot be written."""
    return arguments.save and checked(arguments.save, arguments.data, "save the model to another file")


def check_report(arguments):
    """Return the real path of the report, or None; raise, before the fit, if it cannot be written."""
    if arguments.report is None:
        if arguments.holdout is not None:
            raise UserError("--holdout leaves rows out for a report; add --report FILE, or leave --holdout out.")
        return None
    return check_html(arguments.report, arguments.data)


def check_html(path, data):
    """Return the real path of a report; raise if it cannot be written."""
    if path.suffix.lower() not in (".html", ".htm"):
        raise UserError(f"{path} must end in .html.")
    return checked(path, data, "write the report to another file")


def checked(path, data, cure, what="the data"):
    """Return the real path of a file to write; raise if it cannot be written."""
    try:
        path = Path(os.path.realpath(path))
        os.fsencode(path)
    except ValueError as error:
        raise UserError(f"{str(path)!r} is no name of a file: {error}.") from None
    if path.exists() and not path.is_file():
        raise UserError(f"{path} is not a file that can be written.")
    if path.exists() and Path(data).exists() and path.samefile(data):
        raise UserError(f"{path} is {what} itself; {cure}.")
    if path.exists() and not os.access(path, os.W_OK):
        raise UserError(f"{path} cannot be written: permission denied.")
    try:
        unfinished_of(path).touch(exist_ok=False)
        unfinished_of(path).unlink()
    except OSError as error:
        raise UserError(f"{path} cannot be written: {reason(error)}.") from None
    return path


def check_enough(real, synthetic, held_out, conditions):
    """Raise, before the fit, if there are too few rows for a report.

    Parameters
    ----------
    real, synthetic, held_out : int or None
        How many rows of each the report would compare; None where there are none held out.
    conditions : collection of str
        Columns that the rows meet conditions on.
    """
    from skgan.report._evaluate import MIN_ROWS

    if synthetic < MIN_ROWS:
        raise UserError(f"a report needs at least {MIN_ROWS} synthetic rows, but --rows is {synthetic}; write more.")
    for what, n in {"real": real, "held-out": held_out}.items():
        if n is None or n >= MIN_ROWS:
            continue
        if conditions:
            few = f"only {n} of the {what} rows that the report compares {'meets' if n == 1 else 'meet'} --where"
            raise UserError(f"{few}, but it needs at least {MIN_ROWS}; leave --report out, or some --where.")
        few = f"there {'is' if n == 1 else 'are'} {n}"
        raise UserError(f"a report needs at least {MIN_ROWS} {what} rows, but {few}; leave --report out.")


def write_report(path, name, real, synthetic, held_out, target, arguments, done=""):
    """Evaluate synthetic rows and write the report; an error names its file, and says what is `done` already."""
    from skgan import evaluate

    def write():
        data = Path(arguments.data).name
        report = evaluate(real, synthetic, holdout=held_out, target=target, name=data, random_state=arguments.seed)
        report.findings = list(map(in_options, report.findings))
        with whole_file(path) as unfinished:
            report.save(unfinished)

    late(name, write, done)


def late(name, write, done=""):
    """Write a further file; an error says what is `done` already."""
    said = f"{name} was not written{', ' * bool(done)}{done}"
    try:
        write()
    except KeyboardInterrupt:
        raise Interrupted(f"interrupted; {said}.") from None
    except Exception as error:
        raise LateError(f"{said}: {reason(error)}.") from error
