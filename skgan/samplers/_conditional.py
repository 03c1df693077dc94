"""ConditionalGANSampler: rows like those of X, given y."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skgan._forms import form_from_state, read_target
from skgan._random import draw_seed, numpy_stream
from skgan._registry import resolve
from skgan.encoders import TARGET_TYPES, ConditionEncoder
from skgan.metrics import detection_score

from ._base import BaseGAN
from ._gan import MAX_ROWS_TO_SCORE
from ._rows import BLOCK


class ConditionalGANSampler(BaseGAN):
    """x"""

    def __init__(
        self,
        *,
        target_type="auto",
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
        self.target_type = target_type
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

    def fit(self, X, y):
        start = time.monotonic()
        self._check_parameters()
        resolve("target_type", self.target_type, TARGET_TYPES)
        table = self._read(X)
        targets = self._read_target(y, table.n_rows)
        self._target_form = targets.form
        self._conditions = ConditionEncoder(target_type=self.target_type, min_frequency=self.min_frequency)
        self._conditions.fit(targets)
        self._set_classes()
        return self._fit(table, start, self._conditions.encode(targets), self._conditions.spec_)

    def sample(self, n_samples=1, *, y=None, random_state=None):
        n = self._check_sample(n_samples)
        if y is None:
            seed = self._sample_seed(random_state)
            columns = self._draw_targets(n, seed)
            targets = self._target_form.read_like(self._target_form.rebuild(columns))
        else:
            targets, n = self._requested(y, n)
            columns = [(column.values, column.missing) for column in targets.columns]
            seed = self._sample_seed(random_state)
        X = self._form.rebuild(self._draw_columns(n, self._conditions.encode(targets), seed))
        return X, self._target_form.rebuild(columns)

    def score(self, X, y):
        check_is_fitted(self)
        table = self._read_again(X)
        targets = self._target_form.read_like(self._required(y), name="y")
        _check_lengths(table.n_rows, targets.n_rows)
        seed = draw_seed(numpy_stream(self._seed, "score"))
        chosen = np.sort(numpy_stream(seed, "rows").permutation(table.n_rows)[:MAX_ROWS_TO_SCORE])
        table, targets = _rows(table, chosen), _rows(targets, chosen)
        columns = self._draw_columns(len(chosen), self._conditions.encode(targets), seed)
        generated = self._form.read_like(self._form.rebuild(columns))
        return detection_score(_joined(table, targets), _joined(generated, targets), random_state=seed % 2**32)

    def _required(self, y):
        if y is None:
            raise ValueError(f"{type(self).__name__} requires y to be passed, but the target y is None")
        return y

    def _read_target(self, y, n_rows):
        targets = read_target(self._required(y))
        _check_lengths(n_rows, targets.n_rows)
        return targets

    def _set_classes(self):
        if len(self._conditions.is_class_) == 1 and self._conditions.is_class_[0]:
            labels = self._conditions.labels(0)
            shown = self._target_form.rebuild([(labels, np.zeros(len(labels), dtype=bool))])
            self.classes_ = np.array(sorted(np.ravel(np.asarray(shown)).tolist(), key=_sort_key))
        elif hasattr(self, "classes_"):
            del self.classes_

    def _draw_targets(self, n, seed):
        """n targets as in training, block by block, so that fewer are the first of more."""
        blocks = [self._conditions.draw(BLOCK, numpy_stream(seed, "y", number)) for number in range(-(-n // BLOCK))]
        columns = [zip(*pieces, strict=True) for pieces in zip(*blocks, strict=True)]
        return [tuple(np.concatenate(parts)[:n] for parts in column) for column in columns]

    def _requested(self, y, n):
        """The conditions asked for, one a row, and how many rows that makes."""
        form = self._target_form
        if isinstance(y, dict):
            y = [[y[name] for name in _checked_names(y, form.names)]]
            one = True
        else:
            one = np.ndim(y) == 0 and not hasattr(y, "__len__") or isinstance(y, str | bytes)
            if one and not form.one_dimensional:
                raise ValueError(
                    f"y={y!r} is one value, but there are {form.n_columns} targets; pass a dict with the keys "
                    f"{list(form.names)}."
                )
            y = [y] if one else y
        targets = form.read_like(y, name="y")
        if one:
            return _rows(targets, np.zeros(n, dtype=int)), n
        if n not in (1, targets.n_rows):
            raise ValueError(
                f"n_samples={n} does not fit y, which asks for {targets.n_rows} rows, one a condition; leave n_samples "
                "out, or pass a single condition."
            )
        return targets, targets.n_rows

    def _condition_ordered(self):
        return self._conditions.ordered_

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.target_tags.multi_output = True
        return tags

    def _get_state(self):
        return {
            **super()._get_state(),
            "target_form": self._target_form.get_state(),
            "conditions": self._conditions.get_state(),
        }

    def _set_condition_state(self, state):
        self._target_form = form_from_state(state["target_form"])
        self._conditions = ConditionEncoder.from_state(state["conditions"])
        self._condition_spec = self._conditions.spec_
        self._set_classes()


def _check_lengths(n_rows, n_targets):
    if n_rows != n_targets:
        raise ValueError(
            f"Found input variables with inconsistent numbers of samples: X has {n_rows} rows and y has {n_targets}; "
            "pass one y a row."
        )


def _checked_names(y, names):
    if set(y) != set(names):
        raise ValueError(f"y has the keys {list(y)}, but the targets are {list(names)}; name each of them once.")
    return names


def _rows(table, chosen):
    columns = [replace(c, values=c.values[chosen], missing=c.missing[chosen]) for c in table.columns]
    return replace(table, columns=tuple(columns), n_rows=len(chosen))


def _joined(table, targets):
    return replace(table, columns=table.columns + targets.columns)


def _sort_key(label):
    return (isinstance(label, str), label)
