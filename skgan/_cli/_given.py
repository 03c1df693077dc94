"""Conditions of rows of a saved model: the values that the texts of --where say."""

import pandas as pd

from ._data import check_column
from ._errors import UserError
from ._where import split_at_column, value_of


def wanted_from(wheres, sampler, like, path):
    """The y of all rows that --where asks for: a value, or a dict for several targets; None without --where.

    Parameters
    ----------
    wheres : list of str
        As ``COLUMN=VALUE``.
    sampler : GANSampler or ConditionalGANSampler
    like : Like or None
        The manner of the file that it was fitted on.
    path : Path
        Of the model, for messages.
    """
    if not wheres:
        return None
    targets = sampler._model.targets
    if targets is None:
        raise UserError(f"--where needs a model that was fitted with --target COLUMN, and {path} was fitted without.")
    labels = list(targets.form.names)
    # Those of an array are numbers.
    names = list(map(str, labels)) if like is None else like.targets
    known = dict(zip(names, targets.known(), strict=True))
    values = {}
    for where in wheres:
        name, text = split_at_column(where, names)
        check_column(name, names, "that rows are generated for")
        if name in values:
            raise UserError(f"--where names {name!r} twice; generate the rows of each value by a call of its own.")
        examples, is_class = known[name]
        manner = None if like is None else like.manners.get(name)
        values[name] = value_of(text, pd.Series(examples), manner, where, is_number=not is_class)
    lacking = [name for name in names if name not in values]
    if lacking:
        raise UserError(f"--where must name each target of {path}; add --where {lacking[0]}=VALUE.")
    if len(names) == 1:
        return values[names[0]]
    return {label: values[name] for label, name in zip(labels, names, strict=True)}
