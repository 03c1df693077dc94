"""How many steps a second does training take, and how far is that from the products it is made of? results/steps.csv.

    SKGAN_DATA=FOLDER python benchmarks/steps.py [DATASET ...] [--device DEVICE ...] [--steps N]

`GANSampler` with defaults is fitted with N and with 3 N steps, unrefined, and all that is not a step cancels in
the difference: `steps_a_second`. `gflop_a_step` is what torch counts of products in a step, lazy penalties on
average; `gflop_bound` is what the device reaches in a second in products of two large square matrices, under the
settings that training uses (on the CPU: one thread, times the two that share a batch); `share_percent` is what steps
reach of it (of images, whose convolutions work in bfloat16 where that is faster, beside products in single precision
all the same). A DATASET is a table of datasets.py or images of image_data.py. There is no bar. Without --device it runs
on the CPU, and on a CUDA GPU where there is one.
"""

import argparse
import sys
import time
import warnings

import datasets
import joblib
import pandas as pd
import torch
from foundation import HERE, ROOT, circumstances
from image_data import NAMES as IMAGES
from image_data import load_images
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

RESULTS = HERE / "results" / "steps.csv"
COUNTED = 16
LARGE = {"cpu": 2048, "cuda": 8192}


class Products(TorchDispatchMode):
    """Counts what torch's own table of operations says; its FlopCounterMode takes no gradients of gradients."""

    total = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        if func._overloadpacket in flop_registry:
            self.total += flop_registry[func._overloadpacket](*args, **(kwargs or {}), out_val=out)
        return out


def fit(train, device, n_steps):
    from skgan import GANSampler

    sampler = GANSampler(max_iter=n_steps, refine=False, random_state=0, device=device)
    start = time.perf_counter()
    sampler.fit(train)
    return time.perf_counter() - start


def seconds_a_step(train, device, n_steps):
    fit(train, device, 20)
    few, many = (fit(train, device, n) for n in (n_steps, 3 * n_steps))
    return (many - few) / (2 * n_steps)


def flop_a_step(train, device):
    """Counted on one thread, since torch counts what is called on the thread that asks."""
    from skgan.training import _crew

    hands, _crew.MAX_HANDS = _crew.MAX_HANDS, 1
    counts = []
    for n_steps in (COUNTED, 2 * COUNTED):
        with Products() as products:
            fit(train, device, n_steps)
        counts.append(products.total)
    _crew.MAX_HANDS = hands
    return (counts[1] - counts[0]) / COUNTED


def flop_bound(device):
    from skgan.training import _crew, own_settings

    size = LARGE[device]
    best = float("inf")
    with own_settings():
        a, b = (torch.randn(size, size, device=device) for _ in range(2))
        for _ in range(10):
            start = time.perf_counter()
            # Reading one number waits for the device.
            float((a @ b)[0, 0])
            best = min(best, time.perf_counter() - start)
    hands = min(_crew.MAX_HANDS, joblib.cpu_count()) if device == "cpu" else 1
    return hands * 2 * size**3 / best


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="*", default=["adult", "magic"], metavar="DATASET")
    parser.add_argument("--device", nargs="+", choices=LARGE)
    parser.add_argument("--steps", type=int, default=300)
    options = parser.parse_args(arguments)
    sys.path.insert(0, str(ROOT))
    warnings.simplefilter("ignore")
    devices = options.device or ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
    lines = []
    for device in devices:
        bound = flop_bound(device)
        for name in options.datasets:
            train = load_images(name)[0] if name in IMAGES else datasets.load(name)[0]
            seconds, flop = seconds_a_step(train, device, options.steps), flop_a_step(train, device)
            line = {
                "dataset": name,
                "device": torch.cuda.get_device_name() if device == "cuda" else "cpu",
                "n_steps": options.steps,
                "steps_a_second": 1 / seconds,
                "gflop_a_step": flop / 1e9,
                "gflop_bound": bound / 1e9,
                "share_percent": 100 * flop / seconds / bound,
            }
            print(", ".join(f"{key} {value}" for key, value in line.items()), flush=True)
            lines.append({**line, **circumstances()})
    old = pd.read_csv(RESULTS, dtype=str) if RESULTS.exists() else pd.DataFrame()
    new = pd.DataFrame(lines)
    pd.concat([old, new]).to_csv(RESULTS, index=False, lineterminator="\n", float_format="%.4g")


if __name__ == "__main__":
    sys.exit(main())
