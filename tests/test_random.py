"""Streams of our own: apart from each other, the same each time, and the caller's generators untouched."""

import threading
from itertools import combinations

import numpy as np
import pytest
import torch

from skgan._random import draw_seed, numpy_stream, seeded_globals, torch_stream

PURPOSES = [(0,), (1,), (0, "batches"), (0, "latents"), (0, "batches", 0), (0, "batches", 1), (0, 1), (2**63 - 1,),
            (2**70,), (2**32,), (0, "a", "b"), (0, "b", "a"), (0, "ab")]


def draws(stream, seed, *words):
    """Eight numbers of the stream of that purpose."""
    if stream is numpy_stream:
        return tuple(stream(seed, *words).random(8))
    return tuple(torch.rand(8, generator=stream(seed, *words)).tolist())


@pytest.mark.parametrize("stream", [numpy_stream, torch_stream])
def test_a_stream_is_the_same_each_time_and_no_other(stream):
    drawn = [draws(stream, *purpose) for purpose in PURPOSES]
    assert drawn == [draws(stream, *purpose) for purpose in PURPOSES]
    assert all(not set(a) & set(b) for a, b in combinations(drawn, 2))


def test_the_callers_generators_are_left_as_found():
    def states():
        return torch.get_rng_state().tolist(), np.random.get_state()[1].tolist(), np.random.get_state()[2]

    before = states()
    draws(numpy_stream, 0)
    draws(torch_stream, 0)
    draw_seed(None)
    with seeded_globals(0):
        torch.rand(3)
    assert states() == before


@pytest.mark.parametrize("whole", [0, 7, np.int64(7), np.uint8(7), 2**40])
def test_a_whole_number_is_its_own_seed(whole):
    assert draw_seed(whole) == whole and type(draw_seed(whole)) is int


def test_no_state_is_fresh_entropy():
    assert len({draw_seed(None) for _ in range(10)}) == 10


@pytest.mark.parametrize("make", [np.random.RandomState, np.random.default_rng])
def test_a_generator_is_advanced_by_one_draw(make):
    rng = make(0)
    seeds = [draw_seed(rng) for _ in range(3)]
    assert len(set(seeds)) == 3
    assert draw_seed(make(0)) == seeds[0]
    assert all(type(seed) is int and 0 <= seed < 2**63 for seed in seeds)


@pytest.mark.parametrize("state", [-1, 1.0, "a", True, False, [1], np.float64(1), torch.Generator()])
def test_nothing_else_seeds(state):
    with pytest.raises(ValueError, match="random_state="):
        draw_seed(state)


def test_the_global_generator_is_lent_seeded_and_returned_even_after_an_error():
    before = torch.get_rng_state()
    lent = []
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), seeded_globals(2**70):
            lent.append(torch.rand(4).tolist())
            raise ZeroDivisionError
        assert torch.equal(torch.get_rng_state(), before)
    assert lent[0] == lent[1]
    with seeded_globals(3):
        assert torch.rand(4).tolist() != lent[0]


def test_the_global_generator_is_lent_to_one_at_a_time():
    drawn = {}
    together = threading.Barrier(4)

    def borrow(seed):
        together.wait(10)
        with seeded_globals(seed):
            # Many short draws, between which any other thread may run.
            drawn[seed] = [torch.rand(1).item() for _ in range(300)]

    threads = [threading.Thread(target=borrow, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for seed in range(4):
        with seeded_globals(seed):
            assert drawn[seed] == [torch.rand(1).item() for _ in range(300)]
