"""y as a condition: classes and continuous targets, errors, and draws of new conditions."""

import numpy as np
import pandas as pd
import pytest
import torch

from skgan._forms import read_target
from skgan.encoders import TARGET_TYPES, ConditionEncoder, Conditions

N = 400
RNG = np.random.default_rng(0)
PRICE = np.round(np.exp(RNG.normal(size=N)), 2)
LABEL = RNG.choice(np.array(["a", "b", "c"]), N, p=[0.6, 0.3, 0.1])
CLASS, CONTINUOUS = True, False


def fit(y, target_type="auto", min_frequency=5):
    table = read_target(y)
    return table, ConditionEncoder(target_type=target_type, min_frequency=min_frequency).fit(table)


@pytest.mark.parametrize(
    "y, expected",
    [
        (np.arange(N) % 2 == 0, CLASS),
        (LABEL, CLASS),
        (LABEL.astype(object), CLASS),
        (pd.Series(LABEL, dtype="category"), CLASS),
        (np.arange(N) % 50, CLASS),
        (np.arange(N) % 51, CONTINUOUS),
        ((np.arange(N) % 50).astype(float), CLASS),
        (np.arange(N) % 50 + 0.5, CONTINUOUS),
        (PRICE, CONTINUOUS),
        (pd.Series(np.arange(N) % 3, dtype="Int64"), CLASS),
    ],
    ids=lambda y: getattr(y, "dtype", y),
)
def test_what_auto_takes_for_a_class(y, expected):
    assert fit(y)[1].is_class_ == [expected]


@pytest.mark.parametrize(
    "y, target_type, expected",
    [(np.arange(N) % 3, "continuous", CONTINUOUS), (PRICE, "classes", CLASS), (LABEL, "classes", CLASS)],
)
def test_the_caller_decides(y, target_type, expected):
    assert fit(y, target_type)[1].is_class_ == [expected]
    assert list(TARGET_TYPES) == ["auto", "classes", "continuous"]


@pytest.mark.parametrize(
    "y, target_type, message",
    [
        ([1.0, np.nan, 2.0], "auto", "y has 1 missing values"),
        (["a", None, "b"], "auto", "y has 1 missing values"),
        (["a", "b"], "continuous", "holds labels such as 'a'"),
    ],
)
def test_what_cannot_be_a_condition(y, target_type, message):
    with pytest.raises(ValueError, match=message):
        fit(pd.Series(y), target_type)


@pytest.mark.parametrize("y, unknown", [(LABEL, "z"), (np.arange(N) % 3, 7)])
def test_an_unknown_label_is_told_the_known_ones(y, unknown):
    table, encoder = fit(y)
    with pytest.raises(ValueError) as error:
        encoder.encode(table.form.read_like(np.array([y[0], unknown], dtype=object)))
    assert repr(unknown) in str(error.value)
    assert all(repr(label) in str(error.value) for label in np.unique(y).tolist())


def test_many_known_labels_are_told_in_part():
    table, encoder = fit(np.array([f"label {i}" for i in range(200)]))
    with pytest.raises(ValueError, match="and 150 more"):
        encoder.encode(table.form.read_like(np.array(["z"])))


def test_classes_are_one_hot_and_amounts_are_places():
    frame = pd.DataFrame({"label": LABEL, "price": PRICE})
    table, encoder = fit(frame)
    conditions = encoder.encode(table)
    assert encoder.is_class_ == [CLASS, CONTINUOUS]
    assert [(span.kind, span.width) for span in encoder.spec_.spans] == [("categorical", 3), ("uniform", 1)]
    assert conditions.tensor.shape == (N, 4) and conditions.features.shape == (N, 2)
    np.testing.assert_array_equal(conditions.tensor[:, :3].argmax(1), pd.Series(LABEL).map({"a": 0, "b": 1, "c": 2}))
    encoded = conditions.tensor[:, 3].numpy()
    assert (np.diff(encoded[np.argsort(PRICE, kind="stable")]) >= -1e-6).all()
    assert np.abs(np.sort(encoded) - np.linspace(-1, 1, N)).max() < 0.03


def test_an_amount_never_seen_is_a_condition_too():
    table, encoder = fit(PRICE)
    codes = encoder.encode(table.form.read_like(np.array([-1e9, np.median(PRICE), 1e9]))).tensor
    assert codes[0] == -1 and codes[2] == 1 and abs(codes[1]) < 0.05


def test_drawn_targets_are_as_in_training():
    table, encoder = fit(pd.DataFrame({"label": LABEL, "price": PRICE}))
    (labels, no_gap), (prices, _) = encoder.draw(20_000, np.random.default_rng(0))
    assert not no_gap.any() and labels.dtype == table.columns[0].values.dtype and prices.dtype == np.float64
    for label in "abc":
        assert (labels == label).mean() == pytest.approx((LABEL == label).mean(), abs=0.015)
    assert prices.min() >= PRICE.min() and prices.max() <= PRICE.max()
    assert np.abs(np.quantile(prices, [0.1, 0.5, 0.9]) / np.quantile(PRICE, [0.1, 0.5, 0.9]) - 1).max() < 0.1
    np.testing.assert_array_equal(prices, prices.round(2))


def test_drawn_targets_keep_their_dependence():
    hidden = RNG.normal(size=N)
    y = pd.DataFrame({"label": np.where(hidden > 0, "up", "down"), "amount": hidden, "count": np.floor(3 * hidden)})
    _, encoder = fit(y)
    (labels, _), (amounts, _), (counts, _) = encoder.draw(5000, np.random.default_rng(0))
    assert ((amounts > 0) == (labels == "up")).mean() > 0.9
    assert np.corrcoef(amounts, counts)[0, 1] > 0.95
    seen = set(y["count"])
    assert set(counts) <= seen


def test_rare_amounts_are_not_drawn_and_not_stored():
    amounts = RNG.normal(size=N)
    _, encoder = fit(amounts)
    (drawn, _), = encoder.draw(20_000, np.random.default_rng(0))
    assert not np.isin(drawn, amounts).any()
    stored = encoder.get_state()["encoder"]["columns"][0]["quantiles"]
    assert not np.isin(stored["heights"], amounts).any() and not len(stored["atoms"])


def test_drawing_depends_on_the_given_stream_alone():
    _, encoder = fit(pd.DataFrame({"label": LABEL, "price": PRICE}))
    draws = [[values.tolist() for values, _ in encoder.draw(50, np.random.default_rng(seed))] for seed in (0, 0, 1)]
    assert draws[0] == draws[1] != draws[2]


@pytest.mark.parametrize("y", [LABEL, np.arange(N) % 3, (np.arange(N) % 3).astype(float), np.arange(N) % 2 == 0])
def test_labels_come_back_in_their_own_dtype(y):
    table, encoder = fit(y)
    labels = encoder.labels(0)
    assert labels.dtype == table.columns[0].values.dtype
    assert sorted(labels.tolist()) == np.unique(y).tolist()
    (drawn, _), = encoder.draw(10, np.random.default_rng(0))
    assert drawn.dtype == labels.dtype


@pytest.mark.parametrize(
    "y", [LABEL, PRICE, pd.DataFrame({"label": LABEL, "price": PRICE}), np.array([f"{i}" for i in range(N)])]
)
def test_state_is_all_there_is(y):
    table, encoder = fit(y)
    again = ConditionEncoder.from_state(encoder.get_state())
    assert again.spec_ == encoder.spec_ and again.is_class_ == encoder.is_class_
    a, b = again.encode(table), encoder.encode(table)
    assert torch.equal(a.tensor, b.tensor)
    np.testing.assert_array_equal(a.features, b.features)
    for one, other in zip(*(e.draw(100, np.random.default_rng(0)) for e in (again, encoder))):
        np.testing.assert_array_equal(one[0], other[0])


def test_conditions_are_rows():
    table, encoder = fit(pd.DataFrame({"label": ["a", "b", "b"], "price": PRICE[:3]}))
    conditions = encoder.encode(table)
    chosen = conditions[np.array([2, 0, 0])]
    assert len(conditions) == len(chosen) == 3
    assert torch.equal(chosen.tensor, conditions.tensor[[2, 0, 0]])
    np.testing.assert_array_equal(chosen.features, conditions.features[[2, 0, 0]])
    none = Conditions.none(5)
    assert len(none) == 5 and none.tensor.shape == none.features.shape == (5, 0)
