"""Model files and checkpoints with a right checksum whose content was changed at random: refused, or safe to use?

`craft` changes the content of a valid file, `judge` says what became of it: `tests/test_hostile_files.py` tries a few,
``benchmarks/reliability.py`` many.
"""

from __future__ import annotations

import contextlib
import copy
import json
import os
import resource
import signal
import struct
import tempfile
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch

from skgan import ConditionalGANSampler, GANSampler, _json_tree, _model_file, load, resume, save
from skgan.__main__ import main
from skgan.callbacks import PREVIOUS, Callback, Checkpoint
from skgan.exceptions import BrokenFileError
from skgan.persistence._documents import NO_MEMORY

SMALL = dict(max_iter=3, hidden_layer_sizes=(3,), latent_dim=2, random_state=0, device="cpu")
ROWS = 10
# Of a file of 100 kB, which takes 0.1 seconds.
SECONDS, MEMORY = 20, 2**30


# Valid files ------------------------------------------------------------------------------------------------------


def mixed(n=130, n_categories=None):
    rng = np.random.default_rng(0)
    missing = rng.random((2, n)) < 0.15
    city = rng.integers(0, 4, n)
    return pd.DataFrame(
        {
            "float": np.where(missing[0], np.nan, rng.normal(1e6, 1e3, n)),
            "whole": rng.integers(0, 5, n),
            "category": pd.Categorical(rng.choice(["a", "b"], n), ["b", "a", "never"]),
            "text": np.where(missing[1], None, rng.choice(["x", "y", "z"], n)),
            "day": pd.Timestamp("2021-03-01") + pd.to_timedelta(rng.integers(0, 300, n), "D"),
            "many": [f"category {i % n_categories}" for i in range(n)] if n_categories else np.full(n, np.nan),
            "city": np.array(list("ABCD"), dtype=object)[city],
            "code": city // 2 + 1,
        }
    )


def styled(n=130):
    """Texts that hold amounts, dates and times."""
    rng = np.random.default_rng(0)
    days = pd.Series(np.datetime64("2024-01-01") + rng.integers(0, 365, n))
    frame = pd.DataFrame(
        {
            "amount": [f"${amount:,.2f}" for amount in rng.normal(0, 1e4, n)],
            "day": days.dt.strftime("%m/%d/%Y"),
            "clock": [f"{number // 60:02d}:{number % 60:02d}" for number in rng.integers(0, 1440, n)],
            "length": [f"{number // 60}h {number % 60}m" for number in rng.integers(0, 1440, n)],
        },
        dtype=object,
    )
    frame.iloc[:5, 0], frame.iloc[5:7, 0] = "n/a", None
    return frame


def targets(n=130):
    rng = np.random.default_rng(2)
    return pd.DataFrame({"class": rng.integers(0, 3, n), "number": rng.normal(size=n)})


def images(n=24):
    return np.random.default_rng(0).integers(0, 255, (n, 8, 8)).astype(np.uint8)


def with_identifiers(n=130):
    rng = np.random.default_rng(3)
    words = np.array("a few plain words about one small thing or another".split())
    mail = [f"a{i}@firm{i % 7}.de" if i % 5 else None for i in range(n)]
    note = [" ".join(row) for row in rng.choice(words, (n, 8))]
    review = [" ".join(row) for row in rng.choice(words[::-1], (n, 9))]
    columns = {"order": np.arange(n) + 5000, "age": rng.integers(18, 90, n), "mail": mail, "note": note}
    return pd.DataFrame(columns), pd.DataFrame({**columns, "review": review})


def timed(n=60):
    """A frame of unusual dtypes with an index of times."""
    rng = np.random.default_rng(4)
    return pd.DataFrame(
        {
            "nullable": pd.array(rng.choice([1, 2, 30], n), "Int16"),
            "yes": rng.random(n) < 0.5,
            "period": pd.period_range("2020-01", periods=n, freq="M"),
            "zone": pd.date_range("2020-01-01", periods=n, freq="h", tz="Europe/Berlin"),
            "bin": pd.cut(rng.normal(size=n), [-9, -1, 0, 1, 9]),
        },
        index=pd.date_range("2020-01-01", periods=n, freq="D", name="day"),
    )


FITTED = {
    "frame": lambda: GANSampler(**SMALL).fit(mixed()),
    "array": lambda: GANSampler(**SMALL, refine=False).fit(np.random.default_rng(0).normal(size=(40, 2))),
    "categories": lambda: GANSampler(**SMALL, refine=False).fit(mixed(n_categories=101)[["many", "text"]]),
    "targets": lambda: ConditionalGANSampler(**SMALL).fit(mixed()[["float", "text"]], targets()),
    "styles": lambda: GANSampler(**SMALL, refine=False, infer_types=True).fit(styled()),
    "array of text": lambda: GANSampler(**SMALL, refine=False, infer_types=True).fit(styled()[["day"]].to_numpy("U")),
    "images": lambda: GANSampler(**SMALL, refine=False).fit(images()),
    "images of classes": lambda: ConditionalGANSampler(**SMALL, refine=False, conditioning="auxiliary").fit(
        images(), np.arange(24) % 2
    ),
    "identifiers": lambda: GANSampler(**SMALL).fit(with_identifiers()[0]),
    "dropped": lambda: GANSampler(**SMALL, refine=False, free_text="drop").fit(with_identifiers()[1]),
    "times": lambda: GANSampler(**SMALL, refine=False).fit(timed()),
}


class Stopped(Callback):
    """Ends a fit by an error, as a crash does."""

    def on_step_end(self, run):
        if run.n_iter == 2:
            raise SystemError("stopped")


# Samplers whose fit is continued, and their data.
STOPPED = {
    "checkpoint": (GANSampler, {"refine": False}, lambda: (mixed(40)[["float", "whole", "text"]],)),
    "checkpoint of classes": (
        ConditionalGANSampler,
        {"refine": False, "loss": "wasserstein"},
        lambda: (mixed(40)[["float"]], targets(40)),
    ),
    "checkpoint of images": (GANSampler, {"refine": False}, lambda: (images(),)),
}
LINE = "command line"
KINDS = (*FITTED, LINE, *STOPPED)


def write_valid(kind, path):
    """Write a valid file of a kind to a path."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if kind in FITTED:
            save(FITTED[kind](), path)
        elif kind == LINE:
            _fit_by_command(path)
        else:
            _stop_fit(kind, path)


def _fit_by_command(path):
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data.csv")
        styled().assign(whole=np.arange(130) % 7).to_csv(data, index=False)
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
            assert main(["fit", data, "--out", str(path), "--max-iter", "3", "--seed", "0", "--device", "cpu"]) == 0


def _stop_fit(kind, path):
    estimator, options, data = STOPPED[kind]
    sampler = estimator(**SMALL, **options).set_callbacks(Checkpoint(path, 1e-9), Stopped())
    with contextlib.suppress(SystemError):
        sampler.fit(*data())


# Changes ----------------------------------------------------------------------------------------------------------

NAN, INF = float("nan"), float("inf")
WORDS = ["", "zzz", "<f4", "<i8", "|O", "<M8[ns]", "numeric", "categorical", "\0", "0", "é" * 50, "../x", "a" * 10_000]
WHOLES = [0, 1, -1, 2, 3, 7, 255, 2**31, 2**62, -(2**62), 2**70]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 1e-300, 1e30, 1e300, -1e300, NAN, INF, -INF]
OTHERS = [None, True, False, 0, 1.5, "x", b"x", [], {}, (), [[]], {"a": 1}, np.zeros(0), np.zeros((2, 2)), 1j]


def one(value):
    """A change of the middle number of an array or tensor."""

    def changed(array):
        array = array.clone() if isinstance(array, torch.Tensor) else array.copy()
        if array.size if isinstance(array, np.ndarray) else array.numel():
            array.reshape(-1)[len(array.reshape(-1)) // 2] = value
        return array

    return changed


def pick(rng, values):
    return values[rng.integers(len(values))]


def another_number(array, rng):
    """One number of an array changed."""
    array = array.copy()
    if array.size:
        numbers = {"f": FLOATS, "b": [True, False], "O": [*OTHERS, *WORDS]}.get(array.dtype.kind, WHOLES)
        with contextlib.suppress(OverflowError, ValueError, TypeError), np.errstate(all="ignore"):
            array.reshape(-1)[rng.integers(array.size)] = pick(rng, numbers)
    return array


def another_dtype(array, rng):
    with contextlib.suppress(TypeError, ValueError), np.errstate(all="ignore"):
        return array.astype(pick(rng, ["f4", "f8", "i4", "i8", "u1", "b1", "U3", "f2", "M8[s]"]))
    return array


def another_order(array, rng):
    return rng.permutation(array) if array.ndim else array


ARRAYS = [
    another_number,
    another_number,
    another_number,
    another_dtype,
    another_order,
    lambda array, rng: array[:-1] if array.ndim else array[None],
    lambda array, rng: np.concatenate([array, array[-1:]]) if array.ndim else array[None],
    lambda array, rng: array[..., :-1] if array.ndim else array[None],
    lambda array, rng: array[:0] if array.ndim else array[None],
    lambda array, rng: np.zeros_like(array),
    lambda array, rng: array[::-1].copy() if array.ndim else array,
    lambda array, rng: array.T.copy(),
    lambda array, rng: array.ravel(),
    lambda array, rng: array[None],
    lambda array, rng: array.astype("f8") * pick(rng, [-1, 2, 1e30]) if array.dtype.kind in "iuf" else array,
    lambda array, rng: array * array.dtype.type(2) if array.dtype.kind in "iuf" else array,
    lambda array, rng: np.zeros(pick(rng, [(0, 2**40), (2**20, 0), (1000, 1000)]), array.dtype),
    lambda array, rng: np.full_like(array, pick(rng, [NAN, 1e300] if array.dtype.kind == "f" else [0, 1])),
]


def another_array(array, rng):
    with np.errstate(all="ignore"):
        return pick(rng, ARRAYS)(array, rng)


def another_tensor(tensor, rng):
    array = another_array(tensor.numpy(), rng)
    with contextlib.suppress(TypeError):
        return torch.from_numpy(np.ascontiguousarray(array))
    return array


def without_one(items, rng):
    place = rng.integers(len(items)) if items else 0
    return [item for number, item in enumerate(items) if number != place]


def swapped(items, rng):
    if len(items) < 2:
        return items
    a, b = rng.choice(len(items), 2, replace=False)
    items = list(items)
    items[a], items[b] = items[b], items[a]
    return items


def nested(value, rng):
    for _ in range(pick(rng, [1, 2, 40, 60])):
        value = [value]
    return value


LISTS = [
    without_one,
    swapped,
    lambda items, rng: [],
    lambda items, rng: [*items, *items[-1:]],
    lambda items, rng: [*items, pick(rng, OTHERS)],
    lambda items, rng: items[::-1],
    lambda items, rng: [*items] * pick(rng, [2, 50]),
    lambda items, rng: [pick(rng, OTHERS) if rng.random() < 0.3 else item for item in items],
    lambda items, rng: dict(zip(map(str, items), items, strict=True)),
]


def without_a_key(parts, rng):
    return {key: parts[key] for key in without_one(list(parts), rng)}


def with_a_key(parts, rng):
    return {**parts, pick(rng, ["other", "", "kind", "0", "form", "__class__"]): pick(rng, OTHERS)}


def with_values_swapped(parts, rng):
    return dict(zip(parts, swapped(list(parts.values()), rng), strict=True))


def with_a_key_renamed(parts, rng):
    if not parts:
        return parts
    old = pick(rng, list(parts))
    return {key + "2" if key == old else key: value for key, value in parts.items()}


DICTS = [without_a_key, with_a_key, with_values_swapped, with_a_key_renamed, lambda parts, rng: {}]

CHANGES = {
    bool: [lambda value, rng: not value],
    int: [lambda value, rng: pick(rng, WHOLES), lambda value, rng: value + pick(rng, [1, -1, 10]),
          lambda value, rng: -value - 1, lambda value, rng: float(value)],
    float: [lambda value, rng: pick(rng, FLOATS), lambda value, rng: -value, lambda value, rng: value * 1.5 + 0.1],
    str: [lambda value, rng: pick(rng, WORDS), lambda value, rng: value[:-1], lambda value, rng: value + "x",
          lambda value, rng: value.swapcase()],
    np.ndarray: [another_array],
    torch.Tensor: [another_tensor],
    list: LISTS,
    tuple: [lambda items, rng: tuple(pick(rng, LISTS)(list(items), rng)), lambda items, rng: list(items)],
    dict: DICTS,
}  # fmt: skip


def changed(value, rng):
    """Another value, most of the time of the same type."""
    if type(value) in CHANGES and rng.random() < 0.85:
        return pick(rng, CHANGES[type(value)])(value, rng)
    return nested(value, rng) if rng.random() < 0.2 else pick(rng, OTHERS)


def places(tree, place=()):
    """The places of all values in a tree, containers included."""
    yield place
    if isinstance(tree, dict | list | tuple):
        for key, item in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from places(item, (*place, key))


def with_change(tree, place, change):
    """A copy of the tree with one value changed."""
    if not place:
        return change(tree)
    key, *rest = place
    if isinstance(tree, dict):
        return {**tree, key: with_change(tree[key], rest, change)}
    return type(tree)([with_change(item, rest, change) if i == key else item for i, item in enumerate(tree)])


def place_in(tree, rng):
    """The place of a value; each level is chosen with the same probability, so that wide parts are not all."""
    place = ()
    while isinstance(tree, dict | list | tuple) and len(tree) and (not place or rng.random() < 0.93):
        key = pick(rng, list(tree)) if isinstance(tree, dict) else int(rng.integers(len(tree)))
        place, tree = (*place, key), tree[key]
    return place


class Crafted(NamedTuple):
    """The bytes of a file, and what was changed in it."""

    data: bytes
    what: str


def craft(document, seed):
    """The file of a document with one, two or three changes; None where a file cannot hold the change."""
    rng = np.random.default_rng(seed)
    level = pick(rng, ["values"] * 8 + ["marks", "arrays"])
    what = [level]
    if level == "values":
        document = copy.deepcopy(document)
        for _ in range(pick(rng, [1, 1, 1, 2, 3])):
            # Half of the changes are anywhere, half go down the tree level by level.
            place = pick(rng, list(places(document))) if rng.random() < 0.5 else place_in(document, rng)
            document = with_change(document, place, lambda value: changed(value, rng))
            what.append(".".join(map(str, place)))
    with contextlib.suppress(TypeError, ValueError):
        tree, arrays = _json_tree.encode(document)
        if level == "marks":
            place = pick(rng, marked(tree))
            tree = with_change(tree, place, lambda value: another_mark(value, rng))
            what.append(".".join(map(str, place)))
        head, digest, text, blob = _model_file.pack(tree, arrays)
        if level == "arrays":
            blob = with_another_header(blob, rng)
        return Crafted(sealed(text, blob), " ".join(what))
    return None


def marked(tree):
    """The places of the objects in JSON that stand for other values."""
    found = []
    for place in places(tree):
        value = tree
        for key in place:
            value = value[key]
        if isinstance(value, dict) and next(iter(value), "").startswith("!"):
            found.append(place)
    return found


def another_mark(value, rng):
    [(mark, parts)] = value.items()
    if rng.random() < 0.3:
        return {pick(rng, list(_json_tree._BUILDERS)): parts}
    if isinstance(parts, list) and parts and rng.random() < 0.7:
        place = place_in(parts, rng)
        return {mark: with_change(parts, place, lambda part: changed(part, rng))}
    return {mark: changed(parts, rng)}


def with_another_header(blob, rng):
    """The arrays of a file with another entry in the table of their shapes and dtypes."""
    size = struct.unpack("<Q", blob[:8])[0]
    header = json.loads(blob[8 : 8 + size])
    place = pick(rng, [place for place in places(header) if place])
    header = with_change(header, place, lambda value: changed(value, rng))
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + blob[8 + size :]


def sealed(text, blob):
    """The bytes of a file with this content and a right checksum."""
    header = _model_file._HEADER.pack(_model_file.WORD, _model_file.FORMAT, len(text), len(blob))
    return b"".join([header, _model_file._digest(header, text, blob), text, blob])


# What became of it ------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def time_limit(seconds):
    def stop(*_):
        raise TimeoutError("this file hangs")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def memory_limit(n_bytes):
    """At most this much more address space than there is now."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + n_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def read_again(kind, path):
    """The fitted sampler of a file."""
    if kind in STOPPED:
        return resume(path, *STOPPED[kind][2](), every_seconds=1e9)
    return load(path)


def columns_of(rows):
    """Name, dtype and values of each column of what `sample` gives."""
    for part in rows if isinstance(rows, tuple) else (rows,):
        if isinstance(part, pd.DataFrame):
            part = part.reset_index() if part.index.names != [None] else part
            yield from ((name, part[name].dtype, part[name]) for name in part.columns)
        else:
            part = np.asarray(part)
            # Arrays of text are as wide as their longest text.
            yield part.shape[1:], "U" if part.dtype.kind == "U" else part.dtype, pd.Series(part.ravel())


class Expected(NamedTuple):
    """What the rows of a valid file are: name, dtype, and whether any value is missing, of each column."""

    columns: list
    gaps: list


def expected_of(kind, path):
    columns = list(columns_of(read_again(kind, path).sample(500, random_state=0)))
    return Expected([column[:2] for column in columns], [bool(values.isna().any()) for _, _, values in columns])


REFUSED, USED, RAISES = "refused", "used", "raises"
PARAMETERS = tuple(ConditionalGANSampler._get_param_names())


def judge(kind, crafted, expected, folder):
    """`REFUSED`, `USED` (it loads, and its rows are of the right columns), or what is wrong, a text."""
    path = os.path.join(folder, "crafted")
    Path(path).write_bytes(crafted.data)
    # A checkpoint before this one would be used instead.
    Path(path + PREVIOUS).unlink(missing_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with time_limit(SECONDS), memory_limit(MEMORY):
                return _outcome(kind, path, expected)
        except (Exception, SystemExit) as error:
            return f"{RAISES} {type(error).__name__}: {' '.join(str(error).split())[:300]}"


def _outcome(kind, path, expected):
    try:
        sampler = read_again(kind, path)
    except BrokenFileError as error:
        return f"allocates too much: {error}" if NO_MEMORY in str(error) else REFUSED
    except ValueError as error:
        # `fit` itself checks the parameters of a checkpoint, and its rows.
        if kind in STOPPED and (str(error).startswith(PARAMETERS) or "not those of the checkpoint" in str(error)):
            return REFUSED
        raise
    rows = sampler.sample(ROWS, random_state=0)
    columns = list(columns_of(rows))
    # A file may give other names and dtypes to columns; those that it has must be readable as X.
    if len(columns) != len(expected.columns):
        return f"has {len(columns)} columns in place of {len(expected.columns)}"
    for (name, dtype, values), (_, wanted), had_gaps in zip(columns, expected.columns, expected.gaps, strict=True):
        if dtype == wanted and values.isna().any() and not had_gaps:
            return f"column {name!r} has missing values"
        if values.dtype.kind in "fc" and np.isinf(values).any():
            return f"column {name!r} has infinite values"
    wrong = _wrong_elsewhere(sampler, rows)
    if wrong is not None:
        return wrong
    again = path + ".again"
    save(sampler, again)
    others = list(columns_of(load(again).sample(ROWS, random_state=0)))
    for (name, dtype, values), (other_name, other_dtype, other_values) in zip(columns, others, strict=True):
        if (name, dtype) != (other_name, other_dtype) or not values.equals(other_values):
            return f"column {name!r} differs once it is saved again"
    return USED


def _wrong_elsewhere(sampler, rows):
    """What is wrong with the other methods of a sampler, a text or None."""
    if isinstance(sampler, ConditionalGANSampler):
        X, y = rows
        n = len(sampler.interpolate(0, 1, 3, y=y[:3]))
        numbers = sampler.predict_proba(X) if hasattr(sampler, "predict_proba") else np.zeros(1)
    else:
        n, numbers = len(sampler.interpolate(0, 1, 3)), sampler.score_samples(rows)
    if n != 3:
        return f"interpolate returns {n} rows in place of 3"
    return None if np.isfinite(numbers).all() else "has undefined scores"


class Source:
    """A valid file of a kind, from which others are crafted.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    folder : str or path-like
    """

    def __init__(self, kind, folder):
        self.kind, self.folder = kind, str(folder)
        path = os.path.join(self.folder, "valid")
        write_valid(kind, path)
        self.document = _json_tree.decode(*_model_file.read(path))
        self.expected = expected_of(kind, path)

    def outcome(self, seed) -> tuple[str, str] | None:
        """What became of the file with this seed, and what was changed; None where no file can hold that."""
        crafted = craft(self.document, seed)
        return crafted and (judge(self.kind, crafted, self.expected, self.folder), crafted.what)
