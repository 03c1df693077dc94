"""Check what a file of a sampler holds, whoever wrote it."""

from __future__ import annotations

from contextlib import contextmanager

from skgan._model_file import MODEL, Kind
from skgan.exceptions import BrokenFileError
from skgan.samplers import ConditionalGANSampler, GANSampler, version

ESTIMATORS = {"GANSampler": GANSampler, "ConditionalGANSampler": ConditionalGANSampler}
# The files that each function reads, by the same part.
KINDS = {
    "state": MODEL,
    "fit": Kind("skgan.callbacks.Checkpoint", "copy the file again from its source, or start the fit again"),
}
NO_MEMORY = "what it holds needs more memory than there is; do not trust the file, or load it on a larger machine"
# What a file holds in addition to the sampler's class, parameters and versions, and the function that reads it.
READERS = {
    "state": "a fitted sampler, of which nothing is left to train; read it with skgan.load",
    "fit": "a checkpoint of a fit that was not finished; continue it with skgan.resume(path, X)",
}


@contextmanager
def naming(verb, path):
    """Name the file in the error that says why it cannot be read."""
    try:
        yield
    except BrokenFileError as error:
        raise BrokenFileError(f"Cannot {verb} {path!r}: {error}.") from error
    except MemoryError as error:
        raise BrokenFileError(f"Cannot {verb} {path!r}: {NO_MEMORY}.") from error


def checked(document, parts):
    """The document, if it has exactly these `parts`, each of its type, and names a known sampler."""
    if not isinstance(document, dict) or {key: type(part) for key, part in document.items()} != parts:
        other = [text for part, text in READERS.items() if isinstance(document, dict) and part in document]
        what = other[0] if other and part_of(parts) not in document else None
        nothing = f"no sampler; pass a file that {KINDS[part_of(parts)].writer} wrote"
        raise BrokenFileError(f"it holds {what or nothing}")
    name, params = document["estimator"], document["params"]
    if name not in ESTIMATORS:
        raise BrokenFileError(f"it holds a {name!r}, unknown to this skgan; {cure_of(document)}")
    others = set(params) ^ set(ESTIMATORS[name]._get_param_names())
    if others:
        raise BrokenFileError(
            f"its {name} and this skgan's differ in the parameters {', '.join(sorted(map(repr, others)))}; "
            f"{cure_of(document)}"
        )
    return document


def part_of(parts):
    """The part that tells a kind of file from the other kinds."""
    return next(part for part in READERS if part in parts)


def untrusted(verb, path, error, document):
    """The error for a file whose checksum is right and whose content breaks a rule."""
    return BrokenFileError(f"Cannot {verb} {path!r}: {error}; do not trust the file, or {cure_of(document)}.")


def cure_of(document):
    """What helps if this version cannot read the file of another one."""
    theirs, ours = document["versions"].get("skgan"), version("skgan")
    return f"load it with the version that wrote it: skgan {theirs} did, and this is skgan {ours}"
