"""Continue a fit from a checkpoint."""

from __future__ import annotations

import os

from skgan import _json_tree, _model_file
from skgan._torch_settings import plain_tensors
from skgan._warnings import warn
from skgan.callbacks import PREVIOUS, Checkpoint
from skgan.exceptions import BrokenFileError
from skgan.samplers import CODE, FitState, is_code

from ._documents import ESTIMATORS, checked, naming, untrusted

PARTS = {"estimator": str, "versions": dict, "params": dict, "fit": dict}


def resume(path, X, y=None, *, every_seconds=60, callbacks=(), **parts):
    """Continue a fit whose `Checkpoint` is in a file, and return the fitted sampler.

    On the same device, with the same versions and number of threads, the sampler is the same to the last bit as that of
    a fit that was never interrupted. A fit with `max_time` has the seconds that it had left.

    Parameters
    ----------
    path : str or path-like
        The file. If it is damaged or missing, the checkpoint before it is used, with a warning.
    X : array-like or frame of shape (n_rows, n_columns), or images
        The rows of the fit, in the same order. A checkpoint does not hold them.
    y : array-like of shape (n_rows,) or (n_rows, n_targets), default=None
        The targets, for a `ConditionalGANSampler`.
    every_seconds : float, default=60
        New checkpoints are written to the same file this often.
    callbacks : sequence of Callback, default=()
        Attached to the sampler for the rest of the fit. A file holds no code, so those of the fit are not kept.
    **parts : object
        Parameters of the sampler that are code, such as ``generator=factory`` or an instance given as `loss`. Each one
        that the sampler had must be given, and no others.

    Returns
    -------
    GANSampler or ConditionalGANSampler
        Fitted.

    Raises
    ------
    BrokenFileError
        If the file, and the checkpoint before it if there is one, are damaged, of another kind or of a later version,
        or break a rule. It is a ``ValueError``.
    ValueError
        If X or y are not those of the fit, or if a part that is code is missing.
    FileNotFoundError
        If there is no such file.

    See Also
    --------
    skgan.callbacks.Checkpoint : Writes such files.

    Examples
    --------
    >>> import skgan
    >>> from skgan.callbacks import Checkpoint
    >>> skgan.GANSampler().set_callbacks(Checkpoint("night.checkpoint")).fit(X)  # doctest: +SKIP
    >>> # The machine is switched off. Later, in a new process:
    >>> sampler = skgan.resume("night.checkpoint", X)  # doctest: +SKIP
    """
    path = os.fsdecode(path)
    document = _last_good(path)
    params = document["params"] | _code(path, document["params"], parts)
    sampler = ESTIMATORS[document["estimator"]](**params)
    sampler.set_callbacks(Checkpoint(path, every_seconds), *callbacks)
    try:
        with plain_tensors():
            start = FitState.from_state(document["fit"])
        return sampler._resume(start, X, y)
    except BrokenFileError as error:
        raise untrusted("resume", path, error, document) from error


def _last_good(path):
    """The document of the file, or if that is damaged of the checkpoint before it."""
    try:
        return _read(path)
    except (BrokenFileError, FileNotFoundError) as error:
        if not os.path.exists(path + PREVIOUS):
            raise
        document = _read(path + PREVIOUS)
        warn(f"{error} The checkpoint before it, {path + PREVIOUS!r}, is used instead.")
        return document


def _read(path):
    with naming("resume", path):
        return checked(_json_tree.decode(*_model_file.read(path)), PARTS)


def _code(path, params, parts):
    """The parameters that are code, compared with those that the file says were code."""
    needed = {name for name, value in params.items() if value == CODE}
    missing, others = sorted(needed - parts.keys()), sorted(parts.keys() - needed)
    if missing:
        raise ValueError(
            f"The sampler in {path!r} was given code as {' and '.join(missing)}, which is not in the file; pass it: "
            f"resume(path, X, {', '.join(f'{name}=...' for name in missing)})."
        )
    if others:
        raise ValueError(
            f"The sampler in {path!r} was given no code as {' or '.join(others)}; leave out "
            f"{', '.join(f'{name}={parts[name]!r}' for name in others)}."
        )
    for name, value in parts.items():
        if not is_code(name, value):
            raise TypeError(f"{name}={value!r} must be what the fit was given: a factory or an instance.")
    return parts
