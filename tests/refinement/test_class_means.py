"""Differences from the means of many classes, as features of the trees."""

import numpy as np
import pytest

from skgan import ConditionalGANSampler, load, save
from skgan.exceptions import BrokenFileError
from skgan.refinement import ClassMeans
from skgan.refinement._class_means import MAX_COLUMNS


def rows_of(means, n_each, spread=0.01, seed=0):
    """Classes and the numbers of their rows."""
    classes = np.repeat(np.arange(len(means)), n_each)
    return classes, means[classes] + spread * np.random.default_rng(seed).normal(size=(len(classes), means.shape[1]))


def test_means_are_shrunk_by_one_row_of_the_overall_mean():
    numbers = np.array([[0.0], [0.2], [0.4], [0.9]])
    found = ClassMeans(numbers, [3], np.array([0, 0, 0, 1]), 3)
    overall = 0.375
    assert found.index == [3]
    np.testing.assert_allclose(found.means[:, 0], [(0.6 + overall) / 4, (0.9 + overall) / 2, overall])


def test_a_row_is_compared_with_the_other_rows_of_its_class():
    numbers = np.array([[0.0], [0.2], [0.4], [0.9]])
    classes = np.array([0, 0, 0, 1])
    found = ClassMeans(numbers, [0], classes, 2)
    others = np.array([(0.2 + 0.4 + 0.375) / 3, (0.4 + 0.375) / 3, (0.2 + 0.375) / 3, 0.375])
    expected = (126 + 15.75 * (numbers[:, 0] - others) / found.spread[0]).astype(np.uint8)
    np.testing.assert_array_equal(found.fitted_features(numbers, classes[:, None])[:, 0], expected)


def test_rows_of_another_class_are_far_from_the_mean():
    classes, numbers = rows_of(np.random.default_rng(1).uniform(-1, 1, (300, 2)), 5)
    found = ClassMeans(numbers, [0, 1], classes, 300)
    right = found.features(numbers, classes[:, None]).astype(int)
    wrong = found.features(numbers, (classes[:, None] + 7) % 300).astype(int)
    assert np.quantile(abs(right - 126).max(1), 0.95) < np.quantile(abs(wrong - 126).max(1), 0.05)


def test_a_column_of_its_own_is_read_from_encoded_rows():
    classes, numbers = rows_of(np.array([[-0.5], [0.5]]), 4)
    rows = np.column_stack([np.ones((8, 3)), numbers])
    found = ClassMeans(numbers, [3], classes, 2, target=1)
    given = np.column_stack([np.zeros(8, dtype=int), classes])
    assert (abs(found.features(rows, given).astype(int) - 126) < 60).all()
    assert (abs(found.features(rows, given[:, ::-1])[4:].astype(int) - 126) > 60).all()


def test_the_columns_in_which_classes_differ_most_are_used():
    n_columns = MAX_COLUMNS + 8
    means = np.zeros((4, n_columns))
    means[:, 8:] = np.array([-0.6, -0.2, 0.2, 0.6])[:, None]
    classes, numbers = rows_of(means, 20)
    found = ClassMeans(numbers, np.arange(n_columns) + 5, classes, 4)
    assert found.index == list(range(13, 13 + MAX_COLUMNS))


@pytest.fixture(scope="module")
def of_many_classes():
    rng = np.random.default_rng(0)
    y = np.repeat([f"class {i}" for i in range(110)], 5)
    X = np.repeat(rng.normal(size=(110, 2)), 5, axis=0) + 0.1 * rng.normal(size=(550, 2))
    return ConditionalGANSampler(max_iter=3, random_state=0, device="cpu").fit(X, y)


def test_only_fits_of_many_classes_have_them(of_many_classes):
    (means,) = of_many_classes._model.class_means
    assert means.means.shape == (110, 2)
    X = np.random.default_rng(0).normal(size=(60, 2))
    few = ConditionalGANSampler(max_iter=2, random_state=0, device="cpu").fit(X, np.repeat(["a", "b"], 30))
    assert few._model.class_means == ()


def test_a_saved_sampler_of_many_classes_draws_the_same_rows(of_many_classes, tmp_path):
    path = tmp_path / "many.skgan"
    save(of_many_classes, path)
    X, y = of_many_classes.sample(50, random_state=1)
    X_loaded, y_loaded = load(path).sample(50, random_state=1)
    np.testing.assert_array_equal(X, X_loaded)
    np.testing.assert_array_equal(y, y_loaded)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"index": [0, 7]}, "index must be among"),
        ({"index": [0]}, "means must have one column for each of index"),
        ({"target": 1}, "means must have one row for each class of target"),
        ({"spread": np.ones(1)}, "spread must have one number for each of index"),
    ],
)
def test_means_that_contradict_the_model_are_refused(of_many_classes, change, message):
    model = of_many_classes._model
    state = model.get_state()
    state["class_means"][0].update(change)
    with pytest.raises(BrokenFileError, match=message):
        type(model).from_state(state, {})
