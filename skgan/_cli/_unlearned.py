"""Columns of identifiers and of free text, which no rows are generated for."""

from skgan._forms import read_table
from skgan._identifiers import free_texts_of, identifiers_of

from ._errors import UserError


def check_learned(frame, names, option, arguments):
    """Raise if one of the columns that rows are to be generated for holds identifiers or free text.

    All rows of a condition would show the identifier or the text of someone in the data. Columns that the user says to
    learn are allowed: by --no-id-columns, by --id-column for others, and by --text keep.
    """
    table = read_table(frame[names])
    certain = {j: each for j, each in identifiers_of(table).items() if each.certain}
    texts = set(free_texts_of(table, certain))
    for j, name in enumerate(names):
        declared = name in (arguments.id_column or ())
        is_found = j in certain and not (arguments.no_id_columns or arguments.id_column)
        if declared or is_found:
            what = f"identifiers ({certain[j].name})" if j in certain else "identifiers, as --id-column says"
            raise UserError(_refused(option, name, what, "an identifier", "--no-id-columns"))
        if j in texts and arguments.text != "keep":
            raise UserError(_refused(option, name, "free text", "a text", "--text keep"))


def id_columns_of(frame, part):
    """The columns of identifiers where the rows to fit on do not show all of them by themselves.

    Parameters
    ----------
    frame, part : DataFrame
        All rows, and those to fit on.

    Returns
    -------
    list of str or None
        None if the rows to fit on show them, too. With a warning that names them, since a sampler that is given a list
        has none.
    """
    from skgan.samplers import warn_of_identifiers

    table = read_table(frame)
    found = identifiers_of(table)
    in_part = {j: each for j, each in identifiers_of(read_table(part)).items() if each.certain}
    certain = [j for j, each in found.items() if each.certain]
    if in_part.keys() >= set(certain):
        return None
    found = {**found, **{j: each for j, each in in_part.items() if j not in certain}}
    replaced = sorted({*certain, *in_part})
    warn_of_identifiers(table, found, replaced)
    return [table.form.names[j] for j in replaced]


def _refused(option, name, what, one, cure):
    return (
        f"{option} cannot name {name!r}, which holds {what}: rows given {one} of DATA would all show it, and hardly "
        f"any row has it; name another column, or add {cure}."
    )
