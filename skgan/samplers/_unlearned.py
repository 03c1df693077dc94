"""Columns of X whose values are not learned: identifiers, which are generated anew, and free text."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from skgan._forms import Table, column_mask, modality_of, read_like, read_table
from skgan._identifiers import declared_identifier, free_texts_of, identifiers_of
from skgan._warnings import warn
from skgan.encoders import TEXT, IdentifierColumn, hidden
from skgan.exceptions import FreeTextWarning, IdentifierWarning

# That a column's dtype has room for new identifiers is tried with at most this many.
N_TRIED = 10_000
FREE_TEXT = {
    "replace": "so generated rows show '[text]' in its place. Pass free_text='drop' to leave it out, or "
    "free_text='keep' to show texts of X.",
    "drop": "so generated rows leave it out. Pass free_text='replace' to show '[text]' in its place, or "
    "free_text='keep' to show texts of X.",
    "keep": "and generated rows show texts of X verbatim. If these could identify a person, pass free_text='replace' "
    "or free_text='drop'.",
}


def set_apart(sampler, data):
    """Mark the columns of X that are not learned.

    Parameters
    ----------
    sampler : BaseGAN
        With the parameters `id_columns` and `free_text`.
    data : table or images

    Returns
    -------
    data : table or images
        A table whose columns have `replaced_by` where they are not learned.
    dropped : list
        The names of columns that were left out; positions in an array.
    """
    if not isinstance(data, Table):
        return data, []
    identifiers, asked = _identifiers(sampler.id_columns, data)
    texts = free_texts_of(data, identifiers)
    columns, forms = list(data.columns), list(data.form.columns)
    for position, identifier in identifiers.items():
        columns[position] = replace(columns[position], replaced_by=identifier)
        forms[position] = _with_new_objects(forms[position])
    if sampler.free_text == "replace":
        for position in texts:
            columns[position] = hidden(columns[position])
            _check_holds_text(columns[position], forms[position])
    marked = replace(data, columns=tuple(columns), form=replace(data.form, columns=tuple(forms)))
    dropped = texts if sampler.free_text == "drop" else []
    kept = [position for position in range(len(columns)) if position not in dropped]
    if set(kept) <= set(identifiers) or min(kept) >= data.form.n_features:
        what = "identifiers or free text" if dropped else "identifiers"
        names = _listed(data, range(data.form.n_features))
        raise ValueError(
            f"All columns of X hold {what} ({names}), so there is nothing to learn; pass "
            "other columns too, or id_columns=None and free_text='keep' to model these like other columns."
        )
    warn_of_identifiers(data, {j: found for j, found in asked.items() if j not in texts}, list(identifiers))
    _warn_of_shown(data, sampler.id_columns, [*identifiers, *texts])
    _warn_of_texts(data, texts, sampler.free_text)
    return (marked.select(kept) if dropped else marked), [data.form.names[position] for position in dropped]


def with_new_identifiers(X, X_new, id_columns, seed):
    """Generated rows with identifiers that are distinct, and new to X.

    For rows of several samplers, each of which was fitted on a part of X and knows no others.

    Parameters
    ----------
    X, X_new : array or frame of the same columns
    id_columns : "auto", None or array-like
        Of these samplers.
    seed : int

    Returns
    -------
    array or frame
        X_new itself where there are no identifiers.
    """
    if id_columns is None or modality_of(X) != "table":
        return X_new
    table = read_table(X)
    identifiers, _ = _identifiers(id_columns, table)
    if not identifiers:
        return X_new
    forms = list(table.form.columns)
    columns = [(column.values, column.missing) for column in read_like(table.form, X_new, "X_new").columns]
    for position, identifier in identifiers.items():
        encoder = IdentifierColumn(replace(table.columns[position], replaced_by=identifier))
        columns[position] = encoder.generate(columns[position][1], encoder.new(seed, position))
        forms[position] = _with_new_objects(forms[position])
    return replace(table.form, columns=tuple(forms)).rebuild(columns)


def _identifiers(id_columns, table):
    """The identifiers that are generated anew, and those to warn about: dicts by the column's position."""
    if id_columns is None:
        return {}, {}
    if isinstance(id_columns, str) and id_columns == "auto":
        found = identifiers_of(table)
        return {j: each for j, each in found.items() if each.certain and _has_room(table, j, each)}, found
    mask = column_mask("id_columns", id_columns, table.form, word="auto")
    found = {j: _declared(table, j) for j in mask.nonzero()[0].tolist()}
    return {j: each for j, each in found.items() if each is not None}, {}


def _declared(table, position):
    """The identifier of a column that the caller names; None if all of its values are missing."""
    column = table.columns[position]
    if column.missing.all():
        return None
    cure = "take it out of id_columns"
    if table.form.columns[position].declared:
        raise ValueError(f"id_columns and categorical_features both have {column.describe()}; {cure}, or out of both.")
    identifier = None if table.form.times[position] else declared_identifier(column.values[~column.missing])
    if identifier is None:
        raise ValueError(
            f"id_columns has {column.describe()}, which holds neither whole numbers, nor texts of at most 200 "
            f"characters, nor UUIDs, so that no new identifiers can be made; {cure}, or convert it by astype(str)."
        )
    if not _has_room(table, position, identifier):
        raise ValueError(
            f"id_columns has {column.describe()}, whose dtype cannot hold new identifiers; {cure}, or convert it by "
            f"{_conversion(column)}."
        )
    return identifier


def _has_room(table, position, identifier):
    """Whether the column's dtype can hold as many new identifiers as there are rows."""
    form = _with_new_objects(table.form.columns[position])
    rng = np.random.default_rng(0)
    new = identifier.generate(min(table.n_rows, N_TRIED), rng)
    return form is not None and form.holds(new)


def _with_new_objects(form):
    """A column's form, which can write objects that are not among those of X; None where it cannot."""
    if not hasattr(form.codec, "with_new_objects"):
        return form
    codec = form.codec.with_new_objects()
    return codec and replace(form, codec=codec)


def _conversion(column):
    return "astype('int64')" if column.kind == "numeric" else "astype(object)"


def _check_holds_text(column, form):
    if not form.holds(np.array([TEXT], dtype=object)):
        raise ValueError(
            f"{_capitalized(column.describe())} holds free text, but its dtype cannot hold {TEXT!r}, by which "
            "free_text='replace' replaces its texts; convert it by astype(object) before the fit, or pass "
            "free_text='drop' or free_text='keep'."
        )


def warn_of_identifiers(table, found, replaced):
    """Warn of identifiers that were found, of which those of the columns `replaced` are generated anew."""
    certain = [j for j in found if j in replaced]
    full = [j for j in found if found[j].certain and j not in replaced]
    uncertain = [j for j in found if not found[j].certain]
    sentences = []
    if certain:
        sentences.append(
            f"{_described(table, certain, found)}; generated rows get new ones. Pass id_columns=None to model "
            f"{'it' if len(certain) == 1 else 'them'} like other columns."
        )
    if full:
        sentences.append(
            f"{_described(table, full, found)}, but {'its dtype has' if len(full) == 1 else 'their dtypes have'} no "
            f"room for new ones, so that those of X are learned; convert by "
            f"{' or '.join(dict.fromkeys(_conversion(table.columns[j]) for j in full))}."
        )
    if uncertain:
        listed = [table.form.names[j] for j in sorted([*certain, *uncertain])]
        sentences.append(
            f"{_described(table, uncertain, found, may_be=True)}. If generated rows should get new ones, pass "
            f"id_columns={listed!r}; else pass id_columns={[table.form.names[j] for j in certain] or None!r}."
        )
    if sentences:
        warn(" ".join(sentences), IdentifierWarning)


def _warn_of_shown(table, id_columns, unlearned):
    """Warn of identifiers that a list of `id_columns` leaves out."""
    if id_columns is None or (isinstance(id_columns, str) and id_columns == "auto"):
        return
    shown = {j: each for j, each in identifiers_of(table).items() if each.certain and j not in unlearned}
    if shown:
        pronoun = "it is" if len(shown) == 1 else "they are"
        warn(
            f"{_described(table, list(shown), shown)}, but {pronoun} not in id_columns, so that generated rows show "
            "those of X.",
            IdentifierWarning,
        )


def _described(table, positions, found, *, may_be=False):
    """ "Column 'a' holds UUIDs", or "Columns 'a' (UUIDs) and 'b' (phone numbers) hold identifiers"."""
    if len(positions) == 1:
        [j] = positions
        return f"Column {table.form.names[j]!r} {'may hold' if may_be else 'holds'} {_what(found[j], may_be)}"
    named = [f"{table.form.names[j]!r} ({found[j].name})" for j in positions]
    return f"Columns {', '.join(named[:-1])} and {named[-1]} {'may hold' if may_be else 'hold'} identifiers"


def _what(identifier, may_be):
    return f"identifiers ({identifier.name})" if may_be or "pattern" in identifier.name else identifier.name


def _warn_of_texts(table, texts, free_text):
    if texts:
        names = _listed(table, texts)
        subject = f"Column {names} holds" if len(texts) == 1 else f"Each of the columns {names} holds"
        warn(f"{subject} free text, {FREE_TEXT[free_text]}", FreeTextWarning)


def _listed(table, positions):
    names = [repr(table.form.names[j]) for j in positions]
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def _capitalized(text):
    return text[0].upper() + text[1:]
