"""Numbers and times that are written as text."""

from ._find import find_style, style_from_state
from ._style import Parsed, Style

__all__ = ["Parsed", "Style", "find_style", "style_from_state"]
