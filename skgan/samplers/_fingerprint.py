"""Whether two fits have the same training rows, and whether two calls generate the same rows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import numpy as np

from skgan import _json_tree
from skgan._counted import counted
from skgan._state import ListOf, Text, Whole

# At most this many columns are named.
MAX_NAMED = 3
# The kind of container that images are said to come in.
IMAGES = "images"
DIFFERING_PIXELS = "pixels of X, or the order of the images, differ"
DIFFERING_VALUES = "values of X, their dtypes or the order of the rows differ"


@dataclass(frozen=True)
class Fingerprint:
    """What tells training rows from others, in parts that a message can compare.

    Attributes
    ----------
    n_rows : int
    container : str
        What X is: "array", "pandas frame", "polars frame", "images".
    columns : tuple of str
        Name and kind of each column of X.
    values : str
        Digest of the encoded rows, and of how they were encoded: text of 32 letters.
    target : str
        What y is, and name and kind of each of its columns; empty without y.
    target_values : str
        Digest of the encoded y; encoding it uses X.
    """

    n_rows: int
    container: str
    columns: tuple
    values: str
    target: str
    target_values: str

    def differences(self, other):
        """What differs in another Fingerprint: a list of texts, empty if it is of the same rows."""
        found = []
        if other.n_rows != self.n_rows:
            found.append(f"X has {counted(other.n_rows, 'row')}, and that of the fit had {self.n_rows:,}")
        if other.container != self.container:
            found.append(f"X is of the kind {other.container!r}, and that of the fit was {self.container!r}")
        found += _differing_columns(self.columns, other.columns)
        if other.values != self.values and not found:
            found.append(DIFFERING_PIXELS if self.container == IMAGES else DIFFERING_VALUES)
        if other.target != self.target:
            found.append(f"y is {other.target or 'missing'}, and that of the fit was {self.target or 'missing'}")
        if other.target_values != self.target_values and not found:
            found.append("values of y, their dtype or their order differ")
        return found


# In the order of `Fingerprint`.
RULES = {
    "n_rows": Whole(1),
    "container": Text(),
    "columns": ListOf(Text()),
    "values": Text(),
    "target": Text(),
    "target_values": Text(),
}


def fingerprint_of(plan):
    """The `Fingerprint` of the training rows of a plan."""
    container, columns = _layout(plan.form)
    target = ""
    if plan.targets is not None:
        kind, names = _layout(plan.targets.form)
        target = f"of the kind {kind!r} with {', '.join(names)}"
    return Fingerprint(
        n_rows=len(plan.rows),
        container=container,
        columns=tuple(columns),
        values=digest_of([plan.form.get_state(), plan.encoder.get_state()], plan.rows.arrays()),
        target=target,
        target_values=digest_of(plan.targets and plan.targets.get_state(), plan.conditions.encoded.arrays()),
    )


def _layout(form):
    """What rows of a form come in, and a list of texts: the name and kind of each column."""
    if not hasattr(form, "container"):
        return IMAGES, [f"{form.dtype.name} images of the shape {tuple(map(int, form.shape))}"]
    return form.container.kind, [f"{column.name!r} ({column.kind})" for column in form.columns]


def _differing_columns(ours, theirs):
    """A text about columns that only one side has, or has in another place."""
    if ours == theirs:
        return []
    lacking, others = ([each for each in some if each not in more] for some, more in ((ours, theirs), (theirs, ours)))
    if not lacking and not others:
        return ["the columns of X are in another order"]
    parts = [f"{verb} {', '.join(some[:MAX_NAMED])}" + (" and others" if len(some) > MAX_NAMED else "")
             for verb, some in (("lacks", lacking), ("has", others)) if some]  # fmt: skip
    return [f"X {' and '.join(parts)}, unlike that of the fit"]


def fingerprint_of_rows(model, requested):
    """A digest of all that decides which rows a model generates, given a seed: text of 32 letters.

    Parameters
    ----------
    model : Model
    requested : list of array
        The conditions that were asked for.
    """
    targets = model.targets and model.targets.encoder
    parts = (model.encoder, targets, model.calibration, *model.class_means, model.refiner)
    states = [part and part.get_state() for part in parts]
    weights = [dict(network.state_dict()) for network in model.networks.values()]
    # A device rounds in its own way.
    return digest_of([model.seed, str(model.device), list(map(repr, model.form.names)), states, weights], requested)


def digest_of(tree, *arrays):
    """A digest of a tree of plain values and arrays, and of further lists of arrays or tensors."""
    digest = hashlib.blake2b(digest_size=16)
    tree, found = _json_tree.encode(tree)
    digest.update(json.dumps(tree, sort_keys=True).encode())
    for array in (*found, *(array for more in arrays for array in more)):
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array))
    return digest.hexdigest()
