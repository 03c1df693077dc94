"""The compared methods, each with the interface ``Method(seed, seconds).fit(train)`` and ``.sample(n)``.

What a method needs is imported when it is used, since peers have an environment of their own; `module` is the module
that takes longest to import. `seconds` are the CPU seconds that a peer may use, and the wall-clock seconds of skgan's
`max_time`.
"""

import numpy as np
import pandas as pd
from columns import Columns
from peers import Arf, Ctgan, ForestDiffusion, Tvae


class Skgan:
    """GANSampler with its defaults, and its own `score`."""

    module = "skgan"

    def __init__(self, seed, seconds=None):
        self.seed, self.seconds = seed, seconds

    def fit(self, train):
        from skgan import GANSampler

        self.sampler_ = GANSampler(random_state=self.seed, max_time=self.seconds).fit(train)
        return self

    def sample(self, n):
        return self.sampler_.sample(n)

    def score(self, test):
        return self.sampler_.score(test)


class Independent:
    """Each column resampled independently: the lower reference, with right marginals and no dependence."""

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
    """Training rows: privacy measures must detect them."""

    def sample(self, n):
        rows = self.rng.permutation(np.resize(np.arange(len(self.train_)), n))
        return self.train_.iloc[rows].reset_index(drop=True)


class Smote:
    """Numeric values between those of a row and of a near neighbour; categories and missing values of one of the two.

    Neighbours are near in the ranks of numeric columns and in the number of equal categories. Chawla et al. (2002),
    SMOTE: Synthetic Minority Over-sampling Technique, JAIR 16.
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
            # Two rows that differ in one category have distance 1.
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


# These run only in the peers' environment.
PEERS = {"ctgan": Ctgan, "tvae": Tvae, "arf": Arf, "forest_diffusion": ForestDiffusion}
METHODS = {"skgan": Skgan, "independent": Independent, "copies": Copies, "smote": Smote, **PEERS}
