"""Model files whose checksum is right and whose content is not: refused with the part and the rule, or safe to use."""

import copy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from crafted import FITTED, INF, KINDS, NAN, REFUSED, ROWS, USED, Source, memory_limit, one

from skgan import _json_tree, _model_file
from skgan._forms import read_table
from skgan.encoders._check_form import written_and_read
from skgan.exceptions import BrokenFileError
from skgan.persistence import load, save
from skgan.refinement._quick_scorer import QuickScorer
from skgan.samplers import GANSampler

pytestmark = [pytest.mark.filterwarnings("ignore::UserWarning"), pytest.mark.usefixtures("few_trees_in_module")]


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """The content of a file of each kind, made once; take a copy before changing it."""
    path, made = tmp_path_factory.mktemp("fitted") / "model", {}

    def get(name):
        if name not in made:
            save(FITTED[name](), path)
            made[name] = _json_tree.decode(*_model_file.read(path))
        return copy.deepcopy(made[name])

    return get


def loaded(document, path):
    """The sampler of a file with this content and a right checksum."""
    path.write_bytes(b"".join(_model_file.pack(*_json_tree.encode(document))))
    return load(path)


def at(tree, place):
    """The container of the value at `place`, and the value's key in it."""
    if place in tree or "." not in place:  # names of weights have dots
        return tree, int(place) if place.isdigit() else place
    name, below = place.split(".", 1)
    return at(tree[int(name) if name.isdigit() else name], below)


def shorter(array):
    return array[:-1]


COLUMNS = {"float": 0, "whole": 1, "category": 2, "text": 3, "day": 4, "empty": 5, "city": 6, "code": 7}
FLOAT, WHOLE, TEXT, EMPTY, CITY, CODE = (
    f"encoder.columns.{COLUMNS[name]}" for name in ("float", "whole", "text", "empty", "city", "code"))
ORDER, MAIL = "encoder.columns.0", "encoder.columns.2"
# (sampler, place in its state, new value or function of the old one, words of the error message)
EDITS = [
    ("frame", "seed", -1, "seed must be a whole number from 0"),
    ("frame", "n_draws", 0.5, "n_draws must be a whole number"),
    ("frame", "n_features_in", 7, "n_features_in must be the number of columns"),
    ("frame", "feature_names_in", lambda names: names[::-1], "feature_names_in must be"),
    ("frame", "device", "meta", "device: it must hold numbers"),
    ("frame", "device", "abacus", "device: RuntimeError: "),
    ("frame", "words.discriminator", None, "words: discriminator must be a word where .* without a factory"),
    ("frame", "networks.discriminator.body.exit.bias", [0.0], "discriminator must hold tensors"),
    ("frame", "networks.discriminator.body.exit.weight", shorter,
     "discriminator: RuntimeError: .* size mismatch for body.exit"),
    ("images", "hyperparameters.hidden_layer_sizes", (3, 3),
     "hyperparameters: ValueError: .* must hold 1 numbers of channels"),
    ("targets", "targets.form.columns.0.declared", True, "declared must be False if the kind is numeric"),
    ("frame", "history", {"step": np.zeros(2), "seconds": np.zeros(3)}, "history: columns must be numbers, of one"),
    ("frame", "hyperparameters.latent_dim", 10**9, "hyperparameters: latent_dim must be"),
    ("frame", "hyperparameters.latent_dim", 10**6, "latent_dim=1000000 must fit the .* weights of the generator"),
    ("frame", "hyperparameters.hidden_layer_sizes", (10**6,), r"hidden_layer_sizes=\(1000000,\) and .* must fit"),
    ("frame", "hyperparameters.conditioning", "telepathy", "hyperparameters: conditioning must be one of"),
    ("frame", "hyperparameters.augmentation", (1,), r"hyperparameters: augmentation\[0\] must be text"),
    ("frame", "hyperparameters.n_critic", 0, "hyperparameters: n_critic must be a whole number from 1"),
    ("frame", "words.generator", "os", "words: generator must be one of"),
    ("frame", "networks.generator.members.0.body.body.entry.weight", one(NAN),
     "generator: .*entry.weight must be finite"),
    ("frame", "networks.discriminator.body.entry.weight", one(INF), "discriminator: .*entry.weight must be finite"),
    ("frame", "calibration.index", [0, 1], "Calibration: knots must have the shape"),
    ("frame", "calibration.index", lambda index: [*index[:-1], 10**6], "Calibration: index must be .* uniform"),
    ("frame", "calibration.index", lambda index: [*index[:-1], -1], r"Calibration: index\[\d\] must be a whole number"),
    ("frame", "calibration.knots", one(NAN), "Calibration: knots must be an array .* finite"),
    ("frame", "calibration.knots", one(7.0), "Calibration: knots must ascend"),
    ("frame", "calibration.knots", lambda knots: knots[:, :-1], "Calibration: knots must have the shape"),
    ("frame", "ratio.baseline", INF, "RatioTrees: baseline must be a number"),
    ("frame", "ratio.value", one(1e300), "RatioTrees: value must be"),
    ("frame", "ratio.value", shorter, "RatioTrees: column, value, children and goes_left must have one entry per"),
    ("frame", "ratio.column", one(8), "RatioTrees: column must be less than 8"),
    ("frame", "ratio.column", one(-1), "RatioTrees: column must be"),
    ("frame", "ratio.children", lambda children: children * 0, "RatioTrees: children must be two later nodes"),
    ("frame", "ratio.children", one(2**31 - 1), "RatioTrees: children must be two later nodes"),
    ("frame", "ratio.roots", one(10**6), "RatioTrees: roots must ascend"),
    ("frame", "ratio.goes_left", lambda table: table[:, :-1], "RatioTrees: goes_left must be"),
    ("frame", "refiner.rounds.1.children", one(0), r"Refiner: rounds\[1\]: RatioTrees: children must be"),
    ("frame", "refiner.log_scale", NAN, "Refiner: log_scale must be a number"),
    ("frame", "refiner.balance.shares", one(0.9), "Balance: shares must add up to 1"),
    ("frame", "refiner.balance.shares", shorter, "Balance: shares must have as many rows as bins"),
    ("frame", "refiner.balance.bins", lambda bins: bins * 0, "refiner: Balance: bins must be those of the columns"),
    ("frame", "encoder.min_frequency", 0, "TableEncoder: min_frequency must be"),
    ("frame", "encoder.columns", shorter, "columns must be 7, as many as the encoder has"),
    ("frame", "encoder.columns", [], "TableEncoder: columns must be a list of 1"),
    ("frame", FLOAT + ".kind", "pickle", r"TableEncoder: columns\[0\]: kind must be one of 'numeric', "),
    ("frame", FLOAT + ".has_missing", False,
     "missing_share must be between 0 and 1 if has_missing is True, and 0 if it is False"),
    ("frame", FLOAT + ".missing_share", 1.0, "missing_share must be between 0 and 1"),
    ("frame", FLOAT + ".dtype", "<i8", "NumericColumn: dtype must have the kind 'f' of the grid"),
    ("frame", FLOAT + ".quantiles.ranks", one(2.0), "Quantiles: ranks must be an array .* from 0 to 1"),
    ("frame", FLOAT + ".quantiles.ranks", lambda ranks: ranks[::-1].copy(), "Quantiles: ranks must ascend from 0 to 1"),
    ("frame", FLOAT + ".quantiles.heights", one(INF), "Quantiles: heights must be an array .* finite"),
    ("frame", FLOAT + ".quantiles.heights", shorter, "Quantiles: heights must ascend, one for each rank"),
    ("frame", FLOAT + ".quantiles.segment_atom", one(3), "Quantiles: segment_atom must name each atom once"),
    ("frame", WHOLE + ".quantiles.atoms", lambda atoms: atoms[::-1].copy(), "Quantiles: atoms must ascend"),
    ("frame", WHOLE + ".quantiles.atoms", lambda atoms: atoms.astype(float), "atoms must have the dtype kind 'i'"),
    ("frame", WHOLE + ".quantiles.atom_ranks", one(0.5), "Quantiles: atom_ranks must be the ranks of the atoms"),
    ("frame", WHOLE + ".quantiles.grid.step", 0, "Grid: step must be a whole number from 1"),
    ("frame", WHOLE + ".quantiles.grid.decimals", 3, "Grid: decimals must be 0 where whole is True"),
    ("frame", TEXT + ".categories", ["x", "x", "y"], "CategoricalColumn: categories must be a list of distinct values"),
    ("frame", TEXT + ".categories", ["x", "y"],
     "CategoricalColumn: log_frequencies must have one number for each of 3 categories"),
    ("frame", TEXT + ".log_frequencies", (-0.1,) * 4, "log_frequencies must be logs of shares that add up to 1"),
    ("frame", TEXT + ".categories", [["x"], "y", "z"],
     "CategoricalColumn: categories must be a list of distinct values"),
    ("frame", EMPTY + ".dtype", "|O", r"form: columns\[5\].kind must be 'categorical' as in the encoder"),
    ("frame", CODE + ".position", 7, r"columns\[7\]: position must be that of a column that is not itself derived"),
    ("frame", CODE + ".position", 99, r"columns\[7\]: position must be that of a column"),
    ("frame", CODE + ".position", 3, r"columns\[7\]: categories must be those of the column at position 3"),
    ("frame", CODE + ".values", shorter, "DerivedColumn: missing must have one entry for each"),
    ("frame", "form.container.labels.values", lambda names: names[:-1] + names[:1], "form: labels must differ"),
    ("frame", "form.columns.0.kind", "categorical", r"form: columns\[0\].kind must be 'numeric' as in the encoder"),
    ("frame", "form.columns.0.declared", 1, r"form: columns\[0\]: declared must be True or False"),
    ("frame", "form.columns.0.codec.dtype", "<i4", "form: ValueError: its rows cannot be written: .* no missing value"),
    ("frame", "form.columns.1.codec.dtype", "<f8", "column .whole. must hold whole numbers exactly where"),
    ("frame", "form.columns.0.codec.dtype", "<U200000000", "dtype must have at most"),
    ("frame", "form.columns.2.codec.categories.values", ["p", "q", "r"], "form: ValueError: its rows cannot"),
    ("frame", "form.columns", shorter, "form: columns must be 8, one for each name"),
    ("array", "form.container.dtype", "<f4", "form: dtype must be that of the columns"),
    ("array", "form.container.n_dim", 1, "form: columns must be one if there is one dimension"),
    ("array", "form.container.n_dim", 3, "form: n_dim must be a whole number from 1 to 2"),
    ("array", "refiner", {}, "Refiner: rounds must be there"),
    ("categories", "encoder.columns.0.edges", one(NAN), "GroupedColumn: edges must be an array"),
    ("categories", "encoder.columns.0.edges", one(0.0), "GroupedColumn: edges must ascend from 0 to 1"),
    ("categories", "encoder.columns.0.edges", shorter, "GroupedColumn: edges must have one number more than"),
    ("identifiers", ORDER + ".identifier.maker.highest", 1.5, "SequentialNumbers: highest must be a whole number"),
    ("identifiers", ORDER + ".identifier.maker.highest", 10, "SequentialNumbers: lowest must be at most highest"),
    ("identifiers", ORDER + ".identifier.maker.maker", "os", "Identifier: maker must be a dict whose 'maker' is"),
    ("identifiers", ORDER + ".identifier.form.kind", "uuids", "must fit the kind"),
    ("identifiers", ORDER + ".identifier.known.hashes", lambda hashes: np.array([9, 9], np.uint32),
     "Known: hashes must ascend"),
    ("identifiers", MAIL + ".identifier.known.hashes", np.arange(2**14, dtype=np.uint32),
     "Known: hashes must be at most one of 128 numbers"),
    ("identifiers", ORDER + ".dtype", "|O", "IdentifierColumn: dtype must be one of numbers, as the identifier's form"),
    ("identifiers", ORDER + ".dtype", "<f8", "column 'order' must hold whole numbers exactly where"),
    ("identifiers", ORDER + ".has_missing", True, "IdentifierColumn: missing_share must be between 0 and 1"),
    ("identifiers", MAIL + ".missing_share", 1.0, "IdentifierColumn: missing_share must be between 0 and 1"),
    ("identifiers", "encoder.columns.3.categories", ["a note"], r"TextColumn: categories must be \['\[text\]'\]"),
    ("identifiers", "encoder.columns", lambda columns: columns[:1], "TableEncoder: columns must have one that is"),
    ("identifiers", "form.columns.0.codec.dtype", "<U3", r"form: columns\[0\].kind must|column 'order' must|form: "),
    ("dropped", "dropped", [0.5], r"dropped\[0\] must be text or a whole number from 0"),
    ("dropped", "dropped", "note", "dropped must be a list"),
    ("targets", "refiner.raking.log_weights", one(5.0), "Raking: log_weights must be an array .* from -1.0 to 1.0"),
    ("targets", "refiner.raking.log_weights", shorter, "Raking: log_weights must have one row for each of 2 columns"),
    ("targets", "targets.encoder.is_class", [False, False],
     r"ConditionEncoder: is_class\[0\] must be True for a column of classes"),
    ("targets", "targets.encoder.is_class", [True],
     "ConditionEncoder: is_class and dtypes must have one entry per target"),
    ("targets", "targets.encoder.dtypes.1", "<i8", r"ConditionEncoder: dtypes\[1\] must be that of the column"),
    ("targets", "targets.encoder.cells", one(99), "ConditionEncoder: cells must be less than"),
    ("targets", "targets.encoder.cells", shorter, "ConditionEncoder: cells must have one row for each of cell_counts"),
    ("targets", "targets.encoder.cell_counts", one(-1), "ConditionEncoder: cell_counts must be an array"),
    ("targets", "targets.encoder.encoder.columns.0.categories", [0, 1, "a"], "targets: "),
    ("targets", "targets.encoder.target_type", "guess", "ConditionEncoder: target_type must be one of"),
    ("targets", "targets.form.columns.0.codec.dtype", "<U3", "targets: "),
    ("styles", "form.columns.0.codec.style.kind", "guess", "form: .*text style: kind must be one of"),
    ("styles", "form.columns.0.codec.style.kind", "date", "form: .*text style: DateStyle: "),
    ("styles", "form.columns.0.codec.style.decimal_mark", ";", "NumberStyle: decimal_mark must be one of"),
    ("styles", "form.columns.0.codec.style.group_mark", ".", "NumberStyle: group_mark must differ from decimal_mark"),
    ("styles", "form.columns.1.codec.style.template", ["%d"], "DateStyle: template must hold a year"),
    ("styles", "form.columns.0.kind", "categorical", "columns.*kind must be 'numeric' as in the encoder"),
    ("styles", "form.columns.0.codec.exceptions", ["$5.00"], "text style: exceptions must have no value"),
    ("styles", "form.columns.0.codec.exceptions", [], "text style: exception_shares must be as many as exceptions"),
    ("styles", "form.columns.0.codec.exception_shares", [1.5],
     r"text style: exception_shares\[0\] must be a number from 0 to 1"),
    ("styles", "form.columns.0.codec.inner", {"codec": "plain", "dtype": "<f8"},
     "text style: inner must be the codec of a column of text"),
    ("styles", "form.columns.1.codec", {"codec": "plain", "dtype": "<f8"}, "form"),
    ("array of text", "form.columns.0.codec.exception_shares", [0.5], "text style: exception_shares must be as many"),
    ("array of text", "form.columns.0.codec.inner.dtype", "<f8", "text style: inner must be the codec of a column of"),
    ("images", "form.shape", [1, 8, 9], r"form: shape must be \(1, 8, 8\), that of the encoder"),
    ("images", "form.shape", [1, 10**9, 8], r"form: shape\[1\] must be a whole number"),
    ("images", "form.layout", "CWH", "form: layout must be one of"),
    ("images", "form.has_channels", True, "form: has_channels must be False for the layout 'HW'"),
    ("images", "form.dtype", "|i1", "form: dtype must hold the darkest and the brightest number"),
    ("images", "form.dtype", "<M8[s]", "form: dtype must be one of numbers"),
    ("images", "n_features_in", 2, "n_features_in must be the number of columns"),
    ("identifiers", "form.columns.0.codec.dtype", "<i1", r"columns\[0\] must have a dtype that holds the identifiers"),
    ("images", "encoder.shape", [1, 4, 8], "ImageEncoder: mean must have one number per activation"),
    ("images", "encoder.low", 300.0, "ImageEncoder: low must be at most high"),
    ("images", "encoder.high", 1e9, "form: dtype must hold the darkest and the brightest number"),
    ("images", "encoder.high", 254.5, "ImageEncoder: low and high must be whole numbers"),
    ("images", "encoder.variance", NAN, "ImageEncoder: variance must be a number"),
    ("images", "encoder.random_features.axes", shorter,
     "RandomFeatures: axes must have one row for each number of mean"),
    ("images", "encoder.random_features.cuts", shorter, "RandomFeatures: cuts must have one row for each"),
    ("images", "encoder.random_features.cuts", one(1e9), "RandomFeatures: cuts must ascend"),
]


@pytest.mark.parametrize("name, place, new, words", EDITS, ids=lambda value: value if isinstance(value, str) else "")
def test_an_edit_is_refused_with_the_part_and_the_rule(documents, tmp_path, name, place, new, words):
    document = documents(name)
    state = document["state"]
    holder, key = at(state if place.split(".")[0] in state else state["model"], place)
    holder[key] = new(holder[key]) if callable(new) else new
    with pytest.raises(BrokenFileError, match=f"^Cannot load '.*model': .*{words}"):
        loaded(document, tmp_path / "model")


needs_limits = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads the memory in use from /proc")


PARAMS = [("n_jobs", []), ("n_jobs", "all"), ("verbose", 0.5), ("loss", "relativisti"), ("latent_dim", np.zeros(0)),
          ("generator", np.zeros(2)), ("generator", None), ("hidden_layer_sizes", (2**70,))]  # fmt: skip


@pytest.mark.parametrize("name, value", PARAMS)
def test_a_parameter_that_no_sampler_may_have_is_refused(documents, tmp_path, name, value):
    document = documents("array")
    document["params"][name] = value
    with pytest.raises(BrokenFileError, match=f"^Cannot load .*params: {name}="):
        loaded(document, tmp_path / "model")


@needs_limits
def test_a_discriminator_larger_than_its_weights_is_not_built(documents, tmp_path):
    document = documents("categories")
    model, size = document["state"]["model"], 3_000_000
    # The generator's weights fit: one unit per input and output between two wide layers.
    model["hyperparameters"]["hidden_layer_sizes"] = (size, 1)
    weights = torch.zeros(6 * size)
    model["networks"]["generator"] = {"members.0.weight": weights}
    model["n_members"] = {"generator": 1}
    with memory_limit(2**29), pytest.raises(BrokenFileError, match="must fit the .* weights of the discriminator"):
        loaded(document, tmp_path / "model")


@needs_limits
def test_trees_that_use_many_columns_take_memory_for_these_alone():
    n_trees = 2_000
    roots, node = np.arange(0, 3 * n_trees, 3), np.arange(3 * n_trees)
    children = np.column_stack([node, node])
    children[::3] = np.column_stack([roots + 2, roots + 1])
    column = np.repeat(np.arange(n_trees), 3)
    goes_left = np.zeros((3 * n_trees, 256), bool)
    goes_left[::3, :128] = True
    value = np.tile([0.0, 1.0, -1.0], n_trees)
    with memory_limit(2**29):  # a table of all trees for each of the columns has 8 GB
        scorer = QuickScorer(roots, column, value, children, goes_left)
        codes = np.random.default_rng(0).integers(0, 256, (5, n_trees)).astype(np.uint8)
        np.testing.assert_array_equal(scorer.total(codes), np.where(codes < 128, 1.0, -1.0).sum(axis=1))


@needs_limits
def test_a_form_is_checked_without_all_its_values_side_by_side():
    n_columns, n_categories = 300, 100_000
    form = read_table(pd.DataFrame({number: ["x", "y"] for number in range(n_columns)})).form
    many = np.array([f"c{number}" for number in range(n_categories)], dtype=object), np.zeros(n_categories, bool)
    few = np.array(["x"], dtype=object), np.zeros(1, bool)
    with memory_limit(2**28):  # as objects side by side, they have 240 MB, and twice that when they are read again
        blocks = written_and_read(form, [many] + [few] * (n_columns - 1))
        assert next(blocks).n_rows == next(blocks).n_rows <= 1024
    text = read_table(np.array([["a"], ["b"]], dtype="<U60000")).form
    with memory_limit(2**29):
        assert sum(1 for _ in written_and_read(text, [(many[0][:2000], many[1][:2000])])) > 1
    array = np.zeros((1, 100), dtype="<U60000")
    with pytest.raises(BrokenFileError, match="columns must take at most .* bytes per row"):
        next(written_and_read(read_table(array).form, [few] * 100))


def test_every_category_and_number_is_checked_in_some_block():
    form = read_table(pd.DataFrame({"number": [1.5, 2.0], "text": ["x", "y"]})).form
    names = np.array([f"c{number}" for number in range(2500)], dtype=object)
    pairs = [(np.array([1.5, 2.0, 1e19]), np.zeros(3, bool)), (names, np.zeros(2500, bool))]
    tables = list(written_and_read(form, pairs))
    assert set().union(*(table.columns[1].values for table in tables)) == set(names)
    assert all(set(table.columns[0].values) == {1.5, 2.0, 1e19} for table in tables)


def test_memory_that_there_is_not_is_an_error_of_the_file(documents, tmp_path, monkeypatch):
    def exhausted(self, state, factories):
        raise MemoryError

    monkeypatch.setattr(GANSampler, "_set_state", exhausted)
    with pytest.raises(BrokenFileError, match="needs more memory than there is"):
        loaded(documents("array"), tmp_path / "model")


OTHERS = [("frame", "array"), ("array", "frame"), ("frame", "images"), ("images", "array")]


@pytest.mark.parametrize("name, other", OTHERS)
def test_parts_of_different_samplers_do_not_go_together(documents, tmp_path, name, other):
    for part in ("form", "encoder", "calibration", "networks"):
        document = documents(name)
        document["state"]["model"][part] = documents(other)["state"]["model"][part]
        with pytest.raises(BrokenFileError):
            loaded(document, tmp_path / "model")


# Of each kind of file.
N_CRAFTED = 10


@needs_limits
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_refused_can_be_used(tmp_path, kind):
    """More of them are tried by benchmarks/reliability.py."""
    source = Source(kind, tmp_path)
    found = [found for found in map(source.outcome, range(N_CRAFTED)) if found]
    assert [outcome for outcome in found if outcome[0] not in (REFUSED, USED)] == []
    assert sum(outcome == REFUSED for outcome, _ in found) > len(found) / 3


def test_huge_weights_give_finite_rows(documents, tmp_path):
    document = documents("array")
    for weights in document["state"]["model"]["networks"]["generator"].values():
        weights.mul_(1e30)
    assert np.isfinite(loaded(document, tmp_path / "model").sample(ROWS, random_state=0)).all()
