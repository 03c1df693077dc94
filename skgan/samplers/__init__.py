"""The estimators: samplers of rows."""

from ._auto import holds_instances
from ._base import BaseGAN
from ._conditional import ConditionalGANSampler
from ._for_targets import RowsForTargets, check_sampler, default_sampler, strategy_of
from ._gan import GANSampler

__all__ = [
    "BaseGAN",
    "ConditionalGANSampler",
    "GANSampler",
    "RowsForTargets",
    "check_sampler",
    "default_sampler",
    "holds_instances",
    "strategy_of",
]
