"""evaluate: every applicable metric, compared with its value for real rows."""

import numpy as np

from skgan._counted import counted
from skgan._random import draw_seed, numpy_stream
from skgan._registry import resolve
from skgan._validation import Flag, Whole, check_option
from skgan._warnings import warn
from skgan.metrics._images import is_stack
from skgan.metrics._telling import telling_columns

from ._baselines import BASELINES
from ._holdout import leak_of
from ._origin import Origin
from ._read import read_stacks, read_tables
from ._report import Report
from ._sections import (
    CAPS,
    COPY_SECTION,
    IMAGE_SECTIONS,
    TABLE_SECTIONS,
    USE_SECTION,
    VERBATIM_SECTION,
    Context,
    privacy,
)
from ._words import loss_beyond_floor, verdict

MAX_ROWS = 5_000
MIN_ROWS = 20
# This many columns, the worst by this metric, are tried as telling ones.
N_WORST, OF_A_COLUMN = 3, "column_jensen_shannon"


def evaluate(
    real,
    synthetic,
    *,
    holdout=None,
    target=None,
    baselines=(),
    features="auto",
    channel_axis=None,
    categorical_features="from_dtype",
    infer_types=False,
    max_rows=MAX_ROWS,
    name=None,
    random_state=None,
):
    """Compute every applicable metric of synthetic rows, each beside its value for real rows.

    Each metric is computed for the synthetic rows, and for as many other real rows in their place. The value of the
    latter is the *floor*: a sampler that does not copy exceeds it only by chance. Without `holdout`, the real rows are
    split into two halves: synthetic rows are compared with one, and the floor is computed from the other.

    Parameters
    ----------
    real : array-like or frame of shape (n_rows, n_columns), or stack of images
        The rows that the sampler was fitted on. The index of a pandas frame is not compared; ``reset_index()`` of all
        tables makes it columns.
    synthetic : the same, of any number of rows
    holdout : the same, default=None
        Real rows that the sampler was not fitted on, and that are not among `real`. They give a better floor, and are
        required for metrics of privacy.
    target : str, int or array-like, default=None
        For a table: the name, in an array the position, of the column that a model would predict; the report then tells
        how useful synthetic rows are for fitting models. For images: the classes of the real images, shape (n_rows,);
        images are then compared by the features of a classifier.
    baselines : sequence of {"independent", "bootstrap", "smote"}, default=()
        Rows by simple methods, for which the metrics are computed too: columns drawn independently; real rows drawn
        with replacement; rows between real neighbours (this needs imbalanced-learn, and replaces missing numbers).
        Only for tables.
    features : str or callable, default="auto"
        For images: the features that they are compared by, as in `skgan.metrics.extract`. "auto" is "classifier" with a
        `target`, and "random" without. With `skgan.metrics.InceptionFeatures` the Fréchet distance is the FID, and is
        named so.
    channel_axis : {None, 1, 3, -1}, default=None
        For images with four dimensions, the axis of the channels. None is an axis of 1, 3 or 4.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns of a table that hold categories, beside those whose dtype says so: a boolean mask, positions or names.
    infer_types : bool, default=False
        Whether other columns of text that hold numbers, dates or times are compared as such, as samplers with
        ``infer_types=True`` model them. All rows are read in the style of `real`; texts in another style are missing.
    max_rows : int, default=5000
        At most this many rows are used by metrics that compare all pairs of rows. The report says where it applies.
    name : str or path-like, default=None
        What the rows are called in the report, such as the name of a file.
    random_state : int, RandomState instance, Generator instance or None, default=None
        For the halves, the choice of rows and all metrics. An int gives the same report at each call.

    Returns
    -------
    Report
        It prints as a table, and has the methods `to_frame` and `save`.

    Raises
    ------
    ValueError, TypeError
        Rows that cannot be read or have other columns than `real`, fewer than 20 rows, an unknown target or baseline.

    Warns
    -----
    UserWarning
        Many rows of `holdout` equal rows of `real`, more than rows of `real` equal each other. This is a finding too.
    TextColumnWarning
        Columns of text hold numbers, dates or times; with `infer_types`, dates that may start with the day or the
        month.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgan import GANSampler, evaluate
    >>> X = load_iris(as_frame=True).data
    >>> sampler = GANSampler(max_iter=100, random_state=0).fit(X)
    >>> report = evaluate(X, sampler.sample(150), random_state=0)
    >>> report.to_frame().columns.tolist()
    ['section', 'metric', 'column', 'value', 'floor', 'better', 'verdict', 'n_rows']
    """
    check_option("max_rows", max_rows, Whole(MIN_ROWS))
    check_option("infer_types", infer_types, Flag())
    makers = {name: resolve("baselines", name, BASELINES) for name in _names(baselines)}
    seed = draw_seed(random_state) % 2**32
    origin = Origin.now(name, seed)
    if is_stack(real):
        _check_no_baselines(makers)
        sides = read_stacks(real, synthetic, holdout, target, features, channel_axis, seed)
    else:
        _check_nothing_of_images(features, channel_axis)
        sides = read_tables(real, synthetic, holdout, target, categorical_features, infer_types)
    _check_numbers_of_rows(sides)
    leak = _leak(sides)

    compared, fresh = (sides.real, sides.holdout) if sides.holdout is not None else _halves(sides.real, seed)
    context = Context(
        seed,
        max_rows,
        sides.target,
        fresh,
        frechet=getattr(features, "name", "frechet_distance"),
        # `read_stacks` moves the channels to the last axis.
        channel_axis=None if channel_axis is None else -1,
    )
    candidates = _candidates(compared, sides.synthetic, fresh, makers, seed)

    numbers = measured(TABLE_SECTIONS if sides.is_table else IMAGE_SECTIONS, compared, candidates, context)
    telling = _telling(numbers, compared, candidates["value"], seed) if sides.is_table else []
    numbers += _of_use(sides, compared, candidates, context)
    numbers += _of_copies(sides, candidates, context)
    numbers += _of_privacy(sides, makers, context)
    return Report(numbers, compared, sides.synthetic, sides.holdout, context, origin, telling, sides.set_apart, leak)


def measured(sections, real, candidates, context):
    """One dict per number: section, metric, column, n_rows (rows that were used), noise, and a value per candidate."""
    numbers = []
    for title, section in sections.items():
        n_rows = min(len(candidates["value"]), CAPS.get(section, lambda context: len(real))(context))
        by_candidate = {name: section(real, rows, context) for name, rows in candidates.items()}
        for found in zip(*by_candidate.values(), strict=True):
            values = dict(zip(by_candidate, (row.value for row in found), strict=True))
            n_used = found[0].n_rows or n_rows
            numbers.append({**found[0]._asdict(), "section": title, "n_rows": n_used, **values})
    return numbers


def _of_use(sides, compared, candidates, context):
    """How useful rows are for fitting models; nothing where there is no target."""
    if sides.target is None:
        return []
    # Models are scored on the fresh rows, so those of the floor are fitted on a part of the compared rows.
    fitted_on = _some(compared, len(candidates["floor"]), numpy_stream(context.seed, "taught"))
    return measured(USE_SECTION, compared, {**candidates, "floor": fitted_on}, context)


def _of_copies(sides, candidates, context):
    """How many rows, and how many texts of columns set apart, are those of real rows."""
    # Without a holdout, synthetic rows may copy either half, so the floor compares each real row with all others.
    floor = candidates["floor"] if sides.holdout is not None else sides.real
    numbers = measured(COPY_SECTION, sides.real, {**candidates, "floor": floor}, context)
    if sides.is_table:
        real, synthetic, holdout = sides.whole
        rows = {"value": synthetic, "floor": real if holdout is None else holdout}
        numbers += measured(VERBATIM_SECTION, real, rows, context)
    return numbers


def _of_privacy(sides, makers, context):
    """Whether rows give away which rows were trained on; nothing where no rows are held out."""
    if sides.holdout is None:
        return []
    reference, floor = _halves(sides.holdout, context.seed)
    # All synthetic rows are used, because an attacker has all of them.
    candidates = _candidates(sides.real, sides.synthetic, floor, makers, context.seed)
    candidates["value"] = sides.synthetic
    section = {f"Privacy ({counted(sides.holdout.n_rows, 'row')} held out)": privacy}
    return measured(section, sides.real, candidates, context._replace(test=reference))


def _telling(numbers, real, synthetic, seed):
    """The columns that a classifier tells synthetic rows by; none where it does not."""
    [test] = [number for number in numbers if number["metric"] == "two_sample"]
    if verdict("two_sample", test["value"], test["floor"], test["n_rows"]) not in ("near", "off"):
        return []
    shapes = [number for number in numbers if number["metric"] == OF_A_COLUMN and number["column"] is not None]
    shapes.sort(key=lambda number: -loss_beyond_floor(OF_A_COLUMN, number["value"], number["floor"]))
    names = list(real.form.names)
    worst = [names.index(number["column"]) for number in shapes[:N_WORST]]
    return telling_columns(real, synthetic, also=worst, random_state=seed)


def _check_no_baselines(makers):
    if makers:
        raise ValueError(f"baselines={tuple(makers)!r} are for tables; leave baselines out for images.")


def _check_nothing_of_images(features, channel_axis):
    if channel_axis is not None:
        raise ValueError(f"channel_axis={channel_axis!r} is of images; leave channel_axis out for tables.")
    if not isinstance(features, str) or features != "auto":
        raise ValueError(f"features={features!r} is for images; leave features out for tables.")


def _check_numbers_of_rows(sides):
    for side in ("real", "synthetic", "holdout"):
        rows = getattr(sides, side)
        if rows is not None and rows.n_rows < MIN_ROWS:
            size = counted(rows.n_rows, "row")
            raise ValueError(f"{side} has {size}, but a report needs at least {MIN_ROWS}; pass more rows.")


def _leak(sides):
    """The `Leak` of held-out rows among the real ones, with a warning; None where there is none."""
    if sides.holdout is None:
        return None
    real, _, holdout = sides.whole or (sides.real, None, sides.holdout)
    leak = leak_of(real, holdout)
    if leak is not None:
        warn(str(leak))
    return leak


def _names(baselines):
    return (baselines,) if isinstance(baselines, str) else tuple(baselines)


def _halves(rows, seed):
    order = numpy_stream(seed, "halves").permutation(rows.n_rows)
    return rows.take(np.sort(order[: rows.n_rows // 2])), rows.take(np.sort(order[rows.n_rows // 2 :]))


def _candidates(real, synthetic, fresh, makers, seed):
    """Equal numbers of synthetic rows, of rows for the floor, and of rows of each baseline."""
    n = min(synthetic.n_rows, fresh.n_rows)
    return {
        "value": _some(synthetic, n, numpy_stream(seed, "synthetic")),
        "floor": _some(fresh, n, numpy_stream(seed, "floor")),
        **{name: make(real, n, numpy_stream(seed, name)) for name, make in makers.items()},
    }


def _some(rows, n, rng):
    return rows.take(np.sort(rng.permutation(rows.n_rows)[:n]))
