"""Texts by their layouts: which characters may stand at each position."""

import collections
import math
import re
import string

import numpy as np

from skgan._state import Array, ListOf, Text, demand

from ._draw import RandomMaker, described

DIGITS = string.digits
LOWER_HEX, UPPER_HEX = "0123456789abcdef", "0123456789ABCDEF"
LETTERS = string.ascii_letters
# The first class that holds all characters seen at a position counts.
CLASSES = (
    DIGITS,
    LOWER_HEX,
    UPPER_HEX,
    string.ascii_lowercase,
    string.ascii_uppercase,
    DIGITS + string.ascii_lowercase,
    DIGITS + string.ascii_uppercase,
    LETTERS,
    DIGITS + LETTERS,
)
SHAPES = str.maketrans({c: kind[0] for kind in (DIGITS, string.ascii_lowercase, string.ascii_uppercase) for c in kind})
# A layout is learned from at least so many texts, so that none of them can be read from it.
MIN_TEXTS = 5
MIN_SHARE = 0.02
MAX_LENGTH = 200
# They are learned from at most so many texts.
N_SAMPLED = 5000
# So many texts that no two drawn ones are the same: UUIDs have 2^122.
VAST = 2**90


class Layouts(RandomMaker):
    """Texts whose layout is drawn by its frequency, and each character from those of its position.

    Parameters
    ----------
    layouts : list of list of str
        The characters of each position, of each layout; a position with one character is constant.
    weights : array-like of shape (n_layouts,)
    name : str or None, default=None
        None describes the most frequent layout.
    """

    STATE = {
        "name": Text(),
        "layouts": ListOf(ListOf(Text(), 1, MAX_LENGTH), 1, round(1 / MIN_SHARE)),
        "weights": Array("f", (None,), 1e-9, 1),
    }

    def __init__(self, layouts, weights, name=None):
        self.layouts = layouts
        self.weights = np.asarray(weights, dtype=float) / np.sum(weights)
        self.name = name or describe(layouts[int(np.argmax(self.weights))], len(layouts) == 1)

    def complete(self):
        demand(len(self.weights) == len(self.layouts), "weights", "be as many as layouts")
        demand(abs(self.weights.sum() - 1) < 1e-6, "weights", "add up to 1")
        demand(all(map(all, self.layouts)), "layouts", "have characters at each position")
        longest = max(len(chars) for layout in self.layouts for chars in layout)
        demand(longest <= N_SAMPLED, "layouts", f"have at most {N_SAMPLED} characters at a position")

    @property
    def repeats(self):
        """Whether texts may be drawn twice; among 100 million of these many, less than once in 10^11 calls."""
        return min(math.prod(map(len, layout)) for layout in self.layouts) < VAST

    def size(self, stage):
        return self._stage(stage)[1]

    def draw(self, stage, n, rng):
        layouts, _ = self._stage(stage)
        texts = np.empty(n, dtype=object)
        which = rng.choice(len(layouts), n, p=self.weights / self.weights.sum())
        for i, layout in enumerate(layouts):
            rows = np.flatnonzero(which == i)
            if len(rows):
                texts[rows] = draw_texts(layout, len(rows), rng)
        return texts.tolist()

    def _stage(self, stage):
        """The layouts of a stage, and how many draws of them use one of them up: that one is longer in the next."""
        layouts = list(self.layouts)
        for _ in range(stage):
            i = int(np.argmin(self._n_draws(layouts)))
            layouts[i] = longer(layouts[i])
        return layouts, math.ceil(min(self._n_draws(layouts)))

    def _n_draws(self, layouts):
        # Larger spaces are never used up.
        sizes = [min(math.prod(map(len, layout)), 2**62) for layout in layouts]
        return sizes / self.weights


def draw_texts(layout, n, rng):
    """n random texts of a layout (list of str)."""
    sizes = [len(chars) for chars in layout]
    table = np.zeros((len(layout), max(sizes)), dtype=np.uint32)
    for row, chars in zip(table, layout):
        row[: len(chars)] = list(map(ord, chars))
    picks = rng.integers(0, sizes, (n, len(layout)))
    codes = table[np.arange(len(layout)), picks]
    return codes.view(f"U{len(layout)}").ravel().tolist()


def longer(layout):
    """A layout with one more position: after its last changing digit, else after its last changing position."""
    changing = [j for j, chars in enumerate(layout) if len(chars) > 1]
    digits = [j for j in changing if set(layout[j]) <= set(DIGITS)]
    j = (digits or changing or [len(layout) - 1])[-1]
    return [*layout[: j + 1], _whole_class(layout[j]) if changing else DIGITS, *layout[j + 1 :]]


def _whole_class(chars):
    return next((kind for kind in CLASSES if set(chars) <= set(kind)), "".join(sorted(chars)))


def alphabet(seen):
    """The characters of a position where those of the set `seen` occur: one; or a whole class if half of it occurs."""
    kind = _whole_class(seen)
    if kind == DIGITS and "0" not in seen:
        kind = DIGITS[1:]  # the first digit of a number
    return kind if len(seen) > 1 and len(seen) >= len(kind) / 2 else "".join(sorted(seen))


def alphabets(texts):
    """The layout of texts of the same length."""
    return [alphabet(set(column)) for column in zip(*texts)]


def is_clean(layout):
    """Whether each position is one character, or letters and digits only."""
    return all(len(chars) == 1 or set(chars) <= set(CLASSES[-1]) for chars in layout)


def group(texts, key):
    """Groups of texts of the same `key`, large ones first; too small ones are left out."""
    groups = collections.defaultdict(list)
    for text in texts:
        groups[key(text)].append(text)
    smallest = max(MIN_TEXTS, MIN_SHARE * len(texts))
    return sorted((each for each in groups.values() if len(each) >= smallest), key=len, reverse=True)


def shape(text):
    """A text with 0, a and A for its digits, small and capital letters."""
    return text.translate(SHAPES)


def shape_with_country(text):
    """The shape of a phone number, whose country code is kept."""
    code = re.match(r"\+\d{1,3}(?=\D)|\+\d{2}|", text)[0]
    return code + shape(text[len(code) :])


def learn_layouts(texts, key=shape):
    """The layouts of texts and how many texts have each.

    Texts of one length whose positions each have characters of one kind are one layout; else there is one for each
    frequent value of `key`; else for each frequent length; else one of letters and digits, of the median length.

    Returns
    -------
    layouts : list of list of str
    counts : list of int
    regular : bool
        Whether the layouts say more than lengths, and nearly all texts have one.
    """
    texts = [text for text in texts if 0 < len(text) <= MAX_LENGTH]
    n = len(texts)
    by_length = group(texts, len)
    if key is shape and by_length and len(by_length[0]) >= 0.95 * n:
        layout = alphabets(by_length[0])
        if is_clean(layout):
            return [layout], [len(by_length[0])], True
    by_key = group(texts, key)
    n_covered = sum(map(len, by_key))
    if n_covered >= 0.8 * n:
        return list(map(alphabets, by_key)), list(map(len, by_key)), n_covered >= 0.95 * n
    if by_length:
        return list(map(alphabets, by_length)), list(map(len, by_length)), False
    length = sorted(map(len, texts))[n // 2]
    return [[_whole_class(set("".join(texts)) & set(CLASSES[-1]) or DIGITS)] * max(length, 1)], [n], False


def is_clear(layout):
    """Whether texts of this layout can only be codes: 3 changing digits and a letter, or 8 digits, and no words."""
    changing = [chars for chars in layout if len(chars) > 1]
    digits = [chars for chars in changing if not set(DIGITS).isdisjoint(chars)]
    n_digits = sum(not set(DIGITS).isdisjoint(chars) for chars in layout)
    is_code = (has_letter(layout) and len(digits) >= 3) or (n_digits >= 8 and len(digits) >= 4)
    return is_code and not has_words(layout)


def has_words(layout):
    """Whether small letters change at places where no digits stand."""
    return any(len(chars) > 1 and set(DIGITS).isdisjoint(chars) and any(map(str.islower, chars)) for chars in layout)


def has_letter(layout):
    """Whether a letter changes or stands before all digits, unlike those of a unit: "AB-1", but not "5h 10m"."""
    for chars in layout:
        if not set(LETTERS).isdisjoint(chars):
            return True
        if not set(DIGITS).isdisjoint(chars):
            break
    return any(len(chars) > 1 and not set(LETTERS).isdisjoint(chars) for chars in layout)


def describe(layout, is_only):
    """A layout in words, with 0, A and a for changing digits and letters."""
    return described("".join(map(_shown, layout)), is_only)


def _shown(chars):
    if len(chars) == 1:
        return chars
    return next((mark for mark, kind in (("0", DIGITS), ("A", string.ascii_uppercase), ("a", string.ascii_lowercase))
                 if set(chars) <= set(kind)), "X")  # fmt: skip
