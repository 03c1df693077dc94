"""What the word "auto" stands for: settings that grow with the data, for rows of tables and for images."""

from __future__ import annotations

from dataclasses import dataclass

from skgan.networks import AUTO_CONDITIONING, Grid
from skgan.regularizers import AUTO_REGULARIZER, REGULARIZERS
from skgan.schedules import Cosine

# From here on networks are as wide as they get, and runs are long.
MANY_ROWS = 4000
# Fewer images than this are shown with changes, so that they are not learned by heart.
AUGMENTED_BELOW = 20_000
# An image's squared distance from the mean image (pixels in [-1, 1]) at which a penalty has its plain weight.
VARIANCE_OF_WEIGHT, LEAST_SMOOTHNESS = 30.0, 10.0
# Residual networks of hundreds of channels collapse at the rate of strided ones.
RATE_OF_RESIDUAL = 5e-4
AUGMENTATION_OF_FEW = ("translation", "color", "cutout")


@dataclass(frozen=True)
class Settings:
    """The constructor's choices with every "auto" worked out, and what follows from the data alone."""

    regularizer: str | None
    penalty_weight: float
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
    # The average's half-life, as a share of the run, and when it is kept.
    average_share = 0.02
    kept_at = (0.7, 0.8, 0.9)
    rounds, rounds_of_few, generated_a_real_row = 4, 3, 4

    network = "mlp"

    def auto(self, encoder, n_rows, networks):
        return {
            "latent_dim": min(128, max(4, encoder.spec_.width)),
            "hidden_layer_sizes": _hidden_layer_sizes(n_rows),
            "max_iter": int(min(4 * n_rows, 300 + 4 * n_rows**0.75, 6000)),
            "batch_size": min(256, max(8, n_rows)),
            "learning_rate": 2e-3,
            "augmentation": None,
        }

    def generator_share(self, n_rows):
        """The generator's learning rate over the discriminator's.

        In long runs at one rate the shares of levels that hang together swing, and do not come to rest before the end:
        let the discriminator be faster (Heusel et al., NeurIPS 2017). Short runs need all the speed that they have.
        """
        return 1.0 if n_rows < MANY_ROWS else 0.7

    def smoothness(self, encoder, n_rows):
        """How many times the weight of a zero-centred penalty: wide rows, few of them, are soon learned by heart."""
        return min(100.0, max(1.0, 600.0 * encoder.spec_.width / n_rows))

    def augmentation_speed(self, max_iter):
        return 0.0


class ImageRecipe:
    """How samplers train on images."""

    schedule = Cosine(1.0, 0.02, hold=0.5)
    average_share = 0.02
    kept_at = ()
    rounds, rounds_of_few, generated_a_real_row = 2, 1, 2

    network = "dcgan"

    def auto(self, encoder, n_rows, networks):
        n_stages = Grid(*encoder.spec_.image_shape).n_stages
        sizes = tuple(min(32 * 2**stage, 256) for stage in range(n_stages))
        return {
            "latent_dim": 64,
            "hidden_layer_sizes": (256, 256) if networks <= {"mlp", None} else sizes,
            "max_iter": int(min(1000 + 60 * n_rows**0.5, 16_000)),
            "batch_size": 64,
            "learning_rate": RATE_OF_RESIDUAL if networks & {"resnet", "progressive"} else 2e-3,
            "augmentation": AUGMENTATION_OF_FEW if n_rows < AUGMENTED_BELOW else None,
        }

    def generator_share(self, n_rows):
        return 1.0

    def smoothness(self, encoder, n_rows):
        """How many times the weight of a zero-centred penalty.

        A score may change by about one on the way from an image to another: the squared slope goes with one over the
        squared distance of images, and the weight with that distance. Small images need as much as middling ones.
        """
        return max(LEAST_SMOOTHNESS, encoder.variance_ / VARIANCE_OF_WEIGHT)

    def augmentation_speed(self, max_iter):
        """From never to always within a quarter of the run."""
        return 4.0 / max_iter


RECIPES = {"table": TableRecipe(), "image": ImageRecipe()}


def settle(sampler, encoder, n_rows, networks) -> Settings:
    """Settings of `sampler` for `n_rows` rows that `encoder` encodes, and networks of these words or factories."""
    recipe = RECIPES[encoder.kind]
    auto = {
        "regularizer": AUTO_REGULARIZER.get(sampler.loss),
        "conditioning": AUTO_CONDITIONING.get(_word(networks["discriminator"]), "concatenation"),
        **recipe.auto(encoder, n_rows, set(map(_word, networks.values()))),
    }
    chosen = {name: getattr(sampler, name, "auto") for name in auto}
    chosen = {name: auto[name] if _is_auto(value) else value for name, value in chosen.items()}
    chosen["hidden_layer_sizes"] = tuple(chosen["hidden_layer_sizes"])
    chosen["augmentation"] = tuple(chosen["augmentation"] or ())
    weight = sampler.penalty_weight
    if _is_auto(weight):
        weight = _penalty_weight(chosen["regularizer"], recipe.smoothness(encoder, n_rows))
    return Settings(**chosen, penalty_weight=float(weight))


def _penalty_weight(word, smoothness):
    """The regularizer's own weight; of those that draw slopes to zero, times what the data ask for."""
    if word is None:
        return 0.0
    regularizer = REGULARIZERS[word]
    return regularizer.weight * (smoothness if regularizer.zero_centred else 1.0)


def _word(network):
    return network if isinstance(network, str) else None


def _is_auto(value):
    return isinstance(value, str) and value == "auto"


def _hidden_layer_sizes(n_rows):
    for limit, sizes in ((1500, (64, 64)), (MANY_ROWS, (128, 128))):
        if n_rows < limit:
            return sizes
    return (256, 256)
