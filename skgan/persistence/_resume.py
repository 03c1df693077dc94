"""Continue a fit from a checkpoint."""

from __future__ import annotations

import os
from collections.abc import Iterable

from skgan import _json_tree, _model_file
from skgan._torch_settings import plain_tensors
from skgan._warnings import warn
from skgan.callbacks import PREVIOUS, Checkpoint
from skgan.exceptions import BrokenFileError
from skgan.samplers import FitState, is_code, stands_for_code

from ._documents import ESTIMATORS, KINDS, checked, naming, untrusted

PARTS = {"estimator": str, "versions": dict, "params": dict, "fit": dict}
# Parameters that do not change the fitted sampler, and may be others than those of the fit.
FREE = ("n_jobs", "verbose")


def resume(path, X, y=None, *, every_seconds=60, callbacks=(), **parts):
    """Continue a fit whose `Checkpoint` is in a file, and return the fitted sampler.

    On the same device, with the same versions and number of threads, the sampler is the same to the last bit as that of
    a fit that was never interrupted. A fit with `max_time` has the seconds that it had left.

    Parameters
    ----------
    path : str or path-like
        The file that a `Checkpoint` wrote. If it is damaged or missing, the checkpoint before it is used, with a
        warning.
    X : array-like or frame of shape (n_rows, n_columns), or images
        The rows of the fit, in the same order. A checkpoint does not hold them.
    y : array-like of shape (n_rows,) or (n_rows, n_targets), default=None
        The targets, for a `ConditionalGANSampler`.
    every_seconds : float, default=60
        New checkpoints are written to the same file this often.
    callbacks : Callback or sequence of Callback, default=()
        Attached to the sampler for the rest of the fit. A file holds no code, so those of the fit are not kept.
    **parts : object
        Parameters of the sampler that are code, such as ``generator=factory`` or an instance given as `loss`: each one
        that the sampler had must be given. `verbose` and `n_jobs` may be given too; by default they are those of the
        fit. All others are stored in the file and cannot be changed.

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
        If X or y are not those of the fit (the message says what differs), if a part that is code is missing, or if a
        parameter is given that cannot be changed.
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
    _check_parts(path, document, parts)
    sampler = ESTIMATORS[document["estimator"]](**document["params"] | parts)
    if y is None and "target_type" in document["params"]:
        raise ValueError(f"The fit in {path!r} had targets: pass them as y (on the command line, by --target).")
    callbacks = callbacks if isinstance(callbacks, Iterable) else (callbacks,)
    sampler.set_callbacks(Checkpoint.going_on(path, every_seconds), *callbacks)
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
        document = _read_previous(path, error)
        warn(f"{_unended(error)}. The checkpoint before it, {path + PREVIOUS!r}, is used instead.")
        return document


def _read_previous(path, why):
    try:
        return _read(path + PREVIOUS)
    except BrokenFileError as error:
        raise BrokenFileError(f"{_unended(why)}. Nor can the checkpoint before it be used: {error}") from error


def _unended(error):
    """The message of an error without its full stop."""
    return str(error).removesuffix(".")


def _read(path):
    with naming("resume", path):
        return checked(_json_tree.decode(*_model_file.read(path, KINDS["fit"])), PARTS)


def _check_parts(path, document, parts):
    """Compare the parameters that are given with those that the file says were code."""
    params = document["params"]
    needed = {name for name, value in params.items() if stands_for_code(value)}
    missing = sorted(needed - parts.keys())
    if missing:
        raise ValueError(
            f"The sampler in {path!r} was given code as {' and '.join(missing)}, which is not in the file; pass it: "
            f"resume(path, X, {', '.join(f'{name}=...' for name in missing)})."
        )
    for name, value in parts.items():
        if name not in params:
            raise TypeError(
                f"{name}={value!r} is neither an argument of resume nor a parameter of {document['estimator']}; leave "
                "it out."
            )
        if name not in needed and name not in FREE:
            raise ValueError(
                f"{name} cannot be changed by resume: the fit in {path!r} goes on with the {name}={params[name]!r} "
                f"that it began with. Leave {name} out, or fit a new sampler."
            )
        if name in needed and not is_code(name, value):
            raise TypeError(f"{name}={value!r} must be what the fit was given: a factory or an instance.")
