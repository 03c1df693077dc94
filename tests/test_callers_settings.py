"""What the caller has set in torch changes no row and no number, and stays as it was."""

from contextlib import contextmanager

import numpy as np
import pytest
import torch
from problems import assert_same, labels_of, small_array, small_frame
from sklearn.datasets import load_digits

import skgan
from skgan import ConditionalGANSampler, GANSampler
from skgan.encoders._random_features import RandomFeatures
from skgan.metrics import frechet_distance

FRAME, ARRAY = small_frame(), small_array()
DIGITS, KINDS = (part[:60] for part in (load_digits().images, load_digits().target))


@contextmanager
def everything_otherwise():
    """All that a caller may have set and that would change rows."""
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")
    try:
        with torch.autocast("cpu"), torch.inference_mode():
            yield
    finally:
        torch.set_default_device(None)
        torch.set_default_dtype(torch.float32)


def table():
    sampler = GANSampler(max_iter=2, batch_size=64, random_state=0).fit(FRAME)
    yield sampler.sample(30)
    yield sampler.score_samples(FRAME)
    yield sampler.score(FRAME)


def interpolated_and_inverted():
    sampler = GANSampler(max_iter=2, random_state=0).fit(ARRAY)
    yield sampler.interpolate(1, 2)
    yield sampler.invert(ARRAY[:2])


def given_conditions():
    sampler = ConditionalGANSampler(max_iter=2, random_state=0).fit(ARRAY, labels_of(ARRAY))
    yield from sampler.sample(20)
    yield sampler.score(ARRAY, labels_of(ARRAY))


def images():
    sampler = ConditionalGANSampler(max_iter=2, conditioning="auxiliary", random_state=0).fit(DIGITS, KINDS)
    yield from sampler.sample(4)
    yield sampler.predict_proba(DIGITS[:3])


@pytest.mark.filterwarnings("ignore::skgan.exceptions.RareCategoryWarning")
@pytest.mark.parametrize("rows", [table, interpolated_and_inverted, given_conditions, images])
def test_samplers_give_the_same_rows(rows):
    expected = list(rows())
    with everything_otherwise():
        found = list(rows())
    assert len(found) == len(expected)
    for one, other in zip(found, expected):
        assert_same(one, other) if hasattr(one, "shape") else np.testing.assert_equal(one, other)


def test_a_file_is_loaded_as_it_was_saved(tmp_path):
    sampler = GANSampler(max_iter=2, refine=False, random_state=0).fit(ARRAY)
    skgan.save(sampler, tmp_path / "sampler")
    with everything_otherwise():
        loaded = skgan.load(tmp_path / "sampler")
    assert_same(loaded.sample(10), sampler.sample(10))


@pytest.mark.parametrize("options", [{"features": "random"}, {"features": "classifier", "y_real": KINDS[:30]}])
def test_metrics_of_images_give_the_same_number(monkeypatch, options):
    monkeypatch.setattr("skgan.metrics._classifier_features.N_STEPS", 2)

    def number():
        return frechet_distance(DIGITS[:30], DIGITS[30:], random_state=0, **options)

    expected = number()
    with everything_otherwise():
        assert number() == expected


def test_what_trees_see_of_images_stays_the_same():
    images = (DIGITS[:20, None] / 8 - 1).astype(np.float32)
    expected = RandomFeatures(images).features(images)
    with everything_otherwise():
        np.testing.assert_array_equal(RandomFeatures(images).features(images), expected)
