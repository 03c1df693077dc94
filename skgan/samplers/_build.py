"""From words and factories to networks."""

from __future__ import annotations

import torch

from skgan._random import draw_seed, numpy_stream, seeded_globals, torch_stream
from skgan._registry import resolve
from skgan.networks import DISCRIMINATORS, FOR_IMAGES_ALONE, GENERATORS, Generator, Grid

FORWARD = {"generator": "(latent, condition)", "discriminator": "(rows, condition)"}


def build_generator(choice, spec, condition_spec, settings, seed):
    """The generator that `choice`, a word or a factory, stands for."""
    if callable(choice):
        body = _from_factory("generator", choice, spec, settings.latent_dim, condition_spec.width, seed)
        raw = _try("generator", body, settings.latent_dim, condition_spec.width)
        _check_shape("generator", raw, (2, spec.width))
    else:
        network = resolve("generator", choice, GENERATORS)
        _check_network("generator", choice, spec, settings)
        stream = torch_stream(seed, "generator")
        body = network(spec, settings.latent_dim, condition_spec, settings.hidden_layer_sizes, stream)
    return Generator(body, spec, settings.latent_dim, sees_noise=not callable(choice))


def build_discriminator(choice, spec, condition_spec, settings, seed):
    """The discriminator that `choice`, a word or a factory, stands for."""
    if callable(choice):
        module = _from_factory("discriminator", choice, spec, settings.latent_dim, condition_spec.width, seed)
        scores = _try("discriminator", module, spec.width, condition_spec.width)
        _check_shape("discriminator", scores, (2,))
        return module
    network = resolve("discriminator", choice, DISCRIMINATORS)
    _check_network("discriminator", choice, spec, settings)
    stream = torch_stream(seed, "discriminator")
    return network(spec, condition_spec, settings.hidden_layer_sizes, stream, settings.conditioning)


def _check_network(name, choice, spec, settings):
    """Refuse convolutions of tables, and sizes that do not fit the images."""
    if choice not in FOR_IMAGES_ALONE:
        return
    if spec.image_shape is None:
        raise ValueError(
            f"{name}={choice!r} makes images, but X is a table; use 'mlp' or 'auto', or say by "
            "image_shape=(height, width) that rows are images."
        )
    grid, sizes = Grid(*spec.image_shape), settings.hidden_layer_sizes
    if len(sizes) != grid.n_stages:
        raise ValueError(
            f"hidden_layer_sizes={sizes!r} must hold {grid.n_stages} numbers of channels for images of "
            f"{grid.height} by {grid.width} pixels, one a halving, the finest first; {name}={choice!r} has no others."
        )


def _from_factory(name, factory, spec, latent_dim, condition_dim, seed):
    with seeded_globals(draw_seed(numpy_stream(seed, name))):
        module = factory(spec, latent_dim, condition_dim)
    if not isinstance(module, torch.nn.Module):
        raise TypeError(
            f"{name}=factory must return a torch.nn.Module, but it returned a {type(module).__name__}; end it with "
            "`return module`."
        )
    return module


@torch.no_grad()
def _try(name, module, *widths):
    training = module.training
    try:
        return module.eval()(*(torch.zeros(2, width) for width in widths))
    except (RuntimeError, TypeError, ValueError) as error:
        raise ValueError(
            f"The module that {name}=factory returned cannot be called with two tensors of shapes "
            f"{' and '.join(str((2, width)) for width in widths)}; its forward takes "
            f"{FORWARD[name]}: {error}"
        ) from error
    finally:
        module.train(training)


def _check_shape(name, output, shape):
    if not isinstance(output, torch.Tensor):
        raise TypeError(
            f"The module that {name}=factory returned must give a tensor, but gave a {type(output).__name__}; return "
            f"a tensor of shape {shape} for a batch of 2."
        )
    if tuple(output.shape) != shape:
        raise ValueError(
            f"The module that {name}=factory returned must give {shape} for a batch of 2, but gave "
            f"{tuple(output.shape)}."
        )
