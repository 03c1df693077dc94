"""What each number of a report asks, which way is better, and what it says beside its floor."""

from skgan.metrics import METRICS, Metric

WORDS = {
    **METRICS,
    "FID": METRICS["frechet_distance"],
    "train_on_synthetic": Metric("higher", "How good is a model that learned from these rows, on real ones?", None),
    "train_on_both": Metric("higher", "How good is one that learned from real rows and these?", None),
    "two_sample_auc": Metric("nearer 0.5", "How often do the trees find a real row more real?", None, is_share=False),
    "looks_copied": Metric("lower", "Are they wrong more often than chance, as copies make them? 1: yes.", None),
    "likeness": Metric("lower", "How alike are pairs of images? More than real ones: repeats.", None),
}

LEARNED = ("train_on_synthetic", "train_on_both")

# A loss that matters, and one that is grave.
NEAR, FAR = 0.01, 0.05
# So many times what chance does is hardly ever chance, not even somewhere among all numbers of a report.
SURE = 3.5
# What chance does to n rows: the root mean square, in 1 / sqrt(n), of the loss of real rows beyond the floor.
NOISE = {
    # Of a single column or pair; a mean over many moves less.
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
    """How much worse than the floor a number is; below 0 where it is better."""
    if metric in LEARNED:
        # A model that is worse than none at all is worth no less: R² below 0 tells of outliers among the targets.
        value, floor = max(value, 0.0), max(floor, 0.0)
    elif WORDS[metric].better == "nearer 0.5":
        # Below 0.5 nobody is given away.
        value, floor = max(value, 0.5), max(floor, 0.5)
    return WORDS[metric].loss(value) - WORDS[metric].loss(floor)


def verdict(metric, value, floor, n, *, noise=1.0):
    """"as real", "near" or "off"; empty for distances, which have no scale of their own.

    Parameters
    ----------
    metric : str
    value, floor : float
    n : int
        Synthetic rows that were looked at.
    noise : float, default=1.0
        How many times more than usual chance moves the value.
    """
    if not WORDS[metric].is_share:
        return ""
    beyond = loss_beyond_floor(metric, value, floor)
    chance = SURE * noise * _noise(metric, floor, n) / n**0.5
    return "as real" if beyond <= max(NEAR, chance) else "near" if beyond <= max(FAR, chance) else "off"


def _noise(metric, floor, n):
    if metric in NOISE:
        return NOISE[metric]
    # Shares of rows, most often near 0: as binomial as the floor is, which one row more would not lift from 0.
    share = min(max(floor, 1 / n), 1 - 1 / n)
    return (2 * share * (1 - share)) ** 0.5
