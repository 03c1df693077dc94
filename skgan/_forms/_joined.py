"""One form for the rows of several fits: a column's dtype that holds the values of all."""

from __future__ import annotations

from dataclasses import replace

import narwhals as nw
import numpy as np
import pandas as pd

from ._containers import PandasFrame
from ._eager import Eager
from ._objects import Objects
from ._pandas import Categories
from ._plain import Plain


def joined_form(former, later, positions):
    """The former form, with columns at some positions that hold values of the later rows too.

    Parameters
    ----------
    former, later : TableForm
        Of the same columns.
    positions : list of int
        All columns of an array change together.

    Returns
    -------
    TableForm
    """
    columns = list(former.columns)
    for j in positions:
        columns[j] = replace(columns[j], codec=_joined(columns[j].codec, later.columns[j].codec))
    container, columns = former.container, tuple(columns)
    if container.kind == "array":
        # All columns of an array have its dtype.
        dtype = np.promote_types(container.dtype, later.container.dtype)
        container = replace(container, dtype=dtype)
        columns = tuple(
            replace(column, codec=Plain(dtype)) if isinstance(column.codec, Plain) else column for column in columns
        )
    return replace(former, container=container, columns=columns)


def alone(form, position):
    """The form of one column in a container of its own; a level of an index is a column like others."""
    column, container = form.columns[position], form.container
    if isinstance(container, PandasFrame):
        container = PandasFrame(pd.Index([column.name], tupleize_cols=False))
    else:
        container = container.select([position])
    return replace(form, container=container, columns=(column,))


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
