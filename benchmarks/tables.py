"""How faithful are generated rows of mixed tables? One row per data set, method and seed: results/tables.csv.

    python benchmarks/tables.py [DATASET ...] [--methods METHOD ...] [--seed S ...] [--peer-python PATH]

Each method is fitted to the training rows (90 %; Adult: its own split) and draws as many rows. The measures are those
of published tables, whose split and cleaning of the data differ a little:

xgb_detection
    1 - 2 max(AUC - 0.5, 0) of a default `XGBClassifier(enable_categorical=True, random_state=0)` that
    classifies synthetic against training rows, three folds: 1 if it cannot. Copies score 1.
xgb_detection_held_out
    The same against held-out rows, with as many synthetic ones. Copies score 1 here too, but a refinement that has
    memorised its training rows does not. Small tables have few held-out rows, so the measure is weak there.
shape_error_percent, trend_error_percent
    100 minus the Column Shapes and Column Pair Trends of sdmetrics' Quality Report, against the training rows.
utility, utility_real
    Area under the ROC curve (or R2) on test rows of such a classifier (regressor) trained on synthetic rows, and on the
    training rows.
beta_recall, alpha_precision
    Against the training rows, with min-max scaled numeric columns and one-hot categories.
nearest_record_share, membership_auc, membership_tpr, unique_value_percent, unique_value_fresh_percent
    Ideal values: 0.5; 0.5; 0.01; the last two are the percentage of numeric values that occur in exactly one training
    row, among synthetic rows and among test rows.

The goals are in GOALS; exit code 1 where one is missed.
"""

import argparse
import sys

import datasets
import numpy as np
import pandas as pd
import record
from methods import METHODS, PEERS
from record import ChildFailed, append_row, circumstances

RESULTS = record.RESULTS / "tables.csv"
TARGETS = {
    "adult": "income",
    "shoppers": "Revenue",
    "magic": "class",
    "churn_telco": "Churn",
    "german": "class",
    "diabetes": "Outcome",
    "king": "price",
    "california_raw": "median_house_value",
    "insurance": "charges",
}
MAX_ROWS = 10_000
GOALS = {
    "xgb_detection": lambda row: row["xgb_detection"] >= 0.95,
    "shape_error_percent": lambda row: row["shape_error_percent"] <= 0.5,
    "trend_error_percent": lambda row: row["trend_error_percent"] <= 1.0,
    "utility": lambda row: row["utility"] >= row["utility_real"] - 0.005,
    "beta_recall": lambda row: row["beta_recall"] >= 0.55,
    "nearest_record_share": lambda row: 0.48 <= row["nearest_record_share"] <= 0.53,
    "membership_auc": lambda row: row["membership_auc"] <= 0.52,
    "membership_tpr": lambda row: row["membership_tpr"] <= 0.02,
    "unique_value_percent": lambda row: row["unique_value_percent"] <= row["unique_value_fresh_percent"],
}
MAX_PARTS = 5
WITH_GOALS = ("adult", "shoppers", "magic")


def fitted(dataset, method, seed, options):
    """What fitting and sampling cost, and the generated rows."""
    peer = {"python": options.peer_python, "seconds": options.peer_seconds} if method in PEERS else {}
    return record.fit_in_child(dataset, method, seed, **peer)


def measured(dataset, train, test, synthetic):
    """The measures of the docstring."""
    from skgan import metrics

    sets = {"max_rows": MAX_ROWS, "random_state": 0}
    alpha = metrics.alpha_scores(train, synthetic, features="minmax")
    membership = metrics.membership_inference(train, synthetic, test, **sets)
    unique = metrics.unique_value_share(train, synthetic, test)
    found = {
        "xgb_detection": xgb_detection(train, synthetic),
        "xgb_detection_held_out": held_out_detection(test, synthetic),
        "shape_error_percent": 100 * (1 - metrics.column_shapes(train, synthetic).score),
        "trend_error_percent": 100 * (1 - metrics.pair_trends(train, synthetic).score),
        "beta_recall": alpha.beta_recall,
        "alpha_precision": alpha.alpha_precision,
        "nearest_record_share": metrics.nearest_record_share(train, synthetic, test, **sets),
        "membership_auc": membership.auc,
        "membership_tpr": membership.true_positive_rate,
        "unique_value_percent": 100 * unique.synthetic,
        "unique_value_fresh_percent": 100 * unique.holdout,
        "exact_copies_percent": 100 * metrics.exact_copies(train, synthetic),
    }
    target = TARGETS.get(dataset)
    if target in train:
        found["utility"] = xgb_utility(synthetic, test, target)
        found["utility_real"] = xgb_utility(train, test, target)
    return found


def xgb_detection(train, synthetic):
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from xgboost import XGBClassifier

    n = min(len(train), len(synthetic))
    X = with_categories(pd.concat([train.iloc[:n], synthetic.iloc[:n]], ignore_index=True))
    is_real = np.repeat([1, 0], n)
    model = XGBClassifier(enable_categorical=True, random_state=0, n_jobs=1)
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    probability = cross_val_predict(model, X, is_real, cv=folds, method="predict_proba")[:, 1]
    return 1 - 2 * max(roc_auc_score(is_real, probability) - 0.5, 0)


def held_out_detection(test, synthetic):
    """The mean over parts of the synthetic rows, each with as many rows as are held out."""
    n_parts = min(MAX_PARTS, len(synthetic) // len(test))
    parts = [synthetic.iloc[part * len(test) : (part + 1) * len(test)] for part in range(n_parts)]
    return np.mean([xgb_detection(test, part) for part in parts]) if parts else np.nan


def xgb_utility(rows, test, target):
    from sklearn.metrics import r2_score, roc_auc_score
    from xgboost import XGBClassifier, XGBRegressor

    both = with_categories(pd.concat([rows, test], ignore_index=True).drop(columns=target))
    X, X_test = both.iloc[: len(rows)], both.iloc[len(rows) :]
    options = {"enable_categorical": True, "random_state": 0, "n_jobs": 1}
    if pd.api.types.is_numeric_dtype(test[target]) and test[target].nunique() > 2:
        return r2_score(test[target], XGBRegressor(**options).fit(X, rows[target]).predict(X_test))
    positive = sorted(test[target].astype(str).unique())[-1]
    y, y_test = (frame[target].astype(str) == positive for frame in (rows, test))
    return roc_auc_score(y_test, XGBClassifier(**options).fit(X, y).predict_proba(X_test)[:, 1])


def with_categories(frame):
    """All columns that are not numeric as categories, which XGBoost accepts."""
    others = [name for name in frame if not pd.api.types.is_numeric_dtype(frame[name])]
    return frame.astype({**dict.fromkeys(others, str), **dict.fromkeys(frame.select_dtypes("bool"), int)}).astype(
        dict.fromkeys(others, "category")
    )


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="*", default=WITH_GOALS, metavar="DATASET")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=("skgan",))
    parser.add_argument("--seed", type=int, nargs="+", default=[0])
    parser.add_argument("--peer-python", help="Python of the peers' environment")
    parser.add_argument("--peer-seconds", type=float, help="CPU seconds that a peer may use; default: no limit")
    options = parser.parse_args(arguments)

    about, missed = circumstances(), []
    for dataset in options.datasets:
        train, test = datasets.load(dataset)
        for method in options.methods:
            for seed in options.seed:
                try:
                    cost, synthetic = fitted(dataset, method, seed, options)
                except ChildFailed as error:
                    print(f"{dataset}, {method}, seed {seed}: {error}", file=sys.stderr)
                    missed.append(f"{dataset} {method} {seed} failed")
                    failed = str(error).splitlines()[-1]
                    append_row(RESULTS, {"dataset": dataset, "method": method, "seed": seed, "failed": failed, **about})
                    continue
                row = {"dataset": dataset, "method": method, "seed": seed, **cost}
                row |= measured(dataset, train, test, synthetic)
                if method == "skgan" and dataset in WITH_GOALS:
                    row["missed"] = " ".join(goal for goal, met in GOALS.items() if not met(row))
                    missed += [f"{dataset} {goal}" for goal in row["missed"].split()]
                append_row(RESULTS, {**row, **about, "peer": cost["peer"]})
                print(", ".join(f"{name} {value}" for name, value in row.items()), flush=True)
    if missed:
        print("Missed: " + ", ".join(missed), file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
