"""metric_on_points: a function of Points becomes a metric that takes arrays, frames, images or Points.

Parameters that all these metrics share are read, checked and documented here, and nowhere else.
"""

import inspect
import re
import textwrap
from dataclasses import replace
from functools import wraps

from skgan._random import generator_of

from ._points import Points

# What a shared parameter may be, and what it means; a metric's own docstring may say it otherwise.
PARAMETERS = {
    "X_real": (
        "array-like or frame of shape (n_real, n_columns), stack of images, Table or Points",
        "Real rows. `Points` hold the other rows as well: they are read once, and serve several metrics.",
    ),
    "X_synthetic": (
        "the same, n_synthetic rows",
        "Synthetic rows, with the columns of X_real. Needed unless X_real is Points.",
    ),
    "X_holdout": (
        "the same, n_holdout rows",
        "Real rows that the sampler was not fitted on. Needed unless X_real is Points that hold them.",
    ),
    "max_rows": (
        "int or None",
        "At most this many real and this many synthetic rows are compared, drawn at random; None compares all.\n"
        "The time grows with the product of both numbers, the memory does not.",
    ),
    "features": (
        '{"auto", "raw", "ranks", "minmax", "standard", "pca", "random", "classifier"} or callable',
        'How rows become points. "auto" is "raw" for a numeric array without missing values, "ranks" for other tables\n'
        'and "random" for stacks of images; `extract` describes each. A callable maps X to an array of shape\n'
        "(n, n_features).",
    ),
    "y_real": ("array-like of shape (n_real,)", 'Labels of the real rows, for features="classifier".'),
    "categorical_features": (
        '"from_dtype" or array-like',
        "Columns that hold categories, beside those whose dtype says so: a boolean mask, positions or names.",
    ),
    "channel_axis": (
        "{None, 1, 3, -1}",
        "For images with four dimensions, the axis of the channels. None is an axis of 1, 3 or 4.",
    ),
    "random_state": (
        "int, Generator, RandomState or None",
        "For the choice of rows, and for features that are random.",
    ),
}


def metric_on_points(holdout=None):
    """Make a metric of a function ``compute(points, rng, **options)``.

    Parameters
    ----------
    holdout : {None, "optional", "required"}, default=None
        Whether the metric takes held-out rows.

    Returns
    -------
    callable
        A decorator. The metric that it returns is called as ``metric(X_real, X_synthetic, **options)``, with X_holdout
        as the third argument where `holdout` says so, or as ``metric(points, **options)``. Its signature and docstring
        list all parameters.
    """

    def decorate(compute):
        name = compute.__name__

        @wraps(compute)
        def metric(
            X_real,
            X_synthetic=None,
            X_holdout=None,
            *,
            features="auto",
            y_real=None,
            categorical_features="from_dtype",
            channel_axis=None,
            random_state=0,
            **options,
        ):
            if holdout is None and X_holdout is not None:
                raise TypeError(f"{name}() compares X_real with X_synthetic, and takes no X_holdout; leave it out.")
            rng = generator_of(random_state)
            reading = {
                "features": features,
                "y_real": y_real,
                "categorical_features": categorical_features,
                "channel_axis": channel_axis,
            }
            if isinstance(X_real, Points):
                points = _already_read(name, X_real, X_synthetic, X_holdout, reading)
            elif X_synthetic is None:
                raise TypeError(f"{name}() compares X_real with X_synthetic; pass both, or Points that hold both.")
            else:
                points = None
            if holdout == "required" and X_holdout is None and (points is None or points.holdout is None):
                raise ValueError(
                    f"{name} compares with held-out rows; pass X_holdout, real rows that the sampler was not fitted on."
                )
            if points is None:
                points = Points.read(X_real, X_synthetic, X_holdout, **reading, random_state=rng)
            if holdout is None:
                points = replace(points, holdout=None)
            return compute(points, rng, **options)

        metric.__signature__ = _signature(compute, metric, holdout)
        metric.__doc__ = _documented(compute.__doc__, metric.__signature__)
        return metric

    return decorate


def _already_read(name, points, X_synthetic, X_holdout, reading):
    """The Points, unless something is given beside them that only reading could heed."""
    for parameter, value in {"X_synthetic": X_synthetic, "X_holdout": X_holdout, **reading}.items():
        is_default = value is None or (isinstance(value, str) and value in ("auto", "from_dtype"))
        if not is_default:
            raise TypeError(
                f"{name}() was given Points, which were read already, and {parameter} beside them; pass {parameter} to "
                "Points.read instead."
            )
    return points


def _signature(compute, metric, holdout):
    """The parameters of the metric: its rows, the options of `compute`, and what says how rows are read."""
    shared = inspect.signature(metric, follow_wrapped=False).parameters.values()
    options = list(inspect.signature(compute).parameters.values())[2:]
    rows = [p for p in shared if p.kind is p.POSITIONAL_OR_KEYWORD and (holdout or p.name != "X_holdout")]
    return inspect.Signature([*rows, *options, *(p for p in shared if p.kind is p.KEYWORD_ONLY)])


def _documented(docstring, signature):
    """The docstring of `compute` with an entry for each parameter of the metric.

    Where the docstring has an entry for a parameter, that one is taken, else the one of PARAMETERS.
    """
    if docstring is None:  # Python runs with -OO.
        return None
    before, heading, after = inspect.cleandoc(docstring).partition("Returns\n-------\n")
    summary, _, own = before.partition("Parameters\n----------\n")
    own = {entry.partition(" :")[0]: entry for entry in re.split(r"\n(?=\w)", own.strip())}
    entries = [own.get(parameter.name) or _entry(parameter) for parameter in signature.parameters.values()]
    return f"{summary.strip()}\n\nParameters\n----------\n" + "\n".join(entries) + f"\n\n{heading}{after}\n"


def _entry(parameter):
    kind, meaning = PARAMETERS[parameter.name]
    default = "" if parameter.default is parameter.empty else f", default={parameter.default!r}".replace("'", '"')
    return f"{parameter.name} : {kind}{default}\n{textwrap.indent(meaning, '    ')}"
