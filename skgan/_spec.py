"""The layout of encoded rows, which encoders write and networks read."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

KINDS = ("uniform", "categorical", "image")


@dataclass(frozen=True)
class Span:
    """Adjacent tensor columns that encode one value.

    Parameters
    ----------
    kind : {"uniform", "categorical", "image"}
        "uniform" is one column that is uniform on [-1, 1]; "categorical" is a one-hot run; "image" is all pixels of an
        image in [-1, 1], channel by channel and line by line.
    start : int
        First tensor column.
    width : int
        Number of tensor columns.
    log_frequencies : tuple of float
        For "categorical": the log of each category's share of the rows, the initial bias of a generator.
    shape : tuple of int
        For "image": (n_channels, height, width).
    """

    kind: str
    start: int
    width: int
    log_frequencies: tuple[float, ...] = ()
    shape: tuple[int, ...] = ()

    @property
    def stop(self) -> int:
        return self.start + self.width


@dataclass(frozen=True)
class DataSpec:
    """All spans of an encoded row, in order."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def from_pieces(cls, pieces):
        """Lay out pieces ``(kind, width, log_frequencies)`` one after another."""
        spans, start = [], 0
        for kind, width, log_frequencies in pieces:
            spans.append(Span(kind, start, width, tuple(log_frequencies)))
            start += width
        return cls(tuple(spans))

    @classmethod
    def of_image(cls, shape):
        """The layout of rows that are images of shape (n_channels, height, width)."""
        return cls((Span("image", 0, math.prod(shape), shape=tuple(shape)),))

    @property
    def width(self) -> int:
        return self.spans[-1].stop if self.spans else 0

    @property
    def image_shape(self):
        """(n_channels, height, width) if a row is an image, else None."""
        return self.spans[0].shape if len(self.spans) == 1 and self.spans[0].kind == "image" else None

    def of_kind(self, kind):
        """The spans of one kind, in order."""
        return [span for span in self.spans if span.kind == kind]

    def indices(self, kind):
        """The tensor columns of the spans of one kind, in order."""
        return [index for span in self.of_kind(kind) for index in range(span.start, span.stop)]

    def __add__(self, other):
        moved = [replace(span, start=self.width + span.start) for span in other.spans]
        return DataSpec((*self.spans, *moved))
