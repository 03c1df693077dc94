"""Encoders: X to tensors and back."""

from ._condition import TARGET_TYPES, ConditionEncoder, Conditions
from ._encoded import Encoded
from ._rare import merge_rare, warn_of_rare
from ._table import TableEncoder

__all__ = ["TARGET_TYPES", "ConditionEncoder", "Conditions", "Encoded", "TableEncoder", "merge_rare", "warn_of_rare"]
