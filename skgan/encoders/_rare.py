"""Text levels that few rows hold: told of, and on request merged into common ones."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd

from skgan.exceptions import RareCategoryWarning

from ._columns import codes_of
from ._profiles import Profiles, nearest


def warn_of_rare(table, min_frequency, what="X", cure="set rare_categories='merge'"):
    """Name the columns of `what` that have levels held by fewer than `min_frequency` rows."""
    names = [column.describe() for column in table.columns if len(_split(column, min_frequency)[1])]
    if names:
        shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
        warnings.warn(
            f"Some levels of {shown} of {what} are held by fewer than min_frequency={min_frequency} rows and will be "
            f"shown in generated rows as they are. If they could give a person away, {cure}.",
            RareCategoryWarning,
            stacklevel=5,
        )


def merge_rare(table, min_frequency):
    """The table with every rare level replaced by the common one whose rows are most alike; a gap where none is."""
    if not table.columns:
        return table
    profiles = None
    columns = []
    for position, column in enumerate(table.columns):
        levels, rare = _split(column, min_frequency)
        if len(rare):
            profiles = profiles or Profiles(table.columns)
            if len(rare) == len(levels):
                _check_holds_gaps(table.form.columns[position], column, min_frequency)
            column = _merge(column, levels, rare, profiles, position)
        columns.append(column)
    return replace(table, columns=tuple(columns))


def _split(column, min_frequency):
    """All levels of a column, and the positions of those that are rare."""
    if column.kind != "categorical":
        return [], np.empty(0, dtype=int)
    codes, levels = pd.factorize(column.values[~column.missing])
    return levels, np.flatnonzero(np.bincount(codes, minlength=len(levels)) < min_frequency)


def _check_holds_gaps(form, column, min_frequency):
    """Where no level is common a gap is shown, which not every dtype can hold."""
    try:
        form.decode(np.array([None, column.values[~column.missing][0]], dtype=object), np.array([True, False]))
    except ValueError as error:
        raise ValueError(
            f"rare_categories='merge' finds no level that min_frequency={min_frequency} rows hold in "
            f"{column.describe()}, whose dtype has no gap to show instead; use rare_categories='keep', a smaller "
            f"min_frequency or a dtype with gaps ({error})"
        ) from error


def _merge(column, levels, rare, profiles, position):
    common = np.setdiff1d(np.arange(len(levels)), rare)
    target = np.arange(len(levels) + 1)
    if len(common):
        target[rare] = nearest(profiles.of_levels(position, column, levels), rare, common)
    else:
        target[rare] = len(levels)
    target[-1] = len(levels)
    codes = target[codes_of(column.values, levels)]
    shown = np.empty(len(levels) + 1, dtype=object)
    shown[:-1] = levels
    return replace(column, values=shown[codes], missing=column.missing | (codes == len(levels)))
