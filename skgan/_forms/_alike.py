"""Read tables that must have the same columns; the real rows determine the columns."""

from ._form import Table, read_table


def read_tables(
    X_real,
    *others,
    names=("X_synthetic",),
    real_name="X_real",
    categorical_features="from_dtype",
    infer_types=False,
):
    """Read real rows, and other rows with the same columns.

    Parameters
    ----------
    X_real : array-like or frame of shape (n_real, n_columns), or Table
    *others : array-likes or frames of shape (n, n_columns), or Tables
        Columns are matched by name if both tables have text names for all columns, else by position.
    names : tuple of str, default=("X_synthetic",)
        The names of the others in error messages.
    real_name : str, default="X_real"
        The name of X_real in error messages.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Categorical columns in addition to those of a categorical dtype: a boolean mask, positions or names.
    infer_types : bool, default=False
        Whether other columns of text are read as numbers or times where those of X_real hold these; all rows are read
        in the style of X_real.

    Returns
    -------
    list of Table
        X_real and the others, with equal columns.

    Raises
    ------
    ValueError, TypeError
        If rows cannot be read, or their columns differ from those of X_real; the message names them.
    """
    if not isinstance(X_real, Table):
        X_real = read_table(
            X_real, name=real_name, categorical_features=categorical_features, infer_types=infer_types
        )
    pairs = zip(others, names, strict=True)
    return [X_real, *(read_like(X_real.form, other, name, real_name=real_name) for other, name in pairs)]


def read_like(form, X, name, *, real_name="X_real"):
    """Read a Table of rows with the columns of the real ones, whose `form` is given.

    Error messages call X `name`, and the real rows `real_name`.
    """
    if isinstance(X, Table):
        return _in_order(form, X, name, real_name)
    return form.read_like(X, name, like=real_name)


def _in_order(form, table, name, real_name):
    """A table with its columns in the order of `form`, matched by name."""
    wanted, given = ([(column.name, column.kind) for column in f.columns] for f in (form, table.form))
    if sorted(wanted, key=repr) != sorted(given, key=repr):
        raise ValueError(f"{name} must have the columns of {real_name}, {wanted}, got {given}.")
    return table if wanted == given else table.select([given.index(column) for column in wanted])
