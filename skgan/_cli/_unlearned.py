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


def _refused(option, name, what, one, cure):
    return (
        f"{option} cannot name {name!r}, which holds {what}: rows given {one} of DATA would all show it, and hardly "
        f"any row has it; name another column, or add {cure}."
    )
