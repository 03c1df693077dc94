"""EmbeddingDisplay."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from pictures import mixed
from sklearn.datasets import load_digits, load_iris
from sklearn.decomposition import PCA

from skgan.plotting import EmbeddingDisplay, NearestRecordDisplay, _embedding

pytest.importorskip("matplotlib")

IRIS = load_iris().data
DIGITS = load_digits().images


def test_components_of_the_real_rows():
    real, synthetic = IRIS[::2], IRIS[1::2] + 5
    display = EmbeddingDisplay.from_samples(real, synthetic)
    scaled = [(X - real.mean(axis=0)) / real.std(axis=0) for X in (real, synthetic)]
    pca = PCA(2).fit(scaled[0])
    np.testing.assert_allclose(np.abs(display.real), np.abs(pca.transform(scaled[0])), atol=1e-4)
    np.testing.assert_allclose(np.abs(display.synthetic), np.abs(pca.transform(scaled[1])), atol=1e-4)
    np.testing.assert_allclose(display.explained, pca.explained_variance_ratio_, rtol=1e-4)
    share = round(100 * pca.explained_variance_ratio_[0])
    assert display.ax_.get_xlabel() == f"component 1 ({share} % of the real variance)"


def test_equal_numbers_of_rows_in_a_mixed_order():
    display = EmbeddingDisplay.from_samples(IRIS, IRIS[:100], max_rows=60)
    assert display.real.shape == display.synthetic.shape == (60, 2)
    assert EmbeddingDisplay.from_samples(IRIS, IRIS[:100], max_rows=None).real.shape == (100, 2)
    is_real = (display.points_.get_facecolors()[:, :3] == display.points_.get_facecolors()[0, :3]).all(axis=1)
    # Neither kind hides the other: each half of the drawing order has both.
    assert 20 < is_real[:60].sum() < 40
    assert [text.get_text() for text in display.ax_.get_legend().texts] == ["real", "synthetic"]


def test_images_are_shown_pixel_by_pixel():
    flat = DIGITS.reshape(len(DIGITS), -1)
    display = EmbeddingDisplay.from_samples(DIGITS[:200], DIGITS[200:400])
    assert display.explained == pytest.approx(PCA(2).fit(flat[:200]).explained_variance_ratio_.tolist(), rel=0.01)
    with pytest.raises(ValueError, match="have shape"):
        EmbeddingDisplay.from_samples(DIGITS, DIGITS[:, :4])


def test_names_and_callables():
    ranks = EmbeddingDisplay.from_samples(IRIS[::2], IRIS[1::2], features="ranks")
    assert np.abs(ranks.real).max() < 1.5
    own = EmbeddingDisplay.from_samples(IRIS[::2], IRIS[1::2], features=lambda X: X[:, :2])
    np.testing.assert_allclose(own.real.std(axis=0).max(), IRIS[::2, :2].std(axis=0).max(), rtol=0.1)


@pytest.mark.parametrize("n", [1, 2])
def test_few_rows(n):
    display = EmbeddingDisplay.from_samples(mixed()[:n], mixed(seed=1)[:n])
    display.figure_.canvas.draw()
    assert np.isfinite(display.real).all() and np.isfinite(display.explained).all()


def test_one_constant_column():
    display = EmbeddingDisplay.from_samples(np.ones((5, 1)), np.zeros((5, 1)))
    assert display.explained == (0.0, 0.0)
    display.figure_.canvas.draw()


class FirstTwo:
    """A substitute for UMAP, which is slow to compile."""

    def __init__(self, *, n_neighbors, **_):
        assert n_neighbors == 15

    def fit(self, X):
        self.embedding_ = X[:, :2]
        return self

    def transform(self, X):
        return X[:, :2] + 1


def test_umap_is_fitted_on_real_rows(monkeypatch):
    monkeypatch.setattr(_embedding, "find_spec", lambda module: True)
    monkeypatch.setitem(sys.modules, "umap", SimpleNamespace(UMAP=FirstTwo))
    display = EmbeddingDisplay.from_samples(IRIS[:40], IRIS[:40], method="umap")
    np.testing.assert_allclose(display.synthetic, display.real + 1)
    assert display.ax_.get_xlabel() == "dimension 1"
    with pytest.raises(ValueError, match="needs 4 real rows"):
        EmbeddingDisplay.from_samples(IRIS[:3], IRIS[:3], method="umap")


def test_the_error_says_how_to_install_umap(monkeypatch):
    monkeypatch.setattr(_embedding, "find_spec", lambda module: None)
    with pytest.raises(ImportError, match="pip install umap-learn"):
        EmbeddingDisplay.from_samples(IRIS, IRIS, method="umap")


@pytest.mark.parametrize(
    ("options", "message"),
    [({"method": "tsne"}, "method='tsne' is not a known word"), ({"max_rows": 0}, "max_rows=0 is not allowed")],
)
def test_refuses(options, message):
    with pytest.raises(ValueError, match=message):
        EmbeddingDisplay.from_samples(IRIS, IRIS, **options)


class Sampler:
    """Draws given images, whose channels are on axis 1."""

    channel_axis = 1

    def sample(self, n_samples, random_state=None):
        return EITHER[1][:n_samples]


# Axis 1 and the last may both hold the channels.
EITHER = np.random.default_rng(0).random((2, 20, 2, 8, 9))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("features", ["auto", "pca"])
@pytest.mark.parametrize("display", [EmbeddingDisplay, NearestRecordDisplay])
def test_channels_are_where_the_caller_or_the_sampler_says(display, features):
    first = display.from_samples(*EITHER, features=features, channel_axis=1)
    last = display.from_samples(*np.moveaxis(EITHER, 2, -1), features=features, channel_axis=-1)
    drawn = display.from_estimator(Sampler(), EITHER[0], features=features)
    # The components of channels in another order are the same up to rounding and sign.
    np.testing.assert_allclose(abs(first.synthetic), abs(last.synthetic), atol=1e-6)
    np.testing.assert_array_equal(first.synthetic, drawn.synthetic)
    with pytest.raises(ValueError, match="channel_axis=1 is for stacks of images"):
        display.from_samples(IRIS, IRIS, channel_axis=1)
