"""Durations in words, as seconds: 90 min, 2h 15m, 3 days, 1 hour 30 minutes."""

import re
from itertools import product

import numpy as np

from skgan._state import Flag, ListOf, Part, Text, Word, demand

from ._decimals import Decimals
from ._style import Style, coerced, most_frequent, quoted, series

# Milliseconds, and the words, whose case does not matter. Months and years have no fixed length.
UNITS = {
    "week": (604_800_000, "w wk wks week weeks"),
    "day": (86_400_000, "d day days"),
    "hour": (3_600_000, "h hr hrs hour hours"),
    "minute": (60_000, "m min mins minute minutes"),
    "second": (1000, "s sec secs second seconds"),
    "millisecond": (1, "ms msec msecs millisecond milliseconds"),
}
UNIT_OF = {word: unit for unit, (_, words) in UNITS.items() for word in words.split()}
MILLISECONDS = {unit: size for unit, (size, _) in UNITS.items()}
PANDAS = {
    "week": "W",
    "day": "days",
    "hour": "hours",
    "minute": "minutes",
    "second": "seconds",
    "millisecond": "milliseconds",
}
PART = re.compile(r"(?P<number>[0-9]+(?:[.,][0-9]+)?)(?P<gap>\s?)(?P<word>[A-Za-z]+)(?P<between>,? ?(?:and )?)")
ZEROS = ("omitted", "kept", "omitted in front")
MOST_COUNTS = 2**53
N_COMPARED = 1000


class DurationStyle(Style):
    """How a column writes durations in words.

    Attributes
    ----------
    units : list of str
        Keys of `UNITS`, from the longest to the shortest.
    ones, manys : list of str
        The word of each unit after 1 and after other numbers.
    gap, between : str
        What stands between a number and its word, and between two parts.
    zeros : {"omitted", "kept", "omitted in front"}
        Which parts that are zero are left out.
    two_digits : bool
        Whether parts after the first have two digits: 2h 05m.
    decimals : Decimals
        Of the last part.
    decimal_mark : {".", ","}
    """

    kind = "duration"
    STATE = {
        "kind": Word(("duration",)),
        **Style.STATE,
        "units": ListOf(Word(tuple(UNITS)), 1, len(UNITS)),
        "ones": ListOf(Text(), 1, len(UNITS)),
        "manys": ListOf(Text(), 1, len(UNITS)),
        "gap": Text(),
        "between": Text(),
        "zeros": Word(ZEROS),
        "two_digits": Flag(),
        "decimals": Part(Decimals),
        "decimal_mark": Word((".", ",")),
    }

    def __init__(self, **attributes):
        vars(self).update(attributes)
        self.complete()

    def complete(self):
        demand(len(self.units) == len(self.ones) == len(self.manys), "ones and manys", "be as many as units")
        sizes = [MILLISECONDS[unit] for unit in self.units]
        demand(sizes == sorted(set(sizes), reverse=True), "units", "become shorter")
        demand(self.decimals.most <= 9, "decimals", "be at most 9")
        for unit, one, many in zip(self.units, self.ones, self.manys, strict=True):
            demand({UNIT_OF.get(word.lower()) for word in (one, many)} == {unit}, "ones and manys", "name the units")
        self._sizes = sizes

    # Reading --------------------------------------------------------------------------------------------------

    def read(self, texts):
        return np.fromiter(map(self._seconds, texts), dtype=np.float64, count=len(texts))

    def _seconds(self, text):
        parts = parts_of(text)
        if parts is None or not {unit for _, unit, _ in parts} <= set(self.units):
            return np.nan
        total = sum(float(number.replace(",", ".")) * MILLISECONDS[unit] for number, unit, _ in parts) / 1000
        return -total if text[0] == "-" and total else total

    # Writing --------------------------------------------------------------------------------------------------

    def write(self, values):
        finest, scale = self._sizes[-1], 10**self.decimals.most
        counts = np.rint(np.clip(np.abs(values) / finest * 1000 * scale, 0, MOST_COUNTS)).astype(np.int64)
        sizes = [size // finest * scale for size in self._sizes[:-1]]
        return [
            "-" * (value < 0 < count) + self._text(count, sizes)
            for value, count in zip(values.tolist(), counts.tolist(), strict=True)
        ]

    def _text(self, count, sizes):
        numbers = []
        for size in sizes:
            number, count = divmod(count, size)
            numbers.append(number)
        shown = SHOWN[self.zeros]([*numbers, count])
        texts = []
        for i in shown:
            if i == len(sizes):
                number = self.decimals.trim(f"{count / 10**self.decimals.most:.{self.decimals.most}f}")
                is_one = count == 10**self.decimals.most
            else:
                number, is_one = str(numbers[i]), numbers[i] == 1
            if self.two_digits and i != shown[0]:
                whole, point, decimals = number.partition(".")
                number = whole.zfill(2) + point + decimals
            word = (self.ones if is_one else self.manys)[i]
            texts.append(number.replace(".", self.decimal_mark) + self.gap + word)
        return self.between.join(texts)

    # Telling --------------------------------------------------------------------------------------------------

    @property
    def name(self):
        return f"a duration in {' and '.join(PANDAS[unit].replace('W', 'weeks') for unit in self.units)}"

    def cure_for(self, column):
        source = series(column)
        if self.decimals.most and self.decimal_mark == ",":
            source += r'.str.replace(r"(?<=\d),(?=\d)", ".", regex=True)'
        if self.between.strip():
            source += f'.str.replace({quoted(self.between)}, " ", regex=False)'
        for unit, *words in zip(self.units, self.ones, self.manys, strict=True):
            if any(word.lower() not in PANDAS_WORDS for word in words) or unit == "week":
                words = "|".join(sorted({word.lower() for word in words}, key=len, reverse=True))
                source += rf'.str.replace(r"(?i)(?<=[\d ])({words})(?![a-z])", "{PANDAS[unit]}", regex=True)'
        return f"pd.to_timedelta({source}{coerced(self)}).dt.total_seconds()"


PANDAS_WORDS = set(
    "day days h hr hour hours m min minute minutes s sec second seconds ms millisecond milliseconds".split()
)


def _nonzero(numbers):
    return [i for i, number in enumerate(numbers) if number] or [len(numbers) - 1]


SHOWN = {
    "omitted": _nonzero,
    "kept": lambda numbers: list(range(len(numbers))),
    "omitted in front": lambda numbers: list(range(_nonzero(numbers)[0], len(numbers))),
}


def parts_of(text):
    """The (number, unit, match) of each part of a duration in words, the longest unit first; None if it is none."""
    end, parts = text.startswith("-"), []
    while end < len(text):
        match = PART.match(text, end)
        unit = match and UNIT_OF.get(match["word"].lower())
        is_shorter = unit and (not parts or MILLISECONDS[unit] < MILLISECONDS[parts[-1][1]])
        if not is_shorter or (parts and not parts[-1][0].isdigit()):
            return None
        parts.append((match["number"], unit, match))
        end = match.end()
    return parts if parts and not parts[-1][2]["between"] else None


def fit_duration(texts, weights, day_first=None):
    """The likeliest DurationStyle of distinct texts with these weights, in a list; an empty one without any."""
    rows = [(parts, text, weight) for text, weight in zip(texts, weights) if (parts := parts_of(text))]
    pieces = [(number, unit, match, weight) for parts, _, weight in rows for number, unit, match in parts]
    used = {unit for _, unit, _, _ in pieces}
    # "5 m" are metres.
    if not rows or {match["word"].lower() for _, _, match, _ in pieces} == {"m"}:
        return []
    units = [unit for unit in UNITS if unit in used]
    ones, manys = zip(*(_words(unit, pieces) for unit in units))
    last = [(number, weight) for number, unit, _, weight in pieces if unit == units[-1]]
    lengths = [min(9, len(re.split("[.,]", number + ".")[1])) for number, _ in last]
    inner = [(match["between"], weight) for parts, _, weight in rows for _, _, match in parts[:-1]]
    options = {
        "exceptions": [],
        "units": units,
        "ones": list(ones),
        "manys": list(manys),
        "gap": most_frequent([match["gap"] for _, _, match, _ in pieces], [weight for *_, weight in pieces]),
        "between": most_frequent(*zip(*inner)) if inner else " ",
        "decimal_mark": "," if any("," in number for number, _ in last) else ".",
    }
    later = [number for parts, _, _ in rows for number, _, _ in parts[1:]]
    two_digits = any(len(number) > 1 and number[0] == "0" for number in later)
    decimals = Decimals.candidates(lengths, [weight for _, weight in last])
    styles = [
        DurationStyle(**options, zeros=zeros, two_digits=two_digits, decimals=rule)
        for zeros, rule in product(ZEROS if len(units) > 1 else ZEROS[:1], decimals)
    ]
    compared = rows[:: max(1, len(rows) // N_COMPARED)]

    def alike(style):
        written = style.write(style.read([text for _, text, _ in compared]))
        return sum(weight for (_, text, weight), other in zip(compared, written) if text == other)

    return [max(styles, key=alike)] if len(styles) > 1 else styles


def _words(unit, pieces):
    """The usual words of a unit after 1 and after other numbers."""
    mine = [(match["word"], weight, number == "1") for number, its_unit, match, weight in pieces if its_unit == unit]
    words = [
        most_frequent([word for word, _, one in mine if one == wanted], [w for _, w, one in mine if one == wanted])
        for wanted in (True, False)
    ]
    return words[0] or words[1], words[1] or words[0]
