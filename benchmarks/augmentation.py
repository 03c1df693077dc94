"""Do generated rows make better models? Rows in results/augmentation.csv.

    SKGAN_DATA=FOLDER OMP_NUM_THREADS=1 python benchmarks/augmentation.py [CASE ...] [--methods METHOD ...]
        [--models MODEL ...] [--seed S ...] [--results FILE]

One row per case, method, model and seed: average precision of the rarer class, balanced accuracy and log loss (for
regression, R2) on held-out rows; seconds are CPU seconds of the whole fit; nearest_record_share is that of the rows of
gan_over within their class, where 0.5 is ideal and 1 means copies. Each seed is another split, the same for all methods
and models. A sampler that several models need is fitted once, and its time is counted for each of them.

A case is

imbalanced TABLE
    At most 4,000 training rows; in adult_rare 1 % of the rows are of the rarer class; pneumoniamnist has images of
    28 x 28 pixels.
small TABLE N
    The first N rows of a split.
amounts TABLE N
    The same, with a continuous y.

alone is the model fitted to the training rows as they are; class_weight sets its class weights; random_over, smote and
adasyn are those of imbalanced-learn; ctgan is CTGAN fitted to the rarer class (in the peers' environment of README.md;
not for images); gan_over is `GANOverSampler()`, gan_over_one and gan_over_five the same with ``n_candidates`` 1 and 5;
smote_half and gan_over_half make the rarer class half as large as the other; gan_auto is `AugmentedClassifier(model)`
or `AugmentedRegressor(model)`, gan_always the same with ``n_synthetic=1.0``.

Bars, for mean paired differences over tables and models: gan_over at least equal to the best of smote and adasyn in
average precision and log loss; gan_auto on no table worse than alone by more than its 95 % interval, and better in the
mean over small samples. `augmentation_report.py` judges them.
"""

import argparse
import sys
import time
import warnings

import datasets
import numpy as np
import pandas as pd
from augmentation_methods import METHODS, OVERSAMPLERS, is_continuous, remembered_fits
from image_data import load_images
from record import HERE, RESULTS, append_row, circumstances
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import average_precision_score, balanced_accuracy_score, log_loss, r2_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, StandardScaler

TARGETS = {
    "shoppers": "Revenue",
    "churn_telco": "Churn",
    "german": "class",
    "adult": "income",
    "king": "price",
    "insurance": "charges",
}
IMBALANCED = ("shoppers", "churn_telco", "german", "adult_rare", "pneumoniamnist")
SMALL, SIZES = ("shoppers", "churn_telco", "german", "adult"), (100, 300, 1000)
AMOUNTS = ("king", "insurance")
CASES = [
    *(("imbalanced", name, 4000) for name in IMBALANCED),
    *(("small", name, n) for name in SMALL for n in SIZES),
    *(("amounts", name, n) for name in AMOUNTS for n in SIZES),
]
MOST_TEST_ROWS, TEST_SHARE, RARE_SHARE = 4000, 0.3, 0.01
NUMBERS, WORDS = make_column_selector(dtype_include="number"), make_column_selector(dtype_exclude="number")


def split(name, n, seed):
    """X_train, y_train, X_test, y_test: frames, or images."""
    rng = np.random.default_rng(seed)
    if name == "pneumoniamnist":
        x_train, y_train, x_test, y_test = load_images(name)
        rows = rng.permutation(len(x_train))[:n]
        return x_train[rows], pd.Series(y_train[rows]), x_test, pd.Series(y_test)
    frame = _whole(name.removesuffix("_rare"))
    target = TARGETS[name.removesuffix("_rare")]
    frame = frame.iloc[rng.permutation(len(frame))].reset_index(drop=True)
    if not is_continuous(frame[target]):
        # Balanced forests fail with class labels that look like numbers.
        frame[target] = target + " " + frame[target].astype(str)
    if name.endswith("_rare"):
        frame = _thinned(frame, target, rng)
    n_train = min(n, int((1 - TEST_SHARE) * len(frame)))
    parts = frame[:n_train], frame[n_train : n_train + MOST_TEST_ROWS]
    parts = [part.reset_index(drop=True) for part in parts]
    return [side for part in parts for side in (part.drop(columns=target), part[target])]


def _whole(name):
    train, test = datasets.load(name)
    frame = pd.concat([train, test], ignore_index=True)
    words = frame.select_dtypes(exclude="number").columns
    # All models and imbalanced-learn accept text of dtype object with NaN for missing values.
    return frame.astype(dict.fromkeys(words, object)).where(frame.notna(), np.nan)


def _thinned(frame, target, rng):
    """Drop rows of the rarer class until RARE_SHARE of the rows belong to it."""
    counts = frame[target].value_counts()
    rare = rng.permutation(frame.index[frame[target] == counts.index[-1]])
    keep = int(RARE_SHARE / (1 - RARE_SHARE) * counts.iloc[0])
    return frame.drop(rare[keep:]).reset_index(drop=True)


def _flat(images):
    return images.reshape(len(images), -1) / 255.0


def _preparation(X, one_hot):
    if X.ndim > 2:
        return FunctionTransformer(_flat)
    words = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2)
    if one_hot:
        words = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), NUMBERS), (words, WORDS)
    )


def models(X, y):
    """A dict from names to functions ``model(**parameters)`` that return an unfitted pipeline."""
    continuous, seeded = is_continuous(y), {"random_state": 0}
    learners = {
        "linear": (Ridge, {}) if continuous else (LogisticRegression, {"max_iter": 1000}),
        "boosting": (HistGradientBoostingRegressor, seeded) if continuous else (HistGradientBoostingClassifier, seeded),
        "forest": (RandomForestRegressor, seeded) if continuous else (RandomForestClassifier, seeded),
    }

    def maker(word):
        learner, fixed = learners[word]
        return lambda **parameters: make_pipeline(_preparation(X, word == "linear"), learner(**fixed, **parameters))

    return {word: maker(word) for word in learners}


def measured(fitted, X, y):
    if is_continuous(y):
        return {"r2": r2_score(y, fitted.predict(X))}
    probabilities, classes = fitted.predict_proba(X), list(fitted.classes_)
    rarer = y.value_counts().index[-1]
    return {
        "average_precision": average_precision_score(y == rarer, probabilities[:, classes.index(rarer)]),
        "balanced_accuracy": balanced_accuracy_score(y, fitted.predict(X)),
        "log_loss": log_loss(y, probabilities, labels=classes),
    }


def nearness(fitted, X, y, X_test, y_test):
    """The nearest-record share of added rows among training and test rows of the rarer class."""
    if not hasattr(fitted, "added_rows") or X.ndim > 2:
        return ""
    from skgan.metrics import nearest_record_share

    rarer = y.value_counts().index[-1]
    return nearest_record_share(X[y == rarer], fitted.added_rows, X_test[y_test == rarer], random_state=0)


def methods_of(kind, X, chosen):
    """The methods of a kind of case: oversampling needs classes; the default number of candidates is measured once."""
    default = "gan_over_one" if X.ndim > 2 else "gan_over_five"
    not_asked = {"gan_always", default} if kind == "imbalanced" else {"class_weight", *OVERSAMPLERS}
    return [method for method in chosen if method not in not_asked]


def outcome(method, case, model, seed, clock):
    """Cost and quality of one fit, as part of a row."""
    X, y, X_test, y_test = case
    start, saved = time.process_time(), clock.saved
    try:
        fitted = method(X, y, model, seed)
        seconds = time.process_time() - start + clock.saved - saved
        return {
            "cpu_seconds": seconds,
            **measured(fitted, X_test, y_test),
            "n_added": getattr(fitted, "n_synthetic_", ""),
            "nearest_record_share": nearness(fitted, X, y, X_test, y_test),
        }
    except ValueError as error:
        return {"failed": str(error).splitlines()[0][:80]}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [" ".join(map(str, case)) for case in CASES]
    parser.add_argument(
        "cases", nargs="*", metavar="CASE", help='such as "small german 300", or "small" for all of a kind'
    )
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=[name for name in METHODS if name != "ctgan"])
    parser.add_argument("--models", nargs="+", choices=("linear", "boosting", "forest"))
    parser.add_argument("--seed", type=int, nargs="+", default=list(range(10)))
    parser.add_argument("--results", default=RESULTS / "augmentation.csv")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    about = circumstances()
    wanted = [f"{word} " for word in options.cases] or [""]
    asked = [case for case, name in zip(CASES, names, strict=True) if f"{name} ".startswith(tuple(wanted))]
    if not asked:
        parser.error(f"no case is called {options.cases}; they are {', '.join(names)}")
    for seed in options.seed:
        for kind, name, n in asked:
            case = split(name, n, seed)
            makers = {word: model for word, model in models(*case[:2]).items() if word in (options.models or [word])}
            with remembered_fits() as clock:
                for word, model in makers.items():
                    for method in methods_of(kind, case[0], options.methods):
                        row = {"kind": kind, "table": name, "n_rows": len(case[1]), "method": method, "model": word}
                        row |= {"seed": seed, **outcome(METHODS[method], case, model, seed, clock)}
                        append_row(HERE.joinpath(options.results), {**row, **about})
                        print(", ".join(f"{key} {value}" for key, value in row.items()), flush=True)


if __name__ == "__main__":
    sys.exit(main())
