"""The layout: spans tile a row without holes, in order."""

import pytest

from skgan._spec import DataSpec, Span

PIECES = [
    ("uniform", 1, ()), ("categorical", 3, (-1.0, -1.1, -1.2)), ("uniform", 1, ()), ("categorical", 2, (0.0, -9.0)),
]


def test_pieces_are_laid_side_by_side():
    spec = DataSpec.from_pieces(PIECES)
    assert [(span.start, span.stop) for span in spec.spans] == [(0, 1), (1, 4), (4, 5), (5, 7)]
    assert [span.kind for span in spec.spans] == [kind for kind, _, _ in PIECES]
    assert spec.spans[1].log_frequencies == (-1.0, -1.1, -1.2)
    assert spec.width == 7


def test_indices_and_spans_of_a_kind():
    spec = DataSpec.from_pieces(PIECES)
    assert spec.indices("uniform") == [0, 4]
    assert spec.indices("categorical") == [1, 2, 3, 5, 6]
    assert spec.of_kind("uniform") == [Span("uniform", 0, 1), Span("uniform", 4, 1)]


@pytest.mark.parametrize("cut", range(len(PIECES) + 1))
def test_a_sum_is_the_layout_of_both_end_to_end(cut):
    assert DataSpec.from_pieces(PIECES[:cut]) + DataSpec.from_pieces(PIECES[cut:]) == DataSpec.from_pieces(PIECES)


def test_an_empty_layout_has_no_width():
    assert DataSpec().width == 0
    assert DataSpec().indices("uniform") == [] and DataSpec() + DataSpec() == DataSpec()
