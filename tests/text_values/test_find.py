"""What is found: columns that stay text, exceptions, missing values, files."""

import json

import numpy as np
import pandas as pd
import pytest

from skgan._text_values import find_style, style_from_state
from skgan._text_values._missing_words import is_missing_word
from skgan.exceptions import BrokenFileError

TEXT = {
    "yes and no": ["yes", "no"],
    "Y and N": ["Y", "N"],
    "true and false": ["true", "false"],
    "TRUE and FALSE": ["TRUE", "FALSE"],
    "t and f": ["t", "f"],
    "words": ["Adelie", "Gentoo"],
    "names with months": ["April Smith", "May Jones"],
    "sentences": ["born on 03/25/2024 in Rome", "born on 03/26/2024 in Oslo"],
    "postcodes": ["01067", "80331"],
    "codes": ["007", "12", "0012"],
    "one code among numbers": [str(number) for number in range(10000, 10999)] + ["02134"],
    "telephone": ["+4915112345678", "+4917612345"],
    "telephone with spaces": ["612 345 678", "655 123 456"],
    "telephone with zero": ["030 123 456", "030 654 321"],
    "telephone with hyphens": ["555-123-4567", "555-987-6543"],
    "long digits": ["12345678901234567", "1"],
    "products": ["1E05", "2E07"],
    "product among numbers": ["1E05", "12345"],
    "letters and digits": ["A12", "A13"],
    "addresses": ["192.168.0.1", "10.0.0.1"],
    "versions": ["1.2.3", "1.10.2"],
    "short versions": ["1.9", "1.10", "1.2"],
    "ranges": ["18-24", "25-34"],
    "limits": ["<=50K", ">50K"],
    "at least": ["10+", "20+"],
    "two units": ["12 kg", "12 lb"],
    "two currencies": ["$5", "€5"],
    "social security": ["123-45-6789", "987-65-4321"],
    "blood pressure": ["120/80", "135/90"],
    "sizes": ["10x12", "12x14"],
    "heights": ["5'11\"", "6'0\""],
    "day and month": ["24-Mar", "25-Mar"],
    "seasons": ["2001/02", "2002/03"],
    "fifth quarters": ["2024-Q5", "2024-Q6"],
    "quarters and days": ["Q1 03/25/2024", "Q2 04/25/2024"],
    "months and years of ISO 8601": ["P1Y2M", "P3M"],
    "ISO 8601 without a part": ["P", "PT"],
    "sizes of clothes": ["3M", "24M", "2T", "4T"],
    "letters of a power, all short": ["18M", "3K", "10B"],
    "two cases of a letter": ["1.2K", "3.4k", "5.6M"],
    "two formats": ["2024-03-25", "03/25/2024"],
    "wrong weekdays": ["Monday, 5 March 2024", "Friday, 6 March 2024"],
    "half numbers": ["12", "13", "n/a", "x"],
    "mixed decimals": ["69.20", "69.5", "70", "1.250"],
    "empty": ["", " "],
    "long": ["1" * 100, "2" * 100],
}


@pytest.mark.parametrize("texts", TEXT.values(), ids=TEXT)
def test_these_stay_text(texts):
    assert find_style(texts) is None
    assert find_style(np.array([None, *texts, None], dtype=object)) is None


@pytest.mark.parametrize("texts", [[], [None, np.nan], [1, 2], ["1", 2], [True, False], [pd.Timestamp("2024-03-25")]])
def test_columns_without_text(texts):
    assert find_style(np.array(texts, dtype=object)) is None


def test_any_container_and_any_missing_value():
    texts = ["$5", None, "$6", np.nan, pd.NA]
    columns = [
        texts,
        np.array(texts, dtype=object),
        pd.Series(texts, dtype=object),
        pd.Series(texts, dtype="string"),
        pd.Series(["$5", None, "$6", None, None], dtype="category"),
    ]
    for column in columns:
        style = find_style(column)
        values, exceptional = style.parse(column)
        np.testing.assert_array_equal(values, [5, np.nan, 6, np.nan, np.nan])
        assert not exceptional.any()
        assert style.format(values).tolist() == ["$5", None, "$6", None, None]
        assert style.format(pd.Series(values)).dtype == object
    values, exceptional = find_style(np.array(["1", "2"])).parse(np.array(["1", "x"]))
    assert values[0] == 1 and exceptional.tolist() == [False, True]


EXCEPTIONAL = {
    "number": [f"${1000 + number:,}.00" for number in range(200)],
    "date": [f"{1 + day % 28:02d}.03.{1900 + day}" for day in range(200)],
    "clock": [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(200)],
    "duration": [f"{minute} min" for minute in range(200)],
}


@pytest.mark.parametrize("kind", EXCEPTIONAL)
def test_exceptions(kind):
    texts = np.array(EXCEPTIONAL[kind] * 2 + ["n/a"] * 8 + ["unknown"] * 4 + ["-", "x" * 200], dtype=object)
    rng = np.random.default_rng(0)
    texts = rng.permutation(np.concatenate([texts, np.full(100, None)]))
    style = find_style(texts)
    assert style.kind == kind and style.exceptions[:2] == ["n/a", "unknown"]
    assert sorted(style.exceptions[2:]) == ["-", "x" * 200]
    values, exceptional = style.parse(texts)
    others = {"n/a", "unknown", "-", "x" * 200}
    assert exceptional.tolist() == [text in others for text in texts]
    expected = [None if text in others else text for text in texts]
    assert style.format(values).tolist() == expected
    assert style_from_state(style.get_state()).exceptions == style.exceptions
    cured = eval(style.cure, {"df": pd.DataFrame({"column": texts}), "pd": pd})
    assert (np.asarray(cured.isna()) == np.isnan(values)).all()


def test_five_percent_may_be_exceptions():
    numbers = [f"{number} kg" for number in range(95)]
    assert find_style([*numbers, *["heavy"] * 5]).exceptions == ["heavy"]
    assert find_style([*numbers, *["heavy"] * 6]) is None


@pytest.mark.parametrize("word", ["n/a", "N/A", "-", "unknown", "Unknown", "?", "", " ", "NULL", "not available"])
@pytest.mark.parametrize("kind", EXCEPTIONAL)
def test_any_number_of_words_for_a_missing_value(kind, word):
    texts = np.array(EXCEPTIONAL[kind] + [word] * 150 + ["x"] * 8, dtype=object)
    texts = np.random.default_rng(0).permutation(texts)
    style = find_style(texts)
    assert style.kind == kind and style.exceptions == [word, "x"]
    values, exceptional = style.parse(texts)
    assert exceptional.tolist() == [text in (word, "x") for text in texts]
    assert style.format(values)[~exceptional].tolist() == texts[~exceptional].tolist()
    # Other texts count as before.
    assert find_style([*texts, *["x"] * 8]) is None


def test_at_most_twenty_exceptions_are_kept_the_most_frequent_first():
    texts = [f"{number} kg" for number in range(2000)] + [f"text {letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    style = find_style([*texts, "text z"])
    assert len(style.exceptions) == 20 and style.exceptions[:2] == ["text z", "text a"]


def test_frequent_exceptions_and_many_distinct_values():
    texts = [f"{number / 100:.2f} kg" for number in range(3000)] + ["unknown"] * 150
    assert find_style(texts).exceptions == ["unknown"]
    texts = ["$5"] * 40_000 + [f"${number}" for number in range(100)] + [f"unknown {n}" for n in range(1500)]
    assert len(find_style(texts).exceptions) == 20


def test_what_is_not_text_is_an_exception_when_parsed():
    values, exceptional = find_style(["$5"]).parse(np.array([5, "$5", None, ("$5",)], dtype=object))
    np.testing.assert_array_equal(values, [np.nan, 5, np.nan, np.nan])
    assert exceptional.tolist() == [True, False, False, True]


def test_missing_and_infinite_values_are_written_as_none():
    assert find_style(["$5"]).format([np.nan, np.inf, -np.inf, 6]).tolist() == [None, None, None, "$6"]
    assert find_style(["14:05"]).format([np.nan]).tolist() == [None]
    assert find_style(["2024-03-25"]).format(np.array(["NaT"], "M8[ns]")).tolist() == [None]
    assert find_style(["$5"]).format([]).tolist() == [] and find_style(["$5"]).parse([]).values.shape == (0,)


def test_random_texts_raise_nothing_and_what_is_found_reads_what_it_writes():
    rng = np.random.default_rng(0)
    alphabets = [
        "0123456789.,",
        "0123456789:- ",
        "01 $€%()+-.,kgeE",
        "0123/-:TZ AMPm",
        "\uff10\u00b2\u00bd\u06630x\n\t",
    ]
    n_found = 0
    for i in range(500):
        letters = list(alphabets[i % len(alphabets)])
        texts = ["".join(rng.choice(letters, rng.integers(1, 9))) for _ in range(rng.integers(1, 4))]
        style = find_style(texts)
        if style is None:
            continue
        n_found += 1
        texts = [text for text in texts if not is_missing_word(text)]
        values, exceptional = style.parse(texts)
        assert not exceptional.any() and style.format(values).tolist() == texts
        drawn = rng.normal(size=20) * 1e5 if style.dtype.kind == "f" else rng.integers(0, 10**15, 20).view("M8[us]")
        written = style.format(drawn)
        values, exceptional = style.parse(written)
        assert not exceptional.any() and style.format(values).tolist() == written.tolist()
        assert style_from_state(style.get_state()).get_state() == style.get_state()
    assert n_found > 50


def test_compact_dates_must_all_be_dates():
    texts = [f"2024{month:02d}{day:02d}" for month in range(1, 13) for day in range(1, 29)]
    assert find_style(texts).kind == "date"
    assert find_style([*texts, "n/a"]).exceptions == ["n/a"]
    assert find_style([*texts, "20241301"]).name == "a whole number"


def test_day_first_must_be_an_answer():
    with pytest.raises(ValueError, match="day_first='yes' must be True .* False .* or None"):
        find_style(["03/05/2024"], day_first="yes")


# Files ------------------------------------------------------------------------------------------------------------

STYLES = {
    "number": find_style(["$1,234.50", "($5.00)"]),
    "date": find_style(["Mon 25 Mar 2024 02:05 PM +0100", "Tue 26 Mar 2024 02:05 PM +0200"]),
    "clock": find_style(["1 day, 2:03:04", "2:03:04"]),
    "duration": find_style(["2h 15m", "1h"]),
    "iso duration": find_style(["PT2H15M", "P1D"]),
    "magnitude": find_style(["1.2K", "3.4M"]),
}
BROKEN = {
    "number": {
        "leads": ["", "", "", ""],
        "tails": ["1", "", "", ""],
        "group_mark": ".",
        "decimals": {"least": 3, "most": 2, "rule": "as needed"},
        "decimal_mark": ",",
        "notation": "other",
        "width": -1,
    },
    "date": {
        "template": ["%Q"],
        "months": ["Jan"],
        "halves": [],
        "weekdays": ["Monday"],
        "zone": "CET",
        "unit": "s",
        "fraction": {"least": 10, "most": 10, "rule": "as needed"},
        "ambiguous": None,
    },
    "clock": {"halves": ["AM"], "day_gaps": ["x", "x"], "has_minutes": False, "hour_digits": 0, "half_gap": 1},
    "iso duration": {"units": ["minute", "hour"], "zeros": "some", "decimal_mark": ":",
                     "decimals": {"least": 0, "most": 10, "rule": "as needed"}},
    "magnitude": {"letters": ["M", "K"], "decimals": [], "gap": "5", "lead": "1", "decimal_mark": ":"},
    "duration": {"units": ["minute", "hour"], "ones": ["h"], "manys": ["h", "kg"], "zeros": "some", "gap": "x"},
}
CASES = [(kind, name) for kind, states in BROKEN.items() for name in states]


@pytest.mark.parametrize("kind", STYLES)
def test_states_are_plain(kind):
    style = STYLES[kind]
    assert style.kind == kind
    state = json.loads(json.dumps(style.get_state()))
    assert style_from_state(state).get_state() == style.get_state()


@pytest.mark.parametrize("kind, name", CASES)
def test_broken_states_are_refused(kind, name):
    with pytest.raises(BrokenFileError):
        style_from_state({**STYLES[kind].get_state(), name: BROKEN[kind][name]})


@pytest.mark.parametrize("kind", STYLES)
def test_states_need_all_their_items(kind):
    state = STYLES[kind].get_state()
    for name in state:
        with pytest.raises(BrokenFileError):
            style_from_state({key: value for key, value in state.items() if key != name})
    for other in (None, [], {"kind": "other"}):
        with pytest.raises(BrokenFileError, match="kind must be one of date, clock, .*, number"):
            style_from_state(other)
