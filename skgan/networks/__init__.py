"""Generators and discriminators, built from a `DataSpec`."""

from ._conv import StridedDiscriminator, StridedGenerator
from ._generator import Generator
from ._grid import Grid
from ._heads import HEADS, InputFeatures, OutputHeads
from ._mixture import Mixture
from ._mlp import ResidualMLP
from ._progressive import ProgressiveDiscriminator, ProgressiveGenerator
from ._resnet import ResidualDiscriminator, ResidualGenerator
from ._table import TableDiscriminator, TableGenerator, table_discriminator

# network(spec, latent_dim, condition_spec, hidden_layer_sizes, torch_generator)
GENERATORS = {
    "mlp": TableGenerator,
    "dcgan": StridedGenerator,
    "resnet": ResidualGenerator,
    "progressive": ProgressiveGenerator,
}
# network(spec, condition_spec, hidden_layer_sizes, torch_generator, conditioning)
DISCRIMINATORS = {
    "mlp": table_discriminator,
    "dcgan": StridedDiscriminator,
    "resnet": ResidualDiscriminator,
    "progressive": ProgressiveDiscriminator,
}
# How a discriminator hears of the condition by default.
AUTO_CONDITIONING = {"mlp": "concatenation", **dict.fromkeys(("dcgan", "resnet", "progressive"), "projection")}
CONDITIONINGS = ("auto", "projection", "auxiliary")

__all__ = [
    "AUTO_CONDITIONING",
    "CONDITIONINGS",
    "DISCRIMINATORS",
    "GENERATORS",
    "Generator",
    "Grid",
    "HEADS",
    "InputFeatures",
    "Mixture",
    "OutputHeads",
    "ProgressiveDiscriminator",
    "ProgressiveGenerator",
    "ResidualDiscriminator",
    "ResidualGenerator",
    "ResidualMLP",
    "StridedDiscriminator",
    "StridedGenerator",
    "TableDiscriminator",
    "TableGenerator",
    "table_discriminator",
]
