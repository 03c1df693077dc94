"""CSVLogger: its rows, a fit that is resumed, and a file that cannot be written."""

import os
import shutil

import numpy as np
import pandas as pd
import pytest
from problems import assert_same, small_array
from sklearn.model_selection import GridSearchCV

from skgan import GANSampler
from skgan.callbacks import Callback, CSVLogger

X = small_array(60)
IMAGES = np.random.default_rng(0).integers(0, 256, (30, 8, 8), dtype=np.uint8)
COLUMNS = ["step", "seconds", "progress", "learning_rate", "discriminator_loss", "generator_loss"]


def sampler(*callbacks, max_iter=10, **params):
    return GANSampler(max_iter=max_iter, refine=False, random_state=0, **params).set_callbacks(*callbacks)


class At(Callback):
    """Does something with the run after a step."""

    def __init__(self, step, do):
        self.step, self.do = step, do

    def on_step_end(self, run):
        if run.n_iter == self.step:
            self.do(run)


class Load(Callback):
    def __init__(self, state):
        self.state = state

    def on_run_begin(self, run):
        run.load_state_dict(self.state)


def steps_in(path):
    return pd.read_csv(path)["step"].tolist()


def test_rows_hold_the_numbers_of_the_history(tmp_path):
    path, rates = tmp_path / "run.csv", []
    watching = [At(step, lambda run: rates.append(run.learning_rate)) for step in (4, 8, 10)]
    fitted = sampler(CSVLogger(path, every=4), *watching).fit(X)
    log = pd.read_csv(path)
    assert list(log) == COLUMNS and log["step"].tolist() == [4, 8, 10]
    assert log["progress"].tolist() == [0.4, 0.8, 1.0]
    history = fitted.history_.set_index("step").loc[[4, 8, 10]]
    for name in ("seconds", "discriminator_loss", "generator_loss"):
        np.testing.assert_allclose(log[name], history[name], rtol=1e-6)
    np.testing.assert_allclose(log["learning_rate"], rates, rtol=1e-6)
    assert rates[0] == fitted.learning_rate_ > rates[1] > rates[2]


def test_every_may_be_a_share_of_the_run(tmp_path):
    sampler(CSVLogger(tmp_path / "run.csv", every=0.1), max_iter=20).fit(X)
    assert steps_in(tmp_path / "run.csv") == list(range(2, 21, 2))


def test_augmented_images_have_a_probability(tmp_path):
    change = At(2, lambda run: run.augmentation_probability.fill_(0.25))
    sampler(change, CSVLogger(tmp_path / "run.csv", every=1), max_iter=2, augmentation=("flip",)).fit(IMAGES)
    log = pd.read_csv(tmp_path / "run.csv")
    assert list(log) == [*COLUMNS, "augmentation_probability"]
    assert log["augmentation_probability"][1] == 0.25


def test_rows_are_in_the_file_while_the_run_goes_on(tmp_path):
    path, seen = tmp_path / "run.csv", []
    sampler(CSVLogger(path, every=1), At(2, lambda run: seen.append(path.read_text()))).fit(X)
    header, first, second, end = seen[0].split("\n")
    assert header == ",".join(COLUMNS) and (first[:2], second[:2], end) == ("1,", "2,", "")


def test_rows_and_result_are_the_same_with_and_without(tmp_path):
    plain, logged = sampler().fit(X), sampler(CSVLogger(tmp_path / "run.csv", every=1)).fit(X)
    assert_same(plain.sample(5), logged.sample(5))


def test_a_stopped_run_has_a_row_of_its_last_step_and_a_new_fit_replaces_the_file(tmp_path):
    path = tmp_path / "run.csv"
    sampler(CSVLogger(path, every=4), At(6, lambda run: run.stop())).fit(X)
    assert steps_in(path) == [4, 6]
    sampler(CSVLogger(path, every=5)).fit(X)
    assert steps_in(path) == [5, 10]


def test_an_error_within_a_step_leaves_the_rows_before_it(tmp_path):
    class Broken(Callback):
        def on_step_begin(self, run):
            if run.n_iter == 3:
                raise RuntimeError("no")

    path = tmp_path / "run.csv"
    with pytest.raises(RuntimeError, match="no"):
        sampler(CSVLogger(path, every=2), Broken()).fit(X)
    assert steps_in(path) == [2]


@pytest.mark.parametrize("tail", ["", "9,0.1,0.9,0.0", "no step,1\n"])
def test_a_resumed_fit_goes_on_behind_the_step_that_it_continues_from(tmp_path, tail):
    path, states = tmp_path / "run.csv", []
    save, stop = At(4, lambda run: states.append(run.state_dict())), At(8, lambda run: run.stop())
    sampler(CSVLogger(path, every=2), save, stop).fit(X)
    with path.open("a") as file:
        file.write(tail)
    assert len(path.read_text().splitlines()) == 5 + bool(tail)
    sampler(Load(states[0]), CSVLogger(path, every=2)).fit(X)
    assert steps_in(path) == [2, 4, 6, 8, 10]
    assert path.read_text().count("step") == 1


def test_a_resumed_fit_starts_a_file_where_there_is_none(tmp_path):
    states = []
    sampler(At(4, lambda run: states.append(run.state_dict()))).fit(X)
    sampler(Load(states[0]), CSVLogger(tmp_path / "run.csv", every=2)).fit(X)
    assert steps_in(tmp_path / "run.csv") == [6, 8, 10]


def test_a_resumed_fit_does_not_append_to_another_table(tmp_path):
    path, states = tmp_path / "run.csv", []
    sampler(At(4, lambda run: states.append(run.state_dict()))).fit(X)
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="has the columns a,b, but this run has step,seconds.*; pass the path of"):
        sampler(Load(states[0]), CSVLogger(path)).fit(X)
    assert path.read_text() == "a,b\n1,2\n"


def test_a_file_that_cannot_be_written_is_found_before_the_first_step(tmp_path):
    with pytest.raises(FileNotFoundError, match="missing"):
        sampler(CSVLogger(tmp_path / "missing" / "run.csv")).fit(X)


def test_a_later_error_is_one_warning_and_the_run_goes_on(tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    path = folder / "run.csv"
    away, back = At(2, lambda run: shutil.rmtree(folder)), At(6, lambda run: folder.mkdir())
    with pytest.warns(UserWarning, match="CSVLogger could not write at step 3: .*The run goes on") as warnings:
        fitted = sampler(CSVLogger(path, every=1), away, back).fit(X)
    assert len(warnings) == 1 and fitted.n_iter_ == 10
    assert steps_in(path) == [7, 8, 9, 10]


def test_a_full_disk_leaves_whole_rows(tmp_path):
    resource = pytest.importorskip("resource", reason="it limits the size of files")
    path = tmp_path / "run.csv"
    path.write_bytes(b"step\n1\n")
    logger, limits = CSVLogger(path), resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (9, limits[1]))
        with pytest.raises(OSError) as caught:
            logger._append(b"12345\n")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert os.fspath(path) in str(caught.value)
    assert path.read_bytes() == b"step\n1\n"


@pytest.mark.parametrize("every", [0, -1, 1.5, 0.0, True, "often", None, float("nan")])
def test_every_is_checked(tmp_path, every):
    with pytest.raises(ValueError, match="every=.* is not allowed; every must be a whole number of steps of at"):
        sampler(CSVLogger(tmp_path / "run.csv", every=every)).fit(X)
    assert not (tmp_path / "run.csv").exists()


def test_nothing_is_written_in_a_search(tmp_path):
    watched = sampler(CSVLogger(tmp_path / "run.csv"), max_iter=2)
    with pytest.warns(UserWarning, match="Fits of a search share their callbacks, so CSVLogger writes nothing"):
        GridSearchCV(watched, {"batch_size": [8]}, cv=2, scoring=lambda *_: 0.0).fit(X)
    assert not (tmp_path / "run.csv").exists()
