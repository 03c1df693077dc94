"""Rare categories: warn about them, or merge them into common ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from skgan._warnings import warn
from skgan.exceptions import RareCategoryWarning

from ._columns import categories_at, codes_of
from ._profiles import Profiles, nearest

MERGE = "pass rare_categories='merge', which replaces each by a common category of the same column"


def warn_of_rare(table, min_frequency, what="X", cure=MERGE, known=None):
    """Warn about columns of `what` with categories that fewer than `min_frequency` rows hold, `known` ones aside."""
    known = [()] * len(table.columns) if known is None else known
    pairs = zip(table.columns, known, strict=True)
    splits = [(repr(column.name), *_split(column, min_frequency, common)) for column, common in pairs]
    names = [name for name, _, rare in splits if len(rare)]
    if not names:
        return
    # merge_rare is for X only, and cannot help if no category is common.
    all_rare = [name for name, found, rare in splits if what == "X" and len(rare) and len(rare) == len(found)]
    cures = []
    if all_rare:
        it = "it, or make its values coarser" if len(all_rare) == 1 else "them, or make their values coarser"
        cures.append(
            f"All categories of {_listed(all_rare)} are rare, so there is no common one to replace them by: drop "
            f"{it}."
        )
    if len(all_rare) < len(names):
        # Merging raises as long as there is a column without a common category.
        cures.append(f"If they could identify a person, {cure}." if not all_rare else f"Then, for the others, {cure}.")
    who = "y" if table.form.one_dimensional else f"{_listed(names, 'Column')} of {what}"
    have, values = "has" if len(names) == 1 else "have", "categories" if what == "X" else "classes"
    warn(
        f"{who} {have} {values} that occur in fewer than {min_frequency} rows (min_frequency={min_frequency}). "
        f"Generated rows show them as they are. {' '.join(cures)}",
        RareCategoryWarning,
    )


def _listed(names, column="column"):
    listed = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
    return f"{column}{'s' * (len(names) > 1)} {listed}"


def merge_rare(table, min_frequency, known=None):
    """Replace every rare category by a common one.

    Parameters
    ----------
    table : Table
    min_frequency : int
        A category that fewer rows hold is rare.
    known : list of set, default=None
        For each column, categories that are not rare, whatever the table has of them.

    Returns
    -------
    Table
        With each rare category replaced by the common one whose rows are most similar. Missing values stay missing.

    Raises
    ------
    ValueError
        All categories of a column are rare, as with names, notes or keys, so that there is none to replace them by.
        Keeping them would reveal what should be hidden, and calling them missing would empty the column.
    """
    if not table.columns:
        return table
    profiles = None
    known = [()] * len(table.columns) if known is None else known
    columns, forms = [], list(table.form.columns)
    for position, column in enumerate(table.columns):
        categories, rare = _split(column, min_frequency, known[position])
        if len(rare):
            _check_one_is_common(column, categories, rare, min_frequency)
            profiles = profiles or Profiles(table.columns)
            column = _merge(column, categories, rare, profiles, position)
            forms[position] = forms[position].keeping([*np.delete(categories, rare), *known[position]])
        columns.append(column)
    return replace(table, columns=tuple(columns), form=replace(table.form, columns=tuple(forms)))


def _split(column, min_frequency, known=()):
    """All categories of a column, and the positions of those that are rare and not `known`."""
    if column.kind != "categorical" or not column.is_learned:
        return [], np.empty(0, dtype=int)
    codes, categories = pd.factorize(column.values[~column.missing])
    is_rare = np.bincount(codes, minlength=len(categories)) < min_frequency
    return categories, np.flatnonzero(is_rare & ~np.array([each in known for each in categories], dtype=bool))


def _check_one_is_common(column, categories, rare, min_frequency):
    if len(rare) == len(categories):
        raise ValueError(
            f"rare_categories='merge' finds no category that min_frequency={min_frequency} rows hold in "
            f"{column.describe()}, so there is none to merge its {len(rare)} rare ones into; drop the column, replace "
            "its values by coarser ones, use a smaller min_frequency, or keep them with rare_categories='keep'."
        )


def _merge(column, categories, rare, profiles, position):
    common = np.setdiff1d(np.arange(len(categories)), rare)
    # The last code stands for missing values.
    target = np.arange(len(categories) + 1)
    target[rare] = nearest(profiles.of_categories(position, column, categories), rare, common)
    codes = target[codes_of(column.values, categories)]
    return replace(column, values=categories_at(categories, codes))
