"""Points: rows that are read once give each metric the value that it has of the rows themselves."""

import inspect
import pickle
import re

import numpy as np
import pytest
from problems import small_frame
from sklearn.datasets import load_digits

from skgan import metrics
from skgan.metrics import Points

OF_TWO = [
    "alpha_precision",
    "alpha_scores",
    "authenticity",
    "beta_recall",
    "coverage",
    "density",
    "energy_distance",
    "frechet_distance",
    "kernel_distance",
    "manifold_scores",
    "maximum_mean_discrepancy",
    "precision",
    "recall",
    "sliced_wasserstein_distance",
]
WITH_HOLDOUT = ["distance_ratios", "membership_inference", "near_copies", "nearest_record_share"]

FRAMES = [small_frame(40, random_state=seed) for seed in range(3)]
ARRAYS = [np.random.default_rng(seed).normal(size=(40, 3)) for seed in range(3)]
STACKS = np.split(load_digits().images[:90], 3)

every_metric = pytest.mark.parametrize("name", OF_TWO + WITH_HOLDOUT)


def rows_for(name, sets):
    return sets if name in WITH_HOLDOUT else sets[:2]


@every_metric
@pytest.mark.parametrize("sets", [FRAMES, ARRAYS], ids=["frames", "arrays"])
def test_a_metric_of_points_is_that_of_their_rows(name, sets):
    metric, rows = getattr(metrics, name), rows_for(name, sets)
    assert metric(Points.read(*rows)) == metric(*rows)


@every_metric
def test_rows_are_sampled_alike(name):
    metric, rows = getattr(metrics, name), rows_for(name, FRAMES)
    if "max_rows" in inspect.signature(metric).parameters:
        options = {"max_rows": 20, "random_state": 3}
        assert metric(Points.read(*rows), **options) == metric(*rows, **options)


@every_metric
def test_features_are_chosen_when_points_are_read(name):
    metric, rows = getattr(metrics, name), rows_for(name, FRAMES)
    assert metric(Points.read(*rows, features="minmax")) == metric(*rows, features="minmax")
    late = {"features": "minmax", "y_real": [1], "categorical_features": [0], "X_synthetic": FRAMES[1]}
    late["channel_axis"] = -1
    for word, value in late.items():
        with pytest.raises(TypeError, match=f"{word} .*Points.read"):
            metric(Points.read(*rows), **{word: value})


# Axis 1 and the last may both hold the channels.
EITHER = np.random.default_rng(0).random((3, 30, 2, 8, 9))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", [*OF_TWO, *WITH_HOLDOUT, "two_sample_test"])
def test_channels_of_images_are_where_the_caller_says(name):
    metric, rows = getattr(metrics, name), rows_for(name, list(EITHER))
    last = [np.moveaxis(stack, 1, -1) for stack in rows]
    expected = metric(*last, channel_axis=-1)
    assert metric(*rows, channel_axis=1) == expected
    with pytest.raises(ValueError, match="channel_axis=1 is for stacks of images, but X_real is a table"):
        metric(*rows_for(name, ARRAYS), channel_axis=1)
    with pytest.raises(ValueError, match="channel_axis=2 is not allowed"):
        metric(*rows, channel_axis=2)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("features", ["pca", "random", "classifier", lambda X: X.reshape(len(X), -1)])
def test_features_read_the_channels_where_the_caller_says(features, hasty):
    options = {"features": features, "y_real": np.arange(30) % 2}
    stacks = EITHER[:2]
    found = metrics.extract(*stacks, channel_axis=1, **options)
    expected = metrics.extract(*np.moveaxis(stacks, 2, -1), channel_axis=-1, **options)
    np.testing.assert_array_equal(found, expected)
    points = Points.read(*stacks, channel_axis=1, **options)
    np.testing.assert_array_equal([points.real, points.synthetic], expected)


class Sampler:
    """Draws given images, whose channels are on axis 1."""

    channel_axis = 1

    def sample(self, n_samples, random_state=None):
        return EITHER[1][:n_samples]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("word", ["energy_distance", "two_sample_logistic"])
def test_a_scorer_reads_the_channels_where_the_sampler_does(word):
    metric = metrics.METRICS[word]
    expected = metric.function(*EITHER[:2], random_state=0, paired=False, channel_axis=1)
    assert metrics.get_scorer(word)(Sampler(), EITHER[0]) == -metric.loss(expected)


@pytest.mark.parametrize("name", OF_TWO)
def test_a_metric_of_two_sets_ignores_no_third_one(name):
    with pytest.raises(TypeError, match="takes no X_holdout"):
        getattr(metrics, name)(*ARRAYS)


@every_metric
def test_missing_rows_and_unknown_options_are_refused(name):
    metric = getattr(metrics, name)
    with pytest.raises(TypeError, match=re.escape(f"{name}() compares X_real with X_synthetic")):
        metric(ARRAYS[0])
    with pytest.raises(TypeError, match="unexpected keyword argument 'neighbours'"):
        metric(*rows_for(name, ARRAYS), neighbours=3)


@pytest.mark.parametrize("name", ["membership_inference", "near_copies", "nearest_record_share"])
def test_points_without_held_out_rows_are_refused_where_these_are_compared(name):
    with pytest.raises(ValueError, match="X_holdout"):
        getattr(metrics, name)(Points.read(*ARRAYS[:2]))


@every_metric
def test_help_lists_every_parameter_once_with_its_default(name):
    metric = getattr(metrics, name)
    signature, doc = inspect.signature(metric), metric.__doc__
    section = re.search(r"\n\nParameters\n-{10}\n(.*?)\n\nReturns\n-{7}\n", doc, re.DOTALL).group(1)
    entries = re.findall(r"^(\w+) : (.*)$", section, re.MULTILINE)
    assert [entry for entry, _ in entries] == list(signature.parameters)
    for parameter, kind in entries:
        default = signature.parameters[parameter].default
        if default is not inspect.Parameter.empty and parameter not in ("X_synthetic", "X_holdout"):
            assert kind.endswith(f"default={default}".replace("'", '"')) or f'default="{default}"' in kind
    assert ("X_holdout" in signature.parameters) == (name in WITH_HOLDOUT)
    assert doc.index("Examples\n--------") > doc.index("Returns")


@every_metric
def test_metrics_can_be_pickled(name):
    metric = getattr(metrics, name)
    assert pickle.loads(pickle.dumps(metric)) is metric


def test_held_out_rows_share_the_scale_of_real_ones():
    real, synthetic, holdout = (np.array([[low], [low + 1.0]]) for low in (0, 0, 4))
    points = Points.read(real, synthetic, holdout, features="minmax")
    assert points.real.ravel() == pytest.approx([0, 0.2])
    assert points.holdout.ravel() == pytest.approx([0.8, 1])
    assert Points.read(real, synthetic, features="minmax").real.ravel().tolist() == [0, 1]


def test_sampled_draws_from_the_named_sides_alone():
    points = Points.read(*ARRAYS).sampled(10, np.random.default_rng(0), ("synthetic",))
    assert [len(side) for side in (points.real, points.synthetic, points.holdout)] == [40, 10, 40]
    assert {*map(tuple, points.synthetic)} < {*map(tuple, ARRAYS[1])}


def test_centred_keeps_distances_but_for_the_unit():
    points = Points(*(1e200 * (side + 7) for side in ARRAYS))
    centred, unit = points.centred()
    distance = np.linalg.norm((points.real[0] - points.synthetic[0]) / unit)
    assert np.linalg.norm(centred.real[0] - centred.synthetic[0]) == pytest.approx(distance)
    assert np.abs(centred.holdout).max() <= 2


def test_image_features_are_extracted_once():
    calls = []

    def features(images):
        calls.append(len(images))
        return np.asarray(images).reshape(len(images), -1)[:, 10:14]

    points = Points.read(*STACKS, features=features)
    values = {name: getattr(metrics, name)(points) for name in OF_TWO + WITH_HOLDOUT}
    assert calls == [30, 30, 30]
    for name, value in values.items():
        assert value == getattr(metrics, name)(*rows_for(name, STACKS), features=features)
