"""Every bad input has its sentence: it names the parameter or the column, the rule, the value and the cure.

One table: what is wrong -> the call, the exception, the words that its message must hold.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
import torch
from problems import TINY, labels_of, small_array, small_frame, usual_factory
from scipy import sparse

from skgan import ConditionalGANSampler, GANSampler

X = small_array()
FRAME = small_frame()
Y = labels_of(X)
INFINITE = np.where(np.arange(120).reshape(60, 2) == 7, np.inf, X)

# Parameters -----------------------------------------------------------------------------------------------------

WHOLE, POSITIVE, FLAG = "a whole number of at least", "a number above 0", "True or False"
LOSSES = ["minimax", "non_saturating", "wasserstein", "least_squares", "hinge", "relativistic"]
REGULARIZERS = ["r1", "r2", "r1_r2", "gradient_penalty", "weight_clipping", "'auto'", "None"]

# (parameter, values that it may not have, words beside the parameter and the value)
PARAMETERS = [
    ("loss", ["hings", "Hinge"], [*LOSSES, "Did you mean 'hinge'"]),
    ("loss", ["xyz", 3, None, ["hinge"], True, len], LOSSES),
    ("regularizer", ["r1-r2"], [*REGULARIZERS, "Did you mean 'r1_r2'"]),
    ("regularizer", ["xyz", 1, False, ["r1"]], REGULARIZERS),
    ("generator", ["mpl"], ["Did you mean 'mlp'"]),
    ("generator", ["xyz", 3, None, torch.float32], ["'mlp'", "factory"]),
    ("discriminator", ["mpl"], ["Did you mean 'mlp'"]),
    ("discriminator", ["xyz", 3, None], ["'mlp'", "factory"]),
    ("latent_dim", [0, -1, 1.5, "big", True, None, np.nan, [3]], [WHOLE, "'auto'"]),
    ("hidden_layer_sizes", [(), (0,), (64, 1.5), 64, "big", None, (True,), [-1]], ["tuple of whole numbers", "'auto'"]),
    ("max_iter", [0, -1, 2.5, "long", True, None], [WHOLE, "'auto'"]),
    ("max_time", [0, -1, np.inf, np.nan, "1", True], [POSITIVE, "None"]),
    ("batch_size", [0, -5, 2.5, "big", True, None], [WHOLE, "'auto'"]),
    ("learning_rate", [0, -1e-3, np.nan, np.inf, "fast", True, None], [POSITIVE, "'auto'"]),
    ("regularizer_weight", [0, -1.0, np.nan, np.inf, "weak", True, None], [POSITIVE, "'auto'"]),
    ("refine", ["yes", 1, 0, None], [FLAG]),
    ("min_frequency", [0, -1, 2.5, "auto", True, None], [WHOLE]),
    ("rare_categories", ["merged", "Keep"], ["'keep'", "'merge'", "Did you mean"]),
    ("rare_categories", ["xyz", None, True], ["'keep'", "'merge'"]),
    ("device", ["gpu", "xyz", "cuda:99", 3.5, None, True], ["'auto'", "'cpu'"]),
    ("verbose", [-1, "yes", 1.5, None], [WHOLE]),
    ("random_state", [-1, "seed", 1.5, True, [0]], ["whole number"]),
    ("categorical_features", [["nope"], [9], [-1], 3, "all", None, [1.5]], []),
]
TARGET_TYPES = [
    ("target_type", ["class"], ["Did you mean 'classes'"]),
    ("target_type", ["xyz", None, 3, True], ["'auto'", "'classes'", "'continuous'"]),
]


def _rows(table):
    return [(name, value, words) for name, values, words in table for value in values]


@pytest.mark.parametrize(("name", "value", "words"), _rows(PARAMETERS))
def test_bad_parameter(name, value, words):
    for sampler, args in ((GANSampler(**TINY), (X,)), (ConditionalGANSampler(**TINY), (X, Y))):
        with pytest.raises(ValueError) as info:
            sampler.set_params(**{name: value}).fit(*args)
        for word in (name, _shown(value), *words):
            assert word in str(info.value)


@pytest.mark.parametrize(("name", "value", "words"), _rows(TARGET_TYPES))
def test_bad_target_type(name, value, words):
    with pytest.raises(ValueError) as info:
        ConditionalGANSampler(**TINY).set_params(**{name: value}).fit(X, Y)
    for word in (name, repr(value), *words):
        assert word in str(info.value)


def _shown(value):
    """How a message spells the value: of a list of one, at least the item."""
    return repr(value[0]) if isinstance(value, list) and len(value) == 1 else repr(value)


def test_parameters_are_checked_before_the_data():
    with pytest.raises(ValueError, match="max_iter"):
        GANSampler(max_iter=0).fit("no table at all")


# Factories ------------------------------------------------------------------------------------------------------


class _Returning(torch.nn.Module):
    """A network that gives what `make` makes of the number of rows."""

    def __init__(self, make):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(1))
        self.make = make

    def forward(self, rows, condition):
        return self.make(len(rows))


def _factory(make):
    return lambda spec, latent_dim, condition_dim: _Returning(make)


FACTORIES = {
    "generator, no module": ("generator", lambda *a: None, TypeError, ["torch.nn.Module", "NoneType"]),
    "generator, a class": ("generator", lambda *a: torch.nn.Linear, TypeError, ["torch.nn.Module", "type"]),
    "generator, too wide": ("generator", _factory(lambda n: torch.zeros(n, 9)), ValueError, ["(2, 2)", "(2, 9)"]),
    "generator, one dimension": ("generator", _factory(lambda n: torch.zeros(n)), ValueError, ["(2, 2)", "(2,)"]),
    "generator, no tensor": ("generator", _factory(lambda n: [0.0] * n), (TypeError, ValueError), ["tensor", "list"]),
    "generator, one argument": (
        "generator", lambda *a: torch.nn.Linear(4, 2), ValueError,
        ["(2, 4)", "(2, 0)", "forward takes (latent, condition)"],
    ),
    "discriminator, no module": ("discriminator", lambda *a: 3, TypeError, ["torch.nn.Module", "int"]),
    "discriminator, a column": ("discriminator", _factory(lambda n: torch.zeros(n, 1)), ValueError, ["(2,)", "(2, 1)"]),
    "discriminator, one score": ("discriminator", _factory(lambda n: torch.zeros(())), ValueError, ["(2,)", "()"]),
    "discriminator, no tensor": (
        "discriminator", _factory(lambda n: None), (TypeError, ValueError), ["tensor", "NoneType"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "factory", "error", "words"), FACTORIES.values(), ids=FACTORIES)
def test_bad_factory(name, factory, error, words):
    with pytest.raises(error) as info:
        GANSampler(**TINY).set_params(**{name: factory}).fit(X)
    for word in (name, *words):
        assert word in str(info.value)


@pytest.mark.parametrize("name", ["generator", "discriminator"])
def test_error_inside_a_factory_is_the_callers_own(name):
    def factory(spec, latent_dim, condition_dim):
        raise KeyError("my own mistake")

    before = torch.get_rng_state()
    with pytest.raises(KeyError, match="my own mistake"):
        GANSampler(**TINY).set_params(**{name: factory}).fit(X)
    assert torch.equal(torch.get_rng_state(), before)
    GANSampler(**TINY, generator=usual_factory).fit(X)  # the lock of the factories is free again


@pytest.mark.parametrize("n_arguments", [0, 1])
def test_factory_of_other_arguments(n_arguments):
    factory = [lambda: None, lambda spec: None][n_arguments]
    with pytest.raises(TypeError, match="argument"):
        GANSampler(**TINY, generator=factory).fit(X)


# X --------------------------------------------------------------------------------------------------------------


def _polars():
    return pytest.importorskip("polars")


TABLES = {
    "infinite in a frame": (lambda: FRAME.assign(price=np.inf), ValueError, ["'price'", "infin", "missing"]),
    "minus infinite": (lambda: FRAME.assign(price=-np.inf), ValueError, ["'price'", "infin"]),
    "infinite in an array": (lambda: INFINITE, ValueError, ["1", "infin"]),
    "infinite in float32": (lambda: INFINITE.astype(np.float32), ValueError, ["infin"]),
    "infinite in a nullable column": (
        lambda: FRAME.assign(price=pd.array(np.full(60, np.inf), dtype="Float64")), ValueError, ["'price'", "infin"],
    ),
    "infinite in objects": (
        lambda: FRAME.assign(price=np.array([np.inf, *range(59)], dtype=object)), ValueError, ["'price'", "infin"],
    ),
    "infinite in polars": (lambda: _polars().DataFrame({"price": [1.0, np.inf]}), ValueError, ["'price'", "infin"]),
    "no rows": (lambda: np.empty((0, 2)), ValueError, ["0 sample", "minimum of 1"]),
    "no rows in a frame": (lambda: FRAME.iloc[:0], ValueError, ["0 sample", "minimum of 1"]),
    "no columns": (lambda: np.empty((60, 0)), ValueError, ["0 feature", "minimum of 1"]),
    "no columns in a frame": (lambda: FRAME[[]], ValueError, ["0 feature", "minimum of 1"]),
    "no rows in polars": (lambda: _polars().DataFrame({"a": []}), ValueError, ["0 sample"]),
    "one dimension": (lambda: X[:, 0], ValueError, ["Expected 2D array, got 1D", "Reshape"]),
    "a list of numbers": (lambda: [1.0, 2.0], ValueError, ["Expected 2D array, got 1D", "Reshape"]),
    "a series": (lambda: FRAME["price"], ValueError, ["2-dimensional", "DataFrame"]),
    "a series of polars": (lambda: _polars().Series([1.0, 2.0]), ValueError, ["2D"]),
    "five dimensions": (lambda: X[None, None, None], ValueError, ["(1, 1, 1, ", "images have shape"]),
    "a number": (lambda: 3.0, ValueError, ["2D array", "scalar"]),
    "None": (lambda: None, ValueError, ["None"]),
    "text": (lambda: "table.csv", ValueError, ["table.csv"]),
    "a dict": (lambda: {"a": [1, 2]}, ValueError, ["2D array", "{'a': [1, 2]}"]),
    "ragged": (lambda: [[1, 2], [3]], ValueError, ["inhomogeneous"]),
    "sparse": (lambda: sparse.csr_matrix(X), TypeError, ["parse", "toarray"]),
    "sparse array": (lambda: sparse.coo_array(X), TypeError, ["parse", "toarray"]),
    "complex": (lambda: X + 1j, ValueError, ["Complex data not supported"]),
    "complex in a frame": (lambda: FRAME.assign(price=1j), ValueError, ["'price'", "omplex"]),
    "twice the same column": (
        lambda: FRAME[["price", "floor", "price"]], ValueError, ["'price'", "unique"],
    ),
    "lazy": (lambda: _polars().DataFrame({"a": [1.0]}).lazy(), TypeError, ["lazy", "collect"]),
    "lists in polars": (lambda: _polars().DataFrame({"a": [[1], [2]]}), TypeError, ["'a'", "List", "convert"]),
    "names of text and numbers": (
        lambda: FRAME.rename(columns={"price": 1}), TypeError, ["feature names", "string"],
    ),
    "structured": (lambda: np.zeros((3, 2), dtype=[("a", float)]), TypeError, ["convert"]),
}  # fmt: skip


@pytest.mark.parametrize(("table", "error", "words"), TABLES.values(), ids=TABLES)
def test_bad_table(table, error, words):
    table = table()
    with pytest.raises(error) as info:
        GANSampler(**TINY).fit(table)
    for word in words:
        assert word in str(info.value)


OTHER_TABLES = {
    "fewer columns": (lambda: FRAME[["price", "weight"]], ["feature names", "missing", "floor"]),
    "more columns": (lambda: FRAME.assign(more=1), ["feature names", "unseen", "more"]),
    "other names": (lambda: FRAME.rename(columns={"price": "cost"}), ["cost", "price"]),
    "other order": (lambda: FRAME[FRAME.columns[::-1]], ["order"]),
    "infinite": (lambda: FRAME.assign(price=np.inf), ["'price'", "infin"]),
    "text in a column of numbers": (lambda: FRAME.assign(price="dear"), ["'price'", "'dear'"]),
    "no rows": (lambda: FRAME.iloc[:0], ["0 sample"]),
    "numbers for moments": (lambda: FRAME.assign(sold=3.0), ["'sold'", "datetime"]),
}


@pytest.fixture(scope="module")
def fitted():
    return GANSampler(**TINY).fit(FRAME)


@pytest.mark.parametrize("method", ["score", "score_samples"])
@pytest.mark.parametrize(("table", "words"), OTHER_TABLES.values(), ids=OTHER_TABLES)
def test_table_unlike_the_fitted_one(fitted, method, table, words):
    with pytest.raises(ValueError) as info:
        getattr(fitted, method)(table())
    for word in words:
        assert word in str(info.value)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (["cost"], ["categorical_features", "'cost'", "price"]),
        ([6], ["categorical_features", "6", "5"]),
        ([-1], ["categorical_features", "-1"]),
        ([True, False], ["categorical_features", "(6,)", "(2,)"]),
        ("price", ["categorical_features", "'price'", "from_dtype"]),
        ([[0, 1]], ["categorical_features", "from_dtype"]),
        ([0.5], ["categorical_features", "0.5"]),
    ],
)
def test_bad_categorical_features(chosen, words):
    with pytest.raises(ValueError) as info:
        GANSampler(**TINY, categorical_features=chosen).fit(FRAME)
    for word in words:
        assert word in str(info.value)


# y --------------------------------------------------------------------------------------------------------------

TARGETS = {
    "None": (lambda: None, ValueError, ["requires y to be passed, but the target y is None"]),
    "too short": (lambda: Y[:59], ValueError, ["inconsistent numbers of samples", "60", "59"]),
    "too long": (lambda: [*Y, "ash"], ValueError, ["inconsistent numbers of samples", "60", "61"]),
    "empty": (lambda: [], ValueError, ["0 sample"]),
    "missing number": (lambda: [np.nan, *range(59)], ValueError, ["missing"]),
    "missing label": (lambda: [None, *Y[1:]], ValueError, ["missing"]),
    "missing value in a frame": (
        lambda: pd.DataFrame({"a": Y, "b": [np.nan, *range(59)]}),
        ValueError,
        ["missing", "'b'"],
    ),
    "infinite": (lambda: [np.inf, *range(59)], ValueError, ["infin"]),
    "infinite in a frame": (lambda: pd.DataFrame({"a": Y, "b": [np.inf, *range(59)]}), ValueError, ["'b'", "infin"]),
    "complex": (lambda: np.full(60, 1j), ValueError, ["omplex"]),
    "three dimensions": (lambda: np.zeros((60, 2, 1)), ValueError, ["dim 3"]),
    "a number": (lambda: 3.0, (TypeError, ValueError), ["scalar"]),
    "text": (lambda: "price", (TypeError, ValueError), ["price"]),
    "sparse": (lambda: sparse.csr_matrix(X), TypeError, ["parse"]),
}


@pytest.mark.parametrize(("y", "error", "words"), TARGETS.values(), ids=TARGETS)
def test_bad_target(y, error, words):
    with pytest.raises(error) as info:
        ConditionalGANSampler(**TINY).fit(X, y())
    assert re.search(r"\by\b", str(info.value))
    for word in words:
        assert word in str(info.value)


def test_labels_are_no_numbers():
    with pytest.raises(ValueError, match=r"target_type='continuous'.*'ash'.*'classes'"):
        ConditionalGANSampler(**TINY, target_type="continuous").fit(X, Y)


@pytest.mark.parametrize(("y", "words"), [(Y[:59], ["60", "59"]), (None, ["y", "None"])])
def test_bad_target_in_score(y, words):
    sampler = ConditionalGANSampler(**TINY).fit(X, Y)
    with pytest.raises(ValueError) as info:
        sampler.score(X, y)
    for word in words:
        assert word in str(info.value)


# sample ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("random_state", [-1, "seed", 1.5, True, [0], torch.Generator()])
def test_bad_random_state_in_sample(fitted, random_state):
    with pytest.raises(ValueError, match=r"random_state=.*whole number"):
        fitted.sample(2, random_state=random_state)


@pytest.mark.parametrize("n_samples", [0, -1, 1.5, "a", True, None, [3]])
def test_bad_n_samples_says_value_rule_and_cure(fitted, n_samples):
    with pytest.raises((TypeError, ValueError)) as info:
        fitted.sample(n_samples)
    for word in (f"n_samples={n_samples!r}", "must be", "1"):
        assert word in str(info.value)
