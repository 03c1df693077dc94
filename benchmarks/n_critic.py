"""How many updates of the critic per update of the generator does the Wasserstein loss need?

    OMP_NUM_THREADS=1 python benchmarks/n_critic.py

The paper [1]_ has five. Here runs with 1, 2 and 5 make the same total number of updates of both networks, so that they
take about the same time. Two data sets: the ring of eight Gaussians of `ring.py`, by modes covered and the share of
rows of high quality; and 2,000 rows of a made-up table of mixed columns (`skgan.datasets.make_mixed`), by `score` on
2,000 fresh rows, which is 1 where a classifier cannot tell generated rows apart. Refinement is off, since it would hide
differences.

Writes benchmarks/results/n_critic.csv, one row per run. There is no bar: the default of ``n_critic="auto"`` for the
Wasserstein loss is the number that is best or close to the best on both.

References
----------
.. [1] Arjovsky, Chintala and Bottou, "Wasserstein generative adversarial networks", ICML 2017, algorithm 1.
"""

import os
import platform
import sys
import time
import warnings

import pandas as pd
import record
import torch
from ring import N_DRAWN, N_TRAIN, SCALE, quality

from skgan import GANSampler
from skgan.datasets import make_mixed, make_ring

SEEDS = (0, 1, 2)
N_CRITIC = (1, 2, 5)
# Updates of both networks together: those of 1,000 steps of one update each.
N_UPDATES = 2000
N_ROWS = 2000
RESULTS = record.RESULTS / "n_critic.csv"


def ring(sampler, seed):
    """Modes covered, and the share of rows of high quality."""
    X, _ = make_ring(N_TRAIN, scale=SCALE, random_state=seed)
    modes, share = quality(sampler.fit(X).sample(N_DRAWN, random_state=seed))
    return {"modes_covered": modes, "high_quality_share": round(share, 3)}


def table(sampler, seed):
    """The score against fresh rows of the same distribution."""
    train, fresh = (make_mixed(N_ROWS, random_state=2 * seed + part) for part in (0, 1))
    return {"score": round(sampler.fit(train).score(fresh), 3)}


def main():
    # The code that runs is that of the start, whatever is committed meanwhile.
    rows, commit = [], record.commit()
    for data in (ring, table):
        for n_critic in N_CRITIC:
            for seed in SEEDS:
                max_iter = N_UPDATES // (n_critic + 1)
                sampler = GANSampler(
                    loss="wasserstein", n_critic=n_critic, max_iter=max_iter, refine=False, device="cpu",
                    random_state=seed,
                )
                start = time.process_time()
                measured = data(sampler, seed)
                rows.append({
                    "data": data.__name__,
                    "n_critic": n_critic,
                    "max_iter": max_iter,
                    "seed": seed,
                    **measured,
                    "cpu_seconds": round(time.process_time() - start, 1),
                    "commit": commit,
                    "machine": f"{platform.machine()}, {os.cpu_count()} cores, 1 thread",
                    "torch": torch.__version__,
                })
                print(rows[-1], file=sys.stderr)
    pd.DataFrame(rows).to_csv(RESULTS, index=False)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
