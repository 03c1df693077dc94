"""Convert fitted parts to trees of strings, numbers and arrays, and check such trees when they are read from files.

Anyone can craft a file with a correct checksum. So each part lists its attributes with their rules in `STATE`, and
checks that they fit together in `complete`. A broken rule raises a `BrokenFileError` that names the part, the attribute
and the rule.
"""

from __future__ import annotations

import math
import numbers
import reprlib
import sys
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from skgan.exceptions import BrokenFileError

# Sums and products of a few million such numbers are still finite.
LARGE = 1e100
# The largest finite number, for those that are not added or multiplied, or with care.
LARGEST = sys.float_info.max
# Errors that crafted content can raise when it is read.
UNREADABLE = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


class Rule:
    """A rule for one attribute. Subclasses define ``allows(value) -> bool``, and text that completes "must be ..."."""

    def read(self, name, value):
        """Check `value` of a state and convert it to the attribute's value."""
        demand(self.allows(value), name, f"be {self}, not {_shown(value)}")
        return value

    def state_of(self, value):
        """The reverse of `read`."""
        return value


@dataclass(frozen=True)
class Whole(Rule):
    """A whole number of at least `low` and at most `high`."""

    low: int = 0
    high: int = 2**63 - 1

    def __str__(self):
        return f"a whole number from {self.low} to {self.high}"

    def allows(self, value):
        return isinstance(value, numbers.Integral) and not isinstance(value, bool) and self.low <= value <= self.high


@dataclass(frozen=True)
class Number(Rule):
    """A finite number of at least `low` and at most `high`."""

    low: float = -LARGE
    high: float = LARGE

    def __str__(self):
        return f"a number from {self.low} to {self.high}"

    def allows(self, value):
        return isinstance(value, numbers.Real) and not isinstance(value, bool) and self.low <= value <= self.high


@dataclass(frozen=True)
class Flag(Rule):
    """True or False."""

    def __str__(self):
        return "True or False"

    def allows(self, value):
        return isinstance(value, bool)


@dataclass(frozen=True)
class Word(Rule):
    """One of several words."""

    words: tuple

    def __str__(self):
        return "one of " + ", ".join(map(repr, self.words))

    def allows(self, value):
        return isinstance(value, str) and value in self.words


@dataclass(frozen=True)
class Text(Rule):
    """Any text."""

    def __str__(self):
        return "text"

    def allows(self, value):
        return isinstance(value, str)


@dataclass(frozen=True)
class Tree(Rule):
    """A dict; the code that reads it checks its items."""

    def __str__(self):
        return "a dict"

    def allows(self, value):
        return isinstance(value, dict)


@dataclass(frozen=True)
class Maybe(Rule):
    """None, or a value that another rule allows."""

    rule: Rule

    def __str__(self):
        return f"None or {self.rule}"

    def read(self, name, value):
        return None if value is None else self.rule.read(name, value)

    def state_of(self, value):
        return None if value is None else self.rule.state_of(value)


@dataclass(frozen=True)
class ListOf(Rule):
    """A list or tuple of `shortest` to `longest` items that another rule allows."""

    rule: Rule
    shortest: int = 0
    longest: float = math.inf

    def __str__(self):
        return f"a list of {self.shortest} to {self.longest} items"

    def allows(self, value):
        return isinstance(value, list | tuple) and self.shortest <= len(value) <= self.longest

    def read(self, name, value):
        value = super().read(name, value)
        return type(value)(self.rule.read(f"{name}[{i}]", item) for i, item in enumerate(value))

    def state_of(self, value):
        return type(value)(map(self.rule.state_of, value))


@dataclass(frozen=True)
class Categories(Rule):
    """Categories: a list of distinct, hashable values."""

    def __str__(self):
        return "a list of distinct values, none of which is missing"

    def allows(self, value):
        if not isinstance(value, list):
            return False
        try:
            known = all(category is not None and bool(category == category) for category in value)
            return known and len(set(value)) == len(value)
        except (TypeError, ValueError):  # unhashable, or without a truth value
            return False


@dataclass(frozen=True)
class Array(Rule):
    """An array of finite numbers from `low` to `high`.

    Parameters
    ----------
    kinds : str
        Allowed letters of ``dtype.kind``.
    shape : tuple of int or None
        None is any length.
    low, high : float
    """

    kinds: str
    shape: tuple
    low: float = -math.inf
    high: float = math.inf

    def __str__(self):
        sizes = ", ".join("any" if size is None else str(size) for size in self.shape)
        kinds = " or ".join(repr(kind) for kind in self.kinds)
        return f"an array of dtype kind {kinds} and shape ({sizes}), finite and from {self.low} to {self.high}"

    def allows(self, value):
        return isinstance(value, np.ndarray) and self._fits(value) and self._in_range(value)

    def _fits(self, array):
        sizes = zip(array.shape, self.shape, strict=False)
        same_size = all(wanted in (None, size) for size, wanted in sizes)
        return array.dtype.kind in self.kinds and array.ndim == len(self.shape) and same_size

    def _in_range(self, array):
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            return False
        # Compared as Python numbers, because a large limit overflows in single precision.
        return not array.size or self.low <= array.min().item() <= array.max().item() <= self.high


@dataclass(frozen=True)
class Part(Rule):
    """The state of another part, an object of the class `kind`."""

    kind: type

    def __str__(self):
        return f"the state of a {self.kind.__name__}"

    def read(self, name, value):
        with inside(name):
            return self.kind.from_state(value)

    def state_of(self, value):
        return value.get_state()


class Stateful:
    """Base of classes whose fitted state is the attributes named in `STATE`, each with its rule."""

    STATE: dict[str, Rule] = {}

    def get_state(self) -> dict:
        """The fitted state: a tree (dicts, lists, tuples) of strings, numbers, None and NumPy arrays."""
        return {name: rule.state_of(getattr(self, name)) for name, rule in self.STATE.items()}

    @classmethod
    def from_state(cls, state):
        """The object of a state that `get_state` returned.

        Raises
        ------
        BrokenFileError
            If a value is missing, breaks its rule or contradicts another one.
        """
        with inside(cls.__name__):
            fitted = cls.__new__(cls)
            vars(fitted).update(read_values(state, cls.STATE))
            fitted.complete()
        return fitted

    def complete(self):
        """Check that the values fit together (else a `BrokenFileError`), and compute attributes derived from them."""


def read_values(state, rules):
    """The values of a state by name, each read by its rule; values without a rule are dropped."""
    if not isinstance(state, dict):
        raise BrokenFileError(f"its state must be a dict, not {_shown(state)}")
    for name in rules:
        demand(name in state, name, "be there")
    return {name: rule.read(name, state[name]) for name, rule in rules.items()}


def demand(holds, name, rule):
    """Raise ``BrokenFileError("name must rule")`` unless it holds."""
    if not holds:
        raise BrokenFileError(f"{name} must {rule}")


@contextmanager
def inside(part):
    """Convert errors in the content of a file to `BrokenFileError` that names the part."""
    try:
        yield
    except BrokenFileError as error:
        raise BrokenFileError(f"{part}: {error}") from error
    except UNREADABLE as error:
        raise BrokenFileError(f"{part}: {type(error).__name__}: {' '.join(str(error).split())}") from error


def ascends(array, *, strictly=False):
    """Whether numbers ascend along the last axis; `strictly` excludes equal ones."""
    low, high = array[..., :-1], array[..., 1:]
    return bool((high > low if strictly else high >= low).all())


def _shown(value):
    if isinstance(value, np.ndarray):
        values = ""
        if value.size and value.dtype.kind in "iuf":
            values = f" with values from {value.min()} to {value.max()}"
        return f"an array of dtype {value.dtype} and shape {value.shape}{values}"
    return reprlib.repr(value)
