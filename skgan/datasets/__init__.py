"""Data: toy makers with known answers, one real table that ships with the package, files of tables and of images."""

from ._files import read_table, write_table
from ._image_folder import ImageFolder
from ._real import load_penguins
from ._toy import make_mixed, make_ring

__all__ = ["ImageFolder", "load_penguins", "make_mixed", "make_ring", "read_table", "write_table"]
