"""Times of day and durations that are written as text, as seconds."""

import numpy as np
import pandas as pd
import pytest

from skgan._text_values import find_style, style_from_state

# Texts, their seconds, the style's name, and how a second before the time -1:00:00 is written.
COLUMNS = {
    "24 hours": (["14:05", "00:00", "23:59"], [50700, 0, 86340], "a time of day as hours:minutes", "00:00"),
    "no leading zero": (["9:05", "14:05"], [32700, 50700], "a time of day as hours:minutes", "0:00"),
    "12 hours": (
        ["2:05 PM", "12:00 AM", "12:30 PM"],
        [50700, 0, 45000],
        "a time of day as hours:minutes with AM and PM",
        "12:00 AM",
    ),
    "dotted halves": (["2:05 p.m.", "3:10 a.m."], [50700, 11400], None, "12:00 a.m."),
    "hours alone": (["2pm", "11am"], [50400, 39600], "a time of day as hours with AM and PM", "12am"),
    "seconds": (["14:05:30", "01:02:03"], [50730, 3723], "a time of day as hours:minutes:seconds", "00:00:00"),
    "fractions": (["00:01:02.500", "00:01:03.250"], [62.5, 63.25], None, "00:00:00.000"),
    "comma": (["00:01:02,5", "00:01:03,2"], [62.5, 63.2], None, "00:00:00,0"),
    "duration": (["1:23:45", "2:00:00"], [5025, 7200], "a duration as hours:minutes:seconds", "-1:00:01"),
    "late hours": (["36:15", "02:10"], [130500, 7800], "a duration as hours:minutes", "-01:00"),
    "many hours": (["00:00:05", "120:00:00"], [5, 432000], None, "-01:00:01"),
    "negative": (["-1:23:45", "0:00:05"], [-5025, 5], None, "-1:00:01"),
    "pandas": (["0 days 01:23:45", "3 days 04:05:06"], [5025, 273906], None, "-1 days +22:59:59"),
    "pandas, negative": (["-1 days +22:00:00", "0 days 01:00:00"], [-7200, 3600], None, "-1 days +22:59:59"),
    "Python": (["1 day, 2:03:04", "2:03:04", "12 days, 0:00:00"], [93784, 7384, 1036800], None, "-1 day, 22:59:59"),
    "minutes": (["90 min", "15 min"], [5400, 900], "a duration in minutes", "-60 min"),
    "days": (["3 days", "1 day"], [259200, 86400], "a duration in days", "0 days"),
    "weeks": (["3 weeks", "1 week"], [1814400, 604800], "a duration in weeks", "0 weeks"),
    "fraction of a unit": (["1.5 h", "2.25 h"], [5400, 8100], "a duration in hours", "-1.0 h"),
    "milliseconds": (["12.5 ms", "3.0 ms"], [0.0125, 0.003], None, "-3601000.0 ms"),
    "fraction of the last unit": (["1m 2.5s", "3.5s"], [62.5, 3.5], None, "-60m 1.0s"),
    "zeros omitted": (["2h 15m", "3h", "45m"], [8100, 10800, 2700], "a duration in hours and minutes", "-1h"),
    "zeros kept": (["2h 0m", "0h 45m"], [7200, 2700], None, "-1h 0m"),
    "zeros omitted in front": (["2h 0m", "45m", "0m"], [7200, 2700, 0], None, "-1h 0m"),
    "two digits": (["2h05m", "12h15m"], [7500, 44100], None, "-1h"),
    "words": (["1 hour 30 minutes", "2 hours 1 minute"], [5400, 7260], None, "-1 hour"),
    "and": (["1 hour and 30 minutes", "2 hours and 5 minutes"], [5400, 7500], None, "-1 hour"),
    "abbreviations": (["2 hrs 5 mins", "1 hr 1 min"], [7500, 3660], None, "-1 hr"),
    "ISO": (["PT1H30M", "PT45M", "PT2H", "PT0M"], [5400, 2700, 7200, 0],
            "a duration of ISO 8601 in hours and minutes", "PT0M"),
    "ISO, days": (["P3D", "P1DT2H", "PT5H"], [259200, 93600, 18000],
                  "a duration of ISO 8601 in days and hours", "PT0H"),
    "ISO, weeks": (["P2W", "P12W"], [1209600, 7257600], "a duration of ISO 8601 in weeks", "P0W"),
    "ISO of pandas": (["P0DT1H30M0S", "P2DT0H0M5S"], [5400, 172805], None, "P0DT0H0M0S"),
    "ISO, fractions": (["PT0.5S", "PT12.25S", "PT1M3S"], [0.5, 12.25, 63], None, "PT0S"),
    "ISO, comma": (["PT0,5S", "PT12,2S"], [0.5, 12.2], None, "PT0,0S"),
    "ISO, long minutes": (["PT105M", "PT52M"], [6300, 3120], None, "PT0M"),
    "three units": (["1d 2h 5m", "3h 10m", "2d 5m"], [93900, 11400, 173100], None, "-1h"),
}  # fmt: skip
PARAMETERS = pytest.mark.parametrize("texts, seconds, name, before_zero", COLUMNS.values(), ids=COLUMNS)


@PARAMETERS
def test_known_columns(texts, seconds, name, before_zero):
    style = find_style([*texts, None])
    values, exceptional = style.parse([*texts, None])
    np.testing.assert_allclose(values, [*seconds, np.nan], rtol=1e-14)
    assert not exceptional.any() and style.format(values).tolist() == [*texts, None]
    assert name is None or style.name == name
    assert style.format([-3601.0]).tolist() == [before_zero]
    again = style_from_state(style.get_state())
    assert again.get_state() == style.get_state() and again.format(values).tolist() == [*texts, None]


@PARAMETERS
def test_the_cure_is_pandas_source_that_works(texts, seconds, name, before_zero):
    df = pd.DataFrame({"how long": texts})
    cured = eval(find_style(texts).cure_for("how long"), {"df": df, "pd": pd})
    np.testing.assert_allclose(np.asarray(cured, dtype=float), seconds)


@PARAMETERS
def test_what_is_written_is_read_back(texts, seconds, name, before_zero):
    style = find_style(texts)
    rng = np.random.default_rng(0)
    inside = rng.uniform(0, 86400, 300)
    drawn = np.concatenate([inside, rng.normal(size=100) * 10.0 ** rng.integers(-3, 13, 100), [0, 1e300, -1e300]])
    written = style.format(drawn)
    values, exceptional = style.parse(written)
    assert not exceptional.any() and style.format(values).tolist() == written.tolist()
    # Whole weeks are the coarsest step.
    assert (abs(values[:300] - inside) <= 604800 / 2).all()
    if style.name.endswith("minutes"):
        assert (abs(values[:300] - np.clip(inside, 0, 86340)) <= 30.001).all()


def test_the_column_decides_between_time_and_duration():
    times = [f"{hour:02d}:{minute:02d}" for hour in range(24) for minute in range(60)]
    assert find_style(times).name == "a time of day as hours:minutes"
    style = find_style([*times, "24:30"])
    assert style.name == "a duration as hours:minutes" and style.exceptions == []
    assert find_style(["9:05:30", "14:05:30"]).is_time
    assert not find_style(["9:05:30", "11:05:30"]).is_time


def test_metres_are_no_minutes():
    assert find_style(["5 m", "7 m"]).name == 'a number with the unit "m"'


@pytest.mark.parametrize("texts", [["16:9", "4:3"], ["12:75", "10:80"], ["1:2:3"], ["13:00 PM"], ["1 year 2 months"]])
def test_these_are_no_times(texts):
    assert find_style(texts) is None


def test_parts_that_are_rarely_zero_are_written_as_the_column_writes_them():
    hours, minutes = np.divmod(np.arange(61, 540), 60)
    texts = np.array([f"{hour}h {minute:02d}m" for hour, minute in zip(hours, minutes, strict=True)], dtype=object)
    style = find_style(texts)
    assert style.format(np.arange(61, 540) * 60).tolist() == texts.tolist()
