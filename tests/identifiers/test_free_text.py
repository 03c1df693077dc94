"""Which columns are free text."""

import numpy as np
import pandas as pd
import pytest
from identifier_columns import IDENTIFIERS, NONE, UNCERTAIN, words

from skgan._identifiers import is_free_text

WORDS = words(5, 60)


def sentences(n_words, n=200, seed=0):
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, n_words)) for _ in range(n)]


FREE = {
    "reviews": sentences(30),
    "four words": sentences(4),
    "two long words": [f"{a}{b}{a} {b}{a}" for a, b in zip(words(6), words(5))],
    "addresses": [f"{i % 90 + 1} {a.title()} Street, {b.title()}" for i, (a, b) in enumerate(zip(words(6), words(7)))],
    "half repeated": sentences(8, 100) + sentences(8, 50),
    "with missing values": [*sentences(6), None, np.nan],
    "few": sentences(9, 10),
    "one": sentences(9, 1),
    "Chinese": ["".join(chr(0x4E00 + i * 7 + j) for j in range(30)) for i in range(60)],
    "long": [text * 5 for text in sentences(500, 20)],
}
OTHER = {
    "long categories": sentences(6, 20) * 10,
    "short": sentences(2),
    "few, one repeated": sentences(9, 7) + sentences(9, 1),
    "dates in words": [f"{day:%A, %d %B %Y at %H:%M}" for day in pd.date_range("2020", periods=99)],
    "lists of numbers": ["1, 2.5, 3, 4, " + str(i) for i in range(99)],
}


@pytest.mark.parametrize("values", FREE.values(), ids=FREE)
@pytest.mark.parametrize("container", [list, pd.Series, lambda values: np.array(values, dtype=object)])
def test_free_text(values, container):
    assert is_free_text(container(values))


@pytest.mark.parametrize("values", [*OTHER.values(), *NONE.values(), *UNCERTAIN.values(),
                                    *(values for values, *_ in IDENTIFIERS.values())],
                         ids=[*OTHER, *NONE, *UNCERTAIN, *IDENTIFIERS])  # fmt: skip
def test_other_columns_are_not(values):
    assert not is_free_text(values)
