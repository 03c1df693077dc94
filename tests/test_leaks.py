"""Many fits in one process, several threads at once, and forked processes."""

import gc
import multiprocessing
import os
import signal
import threading
import time
import tracemalloc
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import joblib
import numpy as np
import pytest
import torch
from problems import labels_of, small_array, small_frame

from skgan import ConditionalGANSampler, GANSampler
from skgan._forked import Lock
from skgan._random import seeded_globals
from skgan._torch_settings import own_settings, single_precision
from skgan.callbacks import Callback, Checkpoint, CSVLogger
from skgan.training import count_threads

IMAGES = np.random.default_rng(0).integers(0, 256, (40, 8, 8), dtype=np.uint8)
# Of five fits each.
N_ROUNDS = 3
# In bytes, beside what allocators keep for later: seven kilobytes per fit.
A_LITTLE = 100_000
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="this system has no /proc")


def table(seed=0, **options):
    return GANSampler(max_iter=3, random_state=seed, **options).fit(small_frame(80))


def given_classes(seed=0):
    X = small_array(60)
    return ConditionalGANSampler(max_iter=3, random_state=seed).fit(X, labels_of(X))


def images(seed=0):
    return GANSampler(max_iter=3, random_state=seed).fit(IMAGES)


CASES = (table, given_classes, images)


def rows_of(sampler, n=300, seed=None):
    """Generated rows, and their targets, as text: every digit counts, and missing values are equal."""
    drawn = sampler.sample(n, random_state=seed)
    return [str(np.asarray(part).tolist()) for part in (drawn if isinstance(drawn, tuple) else (drawn,))]


@pytest.fixture(autouse=True)
def fast(few_trees):
    """Refinement has few trees."""


def settings():
    """What a fit changes for a while, and must restore."""
    return {
        "threads": torch.get_num_threads(),
        "dtype": torch.get_default_dtype(),
        "precision": torch.get_float32_matmul_precision(),
        "deterministic": torch.backends.cudnn.deterministic,
        "torch": torch.get_rng_state().tolist(),
        "numpy": np.random.get_state()[1].tolist(),
        "errors": np.geterr(),
        # Python replaces the name of a module in a filter by its pattern at some time.
        "warnings": [tuple(getattr(part, "pattern", part) for part in each) for each in warnings.filters],
    }


class Fails(Callback):
    def on_step_end(self, run):
        raise ZeroDivisionError


def a_fit_of_each_kind(seed, watchers, fails):
    """Three samplers, one with callbacks, and a fit that fails. scikit-learn remembers the last 128 callbacks."""
    for make in CASES:
        rows_of(make(seed), 20)
    GANSampler(max_iter=3, refine=False, random_state=seed).set_callbacks(*watchers).fit(small_array(60))
    with pytest.raises(ZeroDivisionError):
        GANSampler(max_iter=3, random_state=seed).set_callbacks(fails).fit(small_array(60))


def held():
    """Numbers of what this process holds."""
    gc.collect()
    tensors = sum(issubclass(type(each), torch.Tensor) for each in gc.get_objects())
    counts = {"tensors": tensors, "threads": threading.active_count()}
    if Path("/proc/self/fd").exists():
        counts |= {"files": len(os.listdir("/proc/self/fd")), "all threads": len(os.listdir("/proc/self/task"))}
    return counts


def test_what_is_held_does_not_grow_with_the_number_of_fits(tmp_path):
    callbacks = [Checkpoint(tmp_path / "fit", 1e-9), CSVLogger(tmp_path / "run.csv", every=1)], Fails()

    def fits(n):
        for seed in range(n):
            a_fit_of_each_kind(seed, *callbacks)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    fits(2)
    tracemalloc.start()
    try:
        n_bytes = fits(1)
        before, n_objects, global_settings = held(), len(gc.get_objects()), settings()
        grown = fits(N_ROUNDS) - n_bytes
        assert len(gc.get_objects()) - n_objects < 5 * N_ROUNDS
    finally:
        tracemalloc.stop()
    assert held() == before
    assert settings() == global_settings
    assert grown < A_LITTLE


@pytest.mark.parametrize("make", [table, images])
def test_a_fit_leaves_nothing_to_the_garbage_collector(make):
    """It runs seldom where few objects are made, and each fit would leave megabytes behind."""
    make()
    gc.collect()
    gc.disable()
    try:
        sampler = make()
        n_tensors = sum(issubclass(type(each), torch.Tensor) for each in gc.get_objects())
        gc.collect()
        assert sum(issubclass(type(each), torch.Tensor) for each in gc.get_objects()) == n_tensors
        assert sampler.n_iter_ == 3
    finally:
        gc.enable()


@needs_proc
def test_files_are_closed_while_a_sampler_is_read_and_written(tmp_path):
    import skgan

    sampler, before = table(), held()
    for _ in range(5):
        skgan.save(sampler, tmp_path / "model")
        skgan.load(tmp_path / "model").sample_to(tmp_path / "rows.csv", 10, random_state=0)
    assert held()["files"] == before["files"]


def in_threads(function, arguments):
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(function, arguments))


def test_eight_threads_fit_and_sample_as_one_after_another():
    def fitted_rows(number):
        sampler = CASES[number % 3](number)
        return rows_of(sampler, 70) + rows_of(sampler, 70)

    expected, before = [fitted_rows(number) for number in range(8)], settings()
    assert in_threads(fitted_rows, range(8)) == expected
    assert settings() == before


@pytest.mark.parametrize("make", CASES)
def test_one_sampler_is_sampled_from_eight_threads(make):
    sampler, before = make(), settings()
    expected = [rows_of(sampler, 300, seed) for seed in range(8)]
    assert in_threads(lambda seed: rows_of(sampler, 300, seed), range(8)) == expected
    assert settings() == before


def test_threads_that_give_no_seed_draw_different_rows():
    sampler, other = table(refine=False), table(refine=False)
    drawn = in_threads(lambda _: rows_of(sampler, 20), range(16))
    expected = [rows_of(other, 20) for _ in range(16)]
    assert sorted(drawn) == sorted(expected)
    assert len({text for [text] in drawn}) == 16


def in_fork(function, seconds=60):
    """What a forked process returns by ``os._exit(function())``; it is killed if it takes too long."""
    process = os.fork()
    if process == 0:
        code = 99
        try:
            code = function()
        finally:
            os._exit(code)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return "hangs"


@needs_fork
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("make", CASES)
def test_a_forked_process_samples_and_fits(make):
    sampler = make()
    expected = rows_of(sampler, 300, 0)
    assert in_fork(lambda: int(rows_of(sampler, 300, 0) != expected)) == 0
    assert in_fork(lambda: int(rows_of(make(), 300, 0) != expected)) == 0
    assert in_fork(lambda: count_threads(2)) == 1


@needs_fork
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_scores_in_a_forked_process():
    """scikit-learn's trees wait for ever where their threads were left behind by a fork."""
    X, sampler = small_frame(300), table()
    expected = sampler.score(X)
    assert in_fork(lambda: int(sampler.score(X) != expected)) == 0


def sampled(sampler, seed):
    return rows_of(sampler, 50, seed)


@needs_fork
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_pools_of_forked_processes():
    sampler = table()
    expected = [rows_of(sampler, 50, seed) for seed in range(4)]
    calls = [(sampler, seed) for seed in range(4)]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.starmap_async(sampled, calls).get(60) == expected
    with joblib.parallel_config("multiprocessing", n_jobs=2):
        assert joblib.Parallel(timeout=60)(joblib.delayed(sampled)(*call) for call in calls) == expected


@needs_fork
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_fork_in_the_middle_of_a_fit_of_another_thread():
    """Locks that this thread held are open, and what it had set is as before."""
    torch.set_default_dtype(torch.float64)
    is_inside, may_end = threading.Event(), threading.Event()

    def another():
        with own_settings(), seeded_globals(0):
            is_inside.set()
            may_end.wait(60)

    thread = threading.Thread(target=another)
    thread.start()
    try:
        is_inside.wait(60)
        assert torch.get_default_dtype() == torch.float32

        def child():
            assert torch.get_default_dtype() == torch.float64
            start = time.monotonic()
            rows_of(GANSampler(max_iter=2, refine=False, random_state=0).fit(small_array(60)), 20)
            assert torch.get_default_dtype() == torch.float64
            return int(time.monotonic() - start > 30)

        assert in_fork(child) == 0
        assert in_fork(lambda: fork_within_a_block()) == 0
    finally:
        may_end.set()
        thread.join()
        assert torch.get_default_dtype() == torch.float64
        torch.set_default_dtype(torch.float32)


def fork_within_a_block():
    """The block of the thread that forks goes on in the new process."""
    with single_precision():
        if in_fork(lambda: int(torch.get_default_dtype() != torch.float32)) != 0:
            return 1
    return int(torch.get_default_dtype() != torch.float64)


@needs_fork
def test_a_lock_is_open_in_a_forked_process():
    lock = Lock()

    def enter():
        with lock:
            return 0

    with lock:
        assert in_fork(enter, 10) == 0
    with lock:
        pass
