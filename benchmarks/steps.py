"""How many steps per second does training make, and what share of the device's speed is that? results/steps.csv.

    SKGAN_DATA=FOLDER python benchmarks/steps.py [DATASET ...] [--device DEVICE ...] [--steps N]

steps_a_second
    `GANSampler` with defaults and without refinement is fitted with 3 N steps; a callback reads the clock after step N
    and at the end, each time when the device has done all that it was given.
gflop_a_step
    Floating-point operations of the matrix products and convolutions of a step, as torch counts them, averaged over
    steps with and without the gradient penalty. They are counted on the CPU, where all operations of a step pass
    through Python: replayed CUDA graphs do not.
gflop_bound
    What the device reaches per second in products of two large square matrices under the settings of training (on the
    CPU: one thread, times the number of threads that share a batch).
share_percent
    gflop_a_step times steps_a_second over gflop_bound. Convolutions of images use bfloat16 where that is faster, and
    are compared with products in single precision all the same.

A DATASET is a table of datasets.py or a set of images of image_data.py. There is no bar. Without --device it runs on
the CPU, and on a CUDA GPU where there is one. With --rows only the first ROWS rows are used, to try the script.
"""

import argparse
import os
import sys
import time
import warnings
from contextlib import contextmanager

import datasets
import joblib
import record
import torch
from image_data import NAMES as IMAGES
from image_data import load_images
from record import append_row, circumstances, device_name
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from skgan import GANSampler
from skgan.callbacks import Callback

RESULTS = record.RESULTS / "steps.csv"
COUNTED = 16
# Threads that share a batch on a CPU, where there are as many cores.
MAX_THREADS = 2
LARGE = {"cpu": 2048, "cuda": 8192}


class Products(TorchDispatchMode):
    """Counts by torch's own table of operations; torch's FlopCounterMode does not support gradients of gradients."""

    total = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        if func._overloadpacket in flop_registry:
            self.total += flop_registry[func._overloadpacket](*args, **(kwargs or {}), out_val=out)
        return out


class Clock(Callback):
    """Reads the time after one step and after another."""

    def __init__(self, *steps):
        self.steps, self.seconds = steps, []

    def on_step_end(self, run):
        if run.n_iter in self.steps:
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            self.seconds.append(time.perf_counter())


def fit(train, device, n_steps, *callbacks):
    GANSampler(max_iter=n_steps, refine=False, random_state=0, device=device).set_callbacks(*callbacks).fit(train)


def seconds_a_step(train, device, n_steps):
    clock = Clock(n_steps, 3 * n_steps)
    fit(train, device, 3 * n_steps, clock)
    start, end = clock.seconds
    return (end - start) / (2 * n_steps)


def flop_a_step(train):
    """Floating-point operations of a step, counted on the CPU."""
    counts = []
    for n_steps in (COUNTED, 2 * COUNTED):
        with one_core(), Products() as products:
            fit(train, "cpu", n_steps)
        counts.append(products.total)
    return (counts[1] - counts[0]) / COUNTED


@contextmanager
def one_core():
    """Let joblib find one core, so that training uses this thread alone: torch counts only what is called on it."""
    before = os.environ.get("LOKY_MAX_CPU_COUNT")
    os.environ["LOKY_MAX_CPU_COUNT"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["LOKY_MAX_CPU_COUNT"]
        else:
            os.environ["LOKY_MAX_CPU_COUNT"] = before


def flop_bound(device):
    """Floating-point operations per second in large matrix products."""
    from skgan._torch_settings import own_settings

    size = LARGE[device]
    best = float("inf")
    with own_settings():
        a, b = (torch.randn(size, size, device=device) for _ in range(2))
        for _ in range(10):
            start = time.perf_counter()
            # Reading one number synchronises with the device.
            float((a @ b)[0, 0])
            best = min(best, time.perf_counter() - start)
    n_threads = min(MAX_THREADS, joblib.cpu_count()) if device == "cpu" else 1
    return n_threads * 2 * size**3 / best


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="*", default=["adult", "magic"], metavar="DATASET")
    parser.add_argument("--device", nargs="+", choices=LARGE)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--rows", type=int, help="use only the first ROWS rows, to try the script")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    devices = options.device or ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
    for device in devices:
        bound = flop_bound(device)
        for name in options.datasets:
            train = load_images(name)[0] if name in IMAGES else datasets.load(name)[0]
            train = train[: options.rows]
            seconds, flop = seconds_a_step(train, device, options.steps), flop_a_step(train)
            row = {
                "dataset": name,
                "device": device_name(device),
                "n_steps": options.steps,
                "steps_a_second": 1 / seconds,
                "gflop_a_step": flop / 1e9,
                "gflop_bound": bound / 1e9,
                "share_percent": 100 * flop / seconds / bound,
            }
            append_row(RESULTS, {**row, **circumstances()})
            print(", ".join(f"{key} {value}" for key, value in row.items()), flush=True)


if __name__ == "__main__":
    sys.exit(main())
