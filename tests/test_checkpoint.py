"""Fits that are stopped by anything at any moment, and resumed from a checkpoint."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from problems import adult_like, blobs
from sklearn.model_selection import GridSearchCV

from skgan import ConditionalGANSampler, GANSampler, _json_tree, _model_file, load, resume, save
from skgan.callbacks import Callback, Checkpoint
from skgan.exceptions import BrokenFileError
from skgan.losses import NonSaturating

N_STEPS = 12
OPTIONS = {"max_iter": N_STEPS, "batch_size": 32, "hidden_layer_sizes": (16,), "random_state": 0, "device": "cpu"}
IMAGES = np.random.default_rng(0).integers(0, 256, (40, 16, 16), dtype=np.uint8)
EACH_STEP = 1e-9


class Crash(Callback):
    """Ends a fit by an error, after a step or within one."""

    def __init__(self, step, hook="on_step_end"):
        self.step, self.hook = step, hook

    def on_step_begin(self, run):
        if self.hook == "on_step_begin" and run.n_iter == self.step:
            raise SystemError("crashed")

    def on_step_end(self, run):
        if self.hook == "on_step_end" and run.n_iter == self.step:
            raise SystemError("crashed")


def crash(sampler, path, *data, step=7, hook="on_step_end"):
    """Fit until a step, with a checkpoint at each."""
    sampler.set_callbacks(Checkpoint(path, EACH_STEP), Crash(step, hook))
    with pytest.raises(SystemError, match="crashed"):
        sampler.fit(*data)
    assert not hasattr(sampler, "n_iter_")


def table():
    return GANSampler(**OPTIONS), (adult_like(80),)


def table_given_classes():
    options = {"loss": "wasserstein", "n_critic": 2, "conditioning": "auxiliary"}
    return ConditionalGANSampler(**OPTIONS, **options), blobs(40)


def images():
    return GANSampler(**OPTIONS | {"hidden_layer_sizes": (4, 4), "augmentation": ("flip",), "batch_size": 8}), (IMAGES,)


def drawn(sampler):
    rows = sampler.sample(20, random_state=1)
    return rows if isinstance(rows, tuple) else (rows,)


def assert_same_rows(a, b):
    for left, right in zip(drawn(a), drawn(b), strict=True):
        if isinstance(left, pd.DataFrame):
            pd.testing.assert_frame_equal(left, right)
        else:
            np.testing.assert_array_equal(left, right)


@pytest.mark.parametrize("case", [table, table_given_classes, images])
@pytest.mark.parametrize("hook", ["on_step_begin", "on_step_end"])
def test_a_resumed_fit_ends_in_the_same_sampler(case, hook, tmp_path):
    path = tmp_path / "fit"
    sampler, data = case()
    crash(sampler, path, *data, hook=hook)
    resumed = resume(path, *data)
    uninterrupted = case()[0].fit(*data)
    assert resumed.n_iter_ == N_STEPS
    losses = [column for column in uninterrupted.history_ if column != "seconds"]
    pd.testing.assert_frame_equal(resumed.history_[losses], uninterrupted.history_[losses])
    assert_same_rows(resumed, uninterrupted)


def test_a_fit_is_resumed_again_and_again(tmp_path):
    path, (sampler, data) = tmp_path / "fit", table()
    crash(sampler, path, *data, step=3)
    for step in (5, 9):
        with pytest.raises(SystemError):
            resume(path, *data, every_seconds=EACH_STEP, callbacks=[Crash(step)])
    assert_same_rows(resume(path, *data), table()[0].fit(*data))


def test_a_seed_that_was_not_given_is_kept(tmp_path):
    path = tmp_path / "fit"
    X = adult_like(60)
    sampler = GANSampler(**OPTIONS | {"random_state": None}).set_callbacks(Checkpoint(path, EACH_STEP)).fit(X)
    resumed = resume(path, X)
    assert resumed.get_params() == sampler.get_params()
    assert_same_rows(resumed, sampler)


def test_a_memory_map_is_resumed(tmp_path):
    np.save(tmp_path / "images.npy", IMAGES)
    mapped = np.load(tmp_path / "images.npy", mmap_mode="r")
    sampler, _ = images()
    crash(sampler, tmp_path / "fit", mapped)
    assert_same_rows(resume(tmp_path / "fit", mapped), images()[0].fit(IMAGES))


def test_a_killed_process_is_resumed(tmp_path):
    """SIGKILL while checkpoints are written after each step."""
    here = Path(__file__)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_checkpoint as t;"
        "sampler, data = t.table(); sampler.set_params(max_iter=5000);"
        "sampler.set_callbacks(t.Checkpoint(sys.argv[2], t.EACH_STEP)).fit(*data)"
    )
    path = tmp_path / "fit"
    process = subprocess.Popen([sys.executable, "-c", code, str(here.parent), str(path)], cwd=here.parents[1])
    while not Path(f"{path}.previous").exists() and process.poll() is None:
        time.sleep(0.05)
    time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    sampler, data = table()
    stopped = resume(path, *data, callbacks=[StopAtOnce()])
    n_iter = stopped.n_iter_
    assert 0 < n_iter < 5000
    fresh = sampler.set_params(max_iter=5000).set_callbacks(StopAtOnce(n_iter)).fit(*data)
    assert_same_rows(stopped, fresh)


class StopAtOnce(Callback):
    """Stops after the first step that it sees, or after a step."""

    def __init__(self, step=0):
        self.step = step

    def on_step_end(self, run):
        if run.n_iter >= self.step:
            run.stop()


def test_a_damaged_checkpoint_is_replaced_by_the_one_before(tmp_path):
    path, (sampler, data) = tmp_path / "fit", table()
    crash(sampler, path, *data)
    whole = path.read_bytes()
    for damaged in (whole[:-1], whole[: len(whole) // 2], whole[:100] + bytes([whole[100] ^ 1]) + whole[101:], b""):
        path.write_bytes(damaged)
        with pytest.warns(UserWarning, match=r"Cannot resume .* is used instead"):
            resumed = resume(path, *data, every_seconds=1e9)
        assert_same_rows(resumed, table()[0].fit(*data))
        # The damaged file was replaced by that of the resumed fit.
        assert resume(path, *data).n_iter_ == N_STEPS
    path.unlink()
    with pytest.warns(UserWarning, match="is used instead"):
        resume(path, *data)


def test_without_a_good_checkpoint_the_error_says_why(tmp_path):
    path, (sampler, data) = tmp_path / "fit", table()
    crash(sampler, path, *data)
    for name in (path, Path(f"{path}.previous")):
        name.write_bytes(name.read_bytes()[:-1])
    named = r"fit': .*1 bytes are missing.* Nor can the checkpoint before it be used: .*fit.previous'.*1 bytes"
    with pytest.raises(BrokenFileError, match=named):
        resume(path, *data)
    with pytest.raises(BrokenFileError, match="copy the file again from its source, or start the fit again"):
        resume(path, *data)
    with pytest.raises(FileNotFoundError):
        resume(tmp_path / "none", *data)
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n")
    with pytest.raises(BrokenFileError, match=r"pass a file that skgan\.callbacks\.Checkpoint wrote"):
        resume(tmp_path / "rows.csv", *data)


def changed(X):
    """Other rows, and what the message says about them."""
    first = X.columns[0]
    yield X.iloc[::-1], "values of X, their dtypes or the order of the rows differ"
    yield X.assign(**{first: X.iloc[:, 0].to_numpy()[::-1]}), "values of X, their dtypes or the order of the rows"
    yield X.iloc[1:], "X has 79 rows, and that of the fit had 80"
    yield X.rename(columns={first: "other"}), rf"X lacks '{first}' \(\w+\) and has 'other' \(\w+\), unlike that"
    yield X[X.columns[::-1]], "the columns of X are in another order"
    yield X.to_numpy(), "X is of the kind 'array', and that of the fit was 'pandas frame'"
    yield pl.from_pandas(X), "X is of the kind 'polars frame', and that of the fit was 'pandas frame'"


def test_other_rows_are_refused(tmp_path):
    path, (sampler, (X,)) = tmp_path / "fit", table()
    crash(sampler, path, X)
    for other, what in changed(X):
        with pytest.raises(ValueError, match=f"X or y are not those of the checkpoint: {what}"):
            resume(path, other)
    sampler, (X, y) = table_given_classes()
    crash(sampler, path, X, y)
    with pytest.raises(ValueError, match="not those of the checkpoint: values of y, their dtype or their order"):
        resume(path, X, y[::-1])
    with pytest.raises(ValueError, match=r"y is of the kind 'pandas series' .*, and that of the fit was .* 'array'"):
        resume(path, X, pd.Series(y))
    sampler, (stack,) = images()
    crash(sampler, path, stack)
    with pytest.raises(ValueError, match=r"lacks uint8 images of the shape \(1, 16, 16\) and has uint8 images"):
        resume(path, stack[:, :8, :8])


def test_files_of_the_other_kind_are_named(tmp_path):
    sampler, data = table()
    crash(sampler, tmp_path / "fit", *data)
    save(sampler.set_callbacks().fit(*data), tmp_path / "model")
    with pytest.raises(BrokenFileError, match=r"a checkpoint of a fit that was not finished; .* skgan\.resume"):
        load(tmp_path / "fit")
    with pytest.raises(BrokenFileError, match=r"a fitted sampler, of which nothing is left .* skgan\.load"):
        resume(tmp_path / "model", *data)


def test_a_path_that_cannot_be_written_to_is_found_before_the_first_step(tmp_path):
    sampler, data = table()
    with pytest.raises(OSError, match="choose a file in a folder"):
        sampler.set_callbacks(Checkpoint(tmp_path / "none" / "fit"), Crash(1)).fit(*data)
    with pytest.raises(ValueError, match="every_seconds=0 is not allowed; every_seconds must be a number above 0"):
        sampler.set_callbacks(Checkpoint(tmp_path / "fit", 0)).fit(*data)
    with pytest.raises((TypeError, ValueError), match="every_seconds='a' is not allowed"):
        sampler.set_callbacks(Checkpoint(tmp_path / "fit", "a")).fit(*data)


def test_a_full_disk_is_a_warning_and_the_last_checkpoint_stays(tmp_path, monkeypatch):
    path, (sampler, data) = tmp_path / "fit", table()
    def no_space(file):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    class Fill(Callback):
        def on_step_begin(self, run):
            if run.n_iter == 4:
                monkeypatch.setattr(os, "fsync", no_space)

    sampler.set_callbacks(Fill(), Checkpoint(path, EACH_STEP))
    with pytest.warns(UserWarning, match=r"No checkpoint of step \d+ was written: .*No space left"):
        sampler.fit(*data)
    assert sampler.n_iter_ == N_STEPS
    monkeypatch.undo()
    assert _json_tree.decode(*_model_file.read(path))["fit"]["run"]["n_iter"] == 4
    assert sorted(os.listdir(tmp_path)) == ["fit", "fit.previous"]
    assert_same_rows(resume(path, *data), sampler)


def test_a_fit_with_limited_time_has_the_seconds_that_were_left(tmp_path):
    path, (sampler, data) = tmp_path / "fit", table()
    sampler.set_params(max_time=1000)
    crash(sampler, path, *data)
    document = _json_tree.decode(*_model_file.read(path))
    left, to_train = document["fit"]["seconds_left"], document["fit"]["seconds_left_to_train"]
    assert 900 < left < 1000 and left - 200 < to_train < left - 190
    document["fit"] |= {"seconds_left": 10.0, "seconds_left_to_train": 0.0}
    _model_file.write(path, *_json_tree.encode(document))
    assert resume(path, *data).n_iter_ == 7


def test_inside_a_search_nothing_is_written(tmp_path):
    X = adult_like(60)
    sampler = GANSampler(**OPTIONS | {"max_iter": 2, "refine": False}).set_callbacks(Checkpoint(tmp_path / "fit"))
    with pytest.warns(UserWarning, match="Checkpoint writes nothing"):
        GridSearchCV(sampler, {"latent_dim": [2]}, cv=2, refit=False, scoring=lambda *_: 0.0).fit(X)
    assert not list(tmp_path.iterdir())


class Loss(NonSaturating):
    """A loss of the caller's own."""


def test_a_parameter_that_contradicts_the_checkpoint_is_refused(tmp_path):
    path, (sampler, data) = tmp_path / "fit", images()
    crash(sampler, path, *data)
    document = _json_tree.decode(*_model_file.read(path))
    document["params"]["augmentation"] = None
    _model_file.write(path, *_json_tree.encode(document))
    with pytest.raises(BrokenFileError, match=r"hyperparameters: augmentation must be \(\), as the parameter says"):
        resume(path, *data)


@pytest.mark.parametrize("value", [np.zeros(2), {"factory": np.zeros(2)}, {"factory": 1, "more": 2}], ids=repr)
def test_a_crafted_parameter_is_refused(value, tmp_path):
    path, (sampler, data) = tmp_path / "fit", table()
    crash(sampler, path, *data)
    document = _json_tree.decode(*_model_file.read(path))
    document["params"]["generator"] = value
    _model_file.write(path, *_json_tree.encode(document))
    with pytest.raises((ValueError, TypeError), match="generator"):
        resume(path, *data)


def test_parts_that_are_code_must_be_given_again(tmp_path):
    path, (X,) = tmp_path / "fit", table()[1]
    crash(GANSampler(**OPTIONS, loss=Loss()), path, X)
    with pytest.raises(ValueError, match=r"given code as loss, .* resume\(path, X, loss=\.\.\.\)"):
        resume(path, X)
    with pytest.raises(ValueError, match=r"generator cannot be changed by resume: .* generator='auto'"):
        resume(path, X, loss=Loss(), generator=len)
    with pytest.raises(TypeError, match="loss='hinge' must be what the fit was given"):
        resume(path, X, loss="hinge")
    assert_same_rows(resume(path, X, loss=Loss()), GANSampler(**OPTIONS, loss=Loss()).fit(X))


def test_only_what_does_not_change_the_sampler_may_be_changed(tmp_path, capsys):
    path, (sampler, data) = tmp_path / "fit", table()
    crash(sampler, path, *data)
    with pytest.raises(ValueError, match=r"max_iter cannot be changed by resume: .* with the max_iter=12 that it"):
        resume(path, *data, max_iter=200)
    with pytest.raises(TypeError, match="max_itr=200 is neither an argument of resume nor a parameter of GANSampler"):
        resume(path, *data, max_itr=200)
    resumed = resume(path, *data, verbose=1, n_jobs=1)
    assert resumed.verbose == resumed.n_jobs == 1 and "skgan" in capsys.readouterr().err
    assert_same_rows(resumed, table()[0].fit(*data))


def test_one_callback_needs_no_list(tmp_path):
    path, (sampler, data) = tmp_path / "fit", table()
    crash(sampler, path, *data, step=3)
    assert resume(path, *data, callbacks=StopAtOnce()).n_iter_ == 4


class Own(GANSampler):
    """A class of the caller's own."""


def test_a_class_of_the_callers_own_has_no_checkpoints(tmp_path):
    with pytest.raises(TypeError, match=r"a checkpoint writes a sampler of skgan but no .*\.Own"):
        Own(**OPTIONS).set_callbacks(Checkpoint(tmp_path / "fit")).fit(adult_like(60))


def cut(state):
    state["run"]["modules"]["generator"].popitem()


def widen(state):
    state["hyperparameters"]["hidden_layer_sizes"] = (10**9,)


def drop_averages(state):
    state["run"]["averages"] = {}


def flatten(state):
    name, weights = next(iter(state["run"]["modules"]["generator"].items()))
    state["run"]["modules"]["generator"][name] = weights.flatten()


def lose_an_optimizer(state):
    state["run"]["optimizers"]["generator"] = state["run"]["optimizers"]["generator"][1:]


def shorten_the_random_state(state):
    state["run"]["batches"]["rng"] = state["run"]["batches"]["rng"][:5]


def count_backwards(state):
    state["run"]["n_iter"] = -3


def put_text(state):
    state["run"]["history"] = "none"


def put_nan(state):
    next(iter(state["run"]["averages"]["generator"]["module"].values())).fill_(float("nan"))


def cut_a_moment(state):
    moments = state["run"]["optimizers"]["discriminator"][0]
    moments["exp_avg_sq"] = moments["exp_avg_sq"][:1]


def turn_a_moment_negative(state):
    state["run"]["optimizers"]["discriminator"][0]["exp_avg_sq"].fill_(-1.0)


def skip_a_loss(state):
    state["run"]["history"]["rows"][0][2].popitem()


def count_no_rows(state):
    state["fingerprint"]["n_rows"] = 0


def name_columns_by_numbers(state):
    state["fingerprint"]["columns"] = [1, 2]


def stop_the_clock(state):
    state["seconds_left"] = "soon"


@pytest.mark.parametrize(
    "craft",
    [
        cut,
        widen,
        drop_averages,
        flatten,
        lose_an_optimizer,
        shorten_the_random_state,
        count_backwards,
        put_text,
        put_nan,
        cut_a_moment,
        turn_a_moment_negative,
        skip_a_loss,
        stop_the_clock,
        count_no_rows,
        name_columns_by_numbers,
    ],
)
def test_a_crafted_checkpoint_is_refused(craft, tmp_path):
    path, (sampler, data) = tmp_path / "fit", table()
    crash(sampler, path, *data)
    document = _json_tree.decode(*_model_file.read(path))
    craft(document["fit"])
    _model_file.write(path, *_json_tree.encode(document))
    with pytest.raises(BrokenFileError, match=r"^Cannot resume .* do not trust the file"):
        resume(path, *data)


def test_a_checkpoint_of_an_earlier_fit_is_kept(tmp_path):
    """A script that is run again after a power cut does not lose what the night has learned."""
    path, (sampler, data) = tmp_path / "fit", table()
    crash(sampler, path, *data, step=9)
    with pytest.warns(UserWarning, match="existed before this fit, and is kept as .*fit.before") as warned:
        crash(table()[0], path, *data, step=3)
    assert len([each for each in warned if "existed" in str(each.message)]) == 1
    assert n_steps_in(path) == 3 and n_steps_in(tmp_path / "fit.before") == 9
    assert_same_rows(resume(tmp_path / "fit.before", *data), table()[0].fit(*data))


def test_a_checkpoint_of_a_fit_that_ended_is_replaced(tmp_path, recwarn):
    sampler, data = table()
    sampler.set_callbacks(Checkpoint(tmp_path / "fit")).fit(*data).fit(*data)
    assert not [each for each in recwarn if "existed" in str(each.message)]
    assert not Path(tmp_path / "fit.before").exists()


def n_steps_in(path):
    return _json_tree.decode(*_model_file.read(str(path)))["fit"]["run"]["n_iter"]


def test_targets_must_be_passed_to_resume(tmp_path):
    sampler, data = table_given_classes()
    crash(sampler, tmp_path / "fit", *data)
    with pytest.raises(ValueError, match="had targets: pass them as y"):
        resume(tmp_path / "fit", data[0])


def test_an_interrupt_names_the_checkpoint(tmp_path):
    class Interrupt(Callback):
        def on_step_end(self, run):
            if run.n_iter == 5:
                raise KeyboardInterrupt

    sampler, data = table()
    with pytest.warns(UserWarning, match=r"without refinement; skgan.resume\(.*fit'\), X\) goes on"):
        sampler.set_callbacks(Checkpoint(tmp_path / "fit", EACH_STEP), Interrupt()).fit(*data)
    assert resume(tmp_path / "fit", *data).n_iter_ == N_STEPS
