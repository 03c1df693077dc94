"""Numbers with letters for thousands, millions and billions: 1.2K, $3M, 12.5K views."""

import re
from functools import partial

import numpy as np

from skgan._state import ListOf, Part, Text, Word, demand

from ._affixes import affix_of, with_minus
from ._decimals import Decimals
from ._style import Style, coerced, most_frequent, quoted, series, totals_of

# The power of ten of each letter; none is the number itself.
POWERS = {"": 0, "K": 3, "M": 6, "B": 9, "T": 12}
LETTER_OF = {power: letter for letter, power in POWERS.items()}
NUMBER = re.compile(
    r"(?P<lead>[^0-9]*?)(?P<whole>[0-9]{1,15})(?:(?P<mark>[.,])(?P<fraction>[0-9]{1,6}))?"
    r"(?P<gap>[ \u00a0]?)(?P<letter>[KMBTkmbt]?)(?P<tail>(?:[^\w].*)?)"
)
N_WIDTHS = 3
# The most digits before the mark.
MOST_DIGITS = 14
# Fewer numbers without a letter have lost theirs.
LEAST_BARE = 0.01


class MagnitudeStyle(Style):
    """How a column writes numbers with letters for powers of a thousand.

    Attributes
    ----------
    letters : list of str
        Those in use, from the smallest to the largest: "" for none, "K", "M", "B", "T", or these in lower case.
    lead, negative_lead, tail : str
        What stands around the number and its letter.
    gap : str
        What stands between a number and its letter.
    decimals : list of Decimals
        Three for each letter: of numbers with one, two and three digits before the decimal mark.
    decimal_mark : {".", ","}
    """

    kind = "magnitude"
    STATE = {
        "kind": Word(("magnitude",)),
        **Style.STATE,
        "letters": ListOf(Word((*POWERS, *map(str.lower, POWERS))), 2, len(POWERS)),
        "lead": Text(),
        "negative_lead": Text(),
        "tail": Text(),
        "gap": Text(),
        "decimals": ListOf(Part(Decimals), 2 * N_WIDTHS, N_WIDTHS * len(POWERS)),
        "decimal_mark": Word((".", ",")),
    }

    def __init__(self, **attributes):
        vars(self).update(attributes)
        self.complete()

    def complete(self):
        self._powers = [POWERS[letter.upper()] for letter in self.letters]
        demand(self._powers == sorted(set(self._powers)), "letters", "ascend")
        demand(len(self.decimals) == N_WIDTHS * len(self.letters), "decimals", f"be {N_WIDTHS} for each letter")
        demand(max(rule.most for rule in self.decimals) <= 6, "decimals", "be at most 6")

    # Reading --------------------------------------------------------------------------------------------------

    def read(self, texts):
        return np.fromiter(map(self._number, texts), dtype=np.float64, count=len(texts))

    def _number(self, text):
        match = NUMBER.fullmatch(text)
        if match is None or match["letter"] not in self.letters or match["tail"] != self.tail:
            return np.nan
        if match["gap"] != (self.gap if match["letter"] else ""):
            return np.nan
        if match["lead"] not in (self.lead, self.negative_lead) or match["mark"] not in (None, self.decimal_mark):
            return np.nan
        fraction = match["fraction"] or ""
        # Both are exact, so that the quotient is the nearest float.
        size = int(match["whole"] + fraction) * 10 ** POWERS[match["letter"].upper()] / 10 ** len(fraction)
        return -size if match["lead"] == self.negative_lead and size else float(size)

    # Writing --------------------------------------------------------------------------------------------------

    def write(self, values):
        return [self._text(value) for value in values.tolist()]

    def _text(self, value):
        place = len(self.letters) - 1
        size = min(abs(value), 10.0 ** (MOST_DIGITS + self._powers[place]))
        while place and size < 10.0 ** self._powers[place]:
            place -= 1
        number = self._digits(size, place)
        if len(number.partition(".")[0]) > N_WIDTHS and place < len(self.letters) - 1:
            # 999.96K is 1000.0K, which is 1.0M.
            place += 1
            number = self._digits(size, place)
        lead = self.negative_lead if value < 0 and number.strip("0.") else self.lead
        letter = self.letters[place]
        return lead + number.replace(".", self.decimal_mark) + self.gap * bool(letter) + letter + self.tail

    def _digits(self, size, place):
        scaled = size / 10.0 ** self._powers[place]
        for width in range(N_WIDTHS):
            rule = self.decimals[N_WIDTHS * place + width]
            digits = rule.trim(f"{scaled:.{rule.most}f}")
            # 9.96 with one decimal has two digits before the mark, and maybe other decimals.
            if len(digits.partition(".")[0]) <= width + 1:
                return digits
        return digits

    # Telling --------------------------------------------------------------------------------------------------

    @property
    def name(self):
        letters = [letter for letter in self.letters if letter]
        around = f' in "{self.lead.strip()}"' if self.lead.strip() else ""
        return f"a number{around} with {' and '.join(letters)} for powers of a thousand"

    def cure_for(self, column):
        source = series(column)
        for text in (self.lead.strip(), self.tail):
            if text:
                source += f'.str.replace({quoted(text)}, "", regex=False)'
        source += r'.str.replace(r"\s", "", regex=True)'
        if self.decimal_mark == ",":
            source += '.str.replace(",", ".", regex=False)'
        powers = {letter: power for letter, power in zip(self.letters, self._powers) if letter}
        pairs = ", ".join(f'r"(?<=\\d){letter}$": "e{power}"' for letter, power in powers.items())
        return f"pd.to_numeric({source}.replace({{{pairs}}}, regex=True){coerced(self)})"


def fit_magnitude(texts, weights, day_first=None):
    """The MagnitudeStyle of distinct texts with these weights, in a list; an empty one unless letters differ."""
    rows = [(match, weight) for match, weight in zip(map(NUMBER.fullmatch, texts), weights) if match]
    rows = [(match, weight) for match, weight in rows if _surrounds(match)]
    bare = sum(weight for match, weight in rows if not match["letter"])
    if bare <= LEAST_BARE * sum(weight for _, weight in rows):
        rows = [(match, weight) for match, weight in rows if match["letter"]]
    if not _are_powers(rows):
        return []
    letters = {match["letter"] for match, _ in rows}
    lettered = [(match, weight) for match, weight in rows if match["letter"]]
    marks = [(match["mark"], weight) for match, weight in rows if match["mark"]]
    positive = [(match["lead"], weight) for match, weight in rows if affix_of(match["lead"], "").sign >= 0]
    negative = [(match["lead"], weight) for match, weight in rows if affix_of(match["lead"], "").sign < 0]
    lead = most_frequent(*zip(*positive)) if positive else ""
    letters = sorted(letters, key=lambda letter: POWERS[letter.upper()])
    return [
        MagnitudeStyle(
            exceptions=[],
            letters=letters,
            lead=lead,
            negative_lead=most_frequent(*zip(*negative)) if negative else with_minus(lead),
            tail=most_frequent([match["tail"] for match, _ in rows], [weight for _, weight in rows]),
            gap=most_frequent([match["gap"] for match, _ in lettered], [weight for _, weight in lettered]),
            decimals=_decimals_of(rows, letters),
            decimal_mark=most_frequent(*zip(*marks)) if marks else ".",
        )
    ]


def _are_powers(rows):
    """Whether letters are powers of a thousand, and not units or sizes (12 K, 24M and 2T)."""
    letters = {match["letter"] for match, _ in rows}
    powers = sorted(POWERS[letter.upper()] for letter in letters)
    follow_each_other = len(powers) > 1 and all(np.diff(powers) == 3)
    return follow_each_other and any(match["fraction"] or len(match["whole"]) == N_WIDTHS for match, _ in rows)


def _surrounds(match):
    """Whether what stands around a number and its letter is a sign, a currency or a unit."""
    return affix_of(match["lead"], "") is not None and affix_of("", match["tail"]) is not None


def _decimals_of(rows, letters):
    """The rule of decimals for each letter and each number of digits before the mark.

    It is that of all letters, unless the letter has another one: few texts of a letter may have no decimals by chance.
    """
    found = []
    for letter in letters:
        lettered = [row for row in rows if bool(row[0]["letter"]) == bool(letter)]
        for width in range(1, N_WIDTHS + 1):
            wide = [row for row in lettered if min(len(row[0]["whole"]), N_WIDTHS) == width]
            mine = [row for row in wide if row[0]["letter"] == letter]
            rules = [_rule_of(some or lettered) for some in (wide, mine or wide)]
            found.append(max(rules, key=partial(_alike, rows=mine)))
    return found


def _rule_of(rows):
    """The rule by which most of the decimals of these rows are written."""
    lengths = totals_of([len(match["fraction"] or "") for match, _ in rows], [weight for _, weight in rows])
    rules = Decimals.candidates(list(lengths), list(lengths.values()))
    return max(rules, key=partial(_alike, rows=rows))


def _alike(rule, rows):
    """The weight of the rows whose decimals a rule writes as they are."""
    fractions = [(match["fraction"] or "", weight) for match, weight in rows]
    return sum(weight for fraction, weight in fractions if _trimmed(rule, fraction) == fraction)


def _trimmed(rule, fraction):
    return rule.trim(f"1.{fraction.ljust(rule.most, '0')}" if rule.most else "1").partition(".")[2]
