"""Do numbers and dates that are written as text depend on the other columns as in the data?

    OMP_NUM_THREADS=1 python benchmarks/text_columns.py [SEED ...]

A made-up table of 1,200 rows has a kind, a number (size), and three columns of text: a price ("$1,234.50", 2 % "n/a")
that depends on the kind and on the size, a day ("03/25/2024") that depends on the size, and a discount ("12.5%") that
depends on the day. `GANSampler` is fitted with its defaults, once with ``infer_types=True`` and once without, and 5,000
rows are drawn. The rank correlation of each pair below is compared with that of the data; where texts are categories,
they are read in the style of the data for it. The share of prices that are copied from the data, each of which is
different there, shows whether new ones are made.

Writes benchmarks/results/text_columns.csv, one row per seed: the rank correlations of the data, and for a fit with the
parameter (``inferred_``) and one without (``text_``) their differences in generated rows, the share of copied prices
and the seconds. Bar: with ``infer_types=True``, no rank correlation differs by more than 0.1.
"""

import sys
import time
import warnings

import numpy as np
import pandas as pd
import record

from skgan import GANSampler
from skgan._text_values import find_style

N_ROWS, N_DRAWN = 1200, 5000
# The price of each kind, relative to the others.
KINDS = {"basic": 1.0, "plus": 2.0, "pro": 4.0}
EXCEPTIONAL_SHARE = 0.02
TEXTS = ("price", "day", "discount")
PAIRS = (("price", "kind"), ("price", "size"), ("day", "size"), ("discount", "day"), ("price", "day"))
BAR = 0.1
RESULTS = record.RESULTS / "text_columns.csv"


def made_up(seed):
    """The table."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(list(KINDS), N_ROWS, p=[0.5, 0.3, 0.2])
    size = rng.gamma(4, 10, N_ROWS)
    price = 20 * np.array([KINDS[word] for word in kind]) * size * rng.lognormal(0, 0.3, N_ROWS)
    day = np.clip(5 * size + rng.normal(0, 40, N_ROWS), 0, 729).astype(int)
    discount = np.clip(30 - day / 30 + rng.normal(0, 5, N_ROWS), 0, 60)
    texts = [f"${number:,.2f}" for number in price]
    days = pd.Series(np.datetime64("2023-01-01") + day)
    return pd.DataFrame({
        "kind": kind,
        "size": size.round(1),
        "price": np.where(rng.random(N_ROWS) < EXCEPTIONAL_SHARE, "n/a", texts),
        "day": days.dt.strftime("%m/%d/%Y"),
        "discount": [f"{number:.1f}%" for number in discount],
    })


def correlations(rows, styles):
    """The rank correlation of each pair, with texts read in these styles."""
    numbers = pd.DataFrame({name: style.parse(rows[name]).values for name, style in styles.items()})
    numbers["kind"], numbers["size"] = rows["kind"].map(KINDS), rows["size"]
    numbers = numbers.apply(lambda column: column.rank())
    return {f"{a}_{b}": numbers[a].corr(numbers[b]) for a, b in PAIRS}


def compared(data, seed, infer_types):
    """The differences of rank correlations, the share of copied prices, and the seconds of one fit."""
    start = time.perf_counter()
    sampler = GANSampler(infer_types=infer_types, device="cpu", random_state=seed).fit(data)
    seconds = time.perf_counter() - start
    rows = sampler.sample(N_DRAWN, random_state=seed)
    styles = {name: find_style(data[name]) for name in TEXTS}
    want, got = correlations(data, styles), correlations(rows, styles)
    differences = {name: got[name] - want[name] for name in want}
    prices = rows.loc[rows["price"] != "n/a", "price"]
    return {
        **differences,
        "largest": max(map(abs, differences.values())),
        "copied_prices": float(prices.isin(set(data["price"])).mean()),
        "seconds": seconds,
    }


def main(seeds):
    failed = False
    for seed in seeds:
        data = made_up(seed)
        row = {"seed": seed, **correlations(data, {name: find_style(data[name]) for name in TEXTS})}
        for word, infer_types in (("inferred", True), ("text", False)):
            row |= {f"{word}_{name}": value for name, value in compared(data, seed, infer_types).items()}
        row["bar"], row["met"] = record.judge(row, [("inferred_largest", "<=", BAR)])
        record.append_row(RESULTS, {**row, **record.circumstances()})
        print(row, file=sys.stderr)
        failed |= row["met"] != "yes"
    return int(failed)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main([int(word) for word in sys.argv[1:]] or [0, 1, 2]))
