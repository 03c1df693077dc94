"""What becomes of damaged and of crafted model files and checkpoints? Faults of `reliability.py`.

A file *survives* if it is refused by a `BrokenFileError`, or if what it holds can be used: rows have the right columns,
without gaps and infinite values that the data do not have, the other methods work, and the sampler can be saved and
loaded again. It is *lost* if any other error is raised, and *silent* if rows are broken, or a flipped byte is not
noticed.
"""

import multiprocessing
import os
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import record

sys.path.insert(0, str(record.ROOT / "tests"))
from crafted import KINDS, RAISES, REFUSED, USED, Source, Stopped  # noqa: E402

from skgan import GANSampler, load, resume, save  # noqa: E402
from skgan.callbacks import PREVIOUS, Checkpoint  # noqa: E402
from skgan.exceptions import BrokenFileError  # noqa: E402

N_CRAFTED, N_PROCESSES = 3000, 2
# Files that no change gives, such as one that JSON cannot hold, are made anew.
SEEDS_PER_KIND = 2 * N_CRAFTED // len(KINDS)
SMALLEST = {"max_iter": 3, "hidden_layer_sizes": (1,), "latent_dim": 1, "random_state": 0, "device": "cpu"}
SMALL_TABLE = pd.DataFrame({"a": np.arange(12) // 3, "b": list("uvuvuvuvuvuv")})


def crafted_files(seed):
    """`N_CRAFTED` files of all `KINDS`, with a right checksum and changed content."""
    return _counted([(_craft, kind, seed) for kind in KINDS])


def flipped_bytes(seed):
    """A small model file and a small checkpoint, of which each byte is changed in one bit, and in all bits."""
    jobs = [(_flip, (read, shard), seed) for read in READERS for shard in range(N_PROCESSES)]
    return _counted(jobs)


def _counted(jobs):
    """The result of jobs (function, what, seed), which each count what became of files."""
    start, total, wrong = time.perf_counter(), Counter(), []
    with multiprocessing.get_context("spawn").Pool(N_PROCESSES) as pool:
        for counts, found in pool.imap_unordered(_run, jobs):
            total += counts
            wrong += found
    for what in wrong:
        print(what, flush=True)
    lost, silent = total["lost"], total["silent"]
    return {
        "outcome": "silent" if lost or silent else "named",
        "said": f"{total['refused']} refused, {total['used']} used",
        "tried": total.total(),
        "survived": total["refused"] + total["used"],
        "lost": lost,
        "silent": silent,
        "seconds": time.perf_counter() - start,
    }


def _run(job):
    function, what, seed = job
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        return function(what, seed, Path(folder))


def _craft(kind, seed, folder):
    source, counts, wrong = Source(kind, folder), Counter(), []
    for number in range(seed * SEEDS_PER_KIND, (seed + 1) * SEEDS_PER_KIND):
        found = source.outcome(number)
        if found is None:
            continue
        outcome, what = found
        counts[outcome if outcome in (REFUSED, USED) else "lost" if outcome.startswith(RAISES) else "silent"] += 1
        if outcome not in (REFUSED, USED):
            wrong.append(f"{kind}, seed {number}: {what}: {outcome}")
        if counts.total() == N_CRAFTED // len(KINDS):
            break
    return counts, wrong


def _resume(path):
    Path(f"{path}{PREVIOUS}").unlink(missing_ok=True)
    return resume(path, SMALL_TABLE)


READERS = {"model": load, "checkpoint": _resume}


def _flip(part, seed, folder):
    name, shard = part
    path, counts, wrong = folder / "file", Counter(), []
    _write(name, path)
    data = path.read_bytes()
    rng = np.random.default_rng(seed)
    file = os.open(path, os.O_RDWR)
    for place in range(shard, len(data), N_PROCESSES):
        for mask in (1 << int(rng.integers(8)), 255):
            os.pwrite(file, bytes([data[place] ^ mask]), place)
            outcome = _outcome_of(READERS[name], path)
            counts[outcome] += 1
            if outcome != "refused":
                wrong.append(f"{name}, byte {place} xor {mask}: {outcome}")
        os.pwrite(file, data[place : place + 1], place)
    os.close(file)
    READERS[name](path)  # Nothing else was changed.
    return counts, wrong


def _write(name, path):
    sampler = GANSampler(**SMALLEST, refine=False)
    if name == "model":
        save(sampler.fit(SMALL_TABLE), path)
        return
    try:
        sampler.set_callbacks(Checkpoint(path, 1e-9), Stopped()).fit(SMALL_TABLE)
    except SystemError:
        Path(f"{path}{PREVIOUS}").unlink(missing_ok=True)


def _outcome_of(read, path):
    try:
        read(path)
    except BrokenFileError:
        return "refused"
    except Exception:
        return "lost"
    return "silent"
