"""The state of a fit that is not finished, and how a fit goes on from it."""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass, replace

from skgan._budget import Budget
from skgan._state import Flag, Maybe, Number, Tree, Whole, demand, inside, read_values
from skgan.callbacks import is_scored

from ._auto import Hyperparameters
from ._check_parts import HYPERPARAMETERS, check_networks, n_weights
from ._fingerprint import RULES as FINGERPRINT
from ._fingerprint import Fingerprint

RULES = {
    "seed": Whole(0, math.inf),
    "fingerprint": Tree(),
    "hyperparameters": Tree(),
    "seconds_left": Maybe(Number()),
    "seconds_left_to_train": Maybe(Number()),
    "run": Tree(),
    "is_scored": Flag(),
    "holds_out": Flag(),
    "former": Maybe(Tree()),
}


@dataclass(frozen=True)
class FitState:
    """A fit between two steps.

    Attributes
    ----------
    seed : int
        Of the fit.
    fingerprint : Fingerprint
        Of the training rows and of what was decided from them (`Plan.fingerprint`).
    hyperparameters : Hyperparameters
    seconds_left, seconds_left_to_train : float or None
        Of `max_time`, for the whole fit and for its steps.
    run : dict
        What `Run.state_dict` returned.
    is_scored : bool
        Whether a callback scores the run.
    holds_out : bool
        Whether it does so by rows that are held out.
    former : dict or None
        The state of the fitted sampler from which the fit goes on.
    """

    seed: int
    fingerprint: Fingerprint
    hyperparameters: Hyperparameters
    seconds_left: float | None
    seconds_left_to_train: float | None
    run: dict
    is_scored: bool
    holds_out: bool
    former: dict | None

    @classmethod
    def of(cls, plan, run, budget):
        """The state of a run that is being played."""
        to_train = None if run.deadline is None else run.deadline - time.monotonic()
        left = None if budget.max_time is None else budget.left()
        former = None if plan.former is None else plan.sampler._get_state()
        return cls(
            seed=plan.seed,
            fingerprint=plan.fingerprint,
            hyperparameters=plan.hyperparameters,
            seconds_left=left,
            seconds_left_to_train=to_train,
            run=run.state_dict(),
            is_scored=is_scored(run),
            holds_out=plan.held_out is not None,
            former=former,
        )

    def get_state(self):
        """The state as a tree of words, numbers and arrays."""
        parts = {"hyperparameters": asdict(self.hyperparameters), "fingerprint": asdict(self.fingerprint)}
        return {**vars(self), **parts}

    @classmethod
    def from_state(cls, state):
        """The state that `get_state` described; a `BrokenFileError` says which rule is broken."""
        with inside(cls.__name__):
            values = read_values(state, RULES)
            with inside("hyperparameters"):
                values["hyperparameters"] = Hyperparameters(**read_values(values["hyperparameters"], HYPERPARAMETERS))
            with inside("fingerprint"):
                values["fingerprint"] = Fingerprint(**read_values(values["fingerprint"], FINGERPRINT))
        return cls(**values)

    def applied_to(self, plan):
        """The plan of the same rows with the hyperparameters of this fit.

        Raises
        ------
        ValueError
            If the rows, or what was decided from them, are others.
        """
        differences = self.fingerprint.differences(plan.fingerprint)
        if differences:
            raise ValueError(
                f"X or y are not those of the checkpoint: {'; '.join(differences)}. Pass the same rows in the same "
                "order; if they are the same, this version of skgan reads them in another way: fit a new sampler."
            )
        self._check_given(plan)
        plan = replace(plan, hyperparameters=self.hyperparameters)
        with inside("run"):
            modules = self.run["modules"]
            demand(sorted(modules) == sorted(plan.words), "modules", f"be those of {sorted(plan.words)}")
            check_networks(plan, {name: n_weights(weights) for name, weights in modules.items()})
        return plan

    def _check_given(self, plan):
        """Refuse hyperparameters that contradict parameters; what "auto" became may depend on the device."""
        theirs = asdict(self.hyperparameters)
        for name, value in asdict(plan.hyperparameters).items():
            given = getattr(plan.sampler, name, "auto")
            is_free = isinstance(given, str) and given == "auto"
            demand(is_free or theirs[name] == value, f"hyperparameters: {name}", f"be {value!r}, as the parameter says")

    def budget(self, max_time):
        """The limit of time of the fit, as it was when the state was taken."""
        return Budget.with_left(max_time, self.seconds_left)

    def deadline(self):
        """When the time for steps will be over, in seconds of `time.monotonic`; None without a limit."""
        return None if self.seconds_left_to_train is None else time.monotonic() + self.seconds_left_to_train

    def load_into(self, run):
        """Bring a run of the same plan to this state.

        Raises
        ------
        ValueError
            If the fit had a callback that scored the run, and this one has none.
        """
        if self.is_scored and not is_scored(run):
            raise ValueError(
                "The fit had a callback EarlyStopping, which is not in the file; pass it: "
                "resume(path, X, callbacks=[EarlyStopping(...)])."
            )
        with inside("run"):
            run.load_state_dict(self.run)
