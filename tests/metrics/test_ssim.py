"""Structural similarity equals that of scikit-image, closed forms, and its definition."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from skgan.metrics._ssim import SCALE_WEIGHTS, ms_ssim, ssim

ROW, COLUMN = np.mgrid[:24, :31]
WAVES = np.rint(127.5 + 120 * np.sin(ROW / 3) * np.cos(COLUMN / 4)).astype(np.uint8)
OTHER_WAVES = np.rint(110 + 90 * np.sin(ROW / 3 + 0.4) * np.cos(COLUMN / 5)).astype(np.uint8)


def noise(shape, seed=0):
    return np.random.default_rng(seed).integers(256, size=shape, dtype=np.uint8)


def test_scikit_images_numbers():
    """structural_similarity(gaussian_weights=True, sigma=1.5, use_sample_covariance=False) of scikit-image 0.26."""
    assert ssim([WAVES], [OTHER_WAVES]) == pytest.approx(0.5209923566138143, abs=1e-9)
    a = np.stack([WAVES, OTHER_WAVES, WAVES[::-1]], axis=-1) / 255
    b = np.stack([OTHER_WAVES, WAVES, OTHER_WAVES], axis=-1) / 255
    for x, y in ((a, b), (np.moveaxis(a, -1, 0), np.moveaxis(b, -1, 0))):
        assert ssim([x], [y], data_range=1.0) == pytest.approx(0.38623310600764343, abs=1e-9)


@pytest.mark.parametrize("score", [ssim, ms_ssim])
def test_images_are_like_themselves(score):
    images = noise((3, 33, 24))
    assert score(images, images) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("score", [ssim, ms_ssim])
def test_symmetry_scale_and_mean_over_pairs(score):
    a, b = noise((3, 25, 30), 0), noise((3, 25, 30), 1)
    b[0] = a[0]
    assert score(a, b) == pytest.approx(score(b, a), abs=1e-12)
    assert score(a / 255, b / 255, data_range=1.0) == pytest.approx(score(a, b), abs=1e-9)
    assert score(a, b) == pytest.approx(np.mean([score(a[i : i + 1], b[i : i + 1]) for i in range(3)]), abs=1e-12)


def test_many_images_are_computed_some_at_a_time(monkeypatch):
    a, b = noise((7, 12, 12), 0), noise((7, 12, 12), 1)
    whole = ssim(a, b)
    monkeypatch.setattr("skgan.metrics._ssim.MAX_CELLS", 300)
    assert ssim(a, b) == pytest.approx(whole, abs=1e-12)


@pytest.mark.parametrize(("side", "n_scales"), [(11, 1), (20, 1), (21, 2), (28, 2), (64, 3), (160, 4), (161, 5)])
def test_constant_images_differ_in_brightness_alone(side, n_scales):
    a, b = np.full((1, side, side), 100, dtype=np.uint8), np.full((1, side, side), 150, dtype=np.uint8)
    c1 = (0.01 * 255) ** 2
    brightness = (2 * 100 * 150 + c1) / (100**2 + 150**2 + c1)
    weight = SCALE_WEIGHTS[n_scales - 1] * SCALE_WEIGHTS.sum() / SCALE_WEIGHTS[:n_scales].sum()
    assert ssim(a, b) == pytest.approx(brightness, abs=1e-9)
    assert ms_ssim(a, b) == pytest.approx(brightness**weight, abs=1e-9)


def test_two_scales_as_defined():
    """Weighted means, computed window by window."""
    distance = np.arange(-5, 6)
    window = np.exp(-(distance[:, None] ** 2 + distance**2) / (2 * 1.5**2))
    window /= window.sum()
    c1, c2 = 2.55**2, 7.65**2

    def factors(a, b):
        a, b = sliding_window_view(a, (11, 11)), sliding_window_view(b, (11, 11))
        mean_a, mean_b = (a * window).sum(axis=(2, 3)), (b * window).sum(axis=(2, 3))
        from_a, from_b = a - mean_a[..., None, None], b - mean_b[..., None, None]
        variances = ((from_a**2 + from_b**2) * window).sum(axis=(2, 3))
        structure = (2 * (from_a * from_b * window).sum(axis=(2, 3)) + c2) / (variances + c2)
        return (2 * mean_a * mean_b + c1) / (mean_a**2 + mean_b**2 + c1), structure

    a, b = WAVES[:, :30].astype(float), OTHER_WAVES[:, :30].astype(float)
    fine = factors(a, b)[1].mean()
    coarse = np.prod(factors(*(x.reshape(12, 2, 15, 2).mean(axis=(1, 3)) for x in (a, b))), axis=0).mean()
    weights = SCALE_WEIGHTS[:2] / SCALE_WEIGHTS[:2].sum() * SCALE_WEIGHTS.sum()
    expected = fine ** weights[0] * coarse ** weights[1]
    assert 0.2 < expected < 0.95
    assert ms_ssim([WAVES[:, :30]], [OTHER_WAVES[:, :30]]) == pytest.approx(expected, abs=1e-9)


def test_more_noise_means_less_similarity():
    rng = np.random.default_rng(0)
    images = np.stack([WAVES, OTHER_WAVES])
    noises = rng.normal(size=images.shape)
    for score in (ssim, ms_ssim):
        scores = [score(images, images + amount * noises, data_range=255) for amount in (0, 5, 20, 80)]
        assert scores == sorted(scores, reverse=True) and scores[0] - scores[-1] > 0.3


def test_negatives_are_unlike():
    images = noise((4, 24, 24))
    assert ssim(images, 255 - images) < -0.5
    assert ms_ssim(images, 255 - images) == 0.0


@pytest.mark.parametrize("score", [ssim, ms_ssim])
def test_channels_are_where_the_caller_says(score):
    a, b = np.random.default_rng(0).random((2, 4, 2, 16, 16))
    expected = np.mean([score(a[:, i], b[:, i], data_range=1) for i in range(2)])
    assert score(a, b, data_range=1, channel_axis=1) == pytest.approx(expected)
    last = [np.moveaxis(images, 1, -1) for images in (a, b)]
    assert score(*last, data_range=1, channel_axis=-1) == pytest.approx(expected)


def test_variety_lowers_the_score_among_samples():
    varied = noise((20, 24, 24))
    alike = np.repeat(varied[:2], 10, axis=0)
    assert ms_ssim(varied[:-1], varied[1:]) < 0.2 < 0.9 < ms_ssim(alike[:-1], alike[1:])


@pytest.mark.filterwarnings("error")
def test_blank_images_and_range():
    blank = np.zeros((2, 12, 12))
    assert ssim(blank, blank) == 1.0
    assert ssim(blank > 0, blank > 0) == 1.0
    half = blank + 0.5
    assert ssim(blank, half, data_range=100.0) > ssim(blank, half, data_range=1.0)


@pytest.mark.parametrize("score", [ssim, ms_ssim])
@pytest.mark.parametrize(
    ("a", "b", "options", "message"),
    [
        (noise((2, 10, 30)), noise((2, 10, 30)), {}, "images_a are 10 by 30 pixels, and at least 11 by 11"),
        (noise((2, 12, 12)), noise((3, 12, 12)), {}, "images_a has 2 images, but images_b has 3"),
        (noise((2, 12, 12)), noise((2, 12, 13)), {}, "images_b have shape .12, 13., but those of images_a"),
        (noise((12, 12)), noise((12, 12)), {}, "images_a has shape .12, 12.; images have shape"),
        (noise((2, 12, 12)), noise((2, 12, 12)), {"data_range": 0}, "data_range must be a number above 0"),
        (noise((2, 12, 12)), noise((2, 12, 12)), {"data_range": "255"}, "data_range='255' is not allowed"),
    ],
)
def test_bad_input(score, a, b, options, message):
    with pytest.raises(ValueError, match=message):
        score(a, b, **options)
