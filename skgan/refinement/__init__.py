"""Refinement: calibrate generated columns, then keep the rows that look real."""

from ._balance import Balance
from ._calibration import Calibration
from ._class_means import ClassMeans
from ._collapse import N_ROWS as COLLAPSE_ROWS
from ._collapse import collapse
from ._raking import Raking
from ._refine import MIN_ROWS, calibrate, refine, rows_to_refine
from ._refiner import Refiner
from ._trees import RatioTrees

__all__ = [
    "COLLAPSE_ROWS",
    "MIN_ROWS",
    "Balance",
    "Calibration",
    "ClassMeans",
    "Raking",
    "RatioTrees",
    "Refiner",
    "calibrate",
    "collapse",
    "refine",
    "rows_to_refine",
]
