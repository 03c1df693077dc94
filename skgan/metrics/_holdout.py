"""Training, synthetic and held-out rows as points of one space, and which are nearest."""

from skgan._validation import check_option

from ._extract import extract, natural
from ._neighbors import MAX_ROWS, comparable, nearest
from ._read import read_tables, some_rows
from ._scales import SCALES, points

NAMES = ("X_synthetic", "X_holdout")


def given(X_synthetic, X_holdout):
    """What there is beside the rows trained on."""
    return [X_synthetic] if X_holdout is None else [X_synthetic, X_holdout]


def points_of(X_real, *others, features, y_real, categorical_features, random_state):
    """Training, synthetic and perhaps held-out rows as points."""
    options = dict(names=NAMES[: len(others)], categorical_features=categorical_features)
    word = natural(X_real) if isinstance(features, str) and features == "auto" else features
    if len(others) == 2 and isinstance(word, str) and word in SCALES:
        matrices = _on_one_scale(read_tables(X_real, *others, **options), word)
    else:
        matrices = extract(X_real, *others, features=word, y_real=y_real, random_state=random_state, **options)
    return comparable(*matrices)[0]


def some(rows, max_rows, rng):
    """At most `max_rows` of the rows."""
    check_option("max_rows", max_rows, MAX_ROWS)
    return rows[some_rows(len(rows), max_rows, rng)]


def _on_one_scale(tables, scale):
    """Points on a scale of training and held-out rows: on one of the former alone, the latter pile up at its ends."""
    train, synthetic, holdout = tables
    both, asked = points([train.above(holdout), synthetic], scale)
    return [both[: train.n_rows], asked, both[train.n_rows :]]


def closest(asked, rows):
    """Distance (n_asked,) from each asked row to the nearest of `rows`."""
    distances, _ = nearest(asked, rows)
    return distances[:, 0]
