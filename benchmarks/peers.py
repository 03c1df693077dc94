"""Other packages with their defaults, with the interface of methods.py.

None of them generates missing values, so each gets a table without any (`Peer`).
"""

import itertools
import sys
import time
from importlib.metadata import version
from unittest import mock

import numpy as np
import pandas as pd
from columns import Columns


class Peer:
    """Encodes missing values before a package is fitted, and restores them in the rows that it generates.

    A missing category becomes a category of its own; a missing number becomes the median, and is marked in an indicator
    column. `_fit(table, discrete)` gets a frame and the names of its categorical columns (integers as strings);
    `_sample(n)` returns a frame like it.
    """

    def __init__(self, seed, seconds=None):
        self.seed, self.seconds = seed, seconds

    def fit(self, train):
        self.start_ = time.process_time()
        self.columns_ = Columns(train)
        self.version_ = f"{self.package} {version(self.package)}"
        self._fit(*self._without_missing(self.columns_.to_matrix(train)))
        return self

    def sample(self, n):
        table = self._sample(n)
        matrix = np.empty((n, len(self.columns_.categorical)))
        for i, categorical in enumerate(self.columns_.categorical):
            matrix[:, i] = table[f"{i}"].astype(float)
            if categorical:
                matrix[matrix[:, i] < 0, i] = np.nan
            elif f"{i} missing" in table:
                matrix[table[f"{i} missing"].astype(float) == 1, i] = np.nan
        return self.columns_.to_frame(matrix)

    def _without_missing(self, matrix):
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

    def _seconds_left(self):
        return np.inf if self.seconds is None else self.seconds - (time.process_time() - self.start_)


class Ctgan(Peer):
    """CTGAN, for as many epochs as `seconds` allow (None: its default of 300).

    Xu et al. (2019), Modeling tabular data using conditional GAN, NeurIPS.
    """

    package = module = "ctgan"
    model = "CTGAN"

    def _fit(self, table, discrete):
        import ctgan

        cls = getattr(ctgan, self.model)
        self.model_ = cls() if self.seconds is None else cls(epochs=10**9)
        self.model_.set_random_state(self.seed)

        def epochs(numbers, disable):
            return itertools.takewhile(lambda number: self._seconds_left() > 0, numbers)

        # Its loop over epochs uses tqdm(range(epochs)); this replacement ends when the time is spent.
        with mock.patch.object(sys.modules[cls.__module__], "tqdm", epochs):
            self.model_.fit(table, discrete)
        self.version_ += f", {self.model_.loss_values['Epoch'].nunique()} epochs"

    def _sample(self, n):
        return self.model_.sample(n)


class Tvae(Ctgan):
    """TVAE, the autoencoder of CTGAN's paper and package."""

    model = "TVAE"


class Arf(Peer):
    """Adversarial random forests with their defaults; `seconds` is ignored, since no setting limits their time.

    Watson et al. (2023), Adversarial random forests for density estimation and generative modeling, AISTATS.
    """

    package = "arfpy"
    module = "arfpy.arf"

    def _fit(self, table, discrete):
        from arfpy import arf

        self.names_ = list(table)
        # arfpy 0.1.1 uses np.in1d, which NumPy 2.4 lacks, and positions as labels, which pandas 3 does not accept.
        table = table.astype(dict.fromkeys(discrete, "category")).set_axis(range(table.shape[1]), axis=1)
        # It draws from the global generator.
        np.random.seed(self.seed)  # noqa: NPY002
        with mock.patch.object(np, "in1d", np.isin, create=True):
            self.model_ = arf.arf(table, verbose=False, random_state=self.seed)
        self.model_.forde()

    def _sample(self, n):
        return self.model_.forge(n).set_axis(self.names_, axis=1)


class ForestDiffusion(Peer):
    """Flow matching with gradient-boosted trees; `seconds` limits the noise samples per row (None: its default of 100).

    Where even one costs too much, the number of noise levels is reduced from 50 to at least 10.
    Jolicoeur-Martineau et al. (2024), Generating and imputing tabular data via diffusion and flow-based
    gradient-boosted trees, AISTATS.
    """

    package = "ForestDiffusion"
    module = "ForestDiffusion.diffusion_with_trees_class"
    levels, fewest_levels, samples = 50, 10, 100

    def _fit(self, table, discrete):
        self.codes_ = {name: np.unique(table[name], return_inverse=True) for name in discrete}
        self.names_ = list(table)
        matrix = table.assign(**{name: codes for name, (_, codes) in self.codes_.items()}).to_numpy(float)
        n_levels = {self.names_.index(name): len(levels) for name, (levels, _) in self.codes_.items()}
        kinds = {
            "bin_indexes": [i for i, n in n_levels.items() if n <= 2],
            "cat_indexes": [i for i, n in n_levels.items() if n > 2],
        }
        size = {"n_t": self.levels, "duplicate_K": self.samples}
        if self.seconds is not None:
            size = self._affordable(matrix, kinds)
        self.model_ = self._model(matrix, **kinds, **size)
        self.version_ += "".join(f", {name} {number}" for name, number in size.items())

    def _sample(self, n):
        table = pd.DataFrame(self.model_.generate(n), columns=self.names_)
        return table.assign(**{name: levels[table[name].astype(int)] for name, (levels, _) in self.codes_.items()})

    def _affordable(self, matrix, kinds):
        """The sizes that `seconds` allow, from the cost of one noise level with one and three noise samples per row."""
        self._cost(matrix[:100], kinds, 1)  # the first call includes one-off costs
        one = self._cost(matrix, kinds, 1)
        if self._seconds_left() < self.levels * one:
            return {"n_t": max(self.fewest_levels, int(self._seconds_left() / one)), "duplicate_K": 1}
        one_more = max((self._cost(matrix, kinds, 3) - one) / 2, 0.1 * one)
        more = int((self._seconds_left() / self.levels - one) / one_more)
        return {"n_t": self.levels, "duplicate_K": min(1 + max(more, 0), self.samples)}

    def _cost(self, matrix, kinds, samples):
        """CPU seconds of one noise level, estimated from a tenth of its trees."""
        start = time.process_time()
        self._model(matrix, **kinds, n_t=1, duplicate_K=samples, n_estimators=10)
        return 10 * (time.process_time() - start)

    def _model(self, matrix, **options):
        from ForestDiffusion.diffusion_with_trees_class import ForestDiffusionModel

        class Model(ForestDiffusionModel):
            def dummify(self, X):
                values, before, after = super().dummify(X)
                # No column name may be a suffix of another: it searches for "1_" and would find it in "11_3".
                return values, before.map(_bracketed), after.map(_bracketed)

            def clean_onehot_data(self, X):
                # It writes to an array that is read-only with pandas 3.
                return super().clean_onehot_data(X).copy()

        return Model(matrix, seed=self.seed, n_jobs=1, **options)


def _bracketed(name):
    column, mark, level = name.partition("_")
    return f"<{column}>{mark}{level}"
