"""The tensor layout: what an encoder writes and a network reads."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("uniform", "categorical")


@dataclass(frozen=True)
class Span:
    """A run of neighbouring tensor columns that belong together.

    Parameters
    ----------
    kind : {"uniform", "categorical"}
        "uniform" is one column that is uniform on [-1, 1]; "categorical" is a one-hot run.
    start : int
        First tensor column.
    width : int
        Number of tensor columns.
    log_frequencies : tuple of float
        For "categorical": the log of each level's share of the rows, where a generator's bias starts.
    """

    kind: str
    start: int
    width: int
    log_frequencies: tuple[float, ...] = ()

    @property
    def stop(self) -> int:
        return self.start + self.width


@dataclass(frozen=True)
class DataSpec:
    """All spans of an encoded row, side by side in order."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def from_pieces(cls, pieces):
        """Lay out ``(kind, width, log_frequencies)`` pieces one after the other."""
        spans, start = [], 0
        for kind, width, log_frequencies in pieces:
            spans.append(Span(kind, start, width, tuple(log_frequencies)))
            start += width
        return cls(tuple(spans))

    @property
    def width(self) -> int:
        return self.spans[-1].stop if self.spans else 0

    def of_kind(self, kind):
        """The spans of one kind, in order."""
        return [span for span in self.spans if span.kind == kind]

    def indices(self, kind):
        """The tensor columns that the spans of one kind occupy, in order."""
        return [index for span in self.of_kind(kind) for index in range(span.start, span.stop)]

    def __add__(self, other):
        pieces = [(span.kind, span.width, span.log_frequencies) for span in self.spans + other.spans]
        return DataSpec.from_pieces(pieces)
