"""Samplers of images: what comes back is of X's kind, and looks like it."""

import pickle
import re

import numpy as np
import pandas as pd
import pytest
import torch
from problems import assert_differ, assert_same, usual_factory
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.svm import SVC

from skgan import ConditionalGANSampler, GANSampler, load, save

SMALL = {"max_iter": 3, "random_state": 0, "hidden_layer_sizes": (4,), "latent_dim": 4}
TINY = {**SMALL, "refine": False}


def stripes(n=40, height=8, width=8, n_channels=None, dtype=np.uint8, high=255):
    """Images whose left or right half is bright, and which of the two."""
    rng = np.random.default_rng(0)
    y = np.arange(n) % 2
    images = rng.random((n, height, width)) * 0.2
    images[y == 0, :, : width // 2] += 0.8
    images[y == 1, :, width // 2 :] += 0.8
    if n_channels is not None:
        images = np.repeat(images[..., None], n_channels, axis=3) * np.linspace(0.5, 1, n_channels)
    images = (images * high).astype(dtype)
    return images, y


@pytest.fixture(scope="module")
def digits():
    X, y = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(X))
    return X.reshape(-1, 8, 8)[order], y[order]


@pytest.fixture(scope="module")
def taught(digits):
    X, y = digits
    return ConditionalGANSampler(max_iter=700, batch_size=32, random_state=0).fit(X[:1437], y[:1437])


def test_digits_teach_a_classifier_of_real_ones(taught, digits):
    X, y = digits
    drawn, labels = taught.sample(3000, random_state=1)
    learner = SVC(gamma=0.001, C=10).fit(drawn.reshape(3000, -1), labels)
    right = learner.predict(X[1437:].reshape(-1, 64)) == y[1437:]
    assert right.mean() >= 0.85
    # No class is dropped, and none is another.
    assert min(right[y[1437:] == label].mean() for label in range(10)) > 0.5
    assert np.bincount(labels, minlength=10).min() > 200


def test_digits_hide_among_real_ones_and_are_no_copies(taught, digits):
    X, y = digits
    assert taught.score(X[1437:], y[1437:]) > 0.65
    drawn, _ = taught.sample(200, random_state=1)
    assert not (drawn[:, None] == X[None, :1437]).all(axis=(2, 3)).any()


def test_pixels_are_those_of_training(taught, digits):
    drawn, _ = taught.sample(100, random_state=0)
    assert drawn.dtype == np.float64 and drawn.min() >= 0 and drawn.max() <= 16
    np.testing.assert_array_equal(drawn, np.rint(drawn))


def test_an_image_is_found_again_in_the_latent_space(taught, digits):
    X, y = digits
    latents = taught.invert(X[:20], y[:20])
    assert latents.shape == (20, taught.generator_.noise_dim) and latents.dtype == np.float32
    rebuilt = np.stack([taught.interpolate(z, z, 1, y=label)[0] for z, label in zip(latents, y[:20].tolist())])
    distance = ((rebuilt - X[:20]) ** 2).sum((1, 2))
    other, _ = taught.sample(y=y[:20], random_state=0)
    assert np.median(distance) < 0.2 * np.median(((other - X[:20]) ** 2).sum((1, 2)))
    np.testing.assert_array_equal(latents, taught.invert(X[:20], y[:20]))


# One number of channels a halving.
WIDER = {"hidden_layer_sizes": (4, 4)}
LAYOUTS = {
    "grey": (stripes()[0], {}, (8, 8)),
    "floats": (stripes(dtype=np.float32, high=1.0)[0], {}, (8, 8)),
    "doubles about zero": (stripes(dtype=np.float64, high=2.0)[0] - 1.0, {}, (8, 8)),
    "booleans": (stripes()[0] > 99, {}, (8, 8)),
    "color": (stripes(n_channels=3)[0], {}, (8, 8, 3)),
    "channels first": (stripes(height=17, width=18, n_channels=3)[0].transpose(0, 3, 1, 2), WIDER, (17, 18, 3)),
    "one channel, said where": (stripes()[0][:, None], {"channel_axis": 1}, (8, 8, 1)),
    "sixteen channels": (stripes(n_channels=16)[0], {}, (8, 8, 16)),
    "flattened": (stripes()[0].reshape(40, -1), {"image_shape": (8, 8)}, (8, 8)),
    "flattened colour": (stripes(n_channels=3)[0].reshape(40, -1), {"image_shape": (8, 8, 3)}, (8, 8, 3)),
    "odd": (stripes(height=13, width=11)[0], {}, (13, 11)),
    "thin": (stripes(height=2, width=9)[0], {}, (2, 9)),
    "one image": (stripes()[0][:1], {}, (8, 8)),
    "constant": (np.full((5, 8, 8), 7, dtype=np.uint8), {}, (8, 8)),
    "as a list": (list(stripes()[0]), {}, (8, 8)),
    "as lists": (stripes(10)[0].tolist(), {}, (8, 8)),
}


# Refinement looks at the encoded rows: at most one image, or equal ones, are another case for it.
REFINED = ("color", "one image", "constant")


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("name", LAYOUTS)
def test_samples_come_back_as_x_is(name):
    X, given, image_shape = LAYOUTS[name]
    sampler = GANSampler(**{**SMALL, **given}, refine=name in REFINED).fit(X)
    array = np.asarray(X)
    drawn = sampler.sample(5)
    assert drawn.shape == (5, *array.shape[1:]) and drawn.dtype == array.dtype
    assert array.min() <= drawn.min() and drawn.max() <= array.max()
    assert sampler.image_shape_ == image_shape and sampler.n_features_in_ == array.shape[1]


@pytest.mark.usefixtures("few_trees")
def test_a_frame_of_pixels_comes_back_as_a_frame():
    frame = pd.DataFrame(stripes()[0].reshape(40, -1)).rename(columns="pixel{}".format)
    sampler = GANSampler(**TINY, image_shape=(8, 8)).fit(frame)
    drawn = sampler.sample(3)
    assert list(drawn.columns) == list(frame.columns) and (drawn.dtypes == np.uint8).all()
    assert list(sampler.feature_names_in_) == list(frame.columns)


@pytest.mark.usefixtures("few_trees")
def test_flattened_images_pass_a_pipeline():
    X, y = stripes()
    steps = make_pipeline(MinMaxScaler(), ConditionalGANSampler(**TINY, image_shape=(8, 8))).fit(X.reshape(40, -1), y)
    drawn, labels = steps[-1].sample(4)
    assert drawn.shape == (4, 64) and drawn.dtype == np.float64 and 0 <= drawn.min() and drawn.max() <= 1
    assert steps.score(X.reshape(40, -1), y) >= 0


def test_large_images_come_in_smaller_blocks():
    X = np.random.default_rng(0).integers(0, 256, (3, 121, 81), dtype=np.uint8)
    sampler = GANSampler(**{**TINY, "hidden_layer_sizes": (2,) * 4}, batch_size=4)
    assert sampler.fit(X).sample(2).shape == (2, 121, 81)


@pytest.mark.usefixtures("few_trees")
def test_a_memory_map_is_read_by_batch(tmp_path):
    X, _ = stripes(60)
    stored = np.memmap(tmp_path / "images", np.uint8, "w+", shape=X.shape)
    stored[:] = X
    drawn = [GANSampler(**SMALL).fit(images).sample(4, random_state=0) for images in (X, stored)]
    assert_same(*drawn)
    assert type(drawn[1]) is np.ndarray


@pytest.mark.usefixtures("few_trees")
def test_a_folder_of_files_is_read_by_batch(tmp_path):
    image = pytest.importorskip("PIL.Image")
    from skgan.datasets import ImageFolder

    X, y = stripes(20)
    for number, (pixels, label) in enumerate(zip(X, y)):
        (tmp_path / f"side{label}").mkdir(exist_ok=True)
        image.fromarray(pixels).save(tmp_path / f"side{label}" / f"{number:02}.png")
    folder = ImageFolder(tmp_path)
    drawn, labels = ConditionalGANSampler(**TINY).fit(folder, folder.labels).sample(y=["side1", "side0"])
    assert drawn.shape == (2, 8, 8) and drawn.dtype == np.uint8 and labels.tolist() == ["side1", "side0"]


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("refine", [False, True])
def test_seeds_say_what_is_drawn(refine):
    X, y = stripes()
    before = torch.get_rng_state(), np.random.get_state()[1].copy()
    sampler, again = (ConditionalGANSampler(**SMALL, refine=refine).fit(X, y) for _ in range(2))
    assert torch.equal(before[0], torch.get_rng_state()) and (before[1] == np.random.get_state()[1]).all()
    assert_same(sampler.sample(6), again.sample(6))
    assert_differ(sampler.sample(6), sampler.sample(6))
    few, many = sampler.sample(y=[0, 1], random_state=3), sampler.sample(y=[0, 1, 0, 1], random_state=3)
    assert_same(few, tuple(part[:2] for part in many))


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("name", ["grey", "doubles about zero", "channels first", "flattened colour", "one image"])
def test_a_saved_sampler_draws_the_same(tmp_path, name):
    X, given, image_shape = LAYOUTS[name]
    y = np.arange(len(X)) % 2
    refine = name in ("grey", "one image")
    sampler = ConditionalGANSampler(**{**SMALL, **given}, refine=refine).fit(X, y)
    save(sampler, tmp_path / "images.skgan")
    again, drawn = load(tmp_path / "images.skgan"), sampler.sample(4, random_state=0)
    for other in (again, pickle.loads(pickle.dumps(sampler))):
        assert_same(other.sample(4, random_state=0), drawn)
        assert other.image_shape_ == image_shape
    assert again.score(X, y) == sampler.score(X, y)


@pytest.mark.usefixtures("few_trees")
def test_a_clone_is_unfitted_and_fits_the_same():
    X, _ = stripes()
    sampler = GANSampler(**TINY).fit(X)
    twin = clone(sampler)
    assert not hasattr(twin, "image_shape_")
    assert_same(twin.fit(X).sample(3, random_state=0), sampler.sample(3, random_state=0))


@pytest.mark.usefixtures("few_trees")
def test_images_have_no_rare_categories_to_merge():
    X, _ = stripes()
    drawn = [GANSampler(**TINY, rare_categories=word).fit(X).sample(3, random_state=0) for word in ("keep", "merge")]
    assert_same(*drawn)


def test_a_table_after_images_leaves_nothing_of_them():
    sampler = GANSampler(max_iter=2, random_state=0, refine=False).fit(stripes()[0])
    assert not hasattr(sampler.fit(np.random.default_rng(0).random((30, 2))), "image_shape_")


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("network", ["mlp", "dcgan", "resnet", "progressive"])
@pytest.mark.parametrize("conditioning", ["auto", "projection", "auxiliary"])
def test_every_network_is_conditioned_on_y_in_every_way(network, conditioning):
    X, y = stripes()
    words = {"generator": network, "discriminator": network, "conditioning": conditioning}
    # Classes and a number at once; `test_a_number_conditions_images` has a number alone.
    targets = pd.DataFrame({"side": y, "number": np.linspace(0, 1, 40)})
    sampler = ConditionalGANSampler(**TINY, **words).fit(X, targets)
    assert sampler.sample(3)[0].shape == (3, 8, 8)
    assert sampler.sample(y={"side": 1, "number": 0.25})[0].shape == (1, 8, 8)


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("conditioning", ["auto", "projection", "auxiliary"])
def test_a_number_conditions_images(conditioning):
    X, _ = stripes()
    sampler = ConditionalGANSampler(**TINY, conditioning=conditioning).fit(X, np.linspace(0, 1, 40))
    assert sampler.sample(y=[0.25])[0].shape == (1, 8, 8)


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("max_iter", [1, 7])
def test_progressive_networks_end_at_full_size(tmp_path, max_iter):
    X, y = stripes(20, 16, 16)
    given = {**TINY, "max_iter": max_iter, "hidden_layer_sizes": (4, 4)}
    sampler = ConditionalGANSampler(**given, generator="progressive", discriminator="progressive").fit(X, y)
    for player in (sampler.generator_.last.body, sampler.discriminator_):
        assert type(player).__name__.startswith("Progressive")
    save(sampler, tmp_path / "grown.skgan")
    assert_same(load(tmp_path / "grown.skgan").sample(4, random_state=0), sampler.sample(4, random_state=0))


def test_an_auxiliary_discriminator_tells_classes():
    X, y = stripes(200)
    names = np.array(["right", "left"])[1 - y]
    given = {**TINY, "conditioning": "auxiliary", "max_iter": 60, "hidden_layer_sizes": (8,)}
    sampler = ConditionalGANSampler(**given).fit(X, names)
    probability = sampler.predict_proba(X)
    assert sampler.classes_.tolist() == ["left", "right"] and probability.shape == (200, 2)
    np.testing.assert_allclose(probability.sum(1), 1, rtol=1e-5)
    assert (sampler.classes_[probability.argmax(1)] == names).mean() > 0.95
    assert not hasattr(ConditionalGANSampler(**TINY).fit(X, y), "predict_proba")


def test_a_factory_makes_images_too():
    X, y = stripes()
    sampler = ConditionalGANSampler(max_iter=2, random_state=0, refine=False, generator=usual_factory).fit(X, y)
    assert sampler.sample(2)[0].shape == (2, 8, 8)


def test_scores_of_images():
    X, _ = stripes(100)
    sampler = GANSampler(**{**SMALL, "max_iter": 20}, refine=False).fit(X)
    # The log of real over generated: higher of real images than of those that so short a run makes.
    assert np.median(sampler.score_samples(X)) > np.median(sampler.score_samples(sampler.sample(100)))
    assert 0 <= sampler.score(X) < 0.5


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("words", [None, ("flip",), ("translation", "color", "cutout", "flip")])
def test_augmentation_by_words(words):
    assert GANSampler(**TINY, augmentation=words).fit(stripes(n_channels=3)[0]).sample(2).shape == (2, 8, 8, 3)


@pytest.mark.usefixtures("few_trees")
def test_few_images_are_augmented_and_many_are_not():
    few = GANSampler(**{**TINY, "max_iter": 1}).fit(stripes()[0])
    many = GANSampler(**{**TINY, "max_iter": 1}).fit(np.zeros((20_000, 4, 4), dtype=np.uint8))
    assert few.augmentation_ == ("translation", "color", "cutout") and many.augmentation_ == ()


BAD = {
    "another word": ({"augmentation": ("rotate",)}, "augmentation='rotate' is not a known word"),
    "no tuple": ({"augmentation": "flip"}, r"augmentation='flip' must be 'auto', None or a tuple .*=\('flip',\)"),
    "shape of one number": ({"image_shape": (64,)}, "image_shape=.* must be a tuple of 2 or 3 whole numbers"),
    "channels in the middle": ({"channel_axis": 2}, "channel_axis=2 .* must be one of None, 1, 3, -1"),
    "categories": ({"categorical_features": [0]}, "categorical_features=.0. is for tables, but X is a stack of images"),
    "channels of grey images": ({"channel_axis": 1}, "channel_axis=1 is for images of four dimensions"),
    "another shape": ({"image_shape": (4, 16)}, r"image_shape=\(4, 16\) does not fit X"),
    "sizes for other images": ({"hidden_layer_sizes": (4, 4)}, "hidden_layer_sizes=.* must hold 1 numbers of channels"),
}


@pytest.mark.parametrize("given, words", BAD.values(), ids=BAD)
def test_bad_parameters_are_named(given, words):
    with pytest.raises(ValueError, match=words):
        GANSampler(**{**TINY, **given}).fit(stripes()[0])


class Scores(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(1))

    def forward(self, rows, condition):
        return self.weight * rows.sum(1)


def test_bad_words_of_the_conditional_sampler_and_of_tables():
    with pytest.raises(ValueError, match="conditioning='concat' is not a known word"):
        ConditionalGANSampler(**TINY, conditioning="concat").fit(*stripes())
    with pytest.raises(ValueError, match="'dcgan' and 'resnet' are for images, but X is a table"):
        GANSampler(**TINY, generator="dcgan").fit(np.random.default_rng(0).random((30, 2)))
    with pytest.raises(ValueError, match="augmentation=.'flip',. is for images, but X is a table"):
        GANSampler(**TINY, augmentation=("flip",)).fit(np.random.default_rng(0).random((30, 2)))
    with pytest.raises(ValueError, match=r"has no method guess\(rows\)"):
        given = {"discriminator": lambda *_: Scores(), "conditioning": "auxiliary"}
        ConditionalGANSampler(**TINY, **given).fit(*stripes())
    with pytest.raises(ValueError, match="channel_axis=1 is for stacks of images"):
        GANSampler(**TINY, channel_axis=1).fit(np.random.default_rng(0).random((30, 2)))


def test_bad_images_are_named():
    X, _ = stripes(dtype=np.float32, high=1.0)
    sampler = GANSampler(**TINY).fit(X)
    broken = X.copy()
    broken[7, 2, 2] = np.nan
    with pytest.raises(ValueError, match="contains NaN or infinity in image 7"):
        GANSampler(**TINY).fit(broken)
    with pytest.raises(ValueError, match="image 0 has shape .8, 8. and image 2 has shape .9, 8."):
        GANSampler(**TINY).fit([X[0], X[1], np.zeros((9, 8))])
    with pytest.raises(ValueError, match="0 sample"):
        GANSampler(**TINY).fit(X[:0])
    # A failed fit leaves the sampler as it was.
    with pytest.raises(ValueError):
        sampler.fit(broken)
    assert sampler.sample(2).shape == (2, 8, 8)


SHAPES = {
    "grey": ((8, 8), {}, r"images of shape \(8, 8\) \(height x width\)"),
    "channels last": ((8, 8, 3), {}, r"images of shape \(8, 8, 3\) \(height x width x channels\)"),
    "channels first": ((3, 8, 8), {}, r"images of shape \(3, 8, 8\) \(channels x height x width\)"),
    "flat": ((192,), {"image_shape": (8, 8, 3)}, r"rows of 192 pixels, 8 x 8 x 3 \(height x width x channels\)"),
}


@pytest.mark.usefixtures("few_trees")
@pytest.mark.parametrize("name", SHAPES)
def test_every_method_says_which_shape_of_images_it_needs(name):
    shape, parameters, fitted = SHAPES[name]
    rng = np.random.default_rng(0)
    X, y = rng.integers(256, size=(40, *shape), dtype=np.uint8), np.arange(40) % 2
    plain = GANSampler(**TINY, **parameters).fit(X)
    conditional = ConditionalGANSampler(**TINY, **parameters, conditioning="auxiliary").fit(X, y)
    methods = [
        plain.score,
        plain.score_samples,
        plain.invert,
        lambda X: conditional.score(X, y[: len(X)]),
        lambda X: conditional.invert(X, y[: len(X)]),
        conditional.predict_proba,
    ]
    # The first axis of an image, which scikit-learn calls the number of features, may differ or not.
    for other in ((5, 9, 8), (5, 8, 9), (5, 8, 8, 4), (5, 9, 8, 3), (5, 64)):
        for method in methods:
            message = rf"^Images of X have shape {re.escape(str(other[1:]))}, but \w+ was fitted on {fitted}; bring"
            with pytest.raises(ValueError, match=message):
                method(np.zeros(other, np.uint8))


def test_images_for_a_sampler_of_tables_are_refused_by_kind():
    sampler = GANSampler(**TINY).fit(np.random.default_rng(0).random((30, 8)))
    with pytest.raises(ValueError, match="X is a stack of images, but GANSampler was fitted on a table of 8 columns"):
        sampler.score_samples(np.zeros((3, 8, 8)))
