"""Is a wrong model detected? Five faults planted in perfect rows, and how each metric of `skgan.evaluate` reacts.

    OMP_NUM_THREADS=1 python benchmarks/faults.py [--dataset NAME] [--seed S ...] [--rows N]

A seed splits a table's rows into three equal parts: training rows, held-out rows, and *fresh* rows, which stand for the
rows of a perfect sampler. The faults, each planted in the fresh rows:

class_dropped
    All rows of one class of the target are removed (Adult: income above 50K; 24 % of the rows).
column_shuffled
    One column (age) is shuffled.
marginals_shifted
    Two numeric columns (age, fnlwgt) are shifted by a quarter of their standard deviation, in every row.
noise_added
    Normal noise with a quarter of the column's standard deviation is added to every numeric value.
rows_copied
    The training rows themselves.

A metric *moves* if its mean over the seeds differs from the mean for the fresh rows by more than three times the spread
of the latter, and by at least 0.005 if it is a share. The spread is the largest difference among all fault-free
candidates: the fresh rows and the report's floor, with every seed. It moves *for the worse* if it moves in the
direction that the report calls worse.

Bars, where BARS names the metrics that each fault concerns: every metric named under "worse" moves for the worse, with
every seed; none named under "calm" does; a shuffled column leaves the three metrics of single columns exactly
unchanged; the two-sample test reports copies if and only if rows are copied; and the report calls no metric of the
fresh rows "off", but at least one for each fault. Exit code 1 where a bar is missed.

Writes benchmarks/results/faults.csv, one line per fault and metric, and for Adult docs/_tables/faults.csv, which the
user guide shows: one line per metric, values that moved for the worse in bold, and those that moved for the better in
italics. The report's findings are printed.
"""

import argparse
import os
import sys
import time
from typing import NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")

import datasets
import numpy as np
import pandas as pd
import record
from record import circumstances

RESULTS = record.RESULTS / "faults.csv"
TABLE = record.ROOT / "docs" / "_tables" / "faults.csv"
N_PARTS = 3
FAR, LEAST = 3, 0.005
SIZE = 0.25  # of a shift and of noise, in standard deviations
IN_DOCS = "adult"


class Roles(NamedTuple):
    """The columns of a table that each fault changes."""

    target: str
    dropped: str
    shuffled: str
    shifted: tuple


ROLES = {
    "adult": Roles("income", ">50K", "age", ("age", "fnlwgt")),
    "shoppers": Roles("Revenue", "True", "ExitRates", ("ExitRates", "ProductRelated_Duration")),
    "magic": Roles("class", "h", "fAlpha", ("fAlpha", "fWidth")),
    "churn_telco": Roles("Churn", "Yes", "tenure", ("tenure", "MonthlyCharges")),
}


def class_dropped(fresh, train, roles, rng):
    return fresh[fresh[roles.target].astype(str) != roles.dropped].reset_index(drop=True)


def column_shuffled(fresh, train, roles, rng):
    return fresh.assign(**{roles.shuffled: rng.permutation(fresh[roles.shuffled].to_numpy())})


def marginals_shifted(fresh, train, roles, rng):
    return fresh.assign(**{name: _moved(fresh[name], SIZE * train[name].std()) for name in roles.shifted})


def noise_added(fresh, train, roles, rng):
    numbers = fresh.select_dtypes("number").columns
    by = {name: SIZE * train[name].std() * rng.standard_normal(len(fresh)) for name in numbers}
    return fresh.assign(**{name: _moved(fresh[name], by[name]) for name in numbers})


def rows_copied(fresh, train, roles, rng):
    return train


def _moved(column, by):
    """The column plus `by`, in its own dtype; integer columns are rounded."""
    moved = column + by
    return moved.round().astype(column.dtype) if column.dtype.kind in "iu" else moved


CLEAN = "clean"
FAULTS = {
    "class_dropped": class_dropped,
    "column_shuffled": column_shuffled,
    "marginals_shifted": marginals_shifted,
    "noise_added": noise_added,
    "rows_copied": rows_copied,
}
OF_COLUMNS = ("column_shapes", "column_wasserstein", "column_jensen_shannon")
WORST_COLUMN, WORST_PAIR = "column_shapes (worst column)", "pair_trends (worst pair)"
TRAINING = ("exact_copies", "near_copies", "nearest_record_share", "membership_inference")
ALL_CALM = (*OF_COLUMNS, *TRAINING, "pair_trends", "two_sample", "precision", "recall", "density", "coverage")
BARS = {
    "class_dropped": {
        "worse": (
            *OF_COLUMNS,
            "pair_trends",
            WORST_PAIR,
            "two_sample",
            "recall",
            "coverage",
            "train_on_synthetic",
            "frechet_distance",
            "energy_distance",
        ),
        "calm": ("precision", "density", *TRAINING),
    },
    "column_shuffled": {
        "worse": ("pair_trends", WORST_PAIR, "two_sample", "two_sample_quadratic", "frechet_distance"),
        "calm": (*OF_COLUMNS, WORST_COLUMN, "two_sample_logistic", "recall", *TRAINING),
    },
    "marginals_shifted": {
        "worse": (
            *OF_COLUMNS,
            WORST_COLUMN,
            "two_sample",
            "two_sample_quadratic",
            "two_sample_logistic",
            "energy_distance",
        ),
        "calm": TRAINING,
    },
    "noise_added": {
        "worse": ("precision", "density", "coverage", "alpha_precision", "two_sample", "energy_distance"),
        "calm": ("recall", *TRAINING),
    },
    "rows_copied": {
        "worse": (*TRAINING, "unique_value_share", "closest_record_ratio", "authenticity"),
        "calm": (
            *OF_COLUMNS,
            "pair_trends",
            "two_sample",
            "precision",
            "recall",
            "density",
            "coverage",
            "alpha_precision",
            "beta_recall",
            "train_on_synthetic",
            "frechet_distance",
            "energy_distance",
        ),
    },
}


def parts(dataset, seed, rows):
    """Training, fresh and held-out rows, equally many of each."""
    frame = pd.concat([part for part in datasets.load(dataset) if part is not None], ignore_index=True)
    order = np.random.default_rng(seed).permutation(len(frame))
    n = min(rows, len(frame) // N_PARTS)
    return [frame.iloc[order[i * n : (i + 1) * n]].reset_index(drop=True) for i in range(N_PARTS)]


def judged(dataset, seed, rows):
    """For each candidate its metrics and whether the two-sample test reports copies, as a frame, and its findings."""
    from skgan import evaluate
    from skgan.metrics import two_sample_test

    roles = ROLES[dataset]
    train, fresh, holdout = parts(dataset, seed, rows)
    for fault, plant in {CLEAN: lambda fresh, *_: fresh, **FAULTS}.items():
        faulty = plant(fresh, train, roles, np.random.default_rng(seed))
        report = evaluate(train, faulty, holdout=holdout, target=roles.target, random_state=seed)
        frame = _with_worst(report.to_frame())
        test = two_sample_test(train, faulty, random_state=seed)
        yield frame.assign(fault=fault, seed=seed, auc=test.auc, copies=test.copies), report.findings


def _with_worst(frame):
    """The metrics of all columns together, and for two of them also the lowest value of a single column or pair."""
    lines = []
    for _, line in frame[frame["column"].isna()].iterrows():
        lines.append(line)
        for name in (WORST_COLUMN, WORST_PAIR):
            if name.split()[0] == line["metric"]:
                of_parts = frame[(frame["metric"] == line["metric"]) & frame["column"].notna()]
                lowest = {side: of_parts[side].min() for side in ("value", "floor")}
                lines.append(pd.Series({**line, **lowest, "metric": name, "verdict": ""}))
    return pd.DataFrame(lines)[["metric", "better", "value", "floor", "verdict"]]


def moves(measured):
    """One line per fault and metric: means over the seeds, the move, and how many seeds moved for the worse."""
    honest = measured[measured["fault"] == CLEAN]
    rows = []
    for metric in honest["metric"].unique():
        better = honest.loc[honest["metric"] == metric, "better"].iloc[0]
        loss, is_share = LOSSES[better], _is_share(metric.split()[0])
        fresh, floor = (honest.loc[honest["metric"] == metric, side].to_numpy() for side in ("value", "floor"))
        spread = np.ptp(np.concatenate([fresh, floor]))
        far = max(FAR * spread, LEAST if is_share else 0.0)
        for fault in measured["fault"].unique():
            found = measured[(measured["fault"] == fault) & (measured["metric"] == metric)]
            lost = loss(found["value"].to_numpy()) - loss(fresh.mean())
            line = {"fault": fault, "metric": metric, "better": better, "is_share": is_share}
            line |= {"clean": fresh.mean(), "spread": spread, "value": found["value"].mean()}
            line["moved"] = "worse" if lost.mean() > far else "better" if lost.mean() < -far else "no"
            line |= {"worse": (lost > far).sum(), "of_seeds": len(found), "verdicts": ", ".join(found["verdict"])}
            if metric == "two_sample":
                line |= {"auc": found["auc"].mean(), "copies": found["copies"].sum()}
            rows.append(line)
    return pd.DataFrame(rows)


# How far a number is from the best one, up to a constant.
LOSSES = {
    "higher": lambda value: -value,
    "lower": lambda value: value,
    "nearer 0.5": lambda value: abs(value - 0.5),
    "nearer 1": lambda value: abs(value - 1.0),
}


def _is_share(metric):
    """Whether the number lies between 0 and 1; of those that only reports have, all but the AUC count as such."""
    from skgan.metrics import METRICS

    return METRICS[metric].is_share if metric in METRICS else metric != "two_sample_auc"


def judge(lines):
    """The lines with the bars of each, and whether they are met."""
    return lines.assign(**lines.apply(_asked, axis=1, result_type="expand"))


def _asked(line):
    asked, met = [], []
    bars = BARS.get(line["fault"], {"worse": (), "calm": ALL_CALM})
    if line["metric"] in bars["worse"]:
        asked.append("worse with every seed")
        met.append(line["worse"] == line["of_seeds"])
    if line["metric"] in bars["calm"]:
        asked.append("never worse")
        met.append(line["worse"] == 0)
    if line["fault"] == "column_shuffled" and line["metric"] in OF_COLUMNS:
        asked.append("as clean")
        met.append(line["value"] == line["clean"])
    if line["metric"] == "two_sample":
        copied = line["fault"] == "rows_copied"
        asked.append("always says copies" if copied else "never says copies")
        met.append(line["copies"] == (line["of_seeds"] if copied else 0))
    return {"bar": "; ".join(asked), "met": "" if not asked else "yes" if all(met) else "no"}


def table(lines):
    """The table of the user guide: one line per metric, one column per candidate."""
    shown = {}
    for _, line in lines.iterrows():
        fault = line["fault"].replace("_", " ")
        metric, *part = line["metric"].split(" ", 1)
        named = shown.setdefault(" ".join([f"`{metric}`", *part]), {"better": line["better"]})
        decimals = 3 if line["is_share"] else 4
        number = f"{round(line['value'], decimals) + 0.0:.{decimals}f}"
        named[fault] = MARKS[line["moved"]].format(number)
    return pd.DataFrame(shown).T.rename_axis("metric").reset_index()


MARKS = {"worse": "**{}**", "better": "*{}*", "no": "{}"}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", choices=ROLES, default=IN_DOCS)
    parser.add_argument("--seed", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--rows", type=int, default=10_000, help="rows of each of the three parts, at most")
    options = parser.parse_args(arguments)

    about, start = circumstances(), time.process_time()
    frames, misjudged = [], []
    for seed in options.seed:
        for frame, findings in judged(options.dataset, seed, options.rows):
            fault = frame["fault"].iloc[0]
            frames.append(frame)
            off = frame.loc[frame["verdict"] == "off", "metric"]
            print(f"\n{options.dataset}, {fault}, seed {seed}; off: {', '.join(off) or 'nothing'}")
            print(*(f"- {finding}" for finding in findings), sep="\n", flush=True)
            if (fault == CLEAN) != (len(off) == 0):
                misjudged.append(f"{fault} with seed {seed}")
    lines = judge(moves(pd.concat(frames)))
    missed = lines[lines["met"] == "no"]
    n = {"dataset": options.dataset, "n_rows": len(parts(options.dataset, 0, options.rows)[0])}
    results = lines.assign(**n, seeds=" ".join(map(str, options.seed)), **about)
    results = results[[*n, "seeds", *lines.columns, *about]]
    if RESULTS.exists():
        kept = pd.read_csv(RESULTS, keep_default_na=False)
        results = pd.concat([kept[kept["dataset"] != options.dataset], results])
    RESULTS.parent.mkdir(exist_ok=True)
    results.to_csv(RESULTS, index=False, lineterminator="\n", float_format="%.4g")
    if options.dataset == IN_DOCS:
        table(lines).to_csv(TABLE, index=False, lineterminator="\n")
    print("", table(lines).to_string(index=False), sep="\n")
    print(f"\n{time.process_time() - start:.0f} CPU seconds.")
    for text in misjudged:
        print(f"The report's verdicts are wrong for {text}.")
    if len(missed):
        print("Missed:", missed.to_string(index=False), sep="\n")
    return int(bool(misjudged) or bool(len(missed)))


if __name__ == "__main__":
    sys.exit(main())
