"""Are rare classes as faithful as frequent ones, and does X depend on y as it should? Rows in results/conditional.csv.

    SKGAN_DATA=FOLDER python benchmarks/conditional.py [CASE ...] [--seed S ...]

One half of a table's rows, in one seeded order, is fitted with defaults; the other half, the fresh rows, is for
evaluation. A case is

rare TABLE
    `GANSampler` on a table in which one class is reduced to 1 % of the rows. `share_percent` is the share of the class
    among the fitted rows, `share_generated_percent` that among 100,000 generated ones; `detection` is
    `skgan.metrics.detection_score` of the class's generated rows against fresh ones, with as many of each as were
    fitted (at least 50), `detection_common` that of the other class with the same numbers; `utility` is the area under
    the ROC curve, on fresh rows, of a default XGBoost trained on as many generated rows as were fitted, and
    `utility_real` that of one trained on the fitted rows.
    Bars: the share within a fifth of the real one; detection at most 0.1 below that of the frequent class; utility at
    most 0.02 below the real one.
classes TABLE
    `ConditionalGANSampler` with a y of 5 or 6 classes, one row per class: `detection` of rows generated for the class
    against as many fresh ones, with equal numbers for all classes of a table; `detection_common` is that of the most
    frequent class. Classes with fewer than 50 fresh rows are not judged.
    Bar: at most 0.1 below the most frequent class.
amounts TABLE
    `ConditionalGANSampler` with a continuous y, or several columns of y; one row per target. `utility` is R2 (AUC for a
    target of two classes) on fresh rows of an XGBoost trained on generated X and y, as many as were fitted, and
    `utility_real` that of one trained on the fitted rows. `follows` is the R2 of the latter on X generated for the
    fresh rows' y, compared with that y; `utility_real` is its ideal value, too.
    Bars: utility at most 0.02 below the real one; follows at most 0.05.

Detections are means over ten draws of the compared rows. `detection_floor` is that of fitted against fresh rows (of the
frequent class in "rare"): the value that chance alone gives for such numbers of rows. Exit code 1 where a bar is missed
or a case fails.

With --rows only so many rows of a table are used, to try the script, and nothing is judged or recorded.
"""

import argparse
import json
import sys
import time
import warnings

import datasets
import numpy as np
import pandas as pd
import record
from record import ChildFailed, circumstances, run_child
from tables import xgb_utility

RESULTS = record.RESULTS / "conditional.csv"
FIELDS = (
    "case",
    "target",
    "label",
    "seed",
    "n_rows",
    "share_percent",
    "share_generated_percent",
    "n_compared",
    "detection",
    "detection_common",
    "detection_floor",
    "utility",
    "utility_real",
    "follows",
    "fit_cpu_seconds",
    "bar",
    "met",
)
RARE_SHARE = 0.01
N_GENERATED = 100_000
N_DRAWS = 10
MAX_COMPARED, MIN_COMPARED = 1_000, 50
RARE = {"magic": ("class", "h"), "shoppers": ("Revenue", "True"), "adult": ("income", ">50K")}
CLASSES = {"adult": ("race",), "adult marital": ("marital_status",), "king": ("view",)}
AMOUNTS = {
    "california_raw": ("median_house_value",),
    "king": ("price",),
    "california_raw two": ("median_house_value", "median_income"),
    "adult two": ("hours_per_week", "income"),
}
MOST_BELOW = {"detection": 0.1, "utility": 0.02, "follows": 0.05}


def halves(name, rows):
    """Rows to fit and fresh ones."""
    frame, _ = datasets.load(name.split()[0], whole=True)
    frame = frame.iloc[np.random.default_rng(0).permutation(len(frame))[:rows]].reset_index(drop=True)
    return frame.iloc[: len(frame) // 2], frame.iloc[len(frame) // 2 :]


def ask_rare(name, seed, rows):
    from skgan import GANSampler

    target, label = RARE[name]
    fitted, fresh = halves(name, rows)
    fitted = thinned(fitted, fitted[target].astype(str) == label)
    sampler, seconds = timed(GANSampler(random_state=seed), fitted)
    generated = sampler.sample(N_GENERATED, random_state=0)
    sides = []
    for frame in (fitted, fresh, generated):
        is_rare = frame[target].astype(str) == label
        sides.append([frame[chosen].drop(columns=target) for chosen in (is_rare, ~is_rare)])
    (rare, common), others, made = sides
    n = min(max(MIN_COMPARED, len(rare)), *(len(rows) for rows in (common, *others, *made)))
    detection_rare, detection_common = (detection(a, b, n) for a, b in zip(others, made))
    utility, utility_real = (xgb_utility(rows, fresh, target) for rows in (generated[: len(fitted)], fitted))
    yield {
        "target": target,
        "label": label,
        "n_rows": len(fitted),
        "share_percent": 100 * len(rare) / len(fitted),
        "share_generated_percent": 100 * len(made[0]) / len(generated),
        "n_compared": n,
        "detection": detection_rare,
        "detection_common": detection_common,
        "detection_floor": detection(others[1], common, n),
        "utility": utility,
        "utility_real": utility_real,
        "fit_cpu_seconds": seconds,
    }


def thinned(frame, is_rare):
    """All rows of the other classes, and as many of this one as make up 1 %."""
    n = round(RARE_SHARE / (1 - RARE_SHARE) * (~is_rare).sum())
    return frame[~is_rare | (is_rare.cumsum() <= n)].reset_index(drop=True)


def ask_classes(name, seed, rows):
    [target] = CLASSES[name]
    fitted, fresh = halves(name, rows)
    X, y = fitted.drop(columns=target), fitted[target].astype(str)
    sampler, seconds = conditional(seed, X, y)
    fresh = fresh.assign(**{target: fresh[target].astype(str)})
    counts = fresh[target].value_counts()
    counts = counts[(counts >= MIN_COMPARED) & (y.value_counts().reindex(counts.index) >= MIN_COMPARED)]
    n = min(MAX_COMPARED, counts.min())
    found = {}
    for label in counts.index:
        asked = sampler.sample(N_DRAWS * n, y=label, random_state=0)[0]
        real = fresh[fresh[target] == label].drop(columns=target)
        found[label] = detection(real, asked, n), detection(real, X[y == label], n)
    for label, (score, floor) in found.items():
        yield {
            "target": target,
            "label": label,
            "n_rows": len(X),
            "share_percent": 100 * (y == label).mean(),
            "n_compared": n,
            "detection": score,
            "detection_common": found[counts.index[0]][0],
            "detection_floor": floor,
            "fit_cpu_seconds": seconds,
        }


def ask_amounts(name, seed, rows):
    targets = list(AMOUNTS[name])
    fitted, fresh = (frame.dropna(subset=targets) for frame in halves(name, rows))
    single = targets[0] if len(targets) == 1 else targets
    sampler, seconds = conditional(seed, fitted.drop(columns=targets), fitted[single])
    X, y = sampler.sample(len(fitted), random_state=0)
    generated = X.assign(**{name: y[name] if len(targets) > 1 else y for name in targets})
    asked = sampler.sample(len(fresh), y=fresh[single], random_state=1)[0]
    asked = asked.assign(**{name: fresh[name].to_numpy() for name in targets})
    for target in targets:
        others = [name for name in targets if name != target]
        from_real, from_made, from_fresh, of_asked = (
            rows.drop(columns=others).reset_index(drop=True) for rows in (fitted, generated, fresh, asked)
        )
        yield {
            "target": target,
            "label": f"of {len(targets)}",
            "n_rows": len(fitted),
            "utility": xgb_utility(from_made, from_fresh, target),
            "utility_real": xgb_utility(from_real, from_fresh, target),
            "follows": xgb_utility(from_real, of_asked, target),
            "fit_cpu_seconds": seconds,
        }


ASK = {"rare": (ask_rare, RARE), "classes": (ask_classes, CLASSES), "amounts": (ask_amounts, AMOUNTS)}
CASES = tuple(f"{question} {name}" for question, (_, names) in ASK.items() for name in names)


def conditional(seed, X, y):
    from skgan import ConditionalGANSampler

    return timed(ConditionalGANSampler(random_state=seed), X, y)


def timed(sampler, *data):
    start = time.process_time()
    return sampler.fit(*data), time.process_time() - start


def detection(fresh, generated, n):
    """Mean detection score of n rows of each."""
    from skgan.metrics import detection_score

    rng = np.random.default_rng(0)
    scores = []
    for draw in range(N_DRAWS):
        a, b = (rows.iloc[rng.permutation(len(rows))[:n]] for rows in (fresh, generated))
        scores.append(detection_score(a.reset_index(drop=True), b.reset_index(drop=True), random_state=draw))
    return float(np.mean(scores))


def judge(row):
    """The bars as a text, and whether all are met."""
    bars = {}
    if "share_generated_percent" in row:
        real = row["share_percent"]
        bars[f"share_generated_percent within {real / 5:.2g}"] = abs(row["share_generated_percent"] - real) <= real / 5
    if "detection" in row:
        least = row["detection_common"] - MOST_BELOW["detection"]
        bars[f"detection >= {least:.3g}"] = row["detection"] >= least
    if "utility" in row:
        least = row["utility_real"] - MOST_BELOW["utility"]
        bars[f"utility >= {least:.3g}"] = row["utility"] >= least
    if "follows" in row:
        least = row["utility_real"] - MOST_BELOW["follows"]
        bars[f"follows >= {least:.3g}"] = row["follows"] >= least
    return {"bar": "; ".join(bars), "met": "yes" if all(bars.values()) else "no"}


def measured(case, seed, options):
    """Lines of the results."""
    command = [__file__, case, "--child", "--seed", seed]
    command += ["--rows", options.rows] if options.rows else []
    try:
        found = json.loads(run_child(sys.executable, *command).splitlines()[-1])
    except ChildFailed as error:
        print(f"{case}: {error}", file=sys.stderr)
        found = [{"met": "no"}]
    for row in found:
        yield dict.fromkeys(FIELDS) | {"case": case, "seed": seed} | row


def child(case, seed, options):
    """Measure in this process, and print."""
    warnings.simplefilter("ignore")
    question, _, name = case.partition(" ")
    rows = []
    for row in ASK[question][0](name, seed, options.rows):
        row |= judge(row)
        rows.append({field: float(f"{v:.4g}") if isinstance(v, float) else v for field, v in row.items()})
    print(json.dumps(rows, default=lambda scalar: scalar.item()))


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"one of {', '.join(map(repr, CASES))}; default: all")
    parser.add_argument("--seed", type=int, nargs="+", default=[0])
    parser.add_argument("--rows", type=int, help="use only so many rows; nothing is recorded")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    unknown = set(options.cases) - set(CASES)
    if unknown:
        parser.error(f"no such case: {', '.join(unknown)}; choose from {', '.join(CASES)}")
    if options.child:
        return child(options.cases[0], options.seed[0], options)

    rows = []
    for case in options.cases or CASES:
        for seed in options.seed:
            about = circumstances()
            for row in measured(case, seed, options):
                rows.append(row | about)
                print(", ".join(f"{name} {row[name]}" for name in FIELDS if row[name] is not None), flush=True)
    if options.rows:
        return 0
    results = pd.DataFrame(rows)
    if RESULTS.exists():
        old = pd.read_csv(RESULTS)
        again = set(zip(results["case"], results["seed"]))
        kept = [line not in again for line in zip(old["case"], old["seed"])]
        results = pd.concat([old[kept].astype(object), results])
    results = results.iloc[np.lexsort([results["seed"], results["case"].map(CASES.index)])]
    RESULTS.parent.mkdir(exist_ok=True)
    results.to_csv(RESULTS, index=False, lineterminator="\n")
    return int((results["met"] == "no").any())


if __name__ == "__main__":
    sys.exit(main())
