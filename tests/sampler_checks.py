"""What every sampler must do that scikit-learn's checks do not test: they never call `sample`.

Each check takes a `problems.Case` and a table.
"""

from __future__ import annotations

import copy
import io
import pickle
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import joblib
import numpy as np
import pandas as pd
import pytest
import torch
from problems import SAMPLERS, TINY, assert_differ, assert_same, parts, rows_of, small_array, usual_factory
from sklearn.base import BaseEstimator, clone
from sklearn.exceptions import NotFittedError
from sklearn.preprocessing import OrdinalEncoder, QuantileTransformer

from skgan.metrics import detection_score


class CopyingSampler(BaseEstimator):
    """Returns training rows: the privacy checks must fail for it, or they detect nothing."""

    def __init__(self, random_state=0):
        self.random_state = random_state

    def fit(self, X, y=None):
        self.rows_ = X.copy()
        return self

    def sample(self, n_samples=1, *, random_state=0):
        return self.rows_.sample(n_samples, replace=True, random_state=random_state, ignore_index=True)

    def score(self, X, y=None):
        return detection_score(X, self.sample(len(X)))


@cache
def _fitted(name, X_key):
    case = next(case for case in SAMPLERS if case.name == name)
    return case.make().fit(*case.args(X_key.X))


class _Key:
    """A table by its identity, so that it can be a key of the cache."""

    def __init__(self, X):
        self.X = X

    def __hash__(self):
        return id(self.X)

    def __eq__(self, other):
        return self.X is other.X


def fitted(case, X):
    """A sampler fitted on X, of the caller's own; the fit is done once a case and table."""
    return copy.deepcopy(_fitted(case.name, _Key(X)))


# Seeds ----------------------------------------------------------------------------------------------------------


def check_int_seed_repeats(case, X):
    sampler, untouched = fitted(case, X), fitted(case, X)
    first = sampler.sample(30, random_state=3)
    assert_same(sampler.sample(30, random_state=3), first)
    assert_same(sampler.sample(30, random_state=np.int64(3)), first)
    assert_differ(sampler.sample(30, random_state=4), first)
    assert_same(sampler.sample(30), untouched.sample(30))


def check_none_continues_the_stream(case, X):
    sampler, again = fitted(case, X), fitted(case, X)
    draws = [sampler.sample(30) for _ in range(3)]
    assert_differ(draws[0], draws[1])
    assert_differ(draws[1], draws[2])
    for draw in draws:
        assert_same(again.sample(30), draw)


def check_generators_advance(case, X):
    sampler = fitted(case, X)
    for make in (np.random.default_rng, np.random.RandomState):
        rng = make(5)
        first, second = sampler.sample(30, random_state=rng), sampler.sample(30, random_state=rng)
        assert_differ(first, second)
        assert_same(sampler.sample(30, random_state=make(5)), first)


def check_rerun_reproduces(case, X):
    def script():
        sampler = case.make(**{**TINY, "random_state": 11}).fit(*case.args(X))
        return [sampler.sample(20), sampler.sample(20)], sampler.score(*case.args(X))

    # `check_clone_is_unfitted_and_equal` fits a refined sampler twice.
    (draws, score), (draws_again, score_again) = script(), script()
    assert score == score_again
    for a, b in zip(draws, draws_again, strict=True):
        assert_same(a, b)
    assert_differ(case.make(**{**TINY, "random_state": 12}).fit(*case.args(X)).sample(20), draws[0])


def check_no_seed_is_fresh_entropy(case, X):
    np.random.seed(0)
    one = case.make(**{**TINY, "random_state": None}).fit(*case.args(X))
    np.random.seed(0)
    other = case.make(**{**TINY, "random_state": None}).fit(*case.args(X))
    assert_differ(one.sample(20, random_state=0), other.sample(20, random_state=0))


def check_score_leaves_the_stream(case, X):
    sampler, untouched = fitted(case, X), fitted(case, X)
    assert sampler.score(*case.args(X)) == sampler.score(*case.args(X))
    if hasattr(sampler, "score_samples"):
        sampler.score_samples(X)
    assert_same(sampler.sample(30), untouched.sample(30))


def check_fewer_rows_are_the_first_of_more(case, X):
    sampler = fitted(case, X)
    all_rows = sampler.sample(2000, random_state=3)
    for few in (5, 30, 1500):
        assert_same(sampler.sample(few, random_state=3), tuple(part[:few] for part in parts(all_rows)))


# Copies ---------------------------------------------------------------------------------------------------------


def _through_joblib(sampler):
    file = io.BytesIO()
    joblib.dump(sampler, file)
    file.seek(0)
    return joblib.load(file)


COPIES = {
    "pickle": lambda sampler: pickle.loads(pickle.dumps(sampler)),
    "joblib": _through_joblib,
    "deepcopy": copy.deepcopy,
}


def check_copies_keep_rows_and_stream(case, X):
    sampler = fitted(case, X)
    sampler.sample(5)
    copies = [make_copy(sampler) for make_copy in COPIES.values()]
    seeded, drawn, score = sampler.sample(20, random_state=1), sampler.sample(20), sampler.score(*case.args(X))
    for other in copies:
        assert_same(other.sample(20, random_state=1), seeded)
        assert_same(other.sample(20), drawn)
    assert other.score(*case.args(X)) == score


def check_clone_is_unfitted_and_equal(case, X):
    sampler = fitted(case, X)
    other = clone(sampler)
    assert not [name for name in vars(other) if name.endswith("_")]
    assert other.get_params() == sampler.get_params()
    assert_same(other.fit(*case.args(X)).sample(20), fitted(case, X).sample(20))


def check_fitted_twice_equals_once(case, X):
    once = fitted(case, X)
    twice = fitted(case, X)
    twice.sample(7)
    twice.fit(*case.args(X))
    assert_same(twice.sample(20), once.sample(20))
    assert twice.n_iter_ == once.n_iter_


def check_refit_on_other_data_leaves_no_trace(case, X):
    other = small_array()
    sampler = fitted(case, X).set_params(**TINY)
    sampler.fit(*case.args(other))
    fresh = case.make(**TINY).fit(*case.args(other))
    assert set(vars(sampler)) == set(vars(fresh))
    assert_same(sampler.sample(20), fresh.sample(20))


def check_set_params_after_fit_changes_nothing(case, X):
    sampler, untouched = fitted(case, X), fitted(case, X)
    sampler.set_params(
        refine=False,
        loss="hinge",
        regularizer=None,
        latent_dim=3,
        hidden_layer_sizes=(5,),
        max_iter=1,
        max_time=1.0,
        batch_size=4,
        min_frequency=2,
        rare_categories="merge",
        categorical_features=[0],
        random_state=99,
    )
    assert_same(sampler.sample(20, random_state=1), untouched.sample(20, random_state=1))
    assert_same(sampler.sample(20), untouched.sample(20))
    assert sampler.score(*case.args(X)) == untouched.score(*case.args(X))


def check_fit_leaves_parameters(case, X):
    given = {**TINY, "hidden_layer_sizes": [8], "random_state": np.random.RandomState(0)}
    sampler = case.make(**given)
    before = sampler.get_params()
    assert sampler.fit(*case.args(X)) is sampler
    sampler.sample(2)
    after = sampler.get_params()
    assert all(after[name] is before[name] for name in before)
    assert given["hidden_layer_sizes"] == [8]


# Input and output -----------------------------------------------------------------------------------------------


def _polars(X):
    return pytest.importorskip("polars").from_pandas(X.reset_index(drop=True))


FORMS = {
    "frame": lambda X: X.set_axis(range(7, 7 + len(X))),
    "float64": lambda X: small_array(),
    "float32": lambda X: small_array().astype(np.float32),
    "int8": lambda X: np.rint(small_array() * 10).astype(np.int8),
    "uint16": lambda X: np.rint(np.abs(small_array()) * 100).astype(np.uint16),
    "bool": lambda X: small_array() > 0,
    "text": lambda X: np.where(small_array() > 0, "yes", "no"),
    "objects": lambda X: np.where(small_array() > 0, "yes", None).astype(object),
    "numbers as objects": lambda X: np.rint(small_array()).astype(int).astype(object),
    "polars": _polars,
}


def check_round_trip_of_kind_and_columns(case, X, form):
    X = FORMS[form](X)
    sampler = case.make(**TINY).fit(*case.args(X))
    drawn = rows_of(sampler.sample(40))
    assert type(drawn) is type(X)
    assert drawn.shape == (40, X.shape[1])
    if isinstance(X, np.ndarray):
        assert drawn.dtype == X.dtype
    else:
        assert list(drawn.columns) == list(X.columns)
        assert list(drawn.dtypes) == list(X.dtypes)
    if isinstance(X, pd.DataFrame):
        assert drawn.index.equals(pd.RangeIndex(40))


def check_memory_layout_is_no_matter(case, X):
    X = small_array()
    expected = case.make(**TINY).fit(*case.args(X)).sample(20)
    wide = np.repeat(X, 2, axis=0)
    for same in (np.asfortranarray(X), wide[::2], X.tolist(), np.ma.masked_array(X)):
        assert_same(case.make(**TINY).fit(*case.args(same)).sample(20), expected)


def check_readonly_input_is_left_as_it_was(case, X):
    readonly = small_array()
    readonly.setflags(write=False)
    for table in (readonly, X):
        before = copy.deepcopy(table)
        sampler = case.make(**TINY).fit(*case.args(table))
        drawn = sampler.sample(5)
        sampler.score(*case.args(table))
        if hasattr(sampler, "score_samples"):
            sampler.score_samples(table)
        assert_same(table, before)
        for part in parts(drawn):
            part[:] = part[::-1]  # what comes back is the caller's to write to


# The caller's world ---------------------------------------------------------------------------------------------


def check_globals_untouched(case, X):
    np.random.seed(123)
    torch.manual_seed(123)
    before = np.random.get_state()[1].copy(), np.random.get_state()[2], torch.get_rng_state().clone()
    sampler = case.make().fit(*case.args(X))
    sampler.sample(5)
    sampler.sample(5, random_state=1)
    sampler.score(*case.args(X))
    np.testing.assert_array_equal(np.random.get_state()[1], before[0])
    assert np.random.get_state()[2] == before[1]
    assert torch.equal(torch.get_rng_state(), before[2])
    assert torch.is_grad_enabled()
    assert torch.get_default_dtype() == torch.float32


class _Broken(torch.nn.Module):
    def forward(self, *args):
        raise RuntimeError("broken on purpose")


def _broken_factory(spec, latent_dim, condition_dim):
    return _Broken()


def check_threads_of_torch_restored(case, X):
    before = torch.get_num_threads()
    try:
        for n_threads in (1, 3):
            torch.set_num_threads(n_threads)
            sampler = case.make(**TINY).fit(*case.args(X))
            assert torch.get_num_threads() == n_threads
            sampler.sample(5)
            sampler.score(*case.args(X))
            assert torch.get_num_threads() == n_threads
            with pytest.raises(ValueError, match="broken on purpose"):
                case.make(**TINY, discriminator=_broken_factory).fit(*case.args(X))
            assert torch.get_num_threads() == n_threads
    finally:
        torch.set_num_threads(before)


def check_fits_in_threads_equal_fits_in_a_row(case, X):
    def fit(seed):
        generator = usual_factory if seed % 2 else "auto"
        sampler = case.make(**{**TINY, "generator": generator, "random_state": seed})
        return sampler.fit(*case.args(X)).sample(10)

    in_a_row = [fit(seed) for seed in range(4)]
    before = torch.get_num_threads()
    with ThreadPoolExecutor(4) as pool:
        side_by_side = list(pool.map(fit, range(4)))
    assert torch.get_num_threads() == before
    for a, b in zip(in_a_row, side_by_side, strict=True):
        assert_same(a, b)


def check_quiet(case, X, capfd):
    sampler = case.make(**TINY).fit(*case.args(X))
    sampler.sample(3)
    assert capfd.readouterr() == ("", "")


# Errors ---------------------------------------------------------------------------------------------------------


def check_unfitted(case, X):
    sampler = case.make()
    calls = [sampler.sample, lambda: sampler.sample(0), lambda: sampler.score(*case.args(X))]
    if hasattr(sampler, "score_samples"):
        calls.append(lambda: sampler.score_samples(X))
    for call in calls:
        with pytest.raises(NotFittedError, match=type(sampler).__name__):
            call()


def check_failed_fit_changes_nothing(case, X):
    """No half-made model, and no lost one: the sampler is as it was before the fit that failed."""
    sampler = case.make()
    with pytest.raises(ValueError, match="broken on purpose"):
        sampler.set_params(generator=_broken_factory).fit(*case.args(X))
    with pytest.raises(NotFittedError):
        sampler.sample(2)
    sampler, untouched = fitted(case, small_array()), fitted(case, small_array())
    with pytest.raises(ValueError, match="broken on purpose"):
        sampler.set_params(generator=_broken_factory).fit(*case.args(X))
    assert_same(sampler.sample(20), untouched.sample(20))


BAD_N_SAMPLES = [
    (0, ValueError),
    (-1, ValueError),
    (1.5, TypeError),
    (2.0, TypeError),
    ("a", TypeError),
    (True, TypeError),
    (None, TypeError),
    ([3], TypeError),
    (float("nan"), TypeError),
]


def check_bad_n_samples(case, X):
    sampler, untouched = fitted(case, X), fitted(case, X)
    for n_samples, error in BAD_N_SAMPLES:
        with pytest.raises(error, match="n_samples"):
            sampler.sample(n_samples)
    assert_same(sampler.sample(20), untouched.sample(20))


def check_good_n_samples(case, X):
    sampler = fitted(case, X)
    assert len(rows_of(sampler.sample())) == 1
    for n_samples in (1, np.int64(3), np.uint8(200), 1025):
        drawn = sampler.sample(n_samples)
        assert [len(part) for part in parts(drawn)] == [n_samples] * len(parts(drawn))


# What a fit leaves ----------------------------------------------------------------------------------------------


def check_attributes(case, X):
    sampler = fitted(case, X)
    assert sampler.n_iter_ == sampler.max_iter
    assert type(sampler.n_iter_) is int
    assert sampler.n_features_in_ == X.shape[1]
    assert sampler.feature_names_in_.tolist() == list(X.columns)
    assert sampler.device_ == torch.device("cuda" if torch.cuda.is_available() else "cpu")
    for module in (sampler.generator_, sampler.discriminator_):
        assert isinstance(module, torch.nn.Module)
        assert not module.training
        assert all(torch.isfinite(weight).all() for weight in module.parameters())
    without_names = case.make(**TINY).fit(*case.args(small_array()))
    assert not hasattr(without_names, "feature_names_in_")


def check_history(case, X):
    history = fitted(case, X).history_
    assert isinstance(history, pd.DataFrame)
    assert list(history.columns) == ["step", "seconds", "discriminator_loss", "generator_loss"]
    assert history["step"].tolist() == [1, 2, 3, 4, 5]
    assert np.isfinite(history.to_numpy(dtype=float)).all()
    assert history["seconds"].is_monotonic_increasing


def check_max_time_cuts(case, X):
    for max_time in (1e-9, 0.3):
        sampler = case.make(max_iter=10**7, max_time=max_time).fit(*case.args(X))
        assert sampler.n_iter_ < 10**7
        assert len(rows_of(sampler.sample(7))) == 7
        assert 0 <= sampler.score(*case.args(X)) <= 1
        columns = ["step", "seconds", "discriminator_loss", "generator_loss"]
        assert list(sampler.history_.columns) == columns
        assert (len(sampler.history_) > 0) == (sampler.n_iter_ > 0)  # however far max_iter was away


# New rows, not old ones -----------------------------------------------------------------------------------------


def share_of_copies(rows, train):
    """Share of `rows` that are, cell for cell, a row of `train`."""
    held = set(map(tuple, train.itertuples(index=False)))
    return np.mean([tuple(row) in held for row in rows.itertuples(index=False)])


def share_nearer_to_train(rows, train, holdout):
    """Share of `rows` whose nearest neighbour is in `train` and not in `holdout`, a table of equal size.

    Numbers count by rank, categories by equality; a tie counts half.
    """
    numeric = train.select_dtypes("number").columns
    categorical = train.columns.difference(numeric)
    everything = pd.concat([train, holdout])
    ranks = QuantileTransformer(n_quantiles=len(everything)).fit(everything[numeric].to_numpy(dtype=float))
    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1).fit(everything[categorical])

    def distances(table):
        places = [ranks.transform(t[numeric].to_numpy(dtype=float)) for t in (rows, table)]
        names = [codes.transform(t[categorical]) for t in (rows, table)]
        apart = sum(np.abs(a[:, None] - b[None]) for a, b in zip(places[0].T, places[1].T, strict=True))
        return (apart + sum(a[:, None] != b[None] for a, b in zip(names[0].T, names[1].T, strict=True))).min(1)

    to_train, to_holdout = distances(train), distances(holdout)
    return np.mean((to_train < to_holdout) + 0.5 * (to_train == to_holdout))


def check_few_exact_copies(sample, train, fresh):
    """At most 1 % more exact copies of `train` than `fresh` real rows hold; every column of full precision."""
    assert share_of_copies(sample(1000), train) < share_of_copies(fresh, train) + 0.01


def check_no_nearer_to_train_than_to_holdout(sample, train, holdout):
    assert share_nearer_to_train(sample(1000), train, holdout) <= 0.55


def check_rare_numbers_are_not_shown(sample, train, column):
    """No value of a column of distinct, full-precision numbers or moments comes back."""
    assert train[column].is_unique
    shown = sample(3000)[column]
    assert not shown.isin(train[column]).any()


def check_rare_numbers_are_not_in_the_file(content, values):
    """`values`, a float64 or int64 array, occur in no spelling in the bytes of a saved file."""
    spellings = [value.tobytes() for value in values] + [repr(value.item()).encode() for value in values]
    if values.dtype.kind == "f":
        spellings += [value.tobytes() for value in values.astype(np.float32)]
    assert not [spelling for spelling in spellings if spelling in content]
