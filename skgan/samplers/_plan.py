"""A fit that is ready to run: everything that is decided before the first step."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from skgan._device import device_named
from skgan._forms import why_not_savable
from skgan._random import draw_seed, torch_stream
from skgan._warnings import warn
from skgan.callbacks import EarlyStopping
from skgan.encoders import ENCODERS, Conditions, Middle, merge_rare, warn_of_rare
from skgan.games import AdversarialGame, AuxiliaryGame
from skgan.networks import Mixture
from skgan.refinement import calibrate, refine, rows_to_refine
from skgan.training import Batches, Chosen, Run, Source, n_parts_of

from ._auto import (
    RECIPES,
    UNTIL_TIME_ENDS,
    Hyperparameters,
    make_augment,
    make_loss,
    make_regularizer,
    resolve_hyperparameters,
)
from ._continue import OF_NETWORKS, Continuation, Former
from ._fingerprint import fingerprint_of
from ._model import Model, ModelNetworks
from ._targets import Targets
from ._unlearnable import are_too_few, warn_of_unlearnable
from ._validation import HeldOut, hold_out, stops_early

# Steps of the full rate undo within one pass what was learned from more rows of the same kind (docs/experiments.md).
RATE_OF_ONE_PASS = 0.25
# A quarter of what a model gets at the end; a look during a run takes as long as a few steps.
ROWS_OF_GLIMPSE = 4096
# Whether rare categories are merged.
RARE_CATEGORIES = {"keep": False, "merge": True}


@dataclass(eq=False)
class Plan:
    """Data, networks and hyperparameters of one fit.

    Attributes
    ----------
    sampler : BaseGAN
        Whose parameters are used; it is not changed.
    seed : int
    device : torch.device
    schema : dict
    form, encoder : object
    dropped : tuple
        As in `Model`.
    rows : object
        The rows, encoded.
    trained : ndarray of int or None
        Positions of the rows that the run is trained on; None means all.
    some_rows : table or images
        The rows that refinement looks at, and ``chosen`` their positions.
    targets : Targets or None
    conditions : Conditions
        Of the rows.
    words : dict of str to str or callable
        The word or the factory of each network.
    hyperparameters : Hyperparameters
    held_out : HeldOut or None
        The rows that the run is not trained on, by which it is scored.
    former : Former or None
        The fits from which this one goes on.
    """

    sampler: object
    seed: int
    device: object
    schema: dict
    form: object
    encoder: object
    dropped: tuple
    rows: object
    some_rows: object
    chosen: object
    targets: Targets | None
    conditions: Conditions
    words: dict
    hyperparameters: Hyperparameters
    trained: np.ndarray | None = None
    held_out: HeldOut | None = None
    former: Former | None = None

    @property
    def recipe(self):
        return RECIPES[self.encoder.modality]

    @cached_property
    def fingerprint(self):
        """Tells these training rows from others."""
        return fingerprint_of(self)

    @property
    def ends_by_time(self):
        """Whether "auto" leaves it to the time to end the run."""
        return self.sampler.max_iter == "auto" and self.hyperparameters.max_iter == UNTIL_TIME_ENDS

    def in_one_pass(self):
        """This plan with one small step per batch of rows, unless the parameters say otherwise."""
        n_steps = math.ceil(len(self.rows) / self.hyperparameters.batch_size)
        gentle = {"max_iter": n_steps, "learning_rate": RATE_OF_ONE_PASS * self.hyperparameters.learning_rate}
        chosen = {name: value for name, value in gentle.items() if getattr(self.sampler, name) == "auto"}
        return replace(self, hyperparameters=replace(self.hyperparameters, **chosen))

    def run(self, watchers):
        """The training run, before its first step."""
        game = self._game()
        hyperparameters, recipe = self.hyperparameters, self.recipe
        run = Run(
            game,
            self._batches(game),
            max_iter=hyperparameters.max_iter,
            learning_rate=hyperparameters.learning_rate,
            schedule=recipe.schedule,
            half_life=recipe.average_share * hyperparameters.max_iter,
            kept_at=recipe.kept_at,
            watchers=watchers,
            n_jobs=self.sampler.n_jobs,
            # Modules of the caller's may do what cannot be captured.
            captured=self.device.type == "cuda" and not self._has_own_networks(),
        )
        if self.former is not None:
            run.history.follow(self.former.history, self.former.n_steps)
        return run

    def _game(self):
        build = ModelNetworks(self)
        hyperparameters, recipe = self.hyperparameters, self.recipe
        augment = make_augment(self.sampler, hyperparameters, self.encoder)
        # Per update of the discriminator, of which there are several per step.
        speed = recipe.augmentation_speed(hyperparameters.max_iter) / hyperparameters.n_critic if augment else 0.0
        make = AdversarialGame
        if hyperparameters.conditioning == "auxiliary":
            make = partial(AuxiliaryGame, condition_spec=build.condition_spec)
        networks = {name: build.network(name).to(self.device) for name in ("generator", "discriminator")}
        if self.former is not None:
            self.former.carry_into(networks, self.sampler.n_frozen_layers)
        return make(
            networks["generator"],
            networks["discriminator"],
            make_loss(self.sampler),
            make_regularizer(self.sampler, hyperparameters),
            augment=augment,
            augmentation_speed=speed,
            n_critic=hyperparameters.n_critic,
            generator_rate=recipe.generator_rate(len(self.rows)),
            grows=self.former is None,
        )

    def _batches(self, game):
        rows = {"real": self.rows, "condition": Middle(self.conditions.encoded)}
        if self.trained is not None:
            rows = {name: Chosen(source, self.trained) for name, source in rows.items()}
        return Batches(
            {name: Source(rows[name].to(self.device)) for name in game.sources},
            batch_size=self.hyperparameters.batch_size,
            noise_dim=game.generator.noise_dim,
            rng=torch_stream(self.seed, "batches"),
            part_rngs=[torch_stream(self.seed, "regularizer", part) for part in range(self._n_parts())],
            n_draws=game.n_draws,
        )

    def _n_parts(self):
        """Into how many parts a batch is cut. It does not depend on the number of cores, and so results do not."""
        # Modules of the caller's may look at a batch as a whole.
        if self.device.type != "cpu" or self._has_own_networks():
            return 1
        return n_parts_of(self.hyperparameters.batch_size, self.encoder.spec_.width, self.encoder.modality)

    def _has_own_networks(self):
        return any(callable(choice) for choice in self.words.values())

    def early_stopping(self):
        """The callbacks that end the run early: one, or none."""
        if self.held_out is None:
            return []
        sampler = self.sampler
        return [
            EarlyStopping(
                lambda fitted: self.held_out.score(fitted._model),
                n_iter_no_change=sampler.n_iter_no_change,
                tol=sampler.tol,
            )
        ]

    def model(self, run, kept=None):
        """A model of the weights that a run has now, or of those it kept, neither calibrated nor refined."""
        kept = run.snapshot() if kept is None else kept
        return Model(
            seed=self.seed,
            device=self.device,
            schema=self.schema,
            form=self.form,
            encoder=self.encoder,
            dropped=self.dropped,
            targets=self.targets,
            hyperparameters=self.hyperparameters,
            words=self.words,
            networks={"generator": Mixture(kept["generator"]), "discriminator": kept["discriminator"][-1]},
            n_jobs=self.sampler.n_jobs,
        )

    def glimpse(self, run):
        """A model of the weights that a run has now, for a look at it: roughly calibrated and not refined."""
        return calibrate(self.model(run), self.conditions, ROWS_OF_GLIMPSE)

    def unrefined(self, run):
        """The model of a run that is over, calibrated and not refined."""
        return calibrate(self.model(run, run.scores.kept), self.conditions)

    def finish(self, run, budget):
        """The model at the end of a run, calibrated and refined."""
        model, reject = self.model(run, run.scores.kept), self.sampler.refine
        return refine(model, self.some_rows, self.conditions, self.chosen, budget, self.recipe, reject=reject)


def plan_fit(sampler, data, schema, targets, conditions, *, dropped=()):
    """Encode the data and decide on all hyperparameters.

    Parameters
    ----------
    sampler : BaseGAN
    data : table or images
    schema : dict
        As in `Model`.
    targets : Targets or None
    conditions : Conditions
        Of the rows.
    dropped : sequence, default=()
        As in `Model`.

    Returns
    -------
    Plan
    """
    warn_of_unlearnable(data, sampler.min_frequency)
    data = _without_rare_categories(sampler, data)
    encoder = ENCODERS[type(data)](min_frequency=sampler.min_frequency).fit(data)
    words = {name: _word(sampler, name, RECIPES[encoder.modality]) for name in ("generator", "discriminator")}
    parts = {"schema": schema, "targets": targets, "conditions": conditions, "dropped": dropped}
    return _plan_of(sampler, data, encoder, words, **parts, is_scored=stops_early(sampler))


def plan_more(sampler, X, y, *, is_scored):
    """The plan of a fit that goes on from the model of a fitted sampler: a `Plan`.

    Parameters
    ----------
    sampler : BaseGAN
        Fitted.
    X, y : object
        The rows.
    is_scored : bool
        Whether rows are held out to score the run.

    Raises
    ------
    ValueError
        If the columns of X are others, their values do not fit the types of the fits before, or parameters ask for
        other networks.
    """
    rows, model = Continuation(sampler, X, y), sampler._model
    data = rows.read()
    warn_of_unlearnable(data, sampler.min_frequency)
    data = _without_rare_categories(sampler, data, rows.known_categories)
    encoder, form, origin = rows.encoder(data)
    targets, conditions, condition_origin = rows.targets(data)
    former = Former(model, sampler.t_, sampler.history_, {"row": origin, "condition": condition_origin})
    data = replace(data, form=form)
    # Networks stay, and so does what decides about them.
    parts = {"schema": model.schema, "targets": targets, "conditions": conditions, "dropped": model.dropped}
    plan = _plan_of(sampler, data, encoder, model.words, **parts, is_scored=is_scored, former=former)
    kept = {name: getattr(model.hyperparameters, name) for name in OF_NETWORKS}
    rows.warn()
    return replace(plan, hyperparameters=replace(plan.hyperparameters, **kept))


def _plan_of(sampler, data, encoder, words, *, schema, targets, conditions, dropped, is_scored, former=None):
    seed, device = draw_seed(sampler.random_state), device_named(sampler.device)
    trained = held_out = None
    if is_scored:
        trained, *parts = hold_out(sampler.validation_fraction, data.n_rows, encoder.modality, seed)
        held_out = HeldOut(encoder, *(part for rows in parts for part in (data.take(rows), conditions[rows])))
    chosen = rows_to_refine(data.n_rows, seed)
    for form in (data.form, *([] if targets is None else [targets.form])):
        _warn_if_not_savable(form)
    return Plan(
        sampler=sampler,
        seed=seed,
        device=device,
        schema=schema,
        form=data.form,
        encoder=encoder,
        dropped=tuple(dropped),
        hyperparameters=resolve_hyperparameters(sampler, encoder, data.n_rows, words, device),
        rows=encoder.encode(data),
        # The other rows need not be kept as Python objects while training runs.
        some_rows=data.take(chosen),
        chosen=chosen,
        targets=targets,
        conditions=conditions,
        words=words,
        trained=trained,
        held_out=held_out,
        former=former,
    )


def _warn_if_not_savable(form):
    reason = why_not_savable(form)
    if reason is not None:
        warn(f"The fitted sampler cannot be saved by skgan.save: {reason}")


def _without_rare_categories(sampler, data, known=None):
    """X without its rare categories, where these are merged; `known` ones of former rows are not rare."""
    if RARE_CATEGORIES[sampler.rare_categories]:
        return merge_rare(data, sampler.min_frequency, known)
    if not are_too_few(data):
        warn_of_rare(data, sampler.min_frequency, known=known)
    return data


def _word(sampler, name, recipe):
    choice = getattr(sampler, name)
    return recipe.network if isinstance(choice, str) and choice == "auto" else choice
