"""Columns of whole numbers whose last digits are lost, because they are computed with as floats of 64 bits."""

import numpy as np

from ._eager import INTEGERS, Eager
from ._objects import Objects
from ._pandas import Cast, Masked
from ._plain import NUMBER, Plain

# Floats hold each whole number below this.
EXACT = 2**53
# Which codecs write whole numbers.
WRITES_WHOLES = {
    Plain: lambda codec: codec.dtype.kind in "iu",
    Masked: lambda codec: codec.dtype.kind in "iu",
    Objects: lambda codec: codec.what == "ints",
    Eager: lambda codec: codec.word in INTEGERS,
    Cast: lambda codec: writes_wholes(codec.inner),
}


def writes_wholes(codec):
    return codec.scale == NUMBER and WRITES_WHOLES.get(type(codec), lambda codec: False)(codec)


def columns_losing_digits(table, min_frequency):
    """The names of columns of whole numbers that are not generated to the last digit, a list.

    Parameters
    ----------
    table : Table
    min_frequency : int
        Numbers that fewer rows hold are replaced by others between them; more frequent ones are kept as they are.
    """
    pairs = zip(table.columns, table.form.columns, strict=True)
    return [
        column.name
        for column, form in pairs
        if column.is_learned and writes_wholes(form.codec) and _loses_digits(column, form.declared, min_frequency)
    ]


def _loses_digits(column, declared, min_frequency):
    known = column.values[~column.missing]
    if declared or known.dtype.kind == "f":
        # Whole numbers are floats only where int64 cannot hold them.
        return any(isinstance(value, float) and abs(value) >= EXACT for value in known.tolist())
    if not len(known) or int(known.max()) - int(known.min()) < EXACT:
        return False
    distinct, counts = np.unique(known, return_counts=True)
    # Differences can exceed int64, but not uint64.
    step = int(np.gcd.reduce(np.diff(distinct).view(np.uint64)))
    return bool((counts < min_frequency).any()) and (int(distinct[-1]) - int(distinct[0])) // step >= EXACT
