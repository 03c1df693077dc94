"""A column of identifiers: what it looks like, and new values for it."""

import copy
import numbers

import numpy as np

from skgan._state import Flag, ListOf, Part, Rule, Stateful, demand

from ._addresses import IPAddresses, Urls
from ._distinct import Distinct, hashes_of
from ._known import Known
from ._layouts import Layouts
from ._numbers import CountedTexts, RandomNumbers, SequentialNumbers
from ._values import Form, plain_values
from ._words import Emails, Persons

MAKERS = {
    "sequential numbers": SequentialNumbers,
    "random numbers": RandomNumbers,
    "counted texts": CountedTexts,
    "layouts": Layouts,
    "e-mail addresses": Emails,
    "persons": Persons,
    "IP addresses": IPAddresses,
    "URLs": Urls,
}


# The largest share of all hashes that the rows of fits that go on may fill.
MAX_FULL = 0.5
# Identifiers that are left out at a time.
N_SKIPPED = 2**16


class MakerState(Rule):
    """The state of one of `MAKERS`."""

    def __str__(self):
        return "a dict whose 'maker' is one of " + ", ".join(map(repr, MAKERS))

    def allows(self, value):
        return isinstance(value, dict) and value.get("maker") in list(MAKERS)

    def read(self, name, value):
        value = super().read(name, value)
        return Part(MAKERS[value["maker"]]).read(name, value)

    def state_of(self, value):
        word = next(word for word, kind in MAKERS.items() if kind is type(value))
        return {"maker": word, **value.get_state()}


class Identifier(Stateful):
    """A column of identifiers, as `find_identifier` returns it.

    Attributes
    ----------
    name : str
        What the values are, for messages: "sequential numbers", 'the pattern "AB-00000"', "UUIDs", ...
    certain : bool
        Whether the column can be nothing else. If not, it should not be replaced without asking.
    """

    STATE = {
        "certain": Flag(),
        "maker": MakerState(),
        "known": Part(Known),
        "known_later": ListOf(Part(Known)),
        "form": Part(Form),
    }

    def __init__(self, maker, *, certain, known, form):
        self.maker = maker
        self.certain = certain
        self.known = known
        # Of the fits that went on.
        self.known_later = []
        self.form = form

    def complete(self):
        # Otherwise the search for an unknown value might not end.
        full = sum(known.share for known in self.known_later)
        demand(full <= MAX_FULL, "known_later", f"hold at most {MAX_FULL:.0%} of all hashes")
        demand(self.maker.makes == self.form.holds, "maker", "make what the form holds")
        # Not each text is a UUID.
        self.form.write(next(iter(self.maker.candidates(np.random.default_rng(0))), [])[:1])

    def knowing(self, values):
        """This identifier with further training values (n,), which are not generated either."""
        further = copy.copy(self)
        further.known_later = [*self.known_later, Known(plain_values(values))] if len(values) else self.known_later
        while sum(known.share for known in further.known_later) > MAX_FULL:
            # After dozens of fits the oldest rows are forgotten.
            further.known_later = further.known_later[1:]
        return further

    def is_known(self, hashes):
        """Which of the values with these 64-bit hashes (n,) may be training values, an array of bool (n,)."""
        return np.any([known.holds_hashes(hashes) for known in (self.known, *self.known_later)], axis=0)

    def __repr__(self):
        return f"<Identifier: {self.name}{'' if self.certain else ' (uncertain)'}>"

    @property
    def name(self):
        return self.maker.name

    def generate(self, n_samples, rng, taken=()):
        """New identifiers: distinct, none of them a training value.

        Parameters
        ----------
        n_samples : int
        rng : numpy.random.Generator
            For the same state of it, the first k of n values are the values of a call for k.
        taken : array-like, default=()
            Further values that must not be returned.

        Returns
        -------
        ndarray of shape (n_samples,)
            Of the column's dtype; of a wider one where that cannot hold the new numbers. Texts are objects, or NumPy's
            fixed-width text where the column was.

        Raises
        ------
        ValueError
            If `n_samples` is not a whole number from 0 up, or no number is left in the range of 64 bits.
        """
        if not isinstance(n_samples, numbers.Integral) or isinstance(n_samples, bool) or n_samples < 0:
            raise ValueError(f"n_samples={n_samples!r} must be a whole number from 0 up.")
        return self.new(rng, taken).take(n_samples)

    def new(self, rng, taken=()):
        """The values that `generate` returns, as a stream that is taken a part at a time: `NewIdentifiers`."""
        return NewIdentifiers(self, rng, taken)


class NewIdentifiers:
    """An endless stream of new identifiers, which remembers those that it gave.

    Parameters
    ----------
    identifier : Identifier
    rng : numpy.random.Generator
    taken : array-like, default=()
        Values that are left out.
    """

    def __init__(self, identifier, rng, taken=()):
        self._identifier = identifier
        self._blocks = identifier.maker.candidates(rng)
        self._taken = plain_values(taken)
        self._distinct = Distinct() if identifier.maker.repeats or self._taken else None
        if self._taken:
            self._distinct.add(hashes_of(self._taken))
        self._ready = []
        self._n_taken = 0

    def take(self, n):
        """The next n identifiers, an ndarray (n,) of the column's type."""
        return self._identifier.form.write(self._next(n))

    def skip(self, n):
        """Leave out the next n identifiers."""
        while n:
            some = min(n, N_SKIPPED)
            self._next(some)
            n -= some

    def _next(self, n):
        while len(self._ready) < n:
            block = next(self._blocks, None)
            if block is None:
                n_found, name = self._n_taken + len(self._ready), self._identifier.name
                raise ValueError(
                    f"n_samples={self._n_taken + n} is more than the {n_found} new {name} that 64 bits hold."
                )
            self._ready += self._new_of(block)
        values, self._ready = self._ready[:n], self._ready[n:]
        self._n_taken += n
        return values

    def _new_of(self, block):
        """The values of a block of candidates that are neither training values nor given before."""
        hashes = hashes_of(block)
        is_new = ~self._identifier.is_known(hashes)
        if self._distinct is not None:
            # A training value that is refused need not be remembered: it would be refused again.
            is_new[is_new] = self._distinct.add(hashes[is_new])
        return [value for value, is_kept in zip(block, is_new.tolist(), strict=True) if is_kept]
