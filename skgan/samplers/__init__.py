"""The estimators: samplers of rows."""

from ._auto import holds_instances
from ._base import BaseGAN
from ._bulk import CHUNK_SIZE, frame_of
from ._conditional import ConditionalGANSampler
from ._document import is_code, params_of, stands_for_code, version, versions
from ._fit_state import FitState
from ._for_targets import RowsForTargets, check_sampler, default_sampler, strategy_of
from ._gan import GANSampler
from ._unlearned import warn_of_identifiers

__all__ = [
    "CHUNK_SIZE",
    "BaseGAN",
    "ConditionalGANSampler",
    "FitState",
    "GANSampler",
    "RowsForTargets",
    "check_sampler",
    "default_sampler",
    "frame_of",
    "holds_instances",
    "is_code",
    "params_of",
    "stands_for_code",
    "strategy_of",
    "version",
    "versions",
    "warn_of_identifiers",
]
