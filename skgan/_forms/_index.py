"""The index of a pandas frame: which of its levels are data, and how they become an index again."""

from dataclasses import dataclass

import pandas as pd

from ._pandas import read_series


@dataclass(frozen=True)
class Level:
    """A level of an index that is read like a column.

    Attributes
    ----------
    label : object
        Its name as a column; columns of the frame and other levels have other ones.
    name : object
        Its name in the index, which may be None.
    """

    label: object
    name: object


def holds_data(index):
    """Whether an index holds data: it has a name, or times. Any other index only numbers or labels the rows."""
    names = [name for name in index.names if name is not None]
    levels = [index.get_level_values(i) for i in range(index.nlevels)]
    return bool(names) or any(level.dtype.kind in "mM" or isinstance(level, pd.PeriodIndex) for level in levels)


def levels_of(frame):
    """The levels of a frame's index, a tuple of `Level`, with labels as those of ``reset_index``."""
    index, taken, levels = frame.index, set(frame.columns.tolist()), []
    for number, name in enumerate(index.names):
        label = name if name is not None else f"level_{number}" if index.nlevels > 1 else "index"
        while label in taken:
            label = f"{label} (index)"
        taken.add(label)
        levels.append(Level(label, name))
    return tuple(levels)


def read_levels(index, title):
    """The Reading of each level of an index, with its name in messages."""
    for number, name in enumerate(index.names):
        where = f"The index of {title}" if name is None else f"The index {name!r} of {title}"
        level = index.get_level_values(number)
        yield where, read_series(pd.Series(level, dtype=level.dtype), where)


def index_of(columns, levels):
    """An index of these columns, arrays (n,) in the levels' own dtypes."""
    indexes = [
        pd.Index(column, dtype=column.dtype, name=level.name, tupleize_cols=False)
        for column, level in zip(columns, levels, strict=True)
    ]
    if len(indexes) == 1:
        return indexes[0]
    return pd.MultiIndex.from_arrays(indexes, names=[level.name for level in levels])


def numbered_from(X, start):
    """A frame X with its rows numbered from `start`, if it is of pandas and its index only numbers the rows."""
    if isinstance(X, pd.DataFrame) and isinstance(X.index, pd.RangeIndex):
        return X.set_axis(pd.RangeIndex(start, start + len(X), name=X.index.name))
    return X


def without_index(X):
    """X with its rows numbered anew, if it is a pandas frame; else X itself."""
    return X.reset_index(drop=True) if isinstance(X, pd.DataFrame) else X


def indexed_like(y, X):
    """Targets y that were made for the rows of X, with the index of X where both are of pandas."""
    both = isinstance(y, pd.Series | pd.DataFrame) and isinstance(X, pd.DataFrame)
    return y.set_axis(X.index) if both else y
