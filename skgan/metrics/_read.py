"""What metrics are given, read alike: the real rows say what the columns are."""

import numpy as np

from skgan._forms import Table, read_table


def read_tables(X_real, *others, names=("X_synthetic",), categorical_features="from_dtype"):
    """Read real rows, and others of their layout.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), or Table
    *others : array-likes or frames of shape (n, n_columns), or Tables
        Columns are found by name where both sides name all by text, else by position.
    names : tuple of str, default=("X_synthetic",)
        What messages call the others.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories, beside those whose dtype says so: a boolean mask, positions or names.

    Returns
    -------
    list of Table
        X_real and the others, with equal columns.

    Raises
    ------
    ValueError, TypeError
        What cannot be read, or is not laid out as X_real is; the message names it.
    """
    if not isinstance(X_real, Table):
        X_real = read_table(X_real, name="X_real", categorical_features=categorical_features)
    read = [
        other if isinstance(other, Table) else X_real.form.read_like(other, name)
        for other, name in zip(others, names, strict=True)
    ]
    return [X_real, *read]


def generator_of(random_state):
    """A NumPy Generator of whatever scikit-learn calls a random_state; the global one is left as found."""
    if isinstance(random_state, np.random.RandomState):
        random_state = random_state.randint(2**31)
    return np.random.default_rng(random_state)


def some_rows(n_rows, max_rows, rng):
    """Positions of at most `max_rows` of `n_rows` rows, in rising order; all of them where `max_rows` is None."""
    if max_rows is None or n_rows <= max_rows:
        return np.arange(n_rows)
    return np.sort(rng.choice(n_rows, max_rows, replace=False))


def take_rows(table, positions):
    """The rows of a Table at these positions."""
    columns = tuple(
        type(column)(column.name, column.kind, column.values[positions], column.missing[positions])
        for column in table.columns
    )
    return Table(table.form, columns, len(positions))
