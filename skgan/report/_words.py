"""What each number of a report asks, which way is better, and what it says beside its floor."""

from skgan.metrics import METRICS, Metric

WORDS = {
    **METRICS,
    "FID": METRICS["frechet_distance"],
    "train_on_synthetic": Metric("higher", "How good is a model that learned from these rows, on real ones?", None),
    "train_on_both": Metric("higher", "How good is one that learned from real rows and these?", None),
    "likeness": Metric("lower", "How alike are pairs of images? More than real ones: repeats.", None),
}

# Beside real rows, and beyond what chance does to n rows (1 / sqrt(n)).
NEAR, FAR = 0.01, 0.05


def loss_beyond_floor(metric, value, floor):
    """How much worse than the floor a number is; below 0 where it is better."""
    return WORDS[metric].loss(value) - WORDS[metric].loss(floor)


def verdict(metric, value, floor, n):
    """"as real", "near" or "off"; empty for distances, which have no scale of their own."""
    if not WORDS[metric].is_share:
        return ""
    beyond = loss_beyond_floor(metric, value, floor) - n**-0.5
    return "as real" if beyond <= NEAR else "near" if beyond <= FAR else "off"
