"""The faults of `reliability.py` that need many fits: leaks, threads, forks, kills and stops. Run that script.

leaks: 200 fits
    After 20 fits of tables, classes and images, 200 more. Recovered if threads and open files are as before, and the
    memory of the process has grown by less than 50 MB.
8 threads
    Fit and sample at once what was fitted one after another, and sample from one sampler. Recovered if all rows are
    equal.
fork
    30 forked processes sample and fit. Recovered if each ends, with the same rows.
killed at random moments
    Fits with a checkpoint every 5 ms are killed by SIGKILL 200 times. Recovered if each resumed fit ends in the rows
    of one that was not killed, to the last bit.
stopped runs
    40 fits of tables, classes and images are stopped at random steps by KeyboardInterrupt, by SIGINT at any moment, by
    SIGTERM, by an error or by `run.stop`, and are resumed.
"""

import os
import signal
import tempfile
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import record  # noqa: F401  (puts this checkout first on the path)
from sklearn.datasets import load_breast_cancer, load_digits

from skgan import ConditionalGANSampler, GANSampler, resume
from skgan.callbacks import Callback, Checkpoint

N_FITS, N_KILLS, N_STOPS, N_FORKS, MAX_MB = 200, 200, 40, 30, 50
SMALL = {"batch_size": 64, "hidden_layer_sizes": (32, 32), "refine": False, "device": "cpu"}


def table_case(seed, **options):
    X = load_breast_cancer(as_frame=True).data.iloc[:, :8]
    return GANSampler(random_state=seed, **{"max_iter": 80, **SMALL, **options}), (X,)


def class_case(seed, **options):
    X, y = load_breast_cancer(return_X_y=True)
    return ConditionalGANSampler(random_state=seed, **{"max_iter": 80, **SMALL, **options}), (X[:, :8], y)


def image_case(seed, **options):
    given = {"max_iter": 30, **SMALL, "hidden_layer_sizes": (8,), "batch_size": 16, **options}
    return GANSampler(random_state=seed, **given), (load_digits().images[:300],)


CASES = (table_case, class_case, image_case)


def text_of(sampler, n=100, seed=0):
    """Generated rows, every digit of them."""
    drawn = sampler.sample(n, random_state=seed)
    return str([np.asarray(part).tolist() for part in (drawn if isinstance(drawn, tuple) else (drawn,))])


def fitted(number, **options):
    sampler, data = CASES[number % len(CASES)](number, **options)
    return sampler.fit(*data)


def verdict(n_good, n, what, start):
    said = f"{n_good} of {n} {what}"
    return {"outcome": "recovered" if n_good == n else "silent", "said": said, "seconds": time.perf_counter() - start}


def held():
    return threading.active_count(), len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))


def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def leaks(seed):
    start = time.perf_counter()

    def fits(n):
        for number in range(n):
            fitted(seed + number, max_iter=5, refine=True).sample(100)

    fits(20)
    before, base = held(), megabytes()
    fits(N_FITS // 2)
    half = megabytes() - base
    fits(N_FITS // 2)
    grown, is_flat = megabytes() - base, held() == before
    said = f"{half:.0f} MB more after {N_FITS // 2} fits and {grown:.0f} MB after {N_FITS}"
    said += "" if is_flat else f"; threads and files {before} before and {held()} after"
    word = "recovered" if is_flat and grown < MAX_MB else "silent"
    return {"outcome": word, "said": said, "seconds": time.perf_counter() - start}


def eight_threads(seed):
    start = time.perf_counter()

    def rows(number):
        return text_of(fitted(seed + number, max_iter=20, refine=True))

    expected = list(map(rows, range(16)))
    with ThreadPoolExecutor(8) as pool:
        same = [a == b for a, b in zip(expected, pool.map(rows, range(16)), strict=True)]
    for number in range(3):
        sampler = fitted(seed + number, max_iter=20, refine=True)
        expected = [text_of(sampler, 500, k) for k in range(16)]
        with ThreadPoolExecutor(8) as pool:
            found = pool.map(lambda k, sampler=sampler: text_of(sampler, 500, k), range(16))
            same += [a == b for a, b in zip(expected, found, strict=True)]
    return verdict(sum(same), len(same), "equal", start)


def forked(function):
    """The id of a forked process that calls ``function()``; its exit code is 0 if that is true."""
    process = os.fork()
    if process == 0:
        code = 1
        try:
            code = 0 if function() else 2
        finally:
            os._exit(code)
    return process


def ended(process, seconds=60):
    """The exit code of a process, negative for a signal; None, and it is killed, if it hangs."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return None


def forks(seed):
    start, codes = time.perf_counter(), []
    for number in range(N_FORKS // 2):
        sampler = fitted(seed + number, max_iter=20, refine=True)
        expected = text_of(sampler)
        codes.append(ended(forked(lambda s=sampler, e=expected: text_of(s) == e)))
        again = forked(lambda n=number, e=expected: text_of(fitted(seed + n, max_iter=20, refine=True)) == e)
        codes.append(ended(again))
    return verdict(codes.count(0), len(codes), "equal", start)


def kills(seed):
    rng, start = np.random.default_rng(seed), time.perf_counter()
    expected, n_same, n_kills, n_writing, early = {}, 0, 0, 0, 0
    for case in CASES:
        sampler, data = case(seed)
        begin = time.perf_counter()
        expected[case] = text_of(sampler.fit(*data))
        expected[case] = expected[case], time.perf_counter() - begin
    while n_kills < N_KILLS:
        case = CASES[n_kills % len(CASES)]
        rows, seconds = expected[case]
        sampler, data = case(seed)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "fit")
            sampler.set_callbacks(Checkpoint(path, 0.005))
            process = forked(lambda s=sampler, d=data: s.fit(*d))
            while not path.exists():
                time.sleep(0.001)
            time.sleep(rng.uniform(0, 1.2 * seconds))
            os.kill(process, signal.SIGKILL)
            if ended(process) != -signal.SIGKILL:
                early += 1
                continue
            n_kills += 1
            n_writing += any(name.startswith(".skgan-") for name in os.listdir(folder))
            n_same += text_of(resume(path, *data)) == rows
    what = f"equal to the last bit, {n_writing} killed while a checkpoint was written"
    return verdict(n_same, N_KILLS, what, start)


class Stop(Callback):
    """Does something at a step."""

    def __init__(self, step, hook, act):
        self.step, self.hook, self.act = step, hook, act

    def on_step_begin(self, run):
        if self.hook == "begin" and run.n_iter == self.step:
            self.act(run)

    def on_step_end(self, run):
        if self.hook == "end" and run.n_iter == self.step:
            self.act(run)


def raising(error):
    def act(run):
        raise error

    return act


def soon(run):
    """Ctrl-C at any moment of the next steps."""
    signal.setitimer(signal.ITIMER_REAL, np.random.default_rng(run.n_iter).uniform(0.001, 0.05))


WAYS = {
    "KeyboardInterrupt": raising(KeyboardInterrupt()),
    "SIGINT": soon,
    "SIGTERM": lambda run: os.kill(os.getpid(), signal.SIGTERM),
    "error": raising(OSError("planted")),
    "stop": lambda run: run.stop(),
}


def attempt(sampler, data):
    try:
        sampler.fit(*data)
    except (KeyboardInterrupt, OSError):
        return


def stops(seed):
    rng, start, wrong = np.random.default_rng(seed), time.perf_counter(), []
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    expected = [text_of(fitted(number)) for number in range(len(CASES))]
    try:
        for number in range(N_STOPS):
            way, k = list(WAYS)[number % len(WAYS)], int(rng.integers(len(CASES)))
            sampler, data = CASES[k](k)
            step, hook = int(rng.integers(1, sampler.max_iter)), str(rng.choice(["begin", "end"]))
            with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                path = Path(folder, "fit")
                callbacks = [Checkpoint(path, 0.02), Stop(step, hook, WAYS[way])]
                sampler.set_callbacks(*(callbacks if rng.integers(2) else callbacks[::-1]))
                if way == "SIGTERM":
                    assert ended(forked(lambda s=sampler, d=data: s.fit(*d))) == -signal.SIGTERM
                else:
                    attempt(sampler, data)
                    signal.setitimer(signal.ITIMER_REAL, 0)
                if text_of(resume(path, *data)) != expected[k]:
                    wrong.append(f"{way} {CASES[k].__name__} {step} {hook}")
    finally:
        signal.signal(signal.SIGALRM, before)
    return verdict(N_STOPS - len(wrong), N_STOPS, " ".join(["equal to the last bit", *wrong]), start)


FAULTS = {
    "leaks: 200 fits": leaks,
    "8 threads": eight_threads,
    "fork": forks,
    "killed at random moments": kills,
    "stopped runs": stops,
}
