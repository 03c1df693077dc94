"""verbatim_text: texts and identifiers of training rows in synthetic ones."""

import numpy as np
import pandas as pd
import pytest
from problems import adult_like

from skgan.metrics import verbatim_text
from skgan.metrics._verbatim import repeated_texts

N = 100


def rows(start=0, n=N):
    """Rows with a text, two identifiers, a number and a category."""
    numbers = np.arange(start, start + n)
    return pd.DataFrame({
        "note": [f"patient {i} was seen with pain in knee {i}" for i in numbers],
        "order_id": numbers,
        "mail": [f"a{i}@firm.de" for i in numbers],
        "age": numbers % 50,
        "city": np.where(numbers % 2, "Bonn", "Ulm"),
    })  # fmt: skip


def test_known_shares():
    X = rows()
    score, columns = verbatim_text(X, X)
    assert score == 1 and columns["column"].tolist() == ["note", "order_id", "mail"]
    assert verbatim_text(X, rows(N)).score == 0
    half = rows(N).assign(note=np.where(np.arange(N) % 2, X["note"], "[text]"))
    score, columns = verbatim_text(X, half)
    assert score == pytest.approx(1 / 6) and columns["value"].tolist() == [0.5, 0, 0]


def test_missing_values_do_not_count():
    X = rows()
    some = X.assign(note=[None] * (N - 4) + ["new one", *X["note"][:3]], mail=None)
    columns = verbatim_text(X, some[X.columns]).columns.set_index("column")["value"]
    assert columns.to_dict() == {"note": 0.75, "order_id": 1, "mail": 0}


def test_other_columns_do_not_count():
    result = verbatim_text(adult_like(200, random_state=0), adult_like(200, random_state=0))
    assert result.score == 0 and result.columns.empty


def test_small_tables_are_looked_at():
    for n in (1, 12, 40):
        # Without a name that says identifier, numbers of small tables may be quantities.
        score, columns = verbatim_text(rows(n=n), rows(n=n))
        expected = ["note", "mail"] if n < 5 else ["note", "order_id", "mail"]
        assert score == 1 and columns["column"].tolist() == expected
    plain = rows(n=40).rename(columns={"order_id": "rank"})
    assert verbatim_text(plain, plain).columns["column"].tolist() == ["note", "mail"]


def test_repeated_texts_are_those_of_other_rows():
    X = rows()
    assert repeated_texts(X).score == 0
    twice = X.assign(note=[*X["note"][:5], *X["note"][:-5]])
    assert repeated_texts(twice).columns["value"].tolist() == [0.1, 0, 0]


def test_arrays_and_frames_agree():
    X, other = rows(), rows(N // 2)
    assert verbatim_text(X.to_numpy(), other.to_numpy()).score == verbatim_text(X, other).score == 0.5
