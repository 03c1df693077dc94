"""What a fit does to the estimator: nothing until it ends, also when it fails or is interrupted."""

import copy
import signal
import threading
import warnings

import numpy as np
import pytest
from problems import assert_same, blobs, small_array, small_frame
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from skgan import ConditionalGANSampler, GANSampler
from skgan.callbacks import Callback
from skgan.exceptions import CollapseWarning, InterruptedFitWarning
from skgan.samplers import _learner

X = small_array(60)
GIVEN = {"max_iter": 6, "random_state": 0}


class At(Callback):
    """Does something at a step."""

    def __init__(self, step, what):
        self.step, self.what = step, what

    def on_step_end(self, run):
        if run.n_iter == self.step:
            self.what(run)


def failing(run):
    raise RuntimeError("a callback failed")


def interrupting(run):
    signal.raise_signal(signal.SIGINT)


def test_a_fit_that_fails_leaves_the_sampler_as_it_was():
    sampler = GANSampler(**GIVEN).fit(X)
    before = dict(vars(sampler))
    rows = copy.deepcopy(sampler).sample(5)
    sampler.set_callbacks(At(3, failing))
    with pytest.raises(RuntimeError, match="a callback failed"):
        sampler.fit(small_frame())
    sampler.set_callbacks()
    assert vars(sampler) == before
    assert_same(sampler.sample(5), rows)
    unfitted = GANSampler(**GIVEN, learning_rate="fast")
    with pytest.raises(ValueError):
        unfitted.fit(X)
    assert set(vars(unfitted)) == set(unfitted.get_params())


class LateFailure(Callback):
    def on_fit_task_end(self, estimator, context):
        if context.task_name == "fit":
            raise RuntimeError("too late")


def test_a_callback_that_fails_at_the_very_end_leaves_the_sampler_as_it_was():
    sampler = GANSampler(**GIVEN, refine=False).fit(X)
    model = sampler._model
    with pytest.raises(RuntimeError, match="too late"):
        sampler.set_callbacks(LateFailure()).fit(X)
    assert sampler._model is model


class Underscored(GANSampler):
    def __init__(self, weird_=3):
        super().__init__(**GIVEN, refine=False)
        self.weird_ = weird_


def test_parameters_are_no_fitted_attributes_whatever_their_names():
    assert Underscored(4).fit(X).fit(X).weird_ == 4


def test_a_second_fit_leaves_nothing_of_the_first():
    sampler = ConditionalGANSampler(**GIVEN, refine=False).fit(*blobs(60))
    assert hasattr(sampler, "classes_") and not hasattr(sampler, "feature_names_in_")
    sampler.fit(small_frame(), np.linspace(0.5, 2.25, 60))
    assert not hasattr(sampler, "classes_") and hasattr(sampler, "feature_names_in_")


def test_ctrl_c_ends_the_fit_with_what_was_learned():
    sampler = GANSampler(**GIVEN, refine=True).set_callbacks(At(4, interrupting))
    with pytest.warns(ConvergenceWarning, match="interrupted at step 4 of 6") as caught:
        assert sampler.fit(X) is sampler
    assert sampler.n_iter_ == 4 and sampler.sample(3).shape == (3, 2)
    assert caught[0].filename == __file__


def test_ctrl_c_during_refinement_keeps_the_trained_model(monkeypatch):
    def refine(*args, **kwargs):
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("skgan.samplers._plan.refine", refine)
    with pytest.warns(InterruptedFitWarning, match="interrupted at step 6 of 6"):
        sampler = GANSampler(**GIVEN).fit(X)
    assert sampler.n_iter_ == 6 and sampler.sample(3).shape == (3, 2)


def test_ctrl_c_in_a_pipeline_keeps_the_model_too():
    pipeline = make_pipeline(GANSampler(**GIVEN).set_callbacks(At(4, interrupting)))
    with pytest.warns(ConvergenceWarning, match="interrupted"):
        pipeline.fit(X)
    assert pipeline[-1].n_iter_ == 4


class InterruptingSampler(GANSampler):
    """Versions of scikit-learn before 1.9 do not copy callbacks."""

    def fit(self, X, y=None):
        return self.set_callbacks(At(2, interrupting)) and super().fit(X, y)


def test_ctrl_c_stops_a_search():
    search = GridSearchCV(InterruptingSampler(**GIVEN, refine=False), {"batch_size": [8, 16]}, cv=2)
    with pytest.raises(KeyboardInterrupt):
        search.fit(X)


def test_ctrl_c_before_the_first_step_is_raised(monkeypatch):
    class Early(Callback):
        def on_run_begin(self, run):
            interrupting(run)

    sampler = GANSampler(**GIVEN).set_callbacks(Early())
    with pytest.raises(KeyboardInterrupt):
        sampler.fit(X)
    assert not hasattr(sampler, "n_iter_")


class Few(GANSampler):
    """A subclass with a constructor of its own."""

    def __init__(self, n_steps=3):
        super().__init__(max_iter=n_steps, refine=False, random_state=0)
        self.n_steps = n_steps


def test_a_subclass_with_a_shorter_constructor_fits():
    sampler = clone(Few(4)).fit(X)
    assert sampler.n_iter_ == 4 and sampler.get_params() == {"n_steps": 4}
    assert_same(sampler.sample(5), GANSampler(max_iter=4, refine=False, random_state=0).fit(X).sample(5))


def test_a_fit_in_another_thread_works():
    fitted = []
    thread = threading.Thread(target=lambda: fitted.append(GANSampler(**GIVEN).fit(X)))
    thread.start()
    thread.join()
    assert_same(fitted[0].sample(5), GANSampler(**GIVEN).fit(X).sample(5))


@pytest.mark.parametrize("n_jobs", [1, 2, -1])
def test_rows_do_not_depend_on_n_jobs(n_jobs):
    given = {"max_iter": 4, "batch_size": 64, "random_state": 0}
    expected = GANSampler(**given).fit(X)
    sampler = GANSampler(**given, n_jobs=n_jobs).fit(X)
    assert_same(sampler.sample(1500), expected.sample(1500))


def test_n_critic_gives_the_discriminator_more_updates():
    one, five = (GANSampler(**GIVEN, refine=False, loss="wasserstein", n_critic=n).fit(X) for n in (1, 5))
    assert five.n_critic_ == 5 and five.n_iter_ == one.n_iter_ == 6
    assert not np.array_equal(one.sample(5), five.sample(5))


def constant(generated):
    """A generator factory whose rows are all alike."""
    import torch

    class Constant(torch.nn.Module):
        def __init__(self, width):
            super().__init__()
            self.row = torch.nn.Parameter(torch.zeros(width))

        def forward(self, latent, condition):
            return self.row + 0 * latent[:, :1]

    return lambda spec, latent_dim, condition_dim: Constant(spec.width)


def test_collapse_is_warned_about():
    with pytest.warns(CollapseWarning, match="only 1 are distinct") as caught:
        GANSampler(**GIVEN, generator=constant(X), refine=False).fit(X)
    assert caught[0].filename == __file__


@pytest.mark.parametrize("data", [X, small_frame(100), np.repeat(X[:3], 20, axis=0)], ids=["numbers", "mixed", "few"])
def test_a_fit_that_has_not_collapsed_is_not_warned_about(data):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sampler = GANSampler(**GIVEN, refine=False).fit(data)
    assert sampler.n_iter_ == 6
    assert not [warning for warning in caught if issubclass(warning.category, CollapseWarning)]


class Clock:
    """A clock that a callback moves."""

    now = 0.0

    def monotonic(self):
        return self.now


def warnings_of_slow_steps(monkeypatch, seconds, max_time, **options):
    """The sampler and its `ConvergenceWarning`s, each with the step at which it came, where a step takes `seconds`."""
    import skgan._budget
    import skgan.training._run

    clock = Clock()
    monkeypatch.setattr(skgan._budget, "time", clock)
    monkeypatch.setattr(skgan.training._run, "time", clock)
    found = []

    class Slow(Callback):
        step = 0

        def on_step_begin(self, run):
            clock.now += seconds(run.n_iter) if callable(seconds) else seconds
            Slow.step = run.n_iter + 1

    sampler = GANSampler(max_iter=1000, max_time=max_time, random_state=0).set_callbacks(Slow())
    sampler.set_params(**options)
    with warnings.catch_warnings():
        warnings.simplefilter("always")

        def note(message, category, filename, lineno, file=None, line=None):
            if issubclass(category, ConvergenceWarning):
                found.append((Slow.step, str(message), filename))

        monkeypatch.setattr(warnings, "showwarning", note)
        sampler.fit(X)
    return sampler, found


def test_a_run_far_from_its_end_is_warned_about(monkeypatch):
    sampler, found = warnings_of_slow_steps(monkeypatch, seconds=10.0, max_time=100.0)
    assert sampler.n_iter_ == 8
    [(step, message, filename)] = found
    # 992 further steps of 10 seconds, in the share of the time that training has.
    assert "ended the training after 8 of 1000 steps (1%)" in message and "max_time=12500" in message
    assert (step, filename) == (8, __file__)


def test_a_run_that_will_be_short_is_warned_about_once_its_pace_is_known(monkeypatch):
    # The first steps are slow and do not count: 80 seconds are left for 100 steps, 5 of which take 20 seconds.
    pace = {"seconds": lambda step: 4.0 if step < 5 else 1.0, "max_time": 100.0}
    sampler, found = warnings_of_slow_steps(monkeypatch, **pace)
    assert sampler.n_iter_ == 65
    [(step, message, filename)] = found
    # 935 further steps of one second.
    assert "max_time=100.0 allows about 65 of 1000 steps (6%)" in message and "max_time=1269" in message
    assert (step, filename) == (20, __file__)


def test_the_pace_is_known_after_a_share_of_the_time_if_steps_are_fast(monkeypatch):
    # After 100 steps all time is gone, which ends the run.
    pace = {"seconds": lambda step: 0.25 if step < 100 else 1000.0}
    [(step, message, _)] = warnings_of_slow_steps(monkeypatch, **pace, max_time=100.0, max_iter=10**4)[1]
    # 2 % of 100 seconds are 8 steps, 2 % of 1000 seconds are 80.
    assert step == 20 and "allows about 320 of 10000 steps (3%)" in message
    [(step, _, _)] = warnings_of_slow_steps(monkeypatch, **pace, max_time=1000.0, max_iter=10**5)[1]
    assert step == 80


def test_a_run_that_time_allows_half_of_is_not_warned_about(monkeypatch):
    assert warnings_of_slow_steps(monkeypatch, seconds=0.1, max_time=20.0, max_iter=300)[1] == []


def test_a_run_that_the_time_is_to_end_is_not_warned_about(monkeypatch):
    monkeypatch.setattr("skgan.samplers._plan.Plan.ends_by_time", True)
    assert warnings_of_slow_steps(monkeypatch, seconds=1.0, max_time=100.0)[1] == []


class StopAtOnce(Callback):
    def on_run_begin(self, run):
        run.stop()


def test_a_run_that_a_callback_stops_before_its_first_step_says_so():
    with pytest.warns(ConvergenceWarning, match="a callback stopped the run before the first update"):
        GANSampler(**GIVEN, refine=False).set_callbacks(StopAtOnce()).fit(X)


class OfShape:
    """A loss with a wrong shape."""

    regularizer = "r1"

    def __init__(self, reduce):
        self.reduce = reduce

    def discriminator_loss(self, real_scores, fake_scores):
        return self.reduce(fake_scores - real_scores)

    def generator_loss(self, real_scores, fake_scores):
        return -fake_scores


@pytest.mark.parametrize(
    "reduce, words",
    [(lambda x: x.mean(), r"shape \(\)"), (lambda x: x[:, None], r"shape \(60, 1\)"), (lambda x: 1.0, "float")],
    ids=["mean", "column", "float"],
)
def test_a_loss_must_give_one_value_per_sample(reduce, words):
    with pytest.raises(ValueError, match=f"loss returned {words}, but must return a tensor with one value per sample"):
        GANSampler(**GIVEN, refine=False, loss=OfShape(reduce)).fit(X)


def test_a_run_that_a_callback_stops_is_not():
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        assert GANSampler(**GIVEN, refine=False).set_callbacks(At(1, lambda run: run.stop())).fit(X).n_iter_ == 1


def test_the_share_of_time_for_refinement_is_kept():
    assert 0 < _learner.REFINEMENT_SHARE < 0.5
