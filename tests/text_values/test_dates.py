"""Dates and date-times that are written as text: how they are read, and that they are written back alike."""

import numpy as np
import pandas as pd
import pytest

from skgan._text_values import find_style, style_from_state

N = 300
RNG = np.random.default_rng(0)
MOMENTS = pd.Series(pd.Timestamp("1995-01-01") + pd.to_timedelta(RNG.integers(0, 9000 * 86400, N), "s"))
MICROSECONDS = MOMENTS + pd.to_timedelta(RNG.integers(0, 10**6, N) * (RNG.random(N) < 0.9), "us")
GERMAN = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
FRENCH = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()
FRENCH_DAYS = "lun. mar. mer. jeu. ven. sam. dim.".split()
SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()


def suffix(day):
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


# How a moment is written (a strftime format or a function), to which unit, and the style's name.
DATES = {
    "%m/%d/%Y": ("D", "a date as month/day/year"),
    "%d.%m.%Y": ("D", "a date as day.month.year"),
    "%d-%m-%Y": ("D", "a date as day-month-year"),
    "%Y-%m-%d": ("D", "a date as year-month-day"),
    "%Y/%m/%d": ("D", "a date as year/month/day"),
    "%Y%m%d": ("D", "a date as year month day"),
    "%m/%d/%y": ("D", "a date as month/day/year"),
    "%d %b %Y %H:%M": ("m", "a date and time as day month year"),
    "%d-%b-%y": ("D", "a date as day month year"),
    "%d%b%Y": ("D", None),
    "%B %d, %Y": ("D", "a date as month day year"),
    "%d de %B de %Y": ("D", None),
    "%b %Y": ("M", "a date as month year"),
    "%b-%y": ("M", None),
    "%Y-%m": ("M", "a date as year-month"),
    "%m/%Y": ("M", "a date as month/year"),
    "%A, %d %B %Y": ("D", "a date as weekday day month year"),
    "%Y-%m-%d %H:%M": ("m", "a date and time as year-month-day"),
    "%Y-%m-%dT%H:%M:%S": ("s", None),
    "%Y-%m-%dT%H:%M:%SZ": ("s", "a date and time as year-month-day with the offset Z"),
    "%Y-%m-%d %H:%M:%S+01:00": ("s", "a date and time as year-month-day with the offset +01:00"),
    "%Y%m%d%H%M%S": ("s", None),
    "%Y%m%dT%H%M%SZ": ("s", None),
    "%d/%b/%Y:%H:%M:%S -0700": ("s", None),
    "[%d/%b/%Y:%H:%M:%S -0700]": ("s", None),
    "%a, %d %b %Y %H:%M:%S GMT": ("s", None),
    "%a %b %d %H:%M:%S +0000 %Y": ("s", None),
    "%B %d, %Y at %I:%M %p": ("m", None),
    "%d.%m.%Y, %H:%M Uhr": ("m", None),
    "%d %b '%y": ("D", None),
    "%m/%d/%Y %I:%M:%S %p": ("s", "a date and time as month/day/year, with AM and PM"),
    "%I:%M%p %d/%m/%Y": ("m", None),
}
FUNCTIONS = {
    "no padding": (lambda t: f"{t.month}/{t.day}/{t.year}", "D", "a date as month/day/year"),
    "no padding of hours": (lambda t: f"{t.day}.{t.month}.{t.year} {t.hour}:{t.minute:02d}", "m", None),
    "space padding": (lambda t: t.strftime("%a %b ") + f"{t.day:>2d}" + t.strftime(" %H:%M:%S %Y"), "s", None),
    "dotted halves": (
        lambda t: t.strftime("%Y-%m-%d ") + f"{(t.hour - 1) % 12 + 1}:{t.minute:02d} {'ap'[t.hour // 12]}.m.",
        "m",
        None,
    ),
    "ordinals": (lambda t: f"{t:%B} {t.day}{suffix(t.day)}, {t.year}", "D", "a date as month day year"),
    "German": (lambda t: f"{t.day}. {GERMAN[t.month - 1]} {t.year}", "D", "a date as day month year"),
    "French": (lambda t: f"{FRENCH_DAYS[t.weekday()]} {t.day} {FRENCH[t.month - 1]} {t.year}", "D", None),
    "Spanish": (lambda t: f"{t.day} de {SPANISH[t.month - 1]} de {t.year}", "D", None),
    "SQL Server": (
        lambda t: f"{t:%b} {t.day:>2d} {t.year} {(t.hour - 1) % 12 + 1:>2d}:{t:%M%p}",
        "m",
        "a date and time as month day year, with AM and PM",
    ),
    "Japanese": (lambda t: f"{t.year}年{t.month}月{t.day}日", "D", "a date as year month day"),
    "quarters": (lambda t: f"Q{t.quarter} {t.year}", "Q", "a date as quarter year"),
    "quarters last": (lambda t: f"{t.year}-Q{t.quarter}", "Q", "a date as year quarter"),
    "quarters without a mark": (lambda t: f"{t.year}Q{t.quarter}", "Q", "a date as year quarter"),
    "quarters of short years": (lambda t: f"q{t.quarter}'{t:%y}", "Q", None),
    "upper case": (lambda t: t.strftime("%d-%b-%Y").upper(), "D", None),
}
COLUMNS = {
    **{form: (MOMENTS.dt.strftime(form), *rest) for form, rest in DATES.items()},
    **{key: (MOMENTS.map(function), *rest) for key, (function, *rest) in FUNCTIONS.items()},
    "isoformat": (MICROSECONDS.map(lambda t: t.isoformat()), "us", "a date and time as year-month-day"),
    "milliseconds": (MICROSECONDS.map(lambda t: f"{t:%Y-%m-%d %H:%M:%S},{t.microsecond // 1000:03d}"), "ms", None),
    "nanoseconds": (MOMENTS.map(lambda t: f"{t:%Y-%m-%d %H:%M:%S}.123456789"), "ns", None),
}
UNITS = {"Q": "3M"}
VALUES = {
    key: (MICROSECONDS if unit in ("us", "ms") else MOMENTS).to_numpy().astype(f"M8[{UNITS.get(unit, unit)}]")
    for key, (_, unit, _) in COLUMNS.items()
}
VALUES["nanoseconds"] = VALUES["nanoseconds"] + np.timedelta64(123456789, "ns")
# Half of the step that a style can write, in microseconds; months have up to 31 days, quarters 92.
HALF = {"Q": 47 * 86400e6, "M": 16 * 86400e6, "D": 43200e6, "m": 30e6, "s": 5e5, "ms": 500, "us": 0, "ns": 0}


@pytest.mark.parametrize("key", COLUMNS)
def test_columns_are_read_and_written_back(key):
    texts, _, name = COLUMNS[key]
    texts = texts.where(np.random.default_rng(1).random(N) > 0.2, None)
    style = find_style(texts)
    assert style.kind == "date" and style.exceptions == [] and not style.ambiguous
    values, exceptional = style.parse(texts)
    assert not exceptional.any() and values.dtype == ("M8[ns]" if key == "nanoseconds" else "M8[us]")
    known = texts.notna().to_numpy()
    assert np.isnat(values[~known]).all() and (values[known] == VALUES[key][known]).all()
    assert style.format(values).tolist() == [text if isinstance(text, str) else None for text in texts]
    assert name is None or style.name == name
    assert style_from_state(style.get_state()).get_state() == style.get_state()


@pytest.mark.parametrize("key", COLUMNS)
def test_the_cure_is_pandas_source_that_works(key):
    df = pd.DataFrame({"when": COLUMNS[key][0]})
    cured = eval(find_style(df["when"]).cure_for("when"), {"df": df, "pd": pd})
    if cured.dt.tz is not None:
        cured = cured.dt.tz_localize(None)
    assert (cured.to_numpy() == VALUES[key]).all()


@pytest.mark.parametrize("key", COLUMNS)
def test_what_is_written_is_read_back(key):
    """Values are rounded, and moved into the years that the style can write."""
    style = find_style(COLUMNS[key][0])
    drawn = np.random.default_rng(2).integers(-(10**17), 10**17, 300).view("M8[us]")
    texts = style.format(drawn)
    values, exceptional = style.parse(texts)
    assert not exceptional.any() and style.format(values).tolist() == texts.tolist()
    inside = np.random.default_rng(3).integers(0, 9000 * 86400 * 10**6, 300) + np.datetime64("1995-01-01", "us")
    values = style.parse(style.format(inside)).values
    assert (abs((values - inside) / np.timedelta64(1, "us")) <= HALF[COLUMNS[key][1]]).all()


def test_months_as_newspapers_write_them():
    texts = ["Sept. 5, 2024", "March 12, 2023", "Aug. 1, 2020"]
    style = find_style(texts)
    assert style.format(style.parse(texts).values).tolist() == texts


def test_the_cure_names_the_format():
    assert find_style(["03/25/2024"]).cure_for("when") == 'pd.to_datetime(df["when"], format="%m/%d/%Y")'


# Which number is the day ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "texts, day_first, first, ambiguous",
    [
        (["03/05/2024", "04/05/2024"], None, "2024-03-05", True),
        (["03/05/2024", "04/05/2024"], True, "2024-05-03", False),
        (["03/05/2024", "04/05/2024"], False, "2024-03-05", False),
        (["03.05.2024", "04.05.2024"], None, "2024-05-03", True),
        (["03-05-2024", "04-05-2024"], None, "2024-05-03", True),
        (["03-05-2024", "04-05-2024"], False, "2024-03-05", False),
        (["03/05/2024", "13/05/2024"], None, "2024-05-03", False),
        (["03/05/2024", "13/05/2024"], False, "2024-05-03", False),  # the column decides
        (["03.05.2024", "05.13.2024"], None, "2024-03-05", False),
        (["2024-03-05"], None, "2024-03-05", False),
        (["2024-03-05"], True, "2024-03-05", False),
        (["03/05/24", "04/05/24"], None, "2024-03-05", True),
        (["24-03-05", "99-03-05"], None, "2024-03-05", False),  # 99 is no day
    ],
)
def test_day_and_month(texts, day_first, first, ambiguous):
    style = find_style(texts, day_first=day_first)
    assert style.parse(texts).values[0] == np.datetime64(first) and style.ambiguous is ambiguous
    assert style.format(style.parse(texts).values).tolist() == texts


def test_one_day_among_many_decides():
    texts = [f"{1 + i % 12:02d}/{1 + i % 11:02d}/{1900 + i // 12}" for i in range(3000)] + ["05/28/2024"]
    style = find_style(texts)
    assert not style.ambiguous and style.parse(["05/28/2024"]).values == np.datetime64("2024-05-28")
    style = find_style([*texts[:-1], "28/05/2024"])
    assert not style.ambiguous and style.parse(["28/05/2024"]).values == np.datetime64("2024-05-28")


# Time zones -------------------------------------------------------------------------------------------------------


def test_one_offset_keeps_the_times_as_written():
    style = find_style(["2024-03-25T14:05:00+01:00", "2024-03-26T00:00:00+01:00"])
    assert style.parse(["2024-03-25T14:05:00+01:00"]).values == np.datetime64("2024-03-25T14:05")
    assert style.zone == "+01:00"


def test_several_offsets_become_utc_and_the_most_frequent_is_written():
    texts = ["2024-01-25T14:05:00+01:00", "2024-07-25T14:05:00+02:00", "2024-08-25T14:05:00+02:00"]
    style = find_style(texts)
    values = style.parse(texts).values
    assert (values == np.array(["2024-01-25T13:05", "2024-07-25T12:05", "2024-08-25T12:05"], "M8[us]")).all()
    assert style.format(values).tolist() == ["2024-01-25T15:05:00+02:00", *texts[1:]]
    assert style.name == "a date and time as year-month-day with several offsets, written with +02:00"
    cured = eval(style.cure, {"df": pd.DataFrame({"column": texts}), "pd": pd})
    assert (cured.dt.tz_localize(None).to_numpy() == values).all()


def test_offsets_that_come_late_in_a_long_column():
    hours = pd.date_range("2023-01-01", periods=9000, freq="h", tz="Europe/Berlin")
    texts = [moment.isoformat() for moment in hours]
    style = find_style(texts)
    assert style.exceptions == [] and (style.parse(texts).values == hours.tz_convert(None).to_numpy()).all()


def test_a_time_of_each_kind_is_no_date():
    assert find_style(["20240325T1405 14:05", "20240325T1405 2:05 PM"]) is None
    assert find_style(["March March 5, 2024"]) is None and find_style(["2024 2024-03-25"]) is None


# Ends -------------------------------------------------------------------------------------------------------------


def test_rounding_and_ends():
    style = find_style(["2024-03-25", "1950-12-03"])
    assert style.format(np.array(["2024-03-25T11:59", "2024-03-25T12:01", "NaT"], "M8[m]")).tolist() == [
        "2024-03-25",
        "2024-03-26",
        None,
    ]
    assert style.format(pd.Series([pd.Timestamp("2024-03-25"), pd.NaT])).tolist() == ["2024-03-25", None]
    far = np.array(["-5000-01-01", "25000-01-01"], "M8[us]")
    assert style.format(far).tolist() == ["0001-01-02", "9999-12-31"]


def test_two_digit_years_stay_between_1969_and_2068():
    style = find_style(["03/25/69", "03/25/68"])
    assert style.parse(["03/25/69", "03/25/68"]).values.astype("M8[Y]").astype(int).tolist() == [-1, 98]
    assert style.format(np.array(["1900-01-01", "2100-01-01"], "M8[D]")).tolist() == ["01/02/69", "12/31/68"]


def test_dates_that_cannot_be_are_exceptions():
    texts = [f"2024-02-{day:02d}" for day in range(1, 30)] + ["2024-02-30"]
    style = find_style(texts)
    assert style.exceptions == ["2024-02-30"]
    assert style.parse(["2024-13-01", "0000-01-01", "2024-2-3x"]).exceptional.all()


def test_years_beyond_nanoseconds_are_exceptions_there():
    style = find_style(["2024-03-25 00:00:00.123456789"])
    assert style.parse(["1500-03-25 00:00:00.123456789"]).exceptional.all()
    assert style.format(np.array(["1500-01-01", "3000-01-01"], "M8[us]")).tolist()[0].startswith("1678-06-30")
