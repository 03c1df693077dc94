"""Write the table of docs/images.md, docs/_tables/images.txt, from results/images.csv.

    python benchmarks/images_report.py

It shows the latest row of each data set, method, device and seed; a dash means that nothing was measured.
"""

import sys

import pandas as pd
from record import RESULTS as FOLDER
from record import ROOT

RESULTS = FOLDER / "images.csv"
PAGE = ROOT / "docs" / "_tables" / "images.txt"
COLUMNS = {
    "data set": "{dataset}",
    "method": "{method}",
    "seed": "{seed}",
    "device": "{device}",
    "steps": "{n_iter}",
    "seconds": "{fit_seconds}",
    "Fréchet, classifier / random": "{frechet_classifier} / {frechet_random}",
    "kernel, random": "{kernel_random}",
    "density / coverage": "{density_classifier} / {coverage_classifier}",
    "train on synthetic (worst class)": "{train_on_synthetic} ({train_on_synthetic_worst})",
    "label accuracy": "{label_accuracy}",
    "modes or classes": "{found}",
    "nearest record": "{nearest_record_share}",
    "commit": "{commit}",
}
KEY = ["dataset", "method", "device", "seed"]


def main():
    rows = pd.read_csv(RESULTS, dtype=str).drop_duplicates(KEY, keep="last")
    rows = rows.sort_values(["dataset", "device"], kind="stable")
    rows["found"] = rows["modes_covered"].fillna(rows["classes_covered"])
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    for row in rows.fillna("–").to_dict("records"):
        row["fit_seconds"] = row["fit_seconds"].split(".")[0]
        lines.append("| " + " | ".join(pattern.format(**row) for pattern in COLUMNS.values()) + " |")
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
