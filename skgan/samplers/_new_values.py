"""Warn about what rows of a fit that goes on have, and those of the fits before had not."""

from __future__ import annotations

import numpy as np

from skgan._counted import counted
from skgan._warnings import warn
from skgan.encoders import IdentifierColumn, NumericColumn, categories_in
from skgan.exceptions import FewRowsWarning, NewValuesWarning

# The share of the range of pixels by which they may lie outside, and the number of rows that is enough for a fit.
FAR, FEW = 0.1, 50
# At most so many columns, and categories of a column, are named.
MAX_COLUMNS, MAX_CATEGORIES = 10, 5


def warn_of_new_values(encoder, form, table, what="X"):
    """Warn about new categories, values far outside the former range, and the first missing values of a column.

    Parameters
    ----------
    encoder : TableEncoder
        Of the former fit.
    form : TableForm
        Of the former fit.
    table : Table
        The new rows.
    what : {"X", "y"}

    Warns
    -----
    NewValuesWarning
    """
    found = []
    for column, shown, is_time, old in zip(table.columns, form.columns, form.times, encoder.columns_, strict=True):
        name = "y" if form.one_dimensional else column.describe()
        found += [f"{name} {each}" for each in _news(column, shown if is_time else None, old)]
    if not found:
        return
    listed = "; ".join(found[:MAX_COLUMNS]) + (f"; and {len(found) - MAX_COLUMNS} more" if found[MAX_COLUMNS:] else "")
    warn(
        f"The fits before had not seen what {what} has: {listed}. It is learned, and generated rows get the ranges and "
        "frequencies of these rows. To refuse such rows, turn NewValuesWarning into an error; the sampler then stays "
        "as it was.",
        NewValuesWarning,
    )


def warn_of_new_pixels(former, encoder):
    """Warn where images have pixels far outside the range of the former fit, an `ImageEncoder` like that of these."""
    room = FAR * max(former.high_ - former.low_, encoder.high_ - encoder.low_)
    if encoder.low_ < former.low_ - room or encoder.high_ > former.high_ + room:
        warn(
            f"The fits before had pixels from {former.low_:g} to {former.high_:g}, and X has {encoder.low_:g} to "
            f"{encoder.high_:g}. If these are the same colors in other units, convert X to the units of the first fit.",
            NewValuesWarning,
        )


def warn_of_few_rows(n_rows):
    """Warn where a sampler of many rows would become one of a few."""
    if n_rows < FEW:
        warn(
            f"X has {counted(n_rows, 'row')}, and the sampler will generate rows like these alone. Collect more rows "
            "for a fit that goes on, or pass the former rows again together with them.",
            FewRowsWarning,
        )


def _news(column, form, old):
    """What is new in a column, as parts of a sentence; `form` says how times are shown."""
    if column.missing.any() and not getattr(old, "has_missing", True):
        how_many = "nothing but" if column.missing.all() else int(column.missing.sum())
        yield f"has {how_many} missing values"
    known = column.values[~column.missing]
    if not len(known) or isinstance(old, IdentifierColumn):
        return
    if isinstance(old, NumericColumn):
        yield from _beyond(known.astype(old.dtype), form, old.quantiles)
        return
    categories = categories_in(old)
    new = [] if categories is None else [value for value in dict.fromkeys(known.tolist()) if value not in categories]
    if new:
        shown = ", ".join(map(repr, new[:MAX_CATEGORIES]))
        more = f" and {len(new) - MAX_CATEGORIES} more" if len(new) > MAX_CATEGORIES else ""
        yield f"has the new {'category' if len(new) == 1 else 'categories'} {shown}{more}"


def _beyond(values, form, quantiles):
    outside = values[quantiles.is_beyond(values)]
    if not len(outside):
        return
    far = outside[[np.abs(outside - np.median(quantiles.range())).argmax()]]
    shown = np.concatenate([far, quantiles.range()])
    shown = [f"{value:.6g}" for value in shown] if form is None else list(form.decode(shown, np.zeros(3, dtype=bool)))
    farthest, low, high = shown
    yield f"holds {farthest}, outside of the last fit's range from about {low} to {high}"
