"""Every sampler through every check of `sampler_checks`, and the checks through a sampler that they must fail."""

import inspect

import numpy as np
import pandas as pd
import pytest
import sampler_checks
from problems import SAMPLERS, adult_like, small_frame
from sampler_checks import FORMS, CopyingSampler

import skgan
from skgan import GANSampler
from skgan._random import numpy_stream
from skgan.exceptions import CopiesWarning

pytestmark = pytest.mark.usefixtures("few_trees_in_module")

CHECKS = {
    name: check
    for name, check in vars(sampler_checks).items()
    if name.startswith("check_") and list(inspect.signature(check).parameters) == ["case", "X"]
}
FRAME = small_frame()

each_sampler = pytest.mark.parametrize("case", SAMPLERS, ids=lambda case: case.name)


@each_sampler
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_check(check, case):
    check(case, FRAME)


# What kind y is of has no say in the form of X.
@pytest.mark.parametrize("case", SAMPLERS[:2], ids=lambda case: case.name)
@pytest.mark.parametrize("form", FORMS)
def test_round_trip(case, form):
    sampler_checks.check_round_trip_of_kind_and_columns(case, FRAME, form)


@each_sampler
def test_quiet(case, capfd):
    sampler_checks.check_quiet(case, FRAME, capfd)


# New rows, not old ones -----------------------------------------------------------------------------------------


def _train_and_holdout():
    both = adult_like(1000, random_state=0)
    return both.iloc[:500].reset_index(drop=True), both.iloc[500:].reset_index(drop=True)


@pytest.fixture(scope="module")
def table():
    """Adult-like rows, with a moment to the nanosecond that no two rows share."""
    train, holdout = _train_and_holdout()
    for seed, rows in enumerate((train, holdout)):
        nanoseconds = np.random.default_rng(seed).integers(0, 10**17, len(rows))
        rows["seen"] = pd.to_datetime(nanoseconds).astype("datetime64[ns]")
    return train, holdout


@pytest.fixture(scope="module")
def samples(table):
    """Draws of a real sampler and of the copying one, both fitted on the same rows."""
    real = GANSampler(max_iter=60, random_state=0).fit(table[0])
    copies = CopyingSampler().fit(table[0])
    return {
        "GANSampler": lambda n: real.sample(n, random_state=0),
        "CopyingSampler": copies.sample,
    }


PRIVACY_CHECKS = {
    "exact copies": lambda sample, train, holdout: sampler_checks.check_few_exact_copies(sample, train, holdout),
    "nearest": lambda sample, train, holdout: sampler_checks.check_no_nearer_to_train_than_to_holdout(
        _without_moments(sample), train.drop(columns="seen"), holdout.drop(columns="seen")
    ),
    "numbers": lambda sample, train, holdout: sampler_checks.check_rare_numbers_are_not_shown(sample, train, "weight"),
    "moments": lambda sample, train, holdout: sampler_checks.check_rare_numbers_are_not_shown(sample, train, "seen"),
}


def _without_moments(sample):
    return lambda n: sample(n).drop(columns="seen")


@pytest.mark.parametrize("check", PRIVACY_CHECKS.values(), ids=PRIVACY_CHECKS)
def test_new_rows_and_not_old_ones(check, samples, table):
    check(samples["GANSampler"], *table)


@pytest.mark.parametrize("check", PRIVACY_CHECKS.values(), ids=PRIVACY_CHECKS)
def test_copying_sampler_fails(check, samples, table):
    with pytest.raises(AssertionError):
        check(samples["CopyingSampler"], *table)


def test_rare_numbers_are_not_saved(table, tmp_path):
    train = table[0].assign(atom=np.where(np.arange(len(table[0])) % 2, np.pi * 1e5, table[0]["weight"] * np.e))
    # Among a hundred thousand weights, four bytes in a row are those of some number by chance.
    sampler = GANSampler(max_iter=2, hidden_layer_sizes=(4,), latent_dim=2, random_state=0).fit(train)
    skgan.save(sampler, tmp_path / "file")
    content = (tmp_path / "file").read_bytes()
    assert np.float64(np.pi * 1e5).tobytes() in content  # a value that half of the rows hold is there
    for values in (train["weight"], train["atom"][::2], train["seen"].astype(np.int64)):
        sampler_checks.check_rare_numbers_are_not_in_the_file(content, values.to_numpy())


def test_saved_rare_numbers_would_be_seen():
    values = numpy_stream(0).random(3)
    for content in (values.tobytes(), values.astype(np.float32).tobytes(), repr(values.tolist()).encode()):
        with pytest.raises(AssertionError):
            sampler_checks.check_rare_numbers_are_not_in_the_file(content, values)


@pytest.mark.parametrize(("n_rows", "min_frequency"), [(2, 5), (4, 5), (30, 5), (30, 2), (60, 20)])
def test_few_rows_are_not_shown_either(n_rows, min_frequency):
    X = np.random.default_rng(0).standard_normal((n_rows, 1))
    drawn = GANSampler(max_iter=2, random_state=0, min_frequency=min_frequency).fit(X).sample(1000)
    assert not np.isin(drawn, X).any()
    assert drawn.min() > X.min()
    assert drawn.max() < X.max()


def test_value_is_shown_from_min_frequency_rows_on():
    values = np.concatenate([np.random.default_rng(0).standard_normal(50), np.full(4, 0.123456789), np.full(5, np.e)])
    sampler = GANSampler(max_iter=2, random_state=0, refine=False, min_frequency=5).fit(values[:, None])
    drawn = sampler.sample(5000)
    assert (drawn == np.e).any()
    assert not (drawn == 0.123456789).any()


def test_score_of_copies_warns(table):
    with pytest.warns(CopiesWarning, match="copies"):
        CopyingSampler().fit(table[0]).score(table[0])
