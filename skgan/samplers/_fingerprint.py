"""Whether two fits have the same training rows, and whether two calls generate the same rows."""

from __future__ import annotations

import hashlib
import json

import numpy as np

from skgan import _json_tree


def fingerprint_of(plan):
    """A digest of the encoded training rows and conditions, and of how they were encoded: text of 32 letters."""
    targets = None if plan.targets is None else plan.targets.get_state()
    tree = [plan.form.get_state(), plan.encoder.get_state(), targets]
    return digest_of(tree, plan.rows.arrays(), plan.conditions.encoded.arrays())


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
