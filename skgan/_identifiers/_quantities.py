"""Texts that mean something, and so are no identifiers: dates, times, numbers, amounts and sentences."""

import re
import statistics

MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
TIME = re.compile(
    "|".join(
        [
            r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2}([t ,].*)?)?",
            r"\d{1,2}[-/.]\d{1,2}[-/.](\d{2}|\d{4})([t ,].*)?",
            r"\d{1,3}:\d{2}(:\d{2}([.,]\d+)?)?(\s*[ap]\.?m\.?)?",
            r"((mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?" + MONTH + r"[ ,-]+\d.*",
            r"((mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?\d{1,2}(\.|st|nd|rd|th)?[ -]?" + MONTH + r"[ ,-]*\d{2,4}.*",
            r"\d{4}[- ]?[qwm]\d{1,2}",
            r"[qwm]\d{1,2}[ /-]\d{4}",
            r"(week|day|month|year|hour|quarter|age)\W*\d+",
            r"(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])(t?[0-2]\d[0-5]\d([0-5]\d)?)?z?",
        ]
    ),
    re.IGNORECASE,
)
DIGITS = re.compile(r"\d+", re.ASCII)
# Codes are padded with zeros, and phone numbers begin with a plus.
NUMBER = r"(?!0\d|\+\d{7})[-+−]?\s?(\d+|\d{1,3}([., '’]\d{3})+)([.,]\d+)?(e[-+]?\d+)?"
AMOUNT = re.compile(
    r"(?P<before>(us|eu|a|c)?[$€£¥₹]|usd|eur|gbp|chf|jpy|inr|rs\.?)?\s?" + NUMBER + r"\s?(?P<after>[^\d\s,;-]{1,6})?",
    re.IGNORECASE,
)
UNIT = r"\s?(s|sec|m|min|h|hrs?|d|seconds?|minutes?|hours?|days?|weeks?|months?|years?)\.?"
# Coordinates, sizes, durations, versions and colours.
SEVERAL_NUMBERS = re.compile(
    "|".join(
        [
            r"[(\[]?\s*[-+]?\d+\.\d+\s*[,; ]\s*[-+]?\d+\.\d+\s*[)\]]?",
            r"[nsew]\s?\d+[.°]\d+.*",
            r"\d+([.,]\d+)?(\s?[x×*]\s?\d+([.,]\d+)?){1,2}\s?[a-z]{0,5}",
            rf"\d+{UNIT}([\s,]*\d+{UNIT})*",
            r"v?\d+(\.\d+){1,2}",
            r"#[0-9a-f]{6}",
        ]
    ),
    re.IGNORECASE,
)
# A column has few units; what differs more is part of a code.
MAX_UNITS = 5
# Seconds and milliseconds since 1970, from 2001 to 2033.
EPOCH = re.compile(r"1\d{9}|1\d{12}")


def share_matching(pattern, texts):
    """The share of texts that match the pattern whole."""
    return sum(map(bool, map(pattern.fullmatch, texts))) / len(texts)


def are_times(texts):
    """Whether nine of ten texts are dates, times or periods."""
    return share_matching(TIME, texts) >= 0.9


def are_quantities(texts):
    """Whether nine of ten texts are times, sizes, coordinates, amounts or numbers with a unit; not whole numbers."""
    if are_times(texts) or share_matching(SEVERAL_NUMBERS, texts) >= 0.9:
        return True
    if share_matching(DIGITS, texts) >= 0.9:
        return False
    found = [match for match in map(AMOUNT.fullmatch, texts) if match]
    units = {match["after"] for match in found}
    return len(found) >= 0.9 * len(texts) and len(units) <= MAX_UNITS


def are_long(texts):
    """Whether the median of texts is as long as free text."""
    texts = [text[:1000] for text in texts]
    n_words = statistics.median(len(text.split()) for text in texts)
    n_letters = statistics.median(sum(map(str.isalpha, text)) for text in texts)
    n_characters = statistics.median(map(len, texts))
    if n_letters < n_characters / 2:
        return False
    is_spaceless = not all(map(str.isascii, texts))
    return n_words >= 4 or (n_characters >= 25 and (n_words >= 2 or is_spaceless))
