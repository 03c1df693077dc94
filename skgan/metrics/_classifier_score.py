"""The classifier score: high where a classifier is sure about each sample and all samples together vary."""

from typing import NamedTuple

import numpy as np
from scipy.special import rel_entr

from skgan._random import generator_of
from skgan._validation import is_whole


class ClassifierScore(NamedTuple):
    """The result of `classifier_score`.

    Attributes
    ----------
    mean : float
        Mean score of the parts; higher is better.
    standard_deviation : float
        Standard deviation of the scores of the parts.
    """

    mean: float
    standard_deviation: float


def classifier_score(X_synthetic, classifier, *, n_splits=10, random_state=0):
    """How certain a classifier is about each sample, and how many classes it predicts in all.

    Parameters
    ----------
    X_synthetic : array-like or frame of n rows
        Rows or images as the classifier takes them.
    classifier : fitted classifier or callable
        Its ``predict_proba``, or the callable itself, maps X_synthetic to probabilities of shape (n, n_classes).
    n_splits : int, default=10
        Number of random parts of the rows, of nearly equal size, that are scored separately.
    random_state : int, Generator, RandomState or None, default=0

    Returns
    -------
    ClassifierScore
        ``mean`` in [1, n_classes], higher is better, and ``standard_deviation`` over the parts.

    Raises
    ------
    ValueError, TypeError
        The classifier returns no probabilities, or there are fewer rows than parts.

    Notes
    -----
    With the probabilities :math:`p(y|x)` and their mean :math:`p(y)` over the part, the score of a part is

    .. math:: \\exp(\\frac{1}{n} \\sum_i \\mathrm{KL}(p(y|x_i) \\| p(y))).

    This is the equation of the Inception score; that name means the score by one particular network. Real rows are not
    used: compare with the score of as many real rows, which is what good samples reach. A single certain row of each
    class has the highest score, so a lack of variety within classes is not noticed. Small parts have lower scores than
    large ones.

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
            f"n_splits={n_splits!r} is not allowed; n_splits must be a whole number from 1 to the number of rows, "
            f"{len(probability)}."
        )
    order = generator_of(random_state).permutation(len(probability))
    scores = [_score(probability[part]) for part in np.array_split(order, n_splits)]
    return ClassifierScore(float(np.mean(scores)), float(np.std(scores)))


def _probability(X, classifier):
    """Checked probabilities: float64 array of shape (n, n_classes), whose rows sum to 1."""
    predict = getattr(classifier, "predict_proba", classifier)
    if not callable(predict):
        raise TypeError(
            f"classifier={classifier!r} has no predict_proba and cannot be called; pass a fitted classifier with "
            "predict_proba, or a function that returns probabilities."
        )
    probability = np.asarray(predict(X))
    if probability.ndim != 2 or len(probability) == 0 or probability.dtype.kind not in "fiu":
        raise ValueError(
            f"classifier must return probabilities of shape (n, n_classes), got dtype {probability.dtype} and shape "
            f"{probability.shape}."
        )
    probability = probability.astype(np.float64)
    total = probability.sum(axis=1, keepdims=True)
    # Written so that NaN is refused too.
    if not ((probability >= 0).all() and (abs(total - 1) <= 1e-3).all()):
        raise ValueError(
            "classifier must return probabilities that are not negative and sum to 1 in each row; apply a softmax to "
            "logits first."
        )
    return probability / total


def _score(probability):
    divergence = rel_entr(probability, probability.mean(axis=0)).sum(axis=1)
    return np.exp(divergence.mean())
