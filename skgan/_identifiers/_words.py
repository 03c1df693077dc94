"""Made-up words; e-mail addresses and names of persons that are made of them."""

import collections
import re

import numpy as np

from skgan._state import Flag, Text, Word

from ._draw import RandomMaker

# Reserved for examples (RFC 2606): nobody can own them.
DOMAINS = ("example.com", "example.org", "example.net")
ONSETS = ("b", "d", "f", "g", "l", "m", "n", "r", "s", "t", "v", "br", "tr", "st")
SYLLABLES = np.array([onset + vowel for onset in ONSETS for vowel in "aeio"], dtype=object)
ENDINGS = np.array(["", "l", "n", "r", "s", "rd", "nd", "x"], dtype=object)

EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]{2,}")
NAME_WORD = r"[^\W\d_]+(['’-][^\W\d_]+)*\.?"
PERSON = re.compile(rf"{NAME_WORD},?( {NAME_WORD}){{1,4}}")
TITLE = re.compile(r"\b(mr|mrs|miss|ms|dr|prof|master|mme|mlle|herr|frau|sr|sra)\b\.?", re.IGNORECASE)
# Common first names of several languages: few other columns hold them in a fifth of their rows.
FIRST_NAMES = frozenset(
    "james mary john patricia robert jennifer michael linda david elizabeth william barbara richard susan joseph "
    "jessica thomas sarah charles karen christopher lisa daniel nancy matthew betty anthony margaret mark sandra "
    "donald ashley steven kimberly paul emily andrew donna joshua michelle kenneth carol kevin amanda brian melissa "
    "george deborah edward stephanie ronald rebecca timothy laura jason sharon jeffrey cynthia ryan kathleen jacob "
    "amy gary angela nicholas anna eric emma jonathan samantha stephen katherine peter hans klaus jürgen wolfgang "
    "maria ursula monika petra sabine claudia julia lukas leon felix max marie sophie jean pierre michel jacques "
    "philippe camille chloe juan jose carlos luis antonio manuel carmen ana isabel lucia pedro miguel joao giovanni "
    "giuseppe marco luca francesca giulia ahmed mohammed muhammad ali fatima omar hassan wei li ming yuki hiroshi "
    "ivan olga dmitri natasha alice bob eva lena mia lea tim tom jan nina sara alexander martin simon oliver jack "
    "harry grace".split()
)
CASES = {"lower": str.lower, "upper": str.upper, "title": str.title}


def commonest(values):
    """The most frequent of some values; the first of them among equally frequent ones."""
    return collections.Counter(values).most_common(1)[0][0]


def n_words(n_syllables):
    return len(SYLLABLES) ** n_syllables * len(ENDINGS)


def words_at(rng, n, n_syllables):
    """n random words of `n_syllables` syllables, in lower case."""
    syllables = SYLLABLES[rng.integers(0, len(SYLLABLES), (n, n_syllables))]
    return (syllables.sum(axis=1) + ENDINGS[rng.integers(0, len(ENDINGS), n)]).tolist()


def case_of(text):
    """ "lower", "upper" or "title"."""
    return "lower" if text == text.lower() else "upper" if text == text.upper() else "title"


class Emails(RandomMaker):
    """E-mail addresses at domains that are reserved for examples; case, separator and digits as most have them."""

    STATE = {"case": Word(tuple(CASES)), "separator": Word((".", "_", "-", "+", "")), "has_digits": Flag()}
    name = "e-mail addresses"

    def __init__(self, texts):
        found = [text.split("@")[0] for text in texts if EMAIL.fullmatch(text)]
        self.case = commonest(map(case_of, found))
        self.separator = commonest((re.findall(r"[._+-]", text) or [""])[0] for text in found)
        self.has_digits = commonest(text[-1].isdigit() for text in found)

    def size(self, stage):
        return len(DOMAINS) * n_words(2) * n_words(2 + stage) * (1000 if self.has_digits else 1)

    def draw(self, stage, n, rng):
        case, separator = CASES[self.case], self.separator
        domains = rng.integers(0, len(DOMAINS), n).tolist()
        digits = rng.integers(0, 1000, n).tolist() if self.has_digits else [""] * n
        words = zip(words_at(rng, n, 2), words_at(rng, n, 2 + stage), digits, domains)
        return [f"{case(first + separator + last)}{digit}@{DOMAINS[d]}" for first, last, digit, d in words]


class Persons(RandomMaker):
    """Names of persons, "First Last" or "Last, First", in the case that most have; titles are left out."""

    STATE = {"case": Word(tuple(CASES)), "separator": Text(), "n_first": Word(("one", "two"))}
    name = "names of persons"

    def __init__(self, texts):
        found = [TITLE.sub("", text).split() for text in texts if PERSON.fullmatch(text)]
        self.case = commonest(map(case_of, map(" ".join, found)))
        self.separator = commonest(", " if any(word.endswith(",") for word in words) else " " for words in found)
        self.n_first = commonest("two" if len(words) > 2 else "one" for words in found)

    def size(self, stage):
        return n_words(2) ** (2 if self.n_first == "two" else 1) * n_words(2 + stage)

    def draw(self, stage, n, rng):
        case = CASES[self.case]
        first, last = words_at(rng, n, 2), words_at(rng, n, 2 + stage)
        if self.n_first == "two":
            first = list(map(" ".join, zip(first, words_at(rng, n, 2))))
        if self.separator == ", ":
            first, last = last, first
        return [case(f"{a}{self.separator}{b}") for a, b in zip(first, last)]


def are_persons(texts, hint):
    """Whether texts are names of persons: they look so, and first names, titles or the column's name say so."""
    found = [text for text in texts if PERSON.fullmatch(text)]
    n_titles = sum(bool(TITLE.search(text)) for text in texts)
    if n_titles >= 0.5 * len(texts) and len(found) >= 0.5 * len(texts):
        return True
    if len(found) < 0.95 * len(texts):
        return False
    n_common = sum(not FIRST_NAMES.isdisjoint(re.findall(r"[^\W\d_]+", text.lower())) for text in found)
    return hint == "persons" or n_common >= 0.2 * len(texts)
