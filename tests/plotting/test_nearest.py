"""NearestRecordDisplay."""

import numpy as np
import pytest
from pictures import mixed
from scipy.spatial.distance import cdist
from sklearn.datasets import load_iris

from skgan.metrics._copies import exact_copies
from skgan.plotting import NearestRecordDisplay

pytest.importorskip("matplotlib")

RNG = np.random.default_rng(0)
TRAIN, HOLDOUT, FRESH = (RNG.normal(size=(300, 4)) for _ in range(3))


def ratio(display):
    return np.median(display.synthetic) / np.median(display.reference)


def test_distances_are_those_to_the_nearest_training_row():
    display = NearestRecordDisplay.from_samples(TRAIN, FRESH, HOLDOUT)
    by_hand = cdist(FRESH, TRAIN).min(axis=1)
    np.testing.assert_allclose(display.synthetic / display.synthetic[0], by_hand / by_hand[0], rtol=1e-6)
    assert ratio(display) == pytest.approx(1, abs=0.15)
    assert display.copies == (0.0, 0.0)


def test_copies_lie_at_zero():
    synthetic = np.concatenate([TRAIN[:100], FRESH[:100]])
    display = NearestRecordDisplay.from_samples(TRAIN, synthetic, HOLDOUT)
    assert (display.synthetic == 0).sum() == 100
    assert display.copies == (0.5, 0.0)
    assert [text.get_text() for text in display.ax_.get_legend().texts] == [
        "held-out rows (300): 0 % exact copies",
        "synthetic rows (200): 50 % exact copies",
    ]


def test_rows_beside_training_rows_are_nearer():
    assert ratio(NearestRecordDisplay.from_samples(TRAIN, TRAIN + 1e-3, HOLDOUT)) < 0.05


def test_without_held_out_rows_training_rows_are_the_measure():
    display = NearestRecordDisplay.from_samples(TRAIN, FRESH)
    distances = cdist(TRAIN, TRAIN)
    np.fill_diagonal(distances, np.inf)
    by_hand = distances.min(axis=1)
    np.testing.assert_allclose(display.reference / display.reference[0], by_hand / by_hand[0], rtol=1e-6)
    assert display.reference_name == "training rows to the nearest other one"
    with pytest.raises(ValueError, match="single row"):
        NearestRecordDisplay.from_samples(TRAIN[:1], FRESH)
    NearestRecordDisplay.from_samples(TRAIN[:1], FRESH[:1], HOLDOUT[:1])


def test_values_beyond_the_real_ones_are_no_copies():
    # With the features "ranks" they are equal to the largest real value.
    frame = mixed()[["with_missing"]].dropna()
    display = NearestRecordDisplay.from_samples(frame, frame + 1000, frame)
    assert display.copies == (exact_copies(frame, frame + 1000), 1.0) == (0.0, 1.0)


@pytest.mark.parametrize("kind", ["histogram", "ecdf"])
def test_kinds(kind):
    display = NearestRecordDisplay.from_samples(mixed(), mixed(seed=1), mixed(seed=2), kind=kind, max_rows=50)
    assert len(display.synthetic) == len(display.reference) == 50
    assert display.ax_.get_xlabel() == "distance to the nearest training row"
    display.figure_.canvas.draw()
    if kind == "ecdf":
        assert all(line.get_ydata()[-1] == 1 for line in display.ax_.lines)


def test_images():
    images = np.random.default_rng(0).random((20, 8, 8))
    display = NearestRecordDisplay.from_samples(images, images[:5], features=lambda X: X.reshape(len(X), -1))
    assert display.copies[0] == 1.0


@pytest.mark.parametrize(
    ("options", "message"),
    [({"kind": "violin"}, "kind='violin' is not a known word"), ({"max_rows": 0}, "max_rows=0 is not allowed")],
)
def test_refuses(options, message):
    with pytest.raises(ValueError, match=message):
        NearestRecordDisplay.from_samples(load_iris().data, load_iris().data, **options)


def test_what_is_no_table_is_called_so():
    with pytest.raises(ValueError, match="X_real is a dict"):
        NearestRecordDisplay.from_samples({"a": [1, 2, 3]}, [[1.0]])
