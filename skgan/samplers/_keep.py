"""Keeping a fitted sampler: for pickle, and as a tree that `skgan.save` writes."""

from __future__ import annotations

import copy
from dataclasses import asdict

import numpy as np
import pandas as pd
import torch
from sklearn.utils.validation import check_is_fitted

from skgan._forms import any_form_from_state
from skgan._spec import DataSpec
from skgan.encoders import encoder_from_state
from skgan.networks import Mixture
from skgan.refinement import Calibration, RatioTrees, Refiner

from ._auto import Settings
from ._check_parts import check_networks, check_parts, check_values, load_weights


class Keepable:
    """The part of a sampler that puts what was fitted away and takes it up again."""

    def __getstate__(self):
        state = dict(super().__getstate__())
        for name in ("generator_", "discriminator_"):
            if name in state and state["device_"].type != "cpu":
                # A pickle made on a GPU opens anywhere.
                state[name] = _copy_on_cpu(state[name])
        return state

    def __setstate__(self, state):
        super().__setstate__(state)
        if "device_" in state:
            self._move_to(state["device_"])

    def _move_to(self, device):
        """Put the networks on `device`, or on the CPU where this machine has no such device."""
        self.device_ = device if device.type != "cuda" or torch.cuda.is_available() else torch.device("cpu")
        self.generator_.to(self.device_)
        self.discriminator_.to(self.device_)

    def _get_state(self):
        """All that was fitted, as a tree of words, numbers and arrays."""
        check_is_fitted(self)
        return {
            "seed": self._seed,
            "n_draws": self._n_draws,
            "n_iter": self.n_iter_,
            "n_features_in": self.n_features_in_,
            "feature_names_in": list(getattr(self, "feature_names_in_", [])),
            "device": str(self.device_),
            "history": {name: column.to_numpy() for name, column in self.history_.items()},
            "settings": asdict(self._settings),
            "networks": {name: choice if isinstance(choice, str) else None for name, choice in self._networks.items()},
            "form": self._form.get_state(),
            "encoder": self._encoder.get_state(),
            "n_generators": len(self.generator_.members),
            "generator": dict(self.generator_.state_dict()),
            "discriminator": dict(self.discriminator_.state_dict()),
            "calibration": self._calibration.get_state(),
            "ratio": None if self._ratio is None else self._ratio.get_state(),
            "refiner": None if self._refiner is None else self._refiner.get_state(),
        }

    def _set_state(self, state, *, generator=None, discriminator=None):
        """Become what `_get_state` described; factories are given anew, since a file holds no code."""
        check_values(state)
        self.generator = self.generator if generator is None else generator
        self.discriminator = self.discriminator if discriminator is None else discriminator
        given = {"generator": self.generator, "discriminator": self.discriminator}
        self._networks = {name: word or given[name] for name, word in state["networks"].items()}
        self._seed, self._n_draws, self.n_iter_ = state["seed"], state["n_draws"], state["n_iter"]
        self.n_features_in_ = state["n_features_in"]
        if state["feature_names_in"]:
            self.feature_names_in_ = np.array(state["feature_names_in"], dtype=object)
        self.history_ = pd.DataFrame(state["history"])
        self._settings = Settings(**state["settings"])
        self._set_form(any_form_from_state(state["form"]))
        self._encoder = encoder_from_state(state["encoder"])
        self._set_condition_state(state)
        self._calibration = Calibration.from_state(state["calibration"])
        self._ratio = None if state["ratio"] is None else RatioTrees.from_state(state["ratio"])
        self._refiner = None if state["refiner"] is None else Refiner.from_state(state["refiner"])
        check_parts(
            feature_names=(state["n_features_in"], state["feature_names_in"]),
            form=self._form,
            encoder=self._encoder,
            calibration=self._calibration,
            ratio=self._ratio,
            refiner=self._refiner,
            target_form=getattr(self, "_target_form", None),
            conditions=getattr(self, "_conditions", None),
        )
        n_weights = sum(tensor.numel() for tensor in state["generator"].values()) // state["n_generators"]
        check_networks(self._networks, self._settings, self._encoder.spec_, n_weights)
        self.generator_ = Mixture([self._build_generator() for _ in range(state["n_generators"])])
        self.discriminator_ = self._build_discriminator()
        for name in ("generator", "discriminator"):
            module = getattr(self, name + "_").requires_grad_(False).eval()
            load_weights(name, module, state[name], is_from_factory=callable(self._networks[name]))
        self._move_to(torch.device(state["device"]))

    def _set_condition_state(self, state):
        self._condition_spec = DataSpec()


def _copy_on_cpu(module):
    return copy.deepcopy(module).to("cpu")
