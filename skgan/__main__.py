"""The command line: read a table, and write a synthetic one of the same form.

::

    python -m skgan DATA --rows N --out FILE [--target COLUMN] [--seed S] [--max-time SECONDS]
                    [--report FILE [--holdout SHARE]]
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
import warnings
from difflib import get_close_matches
from importlib.util import find_spec
from math import isfinite
from pathlib import Path


class CommandError(Exception):
    """The reason, in one sentence, why the command stops early."""

    code = 1


class UserError(CommandError):
    """The user's input cannot be used, and nothing was written."""

    code = 2


class ReportError(CommandError):
    """The rows were written, but the report on them was not."""


class Interrupted(CommandError):
    """Ctrl-C."""

    code = 130


class Parser(argparse.ArgumentParser):
    """A parser that reports a wrong call in one sentence, without the whole usage."""

    def error(self, message):
        raise UserError(f"{message} (python -m skgan --help shows the usage).")


def rows_wanted(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 1, got {text}")
    return int(text)


def seed_wanted(text):
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"must be a whole number from 0 to 4294967295, got {text}")
    return int(text)


def seconds_wanted(text):
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not (isfinite(seconds) and seconds > 0):
        raise argparse.ArgumentTypeError(f"must be a number of seconds above 0, got {text}")
    return seconds


def share_wanted(text):
    try:
        share = float(text)
    except ValueError:
        share = 0.0
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError(f"must be a number between 0 and 1, got {text}")
    return share


def build_parser():
    parser = Parser(
        prog="python -m skgan",
        description="Fit a generative adversarial network to a table and write synthetic rows that resemble it.",
    )
    add = parser.add_argument
    add("data", metavar="DATA", help="a .csv or .parquet file, or the word penguins")
    add("--rows", metavar="N", type=rows_wanted, help="rows to write (default: as many as DATA has)")
    add("--out", metavar="FILE", type=Path, required=True, help="a .csv or .parquet file to write")
    add("--target", metavar="COLUMN", help="the column y of ConditionalGANSampler, which the others are generated for")
    add("--seed", metavar="S", type=seed_wanted, help="a whole number; the same seed gives the same rows")
    add("--max-time", metavar="SECONDS", type=seconds_wanted, help="stop the fit after this time")
    add("--report", metavar="FILE", type=Path, help="an .html file to write, with an evaluation of the synthetic rows")
    add("--holdout", metavar="SHARE", type=share_wanted, help="leave this share of DATA out, to measure privacy")
    return parser


def read_csv(path):
    """Read a CSV file; codes such as 00501 stay text, and whole numbers with missing values stay whole numbers."""
    import pandas as pd

    frame, text = pd.read_csv(path), pd.read_csv(path, dtype=str)
    for name in frame:
        known = text[name].dropna()
        some_missing = 0 < len(known) < len(frame)
        number = frame[name].dtype.kind in "iuf"
        if number and known.str.match(r"0\d").any():
            frame[name] = text[name]
        elif number and some_missing and known.str.fullmatch(r"[+-]?\d+").all():
            frame[name] = pd.to_numeric(text[name], dtype_backend="numpy_nullable")
        elif some_missing and pd.api.types.infer_dtype(frame[name], skipna=True) == "boolean":
            frame[name] = frame[name].astype("boolean")
    return frame


def read_parquet(path):
    import pandas as pd

    return pd.read_parquet(path)


READERS = {".csv": read_csv, ".parquet": read_parquet}
WRITERS = {
    ".csv": lambda frame, path: frame.to_csv(path, index=False),
    ".parquet": lambda frame, path: frame.to_parquet(path, index=False),
}


def by_suffix(path, table):
    """Return the reader or writer for a file's suffix."""
    suffix = path.suffix.lower()
    if suffix not in table:
        raise UserError(f"{path} must end in {' or '.join(table)}.")
    if suffix == ".parquet" and find_spec("pyarrow") is None:
        raise UserError(f'{path} needs pyarrow: python -m pip install "skgan[parquet]".')
    return table[suffix]


def read_table(data):
    """Return the frame that DATA names."""
    from .datasets._real import PENGUINS

    path = PENGUINS if data == "penguins" else Path(data)
    read = by_suffix(path, READERS)
    try:
        frame = read(path)
    except FileNotFoundError:
        raise UserError(f"{data} does not exist.") from None
    except UnicodeDecodeError:
        raise UserError(f"{data} is not UTF-8 text; save it as UTF-8.") from None
    except (OSError, ValueError) as error:
        raise UserError(f"{data} cannot be read: {reason(error)}.") from None
    if frame.empty:
        raise UserError(f"{data} has no rows; a model needs at least one.")
    if path.suffix.lower() == ".csv":
        check_separated(data, frame)
    return frame


SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def check_separated(data, frame):
    """Raise if a CSV file has another separator, or more fields in a row than in its header."""
    import pandas as pd

    for separator, name in SEPARATORS.items():
        if frame.shape[1] == 1 and separator in str(frame.columns[0]):
            raise UserError(f"{data} looks separated by {name}; separate its columns by commas.")
    if not isinstance(frame.index, pd.RangeIndex):
        raise UserError(f"{data} has rows with more fields than its header; give each column a name.")


# How long the text of an ISO date is at each precision.
UNITS = {10: "D", 16: "m", 19: "s", 23: "ms", 26: "us", 29: "ns"}


def parse_dates(text):
    """Read a text column of ISO dates that all have the same format.

    Parameters
    ----------
    text : pandas.Series
        Any column.

    Returns
    -------
    dates : pandas.Series of datetime64, or None
        None if the column holds anything else, or if its text would be written differently.
    write : callable, dates -> text, or None
        Writes dates in the column's own format; missing values stay missing.
    """
    import numpy as np
    import pandas as pd

    known = text.dropna()
    if not pd.api.types.is_string_dtype(known) or known.empty:
        return None, None
    first = str(known.iloc[0])
    zone = "Z" if first.endswith("Z") else ""
    unit = UNITS.get(len(first) - len(zone))
    separator = first[10:11]
    if unit is None:
        return None, None

    def write(dates):
        written = np.datetime_as_string(dates.to_numpy(), unit=unit, casting="unsafe")
        written = pd.Series(written, index=dates.index, dtype=text.dtype).str.replace("T", separator) + zone
        return written.where(dates.notna())

    naive = text.str.removesuffix("Z") if zone else text
    dates = pd.to_datetime(naive, format="ISO8601", errors="coerce")
    if dates.dtype.kind != "M" or not write(dates).equals(text):
        return None, None
    return dates, write


def split(frame, share, seed):
    """Split rows at random into those to fit on and those held out; the latter are None if `share` is None."""
    if share is None:
        return frame, None
    n = round(share * len(frame))
    if min(n, len(frame) - n) < 20:
        parts = f"{len(frame) - n} and {n}"
        raise UserError(f"--holdout {share} splits {len(frame)} rows into {parts}; each part needs 20.")
    held_out = frame.sample(n, random_state=seed)
    return frame.drop(index=held_out.index).reset_index(drop=True), held_out.reset_index(drop=True)


def checked_target(frame, target):
    """Return the position of the target column; raise if it cannot be the target."""
    names = list(frame.columns)
    if target not in names:
        close = get_close_matches(target, names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"the columns are {', '.join(names)}."
        raise UserError(f"there is no column {target!r} to be the target; {hint}")
    if len(names) == 1:
        raise UserError(f"the target {target!r} is the only column; leave --target out.")
    n_missing = int(frame[target].isna().sum())
    if n_missing:
        raise UserError(f"the target {target!r} has {n_missing} missing values; fill them, or leave --target out.")
    return names.index(target)


def synthesize(frame, *, rows, target, seed, max_time):
    """Fit a sampler to the frame and return `rows` synthetic rows, with the columns in the same order."""
    position = None if target is None else checked_target(frame, target)

    from . import ConditionalGANSampler, GANSampler

    options = {"random_state": seed, "max_time": max_time, "verbose": 1}
    if target is None:
        return fitted(GANSampler(**options), frame).sample(rows)
    sampler = fitted(ConditionalGANSampler(**options), frame.drop(columns=target), frame[target])
    synthetic, y = sampler.sample(rows)
    synthetic.insert(position, target, y)
    return synthetic


def fitted(sampler, *data):
    """Return the sampler, fitted; raise where no step of training was made, because its rows would be noise."""
    from .exceptions import InterruptedFitWarning

    with warnings.catch_warnings():
        # The error below says the same.
        warnings.filterwarnings("ignore", message="max_time=.* was over before the first update")
        warnings.simplefilter("error", InterruptedFitWarning)
        try:
            sampler.fit(*data)
        except InterruptedFitWarning:
            raise KeyboardInterrupt from None
    if sampler.n_iter_ == 0:
        raise UserError(
            "--max-time was over before the first step of training, so no rows were written; allow more seconds."
        )
    return sampler


def beside(out):
    """Return the temporary file that is renamed to ``out`` once it is complete."""
    return out.with_name(f".{out.stem}-{os.getpid()}{out.suffix}")


def check_writable(out, data):
    """Raise, before the fit, if ``out`` cannot be written."""
    if out.exists() and not out.is_file():
        raise UserError(f"{out} is not a file that can be written.")
    if out.exists() and Path(data).exists() and out.samefile(data):
        raise UserError(f"{out} is the data itself; write the synthetic rows to another file.")
    if out.exists() and not os.access(out, os.W_OK):
        raise UserError(f"{out} cannot be written: permission denied.")
    try:
        beside(out).touch(exist_ok=False)
        beside(out).unlink()
    except OSError as error:
        raise UserError(f"{out} cannot be written: {reason(error)}.") from None


def write_table(frame, out, write):
    """Write the frame to ``out``; an error leaves ``out`` unchanged."""
    try:
        write(frame, beside(out))
        if out.exists():
            shutil.copymode(out, beside(out))
        os.replace(beside(out), out)
    except (OSError, TypeError, ValueError) as error:
        raise UserError(f"{out} cannot be written: {reason(error)}.") from None
    finally:
        beside(out).unlink(missing_ok=True)


def check_report(arguments):
    """Return the path of the report, or None; raise, before the fit, if it cannot be written."""
    if arguments.report is None:
        if arguments.holdout is not None:
            raise UserError("--holdout leaves rows out for a report; add --report FILE, or leave --holdout out.")
        return None
    path = Path(os.path.realpath(arguments.report))
    if path.suffix.lower() not in (".html", ".htm"):
        raise UserError(f"{arguments.report} must end in .html.")
    check_writable(path, arguments.data)
    return path


def write_report(path, real, synthetic, held_out, arguments):
    """Evaluate the synthetic rows, which are written already, and write the report."""
    from . import evaluate

    where = f"the rows are in {arguments.out}"
    try:
        report = evaluate(
            real, synthetic, holdout=held_out, target=arguments.target, random_state=arguments.seed
        )
        report.save(beside(path))
        os.replace(beside(path), path)
    except KeyboardInterrupt:
        raise Interrupted(f"interrupted; {arguments.report} was not written, {where}.") from None
    except Exception as error:
        raise ReportError(f"{arguments.report} was not written, {where}: {reason(error)}.") from error
    finally:
        beside(path).unlink(missing_ok=True)


def reason(error):
    """Return the text of an error or a warning as one line without a full stop; its type if it has no text."""
    text = str(getattr(error, "strerror", None) or error) or type(error).__name__
    return " ".join(text.split()).removesuffix(".")


def run(arguments):
    """Run the parsed command line, and print what was written."""
    start = time.monotonic()
    out = Path(os.path.realpath(arguments.out))
    write = by_suffix(out, WRITERS)
    check_writable(out, arguments.data)
    report = check_report(arguments)
    frame, dates = with_dates(read_table(arguments.data))
    rows = arguments.rows or len(frame)
    frame, held_out = split(frame, arguments.holdout, arguments.seed)
    try:
        synthetic = synthesize(
            frame, rows=rows, target=arguments.target, seed=arguments.seed, max_time=arguments.max_time
        )
    except (MemoryError, TypeError, ValueError) as error:
        raise UserError(f"no rows could be made from {arguments.data}: {reason(error)}.") from None
    written = synthetic.copy()
    for name, write_dates in dates.items():
        written[name] = write_dates(synthetic[name])
    write_table(written, out, write)
    seconds = time.monotonic() - start
    print(f"Wrote {rows:,} rows of {synthetic.shape[1]} columns to {arguments.out} in {seconds:.1f} s.")
    if report is not None:
        write_report(report, frame, synthetic, held_out, arguments)
        print(f"Wrote the report on them to {arguments.report}.")


def with_dates(frame):
    """Return the frame with ISO dates parsed, and for each such column a function that writes its text."""
    dates = {}
    for name in frame.columns:
        parsed, write_dates = parse_dates(frame[name])
        if write_dates is not None:
            frame[name], dates[name] = parsed, write_dates
    return frame, dates


def show_warning(message, *_args, **_kwargs):
    print(f"skgan: warning: {reason(message)}.", file=sys.stderr)


def main(argv=None):
    """Run the command line.

    Parameters
    ----------
    argv : list of str, default=None
        The arguments; None takes those of the process.

    Returns
    -------
    code : int
        0 if everything was written, 1 if the rows were written but not the report, 2 if the user's input was wrong and
        nothing was written, 130 after Ctrl-C.

    Examples
    --------
    >>> from skgan.__main__ import main
    >>> main(["penguins", "--rows", "10", "--out", "penguins_synthetic.csv"])  # doctest: +SKIP
    0
    """
    try:
        arguments = build_parser().parse_args(argv)
        with warnings.catch_warnings():
            warnings.showwarning = show_warning
            run(arguments)
        return 0
    except Interrupted as error:
        print(f"skgan: {error}", file=sys.stderr)
        return error.code
    except CommandError as error:
        print(f"skgan: error: {error}", file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        print("skgan: interrupted; nothing was written.", file=sys.stderr)
        return 130
    except SystemExit as exit:  # --help
        return exit.code


if __name__ == "__main__":
    sys.exit(main())
