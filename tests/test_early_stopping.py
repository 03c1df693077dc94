"""Early stopping: by a score of the caller's own, and by a score of rows that are held out."""

import numpy as np
import pandas as pd
import pytest
from problems import adult_like, blobs
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV

from skgan import ConditionalGANSampler, GANSampler, load, resume, save
from skgan.callbacks import Callback, Checkpoint, CSVLogger, EarlyStopping
from skgan.samplers._validation import HeldOut

OPTIONS = {"max_iter": 100, "batch_size": 32, "hidden_layer_sizes": (8,), "refine": False, "random_state": 0}
IMAGES = np.random.default_rng(0).integers(0, 256, (500, 8, 8), dtype=np.uint8)
X = np.random.default_rng(0).normal(size=(600, 2))


class Scripted:
    """A score that is read from a list, the last number again and again."""

    def __init__(self, *values):
        self.values, self.n = values, 0

    def __call__(self, sampler):
        value = self.values[min(self.n, len(self.values) - 1)]
        self.n += 1
        return value


def fit(score, *callbacks, stopping=None, **options):
    stopping = {"n_iter_no_change": 3, **(stopping or {})}
    sampler = GANSampler(**OPTIONS | options).set_callbacks(EarlyStopping(score, **stopping), *callbacks)
    return sampler.fit(X[:60])


def test_a_score_that_stays_ends_the_run_and_lets_the_rates_fall():
    rates = []

    class Rates(Callback):
        def on_step_end(self, run):
            rates.append(run.learning_rate)

    sampler = fit(lambda sampler: 0.5, Rates())
    # The rates fall after step 30. Scores at 32, 36, 40 and 44: the last three are not better than the first. Then a
    # tenth of 44 steps, rounded up.
    assert sampler.n_iter_ == sampler.best_iter_ == len(rates) == 49
    assert sampler.validation_scores_["step"].tolist()[:11] == list(range(4, 45, 4))
    assert rates[30] == sampler.learning_rate_ > rates[31] > rates[43] > 0.8 * rates[0] and rates[-1] < 0.2 * rates[0]


def test_a_score_that_rises_does_not_end_the_run():
    sampler = fit(Scripted(*np.linspace(0.1, 0.9, 25)))
    assert sampler.n_iter_ == sampler.best_iter_ == 100
    assert sampler.validation_scores_["step"].tolist() == list(range(4, 101, 4))
    np.testing.assert_array_equal(sampler.validation_scores_["score"], np.linspace(0.1, 0.9, 25))


@pytest.mark.parametrize(
    ("every", "expected"), [(10, [10, 20, 30]), (0.2, [6, 12, 18, 24, 30]), (7, [7, 14, 21, 28, 30])]
)
def test_every_says_how_often(every, expected):
    sampler = fit(Scripted(*range(1, 9)), stopping={"every": every}, max_iter=30)
    assert sampler.validation_scores_["step"].tolist() == expected


def test_a_run_that_gets_worse_ends_with_its_best_networks():
    class Keep(Callback):
        def on_step_end(self, run):
            if run.n_iter == 40:
                self.rows = run.model().sample(20, random_state=0)

    keep = Keep()
    sampler = fit(Scripted(*np.linspace(0.1, 0.9, 10), 0.1), keep, stopping={"n_iter_no_change": 5})
    assert sampler.best_iter_ == 40 < sampler.n_iter_ == 66
    np.testing.assert_array_equal(sampler.sample(20, random_state=0), keep.rows)


@pytest.mark.parametrize(
    ("score", "stopping", "message"),
    [
        (0.5, {}, r"score=0.5 must be a callable: score\(sampler\) -> float"),
        (lambda sampler: float("nan"), {}, "score returned nan at step 4, but it must return a finite number"),
        (lambda sampler: "0.5", {}, "score returned '0.5' at step 4"),
        (lambda sampler: 0.5, {"every": 0}, "every=0 is not allowed"),
        (lambda sampler: 0.5, {"n_iter_no_change": 0}, "n_iter_no_change=0 is not allowed"),
        (lambda sampler: 0.5, {"tol": -0.1}, "tol=-0.1 is not allowed"),
    ],
)
def test_wrong_parameters_are_named(score, stopping, message):
    with pytest.raises(ValueError, match=message):
        fit(score, stopping=stopping)


def test_the_best_networks_are_those_of_falling_rates():
    """The rates fall after step 30; before, the untrained generator may score best."""
    sampler = fit(Scripted(0.9, 0.9, 0.9, 0.9, *[0.1] * 30))
    assert sampler.best_iter_ == sampler.n_iter_


def test_a_score_of_the_callers_own_must_be_passed_to_resume(tmp_path):
    class Crash(Callback):
        def on_step_end(self, run):
            if run.n_iter == 40:
                raise SystemError

    stopping = EarlyStopping(lambda sampler: 0.5, n_iter_no_change=3)
    with pytest.raises(SystemError):
        fit(lambda sampler: 0.5, Checkpoint(tmp_path / "fit", 1e-9), Crash())
    with pytest.raises(ValueError, match=r"had a callback EarlyStopping.*callbacks=\[EarlyStopping"):
        resume(tmp_path / "fit", X[:60])
    assert resume(tmp_path / "fit", X[:60], callbacks=[stopping]).n_iter_ == fit(lambda sampler: 0.5).n_iter_


def test_a_run_has_one_score():
    with pytest.raises(ValueError, match="two callbacks EarlyStopping, perhaps one of them from early_stopping=True"):
        GANSampler(**OPTIONS, early_stopping=True).set_callbacks(EarlyStopping(len)).fit(X)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"early_stopping": "yes"}, "early_stopping='yes' .* must be True or False or 'auto'"),
        ({"validation_fraction": 1.0}, "validation_fraction=1.0 .* must be a float above 0 and below 1"),
        ({"validation_fraction": 0}, "validation_fraction=0 "),
        ({"n_iter_no_change": 0}, "n_iter_no_change=0 .* must be a whole number of at least 1"),
        ({"tol": -1}, "tol=-1 .* must be a number of at least 0"),
    ],
)
def test_wrong_parameters_of_a_sampler_are_named(params, message):
    with pytest.raises(ValueError, match=message):
        GANSampler(**OPTIONS | params).fit(X)


def test_too_few_rows_are_refused_with_the_cure():
    message = "of 400 rows, which are 40, .* a validation_fraction between 0.125 and 0.875, or early_stopping=False"
    with pytest.raises(ValueError, match=message):
        GANSampler(**OPTIONS, early_stopping=True).fit(X[:400])
    with pytest.raises(ValueError, match="of 400 rows, which are 399, .* between 0.125 and 0.875"):
        GANSampler(**OPTIONS, early_stopping=True, validation_fraction=0.999).fit(X[:400])
    with pytest.raises(ValueError, match="needs 100 or more rows, .* got 99; pass early_stopping=False"):
        GANSampler(**OPTIONS, early_stopping=True, validation_fraction=0.5).fit(X[:99])
    GANSampler(**OPTIONS | {"max_iter": 1}, early_stopping=True, validation_fraction=0.2).fit(X[:400])


def table():
    return GANSampler, (adult_like(600),)


def given_classes():
    return ConditionalGANSampler, blobs(600)


def images():
    return GANSampler, (IMAGES,)


def images_given_numbers():
    return ConditionalGANSampler, (IMAGES, IMAGES.mean(axis=(1, 2)))


@pytest.mark.parametrize("case", [table, given_classes, images, images_given_numbers])
def test_no_step_sees_the_rows_that_are_held_out(case, monkeypatch):
    make, data = case()
    plan = make(**OPTIONS, early_stopping=True)._plan(*data)
    n = len(data[0])
    trained, held_out = plan.trained, plan.held_out
    assert len(trained) == n - n // 10 and len(held_out.conditions) == held_out.rows.n_rows == n // 10
    monkeypatch.setattr(type(plan.rows), "rows", lambda self, index, place: index[:, None].float())
    batches = plan._batches(plan._game())
    seen = set().union(*({int(row) for part in batches.draw() for row in part.real} for _ in range(300)))
    assert seen == set(trained.tolist())
    rows = held_out.rows, plan.form.read_like(data[0])
    held_out_features, features = map(plan.encoder.features, rows)
    others = np.setdiff1d(np.arange(n), trained)
    np.testing.assert_array_equal(np.unique(held_out_features, axis=0), np.unique(features[others], axis=0))


@pytest.mark.parametrize(("case", "end"), [(table, 58), (given_classes, 58), (images, 80), (images_given_numbers, 80)])
@pytest.mark.parametrize("is_shortened", [False, True])
def test_a_resumed_fit_ends_in_the_same_sampler(case, end, is_shortened, tmp_path, monkeypatch):
    """The rates fall after 30 or 50 steps; six scores later, after step 52 or 72, the run is shortened."""
    monkeypatch.setattr(HeldOut, "score", lambda self, model: 0.5)
    make, data = case()
    options = {**OPTIONS, "early_stopping": True, "validation_fraction": 0.2}

    class Crash(Callback):
        def on_step_end(self, run):
            if run.n_iter == (end - 2 if is_shortened else 40):
                raise SystemError

    with pytest.raises(SystemError):
        make(**options).set_callbacks(Checkpoint(tmp_path / "fit", 1e-9), Crash()).fit(*data)
    resumed, whole = resume(tmp_path / "fit", *data), make(**options).fit(*data)
    assert resumed.n_iter_ == whole.n_iter_ == end
    pd.testing.assert_frame_equal(resumed.validation_scores_, whole.validation_scores_)
    rows = [sampler.sample(20, random_state=0) for sampler in (resumed, whole)]
    first, second = (part if isinstance(part, tuple) else (part,) for part in rows)
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))


@pytest.mark.parametrize("case", [table, given_classes, images, images_given_numbers])
def test_scores_are_saved_and_repeat(case, tmp_path):
    make, data = case()
    options = {**OPTIONS, "max_iter": 10, "early_stopping": True}
    sampler = make(**options).fit(*data)
    save(sampler, tmp_path / "sampler")
    for other in (load(tmp_path / "sampler"), clone(sampler).fit(*data)):
        pd.testing.assert_frame_equal(other.validation_scores_, sampler.validation_scores_)
        assert other.best_iter_ == sampler.best_iter_
    assert len(sampler.validation_scores_) == 10


def test_without_early_stopping_there_are_no_scores():
    sampler = GANSampler(**OPTIONS | {"max_iter": 3}).fit(X)
    assert sampler.validation_scores_ is None and sampler.best_iter_ == 3


def test_rows_of_the_real_distribution_score_best():
    """A table: a plan's generator is replaced by training rows, and by rows of one column shifted."""
    plan = GANSampler(**OPTIONS, early_stopping=True, validation_fraction=0.4)._plan(X)
    rng = np.random.default_rng(1)

    def model(rows):
        features = plan.encoder.features(plan.form.read_like(rows))
        return _Model(lambda n: features[rng.choice(len(features), n, replace=False)])

    real, shifted = (np.random.default_rng(2).normal(size=(2000, 2)) + [shift, 0] for shift in (0, 1))
    assert plan.held_out.score(model(real)) > 0.85
    # Of two normal distributions one deviation apart, the AUC is the normal distribution function at 1 / sqrt(2).
    assert plan.held_out.score(model(shifted)) == pytest.approx(1 - 2 * (0.76 - 0.5), abs=0.1)


class _Model:
    """Stands for a model that draws rows in a way of its own."""

    def __init__(self, draw):
        self.draw = draw

    def features_like(self, conditions, n, purpose):
        return np.column_stack([self.draw(n), conditions.features])

    def rows_like(self, conditions, n, purpose):
        return self.draw(n)


def test_images_of_other_classes_score_lower_given_their_classes():
    """Dark and bright images: the same images under the wrong classes differ only together with these."""
    rng = np.random.default_rng(0)
    y = np.repeat(["dark", "bright"], 300)
    images = (np.where(y == "dark", 60, 180)[:, None, None] + rng.integers(0, 60, (600, 8, 8))).astype(np.uint8)
    plan = ConditionalGANSampler(**OPTIONS, early_stopping=True, validation_fraction=0.3)._plan(images, y)
    known, seen = (plan.encoder.encode(rows).middle().numpy() for rows in (plan.held_out.known, plan.held_out.rows))
    dark = known.mean(axis=1) < 0
    asked = plan.held_out.conditions.tensor.numpy().argmax(axis=1)
    wants_dark = asked == asked[seen.mean(axis=1) < 0][0]

    def given(swapped):
        return np.stack([known[dark == (wish != swapped)][row % 100] for row, wish in enumerate(wants_dark)])

    right, wrong = (plan.held_out.score(_Model(lambda n, s=s: given(s))) for s in (False, True))
    assert right > -0.2 and wrong < -0.5


def test_scores_can_be_followed(tmp_path):
    log = CSVLogger(tmp_path / "run.csv", every=2)
    sampler = GANSampler(**OPTIONS | {"max_iter": 10}, early_stopping=True).set_callbacks(log).fit(X)
    scores = pd.read_csv(tmp_path / "run.csv").set_index("step")["validation_score"]
    expected = sampler.validation_scores_.set_index("step")["score"]
    np.testing.assert_allclose(scores, expected.loc[scores.index], rtol=1e-6)


def test_the_line_of_progress_shows_the_score(capsys, monkeypatch):
    monkeypatch.setattr("skgan.callbacks._progress.DELAY", 0.0)
    sampler = GANSampler(**OPTIONS | {"max_iter": 10, "verbose": 2}, early_stopping=True)
    monkeypatch.setattr("skgan.callbacks._progress.SECONDS", {1: 0.0, 2: 0.0})
    monkeypatch.setattr("skgan.callbacks._screen.Lines.seconds", 0.0)
    sampler.fit(X)
    score = sampler.validation_scores_["score"].iloc[0]
    assert f"held-out score {score:.3f}" in capsys.readouterr().err


def test_a_search_over_early_stopping():
    search = GridSearchCV(
        GANSampler(**OPTIONS | {"max_iter": 5}), {"early_stopping": [False, True], "validation_fraction": [0.2]}, cv=2,
        error_score="raise",
    ).fit(X)
    assert set(search.cv_results_["param_early_stopping"]) == {False, True}


def test_time_that_is_limited_ends_a_scored_run():
    sampler = GANSampler(**OPTIONS | {"max_iter": 10**6}, early_stopping=True, max_time=3.0)
    with pytest.warns(ConvergenceWarning, match="max_time=3.0"):
        sampler.fit(X)
    assert len(sampler.validation_scores_) > 0 and sampler.n_iter_ < 10**6


def test_one_pass_over_more_rows_holds_none_out(tmp_path):
    sampler = GANSampler(**OPTIONS | {"max_iter": 10}, early_stopping=True).partial_fit(X)
    assert sampler.validation_scores_ is not None
    checkpoint, others = Checkpoint(tmp_path / "fit", 1e-9), X[:60] + 0.1
    sampler.set_callbacks(checkpoint).partial_fit(others)
    assert sampler.validation_scores_ is None
    resumed = resume(tmp_path / "fit", others)
    np.testing.assert_array_equal(resumed.sample(20, random_state=0), sampler.sample(20, random_state=0))
    with pytest.raises(ValueError, match="needs 100 or more rows, .* got 60"):
        sampler.set_params(warm_start=True).fit(others)


@pytest.mark.filterwarnings("ignore::skgan.exceptions.NewValuesWarning")
def test_a_fit_that_goes_on_is_scored():
    sampler = GANSampler(**OPTIONS | {"max_iter": 10}, early_stopping=True, warm_start=True).fit(X)
    first = sampler.validation_scores_
    again = sampler.fit(X + 0.1).validation_scores_
    assert again["step"].tolist() == first["step"].tolist() and not again["score"].equals(first["score"])
