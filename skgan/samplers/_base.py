"""What every sampler does: fit, from rows or images to a trained, calibrated and refined generator."""

from __future__ import annotations

import time
import warnings
from functools import partial

import numpy as np
import torch
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.validation import check_is_fitted, validate_data

from skgan._device import device_named
from skgan._forms import as_stack, read
from skgan._random import draw_seed, numpy_stream, torch_stream
from skgan._registry import resolve
from skgan._spec import DataSpec
from skgan._validation import Choice, Flag, Positive, Sizes, Whole, check_n_samples, check_parameters
from skgan.augmentations import AUGMENTATIONS, Augment
from skgan.callbacks import History, Progress
from skgan.encoders import ENCODERS, Conditions, merge_rare, warn_of_rare
from skgan.games import AdversarialGame, AuxiliaryGame
from skgan.losses import LOSSES
from skgan.networks import DISCRIMINATORS, GENERATORS, Mixture
from skgan.refinement import Balance, Calibration, Raking, RatioTrees, Refiner
from skgan.regularizers import REGULARIZERS
from skgan.training import Average, Batches, Trainer, n_parts_of, one_thread, rounded_products, same_convolutions

from ._auto import RECIPES, settle
from ._build import build_discriminator, build_generator
from ._keep import Keepable
from ._latents import along_the_sphere, latent_of, nearest_latents
from ._rows import RowSource, block_of

RULES = {
    "latent_dim": Whole(1, ("auto",)),
    "hidden_layer_sizes": Sizes(("auto",)),
    "max_iter": Whole(1, ("auto",)),
    "max_time": Positive((None,)),
    "batch_size": Whole(1, ("auto",)),
    "learning_rate": Positive(("auto",)),
    "penalty_weight": Positive(("auto",)),
    "image_shape": Sizes((None,), (2, 3)),
    "channel_axis": Choice((None, 1, 3, -1)),
    "progressive": Flag(),
    "refine": Flag(),
    "min_frequency": Whole(1),
    "verbose": Whole(0, (False, True)),
}
FACTORY = "a factory(spec, latent_dim, condition_dim) -> torch.nn.Module"
# What progressive=True makes of networks' words.
PROGRESSIVE = {"auto": "progressive", "resnet": "progressive", "progressive": "progressive"}
RARE_CATEGORIES = {"keep": False, "merge": True}

# Below this many rows nothing can be held apart to judge by.
MIN_ROWS_TO_REFINE = 20
MAX_ROWS_TO_REFINE = 30_000
CALIBRATION_ROWS = 16_384
# Of fewer rows, later rounds of refinement learn the rows themselves.
FEW_ROWS = 5000
SCALE_ROWS = 8192
RAKING_ROWS = 65_536
# A cautious guess of what one core looks at, for runs capped in time.
ROWS_REFINED_A_SECOND = 500
# Of a run capped in time, the share kept back for calibration and refinement.
REFINEMENT_SHARE = 0.2


class BaseGAN(Keepable, BaseEstimator):
    """Base of the samplers; `_fit` is the algorithm.

    Subclasses have a scikit-learn constructor with the parameters that are named here, and call `_fit` from `fit`.
    """

    def _fit_apart(self):
        """An unfitted twin to fit, so that a fit that fails leaves this sampler as it was."""
        twin = type(self).__new__(type(self))
        twin.__dict__.update(self.get_params(deep=False))
        return twin

    def _adopt(self, twin):
        """Become the fitted twin."""
        for name in [name for name in self.__dict__ if name.endswith("_") and name not in twin.__dict__]:
            delattr(self, name)
        self.__dict__.update(twin.__dict__)
        return self

    def _check_parameters(self):
        check_parameters(self, RULES)
        resolve("loss", self.loss, LOSSES)
        resolve("rare_categories", self.rare_categories, RARE_CATEGORIES)
        if self.regularizer is not None:
            resolve("regularizer", self.regularizer, {"auto": None, **REGULARIZERS}, also="None")
        _check_augmentation(self.augmentation)
        for name, networks in (("generator", GENERATORS), ("discriminator", DISCRIMINATORS)):
            if not callable(getattr(self, name)):
                resolve(name, getattr(self, name), {"auto": None, **networks}, also=FACTORY)

    def _read(self, X):
        """X as rows of one kind, at fit."""
        X = as_stack(X)
        data = read(
            X,
            image_shape=self.image_shape,
            channel_axis=self.channel_axis,
            categorical_features=self.categorical_features,
            estimator=self,
        )
        validate_data(self, X, reset=True, skip_check_array=True)
        if not hasattr(self, "n_features_in_"):
            self.n_features_in_ = len(data.columns)
        return data

    def _read_again(self, X):
        """X as rows of the fitted layout."""
        X = as_stack(X)
        validate_data(self, X, reset=False, skip_check_array=True)
        return self._form.read_like(X, estimator=self)

    def _fit(self, data, start, conditions=None, condition_spec=None):
        """From rows, and conditions where there are any, to a trained sampler."""
        self._seed = draw_seed(self.random_state)
        self._n_draws = 0
        self.device_ = device_named(self.device)
        data = self._merged(data)
        self._set_form(data.form)
        self._condition_spec = condition_spec if condition_spec is not None else DataSpec()
        conditions = Conditions.none(data.n_rows) if conditions is None else conditions
        self._encoder = ENCODERS[type(data)](min_frequency=self.min_frequency).fit(data)
        self._networks = {name: self._network(name) for name in ("generator", "discriminator")}
        self._settings = settle(self, self._encoder, len(conditions), self._networks)
        encoded = self._encoder.encode(data)
        # Refinement looks at some of the rows; the others need not wait as Python objects while training runs.
        chosen = numpy_stream(self._seed, "refined rows").permutation(data.n_rows)[:MAX_ROWS_TO_REFINE]
        some = data.take(chosen)
        del data
        with one_thread(), rounded_products(), same_convolutions():
            # The caller may have switched gradients off around us.
            with torch.inference_mode(False), torch.enable_grad():
                self._train(encoded, conditions, start)
            # A million rows are larger than all that refinement needs.
            del encoded
            self._refine(some, conditions, chosen, start)
        return self

    def _set_form(self, form):
        self._form = form
        self.__dict__.update(form.fitted)

    @property
    def _recipe(self):
        return RECIPES[self._encoder.kind]

    def _network(self, name):
        """The word or the factory that stands behind this player's parameter."""
        choice = getattr(self, name)
        if self.progressive:
            return resolve(name, choice, PROGRESSIVE) if isinstance(choice, str) else choice
        return self._recipe.network if isinstance(choice, str) and choice == "auto" else choice

    def _merged(self, table):
        if RARE_CATEGORIES[self.rare_categories]:
            return merge_rare(table, self.min_frequency)
        warn_of_rare(table, self.min_frequency)
        return table

    def _train(self, encoded, conditions, start):
        """Play the game; the averaged generator is what stays."""
        settings, recipe, device = self._settings, self._recipe, self.device_
        generator, discriminator = self._build_generator().to(device), self._build_discriminator().to(device)
        game = self._game(generator, discriminator)
        batches = Batches(
            encoded.to(device),
            conditions.encoded.to(device),
            batch_size=settings.batch_size,
            latent_width=generator.latent_width,
            generator=torch_stream(self._seed, "batches"),
            noises=[torch_stream(self._seed, "regularizer", part) for part in range(self._n_parts())],
            n_draws=game.n_draws,
        )
        average = Average(generator, recipe.average_share * settings.max_iter, recipe.kept_at)
        optimizers = {
            "discriminator": _optimizer(discriminator, settings.learning_rate),
            "generator": _optimizer(generator, recipe.generator_share(len(encoded)) * settings.learning_rate),
        }
        history = History([name for name, *_ in game.players])
        trainer = Trainer(
            game,
            batches,
            average,
            optimizers,
            schedule=recipe.schedule,
            callbacks=[history, Progress(self.verbose)],
            # Modules of the caller's may do what cannot be recorded.
            recorded=device.type == "cuda" and not self._has_own_networks(),
        )
        trainer.run(settings.max_iter, self._deadline(start))
        self.n_iter_ = trainer.n_iter
        if self.n_iter_ == 0:
            warnings.warn(
                f"max_time={self.max_time} was over before the first update, so the generator is untrained; allow more "
                "seconds.",
                ConvergenceWarning,
                stacklevel=4,
            )
        self.history_ = history.table
        self.generator_ = Mixture([*average.earlier, average.module])
        self.discriminator_ = discriminator.requires_grad_(False).eval()

    def _game(self, generator, discriminator):
        settings, recipe = self._settings, self._recipe
        words = settings.augmentation
        options = {
            "augment": Augment(words, self._encoder.spec_.image_shape) if words else None,
            "augmentation_speed": recipe.augmentation_speed(settings.max_iter) if words else 0.0,
        }
        make = AdversarialGame
        if settings.conditioning == "auxiliary":
            make = partial(AuxiliaryGame, condition_spec=self._condition_spec)
        return make(generator, discriminator, LOSSES[self.loss](), _regularizer(settings), **options)

    def _has_own_networks(self):
        return any(callable(network) for network in self._networks.values())

    def _n_parts(self):
        """Into how many parts a batch is cut, to be played side by side: the number of cores has no say in it."""
        # Modules of the caller's may look at a batch as a whole.
        if self.device_.type != "cpu" or self._has_own_networks():
            return 1
        return n_parts_of(self._settings.batch_size, self._encoder.spec_.width, self._encoder.kind)

    def _build_generator(self):
        choice, settings = self._networks["generator"], self._settings
        return build_generator(choice, self._encoder.spec_, self._condition_spec, settings, self._seed)

    def _build_discriminator(self):
        choice, settings = self._networks["discriminator"], self._settings
        return build_discriminator(choice, self._encoder.spec_, self._condition_spec, settings, self._seed)

    def _deadline(self, start):
        return None if self.max_time is None else start + self.max_time * (1 - REFINEMENT_SHARE)

    def _refine(self, data, conditions, chosen, start):
        """Calibrate the generated columns, then learn which rows look real."""
        self._refiner, self._ratio, self._calibration = None, None, None
        n = self._affordable_rows(len(conditions), start)
        uniform = self._encoder.spec_.indices("uniform")
        rows = self._rows_like(conditions, min(CALIBRATION_ROWS, 8 * n) if uniform else 1, "calibration")
        self._calibration = Calibration(rows, uniform)
        if n < MIN_ROWS_TO_REFINE:
            return
        chosen = chosen[:n]
        real = np.column_stack([self._encoder.features(data.take(np.arange(n))), conditions.features[chosen]])
        conditions = conditions[chosen]
        given_ordered = self._condition_ordered()
        ordered = np.concatenate([self._encoder.ordered_, given_ordered])
        classes = len(self._encoder.ordered_) + np.flatnonzero(~given_ordered)
        # Read while nothing is rejected yet.
        candidates = self._features_like(conditions, SCALE_ROWS, "scale")
        recipe, refiner = self._recipe, Refiner()
        n_rounds = recipe.rounds if n >= FEW_ROWS else recipe.rounds_of_few
        for number in range(n_rounds if self.refine else 1):
            if number and self._seconds_left(start) < 0:
                break
            generated = self._features_like(conditions, recipe.generated_a_real_row * n, f"round {number}")
            seed = draw_seed(numpy_stream(self._seed, "trees", number))
            trees = RatioTrees(real, generated, ordered, seed, balanced=classes)
            if number == 0:
                self._ratio = trees
            if self.refine:
                refiner.add_round(trees, candidates)
                self._refiner = refiner
        if self.refine and self._seconds_left(start) > 0:
            self._mend_marginals(real, ordered, conditions)

    def _mend_marginals(self, real, ordered, conditions):
        """Give the refined rows the marginals back; those of the conditions are the caller's choice."""
        n_columns = len(self._encoder.ordered_)
        real, ordered = real[:, :n_columns], ordered[:n_columns]
        if not self._condition_spec.width:
            self._refiner.balance = Balance(real, ordered)
            return
        n = min(RAKING_ROWS, max(self._block, (8 if self.max_time is None else 1) * len(real)))
        kept = self._features_like(conditions, n, "raking")
        self._refiner.rake(Raking(real, kept[:, :n_columns], ordered), kept)

    def _affordable_rows(self, n_rows, start):
        """How many rows refinement can look at in the time that is left."""
        affordable = max(MIN_ROWS_TO_REFINE, ROWS_REFINED_A_SECOND * self._seconds_left(start))
        return int(min(n_rows, MAX_ROWS_TO_REFINE, affordable))

    def _seconds_left(self, start):
        return np.inf if self.max_time is None else start + self.max_time - time.monotonic()

    def _condition_ordered(self):
        """Which of the conditions' features are ordered numbers; there are none here."""
        return np.empty(0, dtype=bool)

    @property
    def _block(self):
        return block_of(self._encoder.spec_.width)

    def _source(self):
        return RowSource(
            self.generator_, self._encoder, self.device_, calibration=self._calibration, refiner=self._refiner
        )

    def _rows_like(self, conditions, n, purpose):
        """n generated rows under the conditions of training rows, in turn."""
        return self._source().rows(n, _in_blocks(conditions, self._block), draw_seed(numpy_stream(self._seed, purpose)))

    def _features_like(self, conditions, n, purpose):
        seed = draw_seed(numpy_stream(self._seed, purpose))
        return self._source().features_of(n, _in_blocks(conditions, self._block), seed)

    def _draw_columns(self, n, conditions, seed):
        """n generated rows as columns of X: a list of (values, missing)."""
        with one_thread(), rounded_products():
            rows = self._source().rows(n, _in_blocks(conditions, self._block), seed)
        return self._encoder.decode(rows)

    def _between(self, a, b, conditions):
        """A row of X's kind a condition, along the way from latent a to latent b."""
        width = self.generator_.latent_width
        latents = along_the_sphere(latent_of(a, "a", width), latent_of(b, "b", width), len(conditions))
        source = self._source()
        # Neighbours on the way must come from one generator.
        source.generator = self.generator_.last
        # Rounded products would differ a little with the number of rows.
        with one_thread():
            rows = source.rows_at(latents, conditions)
        return self._form.rebuild(self._encoder.decode(rows))

    def _invert(self, data, conditions):
        """The latent, in X's rows' order, whose row comes nearest to each row of X."""
        found = []
        with one_thread(), torch.inference_mode(False), torch.enable_grad():
            for number, (rows, given) in enumerate(self._encoded_blocks(data, conditions)):
                stream = torch_stream(self._seed, "invert", number)
                found.append(nearest_latents(self.generator_.last, rows, given, stream).cpu().numpy())
        return np.concatenate(found)

    def _encoded_blocks(self, data, conditions):
        """Rows and their conditions as tensors on the device, a block at a time."""
        for start in range(0, data.n_rows, self._block):
            places = np.arange(start, min(start + self._block, data.n_rows))
            rows = self._encoder.encode(data.take(places)).middle().to(self.device_)
            yield rows, conditions[places].codes.to(self.device_)

    def _sample_seed(self, random_state):
        """The seed of one call of `sample`: the caller's, or the next of the fitted stream."""
        if random_state is not None:
            return draw_seed(random_state)
        self._n_draws += 1
        return draw_seed(numpy_stream(self._seed, "sample", self._n_draws))

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


def _in_blocks(conditions, block):
    """The conditions of block after block of rows, taken in turn."""

    def conditions_of(number):
        return conditions[np.arange(number * block, (number + 1) * block) % len(conditions)]

    return conditions_of


def _regularizer(settings):
    if settings.regularizer is None:
        return None
    regularizer = REGULARIZERS[settings.regularizer]()
    regularizer.weight = settings.penalty_weight
    return regularizer


def _optimizer(module, learning_rate):
    device = next(module.parameters()).device
    on_cuda = device.type == "cuda"
    # A rate that a recorded step reads anew.
    rate = torch.tensor(learning_rate, device=device) if on_cuda else learning_rate
    optimizer = torch.optim.Adam(module.parameters(), lr=rate, betas=(0.0, 0.99), fused=True, capturable=on_cuda)
    for group in optimizer.param_groups:
        group["initial_lr"] = learning_rate
    return optimizer


def _check_augmentation(value):
    if value is None or (isinstance(value, str) and value == "auto"):
        return
    if not isinstance(value, tuple | list):
        raise ValueError(
            f"augmentation={value!r} must be 'auto', None or a tuple of words of {', '.join(map(repr, AUGMENTATIONS))}."
        )
    for word in value:
        resolve("augmentation", word, AUGMENTATIONS)
