"""TensorBoard: what its files hold, fits that continue, and what it says where a package is missing."""

import shutil
import sys

import numpy as np
import pytest
from problems import assert_same, small_array, small_frame
from sklearn.model_selection import GridSearchCV

from skgan import GANSampler
from skgan.callbacks import Callback, TensorBoard

X = small_array(60)
IMAGES = np.random.default_rng(0).integers(0, 256, (30, 8, 8), dtype=np.uint8)
GIVEN = {"max_iter": 10, "refine": False, "random_state": 0}
NUMBERS = ["discriminator_loss", "generator_loss", "learning_rate"]


@pytest.fixture
def events():
    """What TensorBoard would show of a folder."""
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    return lambda folder: accumulator.EventAccumulator(str(folder)).Reload()


def steps_of(found):
    return [event.step for event in found]


class Resume(Callback):
    """Stops a run after a step; another run continues from there."""

    def __init__(self, step=None):
        self.step, self.state = step, None

    def on_run_begin(self, run):
        if self.state is not None:
            run.load_state_dict(self.state)

    def on_step_end(self, run):
        if run.n_iter == self.step:
            self.state = run.state_dict()


def test_numbers_are_those_of_the_history(tmp_path, events):
    sampler = GANSampler(**GIVEN).set_callbacks(TensorBoard(tmp_path, every=4, every_samples=None)).fit(X)
    shown = events(tmp_path)
    assert sorted(shown.Tags()["scalars"]) == NUMBERS and not shown.Tags()["images"]
    history = sampler.history_.set_index("step")
    for name in NUMBERS[:2]:
        events_of_number = shown.Scalars(name)
        assert steps_of(events_of_number) == [4, 8, 10]
        values = [event.value for event in events_of_number]
        np.testing.assert_allclose(values, history.loc[[4, 8, 10], name], rtol=1e-6)


@pytest.mark.parametrize("make_X, n_numbers", [(small_frame, 3), (lambda: IMAGES, 4)], ids=["table", "images"])
def test_pictures_begin_with_the_untrained_generator(tmp_path, events, make_X, n_numbers):
    pytest.importorskip("matplotlib")
    sampler = GANSampler(**GIVEN, augmentation=("flip",) if n_numbers == 4 else None)
    sampler.set_callbacks(TensorBoard(tmp_path, every=5, every_samples=0.5)).fit(make_X())
    shown = events(tmp_path)
    assert len(shown.Tags()["scalars"]) == n_numbers
    pictures = shown.Images("samples")
    assert steps_of(pictures) == [0, 5, 10]
    assert pictures[0].encoded_image_string != pictures[2].encoded_image_string


def test_numbers_are_in_the_files_while_the_run_goes_on(tmp_path, events):
    class Look(Callback):
        def on_step_end(self, run):
            if run.n_iter == 5:
                self.seen = steps_of(events(tmp_path).Scalars("learning_rate"))

    look = Look()
    GANSampler(**GIVEN).set_callbacks(TensorBoard(tmp_path, every=1, every_samples=None), look).fit(X)
    assert look.seen == [1, 2, 3, 4, 5]


def test_the_rows_of_a_fit_are_the_same_with_and_without(tmp_path, events):
    watched = GANSampler(**GIVEN).set_callbacks(TensorBoard(tmp_path, every=3)).fit(X)
    assert_same(GANSampler(**GIVEN).fit(X).sample(5), watched.sample(5))


def test_a_new_fit_in_the_same_folder_hides_the_one_before(tmp_path, events):
    for every in (1, 5):
        GANSampler(**GIVEN).set_callbacks(TensorBoard(tmp_path, every=every, every_samples=None)).fit(X)
    assert steps_of(events(tmp_path).Scalars("generator_loss")) == [5, 10]


def test_a_resumed_fit_goes_on_where_it_continues(tmp_path, events):
    resume = Resume(step=4)
    for every in (2, 3):
        GANSampler(**GIVEN).set_callbacks(resume, TensorBoard(tmp_path, every=every, every_samples=None)).fit(X)
    # Steps 2 and 4 of the first fit, and then those of the second.
    assert steps_of(events(tmp_path).Scalars("generator_loss")) == [2, 4, 6, 9, 10]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_later_error_is_one_warning_and_the_run_goes_on(tmp_path, events):
    class Break(Callback):
        def on_step_end(self, run):
            if run.n_iter == 3:
                shutil.rmtree(tmp_path / "run")
                (tmp_path / "run").touch()
            if run.n_iter == 7:
                (tmp_path / "run").unlink()

    board = TensorBoard(tmp_path / "run", every=1, every_samples=None)
    with pytest.warns(UserWarning, match="TensorBoard could not write at step 4: .*The run goes on") as warnings:
        sampler = GANSampler(**GIVEN).set_callbacks(board, Break()).fit(X)
    assert len(warnings) == 1 and sampler.n_iter_ == 10
    assert steps_of(events(tmp_path / "run").Scalars("generator_loss")) == [8, 9, 10]


def test_a_missing_package_is_named_with_the_command_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    sampler = GANSampler(**GIVEN).set_callbacks(TensorBoard(tmp_path / "run"))
    with pytest.raises(ImportError, match="tensorboard, which is not installed; run: python -m pip install t"):
        sampler.fit(X)
    assert not (tmp_path / "run").exists() and not hasattr(sampler, "n_iter_")


def test_pictures_need_matplotlib(tmp_path, events, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    board = TensorBoard(tmp_path)
    with pytest.raises(ImportError, match="python -m pip install matplotlib"):
        GANSampler(**GIVEN).set_callbacks(board).fit(X)
    assert board._writer is None
    board.every_samples = None
    assert GANSampler(**GIVEN).set_callbacks(board).fit(X).n_iter_ == 10


@pytest.mark.parametrize("wrong", [{"every": None}, {"every": 0}, {"every_samples": 1.5}])
def test_parameters_are_checked(tmp_path, wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))}=.* is not allowed"):
        GANSampler(**GIVEN).set_callbacks(TensorBoard(tmp_path / "run", **wrong)).fit(X)
    assert not (tmp_path / "run").exists()


def test_nothing_is_written_in_a_search(tmp_path, events):
    watched = GANSampler(**GIVEN).set_callbacks(TensorBoard(tmp_path / "run"))
    with pytest.warns(UserWarning, match="TensorBoard writes nothing"):
        GridSearchCV(watched, {"batch_size": [8]}, cv=2, scoring=lambda *_: 0.0, n_jobs=2).fit(X)
    assert not (tmp_path / "run").exists()
