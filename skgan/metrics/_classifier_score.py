"""The score of samples by a classifier: sure about each, undecided about all."""

from typing import NamedTuple

import numpy as np
from scipy.special import rel_entr

from skgan._validation import is_whole

from ._read import generator_of


class ClassifierScore(NamedTuple):
    """A classifier score, and how much it varies.

    Attributes
    ----------
    mean : float
        Over the parts; higher is better.
    standard_deviation : float
        Over the parts.
    """

    mean: float
    standard_deviation: float


def classifier_score(X_synthetic, classifier, *, n_splits=10, random_state=0):
    """How surely a classifier names each sample, and how many classes it names in all.

    Parameters
    ----------
    X_synthetic : array-like or frame of n rows
        What the classifier takes; images as it takes them.
    classifier : fitted classifier or callable
        Its ``predict_proba``, or the callable itself, maps X_synthetic to probabilities of shape (n, n_classes).
    n_splits : int, default=10
        Parts of the rows, drawn at random and as equal as can be, that are scored one by one.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    ClassifierScore
        ``mean`` in [1, n_classes], higher is better; ``standard_deviation`` over the parts.

    Raises
    ------
    ValueError, TypeError
        A classifier that gives no probabilities, or fewer rows than parts.

    Notes
    -----
    For the probabilities :math:`p(y|x)` and their mean :math:`p(y)` over the part,

    .. math:: \\exp(\\frac{1}{n} \\sum_i \\mathrm{KL}(p(y|x_i) \\| p(y))).

    It is the formula of the Inception score, which is this score by one certain network, and by no other. Real rows are
    not looked at: set it beside the score of real rows of the same number, which is what good samples reach. One sure
    row a class has the highest score, so that a lack of variety within classes is not seen. A small part has a lower
    score than a large one.

    References
    ----------
    T. Salimans et al. (2016). Improved techniques for training GANs. NeurIPS.

    Examples
    --------
    >>> import numpy as np
    >>> from skgan.metrics import classifier_score
    >>> codes = np.tile([0, 1, 2], 100)
    >>> score = classifier_score(codes, lambda codes: np.eye(3)[codes], n_splits=1)
    >>> round(score.mean, 6)
    3.0
    """
    probability = _probability(X_synthetic, classifier)
    if not is_whole(n_splits) or not 1 <= n_splits <= len(probability):
        raise ValueError(
            f"n_splits={n_splits!r} must be a whole number from 1 to the number of rows, which is {len(probability)}."
        )
    order = generator_of(random_state).permutation(len(probability))
    scores = [_score(probability[part]) for part in np.array_split(order, n_splits)]
    return ClassifierScore(float(np.mean(scores)), float(np.std(scores)))


def _probability(X, classifier):
    """float64 array of shape (n, n_classes), checked, with rows that sum to one."""
    predict = getattr(classifier, "predict_proba", classifier)
    if not callable(predict):
        raise TypeError(
            f"classifier={classifier!r} has no predict_proba and cannot be called; pass a fitted classifier that gives "
            "probabilities, or a function that does."
        )
    probability = np.asarray(predict(X))
    if probability.ndim != 2 or len(probability) == 0 or probability.dtype.kind not in "fiu":
        raise ValueError(
            f"classifier must give probabilities of shape (n, n_classes), got dtype {probability.dtype} and shape "
            f"{probability.shape}."
        )
    probability = probability.astype(np.float64)
    total = probability.sum(axis=1, keepdims=True)
    # Written so that NaN is refused, too.
    if not ((probability >= 0).all() and (abs(total - 1) <= 1e-3).all()):
        raise ValueError(
            "classifier must give probabilities: none below 0, and 1 in sum over the classes of each row; pass logits "
            "through a softmax first."
        )
    return probability / total


def _score(probability):
    divergence = rel_entr(probability, probability.mean(axis=0)).sum(axis=1)
    return np.exp(divergence.mean())
