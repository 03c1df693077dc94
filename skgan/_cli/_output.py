"""Write the rows, the model and the report: each completely, or not at all."""

import os
from pathlib import Path

from skgan.datasets._files import check_package, suffix_of, unfinished_of, whole_file, write_file

from ._errors import Interrupted, LateError, UserError, reason
from ._options import in_options


def check_out(arguments):
    """Return the real path of --out; raise, before the fit, if it cannot be written."""
    try:
        suffix, _ = suffix_of(arguments.out)
        check_package(suffix)
    except ValueError as error:
        raise UserError(str(error)) from None
    except ImportError as error:
        raise UserError(f"{arguments.out}: {error}") from None
    return checked(arguments.out, arguments.data, "write the synthetic rows to another file")


def check_save(arguments):
    """Return the real path of the model, or None; raise, before the fit, if it cannot be written."""
    return arguments.save and checked(arguments.save, arguments.data, "save the model to another file")


def check_report(arguments):
    """Return the real path of the report, or None; raise, before the fit, if it cannot be written."""
    if arguments.report is None:
        if arguments.holdout is not None:
            raise UserError("--holdout leaves rows out for a report; add --report FILE, or leave --holdout out.")
        return None
    if arguments.report.suffix.lower() not in (".html", ".htm"):
        raise UserError(f"{arguments.report} must end in .html.")
    return checked(arguments.report, arguments.data, "write the report to another file")


def checked(path, data, cure):
    """Return the real path of a file to write; raise if it cannot be written."""
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        raise UserError(f"{path} is not a file that can be written.")
    if path.exists() and Path(data).exists() and path.samefile(data):
        raise UserError(f"{path} is the data itself; {cure}.")
    if path.exists() and not os.access(path, os.W_OK):
        raise UserError(f"{path} cannot be written: permission denied.")
    try:
        unfinished_of(path).touch(exist_ok=False)
        unfinished_of(path).unlink()
    except OSError as error:
        raise UserError(f"{path} cannot be written: {reason(error)}.") from None
    return path


def write_rows(synthetic, path, table):
    """Write the rows in the manner of the table's file; an error leaves an existing file unchanged."""
    try:
        with whole_file(path) as unfinished:
            write_file(synthetic, unfinished, *suffix_of(path), table)
    except (OSError, TypeError, ValueError) as error:
        raise UserError(f"{path} cannot be written: {reason(error)}.") from None


def save_model(sampler, path, arguments):
    """Save the sampler; the rows are written already."""
    from skgan import save

    late(arguments, arguments.save, lambda: save(sampler, path))


def write_report(path, real, synthetic, held_out, target, arguments):
    """Evaluate the synthetic rows, which are written already, and write the report."""
    from skgan import evaluate

    def write():
        name = Path(arguments.data).name
        report = evaluate(real, synthetic, holdout=held_out, target=target, name=name, random_state=arguments.seed)
        report.findings = list(map(in_options, report.findings))
        with whole_file(path) as unfinished:
            report.save(unfinished)

    late(arguments, arguments.report, write)


def late(arguments, name, write):
    """Write a further file; an error says that the rows are there."""
    where = f"the rows are in {arguments.out}"
    try:
        write()
    except KeyboardInterrupt:
        raise Interrupted(f"interrupted; {name} was not written, {where}.") from None
    except Exception as error:
        raise LateError(f"{name} was not written, {where}: {reason(error)}.") from error
