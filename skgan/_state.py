"""Fitted parts as plain trees of words, numbers and arrays, for files that hold no code."""

from __future__ import annotations


class Stateful:
    """A class whose fitted state is the attributes that `STATE` names.

    The attributes must be trees (dicts, lists, tuples) of strings, numbers, None, NumPy arrays and tensors.
    """

    STATE: tuple[str, ...] = ()

    def get_state(self) -> dict:
        return {name: getattr(self, name) for name in self.STATE}

    @classmethod
    def from_state(cls, state):
        fitted = cls.__new__(cls)
        for name in cls.STATE:
            setattr(fitted, name, state[name])
        return fitted
