"""Containers of tables (arrays, frames, series): take the columns out, and join columns again."""

import reprlib
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd
from scipy.sparse import issparse
from sklearn.utils import check_array

from skgan._state import ListOf, Text, Whole, demand

from ._eager import read_eager
from ._index import Level, holds_data, index_of, levels_of, read_levels
from ._modality import is_masked, refuse_paths
from ._objects import read_objects
from ._pandas import index_from_state, index_state, read_series
from ._plain import Reading, read_plain
from ._wholes import check_savable

NAMES = ListOf(Text(), 1)


@dataclass(frozen=True)
class Array:
    """A NumPy array of `n_dim` 1 or 2."""

    dtype: np.dtype
    n_dim: int
    kind = "array"

    def join(self, columns):
        if self.n_dim == 1:
            return columns[0]
        # Numbers written as text may be longer than those of the array that was read.
        dtype = np.result_type(self.dtype, *columns) if self.dtype.kind == "U" else self.dtype
        joined = np.empty((len(columns[0]), len(columns)), dtype=dtype)
        for j, column in enumerate(columns):
            joined[:, j] = column
        return joined

    def names_of(self, n_columns):
        return range(n_columns)

    def select(self, positions):
        return self

    def get_state(self):
        return {"dtype": self.dtype.str, "n_dim": self.n_dim}

    @classmethod
    def from_state(cls, state):
        dtype = np.dtype(str(state["dtype"]))
        demand(dtype.kind in "fiubMmUSO", "dtype", "be one of numbers, times, text, bytes or objects")
        return cls(dtype, Whole(1, 2).read("n_dim", state["n_dim"]))


@dataclass(frozen=True, eq=False)
class PandasFrame:
    """A pandas DataFrame with these column labels, and the levels of its index that are read like columns, last."""

    labels: pd.Index
    levels: tuple = ()
    n_dim = 2
    kind = "pandas frame"

    def join(self, columns):
        columns, levels = columns[: len(self.labels)], columns[len(self.labels) :]
        index = index_of(levels, self.levels) if self.levels else None
        # The dtype is given, because pandas 3 would convert objects to text.
        series = {j: pd.Series(column, dtype=column.dtype, index=index) for j, column in enumerate(columns)}
        frame = pd.DataFrame(series, index=index)
        frame.columns = self.labels
        return frame

    def names_of(self, n_columns):
        return [*self.labels.tolist(), *(level.label for level in self.levels)]

    def select(self, positions):
        """The container of the columns at these positions, of which those of the index are the last."""
        n_labels = len(self.labels)
        labels = self.labels[[j for j in positions if j < n_labels]]
        return PandasFrame(labels, tuple(self.levels[j - n_labels] for j in positions if j >= n_labels))

    def get_state(self):
        names = [[level.label, level.name] for level in self.levels]
        try:
            check_savable([name for pair in names for name in pair])
        except ValueError as error:
            raise ValueError(f"Names of the index cannot be written to a file ({error}); use text.") from error
        return {"labels": _labels_state(self.labels), "levels": names}

    @classmethod
    def from_state(cls, state):
        labels = index_from_state(state["labels"])
        levels = tuple(Level(label, name) for label, name in state["levels"])
        names = [*labels.tolist(), *(level.label for level in levels)]
        demand(len(set(names)) == len(names), "labels", "differ from each other")
        return cls(labels, levels)


def _labels_state(labels):
    """The state of column labels; a ``ValueError`` if a file cannot hold them, or would change them."""
    try:
        state = index_state(labels)
        again = index_from_state(state)
        alike = again.dtype == labels.dtype and list(map(_shown, again)) == list(map(_shown, labels))
        reason = None if alike else f"they would be read as {again.tolist()}"
    except (TypeError, ValueError, NotImplementedError) as error:
        reason = str(error)
    if reason is not None:
        raise ValueError(
            f"The column names {labels.tolist()} cannot be written to a file ({reason}); use text as names before the "
            "fit."
        )
    return state


def _shown(label):
    """A label and its type, comparable where the label is NaN."""
    return type(label), repr(label)


@dataclass(frozen=True)
class PandasSeries:
    """A pandas Series of this name."""

    name: object
    n_dim = 1
    kind = "pandas series"

    def join(self, columns):
        return pd.Series(columns[0], name=self.name, dtype=columns[0].dtype)

    def names_of(self, n_columns):
        return [self.name]

    def select(self, positions):
        return self

    def get_state(self):
        try:
            check_savable([self.name])
        except ValueError as error:
            raise ValueError(
                f"A series named {self.name!r} cannot be written to a file ({error}); name it by text."
            ) from error
        return {"name": self.name}

    @classmethod
    def from_state(cls, state):
        return cls(state["name"])


@dataclass(frozen=True)
class EagerFrame:
    """A frame of polars or of another library that narwhals reads, with these column names."""

    backend: str
    names: tuple
    n_dim = 2

    @property
    def kind(self):
        return f"{self.backend} frame"

    def join(self, columns):
        # Not from_dict, which makes polars' Enum a Categorical.
        named = [column.alias(name).to_frame() for column, name in zip(columns, self.names, strict=True)]
        return nw.concat(named, how="horizontal").to_native()

    def names_of(self, n_columns):
        return self.names

    def select(self, positions):
        return EagerFrame(self.backend, tuple(self.names[j] for j in positions))

    def get_state(self):
        return {"backend": self.backend, "names": list(self.names)}

    @classmethod
    def from_state(cls, state):
        return cls(Text().read("backend", state["backend"]), tuple(NAMES.read("names", state["names"])))


@dataclass(frozen=True)
class EagerSeries:
    """A series of polars or of another library that narwhals reads."""

    backend: str
    name: str
    n_dim = 1

    @property
    def kind(self):
        return f"{self.backend} series"

    def join(self, columns):
        return columns[0].alias(self.name).to_native()

    def names_of(self, n_columns):
        return [self.name]

    def select(self, positions):
        return self

    def get_state(self):
        return {"backend": self.backend, "name": self.name}

    @classmethod
    def from_state(cls, state):
        return cls(Text().read("backend", state["backend"]), Text().read("name", state["name"]))


CONTAINERS = {
    "array": Array,
    "pandas frame": PandasFrame,
    "pandas series": PandasSeries,
    "frame": EagerFrame,
    "series": EagerSeries,
}


def container_state(container):
    word = next(word for word, kind in CONTAINERS.items() if kind is type(container))
    return {"container": word, **container.get_state()}


def container_from_state(state):
    state = dict(state)
    word = state.pop("container")
    if word not in CONTAINERS:
        raise ValueError(f"rows cannot be returned as {word!r}.")
    return CONTAINERS[word].from_state(state)


class Opened(NamedTuple):
    """A column taken out of a container: its label, its name in messages, and its Reading."""

    label: object
    where: str
    reading: Reading


def open_container(X, title, estimator=None, *, allow_1d=False, index="ignore"):
    """Take the columns out of X.

    Parameters
    ----------
    X : array-like or frame of shape (n, n_columns); also array-like or series of shape (n,) where `allow_1d`
    title : str
        The name of X in messages.
    estimator : object, default=None
        For scikit-learn's messages.
    index : {"ignore", "data", "any"}, default="ignore"
        Which index of a pandas frame is read like columns: none, one that `holds_data`, or each but one that only
        numbers the rows.

    Returns
    -------
    container
        One of the classes above, which joins columns again.
    columns : list of Opened
        Those of an index come last.
    """
    if isinstance(X, pd.DataFrame):
        return _open_pandas(X, title, estimator, INDEXES[index])
    if isinstance(X, pd.Series) and allow_1d:
        _check_size((len(X), 1), title, estimator)
        return PandasSeries(X.name), [Opened(X.name, title, read_series(X, title))]
    eager = nw.from_native(X, pass_through=True, allow_series=True)
    if isinstance(eager, nw.LazyFrame):
        raise TypeError(f"{title} is a lazy frame; collect it first, with {title}.collect().")
    if isinstance(eager, nw.DataFrame):
        return _open_eager(eager, title, estimator)
    if isinstance(eager, nw.Series) and allow_1d and not isinstance(X, pd.Series):
        _check_size((len(eager), 1), title, estimator)
        container = EagerSeries(eager.implementation.value, eager.name)
        return container, [Opened(eager.name, title, read_eager(eager, title))]
    return _open_array(X, title, estimator, allow_1d)


def _take(label, values, title, read):
    where = f"Column {label!r} of {title}"
    return Opened(label, where, read(values, where))


def _check_size(shape, title, estimator):
    """Raise scikit-learn's own messages about too few rows or columns."""
    empty = np.broadcast_to(0.0, shape)
    with _titled(title):
        check_array(empty, dtype=None, ensure_all_finite=False, input_name=title, estimator=estimator)


@contextmanager
def _titled(title):
    """Add the title to scikit-learn's messages if the data are not X, which those messages assume."""
    try:
        yield
    except (TypeError, ValueError) as error:
        if title == "X":
            raise
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"{title}: {error}") from error


def _numbers_rows(index):
    return isinstance(index, pd.RangeIndex) and index.name is None


INDEXES = {
    "ignore": lambda index: False,
    "data": holds_data,
    "any": lambda index: not _numbers_rows(index),
}


def _open_pandas(X, title, estimator, reads_index):
    _check_size(X.shape, title, estimator)
    repeated = X.columns[X.columns.duplicated()].unique().tolist()
    if repeated:
        raise ValueError(f"{title} has more than one column named {repeated}; column names must be unique.")
    columns = [_take(label, series, title, read_series) for label, series in X.items()]
    if not reads_index(X.index):
        return PandasFrame(X.columns), columns
    levels = levels_of(X)
    opened = zip(levels, read_levels(X.index, title), strict=True)
    return PandasFrame(X.columns, levels), columns + [Opened(level.label, *rest) for level, rest in opened]


def _open_eager(X, title, estimator):
    _check_size(X.shape, title, estimator)
    columns = [_take(label, X[label], title, read_eager) for label in X.columns]
    return EagerFrame(X.implementation.value, tuple(X.columns)), columns


def _open_array(X, title, estimator, allow_1d):
    if is_masked(X) and isinstance(X, np.ma.MaskedArray):
        X = _masked_as_missing(X)
    elif is_masked(X):
        fill = f"{title}.filled(np.nan)" if hasattr(X, "filled") else f"[np.ma.filled(row, np.nan) for row in {title}]"
        raise TypeError(f"{title} is a masked array, whose mask would be lost; fill it, with {fill}.")
    if not allow_1d:
        _refuse_no_table(X, title)
    with _titled(title):
        X = check_array(
            _keep_objects(X),
            accept_sparse=False,
            dtype=None,
            ensure_all_finite=False,
            ensure_2d=not allow_1d,
            estimator=estimator,
            input_name=title,
        )
    read = read_objects if X.dtype == object else read_plain
    if X.ndim == 1:
        return Array(X.dtype, 1), [Opened(0, title, read(X, title))]
    return Array(X.dtype, 2), [_take(j, X[:, j], title, read) for j in range(X.shape[1])]


def _masked_as_missing(X):
    """A masked array as a plain one of a dtype that has missing values: integers become floats."""
    dtype, marker = {
        "f": (X.dtype, np.nan),
        "c": (X.dtype, np.nan),
        "i": (np.float64, np.nan),
        "u": (np.float64, np.nan),
        "M": (X.dtype, "NaT"),
        "m": (X.dtype, "NaT"),
    }.get(X.dtype.kind, (object, None))
    plain = np.array(X.data, dtype=dtype)
    plain[np.ma.getmaskarray(X)] = marker
    return plain


def _refuse_no_table(X, title):
    """Refuse inputs that NumPy would treat as scalars, with a message about the likely intention."""
    if X is None:
        raise ValueError(f"{title} is None; pass a table, such as a pandas DataFrame or a 2D array.")
    refuse_paths(X, title)
    if isinstance(X, bytes):
        raise ValueError(f"{title} is {X!r}; read the file first, such as with pandas.read_csv({X!r}).")
    if isinstance(X, dict) and not issparse(X):  # a sparse matrix of keys is a dict, too
        raise ValueError(
            f"{title} is a dict, but must be a frame or a 2D array; pass pandas.DataFrame({title}). "
            f"It is {reprlib.repr(X)}."
        )


def _keep_objects(X):
    """Convert lists that mix text and numbers, or hold Enum members, to objects: NumPy would change the values."""
    if not isinstance(X, list | tuple):
        return X
    if any(isinstance(value, Enum) for row in X for value in (row if isinstance(row, list | tuple) else [row])):
        return np.array(X, dtype=object)
    try:
        array = np.asarray(X)
    except ValueError:  # ragged rows, about which scikit-learn has a message
        return X
    if array.dtype.kind not in "US":
        return X
    objects = np.array(X, dtype=object)
    all_text = pd.api.types.infer_dtype(objects.ravel(), skipna=False) in ("string", "bytes")
    return array if all_text else objects
