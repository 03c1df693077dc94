"""Threads that work side by side: the order of their results, errors, and how many there are."""

import threading
import time

import pytest

from skgan.training import _threads, count_threads, threads


def threads_of(monkeypatch, n_cores):
    monkeypatch.setattr(_threads.joblib, "cpu_count", lambda: n_cores)
    return threads()


@pytest.mark.parametrize("n_cores", [1, 2, 64])
def test_results_come_in_the_order_of_what_was_given(monkeypatch, n_cores):
    def slow_first(x):
        time.sleep(0.05 if x == 0 else 0.0)
        return x * x

    with threads_of(monkeypatch, n_cores) as thread_map:
        assert thread_map.map(slow_first, range(4)) == [0, 1, 4, 9]
        assert thread_map.map(slow_first, [3]) == [9] and thread_map.map(slow_first, []) == []


@pytest.mark.parametrize("n_cores, n_threads", [(1, 1), (2, 2), (64, 2)])
def test_two_threads_at_most_work_at_once(monkeypatch, n_cores, n_threads):
    meet = threading.Barrier(n_threads, timeout=30)

    def who(_):
        meet.wait()  # with fewer threads, none would ever pass
        return threading.get_ident()

    with threads_of(monkeypatch, n_cores) as thread_map:
        assert len(set(thread_map.map(who, range(n_threads)))) == n_threads
        assert threading.get_ident() in thread_map.map(who, range(n_threads))


@pytest.mark.parametrize("broken", [0, 1])
def test_an_error_comes_out_once_all_have_stopped(monkeypatch, broken):
    ended = []

    def work(x):
        if x == broken:
            raise ValueError(f"{x} broke")
        time.sleep(0.05)
        ended.append(x)

    with threads_of(monkeypatch, 2) as thread_map, pytest.raises(ValueError, match=f"{broken} broke"):
        thread_map.map(work, [0, 1])
    assert ended == [1 - broken]


def test_no_thread_outlives_its_block(monkeypatch):
    with threads_of(monkeypatch, 2) as thread_map:
        thread_map.map(abs, [1, 2])
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("skgan")]


@pytest.mark.parametrize("n_jobs, n_threads", [(None, 2), (1, 1), (2, 2), (16, 2), (-1, 2)])
def test_n_jobs_is_joblibs(monkeypatch, n_jobs, n_threads):
    monkeypatch.setattr(_threads.joblib, "cpu_count", lambda: 8)
    monkeypatch.setattr(_threads.joblib, "effective_n_jobs", lambda n: 8 if n == -1 else n)
    assert count_threads(n_jobs) == n_threads
