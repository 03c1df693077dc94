"""Save a fitted sampler to one file without pickle, and load it again."""

from __future__ import annotations

import os

from skgan import _json_tree, _model_file
from skgan._torch_settings import plain_tensors
from skgan.datasets._files import Like
from skgan.exceptions import BrokenFileError
from skgan.samplers import params_of, stands_for_code, versions

from ._documents import ESTIMATORS, NO_MEMORY, checked, cure_of, naming, untrusted

PARTS = {"estimator": str, "versions": dict, "params": dict, "state": dict}
# A part that only files of the command line have.
LIKE = "like"


def save(sampler, path):
    """Write a fitted sampler to one file that holds no pickle.

    Parameters
    ----------
    sampler : GANSampler or ConditionalGANSampler
        Fitted. A factory given as `generator` or `discriminator` is code and is not saved. Nor is a random generator
        given as `random_state`: the file holds the sampler's own stream. An instance given as `loss`, `regularizer` or
        part of `augmentation` is code too: the loaded sampler has the parameter's default.
    path : str or path-like
        The file; no suffix is added. An existing file is replaced once the new one is complete. An unfinished file of a
        killed save to the same path is removed.

    Raises
    ------
    sklearn.exceptions.NotFittedError
        If the sampler is not fitted.
    TypeError
        If the sampler is of another class, or holds a value that a file cannot hold; the message names it.
    ValueError
        If a column has a dtype or a name that a file cannot hold, or if a parameter was set to a wrong value.
    OSError
        If the file cannot be written.

    See Also
    --------
    load : Read the file.

    Examples
    --------
    >>> import skgan
    >>> sampler = skgan.GANSampler().fit(X)  # doctest: +SKIP
    >>> skgan.save(sampler, "penguins.skgan")  # doctest: +SKIP
    """
    write_sampler(sampler, path)


def write_sampler(sampler, path, like=None):
    """As `save`; `like`, a `Like`, is the file in whose manner the command line writes rows."""
    name = type(sampler).__name__
    if ESTIMATORS.get(name) is not type(sampler):
        raise TypeError(
            f"A file holds no code, so skgan.save writes a {' or a '.join(ESTIMATORS)} but no "
            f"{type(sampler).__module__}.{name}; save one of these, or use pickle for a class of your own."
        )
    document = {
        "estimator": name,
        "versions": versions(),
        "state": sampler._get_state(),
        "params": params_of(sampler, for_fit=False),
    }
    if like is not None:
        document[LIKE] = like.get_state()
    _model_file.write(path, *_json_tree.encode(document))


def load(path, *, generator=None, discriminator=None):
    """Read a sampler that `save` wrote. No code from the file is run, whoever wrote it.

    Parameters
    ----------
    path : str or path-like
        The file.
    generator, discriminator : callable, optional
        The factories that the sampler was built with, ``factory(spec, latent_dim, condition_dim)``. Each one that it
        had must be given, and no others.

    Returns
    -------
    GANSampler or ConditionalGANSampler
        Fitted. With the same device, versions and number of threads it draws the same rows as the saved one.

    Raises
    ------
    BrokenFileError
        If the file is damaged, of another kind, or of a later version, or if a part of it breaks a rule or contradicts
        another part; the message names the part and the rule. It is a ``ValueError``.
    ValueError
        If a factory is missing, or given and not needed.
    FileNotFoundError
        If there is no such file.

    See Also
    --------
    save : Write such a file.

    Notes
    -----
    The checksum in a file detects damage. It is not a signature: anyone can craft a file with a correct checksum. A
    loaded sampler can be sampled from, and its rows have the columns and dtypes named in the file, without infinities.
    The author of the file determines which rows it draws.

    Examples
    --------
    >>> import skgan
    >>> sampler = skgan.load("penguins.skgan")  # doctest: +SKIP
    >>> rows = sampler.sample(1000)  # doctest: +SKIP
    """
    return read_sampler(path, generator=generator, discriminator=discriminator)[0]


def read_sampler(path, *, generator=None, discriminator=None):
    """The sampler in a file, as `load` reads it, and the `Like` that is saved with it or None."""
    path = os.fsdecode(path)
    with naming("load", path):
        document = _json_tree.decode(*_model_file.read(path))
        like = document.pop(LIKE, None) if isinstance(document, dict) else None
        document = checked(document, PARTS)
    factories = {"generator": generator, "discriminator": discriminator}
    _check_factories(path, document["params"], factories)
    given = {name: factory for name, factory in factories.items() if factory is not None}
    sampler = ESTIMATORS[document["estimator"]](**document["params"] | given)
    try:
        with plain_tensors():
            sampler._set_state(document["state"], factories)
        like = like and Like.from_state(like)
    except BrokenFileError as error:
        raise untrusted("load", path, error, document) from error
    except MemoryError as error:
        raise BrokenFileError(f"Cannot load {path!r}: {NO_MEMORY}.") from error
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        what = f"{type(error).__name__}: {' '.join(str(error).split())}"
        if given:
            raise ValueError(f"{path!r} was saved with another {' or '.join(given)} ({what}).") from error
        raise BrokenFileError(
            f"Cannot load {path!r}: its fitted state does not fit its parameters ({what}); {cure_of(document)}."
        ) from error
    return sampler, like


def _check_factories(path, params, factories):
    for name, factory in factories.items():
        needed = stands_for_code(params[name])
        if needed and factory is None:
            raise ValueError(
                f"The sampler in {path!r} was built with a factory for its {name}, which is not in the file; "
                f"pass it: load(path, {name}=factory)."
            )
        if factory is not None and not needed:
            raise ValueError(
                f"The sampler in {path!r} was built with {name}={params[name]!r}, without a factory; "
                f"leave out {name}={factory!r}."
            )
        if needed and not callable(factory):
            raise TypeError(f"{name}={factory!r} must be a factory(spec, latent_dim, condition_dim).")
