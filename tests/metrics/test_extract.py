"""Features of tables and images: names, reproducibility, the faults that they detect, and bad input."""

import pickle
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.ndimage import gaussian_filter
from sklearn.datasets import load_digits, load_iris

from skgan._forms import read, read_table
from skgan.metrics._extract import FEATURES, extract
from skgan.metrics._frechet import frechet_distance
from skgan.metrics._images import read_images
from skgan.metrics._inception import InceptionFeatures
from skgan.metrics._inputs import standardised

ROOT = Path(__file__).parents[2]
MADE = ("pca", "random", "classifier")


@pytest.fixture(scope="module")
def digits():
    """Two halves of 500 images of shape (8, 8) in [0, 16], with labels."""
    X, y = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(X))[:1_000]
    X, y = X[order].reshape(-1, 8, 8), y[order]
    return X[:500], y[:500], X[500:], y[500:]


def noise(shape, seed=0):
    return np.random.default_rng(seed).integers(256, size=shape, dtype=np.uint8)


def labels(n):
    return np.arange(n) % 2


# Names ------------------------------------------------------------------------------------------------------


def test_auto_chooses_features_by_the_kind_of_x():
    X = np.random.default_rng(0).normal(size=(20, 3))
    same = [
        (X, "raw"),
        (X.astype(int).tolist(), "raw"),
        (pd.DataFrame(X), "ranks"),
        (read_table(X), "ranks"),
        (np.where(X > 1, np.nan, X), "ranks"),
        (X.astype(object), "ranks"),
        (X > 0, "ranks"),
        (noise((20, 8, 8)), "random"),
        (noise((20, 8, 8, 3)), "random"),
    ]
    for given, word in same:
        np.testing.assert_array_equal(extract(given, given)[1], extract(given, given, features=word)[1])


def test_raw_is_as_it_is():
    X = np.random.default_rng(0).normal(size=(20, 3))
    real, other = extract(X, X[:5] + 1)
    np.testing.assert_array_equal(real, X)
    np.testing.assert_array_equal(other, X[:5] + 1)


@pytest.mark.parametrize("held", [{"x": ["a", "b"]}, {"x": [1.0, np.nan]}])
def test_raw_takes_numbers_only(held):
    with pytest.raises(ValueError, match="Column 'x' of X_real holds (categories|missing values).*features='ranks'"):
        extract(pd.DataFrame(held), pd.DataFrame(held), features="raw")


def test_unknown_names():
    with pytest.raises(ValueError, match="features='radnom' is not a known word.*or a callable.*'random'"):
        extract(np.ones((4, 2)), np.ones((4, 2)), features="radnom")


def test_callables():
    X = np.random.default_rng(0).normal(size=(20, 3))
    real, other = extract(X, X[:7], features=lambda X: X[:, :2] ** 2)
    np.testing.assert_array_equal(real, X[:, :2] ** 2)
    assert other.shape == (7, 2)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda X: X[:, 0], "must map X_real to a matrix of finite numbers"),
        (lambda X: X * np.nan, "must map X_real to a matrix of finite numbers"),
        (lambda X: X.astype(str), "must map X_real to a matrix of finite numbers"),
        (lambda X: X[:3], r"X_real to a matrix of shape \(6, 2\).*got \(3, 2\)"),
        (lambda X: X[:, : len(X) // 3], r"X_synthetic to a matrix of shape \(4, 2\).*got \(4, 1\)"),
    ],
)
def test_bad_callables(function, message):
    with pytest.raises(ValueError, match=message):
        extract(np.ones((6, 2)), np.ones((4, 2)), features=function)


# Features from the real rows ------------------------------------------------------------------------------------


def mixed(n, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y, letter = x + rng.normal(size=n), np.where(x > 0, "a", "b")
    return pd.DataFrame({"x": np.where(x > 1.5, np.nan, x), "y": y, "c": letter})


@pytest.mark.parametrize("word", MADE)
@pytest.mark.parametrize(
    "make",
    [
        mixed,
        lambda n, seed=0: mixed(n, seed)[["x", "y"]].fillna(0).to_numpy(),
        lambda n, seed=0: noise((n, 8, 8), seed),
        lambda n, seed=0: noise((n, 9, 15, 3), seed) / 255,
        lambda n, seed=0: noise((n, 3, 20, 17), seed),
        lambda n, seed=0: noise((n, 16, 16), seed) > 99,
    ],
)
def test_made_features_are_reproducible_and_leave_no_trace(word, make, hasty):
    real, other, y = make(40), make(30, 1), labels(40)
    numpy_before, torch_before = np.random.get_state()[1].copy(), torch.get_rng_state()
    threads = torch.get_num_threads()
    first, again = (extract(real, other, features=word, y_real=y, random_state=3) for _ in range(2))
    np.testing.assert_array_equal(np.random.get_state()[1], numpy_before)
    assert torch.equal(torch.get_rng_state(), torch_before) and torch.get_num_threads() == threads
    assert [len(matrix) for matrix in first] == [40, 30] and first[0].shape[1] == first[1].shape[1]
    for a, b in zip(first, again):
        assert a.dtype == np.float64 and np.isfinite(a).all()
        np.testing.assert_array_equal(a, b)
    if word != "pca":
        assert first[0].shape[1] == {"random": 192, "classifier": 64}[word]
        np.testing.assert_allclose([first[0].mean(), first[0].std()], [0, 1], atol=1e-6)
        other_seed = extract(real, other, features=word, y_real=y, random_state=4)
        assert not np.allclose(first[0], other_seed[0])


@pytest.mark.parametrize("word", MADE)
def test_features_of_a_row_do_not_depend_on_other_rows(word, monkeypatch, hasty):
    """Neither batches nor the other sets change the features of a row."""
    real, other = noise((40, 8, 8)), noise((30, 8, 8), 1)
    a, b = extract(real, other, features=word, y_real=labels(40))
    monkeypatch.setattr("skgan.metrics._network.BATCH_SIZE", 7)
    monkeypatch.setattr("skgan.metrics._components.BATCH_SIZE", 7)
    c, d, e = extract(real, other[:4], real, features=word, y_real=labels(40), names=("a", "b"))
    np.testing.assert_allclose(a, c, atol=1e-4)
    np.testing.assert_allclose(b[:4], d, atol=1e-4)
    np.testing.assert_allclose(a, e, atol=1e-4)


@pytest.mark.parametrize("word", MADE)
def test_unit_of_brightness_is_no_matter(word, digits, hasty):
    A, y, B, _ = digits
    for a, b in zip(*(extract(k * A + c, k * B + c, features=word, y_real=y) for k, c in ((1, 0), (4, -7)))):
        np.testing.assert_allclose(a, b, atol=1e-3)


@pytest.mark.parametrize("word", MADE)
def test_axes_of_channels_are_no_matter(word, hasty):
    real, other = noise((30, 12, 10, 3)), noise((20, 12, 10, 3), 1)
    last = extract(real, other, features=word, y_real=labels(30))
    first = extract(*(x.transpose(0, 3, 1, 2) for x in (real, other)), features=word, y_real=labels(30))
    np.testing.assert_allclose(last[1], first[1], atol=1e-6)
    grey = [extract(real[..., 0], features=word, y_real=labels(30), names=())[0]]
    grey += [extract(real[..., :1], features=word, y_real=labels(30), names=())[0]]
    np.testing.assert_array_equal(*grey)


@pytest.mark.parametrize("word", MADE)
def test_a_dropped_class_noise_and_blur_are_detected(word, digits):
    A, y, B, y_other = digits
    few = B[y_other > 1]
    same = B[: len(few)]
    noisy = np.clip(same + np.random.default_rng(0).normal(0, 4, same.shape), 0, 16)
    blurred = gaussian_filter(same, (0, 0.8, 0.8))
    seen = extract(A, same, few, noisy, blurred, features=word, y_real=y, names=("same", "few", "noisy", "blurred"))
    floor, *faults = (frechet_distance(seen[0], other) for other in seen[1:])
    assert min(faults) > 1.3 * floor


@pytest.mark.parametrize("word", MADE)
def test_tables_are_detected_too(word):
    real, same, shuffled = mixed(600), mixed(600, 1), mixed(600, 1)
    shuffled["y"] = np.random.default_rng(0).permutation(shuffled["y"])
    y = np.where(real["y"] > 0, "yes", "no")
    near, far = (frechet_distance(real, X, features=word, y_real=y) for X in (same, shuffled))
    assert far > 2 * near


def test_principal_components_keep_what_varies():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(500, 2)) @ rng.normal(size=(2, 12))
    real, other = extract(X, 2 * X, features="pca")
    assert real.shape == (500, 2)
    np.testing.assert_allclose(real.var(axis=0).sum(), 12, rtol=0.05)
    np.testing.assert_allclose(np.cov(real.T), np.diag(np.diag(np.cov(real.T))), atol=1e-6)
    assert extract(rng.normal(size=(500, 200)), features="pca", names=())[0].shape == (500, 64)
    with pytest.raises(ValueError, match="All 3 rows of X_real are equal.*principal components"):
        extract(np.ones((3, 2)), np.ones((3, 2)), features="pca")


def test_pca_of_large_images_is_reproducible():
    images = noise((30, 40, 40, 3))
    a, b = (extract(images, images, features="pca", random_state=0)[0] for _ in range(2))
    np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("word", MADE)
def test_few_rows(word, hasty):
    """The smallest inputs work without a warning of NumPy."""
    with np.errstate(all="raise"):
        for real in (noise((2, 8, 8)), np.array([[0.0, 1.0], [1.0, 1.0]])):
            assert all(np.isfinite(found).all() for found in extract(real, real, features=word, y_real=[0, 1]))
        if word == "random":
            alone = extract(noise((1, 8, 8)), noise((3, 8, 8)), features=word)
            assert [found.shape for found in alone] == [(1, 192), (3, 192)]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("word", ["random", "classifier"])
def test_blank_real_images(word, hasty):
    found = extract(np.zeros((9, 8, 8)), np.ones((4, 8, 8)), np.full((2, 8, 8), 1e20), features=word,
                    y_real=labels(9), names=("a", "b"))
    assert all(np.isfinite(matrix).all() for matrix in found)
    np.testing.assert_allclose(found[0], 0.0, atol=1e-3)
    assert np.abs(found[1]).max() > 1e-2


def test_constant_features_keep_their_scale():
    rounded = np.nextafter(np.float32(5), np.float32(6))  # a constant after rounding to single precision
    real, other = standardised(np.array([[5.0, 0.0], [rounded, 2.0]]), np.array([[7.0, 2.0]]))
    np.testing.assert_allclose(real, [[0, -1], [0, 1]], atol=1e-6)
    np.testing.assert_allclose(other, [[2, 1]], atol=1e-6)


def separation(features, y):
    """Distance between class means, divided by the standard deviation within classes."""
    classes = [features[y == k] for k in np.unique(y)]
    means = np.stack([rows.mean(axis=0) for rows in classes])
    return means.var(axis=0).sum() / np.mean([rows.var(axis=0).sum() for rows in classes])


@pytest.mark.parametrize("shape", [(20,), (8, 8)])
def test_classifier_features_separate_the_classes(shape, monkeypatch):
    """The class is the sign of one number among many, which a random network hardly detects."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2_000, *shape))
    y = (X[:, 0] if len(shape) == 1 else X[:, :, :4].mean(axis=(1, 2)) - X[:, :, 4:].mean(axis=(1, 2))) > 0
    learnt = extract(X[:1_000], X[1_000:], features="classifier", y_real=y[:1_000])[1]
    monkeypatch.setattr("skgan.metrics._classifier_features.N_STEPS", 0)
    random = extract(X[:1_000], X[1_000:], features="classifier", y_real=y[:1_000])[1]
    assert separation(learnt, y[1_000:]) > 0.5 > 10 * separation(random, y[1_000:])


@pytest.mark.parametrize("shape", [(200, 8, 8), (200, 3)])
def test_random_networks_are_no_linear_maps(shape):
    X = np.random.default_rng(0).normal(size=shape)
    found = extract(X, features="random", names=())[0]
    assert np.linalg.matrix_rank(found, tol=1e-3) > np.prod(shape[1:]) + 20


def test_the_classifier_learns_its_classes(monkeypatch):
    """Its features of rows outside of training are closer to their own class than to others."""
    X, y = load_iris(return_X_y=True)
    train, rest, y_train, y_rest = X[::2], X[1::2], y[::2], y[1::2]
    names = np.array(["setosa", "versicolor", "virginica"])[y_train]
    for labelled in (y_train, names, names.tolist(), pd.Series(names), y_train.astype(float)):
        real, other = extract(train, rest, features="classifier", y_real=labelled)
        centres = np.stack([real[y_train == k].mean(axis=0) for k in range(3)])
        nearest = np.linalg.norm(other[:, None] - centres, axis=2).argmin(axis=1)
        assert (nearest == y_rest).mean() > 0.9
        # Labels of other kinds need not be learned as well as that.
        monkeypatch.setattr("skgan.metrics._classifier_features.N_STEPS", 100)


def test_the_classifier_learns_under_inference_mode(hasty):
    with torch.inference_mode():
        assert len(extract(noise((6, 8, 8)), features="classifier", y_real=labels(6), names=())[0]) == 6
    with torch.no_grad():
        assert len(extract(noise((6, 8, 8)), features="classifier", y_real=labels(6), names=())[0]) == 6


@pytest.mark.parametrize("X", [noise((6, 8, 8)), np.eye(6)])
@pytest.mark.parametrize(
    ("y", "message"),
    [
        (None, "features='classifier' needs the labels of X_real; pass them as y_real"),
        ([0, 1, 0], "y_real has 3 rows and 1 columns, but X_real has 6 rows"),
        (np.zeros((6, 2)), "y_real has 6 rows and 2 columns"),
        (np.zeros(6), "y_real has only the class '0.0'"),
        (["a", None, "b", "a", "b", None], "y_real has 2 missing labels"),
        (np.linspace(0.1, 0.9, 6), "continuous"),
    ],
)
def test_bad_labels(X, y, message):
    with pytest.raises(ValueError, match=message):
        extract(X, X, features="classifier", y_real=y)


# Images -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((5, 8, 9), (5, 1, 8, 9)),
        ((5, 8, 9, 1), (5, 1, 8, 9)),
        ((5, 1, 8, 9), (5, 1, 8, 9)),
        ((5, 32, 40, 3), (5, 3, 32, 40)),
        ((5, 3, 32, 40), (5, 3, 32, 40)),
        ((5, 3, 8, 8), (5, 3, 8, 8)),
        ((5, 8, 8, 3), (5, 3, 8, 8)),
        ((5, 8, 8, 8), (5, 8, 8, 8)),
    ],
)
def test_layouts(shape, expected):
    images = noise(shape)
    (found,) = read_images(images, names=("images",))
    assert found.shape == expected and np.shares_memory(found, images)


@pytest.mark.filterwarnings("ignore:.*channel_axis")
@pytest.mark.parametrize(
    "shape", [(5, a, b, c) for a in (1, 2, 3, 4, 8, 16) for b in (8, 16) for c in (1, 2, 3, 4, 8, 16)], ids=str
)
def test_metrics_and_samplers_find_the_same_channels(shape):
    X = noise(shape)
    (found,) = read_images(X, names=("images",), min_side=1)
    np.testing.assert_array_equal(found, read(X).pixels(slice(None)))


def test_the_caller_says_where_the_channels_are():
    X = noise((5, 2, 8, 8))
    with pytest.warns(UserWarning, match="channel_axis=1 or channel_axis=-1"):
        assert read_images(X, names=("images",), min_side=1)[0].shape == (5, 8, 2, 8)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_images(X, names=("images",), channel_axis=1)[0].shape == (5, 2, 8, 8)
        assert read_images(X, names=("images",), image_shape=(8, 8, 2))[0].shape == (5, 2, 8, 8)
    with pytest.raises(ValueError, match="channel_axis=2 is not allowed"):
        read_images(X, names=("images",), channel_axis=2)


def test_masks_and_single_images_are_refused_by_metrics_too():
    X = noise((5, 8, 8))
    with pytest.raises(TypeError, match=r"X_synthetic is masked, .*X_synthetic\.filled\(0\)"):
        extract(X, np.ma.masked_greater(X, 0))
    with pytest.raises(ValueError, match="may be one image of 32 by 32 pixels"):
        extract(noise((32, 32, 3)), noise((32, 32, 3)))


@pytest.mark.parametrize(
    ("real", "other", "error", "message"),
    [
        (noise((5, 8, 8)), noise((5, 8, 9)), ValueError, "X_synthetic have shape .8, 9., but those of X_real"),
        (noise((5, 8, 8)), noise((5, 8, 8, 3)), ValueError, "X_synthetic have shape .8, 8, 3."),
        (noise((5, 8, 8)), noise((5, 64)), ValueError, "X_synthetic has shape .5, 64.; images have shape"),
        (noise((5, 7, 9)), noise((5, 7, 9)), ValueError, "X_real are 7 by 9 pixels, and at least 8 by 8"),
        (noise((5, 8, 8)), noise((0, 8, 8)), ValueError, "X_synthetic has shape .0, 8, 8., 0 sample"),
        (noise((5, 20, 20, 20)), noise((5, 20, 20, 20)), ValueError, "20 channels, and at most 16"),
        (noise((2, 2, 8, 8, 8)), noise((2, 2, 8, 8, 8)), ValueError, "images have shape"),
        (noise((5, 8, 8)), np.full((5, 8, 8), np.nan), ValueError, "X_synthetic holds NaN, infinity"),
        (np.full((5, 8, 8), np.inf), noise((5, 8, 8)), ValueError, "X_real holds NaN, infinity"),
        (noise((5, 8, 8)).astype(str), noise((5, 8, 8)), TypeError, "X_real has dtype .*; images must hold numbers"),
        (noise((5, 8, 8)), noise((5, 8, 8)) * 1j, TypeError, "X_synthetic has dtype complex"),
    ],
)
@pytest.mark.parametrize("word", ["auto", *MADE])
def test_bad_images(word, real, other, error, message):
    with pytest.raises(error, match=message):
        extract(real, other, features=word, y_real=labels(len(real)))


@pytest.mark.parametrize("word", [word for word in FEATURES if word not in MADE])
def test_features_of_tables_refuse_images(word):
    with pytest.raises(ValueError, match="dim"):
        extract(noise((5, 8, 8)), noise((5, 8, 8)), features=word)


# A network of the user ------------------------------------------------------------------------------------


class Seen(torch.nn.Module):
    """Returns the mean and the largest value of each channel; with `doubled`, twice these."""

    def forward(self, x: torch.Tensor, doubled: bool = False) -> torch.Tensor:
        x = x.to(torch.float32)
        seen = torch.cat([x.mean(dim=(2, 3)), x.amax(dim=(2, 3)), torch.full((len(x), 1), float(x.shape[2]))], dim=1)
        return 2 * seen if doubled else seen


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    path = tmp_path_factory.mktemp("network") / "seen.pt"
    torch.jit.script(Seen()).save(str(path))
    return path


def test_a_network_gets_images_in_its_range_and_size(network):
    images = np.zeros((5, 10, 12, 3), dtype=np.uint8)
    images[..., 1], images[..., 2] = 51, 255
    found = InceptionFeatures(network)(images)
    assert found.shape == (5, 7) and found.dtype == np.float32
    np.testing.assert_allclose(found[0], [-1, -0.6, 1, -1, -0.6, 1, 299], atol=1e-5)
    np.testing.assert_allclose(InceptionFeatures(network, pixels="unit", size=20)(images)[4],
                               [0, 0.2, 1, 0, 0.2, 1, 20], atol=1e-5)
    np.testing.assert_array_equal(InceptionFeatures(network, pixels="bytes", size=None)(images)[4],
                                  [0, 51, 255, 0, 51, 255, 10])
    doubled = InceptionFeatures(network, size=None, pixels="bytes", options={"doubled": True})
    np.testing.assert_array_equal(doubled(images)[4], [0, 102, 510, 0, 102, 510, 20])


def test_grey_floats_and_layouts_are_alike(network):
    features = InceptionFeatures(network, size=16, batch_size=2)
    grey = noise((5, 12, 9))
    expected = features(grey)
    np.testing.assert_allclose(expected[:, 0], expected[:, 1])
    for same in (grey[..., None], grey[:, None], np.stack([grey] * 3, axis=-1), np.stack([grey] * 3, axis=1),
                 grey / 255, grey.astype(int), (grey / 255).astype(np.float32)):
        np.testing.assert_allclose(features(same), expected, atol=1e-5)
    np.testing.assert_allclose(InceptionFeatures(network, size=16)(grey), expected, atol=1e-6)


def test_shrinking_is_antialiased(network):
    """Without antialiasing, lines that are one of eight pixels wide would vanish."""
    lines = np.zeros((1, 64, 64))
    lines[:, :, ::8] = 1.0
    found = InceptionFeatures(network, size=8, pixels="unit")(lines)
    np.testing.assert_allclose(found[0, 0], 1 / 8, atol=0.02)


def test_frechet_distance_of_a_network_of_ones_own(network):
    features = InceptionFeatures(network, size=None, pixels="unit")
    assert features.name == "FID"
    dark, light = np.zeros((4, 8, 8)), np.full((4, 8, 8), 0.5)
    assert frechet_distance(dark, light, features=features) == pytest.approx(6 * 0.25)
    assert frechet_distance(dark, dark, features=pickle.loads(pickle.dumps(features))) == 0.0


@pytest.mark.parametrize(
    ("images", "error", "message"),
    [
        (np.full((2, 8, 8), 2.0), ValueError, "float64 range from 2.0 to 2.0, but must lie between 0 and 1"),
        (np.full((2, 8, 8), -1), ValueError, "must lie between 0 and 255"),
        (noise((2, 8, 8, 2)), ValueError, "images have 2 channels"),
        (noise((2, 64)), ValueError, "images has shape .2, 64."),
    ],
)
def test_images_that_no_such_network_takes(network, images, error, message):
    with pytest.raises(error, match=message):
        InceptionFeatures(network)(images)


def test_bad_networks(network, tmp_path):
    with pytest.raises(FileNotFoundError, match="is not a file; pass the path of a TorchScript file"):
        InceptionFeatures(tmp_path / "none.pt")
    (tmp_path / "text.pt").write_text("no network")
    with pytest.raises(ValueError, match="cannot be read as TorchScript"):
        InceptionFeatures(tmp_path / "text.pt")(noise((2, 8, 8)))
    with pytest.raises(ValueError, match="pixels='byte' is not a known word.*'bytes'"):
        InceptionFeatures(network, pixels="byte")
    with pytest.raises(ValueError, match="size=0 of InceptionFeatures is not allowed"):
        InceptionFeatures(network, size=0)
    torch.jit.script(torch.nn.Flatten(0)).save(str(tmp_path / "flat.pt"))
    with pytest.raises(ValueError, match="must map 2 images to a tensor of as many rows"):
        InceptionFeatures(tmp_path / "flat.pt")(noise((2, 8, 8)))


def test_images_of_half_precision():
    images = np.random.default_rng(0).random((4, 8, 8)).astype(np.float16)
    assert read_images(images, names=("images",))[0].shape == (4, 1, 8, 8)
    images[0, 0, 0] = np.inf
    with pytest.raises(ValueError, match="images holds NaN, infinity"):
        read_images(images, names=("images",))
