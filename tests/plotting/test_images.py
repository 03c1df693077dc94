"""ImageGridDisplay, ClassGridDisplay and InterpolationDisplay."""

import numpy as np
import pandas as pd
import pytest
from pictures import Fake
from problems import TINY
from sklearn.datasets import load_digits

from skgan import ConditionalGANSampler, GANSampler
from skgan.plotting import ClassGridDisplay, ImageGridDisplay, InterpolationDisplay

pytestmark = pytest.mark.usefixtures("few_trees_in_module")

pytest.importorskip("matplotlib")

FLAT, LABELS = load_digits(return_X_y=True)
IMAGES = load_digits().images
COLOUR = np.random.default_rng(0).integers(0, 256, (6, 5, 7, 3)).astype(np.uint8)


class Between(Fake):
    """Blends the images of two seeds."""

    def interpolate(self, a, b, n):
        self.ends = [*getattr(self, "ends", []), (a, b)]
        weights = np.linspace(0, 1, n)[:, None]
        return (1 - weights) * self.X[a % len(self.X)] + weights * self.X[b % len(self.X)]


def cell(display, row, column, height, width, gap=1):
    picture = np.asarray(display.image_.get_array())
    top, left = row * (height + gap), column * (width + gap)
    return picture[top : top + height, left : left + width]


def test_grey_images_lie_where_they_should():
    display = ImageGridDisplay.from_samples(FLAT, 3, 4, image_shape=(8, 8))
    assert display.images.shape == (12, 8, 8)
    assert display.image_.get_array().shape == (3 * 9 - 1, 4 * 9 - 1, 4)
    shown = cell(display, 1, 2, 8, 8)
    np.testing.assert_allclose(shown[..., 0], IMAGES[6] / 16, atol=1 / 250)
    assert (shown[..., 3] == 1).all()
    assert (display.image_.get_array()[8] == 0).all()
    assert len(display.ax_.get_xticks()) == len(display.ax_.get_yticks()) == 0


def test_coloured_bytes_keep_their_scale():
    display = ImageGridDisplay.from_samples(COLOUR // 2, 2, 3)
    np.testing.assert_allclose(cell(display, 1, 0, 5, 7)[..., :3], (COLOUR[3] // 2) / 255, atol=1e-6)


def test_floats_are_scaled_by_the_whole_stack():
    stack = np.stack([np.full((8, 8), -3.0), np.full((8, 8), 0.0), np.full((8, 8), 1.0)])
    display = ImageGridDisplay.from_samples(stack, 1, 3)
    assert [cell(display, 0, j, 8, 8)[0, 0, 0] for j in range(3)] == pytest.approx([0, 0.75, 1], abs=0.01)


LAYOUTS = [IMAGES[..., None], IMAGES[:, None], IMAGES.astype(bool), np.zeros((2, 8, 8)), COLOUR.astype(float)]


@pytest.mark.parametrize("stack", LAYOUTS)
def test_layouts(stack):
    display = ImageGridDisplay.from_samples(stack, 1, 2)
    display.figure_.canvas.draw()
    height, width = (5, 7) if stack is LAYOUTS[-1] else (8, 8)
    assert display.image_.get_array().shape == (height, 2 * width + 1, 4)
    first = np.asarray(stack[0], dtype=float).reshape(height, width, -1)
    shown = cell(display, 0, 0, height, width)[..., :3]
    if np.ptp(first) == 0:
        assert np.ptp(shown) == 0
    else:
        # Bright where the image is bright.
        assert np.corrcoef(shown.mean(-1).ravel(), first.mean(-1).ravel())[0, 1] > 0.99


def test_fewer_images_than_places():
    assert ImageGridDisplay.from_samples(IMAGES[:5], 4, 4).image_.get_array().shape == (17, 35, 4)
    assert ImageGridDisplay.from_samples(IMAGES[:1], 4, 4).image_.get_array().shape == (8, 8, 4)


def test_channel_axis_says_which_axis_is_colour():
    narrow = np.random.default_rng(0).random((2, 3, 9, 3))
    assert ImageGridDisplay.from_samples(narrow, channel_axis=-1).images.shape == (2, 3, 9, 3)
    display = ImageGridDisplay.from_samples(narrow, channel_axis=1)
    np.testing.assert_array_equal(display.images, np.moveaxis(narrow, 1, -1))
    y = ["a", "b"]
    np.testing.assert_array_equal(ClassGridDisplay.from_samples(narrow, y, channel_axis=1).images, display.images)
    frames = InterpolationDisplay.from_samples(narrow[None], channel_axis=1).frames
    np.testing.assert_array_equal(frames[0], display.images)


def test_flattened_colour_of_few_rows_and_columns_is_read_by_its_shape():
    flat = np.random.default_rng(0).random((2, 36))
    assert ImageGridDisplay.from_samples(flat, image_shape=(4, 3, 3)).images.shape == (2, 4, 3, 3)
    assert ImageGridDisplay.from_samples(flat, image_shape=(12, 3)).images.shape == (2, 12, 3)


def test_masked_frames_are_refused():
    frames = np.ma.masked_less(np.random.default_rng(0).random((2, 3, 8, 8)), 0.1)
    with pytest.raises(TypeError, match="frames is masked"):
        InterpolationDisplay.from_samples(frames)


def test_parameters_of_the_sampler_are_the_defaults():
    sampler = GANSampler(**TINY, image_shape=(8, 8)).fit(FLAT[:40])
    assert ImageGridDisplay.from_estimator(sampler, 1, 2).images.shape == (2, 8, 8)
    assert InterpolationDisplay.from_estimator(sampler, 1, 3).frames.shape == (1, 3, 8, 8)


def test_flattened_colour_and_frames():
    flat = COLOUR.reshape(6, -1)
    np.testing.assert_array_equal(ImageGridDisplay.from_samples(flat, image_shape=(5, 7, 3)).images, COLOUR)
    frame = load_digits(as_frame=True).data
    np.testing.assert_array_equal(ImageGridDisplay.from_samples(frame, 1, 4, image_shape=(8, 8)).images, IMAGES[:4])


@pytest.mark.parametrize(
    ("images", "options", "message"),
    [
        (FLAT, {"image_shape": (8, 8), "channel_axis": 1}, "channel_axis=1 is for images of four dimensions"),
        (COLOUR[0], {}, "may be one image of 5 by 7 pixels"),
        (np.zeros((3, 8, 8, 3)), {"channel_axis": 2}, "channel_axis=2 is not allowed"),
        (np.zeros((3, 8, 8, 3)), {"channel_axis": 1}, "8 channels, but a picture needs 1"),
        (FLAT, {}, r"flattened rows of 64 numbers; pass image_shape"),
        (FLAT, {"image_shape": (8, 9)}, r"means 72 numbers, but each row of images has 64"),
        (FLAT, {"image_shape": (8, -8)}, r"image_shape=\(8, -8\) must be"),
        (FLAT, {"image_shape": (64,)}, r"image_shape=\(64,\) must be"),
        (IMAGES * np.nan, {}, "holds NaN"),
        (np.zeros((3, 8, 8, 2)), {}, "2 channels, but a picture needs 1"),
        (IMAGES[0, 0], {}, "has shape"),
        (IMAGES, {"n_rows": 0}, "n_rows=0 is not allowed"),
        (IMAGES, {"n_cols": 1.5}, "n_cols=1.5 is not allowed"),
    ],
)
def test_refuses(images, options, message):
    with pytest.raises(ValueError, match=message):
        ImageGridDisplay.from_samples(images, **options)


def test_refuses_text():
    with pytest.raises(TypeError, match="must hold numbers"):
        ImageGridDisplay.from_samples(np.array([[["a"]]]))


def test_grid_of_samplers():
    sampler = Fake(FLAT)
    display = ImageGridDisplay.from_estimator(sampler, 2, 3, image_shape=(8, 8), random_state=4)
    assert sampler.asked == (6, 4)
    np.testing.assert_array_equal(display.images, IMAGES[:6])
    gan = GANSampler(**TINY).fit(FLAT[:100])
    assert ImageGridDisplay.from_estimator(gan, 2, 3, image_shape=(8, 8)).images.shape == (6, 8, 8)


def test_one_row_per_class():
    display = ClassGridDisplay.from_samples(IMAGES, LABELS, n_cols=3)
    assert display.classes == list(range(10))
    assert display.y.tolist() == [label for label in range(10) for _ in range(3)]
    assert [label.get_text() for label in display.ax_.get_yticklabels()] == [str(label) for label in range(10)]
    second_four = IMAGES[np.flatnonzero(LABELS == 4)[1]]
    np.testing.assert_allclose(cell(display, 4, 1, 8, 8)[..., 0], second_four / 16, atol=1 / 250)
    assert display.ax_.get_yticks().tolist() == [9 * row + 3.5 for row in range(10)]


def test_classes_of_few_images_leave_places_empty():
    y = np.array(["$b$", "a_1", "a_1", "a_1"])
    display = ClassGridDisplay.from_samples(IMAGES[:4], y, classes=["$b$", "a_1"])
    assert [label.get_text() for label in display.ax_.get_yticklabels()] == ["\\$b\\$", "a_1"]
    assert (cell(display, 0, 1, 8, 8) == 0).all()
    assert (cell(display, 1, 2, 8, 8)[..., 3] == 1).all()


def test_classes_of_samplers():
    sampler = Fake(FLAT, LABELS)
    display = ClassGridDisplay.from_estimator(sampler, [7, 1], n_cols=2, image_shape=(8, 8))
    assert sampler.asked == ([7, 7, 1, 1], 0)
    assert display.classes == [7, 1]
    few = LABELS < 3
    gan = ConditionalGANSampler(**TINY).fit(FLAT[few], LABELS[few])
    assert ClassGridDisplay.from_estimator(gan, n_cols=2, image_shape=(8, 8)).classes == [0, 1, 2]


def test_class_grid_refuses():
    with pytest.raises(ValueError, match="has no classes_"):
        ClassGridDisplay.from_estimator(Fake(FLAT), image_shape=(8, 8))
    with pytest.raises(ValueError, match="pass one label per image"):
        ClassGridDisplay.from_samples(IMAGES, LABELS[:5])
    with pytest.raises(ValueError, match="classes has the item 12, which does not occur in y"):
        ClassGridDisplay.from_samples(IMAGES, LABELS, classes=[1, 12])


def test_one_row_per_path():
    frames = IMAGES[:12].reshape(3, 4, 8, 8)
    display = InterpolationDisplay.from_samples(frames)
    np.testing.assert_array_equal(display.frames, frames)
    np.testing.assert_allclose(cell(display, 2, 1, 8, 8)[..., 0], frames[2, 1] / 16, atol=1 / 250)
    flat = InterpolationDisplay.from_samples(frames.reshape(3, 4, 64), image_shape=(8, 8))
    np.testing.assert_array_equal(flat.frames, frames)
    assert InterpolationDisplay.from_samples(COLOUR.reshape(2, 3, 5, 7, 3)).frames.shape == (2, 3, 5, 7, 3)
    with pytest.raises(ValueError, match=r"frames has shape \(8, 8\)"):
        InterpolationDisplay.from_samples(IMAGES[0])


@pytest.mark.parametrize("y", ["disc", ["disc"] * 4, ("disc",) * 4, np.array(["disc"] * 4), pd.Series(["disc"] * 4)])
def test_one_condition_for_all_paths_or_one_for_each(y):
    labels = np.where(LABELS[:100] % 2, "disc", "ring")
    sampler = ConditionalGANSampler(**TINY).fit(IMAGES[:100], labels)
    display = InterpolationDisplay.from_estimator(sampler, n_steps=3, y=y, random_state=0)
    ends = np.random.default_rng(0).integers(2**31, size=(4, 2)).tolist()
    expected = [sampler.interpolate(a, b, 3, y="disc") for a, b in ends]
    np.testing.assert_array_equal(display.frames, expected)


def test_conditions_of_several_targets():
    targets = pd.DataFrame({"kind": np.where(LABELS[:100] % 2, "disc", "ring"), "size": np.arange(100) / 8})
    sampler = ConditionalGANSampler(**TINY).fit(FLAT[:100], targets)
    dicts = targets[:2].to_dict("records")
    ends = np.random.default_rng(0).integers(2**31, size=(2, 2)).tolist()
    expected = [sampler.interpolate(a, b, 3, y=y).reshape(3, 8, 8) for (a, b), y in zip(ends, dicts)]
    for y in (targets[:2], dicts):
        display = InterpolationDisplay.from_estimator(sampler, 2, 3, y=y, image_shape=(8, 8))
        np.testing.assert_array_equal(display.frames, expected)
    display = InterpolationDisplay.from_estimator(sampler, 2, 3, y=dicts[0], image_shape=(8, 8))
    np.testing.assert_array_equal(display.frames[0], expected[0])


def test_ways_of_a_sampler():
    sampler = Between(FLAT)
    display = InterpolationDisplay.from_estimator(sampler, 3, 5, image_shape=(8, 8))
    assert display.frames.shape == (3, 5, 8, 8)
    assert len(set(sampler.ends)) == 3 and all(isinstance(seed, int) for pair in sampler.ends for seed in pair)
    again = InterpolationDisplay.from_estimator(Between(FLAT), 3, 5, image_shape=(8, 8))
    np.testing.assert_array_equal(display.frames, again.frames)
    gan = GANSampler(**TINY).fit(FLAT[:100])
    assert InterpolationDisplay.from_estimator(gan, 2, 3, image_shape=(8, 8)).frames.shape == (2, 3, 8, 8)
    conditional = ConditionalGANSampler(**TINY).fit(FLAT[:100], LABELS[:100])
    ways = InterpolationDisplay.from_estimator(conditional, 2, 3, y=[4, 7], image_shape=(8, 8))
    assert ways.frames.shape == (2, 3, 8, 8)
    for y in (None, [4]):
        with pytest.raises(ValueError, match="must be one condition, or n_paths=2 conditions, one per path"):
            InterpolationDisplay.from_estimator(conditional, 2, 3, y=y, image_shape=(8, 8))
    with pytest.raises(TypeError, match=r"Fake has no method interpolate\(a, b, n\)"):
        InterpolationDisplay.from_estimator(Fake(FLAT), image_shape=(8, 8))
    with pytest.raises(ValueError, match="n_steps=1 is not allowed"):
        InterpolationDisplay.from_estimator(sampler, 3, 1, image_shape=(8, 8))
