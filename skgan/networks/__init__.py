"""Generators and discriminators, built from a `DataSpec`."""

from ._generator import Generator
from ._heads import HEADS, InputFeatures, OutputHeads
from ._mlp import ResidualMLP
from ._table import DISCRIMINATORS, GENERATORS, TableDiscriminator, TableGenerator

__all__ = [
    "DISCRIMINATORS",
    "GENERATORS",
    "Generator",
    "HEADS",
    "InputFeatures",
    "OutputHeads",
    "ResidualMLP",
    "TableDiscriminator",
    "TableGenerator",
]
