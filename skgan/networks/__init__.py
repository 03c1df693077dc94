"""Generators and discriminators, built from a `DataSpec`."""

from ._generator import Generator
from ._heads import HEADS, InputFeatures, OutputHeads
from ._mixture import Mixture
from ._mlp import ResidualMLP
from ._table import DISCRIMINATORS, GENERATORS, TableDiscriminator, TableGenerator

__all__ = [
    "DISCRIMINATORS",
    "GENERATORS",
    "Generator",
    "HEADS",
    "InputFeatures",
    "Mixture",
    "OutputHeads",
    "ResidualMLP",
    "TableDiscriminator",
    "TableGenerator",
]
