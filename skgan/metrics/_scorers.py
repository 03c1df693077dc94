"""Scorers: metrics as the objective of a search over samplers."""

import inspect
from dataclasses import dataclass
from numbers import Real

from sklearn.pipeline import Pipeline
from sklearn.utils import resample

from skgan._forms import read_tables, read_target, without_columns
from skgan._registry import resolve
from skgan._validation import Flag, Whole, check_option

from ._images import is_stack
from ._table import METRICS
from ._utility import pair_of, score_by_training_set

MAX_ROWS = 5_000
# The name of the rows that a sampler draws, in error messages.
DRAWN = "the sampler's rows"


def get_scorer(name):
    """The scorer with a given name, for ``GridSearchCV(sampler, grid, scoring=...)`` and similar searches.

    Parameters
    ----------
    name : str
        A key of `METRICS`, such as "two_sample", "pair_trends", "coverage" or "frechet_distance", or
        "train_on_synthetic" for samplers that take y.

    Returns
    -------
    callable
        ``scorer(sampler, X, y=None) -> float``, higher is better: the scorer that `make_sampler_scorer` or
        `make_utility_scorer` returns with its defaults.

    Raises
    ------
    ValueError
        An unknown name (the message lists the known ones), or a metric that needs the training rows.

    See Also
    --------
    make_sampler_scorer : A scorer with options, or of any function.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.model_selection import GridSearchCV, KFold
    >>> from skgan import GANSampler
    >>> from skgan.metrics import get_scorer
    >>> X = load_iris(as_frame=True).data
    >>> search = GridSearchCV(
    ...     GANSampler(max_iter=20, random_state=0), {"loss": ["relativistic", "hinge"]},
    ...     scoring=get_scorer("column_shapes"), cv=KFold(2, shuffle=True, random_state=0),
    ... ).fit(X)
    >>> sorted(search.best_params_)
    ['loss']
    """
    return make_utility_scorer() if name == "train_on_synthetic" else make_sampler_scorer(name)


def make_sampler_scorer(metric, *, X_train=None, greater_is_better=True, max_rows=MAX_ROWS, random_state=0):
    """Make a scorer of samplers from a metric.

    The scorer draws one synthetic row per real row, always with the same seed, and compares the two sets.
    It does not advance the sampler's own random numbers. A sampler that takes y draws rows for the given y; a metric of
    `METRICS` then compares X and y together.

    Parameters
    ----------
    metric : str or callable
        A key of `METRICS`, or a function ``metric(X_real, X_synthetic) -> float``.
    X_train : array-like or frame, default=None
        The rows that the sampler was fitted on, for metrics that search for copies of them ("exact_copies",
        "nearest_record_share", ...). A search over several folds fits on different rows each time, so use a single
        split there.
    greater_is_better : bool, default=True
        For a function: whether higher values are better. For a key of `METRICS` this is known.
    max_rows : int or None, default=5000
        At most this many rows are drawn and compared, so that a search is fast. None uses all.
    random_state : int, default=0
        Seed of the drawn rows and of the metric; it is the same for all candidates of a search.

    Returns
    -------
    callable
        ``scorer(sampler, X, y=None) -> float``. Higher is better: a metric of which lower is better is negated, and a
        metric with a best value becomes minus the distance from it. The sampler is any fitted object that has
        ``sample(n, random_state=)``. Of a pipeline, it is the last step, and X is transformed by the steps before. Of a
        search, it is the best estimator.

    Raises
    ------
    ValueError, TypeError
        An unknown name, or a parameter that cannot be used.

    Notes
    -----
    Metrics of `METRICS` compare tables as `skgan.evaluate` does: distances between rows use the features "ranks", also
    for plain arrays. Columns are categorical where the sampler's ``categorical_features`` says so, text is read as
    numbers or dates where its ``infer_types`` says so, and y is categorical where the sampler has ``classes_``.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgan import GANSampler
    >>> from skgan.metrics import make_sampler_scorer
    >>> X = load_iris(as_frame=True).data
    >>> sampler = GANSampler(max_iter=20, random_state=0).fit(X)
    >>> scorer = make_sampler_scorer("energy_distance", max_rows=100)
    >>> scorer(sampler, X) == scorer(sampler, X) < 0
    True
    >>> def shift(real, synthetic):
    ...     return abs(real.mean() - synthetic.mean()).max()
    >>> make_sampler_scorer(shift, greater_is_better=False)(sampler, X) < 0
    True
    """
    check_option("max_rows", max_rows, Whole(1, (None,)))
    check_option("random_state", random_state, Whole(0))
    check_option("greater_is_better", greater_is_better, Flag())
    if not callable(metric):
        known = resolve("metric", metric, METRICS, also="'train_on_synthetic' (make_utility_scorer), or a callable")
        if not greater_is_better:
            raise ValueError(
                f"greater_is_better=False is for functions, but metric={metric!r} is a key of METRICS; leave it out."
            )
        if (known.of_training or known.needs_holdout) and X_train is None:
            raise ValueError(
                f"metric={metric!r} compares synthetic rows with the rows that the sampler was fitted on, which a "
                "search does not pass to a scorer; pass them as make_sampler_scorer(..., X_train=X_train)."
            )
    return SamplerScorer(metric, X_train, 1 if greater_is_better else -1, max_rows, random_state)


def make_utility_scorer(
    estimator=None, *, target=None, scoring=None, n_samples=None, max_rows=MAX_ROWS, random_state=0
):
    """Make a scorer that fits an estimator on synthetic rows and scores it on the real rows that it is given.

    Parameters
    ----------
    estimator : scikit-learn classifier or regressor, default=None
        As in `train_on_synthetic`: None means boosted trees.
    target : str or int, default=None
        The column to predict, for samplers that are fitted on it together with the other columns. None is for samplers
        that take y.
    scoring : str or callable, default=None
        As in `train_on_synthetic`.
    n_samples : int, default=None
        Number of synthetic rows to fit on; None is the number of real rows to score on.
    max_rows : int or None, default=5000
        At most this many real rows are used for scoring.
    random_state : int, default=0
        Seed of the drawn rows and of the default trees; it is the same for all candidates of a search.

    Returns
    -------
    callable
        ``scorer(sampler, X, y=None) -> float``; higher is better, if this is so for `scoring`.

    Raises
    ------
    ValueError
        A parameter that cannot be used.

    See Also
    --------
    train_on_synthetic : The same for rows that exist already.

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
    check_option("n_samples", n_samples, Whole(1, (None,)))
    check_option("max_rows", max_rows, Whole(1, (None,)))
    check_option("random_state", random_state, Whole(0))
    return UtilityScorer(estimator, target, scoring, n_samples, max_rows, random_state)


@dataclass(frozen=True, eq=False)
class SamplerScorer:
    """The result of `make_sampler_scorer`; it can be pickled if its metric can."""

    metric: object
    X_train: object
    sign: int
    max_rows: int | None
    random_state: int

    def __repr__(self):
        return f"make_sampler_scorer({getattr(self.metric, '__name__', repr(self.metric))})"

    def __call__(self, sampler, X, y=None):
        sampler, X, X_train = _unwrapped(sampler, X, self.X_train)
        X, y = _at_most(self.max_rows, X, y, self.random_state)
        if callable(self.metric):
            synthetic, _ = _drawn_for(sampler, X, y, self.random_state)
            return self.sign * _number(self.metric(X, synthetic), self.metric)
        metric, without = METRICS[self.metric], () if self.metric == "verbatim_text" else _unlearned(sampler)
        if metric.needs_holdout:
            sets = _beside_training_rows(sampler, X_train, X, self.random_state, without)
        elif metric.of_training:
            sets = _beside_training_rows(sampler, X_train, X, self.random_state, without)[:2]
        else:
            sets = _side_by_side(sampler, X, y, self.random_state, without)
        options = {"paired": _takes_y(sampler), "channel_axis": _channel_axis(sampler, X)}
        return -metric.loss(metric.function(*sets, random_state=self.random_state, **options))


@dataclass(frozen=True, eq=False)
class UtilityScorer:
    """The result of `make_utility_scorer`."""

    estimator: object
    target: object
    scoring: object
    n_samples: int | None
    max_rows: int | None
    random_state: int

    def __repr__(self):
        return f"make_utility_scorer({self.estimator!r})"

    def __call__(self, sampler, X, y=None):
        sampler, X = _unwrapped(sampler, X)
        X, y = _at_most(self.max_rows, X, y, self.random_state)
        drawn = sampler.sample(self.n_samples or len(X), random_state=self.random_state)
        real, synthetic = self._pairs(sampler, X, y, drawn)
        score = score_by_training_set(
            self.estimator, real, synthetic, real, self.scoring, random_state=self.random_state
        )
        return float(score("synthetic"))

    def _pairs(self, sampler, X, y, drawn):
        """Real and drawn rows as pairs (X, y); for the default trees, X are tables."""
        if _takes_y(sampler):
            if self.target is not None:
                raise ValueError(
                    f"target={self.target!r} is for samplers that are fitted on the target with the other columns, but "
                    f"{type(sampler).__name__} takes y; leave target out."
                )
            y = _required(y, sampler)
            if self.estimator is None:
                tables = read_tables(X, drawn[0], names=(DRAWN,), **_read_as(sampler))
                return (tables[0], y), (tables[1], drawn[1])
            return (X, y), drawn
        if self.target is None:
            raise ValueError(
                f"{type(sampler).__name__} takes no y, so target must name the column to predict: "
                "make_utility_scorer(..., target=...)."
            )
        if self.estimator is None:
            X, drawn = read_tables(X, drawn, names=(DRAWN,), **_read_as(sampler))
        return pair_of(X, self.target, "X"), pair_of(drawn, self.target, DRAWN)


def _unwrapped(sampler, *sets):
    """The best sampler of a search or the last step of a pipeline, and each X transformed by the steps before."""
    sampler = getattr(sampler, "best_estimator_", sampler)
    if isinstance(sampler, Pipeline):
        steps, sampler = sampler[:-1], sampler[-1]
        sets = [X if X is None or not len(steps) else steps.transform(X) for X in sets]
    if not hasattr(sampler, "sample"):
        raise TypeError(
            f"A scorer of samplers was given a {type(sampler).__name__}, which has no method sample; pass a sampler, "
            "or a pipeline or search of one."
        )
    return sampler, *sets


def _at_most(max_rows, X, y, random_state):
    """At most `max_rows` rows of X, and of y where it is not None."""
    if max_rows is None or len(X) <= max_rows:
        return X, y
    return [
        None if rows is None else resample(rows, replace=False, n_samples=max_rows, random_state=random_state)
        for rows in (X, y)
    ]


def _takes_y(sampler):
    return "y" in inspect.signature(sampler.sample).parameters


def _read_as(sampler):
    """How a sampler reads the columns of X, as parameters of `read_tables`."""
    return {
        "categorical_features": getattr(sampler, "categorical_features", "from_dtype"),
        "infer_types": getattr(sampler, "infer_types", False),
    }


def _channel_axis(sampler, X):
    """Where the sampler was told that the channels of images are."""
    return getattr(sampler, "channel_axis", None) if is_stack(X) else None


def _required(y, sampler):
    if y is None:
        raise ValueError(f"{type(sampler).__name__} takes y, but its scorer was given none; pass y beside X.")
    return y


def _drawn_for(sampler, X, y, random_state):
    """As many synthetic rows as X has, and their targets; for the given y where the sampler takes y."""
    if _takes_y(sampler):
        return sampler.sample(y=_required(y, sampler), random_state=random_state)
    return sampler.sample(len(X), random_state=random_state), None


def _unlearned(sampler):
    """The names of columns that a sampler does not learn: identifiers that are new are no fault."""
    return [*getattr(sampler, "id_columns_", ()), *getattr(sampler, "text_columns_", ())]


def _side_by_side(sampler, X, y, random_state, without):
    """Real and synthetic rows as tables, with their targets where the sampler takes y; images unchanged."""
    synthetic, y_synthetic = _drawn_for(sampler, X, y, random_state)
    if is_stack(X):
        return X, synthetic
    X, synthetic = _learned((X, synthetic), without)
    tables = read_tables(X, synthetic, names=(DRAWN,), **_read_as(sampler))
    if y_synthetic is None:
        return tables
    target = read_target(y)
    if hasattr(sampler, "classes_"):
        target = target.declare([True])
    targets = target, target.form.read_like(y_synthetic, f"the y of {DRAWN}")
    return [table.beside(y) for table, y in zip(tables, targets, strict=True)]


def _learned(sets, without):
    """Each X, or None, without the columns of these names."""
    return [without_columns(X, without) if without and X is not None else X for X in sets]


def _beside_training_rows(sampler, X_train, X, random_state, without):
    """Training rows, synthetic rows for the distribution of y in training, and the rows X, all without y."""
    drawn = sampler.sample(len(X), random_state=random_state)
    synthetic = drawn[0] if _takes_y(sampler) else drawn
    X_train, synthetic, X = _learned((X_train, synthetic, X), without)
    return read_tables(X_train, synthetic, X, names=(DRAWN, "X"), **_read_as(sampler))


def _number(value, metric):
    if not isinstance(value, Real):
        raise TypeError(f"metric={metric!r} must return a number, got {value!r}; return a float.")
    return float(value)
