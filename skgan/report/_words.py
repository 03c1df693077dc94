"""The question that each number of a report answers, which direction is better, and its verdict."""

from skgan.metrics import METRICS, Metric

WORDS = {
    **METRICS,
    "FID": METRICS["frechet_distance"],
    "train_on_synthetic": Metric("higher", "How good is a model fitted on synthetic rows, for real rows?", None),
    "train_on_both": Metric("higher", "How good is a model fitted on real and synthetic rows?", None),
    "two_sample_auc": Metric(
        "nearer 0.5", "How often do the trees score a real row higher than a synthetic one?", None, is_share=False
    ),
    "looks_copied": Metric("lower", "Are the trees wrong more often than by chance, as with copies? 1: yes.", None),
    "likeness": Metric("lower", "How similar are pairs of images? More than real ones: images repeat.", None),
}

AS_REAL, NEAR_REAL, OFF, BOTH_ZERO, TOO_FEW = "as real", "near", "off", "both 0", "too few rows"
SCORES_OF_MODELS = ("train_on_synthetic", "train_on_both")

# What each verdict says, for readers of a report.
VERDICTS = {
    AS_REAL: "no worse than the floor, or by no more than chance explains",
    NEAR_REAL: "worse than the floor by at most 0.05",
    OFF: "worse than the floor by more than 0.05",
    BOTH_ZERO: "neither is above 0; even fresh real rows get no better score, or both lack the fault",
    TOO_FEW: "much worse than the floor, but with so few rows this may be chance",
}

# A loss beyond the floor above which a number is "near", and above which it is "off".
NEAR, FAR = 0.01, 0.05
# A loss of more than this many times the noise is hardly ever chance, even among all numbers of a report.
SURE = 3.5
# A loss of more than this share of the largest one is not "as real", even if chance could explain it.
MUCH = 0.25
# Noise: the root mean square of the loss of n real rows beyond the floor, in units of 1 / sqrt(n).
NOISE = {
    # These are for a single column or pair; a mean over many varies less.
    "column_shapes": 0.6,
    "column_jensen_shannon": 0.6,
    "pair_trends": 0.7,
    "two_sample": 0.8,
    "two_sample_quadratic": 1.0,
    "two_sample_logistic": 0.8,
    "precision": 0.4,
    "recall": 0.5,
    "coverage": 0.45,
    "alpha_precision": 0.7,
    "beta_recall": 0.8,
    "authenticity": 0.8,
    "train_on_synthetic": 0.8,
    "train_on_both": 0.8,
    "likeness": 0.4,
    "nearest_record_share": 0.35,
    "membership_inference": 0.3,
}


def loss_beyond_floor(metric, value, floor):
    """How much worse than the floor a number is; negative where it is better."""
    if metric in SCORES_OF_MODELS:
        # A negative R² counts as 0, because it depends mainly on outliers of the target.
        value, floor = max(value, 0.0), max(floor, 0.0)
    elif WORDS[metric].better == "nearer 0.5":
        # A value below 0.5 identifies no one.
        value, floor = max(value, 0.5), max(floor, 0.5)
    return WORDS[metric].loss(value) - WORDS[metric].loss(floor)


def verdict(metric, value, floor, n, *, noise=1.0):
    """One of `VERDICTS`; empty for distances, whose scale depends on the data.

    Two zeros are "both 0": a score that even real rows do not reach says nothing good, and a fault that is absent from
    both is not a question of chance.

    Parameters
    ----------
    metric : str
    value, floor : float
    n : int
        Rows that value and floor were computed from: the smaller number.
    noise : float, default=1.0
        Factor by which this number is noisier than others of the same metric.
    """
    if not WORDS[metric].is_share:
        return ""
    if value == floor == 0:
        return BOTH_ZERO
    beyond = loss_beyond_floor(metric, value, floor)
    chance = SURE * noise * _noise(metric, floor, n) / n**0.5
    if beyond <= max(NEAR, chance):
        is_much = beyond > max(NEAR, MUCH * _largest_loss(metric, floor))
        return TOO_FEW if is_much else AS_REAL
    return NEAR_REAL if beyond <= FAR else OFF


def _largest_loss(metric, floor):
    """The loss beyond the floor of the worst value."""
    return loss_beyond_floor(metric, 0.0 if WORDS[metric].better == "higher" else 1.0, floor)


def _noise(metric, floor, n):
    if metric in NOISE:
        return NOISE[metric]
    # Other metrics are shares of rows: the noise is binomial, and the share is taken as at least one row.
    share = min(max(floor, 1 / n), 1 - 1 / n)
    return (2 * share * (1 - share)) ** 0.5
