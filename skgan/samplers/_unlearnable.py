"""Warn about data of which little or nothing can be learned: few rows, no values, numbers of too many digits."""

from __future__ import annotations

import numpy as np

from skgan._forms import Table, columns_losing_digits
from skgan._identifiers import names_postcodes
from skgan._warnings import warn
from skgan.exceptions import FewRowsWarning, LostDigitsWarning

# Fewer rows are returned as they are, or nearly.
MIN_ROWS = 5
MAX_NAMED = 10
# Postcodes of digits alone have 3 to 8 of them.
LOWEST_POSTCODE, HIGHEST_POSTCODE = 100, 99_999_999


def are_too_few(data):
    """Whether X, a table or images, has too few rows to learn from."""
    return data.n_rows < MIN_ROWS


def warn_of_unlearnable(data, min_frequency):
    """Warn about X, a table or images, where generated rows will not be what a user expects.

    Warns
    -----
    FewRowsWarning
        There are fewer than 5 rows.
    LostDigitsWarning
        As `warn_of_lost_digits`.
    UserWarning
        All values of a table are missing, or a column of numbers is named as one of postcodes.
    """
    if are_too_few(data):
        what = "row" if isinstance(data, Table) else "image"
        what += "s" * (data.n_rows > 1)
        warn(
            f"X has {data.n_rows} {what}. So few cannot be learned: generated ones are copies of them, or nearly. Pass "
            "more, a few hundred if possible.",
            FewRowsWarning,
        )
    if isinstance(data, Table):
        if all(column.missing.all() for column in data.columns):
            warn("All values of X are missing, and so are those of generated rows; check how X was read.")
        warn_of_postcodes(data)
        warn_of_lost_digits(data, min_frequency, "X", "pass id_columns={names!r} to generate new ones, or ")


def warn_of_postcodes(table):
    """Warn about columns of numbers that are named as postcodes: a number between two postcodes is hardly ever one."""
    names = [column.name for column in table.columns if names_postcodes(column.name) and _may_be_postcodes(column)]
    if names:
        listed = ", ".join(map(repr, names))
        are, they = ("s {} are", "They are") if len(names) > 1 else (" {} is", "It is")
        warn(
            f"Column{are.format(listed)} named as postcodes. {they} learned as numbers, so that most generated ones do "
            f"not exist. Pass categorical_features={names!r} to generate those of X."
        )


def _may_be_postcodes(column):
    if column.kind != "numeric" or not column.is_learned or column.missing.all():
        return False
    known = column.values[~column.missing]
    if known.dtype.kind not in "iuf" or not LOWEST_POSTCODE <= known.max() <= HIGHEST_POSTCODE:
        return False
    return bool((known >= 0).all() and (known == np.floor(known)).all())


def warn_of_lost_digits(table, min_frequency, what, cure=""):
    """Warn about whole numbers of X or y whose last digits are lost.

    Parameters
    ----------
    table : Table
    min_frequency : int
    what : {"X", "y"}
    cure : str, default=""
        What else than text is a cure, with the placeholder ``names``.

    Warns
    -----
    LostDigitsWarning
    """
    names = columns_losing_digits(table, min_frequency)
    if not names:
        return
    listed = ", ".join(map(repr, names[:MAX_NAMED]))
    listed += f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    subject = "y holds" if table.form.one_dimensional else f"Column {listed} of {what} holds"
    if len(names) > 1:
        subject = f"Columns {listed} of {what} hold"
    warn(
        f"{subject} whole numbers of so many digits that the last ones are lost: they are computed with as floats, "
        f"which have 15 to 17 digits. If they are codes or keys, {cure.format(names=names)}convert them to text, by "
        "astype(str).",
        LostDigitsWarning,
    )
