"""What metrics are given, read alike: the real rows say what the columns are."""

from contextlib import contextmanager

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
    return [X_real, *(read_like(X_real.form, other, name) for other, name in zip(others, names, strict=True))]


def named(X_synthetic, X_holdout):
    """What is read beside X_real, by its name in messages; without X_holdout where it is None."""
    return {"X_synthetic": X_synthetic} | ({} if X_holdout is None else {"X_holdout": X_holdout})


def read_like(form, X, name, *, real_name="X_real"):
    """A Table of rows that must be like the real ones, whose `form` it is; messages call these `real_name`."""
    if isinstance(X, Table):
        return _in_order(form, X, name)
    # A form speaks of a fit; here, real rows are what others must be like.
    of_a_fit = {
        "the fitted form": real_name,
        "which were there when it was fitted": f"which {real_name} has",
        "when it was fitted": f"in {real_name}",
    }
    with errors_in_words(of_a_fit):
        return form.read_like(X, name)


@contextmanager
def errors_in_words(words):
    """Replace in messages of errors what `words` (a dict) has as keys."""
    try:
        yield
    except (TypeError, ValueError) as error:
        said = str(error)
        for word, other in words.items():
            said = said.replace(word, other)
        raise type(error)(said) from error


def _in_order(form, table, name):
    """A table's columns in the order of `form`, found by name."""
    wanted, given = ([(column.name, column.kind) for column in f.columns] for f in (form, table.form))
    if sorted(wanted, key=repr) != sorted(given, key=repr):
        raise ValueError(f"{name} must have the columns of X_real, {wanted}, got {given}.")
    return table if wanted == given else table.select([given.index(column) for column in wanted])


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
