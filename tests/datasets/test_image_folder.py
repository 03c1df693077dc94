"""A folder of image files is the stack of images that NumPy would make of it, read no sooner than asked for."""

import pickle
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from skgan._forms import read_images
from skgan.datasets import ImageFolder

Image = pytest.importorskip("PIL.Image")

RNG = np.random.default_rng(0)
GREY = RNG.integers(256, size=(5, 6, 8), dtype=np.uint8)
COLOUR = RNG.integers(256, size=(5, 6, 8, 3), dtype=np.uint8)
ORIENTATION = 0x0112
# A pixel array as a camera that was turned stores it, by EXIF orientation.
STORED = {
    1: lambda shown: shown,
    2: lambda shown: shown[:, ::-1],
    3: lambda shown: shown[::-1, ::-1],
    4: lambda shown: shown[::-1],
    5: lambda shown: shown.T,
    6: lambda shown: shown.T[::-1],
    7: lambda shown: shown[::-1, ::-1].T,
    8: lambda shown: shown.T[:, ::-1],
}


def save(path, pixels, mode=None, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    (image if mode is None else image.convert(mode)).save(path, **options)
    return path


def save_all(folder, stack, suffix=".png"):
    for number, pixels in enumerate(stack):
        save(folder / f"{number}{suffix}", pixels)
    return folder


def exif(orientation):
    tags = Image.Exif()
    tags[ORIENTATION] = orientation
    return tags


@pytest.mark.parametrize(("stack", "mode"), [(GREY, "L"), (COLOUR, "RGB")])
@pytest.mark.parametrize("suffix", [".png", ".BMP", ".tif", ".tiff"])
def test_pixels_come_back_as_they_were_saved(tmp_path, stack, mode, suffix):
    folder = ImageFolder(save_all(tmp_path, stack, suffix))
    assert (folder.shape, folder.ndim, folder.dtype, len(folder)) == (stack.shape, stack.ndim, np.uint8, 5)
    assert (folder.mode, folder.image_size, folder.labels) == (mode, (6, 8), None)
    assert folder[:].dtype == np.uint8
    np.testing.assert_array_equal(folder[:], stack)
    np.testing.assert_array_equal(np.asarray(folder), stack)
    np.testing.assert_array_equal(np.stack(list(folder)), stack)


@pytest.mark.parametrize("suffix", [".jpg", ".jpeg", ".gif", ".webp"])
def test_formats_that_lose_something_are_read(tmp_path, suffix):
    flat = np.full((6, 8), 130, dtype=np.uint8)
    folder = ImageFolder(save_all(tmp_path, [flat], suffix), mode="L")
    np.testing.assert_allclose(folder[0].astype(int), 130, atol=3)


@pytest.mark.parametrize("index", [
    0, -1, np.int64(2), slice(None), slice(1, 4), slice(None, None, -2), slice(3, 3), [3, 0, 3], [], np.array([-1, 1]),
    np.array([[0, 1], [2, 3]]), np.array([True, False, False, True, True]), [False] * 5, ...,
], ids=repr)
@pytest.mark.parametrize("stack", [GREY, COLOUR], ids=["grey", "colour"])
def test_it_is_indexed_as_an_array_is(tmp_path, stack, index):
    folder = ImageFolder(save_all(tmp_path, stack))
    assert folder[index].dtype == np.uint8
    np.testing.assert_array_equal(folder[index], stack[index])


@pytest.mark.parametrize(("index", "match"), [
    (5, "index 5 is out of bounds"),
    ([0, -6], "index -6 is out of bounds"),
    ([True, False], "boolean index did not match"),
    ((0, 1), "indexed by images only, but got (0, 1); read the images first"),
    ((..., 0), "indexed by images only"),
    ("a", "only integers, slices"),
])
def test_no_such_image(tmp_path, index, match):
    with pytest.raises(IndexError, match=re.escape(match)):
        ImageFolder(save_all(tmp_path, GREY))[index]


def test_it_becomes_an_array_of_any_dtype_and_never_without_a_copy(tmp_path):
    folder = ImageFolder(save_all(tmp_path, GREY))
    floats = np.asarray(folder, dtype=np.float32)
    assert floats.dtype == np.float32
    np.testing.assert_array_equal(floats, GREY)
    with pytest.raises(ValueError, match="leave copy out"):
        folder.__array__(copy=False)


def test_it_cannot_be_written_to(tmp_path):
    with pytest.raises(TypeError, match="item assignment"):
        ImageFolder(save_all(tmp_path, GREY))[0] = GREY[1]


def test_only_what_is_indexed_is_read_and_nothing_is_kept(tmp_path):
    folder = ImageFolder(save_all(tmp_path, GREY))
    for number in (0, 1, 3, 4):
        folder.files[number].unlink()
    np.testing.assert_array_equal(folder[2:3], GREY[2:3])
    save(folder.files[2], GREY[0])
    np.testing.assert_array_equal(folder[2], GREY[0])


def test_samplers_read_it_where_it_lies(tmp_path):
    folder = ImageFolder(save_all(tmp_path, COLOUR))
    images = read_images(folder)
    assert images.source is folder
    assert images.form.shape == (3, 6, 8)
    np.testing.assert_array_equal(images.pixels(np.array([4, 0])), COLOUR[[4, 0]].transpose(0, 3, 1, 2))


def test_pickle(tmp_path):
    folder = pickle.loads(pickle.dumps(ImageFolder(save_all(tmp_path / "a", COLOUR), image_size=(3, 4), mode="L")))
    assert repr(folder) == f"ImageFolder({str(tmp_path / 'a')!r}, shape=(5, 3, 4), mode='L')"
    assert folder[1:3].shape == (2, 3, 4)
    assert folder.labels is None


def test_files_are_sorted_by_folder_and_hidden_ones_left_out(tmp_path):
    names = ["b/0.png", "a/z.png", "a b/1.PNG", "a/deep/er.png", "a/B.png"]
    for name in [*names, ".hidden.png", ".thumbs/0.png", "a/.deep/er/0.png", "__MACOSX/._0.png"]:
        save(tmp_path / name, GREY[0])
    (tmp_path / "a" / "notes.txt").write_text("no image")
    (tmp_path / "folder.png").mkdir()
    folder = ImageFolder(tmp_path)
    found = ["a/B.png", "a/deep/er.png", "a/z.png", "a b/1.PNG", "b/0.png"]
    assert [file.relative_to(tmp_path).as_posix() for file in folder.files] == found
    assert all(isinstance(file, Path) for file in folder.files)
    assert folder.labels.tolist() == ["a", "a", "a", "a b", "b"]
    assert folder.labels.shape == (5,) and folder.labels.dtype.kind == "U"


def test_no_labels_where_a_file_lies_in_no_sub_folder(tmp_path):
    save(tmp_path / "a" / "0.png", GREY[0])
    save(tmp_path / "0.png", GREY[0])
    assert ImageFolder(tmp_path).labels is None


def test_a_hidden_folder_can_be_named(tmp_path):
    assert len(ImageFolder(save_all(tmp_path / ".data", GREY))) == 5


def test_suffixes_choose_the_files(tmp_path):
    save(tmp_path / "0.png", GREY[0])
    save(tmp_path / "1.ppm", COLOUR[1])
    assert len(ImageFolder(tmp_path)) == 1
    np.testing.assert_array_equal(ImageFolder(tmp_path, suffixes=[".PPM"])[:], COLOUR[1:2])


def test_auto_is_colour_where_one_file_is(tmp_path):
    save_all(tmp_path, GREY)
    save(tmp_path / "9.png", COLOUR[0])
    folder = ImageFolder(tmp_path)
    assert folder.mode == "RGB"
    np.testing.assert_array_equal(folder[:5], np.repeat(GREY[..., None], 3, axis=-1))
    np.testing.assert_array_equal(folder[5], COLOUR[0])


def test_colour_as_grey_is_its_luma(tmp_path):
    # ITU-R BT.601, as Pillow rounds it.
    red, green, blue, grey = (255, 0, 0), (0, 255, 0), (0, 0, 255), (77, 77, 77)
    save(tmp_path / "0.png", np.array([[red, green, blue, grey]], dtype=np.uint8))
    assert ImageFolder(tmp_path, mode="L")[0].tolist() == [[76, 150, 29, 77]]


@pytest.mark.parametrize(("mode", "expected"), [("1", "L"), ("LA", "L"), ("P", "RGB"), ("RGBA", "RGB")])
def test_modes_of_files(tmp_path, mode, expected):
    ends = np.array([[0, 255], [255, 0]], dtype=np.uint8)
    save(tmp_path / "0.png", ends, mode)
    folder = ImageFolder(tmp_path)
    assert folder.mode == expected
    np.testing.assert_array_equal(folder[0] if expected == "L" else folder[0][..., 1], ends)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_16_bits_are_kept(tmp_path, suffix):
    pixels = np.array([[0, 255, 256, 0x80FF, 0xFFFF]], dtype=np.uint16)
    save(tmp_path / f"0{suffix}", pixels)
    folder = ImageFolder(tmp_path)
    assert (folder.mode, folder.dtype, folder[:].dtype) == ("L", np.uint16, np.uint16)
    np.testing.assert_array_equal(folder[0], pixels)
    np.testing.assert_array_equal(np.asarray(folder), pixels[None])
    assert read_images(folder).form.dtype == np.uint16


def test_8_bits_beside_16_are_scaled_and_as_colors_the_upper_8_are_kept(tmp_path):
    save(tmp_path / "0.png", np.array([[0, 255, 256, 0x80FF, 0xFFFF]], dtype=np.uint16))
    save(tmp_path / "1.png", np.array([[0, 1, 2, 128, 255]], dtype=np.uint8))
    np.testing.assert_array_equal(ImageFolder(tmp_path)[1], [[0, 257, 514, 0x8080, 0xFFFF]])
    colors = ImageFolder(tmp_path, mode="RGB")
    assert colors.dtype == np.uint8
    assert colors[:][..., 1].tolist() == [[[0, 0, 1, 128, 255]], [[0, 1, 2, 128, 255]]]


def test_16_bits_are_resized_and_stay_in_range(tmp_path):
    pixels = np.zeros((16, 16), dtype=np.uint16)
    pixels[:, 8:] = 0xFFFF
    save(tmp_path / "0.png", pixels)
    small = ImageFolder(tmp_path, image_size=8)[0].astype(int)
    assert small.shape == (8, 8) and (small[:, :2] < 5000).all() and (small[:, -2:] > 60_000).all()
    save(tmp_path / "0.png", np.full((16, 16), 12_345, dtype=np.uint16))
    assert (ImageFolder(tmp_path, image_size=4)[0] == 12_345).all()


def test_what_is_transparent_is_laid_on_white(tmp_path):
    save(tmp_path / "0.png", np.array([[[10, 20, 30, 255], [10, 20, 30, 0]]], dtype=np.uint8))
    palette = Image.new("P", (2, 1))
    palette.putpalette([10, 20, 30, 40, 50, 60])
    palette.putpixel((1, 0), 1)
    save(tmp_path / "1.png", palette, transparency=1)
    expected = [[[10, 20, 30], [255, 255, 255]]]
    assert ImageFolder(tmp_path)[:].tolist() == [expected, expected]


def test_the_first_frame_is_read(tmp_path):
    first, second = Image.new("L", (4, 4), 20), Image.new("L", (4, 4), 200)
    save(tmp_path / "0.gif", first, save_all=True, append_images=[second])
    assert (ImageFolder(tmp_path, mode="L")[0] == 20).all()


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_orientation(tmp_path, orientation, suffix):
    save(tmp_path / "0.png", GREY[0])
    save(tmp_path / f"1{suffix}", np.ascontiguousarray(STORED[orientation](GREY[1])), exif=exif(orientation))
    folder = ImageFolder(tmp_path)
    assert folder.image_size == (6, 8)
    np.testing.assert_array_equal(folder[:], GREY[:2])


def test_orientation_is_heeded_before_cropping(tmp_path):
    shown = np.zeros((4, 12), dtype=np.uint8)
    shown[:, 4:8] = GREY[0, :4, :4]
    save(tmp_path / "0.png", np.ascontiguousarray(STORED[6](shown)), exif=exif(6))
    np.testing.assert_array_equal(ImageFolder(tmp_path, image_size=(4, 4))[0], shown[:, 4:8])


def test_orientation_after_the_pixels_is_refused_when_read(tmp_path):
    plain = save(tmp_path / "0.png", GREY[0], exif=exif(6)).read_bytes()
    start = plain.index(b"eXIf") - 4
    stop = start + 12 + int.from_bytes(plain[start : start + 4], "big")
    end = plain.index(b"IEND") - 4
    assert stop < end
    (tmp_path / "0.png").write_bytes(plain[:start] + plain[stop:end] + plain[start:stop] + plain[end:])
    with pytest.raises(ValueError, match=r"0\.png is 8 by 6 pixels, but its header said 6 by 8; .*image_size=\(6, 8\)"):
        ImageFolder(tmp_path)[0]
    assert ImageFolder(tmp_path, image_size=(8, 6))[0].shape == (8, 6)


@pytest.mark.parametrize(("shape", "part"), [
    ((6, 6), np.s_[:, :]),
    ((6, 12), np.s_[:, 3:9]),
    ((10, 6), np.s_[2:8, :]),
])
def test_the_middle_is_kept(tmp_path, shape, part):
    pixels = np.random.default_rng(1).integers(256, size=shape, dtype=np.uint8)
    save(tmp_path / "0.png", pixels)
    np.testing.assert_array_equal(ImageFolder(tmp_path, image_size=(6, 6))[0], pixels[part])


def test_files_of_many_sizes_are_scaled_to_cover(tmp_path):
    # Left half black, right half white, whatever the size: so it stays.
    for number, (height, width) in enumerate([(8, 8), (32, 64), (2, 2), (64, 32)]):
        pixels = np.zeros((height, width), dtype=np.uint8)
        pixels[:, width // 2 :] = 255
        save(tmp_path / f"{number}.png", pixels)
    folder = ImageFolder(tmp_path, image_size=[np.int64(8), 8])
    assert (folder.shape, folder.image_size) == ((4, 8, 8), (8, 8))
    images = folder[:]
    assert (images[..., :2] <= 20).all() and (images[..., -2:] >= 235).all()


def test_one_number_is_height_and_width(tmp_path):
    folder = ImageFolder(save_all(tmp_path, GREY), image_size=np.int64(4))
    assert (folder.image_size, folder.shape) == ((4, 4), (5, 4, 4))
    np.testing.assert_array_equal(folder[:], ImageFolder(tmp_path, image_size=(4, 4))[:])


def test_scaling_down_does_not_alias(tmp_path):
    stripes = np.zeros((64, 64), dtype=np.uint8)
    stripes[:, ::2] = 255
    save(tmp_path / "0.png", stripes)
    small = ImageFolder(tmp_path, image_size=(8, 8))[0].astype(int)
    assert np.abs(small - 127.5).max() < 20


def test_palettes_are_scaled_as_colours(tmp_path):
    stripes = np.zeros((16, 16, 3), dtype=np.uint8)
    stripes[:, ::2] = 255
    save(tmp_path / "0.png", stripes, "P")
    assert np.abs(ImageFolder(tmp_path, image_size=(2, 2))[0].astype(int) - 127.5).max() < 20


def test_no_such_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError) as caught:
        ImageFolder("faces")
    assert str(caught.value) == (
        f"path='faces' does not exist; pass a folder of image files. Relative paths start at {str(Path.cwd())!r}."
    )
    with pytest.raises(NotADirectoryError, match="path=.*0.png' is a file; pass the folder"):
        ImageFolder(save(tmp_path / "0.png", GREY[0]))
    with pytest.raises(TypeError, match="path=None is not allowed; path must be"):
        ImageFolder(None)


def test_no_image_in_the_folder(tmp_path):
    (tmp_path / "notes.txt").write_text("no image")
    with pytest.raises(ValueError) as caught:
        ImageFolder(str(tmp_path), suffixes=(".png", ".jpg"))
    assert str(caught.value) == (
        f"path={str(tmp_path)!r} holds no image: no file in it or its sub-folders ends with .png, .jpg; pass the "
        "folder of the images, or other suffixes."
    )


def test_the_first_file_of_another_size_is_named(tmp_path):
    for name, shape in [("a/0", (6, 8)), ("a/1", (6, 8)), ("b/0", (8, 5)), ("b/1", (9, 9))]:
        save(tmp_path / f"{name}.png", np.zeros(shape, dtype=np.uint8))
    with pytest.raises(ValueError) as caught:
        ImageFolder(tmp_path)
    assert str(caught.value) == (
        f"All images must have one size, but {tmp_path / 'a' / '0.png'} is 6 by 8 pixels (height by width) and "
        f"{tmp_path / 'b' / '0.png'} is 8 by 5; bring them to one size with image_size=(H, W), such as "
        "image_size=(6, 5)."
    )


@pytest.mark.parametrize("content", [b"", b"no image at all", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_no_image_is_named(tmp_path, content):
    broken = save_all(tmp_path, GREY) / "3.png"
    broken.write_bytes(content)
    with pytest.raises(ValueError, match=f"{re.escape(str(broken))} cannot be read as an image .*; repair it"):
        ImageFolder(tmp_path)


def test_a_file_that_was_removed_is_named_when_read(tmp_path):
    folder = ImageFolder(save_all(tmp_path, COLOUR))
    (tmp_path / "3.png").unlink()
    with pytest.raises(FileNotFoundError, match=f"{re.escape(str(tmp_path / '3.png'))} is gone: .*put it back"):
        folder[2:]


def test_a_file_whose_pixels_are_broken_is_named_when_read(tmp_path):
    folder = ImageFolder(save_all(tmp_path, COLOUR))
    (tmp_path / "3.png").write_bytes((tmp_path / "3.png").read_bytes()[:-40])
    assert folder[:3].shape == (3, 6, 8, 3)
    with pytest.raises(ValueError, match=f"{re.escape(str(tmp_path / '3.png'))} cannot be read as an image"):
        folder[2:]


@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_pixels_without_a_white_are_refused(tmp_path, dtype):
    save(tmp_path / "0.tif", np.zeros((4, 4), dtype=dtype))
    with pytest.raises(ValueError, match=r"0\.tif has pixels of mode '[IF]', .*; save it with 8 or 16 bits"):
        ImageFolder(tmp_path)


@pytest.mark.parametrize(
    "image_size", [0, -1, 64.0, True, (64,), (64, 64, 3), (0, 64), (64, 1.5), (True, 64), "64", {64, 65}]
)
def test_bad_image_size(tmp_path, image_size):
    match = re.escape(f"image_size={image_size!r} is not allowed; image_size must be None or (height, width)")
    with pytest.raises(ValueError, match=match):
        ImageFolder(save_all(tmp_path, GREY), image_size=image_size)


@pytest.mark.parametrize(("mode", "hint"), [("Auto", " Did you mean 'auto'?"), (3, "")])
def test_bad_mode(tmp_path, mode, hint):
    with pytest.raises(ValueError) as caught:
        ImageFolder(save_all(tmp_path, GREY), mode=mode)
    assert str(caught.value) == f"mode={mode!r} is not a known word; choose one of 'auto', 'L', 'RGB'.{hint}"


@pytest.mark.parametrize("suffixes", [".png", (), (".png", ""), (1,), None])
def test_bad_suffixes(tmp_path, suffixes):
    with pytest.raises(ValueError, match=re.escape(f"suffixes={suffixes!r} is not allowed; suffixes must be")):
        ImageFolder(save_all(tmp_path, GREY), suffixes=suffixes)


def test_without_pillow_the_error_gives_the_cure(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    monkeypatch.delitem(sys.modules, "PIL.Image")
    with pytest.raises(ImportError, match="pip install pillow"):
        ImageFolder(tmp_path)
