"""Durations as ISO 8601 writes them, as seconds: PT1H30M, P3D, P1DT2H, PT0.5S."""

import re
from itertools import product

import numpy as np

from skgan._state import ListOf, Part, Word, demand

from ._decimals import Decimals
from ._durations import MILLISECONDS, MOST_COUNTS, N_COMPARED, SHOWN, ZEROS
from ._style import Style, series

# Years and months have no fixed length.
LETTERS = {"week": "W", "day": "D", "hour": "H", "minute": "M", "second": "S"}
# Those behind the T.
OF_A_DAY = ("hour", "minute", "second")
NUMBER = "[0-9]+(?:[.,][0-9]+)?"


def _optional(units):
    return "".join(f"(?:(?P<{unit}>{NUMBER}){LETTERS[unit]})?" for unit in units)


CURE = r"^P(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$"
PATTERN = re.compile(rf"P(?=[0-9T]){_optional(('week', 'day'))}(?:T(?=[0-9]){_optional(OF_A_DAY)})?")


class IsoDurationStyle(Style):
    """How a column writes durations of ISO 8601, which are not negative.

    Attributes
    ----------
    units : list of str
        Keys of `LETTERS`, from the longest to the shortest.
    zeros : {"omitted", "kept", "omitted in front"}
        Which parts that are zero are left out.
    decimals : Decimals
        Of the last part.
    decimal_mark : {".", ","}
    """

    kind = "iso duration"
    STATE = {
        "kind": Word(("iso duration",)),
        **Style.STATE,
        "units": ListOf(Word(tuple(LETTERS)), 1, len(LETTERS)),
        "zeros": Word(ZEROS),
        "decimals": Part(Decimals),
        "decimal_mark": Word((".", ",")),
    }

    def __init__(self, **attributes):
        vars(self).update(attributes)
        self.complete()

    def complete(self):
        self._sizes = [MILLISECONDS[unit] for unit in self.units]
        demand(self._sizes == sorted(set(self._sizes), reverse=True), "units", "become shorter")
        demand(self.decimals.most <= 9, "decimals", "be at most 9")

    def read(self, texts):
        return np.fromiter(map(self._seconds, texts), dtype=np.float64, count=len(texts))

    def _seconds(self, text):
        parts = parts_of(text)
        if not parts or not {unit for unit, _ in parts} <= set(self.units):
            return np.nan
        return sum(float(number.replace(",", ".")) * MILLISECONDS[unit] for unit, number in parts) / 1000

    def write(self, values):
        finest, scale = self._sizes[-1], 10**self.decimals.most
        # Milliseconds are exact, too.
        most = min(MOST_COUNTS, MOST_COUNTS * scale // finest)
        counts = np.rint(np.clip(values / finest * 1000 * scale, 0, most)).astype(np.int64)
        return [self._text(count, scale) for count in counts.tolist()]

    def _text(self, count, scale):
        numbers = []
        for size in self._sizes[:-1]:
            number, count = divmod(count, size // self._sizes[-1] * scale)
            numbers.append(number)
        last = self.decimals.trim(f"{count / scale:.{self.decimals.most}f}").replace(".", self.decimal_mark)
        shown = [(self.units[i], [*numbers, last][i]) for i in SHOWN[self.zeros]([*numbers, count])]
        written = [f"{number}{LETTERS[unit]}" for unit, number in shown]
        n_long = sum(unit not in OF_A_DAY for unit, _ in shown)
        return "P" + "".join(written[:n_long]) + "T" * (n_long < len(written)) + "".join(written[n_long:])

    @property
    def name(self):
        return f"a duration of ISO 8601 in {' and '.join(f'{unit}s' for unit in self.units)}"

    def cure_for(self, column):
        source = series(column)
        if self.decimals.most and self.decimal_mark == ",":
            source += '.str.replace(",", ".", regex=False)'
        # pandas refuses PT100H, and takes PT1.5H for 5 hours and a second.
        sizes = [MILLISECONDS[unit] // 1000 for unit in LETTERS]
        return f'({source}.str.extract(r"{CURE}").astype(float) * {sizes}).sum(axis=1, min_count=1)'


def parts_of(text):
    """The (unit, number) of each part of a duration, the longest unit first; an empty list if it is none."""
    match = PATTERN.fullmatch(text)
    if match is None:
        return []
    parts = [(unit, match[unit]) for unit in LETTERS if match[unit] is not None]
    # Only the last part may have decimals.
    return parts if all(number.isdigit() for _, number in parts[:-1]) else []


def fit_iso_duration(texts, weights, day_first=None):
    """The likeliest IsoDurationStyle of distinct texts with these weights, in a list; an empty one without any."""
    rows = [(parts, text, weight) for text, weight in zip(texts, weights) if (parts := parts_of(text))]
    used = {unit for parts, _, _ in rows for unit, _ in parts}
    if not rows:
        return []
    units = [unit for unit in LETTERS if unit in used]
    last = [(parts[-1][1], weight) for parts, _, weight in rows if parts[-1][0] == units[-1]]
    lengths = [min(9, len(re.split("[.,]", number + ".")[1])) for number, _ in last]
    decimals = Decimals.candidates(lengths, [weight for _, weight in last])
    mark = "," if any("," in number for number, _ in last) else "."
    styles = [
        IsoDurationStyle(exceptions=[], units=units, zeros=zeros, decimals=rule, decimal_mark=mark)
        for zeros, rule in product(ZEROS if len(units) > 1 else ZEROS[:1], decimals)
    ]
    compared = rows[:: max(1, len(rows) // N_COMPARED)]

    def alike(style):
        written = style.write(style.read([text for _, text, _ in compared]))
        return sum(weight for (_, text, weight), other in zip(compared, written) if text == other)

    return [max(styles, key=alike)]
