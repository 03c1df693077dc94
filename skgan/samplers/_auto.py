"""What the word "auto" stands for: hyperparameters that depend on the data, for rows of tables and for images."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from skgan._registry import make
from skgan.augmentations import Augment
from skgan.losses import LOSSES
from skgan.networks import AUTO_CONDITIONING, ImagePyramid
from skgan.regularizers import REGULARIZERS
from skgan.schedules import Cosine

# From this number of rows on, networks have their full width and runs are long.
MANY_ROWS = 4000
# Fewer images than this are augmented, so that they are not memorised.
AUGMENTED_BELOW = 20_000
# The squared distance of an image from the mean image (pixels in [-1, 1]) at which a penalty has its own weight.
VARIANCE_OF_WEIGHT, LEAST_SMOOTHNESS = 30.0, 10.0
# The narrow strided networks of a CPU train well at the first rate. Residual networks, and the wide strided ones of a
# GPU, can collapse within the first steps at 1e-3.
RATE_OF_NARROW, RATE_OF_WIDE = 2e-3, 5e-4
RESIDUAL = {"resnet", "progressive"}
AUGMENTATION_OF_FEW = ("translation", "color", "cutout")
# A number of steps that is out of reach: with limited time, the time ends the run.
UNTIL_TIME_ENDS = 100_000
# What a part must have to be passed as an instance instead of a word.
LOSS_METHODS = ("discriminator_loss", "generator_loss")
REGULARIZER_METHODS = ("penalty", "constrain")


@dataclass(frozen=True)
class Hyperparameters:
    """The constructor's choices, with every "auto" replaced by its value.

    Parts that were passed as instances are code, which hyperparameters do not hold: a regularizer is None here, and an
    augmentation the name of its class.
    """

    regularizer: str | None
    regularizer_weight: float
    n_critic: int
    latent_dim: int
    hidden_layer_sizes: tuple
    max_iter: int
    batch_size: int
    learning_rate: float
    augmentation: tuple
    conditioning: str


class TableRecipe:
    """How samplers train on rows of a table."""

    # Of the learning rate.
    schedule = Cosine(1.0, 0.05, hold=0.3)
    # The half-life of the average as a share of the run, and the shares of the run at which it is kept.
    average_share = 0.02
    kept_at = (0.7, 0.8, 0.9)
    rounds, rounds_of_few, generated_per_real_row = 4, 3, 4

    network = "mlp"

    def auto(self, encoder, n_rows, networks, device, max_time):
        return {
            "latent_dim": min(128, max(4, encoder.spec_.width)),
            "hidden_layer_sizes": _hidden_layer_sizes(n_rows),
            "max_iter": int(min(4 * n_rows, 300 + 4 * n_rows**0.75, 6000)),
            "batch_size": min(256, max(8, n_rows)),
            "learning_rate": 2e-3,
            "augmentation": None,
        }

    def generator_rate(self, n_rows):
        """The generator's learning rate divided by the discriminator's.

        In long runs with equal rates the shares of categories that are correlated oscillate, and do not converge
        before the end: a faster discriminator mends this (Heusel et al., NeurIPS 2017). Short runs need full speed.
        """
        return 1.0 if n_rows < MANY_ROWS else 0.7

    def smoothness(self, encoder, n_rows):
        """Factor of the weight of a zero-centred penalty: few wide rows are soon memorised."""
        return min(100.0, max(1.0, 600.0 * encoder.spec_.width / n_rows))

    def augmentation_speed(self, max_iter):
        return 0.0


class ImageRecipe:
    """How samplers train on images."""

    schedule = Cosine(1.0, 0.02, hold=0.5)
    average_share = 0.02
    kept_at = ()
    rounds, rounds_of_few, generated_per_real_row = 2, 1, 2

    network = "dcgan"

    def auto(self, encoder, n_rows, networks, device, max_time):
        n_stages = ImagePyramid(*encoder.spec_.image_shape).n_stages
        mlp = networks <= {"mlp", None}
        hyperparameters = {
            "latent_dim": 64,
            "hidden_layer_sizes": (256, 256) if mlp else _channels(n_stages, 32, 256),
            "max_iter": int(min(1000 + 60 * n_rows**0.5, 16_000)),
            "batch_size": 64,
            "learning_rate": RATE_OF_WIDE if networks & RESIDUAL else RATE_OF_NARROW,
            "augmentation": AUGMENTATION_OF_FEW if n_rows < AUGMENTED_BELOW else None,
        }
        if device.type == "cuda" and not mlp and not networks & RESIDUAL:
            hyperparameters.update(_on_gpu(n_rows, n_stages, max_time))
        return hyperparameters

    def generator_rate(self, n_rows):
        return 1.0

    def smoothness(self, encoder, n_rows):
        """Factor of the weight of a zero-centred penalty.

        A score may change by about one on the way from one image to another: the squared slope is then one over their
        squared distance, so the weight grows with that distance. Small images need as much as medium ones.
        """
        return max(LEAST_SMOOTHNESS, encoder.variance_ / VARIANCE_OF_WEIGHT)

    def augmentation_speed(self, max_iter):
        """From never to always within a quarter of the run."""
        return 4.0 / max_iter


RECIPES = {"table": TableRecipe(), "images": ImageRecipe()}


def _on_gpu(n_rows, n_stages, max_time):
    """Wide strided networks in long runs, as measured on an H100 and an H200 (docs/experiments.md)."""
    return {
        "hidden_layer_sizes": _channels(n_stages, 128, 512),
        "max_iter": int(min(1500 + 135 * n_rows**0.5, 30_000)) if max_time is None else UNTIL_TIME_ENDS,
        "batch_size": 128,
        "learning_rate": RATE_OF_WIDE,
    }


def _channels(n_stages, first, most):
    return tuple(min(first * 2**stage, most) for stage in range(n_stages))


def make_loss(sampler):
    """The loss of a sampler, an object of `skgan.losses` or the caller's own."""
    return make("loss", sampler.loss, LOSSES, LOSS_METHODS)


def make_regularizer(sampler, hyperparameters):
    """The regularizer of a sampler with its weight, or None."""
    choice = hyperparameters.regularizer
    if choice is None:
        choice = _auto_of_loss(sampler, "regularizer") if _is_auto(sampler.regularizer) else sampler.regularizer
    if choice is None:
        return None
    regularizer = copy.copy(make("regularizer", choice, REGULARIZERS, REGULARIZER_METHODS))
    regularizer.weight = hyperparameters.regularizer_weight
    return regularizer


def make_augment(sampler, hyperparameters, encoder):
    """What the discriminator sees of images instead of the images, or None."""
    if not hyperparameters.augmentation:
        return None
    parts = hyperparameters.augmentation if _is_auto(sampler.augmentation) else sampler.augmentation
    return Augment(parts, encoder.spec_.image_shape)


def holds_instances(value):
    """Whether a parameter is a part of the caller's own, or holds some."""
    if isinstance(value, tuple | list):
        return any(holds_instances(part) for part in value)
    return not isinstance(value, str | int | float | None) and not hasattr(value, "dtype")


def resolve_hyperparameters(sampler, encoder, n_rows, networks, device) -> Hyperparameters:
    """Hyperparameters of `sampler` for `n_rows` rows that `encoder` encodes.

    Parameters
    ----------
    networks : dict of str to str or callable
        The word or the factory of each network.
    device : torch.device
    """
    recipe = RECIPES[encoder.modality]
    auto = {
        "n_critic": _auto_of_loss(sampler, "n_critic", 1),
        "conditioning": AUTO_CONDITIONING.get(_word(networks["discriminator"]), "concatenation"),
        **recipe.auto(encoder, n_rows, set(map(_word, networks.values())), device, sampler.max_time),
    }
    chosen = {name: getattr(sampler, name, "auto") for name in auto}
    chosen = {name: auto[name] if _is_auto(value) else value for name, value in chosen.items()}
    chosen["hidden_layer_sizes"] = tuple(chosen["hidden_layer_sizes"])
    chosen["augmentation"] = tuple(_name(part) for part in chosen["augmentation"] or ())
    regularizer = sampler.regularizer
    if _is_auto(regularizer):
        regularizer = _auto_of_loss(sampler, "regularizer")
    weight = sampler.regularizer_weight
    if _is_auto(weight):
        weight = _penalty_weight(regularizer, recipe.smoothness(encoder, n_rows))
    word = regularizer if isinstance(regularizer, str) else None
    return Hyperparameters(**chosen, regularizer=word, regularizer_weight=float(weight))


def _auto_of_loss(sampler, name, *default):
    """What a loss says that "auto" is for it; a loss that says nothing needs an explicit choice."""
    loss = make_loss(sampler)
    if not hasattr(loss, name) and not default:
        raise ValueError(
            f"{name}='auto' is not known for loss={sampler.loss!r}, which has no attribute {name!r}; pass {name}= one "
            f"of {', '.join(map(repr, REGULARIZERS))} or None, or give the loss the attribute."
        )
    return getattr(loss, name, *default)


def _penalty_weight(regularizer, smoothness):
    """The regularizer's own weight, which a zero-centred one multiplies by what the data need."""
    if regularizer is None:
        return 0.0
    regularizer = make("regularizer", regularizer, REGULARIZERS, REGULARIZER_METHODS)
    return regularizer.weight * (smoothness if regularizer.zero_centred else 1.0)


def _name(part):
    return part if isinstance(part, str) else type(part).__name__


def _word(network):
    return network if isinstance(network, str) else None


def _is_auto(value):
    return isinstance(value, str) and value == "auto"


def _hidden_layer_sizes(n_rows):
    for limit, sizes in ((1500, (64, 64)), (MANY_ROWS, (128, 128))):
        if n_rows < limit:
            return sizes
    return (256, 256)
