"""Check that a table's form, read from a file, can hold the values that an encoder decodes.

Rows with all categories, the lowest and highest numbers, and missing values are written and read again. If two numbers
can be written, so can every number between them.
"""

from __future__ import annotations

import numpy as np

from skgan._forms import TableForm
from skgan._state import demand

# Whole numbers near the end of int64, or beyond it, are read as floats.
HUGE = 2.0**60
# A block of rows has at most this many bytes, but some rows, in which each number of a column occurs.
BLOCK_BYTES, MAX_ROW_BYTES, MIN_ROWS, MAX_ROWS = 2**26, 2**24, 16, 1024


def written_and_read(form, columns, *, unchanged=False):
    """Rebuild rows of X's own type from the columns, and read them again, a block of rows at a time.

    Parameters
    ----------
    form : TableForm
    columns : list of (values, missing)
        One pair of arrays per column, each of any length: the values that can occur in it.
    unchanged : bool, default=False
        Whether categories must be read as they were written, and numbers about so.

    Yields
    ------
    Table

    Raises
    ------
    BrokenFileError, ValueError
        If the form cannot hold the values, or missing values are added or lost.
    """
    demand(isinstance(form, TableForm), "form", "be that of a table, as the encoder is")
    demand(len(columns) == form.n_columns, "columns", f"be {len(columns)}, as many as the encoder has")
    for number, ((values, _), column) in enumerate(zip(columns, form.columns, strict=True)):
        kind = "categorical" if values.dtype == object else "numeric"
        demand(column.kind == kind, f"columns[{number}].kind", f"be {kind!r} as in the encoder")
    n_rows = max(len(missing) for _, missing in columns)
    size = min(n_rows, _rows_per_block(form))
    for start in range(0, n_rows, size):
        # Shorter columns begin again, so that each block has all values of a column that has no more than it.
        rows = np.arange(start, start + size)
        yield _checked(form, [[part.take(rows, mode="wrap") for part in column] for column in columns], unchanged)


def check_holds(form, columns):
    """Raise a ``ValueError`` if a form, with `columns` as above, cannot hold the values, or would change them."""
    for _ in written_and_read(form, columns, unchanged=True):
        pass


def _rows_per_block(form):
    """Few rows where values take much memory, as text of a fixed width does."""
    # Dtypes of text in Arrow have an item size of 0.
    n_bytes = sum(getattr(getattr(column.codec, "dtype", None), "itemsize", 8) or 8 for column in form.columns)
    demand(n_bytes <= MAX_ROW_BYTES, "columns", f"take at most {MAX_ROW_BYTES} bytes per row")
    return int(np.clip(BLOCK_BYTES // n_bytes, MIN_ROWS, MAX_ROWS))


def _checked(form, columns, unchanged):
    """The columns, arrays of one length, as they are read again."""
    table = _there_and_back(form, columns)
    for column, (values, missing) in zip(table.columns, columns, strict=True):
        same = np.array_equal(column.missing, missing)
        demand(same, column.describe(), "have missing values exactly where the encoder has them")
        alike = missing.all() or _is_alike(values, column.values)
        demand(alike, column.describe(), "hold whole numbers exactly where the encoder does")
        same = not unchanged or _is_same(values, column.values, missing)
        demand(same, column.describe(), "hold the values of the encoder")
    return table


def _is_same(written, read, missing):
    """Whether values (n,) are the same where they are not missing; numbers may be rounded to their dtype."""
    written, read = written[~missing], read[~missing]
    if written.dtype == object:
        return written.tolist() == read.tolist()
    return np.allclose(read.astype(np.float64), written.astype(np.float64), rtol=1e-2, atol=0)


def _is_alike(written, read):
    """Whether both or neither are whole numbers. Only the encoder may hold numbers of 64 bits or more as floats."""
    if written.dtype.kind == "f" and read.dtype.kind == "i":
        return bool(np.abs(written).max() >= HUGE)
    return written.dtype.kind == read.dtype.kind


def _there_and_back(form, columns):
    try:
        return form.read_like(form.rebuild(columns))
    except ImportError:
        raise
    except Exception as error:  # polars and pyarrow have errors of their own
        raise ValueError(f"its rows cannot be written: {type(error).__name__}: {error}") from error
