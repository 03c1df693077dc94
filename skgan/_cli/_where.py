"""Conditions that all synthetic rows are to meet: the values that the texts of --where say."""

import warnings

import pandas as pd

from skgan._counted import counted
from skgan.datasets._files import texts_of

from ._data import check_column
from ._errors import UserError

# Values that a message names.
N_NAMED = 10
# As in ConditionalGANSampler: whole numbers of so few distinct values are classes.
MAX_CLASSES = 50
# A value that fewer rows have is rare, as in samplers.
FEW = 5


def conditions_of(wheres, table):
    """A dict of columns to values; raises if there is no such column or value."""
    conditions = {}
    for where in wheres:
        name, text = split_at_column(where, list(table.frame))
        if name in conditions:
            raise UserError(f"--where names {name!r} twice; generate the rows of each value by a call of its own.")
        column = table.frame[name].dropna()
        if not len(column):
            raise UserError(f"--where {where}: the column {name!r} has no values; leave it out.")
        conditions[name] = value_of(text, column, table.manners.get(name), where)
    if conditions and len(conditions) == table.frame.shape[1]:
        raise UserError("--where names every column; leave one out, to be generated.")
    return conditions


def with_known(frame, conditions):
    """The rows that have a value in each column of the conditions; says how many others are left out of the fit."""
    known = frame[list(conditions)].notna().all(axis=1)
    if known.all():
        return frame
    names = ", ".join(conditions)
    n_out = int((~known).sum())
    have = "has" if n_out == 1 else "have"
    print(f"Left out {n_out:,} of {counted(len(frame), 'row')}, which {have} no value in {names}.")
    return frame[known].reset_index(drop=True)


def warn_of_few(frame, conditions):
    """Warn if rows are generated for a value that so few rows have that the generated ones would resemble them."""
    for name, value in conditions.items():
        column = frame[name]
        n = int((column == value).sum())
        # Rows given a number or a date are learned from those with similar ones, too.
        if 0 < n < FEW <= len(frame) and not is_measured(column):
            have = "has" if n == 1 else "have"
            warnings.warn(
                f"only {counted(n, 'row')} of DATA {have} {name}={value}, and rows for it resemble "
                f"{'it' if n == 1 else 'them'}; leave this condition out if that could identify a person",
                stacklevel=2,
            )


def split_at_column(where, names):
    """The column and the text of ``COLUMN=VALUE``; either may hold further equality signs."""
    parts = where.split("=")
    for i in range(1, len(parts)):
        if "=".join(parts[:i]) in names:
            return "=".join(parts[:i]), "=".join(parts[i:])
    if parts[0][-1:] in ("<", ">", "!") and parts[0][:-1].strip() in names:
        raise UserError(
            f"--where {where}: a condition is COLUMN=VALUE; ranges are not possible: write more rows, and keep those "
            "that match."
        )
    check_column(parts[0], names, "for a condition")


def check_complete(frame, name, role, option):
    """Raise if a column has missing values."""
    n_missing = int(frame[name].isna().sum())
    if n_missing:
        them = "it" if n_missing == 1 else "them"
        missing = counted(n_missing, "missing value")
        raise UserError(f"the {role} {name!r} has {missing}; fill {them}, or leave {option} out.")


def value_of(text, column, manner, where, is_number=None):
    """The value of a column that a text says, in the manner of the file.

    `is_number` says whether values between those of the column are allowed; None finds it out as the samplers do.
    """
    is_number = is_measured(column) if is_number is None else is_number
    if not is_number:
        known = pd.Series(column.unique())
        texts = texts_of(known, manner)
        if text in texts:
            return known[texts.index(text)]
        named = ", ".join(sorted(map(str, texts))[:N_NAMED]) + (", ..." if len(texts) > N_NAMED else "")
        raise UserError(f"--where {where}: there is no such value; the values are {named}.")
    value = parsed(text, column, manner)
    low, high = texts_of(pd.Series([column.min(), column.max()], dtype=column.dtype), manner)
    if value is None or not column.min() <= value <= column.max():
        raise UserError(f"--where {where}: the value must be between {low} and {high}, and written like these.")
    return value


def is_measured(column):
    """Whether samplers take the values of a column for numbers or dates, and not for classes."""
    if column.dtype.kind in "fmM" or isinstance(column.dtype, pd.DatetimeTZDtype):
        return True
    return column.dtype.kind in "iu" and column.nunique() > MAX_CLASSES


def parsed(text, column, manner):
    """A text as a number or a date; None if it says none."""
    if hasattr(manner, "read"):
        value = pd.Series(reading(manner, text))[0]
        if not pd.isna(value):
            return value
    try:
        return pd.Series([text]).astype(column.dtype)[0] if column.dtype.kind in "mM" else float(text)
    except (TypeError, ValueError):
        return None


def reading(manner, text):
    try:
        return manner.read([text])
    except ValueError:
        return [None]
