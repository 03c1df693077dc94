"""Real tables: `load(name) -> (train, test)`.

The environment variable SKGAN_DATA names the folder of ``NAME/data.parquet`` and ``NAME/meta.json``; without it, Adult
comes from OpenML. iris and digits ship with scikit-learn.
"""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd

STORED = (
    "adult",
    "shoppers",
    "magic",
    "churn_telco",
    "king",
    "california_raw",
    "german",
    "diabetes",
    "insurance",
)
SPLIT_SEED = 0
TRAIN_SHARE = 0.9
ADULT_TRAIN = 32_561


def load(name, *, whole=False, rows=None):
    """Load a table.

    Parameters
    ----------
    name : str
        One of NAMES.
    whole : bool, default=False
        Whether all rows are training rows and `test` is None.
    rows : int or None, default=None
        Keep only the first so many of the training and of the test rows.

    Returns
    -------
    train, test : DataFrame
        The split of ``meta.json`` where it has one (Adult: rows 0..32560, and the rest), else 90 and 10 percent of the
        rows in a seeded order.

    Raises
    ------
    ValueError
        If there is no data set of this name.
    FileNotFoundError
        If it is not found in the folder, or SKGAN_DATA is not set.
    """
    if name not in READERS:
        raise ValueError(f"There is no data set {name!r}; choose one of {', '.join(NAMES)}.")
    frame, split = READERS[name](name)
    if whole:
        return frame.iloc[:rows], None
    if split is None:
        order = np.random.default_rng(SPLIT_SEED).permutation(len(frame))
        frame, split = frame.iloc[order], int(TRAIN_SHARE * len(frame))
    train, test = frame.iloc[:split], frame.iloc[split:]
    return train.iloc[:rows].reset_index(drop=True), test.iloc[:rows].reset_index(drop=True)


def _stored(name):
    folder = os.environ.get("SKGAN_DATA")
    if folder is None:
        if name == "adult":
            return _adult_from_openml(), ADULT_TRAIN
        raise FileNotFoundError(f"Set the environment variable SKGAN_DATA to the folder of {name}/data.parquet.")
    meta = json.loads((Path(folder) / name / "meta.json").read_text())
    frame = pd.read_parquet(Path(folder) / name / "data.parquet")
    return frame, meta["split"]["train"][1] if "split" in meta else None


def _adult_from_openml():
    from sklearn.datasets import fetch_openml

    frame = fetch_openml("adult", version=2, as_frame=True).frame
    frame = frame.rename(columns={"class": "income"}).rename(columns=lambda name: name.replace("-", "_"))
    # OpenML has the test rows first; the training file begins with this person.
    [first, *_] = np.flatnonzero((frame["age"] == 39) & (frame["fnlwgt"] == 77516))
    frame = pd.concat([frame.iloc[first:], frame.iloc[:first]], ignore_index=True)
    numeric = [name for name in frame if pd.api.types.is_numeric_dtype(frame[name])]
    return frame.astype(dict.fromkeys(numeric, "int64"))


def _iris(name):
    from sklearn.datasets import load_iris

    return load_iris(as_frame=True).data, None


def _digits(name):
    from sklearn.datasets import load_digits

    return load_digits(as_frame=True).data, None


READERS = {**dict.fromkeys(STORED, _stored), "iris": _iris, "digits": _digits}
NAMES = tuple(READERS)
