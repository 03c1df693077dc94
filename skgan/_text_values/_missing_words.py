"""Words that stand for a missing value in a column of numbers or times."""

# In lower case.
MISSING_WORDS = frozenset(
    "na n/a n.a. nan null none nil \\n #n/a #na #null! #div/0! #value! - -- \u2013 \u2014 ? . .. missing unknown "
    "k.a.".split()
) | {"", "not available", "not applicable"}


def is_missing_word(text):
    """Whether a text is such a word, or blank."""
    return text.strip().casefold() in MISSING_WORDS
