"""Encoded rows: small while they wait, and unfolded to what the networks see."""

import numpy as np
import pandas as pd
import pytest
import torch

from skgan._forms import read_table
from skgan._spec import DataSpec
from skgan.encoders import Encoded, TableEncoder, _encoded

N = 300


def table_of(n=N, n_categories=3):
    """Categories, numbers with and without missing values, and an empty column."""
    rng = np.random.default_rng(0)
    return read_table(pd.DataFrame({
        "level": rng.permutation(np.resize(np.arange(n_categories), n)).astype(str),
        "amount": rng.normal(size=n),
        "some missing": np.where(rng.random(n) < 0.3, np.nan, rng.integers(5, size=n)),
        "void": np.nan,
    }))


def encoded(table):
    return TableEncoder(min_frequency=5).fit(table).encode(table)


def test_rows_unfold_to_one_hot_levels_and_numbers_within_their_intervals():
    rows = encoded(table_of())
    index, place = torch.tensor([7, 7, 0]), torch.tensor([[0.0, 0.0], [1.0, 0.25], [0.5, 0.5]])
    given = rows.rows(index, place)
    assert given.shape == (3, rows.spec.width) and given.dtype == torch.float32
    for span, codes in zip(rows.spec.of_kind("categorical"), rows.codes.T):
        assert given[:, span.start : span.stop].argmax(1).tolist() == codes[index].tolist()
        assert (given[:, span.start : span.stop].sum(1) == 1).all()
    low, high = rows.low[index], rows.high[index]
    assert torch.equal(given[:, rows.spec.indices("uniform")], low + place * (high - low))


def test_all_rows_unfold_at_the_middle_and_at_both_ends():
    rows = encoded(table_of())
    everyone = torch.arange(N)
    low, high = rows
    for share, expected in ((0.0, low), (0.5, rows.middle()), (1.0, high)):
        torch.testing.assert_close(rows.rows(everyone, torch.full(rows.low.shape, share)), expected)


@pytest.mark.parametrize("index", [np.array([5, 0, 5]), torch.tensor([5, 0, 5]), slice(2, 9, 3)], ids=type)
def test_some_of_the_rows_are_rows_too(index):
    rows = encoded(table_of())
    chosen = rows[index]
    assert len(chosen) == 3
    assert torch.equal(chosen.middle(), rows.middle()[index])


def test_codes_are_as_small_as_the_levels_allow():
    assert encoded(table_of(n_categories=100)).codes.dtype == torch.int8
    wide = Encoded.empty(2, DataSpec.from_pieces([("categorical", 1000, (0.0,) * 1000)]))
    assert wide.codes.dtype == torch.int16
    wide.codes[:] = torch.tensor([[999], [-1]])
    assert wide.middle().argmax(1).tolist() == [999, 0] and wide.middle().sum(1).tolist() == [1, 0]


def test_a_level_that_is_none_of_the_known_is_a_row_of_zeros():
    table = table_of()
    encoder = TableEncoder(min_frequency=5).fit(table)
    unknown = {"level": ["z", None, "1"], "amount": 0.0, "some missing": 0.0, "void": None}
    strange = table.form.read_like(pd.DataFrame(unknown))
    assert encoder.encode(strange).middle()[:, :3].sum(1).tolist() == [0, 0, 1]


def test_a_layout_of_one_kind_alone():
    numbers = encoded(read_table(np.random.default_rng(0).normal(size=(N, 2))))
    assert numbers.codes.shape == (N, 0) and numbers.middle().shape == (N, 2)
    categories = encoded(read_table(pd.DataFrame({"a": ["x", "y"] * 9, "b": ["x"] * 18})))
    assert categories.low.shape == (18, 0) and categories.middle().sum(1).tolist() == [2.0] * 18
    assert Encoded.empty(4, DataSpec()).middle().shape == (4, 0)


def test_rows_are_the_same_however_many_are_encoded_at_a_time(monkeypatch):
    table = table_of()
    encoder = TableEncoder(min_frequency=5).fit(table)
    whole = encoder.encode(table)
    monkeypatch.setattr(_encoded, "CHUNK", 7)
    assert torch.equal(encoder.encode(table).middle(), whole.middle())


def test_moving_to_a_device_moves_every_tensor():
    moved = encoded(table_of()).to("meta")
    assert moved.rows(torch.zeros(4, dtype=torch.int64, device="meta"), torch.zeros(4, 2, device="meta")).is_meta
    assert moved.middle().shape == (N, moved.spec.width)
