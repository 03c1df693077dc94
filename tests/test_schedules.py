"""Schedules at known places."""

import pytest

from skgan.schedules import Cosine


@pytest.mark.parametrize(
    "schedule, values",  # at progress 0, 1/4, 1/2, 3/4, 1
    [
        (Cosine(), [1, 0.853553, 0.5, 0.146447, 0]),
        (Cosine(1.0, 0.2), [1, 0.882843, 0.6, 0.317157, 0.2]),
        (Cosine(1.0, 0.0, hold=0.5), [1, 1, 1, 0.5, 0]),
    ],
)
def test_known_values(schedule, values):
    assert [schedule(progress) for progress in (0.0, 0.25, 0.5, 0.75, 1.0)] == pytest.approx(values, abs=1e-6)


def test_schedules_are_values():
    assert Cosine(hold=0.3) == Cosine(hold=0.3) != Cosine(hold=0.4)
    assert hash(Cosine(hold=0.3)) == hash(Cosine(hold=0.3))
