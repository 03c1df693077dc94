"""What all samplers share: the check of parameters, the plan of a fit, and rows from a fitted model."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial

import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from skgan._budget import Budget
from skgan._doc_link import DocLinkMixin
from skgan._forked import Lock
from skgan._forms import as_stack, indexed_like, numbered_from, read, without_columns
from skgan._random import draw_seed, numpy_stream
from skgan._registry import make, resolve
from skgan._state import inside
from skgan._validation import (
    Choice,
    Flag,
    Jobs,
    NotNegative,
    Positive,
    Share,
    Sizes,
    Whole,
    check_n_samples,
    check_parameters,
)
from skgan._warnings import warn
from skgan.augmentations import AUGMENTATIONS
from skgan.encoders import Conditions
from skgan.exceptions import BrokenFileError
from skgan.losses import LOSSES
from skgan.networks import DISCRIMINATORS, GENERATORS
from skgan.regularizers import REGULARIZERS

from ._auto import LOSS_METHODS, REGULARIZER_METHODS, holds_instances
from ._check_parts import MAX_LATENT_DIM, check_record
from ._chunks import NOTHING, spans_of
from ._document import FACTORIES
from ._learner import Learner
from ._model import Model
from ._plan import RARE_CATEGORIES, plan_fit, plan_more
from ._unlearned import FREE_TEXT, set_apart
from ._validation import stops_early

# More are a mistake, and would not end, or not fit into any memory.
MAX_TURNS, MAX_BATCH_SIZE = 1000, 2**24

RULES = {
    "latent_dim": Whole(1, ("auto",), MAX_LATENT_DIM),
    "hidden_layer_sizes": Sizes(("auto",)),
    "n_critic": Whole(1, ("auto",), MAX_TURNS),
    "max_iter": Whole(1, ("auto",)),
    "max_time": Positive((None,)),
    "batch_size": Whole(1, ("auto",), MAX_BATCH_SIZE),
    "learning_rate": Positive(("auto",)),
    "regularizer_weight": Positive(("auto",)),
    "image_shape": Sizes((None,), (2, 3)),
    "channel_axis": Choice((None, 1, 3, -1)),
    "infer_types": Flag(),
    "early_stopping": Flag(("auto",)),
    "validation_fraction": Share(),
    "n_iter_no_change": Whole(1),
    "tol": NotNegative(),
    "refine": Flag(),
    "warm_start": Flag(),
    "n_frozen_layers": Whole(0),
    "min_frequency": Whole(1),
    "n_jobs": Jobs(),
    "verbose": Whole(0, (False, True)),
}
# Held while a seed is drawn, so that no two threads draw the same one.
_COUNTING = Lock()
FACTORY = "a factory(spec, latent_dim, condition_dim) -> torch.nn.Module"


class BaseGAN(DocLinkMixin, Learner):
    """Base of the samplers.

    Subclasses have a constructor with the parameters that are named in `RULES` and here, and define `fit` and `sample`.
    """

    def _check_parameters(self):
        check_parameters(self, RULES)
        make("loss", self.loss, LOSSES, LOSS_METHODS)
        resolve("rare_categories", self.rare_categories, RARE_CATEGORIES)
        resolve("free_text", self.free_text, FREE_TEXT)
        self._check_regularizer()
        _check_augmentation(self.augmentation)
        for name, networks in (("generator", GENERATORS), ("discriminator", DISCRIMINATORS)):
            if not callable(getattr(self, name)):
                resolve(name, getattr(self, name), {"auto": None, **networks}, also=FACTORY)

    def _check_regularizer(self):
        regularizer = self.regularizer
        if regularizer is not None and not (isinstance(regularizer, str) and regularizer == "auto"):
            words = {"auto": None, **REGULARIZERS}
            make("regularizer", regularizer, words, REGULARIZER_METHODS, also="None")

    def _fit(self, X, y, plan):
        """Run what ``plan(X, y)`` returns."""
        budget = Budget(self.max_time)
        self._check_parameters()
        return self._learn(lambda: plan(X, y), budget, X, y)

    def _plan_of_fit(self, X, y=None):
        return self._plan_more(X, y) if self.warm_start and self.__sklearn_is_fitted__() else self._plan(X, y)

    def _plan_of_partial_fit(self, X, y=None):
        if not self.__sklearn_is_fitted__():
            return self._plan(X, y)
        return self._plan_more(X, y, is_scored=False).in_one_pass()

    def _plan_more(self, X, y=None, *, is_scored=None):
        """As `_plan`, of a fit that goes on from the fitted model."""
        return plan_more(self, as_stack(X), y, is_scored=stops_early(self) if is_scored is None else is_scored)

    def _plan(self, X, y=None):
        """Read and encode the data, and decide on all hyperparameters."""
        if self.regularizer is None and self.regularizer_weight != "auto":
            given = f"regularizer_weight={self.regularizer_weight!r}"
            warn(f"{given} has no effect with regularizer=None; leave it 'auto'.")
        X = as_stack(X)
        data, dropped = set_apart(self, self._read(X))
        schema = _Schema().read(without_columns(X, dropped) if dropped else X, data)
        return plan_fit(self, data, schema, *self._fit_targets(y, data), dropped=dropped)

    def _resume(self, start, X, y=None):
        """Go on with a fit of this sampler's from a `FitState`."""
        self._check_parameters()
        plan = self._plan
        if start.former is not None:
            with inside("former"):
                self._set_state(start.former, {name: getattr(self, name) for name in FACTORIES})
            plan = partial(self._plan_more, is_scored=start.holds_out)
        return self._learn(lambda: self._plan_with_seed(plan, start.seed, X, y), Budget(self.max_time), X, y, start)

    def _plan_with_seed(self, plan, seed, X, y):
        random_state, self.random_state = self.random_state, seed
        try:
            return plan(X, y)
        finally:
            self.random_state = random_state

    def _fit_targets(self, y, data):
        """`Targets` and the condition of each row; there are none here."""
        return None, Conditions.none(data.n_rows)

    def _read(self, X):
        """X as rows of one kind, at fit."""
        return read(
            X,
            image_shape=self.image_shape,
            channel_axis=self.channel_axis,
            categorical_features=self.categorical_features,
            infer_types=self.infer_types,
            estimator=self,
        )

    def _read_again(self, X):
        """X as rows of the fitted layout."""
        X, form = as_stack(X), self._model.form
        dropped = list(self._model.dropped)
        if dropped:
            X = without_columns(X, dropped, self.n_features_in_ + len(dropped))
        # First, because scikit-learn would take the height of images for the number of features.
        form.open_like(X, estimator=self)
        validate_data(self, X, reset=False, skip_check_array=True)
        return form.read_like(X, estimator=self)

    def _attributes(self, model, run):
        """The fitted attributes of a sampler with this model."""
        return {
            "n_iter_": run.n_iter,
            "t_": run.history.n_before + run.n_iter,
            "history_": run.history.table,
            "validation_scores_": run.scores.table if run.scores.steps else None,
            "best_iter_": run.n_iter if run.scores.kept is None else run.scores.best_iter,
            "_n_draws": 0,
            **self._attributes_of_model(model),
        }

    def _attributes_of_model(self, model):
        """Those that a model alone decides: it is all that a file keeps of them."""
        chosen = {
            f"{name}_": getattr(self, name) if holds_instances(getattr(self, name)) else value
            for name, value in asdict(model.hyperparameters).items()
            if hasattr(self, name)
        }
        unlearned = {"id_columns_": model.id_columns, "text_columns_": model.text_columns}
        return {"_model": model, **model.schema, **model.form.fitted, **unlearned, **chosen}

    def _get_state(self):
        """All that was fitted, as a tree of words, numbers and arrays."""
        check_is_fitted(self)
        # They may have been set after the fit, and a file with wrong ones is refused.
        self._check_parameters()
        return {
            "model": self._model.get_state(),
            "n_iter": self.n_iter_,
            "t": self.t_,
            "n_draws": self._n_draws,
            "history": _columns_of(self.history_),
            "validation_scores": None if self.validation_scores_ is None else _columns_of(self.validation_scores_),
            "best_iter": self.best_iter_,
        }

    def _set_state(self, state, factories):
        """Become what `_get_state` described; networks that were built by factories are built by these."""
        try:
            self._check_parameters()
        except (TypeError, ValueError) as error:
            raise BrokenFileError(f"params: {str(error).rstrip('.')}") from error
        check_record(state)
        scores = state["validation_scores"]
        model = Model.from_state(state["model"], factories)
        return self._become(
            {
                "n_iter_": state["n_iter"],
                "t_": state["t"],
                "history_": pd.DataFrame(state["history"]),
                "validation_scores_": None if scores is None else pd.DataFrame(scores),
                "best_iter_": state["best_iter"],
                "_n_draws": state["n_draws"],
                **self._attributes_of_model(model),
            }
        )

    @property
    def generator_(self):
        """The averaged generator."""
        return self._fitted("generator_").generator

    @property
    def discriminator_(self):
        """The discriminator at the end of the run."""
        return self._fitted("discriminator_").discriminator

    @property
    def device_(self):
        """Where the networks live."""
        return self._fitted("device_").device

    def _fitted(self, name):
        if "_model" not in vars(self):
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r} before fit.")
        return self._model

    def __sklearn_is_fitted__(self):
        return "_model" in vars(self)

    def _chunks(self, request, n, chunk_size, seed, done=NOTHING):
        """The rows that `sample` returns, chunk by chunk, from the first that is not yet `done`.

        Parameters
        ----------
        request : NoTargets, GivenTargets or DrawnTargets
        n : int
            How many rows there are in all.
        chunk_size : int
        seed : int
        done : Done

        Yields
        ------
        X : array or frame
        y : array, series, frame or None
        done : Done
            What is done with this chunk.
        """
        # What is fitted later does not change these rows.
        model = replace(self._model, n_jobs=self.n_jobs)
        spans = spans_of(n, chunk_size, done.n_rows)
        chunks = model.columns_in_chunks(spans, request.conditions_of(model.block), seed)
        for (start, stop), columns in zip(spans, chunks, strict=True):
            X = numbered_from(model.form.after(done.n_missing).rebuild(columns), start)
            done = done.and_then(stop, model.form.count_missing(columns))
            y = request.targets(start, stop, model.block)
            yield X, None if y is None else indexed_like(y, X), done

    def _columns(self, n, conditions, seed):
        """n generated rows as columns of X."""
        return replace(self._model, n_jobs=self.n_jobs).columns(n, conditions, seed)

    def _between(self, start, stop, conditions):
        """A row of X's kind per condition, on the way from one latent to another."""
        return self._model.form.rebuild(self._model.between(start, stop, conditions))

    def _sample_seed(self, random_state):
        """The seed of one call of `sample`: the caller's, or the next of the fitted stream."""
        if random_state is not None:
            return draw_seed(random_state)
        with _COUNTING:
            self._n_draws += 1
            number = self._n_draws
        return draw_seed(numpy_stream(self._model.seed, "sample", number))

    @contextmanager
    def _seed_kept_on_failure(self):
        """Leave the stream of seeds where it was if there is an error, so that the same call has the same rows."""
        before = self._n_draws if self.__sklearn_is_fitted__() else None
        try:
            yield
        except BaseException:
            with _COUNTING:
                # Unless another thread has drawn in the meantime.
                if before is not None and self._n_draws == before + 1:
                    self._n_draws = before
            raise

    def _check_sample(self, n_samples):
        check_is_fitted(self)
        return check_n_samples(n_samples)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.two_d_array = True
        tags.input_tags.three_d_array = True
        return tags


class _Schema(BaseEstimator):
    """Takes note of the columns of X in scikit-learn's way: `n_features_in_` and `feature_names_in_`."""

    def read(self, X, data):
        validate_data(self, X, reset=True, skip_check_array=True)
        if not hasattr(self, "n_features_in_"):
            self.n_features_in_ = len(data.columns)
        return vars(self)


def _columns_of(frame):
    return {name: column.to_numpy() for name, column in frame.items()}


def _check_augmentation(value):
    if value is None or (isinstance(value, str) and value == "auto"):
        return
    if not isinstance(value, tuple | list):
        known = ", ".join(map(repr, AUGMENTATIONS))
        is_one = isinstance(value, str) and value in AUGMENTATIONS
        hint = f" A tuple is meant: augmentation=({value!r},)." if is_one else ""
        raise ValueError(f"augmentation={value!r} must be 'auto', None or a tuple of words of {known}.{hint}")
    for part in value:
        make("augmentation", part, AUGMENTATIONS, ("__call__",))
