"""The docs' tables and pictures of the results of tables.py.

    python benchmarks/tables_report.py                 # pictures need matplotlib

Reads results/tables.csv, of which it uses for each data set and method the rows of the commit measured last (medians
over seeds), and published.csv, the figures of papers. Writes docs/_tables/tables.txt and tables_measures.csv, which
docs/tables.md shows, and docs/images/tables_DATASET.png for the data sets with goals.
"""

import argparse
import sys
from typing import NamedTuple

import pandas as pd
from methods import METHODS
from record import HERE, ROOT
from tables import GOALS, RESULTS, WITH_GOALS
from tables_picture import draw

PUBLISHED = HERE / "published.csv"
TABLES = ROOT / "docs" / "_tables"
IMAGES = ROOT / "docs" / "images"
NOTHING = "–"


class Measure(NamedTuple):
    """A column of the tables; `goal` describes the entry in GOALS of tables.py."""

    name: str
    heading: str
    decimals: int | None  # None: three digits
    best: str
    goal: str
    meaning: str


FAITHFUL = (
    Measure("xgb_detection", "detection", 3, "1", "0.95 or more",
            "1 - 2 max(AUC - 0.5, 0) of a default XGBoost that classifies them against training rows; copies have 1"),
    Measure("xgb_detection_held_out", "held-out detection", 3, "1", "",
            "the same against test rows, which no fit has seen; with fewer rows it detects less"),
    Measure("shape_error_percent", "shape error %", 2, "0", "0.5 or less",
            "100 minus the Column Shapes of sdmetrics' Quality Report: the error of single columns"),
    Measure("trend_error_percent", "trend error %", 2, "0", "1.0 or less",
            "100 minus its Column Pair Trends: correlations, shares of pairs of categories or bins"),
    Measure("utility", "utility", 3, "that of real rows", "within 0.005 of real rows",
            "AUC (R2 for a numeric target) on test rows of a default XGBoost trained on these rows"),
    Measure("beta_recall", "beta-recall", 3, "1, by copies", "0.55 or more",
            "share of training rows, typical and unusual ones, that these rows cover"),
)
OWN_ROWS = (
    Measure("nearest_record_share", "nearest", 3, "0.5", "0.48 to 0.53",
            "share of rows that are nearer to a training row than to any of equally many test rows"),
    Measure("membership_auc", "attack AUC", 3, "0.5", "0.52 or less",
            "AUC of an attacker who uses these rows to distinguish training rows from test rows"),
    Measure("membership_tpr", "attack finds", 3, "0.01", "0.02 or less",
            "share of training rows that the attacker finds at a false positive rate of 1 % among test rows"),
    Measure("unique_value_percent", "rare numbers %", 2, "0", "that of real rows or less",
            "share of numeric values that occur in exactly one training row"),
    Measure("exact_copies_percent", "copies %", 2, "0, or as test rows", "",
            "share of rows that are training rows"),
)
COST = (
    Measure("fit_seconds", "fit s", None, "", "", "seconds of `fit` on two cores, no GPU; peers use one of them"),
    Measure("fit_cpu_seconds", "fit CPU s", None, "", "", "CPU seconds of `fit`"),
    Measure("rows_a_second", "rows per second", None, "", "", "rows that `sample` draws per second on two cores"),
    Measure("peak_rss_mb", "memory MB", None, "", "", "peak memory of loading, fitting and sampling"),
)
MEASURES = FAITHFUL + OWN_ROWS + COST
# Columns that tables.py measures for real rows, and the measure that each belongs to.
OF_REAL_ROWS = {"utility_real": "utility", "unique_value_fresh_percent": "unique_value_percent"}
# Columns of tables.csv that describe the origin of a figure.
ABOUT = {"peer": "package, last seed", "commit": "commit", "date": "date", "machine": "machine"}
# The measures of the pictures, and their goals.
PICTURED = {"xgb_detection": 0.95, "shape_error_percent": 0.5}


def newest(results):
    """For each data set and method the rows of the commit that was measured last; for each seed the last row."""
    last = results.groupby(["dataset", "method"])["commit"].transform("last")
    return results[results["commit"] == last].drop_duplicates(["dataset", "method", "seed"], keep="last")


def medians(rows):
    """One row per (data set, method), methods in the order of METHODS; NaN where nothing was measured."""
    rows = rows.assign(rows_a_second=rows["n_rows"] / rows["sample_seconds"].clip(lower=1e-4))
    names = [measure.name for measure in MEASURES] + list(OF_REAL_ROWS)
    found = rows.reindex(columns=["dataset", "method", *names]).groupby(["dataset", "method"], sort=False).median()
    order = {method: place for place, method in enumerate(METHODS)}
    return found.sort_index(level="method", key=lambda level: level.map(order), sort_remaining=False, kind="stable")


def written(value, measure):
    """A cell; text from a paper is not changed."""
    if isinstance(value, str):
        return value
    if pd.isna(value):
        return NOTHING
    if measure.decimals is None:
        return f"{float(f'{value:.3g}'):,g}" if value < 1e6 else f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.{measure.decimals}f}"


def rows_of(table, published, measures):
    """Headings of rows and their cells: measured methods, real rows, and published figures."""
    for method, row in table.iterrows():
        yield f"`{method}`", [written(row[measure.name], measure) for measure in measures]
    real = table[list(OF_REAL_ROWS)].median().rename(OF_REAL_ROWS).reindex([measure.name for measure in measures])
    if real.notna().any():
        yield "real rows", [written(value, measure) for value, measure in zip(real, measures)]
    for method, given in published.groupby("method", sort=False):
        values = given.set_index("measure")["value"]
        cells = [values.get(measure.name, NOTHING) for measure in measures]
        if set(cells) != {NOTHING}:
            yield f"*{method}, published*", cells


def markdown(headings, rows):
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)


def quality_table(table, published, measures):
    rows = [[name, *cells] for name, cells in rows_of(table, published, measures)]
    return markdown(["", *(measure.heading for measure in measures)], rows)


def verdict(table):
    """The goals that skgan reaches, as a sentence."""
    if "skgan" not in table.index:
        return ""
    row = table.loc["skgan"]
    headings = {measure.name: measure for measure in MEASURES}
    measured = [name for name in GOALS if pd.notna(row[name])]
    met = [headings[name].heading for name in measured if GOALS[name](row)]
    missed = [
        f"{measure.heading} ({written(row[measure.name], measure)}; goal: {measure.goal})"
        for measure in (headings[name] for name in measured if not GOALS[name](row))
    ]
    said = [f"`skgan` reaches the goal of {', '.join(met)}."] if met else []
    said += [f"It misses {'; '.join(missed)}."] if missed else []
    return " ".join(said) + "\n"


def section(dataset, table, published):
    """The section of one data set."""
    parts = [f"### {dataset}\n"]
    if dataset in WITH_GOALS:
        parts += [f"![Quality against the cost of fitting, {dataset}](images/tables_{dataset}.png)\n", verdict(table)]
    parts += [quality_table(table, published, measures) for measures in (FAITHFUL, OWN_ROWS, COST)]
    absent = [f"`{method}`" for method in METHODS if method not in table.index]
    parts += [f"Not measured: {', '.join(absent)}.\n"] if absent else []
    return "\n".join(part for part in parts if part)


def runs(rows):
    """A table of the runs behind the medians."""
    lines = []
    for (dataset, method), given in rows.groupby(["dataset", "method"], sort=False):
        last = given.iloc[-1]
        ended = given["xgb_detection"].notna().sum()
        seeds = f"{ended}" if ended == len(given) else f"{ended}, {len(given) - ended} failed"
        lines.append([dataset, f"`{method}`", seeds, *(_word(last.get(name)) for name in ABOUT)])
    return "### What was run\n\n" + markdown(["data set", "method", "seeds", *ABOUT.values()], lines)


def _word(value):
    return NOTHING if pd.isna(value) else str(value)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args(arguments)
    published = pd.read_csv(PUBLISHED, dtype=str)
    rows = newest(pd.read_csv(RESULTS))
    table = medians(rows)
    sections = []
    for dataset in dict.fromkeys([*WITH_GOALS, *rows["dataset"]]):
        if dataset not in rows["dataset"].array:
            sections.append(f"### {dataset}\n\nNot measured yet.\n")
            continue
        here, given = table.loc[dataset], published[published["dataset"] == dataset]
        sections.append(section(dataset, here, given))
        if dataset in WITH_GOALS:
            panels = {measure: PICTURED[measure.name] for measure in FAITHFUL if measure.name in PICTURED}
            draw(dataset, panels, here, given, IMAGES / f"tables_{dataset}.png")
    sections.append(runs(rows))
    (TABLES / "tables.txt").write_text("\n".join(sections), encoding="utf-8")
    about = pd.DataFrame(MEASURES)[["heading", "meaning", "best", "goal"]].rename(columns={"heading": "measure"})
    about.to_csv(TABLES / "tables_measures.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    sys.exit(main())
