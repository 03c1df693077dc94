"""Whether the parts of a sampler that was read from a file fit each other, so that rows can be drawn.

Each part has compared its own values already.
"""

from __future__ import annotations

import math
from contextlib import nullcontext

import torch

from skgan._state import LARGEST, ListOf, Maybe, Number, Rule, Text, Tree, Whole, Word, demand, inside, read_values
from skgan.networks import (
    AUTO_CONDITIONING,
    CONDITIONINGS,
    DISCRIMINATORS,
    GENERATORS,
    N_FEATURES,
    ImagePyramid,
)
from skgan.regularizers import REGULARIZERS

# Files that ask for more were not written by `skgan.save`.
MAX_MEMBERS, MAX_LATENT_DIM = 16, 2**24


class Label(Rule):
    """The name of a column, or its position in an array."""

    def __str__(self):
        return "text or a whole number from 0"

    def allows(self, value):
        return Text().allows(value) or Whole().allows(value)


VALUES = {
    "seed": Whole(0, math.inf),
    "n_features_in": Whole(),
    "feature_names_in": ListOf(Text()),
    "dropped": ListOf(Label()),
    "device": Text(),
    "n_members": Tree(),
}
# Of the networks that are mixtures.
N_MEMBERS = {"generator": Whole(1, MAX_MEMBERS)}
# Of the estimator around the model.
COUNTS = {"n_draws": Whole(), "n_iter": Whole(), "t": Whole(), "best_iter": Whole()}
WORDS = {
    "generator": Maybe(Word(tuple(GENERATORS))),
    "discriminator": Maybe(Word(tuple(DISCRIMINATORS))),
}
HYPERPARAMETERS = {
    "regularizer": Maybe(Word(tuple(REGULARIZERS))),
    "regularizer_weight": Number(0, LARGEST),
    "n_critic": Whole(1),
    "latent_dim": Whole(1, MAX_LATENT_DIM),
    "hidden_layer_sizes": ListOf(Whole(1), 1),
    "max_iter": Whole(1),
    "batch_size": Whole(1),
    "learning_rate": Number(0, LARGEST),
    "augmentation": ListOf(Text()),
    "conditioning": Word((*sorted({*AUTO_CONDITIONING.values(), *CONDITIONINGS} - {"auto"}),)),
}


def check_record(state):
    """Refuse counts and a history that no fitted sampler has."""
    read_values(state, COUNTS)
    for name in ("history", "validation_scores"):
        if name == "history" or state[name] is not None:
            with inside(name):
                _check_columns(list(state[name].values()))
    known = state["validation_scores"]
    demand(known is None or list(known) == ["step", "score"], "validation_scores", "have the columns step and score")


def _check_columns(columns):
    alike = all(column.ndim == 1 and column.shape == columns[0].shape for column in columns)
    demand(alike and all(column.dtype.kind in "fiu" for column in columns), "columns", "be numbers, of one length")


def check_values(state):
    """Refuse numbers and words of a model's state that no model has.

    Parameters
    ----------
    state : dict
        Of a model, as `skgan.save` keeps it.

    Raises
    ------
    BrokenFileError
        Names the value and the rule.
    """
    read_values(state, VALUES)
    with inside("device"):
        demand(torch.device(state["device"]).type != "meta", "it", "hold numbers")
    names = set(WORDS)
    demand(set(state["networks"]) == set(state["words"]) == names, "networks and words", f"be those of {sorted(names)}")
    with inside("n_members"):
        read_values(state["n_members"], N_MEMBERS)
        demand(set(state["n_members"]) == set(N_MEMBERS), "names", f"be {sorted(N_MEMBERS)}")
    for name in WORDS:
        are_tensors = all(isinstance(tensor, torch.Tensor) for tensor in state["networks"][name].values())
        demand(are_tensors, name, "hold tensors and nothing else")
    for name, rules in (("hyperparameters", HYPERPARAMETERS), ("words", WORDS)):
        with inside(name):
            read_values(state[name], rules)


def check_parts(model):
    """Refuse a model whose parts contradict each other.

    Parameters
    ----------
    model : Model
        Before its networks are built.

    Raises
    ------
    BrokenFileError
        Names the parts and the rule.
    """
    form, encoder, refiner = model.form, model.encoder, model.refiner
    with inside("form"):
        encoder.check_form(form)
    n_features_in, names = model.schema["n_features_in_"], list(model.schema.get("feature_names_in_", []))
    # The levels of an index are no features.
    known = None if form.names is None else list(form.names)[: form.n_features]
    demand(n_features_in == form.n_features, "n_features_in", "be the number of columns of the form")
    demand(not names or names == (known or []), "feature_names_in", "be the names of the form")
    if model.targets is not None:
        with inside("targets"):
            model.targets.check()
    n_features = len(model.ordered_features)
    uniform = encoder.spec_.indices("uniform")
    fits = model.calibration.index == uniform
    demand(fits, "Calibration: index", f"be {uniform}, the uniform columns of the encoder")
    _check_class_means(model, uniform)
    rounds = refiner.rounds if refiner is not None else []
    for trees in [*rounds] if model.ratio is None else [model.ratio, *rounds]:
        fits = trees.column.max() < n_features
        demand(fits, "RatioTrees: column", f"be less than {n_features}, the number of features")
    if refiner is not None:
        _check_marginals(refiner, encoder, is_conditional=model.targets is not None)


def n_weights(tensors):
    """How many weights a dict of tensors has."""
    return sum(tensor.numel() for tensor in tensors.values())


def check_networks(model, n_weights):
    """Refuse hyperparameters that would build networks far larger than their weights, and unknown networks.

    Parameters
    ----------
    model : Model
        Before its networks are built.
    n_weights : dict of str to int
        Of each network; of a mixture, those of one of its generators.
    """
    networks, hyperparameters, spec = model.words, model.hyperparameters, model.encoder.spec_
    for name, table in (("generator", GENERATORS), ("discriminator", DISCRIMINATORS)):
        known = callable(networks[name]) or networks[name] in table
        demand(known, f"words: {name}", "be a word where the sampler was built without a factory")
    n_conditions = 0 if model.targets is None else model.targets.encoder.spec_.width
    for name, least in (("generator", _least_in_generator), ("discriminator", _least_in_discriminator)):
        if callable(networks[name]):
            continue
        with inside("hyperparameters"):
            smallest = least(networks[name], spec, n_conditions, hyperparameters)
        demand(
            smallest <= n_weights[name],
            f"hidden_layer_sizes={hyperparameters.hidden_layer_sizes} and latent_dim={hyperparameters.latent_dim}",
            f"fit the {n_weights[name]} weights of the {name}",
        )


def _least_in_generator(word, spec, n_conditions, hyperparameters):
    """A number of weights that no generator is below."""
    sizes, n_inputs = hyperparameters.hidden_layer_sizes, hyperparameters.latent_dim + n_conditions
    if word == "mlp":
        return n_inputs * sizes[0] + _between(sizes) + sizes[-1] * spec.width
    return n_inputs * sizes[-1] * math.prod(ImagePyramid.of(spec, sizes).base) + _between(sizes)


def _least_in_discriminator(word, spec, n_conditions, hyperparameters):
    """A number of weights that no discriminator is below."""
    sizes = hyperparameters.hidden_layer_sizes
    if word == "mlp":
        return spec.width * sizes[0] + _between(sizes) + n_conditions * min(sizes[0], sizes[-1])
    n_features = sizes[-1] * math.prod(ImagePyramid.of(spec, sizes).base)
    return (n_features + n_conditions) * N_FEATURES + _between(sizes)


def _between(sizes):
    """Neighbouring layers are joined by at least one weight per pair of units."""
    return sum(a * b for a, b in zip(sizes, sizes[1:], strict=False))


def load_weights(name, module, weights, *, is_from_factory):
    """Give a network the weights that a file holds for it; a factory may have built one that they do not fit."""
    with nullcontext() if is_from_factory else inside(name):
        module.load_state_dict(weights)
    for key, parameter in module.named_parameters():
        demand(bool(torch.isfinite(parameter).all()), f"{name}: {key}", "be finite")


def _check_class_means(model, uniform):
    sizes = [] if model.targets is None else model.targets.encoder.n_classes
    for means in model.class_means:
        with inside("class_means"):
            demand(set(means.index) <= set(uniform), "index", f"be among {uniform}, the uniform columns of the encoder")
            known = means.target < len(sizes) and len(means.means) == sizes[means.target]
            demand(known, "means", "have one row for each class of target")


def _check_marginals(refiner, encoder, *, is_conditional):
    balance, raking = refiner.balance, refiner.raking
    demand(balance is None or not is_conditional, "refiner: balance", "be None where there are targets")
    demand(raking is None or is_conditional, "refiner: raking", "be None where there are no targets")
    for part in (balance, raking):
        if part is not None:
            with inside("refiner"):
                part.check_columns(encoder.ordered_)
