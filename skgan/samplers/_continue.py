"""A fit that goes on from the fitted model: which rows it accepts, and what stays of the fits before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from skgan._forms import Table, alone, joined_form
from skgan.encoders import (
    ENCODERS,
    Conditions,
    IdentifierColumn,
    TextColumn,
    categories_in,
    check_holds,
    continued,
    hidden,
)
from skgan.exceptions import BrokenFileError
from skgan.networks import Mixture, carry_over, layers_of

from ._model import Model
from ._new_values import warn_of_few_rows, warn_of_new_pixels, warn_of_new_values
from ._targets import Targets, check_lengths

CURE = "fit anew with warm_start=False"
# Parameters that decide about the networks, and are kept by a fit that goes on.
OF_NETWORKS = ("latent_dim", "hidden_layer_sizes", "conditioning")


@dataclass(frozen=True, eq=False)
class Former:
    """The fits before one that goes on.

    Attributes
    ----------
    model : Model
    n_steps : int
        Of all of them.
    history : DataFrame
        Of all of them.
    origins : dict of str to list of int
        For "row" and "condition", where the tensor columns of the new layout were in that of `model`; -1 for new ones.
    """

    model: Model
    n_steps: int
    history: pd.DataFrame
    origins: dict

    def carry_into(self, networks, n_frozen_layers):
        """Give networks, a dict by player, the former weights; the first layers of the discriminator stay."""
        for name, network in networks.items():
            former = self.model.networks[name]
            carry_over(network, former.last if isinstance(former, Mixture) else former, self.origins)
        if n_frozen_layers:
            _freeze(networks["discriminator"], n_frozen_layers, [len(origin) for origin in self.origins.values()])


def _freeze(discriminator, n_frozen, widths):
    layers = layers_of(discriminator, *widths)
    if n_frozen >= len(layers):
        raise ValueError(
            f"n_frozen_layers={n_frozen} must be less than {len(layers)}, the number of layers of the discriminator: "
            f"else none of them would learn. Pass at most {len(layers) - 1}."
        )
    for layer in layers[:n_frozen]:
        layer.requires_grad_(False)


class Continuation:
    """The rows of a fit that goes on, encoded in the layout of the fits before with what is new.

    Parameters
    ----------
    sampler : BaseGAN
        Fitted; it is not changed.
    X, y : object
        The new rows.
    """

    def __init__(self, sampler, X, y):
        self.sampler, self.model, self.X, self.y = sampler, sampler._model, X, y
        self._warnings = []
        _check_networks(sampler, self.model)

    def read(self):
        """The rows, in a form that also holds what only former rows have: a table or images."""
        sampler, model = self.sampler, self.model
        try:
            data = sampler._read_again(self.X)
        except ValueError as error:
            if not any(word in str(error) for word in ("feature", "is a column of")):
                raise
            raise ValueError(f"{error}\nThe columns of the first fit are needed, in their order; or {CURE}.") from error
        self._warnings.append(partial(warn_of_few_rows, data.n_rows))
        if not isinstance(data, Table):
            # Of the same shape; pixels may have another dtype or range this time.
            return sampler._read(self.X)
        marked = [_marked(*pair) for pair in zip(data.columns, model.encoder.columns_, strict=True)]
        return replace(data, columns=tuple(marked))

    @property
    def known_categories(self):
        """For each column, the categories that former rows had."""
        columns = getattr(self.model.encoder, "columns_", ())
        return [categories_in(column) or () for column in columns]

    def encoder(self, data):
        """The encoder of the rows, the form of what it decodes, and the origins of its tensor columns."""
        former, min_frequency = self.model.encoder, self.sampler.min_frequency
        if not isinstance(data, Table):
            encoder = ENCODERS[type(data)](min_frequency=min_frequency).fit(data)
            self._warnings.append(partial(warn_of_new_pixels, former, encoder))
            return encoder, data.form, list(range(encoder.spec_.width))
        self._warnings.append(partial(warn_of_new_values, former, self.model.form, data))
        encoder, origin = continued(former, data, min_frequency)
        form = _form_for(self.model.form, encoder.extremes(), self._form_of_new_rows, "X")
        return encoder, form, origin

    def _form_of_new_rows(self):
        data = self.sampler._read(self.X)
        dropped = self.model.dropped
        return data.select([j for j, name in enumerate(data.form.names) if name not in dropped]).form

    def targets(self, data):
        """`Targets`, the conditions of the rows, and the origins of their tensor columns."""
        former = self.model.targets
        if former is None:
            return None, Conditions.none(data.n_rows), []
        table = former.read(self.sampler._required(self.y))
        check_lengths(data.n_rows, table.n_rows)
        labelled = former.encoder.with_class_labels(table)
        self._warnings.append(partial(warn_of_new_values, former.encoder.encoder_, former.form, labelled, "y"))
        encoder, origin = former.encoder.continued(table, data)
        form = _form_for(former.form, encoder.extremes(), lambda: Targets.form_of(self.y), "y")
        return Targets(form, encoder), encoder.encode(replace(table, form=form)), origin

    def warn(self):
        """Say what is new in the rows, once it is known that they can be learned."""
        for warn in self._warnings:
            warn()


def _marked(column, encoder):
    """A column that is not learned, marked as such."""
    if isinstance(encoder, IdentifierColumn):
        return replace(column, replaced_by=encoder.identifier)
    return hidden(column) if isinstance(encoder, TextColumn) else column


def _form_for(form, columns, form_of_new_rows, what):
    """The former form, with other dtypes where a column could not hold values of former and of new rows."""
    lacking = [j for j, column in enumerate(columns) if _why_not(form, j, column)]
    if not lacking:
        return form
    joined = joined_form(form, form_of_new_rows(), lacking)
    for j, column in enumerate(columns):
        why_not = _why_not(joined, j, column)
        if why_not:
            raise ValueError(
                f"{joined.columns[j].name!r} of {what} has values or missing values that neither its dtype nor that of "
                f"the fits before can hold together with those of the other ({why_not}); convert it by astype, or "
                f"{CURE}."
            )
    return joined


def _why_not(form, position, column):
    """Why a column of a form cannot hold (values, missing), a text; empty where it can."""
    try:
        check_holds(alone(form, position), [column])
    except (BrokenFileError, ValueError) as error:
        return str(error)
    return ""


def _check_networks(sampler, model):
    """Raise a ``ValueError`` if parameters ask for other networks than those of the model."""
    fitted = {name: getattr(model.hyperparameters, name) for name in OF_NETWORKS if hasattr(sampler, name)}
    fitted |= model.words
    if model.targets is not None:
        fitted["target_type"] = model.targets.encoder.target_type
    asked = {name: getattr(sampler, name) for name in fitted}
    others = {
        name: value
        for name, value in asked.items()
        if not (isinstance(value, str) and value == "auto") and _plain(value) != _plain(fitted[name])
    }
    if others:
        named = ", ".join(f"{name}={value!r} (fitted: {fitted[name]!r})" for name, value in others.items())
        raise ValueError(
            f"A fit that goes on keeps the networks, but parameters ask for others: {named}. Set them back, or {CURE}."
        )


def _plain(value):
    return tuple(value) if isinstance(value, list) else value
