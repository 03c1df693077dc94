"""What a report measures, section by section: ``section(real, candidate, context) -> list of Row``."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from skgan import metrics
from skgan.metrics._images import read_images

# Pairs grow with the square of the columns: beyond so many columns, the first are looked at.
MAX_PAIR_COLUMNS = 40
MAX_ROWS_FOR_PAIRS = 20_000
MAX_ROWS_FOR_CLASSIFIERS = 10_000
# Of so many pairs of images the likeness is taken.
IMAGE_PAIRS = 500
# Smaller images have no window of 11 pixels to be compared through.
MIN_SIDE = 11


class Row(NamedTuple):
    """One number.

    Attributes
    ----------
    metric : str
    column : None, the column's name, or a pair of names
    value : float
    noise : float, default=1.0
        How many times more than others of this metric chance moves it.
    """

    metric: str
    column: object
    value: float
    noise: float = 1.0


class Context(NamedTuple):
    """What is the same for every candidate.

    Attributes
    ----------
    seed : int
    max_rows : int
        Rows looked at by metrics that compare each row with each other.
    target : int or None
        Position of the column to predict.
    test : Table, Images or None
        Real rows apart from those compared: models are judged on them, and training rows are compared with them.
    frechet : str
        What the Fréchet distance is called: FID on Inception's features, and on no others.
    """

    seed: int
    max_rows: int
    target: int | None = None
    test: object = None
    frechet: str = "frechet_distance"


@dataclass(frozen=True)
class Images:
    """Images, and what they are compared by.

    Attributes
    ----------
    stack : ndarray of shape (n, height, width) or (n, height, width, n_channels)
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
    """Each column on its own."""
    rows = []
    for word in ("column_shapes", "column_wasserstein", "column_jensen_shannon"):
        result = getattr(metrics, word)(real, candidate)
        rows.append(Row(word, None, result.score))
        rows += [Row(word, name, value) for name, value in zip(result.columns["column"], result.columns["value"])]
    return rows


def pairs(real, candidate, context):
    """Each pair of columns."""
    if len(real.columns) < 2:
        return []
    result = metrics.pair_trends(_narrow(real), _narrow(candidate), **metrics.EVERY_TREND)
    known = result.pairs[result.pairs["value"].notna()]
    return [
        Row("pair_trends", None, result.score),
        *(Row("pair_trends", (a, b), v) for a, b, v in zip(known["column_1"], known["column_2"], known["value"])),
    ]


def two_samples(real, candidate, context):
    """Classifiers that look for a difference."""
    sets = [rows.stack if isinstance(rows, Images) else rows for rows in (real, candidate)]
    tests = {
        word: metrics.two_sample_test(
            *sets, classifier=classifier, max_rows=MAX_ROWS_FOR_CLASSIFIERS, random_state=context.seed
        )
        for word, classifier in CLASSIFIERS.items()
    }
    scores = [Row(word, None, test.score) for word, test in tests.items()]
    trees = tests["two_sample"]
    return [*scores, Row("two_sample_auc", None, trees.auc), Row("looks_copied", None, float(trees.copies))]


def distances(real, candidate, context):
    """How far apart the rows lie as a whole; at most `max_rows` of either."""
    rng = np.random.default_rng(context.seed)
    sides = [rows.take(rng.permutation(rows.n_rows)[: context.max_rows]) for rows in (real, candidate)]
    points = _points(*sides)
    rows = [_row(word, [points], context) for word in DISTANCES]
    return [row._replace(metric=context.frechet) if row.metric == "frechet_distance" else row for row in rows]


def fidelity(real, candidate, context):
    """Whether rows lie where real ones lie, and in all of those places."""
    options = {"max_rows": context.max_rows, "random_state": context.seed}
    points = _points(real, candidate)
    scores = metrics.manifold_scores(points, **options)._asdict() | metrics.alpha_scores(points, **options)._asdict()
    # Compared with all real rows, not with a sample of them, because a copy of any real row is a copy.
    scores["authenticity"] = metrics.authenticity(points, **options)
    return [Row(word, None, scores[word]) for word in FIDELITY]


def utility(real, candidate, context):
    """Whether a model learns from these rows what it learns from as many real ones."""
    some = np.random.default_rng(context.seed).permutation(real.n_rows)[: candidate.n_rows]
    sets = [_split(rows, context.target) for rows in (real.take(some), candidate, context.test)]
    score = metrics.train_on_synthetic(None, *sets, random_state=context.seed)
    return [Row("train_on_synthetic", None, score.synthetic), Row("train_on_both", None, score.both)]


def likeness(real, candidate, context):
    """How alike images are to each other: a generator that repeats itself makes them more alike than real ones are."""
    if min(read_images(candidate.stack, names=("synthetic",))[0].shape[2:]) < MIN_SIDE:
        return []
    rng = np.random.default_rng(context.seed)
    a, b = rng.integers(candidate.n_rows, size=(2, IMAGE_PAIRS))
    apart = a != b
    return [Row("likeness", None, metrics.ms_ssim(candidate.stack[a[apart]], candidate.stack[b[apart]]))]


def copies(real, candidate, context):
    """Rows that are training rows; where the candidate is these rows themselves, each is set beside all others."""
    is_stack = isinstance(real, Images)
    sets = [rows.stack.reshape(rows.n_rows, -1) if is_stack else rows for rows in (real, candidate)]
    words = ["exact_copies"]
    if not is_stack and any(column.kind == "numeric" for column in real.columns):
        words.append("unique_value_share")
    if candidate is real:
        return [Row(word, None, AMONG_THEMSELVES[word](sets[0])) for word in words]
    return [_row(word, sets, context) for word in words]


AMONG_THEMSELVES = {"exact_copies": metrics.repeated_rows, "unique_value_share": metrics.values_held_twice}


def privacy(real, candidate, context):
    """Whether rows say more about training rows than about held-out ones."""
    options = {"max_rows": context.max_rows, "random_state": context.seed}
    points = _points(real, candidate, context.test)
    return [
        # The fewer rows are held out, the farther the share is stretched.
        Row(
            "nearest_record_share",
            None,
            metrics.nearest_record_share(points, **options),
            noise=(len(real) / len(context.test)) ** 0.5,
        ),
        Row("near_copies", None, metrics.near_copies(points, **options)),
        Row("closest_record_ratio", None, metrics.distance_ratios(points, **options).closest_record),
        Row("membership_inference", None, metrics.membership_inference(points, **options).auc),
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
# How many rows of either side a section looks at, where it does not look at all.
CAPS = {
    pairs: lambda context: MAX_ROWS_FOR_PAIRS,
    two_samples: lambda context: MAX_ROWS_FOR_CLASSIFIERS,
    fidelity: lambda context: context.max_rows,
    distances: lambda context: context.max_rows,
    # Half of the held-out rows are what an attacker knows.
    privacy: lambda context: min(context.max_rows, len(context.test) // 2),
}


def _row(word, sets, context):
    return Row(word, None, metrics.METRICS[word].function(*sets, random_state=context.seed, paired=False))


def _points(*sides):
    """Rows as `Points`, for all the metrics of a section."""
    if isinstance(sides[0], Images):
        return metrics.Points(*(side.features for side in sides))
    return metrics.Points.read(*sides)


def _narrow(table):
    """A table's first columns, of not too many rows, in the same order for every table of as many rows."""
    table = table.take(np.random.default_rng(0).permutation(table.n_rows)[:MAX_ROWS_FOR_PAIRS])
    return table.select(range(min(len(table.columns), MAX_PAIR_COLUMNS)))


def _split(table, target):
    """(X, y) as tables, of the rows that have a y."""
    table = table.take(np.flatnonzero(~table.columns[target].missing))
    others = [j for j in range(len(table.columns)) if j != target]
    return table.select(others), table.select([target])
