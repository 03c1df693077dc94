"""A sampler in one file: what comes back is what went in, and every other file is one clear error."""

import io
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
import torch
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from skgan import _json_tree, _model_file
from skgan.exceptions import BrokenFileError
from skgan.persistence import ESTIMATORS, load, save
from skgan.samplers import ConditionalGANSampler, GANSampler

ROOT = Path(__file__).parents[1]
SMALL = dict(max_iter=5, hidden_layer_sizes=(4,), latent_dim=2, random_state=0)
PLAIN = dict(**SMALL, refine=False)

pytestmark = [pytest.mark.filterwarnings("ignore::UserWarning"), pytest.mark.usefixtures("few_trees_in_module")]


def mixed(n=60, seed=0):
    rng = np.random.default_rng(seed)
    absent = rng.random((5, n)) < 0.1
    start = pd.Timestamp("2021-03-01 00:00:00.000001", tz="Europe/Paris")
    frame = pd.DataFrame({
        "float": np.where(absent[0], np.nan, rng.normal(1e6, 1e3, n)),
        "int": rng.integers(10**12, 2 * 10**12, n),
        "nullable": pd.array(rng.integers(0, 9, n), "Int64"),
        "category": pd.Categorical(rng.choice(["a", "é"], n), ["é", "a", "never"], ordered=True),
        "text": np.where(absent[1], None, rng.choice(["x", "y", "z"], n)),
        "bool": rng.random(n) < 0.5,
        "date": start + pd.to_timedelta(rng.random(n), "D"),
        "delta": pd.to_timedelta(np.where(absent[2], np.nan, rng.random(n)), "D"),
        "bins": pd.cut(rng.random(n), 3),
    })
    frame.loc[absent[3], "nullable"] = pd.NA
    frame.loc[absent[4], "date"] = pd.NaT
    return frame


def labels(n=60):
    return pd.Series(np.random.default_rng(1).choice(["no", "yes"], n), name="label")


def targets(n=60):
    rng = np.random.default_rng(2)
    return pd.DataFrame({"class": rng.integers(0, 3, n), "amount": rng.normal(size=n)})


def numbers(n=60):
    return np.random.default_rng(3).normal(size=(n, 2))


FITTED = {
    "frame": lambda: GANSampler(**SMALL).fit(mixed()),
    "unrefined": lambda: GANSampler(**PLAIN, loss="hinge", regularizer=None).fit(mixed()),
    "array": lambda: GANSampler(**SMALL).fit(numbers()),
    "polars": lambda: GANSampler(**PLAIN).fit(pl.DataFrame({"a": numbers()[:, 0], "b": labels().tolist()})),
    "few rows": lambda: GANSampler(**SMALL).fit(mixed(15)),
    "numbered columns": lambda: GANSampler(**PLAIN).fit(mixed().set_axis(range(9), axis=1)),
    "classes": lambda: ConditionalGANSampler(**SMALL).fit(mixed(), labels()),
    "whole classes": lambda: ConditionalGANSampler(**PLAIN).fit(numbers(), np.arange(60) % 3),
    "continuous": lambda: ConditionalGANSampler(**PLAIN).fit(mixed(), targets()["amount"]),
    "two targets": lambda: ConditionalGANSampler(**SMALL).fit(mixed(), targets()),
}


@pytest.fixture(scope="module")
def fitted():
    """Fitted samplers by name, each fitted once; take a copy before drawing from their stream."""
    made = {}

    def get(name):
        if name not in made:
            made[name] = FITTED[name]()
        return pickle.loads(pickle.dumps(made[name]))

    return get


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model"


def reloaded(sampler, path, **factories):
    save(sampler, path)
    return load(path, **factories)


def document_of(sampler, path):
    save(sampler, path)
    return _json_tree.decode(*_model_file.read(path))


def assert_same_rows(got, want):
    assert type(got) is type(want)
    if isinstance(want, tuple):
        for got_part, part in zip(got, want, strict=True):
            assert_same_rows(got_part, part)
    elif isinstance(want, pd.DataFrame | pd.Series):
        name = "assert_frame_equal" if isinstance(want, pd.DataFrame) else "assert_series_equal"
        getattr(pd.testing, name)(got, want, check_exact=True)
    elif isinstance(want, pl.DataFrame):
        assert got.equals(want) and got.schema == want.schema
    else:
        assert got.dtype == want.dtype
        np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("name", FITTED)
def test_the_rows_are_bit_equal_and_the_stream_goes_on(fitted, path, name):
    sampler = fitted(name)
    sampler.sample(3)
    copy = reloaded(sampler, path)
    assert_same_rows(copy.sample(30), sampler.sample(30))
    assert_same_rows(copy.sample(30, random_state=5), sampler.sample(30, random_state=5))


@pytest.mark.parametrize("name", FITTED)
def test_what_was_fitted_comes_back(fitted, path, name):
    sampler = fitted(name)
    copy = reloaded(sampler, path)
    assert copy.get_params() == sampler.get_params()
    public = {key for key in vars(sampler) if key.endswith("_") and not key.startswith("_")}
    assert {key for key in vars(copy) if key.endswith("_") and not key.startswith("_")} == public
    assert (copy.n_iter_, copy.n_features_in_, copy.device_) == (
        sampler.n_iter_, sampler.n_features_in_, sampler.device_)
    pd.testing.assert_frame_equal(copy.history_, sampler.history_, check_exact=True)
    for key in public & {"feature_names_in_", "classes_"}:
        assert_same_rows(getattr(copy, key), getattr(sampler, key))
    for key in ("generator_", "discriminator_"):
        module, other = getattr(sampler, key), getattr(copy, key)
        assert not other.training
        assert [weights.requires_grad for weights in other.parameters()] == [
            weights.requires_grad for weights in module.parameters()]
        assert all(torch.equal(other.state_dict()[k], v) for k, v in module.state_dict().items())
    # Five updates: the average at 80 % of them, and at the end.
    assert len(copy.generator_.members) == len(sampler.generator_.members) == 2


def test_scores_are_equal(fitted, path):
    sampler, X = fitted("frame"), mixed(40, seed=1)
    copy = reloaded(sampler, path)
    np.testing.assert_array_equal(copy.score_samples(X), sampler.score_samples(X))
    assert copy.score(X) == sampler.score(X)
    sampler = fitted("classes")
    assert reloaded(sampler, path).score(X, labels(40)) == sampler.score(X, labels(40))


def test_conditions_are_known_again(fitted, path):
    sampler = fitted("two targets")
    copy, y = reloaded(sampler, path), {"class": 2, "amount": 0.5}
    assert_same_rows(copy.sample(9, y=y, random_state=0), sampler.sample(9, y=y, random_state=0))
    with pytest.raises(ValueError, match="7"):
        copy.sample(y={"class": 7, "amount": 0.5})


@pytest.mark.parametrize("name", ["frame", "classes"])
def test_a_loaded_sampler_is_like_any_other(fitted, path, name):
    copy = reloaded(fitted(name), path)
    again = pickle.loads(pickle.dumps(copy))
    assert_same_rows(again.sample(5), copy.sample(5))
    assert clone(copy).get_params() == copy.get_params()
    first = path.read_bytes()
    save(load(path), path)
    assert path.read_bytes() == first


def test_another_process_draws_the_same_rows(fitted, path):
    sampler = fitted("frame")
    save(sampler, path)
    code = "import sys, skgan.persistence as p; p.load(sys.argv[1]).sample(30).to_pickle(sys.argv[2])"
    rows = path.with_name("rows")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": str(torch.get_num_threads())}
    subprocess.run([sys.executable, "-c", code, path, rows], check=True, env=environment)
    assert_same_rows(pd.read_pickle(rows), sampler.sample(30))


def test_random_numbers_and_folder_are_left_alone(fitted, path):
    sampler = fitted("frame")
    before = np.random.get_state()[1].copy(), torch.get_rng_state()
    copy = reloaded(sampler, str(path))
    assert_same_rows(copy.sample(), sampler.sample())
    np.testing.assert_array_equal(np.random.get_state()[1], before[0])
    assert torch.equal(torch.get_rng_state(), before[1])
    assert os.listdir(path.parent) == ["model"]


@pytest.mark.parametrize("state", [np.random.RandomState(0), np.random.default_rng(0)], ids=["legacy", "new"])
def test_a_random_generator_stays_out_and_the_stream_in(path, state):
    sampler = GANSampler(**{**SMALL, "random_state": state}).fit(numbers())
    copy = reloaded(sampler, path)
    assert copy.random_state is None
    assert_same_rows(copy.sample(5), sampler.sample(5))


def test_nothing_is_unpickled(fitted, path, monkeypatch):
    sampler = fitted("frame")
    save(sampler, path)

    def refuse(*_, **__):
        raise AssertionError("this can run code from a file")

    for module, name in [(pickle, "load"), (pickle, "loads"), (pickle, "Unpickler"), (torch, "load"),
                         (np, "load"), (joblib, "load")]:
        monkeypatch.setattr(module, name, refuse)
    assert_same_rows(load(path).sample(5), sampler.sample(5))


def test_a_model_of_a_missing_device_moves_to_the_cpu(fitted, path):
    sampler = fitted("frame")
    document = document_of(sampler, path)
    document["state"]["device"] = "cuda:7" if not torch.cuda.is_available() else "cpu"
    _model_file.write(path, *_json_tree.encode(document))
    copy = load(path)
    assert copy.device_ == torch.device("cpu")
    assert_same_rows(copy.sample(5), sampler.sample(5))


class Body(torch.nn.Module):
    def __init__(self, n_in, n_out, squeeze=False):
        super().__init__()
        self.linear = torch.nn.Linear(n_in, n_out)
        self.squeeze = squeeze

    def forward(self, x, condition):
        scores = self.linear(torch.cat([x, condition], dim=1))
        return scores[:, 0] if self.squeeze else scores


def make_generator(spec, latent_dim, condition_dim):
    return Body(latent_dim + condition_dim, spec.width)


def make_discriminator(spec, latent_dim, condition_dim):
    return Body(spec.width + condition_dim, 1, squeeze=True)



BOTH = dict(generator=make_generator, discriminator=make_discriminator)


@pytest.mark.parametrize("names", [("generator",), ("discriminator",), ("generator", "discriminator")])
def test_factories_are_required_and_only_those(path, names):
    given = {name: BOTH[name] for name in names}
    sampler = GANSampler(**SMALL, **given).fit(numbers())
    copy = reloaded(sampler, path, **given)
    assert copy.get_params() == sampler.get_params()
    assert_same_rows(copy.sample(9), sampler.sample(9))
    for name in names:
        others = {other: factory for other, factory in given.items() if other != name}
        with pytest.raises(ValueError, match=rf"a factory for its {name}, .*pass it: load\(path, {name}="):
            load(path, **others)
        with pytest.raises(TypeError, match=f"{name}='mlp' must be a factory"):
            load(path, **{**given, name: "mlp"})
    for name in set(BOTH) - set(names):
        with pytest.raises(ValueError, match=f"built with {name}='auto', without .*; leave out {name}="):
            load(path, **BOTH)


def test_factories_of_a_conditional_sampler(path):
    sampler = ConditionalGANSampler(**SMALL, **BOTH).fit(mixed(), labels())
    assert_same_rows(reloaded(sampler, path, **BOTH).sample(9), sampler.sample(9))


def test_a_factory_of_another_network_is_named(path):
    save(GANSampler(**SMALL, generator=make_generator).fit(numbers()), path)

    def other(spec, latent_dim, condition_dim):
        module = make_generator(spec, latent_dim, condition_dim)
        module.more = torch.nn.Linear(1, 1)
        return module

    with pytest.raises(ValueError, match=r"model' was saved with another generator \(.*more.*\)\.$"):
        load(path, generator=other)


def test_what_cannot_be_saved(fitted, path):
    class Mine(GANSampler):
        pass

    class GANSampler2(GANSampler):
        pass

    GANSampler2.__name__ = "GANSampler"
    for sampler in (Mine().fit(numbers(9)), GANSampler2(), object(), None, GANSampler):
        with pytest.raises(TypeError, match=r"^A file holds no code, so skgan.save writes a GANSampler or"):
            save(sampler, path)
    for cls in ESTIMATORS.values():
        with pytest.raises(NotFittedError):
            save(cls(), path)
    with pytest.raises(TypeError, match=r"^params\['categorical_features'\] is of type builtins.function"):
        save(fitted("array").set_params(categorical_features=lambda: 0), path)
    assert not path.exists()


def test_a_parameter_that_was_set_wrongly_after_the_fit_is_named(path):
    sampler = GANSampler(**SMALL).fit(numbers(9)).set_params(n_jobs="all")
    with pytest.raises(ValueError, match="n_jobs='all' of GANSampler is not allowed"):
        save(sampler, path)
    save(sampler.set_params(n_jobs=1), path)


AT_THE_EDGE = {
    "text of pyarrow": pd.DataFrame({"a": pd.array(["x", "y", None] * 5, "string[pyarrow]")}),
    "a missing name": pd.DataFrame(np.arange(30.0).reshape(15, 2), columns=pd.Index([None, 0], dtype=object)),
    "levels with a gap": pd.DataFrame(
        np.arange(30.0).reshape(15, 2), columns=pd.MultiIndex.from_tuples([("a", 1), ("b", None)], names=["u", None])
    ),
    "huge images": np.random.default_rng(0).uniform(-1, 1, (5, 4, 4)) * np.finfo(float).max,
}


@pytest.mark.parametrize("name", AT_THE_EDGE)
def test_what_can_be_saved_can_be_loaded(path, name):
    X = AT_THE_EDGE[name]
    options = SMALL | {"refine": False} | ({"hidden_layer_sizes": "auto"} if name == "huge images" else {})
    sampler = GANSampler(**options).fit(X)
    assert_same_rows(reloaded(sampler, path).sample(20, random_state=0), sampler.sample(20, random_state=0))


def test_names_that_a_file_would_mix_up_are_not_written(path):
    X = pd.DataFrame(np.arange(30.0).reshape(15, 2), columns=pd.Index([None, np.nan], dtype=object))
    with pytest.raises(ValueError, match=r"The column names \[None, nan\] cannot be written .*; use text as names"):
        save(GANSampler(**SMALL).fit(X), path)
    assert not path.exists()


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """The bytes of a small real model."""
    path = tmp_path_factory.mktemp("tiny") / "model"
    sampler = GANSampler(**{**SMALL, "hidden_layer_sizes": (1,), "latent_dim": 1})
    save(sampler.fit(pd.DataFrame({"a": np.arange(12) // 3, "b": list("uvuvuvuvuvuv")})), path)
    return path.read_bytes()


def places(size):
    """The first and the last bytes of a file, and some between: test_container.py tries all of a smaller one."""
    return [*range(200), *range(200, size - 200, 31), *range(size - 200, size)]


def test_a_flipped_byte_of_a_model_is_noticed(tiny, path):
    path.write_bytes(tiny)
    load(path)
    with open(path, "r+b", buffering=0) as file:
        for number, place in enumerate(places(len(tiny))):
            byte = tiny[place]
            os.pwrite(file.fileno(), bytes([byte ^ (1 << number % 8)]), place)
            with pytest.raises(BrokenFileError, match=r"^Cannot load '.*model': it"):
                load(path)
            os.pwrite(file.fileno(), bytes([byte]), place)
    load(path)


def test_a_truncation_of_a_model_is_noticed(tiny, path):
    path.write_bytes(tiny)
    for size in reversed(places(len(tiny))):
        os.truncate(path, size)
        with pytest.raises(BrokenFileError, match=r"^Cannot load '.*model': it"):
            load(path)
    path.write_bytes(tiny + b"\0")
    with pytest.raises(BrokenFileError, match="1 bytes too many"):
        load(path)


def test_foreign_files(fitted, path):
    def zipped():
        buffer = io.BytesIO()
        zipfile.ZipFile(buffer, "w").close()
        return buffer.getvalue()

    def torch_file():
        buffer = io.BytesIO()
        torch.save({"a": torch.ones(1)}, buffer)
        return buffer.getvalue()

    future = bytearray(document := b"".join(_model_file.pack({}, [])))
    future[8] = 2
    for content, words in [
        (pickle.dumps(fitted("array")), "it is a pickle; pass a file that skgan.save wrote"),
        (zipped(), "it is a zip archive"), (torch_file(), "it is a zip archive"), (b"", "it is empty"),
        (b"a,b\n1,2\n", "it is of another kind"), (bytes(future), "its format is 2 .* update skgan"),
        (document, "it holds no sampler"),
    ]:
        path.write_bytes(content)
        with pytest.raises(ValueError, match=f"^Cannot load '.*model': {words}") as caught:
            load(path)
        assert type(caught.value) is BrokenFileError
    with pytest.raises(BrokenFileError, match="a folder or a device"):
        load(path.parent)
    with pytest.raises(FileNotFoundError):
        load(path.parent / "nowhere")


def crowd(document, n_generators):
    return with_model(document, n_members={"generator": n_generators})


def with_model(document, **changes):
    state = document["state"]
    return {**document, "state": {**state, "model": {**state["model"], **changes}}}


CRAFTED = {
    "no document": (lambda document: [], "it holds no sampler"),
    "nothing": (lambda document: None, "it holds no sampler"),
    "a part more": (lambda document: {**document, "code": "x"}, "it holds no sampler"),
    "a part of another type": (lambda document: {**document, "state": []}, "it holds no sampler"),
    "a function": (lambda document: {**document, "estimator": "os.system"}, "it holds a 'os.system', unk"),
    "the base class": (lambda document: {**document, "estimator": "BaseGAN"}, "it holds a 'BaseGAN', unk"),
    "the other class": (lambda document: {**document, "estimator": "ConditionalGANSampler"},
                        "differ in the parameters 'conditioning', 'target_type'; load it with the version"),
    "a parameter more": (lambda document: {**document, "params": {**document["params"], "__class__": 1}},
                         "differ in the parameters '__class__'; load it with the version that wrote it: skgan "),
    "no parameters": (lambda document: {**document, "params": {}},
                      "differ in the parameters 'augmentation', 'batch_size', "),
    "no generator": (lambda document: crowd(document, 0), "generator must be a whole number from 1 to 16, not 0"),
    "fewer generators": (lambda document: crowd(document, 1), "generator: RuntimeError: .* Unexpected key"),
    "more generators": (lambda document: crowd(document, 16), "must fit the 7 weights of the generator"),
    "a crowd of generators": (lambda document: crowd(document, 10**9), "generator must be .*, not 1000000000"),
    "no number of generators": (lambda document: crowd(document, "2"), "n_members: generator must be .* not '2'"),
    "another mixture": (lambda document: with_model(document, n_members={"generator": 1, "discriminator": 1}),
                        "n_members: names must be .'generator'."),
    "no mixture": (lambda document: with_model(document, n_members={}), "n_members: generator must be there"),
    "a network more": (lambda document: with_model(document, networks={"generator": {}, "discriminator": {}, "c": {}}),
                       "networks and words must be those of .'discriminator', 'generator'."),
    "no discriminator": (lambda document: with_model(document, networks={"generator": {}}),
                         "networks and words must be those of"),
    "no state": (lambda document: {**document, "state": {}}, "n_draws must be there"),
}


@pytest.mark.parametrize("craft, words", CRAFTED.values(), ids=CRAFTED)
def test_crafted_documents(fitted, path, craft, words):
    document = craft(document_of(fitted("array"), path))
    _model_file.write(path, *_json_tree.encode(document))
    with pytest.raises(BrokenFileError, match=f"^Cannot load '.*model': .*{words}"):
        load(path)


def walk(tree, place=()):
    """The places of all values in a tree of dicts and lists."""
    if place:
        yield place
    for key, item in tree.items() if isinstance(tree, dict) else enumerate(tree):
        if isinstance(item, dict | list):
            yield from walk(item, (*place, key))
        else:
            yield (*place, key)


def test_a_state_without_one_of_its_values(fitted, path):
    """A value that is missing is an error of ours at loading, or is not missed; nothing else is raised."""
    tried, refused, loaded = set(), 0, 0
    for name in ("frame", "two targets"):
        document = document_of(fitted(name), path)
        # Both are of one table, and the second adds what holds the targets: no place is tried twice.
        places = [place for place in walk(document["state"]) if place not in tried]
        tried.update(places)
        for place in places:
            holder = document["state"]
            for key in place[:-1]:
                holder = holder[key]
            if not isinstance(holder, dict):
                continue
            items = list(holder.items())
            del holder[place[-1]]
            _model_file.write(path, *_json_tree.encode(document))
            try:
                load(path)
                loaded += 1
            except BrokenFileError:
                refused += 1
            holder.clear()
            holder.update(items)
    assert refused > 9 * loaded


def spellings(value):
    """How a file could show a number: the bytes of the usual dtypes, and text."""
    kinds = ["<f8", "<f4", "<i8"] if float(value).is_integer() else ["<f8", "<f4"]
    texts = {repr(value), f"{value:g}", f"{value:e}", str(np.float32(value))}
    yield from (np.array(value).astype(kind).tobytes() for kind in kinds)
    yield from (text.encode() for text in texts if len(text) > 4)


def test_no_rare_value_is_in_the_file(path):
    rng = np.random.default_rng(0)
    n = 400
    day = 86_400_000_000
    columns = {
        "distinct": rng.normal(size=n) * 1e5,
        "decimals": np.round(rng.normal(5e5, 3e4, n), 2),
        "whole": rng.integers(10**6, 10**9, n),
        "atoms": np.where(rng.random(n) < 0.9, 0, rng.integers(10**6, 10**7, n)),
        "date": 1_500_000_000_000_000 + rng.integers(0, 1000, n) * day + rng.integers(0, day, n),
    }
    X = pd.DataFrame(columns).assign(date=pd.to_datetime(columns["date"], unit="us"))
    y = pd.Series(rng.lognormal(10, 1, n), name="y")
    save(ConditionalGANSampler(**SMALL).fit(X, y), path)
    content = path.read_bytes()
    for name, values in {**columns, "y": y.to_numpy()}.items():
        distinct, counts = np.unique(values, return_counts=True)
        rare = distinct[counts < 5]
        assert len(rare) > 20
        shown = [value for value in rare.tolist() if any(words in content for words in spellings(value))]
        assert not shown, (name, shown)
