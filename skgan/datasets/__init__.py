"""Small data sets: toy makers with known answers, and one real table that ships with the package."""

from ._real import load_penguins
from ._toy import make_mixed, make_ring

__all__ = ["load_penguins", "make_mixed", "make_ring"]
