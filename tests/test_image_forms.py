"""Stacks of images: read to channels first whatever their layout, left where they are, and rebuilt as they came."""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import torch

from skgan._forms import ImageForm, ImageRows, any_form_from_state, as_rows, modality_of, read, read_images
from skgan._forms import _images as module
from skgan._json_tree import decode, encode
from skgan.samplers._rows import BLOCK, block_of

N, C, H, W = 5, 3, 6, 7
DTYPES = ["bool", "uint8", "int16", "uint16", "int32", "float16", "float32", "float64", ">u2", ">f4"]


def stack(dtype="uint8", n_channels=C, n=N):
    """Images (n, n_channels, H, W), no two pixels of one image alike in most dtypes."""
    rng = np.random.default_rng(0)
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return rng.random((n, n_channels, H, W)) < 0.5
    if dtype.kind == "f":
        return rng.normal(size=(n, n_channels, H, W)).astype(dtype)
    bounds = np.iinfo(dtype)
    return rng.integers(bounds.min, bounds.max, (n, n_channels, H, W), endpoint=True).astype(dtype)


def flat_rows(images):
    return images.transpose(0, 2, 3, 1).reshape(len(images), -1)


def frame_of(images):
    return pd.DataFrame(flat_rows(images), columns=[f"pixel{i}" for i in range(images[0].size)])


# How X is made of channels-first images, the channels of those, the options, and what image_shape_ is.
LAYOUTS = {
    "HW": (lambda images: images[:, 0], 1, {}, (H, W)),
    "HWC": (lambda images: images.transpose(0, 2, 3, 1), C, {}, (H, W, C)),
    "HWC of one channel": (lambda images: images.transpose(0, 2, 3, 1), 1, {}, (H, W, 1)),
    "CHW": (lambda images: images, C, {"channel_axis": 1}, (H, W, C)),
    "flat (H, W)": (flat_rows, 1, {"image_shape": (H, W)}, (H, W)),
    "flat (H, W, C)": (flat_rows, C, {"image_shape": (H, W, C)}, (H, W, C)),
    "frame (H, W)": (frame_of, 1, {"image_shape": (H, W)}, (H, W)),
    "frame (H, W, C)": (frame_of, C, {"image_shape": (H, W, C)}, (H, W, C)),
}
each_layout = pytest.mark.parametrize("make, n_channels, options, image_shape", LAYOUTS.values(), ids=LAYOUTS)


def assert_same(given, X):
    assert type(given) is type(X)
    if isinstance(X, pd.DataFrame):
        pd.testing.assert_frame_equal(given, X, check_exact=True)
    else:
        assert given.dtype == X.dtype
        np.testing.assert_array_equal(given, X)


@each_layout
@pytest.mark.parametrize("dtype", DTYPES)
def test_every_layout_reads_to_channels_first_and_rebuilds_exactly(make, n_channels, options, image_shape, dtype):
    expected = stack(dtype, n_channels)
    X = make(expected)
    images = read(X, **options)
    assert isinstance(images, ImageRows) and len(images) == images.n_rows == N
    everything = images.pixels(slice(None))
    np.testing.assert_array_equal(everything, expected)
    assert everything.dtype == expected.dtype
    assert images.form.shape == (n_channels, H, W) and images.form.fitted == {"image_shape_": image_shape}
    assert images.form.x_shape == np.shape(X)[1:] and images.n_bytes == expected.nbytes
    # Decoders hand back float64.
    for decoded in (everything, everything.astype(np.float64)):
        assert_same(images.form.rebuild(decoded), X)


@each_layout
def test_rebuilt_images_own_a_contiguous_stack(make, n_channels, options, image_shape):
    images = read(make(stack("float32", n_channels)), **options)
    given = images.form.rebuild(np.zeros((2, n_channels, H, W)))
    values = np.asarray(given)
    assert values.shape == (2, *images.form.x_shape) and (isinstance(given, pd.DataFrame) or values.flags.c_contiguous)


def test_whole_dtypes_round_to_the_nearest_when_rebuilt():
    form = read(stack("uint8")[:, 0]).form
    given = form.rebuild(np.full((1, 1, H, W), 3.6))
    assert given.dtype == np.uint8 and (given == 4).all()
    signed = read(stack("int16")[:, 0]).form
    assert (signed.rebuild(np.full((1, 1, H, W), -3.6)) == -4).all()


@pytest.mark.parametrize(
    "shape, channel_axis, layout",
    [
        ((2, 8, 8, 3), None, "HWC"),
        ((2, 3, 8, 8), None, "CHW"),
        ((2, 3, 16, 16), None, "CHW"),
        ((2, 1, 16, 16), None, "CHW"),
        ((2, 4, 16, 16), None, "CHW"),
        ((2, 16, 16, 1), None, "HWC"),
        ((2, 8, 8, 4), None, "HWC"),
        ((2, 3, 8, 17), None, "CHW"),
        ((2, 16, 5, 17), None, "CHW"),
        ((2, 17, 17, 16), None, "HWC"),
        ((2, 1, 28, 28), None, "CHW"),
        ((2, 3, 8, 8), 1, "CHW"),
        ((2, 8, 8, 3), 1, "CHW"),
        ((2, 3, 32, 8), 3, "HWC"),
        ((2, 3, 8, 8), -1, "HWC"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_an_axis_of_1_3_or_4_holds_the_channels_else_the_last_unless_only_axis_1_is_16_or_less(
    shape, channel_axis, layout
):
    form = read(np.zeros(shape), channel_axis=channel_axis).form
    _, a, b, c = shape
    assert (form.layout, form.shape) == ((layout, (a, b, c)) if layout == "CHW" else (layout, (c, a, b)))


@pytest.mark.parametrize("shape", [(2, 3, 8, 3), (2, 4, 8, 1), (2, 2, 8, 8), (2, 16, 4, 16), (2, 8, 8, 8)], ids=str)
def test_where_both_axes_may_hold_the_channels_the_last_does_and_channel_axis_is_named(shape):
    with pytest.warns(UserWarning, match=r"X of shape .* on the last.*channel_axis=1 or channel_axis=-1"):
        form = read(np.zeros(shape)).form
    assert (form.layout, form.shape) == ("HWC", (shape[3], shape[1], shape[2]))


@pytest.mark.filterwarnings("error")
def test_image_shape_says_where_the_channels_of_four_dimensions_are():
    X = np.zeros((2, 2, 8, 8))
    assert read(X, image_shape=(8, 8, 2)).form.layout == "CHW" and read(X, image_shape=(2, 8)).form.layout == "HWC"
    with pytest.raises(ValueError, match=r"image_shape=\(4, 16\) does not fit X"):
        read(X, image_shape=(4, 16))


@pytest.mark.parametrize("shape", [(32, 32, 3), (32, 24, 4), (9, 8, 1)], ids=str)
def test_one_image_with_its_channels_is_no_stack(shape):
    with pytest.raises(ValueError, match=r"may be one image of .*X\[None\] for the one image.*image_shape="):
        read(np.zeros(shape))
    assert read(np.zeros(shape)[None]).form.shape == (shape[2], *shape[:2])
    assert read(np.zeros(shape), image_shape=shape[1:]).form.shape == (1, *shape[1:])
    assert read(np.zeros(shape)[..., None]).form.shape == (1, *shape[1:])


def test_one_image_beside_a_fitted_form_has_a_cure_in_its_message():
    form = read(np.zeros((2, 8, 8, 3))).form
    with pytest.raises(ValueError, match=r"pass X\[None\] for one image"):
        form.read_like(np.zeros((8, 8, 3)))


def pictures(mode, n=2):
    """Images of Pillow of a mode, and the numbers that are read of them."""
    image = pytest.importorskip("PIL.Image")
    colors = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 9, 9]], dtype=np.uint8)
    index = np.random.default_rng(0).integers(0, 4, (n, 8, 9)).astype(np.uint8)
    if mode == "P":
        found = [image.fromarray(one, "L") for one in index]
        for one in found:
            one.putpalette(colors.ravel().tolist())
        return found, colors[index]
    if mode == "transparent P":
        found, expected = pictures("P", n)
        for one in found:
            one.info["transparency"] = 3
        return found, np.concatenate([expected, np.where(index == 3, 0, 255)[..., None]], axis=3)
    if mode == "1":
        return [image.fromarray(one > 1) for one in index], index > 1
    if mode == "I;16":
        deep = index.astype(np.uint16) * 20_000
        return [image.fromarray(one) for one in deep], deep
    if mode == "L":
        return [image.fromarray(one) for one in index], index
    bands = np.stack([index * (band + 1) for band in range(len(mode))], axis=3)
    return [image.fromarray(one) for one in bands], bands


@pytest.mark.filterwarnings("ignore:.*channel_axis")
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "transparent P", "RGB", "RGBA", "I;16"])
def test_images_of_pillow_give_what_their_mode_says(mode):
    given, expected = pictures(mode)
    source = read(given).source
    assert source.dtype == expected.dtype or mode == "transparent P"
    np.testing.assert_array_equal(source, expected)
    np.testing.assert_array_equal(as_rows(given), expected)


def test_a_palette_among_colours_is_read_by_its_colours():
    (one, _), expected = pictures("P")
    np.testing.assert_array_equal(read([one.convert("RGB"), one]).source, expected[[0, 0]])


def test_images_of_different_modes_are_named():
    (grey, _), _ = pictures("L")
    (color, _), _ = pictures("RGB")
    with pytest.raises(ValueError, match=r"image 0 has mode 'L' and image 2 has mode 'RGB'; convert them"):
        read([grey, grey, color])
    with pytest.raises(ValueError, match=r"image 0 is an array and image 1 has mode 'L'"):
        read([np.asarray(grey), grey])
    with pytest.raises(ValueError, match=r"X is one image; pass a list of images, \[X\]"):
        read(grey)


def test_an_array_of_arrays_is_a_stack():
    X = np.empty(2, dtype=object)
    X[:] = list(np.arange(144).reshape(2, 8, 9))
    assert modality_of(X) == "images"
    np.testing.assert_array_equal(read(X).source, np.arange(144).reshape(2, 8, 9))


PATHS = {
    "a path": "photos",
    "a Path": Path("photos"),
    "a list": ["a.png", "b.PNG"],
    "a list of Paths": [Path("a.png")],
    "an array of text": np.array(["a.jpg"]),
    "an array of objects": np.array(["a.jpg", "b.jpg"], dtype=object),
    "an array of Paths": np.array([Path("a"), Path("b")], dtype=object),
}


@pytest.mark.parametrize("options", [{}, {"image_shape": (8, 8)}], ids=["", "image_shape"])
@pytest.mark.parametrize("X", PATHS.values(), ids=PATHS)
def test_the_error_for_paths_names_image_folder(X, options):
    with pytest.raises(ValueError, match=r"skgan\.datasets\.ImageFolder\("):
        read(X, **options)


@pytest.mark.parametrize("as_list", [False, True])
def test_masks_are_refused_with_a_cure(as_list):
    X = np.ma.masked_less(stack("int16", 1)[:, 0], 0)
    with pytest.raises(TypeError, match=r"X is masked, .*numpy\.ma\.filled" if as_list else r"X\.filled\(0\)"):
        read(list(X) if as_list else X)
    assert (read(X.filled(0)).source >= 0).all()
    assert len(read(np.ma.array(X.filled(0)))) == N


@pytest.mark.parametrize("names", [None, ["row", "column"]], ids=str)
def test_a_frame_of_pixels_keeps_its_multi_index(names):
    frame = frame_of(stack("uint8", 1))
    frame.columns = pd.MultiIndex.from_product([range(H), list("abcdefg")], names=names)
    images = read(frame, image_shape=(H, W))
    assert_same(images.form.rebuild(images.pixels(slice(None))), frame)
    again = any_form_from_state(decode(*encode(images.form.get_state())))
    assert again == images.form
    pd.testing.assert_index_equal(again.labels, frame.columns)


class Estimator:
    pass


class WithTableParameters(Estimator):
    """What `read` asks of a sampler."""

    def __init__(self, rare_categories="keep", min_frequency=5):
        self.rare_categories, self.min_frequency = rare_categories, min_frequency

    def sample(self, n):
        """No targets."""


@pytest.mark.parametrize("given", [{"rare_categories": "merge"}, {"min_frequency": 3}], ids=str)
def test_parameters_of_tables_give_a_warning_for_images(given):
    (name,) = given
    with pytest.warns(UserWarning, match=f"{name}=.* is for tables and is not used"):
        read(stack(n_channels=1)[:, 0], estimator=WithTableParameters(**given))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read(stack(n_channels=1)[:, 0], estimator=WithTableParameters())
        read(np.zeros((3, 4)), estimator=WithTableParameters(**given))


@pytest.mark.parametrize(
    "X, kind",
    [
        (np.zeros((2, 8)), "table"),
        (np.zeros((2, 8, 8)), "images"),
        ([[1, 2], [3, 4]], "table"),
        ([["a", 1], ["b", 2]], "table"),
        ([np.zeros((4, 4))], "images"),
        ([[[1, 2], [3, 4]]], "images"),
        ([], "table"),
        ([[]], "table"),
        ("text", "table"),
        (pd.DataFrame({"a": [1]}), "table"),
        (scipy.sparse.eye(3), "table"),
        (torch.zeros(2, 3, 8, 8), "images"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_x_is(X, kind):
    assert modality_of(X) == kind and modality_of(X, image_shape=(8, 8)) == "images"


@pytest.mark.parametrize("made_of", [list, tuple])
@pytest.mark.parametrize("n_channels", [1, C])
def test_lists_of_images_are_stacks(made_of, n_channels):
    X = stack("uint8", n_channels).transpose(0, 2, 3, 1) if n_channels > 1 else stack("uint8", 1)[:, 0]
    images = read(made_of(X))
    np.testing.assert_array_equal(images.pixels(slice(None)), read(X).pixels(slice(None)))
    assert_same(images.form.rebuild(images.pixels(slice(None))), X)


@pytest.fixture
def mapped(tmp_path):
    """A memory map of uint8 images (20, H, W, C), and the images themselves."""
    whole = stack("uint8", n=20).transpose(0, 2, 3, 1).copy()
    np.memmap(tmp_path / "images", np.uint8, "w+", shape=whole.shape)[:] = whole
    return np.memmap(tmp_path / "images", np.uint8, "r", shape=whole.shape), whole


def test_a_memory_map_stays_where_it_is_and_gives_batches(mapped):
    X, whole = mapped
    images = read(X)
    assert images.source is X and images.take(np.arange(3)).source is X
    for index in (slice(3, 9, 2), np.array([19, 0, 0, 7])):
        np.testing.assert_array_equal(images.pixels(index), whole[index].transpose(0, 3, 1, 2))


def test_only_indexed_images_are_read():
    class Counted:
        """Something with a shape, a dtype and images at positions."""

        dtype, shape, ndim = np.dtype("uint8"), (4000, 8, 8), 3
        read = 0

        def __len__(self):
            return self.shape[0]

        def __getitem__(self, index):
            given = np.zeros(self.shape, np.uint8)[index]
            self.read += len(given)
            return given

    X = Counted()
    images = read(X)
    assert X.read == 0 and images.source is X
    assert images.take(np.arange(7, 3000)).pixels(np.array([5, 1])).shape == (2, 1, 8, 8)
    assert X.read == 2


def test_chunks_are_all_images_in_order(monkeypatch):
    images = read(stack("int16", 1)[:, 0]).take([4, 2, 0, 1, 3])
    monkeypatch.setattr(module, "CHUNK", 2)
    chunks = list(images.chunks())
    assert [len(chunk) for chunk in chunks] == [2, 2, 1]
    np.testing.assert_array_equal(np.concatenate(chunks), stack("int16", 1)[[4, 2, 0, 1, 3]])


def test_take_of_take_is_the_composed_choice():
    X = stack("uint8", n=20)
    some = read(X, channel_axis=1).take([9, 3, 3, 17, 0])
    few = some.take(np.array([4, 1, 1, 3]))
    assert (len(some), len(few)) == (5, 4)
    for index in (slice(None), slice(1, 3), np.array([3, 0])):
        np.testing.assert_array_equal(few.pixels(index), X[[0, 3, 3, 17]][index])
    assert few.n_bytes == X[:4].nbytes


@each_layout
@pytest.mark.parametrize("dtype", ["uint8", "bool", ">u2", "float32"])
def test_a_form_is_the_same_again_from_its_state(make, n_channels, options, image_shape, dtype):
    X = make(stack(dtype, n_channels))
    form = read(X, **options).form
    again = any_form_from_state(decode(*encode(form.get_state())))
    assert again == form and isinstance(again, ImageForm) and again.fitted == form.fitted
    assert_same(again.rebuild(read(X, **options).pixels(slice(None))), X)


def test_a_state_of_a_strange_layout_is_refused():
    with pytest.raises(ValueError, match="layout must be one of"):
        ImageForm.from_state({**read(stack(), channel_axis=1).form.get_state(), "layout": "CWH"})


@each_layout
def test_new_images_of_the_layout_are_read(make, n_channels, options, image_shape):
    form = read(make(stack("uint8", n_channels)), **options).form
    new = stack("uint8", n_channels, n=9)[6:]
    images = form.read_like(make(new))
    assert images.form == form
    np.testing.assert_array_equal(images.pixels(slice(None)), new)


def test_new_images_are_read_in_the_fitted_order_of_axes():
    # Read on their own, these would be images of 8 by 3 pixels and 8 channels.
    form = read(np.zeros((2, 3, 8, 8)), channel_axis=1).form
    assert form.read_like(np.zeros((1, 3, 8, 8))).pixels(slice(None)).shape == (1, 3, 8, 8)


def holding(bad, image, dtype="float64", n=N):
    X = stack(dtype, 1, n)[:, 0].copy()
    X[image, 2, 3] = bad
    return X


BAD = {
    "mixed sizes": ([np.zeros((4, 4)), np.zeros((4, 4)), np.zeros((4, 5))], {}, ValueError, [
        "Images of X must have one size", r"image 0 has shape \(4, 4\)", r"image 2 has shape \(4, 5\)",
        "resize or crop",
    ]),
    "mixed channels": ([np.zeros((4, 4)), np.zeros((4, 4, 3))], {}, ValueError, [
        r"image 1 has shape \(4, 4, 3\)", "resize or crop",
    ]),
    "NaN": (holding(np.nan, 3), {}, ValueError, ["X contains NaN or infinity in image 3", "replace these pixels"]),
    "infinity": (holding(np.inf, 1), {}, ValueError, ["NaN or infinity in image 1;", "leave the image out"]),
    "minus infinity": (holding(-np.inf, 0, "float16"), {}, ValueError, ["NaN or infinity in image 0;"]),
    "17 channels": (np.zeros((2, 20, 20, 17)), {}, ValueError, [
        r"X of shape \(2, 20, 20, 17\)", "17 channels", "at most 16", "channel_axis",
    ]),
    "17 channels first": (np.zeros((2, 17, 5, 5)), {"channel_axis": 1}, ValueError, ["17 channels", "at most 16"]),
    "wide said to be last": (np.zeros((2, 3, 20, 20)), {"channel_axis": -1}, ValueError, ["20 channels"]),
    "no such product": (np.zeros((3, 42)), {"image_shape": (6, 8)}, ValueError, [
        r"image_shape=\(6, 8\) makes 48", "X has 42 features", "whose product is 42",
    ]),
    "no such product of three": (np.zeros((3, 42)), {"image_shape": (6, 7, 3)}, ValueError, [
        r"image_shape=\(6, 7, 3\) makes 126", "42",
    ]),
    "another image_shape": (np.zeros((3, 6, 7)), {"image_shape": (7, 6)}, ValueError, [
        r"image_shape=\(7, 6\) does not fit X", "6 by 7 pixels of 1 channels", "leave it None",
    ]),
    "channel_axis of three dimensions": (np.zeros((3, 6, 7)), {"channel_axis": 1}, ValueError, [
        "channel_axis=1 is for images of four dimensions", "X has 3", "leave it None",
    ]),
    "channel_axis of flat images": (np.zeros((3, 42)), {"channel_axis": 3, "image_shape": (6, 7)}, ValueError, [
        "channel_axis=3", "X has 2", "leave it None",
    ]),
    "channel_axis of a table": (np.zeros((3, 42)), {"channel_axis": 3}, ValueError, [
        "channel_axis=3", "X is a table", "leave it None",
    ]),
    "sparse": (scipy.sparse.csr_matrix(np.eye(6)), {"image_shape": (2, 3)}, TypeError, [
        "X is a sparse matrix", r"pass X\.toarray\(\)",
    ]),
    "text": (np.full((2, 3, 4), "a"), {}, TypeError, ["X has dtype <U1", "must hold numbers"]),
    "objects": (np.full((2, 3, 4), None), {}, TypeError, ["X has dtype object", "must hold numbers"]),
    "complex numbers": (np.zeros((2, 3, 4), complex), {}, TypeError, ["X has dtype complex128", "must hold numbers"]),
    "no images": (np.zeros((0, 4, 4)), {}, ValueError, [r"X has shape \(0, 4, 4\)", "one image or more"]),
    "no pixels": (np.zeros((2, 0, 4)), {}, ValueError, [r"X has shape \(2, 0, 4\)", "one image or more"]),
    "five dimensions": (np.zeros((2, 2, 2, 2, 2)), {}, ValueError, [
        r"X has shape \(2, 2, 2, 2, 2\)", r"images have shape \(n, height, width\)",
    ]),
    "one dimension": (np.zeros(42), {"image_shape": (6, 7)}, ValueError, [r"X has shape \(42,\)", "image_shape"]),
}


@pytest.mark.parametrize("X, options, error, words", BAD.values(), ids=BAD)
def test_what_cannot_be_read_is_refused_by_name_with_a_cure(X, options, error, words):
    with pytest.raises(error) as caught:
        read(X, **options)
    assert type(caught.value) is error
    for word in words:
        caught.match(word)


def test_rows_of_pixels_need_their_image_shape():
    with pytest.raises(ValueError, match=r"X holds rows of 42 numbers; image_shape=\(height, width\)"):
        read_images(np.zeros((3, 42)))


def test_the_broken_image_is_found_in_a_later_chunk(monkeypatch):
    monkeypatch.setattr(module, "CHUNK", 4)
    with pytest.raises(ValueError, match="Z contains NaN or infinity in image 9;"):
        read_images(holding(np.nan, 9, "float32", n=12), name="Z")


@pytest.mark.filterwarnings("error")
def test_numbers_whose_sum_overflows_are_finite():
    assert len(read(np.full((3, 4, 4), np.finfo(np.float64).max))) == 3


def test_large_images_are_read_fewer_at_a_time(monkeypatch):
    monkeypatch.setattr(module, "MAX_NUMBERS", 2 * H * W)
    assert [len(chunk) for chunk in read(stack("uint8", 1)[:, 0]).chunks()] == [2, 2, 1]
    assert [len(chunk) for chunk in read(stack("uint8", 3), channel_axis=1).chunks()] == [1] * N


@pytest.mark.parametrize("shape", [(2, 6, 8), (2, 7, 6), (2, 6, 7, 1), (2, 42)], ids=str)
def test_images_of_another_shape_are_refused(shape):
    form = read(stack("uint8", 1)[:, 0]).form
    with pytest.raises(ValueError) as caught:
        form.read_like(np.zeros(shape, np.uint8), "new", estimator=Estimator())
    message = str(caught.value)
    assert f"Images of new have shape {shape[1:]}" in message and "Estimator was fitted on images of shape (6, 7)" in (
        message
    )
    assert "bring them to that size" in message


def test_new_images_with_nan_are_refused():
    form = read(stack("float32", 1)[:, 0]).form
    with pytest.raises(ValueError, match="X contains NaN or infinity in image 2;"):
        form.read_like(holding(np.nan, 2, "float32"))


def test_tables_stay_tables_and_frames_are_images_only_when_said_to_be():
    frame = frame_of(stack("uint8", 1))
    assert not isinstance(read(frame), ImageRows) and not isinstance(read(flat_rows(stack("uint8", 1))), ImageRows)
    assert isinstance(read(frame, image_shape=(H, W)), ImageRows)


@pytest.mark.parametrize(
    "width, block", [(1, BLOCK), (4096, BLOCK), (4097, 512), (8192, 512), (154401, 16), (2**22, 1), (2**23, 1)]
)
def test_wide_rows_come_in_smaller_blocks(width, block):
    assert block_of(width) == block


def test_new_images_with_nan_are_refused_where_fitted_ones_had_none():
    form = read(stack("uint8", 1)[:, 0]).form
    with pytest.raises(ValueError, match="X contains NaN or infinity in image 2;"):
        form.read_like(holding(np.nan, 2, "float32"))


@pytest.mark.parametrize("dtype", [np.int64, np.uint64, np.int32, np.uint8])
def test_integers_stay_within_the_range_of_their_dtype(dtype):
    info = np.iinfo(dtype)
    form = read_images(np.zeros((2, 4, 4), dtype=dtype)).form
    pixels = np.stack([np.full((1, 4, 4), float(info.min)), np.full((1, 4, 4), float(info.max))])
    stack = form.rebuild(pixels)
    assert stack.dtype == dtype
    assert stack.tolist() == [[[bound] * 4] * 4 for bound in (info.min, info.max)]
