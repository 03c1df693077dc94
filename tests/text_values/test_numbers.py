"""Numbers that are written as text: how they are read, and that they are written back alike."""

import numpy as np
import pandas as pd
import pytest

from skgan._text_values import find_style, style_from_state

# Texts, their values, the style's name, and how -1234567.891 is written.
COLUMNS = {
    "dollars": (
        ["$1,234.50", "$12.00", "-$5.00", "$0.99"],
        [1234.5, 12, -5, 0.99],
        'an amount in "$" with thousands separators',
        "-$1,234,567.89",
    ),
    "minus after the sign": (["$1,234.50", "$-5.00"], [1234.5, -5], None, "$-1,234,567.89"),
    "euros": (
        ["1.234,50 EUR", "12,00 EUR", "-3,10 EUR"],
        [1234.5, 12, -3.1],
        'an amount in "EUR" with thousands separators and a decimal comma',
        "-1.234.567,89 EUR",
    ),
    "sign and space": (["€ 12", "€ 1300"], [12, 1300], 'an amount in "€"', "-€ 1234568"),
    "abbreviation": (["Rs.500", "Rs.1,200"], [500, 1200], 'an amount in "Rs." with thousands separators', None),
    "letters and sign": (["US$ 1,200", "US$ 15"], [1200, 15], 'an amount in "US$" with thousands separators', None),
    "accounting": (
        ["(300)", "1,200", "15"],
        [-300, 1200, 15],
        "a whole number with thousands separators and negative numbers in parentheses",
        "(1,234,568)",
    ),
    "accounting dollars": (["($300.00)", "$1,200.00"], [-300, 1200], None, "($1,234,567.89)"),
    "trailing minus": (["300-", "12", "5000"], [-300, 12, 5000], "a whole number", "1234568-"),
    "long minus": (["\u22125.0", "3.2"], [-5, 3.2], "a number", "\u22121234567.9"),
    "indian": (["1,23,456", "12,34,567", "999"], [123456, 1234567, 999], None, "-12,34,568"),
    "indian rupees": (["₹1,23,456.00", "₹12,34,567.50"], [123456, 1234567.5], None, "-₹12,34,567.89"),
    "apostrophe": (["CHF 1'234.50", "CHF 999.00"], [1234.5, 999], None, "-CHF 1'234'567.89"),
    "no-break space": (["1\u00a0234,5", "12,5"], [1234.5, 12.5], None, "-1\u00a0234\u00a0567,9"),
    "thin space": (["1\u2009234.5", "12.5"], [1234.5, 12.5], None, "-1\u2009234\u2009567.9"),
    "grouped from 10000": (["1234", "12 345"], [1234, 12345], None, "-1 234 568"),
    "percent": (["12.5%", "3.0%"], [12.5, 3], "a percentage", "-1234567.9%"),
    "percent to the right": (["  7.90%", " 13.56%"], [7.9, 13.56], "a percentage", "-1234567.89%"),
    "space in front": ([" 36 months", " 60 months"], [36, 60], 'a number with the unit "months"', " -1234568 months"),
    "unit": (["12 kg", "3.5 kg"], [12, 3.5], 'a number with the unit "kg"', "-1234567.9 kg"),
    "degrees": (["98.6°F", "100.1°F"], [98.6, 100.1], 'a number with the unit "°F"', None),
    "slash": (["40 km/h", "7 km/h"], [40, 7], 'a number with the unit "km/h"', None),
    "square metres": (["12 m2", "100 m2"], [12, 100], 'a number with the unit "m2"', None),
    "price per unit": (["$5/kg", "$12/kg"], [5, 12], 'an amount in "$" per "kg"', None),
    "singular": (["1 mile", "5 miles", "0 miles"], [1, 5, 0], 'a number with the unit "miles"', None),
    "plus": (["+5", "-3", "0", "+12"], [5, -3, 0, 12], "a whole number", "-1234568"),
    "digits": (["12", "45", "7"], [12, 45, 7], "a whole number", "-1234568"),
    "at least one decimal": (["1.0", "2.5", "3.25"], [1, 2.5, 3.25], "a number", "-1234567.89"),
    "two decimals or none": (["$5", "$5.50", "$12.25"], [5, 5.5, 12.25], None, "-$1234567.89"),
    "scientific": (
        ["1.50e-03", "2.25e+10"],
        [0.0015, 2.25e10],
        "a number in scientific notation",
        "-1.23e+06",
    ),
    "as Python writes": (["0.1", "1e-05", "12.75", "3.141592653589793"], [0.1, 1e-5, 12.75, np.pi], "a number", None),
    "spaces in front": (["  7", " 12", "100"], [7, 12, 100], "a whole number", "-1234568"),
    "spaces behind": (["7  ", "12 ", "100"], [7, 12, 100], "a whole number", None),
    "zeros in front": (["05.50", "12.25"], [5.5, 12.25], "a number", None),
    "zeros and a unit": (["007 kg", "012 kg"], [7, 12], None, None),
    "no zero before the point": ([".250", ".301", "1.000"], [0.25, 0.301, 1], "a number", None),
}


@pytest.mark.parametrize("texts, values, name, far", COLUMNS.values(), ids=COLUMNS)
def test_known_columns(texts, values, name, far):
    style = find_style(texts)
    parsed = style.parse(texts)
    assert parsed.values.dtype == np.float64 and not parsed.exceptional.any() and style.exceptions == []
    np.testing.assert_allclose(parsed.values, values, rtol=1e-15)
    assert style.format(parsed.values).tolist() == texts
    if name:
        assert style.name == name
    if far:
        assert style.format([-1234567.891]).tolist() == [far]


@pytest.mark.parametrize("texts, values, name, far", COLUMNS.values(), ids=COLUMNS)
def test_the_cure_is_pandas_source_that_works(texts, values, name, far):
    df = pd.DataFrame({'say "when"': texts + [None]})
    style = find_style(df['say "when"'])
    cured = eval(style.cure_for('say "when"'), {"df": df, "pd": pd})
    np.testing.assert_allclose(np.asarray(cured, dtype=float), [*values, np.nan])


@pytest.mark.parametrize("texts, values, name, far", COLUMNS.values(), ids=COLUMNS)
def test_what_is_written_is_read_back(texts, values, name, far):
    style = find_style(texts)
    rng = np.random.default_rng(0)
    drawn = np.concatenate([rng.normal(size=100) * 10.0 ** rng.integers(-8, 16, 100), [0, -0.0, 1, -1, 1e22, -1e-9]])
    written = style.format(drawn)
    values, exceptional = style.parse(written)
    assert not exceptional.any()
    assert style.format(values).tolist() == written.tolist()
    if style.notation == "plain":
        np.testing.assert_allclose(values, drawn, rtol=1e-14, atol=0.5001 * 10.0**-style.decimals.most)
        assert not any("e" in text.replace(style.tails[-1], "").replace(style.tails[2], "") for text in written)
        assert not any(text.lstrip("-") == "0" and text.startswith("-") for text in written)
    else:
        np.testing.assert_allclose(values, drawn, rtol=0.005)


@pytest.mark.parametrize("texts, values, name, far", COLUMNS.values(), ids=COLUMNS)
def test_state(texts, values, name, far):
    style = find_style(texts)
    again = style_from_state(style.get_state())
    assert again.get_state() == style.get_state() and again.name == style.name
    assert again.format(values).tolist() == texts


@pytest.mark.parametrize(
    "texts, values",
    [
        (["1,234", "5,678"], [1234, 5678]),  # nothing decides: thousands
        (["1,234", "12,5"], [1.234, 12.5]),  # a group of one digit
        (["0,123", "1,234"], [0.123, 1.234]),  # no thousands start with 0
        (["1,234", "1,234.5"], [1234, 1234.5]),  # both marks
        (["1.234", "1.234.567"], [1234, 1234567]),  # two separators
        (["1.234", "2.718"], [1.234, 2.718]),  # nothing decides: a point
        (["1.234 €", "12.500 €"], [1234, 12500]),  # money has no three decimals
        (["1.234", "12.500", "900"], [1234, 12500, 900]),  # zeros that a number would not write
        (["1,23,456", "12,345"], [123456, 12345]),
    ],
)
def test_the_column_decides_between_decimals_and_thousands(texts, values):
    style = find_style(texts)
    np.testing.assert_allclose(style.parse(texts).values, values)
    assert style.format(values).tolist() == texts


@pytest.mark.parametrize("spec", ["{:,.2f} €", "${:,.0f}", "{:.1f}%", "{:.3e}", "{:+.2f}", "{:08.2f} m", "{:,.2f}"])
@pytest.mark.parametrize("marks", [",.", ".,", " ,"])
def test_random_columns_are_written_back(spec, marks):
    numbers = np.random.default_rng(1).lognormal(5, 3, 400)
    texts = [spec.format(number).translate(str.maketrans(",.", marks)) for number in numbers]
    texts = np.where(np.random.default_rng(2).random(400) < 0.2, None, np.array(texts, dtype=object))
    style = find_style(texts)
    values, exceptional = style.parse(texts)
    assert not exceptional.any() and (np.isnan(values) == [text is None for text in texts]).all()
    assert style.format(values).tolist() == texts.tolist()
    known = ~np.isnan(values)
    np.testing.assert_allclose(values[known], numbers[known], rtol=6e-4, atol=0.51)


def test_whole_numbers_say_so():
    assert find_style(["$1,200", "$15"]).whole
    assert not find_style(["$1,200.0", "$15.0"]).whole
    assert find_style(["$1,200.0", "$15.0"]).n_decimals == 1
    assert find_style(["1.5e-03", "2.5e+10"]).n_decimals is None


def test_a_number_in_another_style_is_read_and_written_like_the_others():
    texts = [f"${number:,.2f}" for number in range(1000, 1200)]
    style = find_style([*texts, "1300.5"])
    assert style.exceptions == [] and style.parse(["1300.5"]).values == [1300.5]
    assert style.format([1300.5]) == ["$1,300.50"]
    assert find_style([*texts[:50], "1300.5"]) is None  # one in fifty-one is too many


def test_another_unit_is_an_exception():
    style = find_style([f"{number} kg" for number in range(100)] + ["12 lb"])
    assert style.exceptions == ["12 lb"]
    assert style.parse(["12 lb", "12 kg", None]).exceptional.tolist() == [True, False, False]
    df = pd.DataFrame({"column": ["12 lb", "12 kg", None]})
    np.testing.assert_array_equal(eval(style.cure, {"df": df, "pd": pd}), [np.nan, 12, np.nan])


def test_numbers_that_round_to_zero_have_no_minus():
    assert find_style(["-1.5", "2.5"]).format([-0.01, -0.0, -0.06]).tolist() == ["0.0", "0.0", "-0.1"]
    assert find_style(["(1.5)", "2.5"]).format([-0.01]).tolist() == ["0.0"]
