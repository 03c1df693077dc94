"""Many texts at once: their characters as an array, and groups of texts that differ in their digits alone.

What a pattern finds in one text of a group, it finds in all of them at the same places. So a pattern is tried once per
group, and the digits of all its texts are read as arrays.
"""

from functools import cached_property

import numpy as np
import pandas as pd

ZERO, NINE = ord("0"), ord("9")
SMALL_LETTERS = ord("a"), ord("z")
# Fewer texts are read one by one. So are texts of which hardly any two have a shape in common.
MIN_TEXTS = 50
MIN_PER_SHAPE = 8
PRIME = np.uint64(0x100000001B3)


class Shapes:
    """Texts with their characters and shapes. A shape is a text with all digits alike.

    Parameters
    ----------
    texts : list of n str
    """

    def __init__(self, texts):
        self.texts = texts

    def __len__(self):
        return len(self.texts)

    @cached_property
    def characters(self):
        """The codes of all characters, ndarray of shape (n_characters, n), 0 behind the end of a text.

        None where that is not possible, because a text holds the character 0.
        """
        joined = "".join(self.texts)
        if not joined or "\0" in joined:
            return None
        array = np.array(self.texts, dtype="S" if joined.isascii() else "U")
        codes = array.view(np.uint8 if joined.isascii() else np.uint32).reshape(len(self.texts), -1)
        return np.ascontiguousarray(codes.T)

    @cached_property
    def is_digit(self):
        return (self.characters >= ZERO) & (self.characters <= NINE)

    @cached_property
    def lengths(self):
        return (self.characters != 0).sum(axis=0)

    @cached_property
    def codes(self):
        """The number of each text's shape, in order of appearance (n,); None where there are no `characters`."""
        if self.characters is None:
            return None
        alike = np.where(self.is_digit, self.characters.dtype.type(ZERO), self.characters)
        hashes = np.zeros(len(self), dtype=np.uint64)
        for column in alike:
            hashes = (hashes ^ column) * PRIME
        codes, _ = pd.factorize(hashes)
        first = np.flatnonzero(~pd.Series(codes).duplicated().to_numpy())
        # Hashes may collide.
        return codes if all((column[first][codes] == column).all() for column in alike) else None

    def at(self, places):
        """The character at one place of each text (n,)."""
        return self.characters[places, np.arange(len(self))]

    @cached_property
    def ends_in_zero(self):
        return self.at(self.lengths - 1) == ZERO

    @cached_property
    def starts_with_zero(self):
        return self.characters[0] == ZERO

    @cached_property
    def has_zero_digits_only(self):
        return ~(self.is_digit & (self.characters != ZERO)).any(axis=0)

    @cached_property
    def has_zero_part(self):
        """Whether a text has a number that is zero, all of whose digits are zeros (n,)."""
        found = np.zeros(len(self), dtype=bool)
        only_zeros, after_digit = found, found
        nothing = np.zeros((1, len(self)), dtype=bool)
        before_digit = np.concatenate([self.is_digit[1:], nothing])
        for column, is_digit, precedes in zip(self.characters, self.is_digit, before_digit, strict=True):
            only_zeros = (column == ZERO) & (only_zeros | ~after_digit)
            found = found | (only_zeros & ~precedes)
            after_digit = is_digit
        return found

    @cached_property
    def first_digit_is_zero(self):
        return self.at(self.is_digit.argmax(axis=0)) == ZERO

    @cached_property
    def digit_of_unit(self):
        """The digit at the end that a small letter precedes, as in m2; 0 without one (n,)."""
        last, before = self.at(self.lengths - 1), self.at(self.lengths - 2)
        low, high = SMALL_LETTERS
        is_one = self.at_is_digit(self.lengths - 1) & (before >= low) & (before <= high)
        return np.where(is_one, last, 0)

    def at_is_digit(self, places):
        return self.is_digit[places, np.arange(len(self))]

    def groups(self, *flags):
        """The positions of the texts of each shape, and of each combination of `flags` (n,), in order of appearance."""
        codes = self.codes.astype(np.int64)
        for flag in flags:
            codes = codes * 256 + flag
        codes, found = pd.factorize(codes)
        order = np.argsort(codes, kind="stable")
        return np.split(order, np.cumsum(np.bincount(codes, minlength=len(found)))[:-1])

    def common_groups(self, *flags):
        """As `groups`; None where it is faster to read texts one by one."""
        if len(self) < MIN_TEXTS or self.codes is None:
            return None
        groups = self.groups(*flags)
        return groups if MIN_PER_SHAPE * len(groups) <= len(self) else None

    def number(self, rows, places):
        """The whole numbers, int64 (n_rows,), whose digits the texts `rows` have at these places; spaces count as 0."""
        numbers = np.zeros(len(rows), dtype=np.int64)
        for place in places:
            column = self.characters[place, rows].astype(np.int64)
            numbers = numbers * 10 + np.maximum(column - ZERO, 0)
        return numbers
