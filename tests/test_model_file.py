"""The file: damage, foreign kinds and hostile content are one error, found before memory is taken."""

import errno
import io
import json
import os
import pickle
import resource
import signal
import stat
import struct
import zipfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import safetensors.numpy

from skgan import _model_file
from skgan._model_file import FORMAT, WORD, pack, read, write
from skgan.exceptions import BrokenFileError

TREE = {"name": "né", "list": [1, 0.1, None, True, {}], "array": {"!array": 0}}
ARRAYS = [np.arange(6.0).reshape(2, 3), np.array(True), np.zeros((0, 2), np.uint8), np.arange(3, dtype="f2")]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model"


def content(tree=TREE, arrays=ARRAYS):
    return b"".join(pack(tree, arrays))


def sealed(text=b"{}", blob=None, word=WORD, version=FORMAT):
    """A file with lengths and a checksum that are right, whatever it holds."""
    blob = safetensors.numpy.save({}) if blob is None else blob
    header = _model_file._HEADER.pack(word, version, len(text), len(blob))
    return header + _model_file._digest(header, text, blob) + text + blob


def tensors(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def assert_refused(path, data, words=None):
    path.write_bytes(data)
    with pytest.raises(BrokenFileError, match=words):
        read(path)


def test_round_trip(path):
    write(path, TREE, ARRAYS)
    tree, arrays = read(path)
    assert tree == TREE
    for got, want in zip(arrays, ARRAYS, strict=True):
        assert (got.dtype, got.shape, got.tobytes()) == (want.dtype, want.shape, want.tobytes())
        assert got.flags.writeable


def test_many_arrays_keep_their_order(path):
    write(path, None, [np.full(i % 3, i, dtype="f8" if i % 2 else "u1") for i in range(120)])
    _, arrays = read(path)
    assert all((array == i).all() and len(array) == i % 3 for i, array in enumerate(arrays))


def test_the_same_content_is_the_same_file():
    assert content() == content()


def test_the_layout_is_the_documented_one():
    data = content()
    assert data[:8] == b"skgan\r\n\x1a"
    version, text_size, blob_size = struct.unpack("<IQQ", data[8:28])
    assert version == 1
    assert json.loads(data[60 : 60 + text_size]) == TREE
    assert len(data) == 60 + text_size + blob_size
    np.testing.assert_array_equal(safetensors.numpy.load(data[60 + text_size :])["0"], ARRAYS[0])


def test_every_flipped_byte_is_noticed(path):
    data = content()
    for place in range(len(data)):
        for flip in (0x01, 0x80, 0xFF):
            assert_refused(path, data[:place] + bytes([data[place] ^ flip]) + data[place + 1 :])


def test_every_truncation_is_noticed(path):
    data = content()
    for size in range(len(data)):
        assert_refused(path, data[:size])


@pytest.mark.parametrize("garbage", [b"\0", b"\n", b"x" * 1000])
def test_trailing_garbage_is_noticed(path, garbage):
    assert_refused(path, content() + garbage, f"{len(garbage)} bytes too many")


def test_line_ends_rewritten_in_transfer_are_noticed(path):
    assert_refused(path, content().replace(b"\r\n", b"\n"))


def zip_file():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", "x")
    return buffer.getvalue()


@pytest.mark.parametrize("data, words", [
    (b"", "it is empty; pass a file that skgan.save wrote"),
    (pickle.dumps({"a": 1}), "it is a pickle"),
    (zip_file(), "it is a zip archive"),
    (b"{}", "it is a JSON file"),
    (b"a,b\n1,2\n", "it is of another kind"),
    (safetensors.numpy.save({"a": np.zeros(3)}), "it is of another kind"),
    (bytes(100), "it is of another kind"),
    (WORD, "it ends after 8 bytes"),
    (sealed(version=FORMAT + 1), "its format is 2 and this skgan reads format 1; update skgan"),
    (sealed(version=0), "its format is 0"),
    (sealed(version=2**32 - 1), "its format is 4294967295"),
], ids=["empty", "pickle", "zip", "json", "csv", "safetensors", "zeros", "word", "next", "zero", "last"])
def test_a_foreign_file_is_named(path, data, words):
    assert_refused(path, data, words)


def test_a_pickle_is_not_run(path):
    class Bomb:
        def __reduce__(self):
            return os.mkdir, (str(path.parent / "boom"),)

    assert_refused(path, pickle.dumps(Bomb()))
    assert not (path.parent / "boom").exists()


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(BrokenFileError, match="it is a folder or a device; pass a file"):
        read(tmp_path)


def test_a_pipe_is_refused_and_not_waited_for(path):
    os.mkfifo(path)
    with pytest.raises(BrokenFileError, match="a folder or a device"):
        read(path)


def test_a_missing_file_is_not_found(path):
    with pytest.raises(FileNotFoundError, match="model"):
        read(path)


F32 = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}
HUGE = {"dtype": "F32", "shape": [2**38], "data_offsets": [0, 2**40]}
NAME_TWICE = json.dumps({"0": F32, "1": {**F32, "data_offsets": [8, 16]}}).replace('"1"', '"0"').encode()
HOSTILE = {
    "text of no UTF-8": sealed(b"\xff"),
    "text of no JSON": sealed(b"{"),
    "text of two trees": sealed(b"{}{}"),
    "no text": sealed(b""),
    "NaN": sealed(b"NaN"),
    "Infinity": sealed(b"[-Infinity]"),
    "key repeated": sealed(b'{"a": 1, "a": 2}'),
    "number of many digits": sealed(b"1" * 100_000),
    "lists nested": sealed(b"[" * 1_000_000),
    "lists nested and closed": sealed(b"[" * 100_000 + b"]" * 100_000),
    "dicts nested": sealed(b'{"a":' * 1_000_000),
    "dicts without end": sealed(b"[" + b"{}," * 2_000_000 + b"{}]"),
    "lists without end": sealed(b"[" + b"[]," * 2_000_000 + b"[]]"),
    "dicts of one key without end": sealed(b"[" + b'{"":0},' * 1_000_000 + b"0]"),
    "blob empty": sealed(blob=b""),
    "blob cut": sealed(blob=b"\x08\0\0"),
    "blob header huge": sealed(blob=struct.pack("<Q", 2**63) + b"{}"),
    "blob header longer than it": sealed(blob=struct.pack("<Q", 1000) + b"{}"),
    "blob header no JSON": sealed(blob=tensors(b"}}")),
    "blob header nested": sealed(blob=tensors(b"[" * 100_000)),
    "blob header a list": sealed(blob=tensors([])),
    "shape huge": sealed(blob=tensors({"0": {**F32, "shape": [2**40]}}, bytes(8))),
    "shape overflows": sealed(blob=tensors({"0": {**F32, "shape": [2**62, 2**62]}}, bytes(8))),
    "shape wraps around to fit": sealed(blob=tensors({"0": {**F32, "shape": [2**62 + 2]}}, bytes(8))),
    "shape negative": sealed(blob=tensors({"0": {**F32, "shape": [-2]}}, bytes(8))),
    "shape of other size": sealed(blob=tensors({"0": {**F32, "shape": [3]}}, bytes(8))),
    "offsets outside": sealed(blob=tensors({"0": {**F32, "data_offsets": [0, 2**40]}}, bytes(8))),
    "offsets and shape outside": sealed(blob=tensors({"0": HUGE}, bytes(8))),
    "offsets backwards": sealed(blob=tensors({"0": {**F32, "data_offsets": [8, 0]}}, bytes(8))),
    "offsets with a hole": sealed(blob=tensors({"0": {**F32, "data_offsets": [8, 16]}}, bytes(16))),
    "offsets that overlap": sealed(blob=tensors({"0": F32, "1": F32}, bytes(8))),
    "data left over": sealed(blob=tensors({"0": F32}, bytes(12))),
    "data missing": sealed(blob=tensors({"0": F32}, bytes(4))),
    "dtype unknown": sealed(blob=tensors({"0": {**F32, "dtype": "PICKLE"}}, bytes(8))),
    **{f"dtype {word}": sealed(blob=tensors({"0": {**F32, "dtype": word, "shape": [n]}}, bytes(8)))
       for word, n in {"BF16": 4, "F8_E4M3": 8, "F8_E5M2": 8, "F8_E8M0": 8, "F4": 16}.items()},
    "name other": sealed(blob=safetensors.numpy.save({"a": np.zeros(2)})),
    "name skipped": sealed(blob=safetensors.numpy.save({"0": np.zeros(2), "2": np.zeros(2)})),
    "name padded": sealed(blob=safetensors.numpy.save({"00": np.zeros(2)})),
    "name twice": sealed(blob=tensors(NAME_TWICE, bytes(16))),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_content_behind_a_right_checksum(path, data):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert_refused(path, data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kB


def test_marks_inside_text_are_no_values(path):
    text = ['a,[{"\\' * 200_000, "," * 3_000_000]
    write(path, text, [])
    assert read(path) == (text, [])


def test_as_many_values_as_the_file_may_hold_are_written_and_no_more(path, monkeypatch):
    monkeypatch.setattr(_model_file, "_FREE_VALUES", 100)
    arrays = [np.zeros(1000, np.uint8)]  # more than 1,000 bytes of the file, and so more than 125 values
    write(path, [0] * 225, arrays)
    assert read(path)[0] == [0] * 225
    with pytest.raises(ValueError, match="more than .* values outside of arrays"):
        write(path, [0] * 2000, arrays)
    monkeypatch.setattr(_model_file, "_FREE_VALUES", 0)
    with pytest.raises(BrokenFileError, match="more memory than the file"):
        read(path)


@pytest.mark.parametrize("sizes", [(2**63, 0), (0, 2**64 - 1), (2**64 - 1, 1), (10, 10)], ids=str)
def test_declared_sizes_are_checked_before_anything_is_read(path, sizes):
    header = _model_file._HEADER.pack(WORD, FORMAT, *sizes)
    assert_refused(path, header + bytes(32), "its size is wrong")


def test_no_suffix_is_added_and_the_file_is_replaced(path):
    write(path, 1, [])
    write(str(path), 2, [])
    write(os.fsencode(path), 3, [])
    assert os.listdir(path.parent) == ["model"]
    assert read(path) == (3, [])


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_nothing_is_half_written(path, monkeypatch, broken):
    write(path, "old", [])

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, broken, fail)
    with pytest.raises(OSError, match=r"cannot save here \(No space left on device\).*model"):
        write(path, "new", [])
    assert os.listdir(path.parent) == ["model"]
    assert read(path) == ("old", [])


def test_an_interrupt_leaves_nothing_behind(path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(path, "new", [])
    assert os.listdir(path.parent) == []


def test_what_cannot_be_packed_touches_no_file(path):
    with pytest.raises(TypeError):
        write(path, object(), [])
    with pytest.raises(ValueError):
        write(path, float("nan"), [])
    assert os.listdir(path.parent) == []


@pytest.mark.parametrize("name, error", [
    ("nowhere/model", FileNotFoundError),
    ("folder", FileExistsError),
    ("pipe", FileExistsError),
    ("file/model", NotADirectoryError),
    ("", FileExistsError),
    ("x" * 300, OSError),
])
def test_where_nothing_can_be_written(tmp_path, monkeypatch, name, error):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(error, match=r"cannot save here \(.*\); choose a file"):
        write(name, 1, [])
    assert sorted(os.listdir(tmp_path)) == ["file", "folder", "pipe"]
    assert os.listdir(tmp_path / "folder") == []


@pytest.mark.parametrize("path", [None, 1, io.BytesIO()], ids=["None", "1", "buffer"])
def test_what_is_no_path(path):
    with pytest.raises(TypeError, match="PathLike"):
        write(path, 1, [])
    with pytest.raises(TypeError, match="PathLike"):
        read(path)


def test_permissions_are_the_usual_ones_or_those_of_the_replaced_file(path):
    before = os.umask(0o027)
    try:
        write(path, 1, [])
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o600)
        write(path, 2, [])
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_a_link_stays_a_link(path):
    link = path.with_name("link")
    link.symlink_to(path)
    write(link, 1, [])
    assert link.is_symlink() and read(path) == (1, [])


def test_the_callers_random_numbers_are_left_alone(path):
    before = np.random.get_state()[1].copy()
    write(path, 1, [])
    np.testing.assert_array_equal(np.random.get_state()[1], before)


def killed_save(path):
    """A save in a process of its own that is killed when all but the last step is done."""
    child = os.fork()
    if not child:
        os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
        write(path, "killed", [np.zeros(1000)])
    os.waitpid(child, 0)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("name", ["model", "[model]*", "x" * 200])
def test_the_next_save_removes_what_killed_ones_left(tmp_path, name):
    path = tmp_path / name
    for _ in range(3):
        killed_save(path)
        assert len(os.listdir(tmp_path)) == 1
    write(path.with_name("other"), 1, [])
    assert len(os.listdir(tmp_path)) == 2
    write(path, 2, [])
    assert sorted(os.listdir(tmp_path)) == sorted([name, "other"])
    assert read(path) == (2, [])


def test_a_save_that_runs_is_left_alone(path):
    with _model_file._replacing(str(path)) as file:
        write(path, 1, [])
        assert os.path.exists(file.name)
        file.write(content())
    assert read(path)[0] == TREE
    assert os.listdir(path.parent) == ["model"]


def test_a_file_that_another_save_removed_before_it_was_locked_is_made_again(path, monkeypatch):
    lock, made = _model_file._locked, []

    def removed_once(file, **options):
        if not made:
            os.remove(file.name)
        made.append(file.name)
        return lock(file, **options)

    monkeypatch.setattr(_model_file, "_locked", removed_once)
    write(path, 1, [])
    assert len(set(made)) == 2
    assert read(path) == (1, [])


def test_threads_that_save_to_one_path_do_not_disturb_each_other(path):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: write(path, number, []), range(40)))
    assert read(path)[0] in range(40)
    assert os.listdir(path.parent) == ["model"]


@pytest.mark.parametrize("broken", ["no module", "no locks"])
def test_without_locks_files_are_written_and_none_is_removed(path, monkeypatch, broken):
    left = path.with_name(os.path.basename(_model_file._unfinished(str(path))) + "0")
    left.touch()

    def refuse(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    if broken == "no module":
        monkeypatch.setattr(_model_file, "fcntl", None)
    else:
        monkeypatch.setattr(_model_file.fcntl, "flock", refuse)
    write(path, 1, [])
    assert read(path) == (1, [])
    assert sorted(os.listdir(path.parent)) == sorted([left.name, "model"])
