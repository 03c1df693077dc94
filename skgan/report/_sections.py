"""The sections of a report: functions ``section(real, candidate, context) -> list of Row``."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from skgan import metrics
from skgan.metrics._copies import tells_of_rows
from skgan.metrics._images import read_images

# The number of pairs grows with the square of the columns, so only the first columns are used where there are more.
MAX_PAIR_COLUMNS = 40
MAX_ROWS_FOR_PAIRS = 20_000
MAX_ROWS_FOR_CLASSIFIERS = 10_000
# Number of pairs of images that the likeness is computed from.
IMAGE_PAIRS = 500
# Smaller images have no window of 11 pixels, which similarity needs.
MIN_SIDE = 11


class Row(NamedTuple):
    """One number of a report.

    Attributes
    ----------
    metric : str
    column : None, the column's name, or a pair of names
    value : float
    noise : float, default=1.0
        Factor by which this number is noisier than others of the same metric.
    n_rows : int or None, default=None
        Rows that it was computed from, where these are not as many as the section says.
    """

    metric: str
    column: object
    value: float
    noise: float = 1.0
    n_rows: int | None = None


class Context(NamedTuple):
    """Settings that are the same for all candidates.

    Attributes
    ----------
    seed : int
    max_rows : int
        Limit to the rows of metrics that compare all pairs of rows.
    target : int or None
        Position of the column to predict.
    test : Table, Images or None
        Other real rows: models are scored on them, and metrics of privacy use them as held-out rows.
    channel_axis : {None, 1, 3, -1}
        Of stacks of images.
    frechet : str
        The name of the Fréchet distance: "FID" for Inception features, else "frechet_distance".
    """

    seed: int
    max_rows: int
    target: int | None = None
    test: object = None
    frechet: str = "frechet_distance"
    channel_axis: int | None = None


@dataclass(frozen=True)
class Images:
    """Images, and the features that they are compared by.

    Attributes
    ----------
    stack : ndarray of shape (n, height, width), (n, height, width, n_channels) or (n, n_channels, height, width)
    features : ndarray of shape (n, n_features)
    """

    stack: np.ndarray
    features: np.ndarray

    def __len__(self):
        return len(self.stack)

    @property
    def n_rows(self):
        return len(self.stack)

    def take(self, positions):
        return Images(self.stack[positions], self.features[positions])


def columns(real, candidate, context):
    """Metrics of single columns."""
    rows = []
    for metric in ("column_shapes", "column_wasserstein", "column_jensen_shannon"):
        result = getattr(metrics, metric)(real, candidate)
        rows.append(Row(metric, None, result.score))
        rows += [Row(metric, name, value) for name, value in zip(result.columns["column"], result.columns["value"])]
    return rows


def pairs(real, candidate, context):
    """Metrics of pairs of columns."""
    if len(real.columns) < 2:
        return []
    result = metrics.pair_trends(_narrow(real), _narrow(candidate), **metrics.EVERY_TREND)
    known = result.pairs[result.pairs["value"].notna()]
    return [
        Row("pair_trends", None, result.score),
        *(Row("pair_trends", (a, b), v) for a, b, v in zip(known["column_1"], known["column_2"], known["value"])),
    ]


def two_samples(real, candidate, context):
    """Classifiers that tell synthetic rows from real ones."""
    sets = [rows.stack if isinstance(rows, Images) else rows for rows in (real, candidate)]
    tests = {
        metric: metrics.two_sample_test(
            *sets,
            classifier=classifier,
            max_rows=MAX_ROWS_FOR_CLASSIFIERS,
            channel_axis=context.channel_axis,
            random_state=context.seed,
        )
        for metric, classifier in CLASSIFIERS.items()
    }
    scores = [Row(metric, None, test.score) for metric, test in tests.items()]
    trees = tests["two_sample"]
    return [*scores, Row("two_sample_auc", None, trees.auc), Row("looks_copied", None, float(trees.copies))]


def distances(real, candidate, context):
    """Distances between the distributions of rows; at most `max_rows` rows of each."""
    rng = np.random.default_rng(context.seed)
    sides = [rows.take(rng.permutation(rows.n_rows)[: context.max_rows]) for rows in (real, candidate)]
    points = _points(*sides)
    rows = [_row(metric, [points], context) for metric in DISTANCES]
    return [row._replace(metric=context.frechet) if row.metric == "frechet_distance" else row for row in rows]


def fidelity(real, candidate, context):
    """Fidelity and diversity: whether rows lie where real rows lie, and in all of these regions."""
    options = {"max_rows": context.max_rows, "random_state": context.seed}
    points = _points(real, candidate)
    scores = metrics.manifold_scores(points, **options)._asdict() | metrics.alpha_scores(points, **options)._asdict()
    # Compared with all real rows, not with a sample of them, because a copy of any real row is a copy.
    scores["authenticity"] = metrics.authenticity(points, **options)
    return [Row(metric, None, scores[metric]) for metric in FIDELITY]


def utility(real, candidate, context):
    """Whether models fitted on these rows are as good as models fitted on as many real rows."""
    some = np.random.default_rng(context.seed).permutation(real.n_rows)[: candidate.n_rows]
    sets = [_split(rows, context.target) for rows in (real.take(some), candidate, context.test)]
    score = metrics.train_on_synthetic(None, *sets, random_state=context.seed)
    return [Row("train_on_synthetic", None, score.synthetic), Row("train_on_both", None, score.both)]


def likeness(real, candidate, context):
    """How similar images are to each other: more than real images if a generator repeats itself."""
    [images] = read_images(candidate.stack, names=("synthetic",), channel_axis=context.channel_axis)
    if min(images.shape[2:]) < MIN_SIDE:
        return []
    rng = np.random.default_rng(context.seed)
    a, b = rng.integers(candidate.n_rows, size=(2, IMAGE_PAIRS))
    apart = a != b
    return [Row("likeness", None, metrics.ms_ssim(images[a[apart]], images[b[apart]], channel_axis=1))]


def copies(real, candidate, context):
    """Rows that equal training rows; if the candidate is the training rows, each is compared with the others."""
    is_stack = isinstance(real, Images)
    sets = [real, candidate]
    if is_stack:
        pixels = real.stack.reshape(real.n_rows, -1)
        sets = [pixels, pixels if candidate is real else candidate.stack.reshape(candidate.n_rows, -1)]
    rows = [_copied("exact_copies", None, *sets)]
    telling = [] if is_stack else [j for j, column in enumerate(real.columns) if tells_of_rows(column)]
    if telling:
        ours = real.select(telling)
        theirs = ours if candidate is real else candidate.select(telling)
        rows.append(_copied("unique_value_share", None, ours, theirs))
    for j in telling:
        ours = real.select([j])
        theirs = ours if candidate is real else candidate.select([j])
        rows.append(_copied("unique_value_share", real.columns[j].name, ours, theirs))
    return rows


def verbatim(real, candidate, context):
    """Texts and identifiers that are those of training rows; tables have all their columns here."""
    result = metrics.repeated_texts(real) if candidate is real else metrics.verbatim_text(real, candidate)
    if not len(result.columns):
        return []
    rows = [Row("verbatim_text", name, value) for name, value in zip(result.columns["column"], result.columns["value"])]
    return [Row("verbatim_text", None, result.score), *rows]


def _copied(metric, column, real, candidate):
    among_themselves, of_others = COPIES[metric]
    return Row(metric, column, among_themselves(real) if candidate is real else of_others(real, candidate))


# Each metric of training rows beside their own others, and of other rows.
COPIES = {
    "exact_copies": (metrics.repeated_rows, metrics.exact_copies),
    "unique_value_share": (
        metrics.values_held_twice,
        lambda real, candidate: metrics.unique_value_share(real, candidate).synthetic,
    ),
}


def privacy(real, candidate, context):
    """Whether rows reveal more about training rows than about held-out rows."""
    options = {"max_rows": context.max_rows, "random_state": context.seed}
    points = _points(real, candidate, context.test)
    # One half of the held-out rows are the test, the other half are those of the floor. The attacker halves the test.
    n_test = len(context.test)
    n_compared, n_attacked = min(context.max_rows, n_test), min(context.max_rows, (n_test + 1) // 2)
    return [
        # With fewer held-out rows, the share is rescaled by a larger factor, which enlarges its noise.
        Row(
            "nearest_record_share",
            None,
            metrics.nearest_record_share(points, **options),
            noise=(len(real) / n_test) ** 0.5,
            n_rows=n_compared,
        ),
        Row("near_copies", None, metrics.near_copies(points, **options), n_rows=n_compared),
        Row(
            "closest_record_ratio",
            None,
            metrics.distance_ratios(points, **options).closest_record,
            n_rows=n_compared,
        ),
        Row(
            "membership_inference",
            None,
            metrics.membership_inference(points, **options).auc,
            n_rows=n_attacked,
        ),
    ]


CLASSIFIERS = {"two_sample": "boosting", "two_sample_quadratic": "quadratic", "two_sample_logistic": "logistic"}
DISTANCES = (
    "maximum_mean_discrepancy",
    "energy_distance",
    "sliced_wasserstein_distance",
    "frechet_distance",
    "kernel_distance",
)
FIDELITY = ("precision", "recall", "density", "coverage", "alpha_precision", "beta_recall", "authenticity")

TABLE_SECTIONS = {
    "Columns": columns,
    "Pairs of columns": pairs,
    "Can they be told apart?": two_samples,
    "Fidelity and diversity": fidelity,
    "Distances": distances,
}
USE_SECTION = {"Use": utility}
IMAGE_SECTIONS = {
    "Can they be told apart?": two_samples,
    "Fidelity and diversity": fidelity,
    "Distances": distances,
    "Variety": likeness,
}
COPY_SECTION = {"Copies": copies}
VERBATIM_SECTION = {"Copies": verbatim}
# The number of rows of each kind that a section uses, where it does not use all.
CAPS = {
    pairs: lambda context: MAX_ROWS_FOR_PAIRS,
    two_samples: lambda context: MAX_ROWS_FOR_CLASSIFIERS,
    fidelity: lambda context: context.max_rows,
    distances: lambda context: context.max_rows,
}


def _row(metric, sets, context):
    return Row(metric, None, metrics.METRICS[metric].function(*sets, random_state=context.seed, paired=False))


def _points(*sides):
    """Rows as `Points`, for all the metrics of a section."""
    if isinstance(sides[0], Images):
        return metrics.Points(*(side.features for side in sides))
    return metrics.Points.read(*sides)


def _narrow(table):
    """The first columns of some rows of a table; the same rows for all tables with the same number of rows."""
    table = table.take(np.random.default_rng(0).permutation(table.n_rows)[:MAX_ROWS_FOR_PAIRS])
    return table.select(range(min(len(table.columns), MAX_PAIR_COLUMNS)))


def _split(table, target):
    """(X, y) as tables, without rows whose y is missing."""
    table = table.take(np.flatnonzero(~table.columns[target].missing))
    others = [j for j in range(len(table.columns)) if j != target]
    return table.select(others), table.select([target])
