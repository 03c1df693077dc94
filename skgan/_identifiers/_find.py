"""Find out whether a column is one of identifiers, and of which kind."""

import collections
import re
import statistics

import numpy as np

from ._addresses import IPV4, IPV6, MAC, URL, UUID, IPAddresses, Urls, ipv6_maker, mac_maker, uuid_maker
from ._hints import hint_of
from ._identifier import Identifier
from ._judge import (
    CLEAR_KIND_ROWS,
    FEW_ROWS,
    MANY_ROWS,
    Found,
    can_be_years,
    has_enough_rows,
    judge_numbers,
    nearly_unique,
    repeats_expected,
    rounded,
)
from ._known import Known
from ._layouts import (
    MAX_LENGTH,
    N_SAMPLED,
    Layouts,
    has_letter,
    has_words,
    is_clear,
    learn_layouts,
    shape,
    shape_with_country,
)
from ._numbers import CountedTexts, RandomNumbers, SequentialNumbers
from ._quantities import DIGITS, EPOCH, are_long, are_quantities, share_matching
from ._values import read_values
from ._words import EMAIL, Emails, Persons, are_persons

MATCHING = 0.95
# Patterns by which texts are certainly identifiers, and from how many rows: versions and ratios can look like a few IP
# addresses.
KINDS = (
    (UUID, uuid_maker, CLEAR_KIND_ROWS),
    (EMAIL, Emails, CLEAR_KIND_ROWS),
    (URL, Urls, CLEAR_KIND_ROWS),
    (MAC, mac_maker, CLEAR_KIND_ROWS),
    (IPV4, IPAddresses, FEW_ROWS),
    (IPV6, ipv6_maker, FEW_ROWS),
)
COUNTED = re.compile(r"(.*?)(\d{1,18})(\D*)", re.DOTALL | re.ASCII)
PHONE = re.compile(r"(?=(\D*\d){7,15}\D*$)(\+\d|\(\+?\d|0[1-9]|\d{3}[-. ]\d{3}[-. ]\d{4}$)[\d ()./-]*", re.ASCII)
LONG_DIGITS = 12
# At least 8 letters and digits that change places twice.
TOKEN = re.compile(
    r"(?=[^\dA-Za-z]*([A-Za-z]\D*\d[^A-Za-z]*[A-Za-z]|\d[^A-Za-z]*[A-Za-z]\D*\d))[A-Za-z0-9_\-+/=.]{8,}", re.ASCII
)
UNIQUE_TEXTS = "unique texts"


def find_identifier(values, name=None):
    """Find out whether a column is one of identifiers; the rule is in the table of `skgan._identifiers`.

    Parameters
    ----------
    values : array-like of shape (n,)
        The column in the order of its rows: an array, series or list of whole numbers, texts or UUID objects, with
        missing values.
    name : object, default=None
        The column's name. Names such as "customer_id" make a nearly unique column certain; names such as "age" make
        it uncertain.

    Returns
    -------
    Identifier or None
        None if it is not one. Where `certain` is False, it can also be a quantity or a category.

    Raises
    ------
    ValueError
        If values are not one column.
    """
    column = read_values(values)
    if column is None:
        return None
    is_text = isinstance(column.plain, list)
    found = (judge_texts if is_text else judge_numbers)(column.plain, hint_of(name))
    return found and _identifier(column, found.maker, found.certain)


def declared_identifier(values):
    """The identifier of a column that the user declares to be one, whatever it looks like.

    Repeated values are allowed. Without a pattern, texts get random letters and digits, and numbers are drawn from all
    with as many digits.

    Parameters
    ----------
    values : array-like of shape (n,)
        As in `find_identifier`.

    Returns
    -------
    Identifier or None
        None if the column holds neither whole numbers, nor texts of at most 200 characters, nor UUIDs.
    """
    column = read_values(values)
    if column is None:
        return None
    if isinstance(column.plain, list):
        distinct = list(dict.fromkeys(column.plain))
        found, anything = judge_texts(distinct, "identifier"), _any_texts
    else:
        _, first = np.unique(column.plain, return_index=True)
        distinct = column.plain[np.sort(first)]
        found, anything = judge_numbers(distinct, "identifier"), _any_numbers
    maker = anything(distinct) if found is None else found.maker
    return maker and _identifier(column, maker, True)


def _identifier(column, maker, certain):
    """The Identifier of a column of `Values`."""
    # A sequence continues beyond its training values; it needs none to be remembered.
    counts = isinstance(maker, SequentialNumbers | CountedTexts)
    plain = column.plain if isinstance(column.plain, list) else column.plain.tolist()
    return Identifier(maker, certain=bool(certain), known=Known([] if counts else plain), form=column.form)


def _any_numbers(numbers):
    return RandomNumbers(*rounded(int(numbers.min()), int(numbers.max())))


def _any_texts(texts):
    sample = [text for text in sample_of(texts) if 0 < len(text) <= MAX_LENGTH]
    if len(sample) < MATCHING * len(sample_of(texts)):
        return None
    layouts, counts, _ = learn_layouts(sample, shape)
    return Layouts(layouts, counts, UNIQUE_TEXTS)


def sample_of(texts):
    """At most `N_SAMPLED` texts, evenly spaced."""
    return texts[:: -(-len(texts) // N_SAMPLED)]


def judge_texts(texts, hint):
    """Whether texts (list of n) are identifiers.

    Returns
    -------
    Found or None
    """
    n_distinct = len(set(texts))
    sample = sample_of(texts)
    if not nearly_unique(len(texts), n_distinct, MATCHING):
        return None
    if statistics.median(map(len, sample)) > MAX_LENGTH or are_quantities(sample):
        return None
    found = _known_kind(sample)
    if found is None and has_enough_rows(len(texts), hint):
        found = (
            _persons(sample, hint)
            or _counted(texts, sample, hint)
            or _phones(sample)
            or _codes(texts, n_distinct, sample, hint)
        )
    return found and Found(found.maker, found.certain and hint != "quantity")


def _known_kind(sample):
    for pattern, maker, least in KINDS:
        if len(sample) >= least and share_matching(pattern, sample) >= MATCHING:
            return Found(maker(sample), True)
    return None


def _persons(sample, hint):
    return Found(Persons(sample), True) if are_persons(sample, hint) else None


def _may_count(numbers, n):
    """Whether a sample of numbers lies as close as that of n numbers that count, or nearly so."""
    return np.median(np.diff(np.sort(numbers))) <= 4 * n / len(numbers)


def _phones(sample):
    if share_matching(PHONE, sample) < MATCHING:
        return None
    layouts, counts, _ = learn_layouts([text for text in sample if PHONE.fullmatch(text)], shape_with_country)
    return Found(Layouts(layouts, counts, "phone numbers"), True)


def _counted(texts, sample, hint):
    """Numbers that count, between texts that are the same in all rows."""
    found = [match for match in map(COUNTED.fullmatch, sample) if match]
    if len(found) < MATCHING * len(sample):
        return None
    (around, n_same), *_ = collections.Counter((match[1], match[3]) for match in found).most_common(1)
    if n_same < MATCHING * len(sample):
        return None
    if not _may_count([int(match[2]) for match in found if (match[1], match[3]) == around], len(texts)):
        return None
    prefix, suffix = around
    digits = [match[2] for match in map(COUNTED.fullmatch, texts) if match and (match[1], match[3]) == around]
    numbers = np.array(list(map(int, digits)))
    judged = judge_numbers(numbers, hint)
    if judged is None or not isinstance(judged.maker, SequentialNumbers) or judged.maker.step != 1:
        return None
    certain = judged.certain or (bool(re.search("[A-Za-z]", prefix)) and not can_be_years(numbers))
    lengths = {len(each) for each in digits}
    is_padded = len(lengths) == 1 or any(each[0] == "0" and len(each) > 1 for each in digits)
    return Found(CountedTexts(prefix, suffix, min(lengths) if is_padded else 0, int(numbers.max())), certain)


def _codes(texts, n_distinct, sample, hint):
    """Texts by their layouts."""
    n = len(texts)
    is_token = share_matching(TOKEN, sample) >= MATCHING
    if are_long(sample) and not is_token:
        return None
    layouts, counts, is_regular = learn_layouts(sample, shape)
    if share_matching(DIGITS, sample) >= MATCHING:
        certain = _are_random_digits(texts, sample, hint)
        return None if certain is None else Found(Layouts(layouts, counts), certain)
    n_clear = sum(count for layout, count in zip(layouts, counts) if is_clear(layout))
    maker = Layouts(layouts, counts, None if is_regular and not any(map(has_words, layouts)) else UNIQUE_TEXTS)
    is_clear_pattern = is_regular and n_clear >= MATCHING * sum(counts)
    may_be_unrepeated = is_regular and len(layouts) == 1 and has_letter(layouts[0])
    is_unrepeated = may_be_unrepeated and repeats_expected(n, n_distinct, maker.size(0))
    certain = hint == "identifier" or is_token or is_clear_pattern or is_unrepeated
    return Found(maker, certain) if certain or n >= MANY_ROWS else None


def _are_random_digits(texts, sample, hint):
    """Whether texts of digits are certain identifiers; None if they are not even uncertain ones."""
    if hint == "identifier":
        return True
    lengths = set(map(len, sample))
    if len(lengths) == 1 and min(lengths) >= LONG_DIGITS:
        return None if share_matching(EPOCH, sample) >= MATCHING else True
    digits = [text for text in texts if DIGITS.fullmatch(text) and len(text) <= 18]
    judged = judge_numbers(np.array(list(map(int, digits)), dtype=np.int64), hint)
    return judged and judged.certain
