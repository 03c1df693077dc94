"""What the tests of displays share: tables, a sampler that is no GAN, and where text lies."""

from itertools import combinations

import numpy as np
import pandas as pd


class Fake:
    """Draws rows of a frame in turn, as a fitted sampler draws rows; with `y`, as a conditional one."""

    def __init__(self, X, y=None):
        self.X, self.y = X, y
        if y is not None:
            self.classes_ = np.unique(y)

    def fit(self, X, y=None):
        return self

    def sample(self, n_samples=1, *, y=None, random_state=None):
        self.asked = n_samples if y is None else list(y), random_state
        if self.y is None:
            return self._take(np.arange(n_samples) % len(self.X))
        y = self.y[np.arange(n_samples) % len(self.y)] if y is None else np.asarray(y)
        places = [np.flatnonzero(self.y == label)[0] for label in y]
        return self._take(places), y

    def _take(self, places):
        return self.X.iloc[places].reset_index(drop=True) if hasattr(self.X, "iloc") else self.X[places]


def mixed(n=120, seed=0):
    """Numbers, categories, dates, missing values, names that mean something to TeX."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "cost in $ and $x_1$": rng.lognormal(0, 2, n),
            "n_children": rng.integers(0, 5, n),
            "when": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 700, n), unit="D"),
            "level": rng.choice([f"level_{i:02d}" for i in range(30)], n),
            "with_missing": np.where(rng.random(n) < 0.25, np.nan, rng.normal(size=n)),
            "constant": np.ones(n),
            "no values": np.full(n, np.nan),
            "größe": rng.choice(["$a$", "b_c", None], n),
        }
    )


def wide(n=100, n_columns=60, seed=0):
    X = np.random.default_rng(seed).normal(size=(n, n_columns))
    return pd.DataFrame(X, columns=[f"column {j} measures something" for j in range(n_columns)])


def overlaps(texts, figure, room=0.5):
    """Pairs of shown texts whose boxes share more than `room` pixels."""
    renderer = figure.canvas.get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts if text.get_text()]
    return [
        (a, b)
        for (a, p), (b, q) in combinations(boxes, 2)
        if min(p.x1, q.x1) - max(p.x0, q.x0) > room and min(p.y1, q.y1) - max(p.y0, q.y0) > room
    ]


def outside(texts, figure):
    """Texts that leave the figure."""
    renderer, page = figure.canvas.get_renderer(), figure.bbox
    boxes = {text.get_text(): text.get_window_extent(renderer) for text in texts if text.get_text()}
    return [
        name
        for name, box in boxes.items()
        if box.x0 < page.x0 - 1 or box.x1 > page.x1 + 1 or box.y0 < page.y0 - 1 or box.y1 > page.y1 + 1
    ]
