"""A fitted model: everything that is needed to generate rows, and nothing that a fit alone needs."""

from __future__ import annotations

import copy
from dataclasses import asdict, dataclass, replace

import numpy as np
import torch

from skgan._forms import any_form_from_state
from skgan._random import draw_seed, numpy_stream, torch_stream
from skgan._spec import DataSpec
from skgan._torch_settings import own_settings
from skgan.encoders import encoder_from_state
from skgan.networks import Mixture
from skgan.refinement import Calibration, ClassMeans, RatioTrees, Refiner

from ._auto import Hyperparameters
from ._build import BUILDERS
from ._check_parts import check_networks, check_parts, check_values, load_weights, n_weights
from ._chunks import cut
from ._latents import along_the_sphere, latent_of, nearest_latents
from ._requests import in_turn
from ._rows import RowSource, block_of
from ._targets import Targets


@dataclass(frozen=True, eq=False)
class Model:
    """A fitted generator with all around it. Immutable: what changes a model returns another one.

    Attributes
    ----------
    seed : int
        Of the fit.
    device : torch.device
        Where the networks live.
    schema : dict
        What scikit-learn notes of the columns of X: `n_features_in_`, and `feature_names_in_` where X has names.
    form : object
        What X was, and how columns become an X again.
    encoder : object
        Columns or images to tensors and back.
    targets : Targets or None
        What y was, where rows are conditioned on it.
    hyperparameters : Hyperparameters
        What every "auto" of the constructor became.
    words : dict of str to str or callable
        The word or the factory that each network was built from.
    networks : dict of str to torch.nn.Module
        One per player.
    calibration : Calibration or None
    class_means : tuple of ClassMeans
        One for each target of many classes, once refined.
    ratio : RatioTrees or None
        The density ratio of real and generated rows before refinement.
    refiner : Refiner or None
        What rejects rows.
    dropped : tuple
        Names, in an array positions, of the columns of the fitted X that generated rows do not have.
    n_jobs : int or None
        Threads that generate rows, as in joblib.
    """

    seed: int
    device: torch.device
    schema: dict
    form: object
    encoder: object
    targets: Targets | None
    hyperparameters: Hyperparameters
    words: dict
    networks: dict
    calibration: Calibration | None = None
    class_means: tuple = ()
    ratio: RatioTrees | None = None
    refiner: Refiner | None = None
    dropped: tuple = ()
    n_jobs: int | None = None

    @property
    def generator(self):
        return self.networks["generator"]

    @property
    def discriminator(self):
        return self.networks["discriminator"]

    @property
    def id_columns(self):
        """The names of columns that get new identifiers, a list; positions in an array."""
        return [self.form.names[position] for position in self.encoder.identifiers]

    @property
    def text_columns(self):
        """The names of columns of free text that are replaced or left out."""
        return [*(self.form.names[position] for position in self.encoder.texts), *self.dropped]

    @property
    def ordered_conditions(self):
        """Which of the conditions' features are ordered numbers, ndarray of bool of shape (n_targets,)."""
        return np.empty(0, dtype=bool) if self.targets is None else self.targets.encoder.ordered_

    @property
    def ordered_features(self):
        """Which features of the trees are ordered numbers: of the columns, the conditions and the class means."""
        means = [np.ones(len(part.index), dtype=bool) for part in self.class_means]
        return np.concatenate([self.encoder.ordered_, self.ordered_conditions, *means])

    @property
    def block(self):
        """How many rows are generated at a time."""
        return block_of(self.encoder.spec_.width)

    def rows(self, n, conditions, seed):
        """n generated rows under `conditions` in turn, encoded: ndarray of shape (n, width)."""
        with own_settings():
            return self._source().rows(n, in_turn(conditions, self.block), seed, self.n_jobs)

    def columns(self, n, conditions, seed):
        """n generated rows as columns of X: a list of (values, missing)."""
        [columns] = self.columns_in_chunks([(0, n)], in_turn(conditions, self.block), seed)
        return columns

    def columns_in_chunks(self, spans, conditions_of, seed):
        """The columns of X chunk by chunk; the rows are the same for all ways to cut them.

        Parameters
        ----------
        spans : list of (int, int)
            The first row of each chunk and the row after its last one.
        conditions_of : callable
            ``conditions_of(number)`` returns the `Conditions` of the rows of a block.
        seed : int

        Yields
        ------
        list of (values, missing)
        """
        if not spans:
            return
        source, new = self._source(), self._new_identifiers(seed)
        for stream in new.values():
            stream.skip(spans[0][0])

        def blocks(first, stop):
            with own_settings():
                return source.blocks(range(first, stop), conditions_of, seed, self.n_jobs)

        for rows in cut(spans, self.block, blocks):
            yield self._identified(self.encoder.decode(rows), new)

    def _new_identifiers(self, seed):
        """A stream of new identifiers for each column of them, a dict by position."""
        return {position: encoder.new(seed, position) for position, encoder in self.encoder.identifiers.items()}

    def _identified(self, columns, new):
        """Decoded columns with identifiers from these streams."""
        for position, encoder in self.encoder.identifiers.items():
            values, missing = encoder.generate(columns[position][1], new[position])
            self._check_room(position, values[~missing])
            columns[position] = values, missing
        return columns

    def _check_room(self, position, values):
        """Raise a ``ValueError`` if the dtype of a column of identifiers is too narrow for new ones (n,)."""
        form = self.form.columns[position]
        widest = np.char.str_len(values.astype(str)) if values.dtype == object else np.abs(values)
        widest = values[[widest.argmax()]] if len(values) else values
        if not form.holds(widest):
            raise ValueError(
                f"Column {form.name!r} has a dtype that cannot hold the new identifier {widest[0]!r}; draw fewer rows "
                "at a time, or convert it to a wider dtype before the fit."
            )

    def rows_like(self, conditions, n, purpose):
        """n generated rows under the conditions of training rows, with a stream of random numbers of their own."""
        return self.rows(n, conditions, draw_seed(numpy_stream(self.seed, purpose)))

    def features_like(self, conditions, n, purpose):
        """What the trees see of rows as from `rows_like`, of which no more than a block is held at a time."""
        seed = draw_seed(numpy_stream(self.seed, purpose))
        with own_settings():
            return self._source().features_of(n, in_turn(conditions, self.block), seed, self.n_jobs)

    def between(self, start, stop, conditions):
        """Columns of X, one row per condition, on the way from one latent to another."""
        width = self.generator.noise_dim
        latents = along_the_sphere(latent_of(start, "start", width), latent_of(stop, "stop", width), len(conditions))
        # Neighbours on the way must come from one generator of a mixture.
        source = self._source(self.generator.last)
        # At reduced precision, the last bits of a row depend on how many rows there are.
        with own_settings(rounded=False):
            columns = self.encoder.decode(source.rows_at(latents, conditions))
        return self._identified(columns, self._new_identifiers(self.seed))

    def invert(self, data, conditions):
        """The latents (n_rows, noise_dim) whose rows are nearest to those of `data`."""
        found = []
        with own_settings(rounded=False):
            for number, (rows, given) in enumerate(self.encoded_blocks(data, conditions)):
                rng = torch_stream(self.seed, "invert", number)
                found.append(nearest_latents(self.generator.last, rows, given, rng).cpu().numpy())
        return np.concatenate(found)

    def guess(self, data, conditions):
        """The probability of each class that the discriminator guesses, ndarray of shape (n_rows, n_classes)."""
        with own_settings(rounded=False), torch.no_grad():
            blocks = self.encoded_blocks(data, conditions)
            return np.concatenate([self.discriminator.guess(rows).softmax(dim=1).cpu().numpy() for rows, _ in blocks])

    def encoded_blocks(self, data, conditions):
        """Rows and their conditions as tensors on the device, a block at a time."""
        for start in range(0, data.n_rows, self.block):
            places = np.arange(start, min(start + self.block, data.n_rows))
            rows = self.encoder.encode(data.take(places)).middle().to(self.device)
            yield rows, conditions[places].tensor.to(self.device)

    def log_ratio(self, data):
        """The log density ratio real / generated of each row before refinement; 0 where none was learned."""
        return np.zeros(data.n_rows) if self.ratio is None else self.ratio.log_ratio(self.encoder.features(data))

    def _source(self, generator=None):
        generator = self.generator if generator is None else generator
        return RowSource(
            generator,
            self.encoder,
            self.device,
            calibration=self.calibration,
            class_means=self.class_means,
            refiner=self.refiner,
        )

    def to(self, device):
        """The model with its networks on `device`, or on the CPU where this machine has no such device."""
        device = device if device.type != "cuda" or torch.cuda.is_available() else torch.device("cpu")
        for network in self.networks.values():
            network.to(device)
        return replace(self, device=device)

    def __getstate__(self):
        state = dict(self.__dict__)
        if self.device.type != "cpu":
            # A pickle that was made on a GPU can be opened anywhere.
            state["networks"] = {name: copy.deepcopy(network).to("cpu") for name, network in self.networks.items()}
        return state

    def __setstate__(self, state):
        self.__dict__.update(state)
        self.__dict__.update(self.to(self.device).__dict__)

    def get_state(self):
        """The model as a tree of words, numbers and arrays."""
        return {
            "seed": self.seed,
            "device": str(self.device),
            "n_features_in": self.schema["n_features_in_"],
            "feature_names_in": list(self.schema.get("feature_names_in_", [])),
            "dropped": self.dropped,
            "form": self.form.get_state(),
            "encoder": self.encoder.get_state(),
            "targets": _state_of(self.targets),
            "hyperparameters": asdict(self.hyperparameters),
            "words": {name: choice if isinstance(choice, str) else None for name, choice in self.words.items()},
            "n_members": {
                name: len(network.members) for name, network in self.networks.items() if isinstance(network, Mixture)
            },
            "networks": {name: dict(network.state_dict()) for name, network in self.networks.items()},
            "calibration": self.calibration.get_state(),
            "class_means": [part.get_state() for part in self.class_means],
            "ratio": _state_of(self.ratio),
            "refiner": _state_of(self.refiner),
        }

    @classmethod
    def from_state(cls, state, factories):
        """The model that `get_state` described.

        Parameters
        ----------
        state : dict
        factories : dict of str to callable
            The factory of each network that was built by one: a file holds no code.
        """
        check_values(state)
        model = cls(
            seed=state["seed"],
            device=torch.device(state["device"]),
            schema=_schema_from_state(state),
            form=any_form_from_state(state["form"]),
            encoder=encoder_from_state(state["encoder"]),
            targets=_part(Targets.from_state, state["targets"]),
            hyperparameters=Hyperparameters(**state["hyperparameters"]),
            words={name: word or factories[name] for name, word in state["words"].items()},
            networks={},
            dropped=tuple(state["dropped"]),
            calibration=Calibration.from_state(state["calibration"]),
            class_means=tuple(ClassMeans.from_state(part) for part in state["class_means"]),
            ratio=_part(RatioTrees.from_state, state["ratio"]),
            refiner=_part(Refiner.from_state, state["refiner"]),
        )
        check_parts(model)
        weights, n_members = state["networks"], state["n_members"]
        check_networks(model, {name: n_weights(weights[name]) // n_members.get(name, 1) for name in model.words})
        build = ModelNetworks(model)
        for name, word in model.words.items():
            network = build.mixture(name, n_members[name]) if name in n_members else build.network(name)
            network.requires_grad_(False).eval()
            load_weights(name, network, weights[name], is_from_factory=callable(word))
            model.networks[name] = network
        return model.to(model.device)


class ModelNetworks:
    """Builds the networks that fit an encoder, conditions and hyperparameters.

    Parameters
    ----------
    parts : Model or Plan
        Has the attributes `seed`, `encoder`, `targets`, `hyperparameters` and `words`.
    """

    def __init__(self, parts):
        self.parts = parts
        self.condition_spec = DataSpec() if parts.targets is None else parts.targets.encoder.spec_

    def network(self, name):
        """The network of this name, untrained."""
        parts = self.parts
        build = BUILDERS[name]
        return build(parts.words[name], parts.encoder.spec_, self.condition_spec, parts.hyperparameters, parts.seed)

    def mixture(self, name, n_members):
        """Several networks of this name, used as one."""
        return Mixture([self.network(name) for _ in range(n_members)])


def _schema_from_state(state):
    schema = {"n_features_in_": state["n_features_in"]}
    if state["feature_names_in"]:
        schema["feature_names_in_"] = np.array(state["feature_names_in"], dtype=object)
    return schema


def _state_of(part):
    return None if part is None else part.get_state()


def _part(from_state, state):
    return None if state is None else from_state(state)
