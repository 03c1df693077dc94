"""Any input whatever: rows with its columns and dtypes, or a ``ValueError`` or ``TypeError`` that names what is wrong.

100 cases, always the same. More, and others each time: ``SKGAN_FUZZ=2000 python -m pytest tests/test_fuzz.py``.
"""

import contextlib
import io
import os
import traceback
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
import strategies
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import skgan
from skgan import ConditionalGANSampler, GANSampler, evaluate, load, save
from skgan.__main__ import main
from skgan.datasets import read_table, write_table
from skgan.exceptions import BrokenFileError

HERE = Path(skgan.__file__).parent
N_CASES = int(os.environ.get("SKGAN_FUZZ", 100))
TINY = {
    "max_iter": 2,
    "refine": False,
    "hidden_layer_sizes": (4,),
    "latent_dim": 2,
    "random_state": 0,
    "device": "cpu",
}
# Words by which a message says what is wrong, where that is no single column.
WORDS = ("X", "y", "array", "data", "column", "row", "image", "channel", "index")

pytestmark = pytest.mark.usefixtures("few_trees_in_module")


def cases(share):
    """Settings of a test that has this share of all cases."""
    return settings(
        max_examples=max(1, round(share * N_CASES)),
        derandomize=N_CASES <= 100,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@contextlib.contextmanager
def refusals(names=(), words=WORDS):
    """Allow errors that skgan itself raises, and that say in its words what is wrong."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (TypeError, ValueError) as error:
            check_error(error, names, words)


def check_error(error, names, words):
    frames = traceback.extract_tb(error.__traceback__)
    ours = Path(frames[-1].filename)
    assert HERE in ours.parents or "validation" in ours.name, f"raised in {ours}: {error!r}"
    message = str(error)
    is_named = any(repr(name) in message or str(name) in message for name in names)
    assert is_named or any(word in message for word in words), f"names nothing: {error!r}"


def columns_of(rows):
    """Each column of rows as the name and the dtype."""
    if isinstance(rows, pd.DataFrame):
        return [(repr(name), dtype) for name, dtype in zip(rows.columns, rows.dtypes, strict=True)]
    if isinstance(rows, pl.DataFrame):
        return list(rows.schema.items())
    rows = np.asarray(rows)
    return rows.shape[1:], rows.dtype.kind, rows.dtype.itemsize * (rows.dtype.kind not in "USO")


def assert_alike(X, rows, n):
    """Rows have the container, the columns and the dtypes of X."""
    assert len(rows) == n
    assert type(rows) is type(X) or not isinstance(X, pd.DataFrame | pl.DataFrame)
    # A masked array becomes one of a dtype that has missing values.
    assert columns_of(rows) == columns_of(X) or np.ma.is_masked(X)
    if isinstance(X, pd.DataFrame):
        assert list(map(repr, rows.columns.names)) == list(map(repr, X.columns.names))
        assert type(rows.columns) is type(X.columns)
    else:
        columns = (
            [np.asarray(rows)]
            if not isinstance(rows, pl.DataFrame)
            else [rows[name].to_numpy() for name in rows.columns if rows[name].dtype.is_float()]
        )
        assert not any(column.dtype.kind == "f" and np.isinf(column).any() for column in columns)


def assert_plausible(X, rows, sampler):
    """Columns have missing values, categories and numbers as those of a frame X, and no others."""
    new = [repr(name) for name in [*sampler.id_columns_, *sampler.text_columns_]]
    for j, name in enumerate(X.columns.tolist()):
        real, made = X.iloc[:, j], rows.iloc[:, j]
        assert real.isna().any() or not made.isna().any(), f"{name!r} has missing values"
        real, made = real.dropna(), made.dropna()
        if repr(name) in new or real.empty or made.empty:
            continue
        try:
            inside = (made >= real.min()).all() and (made <= real.max()).all()
        except (TypeError, ValueError):
            inside = set(map(str, made)) <= set(map(str, real))
        assert inside, f"{name!r} has {list(made)}, outside of {list(real)}"


def assert_equal(a, b):
    if isinstance(a, pd.DataFrame | pd.Series):
        (pd.testing.assert_frame_equal if isinstance(a, pd.DataFrame) else pd.testing.assert_series_equal)(a, b)
    elif isinstance(a, pl.DataFrame):
        assert a.equals(b)
    else:
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


def check_fit(X, path, names=(), y=None, **options):
    """Fit, sample, save and load; what is refused must be refused by `fit`, or by `save` if a file cannot hold it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sampler = (GANSampler if y is None else ConditionalGANSampler)(**TINY | options)
        try:
            sampler.fit(*(X,) if y is None else (X, y))
        except (TypeError, ValueError) as error:
            return check_error(error, names, WORDS)
        for n in (1, 7):
            rows = sampler.sample(n, random_state=n)
            rows, given = (rows, None) if y is None else rows
            assert_alike(as_returned(X), rows, n)
            if isinstance(X, pd.DataFrame) and not options.get("infer_types"):
                assert_plausible(X, rows, sampler)
        with pytest.raises(ValueError, match="n_samples=0 must be at least 1"):
            sampler.sample(0)
        try:
            save(sampler, path)
        except (TypeError, ValueError) as error:
            return check_error(error, names, ("cannot hold", "cannot be saved"))
        again = load(path).sample(7, random_state=7)
        assert_equal(again if y is None else again[0], rows)
        if y is not None:
            assert_equal(again[1], given)
    return rows


def as_returned(X):
    """What rows are like: lists come back as arrays."""
    return X if isinstance(X, pd.DataFrame | pl.DataFrame | np.ma.MaskedArray) else np.asarray(X)


def names_of(X):
    return list(X.columns) if isinstance(X, pd.DataFrame | pl.DataFrame) else []


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz") / "model"


# Tables and images ------------------------------------------------------------------------------------------------


@given(X=strategies.frames(), infer_types=st.booleans(), refine=st.sampled_from([False, False, False, True]))
@cases(0.22)
def test_frames(X, infer_types, refine, path):
    check_fit(X, path, names_of(X), infer_types=infer_types, refine=refine)


@given(X=strategies.frames(), kind=st.sampled_from(list(strategies.COLUMNS)), seed=strategies.SEEDS)
@cases(0.08)
def test_frames_with_targets(X, kind, seed, path):
    y = strategies.COLUMNS[kind](np.random.default_rng(seed), len(X)).set_axis(X.index)
    check_fit(X, path, names_of(X), y=y)


@given(X=strategies.frames(strategies.PLAIN))
@cases(0.05)
def test_reports(X, path):
    rows = check_fit(X, path, names_of(X))
    if rows is not None:
        with refusals(names_of(X)):
            str(evaluate(X, rows, random_state=0))


@given(X=strategies.polars_frames())
@cases(0.08)
def test_polars_frames(X, path):
    check_fit(X, path, names_of(X))


@given(X=strategies.arrays())
@cases(0.08)
def test_arrays(X, path):
    check_fit(X, path)


@given(case=strategies.image_stacks())
@cases(0.08)
def test_stacks_of_images(case, path):
    X, channel_axis = case
    check_fit(X, path, channel_axis=channel_axis, hidden_layer_sizes="auto")


# Parameters -------------------------------------------------------------------------------------------------------

RNG = np.random.default_rng(0)
DATA = {
    "table": (pd.DataFrame({"a": RNG.integers(0, 3, 30), "b": RNG.normal(size=30), "c": RNG.choice(["x", "y"], 30)}),),
    "array": (RNG.normal(size=(30, 2)),),
    "images": (RNG.integers(0, 256, (20, 8, 8), dtype=np.uint8),),
    "y": (RNG.normal(size=(30, 2)), np.arange(30) % 3),
}


@given(options=strategies.parameters(), data=st.sampled_from(sorted(DATA)))
@cases(0.08)
def test_parameters(options, data, path):
    check_parameters(options, data, path)


def check_parameters(options, data, path):
    X, *y = DATA[data]
    if not y:
        options = {name: value for name, value in options.items() if name not in ("target_type", "conditioning")}
    usual = {} if data != "images" else {"hidden_layer_sizes": "auto"}
    return check_fit(X, path, [*options, *names_of(X)], *y, **usual | options)


# Files ------------------------------------------------------------------------------------------------------------


def check_file(data, path):
    """Read a table and write it in the manner of its file; if both succeed, the second is read as the first was."""
    path.write_bytes(data)
    with refusals(words=(str(path), *WORDS)):
        frame = read_table(path)
        again = path.with_name("again-" + path.name)
        write_table(frame, again, like=path)
        # Without rows, empty names do not say what separates them.
        assert list(read_table(again).columns) == list(frame.columns) or frame.empty
        return frame


@given(case=strategies.text_files())
@cases(0.1)
def test_files_of_text(case, folder):
    data, suffix = case
    check_file(data, folder / f"data{suffix}")


def valid_tables(folder):
    """The bytes of small valid tables by their suffix."""
    frame = pd.DataFrame({"a": [1, 2, 3], "b": ["x", None, "y"], "c": pd.date_range("2020", periods=3)})
    made = {}
    for suffix, write in ((".parquet", frame.to_parquet), (".xlsx", frame.to_excel), (".csv", frame.to_csv)):
        write(folder / f"valid{suffix}", index=False)
        made[suffix] = (folder / f"valid{suffix}").read_bytes()
    write_table(frame, folder / "valid.csv.gz")
    return {**made, ".csv.gz": (folder / "valid.csv.gz").read_bytes()}


@given(data=st.data(), suffix=st.sampled_from([".parquet", ".xlsx", ".csv.gz"]))
@cases(0.06)
def test_damaged_files_of_tables(data, suffix, folder, tables):
    check_file(data.draw(strategies.changed_bytes(tables[suffix])), folder / f"data{suffix}")


@given(data=st.data())
@cases(0.07)
def test_damaged_model_files(data, path, model):
    changed = data.draw(strategies.changed_bytes(model))
    path.write_bytes(changed)
    if changed != model:
        with pytest.raises(BrokenFileError, match="Cannot load"):
            load(path)


# The command line -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of files of tables, good and bad ones, and of a model."""
    folder = tmp_path_factory.mktemp("files")
    fill(folder)
    return folder


def fill(folder):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "a": rng.integers(0, 3, 60),
            "b": rng.choice(["x", "y"], 60),
            "c": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 99, 60), "D"),
            "d": rng.normal(size=60).round(2),
        }
    )
    for suffix in (".csv", ".tsv", ".parquet", ".xlsx"):
        write_table(frame, folder / f"data{suffix}")
    (folder / "data.csv.gz").write_bytes((folder / "data.csv").read_bytes())
    (folder / "broken.csv").write_bytes(b'a,b\n1,"2\n3\n')
    (folder / "empty.csv").touch()
    (folder / "folder").mkdir()
    with quiet():
        assert main(["fit", str(folder / "data.csv"), "--out", str(folder / "model"), "--max-iter", "2"]) == 0


@contextlib.contextmanager
def quiet():
    """What is printed, as two buffers."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        yield out, err


@given(arguments=strategies.command_lines())
@cases(0.1)
def test_command_lines(arguments, folder):
    check_command(arguments, folder)


def check_command(arguments, folder):
    """0, or an error code with one sentence and no traceback."""
    with contextlib.chdir(folder), quiet() as (out, err):
        code = main(arguments)
    said = err.getvalue()
    assert code in (0, 1, 2), said
    assert "Traceback" not in said
    if code:
        assert said.splitlines()[-1].startswith("skgan: error: "), said
    elif not {"--help", "--version"} & set(arguments):
        assert out.getvalue()
    for name in set(os.listdir(folder)) - GIVEN:
        if (folder / name).is_file():
            os.remove(folder / name)
    return None if code else True


GIVEN = {
    "data.csv",
    "data.tsv",
    "data.parquet",
    "data.xlsx",
    "data.csv.gz",
    "broken.csv",
    "empty.csv",
    "folder",
    "model",
}


@pytest.fixture(scope="module")
def tables(folder):
    return valid_tables(folder)


@pytest.fixture(scope="module")
def model(folder):
    """The bytes of a valid model file."""
    return (folder / "model").read_bytes()
