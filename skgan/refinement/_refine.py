"""The steps of refinement: how many rows are generated and scored, in how many rounds, and when to stop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from skgan._random import draw_seed, numpy_stream
from skgan._warnings import warn
from skgan.exceptions import CollapseWarning

from ._balance import Balance
from ._calibration import Calibration
from ._class_means import ClassMeans
from ._collapse import collapse
from ._raking import Raking
from ._refiner import Refiner
from ._trees import RatioTrees

# With fewer rows, a density ratio cannot be learned.
MIN_ROWS = 20
MAX_ROWS = 30_000
CALIBRATION_ROWS = 16_384
# With fewer rows, later rounds of refinement memorise the rows.
FEW_ROWS = 5000
SCALE_ROWS = 8192
RAKING_ROWS = 65_536
# Generated rows with a smaller log ratio are told from real ones. Where nearly all are, the networks have learned
# little; after fewer steps than this, nobody expects otherwise.
LOG_RATIO_OF_TOLD, MAX_TOLD, ENOUGH_STEPS = -2.0, 0.9, 200
# A cautious estimate of the rows of 16 columns that one core scores per second, for fits with limited time.
ROWS_PER_SECOND, COLUMNS = 500, 16


def rows_to_refine(n_rows, seed):
    """The positions of the training rows that refinement uses, in random order."""
    return numpy_stream(seed, "refined rows").permutation(n_rows)[:MAX_ROWS]


def refine(model, rows, conditions, chosen, budget, recipe, *, reject=True):
    """Calibrate the generated columns, and learn which generated rows look real.

    Parameters
    ----------
    model : Model
        Trained, not calibrated.
    rows : table or images
        Some of the training rows.
    conditions : Conditions
        Conditions of all training rows.
    chosen : ndarray of int
        Positions of `rows` among the training rows, as `rows_to_refine` returned them.
    budget : Budget
    recipe : object
        ``rounds``, ``rounds_of_few`` and ``generated_per_real_row``.
    reject : bool, default=True
        Whether unrealistic rows are rejected. The density ratio is learned in any case, to score rows.

    Returns
    -------
    Model
    """
    n = _affordable(len(conditions), model, budget)
    model = _calibrated(model, conditions, n)
    if n < MIN_ROWS or budget.left() < 0:
        return model
    rows, conditions = rows.take(np.arange(n)), conditions[chosen[:n]]
    model, differences = _with_class_means(model, rows, conditions)
    real = np.column_stack([model.encoder.features(rows), conditions.features, *differences])
    ordered = model.ordered_features
    # Drawn before anything is rejected.
    n_scale = SCALE_ROWS if budget.max_time is None else min(SCALE_ROWS, max(model.block, 8 * n))
    candidates = model.features_like(conditions, n_scale, "scale")
    _warn_of_collapse(real, candidates, len(model.encoder.ordered_), model.hyperparameters.max_iter)
    n_rounds = recipe.rounds if n >= FEW_ROWS else recipe.rounds_of_few
    expected = 0.0
    for number in range(n_rounds if reject else 1):
        if number and not budget.allows(expected):
            break
        left = budget.left()
        trees = _trees(model, real, conditions, ordered, recipe.generated_per_real_row * n, number)
        if number == 0:
            model = replace(model, ratio=trees)
            _warn_if_told(trees.log_ratio(candidates), model.hyperparameters.max_iter)
        if reject:
            refiner = Refiner() if model.refiner is None else model.refiner
            refiner.add_round(trees, candidates)
            model = replace(model, refiner=refiner)
        if budget.max_time is not None:
            # The rows of the next round are drawn by rejection, which takes about twice as long as without.
            expected = (2 if number == 0 else 1) * (left - budget.left())
    if reject and budget.left() > 0:
        _correct_marginals(model, real, ordered, conditions, budget)
    return model


def calibrate(model, conditions, n_rows=CALIBRATION_ROWS):
    """The model with each uniform column calibrated by at most `n_rows` generated rows, and no row rejected."""
    return _calibrated(model, conditions, min(len(conditions), MAX_ROWS), n_rows)


def _affordable(n_rows, model, budget):
    """How many rows can be used in the time that is left."""
    n_columns = len(model.encoder.ordered_) + len(model.ordered_conditions)
    affordable = budget.rows_affordable(ROWS_PER_SECOND * min(1.0, COLUMNS / max(n_columns, 1)))
    return int(min(n_rows, MAX_ROWS, max(MIN_ROWS, affordable)))


def _calibrated(model, conditions, n, n_rows=CALIBRATION_ROWS):
    uniform = model.encoder.spec_.indices("uniform")
    rows = model.rows_like(conditions, min(n_rows, 8 * n) if uniform else 1, "calibration")
    return replace(model, calibration=Calibration(rows, uniform))


def _with_class_means(model, rows, conditions):
    """The model with the means of many classes, and the features of `rows` that they give."""
    index = model.encoder.spec_.indices("uniform")
    if not (conditions.classes.shape[1] and index):
        return model, []
    encoded = model.encoder.encode(rows)
    numbers = ((encoded.low + encoded.high) / 2).numpy()
    means = [
        ClassMeans(numbers, index, conditions.classes[:, target], n_classes, target)
        for target, n_classes in enumerate(model.targets.encoder.n_classes)
    ]
    features = [part.fitted_features(numbers, conditions.classes) for part in means]
    return replace(model, class_means=tuple(means)), features


def _trees(model, real, conditions, ordered, n, number):
    """The density ratio of real rows to n rows that the model generates at present."""
    generated = model.features_like(conditions, n, f"round {number}")
    seed = draw_seed(numpy_stream(model.seed, "trees", number))
    classes = len(model.encoder.ordered_) + np.flatnonzero(~model.ordered_conditions)
    return RatioTrees(real, generated, ordered, seed, balanced=classes)


def _correct_marginals(model, real, ordered, conditions, budget):
    """Restore the marginals of the columns after rejection; those of the conditions are the caller's choice."""
    n_columns = len(model.encoder.ordered_)
    real, ordered = real[:, :n_columns], ordered[:n_columns]
    if not len(model.ordered_conditions):
        model.refiner.balance = Balance(real, ordered)
        return
    n = min(RAKING_ROWS, max(model.block, (8 if budget.max_time is None else 1) * len(real)))
    kept = model.features_like(conditions, n, "raking")
    model.refiner.rake(Raking(real, kept[:, :n_columns], ordered), kept)


def _warn_if_told(log_ratios, n_steps):
    told = np.mean(log_ratios < LOG_RATIO_OF_TOLD)
    if told > MAX_TOLD and n_steps >= ENOUGH_STEPS:
        warn(
            f"Training has not converged: {told:.0%} of the generated rows are easily told from real ones, so they are "
            "of little use. Lower learning_rate or regularizer_weight, leave both 'auto', or train for more steps.",
            ConvergenceWarning,
        )


def _warn_of_collapse(real, generated, n_columns, n_steps):
    found = collapse(real[:, :n_columns], generated[:, :n_columns])
    if found:
        few = f"{n_steps} steps may be too few: pass a larger max_iter, or " if n_steps < ENOUGH_STEPS else ""
        warn(
            f"The generator has collapsed: {found}. Its rows are of no use; {few}lower learning_rate or "
            "regularizer_weight, or leave both 'auto'.",
            CollapseWarning,
        )
