"""interpolate: rows along the way from one latent to another, and the way itself."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import torch
from problems import TINY, adult_like, assert_differ, assert_same, labels_of, numbers_of, small_array, small_frame
from sklearn.exceptions import NotFittedError

import skgan
from skgan import ConditionalGANSampler, GANSampler
from skgan.networks import Mixture
from skgan.samplers._latents import along_the_sphere, latent_of

pytestmark = pytest.mark.usefixtures("few_trees_in_module")

FRAME = small_frame()


@pytest.fixture(scope="module")
def sampler():
    return GANSampler(**TINY).fit(FRAME)


@pytest.fixture(scope="module")
def conditional():
    return ConditionalGANSampler(**TINY).fit(FRAME, labels_of(FRAME))


def latents(sampler, n=2, seed=0):
    """n latents of this sampler's width."""
    return np.random.default_rng(seed).standard_normal((n, sampler.generator_.noise_dim))


# The way --------------------------------------------------------------------------------------------------------


def way(start, end, n):
    return along_the_sphere(torch.tensor(start), torch.tensor(end), n).numpy()


def test_a_right_angle_is_a_quarter_of_a_circle():
    t = np.linspace(0, np.pi / 2, 7)
    np.testing.assert_allclose(way([1.0, 0.0], [0.0, 1.0], 7), np.column_stack([np.cos(t), np.sin(t)]), atol=1e-6)


def test_the_way_begins_and_ends_at_its_ends_to_the_last_bit():
    start, end = torch.randn(2, 30, generator=torch.Generator().manual_seed(0))
    path = along_the_sphere(start, end, 5)
    assert path.dtype == torch.float32
    assert torch.equal(path[[0, -1]], torch.stack([start, end]))


def test_one_step_is_the_start():
    np.testing.assert_array_equal(way([3.0, 4.0], [0.0, 1.0], 1), [[3.0, 4.0]])


def test_a_way_between_points_of_a_sphere_stays_on_it():
    ends = torch.randn(2, 100, generator=torch.Generator().manual_seed(0))
    ends = 10 * ends / ends.norm(dim=1, keepdim=True)
    np.testing.assert_allclose(along_the_sphere(*ends, 9).norm(dim=1), 10, rtol=1e-5)
    assert torch.lerp(*ends, 0.5).norm() < 8  # where a straight line would be


def test_normal_latents_have_the_length_of_normal_latents_all_along():
    path = along_the_sphere(latent_of(0, "a", 2000), latent_of(1, "b", 2000), 11)
    np.testing.assert_allclose(path.norm(dim=1), 2000**0.5, rtol=0.05)


@pytest.mark.parametrize("end", [[2.0, 1.0], [4.0, 2.0], [-2.0, -1.0], [-4.0, -2.0], [0.0, 0.0], [2.0, 1.0000001]])
def test_ends_in_one_direction_are_joined_by_a_straight_line(end):
    path = way([2.0, 1.0], end, 3)
    np.testing.assert_allclose(path[[0, 2]], [[2.0, 1.0], end], atol=1e-6)
    assert np.isfinite(path).all()
    if any(end):
        np.testing.assert_allclose(path[1], np.add([2.0, 1.0], end) / 2, atol=1e-6)


@pytest.mark.parametrize("degrees", [1e-3, 0.1, 10, 170, 179.9])
def test_nearly_equal_and_nearly_opposite_ends_keep_the_length(degrees):
    angle = np.deg2rad(degrees)
    path = way([1.0, 0.0], [np.cos(angle), np.sin(angle)], 5)
    np.testing.assert_allclose(np.linalg.norm(path, axis=1), 1, atol=1e-4)


# Its rows -------------------------------------------------------------------------------------------------------


def test_rows_are_of_the_kind_of_X(sampler):
    rows = sampler.interpolate(0, 1)
    assert len(rows) == 10
    assert rows.index.equals(pd.RangeIndex(10))
    assert rows.dtypes.equals(sampler.sample(1, random_state=0).dtypes)
    array = GANSampler(**TINY).fit(small_array()).interpolate(0, 1, 4)
    assert isinstance(array, np.ndarray)
    assert array.shape == (4, 2)
    frame = pl.DataFrame({"a": [1.5, 2.5, None] * 20, "b": ["x", "y", "z"] * 20})
    assert GANSampler(**TINY).fit(frame).interpolate(0, 1, 4).schema == frame.schema


def test_the_same_ends_give_the_same_rows_and_others_give_others(sampler):
    assert_same(sampler.interpolate(0, 1), sampler.interpolate(0, 1))
    assert not sampler.interpolate(0, 1).equals(sampler.interpolate(0, 2))
    assert not sampler.interpolate(0, 1).equals(sampler.interpolate(1, 0))


def test_the_way_back_is_the_way_there(sampler):
    there, back = sampler.interpolate(0, 1), sampler.interpolate(1, 0)
    numbers = ["price", "weight"]
    np.testing.assert_allclose(there[numbers].astype(float), back[numbers][::-1].astype(float), rtol=1e-3)


def test_ends_may_be_seeds_or_latents(sampler):
    width = sampler.generator_.noise_dim
    a, b = (latent_of(seed, "a", width).numpy() for seed in (3, 4))
    assert_same(sampler.interpolate(3, 4), sampler.interpolate(a, list(b)))
    assert_same(sampler.interpolate(3, 4), sampler.interpolate(np.int64(3), torch.tensor(b)))


def test_equal_ends_repeat_one_row(sampler):
    (a,) = latents(sampler, 1)
    rows = sampler.interpolate(a, a, 5)
    assert len(rows.drop_duplicates()) == 1
    assert len(sampler.interpolate(a, -a, 5)) == 5


def test_ends_are_rows_of_the_generator_itself():
    sampler = GANSampler(max_iter=40, random_state=0).fit(small_array(200))  # refined, but here no row is rejected
    a, b = latents(sampler)
    ends = sampler.interpolate(a, b, 7)[[0, -1]]
    np.testing.assert_allclose(ends, [sampler.interpolate(end, end, 1)[0] for end in (a, b)], rtol=1e-5)


def test_neighbours_on_the_way_are_alike():
    X = adult_like(300)[["age", "weight"]]
    rows = GANSampler(max_iter=100, refine=False, random_state=0).fit(X).interpolate(0, 1, 200)["weight"]
    assert rows.diff().abs().max() < 0.2 * (X["weight"].max() - X["weight"].min())


def test_the_way_is_that_of_the_last_generator_alone():
    sampler = GANSampler(max_iter=10, refine=False, random_state=0).fit(small_array())
    members = list(sampler.generator_.members)
    assert len(members) == 4 and sampler.generator_.last is members[-1]
    rows = sampler.interpolate(0, 1, 8)
    sampler._model.networks["generator"] = Mixture([*members[:3][::-1], members[-1]])
    assert_same(sampler.interpolate(0, 1, 8), rows)
    sampler._model.networks["generator"] = Mixture([*members[1:], members[0]])
    assert_differ(sampler.interpolate(0, 1, 8), rows)


def test_the_stream_of_the_sampler_is_left_where_it_was():
    ours, other = (GANSampler(**TINY).fit(FRAME) for _ in range(2))
    ours.interpolate(0, 1)
    assert_same(ours.sample(3), other.sample(3))
    before = torch.get_rng_state(), np.random.get_state()[1].copy()
    ours.interpolate(0, 1)
    assert torch.equal(torch.get_rng_state(), before[0])
    np.testing.assert_array_equal(np.random.get_state()[1], before[1])


def test_a_loaded_sampler_gives_the_same_rows(sampler, conditional, tmp_path):
    skgan.save(sampler, tmp_path / "sampler.skgan")
    assert_same(skgan.load(tmp_path / "sampler.skgan").interpolate(0, 1), sampler.interpolate(0, 1))
    skgan.save(conditional, tmp_path / "conditional.skgan")
    loaded = skgan.load(tmp_path / "conditional.skgan")
    assert_same(loaded.interpolate(0, 1, y="ash"), conditional.interpolate(0, 1, y="ash"))


# Conditions -----------------------------------------------------------------------------------------------------


def test_one_condition_or_one_per_row(conditional):
    ash = conditional.interpolate(0, 1, 6, y="ash")
    assert len(ash) == 6
    assert_same(ash, conditional.interpolate(0, 1, 6, y=["ash"] * 6))
    mixed = conditional.interpolate(0, 1, 6, y=["ash"] * 3 + ["cedar"] * 3)
    numbers = ["price", "weight"]
    np.testing.assert_allclose(mixed[numbers][:3].astype(float), ash[numbers][:3].astype(float), rtol=1e-5)
    assert not mixed[3:].equals(ash[3:])


def test_one_latent_under_a_changing_target():
    sampler = ConditionalGANSampler(max_iter=60, random_state=0).fit(numbers_of(FRAME)[:, None], numbers_of(FRAME))
    rows = sampler.interpolate(0, 0, 5, y=np.linspace(-3, 7, 5))
    assert (np.diff(rows[:, 0]) > 0).all()


def test_several_targets():
    y = pd.DataFrame({"label": labels_of(FRAME), "amount": numbers_of(FRAME)})
    sampler = ConditionalGANSampler(**TINY).fit(FRAME, y)
    assert len(sampler.interpolate(0, 1, 3, y={"label": "ash", "amount": 2.0})) == 3


# Bad input ------------------------------------------------------------------------------------------------------


def test_unfitted():
    with pytest.raises(NotFittedError):
        GANSampler().interpolate(0, 1)
    with pytest.raises(NotFittedError):
        ConditionalGANSampler().interpolate(0, 1, y="ash")


@pytest.mark.parametrize("end", [-1, 1.5, True, None, "a", [1.0, 2.0], [[1.0]], np.nan])
def test_what_is_no_end(sampler, end):
    with pytest.raises(ValueError, match="start must be a seed, a whole number of at least 0, or a latent of"):
        sampler.interpolate(end, 0)
    with pytest.raises(ValueError, match="stop must be a seed"):
        sampler.interpolate(0, end)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e39])
@pytest.mark.filterwarnings("error")
def test_latents_must_be_finite_in_single_precision(sampler, value):
    (latent,) = latents(sampler, 1)
    latent[2] = value
    with pytest.raises(ValueError, match="finite numbers"):
        sampler.interpolate(latent, 0)


@pytest.mark.parametrize(
    ("n_samples", "error"), [(0, ValueError), (-1, ValueError), (2.0, TypeError), (None, TypeError)]
)
def test_n_samples_must_be_a_whole_number(sampler, conditional, n_samples, error):
    with pytest.raises(error, match="n_samples"):
        sampler.interpolate(0, 1, n_samples)
    with pytest.raises(error, match="n_samples"):
        conditional.interpolate(0, 1, n_samples, y="ash")


def test_bad_conditions(conditional):
    with pytest.raises(ValueError, match="oak"):
        conditional.interpolate(0, 1, y="oak")
    with pytest.raises(ValueError, match="n_samples=10 does not fit y, which asks for 2 rows.*pass n_samples=2"):
        conditional.interpolate(0, 1, y=["ash", "cedar"])
    with pytest.raises(TypeError, match="y"):
        conditional.interpolate(0, 1)
    with pytest.raises(ValueError, match="y"):
        conditional.interpolate(0, 1, y=None)
