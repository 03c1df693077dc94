"""Are columns and conditions of many categories kept apart? One row per case and seed in results/many_categories.csv.

    OMP_NUM_THREADS=1 python benchmarks/many_categories.py [CASE ...] [--seed N ...]

All data are made up, so that the right answer is known. A case is

cities 3000, cities 10000, cities 50000
    Rows of a city, one of 300 (10,000 cities in the last case), its state, one of 20, and two numbers that depend on
    the city. A city lies in one state. Measured: the share of generated (city, state) pairs that exist. Bars: 0.97 of
    3,000 rows and 0.995 of more. Beside it: the total variation distance of the frequencies of cities, what it is of
    rows drawn with replacement, and the rank correlation of the mean prices of cities.
exceptions
    The same 3,000 rows with one row in a wrong state. The bar is that of the rows without it.
two columns
    6,000 rows of two columns of 300 categories and a number. Each category belongs to one of ten clusters; in 95 % of
    the rows both columns have one of the same cluster, else any. Measured: the share of generated rows with the same
    cluster, and `real` that of the data. It is 0.1 where the columns are independent. Bar: 0.85.
classes 90, 101, 120, 300, 1000
    Thirty rows each of that many classes, whose centres are far apart in eight dimensions. Measured:
    `ConditionalGANSampler().fit(X, y).sample(y=...)`, the share of rows that are nearest to the centre of the class
    that was asked for. Bar: 0.97. `real` is the share of the data's own rows.
plane 120, 1000
    The same in two dimensions, on a grid.
over 101
    `GANOverSampler` on 101 such classes, half of them of 10 rows: the share of added rows nearest to their class's
    centre. Bar: 0.97.
key
    100,000 rows of three numbers with and without a column of unique texts. Measured: by how much the column raises the
    peak memory of a fit of five updates, each in a process of its own. Bar: 50 MB.

Exit code 1 where a bar is missed.
"""

import argparse
import multiprocessing
import sys
import time
import warnings
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pandas as pd
import record
from one_fit import peak_rss_mb

from skgan import ConditionalGANSampler, GANSampler

RESULTS = record.RESULTS / "many_categories.csv"
N_STATES, ROWS_PER_CLASS = 20, 30


def cities(n_rows, n_cities, seed, n_exceptions=0):
    """Rows of cities and their states, and numbers that depend on the city."""
    rng = np.random.default_rng(seed)
    state_of = rng.integers(N_STATES, size=n_cities)
    size, price = rng.lognormal(size=n_cities), rng.normal(size=n_cities)
    city = rng.choice(n_cities, n_rows, p=size / size.sum())
    state = state_of[city]
    state[:n_exceptions] = (state[:n_exceptions] + 1) % N_STATES
    return pd.DataFrame({
        "city": np.char.add("city ", city.astype(str)).astype(object),
        "state": np.char.add("state ", state.astype(str)).astype(object),
        "price": np.exp(price[city] + 0.3 * rng.normal(size=n_rows)).round(2),
        "rooms": rng.poisson(2 + size[city].clip(max=5)),
    })


def total_variation(cities, real):
    """Half the summed differences between the frequencies of cities."""
    frequencies = real.value_counts(normalize=True)
    return cities.value_counts(normalize=True).reindex(frequencies.index, fill_value=0).sub(frequencies).abs().sum() / 2


def pairs_that_exist(n_rows, n_cities, seed, n_exceptions=0):
    real = cities(n_rows, n_cities, seed, n_exceptions)
    start = time.perf_counter()
    fake = GANSampler(random_state=seed, device="cpu").fit(real).sample(n_rows)
    seconds = time.perf_counter() - start
    known = set(zip(real["city"], real["state"], strict=True))
    distance = total_variation(fake["city"], real["city"])
    chance = total_variation(real["city"].sample(frac=1, replace=True, random_state=1), real["city"])
    means = [frame.groupby("city")["price"].mean() for frame in (real, fake)]
    kept = means[0].corr(means[1], method="spearman")
    share = np.mean([pair in known for pair in zip(fake["city"], fake["state"], strict=True)])
    return {"share": share, "frequency_distance": distance, "chance_distance": chance, "price_by_city_rank_corr": kept,
            "seconds": seconds}


def clustered_columns(seed, n_rows=6000, n_categories=300, n_clusters=10):
    rng = np.random.default_rng(seed)
    clusters = rng.integers(n_clusters, size=(2, n_categories))
    first = rng.integers(n_categories, size=n_rows)
    cluster = np.where(rng.random(n_rows) < 0.95, clusters[0, first], rng.integers(n_clusters, size=n_rows))
    second = np.array([rng.choice(np.flatnonzero(clusters[1] == one)) for one in cluster])
    real = pd.DataFrame({
        "a": np.char.add("a", first.astype(str)).astype(object),
        "b": np.char.add("b", second.astype(str)).astype(object),
        "x": rng.normal(size=n_rows),
    })
    start = time.perf_counter()
    fake = GANSampler(random_state=seed, device="cpu").fit(real).sample(n_rows)
    seconds = time.perf_counter() - start

    def share(rows):
        of_a, of_b = (part[rows[name].str[1:].astype(int)] for part, name in zip(clusters, "ab", strict=True))
        return np.mean(of_a == of_b)

    return {"share": share(fake), "real": share(real), "seconds": seconds}


def separated(n_classes, seed, n_dims=8):
    """Classes (X, y, centres), whose rows scatter by 1 around centres that are some 10 apart."""
    rng = np.random.default_rng(seed)
    if n_dims == 2:
        side = int(np.ceil(n_classes**0.5))
        centres = 10.0 * np.array([(i // side, i % side) for i in range(n_classes)])
    else:
        centres = 5 * rng.normal(size=(n_classes, n_dims))
    labels = np.array([f"class {i}" for i in range(n_classes)], dtype=object)
    y = np.repeat(np.arange(n_classes), ROWS_PER_CLASS)
    return centres[y] + rng.normal(size=(len(y), n_dims)), labels[y], centres, labels


def share_right(X, y, centres, labels):
    nearest = np.concatenate([
        ((rows[:, None] - centres) ** 2).sum(2).argmin(1) for rows in np.array_split(X, max(1, len(X) // 1000))
    ])
    return np.mean(labels[nearest] == y)


def classes_right(n_classes, seed, n_dims=8):
    X, y, centres, labels = separated(n_classes, seed, n_dims)
    start = time.perf_counter()
    sampler = ConditionalGANSampler(random_state=seed, device="cpu").fit(X, y)
    asked = np.resize(labels, max(1000, n_classes))
    rows, _ = sampler.sample(y=asked)
    seconds = time.perf_counter() - start
    spread = np.std(rows - centres[[int(label.split()[1]) for label in asked]], axis=0).mean()
    return {"share": share_right(rows, asked, centres, labels), "real": share_right(X, y, centres, labels),
            "spread": spread, "seconds": seconds}


def over_sampled(n_classes, seed):
    from skgan.over_sampling import GANOverSampler

    X, y, centres, labels = separated(n_classes, seed)
    kept = np.flatnonzero(np.isin(y, labels[::2]) | (np.arange(len(y)) % ROWS_PER_CLASS < 10))
    start = time.perf_counter()
    X_all, y_all = GANOverSampler(random_state=seed).fit_resample(X[kept], y[kept])
    new = slice(len(kept), None)
    seconds = time.perf_counter() - start
    return {"share": share_right(X_all[new], y_all[new], centres, labels), "seconds": seconds}


def peak_of_fit(seed, with_key):
    """The peak memory of this process in MB after a fit of 100,000 rows; both tables exist in either case."""
    rng = np.random.default_rng(seed)
    plain = pd.DataFrame(rng.normal(size=(100_000, 3)), columns=list("abc"))
    keyed = plain.assign(key=[f"{a:016x}" for a in rng.integers(2**62, size=len(plain))])
    warnings.simplefilter("ignore")
    GANSampler(random_state=seed, max_iter=5, refine=False, device="cpu").fit(keyed if with_key else plain)
    return peak_rss_mb()


def key_memory(seed):
    start = time.perf_counter()
    context = multiprocessing.get_context("spawn")
    # A peak never falls, so each fit has a process of its own.
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as processes:
        plain, keyed = processes.map(peak_of_fit, [seed, seed], [False, True])
    return {"added_mb": keyed - plain, "seconds": time.perf_counter() - start}


CASES = {
    "cities 3000": (lambda seed: pairs_that_exist(3000, 300, seed), ("share", ">=", 0.97)),
    "exceptions": (lambda seed: pairs_that_exist(3000, 300, seed, 1), ("share", ">=", 0.97)),
    "cities 10000": (lambda seed: pairs_that_exist(10_000, 300, seed), ("share", ">=", 0.995)),
    "cities 50000": (lambda seed: pairs_that_exist(50_000, 10_000, seed), ("share", ">=", 0.995)),
    "two columns": (clustered_columns, ("share", ">=", 0.85)),
    **{
        f"classes {n}": (lambda seed, n=n: classes_right(n, seed), ("share", ">=", 0.97))
        for n in (90, 101, 120, 300, 1000)
    },
    **{f"plane {n}": (lambda seed, n=n: classes_right(n, seed, 2), ("share", ">=", 0.97)) for n in (120, 1000)},
    "over 101": (lambda seed: over_sampled(101, seed), ("share", ">=", 0.97)),
    "key": (key_memory, ("added_mb", "<=", 50)),
}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", default=list(CASES), metavar="CASE")
    parser.add_argument("--seed", type=int, nargs="+", default=[0])
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    missed = False
    for case in options.cases:
        if case not in CASES:
            parser.error(f"there is no case {case!r}; choose among {', '.join(CASES)}")
        measure, bar = CASES[case]
        for seed in options.seed:
            row = {"case": case, "seed": seed, **measure(seed)}
            row["bar"], row["met"] = record.judge(row, [bar])
            missed |= row["met"] == "no"
            record.append_row(RESULTS, {**row, **record.circumstances()})
            print(", ".join(f"{name} {record.short(value)}" for name, value in row.items()), flush=True)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
