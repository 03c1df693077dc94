"""Build networks from their names or from factories."""

from __future__ import annotations

import torch

from skgan._random import draw_seed, numpy_stream, seeded_globals, torch_stream
from skgan._registry import resolve
from skgan.networks import DISCRIMINATORS, GENERATORS, Generator

FORWARD = {"generator": "(latent, condition)", "discriminator": "(rows, condition)"}


def build_generator(choice, spec, condition_spec, hyperparameters, seed):
    """Build the generator for `choice`, a word or a factory."""
    if callable(choice):
        body = _from_factory("generator", choice, spec, hyperparameters.latent_dim, condition_spec.width, seed)
        raw = _try("generator", body, hyperparameters.latent_dim, condition_spec.width)
        _check_shape("generator", raw, (2, spec.width))
    else:
        network = resolve("generator", choice, GENERATORS)
        stream = torch_stream(seed, "generator")
        body = network(spec, hyperparameters.latent_dim, condition_spec, hyperparameters.hidden_layer_sizes, stream)
    return Generator(body, spec, hyperparameters.latent_dim, sees_noise=not callable(choice))


def build_discriminator(choice, spec, condition_spec, hyperparameters, seed):
    """Build the discriminator for `choice`, a word or a factory."""
    if callable(choice):
        module = _from_factory("discriminator", choice, spec, hyperparameters.latent_dim, condition_spec.width, seed)
        scores = _try("discriminator", module, spec.width, condition_spec.width)
        _check_shape("discriminator", scores, (2,))
        if hyperparameters.conditioning == "auxiliary" and not hasattr(module, "guess"):
            raise ValueError(
                "conditioning='auxiliary' needs a discriminator that predicts the condition, but the module that "
                "discriminator=factory returned has no method guess(rows) -> raw values, a tensor of shape "
                f"(n, {condition_spec.width}); add one, or use conditioning='projection'."
            )
        return module
    network = resolve("discriminator", choice, DISCRIMINATORS)
    stream = torch_stream(seed, "discriminator")
    return network(spec, condition_spec, hyperparameters.hidden_layer_sizes, stream, hyperparameters.conditioning)


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
            f"The module that {name}=factory returned must return a tensor, but returned a {type(output).__name__}; "
            f"return a tensor of shape {shape} for a batch of 2."
        )
    if tuple(output.shape) != shape:
        raise ValueError(
            f"The module that {name}=factory returned must return {shape} for a batch of 2, but returned "
            f"{tuple(output.shape)}."
        )


BUILDERS = {"generator": build_generator, "discriminator": build_discriminator}
