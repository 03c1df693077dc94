"""Rows chunk by chunk: the same as those of `sample` for every chunk size, in files too, also after a kill."""

import gzip
import json
import os
import signal
import subprocess
import sys
import weakref
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import skgan
from skgan import ConditionalGANSampler, GANSampler
from skgan.datasets._files import Parts
from skgan.samplers import _base, _bulk
from skgan.samplers._chunks import cut, spans_of
from skgan.samplers._rows import RowSource

FIT = {"max_iter": 3, "random_state": 0}
N = 2500
# Within a block of 1,024 rows, whole blocks, more than a block, and all at once.
CHUNKS = (300, 1024, 1500, N)

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def mixed(n=150):
    """Each kind of column whose rows might depend on how they are cut."""
    rng = np.random.default_rng(0)
    days = np.datetime64("2024-01-01", "us") + rng.integers(0, 400, n).astype("m8[D]")
    return pd.DataFrame({
        "order_id": np.arange(n) + 7000,
        "code": [f"AB-{number:05d}" for number in rng.permutation(10**5)[:n]],
        "float": np.where(rng.random(n) < 0.2, np.nan, rng.normal(size=n)),
        "whole": pd.Series(rng.integers(0, 99, n)).astype("Int64").mask(rng.random(n) < 0.2),
        "category": pd.Categorical(rng.choice(["a", "b"], n), ["b", "a", "never"]),
        "text": np.where(rng.random(n) < 0.9, None, "seldom"),
        "day": days,
        "moment": days + rng.integers(0, 86_400, n).astype("m8[s]"),
        "zone": pd.Series(days).dt.tz_localize("Europe/Berlin") + pd.to_timedelta(rng.integers(0, 99, n), "h"),
        "price": pd.Series([f"${value:,.2f}" for value in rng.lognormal(5, 1, n)]).where(rng.random(n) < 0.6, "n/a")
                 .mask(rng.random(n) < 0.2),
        "lasts": pd.to_timedelta(rng.integers(0, 9999, n), "s"),
    })  # fmt: skip


@pytest.fixture(scope="module")
def sampler():
    return GANSampler(**FIT, infer_types=True).fit(mixed())


@pytest.fixture(scope="module")
def drawn(sampler):
    return sampler.sample(N, random_state=1)


@pytest.fixture(scope="module")
def conditional():
    frame = mixed()[["float", "whole", "category"]]
    return ConditionalGANSampler(**FIT).fit(frame[["float", "whole"]], frame["category"].rename("kind"))


def joined(chunks):
    return pd.concat(list(chunks))


# Chunks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "size", "start"), [(10, 3, 0), (10, 10, 0), (10, 99, 0), (12, 4, 0), (25, 7, 14), (9, 1, 5)]
)
def test_rows_are_cut_where_asked_and_each_block_is_made_once(n, size, start):
    made = []

    def blocks(first, stop):
        made.extend(range(first, stop))
        return np.arange(first * 4, stop * 4)

    spans = spans_of(n, size, start)
    chunks = list(cut(spans, 4, blocks))
    assert [len(chunk) for chunk in chunks] == [stop - first for first, stop in spans]
    assert np.concatenate(chunks).tolist() == list(range(start, n))
    assert made == list(range(start // 4, -(-n // 4)))


@pytest.mark.parametrize("size", CHUNKS)
def test_chunks_are_the_rows_of_sample(sampler, drawn, size):
    chunks = list(sampler.sample_iter(N, chunk_size=size, random_state=1))
    assert {len(chunk) for chunk in chunks[:-1]} <= {size}
    pd.testing.assert_frame_equal(joined(chunks), drawn)
    assert drawn["code"].is_unique and drawn["order_id"].is_unique
    assert (drawn["price"] == "n/a").any() and drawn["price"].isna().any()


@pytest.mark.parametrize("y", [None, "b", "each"])
@pytest.mark.parametrize("size", CHUNKS)
def test_chunks_of_rows_given_y_are_the_rows_of_sample(conditional, y, size):
    # More than a block and less than two: rows that are drawn again depend on the conditions of the whole block.
    n = 1500
    y = np.array(["a", "b", "b"])[np.arange(n) % 3] if y == "each" else y
    X, y_all = conditional.sample(n, y=y, random_state=1)
    chunks = list(conditional.sample_iter(n, y=y, chunk_size=size, random_state=1))
    pd.testing.assert_frame_equal(joined(X for X, _ in chunks), X)
    pd.testing.assert_series_equal(joined(y for _, y in chunks), y_all)


def test_chunks_given_several_targets():
    frame = mixed()
    sampler = ConditionalGANSampler(**FIT, refine=False).fit(frame[["whole"]], frame[["category", "moment"]])
    wanted = {"category": "a", "moment": frame["moment"].median()}
    for y in (None, wanted):
        X, y_all = sampler.sample(N, y=y, random_state=1)
        chunks = list(sampler.sample_iter(N, y=y, chunk_size=700, random_state=1))
        pd.testing.assert_frame_equal(joined(y for _, y in chunks), y_all)
        pd.testing.assert_frame_equal(joined(X for X, _ in chunks), X)


def test_chunks_of_arrays_images_and_other_frames():
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=(60, 3)), rng.integers(0, 255, (40, 8, 8)).astype(np.uint8)]
    for X in arrays:
        sampler = GANSampler(max_iter=2, random_state=0, refine=False).fit(X)
        chunks = sampler.sample_iter(1300, chunk_size=500, random_state=1)
        np.testing.assert_array_equal(np.concatenate(list(chunks)), sampler.sample(1300, random_state=1))
    polars = pytest.importorskip("polars")
    sampler = GANSampler(max_iter=2, random_state=0, refine=False).fit(polars.DataFrame({"a": arrays[0][:, 0]}))
    chunks = list(sampler.sample_iter(1300, chunk_size=500, random_state=1))
    assert polars.concat(chunks).equals(sampler.sample(1300, random_state=1))


def test_an_index_that_is_data_is_that_of_sample():
    frame = mixed().set_index("moment")[["float"]]
    sampler = GANSampler(max_iter=2, random_state=0, refine=False).fit(frame)
    chunks = sampler.sample_iter(1300, chunk_size=500, random_state=1)
    pd.testing.assert_frame_equal(joined(chunks), sampler.sample(1300, random_state=1))


def test_without_a_seed_the_stream_goes_on():
    frame = mixed()[["float"]]
    one, other = (GANSampler(max_iter=2, random_state=0, refine=False).fit(frame) for _ in range(2))
    first, second = one.sample_iter(50, chunk_size=20), one.sample_iter(50, chunk_size=20)
    # The seed is that of the call, and not of the first chunk that is taken.
    seconds, firsts = joined(second), joined(first)
    pd.testing.assert_frame_equal(firsts, other.sample(50))
    pd.testing.assert_frame_equal(seconds, other.sample(50))


def test_a_later_fit_does_not_change_rows_that_are_under_way(drawn):
    sampler = GANSampler(**FIT, infer_types=True).fit(mixed())
    chunks = sampler.sample_iter(N, chunk_size=1500, random_state=1)
    first = next(chunks)
    sampler.fit(mixed(60)[["float"]])
    pd.testing.assert_frame_equal(joined([first, *chunks]), drawn)


def test_few_rows_are_in_memory(sampler, monkeypatch, tmp_path):
    held, most = set(), [0, 0]
    blocks = RowSource.blocks

    def counting(self, numbers, *args):
        rows = blocks(self, numbers, *args)
        most[1] = max(most[1], len(rows))
        return rows

    def watched(X, start, count=_base.numbered_from):
        frame = count(X, start)
        held.add(id(frame))
        weakref.finalize(frame, held.discard, id(frame))
        most[0] = max(most[0], len(held))
        return frame

    monkeypatch.setattr(RowSource, "blocks", counting)
    monkeypatch.setattr(_base, "numbered_from", watched)
    sampler.sample_to(tmp_path / "rows.csv", 12_000, chunk_size=1000, random_state=1)
    # The chunk that is written and the next one; of encoded rows, the blocks of one chunk.
    assert most[0] <= 2 and most[1] <= 2048


@pytest.mark.parametrize(("size", "error"), [(0, ValueError), (-3, ValueError), (1.5, TypeError), (None, TypeError)])
def test_a_wrong_chunk_size_is_refused_at_the_call(sampler, conditional, size, error):
    for each in (sampler, conditional):
        with pytest.raises(error, match=r"chunk_size=.* must be "):
            each.sample_iter(10, chunk_size=size)
    with pytest.raises(ValueError, match="n_samples=0 must be at least 1"):
        sampler.sample_iter(0)
    with pytest.raises(ValueError, match="'wine'"):
        conditional.sample_iter(10, y="wine")


# Files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", CHUNKS)
def test_a_parquet_file_holds_the_rows_of_sample(sampler, drawn, tmp_path, size):
    parquet = pytest.importorskip("pyarrow.parquet")
    sampler.sample_to(tmp_path / "rows.parquet", N, chunk_size=size, random_state=1)
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "rows.parquet"), drawn)
    assert parquet.ParquetFile(tmp_path / "rows.parquet").num_row_groups == -(-N // size)
    assert os.listdir(tmp_path) == ["rows.parquet"]


@pytest.mark.parametrize("size", CHUNKS)
def test_text_files_are_as_pandas_writes_them(sampler, drawn, tmp_path, size):
    for name, separator, read in [("a.csv", ",", open), ("a.csv.gz", ",", gzip.open), ("a.tsv", "\t", open)]:
        sampler.sample_to(tmp_path / name, N, chunk_size=size, random_state=1)
        # pandas may leave out the hours of durations, depending on all of them.
        expected = drawn.assign(lasts=drawn["lasts"].map(str)).to_csv(index=False, sep=separator)
        with read(tmp_path / name, "rt", newline="") as file:
            assert file.read() == expected


def test_times_are_written_alike_in_all_chunks(tmp_path):
    # One row in 100 is not at midnight, so that most chunks hold whole days only.
    times = np.datetime64("2024-01-01", "us") + np.arange(300).astype("m8[D]")
    times[::100] += np.timedelta64(3600_500_000, "us")
    sampler = GANSampler(max_iter=2, random_state=0, refine=False).fit(pd.DataFrame({"when": times, "x": range(300)}))
    texts = []
    for size in (10, 2000):
        sampler.sample_to(tmp_path / "rows.csv", 2000, chunk_size=size, random_state=1)
        texts.append((tmp_path / "rows.csv").read_text())
    assert texts[0] == texts[1]
    whole = sampler.sample(2000, random_state=1)["when"]
    assert pd.read_csv(tmp_path / "rows.csv", parse_dates=["when"])["when"].eq(whole).all()


def test_a_column_without_a_value_in_the_first_chunk_keeps_its_type(tmp_path, monkeypatch):
    pytest.importorskip("pyarrow")
    from skgan.datasets._files import writer_for

    frames = [pd.DataFrame({"a": values}, dtype=object) for values in ([None, None], ["x", None])]
    writer = writer_for("rows.parquet", {})
    parts = [tmp_path / "0", tmp_path / "1"]
    for number, part in enumerate(parts):
        writer.write(frames[number], part, is_first=number == 0, is_last=number == 1)
    writer.join(parts, tmp_path / "rows.parquet")
    assert pd.read_parquet(tmp_path / "rows.parquet")["a"].tolist()[2] == "x"
    assert pd.read_parquet(tmp_path / "rows.parquet")["a"].isna().tolist() == [True, True, False, True]


def test_targets_are_the_last_columns(conditional, tmp_path):
    pytest.importorskip("pyarrow")
    for name, y in [("a.parquet", None), ("b.parquet", "a")]:
        conditional.sample_to(tmp_path / name, 1500, y=y, chunk_size=400, random_state=1)
        X, y_all = conditional.sample(1500, y=y, random_state=1)
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / name), X.assign(kind=y_all))


def test_columns_of_arrays_get_names(tmp_path):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 2)), rng.integers(0, 2, 60)
    ConditionalGANSampler(max_iter=2, refine=False).fit(X, y).sample_to(tmp_path / "a.csv", 5)
    assert (tmp_path / "a.csv").read_text().splitlines()[0] == "x0,x1,y"
    ConditionalGANSampler(max_iter=2, refine=False).fit(X, np.column_stack([y, y])).sample_to(tmp_path / "a.csv", 5)
    assert (tmp_path / "a.csv").read_text().splitlines()[0] == "x0,x1,y0,y1"


def test_missing_values_do_not_make_polars_wholes_into_floats(tmp_path):
    polars = pytest.importorskip("polars")
    wholes = [None if number % 4 == 0 else number % 9 for number in range(80)]
    sampler = GANSampler(max_iter=2, random_state=0, refine=False).fit(polars.DataFrame({"a": wholes, "b": range(80)}))
    sampler.sample_to(tmp_path / "a.csv", 50, chunk_size=3, random_state=0)
    assert "." not in (tmp_path / "a.csv").read_text()


def test_what_a_file_cannot_hold_is_refused(sampler, tmp_path):
    for name, says in [("a.xlsx", "1,048,576 rows"), ("a.json", r"must end in \.csv")]:
        with pytest.raises(ValueError, match=says):
            sampler.sample_to(tmp_path / name, 5)
    with pytest.raises(FileNotFoundError, match="no folder"):
        sampler.sample_to(tmp_path / "nowhere" / "a.csv", 5)
    images = GANSampler(max_iter=2, refine=False).fit(np.zeros((20, 8, 8)) + np.arange(20)[:, None, None])
    with pytest.raises(ValueError, match="was fitted on images; take them from sample_iter"):
        images.sample_to(tmp_path / "a.csv", 5)
    frame = mixed()[["float", "category"]]
    same = ConditionalGANSampler(max_iter=2, refine=False).fit(frame, frame["category"])
    with pytest.raises(ValueError, match="X and y both have a column named 'category'"):
        same.sample_to(tmp_path / "a.csv", 5)
    assert not (tmp_path / "a.csv").exists()


def test_rows_that_parquet_cannot_hold_are_refused_with_the_column(tmp_path):
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame({"x": range(60), "mixed": np.array(["a", 1] * 30, dtype=object)})
    sampler = GANSampler(max_iter=2, random_state=0, refine=False).fit(frame)
    with pytest.raises(ValueError, match=r"Parquet cannot hold these rows .*mixed.*; write them to a \.csv file"):
        sampler.sample_to(tmp_path / "a.parquet", 50)
    assert os.listdir(tmp_path) == []
    sampler.sample_to(tmp_path / "a.csv", 50)


def test_progress_is_shown_with_verbose(sampler, tmp_path, capsys):
    sampler.sample_to(tmp_path / "a.csv", 50, random_state=0)
    assert capsys.readouterr().err == ""
    GANSampler(max_iter=2, refine=False, verbose=1).fit(mixed()[["float"]]).sample_to(tmp_path / "b.csv", 50)
    assert f"skgan: wrote 50 rows to {tmp_path / 'b.csv'}" in capsys.readouterr().err


# Kills ------------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """Like a signal, no `Exception`."""


def killed_after(n, monkeypatch, write, is_torn=False):
    """Call `write` and kill it after n parts; `is_torn` leaves a part that is half written."""
    add = Parts.add

    def killing(self, write_part, note):
        if self._state["n_parts"] == n:
            if is_torn:
                self._part(n).write_bytes(b"half a pa")
            raise Killed
        add(self, write_part, note)

    with monkeypatch.context() as patched:
        patched.setattr(Parts, "add", killing)
        with pytest.raises(Killed):
            write()


@pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a.csv.gz"])
@pytest.mark.parametrize("is_torn", [False, True])
def test_a_call_that_was_killed_goes_on(sampler, tmp_path, monkeypatch, name, is_torn):
    pytest.importorskip("pyarrow")
    path, whole = tmp_path / name, tmp_path / f"whole_{name}"
    sampler.sample_to(whole, N, chunk_size=600, random_state=1)
    write = partial(sampler.sample_to, path, N, chunk_size=600, random_state=1)
    path.write_text("old")
    killed_after(2, monkeypatch, write, is_torn)
    assert path.read_text() == "old"
    made, blocks = [], RowSource.blocks

    def noting(self, numbers, *args):
        made.extend(numbers)
        return blocks(self, numbers, *args)

    monkeypatch.setattr(RowSource, "blocks", noting)
    write()
    # Of 1,200 rows the first block is done.
    assert made == [1, 2]
    assert path.read_bytes() == whole.read_bytes()
    assert sorted(os.listdir(tmp_path)) == sorted([path.name, whole.name])


def test_a_kill_at_the_end_leaves_only_the_joining(sampler, tmp_path, monkeypatch):
    write = partial(sampler.sample_to, tmp_path / "a.csv", 1000, chunk_size=400, random_state=1)
    write()
    whole = (tmp_path / "a.csv").read_bytes()
    (tmp_path / "a.csv").unlink()
    with monkeypatch.context() as patched:
        patched.setattr(Parts, "join", lambda *_: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            write()
    monkeypatch.setattr(RowSource, "blocks", None)
    write()
    assert (tmp_path / "a.csv").read_bytes() == whole


def test_a_call_without_a_seed_goes_on_with_its_own(tmp_path, monkeypatch):
    frame = mixed()[["float", "code"]]
    skgan.save(GANSampler(max_iter=2, random_state=0).fit(frame), tmp_path / "model")
    one, other = skgan.load(tmp_path / "model"), skgan.load(tmp_path / "model")
    whole = other.sample(1300)
    following = other.sample(5)

    def write(sampler):
        sampler.sample_to(tmp_path / "a.csv", 1300, chunk_size=600)

    killed_after(1, monkeypatch, lambda: write(one))
    # As in a new process, and then in the same one.
    killed_after(2, monkeypatch, lambda: write(skgan.load(tmp_path / "model")))
    write(one)
    assert (tmp_path / "a.csv").read_text() == whole.to_csv(index=False)
    pd.testing.assert_frame_equal(one.sample(5), following)


@pytest.mark.parametrize("other", [
    {"random_state": 2}, {"chunk_size": 500}, {"n_samples": 1400}, {"fit": 1}, {"path": "a.csv.gz"},
])
def test_another_call_starts_anew(tmp_path, monkeypatch, other):
    frame = mixed()[["float", "code"]]
    call = {"n_samples": 1300, "chunk_size": 600, "random_state": 1}
    models = [GANSampler(max_iter=2, refine=False, random_state=seed).fit(frame) for seed in (0, 1)]
    killed_after(1, monkeypatch, lambda: models[0].sample_to(tmp_path / "a.csv", **call))
    sampler, path = models[other.get("fit", 0)], tmp_path / other.get("path", "a.csv")
    if path.name != "a.csv":
        # Another file has parts of its own.
        os.rename(tmp_path / ".a.csv.parts", tmp_path / f".{path.name}.parts")
    call |= {name: value for name, value in other.items() if name in call}
    with pytest.warns(UserWarning, match="holds the parts of another call"):
        sampler.sample_to(path, **call)
    whole = sampler.sample(call["n_samples"], random_state=call["random_state"])
    pd.testing.assert_frame_equal(pd.read_csv(path), whole, check_dtype=False)
    assert os.listdir(tmp_path) == [path.name]


def test_another_y_starts_anew(conditional, tmp_path, monkeypatch):
    write = partial(conditional.sample_to, tmp_path / "a.csv", 1300, chunk_size=600, random_state=1)
    killed_after(1, monkeypatch, lambda: write(y="a"))
    with pytest.warns(UserWarning, match="holds the parts of another call"):
        write(y="b")
    assert set(pd.read_csv(tmp_path / "a.csv")["kind"]) == {"b"}


def test_another_version_starts_anew(sampler, tmp_path, monkeypatch):
    write = partial(sampler.sample_to, tmp_path / "a.csv", 1300, chunk_size=600, random_state=1)
    killed_after(1, monkeypatch, write)
    monkeypatch.setattr(_bulk, "versions", lambda: {"skgan": "another"})
    with pytest.warns(UserWarning, match="holds the parts of another call"):
        write()


@pytest.mark.parametrize("state", ["", "[]", "{}", '{"call": 1, "n_parts": "2", "note": {}}'])
def test_a_state_that_cannot_be_read_starts_anew(sampler, drawn, tmp_path, monkeypatch, state):
    write = partial(sampler.sample_to, tmp_path / "a.csv", N, chunk_size=600, random_state=1)
    killed_after(2, monkeypatch, write)
    (tmp_path / ".a.csv.parts" / "state.json").write_text(state)
    write()
    assert len(pd.read_csv(tmp_path / "a.csv")) == N


def test_two_calls_do_not_write_to_one_file_at_once(sampler, tmp_path, monkeypatch):
    pytest.importorskip("fcntl")
    path, add, refused = tmp_path / "rows.csv", Parts.add, []

    def adding(self, *arguments):
        add(self, *arguments)
        with monkeypatch.context() as patched:
            patched.setattr(Parts, "add", add)
            for seed in (1, 2):
                with pytest.raises(OSError, match=r"another call is writing to '.*rows\.csv'; wait until it has ended"):
                    sampler.sample_to(path, N, chunk_size=1000, random_state=seed)
                refused.append(seed)

    monkeypatch.setattr(Parts, "add", adding)
    files = len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0
    sampler.sample_to(path, N, chunk_size=1000, random_state=1)
    assert refused == [1, 2] * 3
    monkeypatch.undo()
    first = path.read_bytes()
    sampler.sample_to(path, N, chunk_size=1000, random_state=1)
    assert path.read_bytes() == first and os.listdir(tmp_path) == ["rows.csv"]
    assert not files or len(os.listdir("/proc/self/fd")) == files


KILLED = """
import os, signal, sys, skgan
from skgan.datasets._files import Parts
add = Parts.add
def killing(self, write, note):
    if self._state["n_parts"] == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    add(self, write, note)
Parts.add = killing
skgan.load(sys.argv[1]).sample_to(sys.argv[2], 1300, chunk_size=600, random_state=3)
"""


def test_a_process_that_is_killed(tmp_path):
    sampler = GANSampler(max_iter=2, refine=False, random_state=0).fit(mixed()[["float", "order_id"]])
    skgan.save(sampler, tmp_path / "model")
    path = tmp_path / "a.csv"
    environment = {**os.environ, "PYTHONPATH": str(Path(skgan.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "model", path], env=environment)
    assert done.returncode == -signal.SIGKILL and not path.exists()
    assert json.loads((tmp_path / ".a.csv.parts" / "state.json").read_text())["n_parts"] == 1
    skgan.load(tmp_path / "model").sample_to(path, 1300, chunk_size=600, random_state=3)
    assert path.read_text() == sampler.sample(1300, random_state=3).to_csv(index=False)


def test_the_default_is_whole_blocks():
    assert _bulk.CHUNK_SIZE % 1024 == 0
