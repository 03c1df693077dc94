"""Whether two fits have the same training rows."""

from __future__ import annotations

import hashlib
import json

import numpy as np

from skgan import _json_tree


def fingerprint_of(plan):
    """A digest of the encoded training rows and conditions, and of how they were encoded: text of 32 letters."""
    digest = hashlib.blake2b(digest_size=16)
    targets = None if plan.targets is None else plan.targets.get_state()
    tree, arrays = _json_tree.encode([plan.form.get_state(), plan.encoder.get_state(), targets])
    digest.update(json.dumps(tree, sort_keys=True).encode())
    for array in (*arrays, *plan.rows.arrays(), *plan.conditions.encoded.arrays()):
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array))
    return digest.hexdigest()
