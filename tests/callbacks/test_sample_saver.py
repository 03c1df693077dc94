"""SampleSaver: what its files hold, their moments, and files that cannot be written."""

import shutil
import sys
import uuid

import numpy as np
import pandas as pd
import pytest
from problems import assert_same, blobs, small_array
from sklearn.model_selection import GridSearchCV

from skgan import ConditionalGANSampler, GANSampler
from skgan.callbacks import Callback, SampleSaver, _sample_saver
from skgan.datasets import make_mixed

GIVEN = {"max_iter": 10, "refine": False, "random_state": 0}
X = small_array(60)
IMAGES = np.random.default_rng(0).integers(0, 256, (30, 8, 8), dtype=np.uint8)


def saved(sampler, saver, *data):
    """The names of the files after a fit."""
    sampler.set_callbacks(saver).fit(*data)
    return sorted(path.name for path in saver.folder.iterdir())


def names(*steps, suffix=".parquet"):
    return [f"step_{step:08d}{suffix}" for step in steps]


@pytest.fixture(autouse=True)
def parquet(request):
    if "no_parquet" not in request.fixturenames:
        pytest.importorskip("pyarrow")


@pytest.fixture
def no_parquet(monkeypatch):
    monkeypatch.setattr(_sample_saver, "find_spec", {"pyarrow": None}.get)


def test_the_last_file_holds_what_the_fitted_sampler_generates(tmp_path):
    frame = make_mixed(60, random_state=0)
    sampler = GANSampler(**GIVEN)
    assert saved(sampler, SampleSaver(tmp_path / "rows", 20, random_state=3), frame) == names(*range(11))
    rows = pd.read_parquet(tmp_path / "rows" / "step_00000010.parquet")
    expected = sampler.sample(20, random_state=3)
    assert list(rows) == list(frame) and len(rows) == 20
    pd.testing.assert_frame_equal(rows, expected, check_dtype=False, check_categorical=False)
    first = pd.read_parquet(tmp_path / "rows" / "step_00000000.parquet")
    assert not first.equals(rows)


def test_moments_are_spread_over_the_run(tmp_path):
    assert saved(GANSampler(**GIVEN), SampleSaver(tmp_path / "a", 5, every=0.5), X) == names(0, 5, 10)
    assert saved(GANSampler(**GIVEN), SampleSaver(tmp_path / "b", 5, every=4), X) == names(0, 4, 8, 10)
    assert saved(GANSampler(**GIVEN), SampleSaver(tmp_path / "c", 5, every=1.0), X) == names(0, 10)


def test_the_rows_of_a_fit_are_the_same_with_and_without(tmp_path):
    watched = GANSampler(**GIVEN).set_callbacks(SampleSaver(tmp_path, every=3)).fit(X)
    assert_same(GANSampler(**GIVEN).fit(X).sample(5), watched.sample(5))


@pytest.mark.parametrize("y, n_samples, n_rows", [([0, 2, 2], None, 3), (1, 7, 7), (1, None, 1000)])
def test_rows_for_targets(tmp_path, y, n_samples, n_rows):
    saver = SampleSaver(tmp_path, n_samples, every=1.0, y=y)
    ConditionalGANSampler(**GIVEN).set_callbacks(saver).fit(*blobs(60))
    rows = pd.read_parquet(tmp_path / "step_00000010.parquet")
    assert list(rows) == ["x0", "x1", "y"]
    assert rows["y"].tolist() == (y if isinstance(y, list) else [y] * n_rows)


def test_targets_keep_their_names_beside_columns_of_the_same_name(tmp_path):
    frame = pd.DataFrame(X, columns=["a", "b"])
    y = pd.DataFrame({"a": np.arange(60) % 2, "c": np.arange(60) % 3})
    ConditionalGANSampler(**GIVEN).set_callbacks(SampleSaver(tmp_path, 5, every=1.0)).fit(frame, y)
    assert list(pd.read_parquet(tmp_path / "step_00000010.parquet")) == ["a", "b", "a (y)", "c"]


def test_polars_frames_and_series(tmp_path):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"a": X[:, 0], "b": ["u", "v", None] * 20})
    y = polars.Series("label", ["no", "yes"] * 30)
    ConditionalGANSampler(**GIVEN).set_callbacks(SampleSaver(tmp_path, every=1.0, y=["no", "yes"])).fit(frame, y)
    rows = pd.read_parquet(tmp_path / "step_00000010.parquet")
    assert list(rows) == ["a", "b", "label"] and rows["label"].tolist() == ["no", "yes"]


def test_objects_are_saved_as_text(tmp_path):
    kinds, mixed = [uuid.UUID(int=number) for number in range(3)], [1, "one", None]
    frame = pd.DataFrame({0: X[:, 0], 1: 20 * kinds, 2: pd.Series(20 * mixed, dtype=object)})
    GANSampler(**GIVEN, id_columns=None).set_callbacks(SampleSaver(tmp_path, 30, every=1.0)).fit(frame)
    rows = pd.read_parquet(tmp_path / "step_00000010.parquet")
    assert list(rows) == ["0", "1", "2"]
    assert set(rows["1"]) == set(map(str, kinds)) and set(rows["2"].dropna()) == {"1", "one"}


def test_without_pyarrow_rows_are_csv(tmp_path, no_parquet):
    files = saved(GANSampler(**GIVEN), SampleSaver(tmp_path, 5, every=1.0), X)
    assert files == names(0, 10, suffix=".csv")
    assert pd.read_csv(tmp_path / files[1]).shape == (5, 2)


@pytest.mark.parametrize("flat", [False, True])
def test_images_are_a_grid(tmp_path, flat):
    plt = pytest.importorskip("matplotlib.pyplot")
    sampler = GANSampler(**GIVEN, image_shape=(8, 8) if flat else None)
    data = IMAGES.reshape(30, 64) if flat else IMAGES
    open_before = plt.get_fignums()
    assert saved(sampler, SampleSaver(tmp_path, 6, every=0.5), data) == names(0, 5, 10, suffix=".png")
    picture = plt.imread(tmp_path / "step_00000010.png")
    # Three columns of images and two rows.
    assert picture.shape[1] > picture.shape[0] > 50 and plt.get_fignums() == open_before


def test_images_need_matplotlib(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match="matplotlib, which is not installed; run: python -m pip install matplotlib"):
        GANSampler(**GIVEN).set_callbacks(SampleSaver(tmp_path)).fit(IMAGES)


@pytest.mark.parametrize("wrong, error, match", [
    ({"y": ["no class"]}, ValueError, "no class"),
    ({"n_samples": 0}, ValueError, "n_samples=0"),
    ({"every": 2.0}, ValueError, "every=2.0 is not allowed"),
])
def test_parameters_are_checked_before_the_first_step(tmp_path, wrong, error, match):
    class Counting(Callback):
        n = 0

        def on_step_begin(self, run):
            Counting.n += 1

    sampler = ConditionalGANSampler(**GIVEN).set_callbacks(SampleSaver(tmp_path, **wrong), Counting())
    with pytest.raises(error, match=match):
        sampler.fit(*blobs(60))
    assert Counting.n == 0


def test_a_folder_that_cannot_be_made_is_found_before_the_first_step(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        GANSampler(**GIVEN).set_callbacks(SampleSaver(tmp_path / "file" / "rows")).fit(X)


def test_a_later_error_is_one_warning_and_the_run_goes_on(tmp_path):
    class Remove(Callback):
        def on_step_end(self, run):
            if run.n_iter == 3:
                shutil.rmtree(tmp_path / "rows")
            if run.n_iter == 8:
                (tmp_path / "rows").mkdir()

    sampler = GANSampler(**GIVEN).set_callbacks(SampleSaver(tmp_path / "rows", 5, every=1), Remove())
    with pytest.warns(UserWarning, match="SampleSaver could not write at step 4: .*The run goes on") as warnings:
        sampler.fit(X)
    assert len(warnings) == 1 and sampler.n_iter_ == 10
    assert sorted(path.name for path in (tmp_path / "rows").iterdir()) == names(9, 10)


def test_nothing_is_written_in_a_search(tmp_path):
    watched = GANSampler(**GIVEN).set_callbacks(SampleSaver(tmp_path / "rows"))
    with pytest.warns(UserWarning, match="SampleSaver writes nothing"):
        GridSearchCV(watched, {"batch_size": [8]}, cv=2, scoring=lambda *_: 0.0).fit(X)
    assert not (tmp_path / "rows").exists()
