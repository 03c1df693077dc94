"""Look up choices given as words in their tables; unknown words raise an error that suggests the nearest one."""

from __future__ import annotations

from difflib import get_close_matches


def resolve(name, choice, table, *, also=None):
    """The entry of `table` that the word `choice` names.

    Parameters
    ----------
    name : str
        The parameter, for the message.
    choice : str
        A key of `table`.
    table : dict of str
        The registry.
    also : str, default=None
        Other allowed values of the parameter, for the message.

    Returns
    -------
    object
        ``table[choice]``.

    Raises
    ------
    ValueError
        If `choice` is no key of `table`; the message suggests the nearest word.
    """
    if isinstance(choice, str) and choice in table:
        return table[choice]
    known = ", ".join(repr(word) for word in table) + (f" or {also}" if also else "")
    close = get_close_matches(choice.lower(), list(table), n=1, cutoff=0.5) if isinstance(choice, str) else []
    hint = f" Did you mean {close[0]!r}?" if close else ""
    raise ValueError(f"{name}={choice!r} is not a known word; choose one of {known}.{hint}")


def make(name, choice, table, methods, *, also=None):
    """A new instance of the class that the word `choice` names in `table`; an instance is returned unchanged.

    Parameters
    ----------
    name, choice, table, also
        As for `resolve`.
    methods : tuple of str
        Methods that an instance must have.

    Raises
    ------
    ValueError
        If `choice` is a word that is not known, a class, or an object without one of the methods.
    """
    if isinstance(choice, str):
        return resolve(name, choice, table, also=also)()
    lacking = [method for method in methods if not callable(getattr(choice, method, None))]
    if isinstance(choice, type) or lacking:
        what = "is a class, and an instance is needed" if isinstance(choice, type) else f"has no {', '.join(lacking)}"
        known = ", ".join(repr(word) for word in table) + (f", {also}" if also else "")
        raise ValueError(
            f"{name}={choice!r} {what}; pass one of {known}, or an instance with the methods {', '.join(methods)}."
        )
    return choice
