"""The command line: a table in, a synthetic one of the same form out.

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


class UserError(Exception):
    """One sentence about what the user gave; exit code 2."""


class Parser(argparse.ArgumentParser):
    """A parser that answers a wrong call with one sentence, not with the whole usage."""

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
        description="Fit a generative adversarial network to a table and write synthetic rows like its own.",
    )
    add = parser.add_argument
    add("data", metavar="DATA", help="a .csv or .parquet file, or the word penguins")
    add("--rows", metavar="N", type=rows_wanted, help="rows to write (default: as many as DATA has)")
    add("--out", metavar="FILE", type=Path, required=True, help="a .csv or .parquet file to write")
    add("--target", metavar="COLUMN", help="learn the other columns given this one")
    add("--seed", metavar="S", type=seed_wanted, help="a whole number; the same one gives the same rows")
    add("--max-time", metavar="SECONDS", type=seconds_wanted, help="stop fitting after this long")
    add("--report", metavar="FILE", type=Path, help="an .html file to write: how good the rows are")
    add("--holdout", metavar="SHARE", type=share_wanted, help="keep this share of DATA back, to judge privacy")
    return parser


def read_csv(path):
    """Read a CSV file; codes such as 00501 stay text, whole numbers and booleans with gaps what they are."""
    import pandas as pd

    frame, text = pd.read_csv(path), pd.read_csv(path, dtype=str)
    for name in frame:
        known = text[name].dropna()
        gaps = 0 < len(known) < len(frame)
        number = frame[name].dtype.kind in "iuf"
        if number and known.str.match(r"0\d").any():
            frame[name] = text[name]
        elif number and gaps and known.str.fullmatch(r"[+-]?\d+").all():
            frame[name] = pd.to_numeric(text[name], dtype_backend="numpy_nullable")
        elif gaps and pd.api.types.infer_dtype(frame[name], skipna=True) == "boolean":
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
    """Refuse a CSV file whose columns are not where pandas found them."""
    import pandas as pd

    for separator, name in SEPARATORS.items():
        if frame.shape[1] == 1 and separator in str(frame.columns[0]):
            raise UserError(f"{data} looks separated by {name}; separate its columns by commas.")
    if not isinstance(frame.index, pd.RangeIndex):
        raise UserError(f"{data} has rows with more fields than its header; give each column a name.")


# How long the text of an ISO date is at each precision.
UNITS = {10: "D", 16: "m", 19: "s", 23: "ms", 26: "us", 29: "ns"}


def parse_dates(text):
    """Read a text column of ISO dates, all written alike.

    Parameters
    ----------
    text : pandas.Series
        Any column.

    Returns
    -------
    dates : pandas.Series of datetime64, or None
        None where the column is anything else, or where its text could not be written back as it was.
    write : callable, dates -> text, or None
        Writes dates in the column's own format; gaps stay gaps.
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
    """Return the rows to fit on and those kept back, in an order drawn at random; None where none are."""
    if share is None:
        return frame, None
    n = round(share * len(frame))
    if min(n, len(frame) - n) < 20:
        parts = f"{len(frame) - n} and {n}"
        raise UserError(f"--holdout {share} splits {len(frame)} rows into {parts}; each part needs 20.")
    held_out = frame.sample(n, random_state=seed)
    return frame.drop(index=held_out.index).reset_index(drop=True), held_out.reset_index(drop=True)


def checked_target(frame, target):
    """Return the target column's place, or say what is wrong with it."""
    names = list(frame.columns)
    if target not in names:
        close = get_close_matches(target, names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"the columns are {', '.join(names)}."
        raise UserError(f"there is no column {target!r} to be the target; {hint}")
    if len(names) == 1:
        raise UserError(f"the target {target!r} is the only column; leave --target out.")
    gaps = int(frame[target].isna().sum())
    if gaps:
        raise UserError(f"the target {target!r} has {gaps} missing values; fill them, or leave --target out.")
    return names.index(target)


def synthesize(frame, *, rows, target, seed, max_time):
    """Fit a sampler to the frame and return that many synthetic rows, its columns in the same order."""
    place = None if target is None else checked_target(frame, target)

    from . import ConditionalGANSampler, GANSampler

    options = {"random_state": seed, "max_time": max_time, "verbose": 1}
    if target is None:
        return GANSampler(**options).fit(frame).sample(rows)
    sampler = ConditionalGANSampler(**options).fit(frame.drop(columns=target), frame[target])
    synthetic, y = sampler.sample(rows)
    synthetic.insert(place, target, y)
    return synthetic


def beside(out):
    """Return the temporary file that becomes ``out`` once it is whole."""
    return out.with_name(f".{out.stem}-{os.getpid()}{out.suffix}")


def check_writable(out, data):
    """Raise before the fit, not after it, where ``out`` cannot be written."""
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
    """Write all of the frame to ``out``, or leave ``out`` as it was."""
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
    """Return the file that the report goes to, None where none is asked for; raise where it cannot be written."""
    if arguments.report is None:
        if arguments.holdout is not None:
            raise UserError("--holdout keeps rows back for a report; add --report FILE, or leave it out.")
        return None
    path = Path(os.path.realpath(arguments.report))
    if path.suffix.lower() not in (".html", ".htm"):
        raise UserError(f"{arguments.report} must end in .html.")
    check_writable(path, arguments.data)
    return path


def write_report(path, real, synthetic, held_out, arguments):
    """Judge the synthetic rows and write what was found."""
    from . import evaluate

    try:
        report = evaluate(
            real, synthetic, holdout=held_out, target=arguments.target, random_state=arguments.seed
        )
        report.save(beside(path))
        os.replace(beside(path), path)
    except (OSError, TypeError, ValueError) as error:
        raise UserError(f"{path} cannot be written: {reason(error)}.") from None
    finally:
        beside(path).unlink(missing_ok=True)


def reason(error):
    """Return an error's or a warning's text as one line, without a closing full stop."""
    return " ".join(str(getattr(error, "strerror", None) or error).split()).removesuffix(".")


def run(arguments):
    """Do what the parsed command line asks and return the summary."""
    start = time.monotonic()
    out = Path(os.path.realpath(arguments.out))
    write = by_suffix(out, WRITERS)
    check_writable(out, arguments.data)
    report = check_report(arguments)
    frame = read_table(arguments.data)
    dates = {}
    for name in frame.columns:
        parsed, write_dates = parse_dates(frame[name])
        if write_dates is not None:
            frame[name], dates[name] = parsed, write_dates
    rows = arguments.rows or len(frame)
    frame, held_out = split(frame, arguments.holdout, arguments.seed)
    try:
        synthetic = synthesize(
            frame, rows=rows, target=arguments.target, seed=arguments.seed, max_time=arguments.max_time
        )
    except (MemoryError, TypeError, ValueError) as error:
        raise UserError(f"no rows could be made from {arguments.data}: {reason(error)}.") from None
    if report is not None:
        write_report(report, frame, synthetic, held_out, arguments)
    for name, write_dates in dates.items():
        synthetic[name] = write_dates(synthetic[name])
    write_table(synthetic, out, write)
    seconds = time.monotonic() - start
    also = "" if report is None else f", and {arguments.report} about them,"
    return f"Wrote {rows:,} rows of {synthetic.shape[1]} columns to {arguments.out}{also} in {seconds:.1f} s."


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
        0 where the file was written, 2 where what the user gave was wrong, 130 after Ctrl-C.

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
            print(run(arguments))
        return 0
    except UserError as error:
        print(f"skgan: error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("skgan: interrupted; nothing was written.", file=sys.stderr)
        return 130
    except SystemExit as exit:  # --help
        return exit.code


if __name__ == "__main__":
    sys.exit(main())
