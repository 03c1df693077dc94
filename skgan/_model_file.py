"""Write a JSON tree and a list of arrays to one file, and read it: magic bytes, checksum, JSON and safetensors.

======================  =====================================================
8 bytes                 magic bytes, ``b"skgan\\r\\n\\x1a"``
4 bytes                 the format version
8 and 8 bytes           the lengths of the two parts below
32 bytes                SHA-256 of all the other bytes of the file
the first length        the tree, JSON in UTF-8
the second length       the arrays, safetensors, named "0", "1", ... in order
======================  =====================================================

Numbers are little-endian and unsigned.

The checksum detects damage. It is not a signature: anyone who crafts a file can write the right one. So nothing in a
file is trusted because of it, and `skgan.load` checks everything that it reads.
"""

from __future__ import annotations

import contextlib
import errno
import glob
import hashlib
import json
import os
import re
import secrets
import shutil
import struct
from typing import NamedTuple

import safetensors.numpy

from skgan.exceptions import BrokenFileError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

# As in PNG, a transfer that rewrites line ends or stops at Ctrl-Z damages the magic bytes themselves.
WORD = b"skgan\r\n\x1a"
FORMAT = 1
_HEADER = struct.Struct("<8sIQQ")
_DIGEST_SIZE = 32
# A file of n bytes may have this many values in its JSON, and one more for each 8 bytes. In memory, a value takes up to
# 200 bytes, but only 2 bytes of JSON. What skgan.save writes has about one value per 13 bytes of JSON.
_FREE_VALUES, _BYTES_PER_VALUE = 2**20, 8
_STRING_OR_MARK = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{,]', re.DOTALL)

_FOREIGN = {
    b"\x80": "a pickle",
    b"PK": "a zip archive, perhaps of torch.save",
    b"\x1f\x8b": "a gzip archive",
    b"\x89HDF": "an HDF5 file",
    b"PAR1": "a Parquet file",
    b"{": "a JSON file",
}


class Kind(NamedTuple):
    """What writes a kind of file, and what helps if a file is damaged."""

    writer: str
    cure: str


MODEL = Kind("skgan.save", "copy the file again from its source, or save the sampler again")


def pack(tree, arrays):
    """Lay out a tree and arrays as the bytes of one file.

    Parameters
    ----------
    tree : object
        Dicts with str keys, lists, str, int, finite float, bool and None.
    arrays : list of ndarray
        Boolean, integer or float, C-contiguous.

    Returns
    -------
    list of bytes
        The file's chunks, in order.

    Raises
    ------
    ValueError
        If the tree has so many values that `read` would refuse the file.
    """
    text = json.dumps(tree, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    blob = safetensors.numpy.save({str(i): array for i, array in enumerate(arrays)})
    limit = _limit(text, blob)
    if _n_values(text, limit) > limit:
        raise ValueError(f"The state holds more than {limit} values outside of arrays, more than a file may hold.")
    header = _HEADER.pack(WORD, FORMAT, len(text), len(blob))
    return [header, _digest(header, text, blob), text, blob]


def write(path, tree, arrays, *, previous=None):
    """Write a tree and arrays to the file `path`, completely or not at all.

    Unfinished files of killed calls for the same path are removed; those of running calls are locked and stay.

    Parameters
    ----------
    path : str or path-like
        The file, with no suffix added. An existing file is replaced in the last step.
    tree, arrays
        See `pack`.
    previous : str or None, default=None
        Where a file that was at `path` is moved, once the new one is complete. For a moment there may be no file at
        `path`, but then there is one at `previous`.

    Raises
    ------
    OSError
        If the file cannot be written; an existing file at `path` is unchanged.
    """
    chunks = pack(tree, arrays)
    path = os.fsdecode(path)
    target = os.path.realpath(path)
    try:
        if os.path.exists(target) and not os.path.isfile(target):
            raise FileExistsError(errno.EEXIST, "a folder or a device is there")
        _remove_abandoned(target)
        with _replacing(target, previous) as file:
            if os.path.exists(target):
                shutil.copymode(target, file.name)
            file.writelines(chunks)
    except OSError as error:
        why = f"cannot save here ({error.strerror}); choose a file in a folder with write permission"
        raise OSError(error.errno, why, path) from error


@contextlib.contextmanager
def _replacing(target, previous=None):
    """A new file beside `target` that replaces it once it is complete; the old one is moved to `previous`, if given."""
    file = _new_locked(target)
    try:
        yield file
        file.flush()
        os.fsync(file.fileno())
        if fcntl is None:
            # Windows cannot rename open files.
            file.close()
        if previous is not None and os.path.exists(target):
            os.replace(target, previous)
        os.replace(file.name, target)
    finally:
        file.close()
        with contextlib.suppress(OSError):
            os.remove(file.name)


def _new_locked(target):
    """A new file beside `target`, open for writing, and locked until it is closed or the process ends."""
    while True:
        # Not made by tempfile, whose files only their owner may read.
        file = open(_unfinished(target) + secrets.token_hex(8), "xb")
        if _locked(file, without_locks=True) and os.path.exists(file.name):
            return file
        # Another save took it for abandoned and removed it before it was locked.
        file.close()


def _remove_abandoned(target):
    """Remove unfinished files of killed saves to `target`: those that no running save has locked."""
    for name in glob.glob(glob.escape(_unfinished(target)) + "*"):
        with contextlib.suppress(OSError), open(name, "rb") as file:
            if _locked(file, without_locks=False):
                os.remove(name)


def _unfinished(target):
    """The beginning of the paths of unfinished files of saves to `target`."""
    folder, name = os.path.split(target)
    # A digest, since names may already be as long as a file system allows.
    return os.path.join(folder, f".skgan-{hashlib.sha256(os.fsencode(name)).hexdigest()[:16]}-")


def _locked(file, *, without_locks):
    """Try to lock an open file. True if that succeeds; `without_locks` if files cannot be locked here."""
    if fcntl is None:
        return without_locks
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return without_locks
    return True


def read(path, kind=MODEL):
    """Read a file that `write` wrote.

    The lengths that the file declares are compared with its true size before memory is allocated for them.

    Parameters
    ----------
    path : str or path-like
        The file.
    kind : Kind
        What the file should be, for messages.

    Returns
    -------
    tree : object
    arrays : list of ndarray
        New, writeable arrays.

    Raises
    ------
    BrokenFileError
        If the file was not written by `write`, has a later format, or is damaged anywhere.
    OSError
        If there is no such file, or it cannot be read.
    """
    path = os.fsdecode(path)
    if os.path.exists(path) and not os.path.isfile(path):
        raise BrokenFileError(f"it is a folder or a device; pass a file that {kind.writer} wrote")
    with open(path, "rb") as file:
        header, digest = file.read(_HEADER.size), file.read(_DIGEST_SIZE)
        text_size, blob_size = _sizes(header, kind)
        missing = _HEADER.size + _DIGEST_SIZE + text_size + blob_size - os.fstat(file.fileno()).st_size
        if missing:
            found = f"{abs(missing)} bytes {'are missing' if missing > 0 else 'too many'}"
            raise BrokenFileError(f"its size is wrong, {found}; {kind.cure}")
        text, blob = file.read(text_size), file.read(blob_size)
    if digest != _digest(header, text, blob):
        raise BrokenFileError(f"it is damaged: its checksum does not fit its content; {kind.cure}")
    limit = _limit(text, blob)
    if _n_values(text, limit) > limit:
        raise BrokenFileError(
            f"its JSON holds more than {limit} values, which take far more memory than the file; do not trust the file"
        )
    return _tree(text, kind), _arrays(blob, kind)


def _limit(text, blob):
    """How many values the JSON of a file may hold."""
    return _FREE_VALUES + (len(text) + len(blob)) // _BYTES_PER_VALUE


def _n_values(text, limit):
    """An upper limit to the number of values in JSON: commas and opening brackets outside of strings.

    Counting ends above `limit`.
    """
    if len(text) <= limit:
        return 0
    n_values = 0
    for found in _STRING_OR_MARK.finditer(text):
        n_values += found[0][:1] != b'"'
        if n_values > limit:
            break
    return n_values


def _digest(*chunks):
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.digest()


def _sizes(header, kind):
    if not header.startswith(WORD):
        kinds = [name for start, name in _FOREIGN.items() if header.startswith(start)] or ["of another kind"]
        raise BrokenFileError(f"it is {kinds[0] if header else 'empty'}; pass a file that {kind.writer} wrote")
    if len(header) < _HEADER.size:
        raise BrokenFileError(f"it ends after {len(header)} bytes; {kind.cure}")
    _, version, text_size, blob_size = _HEADER.unpack(header)
    if version != FORMAT:
        raise BrokenFileError(
            f"its format is {version} and this skgan reads format {FORMAT}; update skgan, "
            f"or, should the file be damaged, {kind.cure}"
        )
    return text_size, blob_size


def _tree(text, kind):
    try:
        return json.loads(text.decode(), object_pairs_hook=_unrepeated, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BrokenFileError(f"its JSON is not of {kind.writer} ({error}); do not trust the file") from error


def _unrepeated(pairs):
    built = dict(pairs)
    if len(built) != len(pairs):
        raise ValueError("a key occurs twice")
    return built


def _no_constant(word):
    raise ValueError(f"{word} is no JSON")


def _arrays(blob, kind):
    try:
        arrays = safetensors.numpy.load(blob)
        return [arrays.pop(str(i)) for i in range(len(arrays))]
    except (safetensors.SafetensorError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise BrokenFileError(f"its arrays are not of {kind.writer} ({error}); do not trust the file") from error
