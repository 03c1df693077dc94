"""Find the style of a column: each kind in turn, on a sample first, under one rule of what a style must keep."""

import re

import numpy as np

from skgan._state import demand, inside

from ._clock import ClockStyle, fit_clock
from ._dates import DateStyle
from ._durations import DurationStyle, fit_duration
from ._fit_dates import fit_date
from ._fit_numbers import fit_number
from ._iso_durations import IsoDurationStyle, fit_iso_duration
from ._magnitudes import MagnitudeStyle, fit_magnitude
from ._missing_words import is_missing_word
from ._numbers import NumberStyle
from ._shapes import Shapes
from ._style import MAX_EXCEPTIONS, distinct_of, readable

STYLES = {
    style.kind: style
    for style in (DateStyle, ClockStyle, DurationStyle, IsoDurationStyle, MagnitudeStyle, NumberStyle)
}
FITS = (fit_date, fit_clock, fit_duration, fit_iso_duration, fit_magnitude, fit_number)

# The rule: so many texts fit, and so few of those that fit are written back differently.
LEAST_FITTING = 0.95
MOST_DIFFERENT = 0.01
# A column of which these distinct texts fit worse than this is not looked at any further.
N_SAMPLED = 1000
LEAST_SAMPLED = 0.8
N_PER_SHAPE = 20
ZERO_PART = re.compile("(?<![0-9])0+(?![0-9])")
SAME_DIGIT = str.maketrans("123456789", "0" * 9)


def find_style(texts, *, day_first=None):
    """Find how a column of text writes numbers, dates or times.

    Parameters
    ----------
    texts : array or Series of shape (n,)
        str and missing values (None, nan, pd.NA).
    day_first : bool, default=None
        Whether dates such as 03/05/2024 start with the day, where the column leaves it open. None is the month with
        "/", and the day with any other separator; the style is then `ambiguous`.

    Returns
    -------
    Style or None
        None if the column is text (or holds objects that are no text, or only missing values).

    Notes
    -----
    A style is returned if at least 95 % of the texts fit it, and each of them is written back exactly alike. Words for
    a missing value ("n/a", "-", "unknown") do not count. At most 1 % of the texts that fit may be written back in the
    style of the others, with the same value.
    """
    if day_first is not None and not isinstance(day_first, bool | np.bool_):
        raise ValueError(
            f"day_first={day_first!r} must be True (03/05/2024 is in May), False (it is in March) or None (the column "
            "decides)."
        )
    codes, distinct = distinct_of(texts)
    if not len(distinct) or not all(isinstance(text, str) for text in distinct):
        return None
    weights = np.bincount(codes[codes >= 0], minlength=len(distinct))
    # No such word ends in a digit, which is faster to see.
    counted = np.flatnonzero([text[-1:].isdigit() or not is_missing_word(text) for text in distinct])
    if not len(counted):
        return None
    shapes = Shapes(readable(distinct[counted]))
    for fit in FITS:
        style, values = _found(fit, shapes, weights[counted], day_first)
        if style is not None:
            fits = np.zeros(len(distinct), dtype=bool)
            fits[counted] = ~np.isnan(values)
            style.exceptions = _exceptions(fits, distinct, weights)
            return style
    return None


def _found(fit, shapes, weights, day_first):
    """The style of one kind that follows the rule, and the values that it reads; None and None if there is none."""
    texts = shapes.texts
    sample, sample_weights = texts[:N_SAMPLED], weights[:N_SAMPLED]
    styles = fit(*representatives(Shapes(sample), sample_weights), day_first)
    readings = [style.read(sample) for style in styles]
    # Where one exception is frequent and the numbers are all distinct, or the reverse, one of both shares is small.
    shares = [_share(values, each) for values in readings for each in (sample_weights, np.ones(len(sample)))]
    if max(shares, default=0) < LEAST_SAMPLED:
        return None, None
    if len(texts) > len(sample):
        styles = fit(*representatives(shapes, weights), day_first)
    readings = [style.read_many(shapes) for style in styles]
    shares = [_share(values, weights) for values in readings]
    if not styles or max(shares) < LEAST_FITTING:
        return None, None
    best = shares.index(max(shares))
    style, values = styles[best], readings[best]
    style.settle_ambiguity(shares.count(max(shares)) > 1, day_first)
    is_other = np.isnan(values)
    if style.is_refuted_by([text for text, other in zip(texts, is_other, strict=True) if other]):
        return None, None
    return (style, values) if is_written_back(style, texts, values, weights) else (None, None)


def representatives(shapes, weights):
    """A few texts of each shape, which is the text with all digits alike, and shares of the weight of the shape.

    A style follows from them as from all texts, at a cost that does not grow with the number of texts. Zeros at the
    ends, and numbers that are zero, are a part of the shape: codes start with zeros, rounded numbers end with them, and
    some durations leave out parts that are zero.
    """
    chosen, shares, texts = [], [], shapes.texts
    for mine in _members(shapes):
        # From all over the column, which may be sorted by time: summer time comes late.
        few = mine[:: -(-len(mine) // N_PER_SHAPE)]
        chosen += [texts[i] for i in few]
        shares += [float(weights[mine].sum()) / len(few)] * len(few)
    return chosen, shares


def _members(shapes):
    """The positions of the texts of each shape, in order of appearance."""
    if shapes.codes is not None:
        return shapes.groups(
            shapes.has_zero_digits_only, shapes.starts_with_zero, shapes.ends_in_zero, shapes.has_zero_part
        )
    members = {}
    for i, text in enumerate(shapes.texts):
        alike = text.translate(SAME_DIGIT)
        zeros = alike == text, text[:1] == "0", text[-1:] == "0", bool(ZERO_PART.search(text))
        members.setdefault((alike, *zeros), []).append(i)
    return members.values()


def is_written_back(style, texts, values, weights):
    """Whether `style` writes the values of distinct texts, which occur `weights` times, exactly as they were."""
    fits = ~np.isnan(values)
    texts = [text for text, fit in zip(texts, fits, strict=True) if fit]
    values, weights = values[fits], weights[fits]
    written = style.rewrite(texts, values)
    differs = np.array([one != other for one, other in zip(written, texts, strict=True)])
    if not differs.any():
        return True
    if weights[differs].sum() > MOST_DIFFERENT * weights.sum():
        return False
    read_again = style.read([text for text, differ in zip(written, differs, strict=True) if differ])
    return bool((read_again == values[differs]).all())


def _share(values, weights):
    return weights[~np.isnan(values)].sum() / weights.sum()


def _exceptions(fits, texts, weights):
    """The most frequent texts that do not fit."""
    others = np.flatnonzero(~fits)
    order = others[np.argsort(-weights[others], kind="stable")]
    return [str(texts[i]) for i in order[:MAX_EXCEPTIONS]]


def style_from_state(state):
    """The style of a state that `Style.get_state` returned."""
    with inside("text style"):
        demand(isinstance(state, dict) and state.get("kind") in STYLES, "kind", f"be one of {', '.join(STYLES)}")
    return STYLES[state["kind"]].from_state(state)
