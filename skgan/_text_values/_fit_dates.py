"""Find how a column writes dates: the template that most of its texts follow."""

import re

import numpy as np

from ._calendar import MONTH_LISTS, MONTH_WORDS, WEEKDAY_LISTS, WEEKDAY_WORDS, spelling_of
from ._clock import fraction_of, spelled_half
from ._dates import DIGITS, PADDED, DateStyle, pattern_of
from ._style import most_frequent, totals_of

CLOCK = re.compile(
    r"(?<![0-9])(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?P<fraction>[.,][0-9]{1,9})?)?)?"
    r"(?:(?P<half_gap>\s?)(?P<half>[AaPp](?:[Mm]|\.[Mm]\.))(?![A-Za-z]))?"
    r"(?:(?P<zone_gap>\s?)(?P<zone>Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)(?![0-9A-Za-z]))?(?![0-9:])"
)
TOKEN = re.compile(r"[0-9]+|[^\W\d_]+\.?|.", re.DOTALL)
LITERAL_WORDS = {"t", "of", "de", "del", "at", "um", "den", "le", "à", "uhr", *"年月日년월일"}
LITERALS = set("/-. ,:'[]")
# Numbers without a mark between them.
TIGHT = {8: "Ymd", 12: "YmdHM", 14: "YmdHMS"}
TIGHT_CLOCK = {4: "HM", 6: "HMS"}
TIGHT_YEARS = (1900, 2100)
QUARTER = re.compile("(?<![^\\W\\d_])[Qq][1-4](?![0-9])")
N_TEMPLATES = 6
LONGEST_DATE = 48


def fit_date(texts, weights, day_first=None):
    """The DateStyles of distinct texts with these weights: those that fit most texts, the likeliest order first."""
    totals = {}
    for text, weight in zip(texts, weights):
        for template in templates_of(text):
            totals[template] = totals.get(template, 0) + weight
    usual = sorted(totals, key=totals.get, reverse=True)[:N_TEMPLATES]
    found = []
    for template in usual:
        pattern = pattern_of(template, *ANY_WORDS)
        matches = [(match, weight) for match, weight in zip(map(pattern.fullmatch, texts), weights) if match]
        style = _style(template, [match.groups() for match, _ in matches], [weight for _, weight in matches])
        if style is not None:
            found.append((_weight_read(style, texts, weights), style))
    if not found:
        return []
    most = max(weight for weight, _ in found)
    best = [style for weight, style in found if weight >= 0.95 * most]
    # Of templates that differ in more than the order of the fields, the heaviest is taken.
    heaviest = max(found, key=lambda pair: pair[0])[1]
    best = [style for style in best if sorted(map(_field, style.template)) == sorted(map(_field, heaviest.template))]
    return sorted(best, key=lambda style: _rank(style.template, day_first))


def _weight_read(style, texts, weights):
    is_read = ~np.isnat(style.read(texts))
    return float(np.asarray(weights, dtype=float)[is_read].sum())


def _field(token):
    return token[-1] if token.startswith("%") else token


def _rank(template, day_first):
    """The place of a template among those with other orders of its fields, where the column does not decide."""
    order = "".join(token[-1] for token in template if token[0] == "%" and token[-1] in "Yymd").lower()
    if day_first is None:
        day_first = "/" not in template
    preferred, other = ("dmy", "mdy") if day_first else ("mdy", "dmy")
    return {preferred: 0, other: 2}.get(order, 1)


# Templates ----------------------------------------------------------------------------------------------------


def templates_of(text):
    """The templates that a text may follow, one for each order of its numbers; numbers are padded with zeros."""
    if not any(character.isdigit() for character in text[:LONGEST_DATE]) or len(text) > LONGEST_DATE:
        return []
    clock = next((match for match in CLOCK.finditer(text) if match["minute"] or match["half"]), None)
    if clock is None:
        before, after, middle = text, "", ()
    else:
        before, after, middle = text[: clock.start()], text[clock.end() :], _clock_template(clock)
    head, tail = _tokens(before), _tokens(after)
    if head is None or tail is None:
        return []
    tokens = [*head, *middle, *tail]
    return [tuple(order) for order in _orders(tokens)]


def _clock_template(clock):
    tokens = ["%I" if clock["half"] else "%H"]
    if clock["minute"]:
        tokens += [":", "%M"]
    if clock["second"]:
        tokens += [":", "%S"]
    if clock["fraction"]:
        tokens += ["%f"]
    if clock["half"]:
        tokens += [clock["half_gap"], "%p"] if clock["half_gap"] else ["%p"]
    if clock["zone"]:
        tokens += [clock["zone_gap"], "%z"] if clock["zone_gap"] else ["%z"]
    return tokens


def _tokens(text):
    """The fields and literal texts of the date part: "n" is a number of one or two digits. None if it is no date."""
    if QUARTER.search(text):
        return _tokens_with_quarter(text)
    parts = TOKEN.findall(text)
    words = [part.casefold() for part in parts]
    has_pure_month = any(word in MONTH_WORDS - WEEKDAY_WORDS for word in words)
    tokens = []
    for i, (part, word) in enumerate(zip(parts, words)):
        if is_number(part):
            if len(part) <= 2:
                tokens.append("n")
            elif len(part) == 4 and not (tokens and tokens[-1].casefold() == "t"):
                tokens.append("%Y")
            elif len(part) in TIGHT and TIGHT_YEARS[0] <= int(part[:4]) <= TIGHT_YEARS[1] and not tokens:
                tokens += ["%" + field for field in TIGHT[len(part)]]
            elif len(part) in TIGHT_CLOCK and tokens and tokens[-1].casefold() == "t":
                tokens += ["%" + field for field in TIGHT_CLOCK[len(part)]]
            else:
                return None
        elif part[0].isalpha():
            token = _word(part, word, has_pure_month, after_number=i > 0 and is_number(parts[i - 1]))
            if token is None:
                return None
            tokens += token
        elif part in LITERALS:
            tokens.append(part)
        else:
            return None
    return tokens


def _tokens_with_quarter(text):
    """As `_tokens`, of a text that may be a quarter: Q1 2024, 2024-Q1, Q1'24."""
    before, after = QUARTER.split(text, maxsplit=1)
    years = [part for part in TOKEN.findall(before + " " + after) if is_number(part)]
    marks = set(before + after) - set(DIGITS)
    if len(years) != 1 or len(years[0]) not in (2, 4) or not marks <= LITERALS:
        return None
    letter = QUARTER.search(text)[0][0]
    year = "%Y" if len(years[0]) == 4 else "%y"
    return [
        token
        for part in TOKEN.findall(before) + ["Q"] + TOKEN.findall(after)
        for token in ([letter, "%q"] if part == "Q" else [year] if is_number(part) else [part])
    ]


def is_number(part):
    return part.isascii() and part.isdigit()


def _word(part, word, has_pure_month, after_number):
    """The tokens of a word, which may end in a point."""
    is_weekday = word in WEEKDAY_WORDS and (word not in MONTH_WORDS or has_pure_month)
    if is_weekday or word in MONTH_WORDS:
        return ["%A" if is_weekday else "%B"]
    if after_number and re.fullmatch("st|nd|rd|th", word):
        return ["%o"]
    if after_number and part == "Z":
        return ["%z"]
    if word in LITERAL_WORDS:
        return [part]
    if part.endswith("."):
        token = _word(part[:-1], word[:-1], has_pure_month, after_number)
        return None if token is None else [*token, "."]
    return None


def _orders(tokens):
    """The tokens with each "n" as a month, day or two-digit year, in all orders in use."""
    joined = _joined(tokens)
    has = {field: f"%{field}" in joined for field in "YBdHz"}
    places = [i for i, token in enumerate(joined) if token == "n"]
    fields = [token.replace("%I", "%H") for token in joined if token.startswith("%")]
    if len(set(fields)) < len(fields) or len(places) > 3 or not (has["Y"] or places or "%y" in joined):
        return
    for order in _meanings(joined, has, places):
        tokens = list(joined)
        for place, field in zip(places, order):
            tokens[place] = "%" + field
        yield tokens


def _meanings(tokens, has, places):
    """What the numbers of one or two digits may be, as strings of fields."""
    n = len(places)
    if "%q" in tokens:
        return [""] if n == 0 else []
    if "%d" in tokens:  # 20240325
        return [""] if n == 0 else []
    if has["Y"]:
        year = tokens.index("%Y")
        if has["B"]:
            return {0: [""], 1: ["d"]}.get(n, [])
        if n == 2:
            return ["md"] if year < places[0] else ["md", "dm"] if year > places[1] else []
        is_month = n == 1 and not has["H"] and (year > places[0] or "-" in tokens)
        return ["m"] if is_month else []
    if has["B"]:
        word = tokens.index("%B")
        # 5 Mar 24, Mar 5, 24 and Mar-24, but not 24-Mar, which has no year.
        return {2: ["dy"] if word < places[-1] else [], 1: ["y"] if word < places[0] else []}.get(n, [])
    return ["mdy", "dmy", "ymd"] if n == 3 else []


def _joined(tokens):
    """Neighbouring literal texts as one; an empty one is left out."""
    joined = []
    for token in tokens:
        is_literal = token != "n" and not token.startswith("%")
        if is_literal and joined and joined[-1] != "n" and not joined[-1].startswith("%"):
            joined[-1] += token
        elif token:
            joined.append(token)
    # In "Mar  5" the second space is the padding of the day.
    for i, token in enumerate(joined[:-1]):
        if token.endswith("  ") and joined[i + 1] == "n":
            joined[i] = token[:-1]
    return joined


# From a template to a style -----------------------------------------------------------------------------------

ANY_WORDS = tuple(tuple(words) for words in (sorted(MONTH_WORDS), sorted(WEEKDAY_WORDS), ["am", "pm", "a.m.", "p.m."]))


def _style(template, groups, weights):
    """The style of a template and of the texts of its fields; None if there are none."""
    fields = [token[-1] for token in template if token[0] == "%"]
    if not groups:
        return None
    texts = dict(zip(fields, zip(*groups)))
    halves = most_frequent(texts.get("p", ()), weights) if "p" in texts else None
    lengths = [max(0, len(text or "") - 1) for text in texts.get("f", ())]
    zones = totals_of(texts["z"], weights) if "z" in texts else {}
    zone = max(zones, key=zones.get) if zones else None
    if len(zones) == 1:
        template = tuple(zone if token == "%z" else token for token in template)
    mark = most_frequent([text[0] for text in texts.get("f", ()) if text], [1] * sum(map(bool, texts.get("f", ()))))
    return DateStyle(
        exceptions=[],
        template=[_with_padding(token, texts, weights) for token in template],
        months=spelling_of(texts["B"], weights, MONTH_LISTS) if "B" in texts else [],
        weekdays=spelling_of(texts["A"], weights, WEEKDAY_LISTS) if "A" in texts else [],
        halves=[spelled_half(halves, letter) for letter in "ap"] if halves else [],
        fraction=fraction_of(lengths),
        fraction_mark=mark or ".",
        zone=zone,
        unit="ns" if max(lengths, default=0) > 6 else "us",
        ambiguous=False,
    )


def _with_padding(token, texts, weights):
    """A field of one or two digits with the padding that numbers below ten have."""
    field = token[-1]
    if token[0] != "%" or field not in PADDED:
        return token
    below_ten = [(text[:-1], weight) for text, weight in zip(texts[field], weights) if len(text.strip(" 0")) < 2]
    below_ten = [(pad, weight) for pad, weight in below_ten if pad in ("", "0", " ")]
    if not below_ten:
        return token
    return {"": "%-", "0": "%", " ": "%_"}[most_frequent(*zip(*below_ten))] + field
