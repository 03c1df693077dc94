"""Images as rows in [-1, 1] and back, and what trees see of them."""

import numpy as np
import pandas as pd
import pytest
import torch

from skgan._forms import Table, read
from skgan._json_tree import decode as from_tree
from skgan._json_tree import encode as to_tree
from skgan._spec import DataSpec
from skgan.encoders import ENCODERS, ImageEncoder, _random_features, encoder_from_state
from skgan.encoders import _image as module
from skgan.encoders._random_features import N_COMPONENTS, N_FEATURE_VALUES, RandomFeatures

EVERYTHING = slice(None)


def noise(dtype="uint8", shape=(60, 8, 9)):
    """Images of all numbers of the dtype, or of the ends and the middle of its range."""
    rng = np.random.default_rng(0)
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return rng.random(shape) < 0.5
    if dtype.kind == "f":
        return (rng.random(shape) * 5 - 3).astype(dtype)
    bounds = np.iinfo(dtype)
    return rng.integers(bounds.min, bounds.max, shape, endpoint=True).astype(dtype)


def blobs(n=120, n_channels=1, size=16, seed=0):
    """uint8 images (n, size, size, n_channels) of a bright spot somewhere."""
    rng = np.random.default_rng(seed)
    grid = np.arange(size)
    y, x = rng.uniform(3, size - 3, (2, n, 1, 1))
    spot = np.exp(-((grid[:, None] - y) ** 2 + (grid - x) ** 2) / rng.uniform(4, 12, (n, 1, 1)))
    return np.rint(spot[..., None] * rng.uniform(100, 255, (n, 1, 1, n_channels))).astype(np.uint8)


def fitted(X, **options):
    images = read(X, **options)
    return ImageEncoder(min_frequency=5).fit(images), images


def all_rows(encoder, images):
    return encoder.encode(images).rows(torch.arange(len(images)), torch.empty(len(images), 0))


def there_and_back(X, **options):
    encoder, images = fitted(X, **options)
    return images.form.rebuild(encoder.decode(all_rows(encoder, images).numpy()))


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int8", "int16", "uint16", ">u2", "<u2", ">i2"])
def test_whole_numbers_come_back_exactly(dtype):
    X = noise(dtype)
    given = there_and_back(X)
    assert given.dtype == X.dtype
    np.testing.assert_array_equal(given, X)


def test_every_level_of_a_byte_comes_back():
    X = np.resize(np.arange(256, dtype=np.uint8), (4, 16, 16))
    np.testing.assert_array_equal(there_and_back(X), X)


@pytest.mark.parametrize("dtype", ["float32", "float64", ">f4", ">f8"])
def test_floats_come_back_to_a_millionth_of_their_range(dtype):
    X = noise(dtype)
    given = there_and_back(X)
    assert given.dtype == X.dtype
    np.testing.assert_allclose(given, X, rtol=0, atol=1e-6 * np.ptp(X))


FAR = np.finfo(np.float64).max


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("low, high", [(-FAR, FAR), (-1e308, 1e308), (0.0, 1e-310), (-FAR, -1e308), (1e308, FAR)])
def test_the_largest_and_the_smallest_ranges_come_back(low, high):
    X = low * np.linspace(1, 0, 144).reshape(2, 8, 9) + high * np.linspace(0, 1, 144).reshape(2, 8, 9)
    encoder, images = fitted(X)
    given = encoder.decode(all_rows(encoder, images).numpy())[:, 0]
    np.testing.assert_allclose(given / 4, X / 4, rtol=0, atol=1e-6 * (high / 4 - low / 4))
    assert given.min() == low and given.max() == high


@pytest.mark.parametrize("high", [1e-40, 1e-35, 3e38])
def test_the_largest_and_the_smallest_ranges_of_single_precision_come_back(high):
    X = np.linspace(-high / 2, high, 144, dtype=np.float32).reshape(2, 8, 9)
    encoder, images = fitted(X)
    given = images.form.rebuild(encoder.decode(all_rows(encoder, images).numpy()))
    np.testing.assert_allclose(given.astype(float), X.astype(float), rtol=0, atol=1e-5 * high)


def test_half_precision_comes_back_to_its_own_precision():
    X = noise("float16")
    np.testing.assert_allclose(there_and_back(X).astype(float), X.astype(float), rtol=1e-3, atol=1e-6 * np.ptp(X))


@pytest.mark.parametrize(
    "X, options",
    [
        (blobs(n_channels=3), {}),
        (blobs(n_channels=3).transpose(0, 3, 1, 2), {"channel_axis": 1}),
        (blobs(n_channels=3).reshape(120, -1), {"image_shape": (16, 16, 3)}),
        (pd.DataFrame(blobs().reshape(120, -1)), {"image_shape": (16, 16)}),
    ],
    ids=["HWC", "CHW", "flat", "frame"],
)
def test_every_layout_comes_back(X, options):
    given = there_and_back(X, **options)
    assert type(given) is type(X)
    np.testing.assert_array_equal(np.asarray(given), np.asarray(X))


def test_rows_are_brightness_from_minus_one_to_one_channel_by_channel():
    X = np.array([[[0, 10], [20, 30]], [[40, 40], [5, 0]]], np.uint8)
    encoder, images = fitted(X)
    expected = X.reshape(2, 4) / 20 - 1
    np.testing.assert_allclose(all_rows(encoder, images).numpy(), expected, atol=1e-6)
    coloured, images = fitted(np.stack([X, X[::-1]], axis=3), channel_axis=-1)
    assert coloured.spec_ == DataSpec.of_image((2, 2, 2)) and coloured.spec_.width == 8
    expected = np.hstack([expected, expected[::-1]])
    np.testing.assert_allclose(all_rows(coloured, images).numpy(), expected, atol=1e-6)


def test_the_range_is_that_of_the_images_and_generated_ones_keep_it():
    X = noise("float64")
    encoder, _ = fitted(X)
    assert (encoder.low_, encoder.high_, encoder.whole_) == (X.min(), X.max(), False)
    wild = np.random.default_rng(1).normal(0, 3, (10, encoder.spec_.width)).astype(np.float32)
    given = encoder.decode(wild)
    assert given.shape == (10, 1, 8, 9) and given.min() == X.min() and given.max() == X.max()
    assert np.array_equal(given, encoder.decode(wild.clip(-1, 1)))


@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_whole_numbers_stay_whole_whatever_their_dtype(dtype):
    encoder, images = fitted(blobs().astype(dtype))
    assert encoder.whole_
    given = encoder.decode(np.random.default_rng(1).normal(0, 3, (10, encoder.spec_.width)))
    assert (given.min(), given.max()) == (encoder.low_, encoder.high_)
    assert (given == np.rint(given)).all() and images.form.rebuild(given).dtype == np.dtype(dtype)


def test_one_fraction_makes_all_numbers_fractions():
    X = blobs().astype("float32")
    X[70, 3, 4, 0] = 0.5
    assert not fitted(X)[0].whole_


def test_the_range_is_found_in_every_chunk(monkeypatch):
    monkeypatch.setattr("skgan._forms._images.CHUNK", 7)
    X = np.full((40, 8, 8), 100, np.uint8)
    X[33, 2, 2], X[11, 7, 7] = 3, 201
    encoder, _ = fitted(X)
    assert (encoder.low_, encoder.high_) == (3, 201)


def test_the_variance_is_the_mean_squared_distance_from_the_mean_image():
    X = blobs(n_channels=3)
    encoder, images = fitted(X)
    rows = all_rows(encoder, images).double().numpy()
    assert encoder.variance_ == pytest.approx(((rows - rows.mean(0)) ** 2).sum(1).mean(), rel=1e-5)


@pytest.mark.parametrize("value", [0, 7, 255, 0.3, -2.5])
@pytest.mark.parametrize("n", [1, 30])
def test_constant_images_come_back(value, n):
    X = np.full((n, 8, 8), value, np.uint8 if isinstance(value, int) else np.float64)
    encoder, images = fitted(X)
    assert encoder.variance_ == 0 and np.isfinite(all_rows(encoder, images).numpy()).all()
    np.testing.assert_array_equal(there_and_back(X), X)
    assert (encoder.decode(np.linspace(-1, 1, 64)[None]) == value).all()
    assert encoder.features(images).shape == (n, 1)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_one_image_is_enough(dtype):
    X = noise(dtype, (1, 8, 9))
    encoder, images = fitted(X)
    np.testing.assert_allclose(there_and_back(X), X, rtol=0, atol=1e-5)
    assert encoder.features(images).shape == (1, 1)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int16", "uint16", ">u2", "float16", "float32", ">f4", "float64"])
def test_pixels_at_any_index_are_the_scaled_images(dtype):
    X = noise(dtype)
    encoder, images = fitted(X)
    index = torch.randint(60, (25,), generator=torch.Generator().manual_seed(0))
    given = encoder.encode(images).rows(index, torch.empty(25, 0))
    assert given.dtype == torch.float32 and given.shape == (25, 72) and given.device.type == "cpu"
    low, high = float(X.min()), float(X.max())
    expected = (X[index.numpy()].astype(np.float64) - low) / (high - low) * 2 - 1
    np.testing.assert_allclose(given.numpy(), expected.reshape(25, -1), rtol=0, atol=1e-6)
    assert -1 <= given.min() and given.max() <= 1 + 1e-6


def test_pixels_are_those_of_the_images_that_were_taken():
    encoder, images = fitted(blobs(n_channels=3))
    whole, some = all_rows(encoder, images), encoder.encode(images.take([50, 3, 50]))
    assert len(some) == 3 and some.n_numbers == 0
    assert torch.equal(some.rows(torch.tensor([2, 1]), None), whole[[50, 3]])


def test_pixels_moved_to_the_cpu_are_the_same():
    encoder, images = fitted(blobs())
    moved = encoder.encode(images).to(torch.device("cpu"))
    assert len(moved) == len(images)
    assert torch.equal(moved.rows(torch.arange(120), None), all_rows(encoder, images))


@pytest.mark.parametrize("dtype", ["uint8", "float16", ">u2", ">f4"])
def test_a_memory_map_encodes_like_the_array_that_it_holds(dtype, tmp_path):
    X = noise(dtype)
    np.memmap(tmp_path / "images", dtype, "w+", shape=X.shape)[:] = X
    mapped, images = fitted(np.memmap(tmp_path / "images", dtype, "r", shape=X.shape))
    encoder, same = fitted(X)
    assert (mapped.low_, mapped.high_, mapped.variance_) == (encoder.low_, encoder.high_, encoder.variance_)
    assert torch.equal(all_rows(mapped, images), all_rows(encoder, same))
    np.testing.assert_array_equal(mapped.features(images), encoder.features(same))


@pytest.mark.parametrize("dtype", ["uint8", "float16", "float32", ">u2"])
@pytest.mark.parametrize("n_channels", [1, 3])
def test_features_of_images_are_those_of_their_rows(dtype, n_channels):
    encoder, images = fitted(blobs(n_channels=n_channels).astype(dtype))
    given = encoder.features(images)
    np.testing.assert_array_equal(encoder.row_features(all_rows(encoder, images).numpy()), given)
    assert given.dtype == np.uint8 and given.shape == (120, encoder.random_features_.n_components)
    assert 1 < given.shape[1] <= N_COMPONENTS == 48 and len(encoder.ordered_) == given.shape[1]
    assert encoder.ordered_.dtype == bool and encoder.ordered_.all()


def test_features_are_ranks_among_the_images():
    encoder, images = fitted(blobs(n=600))
    codes = encoder.features(images)
    assert codes.shape == (600, N_COMPONENTS)
    # As many images have each code, to a few: quantiles cut them.
    assert codes.min() == 0 and codes.max() == N_FEATURE_VALUES - 1
    assert max(np.bincount(column).max() for column in codes.T) <= 5
    components = encoder.random_features_.components(encoder._shown(images.pixels(EVERYTHING)))
    for column, values in zip(codes.T, components.T, strict=True):
        assert (np.diff(column[values.argsort()].astype(int)) >= 0).all()


def test_fewer_images_have_fewer_components():
    encoder, images = fitted(blobs(n=10))
    assert encoder.features(images).shape == (10, 9)


@pytest.mark.parametrize("shape", [(30, 1, 1), (30, 1, 9), (30, 3, 2), (30, 5, 7, 16)], ids=str)
def test_the_smallest_images_and_the_most_channels_have_features(shape):
    options = {"channel_axis": -1} if len(shape) == 4 else {}
    encoder, images = fitted(noise("uint8", shape), **options)
    features = encoder.features(images)
    assert len(features) == 30 and 1 <= features.shape[1] <= 29
    np.testing.assert_array_equal(there_and_back(images.source, **options), images.source)


def test_judged_is_a_table_of_the_components():
    encoder, images = fitted(blobs())
    table = encoder.judged(images.take(np.arange(50)))
    assert isinstance(table, Table) and table.n_rows == 50
    assert len(table.columns) == encoder.random_features_.n_components
    assert not any(column.missing.any() for column in table.columns)
    given = np.column_stack([column.values for column in table.columns])
    expected = encoder.random_features_.components(encoder._shown(images.pixels(slice(50))))
    np.testing.assert_allclose(given, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("X", [blobs(n_channels=3), noise("float32")], ids=["uint8", "float32"])
def test_an_encoder_from_its_state_is_the_same_encoder(X):
    encoder, images = fitted(X)
    again = encoder_from_state(from_tree(*to_tree(encoder.get_state())))
    assert isinstance(again, ImageEncoder) and again.min_frequency == 5
    for name in ("shape_", "low_", "high_", "whole_", "variance_", "spec_"):
        assert getattr(again, name) == getattr(encoder, name)
    np.testing.assert_array_equal(again.features(images), encoder.features(images))
    np.testing.assert_array_equal(again.ordered_, encoder.ordered_)
    assert torch.equal(all_rows(again, images), all_rows(encoder, images))
    rows = np.random.default_rng(0).uniform(-1, 1, (5, encoder.spec_.width)).astype(np.float32)
    np.testing.assert_array_equal(again.decode(rows), encoder.decode(rows))
    np.testing.assert_array_equal(again.row_features(rows), encoder.row_features(rows))


def test_images_have_this_encoder():
    assert ENCODERS[type(read(blobs()))] is ImageEncoder and ImageEncoder.modality == "images"


def test_no_more_images_are_looked_at_than_need_be(monkeypatch):
    monkeypatch.setattr(module, "MAX_IMAGES_FITTED", 7)
    X = blobs(n=50)
    asked = []
    images = read(X)
    monkeypatch.setattr(module, "RandomFeatures", lambda shown: asked.append(len(shown)) or RandomFeatures(shown))
    encoder = ImageEncoder(min_frequency=5).fit(images)
    assert asked == [7] and encoder.features(images).shape == (50, 6)


def shown(n, n_channels=1, size=12, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (n, n_channels, size, size)).astype(np.float32)


@pytest.mark.parametrize("n_channels", [1, 3])
def test_components_of_an_image_are_the_same_alone_as_among_many(n_channels, monkeypatch):
    images = shown(230, n_channels)
    monkeypatch.setattr(_random_features, "AT_ONCE", 100 * images[0].size)
    look = RandomFeatures(images[:200])
    together = look.components(images)
    assert together.dtype == np.float32 and together.shape == (len(images), N_COMPONENTS)
    for i in (0, 99, 100, len(images) - 1):
        np.testing.assert_allclose(look.components(images[i : i + 1])[0], together[i], atol=1e-4)


def test_components_are_centred_uncorrelated_and_the_largest_first():
    images = shown(300)
    components = RandomFeatures(images).components(images).astype(np.float64)
    np.testing.assert_allclose(components.mean(0), 0, atol=1e-4)
    covariance = np.cov(components.T)
    spread = np.diag(covariance)
    assert (np.diff(spread) <= 1e-6).all()
    np.testing.assert_allclose(covariance, np.diag(spread), atol=1e-4 * spread[0])


def test_looks_at_the_same_images_agree_and_leave_the_global_stream_alone():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first, second = RandomFeatures(shown(80)), RandomFeatures(shown(80))
    assert torch.equal(before, torch.get_rng_state())
    for name in RandomFeatures.STATE:
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))


def test_what_differs_in_brightness_differs_most_in_its_first_component():
    brightness = np.linspace(-0.5, 0.5, 40, dtype=np.float32)
    images = np.broadcast_to(brightness[:, None, None, None], (40, 1, 12, 12)).copy()
    look = RandomFeatures(images)
    first = look.components(images)[:, 0]
    assert abs(np.corrcoef(first, brightness)[0, 1]) > 0.99


def test_floats_far_from_zero_come_back_to_a_millionth_of_their_range():
    X = noise("float64") + 1e6
    np.testing.assert_allclose(there_and_back(X), X, rtol=0, atol=1e-6 * np.ptp(X))
