"""X as plain columns, and the form that returns rows in X's own type."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from skgan._state import Flag, Word, demand, inside

from ._containers import Array, container_from_state, container_state, open_container
from ._labels import labels_of
from ._modality import modality_of
from ._pandas import codec_from_state, codec_state
from ._plain import NUMBER, infinite, objects, rescale
from ._styled import Styled, styled


@dataclass(frozen=True)
class Column:
    """One column in plain values.

    Attributes
    ----------
    name : object
        The frame's label, or the position in an array.
    kind : {"numeric", "categorical"}
    values : ndarray of shape (n,)
        Numeric: float64 or int64, 0 where missing. Categorical: str, bool, int, float or bytes, None where missing.
    missing : ndarray of bool, shape (n,)
    replaced_by : object, default=None
        What takes the place of the values in generated rows, if these are not learned: an `Identifier` that makes new
        ones, or the only text that is shown.
    """

    name: object
    kind: str
    values: np.ndarray
    missing: np.ndarray
    replaced_by: object = None

    @property
    def is_learned(self):
        """Whether generated rows show values of this column, or values between them."""
        return self.replaced_by is None

    def describe(self):
        """The column's name in messages."""
        return f"column {self.name!r}"


@dataclass(frozen=True)
class ColumnForm:
    """Name, kind and codec of a column. `declared` marks numbers that the user declared to be categories."""

    name: object
    kind: str
    codec: object
    declared: bool = False

    def decode(self, values, missing):
        """Plain `values` (n,) and the mask `missing` (n,), converted to the column's own dtype."""
        if self.declared:
            values = _plain_numbers(values, missing)
        elif self.kind == "categorical" and missing.any():
            values = np.where(missing, None, values)
        return self.codec.decode(values, missing)

    def holds(self, values):
        """Whether the column's own dtype can hold these plain values (n,), none of them missing, unchanged."""
        try:
            written = list(self.decode(values, np.zeros(len(values), dtype=bool)))
        except Exception:  # polars and pyarrow have errors of their own
            return False
        return all(a == b or str(a) == b for a, b in zip(written, values.tolist(), strict=True))

    def keeping(self, categories):
        """This form without other categories than these; categories declared by a dtype are kept."""
        if not hasattr(self.codec, "keeping"):
            return self
        return replace(self, codec=self.codec.keeping(categories))

    def read(self, opened):
        """A column of new data as a Column of this form."""
        _label, where, reading = opened
        _refuse_infinite(opened)
        kind, values, missing = reading.kind, reading.values, reading.missing
        if isinstance(self.codec, Styled) and kind == "categorical":
            kind = "numeric"
            values, missing = self.codec.parse(values, where)
        elif self.kind == "numeric" and kind == "categorical":
            kind, values = "numeric", _categories_to_numbers(values, missing, where)
        elif kind == "numeric" and (self.kind == "numeric" or self.declared) and not missing.all():
            values = rescale(values, missing, reading.codec.scale, self.codec.scale, where)
        if self.kind == "categorical":
            values = _categories(reading, None if self.declared else getattr(self.codec, "category_of", None), values)
        return Column(self.name, self.kind, values, missing)


def _categories(reading, category_of, values):
    """`values` (n,) of a reading as categories; if `category_of` is given, it computes them from the objects read."""
    if category_of is None:
        return _numbers_to_categories(values, reading.missing) if reading.kind == "numeric" else values
    shown = reading.codec.decode(reading.values, reading.missing)
    pairs = zip(shown, reading.missing.tolist(), strict=True)
    return objects([None if missing else category_of(value) for value, missing in pairs])


def _numbers_to_categories(values, missing):
    """Numbers (n,) as categories: Python numbers, None where missing."""
    categories = values.astype(object)
    categories[missing] = None
    return categories


def _plain_numbers(categories, missing):
    """Categories (n,) that are Python numbers as float64 or int64, 0 where missing."""
    values = np.array(np.where(missing, 0, categories).tolist())
    return values.astype(np.float64 if values.dtype.kind == "f" else np.int64)


def _categories_to_numbers(categories, missing, where):
    present = categories[~missing].tolist()
    strange = next((category for category in present if not isinstance(category, bool | int | float)), None)
    if strange is not None:
        raise ValueError(f"{where} holds {strange!r}, but is a column of numbers; pass numbers or times.")
    return _plain_numbers(categories, missing)


@dataclass(frozen=True, eq=False)
class TableForm:
    """Container and columns of X, from which rows are rebuilt in X's own type.

    Attributes
    ----------
    container : object
        One of the classes of ``_containers``.
    columns : tuple of ColumnForm
    """

    container: object
    columns: tuple

    # Fitted attributes that a sampler gets from this form.
    fitted = {}

    @property
    def n_columns(self):
        return len(self.columns)

    @property
    def levels(self):
        """The levels of a pandas index that are read like columns; they are the last ones."""
        return getattr(self.container, "levels", ())

    @property
    def n_features(self):
        """How many columns are no levels of an index."""
        return self.n_columns - len(self.levels)

    @property
    def names(self):
        """Labels of the columns; positions in an array."""
        return tuple(column.name for column in self.columns)

    @property
    def times(self):
        """Which columns are numeric because they measure time: dates, datetimes, durations."""
        return tuple(column.kind == "numeric" and column.codec.scale != NUMBER for column in self.columns)

    @property
    def one_dimensional(self):
        return self.container.n_dim == 1

    def rebuild(self, columns):
        """Rebuild rows in X's own type.

        Parameters
        ----------
        columns : sequence of (values, missing) pairs
            As in `Column`, arrays of shape (n,), one pair per column.

        Returns
        -------
        ndarray, frame or series of n rows
        """
        pairs = zip(self.columns, columns, strict=True)
        return self.container.join([column.decode(*map(np.asarray, pair)) for column, pair in pairs])

    def count_missing(self, columns):
        """How many values are missing in each of the columns, given as in `rebuild`: a list of int."""
        return [int(np.count_nonzero(missing)) for _, missing in columns]

    def after(self, n_missing):
        """This form for rows that follow others, whose columns have so many missing values; none if there are none."""
        pairs = zip(self.columns, n_missing or [0] * self.n_columns, strict=True)
        columns = [
            replace(column, codec=replace(column.codec, n_before=n)) if isinstance(column.codec, Styled) else column
            for column, n in pairs
        ]
        return replace(self, columns=tuple(columns))

    def open_like(self, X, name="X", *, estimator=None):
        """X itself; a ValueError if it is a stack of images."""
        if modality_of(X) == "images":
            who = type(estimator).__name__ if estimator is not None else "the fitted form"
            raise ValueError(
                f"{name} is a stack of images, but {who} was fitted on a table of {self.n_columns} columns; pass a "
                "table with these columns."
            )
        return X

    def read_like(self, X, name="X", *, estimator=None, like="the fitted X"):
        """Read new data of this layout.

        Each column is read as its fitted kind. Columns are matched by name if both tables have text names for all
        columns, else by position.

        Parameters
        ----------
        X : array-like or frame of shape (n, n_columns), or of shape (n,) where there is one column
        name : str, default="X"
            The name of X in messages.
        estimator : object, default=None
            For scikit-learn's messages.
        like : str, default="the fitted X"
            The name in messages of the data that the form was read from.

        Returns
        -------
        Table
            Its form is this one, whatever X's own container and dtypes.
        """
        index = "any" if self.levels else "ignore"
        container, opened = open_container(X, name, estimator, allow_1d=self.one_dimensional, index=index)
        n_features = len(opened) - len(getattr(container, "levels", ()))
        opened, levels = opened[:n_features], opened[n_features:]
        if container.n_dim == 2 and not self.one_dimensional:
            opened = self._in_order(opened, name, like)
        if n_features != self.n_features:
            who = like if estimator is None else type(estimator).__name__
            raise ValueError(
                f"{name} has {n_features} features, but {who} is expecting {self.n_features} features as input."
            )
        opened = [*opened, *self._levels_in_order(levels, name, like)]
        columns = tuple(column.read(source) for column, source in zip(self.columns, opened, strict=True))
        return Table(self, columns, len(columns[0].values))

    def _in_order(self, opened, name, like):
        found, names = {source.label: source for source in opened}, self.names[: self.n_features]
        # The labels of a frame with a MultiIndex are tuples.
        if not all(isinstance(label, str | tuple) for label in (*found, *names)):
            return opened
        lacking = [label for label in names if label not in found]
        if lacking:
            raise ValueError(f"{name} lacks the columns {lacking}, which {like} has.")
        unknown = [label for label in found if label not in names]
        if unknown:
            raise ValueError(f"{name} has the columns {unknown}, which {like} does not have.")
        return [found[label] for label in names]

    def _levels_in_order(self, levels, name, like):
        """The levels of an index that this form has, matched by name, or by position if there are as many."""
        found = {source.label: source for source in levels}
        wanted = [level.label for level in self.levels]
        if all(label in found for label in wanted):
            return [found[label] for label in wanted]
        if len(levels) != len(wanted):
            raise ValueError(
                f"{name} lacks the index {', '.join(map(repr, wanted))}, which {like} has; pass a frame with it, or "
                "fit without it, on X.reset_index(drop=True)."
            )
        return levels

    def labels(self, values):
        """Plain `values` (n,) of the only column as labels, an array (n,); `read_like` reads each of them.

        Labels keep their types: numbers, text, booleans or times have a NumPy dtype, all others are objects.
        """
        values = np.asarray(values)
        return labels_of(self.columns[0].decode(values, np.zeros(len(values), dtype=bool)))

    def get_state(self):
        """Plain values from which `form_from_state` builds this form again.

        Raises
        ------
        ValueError
            If a file cannot hold a column's dtype or objects; the message names the column and the cure.
        """
        columns = [_column_state(column) for column in self.columns]
        return {"container": container_state(self.container), "columns": columns}


def form_from_state(state):
    """The form of a state that `TableForm.get_state` returned."""
    with inside("form"):
        container = container_from_state(state["container"])
        columns = [_read_column(f"columns[{i}]", column) for i, column in enumerate(state["columns"])]
        names = container.names_of(len(columns))
        demand(len(names) == len(columns) > 0, "columns", f"be {len(names)}, one for each name")
        demand(container.n_dim == 2 or len(columns) == 1, "columns", "be one if there is one dimension")
        if isinstance(container, Array):
            dtypes = {np.dtype(getattr(codec, "dtype", object)) for _, codec, _ in columns}
            demand(dtypes == {container.dtype}, "dtype", "be that of the columns")
    return TableForm(container, tuple(ColumnForm(name, *column) for name, column in zip(names, columns, strict=True)))


def _read_column(name, state):
    """kind, codec and declared of a column."""
    with inside(name):
        kind = Word(("numeric", "categorical")).read("kind", state["kind"])
        declared = Flag().read("declared", state["declared"])
        demand(not declared or kind == "categorical", "declared", "be False if the kind is numeric")
        return kind, codec_from_state(state["codec"]), declared


def _column_state(column):
    try:
        state = codec_state(column.codec)
        reason = None if codec_from_state(state) == column.codec else "it would be read as another one"
    except (ValueError, TypeError, NotImplementedError) as error:
        reason = str(error)
    if reason is not None:
        raise ValueError(
            f"Column {column.name!r} has dtype {getattr(column.codec, 'dtype', 'object')}, which cannot be "
            f"written to a file ({reason}); convert it with astype before fitting."
        )
    return {"kind": column.kind, "declared": column.declared, "codec": state}


@dataclass(frozen=True, eq=False)
class Table:
    """Rows as plain columns.

    Attributes
    ----------
    form : TableForm
    columns : tuple of Column
    n_rows : int
    """

    form: TableForm
    columns: tuple
    n_rows: int

    def __len__(self):
        return self.n_rows

    def declare(self, mask):
        """This table with the numeric columns of `mask` (n_columns,) as categories of Python numbers."""
        return self._changed(mask, "numeric", _declared)

    def infer(self, mask):
        """This table with the columns of text of `mask` (n_columns,) as numbers or times where they hold these."""
        return self._changed(mask, "categorical", _inferred)

    def _changed(self, mask, kind, change):
        """This table with the columns of `mask` and `kind`, and their forms, as ``change(column, form)``."""
        pairs = [
            change(column, form) if chosen and column.kind == kind else (column, form)
            for column, form, chosen in zip(self.columns, self.form.columns, mask, strict=True)
        ]
        columns, forms = zip(*pairs, strict=True)
        return Table(TableForm(self.form.container, forms), columns, self.n_rows)

    def copy(self):
        """A copy of the rows, independent of the data that they were read from."""
        return self.take(np.arange(self.n_rows))

    def take(self, positions):
        """The rows at these positions (n,)."""
        columns = [replace(c, values=c.values[positions], missing=c.missing[positions]) for c in self.columns]
        return replace(self, columns=tuple(columns), n_rows=len(positions))

    def select(self, positions):
        """The columns at these positions."""
        columns = tuple(self.form.columns[j] for j in positions)
        form = replace(self.form, container=self.form.container.select(positions), columns=columns)
        return Table(form, tuple(self.columns[j] for j in positions), self.n_rows)

    def above(self, other):
        """This table's rows followed by those of `other`, which has equal columns."""
        columns = [
            replace(a, values=np.concatenate([a.values, b.values]), missing=np.concatenate([a.missing, b.missing]))
            for a, b in zip(self.columns, other.columns, strict=True)
        ]
        return replace(self, columns=tuple(columns), n_rows=self.n_rows + other.n_rows)

    def beside(self, other):
        """This table's columns followed by those of `other`, which has as many rows."""
        form = replace(self.form, columns=self.form.columns + other.form.columns)
        return Table(form, self.columns + other.columns, self.n_rows)


def _declared(column, form):
    values = _numbers_to_categories(column.values, column.missing)
    return (
        replace(column, kind="categorical", values=values),
        replace(form, kind="categorical", declared=True),
    )


def _inferred(column, form):
    """A column of text with its form, read as numbers or times where it holds these."""
    found = styled(column.values, form.codec)
    if found is None:
        return column, form
    values, missing, codec = found
    return (
        replace(column, kind="numeric", values=values, missing=missing),
        replace(form, kind="numeric", codec=codec),
    )


def read_table(
    X, *, name="X", categorical_features="from_dtype", infer_types=False, estimator=None, index="ignore"
):
    """Read X into plain columns.

    Datetimes with a time zone are read as local time in that zone. If an hour is repeated, its second pass is read as
    the first one, so that `TableForm.rebuild` returns the earlier instant.

    Parameters
    ----------
    X : array-like or frame of shape (n, n_columns)
    name : str, default="X"
        The name of X in messages.
    categorical_features : "from_dtype", or array-like of bool, int or str, default="from_dtype"
        Categorical columns in addition to those of a categorical dtype.
    infer_types : bool, default=False
        Whether other columns of text are read as numbers or times where they hold these; see `skgan._text_values`.
    estimator : object, default=None
        For scikit-learn's messages.
    index : {"ignore", "data"}, default="ignore"
        Whether an index of a pandas frame that holds data is read like columns, as the last ones.

    Returns
    -------
    Table
    """
    table = _read(X, name, estimator, allow_1d=False, index=index)
    mask = column_mask("categorical_features", categorical_features, table.form, word="from_dtype")
    if infer_types:
        table = table.infer(~mask)
    return table.declare(mask)


def read_target(y, *, name="y"):
    """Read y as `read_table` does. It may also have one dimension, and is then returned with one.

    Parameters
    ----------
    y : array-like, series or frame of shape (n,) or (n, n_targets)
    name : str, default="y"

    Returns
    -------
    Table
    """
    if y is None:
        raise ValueError("requires y to be passed, but the target y is None")
    return _read(y, name, None, allow_1d=True)


def _read(X, name, estimator, allow_1d, index="ignore"):
    container, opened = open_container(X, name, estimator, allow_1d=allow_1d, index=index)
    columns, forms = [], []
    for source in opened:
        _refuse_infinite(source)
        label, _where, reading = source
        columns.append(Column(label, reading.kind, reading.values, reading.missing))
        forms.append(ColumnForm(label, reading.kind, reading.codec))
    return Table(TableForm(container, tuple(forms)), tuple(columns), len(columns[0].values))


def _refuse_infinite(opened):
    values = opened.reading.values
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        raise ValueError(infinite(opened.where))


def column_mask(parameter, value, form, *, word):
    """The columns that a parameter names, with the errors of HistGradientBoosting.

    Parameters
    ----------
    parameter : str
        Its name, for messages.
    value : array-like of bool, int or str, or `word`
    form : TableForm
    word : str
        Names no column.

    Returns
    -------
    ndarray of bool, shape (n_columns,)
    """
    mask = np.zeros(form.n_columns, dtype=bool)
    if isinstance(value, str) and value == word:
        return mask
    is_one = isinstance(value, str | int) or (isinstance(value, tuple) and value in form.names)
    chosen = _items(value)
    if chosen.size == 0:
        return mask
    if is_one or chosen.ndim != 1 or chosen.dtype.kind not in "biuUO":
        raise ValueError(
            f"{parameter} must be {word!r} or an array-like of bool, int or str, got: {value!r}."
            f"{_list_of_one(parameter, value, form) if is_one else ''}"
        )
    if chosen.dtype.kind == "b":
        if chosen.shape != (form.n_features,):
            raise ValueError(
                f"{parameter} set as a boolean mask must have shape (n_features,) = "
                f"({form.n_features},), got: {chosen.shape}."
            )
        mask[: form.n_features] = chosen
        return mask
    mask[_positions(parameter, chosen.tolist(), form)] = True
    return mask


def _list_of_one(parameter, value, form):
    """A sentence for somebody who named one column without a list."""
    if value in form.names:
        return f" A list is meant: {parameter}=[{value!r}]."
    return f" Columns are named in a list, such as {parameter}=[{form.names[0]!r}]."


def _items(value):
    """As an array (n,). Items may be tuples, the labels of a frame with a MultiIndex."""
    if isinstance(value, list | tuple | pd.Index):
        items = list(value)
        if items and all(isinstance(item, tuple) for item in items):
            return objects(items)
    return np.asarray(value)


def _positions(parameter, chosen, form):
    position = {name: j for j, name in enumerate(form.names)}
    for item in chosen:
        if isinstance(item, str | tuple) and item not in position:
            raise ValueError(
                f"{parameter} has the item {item!r}, which is not a feature name of the training "
                f"data; its feature names are {list(form.names)}."
            )
        if not isinstance(item, str | tuple) and not (isinstance(item, int) and 0 <= item < form.n_features):
            raise ValueError(
                f"{parameter} set as integer indices must be in [0, n_features - 1] = "
                f"[0, {form.n_features - 1}], got: {item!r}."
            )
    return [position[item] if isinstance(item, str | tuple) else item for item in chosen]
