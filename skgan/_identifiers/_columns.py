"""Find the columns of a table that hold identifiers, and those that hold free text."""

from ._find import LONG_DIGITS, find_identifier
from ._free_text import is_free_text
from ._hints import hint_of
from ._judge import MANY_ROWS

# Distinct values are first counted among this many.
GLANCE = 500
# Below the shares that identifiers and free text need, since few values vary by chance.
UNIQUE_SHARE, MOSTLY_SHARE = 0.85, 0.35


def identifiers_of(table):
    """The identifiers of the columns of a table.

    Parameters
    ----------
    table : Table
        In the order of its rows.

    Returns
    -------
    dict of int to Identifier
        By the column's position; those that are not `certain` too. With fewer than 50 rows only those that are, and
        whole numbers only if the column's name says identifier. Times and numbers that the user declares to be
        categories are no identifiers.
    """
    is_small = table.n_rows < MANY_ROWS
    found = {}
    for position, (column, form) in enumerate(zip(table.columns, table.form.columns, strict=True)):
        if table.form.times[position] or form.declared or not _may_be_identifier(column):
            continue
        if is_small and hint_of(column.name) != "identifier" and _are_short_numbers(column):
            continue
        identifier = find_identifier(_present(column), column.name)
        if identifier is not None and (identifier.certain or not is_small):
            found[position] = identifier
    return found


def free_texts_of(table, without=()):
    """The positions of the columns of a table that hold free text, except for those in `without`; a list of int."""
    return [
        position
        for position, column in enumerate(table.columns)
        if position not in without and _may_be_free_text(column) and is_free_text(_present(column))
    ]


def _may_be_identifier(column):
    """Whether some values are whole numbers or texts, and nearly all distinct; it costs little in long columns."""
    some = _some(column)
    if column.kind == "numeric" and (some != some.round()).any():
        return False
    return len(some) > 0 and len(set(some.tolist())) >= UNIQUE_SHARE * len(some)


def _are_short_numbers(column):
    """Whether a column holds numbers, or texts of few digits: in few rows, they can be counts, ranks or doses."""
    if column.kind == "numeric":
        return True
    return all(isinstance(text, str) and text.isdigit() and len(text) < LONG_DIGITS for text in _present(column))


def _may_be_free_text(column):
    some = _some(column).tolist() if column.kind == "categorical" else []
    return bool(some) and all(isinstance(value, str) for value in some) and len(set(some)) > MOSTLY_SHARE * len(some)


def _some(column):
    """At most `GLANCE` of the values that are not missing, evenly spaced."""
    present = _present(column)
    return present[:: -(-len(present) // GLANCE) or 1]


def _present(column):
    return column.values[~column.missing]
