"""A folder of image files as a stack of images that is read on demand."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from skgan._forms import IMAGE_SUFFIXES
from skgan._registry import resolve
from skgan._validation import is_whole

# The axes of an image's shape after height and width; "auto" becomes "L" or "RGB" by the headers.
MODES = {"auto": None, "L": (), "RGB": (3,)}
SIXTEEN_BITS = ("I", "I;16", "I;16L", "I;16B", "I;16N")
GREY = ("1", "L", "LA", "La", *SIXTEEN_BITS)
# Scales 8 bits to 16 bits: 255 becomes 65,535.
BYTE_TO_16_BITS = 257
ORIENTATION = 0x0112  # the EXIF tag
ON_THE_SIDE = (5, 6, 7, 8)  # its values that make width of height


class ImageFolder:
    """A folder of image files as a read-only stack of images, read on demand.

    Only the headers are read at construction. Pixels are read whenever they are needed, and are not kept, so that a
    sampler can be fitted to more images than fit in memory.

    Parameters
    ----------
    path : str or path-like
        The folder. Sub-folders are searched, too; links to folders are not followed, and hidden files and folders,
        whose names begin with a dot, are left out.
    image_size : tuple of int, int or None, default=None
        (height, width), or one number for both. Each image is scaled with antialiasing until it covers this size, and
        then cropped around its centre. None means that all files must have one size.
    mode : {"auto", "L", "RGB"}, default="auto"
        "L" is greyscale and "RGB" is colour. "auto" is "L" if all files are greyscale by their headers, else "RGB".
    suffixes : tuple or list of str
        Endings of the image files, in small letters or capitals; by default .png, .jpg, .jpeg, .bmp, .gif, .tif, .tiff
        and .webp.

    Attributes
    ----------
    files : list of pathlib.Path
        The files, in the order of their paths below the folder.
    labels : ndarray of shape (n,) or None
        The name of the sub-folder of `path` that contains each file, as text; None if a file is in `path` itself.
    mode : {"L", "RGB"}
        The mode of the images.
    image_size : tuple of int
        (height, width) of the images.
    shape : tuple of int
        (n, height, width) for "L", (n, height, width, 3) for "RGB".
    dtype : numpy.dtype
        uint16 where the mode is "L" and a file has 16 bits per pixel, else uint8.
    ndim : int
        3 or 4.

    Raises
    ------
    FileNotFoundError, NotADirectoryError
        If `path` is no folder.
    ValueError, TypeError
        If a parameter is not allowed, the folder holds no image, a file cannot be read, or the files differ in size and
        `image_size` is None. A file with a valid header and broken pixels raises only when it is read.
    ImportError
        If Pillow is not installed.

    Notes
    -----
    Images are rotated by their EXIF orientation. Transparent pixels are blended with white. Greyscale images keep their
    16 bits, and those of 8 bits among them are scaled by 257; as "RGB", only the upper 8 bits are kept, since Pillow
    reads colors with 8 bits. Of several frames or pages, the first is read.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from PIL import Image
    >>> from skgan.datasets import ImageFolder
    >>> with TemporaryDirectory() as path:
    ...     for number in range(3):
    ...         Image.new("L", (8, 8), 60 * number).save(Path(path) / f"{number}.png")
    ...     folder = ImageFolder(path)
    ...     folder.shape, folder[1:].mean(axis=(1, 2))
    ((3, 8, 8), array([ 60., 120.]))
    """

    def __init__(self, path, *, image_size=None, mode="auto", suffixes=IMAGE_SUFFIXES):
        resolve("mode", mode, MODES)
        _check_image_size(image_size)
        _require_pillow()
        self.path = _folder_at(path)
        self.files = _files_in(self.path, suffixes)
        self.labels = _labels_of(self.files, self.path)
        sizes, modes = zip(*map(_read_header, self.files))
        if mode == "auto":
            mode = "L" if all(found in GREY for found in modes) else "RGB"
        self.mode = mode
        has_16_bits = mode == "L" and any(found in SIXTEEN_BITS for found in modes)
        self.dtype = np.dtype(np.uint16 if has_16_bits else np.uint8)
        self._resizes = image_size is not None
        self.image_size = _height_and_width(image_size) if self._resizes else _one_size(self.files, sizes)
        self.shape = (len(self.files), *self.image_size, *MODES[mode])

    @property
    def ndim(self):
        return len(self.shape)

    def __len__(self):
        return len(self.files)

    def __repr__(self):
        return f"ImageFolder({str(self.path)!r}, shape={self.shape}, mode={self.mode!r})"

    def __getitem__(self, index):
        """Read images.

        Parameters
        ----------
        index : int, slice, or array-like of int or bool
            Which images, as in NumPy's indexing.

        Returns
        -------
        ndarray of shape (height, width) or (height, width, 3) for an int, else (n, height, width) or \
                (n, height, width, 3)
            Of the folder's dtype.

        Raises
        ------
        IndexError
            If there is no such image.
        FileNotFoundError
            If a file was removed after the folder was opened; the message names it.
        ValueError
            If a file cannot be read; the message names it.
        """
        if isinstance(index, tuple):
            raise IndexError(
                f"An ImageFolder is indexed by images only, but got {index!r}; read the images first and then take "
                "pixels of them, as in folder[:10][:, 0]."
            )
        positions = np.arange(len(self))[index]
        images = np.empty((positions.size, *self.shape[1:]), dtype=self.dtype)
        for image, position in zip(images, positions.flat):
            image[...] = self._read(self.files[position])
        return images.reshape(*positions.shape, *self.shape[1:])

    def __array__(self, dtype=None, copy=None):
        if copy is False:
            raise ValueError("An ImageFolder is read from files, which makes a copy; leave copy out.")
        return self[:].astype(dtype or self.dtype, copy=False)

    def _read(self, file):
        from PIL import Image, ImageOps

        height, width = self.image_size
        with _opened(file) as image:
            image = _converted(ImageOps.exif_transpose(image), self.mode, self.dtype)
            if self._resizes:
                image = ImageOps.fit(image, (width, height), method=Image.Resampling.LANCZOS)
        if image.size != (width, height):
            # The file was changed, or it is a PNG with its orientation stored after the pixels.
            raise ValueError(
                f"{file} is {image.height} by {image.width} pixels, but its header said {height} by {width}; resize "
                f"the file, or pass image_size=({height}, {width})."
            )
        pixels = np.asarray(image)
        # Sixteen bits are resized as floats, which may overshoot.
        return pixels if pixels.dtype == self.dtype else np.rint(pixels).clip(0, 65535).astype(self.dtype)


def _height_and_width(image_size):
    return (int(image_size),) * 2 if is_whole(image_size) else tuple(map(int, image_size))


def _check_image_size(image_size):
    if image_size is None or (is_whole(image_size) and image_size > 0):
        return
    is_pair = isinstance(image_size, tuple | list) and len(image_size) == 2
    if not is_pair or not all(is_whole(side) and side > 0 for side in image_size):
        raise ValueError(
            f"image_size={image_size!r} is not allowed; image_size must be None or (height, width), two whole numbers "
            "of at least 1, such as (64, 64), or one such number for both."
        )


def _require_pillow():
    try:
        import PIL.Image  # noqa: F401
    except ImportError:
        raise ImportError("ImageFolder needs Pillow; run: python -m pip install pillow") from None


def _folder_at(path):
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"path={path!r} is not allowed; path must be the path of a folder, as str or pathlib.Path.")
    folder = Path(path)
    if not folder.exists():
        raise FileNotFoundError(
            f"path={str(path)!r} does not exist; pass a folder of image files. Relative paths start at {os.getcwd()!r}."
        )
    if not folder.is_dir():
        raise NotADirectoryError(f"path={str(path)!r} is a file; pass the folder that contains it.")
    return folder


def _files_in(folder, suffixes):
    """The image files in a folder and below, sorted by their paths from there."""
    is_list = isinstance(suffixes, tuple | list) and len(suffixes) > 0
    if not is_list or not all(isinstance(suffix, str) and suffix for suffix in suffixes):
        raise ValueError(
            f"suffixes={suffixes!r} is not allowed; suffixes must be a non-empty tuple of file endings, such as "
            '(".png", ".jpg").'
        )
    endings = tuple(suffix.lower() for suffix in suffixes)
    # Sorted by parts, because Path objects are ordered differently on Windows.
    found = sorted(path.relative_to(folder).parts for path in folder.rglob("*") if path.name.lower().endswith(endings))
    shown = (parts for parts in found if not any(part.startswith(".") for part in parts))
    files = [file for file in (folder.joinpath(*parts) for parts in shown) if file.is_file()]
    if not files:
        raise ValueError(
            f"path={str(folder)!r} holds no image: no file in it or its sub-folders ends with "
            f"{', '.join(suffixes)}; pass the folder of the images, or other suffixes."
        )
    return files


def _labels_of(files, folder):
    below = [file.relative_to(folder).parts for file in files]
    return np.array([parts[0] for parts in below]) if all(len(parts) > 1 for parts in below) else None


@contextmanager
def _opened(file):
    """Open the image in a file without reading its pixels; every error names the file."""
    from PIL import Image

    try:
        # Given a path, Pillow would memory-map an uncompressed TIFF, and garble it when it is rotated.
        with open(file, "rb") as content, Image.open(content) as image:
            yield image
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"{file} is gone: it was removed or renamed since the folder was opened; put it back, or open the folder "
            "again."
        ) from error
    except Exception as error:  # Pillow's decoders have no error of their own
        raise ValueError(
            f"{file} cannot be read as an image ({type(error).__name__}: {error}); repair it, or take it out of the "
            "folder."
        ) from error


def _read_header(file):
    """(height, width) of a file's image after its EXIF rotation, and its mode."""
    from PIL import Image, ImageOps

    with _opened(file) as image:
        # A PNG's own getexif would read all pixels.
        turned = Image.Image.getexif(image).get(ORIENTATION) in ON_THE_SIDE
        # Rotated to get the size, because older versions of Pillow do not give that of a rotated TIFF.
        width, height = ImageOps.exif_transpose(image).size if turned else image.size
        mode, is_png = image.mode, image.format == "PNG"
    # Before version 11, Pillow called 16 bits in a PNG "I".
    if mode == "F" or mode == "I" and not is_png:
        raise ValueError(f"{file} has pixels of mode {mode!r}, whose range is not known; save it with 8 or 16 bits.")
    return (height, width), mode


def _one_size(files, sizes):
    """The size that all images have."""
    size = sizes[0]
    for file, other in zip(files, sizes):
        if other != size:
            raise ValueError(
                f"All images must have one size, but {files[0]} is {size[0]} by {size[1]} pixels (height by width) and "
                f"{file} is {other[0]} by {other[1]}; bring them to one size with image_size=(H, W), such as "
                f"image_size=({min(size[0], other[0])}, {min(size[1], other[1])})."
            )
    return size


def _converted(image, mode, dtype):
    """An image as "L" or "RGB", or, for 16 bits, as "F"; transparent pixels are blended with white."""
    from PIL import Image

    if image.mode in SIXTEEN_BITS and dtype == np.uint16:
        return Image.fromarray(np.asarray(image).astype(np.float32))
    if image.mode in SIXTEEN_BITS:  # Pillow would clip 16 bits
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image = image.convert(mode)
    return image if dtype == np.uint8 else Image.fromarray(np.asarray(image, dtype=np.float32) * BYTE_TO_16_BITS)
