"""Convert decimal numbers to floats and back, with as many decimals as the data use."""

from decimal import Context, Decimal

import numpy as np

# Enough digits for any Decimal of a table: the default context would round at 28.
EXACT = Context(prec=400)


def decimals_used(values):
    """The fewest decimals that all Decimals of a sequence need, without trailing zeros."""
    return max((_decimals_needed(value) for value in values), default=0)


def decimals_written(values):
    """The largest number of decimals that a Decimal of a sequence is written with, trailing zeros included."""
    return max((max(0, -value.as_tuple().exponent) for value in values if value.is_finite()), default=0)


def _decimals_needed(value):
    if not value.is_finite():
        return 0
    _, digits, exponent = value.as_tuple()
    text = "".join(map(str, digits))
    return max(0, -exponent - (len(text) - len(text.rstrip("0")))) if value else 0


def to_decimals(values, used, written):
    """Floats as Decimals.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Numbers, finite.
    used : int
        Number of decimals to round to.
    written : int
        Number of decimals to write, at least `used`.

    Returns
    -------
    list of Decimal
    """
    rounded, shown = Decimal(1).scaleb(-used), Decimal(1).scaleb(-written)
    # The shortest text of a float gives the intended decimal number: 0.1 and not 0.1000000000000000055.
    exact = (Decimal(repr(value)) for value in np.asarray(values).tolist())
    return [value.quantize(rounded, context=EXACT).quantize(shown, context=EXACT) for value in exact]
