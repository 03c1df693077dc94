"""Data: toy makers with known answers, one real table that ships with the package, and folders of image files."""

from ._image_folder import ImageFolder
from ._real import load_penguins
from ._toy import make_mixed, make_ring

__all__ = ["ImageFolder", "load_penguins", "make_mixed", "make_ring"]
