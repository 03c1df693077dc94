"""Numbers that count, and numbers drawn at random: makers of new ones."""

import itertools

import numpy as np

from skgan._state import Text, Whole, demand

from ._draw import Maker, RandomMaker, block_sizes, described

LOWEST, HIGHEST = -(2**63), 2**63 - 1


def counted(highest, lowest, step):
    """Lists of whole numbers: those above `highest`, and then, at the end of 64 bits, those below `lowest`."""
    numbers = itertools.chain(range(highest + step, HIGHEST + 1, step), range(lowest - step, LOWEST - 1, -step))
    for size in block_sizes():
        block = list(itertools.islice(numbers, size))
        if not block:
            return
        yield block


class SequentialNumbers(Maker):
    """Whole numbers with a constant `step`, or nearly: new ones continue above `highest`."""

    STATE = {"lowest": Whole(LOWEST), "highest": Whole(LOWEST), "step": Whole(1)}
    name = "sequential numbers"
    makes = "numbers"
    repeats = False

    def __init__(self, lowest, highest, step=1):
        self.lowest = lowest
        self.highest = highest
        self.step = step

    def complete(self):
        demand(self.lowest <= self.highest, "lowest", "be at most highest")

    def candidates(self, rng):
        return counted(self.highest, self.lowest, self.step)


class CountedTexts(Maker):
    """Texts `prefix`, number, `suffix` whose numbers count: new ones continue above `highest`.

    Numbers are padded with zeros to `width` digits; numbers that need more digits have more.
    """

    STATE = {"prefix": Text(), "suffix": Text(), "width": Whole(0, 100), "highest": Whole()}
    repeats = False

    def __init__(self, prefix, suffix, width, highest):
        self.prefix = prefix
        self.suffix = suffix
        self.width = width
        self.highest = highest

    @property
    def name(self):
        digits = "0" * (self.width or len(str(self.highest)))
        return described(f"{self.prefix}{digits}{self.suffix}")

    def candidates(self, rng):
        # No number below 0: a minus sign would be another pattern.
        for block in counted(self.highest, LOWEST, 1):
            yield [f"{self.prefix}{number:0{self.width}d}{self.suffix}" for number in block]


class RandomNumbers(RandomMaker):
    """Whole numbers drawn uniformly from `low` to `high`; when used up, from those with one more digit."""

    STATE = {"low": Whole(LOWEST, 2**64 - 1), "high": Whole(LOWEST, 2**64 - 1)}
    makes = "numbers"

    def __init__(self, low, high):
        self.low = low
        self.high = high

    def complete(self):
        demand(self.low <= self.high, "low", "be at most high")
        demand(self.low >= 0 or self.high <= HIGHEST, "low", "and high fit into 64 bits")

    @property
    def name(self):
        n_digits = len(str(self.high))
        same_length = (self.low, self.high) == (10 ** (n_digits - 1), 10**n_digits - 1)
        return f"random numbers with {n_digits} digits" if same_length else "random numbers"

    def size(self, stage):
        low, high = self._range(stage)
        return high - low + 1

    def draw(self, stage, n, rng):
        low, high = self._range(stage)
        dtype = np.int64 if high <= HIGHEST else np.uint64
        return rng.integers(low, high, n, dtype=dtype, endpoint=True).tolist()

    def _range(self, stage):
        if not stage:
            return self.low, self.high
        n_digits = len(str(abs(self.high))) + stage
        return (10 ** (n_digits - 1), 10**n_digits - 1) if n_digits < 19 else (0, HIGHEST)
