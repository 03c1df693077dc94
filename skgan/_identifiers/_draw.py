"""Draw candidates in blocks, from spaces that widen when they are used up."""

import itertools

from skgan._state import Stateful


class Maker(Stateful):
    """Base of what makes new values. Subclasses define `name`, and ``candidates(rng)``: lists of candidates.

    The candidates of a random generator are always the same, whatever is wanted of them. `repeats` says whether some
    of them may be equal.
    """

    makes = "texts"
    repeats = True


def described(pattern, is_only=True):
    """A pattern in words, for messages; long ones by their length."""
    if len(pattern) > 24:
        return f"codes of {len(pattern)} characters"
    return f'the pattern "{pattern}"' if is_only else f'patterns such as "{pattern}"'


def block_sizes():
    """Sizes that do not depend on how many values are wanted, so that the first values of a long call are the same."""
    size = 256
    while True:
        yield size
        size = min(2 * size, 2**15)


class RandomMaker(Maker):
    """Base of makers that draw at random. Subclasses define ``size(stage)`` and ``draw(stage, n, rng)``.

    Stage 0 is the pattern of the column, which has ``size(0)`` values; each further stage is a wider one.
    """

    def candidates(self, rng):
        """Yield lists of candidates without end; some repeat others."""
        for stage in itertools.count():
            n_left = 2 * self.size(stage)
            for size in block_sizes():
                n = min(size, n_left)
                if n <= 0:
                    break
                yield self.draw(stage, n, rng)
                n_left -= n
