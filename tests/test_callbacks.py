"""Callbacks of a fit: ours, which see the run, and scikit-learn's, which see tasks."""

import pickle

import numpy as np
import pytest
import sklearn
from problems import assert_same, blobs, small_array
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from skgan import ConditionalGANSampler, GANSampler
from skgan.callbacks import Callback
from skgan.samplers._plan import Plan

X = small_array(60)
GIVEN = {"max_iter": 5, "refine": False, "random_state": 0}
HAS_CALLBACKS = tuple(map(int, sklearn.__version__.split(".")[:2])) >= (1, 9)


class Watching(Callback):
    def __init__(self):
        self.seen = []

    def on_run_begin(self, run):
        self.seen.append("begin")

    def on_step_end(self, run):
        self.seen.append((run.n_iter, run.max_iter, sorted(run.losses)))
        self.table = run.history.table

    def on_run_end(self, run):
        self.seen.append("end")


def test_a_callback_sees_each_step_of_the_run():
    watching = Watching()
    sampler = GANSampler(**GIVEN).set_callbacks(watching).fit(X)
    steps = [(step, 5, ["discriminator", "generator"]) for step in range(1, 6)]
    assert watching.seen == ["begin", *steps, "end"]
    assert watching.table.equals(sampler.history_)


def test_callbacks_do_not_change_the_rows():
    plain, watched = GANSampler(**GIVEN).fit(X), GANSampler(**GIVEN).set_callbacks(Watching()).fit(X)
    assert_same(plain.sample(5), watched.sample(5))


class Sampling(Callback):
    def on_step_end(self, run):
        if run.n_iter in (2, 5):
            self.fitted = run.model()


@pytest.mark.parametrize("conditional", [False, True])
def test_a_callback_may_sample_from_the_weights_of_the_moment(conditional):
    make, data = (ConditionalGANSampler, blobs(60)) if conditional else (GANSampler, (X,))
    sampling = Sampling()
    sampler = make(**GIVEN).set_callbacks(sampling).fit(*data)
    assert type(sampling.fitted) is make and sampling.fitted.n_iter_ == 5
    # At the end of the run without refinement, it is the sampler itself.
    assert_same(sampling.fitted.sample(5), sampler.sample(5))


class Tasks:
    """In scikit-learn's manner, without a base class."""

    def __init__(self, stop_at=None):
        self.calls, self.stop_at = [], stop_at

    def setup(self, estimator, context):
        self.calls.append("setup")

    def teardown(self, estimator, context):
        self.calls.append("teardown")

    def on_fit_task_begin(self, estimator, context):
        self.calls.append(("begin", context.task_name, context.task_id))

    def on_fit_task_end(self, estimator, context, *, X=None, fitted_estimator=None):
        self.calls.append(("end", context.task_name, context.task_id))
        self.rows, self.X = fitted_estimator.sample(3), X
        self.estimator = estimator
        return context.task_name == "step" and context.task_id == self.stop_at


def test_callbacks_of_scikit_learn_are_called_for_the_fit_and_for_each_step():
    tasks = Tasks(stop_at=1)
    sampler = GANSampler(**GIVEN).set_callbacks(tasks).fit(X)
    assert tasks.calls == [
        "setup", ("begin", "fit", 0), ("begin", "step", 0), ("end", "step", 0), ("begin", "step", 1),
        ("end", "step", 1), ("end", "fit", 0), "teardown",
    ]
    assert sampler.n_iter_ == 2 and tasks.X is X and tasks.estimator is sampler
    assert tasks.rows.shape == (3, 2)


def test_teardown_comes_after_an_error_too():
    class Failing(Tasks):
        def on_fit_task_end(self, estimator, context):
            raise RuntimeError("no")

    failing = Failing()
    sampler = GANSampler(**GIVEN).set_callbacks(failing)
    with pytest.raises(RuntimeError, match="no"):
        sampler.fit(X)
    assert failing.calls[-1] == "teardown" and not hasattr(sampler, "n_iter_")


@pytest.mark.parametrize("bad", [object(), Watching, "word"])
def test_what_is_no_callback_is_refused(bad):
    with pytest.raises(TypeError, match="callbacks must be instances following the FitCallback protocol"):
        GANSampler().set_callbacks(bad)


@pytest.mark.skipif(not HAS_CALLBACKS, reason="scikit-learn before 1.9 has no callbacks")
def test_scikit_learns_own_callbacks_work_nested_in_a_search():
    from sklearn.callback import ScoringMonitor

    monitor = ScoringMonitor(scoring={"steps": lambda estimator, X, y: float(estimator.n_iter_)})
    sampler = ConditionalGANSampler(**{**GIVEN, "max_iter": 2}).set_callbacks(monitor)
    GridSearchCV(sampler, {"batch_size": [8, 16]}, cv=2, scoring=lambda *_: 0.0).fit(*blobs(60))
    steps = [row["steps"] for log in monitor.get_logs(select="all") for row in log.data]
    # Two steps and the fit itself, of four fits in the search and of the one at its end.
    assert len(steps) == 15 and sorted(set(steps)) == [1.0, 2.0]


@pytest.mark.skipif(not HAS_CALLBACKS, reason="scikit-learn before 1.9 does not copy callbacks")
def test_a_search_watches_each_of_its_fits():
    watching = Watching()
    GridSearchCV(GANSampler(**GIVEN).set_callbacks(watching), {"batch_size": [8, 16]}, cv=2).fit(X)
    assert watching.seen.count("begin") == watching.seen.count("end") == 5
    assert clone(GANSampler().set_callbacks(watching))._skl_callbacks == [watching]


def test_callbacks_are_no_part_of_what_is_fitted():
    sampler = GANSampler(**GIVEN).set_callbacks(Watching()).fit(X)
    assert not [name for name in vars(sampler) if "context" in name or "ctx" in name]
    assert np.array_equal(pickle.loads(pickle.dumps(sampler)).sample(3), sampler.sample(3))


@pytest.mark.skipif(not HAS_CALLBACKS, reason="scikit-learn before 1.9 has no callbacks")
@pytest.mark.parametrize("make", [GANSampler, ConditionalGANSampler])
def test_a_scoring_monitor_watches_a_fit_and_a_parallel_search(make):
    from sklearn.callback import ScoringMonitor

    monitor, data = ScoringMonitor(scoring={"steps": _steps}), blobs(60)
    sampler = make(**{**GIVEN, "max_iter": 2}).set_callbacks(monitor).fit(*data)
    # The fit, which ends last, and its two steps. GANSampler takes y and does not use it.
    assert _tasks(monitor) == [("fit", 2.0), ("step", 1.0), ("step", 2.0)]
    GridSearchCV(sampler, {"batch_size": [8]}, cv=2, scoring=_nothing, n_jobs=2).fit(*data)
    # Two fits in other processes, and that of the best parameters.
    assert _tasks(monitor) == 3 * [("fit", 2.0)] + 3 * [("step", 1.0)] + 3 * [("step", 2.0)]


@pytest.mark.skipif(not HAS_CALLBACKS, reason="scikit-learn before 1.9 has no callbacks")
@pytest.mark.parametrize("make", [GANSampler, ConditionalGANSampler])
def test_a_progress_bar_shows_a_fit_and_the_fits_of_a_parallel_search(make, capsys):
    from sklearn.callback import ProgressBar

    pytest.importorskip("rich", reason="ProgressBar needs rich")
    sampler, data = make(**{**GIVEN, "max_iter": 2}), blobs(60)
    sampler.set_callbacks(ProgressBar()).fit(*data)
    assert f"{make.__name__} - fit" in capsys.readouterr().out
    # In a search the progress bar must be attached to the search, which passes it on to the fits.
    search = GridSearchCV(sampler.set_callbacks(), {"batch_size": [8]}, cv=2, scoring=_nothing, n_jobs=2)
    search.set_callbacks(ProgressBar(max_propagation_depth=None)).fit(*data)
    shown = capsys.readouterr().out
    assert shown.count("candidate-split-evaluation") == 2 and "refit-with-best-params" in shown


def _steps(estimator, X, y):
    return float(estimator.n_iter_)


def _nothing(estimator, X, y):
    return 0.0


def _tasks(monitor):
    return sorted((row["task_name"], row["steps"]) for row in monitor.get_logs().data)


def test_a_run_tells_what_its_rows_are_and_draws_them():
    pytest.importorskip("matplotlib")

    class Drawing(Callback):
        def on_run_end(self, run):
            self.modality, self.figure = run.modality, run.plot(run.model().sample(20))

    for data, modality, n_axes in ((X, "table", 4), (np.zeros((30, 8, 8)) + np.eye(8), "images", 1)):
        drawing = Drawing()
        GANSampler(**GIVEN).set_callbacks(drawing).fit(data)
        # A table has an empty frame, a head, and one panel per column.
        assert drawing.modality == modality and len(drawing.figure.axes) == n_axes


def test_the_model_of_a_step_is_made_once(monkeypatch):
    """`TensorBoard` and `SampleSaver` ask for it at the same steps, and making it takes longer than a step."""
    made, glimpse = [], Plan.glimpse
    monkeypatch.setattr(Plan, "glimpse", lambda self, run: made.append(run.n_iter) or glimpse(self, run))

    class Look(Callback):
        def on_step_end(self, run):
            if run.n_iter in (2, 4):
                rows[run.n_iter].append(run.model().set_params(verbose=3).sample(5, random_state=0))
                assert run.model() is not run.model()

    rows = {2: [], 4: []}
    sampler = GANSampler(max_iter=4, refine=False, random_state=0).set_callbacks(Look(), Look())
    sampler.fit(np.random.default_rng(0).normal(size=(60, 2)))
    assert made == [2, 4] and sampler.verbose == 0
    for one, other in rows.values():
        np.testing.assert_array_equal(one, other)
    assert (rows[2][0] != rows[4][0]).any()
