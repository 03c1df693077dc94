"""Encoders: X to tensors and back."""

from skgan._forms import ImageRows, Table

from ._check_form import check_holds
from ._columns import MAX_ONE_HOT, NumericColumn
from ._condition import TARGET_TYPES, ConditionEncoder, Conditions
from ._continued import categories_in, continued
from ._encoded import Encoded, Middle
from ._identifier import IdentifierColumn
from ._image import ImageEncoder
from ._profiles import profiles_of
from ._rare import merge_rare, warn_of_rare
from ._table import TableEncoder
from ._text import TEXT, TextColumn, hidden

# The encoder for each modality.
ENCODERS = {Table: TableEncoder, ImageRows: ImageEncoder}

__all__ = [
    "ENCODERS",
    "MAX_ONE_HOT",
    "TARGET_TYPES",
    "TEXT",
    "ConditionEncoder",
    "Conditions",
    "Encoded",
    "IdentifierColumn",
    "ImageEncoder",
    "Middle",
    "NumericColumn",
    "TableEncoder",
    "TextColumn",
    "categories_in",
    "check_holds",
    "continued",
    "encoder_from_state",
    "hidden",
    "merge_rare",
    "profiles_of",
    "warn_of_rare",
]


def encoder_from_state(state):
    """The table or image encoder of a state that `get_state` returned."""
    return (ImageEncoder if state.get("modality") == "images" else TableEncoder).from_state(state)
