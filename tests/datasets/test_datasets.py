"""The toy makers have their known answers; the shipped table is the one whose origin is recorded."""

import numpy as np
import pandas as pd
import pytest

from skgan.datasets import load_penguins, make_mixed, make_ring


def test_penguins_are_the_recorded_table():
    penguins = load_penguins()
    assert penguins.shape == (344, 7)
    assert penguins["species"].value_counts().to_dict() == {"Adelie": 152, "Gentoo": 124, "Chinstrap": 68}
    assert penguins.isna().sum().to_dict() == {
        "species": 0, "island": 0, "bill_length_mm": 2, "bill_depth_mm": 2, "flipper_length_mm": 2,
        "body_mass_g": 2, "sex": 11,
    }
    assert penguins["body_mass_g"].mean() == pytest.approx(4201.754386)


def test_two_loads_share_no_memory():
    first = load_penguins()
    first.loc[0, "species"] = "changed"
    assert load_penguins().loc[0, "species"] == "Adelie"


@pytest.mark.parametrize("n_modes", [1, 8, 25])
def test_ring_modes_have_the_stated_mean_scale_and_share(n_modes):
    X, labels = make_ring(20_000, n_modes=n_modes, radius=2.0, scale=0.1, random_state=0)
    assert X.shape == (20_000, 2) and X.dtype == np.float64
    assert labels.shape == (20_000,)
    for mode in range(n_modes):
        points = X[labels == mode]
        angle = 2 * np.pi * mode / n_modes
        assert len(points) / len(X) == pytest.approx(1 / n_modes, rel=0.15)
        np.testing.assert_allclose(points.mean(axis=0), [2 * np.cos(angle), 2 * np.sin(angle)], atol=0.02)
        np.testing.assert_allclose(points.std(axis=0), 0.1, rtol=0.1)


@pytest.mark.parametrize("make", [make_ring, make_mixed])
def test_a_seed_repeats_and_leaves_the_global_generator_alone(make):
    np.random.seed(3)
    state = np.random.get_state()[1].copy()
    first, second, other = (make(50, random_state=seed) for seed in (0, 0, 1))
    assert (np.random.get_state()[1] == state).all()
    if make is make_ring:
        first, second, other = first[0], second[0], other[0]
        assert (first == second).all() and not (first == other).all()
    else:
        assert first.equals(second) and not first.equals(other)


@pytest.mark.parametrize(("make", "wrong", "match"), [
    (make_ring, {"n_samples": 0}, "n_samples=0 must be at least 1"),
    (make_ring, {"n_samples": 1.5}, "n_samples=1.5 must be a whole number"),
    (make_ring, {"n_modes": 0}, "n_modes == 0, must be >= 1"),
    (make_ring, {"radius": -1.0}, "radius == -1.0, must be >= 0"),
    (make_ring, {"scale": -0.1}, "scale == -0.1, must be >= 0"),
    (make_mixed, {"n_samples": 0}, "n_samples=0 must be at least 1"),
])
def test_wrong_parameters_are_named(make, wrong, match):
    with pytest.raises((TypeError, ValueError), match=match):
        make(**wrong)


def test_mixed_has_every_kind_of_column():
    X = make_mixed(2_000, random_state=0)
    kinds = dict(price="f", rainfall="f", weight="f", rooms="i", garden="b", sold="M", duration="m")
    assert {name: X[name].dtype.kind for name in kinds} == kinds
    assert X["floor"].dtype == "Int64" and X["pets"].dtype == "boolean"
    assert isinstance(X["grade"].dtype, pd.CategoricalDtype) and X["grade"].cat.ordered
    assert str(X["sold"].dt.tz) == "Europe/Berlin"
    assert pd.api.types.is_string_dtype(X["city"].dropna())
    assert (X["rainfall"] == 0).mean() == pytest.approx(0.7, abs=0.05)
    with_missing = {"weight", "floor", "pets", "city", "sold"}
    assert set(X.columns[X.isna().any()]) == with_missing


def test_mixed_columns_depend_on_each_other():
    X = make_mixed(5_000, random_state=0)
    numbers = pd.DataFrame({
        "price": X["price"], "rooms": X["rooms"], "garden": X["garden"], "grade": X["grade"].cat.codes,
        "floor": X["floor"].astype("float64"),
        "sold": X["sold"].dt.tz_localize(None).to_numpy().astype("float64"),
        "duration": X["duration"].dt.total_seconds(), "gap_in_weight": X["weight"].isna(),
    })
    numbers["sold"] = numbers["sold"].where(X["sold"].notna())
    correlation = numbers.corr(method="spearman").to_numpy()
    assert correlation.min() > 0.1
    assert correlation[0, 1] > 0.7


def test_one_row_is_enough():
    assert make_mixed(1, random_state=0).shape == (1, 11)
    assert make_ring(1, random_state=0)[0].shape == (1, 2)
