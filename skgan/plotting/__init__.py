"""Displays like those of scikit-learn; matplotlib is imported when one is plotted."""

from ._embedding import EmbeddingDisplay
from ._history import HistoryDisplay
from ._image_grid import ClassGridDisplay, ImageGridDisplay
from ._interpolation import InterpolationDisplay
from ._marginals import MarginalsDisplay
from ._nearest import NearestRecordDisplay
from ._pair_trends import PairTrendsDisplay

__all__ = [
    "ClassGridDisplay",
    "EmbeddingDisplay",
    "HistoryDisplay",
    "ImageGridDisplay",
    "InterpolationDisplay",
    "MarginalsDisplay",
    "NearestRecordDisplay",
    "PairTrendsDisplay",
]
