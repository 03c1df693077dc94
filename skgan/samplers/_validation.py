"""Rows that are held out from training, and the score of a model on them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

from skgan._counted import counted
from skgan._random import numpy_stream
from skgan.encoders import Conditions
from skgan.metrics import frechet_distance

# With fewer rows, a score is mostly chance.
MIN_ROWS = 50
# More are not held out: to score these takes about as long as a few dozen steps on a CPU.
MAX_ROWS = {"table": 2000, "images": 1000}
TREES = {"max_iter": 30, "max_leaf_nodes": 15, "early_stopping": False, "random_state": 0}


@dataclass(eq=False)
class HeldOut:
    """Rows that no step sees.

    Attributes
    ----------
    encoder : TableEncoder or ImageEncoder
    rows : table or images
    conditions : Conditions
        Of these rows.
    known, known_conditions : table or images, Conditions
        Some training rows and their conditions, on which trees learn to tell real rows from generated ones.
    """

    encoder: object
    rows: object
    conditions: Conditions
    known: object
    known_conditions: Conditions

    def score(self, model):
        """How close rows of a model are to these: higher is better.

        For tables it is ``1 - 2 max(AUC - 0.5, 0)``, in [0, 1], of trees that tell these rows from generated ones; they
        are fitted to training rows and other generated rows. For images it is minus the Fréchet distance of random
        features and conditions, divided by the variance of the real ones.
        """
        return SCORES[self.encoder.modality](model, self)

    @cached_property
    def features(self):
        """What trees see of these rows and of the training rows: two arrays of uint8."""
        pairs = (self.rows, self.conditions), (self.known, self.known_conditions)
        return [np.column_stack([self.encoder.features(rows), given.features]) for rows, given in pairs]

    @cached_property
    def components(self):
        """Random features of these images, float32 of shape (n, n_components)."""
        return self.encoder.components(self.rows)


def stops_early(sampler):
    """Whether a fit of a sampler holds rows out; "auto" does not."""
    return sampler.early_stopping != "auto" and bool(sampler.early_stopping)


def hold_out(fraction, n_rows, modality, seed):
    """Positions of the rows to train on, of those to hold out, and of training rows to compare with these.

    Raises
    ------
    ValueError
        If these are too few.
    """
    n = min(int(fraction * n_rows), MAX_ROWS[modality])
    if n_rows < 2 * MIN_ROWS:
        raise ValueError(
            f"early_stopping=True needs {2 * MIN_ROWS} or more rows, half of them to score the run, got {n_rows}; pass "
            "early_stopping=False."
        )
    if not MIN_ROWS <= n <= n_rows - MIN_ROWS:
        least, most = math.ceil(1000 * MIN_ROWS / n_rows) / 1000, math.floor(1000 - 1000 * MIN_ROWS / n_rows) / 1000
        raise ValueError(
            f"early_stopping=True holds out validation_fraction={fraction} of {counted(n_rows, 'row')}, which are {n}, "
            f"but {MIN_ROWS} or more are needed to score the run, and as many to train; pass a validation_fraction "
            f"between {least} and {most}, or early_stopping=False."
        )
    order = numpy_stream(seed, "validation").permutation(n_rows)
    return np.sort(order[n:]), order[:n], order[n:][: MAX_ROWS[modality]]


def _score_of_table(model, held_out):
    (real, known), n = held_out.features, len(held_out.conditions)
    generated = model.features_like(held_out.conditions, n, "validation")
    others = model.features_like(held_out.known_conditions, len(known), "validation trees")
    is_real = np.repeat([1, 0], len(known))
    trees = HistGradientBoostingClassifier(**TREES).fit(np.concatenate([known, others]), is_real)
    probabilities = trees.predict_proba(np.concatenate([real, generated]))[:, 1]
    return 1.0 - 2.0 * max(roc_auc_score(np.repeat([1, 0], n), probabilities) - 0.5, 0.0)


def _score_of_images(model, held_out):
    real, conditions = held_out.components, held_out.conditions
    generated = held_out.encoder.row_components(model.rows_like(conditions, len(conditions), "validation"))
    variance = real.var(axis=0, dtype=np.float64).sum()
    given = conditions.tensor.numpy().astype(np.float64)
    if given.shape[1]:
        # Both are to weigh the same (DeVries et al., "On the evaluation of conditional GANs", 2019, section 3).
        given *= np.sqrt(variance / max(given.var(axis=0).sum(), 1e-12))
        real, generated = np.column_stack([real, given]), np.column_stack([generated, given])
    return -frechet_distance(real, generated, features="raw") / max(variance, 1e-12)


SCORES = {"table": _score_of_table, "images": _score_of_images}
