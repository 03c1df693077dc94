"""Find how a column writes numbers."""

import re
from itertools import product

import numpy as np

from ._affixes import affix_of, is_currency, with_minus, without_sign
from ._decimals import Decimals
from ._numbers import (
    GROUP_MARKS,
    MOST_DIGITS,
    NEGATIVE,
    NUMBER,
    ONE,
    POSITIVE,
    SPACES,
    ZERO,
    NumberStyle,
    core_pattern,
    number_of,
)
from ._style import most_frequent, totals_of

# As many digits as a telephone number has.
TELEPHONE = 7
# Writing candidates are compared on so many distinct texts.
N_COMPARED = 1000


def fit_number(texts, weights, day_first=None):
    """The NumberStyle of distinct texts with these weights, as a list; empty if they are no numbers."""
    column = _Numbers(texts, weights)
    if not len(column.rows) or column.is_a_code():
        return []
    candidates = column.candidates()
    if len(candidates) == 1:
        return candidates
    compared = column.rows[:: max(1, len(column.rows) // N_COMPARED)]
    originals, values = [row.text for row in compared], np.array([row.value for row in compared])

    def alike(style):
        pairs = zip(style.write(values), originals, compared)
        return sum(row.weight for written, text, row in pairs if written == text)

    return [max(candidates, key=alike)]


class _Row:
    """One distinct text: its parts, and its value."""

    __slots__ = ("text", "weight", "lead", "core", "exponent", "tail", "affix", "value")

    def __init__(self, text, weight, match, affix):
        self.text, self.weight, self.affix = text, weight, affix
        self.lead, self.core, self.exponent, self.tail = match.groups()


class _Numbers:
    """The distinct texts of a column that may be numbers of one style."""

    def __init__(self, texts, weights):
        self.rows = _with_one_affix(_split(texts, weights))
        self.group_mark, self.decimal_mark, self.grouping = _marks_of(self.rows)
        pattern = core_pattern(self.group_mark, self.decimal_mark, self.grouping)
        self.rows = [row for row in self.rows if pattern.fullmatch(row.core)]
        for row in self.rows:
            size = number_of(row.core, row.exponent, self.group_mark, self.decimal_mark)
            row.value = -size if row.affix.sign < 0 and size else size
        self.rows = [row for row in self.rows if np.isfinite(row.value)]
        self.parts = [row.core.partition(self.decimal_mark) for row in self.rows]
        self.integers = [integer.replace(self.group_mark, "") for integer, _, _ in self.parts]
        self.weights = [row.weight for row in self.rows]

    # Text that only looks like numbers ------------------------------------------------------------------------

    def is_a_code(self):
        """Whether the digits are those of a code, a telephone number or a product, which are text."""
        if any(row.exponent for row in self.rows):
            # 1E05 alone is a product; 1.5E05 and 1E+05 are numbers.
            return not any(
                self.decimal_mark in row.core or row.exponent[1:2] in ("+", "-") for row in self.rows if row.exponent
            )
        if any(point for _, point, _ in self.parts) or any(row.affix.before or row.affix.after for row in self.rows):
            return False
        lengths = set(map(len, self.integers))
        if any(integer.startswith("0") and len(integer) > 1 for integer in self.integers):
            return True
        if max(lengths) > MOST_DIGITS:
            return True
        if np.median(list(map(len, self.integers))) >= TELEPHONE:
            explicit = all(row.affix.sign > 0 for row in self.rows)
            spaced = self.group_mark and self.group_mark in SPACES and len(lengths) == 1
            return explicit or bool(spaced)
        return False

    # The style ------------------------------------------------------------------------------------------------

    def candidates(self):
        """The styles that may write the texts back."""
        leads, tails = self._surroundings()
        padding, width = self._padding()
        if padding in ("left", "right"):
            leads, tails = _stripped(padding, leads, tails)
        exponents = [row.exponent for row in self.rows if row.exponent]
        fixed = {
            "leads": leads,
            "tails": tails,
            "decimal_mark": self.decimal_mark,
            "group_mark": self.group_mark,
            "grouping": self.grouping,
            "drops_zero": self._drops_zero(),
            "n_digits": min(17, max(1, *(len(_significant(row.core)) for row in self.rows))),
            "padding": padding,
            "width": width,
            "exceptions": [],
            **_exponent_style(exponents),
        }
        lengths = [len(fraction) for _, _, fraction in self.parts]
        decimals = Decimals.candidates([min(40, length) for length in lengths], self.weights)
        return [
            NumberStyle(**fixed, decimals=rule, group_from=group_from, notation=notation)
            for rule, group_from, notation in product(decimals, self._group_froms(), self._notations(exponents))
        ]

    def _notations(self, exponents):
        if len(exponents) == len(self.rows):
            return ("scientific",)
        has_fraction = any(fraction for _, _, fraction in self.parts)
        is_long = has_fraction and any(len(_significant(row.core)) > MOST_DIGITS for row in self.rows)
        return ("shortest",) if exponents else ("plain", "shortest") if is_long else ("plain",)

    def _group_froms(self):
        return (4, 0, 5) if self.group_mark else (0,)

    def _surroundings(self):
        """The usual texts before and after the digits of negative numbers, zero, one and positive numbers."""
        cases = [_case(row.value) for row in self.rows]
        found = {}
        for case in (NEGATIVE, ZERO, ONE, POSITIVE):
            mine = [row for row, its_case in zip(self.rows, cases) if its_case == case]
            found[case] = most_frequent([(row.lead, row.tail) for row in mine], [row.weight for row in mine])
        if found[ZERO] and affix_of(*found[ZERO]).sign < 0:
            found[ZERO] = without_sign(*found[ZERO])
        found[POSITIVE] = found[POSITIVE] or found[ONE] or found[ZERO] or without_sign(*(found[NEGATIVE] or ("", "")))
        lead, tail = found[POSITIVE]
        found[ONE] = found[ONE] or (lead, tail)
        found[ZERO] = found[ZERO] or (lead.replace("+", ""), tail)
        found[NEGATIVE] = found[NEGATIVE] or (with_minus(lead), tail)
        return [found[case][0] for case in range(4)], [found[case][1] for case in range(4)]

    def _padding(self):
        lengths = {len(row.text) for row in self.rows}
        if len(lengths) == 1:
            width = lengths.pop()
            if len({len(row.lead) - len(row.lead.lstrip()) for row in self.rows}) > 1:
                return "left", min(width, 64)
            if len({len(row.tail) - len(row.tail.rstrip()) for row in self.rows}) > 1:
                return "right", min(width, 64)
        padded = {len(integer) for integer in self.integers if integer.startswith("0") and len(integer) > 1}
        # Longer numbers need no zeros; shorter ones, or zeros up to several lengths, are no padding.
        if len(padded) == 1 and min(map(len, self.integers)) in padded:
            return "zeros", min(64, padded.pop())
        return "none", 0

    def _drops_zero(self):
        small = [(row.core[0], row.weight) for row in self.rows if 0 < abs(row.value) < 1 and not row.exponent]
        return bool(small) and most_frequent(*zip(*small)) == self.decimal_mark


def _case(value):
    return NEGATIVE if value < 0 else ZERO if value == 0 else ONE if value == 1 else POSITIVE


def _stripped(padding, leads, tails):
    if padding == "left":
        return [lead.lstrip() for lead in leads], tails
    return leads, [tail.rstrip() for tail in tails]


def _significant(core):
    return re.sub("[^0-9]", "", core).lstrip("0")


def _exponent_style(exponents):
    """The usual letter, whether positive exponents have a plus, and how many digits all have at least."""
    written = [(text[0], text[1:].lstrip("+-"), text[1]) for text in exponents]
    ones = [1] * len(written)
    return {
        "exponent_letter": most_frequent([letter for letter, _, _ in written], ones) or "e",
        "exponent_plus": any(sign == "+" for _, _, sign in written) or all(sign == "-" for _, _, sign in written),
        "exponent_digits": min([9, *(len(digits) for _, digits, _ in written)]) if written else 2,
    }


def _split(texts, weights):
    """The texts that are digits with signs, currencies and units around them."""
    affixes, rows = {}, []
    for text, weight in zip(texts, weights):
        match = NUMBER.fullmatch(text)
        if match is None:
            continue
        key = match[1], match[4]
        if key not in affixes:
            affixes[key] = affix_of(*key)
        if affixes[key] is not None:
            rows.append(_Row(text, weight, match, affixes[key]))
    return rows


def _with_one_affix(rows):
    """The rows with the usual currency and unit, with none, or with a singular of the unit: 1 mile, 2 miles."""
    totals = totals_of([row.affix[1:] for row in rows], [row.weight for row in rows])
    if len(totals) < 2:
        return rows
    plural = [row for row in rows if not re.fullmatch("1(?:[.,]0+)?", row.core)] or rows
    usual = most_frequent([row.affix[1:] for row in plural], [row.weight for row in plural])
    singular = [row.affix[1:] for row in rows if row.core == "1"]
    singular = most_frequent(singular, [row.weight for row in rows if row.core == "1"])
    known = {usual, ("", ""), (usual[0], ""), ("", usual[1])} | ({singular} if _is_singular(singular, usual) else set())
    return [row for row in rows if row.affix[1:] in known]


def _is_singular(one, usual):
    """Whether one unit is the other's singular: both start alike, as day and days, foot and feet do."""
    return (
        one is not None
        and one[0] == usual[0]
        and bool(one[1])
        and one[1][:1] == usual[1][:1] != ""
        and (one[1].isalpha() and usual[1].isalpha() and len(usual[1]) > 2)
    )


def _marks_of(rows):
    """The group mark, decimal mark and grouping that most of the column can be read with.

    Of equals the first in order is taken. So 1,234 is a thousand where nothing speaks against it. But 1.234 alone is
    a fraction, as everywhere in computing, unless it is an amount of money, or whole numbers below 1000 are there and
    the decimals were not cut (12.500).
    """
    if not rows:
        return "", ".", "thousands"
    used = set("".join({row.core for row in rows})) - set("0123456789")
    # The digits before an exponent are never grouped.
    groups = {""} if any(row.exponent for row in rows) else {"", *used}
    candidates = [marks for marks in _candidates_of_marks() if marks[0] in groups]
    total = sum(row.weight for row in rows)
    scores = []
    for marks in candidates:
        pattern = core_pattern(*marks)
        scores.append(sum(row.weight for row in rows if pattern.fullmatch(row.core)))
        if scores[-1] == total and marks != ("", ".", "thousands"):
            break
    best = candidates[int(np.argmax(scores))]
    dotted = (".", ",", "thousands")
    if best == ("", ".", "thousands") and scores[0] and _are_thousands(rows):
        return dotted
    return best


def _candidates_of_marks():
    yield "", ".", "thousands"
    yield ",", ".", "thousands"
    yield ",", ".", "indian"
    others = [mark for mark in GROUP_MARKS if mark not in ("", ",", ".")]
    for mark in others:
        yield mark, ".", "thousands"
    yield ".", ",", "thousands"
    for mark in others:
        yield mark, ",", "thousands"
    yield "", ",", "thousands"


def _are_thousands(rows):
    """Whether the points of a column, in which each has three digits behind it, separate thousands."""
    pattern = core_pattern(".", ",", "thousands")
    dotted = [row for row in rows if "." in row.core]
    if not dotted or not all(pattern.fullmatch(row.core) for row in rows) or any(row.exponent for row in rows):
        return False
    if any(is_currency(text) for row in rows for text in row.affix[1:]):
        return True
    others = [row for row in rows if "." not in row.core]
    return bool(others) and all(len(row.core) <= 3 for row in others) and any(row.core.endswith("0") for row in dotted)
