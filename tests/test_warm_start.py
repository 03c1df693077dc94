"""Fits that go on from the fitted model, with `warm_start` and `partial_fit`."""

import copy
import pickle
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
import torch
from problems import adult_like, blobs, small_array, small_frame
from sklearn.base import clone

from skgan import ConditionalGANSampler, GANSampler, load, resume, save
from skgan._forms import read_table
from skgan.callbacks import Callback, Checkpoint
from skgan.encoders import TableEncoder, continued
from skgan.exceptions import FewRowsWarning, NewValuesWarning
from skgan.networks import DISCRIMINATORS, GENERATORS

TINY = {"max_iter": 3, "refine": False, "hidden_layer_sizes": (16,), "random_state": 0, "device": "cpu"}
IMAGES = np.random.default_rng(0).integers(0, 256, (40, 16, 16), dtype=np.uint8)


def weights(network):
    return [value.clone() for value in network.state_dict().values()]


def are_equal(left, right):
    return all(torch.equal(a, b) for a, b in zip(left, right, strict=True))


def start_of(sampler, X, y=None):
    """The networks of a fit that goes on, before its first step."""
    run = sampler._plan_more(X, y).run(())
    return {player.name: player.module for player in run.players}


# What goes on -------------------------------------------------------------------------------------------------------


def test_the_networks_go_on_from_those_that_were_fitted():
    X = small_frame(80)
    sampler = GANSampler(**TINY).fit(X)
    networks = start_of(sampler, X)
    assert are_equal(weights(networks["generator"]), weights(sampler.generator_.last))
    assert are_equal(weights(networks["discriminator"]), weights(sampler.discriminator_))


def test_the_same_rows_are_encoded_alike():
    X = adult_like(300)
    table = read_table(X)
    former = TableEncoder(min_frequency=5).fit(table)
    encoder, origin = continued(former, table, 5)
    assert origin == list(range(former.spec_.width))
    assert encoder.spec_ == former.spec_
    for ours, theirs in zip(encoder.encode(table).arrays(), former.encode(table).arrays(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_without_warm_start_a_fit_begins_anew():
    X = small_array(60)
    sampler = GANSampler(**TINY).fit(X)
    again = copy.deepcopy(sampler).fit(X)
    assert again.t_ == again.n_iter_ == 3
    np.testing.assert_array_equal(sampler.sample(9, random_state=0), again.sample(9, random_state=0))


def test_a_partial_fit_is_one_gentle_pass():
    X = small_array(100)
    sampler = GANSampler(batch_size=30, refine=False, random_state=0).partial_fit(X)
    assert (sampler.max_iter_, sampler.learning_rate_) == (400, 2e-3)
    sampler.partial_fit(X)
    assert (sampler.n_iter_, sampler.max_iter_, sampler.learning_rate_) == (4, 4, 5e-4)
    sampler.set_params(max_iter=7, learning_rate=1e-3).partial_fit(X)
    assert (sampler.n_iter_, sampler.learning_rate_) == (7, 1e-3)
    sampler.set_params(max_iter="auto", learning_rate="auto", warm_start=True, max_time=0.5).fit(X)
    assert (sampler.max_iter_, sampler.learning_rate_) == (400, 2e-3)


def test_warm_start_and_partial_fit_with_the_same_steps():
    X = small_array(60)
    by_fit, by_partial_fit = (GANSampler(**TINY, learning_rate=1e-3, warm_start=word) for word in (True, False))
    for _ in range(2):
        by_fit.fit(X)
        by_partial_fit.partial_fit(X)
        np.testing.assert_array_equal(by_fit.sample(9, random_state=0), by_partial_fit.sample(9, random_state=0))
    fresh = GANSampler(**TINY, learning_rate=1e-3).fit(X)
    assert not np.array_equal(by_fit.sample(9, random_state=0), fresh.sample(9, random_state=0))


def test_steps_and_history_go_on():
    X = small_array(60)
    sampler = GANSampler(**TINY).fit(X)
    sampler.set_params(max_iter=4).partial_fit(X)
    assert (sampler.n_iter_, sampler.t_) == (4, 7)
    assert sampler.history_["step"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert sampler.history_["seconds"].is_monotonic_increasing


def test_a_long_history_is_thinned():
    X = small_array(60)
    sampler = GANSampler(**TINY).fit(X)
    sampler.history_ = pd.concat([sampler.history_] * 700, ignore_index=True)
    assert 1000 < len(sampler.partial_fit(X).history_) <= 2000


def test_a_shifted_mean_is_learned():
    X = small_array(400)
    sampler = GANSampler(max_iter=150, random_state=0, device="cpu").fit(X)
    with pytest.warns(NewValuesWarning):
        sampler.partial_fit(X + [10.0, -10.0])
    rows = sampler.sample(1000, random_state=0)
    np.testing.assert_allclose(rows.mean(axis=0), X.mean(axis=0) + [10.0, -10.0], atol=0.2)
    np.testing.assert_allclose(rows.std(axis=0), X.std(axis=0), rtol=0.15)


def test_what_was_learned_before_helps():
    """Ten steps do not suffice to learn a parabola; they do for a sampler that knows it from other rows."""
    x = np.random.default_rng(0).normal(size=600)
    X = np.column_stack([x, x**2])
    options = {"random_state": 0, "device": "cpu", "refine": False}
    sampler = GANSampler(max_iter=300, **options).fit(X[:400])
    sampler.set_params(max_iter=10, warm_start=True).fit(3 * X[400:])
    fresh = GANSampler(max_iter=10, **options).fit(3 * X[400:])
    drawn = [fitted.sample(2000, random_state=0) / 3 for fitted in (sampler, fresh)]
    found, found_by_fresh = (np.corrcoef(rows[:, 0] ** 2, rows[:, 1])[0, 1] for rows in drawn)
    assert found > 0.8 > 0.5 > found_by_fresh


def test_refinement_is_done_anew():
    X = small_array(60)
    sampler = GANSampler(max_iter=3, random_state=0).fit(X)
    before = sampler._model
    sampler.partial_fit(X[:40])
    assert sampler._model.refiner is not before.refiner
    assert sampler.set_params(refine=False).partial_fit(X)._model.refiner is None


def test_a_clone_keeps_the_parameter_and_no_networks():
    sampler = GANSampler(**TINY, warm_start=True, n_frozen_layers=1).fit(small_array(60))
    cloned = clone(sampler)
    assert cloned.warm_start and cloned.n_frozen_layers == 1
    assert not hasattr(cloned, "t_")
    assert cloned.fit(small_array(60)).t_ == 3


# New values ---------------------------------------------------------------------------------------------------------


def shares(column):
    return column.value_counts(normalize=True, dropna=False)


def test_new_categories_are_learned_and_named():
    X = pd.DataFrame({"city": ["Bonn", "Trier"] * 50, "x": np.arange(100.0) / 8})
    sampler = GANSampler(**TINY).fit(X)
    later = X.assign(city=["Bonn"] * 50 + ["Mainz"] * 50)
    with pytest.warns(NewValuesWarning, match="column 'city' has the new category 'Mainz'"):
        sampler.partial_fit(later)
    found = shares(sampler.sample(2000, random_state=0)["city"])
    assert found["Mainz"] > 0.3
    # Known ones that the new rows lack are kept, and hardly generated.
    assert "Trier" in sampler._model.encoder.columns_[0].categories
    assert found.get("Trier", 0.0) < 0.01
    with warnings.catch_warnings():
        warnings.simplefilter("error", NewValuesWarning)
        sampler.partial_fit(X)
    assert shares(sampler.sample(2000, random_state=0)["city"])["Trier"] > 0.3


def test_with_a_new_category_networks_compute_what_they_did():
    """Rows of known categories have the same scores, and the generator the same raw values."""
    X = small_frame(80)
    sampler = GANSampler(**TINY).fit(X)
    later = X.assign(grade=pd.Categorical(["new"] * 10 + X["grade"].astype(str).tolist()[10:]))
    with pytest.warns(NewValuesWarning):
        plan = sampler._plan_more(later)
    run = plan.run(())
    networks = {player.name: player.module for player in run.players}
    known = later[10:]
    old = sampler._model.encoder.encode(read_table(known)).middle()
    origin = torch.tensor(plan.former.origins["row"])
    new = torch.zeros(len(old), len(origin))
    new[:, origin >= 0] = old[:, origin[origin >= 0]]
    nothing = torch.zeros(len(old), 0)
    torch.testing.assert_close(networks["discriminator"](new, nothing), sampler.discriminator_(old, nothing))
    generator, former = networks["generator"], sampler.generator_.last
    latent = torch.randn(5, generator.noise_dim, generator=torch.Generator().manual_seed(0))
    places = [generator.latent_dim + generator.heads.noise_columns.index(origin.tolist().index(column))
              for column in former.heads.noise_columns]  # fmt: skip
    kept = torch.cat([latent[:, : generator.latent_dim], latent[:, places]], dim=1)
    raw, raw_before = generator.body(latent, nothing[:5]), former.body(kept, nothing[:5])
    torch.testing.assert_close(raw[:, origin >= 0], raw_before[:, origin[origin >= 0]])
    assert (raw[:, origin < 0] == 0).all()


def test_a_category_dtype_gets_the_categories_of_all_fits():
    X = pd.DataFrame({"size": pd.Categorical(["s", "m"] * 20), "x": np.arange(40.0) / 8})
    with pytest.warns(NewValuesWarning):
        sampler = GANSampler(**TINY).fit(X).partial_fit(X.assign(size=pd.Categorical(["s", "xl"] * 20)))
    assert sampler.sample(5)["size"].dtype == pd.CategoricalDtype(["m", "s", "xl"])


def test_texts_of_an_array_may_be_longer():
    X = np.array([["a", "b"], ["c", "d"]] * 20)
    with pytest.warns(NewValuesWarning):
        sampler = GANSampler(**TINY).fit(X).partial_fit(np.array([["longer", "b"], ["c", "d"]] * 20))
    assert "longer" in sampler.sample(200, random_state=0)[:, 0]


def test_new_categories_of_polars():
    X = pl.DataFrame({"city": ["Bonn", "Trier"] * 20, "x": np.arange(40.0) / 8})
    with pytest.warns(NewValuesWarning, match="'Mainz'"):
        sampler = GANSampler(**TINY).fit(X).partial_fit(X.with_columns(city=pl.Series(["Bonn", "Mainz"] * 20)))
    assert "Mainz" in sampler.sample(100, random_state=0)["city"].to_list()


def many_cities(first, stop, n=600):
    rng = np.random.default_rng(first)
    cities = rng.integers(first, stop, n)
    return pd.DataFrame({"city": [f"c{city}" for city in cities], "x": cities % 7 + rng.normal(size=n)})


def test_new_ones_among_many_categories():
    sampler = GANSampler(**TINY).fit(many_cities(0, 150))
    width = sampler._model.encoder.spec_.width
    with pytest.warns(NewValuesWarning, match="new categories"):
        sampler.partial_fit(many_cities(75, 225))
    assert sampler._model.encoder.spec_.width == width
    drawn = set(sampler.sample(4000, random_state=0)["city"])
    assert len(drawn & {f"c{city}" for city in range(150, 225)}) > 60
    assert len(drawn & {f"c{city}" for city in range(75)}) < 10


def test_a_wider_range_is_learned_and_named():
    X = pd.DataFrame({"price": np.arange(200.0)})
    with pytest.warns(NewValuesWarning, match="column 'price' holds 1990, outside of the last fit's range from about"):
        sampler = GANSampler(**TINY).fit(X).partial_fit(X * 10)
    assert 1500 < sampler.sample(500, random_state=0)["price"].max() <= 1990


def test_times_beyond_are_named_as_times():
    X = pd.DataFrame({"sold": pd.date_range("2024-01-01", periods=100, freq="D")})
    with pytest.warns(NewValuesWarning, match="'sold' holds 2025-04-09"):
        sampler = GANSampler(**TINY).fit(X).partial_fit(X + pd.Timedelta(days=365))
    assert sampler.sample(50, random_state=0)["sold"].min() > pd.Timestamp("2024-12-30")


def test_numbers_off_the_former_grid_are_learned():
    X = pd.DataFrame({"rooms": [1, 2, 3, 4] * 20, "x": np.arange(80.0) / 8})
    sampler = GANSampler(**TINY).fit(X).partial_fit(X.assign(rooms=X["rooms"] + 0.5))
    assert set(sampler.sample(200, random_state=0)["rooms"]) == {1.5, 2.5, 3.5, 4.5}


def test_small_integers_may_grow():
    X = np.arange(200, dtype=np.uint8).reshape(-1, 2) % 90
    with pytest.warns(NewValuesWarning):
        sampler = GANSampler(**TINY, id_columns=None).fit(X).partial_fit(X.astype(np.int64) + 400)
    assert sampler.sample(50, random_state=0).min() >= 400


@pytest.mark.parametrize("column", ["floor", "grade", "pets", "weight"])
def test_the_first_missing_values_of_a_column(column):
    X = small_frame(80)
    X = X[X.notna().all(axis=1)].reset_index(drop=True)
    sampler = GANSampler(**TINY).fit(X)
    later = X.copy()
    later.loc[:19, column] = None
    with pytest.warns(NewValuesWarning, match=f"column '{column}' has 20 missing values"):
        sampler.partial_fit(later)
    assert 0.1 < sampler.sample(1000, random_state=0)[column].isna().mean() < 0.7
    sampler.partial_fit(X)
    assert sampler.sample(1000, random_state=0)[column].isna().mean() < 0.01


def test_missing_values_where_the_dtype_had_none():
    X = pd.DataFrame({"n": [1, 2, 3, 4] * 20, "x": np.arange(80.0) / 8})
    with pytest.warns(NewValuesWarning, match="column 'n' has 20 missing values"):
        sampler = GANSampler(**TINY).fit(X).partial_fit(X.assign(n=[None] * 20 + [1, 2, 3, 4] * 15))
    assert sampler.sample(200, random_state=0)["n"].isna().any()


def test_a_column_without_any_value_keeps_its_range():
    X = pd.DataFrame({"a": np.arange(80.0), "b": np.arange(80.0)})
    sampler = GANSampler(**TINY, id_columns=None).fit(X)
    with pytest.warns(NewValuesWarning, match="'a' has nothing but missing values"):
        sampler.partial_fit(X.assign(a=np.nan))
    assert sampler.sample(100, random_state=0)["a"].isna().mean() > 0.9
    sampler.partial_fit(X)
    assert sampler.sample(100, random_state=0)["a"].max() > 60


def test_a_column_without_values_gets_some():
    X = pd.DataFrame({"a": np.full(60, np.nan), "b": np.arange(60.0) / 8})
    sampler = GANSampler(**TINY).fit(X).partial_fit(X.assign(a=np.arange(60.0)))
    assert sampler.sample(100, random_state=0)["a"].notna().all()


def codes(names, n=300):
    places = np.random.default_rng(0).integers(len(names), size=n)
    return pd.DataFrame({"code": [list(names)[place] for place in places], "x": np.arange(n) % 10.0}).assign(
        name=lambda X: X["code"].map(names)
    )


def test_a_rule_between_columns_is_extended():
    sampler = GANSampler(**TINY).fit(codes({"B": "Bonn", "T": "Trier"}))
    width = sampler._model.encoder.spec_.width
    with pytest.warns(NewValuesWarning):
        sampler.partial_fit(codes({"B": "Bonn", "M": "Mainz"}))
    rows = sampler.sample(500, random_state=0)
    assert set(rows["code"] + rows["name"]) >= {"BBonn", "MMainz"}
    assert set(rows["code"] + rows["name"]) <= {"BBonn", "MMainz", "TTrier"}
    assert sampler._model.encoder.spec_.width == width + 1


def test_a_rule_that_new_rows_break_is_given_up():
    sampler = GANSampler(**TINY).fit(codes({"B": "Bonn", "T": "Trier"}))
    later = codes({"B": "Bonn", "T": "Trier"})
    later["name"] = np.where(np.arange(300) % 2, "Bonn", "Trier")
    sampler.partial_fit(later)
    rows = sampler.sample(500, random_state=0)
    assert len(set(rows["code"] + rows["name"])) == 4


def test_new_identifiers_are_new_to_all_fits():
    def rows(start):
        return pd.DataFrame({"id": [f"A{number:02d}" for number in range(start, start + 40)], "x": np.arange(40.0) / 8})

    sampler = GANSampler(**TINY, id_columns=["id"]).fit(rows(0)).partial_fit(rows(40))
    drawn = sampler.sample(60, random_state=0)["id"]
    assert drawn.is_unique
    assert not set(drawn) & {f"A{number:02d}" for number in range(80)}


def test_free_text_stays_hidden():
    words = "the quick brown fox jumps over a lazy dog".split()
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"note": [" ".join(rng.permutation(words)) for _ in range(60)], "x": np.arange(60.0) / 8})
    with pytest.warns(UserWarning, match="free text"):
        sampler = GANSampler(**TINY).fit(X)
        dropped = GANSampler(**TINY, free_text="drop").fit(X)
    assert set(sampler.partial_fit(X).sample(20)["note"]) == {"[text]"}
    assert list(dropped.partial_fit(X).sample(20)) == ["x"]


def test_rare_categories_are_merged_unless_they_were_known():
    X = pd.DataFrame({"city": ["Bonn", "Trier"] * 30, "x": np.arange(60.0) / 8})
    sampler = GANSampler(**TINY, rare_categories="merge").fit(X)
    later = X.assign(city=["Bonn"] * 57 + ["Trier"] * 2 + ["Mainz"])
    sampler.partial_fit(later)
    assert sampler._model.encoder.columns_[0].categories == ["Bonn", "Trier"]
    assert "Trier" in sampler.sample(500, random_state=0)["city"].tolist()


# Errors -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later", "message"),
    [
        (lambda X: X.drop(columns="price"), "price"),
        (lambda X: X.assign(more=1.0), "more"),
        (lambda X: X[X.columns[::-1]], "same order"),
        (lambda X: X.assign(price="cheap"), "'price' of X holds 'cheap', but is a column of numbers"),
    ],
)
def test_other_columns_are_refused(later, message):
    X = small_frame(60)
    sampler = GANSampler(**TINY).fit(X)
    before = sampler.sample(9, random_state=0)
    with pytest.raises(ValueError, match=f"(?s){message}.*warm_start=False"):
        sampler.partial_fit(later(X))
    pd.testing.assert_frame_equal(sampler.sample(9, random_state=0), before)


@pytest.mark.parametrize(
    ("name", "value"),
    [("hidden_layer_sizes", (8, 8)), ("latent_dim", 3), ("generator", "resnet"), ("discriminator", lambda *_: None)],
)
def test_other_networks_are_refused(name, value):
    sampler = GANSampler(**TINY).fit(small_array(60)).set_params(**{name: value})
    with pytest.raises(ValueError, match=f"{name}=.*fitted: .*warm_start=False"):
        sampler.partial_fit(small_array(60))


def test_parameters_of_training_may_change():
    sampler = GANSampler(**TINY).fit(small_array(60))
    sampler.set_params(learning_rate=1e-3, loss="hinge", regularizer="r1", batch_size=16, n_critic=2)
    assert sampler.partial_fit(small_array(60)).batch_size_ == 16


def test_automatic_sizes_stay():
    sampler = GANSampler(max_iter=2, refine=False, random_state=0).fit(small_array(2000))
    assert sampler.hidden_layer_sizes_ == (128, 128)
    assert sampler.partial_fit(small_array(60)).hidden_layer_sizes_ == (128, 128)


class Crash(Callback):
    def on_step_end(self, run):
        if run.n_iter == 2:
            raise SystemError("crashed")


def identities(sampler):
    return {name: id(value) for name, value in vars(sampler).items()}


def test_an_error_leaves_the_sampler_as_it_was():
    sampler = GANSampler(**TINY).fit(small_array(60))
    state, before = identities(sampler), weights(sampler.generator_)
    sampler.set_callbacks(Crash())
    with pytest.raises(SystemError):
        sampler.partial_fit(small_array(60))
    sampler.set_callbacks()
    assert identities(sampler) == state
    assert are_equal(weights(sampler.generator_), before)


def test_images_for_a_table_are_refused():
    with pytest.raises(ValueError, match="table"):
        GANSampler(**TINY).fit(small_array(60)).partial_fit(IMAGES)


# Conditions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("conditioning", ["auto", "projection", "auxiliary"])
def test_new_classes_are_learned_and_known_ones_stay(conditioning):
    X, y = blobs(200)
    sampler = ConditionalGANSampler(**TINY, conditioning=conditioning).fit(X[y < 2], y[y < 2])
    with pytest.warns(NewValuesWarning, match="y has the new category 2"):
        sampler.partial_fit(X[y > 0], y[y > 0])
    assert sampler.classes_.tolist() == [0, 1, 2]
    assert sampler.sample(y=[0, 1, 2])[0].shape == (3, 2)
    assert set(sampler.sample(200, random_state=0)[1]) == {1, 2}
    if conditioning == "auxiliary":
        assert sampler.predict_proba(X).shape == (200, 3)


def test_conditions_go_on_from_what_was_fitted():
    X, y = blobs(60)
    sampler = ConditionalGANSampler(**TINY, conditioning="projection").fit(X, y)
    networks = start_of(sampler, X, y)
    assert are_equal(weights(networks["generator"]), weights(sampler.generator_.last))
    assert are_equal(weights(networks["discriminator"]), weights(sampler.discriminator_))


def test_continuous_targets():
    X, y = small_array(100), np.linspace(0, 1, 100)
    sampler = ConditionalGANSampler(**TINY).fit(X, y)
    with pytest.warns(NewValuesWarning, match="y holds 10, outside"):
        sampler.partial_fit(X, y * 10)
    assert sampler.sample(200, random_state=0)[1].max() > 8


def test_many_classes():
    rng = np.random.default_rng(0)
    y = np.repeat([f"c{number}" for number in range(120)], 3)
    X = rng.normal(size=(360, 2)) + np.repeat(np.arange(120), 3)[:, None]
    sampler = ConditionalGANSampler(**TINY).fit(X, y)
    with pytest.warns(NewValuesWarning, match="new categories"):
        sampler.partial_fit(X[:60], [f"{label}{'x' * (n % 2)}" for n, label in enumerate(y[:60])])
    assert len(sampler.classes_) > 120
    assert sampler.sample(y=["c0", "c0x", "c119"])[0].shape == (3, 2)


def test_targets_of_another_type_are_refused():
    X, y = blobs(60)
    sampler = ConditionalGANSampler(**TINY).fit(X, y)
    with pytest.raises(ValueError, match="y"):
        sampler.partial_fit(X, np.array(["a", "b"] * 30))
    with pytest.raises(ValueError, match="target_type='continuous'"):
        sampler.set_params(target_type="continuous").partial_fit(X, y)
    with pytest.raises(ValueError, match="requires y"):
        sampler.set_params(target_type="auto").partial_fit(X, None)


# Images -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["dcgan", "resnet", "progressive", "mlp"])
def test_images_go_on(word):
    sizes = {"hidden_layer_sizes": (4, 4), "generator": word, "discriminator": word, "batch_size": 8}
    sampler = GANSampler(**TINY | sizes).fit(IMAGES)
    networks = start_of(sampler, IMAGES)
    assert are_equal(weights(networks["generator"]), weights(sampler.generator_.last))
    sampler.partial_fit(IMAGES[:20] // 2)
    drawn = sampler.sample(5)
    assert drawn.shape == (5, 16, 16) and drawn.dtype == np.uint8
    assert drawn.max() <= 127


def test_grown_networks_stay_grown():
    words = {"generator": "progressive", "discriminator": "progressive", "hidden_layer_sizes": (4, 4), "batch_size": 8}
    sampler = GANSampler(**TINY | words).fit(IMAGES)
    run = sampler._plan_more(IMAGES).run(())
    run.game.set_progress(0.0)
    assert run.game.generator.body.level == run.game.generator.body.n_growths


def test_images_of_another_shape_are_refused():
    sampler = GANSampler(**TINY | {"hidden_layer_sizes": (4, 4)}).fit(IMAGES)
    with pytest.raises(ValueError, match="16"):
        sampler.partial_fit(IMAGES[:, :8, :8])


def test_images_given_classes():
    y = np.arange(40) % 2
    sampler = ConditionalGANSampler(**TINY | {"hidden_layer_sizes": (4, 4), "batch_size": 8}).fit(IMAGES, y)
    with pytest.warns(NewValuesWarning):
        sampler.partial_fit(IMAGES, y + 1)
    assert sampler.sample(y=[0, 1, 2])[0].shape == (3, 16, 16)


# Frozen layers ------------------------------------------------------------------------------------------------------


def test_frozen_layers_stay():
    X = small_array(60)
    sampler = GANSampler(**TINY | {"hidden_layer_sizes": (16, 16)}, n_frozen_layers=2).fit(X)
    before = sampler.discriminator_
    # A first fit has none.
    fresh = clone(sampler).set_params(n_frozen_layers=0).fit(X)
    assert are_equal(weights(before), weights(fresh.discriminator_))
    after = sampler.partial_fit(X).discriminator_
    changed = {name.rsplit(".", 1)[0] for name, value in after.state_dict().items()
               if not torch.equal(value, before.state_dict()[name])}  # fmt: skip
    assert changed == {"body.blocks.0.second", "body.blocks.1.first", "body.blocks.1.second", "body.exit"}


def test_not_all_layers_may_be_frozen():
    sampler = GANSampler(**TINY, n_frozen_layers=4).fit(small_array(60))
    with pytest.raises(ValueError, match="n_frozen_layers=4 must be less than 4.*at most 3"):
        sampler.partial_fit(small_array(60))


def test_layers_of_images():
    sampler = GANSampler(**TINY | {"hidden_layer_sizes": (4, 4), "batch_size": 8}, n_frozen_layers=1).fit(IMAGES)
    before = weights(sampler.discriminator_.body[0])
    sampler.partial_fit(IMAGES)
    assert are_equal(weights(sampler.discriminator_.body[0]), before)


def test_networks_of_a_factory():
    def generator(spec, latent_dim, condition_dim):
        return Join(latent_dim + condition_dim, spec.width)

    def discriminator(spec, latent_dim, condition_dim):
        return Join(spec.width + condition_dim, 1, is_scores=True)

    X = pd.DataFrame({"city": ["Bonn", "Trier"] * 30, "x": np.arange(60.0) / 8})
    factories = {"generator": generator, "discriminator": discriminator, "n_frozen_layers": 1}
    sampler = GANSampler(**TINY | factories).fit(X)
    before = weights(sampler.discriminator_.first)
    assert are_equal(weights(sampler.partial_fit(X).discriminator_.first), before)
    with pytest.raises(ValueError, match="factory.*warm_start=False"), pytest.warns(NewValuesWarning):
        sampler.partial_fit(X.assign(city="Mainz"))


class Join(torch.nn.Module):
    def __init__(self, n_in, n_out, is_scores=False):
        super().__init__()
        self.first, self.second, self.is_scores = torch.nn.Linear(n_in, 8), torch.nn.Linear(8, n_out), is_scores

    def forward(self, rows, condition):
        out = self.second(self.first(torch.cat([rows, condition], dim=1)).relu())
        return out[:, 0] if self.is_scores else out


# Files and seeds ----------------------------------------------------------------------------------------------------


def test_a_saved_or_pickled_sampler_goes_on(tmp_path):
    X = small_frame(80)
    sampler = GANSampler(**TINY).fit(X)
    save(sampler, tmp_path / "model")
    others = [load(tmp_path / "model"), pickle.loads(pickle.dumps(sampler))]
    later = X[:50].assign(grade=pd.Categorical(["new"] * 10 + X["grade"].astype(str).tolist()[10:50]))
    with pytest.warns(NewValuesWarning):
        expected = sampler.partial_fit(later).sample(20, random_state=0)
        for other in others:
            pd.testing.assert_frame_equal(other.partial_fit(later).sample(20, random_state=0), expected)
    save(sampler, tmp_path / "model")
    loaded = load(tmp_path / "model")
    assert loaded.t_ == 6
    pd.testing.assert_frame_equal(loaded.sample(20, random_state=0), expected)


@pytest.mark.parametrize("conditioning", [False, True])
def test_a_fit_that_goes_on_is_resumed(conditioning, tmp_path):
    X, y = blobs(80)
    make = ConditionalGANSampler if conditioning else GANSampler
    first, later = ((X[:40], y[:40]), (X[40:], y[40:])) if conditioning else ((X[:40],), (X[40:],))
    expected = make(**TINY).fit(*first).partial_fit(*later)
    sampler = make(**TINY).fit(*first).set_callbacks(Checkpoint(tmp_path / "fit", 1e-9), Crash())
    with pytest.raises(SystemError):
        sampler.partial_fit(*later)
    resumed = resume(tmp_path / "fit", *later)
    assert (resumed.n_iter_, resumed.t_) == (3, 6)
    losses = ["step", "discriminator_loss", "generator_loss"]
    pd.testing.assert_frame_equal(resumed.history_[losses], expected.history_[losses])
    for name in ("generator", "discriminator"):
        assert are_equal(weights(resumed._model.networks[name]), weights(expected._model.networks[name]))


def test_callbacks_and_time():
    X = small_array(60)
    seen = []

    class Watch(Callback):
        def on_step_end(self, run):
            seen.append((run.n_iter, run.model().t_))

    sampler = GANSampler(**TINY).fit(X).set_callbacks(Watch()).set_params(max_time=60).partial_fit(X)
    assert seen == [(1, 4), (2, 5), (3, 6)]
    assert sampler.t_ == 6


def test_the_same_seed_gives_the_same_rows():
    X = small_array(80)
    drawn = [GANSampler(**TINY).fit(X[:40]).partial_fit(X[40:]).sample(9) for _ in range(2)]
    np.testing.assert_array_equal(*drawn)


@pytest.mark.parametrize("word", list(GENERATORS))
def test_every_network_says_where_it_depends_on_the_layout(word):
    assert hasattr(GENERATORS[word], "ends")
    assert hasattr(DISCRIMINATORS[word], "ends") or word == "mlp"


def test_images_in_other_units_are_warned_about():
    images = np.random.default_rng(0).integers(0, 256, (60, 8, 8)).astype(np.float64)
    sampler = GANSampler(max_iter=2, hidden_layer_sizes=(4,), refine=False, random_state=0).fit(images / 255)
    with pytest.warns(NewValuesWarning, match="pixels from 0 to 1, and X has 0 to 255"):
        sampler.partial_fit(images)


def test_few_rows_are_warned_about():
    X = np.random.default_rng(0).normal(size=(100, 2))
    sampler = GANSampler(max_iter=2, refine=False, random_state=0).fit(X)
    with pytest.warns(FewRowsWarning, match="X has 10 rows, and the sampler will generate rows like these alone"):
        sampler.partial_fit(X[:10])
