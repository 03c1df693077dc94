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

BOTH_ZERO = "both 0"
SCORES_OF_MODELS = ("train_on_synthetic", "train_on_both")

# A loss beyond the floor above which a number is "near", and above which it is "off".
NEAR, FAR = 0.01, 0.05
# A loss of more than this many times the noise is hardly ever chance, even among all numbers of a report.
SURE = 3.5
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
    "membership_inference": 0.35,
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
    """The verdict "as real", "near" or "off"; empty for distances, whose scale depends on the data.

    Two zeros are "both 0": a score that even real rows do not reach says nothing good, and a fault that is absent from
    both is not a question of chance.

    Parameters
    ----------
    metric : str
    value, floor : float
    n : int
        Synthetic rows that were used.
    noise : float, default=1.0
        Factor by which this number is noisier than others of the same metric.
    """
    if not WORDS[metric].is_share:
        return ""
    if value == floor == 0:
        return BOTH_ZERO
    beyond = loss_beyond_floor(metric, value, floor)
    chance = SURE * noise * _noise(metric, floor, n) / n**0.5
    return "as real" if beyond <= max(NEAR, chance) else "near" if beyond <= max(FAR, chance) else "off"


def _noise(metric, floor, n):
    if metric in NOISE:
        return NOISE[metric]
    # Other metrics are shares of rows: the noise is binomial, and the share is taken as at least one row.
    share = min(max(floor, 1 / n), 1 - 1 / n)
    return (2 * share * (1 - share)) ** 0.5
