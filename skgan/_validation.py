"""Rules for constructor parameters, with one message per rule."""

from __future__ import annotations

import math
import numbers
from dataclasses import dataclass

# The largest whole number of 64 bits.
LARGEST_WHOLE = 2**63 - 1


def is_whole(value) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


@dataclass(frozen=True)
class Whole:
    """A whole number from `minimum` to `maximum`, or one of `words`."""

    minimum: int = 1
    words: tuple = ()
    maximum: int = LARGEST_WHOLE

    def __str__(self):
        return f"a whole number of at least {self.minimum}" + _or(self.words)

    def allows(self, value):
        return _in(value, self.words) or (is_whole(value) and self.minimum <= value <= self.maximum)


@dataclass(frozen=True)
class Positive:
    """A finite number above zero, or one of `words`."""

    words: tuple = ()

    def __str__(self):
        return "a number above 0" + _or(self.words)

    def allows(self, value):
        if _in(value, self.words):
            return True
        return isinstance(value, numbers.Real) and not isinstance(value, bool) and 0 < value < math.inf


@dataclass(frozen=True)
class NotNegative:
    """A finite number of at least zero."""

    def __str__(self):
        return "a number of at least 0"

    def allows(self, value):
        return isinstance(value, numbers.Real) and not isinstance(value, bool) and 0 <= value < math.inf


@dataclass(frozen=True)
class Share:
    """A float between 0 and 1, both excluded."""

    def __str__(self):
        return "a float above 0 and below 1"

    def allows(self, value):
        return isinstance(value, numbers.Real) and not isinstance(value, bool) and 0 < value < 1


@dataclass(frozen=True)
class Sizes:
    """A tuple or list of sizes of at least 1, of one of the `lengths` if any are given, or one of `words`."""

    words: tuple = ()
    lengths: tuple = ()

    def __str__(self):
        how_many = f"tuple of {' or '.join(map(str, self.lengths))}" if self.lengths else "non-empty tuple of"
        return f"a {how_many} whole numbers of at least 1" + _or(self.words)

    def allows(self, value):
        if _in(value, self.words):
            return True
        if not isinstance(value, tuple | list) or not value or (self.lengths and len(value) not in self.lengths):
            return False
        return all(is_whole(v) and 0 < v <= LARGEST_WHOLE for v in value)


@dataclass(frozen=True)
class Choice:
    """One of a few values."""

    values: tuple

    def __str__(self):
        return "one of " + ", ".join(map(repr, self.values))

    def allows(self, value):
        return value is None and None in self.values or (is_whole(value) and value in self.values)


@dataclass(frozen=True)
class Jobs:
    """A number of jobs in joblib's sense, or None."""

    def __str__(self):
        return "None, or a whole number other than 0 (-1 is one thread per core)"

    def allows(self, value):
        return value is None or (is_whole(value) and value != 0)


@dataclass(frozen=True)
class Flag:
    """True or False, or one of `words`."""

    words: tuple = ()

    def __str__(self):
        return "True or False" + _or(self.words)

    def allows(self, value):
        return _in(value, self.words) or type(value).__name__ in ("bool", "bool_")


def _in(value, words):
    return any(value is word or (isinstance(word, str) and isinstance(value, str) and value == word) for word in words)


def _or(words):
    return "".join(f" or {word!r}" for word in words)


def check_parameters(estimator, rules):
    """Raise a ``ValueError`` that names the first parameter of `estimator` that breaks its rule."""
    for name, rule in rules.items():
        value = getattr(estimator, name)
        if not rule.allows(value):
            raise ValueError(
                f"{name}={value!r} of {type(estimator).__name__} is not allowed; {name} must be {rule}"
                f"{_limit(value, rule)}."
            )


def check_option(name, value, rule):
    """Raise a ``ValueError`` if `value`, the argument of the parameter `name`, breaks its rule."""
    if not rule.allows(value):
        raise ValueError(f"{name}={value!r} is not allowed; {name} must be {rule}{_limit(value, rule)}.")


def _limit(value, rule):
    """The largest whole number that a rule allows, where a value is larger, or holds a larger one."""
    maximum = getattr(rule, "maximum", LARGEST_WHOLE)
    numbers = value if isinstance(value, tuple | list) else [value]
    is_large = any(is_whole(number) and number > maximum for number in numbers)
    return f", and at most {maximum}" if is_large else ""


def check_is_no_name(y):
    """Raise a ``ValueError`` if y is the name of a column of X instead of the column."""
    if isinstance(y, str):
        raise ValueError(
            f"y={y!r} is text, and y must hold one target per row; if {y!r} is a column of a frame df, pass "
            f"X=df.drop(columns={_quoted(y)}), y=df[{_quoted(y)}]."
        )


def _quoted(text):
    return '"' + text + '"' if '"' not in text else repr(text)


def check_n_samples(n_samples) -> int:
    """`n_samples` as an int of at least 1, or a clear error."""
    if not is_whole(n_samples):
        raise TypeError(f"n_samples={n_samples!r} must be a whole number; pass an int of at least 1.")
    if n_samples < 1:
        raise ValueError(f"n_samples={n_samples!r} must be at least 1; ask for one row or more.")
    return int(n_samples)
