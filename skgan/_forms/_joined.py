"""One form for the rows of several fits: a column's dtype that holds the values of all."""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw
import numpy as np
import pandas as pd

from ._eager import Eager
from ._objects import Objects
from ._pandas import Categories
from ._plain import Plain


def joined_form(former, later):
    """The form of the later rows, for values of the former ones too; names and order of columns are those of both.

    Parameters
    ----------
    former, later : TableForm
        Of the same columns.

    Returns
    -------
    TableForm
    """
    pairs = zip(former.columns, later.columns, strict=True)
    columns = tuple(replace(ours, codec=_joined(ours.codec, theirs.codec)) for ours, theirs in pairs)
    container = former.container
    if container.kind == "array":
        # All columns of an array have its dtype.
        dtype = np.promote_types(container.dtype, later.container.dtype)
        container = replace(container, dtype=dtype)
        columns = tuple(
            replace(column, codec=Plain(dtype)) if isinstance(column.codec, Plain) else column for column in columns
        )
    return replace(former, container=container, columns=columns)


def _joined(former, later):
    """The codec of a column whose rows have both codecs."""
    join = JOIN.get(type(former)) if type(former) is type(later) else None
    return later if join is None else join(former, later)


def _plain(former, later):
    return Plain(np.promote_types(former.dtype, later.dtype))


def _categories(former, later):
    if later.as_text != former.as_text or type(later.dtype.categories) is not type(former.dtype.categories):
        return later
    categories = former.dtype.categories.append(later.dtype.categories).unique()
    return Categories(pd.CategoricalDtype(categories, ordered=former.dtype.ordered))


def _objects(former, later):
    if (former.what, later.what) != ("categories", "categories"):
        return later
    return replace(former, detail=tuple(dict.fromkeys([*(former.detail or ()), *(later.detail or ())])))


def _eager(former, later):
    if (former.word, later.word) != ("Enum", "Enum"):
        return later
    return replace(former, dtype=nw.Enum([*dict.fromkeys([*former.dtype.categories, *later.dtype.categories])]))


JOIN = {Plain: _plain, Categories: _categories, Objects: _objects, Eager: _eager}
