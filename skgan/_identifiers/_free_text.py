"""Columns of free text: notes, reviews, addresses."""

from ._find import find_identifier, sample_of
from ._layouts import MAX_LENGTH
from ._quantities import are_long, are_quantities
from ._values import read_values

DISTINCT_SHARE = 0.5
# Half of fewer texts are distinct by chance.
FEW_ROWS = 10


def is_free_text(values):
    """Whether a column holds free text: mostly distinct and long, and neither times, numbers nor identifiers.

    Parameters
    ----------
    values : array-like of shape (n,)
        Of any dtype, with missing values.

    Returns
    -------
    bool
        True if at least half of the texts are distinct (of fewer than 10 texts, all), and their median has 4 words, or
        25 characters in several words (or in letters that are written without spaces).
    """
    column = read_values(values)
    if column is None or not isinstance(column.plain, list):
        return False
    texts = column.plain
    if len(set(texts)) < (DISTINCT_SHARE if len(texts) >= FEW_ROWS else 1) * len(texts):
        return False
    sample = sample_of(texts)
    if not are_long(sample) or are_quantities([text[:MAX_LENGTH] for text in sample]):
        return False
    identifier = find_identifier(values)
    return identifier is None or not identifier.certain
