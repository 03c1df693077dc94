"""Generators and discriminators, built from a `DataSpec`."""

from ._carry import carry_over
from ._conv import N_FEATURES, StridedDiscriminator, StridedGenerator
from ._generator import Generator
from ._heads import HEADS, InputFeatures, OutputHeads
from ._layers import layers_of
from ._mixture import Mixture
from ._mlp import ResidualMLP
from ._progressive import ProgressiveDiscriminator, ProgressiveGenerator
from ._pyramid import ImagePyramid
from ._resnet import ResidualDiscriminator, ResidualGenerator
from ._table import TableDiscriminator, TableGenerator, table_discriminator

# network(spec, latent_dim, condition_spec, hidden_layer_sizes, rng)
GENERATORS = {
    "mlp": TableGenerator,
    "dcgan": StridedGenerator,
    "resnet": ResidualGenerator,
    "progressive": ProgressiveGenerator,
}
# network(spec, condition_spec, hidden_layer_sizes, rng, conditioning)
DISCRIMINATORS = {
    "mlp": table_discriminator,
    "dcgan": StridedDiscriminator,
    "resnet": ResidualDiscriminator,
    "progressive": ProgressiveDiscriminator,
}
# How a discriminator is conditioned by default.
AUTO_CONDITIONING = {"mlp": "concatenation", **dict.fromkeys(("dcgan", "resnet", "progressive"), "projection")}
CONDITIONINGS = ("auto", "projection", "auxiliary")

__all__ = [
    "AUTO_CONDITIONING",
    "CONDITIONINGS",
    "DISCRIMINATORS",
    "GENERATORS",
    "Generator",
    "ImagePyramid",
    "HEADS",
    "N_FEATURES",
    "InputFeatures",
    "Mixture",
    "OutputHeads",
    "ProgressiveDiscriminator",
    "ProgressiveGenerator",
    "ResidualDiscriminator",
    "ResidualGenerator",
    "ResidualMLP",
    "carry_over",
    "layers_of",
    "StridedDiscriminator",
    "StridedGenerator",
    "TableDiscriminator",
    "TableGenerator",
    "table_discriminator",
]
