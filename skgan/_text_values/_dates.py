"""Dates and date-times in text, by a template of fields and literal text."""

import re
from functools import lru_cache

import numpy as np

from skgan._state import Flag, ListOf, Maybe, Part, Text, Word, demand

from ._calendar import ENGLISH
from ._decimals import Decimals
from ._style import Style, coerced, quoted, series

# What a field of a template reads. "%-d" is written without padding, "%_d" with a space, and "%d" with a zero.
NARROW = "( ?[0-9]{1,2})"
FIELDS = {
    "Y": "([0-9]{4})",
    "y": "([0-9]{2})",
    "m": NARROW,
    "d": NARROW,
    "H": NARROW,
    "I": NARROW,
    "M": "([0-9]{2})",
    "S": "([0-9]{2})",
    "f": "([.,][0-9]{1,9})?",
    "o": "(st|nd|rd|th)",
    "q": "([0-9])",
    "z": "(Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)",
}
PADDED = ("m", "d", "H", "I")
NUMBERS = "YymdHIMSq"
DIGITS = "0123456789"
SAME_DIGIT = str.maketrans(DIGITS, "0" * 10)
# Fields of words, which the style itself lists.
WORDS = {"B": "months", "A": "weekdays", "p": "halves"}
# Two-digit years from 69 are of the 20th century, as everywhere in POSIX.
FIRST_TWO_DIGIT_YEAR = 1969
YEARS = {"Y": (1, 9999), "y": (FIRST_TWO_DIGIT_YEAR, FIRST_TWO_DIGIT_YEAR + 99)}
NANOSECOND_YEARS = (1678, 2261)
SAID = {"q": "quarter", "Y": "year", "y": "year", "m": "month", "d": "day", "B": "month", "A": "weekday"}
PER_SECOND = {"us": 10**6, "ns": 10**9}
TWO_DIGITS = {
    "0": [f"{n:02d}" for n in range(100)],
    " ": [f"{n:>2d}" for n in range(100)],
    "-": [str(n) for n in range(100)],
}


class DateStyle(Style):
    """How a column writes dates or date-times.

    Attributes
    ----------
    template : list of str
        Fields ("%Y", "%-d", ...) and the texts between them.
    months, weekdays, halves : list of str
        The 12, 7 or 2 words of "%B", "%A" and "%p"; empty without such a field.
    fraction : Decimals
        Of seconds.
    fraction_mark : {".", ","}
    zone : str or None
        The most frequent offset. With a field "%z" the column has several: values are in UTC, and all are written in
        this zone. Without it, the column has at most this one, and values are the times as written.
    unit : {"us", "ns"}
        Of parsed values: nanoseconds if texts have more than six decimals of seconds.
    ambiguous : bool
        Whether the column left open which number is the day and which the month.
    """

    kind = "date"
    STATE = {
        "kind": Word(("date",)),
        **Style.STATE,
        "template": ListOf(Text(), 1, 40),
        "months": ListOf(Text(), 0, 12),
        "weekdays": ListOf(Text(), 0, 7),
        "halves": ListOf(Text(), 0, 2),
        "fraction": Part(Decimals),
        "fraction_mark": Word((".", ",")),
        "zone": Maybe(Text()),
        "unit": Word(("us", "ns")),
        "ambiguous": Flag(),
    }

    def __init__(self, **attributes):
        vars(self).update(attributes)
        self.complete()

    def complete(self):
        self._fields = [token[-1] for token in self.template if is_field(token)]
        demand(set(self._fields) <= {*FIELDS, *WORDS}, "template", "hold known fields alone")
        demand(len(set(self._fields)) == len(self._fields), "template", "hold each field once")
        demand(len({"Y", "y"} & set(self._fields)) == 1, "template", "hold a year")
        if "q" in self._fields:
            demand(set(self._fields) <= {"q", "Y", "y"}, "template", "hold nothing but a year beside a quarter")
            place = self.template.index("%q")
            demand(place > 0 and not is_field(self.template[place - 1]), "template", "hold a letter before a quarter")
        for field, words in WORDS.items():
            demand(field not in self._fields or len(getattr(self, words)) == N_WORDS[field], words, "be complete")
        demand("z" not in self._fields or minutes_of(self.zone) is not None, "zone", "be an offset")
        demand(self.fraction.most <= 9, "fraction", "have at most 9 decimals")
        self.dtype = np.dtype(f"M8[{self.unit}]")
        self._pattern = pattern_of(tuple(self.template), *(tuple(getattr(self, words)) for words in WORDS.values()))

    @property
    def _n_digits(self):
        """Of fractions of a second in the unit."""
        return len(str(PER_SECOND[self.unit])) - 1

    @property
    def day_first(self):
        """Whether a number of the month follows that of the day."""
        return "d" in self._fields and "m" in self._fields[self._fields.index("d") :]

    def settle_ambiguity(self, is_tied, day_first):
        self.ambiguous = is_tied and day_first is None

    def is_refuted_by(self, texts):
        """20241301 shows that 20240325 is no date."""
        is_tight = self.template[:2] in (["%Y", "%m"], ["%Y", "%d"])
        return is_tight and any(text.isdigit() for text in texts)

    # Reading --------------------------------------------------------------------------------------------------

    def read(self, texts):
        values = self.missing_value(len(texts))
        matches = [self._pattern.fullmatch(text) for text in texts]
        rows = [i for i, match in enumerate(matches) if match]
        if rows:
            groups = zip(*(matches[i].groups() for i in rows), strict=True)
            values[rows] = self._values(self._numbers_of(dict(zip(self._fields, groups, strict=True))), len(rows))
        return values

    def _numbers_of(self, groups):
        """Texts of fields, lists of n, as numbers (n,)."""
        get = {field: _numbers(groups[field]) for field in NUMBERS if field in groups}
        get |= {field: _places(groups[field], getattr(self, WORDS[field])) for field in "Bp" if field in groups}
        if "f" in groups:
            get["f"] = _fractions(groups["f"], self._n_digits)
        if "z" in groups:
            get["z"] = _minutes(groups["z"])
        return get

    def read_many(self, shapes):
        groups = shapes.common_groups()
        if groups is None:
            return self.read(shapes.texts)
        fits = np.zeros(len(shapes), dtype=bool)
        get = {field: np.zeros(len(shapes), dtype=np.int64) for field in self._fields if field not in "Ao"}
        template = tuple(token if is_field(token) else token.translate(SAME_DIGIT) for token in self.template)
        pattern = pattern_of(template, *(tuple(getattr(self, words)) for words in WORDS.values()))
        for rows in groups:
            text = shapes.texts[rows[0]]
            match = pattern.fullmatch(text.translate(SAME_DIGIT))
            if match is not None:
                rows = rows[self._has_literal_digits(shapes, rows, match)]
                fits[rows] = True
                for place, field in enumerate(self._fields, 1):
                    if field in get:
                        get[field][rows] = self._number_in(field, shapes, rows, *match.span(place))
        values = self.missing_value(len(shapes))
        if fits.any():
            values[fits] = self._values({field: numbers[fits] for field, numbers in get.items()}, int(fits.sum()))
        return values

    def _has_literal_digits(self, shapes, rows, match):
        """Whether texts of one shape, (n_rows,), have the digits that stand between the fields of the template."""
        has = np.ones(len(rows), dtype=bool)
        place, end = 0, 0
        for token in self.template:
            if is_field(token):
                place += 1
                end = max(end, match.end(place))
                continue
            for character in token:
                if character in DIGITS:
                    has &= shapes.characters[end, rows] == ord(character)
                end += 1
        return has

    def _number_in(self, field, shapes, rows, start, end):
        """What a field of texts of one shape says, which stands from `start` to `end`: a number, or (n_rows,)."""
        text = shapes.texts[rows[0]][start:end] if len(rows) else ""
        if not text:
            return 0
        if field in NUMBERS:
            return shapes.number(rows, range(start, end))
        if field == "f":
            n_kept = min(end - start - 1, self._n_digits)
            return shapes.number(rows, range(start + 1, start + 1 + n_kept)) * 10 ** (self._n_digits - n_kept)
        if field == "z":
            return _minutes([shapes.texts[row][start:end] for row in rows.tolist()])
        return _places([text], getattr(self, WORDS[field]))[0]

    def _values(self, get, n):
        """Numbers of fields as datetimes (n,); NaT where they are no date."""
        zeros = np.zeros(n, dtype=np.int64)
        if "B" in get:
            get["m"] = get["B"] + 1
        if "q" in get:
            get["m"] = 3 * get["q"] - 2
        if "y" in get:
            get["Y"] = FIRST_TWO_DIGIT_YEAR + (get["y"] - FIRST_TWO_DIGIT_YEAR) % 100
        year, month, day = get["Y"], get.get("m", zeros + 1), get.get("d", zeros + 1)
        hour, minute, second = get.get("H", zeros), get.get("M", zeros), get.get("S", zeros)
        is_valid = (year > 0) & (month > 0) & (month < 13) & (day > 0) & (hour < 24) & (minute < 60) & (second < 60)
        if "I" in get:
            is_valid &= (get["I"] > 0) & (get["I"] < 13)
            hour = get["I"] % 12 + 12 * get["p"]
        months = (year * 12 + np.where(is_valid, month, 1) - 1 - 1970 * 12).view("M8[M]")
        days = months.astype("M8[D]") + (day - 1)
        is_valid &= days.astype("M8[M]") == months
        if self.unit == "ns":
            is_valid &= (year >= NANOSECOND_YEARS[0]) & (year <= NANOSECOND_YEARS[1])
        per_second = PER_SECOND[self.unit]
        counts = (days.view(np.int64) * 86400 + hour * 3600 + minute * 60 + second) * per_second
        if "f" in get:
            counts = counts + get["f"]
        if "z" in get:
            counts = counts - get["z"] * 60 * per_second
        values = counts.view(self.dtype)
        values[~is_valid] = "NaT"
        return values

    # Writing --------------------------------------------------------------------------------------------------

    def format(self, values):
        values = np.asarray(values)
        values = values.astype("M8[us]") if values.dtype.kind != "M" else values
        if self.unit == "ns" and values.dtype != self.dtype:
            low, high = (np.datetime64(f"{year}-06-30") for year in NANOSECOND_YEARS)
            values = np.where(np.isnat(values), values, np.clip(values.astype("M8[us]"), low, high))
        return super().format(values)

    def rewrite(self, texts, values):
        """With an offset per text, each is written in its own zone."""
        if "z" not in self._fields:
            return self.write(values)
        place = self._fields.index("z") + 1
        return self._written(values, [self._pattern.fullmatch(text)[place] for text in texts])

    def write(self, values):
        return self._written(values, [self.zone] * len(values))

    def _written(self, values, zones):
        counts = values.view(np.int64)
        if "z" in self._fields:
            counts = counts + _minutes(zones) * 60 * PER_SECOND[self.unit]
        parts = self._parts(self._rounded(counts))
        parts["z"] = zones
        columns = [parts[token[-1]](token) if callable(parts[token[-1]]) else parts[token[-1]]
                   for token in self.template if is_field(token)]  # fmt: skip
        line = "".join("%s" if is_field(token) else token.replace("%", "%%") for token in self.template)
        return [line % fields for fields in zip(*columns, strict=True)]

    def _rounded(self, counts):
        """Counts of the unit since 1970, rounded to what the template can write."""
        per_second = PER_SECOND[self.unit]
        years = YEARS["Y" if "Y" in self._fields else "y"]
        if self.unit == "ns":
            years = max(years[0], NANOSECOND_YEARS[0]), min(years[1], NANOSECOND_YEARS[1])
        low, high = (np.datetime64(f"{year:04d}-01-01", "s").astype(np.int64) for year in (years[0], years[1] + 1))
        # One day from the ends, so that neither an offset nor rounding leads out.
        counts = np.clip(counts, (low + 86400) * per_second, (high - 86400) * per_second - 1)
        if "q" in self._fields:
            nearest = (counts + 45 * 86400 * per_second).view(self.dtype).astype("M8[M]").view(np.int64)
            last = np.datetime64(f"{years[1]:04d}-10", "M").view(np.int64)
            return (np.minimum(nearest, last) // 3 * 3).view("M8[M]").astype(self.dtype).view(np.int64)
        if "d" not in self._fields:
            nearest = (counts + 15 * 86400 * per_second).view(self.dtype).astype("M8[M]")
            last = np.datetime64(f"{years[1]:04d}-12", "M")
            return np.minimum(nearest, last).astype(self.dtype).view(np.int64)
        step = self._step()
        return (counts + step // 2) // step * step

    def _step(self):
        per_second = PER_SECOND[self.unit]
        if "f" in self._fields:
            return per_second // 10 ** min(self.fraction.most, len(str(per_second)) - 1)
        finest = next((field for field in "SMHI" if field in self._fields), "d")
        return {"S": 1, "M": 60, "H": 3600, "I": 3600, "d": 86400}[finest] * per_second

    def _parts(self, counts):
        """The numbers or words of each field, as a function of its token or as a list."""
        per_second = PER_SECOND[self.unit]
        days, rest = np.divmod(counts, 86400 * per_second)
        seconds, rest = np.divmod(rest, per_second)
        dates = days.view("M8[D]")
        months = dates.astype("M8[M]")
        year, month = np.divmod(months.view(np.int64) + 1970 * 12, 12)
        day = (dates - months.astype("M8[D]")).view(np.int64) + 1
        hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60

        def padded(numbers):
            return lambda token: [TWO_DIGITS[PADS[token[1]]][n] for n in numbers.tolist()]

        def words(name, places):
            return lambda token: [getattr(self, name)[place] for place in places.tolist()]

        return {
            "Y": lambda token: [f"{n:04d}" for n in year.tolist()],
            "y": padded(year % 100),
            "m": padded(month + 1),
            "d": padded(day),
            "H": padded(hour),
            "I": padded((hour - 1) % 12 + 1),
            "M": padded(minute),
            "S": padded(second),
            "B": words("months", month),
            "A": words("weekdays", (days + 3) % 7),
            "p": words("halves", hour // 12),
            "q": lambda token: [str(n) for n in (month // 3 + 1).tolist()],
            "o": lambda token: [ordinal_suffix(n) for n in day.tolist()],
            "f": lambda token: self._fractions_written(rest.tolist()),
        }

    def _fractions_written(self, counts):
        n_digits = len(str(PER_SECOND[self.unit])) - 1
        kept = self.fraction.most
        texts = [f"0.{count:0{n_digits}d}"[: kept + 2] for count in counts]
        return [text[1:].replace(".", self.fraction_mark) for text in self.fraction.trim_all(texts)]

    # Telling --------------------------------------------------------------------------------------------------

    @property
    def name(self):
        said = [SAID[field] for field in self._fields if field in SAID]
        between = [token for token in self.template if not is_field(token) and token.strip() in ("/", "-", ".")]
        has_words = {"B", "A"} & set(self._fields)
        numeric = (between[0].strip() if between and not has_words else " ").join(said)
        clock = "".join(token for token in self.template if token[-1] in "HIMSfp" and is_field(token))
        what = "a date and time" if clock else "a date"
        zone = ""
        if "z" in self._fields:
            zone = f" with several offsets, written with {self.zone}"
        elif self.zone:
            zone = f" with the offset {self.zone}"
        return f"{what} as {numeric}{', with AM and PM' if 'p' in self._fields else ''}{zone}"

    def cure_for(self, column):
        source = series(column)
        if "o" in self._fields:
            source += r'.str.replace(r"(?<=\d)(st|nd|rd|th)", "", regex=True)'
        if "p" in self._fields and "." in self.halves[0]:
            source += r'.str.replace(r"([AaPp])\.([Mm])\.", r"\1\2", regex=True)'
        code, foreign = {}, {}
        for field in {"A", "B"} & set(self._fields):
            words = [word.lower() for word in getattr(self, WORDS[field])]
            names = [[name.lower() for name in names] for names in ENGLISH[field]]
            code[field] = field.lower() if words == names[1] else field
            if words not in names:
                foreign |= {
                    rf"\b{re.escape(word)}(?!\w)": name
                    for word, name in zip(getattr(self, WORDS[field]), ENGLISH[field][0], strict=True)
                    if word != name
                }
        if foreign:
            items = ", ".join(f'r"{word}": "{name}"' for word, name in foreign.items())
            source += f".replace({{{items}}}, regex=True)"
        if "q" in self._fields:
            # The first months of the quarters; pandas reads no quarters.
            letter = self._letter_of_quarters()
            months = ", ".join(f"{quoted(letter + quarter)}: {quoted(month)}" for quarter, month in QUARTERS)
            source += f".replace({{{months}}}, regex=True)"
        spelled = "".join(
            self._strptime(token, code) if is_field(token) else token.replace("%", "%%") for token in self.template
        )
        if "q" in self._fields:
            spelled = spelled.replace(letter + "%q", "%m")
        varies = "f" in self._fields and self.fraction.least == 0
        how = '"ISO8601"' if varies and spelled.startswith("%Y-%m-%d") else '"mixed"' if varies else quoted(spelled)
        utc = ", utc=True" if "z" in self._fields else ""
        return f"pd.to_datetime({source}, format={how}{utc}{coerced(self)})"

    def _letter_of_quarters(self):
        return self.template[self.template.index("%q") - 1][-1]

    def _strptime(self, token, code):
        field = token[-1]
        if field == "o":
            return ""
        return (self.fraction_mark if field == "f" else "") + "%" + code.get(field, field)


QUARTERS = (("1", "01"), ("2", "04"), ("3", "07"), ("4", "10"))
N_WORDS = {"B": 12, "A": 7, "p": 2}
PADS = {"-": "-", "_": " "} | dict.fromkeys(FIELDS, "0")


def is_field(token):
    return len(token) in (2, 3) and token[0] == "%" and token[-1].isalpha()


@lru_cache(maxsize=64)
def pattern_of(template, months, weekdays, halves):
    """The pattern of a template; numbers that stand side by side have two digits each."""
    lists = {"B": months, "A": weekdays, "p": halves}
    source = ""
    for i, token in enumerate(template):
        field = token[-1]
        if not is_field(token):
            source += re.escape(token)
        elif field in lists:
            longest_first = sorted(lists[field], key=len, reverse=True)
            source += "((?i:" + "|".join(map(re.escape, longest_first)) + "))"
        else:
            beside = template[max(0, i - 1) : i] + template[i + 1 : i + 2]
            is_tight = any(is_field(other) and other[-1] in FIELDS and other[-1] not in "ozf" for other in beside)
            source += "([0-9]{2})" if is_tight and field in PADDED else FIELDS[field]
    return re.compile(source)


def minutes_of(zone):
    """The minutes of an offset such as Z, +01:00 or -0530; None if it is none."""
    if zone is None or not re.fullmatch(FIELDS["z"], zone):
        return None
    if zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return (int(digits[:2]) * 60 + int(digits[2:])) * (-1 if zone[0] == "-" else 1)


def ordinal_suffix(day):
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _numbers(texts):
    return np.fromiter(map(int, texts), dtype=np.int64, count=len(texts))


def _places(texts, words):
    """The place of each text in a list of words, whatever their case."""
    place = {word.casefold(): i for i, word in enumerate(words)}
    return np.fromiter((place[text.casefold()] for text in texts), dtype=np.int64, count=len(texts))


def _minutes(zones):
    known = {zone: minutes_of(zone) for zone in set(zones)}
    return np.fromiter((known[zone] for zone in zones), dtype=np.int64, count=len(zones))


def _fractions(texts, n_digits):
    """Fractions with their mark (None without one) as counts of the unit that has `n_digits` decimals."""
    digits = ((text or ".")[1:].ljust(n_digits, "0")[:n_digits] for text in texts)
    return np.fromiter(map(int, digits), dtype=np.int64, count=len(texts))
