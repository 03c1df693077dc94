"""The arguments of the command line."""

import argparse
from math import isfinite
from pathlib import Path

from skgan.datasets._files import WANTED

from ._errors import UserError
from ._options import DECIMALS, SEPARATORS


class Parser(argparse.ArgumentParser):
    """A parser that reports a wrong call in one sentence, without the whole usage."""

    def error(self, message):
        raise UserError(f"{message} ({self.prog} --help shows the usage).")


def count_wanted(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number of at least 1, got {text}")
    return int(text)


def seed_wanted(text):
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(f"must be a whole number from 0 to 4294967295, got {text}")
    return int(text)


def seconds_wanted(text):
    seconds = number_of(text)
    if not (isfinite(seconds) and seconds > 0):
        raise argparse.ArgumentTypeError(f"must be a number of seconds above 0, got {text}")
    return seconds


def share_wanted(text):
    share = number_of(text)
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError(f"must be a number between 0 and 1, got {text}")
    return share


def number_of(text):
    """The number that a text says; 0 if it says none."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def condition_wanted(text):
    if "=" not in text:
        is_range = any(mark in text for mark in "<>")
        cure = "; ranges are not possible: write more rows, and keep those that match" if is_range else ""
        raise argparse.ArgumentTypeError(f"must be COLUMN=VALUE, got {text}{cure}")
    return text


def type_wanted(text):
    column, equals, word = text.rpartition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"must be COLUMN=TYPE, such as {text}=text, got {text}")
    if word not in WANTED:
        raise argparse.ArgumentTypeError(f"must end in ={', ='.join(WANTED[:-1])} or ={WANTED[-1]}, got {text}")
    return column, word


def separator_wanted(text):
    separator = SEPARATORS.get(text.lower(), text)
    if len(separator) != 1:
        words = ", ".join(word for word in SEPARATORS if word.isalpha())
        raise argparse.ArgumentTypeError(f"must be one character, or one of {words}, got {text}")
    return separator


def decimal_wanted(text):
    mark = DECIMALS.get(text.lower(), text)
    if mark not in ("auto", *DECIMALS.values()):
        raise argparse.ArgumentTypeError(f"must be {' or '.join(DECIMALS)}, got {text}")
    return mark


def header_wanted(text):
    # argparse converts the default, too.
    if text.lower() in ("none", "auto"):
        return None if text.lower() == "none" else "auto"
    # People count rows from 1.
    return count_wanted(text) - 1


DATA = "a .csv, .tsv, .txt, .xlsx or .parquet file, or the word penguins"
EPILOG = (
    "In two steps: python -m skgan fit DATA --out MODEL, and python -m skgan sample MODEL --rows N --out FILE. "
    "python -m skgan resume continues a fit with --checkpoint that was stopped. "
    "python -m skgan report DATA SYNTHETIC --out FILE evaluates rows. Each of them has a --help."
)


def build_parser(version):
    parser = Parser(
        prog="python -m skgan",
        description="Fit a generative adversarial network to a table and write synthetic rows that resemble it.",
        epilog=EPILOG,
    )
    parser.add_argument("--version", action="version", version=f"skgan {version}")
    parser.add_argument("data", metavar="DATA", help=DATA)
    add_rows(parser.add_argument_group("rows").add_argument)
    add_reading(parser.add_argument_group("how DATA is read; all of this is found out where it is not given"))
    add_fit(parser.add_argument_group("fit").add_argument)
    add_files(parser.add_argument_group("more files").add_argument)
    return parser


def build_fit_parser():
    parser = Parser(prog="python -m skgan fit", description="Fit a model to a table and save it.")
    parser.add_argument("data", metavar="DATA", help=DATA)
    add = parser.add_argument_group("model").add_argument
    add("--out", metavar="MODEL", type=Path, required=True, help="the file to write, for the command sample")
    add_drop(add)
    add("--target", metavar="COLUMN", action="append",
        help="a column that rows are generated for, by --where of the command sample; may be repeated")  # fmt: skip
    add("--seed", metavar="S", type=seed_wanted, help="a whole number; the same seed gives the same model")
    add_reading(parser.add_argument_group("how DATA is read; all of this is found out where it is not given"))
    add_fit(parser.add_argument_group("fit").add_argument)
    add = parser.add_argument_group("long fits").add_argument
    add("--checkpoint", metavar="FILE", type=Path,
        help="a file to write now and then, from which the command resume continues a fit that was stopped; it is "
        "removed once the model is saved")  # fmt: skip
    add_every(add)
    return parser


def build_resume_parser():
    description = "Continue a fit that was stopped, and save the model, which is that of a fit without a stop."
    epilog = "Say --drop, --target and how DATA is read as to fit; all else is in CHECKPOINT."
    parser = Parser(prog="python -m skgan resume", description=description, epilog=epilog)
    parser.add_argument("checkpoint", metavar="CHECKPOINT", type=Path, help="what fit --checkpoint wrote; it is "
        "written on, and removed once the model is saved")  # fmt: skip
    parser.add_argument("data", metavar="DATA", help="the file that the fit was given")
    add = parser.add_argument_group("model").add_argument
    add("--out", metavar="MODEL", type=Path, required=True, help="the file to write, for the command sample")
    add_drop(add)
    add("--target", metavar="COLUMN", action="append", help="as to fit; may be repeated")
    add_every(add)
    add_reading(parser.add_argument_group("how DATA is read, as to fit"))
    # The fit has checked what may be a target.
    parser.set_defaults(id_column=None, no_id_columns=True, text="keep")
    return parser


def build_sample_parser():
    description = "Write rows of a model in the manner of the file that it was fitted on."
    parser = Parser(prog="python -m skgan sample", description=description)
    add = parser.add_argument
    add("model", metavar="MODEL", type=Path, help="a file that the command fit, --save or skgan.save wrote")
    add("--rows", metavar="N", type=count_wanted, required=True, help="rows to write")
    add("--out", metavar="FILE", type=Path, required=True, help="the file to write, of the same kinds as DATA")
    add("--where", metavar="COLUMN=VALUE", type=condition_wanted, action="append", default=[],
        help="all rows have this value in this target of the model; to be repeated for its other targets")  # fmt: skip
    add("--seed", metavar="S", type=seed_wanted,
        help="a whole number; other rows for each, and without it the same each time")  # fmt: skip
    return parser


def build_report_parser():
    parser = Parser(prog="python -m skgan report", description="Evaluate synthetic rows beside the real ones.")
    parser.add_argument("data", metavar="DATA", help=DATA)
    parser.add_argument("synthetic", metavar="SYNTHETIC", help="a file of the synthetic rows")
    add = parser.add_argument_group("report").add_argument
    add("--out", metavar="FILE", type=Path, required=True, help="the .html file to write")
    add("--holdout", metavar="FILE", help="a file of further real rows, which no model was fitted on")
    add("--target", metavar="COLUMN", help="a column that models predict, to measure usefulness")
    add_drop(add)
    add("--seed", metavar="S", type=seed_wanted, help="a whole number; the same seed gives the same report")
    add_reading(parser.add_argument_group("how the files are read; all of this is found out where it is not given"))
    return parser


def add_every(add):
    add("--every", metavar="SECONDS", type=seconds_wanted, help="between two checkpoints (default: 60)")


def add_drop(add):
    add("--drop", metavar="COLUMN", action="append", default=[], help="leave a column out; may be repeated")


def add_rows(add):
    add("--out", metavar="FILE", type=Path, required=True, help="the file to write, of the same kinds as DATA")
    add("--rows", metavar="N", type=count_wanted, help="rows to write (default: as many as DATA has)")
    add("--where", metavar="COLUMN=VALUE", type=condition_wanted, action="append", default=[],
        help="all rows have this value in this column; may be repeated for other columns")  # fmt: skip
    add_drop(add)
    add("--target", metavar="COLUMN", help="the column y of ConditionalGANSampler, which the others are generated for")
    add("--seed", metavar="S", type=seed_wanted, help="a whole number; the same seed gives the same rows")


def add_reading(group):
    add = group.add_argument
    add("--types", metavar="COLUMN=TYPE", type=type_wanted, action="append", default=[],
        help="what a column is: text, number, date or category; may be repeated")  # fmt: skip
    add("--separator", metavar="CHARACTER", type=separator_wanted,
        help="what separates columns in a text file: a character, or comma, semicolon, tab, bar, space")  # fmt: skip
    add("--header", metavar="ROW", type=header_wanted, default="auto",
        help="the row with the names of the columns, from 1, or none if there are no names")  # fmt: skip
    add("--decimal", metavar="MARK", type=decimal_wanted, default="auto",
        help="the mark of decimals in all columns of text: comma or point")  # fmt: skip
    add("--encoding", metavar="NAME", default="auto", help="of a text file, such as utf-8 or cp1252")
    add("--sheet", metavar="NAME", default=0, help="the sheet of an Excel file: its name, or its number from 1")
    order = group.add_mutually_exclusive_group()
    order.add_argument("--day-first", action="store_const", const=True, help="03/05/2024 is the third of May")
    order.add_argument("--month-first", action="store_const", const=True, help="03/05/2024 is the fifth of March")


def add_fit(add):
    add("--max-time", metavar="SECONDS", type=seconds_wanted, help="stop the fit after this time")
    add("--max-iter", metavar="N", type=count_wanted, help="updates of the generator")
    add("--rare", choices=("keep", "merge"), help="whether rare categories are shown, or merged into common ones")
    add("--text", choices=("replace", "drop", "keep"),
        help="free text: show [text] in its place (default), leave its columns out, or show texts of DATA")  # fmt: skip
    add("--id-column", metavar="COLUMN", action="append",
        help="a column of identifiers, which rows get anew; may be repeated (default: found out)")  # fmt: skip
    add("--no-id-columns", action="store_true", help="learn all columns, and show identifiers of DATA")
    add("--device", metavar="NAME", help="where the networks live: auto, cpu, cuda")


def add_files(add):
    add("--save", metavar="MODEL", type=Path, help="a file to write, with the fitted sampler for skgan.load")
    add("--report", metavar="FILE", type=Path, help="an .html file to write, with an evaluation of the synthetic rows")
    add("--holdout", metavar="SHARE", type=share_wanted, help="leave this share of DATA out, to measure privacy")
