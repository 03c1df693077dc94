"""Metrics as scorers: a search over samplers looks for what the metric calls good."""

import inspect

import numpy as np
from sklearn.pipeline import Pipeline
from sklearn.utils import resample

from skgan._forms import read_target
from skgan._registry import resolve
from skgan._validation import Whole

from ._read import read_tables
from ._table import METRICS
from ._utility import pair_of, score_by_training_set

MAX_ROWS = 5_000


def get_scorer(name):
    """A scorer by its word, for ``GridSearchCV(sampler, grid, scoring=...)`` and its kin.

    Parameters
    ----------
    name : str
        A word of `METRICS`, such as "two_sample", "pair_trends", "coverage" or "frechet_distance", or "train_on_synthetic".

    Returns
    -------
    callable
        ``scorer(sampler, X, y=None) -> float``, higher is better, as `make_sampler_scorer` makes it with its defaults.

    Raises
    ------
    ValueError
        An unknown word (the known ones are listed), or one that needs the training rows.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.model_selection import GridSearchCV
    >>> from skgan import GANSampler
    >>> from skgan.metrics import get_scorer
    >>> X = load_iris(as_frame=True).data
    >>> search = GridSearchCV(
    ...     GANSampler(max_iter=20, random_state=0), {"loss": ["relativistic", "hinge"]},
    ...     scoring=get_scorer("column_shapes"), cv=2,
    ... ).fit(X)
    >>> sorted(search.best_params_)
    ['loss']
    """
    return make_utility_scorer() if name == "train_on_synthetic" else make_sampler_scorer(name)


def make_sampler_scorer(metric, *, X_train=None, greater_is_better=True, max_rows=MAX_ROWS, random_state=0):
    """A scorer of samplers from a metric.

    The scorer draws as many synthetic rows as it is given real ones, always with the same seed, and compares the two. A
    sampler that takes y draws rows for the y that it is given; X and y are then compared together. Of a pipeline, its last
    step is asked, on the scale that it sees.

    Parameters
    ----------
    metric : str or callable
        A word of `METRICS`, or a function ``metric(X_real, X_synthetic) -> float``.
    X_train : array-like or frame, default=None
        The rows that the sampler was fitted on, for the metrics of privacy, which compare them with the scorer's X. A
        search over several folds fits on other rows each time, so give it a single split.
    greater_is_better : bool, default=True
        Of a function: whether higher values are better. A word knows.
    max_rows : int or None, default=5000
        At most so many rows are drawn and compared, so that a search stays quick. None takes all.
    random_state : int, default=0
        The same for each candidate, so that they are judged alike.

    Returns
    -------
    callable
        ``scorer(sampler, X, y=None) -> float``. Higher is better: where lower is, the number is negated, and where one
        value is best, it is minus the distance from that.

    Raises
    ------
    ValueError, TypeError
        An unknown word, or a parameter that cannot be used.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgan import GANSampler
    >>> from skgan.metrics import make_sampler_scorer
    >>> X = load_iris(as_frame=True).data
    >>> sampler = GANSampler(max_iter=20, random_state=0).fit(X)
    >>> scorer = make_sampler_scorer("energy_distance")
    >>> scorer(sampler, X) <= 0.0
    True
    >>> make_sampler_scorer(lambda real, synthetic: -abs(real.mean() - synthetic.mean()).max())(sampler, X) <= 0
    True
    """
    _check("max_rows", max_rows, Whole(1, (None,)))
    _check("random_state", random_state, Whole(0))
    if not callable(metric):
        known = resolve("metric", metric, METRICS, also="'train_on_synthetic' (make_utility_scorer), or a callable")
        if known.needs_holdout and X_train is None:
            raise ValueError(
                f"metric={metric!r} compares synthetic rows with those that the sampler was fitted on, which a scorer is "
                "not shown; pass them as make_sampler_scorer(..., X_train=X_train)."
            )
    return SamplerScorer(metric, X_train, 1 if greater_is_better else -1, max_rows, random_state)


def make_utility_scorer(estimator=None, *, target=None, scoring=None, n_samples=None, max_rows=MAX_ROWS, random_state=0):
    """A scorer that fits an estimator on synthetic rows and judges it on the real ones that it is given.

    Parameters
    ----------
    estimator : scikit-learn classifier or regressor, default=None
        As in `train_on_synthetic`: None takes boosted trees.
    target : str or int, default=None
        The column to predict, where the sampler learned it together with the others. None is for samplers that take y.
    scoring : str or callable, default=None
        As in `train_on_synthetic`.
    n_samples : int, default=None
        Synthetic rows to fit on; None takes as many as there are real ones to judge on.
    max_rows : int or None, default=5000
        At most so many real rows are judged on.
    random_state : int, default=0
        The same for each candidate.

    Returns
    -------
    callable
        ``scorer(sampler, X, y=None) -> float``, higher is better where `scoring` is so.

    Raises
    ------
    ValueError
        A parameter that cannot be used.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skgan import ConditionalGANSampler
    >>> from skgan.metrics import make_utility_scorer
    >>> X, y = load_iris(return_X_y=True)
    >>> sampler = ConditionalGANSampler(max_iter=20, random_state=0).fit(X, y)
    >>> 0 <= make_utility_scorer(LogisticRegression(max_iter=1000))(sampler, X, y) <= 1
    True
    """
    _check("n_samples", n_samples, Whole(1, (None,)))
    _check("max_rows", max_rows, Whole(1, (None,)))
    _check("random_state", random_state, Whole(0))
    return UtilityScorer(estimator, target, scoring, n_samples, max_rows, random_state)


class SamplerScorer:
    """What `make_sampler_scorer` makes; it can be pickled where its metric can."""

    def __init__(self, metric, X_train, sign, max_rows, random_state):
        self.metric = metric
        self.X_train = X_train
        self.sign = sign
        self.max_rows = max_rows
        self.random_state = random_state

    def __repr__(self):
        return f"make_sampler_scorer({self.metric!r})"

    def __call__(self, sampler, X, y=None):
        sampler, X = _innermost(sampler, X)
        X, y = _few(X, y, self.max_rows, self.random_state)
        if _takes_y(sampler):
            synthetic, y_synthetic = sampler.sample(y=y, random_state=self.random_state)
        else:
            synthetic, y, y_synthetic = sampler.sample(len(X), random_state=self.random_state), None, None
        if callable(self.metric):
            return self.sign * float(self.metric(X, synthetic))
        metric = METRICS[self.metric]
        categorical = getattr(sampler, "categorical_features", "from_dtype")
        if metric.needs_holdout:
            sets = self.X_train, synthetic, X
            sets = read_tables(*sets, names=("the sampler's rows", "X"), categorical_features=categorical)
        else:
            sets = _together(X, y, synthetic, y_synthetic, categorical)
        return -metric.loss(metric.function(*sets, random_state=self.random_state, paired=y is not None))


class UtilityScorer:
    """What `make_utility_scorer` makes."""

    def __init__(self, estimator, target, scoring, n_samples, max_rows, random_state):
        self.estimator = estimator
        self.target = target
        self.scoring = scoring
        self.n_samples = n_samples
        self.max_rows = max_rows
        self.random_state = random_state

    def __repr__(self):
        return f"make_utility_scorer({self.estimator!r})"

    def __call__(self, sampler, X, y=None):
        sampler, X = _innermost(sampler, X)
        X, y = _few(X, y, self.max_rows, self.random_state)
        synthetic = sampler.sample(self.n_samples or len(X), random_state=self.random_state)
        if not _takes_y(sampler):
            X, y = pair_of(X, self.target, "X")
            synthetic = pair_of(synthetic, self.target, "the sampler's rows")
        score = score_by_training_set(
            self.estimator, (X, y), synthetic, (X, y), self.scoring, random_state=self.random_state
        )
        return float(score("synthetic"))


def _innermost(sampler, X):
    """A pipeline's last step, and X as that step sees it."""
    if isinstance(sampler, Pipeline):
        return sampler[-1], sampler[:-1].transform(X)
    if not hasattr(sampler, "sample"):
        raise TypeError(
            f"a sampler's scorer was given a {type(sampler).__name__}, which has no method sample; pass a sampler, or a "
            "pipeline that ends in one."
        )
    return sampler, X


def _few(X, y, max_rows, random_state):
    """At most `max_rows` rows of X, and of y where there is one."""
    n = X.shape[0] if hasattr(X, "shape") else len(X)
    if max_rows is None or n <= max_rows:
        return X, y
    sets = [X] if y is None else [X, y]
    X, *y = resample(*sets if len(sets) > 1 else (X, range(n)), replace=False, n_samples=max_rows, random_state=random_state)
    return X, y[0] if len(sets) > 1 else None


def _takes_y(sampler):
    return "y" in inspect.signature(sampler.sample).parameters


def _together(X, y, synthetic, y_synthetic, categorical_features):
    """Real and synthetic rows as tables, with their targets where there are any; images as they are."""
    if np.ndim(X) > 2:
        return X, synthetic
    real, synthetic = read_tables(
        X, synthetic, names=("the sampler's rows",), categorical_features=categorical_features
    )
    if y is None:
        return real, synthetic
    target = read_target(y)
    return real.beside(target), synthetic.beside(target.form.read_like(y_synthetic, "the sampler's y"))


def _check(name, value, rule):
    if not rule.allows(value):
        raise ValueError(f"{name}={value!r} must be {rule}.")
