"""Doubts about the header: a title may stand above it, or it may be a row of data."""

import datetime

import numpy as np
import pandas as pd

from ._manners import Texts

# Cells that a doubt shows.
MAX_SHOWN = 4


def title_doubt(rows):
    """Sentences where the first row that is not empty has one cell and most others have more: none or one.

    Parameters
    ----------
    rows : list of lists
        All rows of the file, with empty ones; "" and None are empty cells.
    """
    counts = [sum(cell not in ("", None) for cell in row) for row in rows]
    first = next((i for i, count in enumerate(counts) if count), None)
    if first is None or counts[first] > 1:
        return []
    others = [count for count in counts[first + 1 :] if count]
    if len(others) < 2 or np.median(others) < 2:
        return []
    header = next(i for i, count in enumerate(counts) if count >= 2)
    cell = next(cell for cell in rows[first] if cell not in ("", None))
    return [
        f"row {first + 1} is taken as the header, but has one cell, {str(cell)!r}; pass header={header} if that is a "
        f"title, and row {header + 1} is the header"
    ]


def data_doubt(header, frame, manners):
    """Sentences where the header looks like a row of data: none or one.

    All its cells over numbers, dates and booleans look like the cells below: they are read alike, and are about as
    large. Where there are no such columns, each cell occurs in its column. Numbers that count, as in 2019, 2020,
    2021, name columns.

    Parameters
    ----------
    header : list
        Texts, or typed cells of an Excel file.
    frame : DataFrame
    manners : dict
    """
    cells = [(cell, frame[name], manners.get(name)) for cell, name in zip(header, frame, strict=True)]
    cells = [(cell, column, manner) for cell, column, manner in cells if cell not in ("", None)]
    typed = [(cell, column, manner) for cell, column, manner in cells if not is_text(column)]
    if len(typed) > 1 and counts_on([number_of(cell, manner) for cell, _, manner in typed]):
        return []
    if not cells or (len(cells) < 2 and not typed):
        return []
    if not all(is_like(*each) for each in typed or cells):
        return []
    shown = ", ".join(repr(str(cell)) for cell in header[:MAX_SHOWN]) + ", ..." * (len(header) > MAX_SHOWN)
    return [
        f"the first row is taken as the header, but looks like data ({shown}); pass header=None if there is no header"
    ]


def is_text(column):
    return not (pd.api.types.is_numeric_dtype(column) or column.dtype.kind in "mM")


def number_of(cell, manner):
    value = value_of(cell, manner)
    return value if isinstance(value, int | float | np.number) else np.nan


def counts_on(numbers):
    """Whether numbers ascend by a constant step."""
    return bool(np.isfinite(numbers).all()) and len(set(np.diff(numbers))) == 1 and numbers[1] > numbers[0]


def is_like(cell, column, manner):
    """Whether a cell of the header looks like the cells of its column."""
    column = column.dropna()
    if not len(column):
        return False
    if is_text(column):
        return cell in set(column)
    value = value_of(cell, manner)
    if value is None or pd.isna(value):
        return False
    if pd.api.types.is_bool_dtype(column):
        return True
    low, high = column.min(), column.max()
    # A row of data lies between the others or near them; of few others it may lie farther away.
    margin = (high - low) * (1 + 10 / len(column))
    try:
        return bool(low - margin <= value <= high + margin)
    except TypeError:
        # A date over numbers, or the other way round.
        return False


def value_of(cell, manner):
    """The value that a cell has in the manner of its column; None if it has none."""
    if not isinstance(cell, str):
        return pd.Timestamp(cell) if isinstance(cell, datetime.date) else cell
    if manner is None or isinstance(manner, Texts) or not hasattr(manner, "read"):
        return None
    try:
        value = pd.Series(manner.read([cell]))[0]
        return value if not pd.isna(value) and manner.write(pd.Series([value])) == [cell] else None
    except (TypeError, ValueError, OverflowError):
        return None
