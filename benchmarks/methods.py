"""The methods that are compared, each behind ``Method(seed, seconds).fit(train)`` and ``.sample(n)``.

What a method needs is imported when it is used (`module` is what takes longest): peers live in an environment of their
own. `seconds` are the CPU seconds that a peer may use.
"""

import itertools
import time
from unittest import mock

import numpy as np
import pandas as pd
from columns import Columns


class Skgan:
    """GANSampler with its defaults; it scores itself."""

    module = "skgan"

    def __init__(self, seed, seconds=None):
        self.seed = seed

    def fit(self, train):
        from skgan import GANSampler

        self.sampler_ = GANSampler(random_state=self.seed).fit(train)
        return self

    def sample(self, n):
        return self.sampler_.sample(n)

    def score(self, test):
        return self.sampler_.score(test)


class Independent:
    """Each column resampled on its own: the floor, right in every margin and in no dependence."""

    module = "numpy"

    def __init__(self, seed, seconds=None):
        self.rng = np.random.default_rng(seed)

    def fit(self, train):
        self.train_ = train
        return self

    def sample(self, n):
        chosen = self.rng.integers(len(self.train_), size=(self.train_.shape[1], n))
        columns = {name: self.train_[name].iloc[rows].array for name, rows in zip(self.train_, chosen)}
        return pd.DataFrame(columns)


class Copies(Independent):
    """Training rows: what the measures must see through."""

    def sample(self, n):
        rows = self.rng.permutation(np.resize(np.arange(len(self.train_)), n))
        return self.train_.iloc[rows].reset_index(drop=True)


class Smote:
    """Numbers between a row's and a near neighbour's; levels and gaps of one of the two.

    Neighbours are near in ranks of numbers and in the share of equal levels. Chawla et al. (2002), SMOTE: Synthetic
    Minority Over-sampling Technique, JAIR 16.
    """

    module = "sklearn.neighbors"
    n_neighbors = 5

    def __init__(self, seed, seconds=None):
        self.rng = np.random.default_rng(seed)

    def fit(self, train):
        from sklearn.neighbors import NearestNeighbors
        from sklearn.preprocessing import OneHotEncoder, QuantileTransformer

        self.columns_ = Columns(train)
        self.rows_ = self.columns_.to_matrix(train)
        categorical = self.columns_.categorical
        parts = []
        if not categorical.all():
            numbers = self.rows_[:, ~categorical]
            quantiles = QuantileTransformer(n_quantiles=min(1000, len(numbers))).fit_transform(numbers)
            parts.append(np.where(np.isnan(numbers), 0.5, quantiles))
        if categorical.any():
            # Two rows that differ in one level are 1 apart.
            parts.append(OneHotEncoder(sparse_output=False).fit_transform(self.rows_[:, categorical]) / 2**0.5)
        places = np.column_stack(parts).astype(np.float32)
        neighbors = NearestNeighbors(n_neighbors=min(self.n_neighbors + 1, len(places))).fit(places)
        self.neighbors_ = neighbors.kneighbors(return_distance=True)[1][:, : self.n_neighbors]
        return self

    def sample(self, n):
        first = self.rng.permutation(np.resize(np.arange(len(self.rows_)), n))
        second = self.neighbors_[first, self.rng.integers(self.neighbors_.shape[1], size=n)]
        a, b = self.rows_[first], self.rows_[second]
        between = a + self.rng.random((n, 1)) * (b - a)
        one_of_two = np.where(self.rng.random(a.shape) < 0.5, a, b)
        copied = self.columns_.categorical | np.isnan(between)
        return self.columns_.to_frame(np.where(copied, one_of_two, between))


class Ctgan:
    """CTGAN as its package has it, for so many epochs as `seconds` of CPU time allow (None: its own 300).

    It takes no gap: a gap in a level becomes a level, a gap in a number the median and a mark in one more column.
    Xu et al. (2019), Modeling tabular data using conditional GAN, NeurIPS.
    """

    module = "ctgan"

    def __init__(self, seed, seconds=None):
        self.seed, self.seconds = seed, seconds

    def fit(self, train):
        from ctgan import CTGAN

        start = time.process_time()
        self.columns_ = Columns(train)
        table, discrete = self._without_gaps(self.columns_.to_matrix(train))
        self.model_ = CTGAN() if self.seconds is None else CTGAN(epochs=10**9)
        self.model_.set_random_state(self.seed)

        def epochs(numbers, disable):
            in_time = lambda number: self.seconds is None or time.process_time() - start < self.seconds  # noqa: E731
            return itertools.takewhile(in_time, numbers)

        # Its loop of epochs runs over tqdm(range(epochs)); this one ends when the time is spent.
        with mock.patch("ctgan.synthesizers.ctgan.tqdm", epochs):
            self.model_.fit(table, discrete)
        self.version_ = _version("ctgan") + f", {len(self.model_.loss_values)} epochs"
        return self

    def sample(self, n):
        table = self.model_.sample(n)
        matrix = np.empty((n, len(self.columns_.categorical)))
        for i, categorical in enumerate(self.columns_.categorical):
            matrix[:, i] = table[f"{i}"].astype(float)
            if categorical:
                matrix[matrix[:, i] < 0, i] = np.nan
            elif f"{i} missing" in table:
                matrix[table[f"{i} missing"].astype(float) == 1, i] = np.nan
        return self.columns_.to_frame(matrix)

    def _without_gaps(self, matrix):
        """A frame that CTGAN takes, and the names of its discrete columns."""
        table, discrete = {}, []
        for i, (categorical, values) in enumerate(zip(self.columns_.categorical, matrix.T)):
            missing = np.isnan(values)
            if categorical:
                table[f"{i}"] = np.where(missing, -1, values).astype(int).astype(str)
                discrete.append(f"{i}")
                continue
            table[f"{i}"] = np.where(missing, np.nanmedian(values), values)
            if missing.any():
                table[f"{i} missing"] = missing.astype(int).astype(str)
                discrete.append(f"{i} missing")
        return pd.DataFrame(table), discrete


def _version(package):
    from importlib.metadata import version

    return f"{package} {version(package)}"


METHODS = {"skgan": Skgan, "independent": Independent, "copies": Copies, "smote": Smote, "ctgan": Ctgan}
# These run in the peers' environment only.
PEERS = ("ctgan",)
