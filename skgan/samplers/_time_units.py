"""How precisely a column of times must be written, whichever of its rows are written together."""

from __future__ import annotations

import numpy as np

from skgan.encoders import NumericColumn

# Coarse ones first, with their nanoseconds.
UNITS = {"D": 86_400 * 10**9, "s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}


def time_units(form, encoder):
    """The coarsest unit of `UNITS` that shows all times of each column, a dict by name.

    Parameters
    ----------
    form : TableForm
    encoder : TableEncoder
        Of these columns. Only columns whose dtype is datetime64 without a zone have a unit.

    Returns
    -------
    dict of object to str
    """
    pairs = zip(form.columns, encoder.columns_, strict=True)
    return {
        column.name: _unit_of(_counts(part), np.datetime_data(dtype))
        for column, part in pairs
        if (dtype := getattr(column.codec, "dtype", None)) is not None and getattr(dtype, "kind", "") == "M"
        if isinstance(dtype, np.dtype) and column.kind == "numeric"
    }


def _counts(encoder):
    """Numbers that divide all those that a column encoder decodes to."""
    if isinstance(encoder, NumericColumn):
        return [encoder.quantiles.grid.origin, encoder.quantiles.grid.step]
    values, missing = encoder.extremes()
    return [int(value) for value in values[~missing]]


def _unit_of(counts, data):
    name, number = data
    if name not in UNITS:
        # Longer than a second.
        return "D" if name in ("Y", "M", "W") else "s"
    counts = [count * number * UNITS[name] for count in counts]
    return next(unit for unit, length in UNITS.items() if all(count % length == 0 for count in counts))
