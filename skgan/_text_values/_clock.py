"""Times of day and durations with colons, as seconds: 14:05, 2:05 PM, 1:23:45.6, 3 days 04:05:06."""

import re

import numpy as np

from skgan._state import Flag, ListOf, Part, Text, Whole, Word, demand

from ._decimals import Decimals
from ._style import Style, coerced, most_frequent, series

CLOCK = re.compile(
    r"(?P<sign>-?)(?:(?P<days>[0-9]{1,16})(?P<day_gap> ?(?:days?|d),? ?)(?P<plus>\+?))?"
    r"(?P<hour>[0-9]{1,16})(?::(?P<minute>[0-9]{2}))?(?::(?P<second>[0-9]{2})(?P<fraction>[.,][0-9]{1,9})?)?"
    r"(?P<half_gap>\s?)(?P<half>[AaPp](?:[Mm]|\.[Mm]\.))?"
)
DAY = 86400
# Counts of the finest step above this are not exact in float64.
MOST_COUNTS = 2**53


class ClockStyle(Style):
    """How a column writes times of day or durations with colons.

    Attributes
    ----------
    is_time : bool
        Whether values are times of day, from 0 to 86400 seconds, and not durations.
    has_minutes, has_seconds : bool
    hour_digits : int
        The fewest digits of hours.
    halves : list of str
        How AM and PM are spelled; empty for a clock of 24 hours.
    half_gap : str
        What stands before them.
    day_gaps : list of str
        What stands between days and hours for one day and for several; empty without days.
    keeps_zero_days : bool
        Whether "0 days 01:00:00" is written.
    day_plus : bool
        Whether a plus follows negative days, as in "-1 days +23:00:00".
    fraction : Decimals
        Of seconds.
    fraction_mark : {".", ","}
    """

    kind = "clock"
    STATE = {
        "kind": Word(("clock",)),
        **Style.STATE,
        "is_time": Flag(),
        "has_minutes": Flag(),
        "has_seconds": Flag(),
        "hour_digits": Whole(1, 9),
        "halves": ListOf(Text(), 0, 2),
        "half_gap": Text(),
        "day_gaps": ListOf(Text(), 0, 2),
        "keeps_zero_days": Flag(),
        "day_plus": Flag(),
        "fraction": Part(Decimals),
        "fraction_mark": Word((".", ",")),
    }

    def __init__(self, **attributes):
        vars(self).update(attributes)
        self.complete()

    def complete(self):
        demand(len(self.halves) != 1 and len(self.day_gaps) != 1, "halves and day_gaps", "hold two texts or none")
        demand(self.fraction.most <= 9, "fraction", "have at most 9 decimals")
        demand(self.has_minutes or (self.halves and not self.has_seconds), "has_minutes", "be True without halves")

    # Reading --------------------------------------------------------------------------------------------------

    def read(self, texts):
        return np.fromiter(map(self._seconds, texts), dtype=np.float64, count=len(texts))

    def _seconds(self, text):
        match = CLOCK.fullmatch(text)
        if match is None:
            return np.nan
        sign, days, _, _, hour, minute, second, fraction, _, half = match.groups()
        if (minute is not None, second is not None, half is not None) != (
            self.has_minutes,
            self.has_seconds,
            bool(self.halves),
        ):
            return np.nan
        hour, minute, second = int(hour), int(minute or 0), int(second or 0)
        if minute > 59 or second > 59 or (days is not None and (not self.day_gaps or hour > 23)):
            return np.nan
        if self.is_time:
            if sign or hour > 23 or (half and not 0 < hour < 13):
                return np.nan
            hour = hour % 12 + 12 * (half[0] in "pP") if half else hour
        if days is not None:
            # Days alone have the sign: -1 days +23:00:00 is an hour before zero.
            return _exact(int(sign + days) * DAY + hour * 3600 + minute * 60 + second, fraction)
        seconds = _exact(hour * 3600 + minute * 60 + second, fraction)
        return -seconds if sign and seconds else seconds

    # Writing --------------------------------------------------------------------------------------------------

    def write(self, values):
        per_second = 10**self.fraction.most
        step = 1 if self.has_seconds else 60 if self.has_minutes else 3600
        most = MOST_COUNTS // step * step
        low, high = (0, DAY * per_second - step) if self.is_time else (-most, most)
        # A value halfway between two steps may be written as either.
        counts = np.rint(np.clip(values * (per_second / step), low / step, high / step)).astype(np.int64) * step
        return [self._text(*divmod(count, per_second)) for count in counts.tolist()]

    def _text(self, seconds, counts):
        sign = days = ""
        if self.day_gaps:
            n_days, seconds = divmod(seconds, DAY)
            if n_days or self.keeps_zero_days:
                days = f"{n_days}{self.day_gaps[abs(n_days) != 1]}" + "+" * (self.day_plus and n_days < 0)
        elif seconds < 0:
            sign = "-"
            seconds, counts = divmod(-(seconds * 10**self.fraction.most + counts), 10**self.fraction.most)
        hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
        half = ""
        if self.halves:
            half = self.half_gap + self.halves[hour // 12]
            hour = (hour - 1) % 12 + 1
        text = f"{sign}{days}{hour:0{self.hour_digits}d}"
        if self.has_minutes:
            text += f":{minute:02d}"
        if self.has_seconds:
            text += f":{second:02d}"
        if self.fraction.most:
            fraction = self.fraction.trim(f"0.{counts:0{self.fraction.most}d}")
            text += fraction[1:].replace(".", self.fraction_mark)
        return text + half

    # Telling --------------------------------------------------------------------------------------------------

    @property
    def name(self):
        parts = ["days"] * bool(self.day_gaps) + ["hours"] + ["minutes"] * self.has_minutes
        parts = ":".join(parts + ["seconds"] * self.has_seconds)
        return (
            f"{'a time of day' if self.is_time else 'a duration'} as {parts}{' with AM and PM' if self.halves else ''}"
        )

    def cure_for(self, column):
        source = series(column)
        if self.halves:
            if "." in self.halves[0]:
                source += r'.str.replace(r"([AaPp])\.([Mm])\.", r"\1\2", regex=True)'
            form = "%I" + ":%M" * self.has_minutes + ":%S" * self.has_seconds
            form += (self.fraction_mark + "%f") * bool(self.fraction.most) + self.half_gap + "%p"
            source = f'pd.to_datetime({source}, format="{form}"{coerced(self)})'
            return f'({source} - pd.Timestamp("1900-01-01")).dt.total_seconds()'
        if self.fraction.most and self.fraction_mark == ",":
            source += '.str.replace(",", ".", regex=False)'
        if any("," in gap for gap in self.day_gaps):
            source += '.str.replace(",", "", regex=False)'
        if not self.has_seconds:
            source += ' + ":00"'
        return f"pd.to_timedelta({source}{coerced(self)}).dt.total_seconds()"


def _exact(seconds, fraction):
    """Whole seconds and the text of a fraction as the nearest float."""
    if not fraction:
        return float(seconds)
    digits = fraction[1:]
    return float((seconds * 10 ** len(digits) + int(digits)) / 10 ** len(digits))


def fit_clock(texts, weights, day_first=None):
    """The ClockStyles of distinct texts with these weights: as times of day, and as durations."""
    rows = [(match, weight) for match, weight in zip(map(CLOCK.fullmatch, texts), weights) if match]
    rows = [(match, weight) for match, weight in rows if match["minute"] or match["half"]]
    if not rows:
        return []
    form = most_frequent([_form(match) for match, _ in rows], [weight for _, weight in rows])
    rows = [(match, weight) for match, weight in rows if _form(match) == form]
    matches, weights = zip(*rows)
    has_minutes, has_seconds, has_half = form
    lengths = [len(match["fraction"] or ".") - 1 for match in matches]
    halves = most_frequent([match["half"] for match in matches], weights)
    with_days = [(match, weight) for match, weight in rows if match["days"] is not None]
    marks = [match["fraction"][0] for match in matches if match["fraction"]]
    options = {
        "exceptions": [],
        "has_minutes": has_minutes,
        "has_seconds": has_seconds,
        "hour_digits": min(len(match["hour"]) for match in matches),
        "halves": [spelled_half(halves, letter) for letter in "ap"] if has_half else [],
        "half_gap": most_frequent([match["half_gap"] for match in matches], weights) if has_half else "",
        "day_gaps": _day_gaps(with_days),
        "keeps_zero_days": any(int(match["days"]) == 0 for match, _ in with_days),
        "day_plus": _has_day_plus(with_days),
        "fraction": fraction_of(lengths),
        "fraction_mark": marks[0] if marks else ".",
    }
    time, duration = (ClockStyle(is_time=is_time, **options) for is_time in (True, False))
    if has_half:
        return [time]
    # 1:23:45 is a duration where no hour is as late as noon, and 01:23:45 is a time.
    hours = [int(match["hour"]) for match in matches]
    is_short = has_seconds and options["hour_digits"] == 1 and max(hours) < 12
    return [duration] if with_days else [duration, time] if is_short else [time, duration]


def _form(match):
    return match["minute"] is not None, match["second"] is not None, match["half"] is not None


def _day_gaps(rows):
    """What usually follows one day and several days."""
    if not rows:
        return []
    one = [(match["day_gap"], weight) for match, weight in rows if int(match["days"]) == 1]
    many = [(match["day_gap"], weight) for match, weight in rows if int(match["days"]) != 1]
    return [most_frequent(*zip(*(mine or other))) for mine, other in ((one, many), (many, one))]


def _has_day_plus(rows):
    """Whether negative days are followed by a plus: pandas writes it, Python, with its comma, does not."""
    if any(match["sign"] for match, _ in rows):
        return any(match["plus"] for match, _ in rows)
    return not any("," in match["day_gap"] for match, _ in rows)


def fraction_of(lengths):
    """Decimals of seconds, of which Python leaves out all at full seconds."""
    least, most = min(lengths, default=0), max(lengths, default=0)
    return Decimals(least, most, "all or none" if least < most and set(lengths) == {0, most} else "as needed")


def spelled_half(usual, letter):
    """a.m. or p.m. in the spelling of one of them."""
    return re.sub("[ap]", letter, re.sub("[AP]", letter.upper(), usual))
