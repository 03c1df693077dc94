"""Texts that are read by their shapes have the values that they have one by one."""

import numpy as np
import pandas as pd
import pytest

from skgan._text_values import _find, find_style
from skgan._text_values._shapes import Shapes

N = 2000
RNG = np.random.default_rng(0)
MOMENTS = pd.Timestamp("2020-01-01") + pd.to_timedelta(RNG.integers(0, 10**8, N), unit="s")
NUMBERS = RNG.lognormal(5, 3, N) * RNG.choice([1, -1], N)
ZONES = np.array(["+01:00", "+02:00", "Z"])
SECONDS = MOMENTS.strftime("%Y-%m-%dT%H:%M:%S")

COLUMNS = {
    "amounts": [f"${x:,.2f}" for x in NUMBERS],
    "amounts with points": [f"{x:,.2f}".translate(str.maketrans(",.", ".,")) + " €" for x in NUMBERS],
    "parentheses": [f"({-x:,.2f})" if x < 0 else f"{x:,.2f}" for x in NUMBERS],
    "squares and others": [f"{x:.1f} m{5 if i % 50 == 0 else 2}" for i, x in enumerate(NUMBERS)],
    "exponents": [f"{x:.3e}" for x in NUMBERS],
    "floats": [repr(x) for x in NUMBERS.tolist()],
    "more digits than are exact": [f"{x * 1e9:.6f}" for x in NUMBERS],
    "padded": [f"{x:16.2f}" for x in NUMBERS],
    "zero is no thousand": ["0,123" if i % 50 == 0 else f"{int(x):,}" for i, x in enumerate(NUMBERS)],
    "without zero": [f"{x % 1:.3f}"[1:] for x in NUMBERS],
    "quarters": [f"Q{moment.quarter} {moment.year}" for moment in MOMENTS],
    "dates": MOMENTS.strftime("%d.%m.%Y"),
    "dates without padding": [f"{day.month}/{day.day}/{day:%y}" for day in MOMENTS],
    "padded days": [f"{day:%b} {day.day:>2d} {day:%Y}" for day in MOMENTS],
    "tight dates": MOMENTS.strftime("%Y%m%d"),
    "weekdays": MOMENTS.strftime("%a, %d %b %Y %H:%M"),
    "halves": MOMENTS.strftime("%m/%d/%Y %I:%M:%S %p"),
    "fractions": [f"{s}.{x:06d}"[:-3] if x % 3 else s for s, x in zip(SECONDS, RNG.integers(0, 10**6, N))],
    "nanoseconds": [f"{s}.{x:09d}" for s, x in zip(SECONDS, RNG.integers(0, 10**9, N))],
    "one offset, some other": [s + zone for s, zone in zip(SECONDS, ZONES[(RNG.random(N) < 0.02).astype(int)])],
    "offsets": [s + zone for s, zone in zip(SECONDS, ZONES[RNG.integers(0, 3, N)])],
}
# Nearly of the styles above: impossible days, other digits than 0 to 9, no digits, spaces, empty texts.
STRANGE = [
    *("Q5 2024", "Q0 2024", "Q1 24", "1.2K"),
    *("", " ", "n/a", "12 m5", "3 m2", "99/99/9999", "2024-02-30T10:00:00", "٣.٤", "1.5\u00a0", "0,123", "00,123.00"),
    *("-0.00", "($0.00)", "31.02.2024", "2024-03-05T24:00:00Z", "1e400", "١٢/٠٣/٢٠٢٤", "é", "$1,23,456.00"),
]


def column(name):
    return [*COLUMNS[name], *STRANGE]


@pytest.mark.parametrize("of", COLUMNS)
def test_shapes_give_the_values_of_single_texts(of):
    style = find_style(COLUMNS[of])
    for name in COLUMNS:
        for texts in (list(COLUMNS[name]), column(name)):
            np.testing.assert_array_equal(style.read_many(Shapes(texts)), style.read(texts), err_msg=name)


@pytest.mark.parametrize("name", COLUMNS)
def test_representatives_do_not_depend_on_how_shapes_are_found(name, monkeypatch):
    texts, weights = column(name), RNG.integers(1, 5, N + len(STRANGE))
    fast = _find.representatives(Shapes(texts), weights)
    monkeypatch.setattr(Shapes, "codes", None)
    assert fast == _find.representatives(Shapes(texts), weights)


def test_texts_that_are_no_plain_characters_are_read_one_by_one():
    texts = [*COLUMNS["amounts"], "$5.00\0"]
    style = find_style(COLUMNS["amounts"])
    assert Shapes(texts).codes is None
    np.testing.assert_array_equal(style.read_many(Shapes(texts)), style.read(texts))
    for nothing in ([], [""]):
        np.testing.assert_array_equal(style.read_many(Shapes(nothing)), style.read(nothing))


def test_hashes_that_collide_are_noticed(monkeypatch):
    monkeypatch.setattr("skgan._text_values._shapes.PRIME", np.uint64(0))
    assert Shapes(list(COLUMNS["dates"]) + ["a"]).codes is None
