"""Write the docs' tables of results/augmentation.csv, and check whether the bars of `augmentation.py` are met.

    python benchmarks/augmentation_report.py

docs/_tables/balancing.txt and augmenting.txt hold mean differences to the model alone on the same split, with 95 %
intervals over splits (the models of a table are averaged within a split). Exit code 1 where a bar is missed.
"""

import sys

import numpy as np
import pandas as pd
from record import RESULTS as FOLDER
from record import ROOT
from scipy.stats import t

RESULTS = FOLDER / "augmentation.csv"
TABLES = ROOT / "docs" / "_tables"
# The name of each measure in the docs, and whether larger values are better.
MEASURES = {
    "average_precision": ("average precision", True),
    "balanced_accuracy": ("balanced accuracy", True),
    "log_loss": ("logarithmic loss", False),
    "r2": ("R2", True),
}
CELL = ["kind", "table", "n_rows", "model", "seed"]
PAGES = {"balancing": ("imbalanced",), "augmenting": ("small", "amounts")}
SMOTE = ("smote", "adasyn")


def differences(rows):
    """One row per split, table and method: each measure minus that of the model alone, averaged over models."""
    rows = rows.reindex(columns=rows.columns.union(list(MEASURES), sort=False))
    alone = rows[rows.method == "alone"].set_index(CELL)[list(MEASURES)]
    others = rows[rows.method != "alone"].set_index(CELL)
    apart = others[list(MEASURES)] - alone.reindex(others.index)
    apart = apart.assign(
        method=others.method, seconds=others.cpu_seconds, added=pd.to_numeric(others.n_added, errors="coerce") > 0
    )
    return apart.groupby(["kind", "table", "n_rows", "method", "seed"], sort=False).mean().reset_index()


def interval(values):
    """Mean and half the width of its 95 % confidence interval; NaN where there is none."""
    values = values.dropna()
    if len(values) < 2:
        return (values.mean() if len(values) else np.nan), np.nan
    return values.mean(), t.ppf(0.975, len(values) - 1) * values.std() / np.sqrt(len(values))


def written(values):
    mean, half = interval(values)
    return "–" if np.isnan(mean) else f"{mean:+.3f} ± {half:.3f}" if not np.isnan(half) else f"{mean:+.3f}"


def page(apart, kinds):
    """The lines of one table of the docs."""
    apart = apart[apart.kind.isin(kinds)]
    measures = [name for name in MEASURES if apart[name].notna().any()]
    head = [
        "table",
        "rows",
        "method",
        "splits",
        *(MEASURES[name][0] for name in measures),
        "fits with rows",
        "CPU seconds",
    ]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for (_, table, n, method), group in apart.groupby(["kind", "table", "n_rows", "method"], sort=False):
        cells = [table, str(n), method, str(len(group)), *(written(group[name]) for name in measures)]
        added = f"{group.added.mean():.0%}" if method == "gan_auto" else ""
        lines.append("| " + " | ".join([*cells, added, f"{group.seconds.median():.1f}"]) + " |")
    for method, group in apart.groupby("method", sort=False):
        means = group.groupby(["kind", "table", "n_rows"])[measures].mean().mean()
        cells = ["all, mean", "", method, "", *("–" if np.isnan(m) else f"{m:+.3f}" for m in means)]
        lines.append("| " + " | ".join([*cells, "", f"{group.seconds.median():.1f}"]) + " |")
    return lines


def missed(apart):
    """The bars that are missed, as texts."""
    complaints = []
    imbalanced = apart[apart.kind == "imbalanced"].set_index(["table", "n_rows", "seed"])
    for name in ("average_precision", "log_loss"):
        sign = 1 if MEASURES[name][1] else -1
        of_method = sign * imbalanced.pivot(columns="method", values=name)
        for peer in SMOTE:
            # Only splits on which both methods succeeded.
            both = of_method.reindex(columns=["gan_over", peer]).dropna().groupby("table").mean().mean()
            if both.gan_over < both[peer]:
                complaints.append(f"gan_over {name}: {sign * both.gan_over:+.4f}, {peer} {sign * both[peer]:+.4f}")
    auto = apart[apart.method == "gan_auto"]
    for (kind, table, n), group in auto.groupby(["kind", "table", "n_rows"]):
        for name, (_, larger_is_better) in MEASURES.items():
            mean, half = interval(group[name])
            if (mean if larger_is_better else -mean) + half < 0:
                complaints.append(f"gan_auto {kind} {table} {n} {name}: {mean:+.4f} ± {half:.4f}")
    small = auto[auto.kind == "small"][list(MEASURES)].mean()
    for name, (_, larger_is_better) in MEASURES.items():
        if (small[name] if larger_is_better else -small[name]) <= 0:
            complaints.append(f"gan_auto on the mean of small samples, {name}: {small[name]:+.4f}")
    return complaints


def main():
    rows = pd.read_csv(RESULTS).drop_duplicates([*CELL, "method"], keep="last")
    apart = differences(rows)
    for name, kinds in PAGES.items():
        lines = page(apart, kinds)
        (TABLES / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        print("\n".join(lines))
    complaints = missed(apart)
    print("\n".join(f"Missed: {complaint}" for complaint in complaints), file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
