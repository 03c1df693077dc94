"""Parquet files, with their index."""

from dataclasses import dataclass
from importlib.util import find_spec

import pandas as pd

from skgan._state import ListOf, Maybe, Stateful, Text, demand
from skgan._warnings import warn


@dataclass(frozen=True)
class Frame(Stateful):
    """The index of a Parquet file.

    Attributes
    ----------
    index : tuple of str
        The columns that hold it; none for a RangeIndex.
    names : tuple
        Its names.
    """

    index: tuple = ()
    names: tuple = (None,)
    STATE = {"index": ListOf(Text()), "names": ListOf(Maybe(Text()))}

    def complete(self):
        demand(not self.index or len(self.index) == len(self.names), "names", "be as many as the columns of the index")

    def with_columns(self, positions):
        return self

    def without(self, dropped):
        """The layout without columns of the index that were dropped."""
        kept = [(column, name) for column, name in zip(self.index, self.names) if column not in dropped]
        return Frame(*zip(*kept)) if kept else Frame((), (None,) if self.index else self.names)


def check_pyarrow():
    if find_spec("pyarrow") is None:
        raise ImportError("Parquet files need pyarrow: python -m pip install pyarrow.")


def read_parquet(path):
    """Read a file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    layout : Frame
    header : list of str
    columns : list of Series
        Those of the index come first, unless it is a RangeIndex.
    """
    check_pyarrow()
    try:
        frame = pd.read_parquet(path)
    except OSError as error:
        if error.errno is not None:
            raise
        raise ValueError(str(error)) from None
    frame.attrs = {}
    names = tuple(frame.index.names)
    if isinstance(frame.index, pd.RangeIndex):
        return Frame((), names), list(frame), [frame[name] for name in frame]
    index = []
    for i, name in enumerate(names):
        column = "index" if name is None else str(name)
        while column in frame or column in index:
            column = f"{column} ({i + 1})"
        index.append(column)
    flat = frame.rename_axis(index).reset_index()
    return Frame(tuple(index), names), list(flat), [flat[name] for name in flat]


def write_parquet(frame, file):
    check_pyarrow()
    frame.attrs = {}
    frame.to_parquet(file)


def with_index(layout, frame):
    """The frame with the index of the file, where it has the columns of the index."""
    if layout.index and set(layout.index) <= set(frame):
        return frame.set_index(list(layout.index)).rename_axis(list(layout.names))
    if layout.index and isinstance(frame.index, pd.RangeIndex):
        warn(
            f"the index of the file ({', '.join(map(repr, layout.index))}) is not among the columns of the frame, and "
            "is not written; call reset_index() on the frame before a sampler is fitted to it."
        )
    if not layout.index and layout.names != (None,) and frame.index.name is None:
        return frame.rename_axis(list(layout.names))
    return frame
