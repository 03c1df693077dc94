"""Numbers in text: signs, currencies, units, thousands separators, decimals."""

import re

import numpy as np

from skgan._state import Flag, ListOf, Part, Text, Whole, Word, demand

from ._affixes import MINUS, affix_of, is_currency
from ._decimals import Decimals
from ._style import Style, coerced, quoted, series

# Comma, point, apostrophes; space, no-break space, narrow no-break space, thin space.
SPACES = " \u00a0\u202f\u2009"
GROUP_MARKS = ("", ",", ".", "'", "\u2019", *SPACES)
INSIDE = "0-9.,'\u2019" + SPACES
# A point that follows a letter ends an abbreviation (Rs.500) and starts no fraction.
NO_LETTER_BEFORE = r"(?<![^\W\d_])"


def number_pattern(core):
    """The pattern of a number with these digits: what leads, digits, exponent, what follows."""
    return re.compile(rf"([^0-9]*?)({core})([eE][+-]?[0-9]+)?([^0-9]*|[^0-9]*[a-z][23])")


NUMBER = number_pattern(rf"(?:{NO_LETTER_BEFORE}[.,])?[0-9](?:[{INSIDE}]*[0-9])?")
# More digits than float64 can hold exactly.
MOST_DIGITS = 15
NOTATIONS = ("plain", "scientific", "shortest")
PADDINGS = ("none", "left", "right", "zeros")
# Numbers that texts may surround differently: -5, 0, "1 mile", "5 miles".
NEGATIVE, ZERO, ONE, POSITIVE = range(4)


class NumberStyle(Style):
    """How a column writes numbers.

    Attributes
    ----------
    leads, tails : list of 4 str
        What stands before and after the digits of negative numbers, zero, one and other positive numbers.
    decimal_mark, group_mark : str
        The latter is empty if digits are not grouped.
    grouping : {"thousands", "indian"}
    group_from : int
        The number of digits from which they are grouped; 0 is never.
    decimals : Decimals
    drops_zero : bool
        Whether .5 is written, and not 0.5.
    notation : {"plain", "scientific", "shortest"}
        "shortest" is Python's: an exponent for very large and very small numbers alone.
    n_digits : int
        The most significant digits of any training value.
    exponent_letter : {"e", "E"}
    exponent_plus : bool
        Whether positive exponents of "scientific" have a plus.
    exponent_digits : int
        The fewest digits of an exponent of "scientific".
    padding : {"none", "left", "right", "zeros"}
        What fills a text up to `width`: spaces on the left, spaces on the right, or zeros before the integer part.
    width : int
    """

    kind = "number"
    STATE = {
        "kind": Word(("number",)),
        **Style.STATE,
        "leads": ListOf(Text(), 4, 4),
        "tails": ListOf(Text(), 4, 4),
        "decimal_mark": Word((".", ",")),
        "group_mark": Word(GROUP_MARKS),
        "grouping": Word(("thousands", "indian")),
        "group_from": Whole(0, 9),
        "decimals": Part(Decimals),
        "drops_zero": Flag(),
        "notation": Word(NOTATIONS),
        "n_digits": Whole(1, 17),
        "exponent_letter": Word(("e", "E")),
        "exponent_plus": Flag(),
        "exponent_digits": Whole(1, 9),
        "padding": Word(PADDINGS),
        "width": Whole(0, 64),
    }

    def __init__(self, **attributes):
        vars(self).update(attributes)
        self.complete()

    def complete(self):
        affixes = [affix_of(lead, tail) for lead, tail in zip(self.leads, self.tails, strict=True)]
        demand(None not in affixes, "leads and tails", "surround a number")
        demand(affixes[NEGATIVE].sign < 0, "leads and tails", "hold the minus of negative numbers")
        demand(min(affix.sign for affix in affixes[1:]) >= 0, "leads and tails", "hold no minus of positive numbers")
        demand(self.group_mark != self.decimal_mark, "group_mark", "differ from decimal_mark")
        demand(self.group_mark or not self.group_from, "group_from", "be 0 without a group_mark")
        self._affixes = affixes
        self._pattern = number_pattern(core_source(self.group_mark, self.decimal_mark, self.grouping))
        self._marks = str.maketrans({",": self.group_mark, ".": self.decimal_mark})
        self._moves_marks = self.decimal_mark != "." or self.group_mark not in ("", ",")
        self._signs = {}

    @property
    def whole(self):
        """Whether all numbers are whole."""
        return self.n_decimals == 0

    @property
    def n_decimals(self):
        """The largest number of decimals; None if there is no limit, as with exponents."""
        return self.decimals.most if self.notation == "plain" else None

    # Reading --------------------------------------------------------------------------------------------------

    def read(self, texts):
        return np.fromiter(map(self._number, texts), dtype=np.float64, count=len(texts))

    def _number(self, text):
        match = self._pattern.fullmatch(text)
        if match is None:
            return np.nan
        lead, core, exponent, tail = match.groups()
        sign = self._sign_of(lead, tail)
        if not sign:
            return np.nan
        size = number_of(core, exponent, self.group_mark, self.decimal_mark)
        # Without the sum, -0.00 would be a negative zero.
        return sign * size + 0.0 if size < np.inf else np.nan

    def read_many(self, shapes):
        groups = shapes.common_groups(*self._flags(shapes))
        if groups is None:
            return self.read(shapes.texts)
        values = self.missing_value(len(shapes))
        for rows in groups:
            match = self._pattern.fullmatch(shapes.texts[rows[0]])
            if match is not None:
                values[rows] = self._numbers(shapes, rows, match)
        return values

    def _flags(self, shapes):
        """What the pattern asks of digits: grouped ones do not start with 0, and a unit ends in 2 or 3."""
        return () if shapes.codes is None else (shapes.first_digit_is_zero, shapes.digit_of_unit)

    def _numbers(self, shapes, rows, match):
        """The numbers of texts of one shape (n_rows,), in one of which the pattern found `match`."""
        lead, core, exponent, tail = match.groups()
        places = [place for place, character in enumerate(core, match.start(2)) if character.isdigit()]
        if exponent or len(places) > MOST_DIGITS:
            return self.read([shapes.texts[row] for row in rows.tolist()])
        n_decimals = len(core.partition(self.decimal_mark)[2])
        # Both are exact, so that the quotient is the nearest float, as `float` returns it.
        sizes = shapes.number(rows, places) / 10.0**n_decimals
        return (self._sign_of(lead, tail) or np.nan) * sizes + 0.0

    def _sign_of(self, lead, tail):
        sign = self._signs.get((lead, tail))
        if sign is None:
            sign = self._signs[lead, tail] = self._sign(lead, tail)
        return sign

    def _sign(self, lead, tail):
        """1 or -1; 0 if the texts around the digits are of another currency or unit."""
        affix = affix_of(lead, tail)
        fits = (
            affix is not None
            and affix.before in {"", *(known.before for known in self._affixes)}
            and affix.after in {"", *(known.after for known in self._affixes)}
        )
        return (-1 if affix.sign < 0 else 1) if fits else 0

    # Writing --------------------------------------------------------------------------------------------------

    def write(self, values):
        digits = WRITE[self.notation](self, np.abs(values).tolist())
        cases = self._cases(values, digits)
        if self.padding == "zeros":
            digits = [_zeros_before(text, self.width) for text in digits]
        if self.drops_zero:
            digits = [text[1:] if text.startswith("0.") else text for text in digits]
        if self._moves_marks:
            digits = [text.translate(self._marks) for text in digits]
        texts = [self.leads[case] + text + self.tails[case] for case, text in zip(cases, digits)]
        if self.padding == "left":
            return [text.rjust(self.width) for text in texts]
        return [text.ljust(self.width) for text in texts] if self.padding == "right" else texts

    def _cases(self, values, digits):
        """Whether each number is written as negative, zero, one or positive: -0.001 may be a zero."""
        cases = np.where(values < 0, NEGATIVE, POSITIVE)
        cases[values == 0] = ZERO
        for i in np.flatnonzero((np.abs(values) < 1) & (values != 0)):
            if not digits[i].strip("0."):
                cases[i] = ZERO
        for i in np.flatnonzero((values > 0.5) & (values < 1.5)):
            if digits[i].rstrip("0.") == "1":
                cases[i] = ONE
        return cases.tolist()

    def _plain(self, sizes):
        mark = "," if self.group_from == 4 and self.grouping == "thousands" else ""
        texts = list(map(f"{{:{mark}.{self.decimals.most}f}}".format, sizes))
        if self.group_from and not mark:
            texts = [_grouped(text, self.group_from, self.grouping) for text in texts]
        return self.decimals.trim_all(texts)

    def _scientific(self, sizes):
        texts = []
        for size in sizes:
            mantissa, exponent = f"{size:.{self.decimals.most}e}".split("e")
            exponent = int(exponent)
            sign = "-" if exponent < 0 else "+" * self.exponent_plus
            mantissa = self.decimals.trim(mantissa)
            texts.append(f"{mantissa}{self.exponent_letter}{sign}{abs(exponent):0{self.exponent_digits}d}")
        return texts

    def _shortest(self, sizes):
        texts = [repr(float(f"{size:.{self.n_digits}g}")) for size in sizes]
        if self.decimals.least == 0:
            texts = [text.removesuffix(".0") for text in texts]
        return [text.upper() for text in texts] if self.exponent_letter == "E" else texts

    # Telling --------------------------------------------------------------------------------------------------

    @property
    def name(self):
        affix = self._affixes[POSITIVE]
        details = []
        if self.group_mark:
            details.append("thousands separators")
        if self.decimal_mark == "," and not self.whole:
            details.append("a decimal comma")
        if "(" in self.leads[NEGATIVE]:
            details.append("negative numbers in parentheses")
        said = " with " + " and ".join(details) if details else ""
        if affix.after == "%":
            return "a percentage" + said
        if affix.before or is_currency(affix.after):
            what = f'an amount in "{affix.before or affix.after}"'
            if affix.before and affix.after:
                what += f' {"per" if affix.after[0] == "/" else "and"} "{affix.after.removeprefix("/")}"'
            return what + said
        if affix.after:
            return f'a number with the unit "{affix.after}"' + (" and" + said.removeprefix(" with") if said else "")
        if self.notation == "scientific":
            return "a number in scientific notation" + said
        return ("a whole number" if self.whole else "a number") + said

    def cure_for(self, column):
        source = series(column)
        misleading = [text for text in self.exceptions if any(character.isdigit() for character in text)]
        if misleading:
            source += f".mask({source}.isin({misleading!r}))"
        kept = "0-9" + self.decimal_mark + ("eE+" if self.notation != "plain" else "") + "-"
        words = {word for affix in self._affixes for word in (affix.before, affix.after)}
        for word in sorted(words, key=len, reverse=True):
            if re.search(f"[{kept}]", word):
                source += f'.str.replace({quoted(word)}, "", regex=False)'
        if "(" in self.leads[NEGATIVE]:
            source += '.str.replace("(", "-", regex=False)'
        if MINUS[1] in self.leads[NEGATIVE] + self.tails[NEGATIVE]:
            source += f'.str.replace("{MINUS[1]}", "-", regex=False)'
        if self.tails[NEGATIVE].strip().endswith(MINUS):
            source += r'.str.replace(r"(.*)-\s*$", r"-\1", regex=True)'
        if self.group_mark or self.padding in ("left", "right") or any(map(str.strip, self.leads + self.tails)):
            source += f'.str.replace(r"[^{kept}]", "", regex=True)'
        if self.decimal_mark == ",":
            source += '.str.replace(",", ".", regex=False)'
        return f"pd.to_numeric({source}{coerced(self)})"


WRITE = {"plain": NumberStyle._plain, "scientific": NumberStyle._scientific, "shortest": NumberStyle._shortest}


def _zeros_before(digits, width):
    integer, point, fraction = digits.partition(".")
    return integer.zfill(width) + point + fraction


def _grouped(digits, group_from, grouping):
    integer, point, fraction = digits.partition(".")
    return (GROUP[grouping](integer) if len(integer) >= max(4, group_from) else integer) + point + fraction


def grouped_by_three(integer):
    return f"{int(integer):,}"


def grouped_indian(integer):
    """12,34,567: three digits, and pairs before them."""
    head, last = integer[:-3], integer[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)]
    return ",".join([*reversed(pairs), last])


GROUP = {"thousands": grouped_by_three, "indian": grouped_indian}


def core_source(group_mark, decimal_mark, grouping):
    """The pattern of digits with these marks; the first group of grouped digits never starts with 0."""
    mark = re.escape(group_mark)
    groups = {
        "thousands": rf"[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}})+",
        "indian": rf"[1-9][0-9]?(?:{mark}[0-9]{{2}})*{mark}[0-9]{{3}}",
    }
    integer = rf"(?:[0-9]+|{groups[grouping]})" if group_mark else "[0-9]+"
    point = re.escape(decimal_mark)
    return rf"(?:{integer}(?:{point}[0-9]+)?|{NO_LETTER_BEFORE}{point}[0-9]+)"


def core_pattern(group_mark, decimal_mark, grouping):
    return re.compile(core_source(group_mark, decimal_mark, grouping))


def number_of(core, exponent, group_mark, decimal_mark):
    if group_mark:
        core = core.replace(group_mark, "")
    if decimal_mark == ",":
        core = core.replace(",", ".")
    return float(core + (exponent or ""))
