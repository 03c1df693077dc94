"""Read the table that DATA names, and say what was recognised."""

import warnings
from difflib import get_close_matches
from pathlib import Path

from skgan._counted import counted
from skgan.datasets._files import How, open_table
from skgan.datasets._real import PENGUINS

from ._errors import UserError, reason

# What a column must be to be like one of this kind of dtype.
TYPES = {"f": "number", "i": "number", "u": "number", "M": "date"}


def read_data(arguments):
    """Return the file that DATA names, without the columns to drop."""
    table = read_file(arguments.data, arguments)
    return without(table, arguments.drop)


def read_file(name, arguments, types=(), *, is_data=True):
    """Return the file of this name, read as the arguments say and with these types of columns.

    A sheet for a file without sheets is refused only if the file `is_data`, and not another one to compare with DATA.
    """
    path = PENGUINS if name == "penguins" else Path(name)
    sheet = arguments.sheet if is_data or path.suffix.lower() == ".xlsx" else 0
    how = How(
        sep=arguments.separator or "auto",
        encoding=arguments.encoding,
        decimal=arguments.decimal,
        sheet_name=sheet,
        day_first=True if arguments.day_first else False if arguments.month_first else None,
        types={**dict(types), **dict(arguments.types)},
        header=arguments.header,
    )
    try:
        table = open_table(path, how)
    except FileNotFoundError:
        raise UserError(f"{name} does not exist.") from None
    except ImportError as error:
        raise UserError(f"{name}: {error}") from None
    except OSError as error:
        raise UserError(f"{name} cannot be read: {reason(error)}.") from None
    except ValueError as error:
        raise UserError(f"{reason(error)}.") from None
    if table.frame.empty:
        raise UserError(f"{name} has no rows; a model needs at least one.")
    return table


def read_alike(name, arguments, like):
    """Return another file with the columns of the table `like`, each read as there."""
    table = read_file(name, arguments, is_data=False)
    lacking = [column for column in like.frame if column not in table.frame]
    if lacking:
        raise UserError(f"{name} has no column {lacking[0]!r}, which {arguments.data} has; --drop it, or add it.")
    kinds = {column: like.frame[column].dtype.kind for column in like.frame}
    other = {column: kind for column, kind in kinds.items() if table.frame[column].dtype.kind != kind}
    types = {column: TYPES.get(kind, "text") for column, kind in other.items() if kind != "b"}
    table = read_file(name, arguments, types, is_data=False) if types else table
    return table.without([column for column in table.frame if column not in like.frame])


def without(table, dropped):
    """The table without these columns."""
    names = list(table.frame)
    for name in dropped:
        check_column(name, names, "to be dropped")
    if set(dropped) == set(names):
        raise UserError("--drop leaves no column; drop fewer.")
    return table.without(dropped)


def check_column(name, names, role):
    """Raise if there is no such column."""
    if name not in names:
        close = get_close_matches(name, names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"the columns are {', '.join(names)}."
        raise UserError(f"there is no column {name!r} {role}; {hint}")


def tell_recognised(table):
    """Print what columns were recognised as, and warn where it is ambiguous."""
    told = [f"{name}: {what}" for name, what in table.recognised.items()]
    if told:
        print(f"Recognised {'; '.join(told)}.")
    for doubt in table.doubts:
        warnings.warn(doubt, stacklevel=2)
    for name in table.ambiguous:
        warnings.warn(
            f"the dates of {name!r} may start with the day or with the month, and are read as "
            f"{table.recognised[name]}; say --day-first or --month-first",
            stacklevel=2,
        )


def split(frame, share, seed):
    """Split rows at random into those to fit on and those held out; the latter are None if `share` is None."""
    if share is None:
        return frame, None
    n = round(share * len(frame))
    if min(n, len(frame) - n) < 20:
        parts = f"{len(frame) - n} and {n}"
        raise UserError(f"--holdout {share} splits {counted(len(frame), 'row')} into {parts}; each part needs 20.")
    held_out = frame.sample(n, random_state=seed)
    return frame.drop(index=held_out.index).reset_index(drop=True), held_out.reset_index(drop=True)
