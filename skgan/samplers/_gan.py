"""GANSampler: rows like those of X."""

from __future__ import annotations

import time

import numpy as np
from sklearn.base import DensityMixin
from sklearn.utils.validation import check_is_fitted

from skgan._random import draw_seed, numpy_stream
from skgan.encoders import Conditions
from skgan.metrics import detection_score

from ._base import BaseGAN

MAX_ROWS_TO_SCORE = 10_000


class GANSampler(DensityMixin, BaseGAN):
    """x"""

    def __init__(
        self,
        *,
        categorical_features="from_dtype",
        loss="relativistic",
        regularizer="auto",
        generator="auto",
        discriminator="auto",
        latent_dim="auto",
        hidden_layer_sizes="auto",
        max_iter="auto",
        max_time=None,
        batch_size="auto",
        learning_rate="auto",
        refine=True,
        min_frequency=5,
        rare_categories="keep",
        device="auto",
        verbose=0,
        random_state=None,
    ):
        self.categorical_features = categorical_features
        self.loss = loss
        self.regularizer = regularizer
        self.generator = generator
        self.discriminator = discriminator
        self.latent_dim = latent_dim
        self.hidden_layer_sizes = hidden_layer_sizes
        self.max_iter = max_iter
        self.max_time = max_time
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.refine = refine
        self.min_frequency = min_frequency
        self.rare_categories = rare_categories
        self.device = device
        self.verbose = verbose
        self.random_state = random_state

    def fit(self, X, y=None):
        start = time.monotonic()
        self._check_parameters()
        return self._fit(self._read(X), start)

    def sample(self, n_samples=1, *, random_state=None):
        n = self._check_sample(n_samples)
        columns = self._draw_columns(n, Conditions.none(1), self._sample_seed(random_state))
        return self._form.rebuild(columns)

    def score(self, X, y=None):
        check_is_fitted(self)
        table = self._read_again(X)
        n = min(table.n_rows, MAX_ROWS_TO_SCORE)
        seed = draw_seed(numpy_stream(self._seed, "score"))
        rows = self._form.rebuild(self._draw_columns(n, Conditions.none(1), seed))
        return detection_score(table, self._form.read_like(rows), random_state=seed % 2**32)

    def score_samples(self, X):
        check_is_fitted(self)
        table = self._read_again(X)
        if self._ratio is None:
            return np.zeros(table.n_rows)
        columns = [(column.values, column.missing) for column in table.columns]
        return self._ratio.log_ratio(self._encoder.features(columns))
