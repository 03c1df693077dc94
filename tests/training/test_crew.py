"""Hands that work side by side: the order of what they bring, errors, and how many they are."""

import threading
import time

import pytest

from skgan.training import _crew as crew_module
from skgan.training import crew


def hands(monkeypatch, n_cores):
    monkeypatch.setattr(crew_module.joblib, "cpu_count", lambda: n_cores)
    return crew()


@pytest.mark.parametrize("n_cores", [1, 2, 64])
def test_results_come_in_the_order_of_what_was_given(monkeypatch, n_cores):
    def slow_first(x):
        time.sleep(0.05 if x == 0 else 0.0)
        return x * x

    with hands(monkeypatch, n_cores) as many:
        assert many.map(slow_first, range(4)) == [0, 1, 4, 9]
        assert many.map(slow_first, [3]) == [9] and many.map(slow_first, []) == []


@pytest.mark.parametrize("n_cores, n_threads", [(1, 1), (2, 2), (64, 2)])
def test_two_hands_at_most_work_at_once(monkeypatch, n_cores, n_threads):
    meet = threading.Barrier(n_threads, timeout=30)

    def who(_):
        meet.wait()  # with fewer hands than this, nobody would ever get here
        return threading.get_ident()

    with hands(monkeypatch, n_cores) as many:
        assert len(set(many.map(who, range(n_threads)))) == n_threads
        assert threading.get_ident() in many.map(who, range(n_threads))


@pytest.mark.parametrize("broken", [0, 1])
def test_an_error_comes_out_once_all_have_stopped(monkeypatch, broken):
    ended = []

    def work(x):
        if x == broken:
            raise ValueError(f"{x} broke")
        time.sleep(0.05)
        ended.append(x)

    with hands(monkeypatch, 2) as many, pytest.raises(ValueError, match=f"{broken} broke"):
        many.map(work, [0, 1])
    assert ended == [1 - broken]


def test_no_thread_outlives_its_block(monkeypatch):
    with hands(monkeypatch, 2) as many:
        many.map(abs, [1, 2])
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("skgan")]
