"""A column of identifiers: what it looks like, and new values for it."""

import numbers

import numpy as np

from skgan._state import Flag, Part, Rule, Stateful, demand

from ._addresses import IPAddresses, Urls
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

    STATE = {"certain": Flag(), "maker": MakerState(), "known": Part(Known), "form": Part(Form)}

    def __init__(self, maker, *, certain, known, form):
        self.maker = maker
        self.certain = certain
        self.known = known
        self.form = form

    def complete(self):
        demand(self.maker.makes == self.form.holds, "maker", "make what the form holds")
        # Not each text is a UUID.
        self.form.write(next(iter(self.maker.candidates(np.random.default_rng(0))), [])[:1])

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
        used = set(plain_values(taken))
        new = []
        for block in self.maker.candidates(rng) if n_samples else ():
            known = self.known.holds(block)
            for value, is_known in zip(block, known.tolist()):
                if not is_known and value not in used:
                    used.add(value)
                    new.append(value)
            if len(new) >= n_samples:
                break
        if len(new) < n_samples:
            raise ValueError(f"n_samples={n_samples} is more than the {len(new)} new {self.name} that 64 bits hold.")
        return self.form.write(new[:n_samples])
