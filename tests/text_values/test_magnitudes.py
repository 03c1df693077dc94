"""Numbers with letters for thousands, millions and billions."""

import numpy as np
import pandas as pd
import pytest

from skgan._text_values import find_style, style_from_state

SIZES = np.random.default_rng(0).lognormal(9, 4, 300) + 1


def with_letter(size, decimals=lambda scaled: 1, trims=True):
    for power, letter in ((9, "B"), (6, "M"), (3, "K"), (0, "")):
        if size >= 10**power:
            digits = f"{size / 10**power:.{decimals(size / 10**power) if power else 0}f}"
            if len(digits.partition(".")[0]) > 3:
                return f"{digits[0]}{'KMB'[power // 3]}"
            return (digits.rstrip("0").removesuffix(".") if trims and "." in digits else digits) + letter
    return "0"


# Texts, their values, the style's name, and how -1234567.891 is written.
COLUMNS = {
    "decimals": (["1.2K", "3M", "950", "12.5K"], [1200, 3e6, 950, 12500],
                 "a number with K and M for powers of a thousand", "-1.2M"),
    "always decimals": (["1.25K", "3.00M", "12.50K"], [1250, 3e6, 12500], None, "-1.23M"),
    "two digits": (["1.2K", "12K", "125K", "1.4M", "14M"], [1200, 12e3, 125e3, 1.4e6, 14e6], None, "-1.2M"),
    "dollars": (["$1.2M", "$3.4B", "-$5.6M"], [1.2e6, 3.4e9, -5.6e6],
                'a number in "$" with M and B for powers of a thousand', "-$1.2M"),
    "lower case": (["1.2k", "3.1m"], [1200, 3.1e6], None, "-1.2m"),
    "comma and space": (["1,2 K", "3,1 M", "500"], [1200, 3.1e6, 500], None, "-1,2 M"),
    "a unit behind": (["1.2K views", "3M views", "870 views"], [1200, 3e6, 870], None, "-1.2M views"),
    "large ones": (["999K", "1717.5M", "12.5M"], [999e3, 1717.5e6, 12.5e6], None, "-1.2M"),
    "many": ([with_letter(size) for size in SIZES], None, None, "-1.2M"),
    "many with few digits": ([with_letter(s, lambda scaled: int(scaled < 10)) for s in SIZES], None, None, "-1.2M"),
    "many with fixed decimals": ([with_letter(size, trims=False) for size in SIZES], None, None, "-1.2M"),
}  # fmt: skip
PARAMETERS = pytest.mark.parametrize("texts, values, name, far", COLUMNS.values(), ids=COLUMNS)


@PARAMETERS
def test_known_columns(texts, values, name, far):
    style = find_style([*texts, None])
    assert style.kind == "magnitude" and style.exceptions == [] and name in (None, style.name)
    parsed = style.parse([*texts, None])
    assert not parsed.exceptional.any() and np.isnan(parsed.values[-1])
    if values is None:
        np.testing.assert_allclose(parsed.values[:-1], SIZES, rtol=0.06, atol=0.51)
    else:
        assert parsed.values[:-1].tolist() == values
    assert style.format(parsed.values).tolist() == [*texts, None]
    assert style.format([-1234567.891]).tolist() == [far]
    again = style_from_state(style.get_state())
    assert again.get_state() == style.get_state() and again.format(parsed.values).tolist() == [*texts, None]


@PARAMETERS
def test_what_is_written_is_read_back(texts, values, name, far):
    style = find_style(texts)
    rng = np.random.default_rng(0)
    drawn = rng.normal(size=200) * 10.0 ** rng.integers(-3, 14, 200)
    drawn = np.concatenate([drawn, [0, -0.0, 999.96e3, 999.4, 1e300]])
    written = style.format(drawn)
    values, exceptional = style.parse(written)
    assert not exceptional.any() and style.format(values).tolist() == written.tolist()
    large = (np.abs(drawn) >= 1e6) & (np.abs(drawn) < 1e12)
    np.testing.assert_allclose(values[large], drawn[large], rtol=0.06)


@PARAMETERS
def test_the_cure_is_pandas_source_that_works(texts, values, name, far):
    df = pd.DataFrame({"size": texts})
    style = find_style(texts)
    cured = eval(style.cure_for("size"), {"df": df, "pd": pd})
    np.testing.assert_allclose(cured, style.parse(texts).values)


def test_one_letter_is_a_unit():
    assert find_style(["1.2M", "13.4M"]).name == 'a number with the unit "M"'
    # A temperature that has lost its unit is no thousandth of the others.
    kelvins = [f"{300 + i / 10:.1f} K" for i in range(300)]
    assert find_style([*kelvins, "295.0"]).name == 'a number with the unit "K"'
