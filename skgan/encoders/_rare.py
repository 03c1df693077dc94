"""Text levels that few rows hold: told of, and on request merged into common ones."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd

from skgan.exceptions import RareCategoryWarning

from ._columns import codes_of
from ._profiles import Profiles, nearest


def warn_of_rare(table, min_frequency):
    """Name the columns that have levels held by fewer than `min_frequency` rows."""
    names = [column.describe() for column in table.columns if len(_split(column, min_frequency)[1])]
    if names:
        shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
        warnings.warn(
            f"Some levels of {shown} are held by fewer than min_frequency={min_frequency} rows and will be shown in "
            "generated rows as they are. If they could give a person away, set rare_categories='merge'.",
            RareCategoryWarning,
            stacklevel=5,
        )


def merge_rare(table, min_frequency):
    """The table with every rare level replaced by the common one whose rows are most alike; a gap where none is."""
    profiles = None
    columns = []
    for position, column in enumerate(table.columns):
        levels, rare = _split(column, min_frequency)
        if len(rare):
            profiles = profiles or Profiles(table.columns)
            column = _merge(column, levels, rare, profiles, position)
        columns.append(column)
    return replace(table, columns=tuple(columns))


def _split(column, min_frequency):
    """All levels of a column, and the positions of those that are rare."""
    if column.kind != "categorical":
        return [], np.empty(0, dtype=int)
    codes, levels = pd.factorize(column.values[~column.missing])
    return levels, np.flatnonzero(np.bincount(codes, minlength=len(levels)) < min_frequency)


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
