"""Rows from a generator: which are kept, in which order, and what happens where none is."""

import numpy as np
import pytest
import torch

from skgan._spec import DataSpec
from skgan.encoders import Conditions, Encoded
from skgan.refinement import Balance
from skgan.samplers._rows import BLOCK, MAX_ATTEMPTS, MAX_NUMBERS, RowSource, block_of


class Plain(torch.nn.Module):
    """A generator whose rows are its latent and its condition."""

    noise_dim = 1

    def forward(self, latent, condition):
        return torch.cat([latent, condition], dim=1)


class Codes:
    """An encoder whose only code is whether the number is positive."""

    def __init__(self, width):
        self.spec_ = DataSpec.from_pieces([("uniform", 1, ())] * width)

    def row_features(self, rows):
        return (rows[:, :1] > 0).astype(np.uint8)


class Keeps:
    """A refiner that keeps positive and other numbers with the given probabilities."""

    def __init__(self, positive, other, balance=None):
        self.log = np.log([other, positive])
        self.balance = balance

    def log_keep(self, features):
        return self.log[features[:, 0]]


def block(refiner, conditions=None, number=0):
    conditions = Conditions.none(BLOCK) if conditions is None else conditions
    source = RowSource(Plain(), Codes(1 + conditions.tensor.shape[1]), torch.device("cpu"), refiner=refiner)
    return source.rows(BLOCK, lambda _: conditions, seed=number)


def asked_for(values):
    """Conditions that are these numbers."""
    encoded = Encoded.empty(len(values), DataSpec.from_pieces([("uniform", 1, ())]))
    for end in (encoded.low, encoded.high):
        end[:, 0] = torch.as_tensor(values)
    return Conditions(encoded, np.zeros((len(values), 1), dtype=np.uint8), np.empty((len(values), 0), dtype=np.int32))


def test_what_is_kept_comes_in_the_order_of_its_drawing():
    everything, positive = block(Keeps(1.0, 1.0)), block(Keeps(1.0, 1e-300))
    drawn_first = everything[everything[:, 0] > 0]
    assert (positive > 0).all() and len(np.unique(positive)) == BLOCK
    np.testing.assert_array_equal(positive[: len(drawn_first)], drawn_first)


def test_where_all_are_rejected_the_likeliest_come():
    rows = block(Keeps(1e-200, 1e-300))
    assert rows.shape == (BLOCK, 1) and (rows > 0).all() and len(np.unique(rows)) == BLOCK


def test_rows_kept_at_random_follow_the_odds():
    rows = np.concatenate([block(Keeps(0.6, 0.2), number=number) for number in range(8)])
    assert (rows > 0).mean() == pytest.approx(0.75, abs=0.02)


def test_a_balance_chooses_among_the_kept():
    real = np.repeat([[0], [1]], [300, 700], axis=0).astype(np.uint8)
    balances = None, Balance(real, np.array([False]))
    shares = [(block(Keeps(0.6, 0.2, balance), number=3) > 0).mean() for balance in balances]
    assert shares[0] == pytest.approx(0.75, abs=0.05) and shares[1] == pytest.approx(0.7, abs=0.001)


@pytest.mark.parametrize("positive, other", [(1.0, 1e-300), (1e-200, 1e-300), (0.5, 0.5)])
def test_each_condition_gets_a_row_of_its_own(positive, other):
    wanted = np.linspace(-1, 1, BLOCK, dtype=np.float32)
    rows = block(Keeps(positive, other), asked_for(wanted))
    np.testing.assert_array_equal(rows[:, 1], wanted)
    # A slot of which all candidates are rejected has had so many that one of them is likely.
    assert (rows[:, 0] > 0).mean() > (1 - 2.0**-MAX_ATTEMPTS) * (positive > other)


def test_wide_rows_come_in_smaller_blocks():
    assert block_of(1) == block_of(MAX_NUMBERS // BLOCK) == BLOCK
    for width in (MAX_NUMBERS // BLOCK + 1, 481 * 321, MAX_NUMBERS):
        assert 1 <= block_of(width) < BLOCK and block_of(width) * width <= MAX_NUMBERS
    assert block_of(10 * MAX_NUMBERS) == 1
